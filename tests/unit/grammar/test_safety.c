/*
 * test_safety.c - what must never happen: a charged command out of a negation, a
 * question, another person's or a later wish, two commands, or noise.
 */
#include "support/suite.h"
#include "unit/grammar/hall.h"

/* Texts that are charged commands as they stand. */
static const char *const charged[] = {
	"改成38元套餐",
	"换成128元套餐",
	"开通彩铃",
	"办理国际漫游",
	"取消手机报",
	"退订来电显示",
	"修改密码",
	"忘记密码",
	"积分兑换",
	"抽奖",
	"使用优惠券A1B2C3",
	"订10元流量加油包",
	"change to plan 38",
	"activate caller id",
	"cancel caller id",
	"帮我把彩铃关了",
	"给我开一下来电显示",
	"来个20元流量包",
	"积分换流量",
	"来抽个奖",
	"turn on roaming please",
	"我想换套餐",
};

/* With each of these around it, it is not. */
static const struct {
	const char *before, *after;
} spoils[] = {
	{ "不要", "" },       { "别", "" },         { "我不想", "" },
	{ "先不", "" },       { "没有", "" },       { "", "吗" },
	{ "", "？" },         { "", "?" },          { "怎么", "" },
	{ "能不能", "" },     { "", "多少钱" },     { "", "划算吗" },
	{ "", "要什么条件" }, { "帮我妈", "" },     { "给他", "" },
	{ "我老婆要", "" },   { "明天", "" },       { "下个月", "" },
	{ "", "以后再说" },   { "等我有空", "" },   { "如果", "" },
	{ "don't ", "" },     { "how to ", "" },    { "", " tomorrow" },
	{ "", "，CXYE" },     { "为什么给我", "" }, { "谁给我", "的" },
	{ "已经", "过了" },
};
static bool is_charged(const char *text)
{
	const struct grammar_command c = hall_match(str_of(text), "");

	return c.intent != NULL && c.intent->effect == GRAMMAR_CHARGE;
}

START_TEST(a_charged_sentence_does_not_survive_doubt)
{
	char text[256];

	ck_assert_msg(is_charged(charged[_i]), "%s", charged[_i]);
	for (size_t i = 0; i < COUNT_OF(spoils); i++) {
		(void)snprintf(text, sizeof(text), "%s%s%s", spoils[i].before,
		               charged[_i], spoils[i].after);
		ck_assert_msg(!is_charged(text), "%s", text);
	}
}
END_TEST

static const char *const commands[] = {
	"CXYE",
	"YE",
	"101",
	"CXZD",
	"CXZD202602",
	"102",
	"CXLL",
	"LL",
	"108",
	"CXJF",
	"TCLB",
	"TC",
	"BGTC38",
	"0000",
	"CXYW",
	"KTCL",
	"KTHZ13800001111",
	"QXLX",
	"TDSJB",
	"XGMM#123456#654321#654321",
	"MMCZ",
	"503",
	"PUK",
	"HELP",
	"RG",
	"JS",
	"CJ",
	"DHJF",
	"GS",
	"FP",
	"WSM",
	"开通彩铃",
	"余额",
	"改成38元套餐",
	"流量",
};

static const struct grammar_intent *intent_of(const char *text)
{
	return hall_match(str_of(text), "").intent;
}

START_TEST(two_commands_execute_nothing)
{
	static const char *const between[] = { " ", "，", "\n", "#" };
	char text[256];

	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		for (size_t k = 0; k < COUNT_OF(between) && i != (size_t)_i; k++) {
			struct grammar_command c;

			(void)snprintf(text, sizeof(text), "%s%s%s", commands[_i],
			               between[k], commands[i]);
			c = hall_match(str_of(text), "");
			/* What is said beside its own code is no second command: CXYE 余额. */
			ck_assert_msg(c.intent == NULL ||
			                      (c.intent == intent_of(commands[_i]) &&
			                       c.intent == intent_of(commands[i])),
			              "%s -> %s", text, c.intent->name);
		}
	}
}
END_TEST

static const char *const kept[] = { "CXYE",         "CXZD202602", "KTCL",     "TD",
	                            "余额",         "三月账单",   "开通彩铃", "退订",
	                            "帮助",         "0000",       "T2071",    "balance",
	                            "改成38元套餐", "CX#8813" };

