/*
 * test_fold.c - one normal form for every way to write the same text.
 */
#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "random.h"
#include "support/suite.h"
#include "text/fold.h"
#include "text/utf8.h"

static struct fold *fold;

static void setup(void)
{
	struct fault fault = { 0 };

	ck_assert_msg(fold_create("grammar/fold.tsv", &fold, &fault) == ERR_OK, "%s",
	              fault.text);
}

static void teardown(void)
{
	fold_destroy(fold);
}

static struct folded folded_of(struct str raw)
{
	struct folded out;

	fold_text(fold, raw, &out);
	if (out.n > FOLD_MAX || out.p[out.n] != '\0')
		ck_abort_msg("%.*s: %zu octets without an end", STR_ARG(raw), out.n);
	return out;
}

static const struct {
	const char *raw, *folded;
} pairs[] = {
	{ "", "" },
	{ " \r\n\t ", "" },
	{ "cxye", "CXYE" },
	{ "ＣＸＹＥ。", "CXYE" },
	{ "  CX \t YE\r\n", "CX YE" },
	{ "C\u200bX\u200dY\ufeffE\u00ad", "CXYE" },
	{ "C\x01XYE\x7f", "CXYE" },
	{ "\u3164CXYE\u2800", "CXYE" }, /* fillers that show as blanks */
	{ "CXZD＃202602", "CXZD 202602" },
	{ "xgmm*#123456，654321：654321！", "XGMM 123456 654321 654321" },
	{ "kt+llb10", "KT LLB10" },
	{ "2026/02、2026-03・2026－04", "2026 02 2026 03 2026 04" },
	{ "查詢帳單", "查询账单" },
	{ "甚麼網路", "什么网路" },
	{ "賬單 账单 帐单 帳單", "账单 账单 账单 账单" },
	{ "乾杯 兌換 瞭解 昇級", "干杯 兑换 了解 升级" },
	{ "欠費 予以", "欠费 予以" },
	{ "38圓 38圆 38円", "38元 38元 38元" },
	{ "二○二六年", "二〇二六年" },
	{ "①２٣४", "1234" },
	{ "㎡ ㈠ ℃ №", "M2 一 C NO" },
	{ "café ﬁn", "CAFÉ FIN" },
	{ "1\ufe0f\u20e3", "1" },
	{ "流量😀多少", "流量 多少" },
	{ "👨‍👩‍👧", "" },
	{ "余额\ue415", "余额" }, /* an emoji of a carrier's own */
	{ "𝐂𝐗𝟙𠀾", "CX1𠀾" },
	{ "¥18.50元", "18 50元" },
	{ "\xff"
	  "CX\xc0\xaf"
	  "YE\xed\xa0\x80",
	  "CX YE" },
	/* look-alikes */
	{ "1OO86", "10086" },
	{ "l0086 I0086 10O86", "10086 10086 10086" },
	{ "1O1 1o8 IOI", "101 108 IOI" },
	{ "2O2610", "202610" },
	{ "cxzd#2O2610", "CXZD 202610" },
	{ "１ｏ１", "101" },
	{ "O0000", "00000" },
	{ "T10 LL OO IO L10 I5", "T10 LL OO IO L10 I5" },
	{ "LL202610 LLB10 1O", "LL202610 LLB10 1O" },
	{ "1OO8 L10O10 OO8 8OO8O 88OO8", "1OO8 L10O10 OO8 8OO8O 88008" },
	{ "1|2", "1 2" },
};

START_TEST(each_way_of_writing_has_one_form)
{
	struct folded out = folded_of(str_of(pairs[_i].raw));

	ck_assert_str_eq(out.p, pairs[_i].folded);
}
END_TEST

/* -- the commands of the hall, as people write them ------------------------------- */

