/*
 * test_codes.c - every code of the default table in every dress: case, width,
 * blanks, punctuation, politeness, and each separator before and between slots.
 */
#include "support/suite.h"
#include "unit/grammar/hall.h"

#define P "110101199003070011"

/* A code without slots, and what it must be. */
static const struct {
	const char *code, *want;
} bare[] = {
	{ "CXYE", "balance.query|{}||read" },
	{ "YE", "balance.query|{}||read" },
	{ "YECX", "balance.query|{}||read" },
	{ "101", "balance.query|{}||read" },
	{ "CXZD", "bill.query|{}||read" },
	{ "CXHF", "bill.query|{}||read" },
	{ "HF", "bill.query|{}||read" },
	{ "ZD", "bill.query|{}||read" },
	{ "102", "bill.query|{}||read" },
	{ "CXXD", "detail.query|{}||read" },
	{ "XD", "detail.query|{}||read" },
	{ "CXLL", "usage.query|{}||read" },
	{ "CXGPRS", "usage.query|{}||read" },
	{ "LL", "usage.query|{}||read" },
	{ "108", "usage.query|{}||read" },
	{ "CXYL", "usage.query|{}||read" },
	{ "TCYL", "usage.query|{}||read" },
	{ "CXJF", "points.query|{}||read" },
	{ "JF", "points.query|{}||read" },
	{ "105", "points.query|{}||read" },
	{ "CXTC", "package.current|{}||read" },
	{ "TC", "package.current|{}||read" },
	{ "103", "package.current|{}||read" },
	{ "TCLB", "package.list|{}||read" },
	{ "0000", "service.list|{}||read" },
	{ "00000", "service.list|{}||read" },
	{ "CXYW", "service.list|{}||read" },
	{ "XGMM", "pin.change|{}||charge" },
	{ "MMXG", "pin.change|{}||charge" },
	{ "MMCZ", "pin.reset|{}||charge" },
	{ "CZMM", "pin.reset|{}||charge" },
	{ "503", "pin.reset|{}||charge" },
	{ "CXPUK", "puk.query|{}||read" },
	{ "PUK", "puk.query|{}||read" },
	{ "HELP", "help|{}||read" },
	{ "BZ", "help|{}||read" },
	{ "RG", "agent.handoff|{}||read" },
	{ "TD", "optout.marketing|{}||read" },
	{ "T", "optout.marketing|{}||read" },
	{ "R", "optout.marketing|{}||read" },
	{ "JS", "optin.marketing|{}||read" },
	{ "CXJFJL", "payment.query|{}||read" },
	{ "JFJL", "payment.query|{}||read" },
	{ "FP", "invoice.request|{}||read" },
	{ "LLMX", "resource.detail|{}||read" },
	{ "CXMX", "resource.detail|{}||read" },
	{ "WSM", "bill.explain|{}||read" },
	{ "WH", "offer.why|{}||read" },
	{ "TJTC", "plan.advice|{}||read" },
	{ "DHJF", "points.redeem|{}||charge" },
	{ "DH", "points.redeem|{}||charge" },
	{ "YHQ", "coupon.list|{}||read" },
	{ "CJ", "lottery.draw|{}||charge" },
	{ "DD", "order.query|{}||read" },
	{ "TS", "complaint.open|{}||set" },
	{ "GS", "lost.report|{}||set" },
	{ "JG", "lost.cancel|{}||set" },
	{ "TX", "reminder.set|{}||set" },
	{ "SF", "pref.fewer|{}||set" },
};