START_TEST(politeness_and_punctuation_change_nothing)
{
	static const struct {
		const char *before, *after;
	} around[] = { { "", "谢谢" },    { "", "。" },
		       { "", " 谢谢！" }, { "请", "" },
		       { "您好，", "" },  { "", "\r\n" },
		       { "  ", "  " },    { "麻烦", "，谢谢您" },
		       { "", "​" },     { "please ", " thanks" } };
	char plain[sizeof(hall.line)], text[256];

	memcpy(plain, hall_parse(kept[_i], ""), sizeof(plain));
	ck_assert(strncmp(plain, "unknown", 7) != 0);
	for (size_t i = 0; i < COUNT_OF(around); i++) {
		(void)snprintf(text, sizeof(text), "%s%s%s", around[i].before, kept[_i],
		               around[i].after);
		ck_assert_msg(strcmp(hall_parse(text, ""), plain) == 0, "%s -> %s", text,
		              hall.line);
	}
}
END_TEST

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Octets of any kind, and pieces of commands in any order, are never charged by chance. */
START_TEST(noise_is_never_charged)
{
	static const char *const contexts[] = { "", "confirm", "menu:9" };
	uint32_t seed = (uint32_t)_i + 1;
	char text[600];

	for (int i = 0; i < 2000; i++) {
		const size_t n = next(&seed) % sizeof(text);
		struct grammar_command c;

		for (size_t k = 0; k < n; k++)
			text[k] = (char)next(&seed);
		c = hall_match((struct str){ text, n }, contexts[i % 3]);
		/* One letter may be left of noise, and one that stands alone is a code: H. */
		if (c.intent != NULL && strcmp(c.intent->name, "package.return") == 0)
			continue;
		ck_assert_msg(c.intent == NULL || c.intent->effect != GRAMMAR_CHARGE,
		              "text %d, behind \"%s\": %s", i, contexts[i % 3],
		              c.intent->name);
	}
}
END_TEST

START_TEST(long_and_hostile_texts_are_bounded)
{
	static const char *const unit[] = { "CX",         "账单话费余额流量套餐",
		                            "我要查我的", "1 ",
		                            "取消把",     "TS KT ",
		                            "查",         " ",
		                            "二月",       "O",
		                            "\xff",       "\xf0\x9f",
		                            "怎么",       "{month}",
		                            "(a+)+$" };
	struct buf text = buf_make(1 << 20);
	struct grammar_command c;

	for (size_t n = 1; n <= 1 << 16; n *= 4) {
		buf_reset(&text);
		while (text.n < n)
			buf_puts(&text, str_of(unit[_i]));
		c = hall_match(buf_str(&text), n % 3 == 0 ? "confirm" : "");
		ck_assert(c.intent == NULL || c.intent->effect != GRAMMAR_CHARGE);
		ck_assert_uint_le(hall.arena.used, GRAMMAR_ARENA);
	}
	buf_free(&text);
}
END_TEST

START_TEST(a_truncated_charged_command_names_its_own_intent_or_none)
{
	const char *text = charged[_i];
	const struct grammar_intent *whole = hall_match(str_of(text), "").intent;

	for (size_t n = 0; n < strlen(text); n++) {
		const struct grammar_command c = hall_match((struct str){ text, n }, "");

		ck_assert(c.intent == NULL || c.intent == whole ||
		          c.intent->effect != GRAMMAR_CHARGE);
	}
}
END_TEST

SUITE("grammar/safety", {
	tcase_add_unchecked_fixture(tc, hall_open, hall_close);
	tcase_add_loop_test(tc, a_charged_sentence_does_not_survive_doubt, 0,
	                    COUNT_OF(charged));
	tcase_add_loop_test(tc, two_commands_execute_nothing, 0, COUNT_OF(commands));
	tcase_add_loop_test(tc, politeness_and_punctuation_change_nothing, 0,
	                    COUNT_OF(kept));
	tcase_add_loop_test(tc, noise_is_never_charged, 0, 5);
	tcase_add_loop_test(tc, long_and_hostile_texts_are_bounded, 0, 15);
	tcase_add_loop_test(tc, a_truncated_charged_command_names_its_own_intent_or_none,
	                    0, COUNT_OF(charged));
})