static const char *const codes[] = {
	"CXYE",     "YE",         "YECX",       "101",     "CXZD",     "CXHF",
	"HF",       "102",        "CXXD",       "XD",      "CXLL",     "CXGPRS",
	"LL",       "108",        "CXYL",       "TCYL",    "CXJF",     "105",
	"CXTC",     "103",        "TCLB",       "BGTC38",  "0000",     "00000",
	"CXYW",     "KTCL",       "QXHZ",       "KTLLB10", "XGMM",     "MMXG",
	"MMCZ",     "503",        "CXPUK",      "PUK",     "HELP",     "BZ",
	"RG",       "TD",         "T",          "R",       "JS",       "Y",
	"NO",       "CXJFJL",     "FP",         "LLMX",    "WSM",      "WH",
	"TJTC",     "DHJF",       "YHQ",        "CJ",      "DD",       "CX",
	"TS",       "GS",         "JG",         "CXXZ",    "SQXZ",     "TX10",
	"SF",       "余额",       "账单",       "详单",    "剩余流量", "积分",
	"套餐查询", "我的套餐",   "有哪些业务", "开通",    "关闭",     "修改密码",
	"忘记密码", "帮助",       "转人工",     "退订",    "恢复接收", "确认",
	"发票",     "为什么多扣", "优惠券",     "抽奖",    "订单",     "撤销",
	"投诉",     "进度",       "挂失",       "复机",    "提醒",     "少发点",
};

static void put_wide(struct buf *out, uint32_t cp)
{
	buf_put_utf8(out, cp > ' ' && cp < 0x7f ? cp + 0xfee0 : cp);
}

static void put_lower(struct buf *out, uint32_t cp)
{
	buf_put_utf8(out, cp >= 'A' && cp <= 'Z' ? cp + 32 : cp);
}

static void put_between_invisibles(struct buf *out, uint32_t cp)
{
	buf_put_utf8(out, 0x200b);
	buf_put_utf8(out, cp);
	buf_put_utf8(out, 0xfe0f);
}

static void put_before_dot(struct buf *out, uint32_t cp)
{
	buf_put_utf8(out, cp);
	if (out->n > 12)
		return;
	buf_put_utf8(out, 0x2060);
}

static void (*const ways[])(struct buf *, uint32_t) = { put_wide, put_lower,
	                                                put_between_invisibles,
	                                                put_before_dot };

START_TEST(a_code_folds_alike_however_it_is_written)
{
	const struct str code = str_of(codes[_i]);
	uint32_t cp;

	ck_assert_str_eq(folded_of(code).p, codes[_i]);
	for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++) {
		struct buf out = buf_make(512);

		buf_puts(&out, STR("\u3000【"));
		for (size_t i = 0; i < code.n;) {
			i += utf8_next(code.p + i, code.n - i, &cp);
			ways[w](&out, cp);
		}
		buf_puts(&out, STR("】！\n"));
		ck_assert_str_eq(folded_of(buf_str(&out)).p, codes[_i]);
		buf_free(&out);
	}
}
END_TEST

START_TEST(a_traditional_text_folds_alike)
{
	opencc_t cc = opencc_open("s2t.json");
	char *t = opencc_convert_utf8(cc, codes[_i], (size_t)-1);

	ck_assert_str_eq(folded_of(str_of(t)).p, codes[_i]);
	opencc_convert_utf8_free(t);
	(void)opencc_close(cc);
}
END_TEST

/* -- properties ------------------------------------------------------------------- */

static bool outside(const struct folded *f, size_t raw_n)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->from[i] > f->from[i + 1] || f->from[i] >= raw_n)
			return true;
	}
	return f->from[f->n] > raw_n;
}

static bool ugly(const struct folded *f)
{
	return f->n > 0 && (f->p[0] == FOLD_SEP || f->p[f->n - 1] == FOLD_SEP ||
	                    strstr(f->p, "  ") != NULL);
}

static void check_properties(struct str raw)
{
	struct folded once = folded_of(raw);
	struct folded twice = folded_of((struct str){ once.p, once.n });

	if (twice.n != once.n || memcmp(once.p, twice.p, once.n) != 0)
		ck_abort_msg("folded twice: %.*s, %s, %s", STR_ARG(raw), once.p, twice.p);
	if (outside(&once, raw.n) || ugly(&once))
		ck_abort_msg("offsets or separators: %.*s, %s", STR_ARG(raw), once.p);
}

START_TEST(every_character_keeps_the_properties)
{
	char raw[4];

	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		if (cp < 0xd800 || cp > 0xdfff)
			check_properties((struct str){ raw, utf8_put(raw, cp) });
	}
}
END_TEST