/* Parts of a message in order; separators of any kind go between them. */
static const struct {
	const char *part[5];
	const char *want;
} slotted[] = {
	{ { "CXZD", "202602" }, "bill.query|{\"month\":\"2026-02\"}||read" },
	{ { "CXHF", "3" }, "bill.query|{\"month\":\"2026-03\"}||read" },
	{ { "ZD", "二月" }, "bill.query|{\"month\":\"2026-02\"}||read" },
	{ { "HF", "2026年1月" }, "bill.query|{\"month\":\"2026-01\"}||read" },
	{ { "102", "上个月" }, "bill.query|{\"month\":\"2026-02\"}||read" },
	{ { "CXXD", "12" }, "detail.query|{\"month\":\"2025-12\"}||read" },
	{ { "FP", "202601" }, "invoice.request|{\"month\":\"2026-01\"}||read" },
	{ { "WSM", "2月份" }, "bill.explain|{\"month\":\"2026-02\"}||read" },
	{ { "BGTC", "8" }, "package.change|{\"code\":\"8\"}||charge" },
	{ { "BGTC", "18" }, "package.change|{\"code\":\"18\"}||charge" },
	{ { "BGTC", "38" }, "package.change|{\"code\":\"38\"}||charge" },
	{ { "BGTC", "58" }, "package.change|{\"code\":\"58\"}||charge" },
	{ { "BGTC", "88" }, "package.change|{\"code\":\"88\"}||charge" },
	{ { "BGTC", "128" }, "package.change|{\"code\":\"128\"}||charge" },
	{ { "BGTC", "198" }, "package.change|{\"code\":\"198\"}||charge" },
	{ { "KT", "CL" }, "service.open|{\"code\":\"CL\"}||charge" },
	{ { "KT", "LX" }, "service.open|{\"code\":\"LX\"}||charge" },
	{ { "KT", "GJMY" }, "service.open|{\"code\":\"GJMY\"}||charge" },
	{ { "KT", "SJB" }, "service.open|{\"code\":\"SJB\"}||charge" },
	{ { "KT", "YX" }, "service.open|{\"code\":\"YX\"}||charge" },
	{ { "KT", "HZ" }, "service.open|{\"code\":\"HZ\"}||charge" },
	{ { "KT", "LDTX" }, "service.open|{\"code\":\"LDTX\"}||charge" },
	{ { "KT", "GPRS" }, "service.open|{\"code\":\"GPRS\"}||charge" },
	{ { "KT", "VOLTE" }, "service.open|{\"code\":\"VOLTE\"}||charge" },
	{ { "KT", "LLB10" }, "service.open|{\"code\":\"LLB10\"}||charge" },
	{ { "KT", "LLB20" }, "service.open|{\"code\":\"LLB20\"}||charge" },
	{ { "KT", "LLB30" }, "service.open|{\"code\":\"LLB30\"}||charge" },
	{ { "KT", "HZ", "13800001111" },
	  "service.open|{\"code\":\"HZ\",\"phone\":\"13800001111\"}||charge" },
	{ { "QX", "CL" }, "service.cancel|{\"code\":\"CL\"}||charge" },
	{ { "QX", "GPRS" }, "service.cancel|{\"code\":\"GPRS\"}||charge" },
	{ { "QX", "LLB20" }, "service.cancel|{\"code\":\"LLB20\"}||charge" },
	{ { "TD", "SJB" }, "service.cancel|{\"code\":\"SJB\"}||charge" },
	{ { "TD", "VOLTE" }, "service.cancel|{\"code\":\"VOLTE\"}||charge" },
	{ { "XGMM", "123456", "654321", "654321" },
	  "pin.change|{\"new\":\"654321\",\"old\":\"123456\"}||charge" },
	{ { "MMXG", "000000", "101102", "101102" },
	  "pin.change|{\"new\":\"101102\",\"old\":\"000000\"}||charge" },
	{ { "DHJF", "LLB10" }, "points.redeem|{\"code\":\"LLB10\"}||charge" },
	{ { "DH", "100" }, "points.redeem|{\"n\":100}||charge" },
	{ { "YHQ", "A1B2C3" }, "coupon.use|{\"code\":\"A1B2C3\"}||charge" },
	{ { "DD", "8813" }, "order.query|{\"order\":\"8813\"}||read" },
	{ { "CX", "8813" }, "order.undo|{\"order\":\"8813\"}||set" },
	{ { "T", "2071" }, "task.query|{\"task\":\"2071\"}||read" },
	{ { "TS", "信号差" }, "complaint.open|{\"text\":\"信号差\"}||set" },
	{ { "GS", "13800001111", "246810" },
	  "lost.report|{\"msisdn\":\"13800001111\",\"pin\":\"246810\"}||set" },
	{ { "JG", "13800001111", "246810" },
	  "lost.cancel|{\"msisdn\":\"13800001111\",\"pin\":\"246810\"}||set" },
	{ { "CXXZ", "张三", P },
	  "portability.check|{\"id\":\"" P "\",\"name\":\"张三\"}||read" },
	{ { "SQXZ", "张三", P },
	  "portability.code|{\"id\":\"" P "\",\"name\":\"张三\"}||set" },
	{ { "TX", "20" }, "reminder.set|{\"n\":20}||set" },
};