static const struct random_kind kinds[] = {
	{ '0', '9' },         { 'A', 'Z' },         { 'I', 'O' },
	{ 1, 0x2ff },         { 0x4e00, 0x9fff },   { 0x2000, 0x2fff },
	{ 0x3000, 0x33ff },   { 0xf900, 0xfffd },   { 0x300, 0x36f },
	{ 0x1f000, 0x1faff }, { 0x1d400, 0x1d7ff }, { 0x20000, 0x2a6df },
	{ ' ', '/' },         { 0xd800, 0xd800 },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

START_TEST(random_texts_keep_the_properties)
{
	uint64_t seed = 20261020 + (uint64_t)_i;

	for (int round = 0; round < 2000; round++) {
		struct buf raw = buf_make(SIZE_MAX / 2);

		random_text(&seed, kinds, KINDS, random_below(&seed, 60), &raw);
		check_properties(buf_str(&raw));
		buf_free(&raw);
	}
}
END_TEST

START_TEST(random_octets_keep_the_properties)
{
	uint64_t seed = 7;
	char raw[40];

	for (int round = 0; round < 20000; round++) {
		const size_t n = random_below(&seed, sizeof(raw));

		for (size_t i = 0; i < n; i++)
			raw[i] = (char)random_next(&seed);
		check_properties((struct str){ raw, n });
	}
}
END_TEST

START_TEST(offsets_lead_back_to_what_was_written)
{
	struct folded f = folded_of(STR("，查詢 \u200b２月的㎡！"));
	/* octets:                        0  3     9 10    13  16  19 22 25 */
	static const uint16_t from[] = { 3,  3,  3,  6,  6,  6,  9,  13, 16,
		                         16, 16, 19, 19, 19, 22, 22, 25 };

	ck_assert_str_eq(f.p, "查询 2月的M2");
	ck_assert_mem_eq(f.from, from, sizeof(from));
}
END_TEST

START_TEST(a_long_text_is_cut_at_a_character)
{
	struct buf raw = buf_make(200000);

	buf_puts(&raw, STR("x"));
	while (raw.n < 4000)
		buf_puts(&raw, STR("单"));
	check_properties(buf_str(&raw));
	ck_assert_uint_eq(folded_of(buf_str(&raw)).n, 1 + (FOLD_MAX - 1) / 3 * 3);
	/* No more of the raw text is read than an offset can name. */
	buf_reset(&raw);
	while (raw.n < UINT16_MAX)
		buf_puts(&raw, STR("\u200b"));
	buf_puts(&raw, STR("CXYE"));
	ck_assert_uint_eq(folded_of(buf_str(&raw)).n, 0);
	buf_free(&raw);
}
END_TEST

/* -- the map ------------------------------------------------------------------------ */

/* Twice, because a few of its targets are sources of others; the caller frees it. */
static char *convert(opencc_t cc, const char *raw)
{
	char *once = opencc_convert_utf8(cc, raw, (size_t)-1);
	char *twice = opencc_convert_utf8(cc, once, (size_t)-1);

	opencc_convert_utf8_free(once);
	return twice;
}

START_TEST(ideographs_convert_as_opencc_converts_each_alone)
{
	opencc_t cc = opencc_open("t2s.json");
	struct fault fault = { 0 };
	struct fold *plain;
	struct folded f;
	char raw[5];

	ck_assert_int_eq(fold_create(NULL, &plain, &fault), ERR_OK);
	for (uint32_t cp = 0x3400; cp <= 0x2ebef; cp++) {
		const bool han = cp <= 0x4dbf || (cp >= 0x4e00 && cp <= 0x9fff) ||
		                 (cp >= 0x20000 && cp <= 0x2a6df) || cp >= 0x2a700;
		char *alone;

		if (!han)
			continue;
		raw[utf8_put(raw, cp)] = '\0';
		alone = convert(cc, raw);
		fold_text(plain, str_of(raw), &f);
		/* Unassigned ones are dropped. */
		if (f.n > 0 && strcmp(f.p, alone) != 0)
			ck_abort_msg("%s: %s, not %s", raw, f.p, alone);
		opencc_convert_utf8_free(alone);
	}
	fold_destroy(plain);
	(void)opencc_close(cc);
}
END_TEST

START_TEST(every_line_of_the_overlay_is_needed)
{
	struct fault fault = { 0 };
	FILE *in = fopen("grammar/fold.tsv", "r");
	struct fold *plain;
	struct folded f;
	char line[256];
	int n = 0;

	ck_assert_ptr_nonnull(in);
	ck_assert_int_eq(fold_create(NULL, &plain, &fault), ERR_OK);
	while (fgets(line, sizeof(line), in) != NULL) {
		struct str to = str_trim(str_of(line)), from;

		if (line[0] == '#' || to.n == 0)
			continue;
		(void)str_cut(&to, '\t', &from);
		fold_text(plain, from, &f);
		if (str_eq(to, (struct str){ f.p, f.n }))
			ck_abort_msg("without it too: %.*s", STR_ARG(from));
		n++;
	}
	ck_assert_int_gt(n, 100);
	fold_destroy(plain);
	(void)fclose(in);
}
END_TEST

static const struct {
	const char *overlay, *fault; /* %s in the fault is the file's name */
} refused[] = {
	{ "账\n", ":1: expected one character, a tab, one character" },
	{ "# first\n\n账户\t帐\n", ":3: expected one character" },
	{ "帐\t账 号\n", ":1: expected one character" },
	{ "\xff\t账\n", ":1: expected one character" },
	{ "a\tB\n", ":1: the first character never gets here" },
	{ "Ａ\tB\n", ":1: the first character never gets here" },
	{ "帐\ta\n", ":1: the second character does not stand" },
	{ "帐\t，\n", ":1: the second character does not stand" },
	{ "帐\t账\n甚\t什\n帐\t帳\n", ":3: this character was given in line 1 already" },
	{ "帐\t账\n账\t帐\n", "these characters lead in a circle" },
	{ "账\t账\n", "these characters lead in a circle" },
};

static enum err create_with(const char *text, struct fold **out, struct fault *fault)
{
	char path[] = "/tmp/test_fold-XXXXXX";
	FILE *f = fdopen(mkstemp(path), "w");
	enum err e;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	e = fold_create(path, out, fault);
	ck_assert_int_eq(unlink(path), 0);
	return e;
}

START_TEST(a_bad_overlay_is_refused_with_its_line)
{
	struct fault fault = { 0 };
	struct fold *f = NULL;

	ck_assert_int_eq(create_with(refused[_i].overlay, &f, &fault), ERR_SYNTAX);
	ck_assert_ptr_null(f);
	ck_assert_msg(strstr(fault.text, refused[_i].fault) != NULL, "%s", fault.text);
	ck_assert_msg(strncmp(fault.text, "/tmp/test_fold-", 15) == 0, "%s", fault.text);
}
END_TEST

START_TEST(an_overlay_wins_over_opencc_and_chains)
{
	struct fault fault = { 0 };
	struct folded out;
	struct fold *f;

	ck_assert_int_eq(create_with("單\t甲 # not 单\n甲\t乙\r\n网\t丙\n", &f, &fault),
	                 ERR_OK);
	fold_text(f, STR("單甲單網网"), &out);
	ck_assert_str_eq(out.p, "乙乙乙丙丙");
	fold_destroy(f);
}
END_TEST

START_TEST(a_missing_overlay_is_not_found)
{
	struct fault fault = { 0 };
	struct fold *f = NULL;

	ck_assert_int_eq(fold_create("no/such.tsv", &f, &fault), ERR_NOT_FOUND);
	ck_assert_str_eq(fault.text, "no/such.tsv: No such file or directory");
}
END_TEST

SUITE("text/fold", {
	tcase_add_unchecked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, each_way_of_writing_has_one_form, 0, COUNT_OF(pairs));
	tcase_add_loop_test(tc, a_code_folds_alike_however_it_is_written, 0,
	                    COUNT_OF(codes));
	tcase_add_loop_test(tc, a_traditional_text_folds_alike, 0, COUNT_OF(codes));
	tcase_add_test(tc, every_character_keeps_the_properties);
	tcase_add_loop_test(tc, random_texts_keep_the_properties, 0, 8);
	tcase_add_test(tc, random_octets_keep_the_properties);
	tcase_add_test(tc, offsets_lead_back_to_what_was_written);
	tcase_add_test(tc, a_long_text_is_cut_at_a_character);
	tcase_add_test(tc, ideographs_convert_as_opencc_converts_each_alone);
	tcase_add_test(tc, every_line_of_the_overlay_is_needed);
	tcase_add_loop_test(tc, a_bad_overlay_is_refused_with_its_line, 0,
	                    COUNT_OF(refused));
	tcase_add_test(tc, an_overlay_wins_over_opencc_and_chains);
	tcase_add_test(tc, a_missing_overlay_is_not_found);
})