static const char *const separators[] = {
	"",   " ",  "#",  "*",  "+",  "-",  ",",  ":",  "/",  "##", " # ", "＃",
	"＊", "＋", "－", "，", "：", "／", "、", "　", "。", ".",  "；",  "\n"
};

enum {
	CASES = 3,
	WIDTHS = 2,
	SPACED = 2,
	TAILS = 6
};
static const char *const tails[TAILS] = { "", "。", "！！", " 谢谢", "  \n", "，thanks" };

static char recase(char c, unsigned how, size_t i)
{
	const bool lower = how == 1 || (how == 2 && i % 2 == 1);

	return (char)(lower && c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
}

/* Appends in another case and width; a blank between letters when spaced. */
static void dress(struct buf *out, const char *text, unsigned how, bool wide, bool spaced)
{
	for (size_t i = 0; text[i] != '\0'; i++) {
		const char c = recase(text[i], how, i);
		const bool letters = text[0] > '9' && text[i] > '9';

		if (i > 0 && spaced && letters && (uint8_t)c < 0x80)
			buf_putc(out, ' ');
		if (wide && c > ' ' && (uint8_t)c < 0x7f)
			buf_put_utf8(out, 0xff00u + (uint32_t)(c - ' '));
		else
			buf_putc(out, c);
	}
}

START_TEST(a_bare_code_in_every_dress)
{
	struct buf text = buf_make(512);

	for (unsigned i = 0; i < CASES * WIDTHS * SPACED * TAILS; i++) {
		const unsigned how = i % CASES, wide = i / CASES % WIDTHS;
		const unsigned spaced = i / CASES / WIDTHS % SPACED;

		buf_reset(&text);
		dress(&text, bare[_i].code, how, wide == 1, spaced == 1);
		buf_puts(&text, str_of(tails[i / CASES / WIDTHS / SPACED]));
		ck_assert_msg(strcmp(hall_parse(buf_cstr(&text), ""), bare[_i].want) == 0,
		              "\"%s\" -> %s", buf_cstr(&text), hall.line);
	}
	buf_free(&text);
}
END_TEST

START_TEST(a_code_with_slots_and_every_separator)
{
	const size_t n = sizeof(separators) / sizeof(separators[0]);
	struct buf text = buf_make(512);

	for (unsigned i = 0; i < n * CASES * WIDTHS * TAILS; i++) {
		const char *sep = separators[i % n];

		buf_reset(&text);
		for (size_t k = 0; slotted[_i].part[k] != NULL; k++) {
			if (k > 0)
				buf_puts(&text, str_of(sep));
			dress(&text, slotted[_i].part[k], i / (unsigned)n % CASES,
			      i / (unsigned)n / CASES % WIDTHS == 1, false);
		}
		buf_puts(&text, str_of(tails[i / n / CASES / WIDTHS]));
		ck_assert_msg(strcmp(hall_parse(buf_cstr(&text), ""), slotted[_i].want) ==
		                      0,
		              "\"%s\" -> %s", buf_cstr(&text), hall.line);
	}
	buf_free(&text);
}
END_TEST

/* What looks like a code and is none. */
static const char *const none[] = {
	"CXYE1",
	"CXYEA",
	"1 0 1",
	"1011",
	"00 00",
	"000000",
	"BGTC",
	"BGTC9",
	"BGTC39",
	"BGTC 3 8",
	"BGTC388",
	"KTXX",
	"KTLLB40",
	"QXLLB",
	"TDXX",
	"CXZD13",
	"CXZD00",
	"CXZD202613",
	"CXZD2026021",
	"102202602",
	"CXZDX",
	"T12",
	"CX12",
	"XGMM12345",
	"XGMM#123456#654321",
	"TX20001",
	"CXXZ#张三#12345",
	"XGMM#123#654321#654321",
	"XGMM#123456#654321#654322",
	"KTCL#13800001111",
	"TR",
	"YES",
	"Y",
	"N",
	"5",
	"73",
	"取消",
};

START_TEST(what_is_no_code_executes_nothing)
{
	const struct grammar_command c = hall_match(str_of(none[_i]), "");

	/* BGTC alone asks which; nothing else here is a command. */
	if (strcmp(none[_i], "BGTC") == 0)
		ck_assert_uint_eq(c.n_slots, 0);
	else
		ck_assert_msg(c.intent == NULL, "\"%s\" -> %s", none[_i], c.intent->name);
}
END_TEST

/* Near misses are offered, in the order of likelihood, and not carried out. */
static const struct {
	const char *text, *want;
} near[] = {
	{ "XCYE", "unknown|{}|balance.query {}|" },
	{ "CXZF202602", "unknown|{}|bill.query {\"month\":\"2026-02\"}|" },
	{ "BGTV38", "unknown|{}|package.change {\"code\":\"38\"}|" },
	{ "KTVOLTF", "unknown|{}|service.open {\"code\":\"VOLTE\"}|" },
	{ "CXZD202613", "unknown|{}|bill.query {}|" },
	{ "BGTC39", "unknown|{}|package.change {}|" },
	{ "话费", "unknown|{}|balance.query {}; bill.query {}|" },
	{ "CXYE CXLL", "unknown|{}|balance.query {}; usage.query {}|" },
	{ "CXYECXLL", "unknown|{}|balance.query {}; usage.query {}|" },
	/* Sent twice in one is sent once. */
	{ "CXYE CXYE", "balance.query|{}||read" },
	{ "KTCL，KTCL", "service.open|{\"code\":\"CL\"}||charge" },
	{ "KTCL KTLX",
	  "unknown|{}|service.open {\"code\":\"CL\"}; service.open {\"code\":\"LX\"}|" },
	{ "1O3X", "unknown|{}||" },
};

START_TEST(near_misses_are_suggested)
{
	ck_assert_str_eq(hall_parse(near[_i].text, ""), near[_i].want);
}
END_TEST

START_TEST(suggestions_name_the_code_to_send)
{
	struct grammar_command c = hall_match(STR("CXZF 2026-02"), "");

	ck_assert_uint_eq(c.n_suggestions, 1);
	ck_assert(str_eq(c.suggestion[0].code, STR("CXZD202602")));
	ck_assert(str_eq(grammar_code(c.suggestion[0].intent), STR("CXZD")));
	c = hall_match(STR("CXYE CXLL"), "");
	ck_assert(c.several);
}
END_TEST

SUITE("grammar/codes", {
	tcase_add_unchecked_fixture(tc, hall_open, hall_close);
	tcase_add_loop_test(tc, a_bare_code_in_every_dress, 0, COUNT_OF(bare));
	tcase_add_loop_test(tc, a_code_with_slots_and_every_separator, 0,
	                    COUNT_OF(slotted));
	tcase_add_loop_test(tc, what_is_no_code_executes_nothing, 0, COUNT_OF(none));
	tcase_add_loop_test(tc, near_misses_are_suggested, 0, COUNT_OF(near));
	tcase_add_test(tc, suggestions_name_the_code_to_send);
})
