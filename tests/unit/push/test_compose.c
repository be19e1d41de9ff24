/*
 * test_compose.c - texts of campaigns: what is refused and where, what is put behind them,
 * languages, and how long they can get.
 */
#include <stdio.h>

#include "push/compose.h"
#include "support/suite.h"
#include "text/segment.h"

static struct arena arena;
static struct push_rules rules;

static void set_up(void)
{
	arena = arena_make(1 << 24);
	rules = push_rules_defaults();
}

static void tear_down(void)
{
	arena_free(&arena);
}

/* One arm with that text in that language, beside a Simplified one that is good. */
static struct campaign campaign(enum campaign_kind kind, enum language language,
                                const char *text)
{
	struct campaign c = { .kind = kind, .segments_most = 2, .n_arms = 1 };

	c.arm[0].name = STR("a");
	c.arm[0].share_bp = 10000;
	c.arm[0].text[LANG_ZH_HANS] = STR("回复{reply}办理");
	c.arm[0].text[language] = str_of(text);
	return c;
}

static const struct {
	enum campaign_kind kind;
	enum language language;
	const char *text, *says;
} refused[] = {
#define MATCH CAMPAIGN_KIND_MATCH
#define CARE  CAMPAIGN_KIND_CARE
	{ MATCH, LANG_ZH_HANS, "加{nome}，回复{reply}",
	  "column 2: unknown variable {nome}" },
	{ MATCH, LANG_ZH_HANS, "加{name}，只要20元，回复{reply}",
	  "arm_a.zh_hans: column 11: \"20元\": a price comes from the table" },
	{ MATCH, LANG_ZH_HANS, "２０元包，回复{reply}", "column 1: \"20元\"" },
	{ MATCH, LANG_ZH_HANS, "二十块钱包月，回复{reply}", "column 1: \"二十块\"" },
	{ MATCH, LANG_ZH_HANS, "每月9.9 元，回复{reply}", "column 3: \"9.9 \"" },
	{ MATCH, LANG_ZH_HANS, "仅￥20，回复{reply}", "column 3: \"20" },
	{ MATCH, LANG_ZH_HANS, "仅1{fee}元，回复{reply}", "column 2: \"1{\"" },
	{ MATCH, LANG_ZH_HANT, "只要二十圓，回覆{reply}",
	  "arm_a.zh_hant: column 3: \"二十圓\"" },
	{ MATCH, LANG_EN, "{name} at 20 yuan: reply {reply}",
	  "arm_a.en: column 11: \"20 \"" },
	{ MATCH, LANG_EN, "{name} at RMB 20: reply {reply}", "column 15: \"20" },
	{ MATCH, LANG_EN, "{name} at 20 Yuan. Reply {reply}", "column 11" },
	{ MATCH, LANG_ZH_HANS, "最优惠的{name}，回复{reply}",
	  "arm_a.zh_hans: column 1: \"最\" is refused by words.refused" },
	{ MATCH, LANG_ZH_HANS, "最近优惠最大，回复{reply}", "column 5: \"最\"" },
	{ MATCH, LANG_ZH_HANS, "全国第一，回复{reply}", "column 3: \"第一\"" },
	{ MATCH, LANG_ZH_HANT, "頂級{name}，回覆{reply}",
	  "arm_a.zh_hant: column 1: \"頂級\"" },
	{ MATCH, LANG_ZH_HANT, "國家級品質，回覆{reply}", "column 1: \"國家級\"" },
	{ MATCH, LANG_EN, "The BEST {name}: reply {reply}",
	  "arm_a.en: column 5: \"best\"" },
	{ MATCH, LANG_EN, "We are Ｎｏ.１: reply {reply}", "column 8: \"no.1\"" },
	{ MATCH, LANG_ZH_HANS, "加{name}，回复{reply}，拒收请回复R",
	  "\"拒收请回复R\" is put behind every text by itself" },
	{ MATCH, LANG_EN, "{name}: reply {reply}. Reply R to stop",
	  "\"Reply R to stop\" is put behind" },
	{ MATCH, LANG_ZH_HANS, "【短信营业厅】加{name}，回复{reply}",
	  "is put behind every text by itself" },
	{ MATCH, LANG_ZH_HANS, "加{name}，{fee}元/月",
	  "does not say how to take the offer; add \"回复{reply}办理\"" },
	{ MATCH, LANG_EN, "{name}: {fee} yuan", "add \"Reply {reply}\"" },
	{ MATCH, LANG_ZH_HANS, "{reason}{name}{package}，回复{reply}",
	  "it takes 3 messages, limit.segments allows 2" },
	{ MATCH, LANG_EN, "{reason}{reason}: reply {reply}", "it takes 4 messages" },
	{ CARE, LANG_ZH_HANS, "为您准备了{name}",
	  "{name}: a notice or survey that offers something" },
	{ CARE, LANG_EN, "Now at {fee}", "{fee}: a notice" },
	{ CARE, LANG_ZH_HANS, "余额不足10元", "column 5: \"10元\"" },
	{ CAMPAIGN_KIND_FLASH, LANG_ZH_HANS, "抢{name}，月费{fee}元，回复{reply}",
	  "arm_a.zh_hans: {fee} is not known of what a flash offers: write it out, or "
	  "use {name}" },
	{ MATCH, LANG_EN, "{name} at {price}: reply {reply}", "{price} is not known of" },
	{ CAMPAIGN_KIND_COUPON, LANG_EN, "[{left} left, ]reply {reply}",
	  "{left} is not known of what a coupon offers" },
	{ CAMPAIGN_KIND_BROADCAST, LANG_EN, "All for {fee}",
	  "{fee} is not known of what a broadcast offers" },
#undef MATCH
#undef CARE
};

START_TEST(texts_are_refused_where_they_stand)
{
	struct campaign c = campaign(refused[_i].kind, refused[_i].language,
	                             refused[_i].text);
	struct composed *made = NULL;
	struct fault fault = { "" };

	if (refused[_i].kind == CAMPAIGN_KIND_CARE &&
	    refused[_i].language != LANG_ZH_HANS)
		c.arm[0].text[LANG_ZH_HANS] = STR("您好");
	ck_assert_int_ne(compose_make(&c, &rules, &made, FAULTS_FIRST(&fault)), ERR_OK);
	ck_assert_msg(strstr(fault.text, refused[_i].says) != NULL, "%s", fault.text);
	ck_assert_msg(strncmp(fault.text, "arm_a.", 6) == 0, "%s", fault.text);
}
END_TEST

static const struct {
	enum campaign_kind kind;
	enum language language;
	const char *text, *result;
	unsigned segments;
} rendered[] = {
#define MATCH CAMPAIGN_KIND_MATCH
#define CARE  CAMPAIGN_KIND_CARE
	{ MATCH, LANG_ZH_HANS, "加{name}[，省{saving}元]，回复{reply}办理",
	  "加流量包，省7.5元，回复1办理，拒收请回复R【短信营业厅】", 1 },
	{ MATCH, LANG_ZH_HANS, "加{name}[，送{package}]，回复{reply}办理。",
	  "加流量包，回复1办理。拒收请回复R【短信营业厅】", 1 },
	{ MATCH, LANG_ZH_HANT, "加{name}，回覆1辦理",
	  "加流量包，回覆1辦理，拒收請回覆R【簡訊營業廳】", 1 },
	{ MATCH, LANG_EN, "Add {name} at {fee} yuan: reply {reply}",
	  "Add Pack at 20 yuan: reply 1. Reply R to stop [SMS Hall]", 1 },
	{ MATCH, LANG_EN, "Add {name}! Reply {reply}!",
	  "Add Pack! Reply 1! Reply R to stop [SMS Hall]", 1 },
	{ MATCH, LANG_ZH_HANS, "最近2个月，2026元旦起，回复1",
	  "最近2个月，2026元旦起，回复1，拒收请回复R【短信营业厅】", 1 },
	{ MATCH, LANG_EN, "Bestow 20 minutes, reply 1",
	  "Bestow 20 minutes, reply 1. Reply R to stop [SMS Hall]", 1 },
	{ CARE, LANG_ZH_HANS, "您的流量快用完了", "您的流量快用完了【短信营业厅】", 1 },
	{ CARE, LANG_EN, "Your data is nearly used.",
	  "Your data is nearly used. [SMS Hall]", 1 },
#undef MATCH
#undef CARE
};

static void values(enum language l, struct str v[PUSH_VARIABLES])
{
	memset(v, 0, PUSH_VARIABLES * sizeof(v[0]));
	v[PUSH_VAR_NAME] = l == LANG_EN ? STR("Pack") : STR("流量包");
	v[PUSH_VAR_FEE] = STR("20");
	v[PUSH_VAR_SAVING] = STR("7.5");
}

START_TEST(exit_and_signature_end_the_text)
{
	struct campaign c = campaign(rendered[_i].kind, rendered[_i].language,
	                             rendered[_i].text);
	struct str v[PUSH_VARIABLES];
	struct composed *made = NULL;
	struct fault fault = { "" };
	struct buf b = buf_make(4096);

	if (rendered[_i].kind == CAMPAIGN_KIND_CARE &&
	    rendered[_i].language != LANG_ZH_HANS)
		c.arm[0].text[LANG_ZH_HANS] = STR("您好");
	ck_assert_msg(compose_make(&c, &rules, &made, FAULTS_FIRST(&fault)) == ERR_OK,
	              "%s", fault.text);
	values(rendered[_i].language, v);
	buf_puts(&b, STR("before"));
	ck_assert_uint_eq(compose_render(made, 0, rendered[_i].language, v, &b),
	                  rendered[_i].segments);
	ck_assert_str_eq(buf_cstr(&b) + 6, rendered[_i].result);
	buf_free(&b);
	compose_free(made);
}
END_TEST

START_TEST(a_language_that_is_not_given_is_simplified)
{
	const struct campaign c = campaign(CAMPAIGN_KIND_MATCH, LANG_EN, "Reply {reply}");
	struct str v[PUSH_VARIABLES] = { { NULL, 0 } };
	struct composed *made = NULL;
	struct buf b = buf_make(4096);

	ck_assert_int_eq(compose_make(&c, &rules, &made, FAULTS_FIRST(NULL)), ERR_OK);
	ck_assert_int_eq(compose_language(made, 0, LANG_ZH_HANT), LANG_ZH_HANS);
	ck_assert_int_eq(compose_language(made, 0, LANG_EN), LANG_EN);
	ck_assert_uint_eq(compose_render(made, 0, LANG_ZH_HANT, v, &b), 1);
	ck_assert_str_eq(buf_cstr(&b), "回复1办理，拒收请回复R【短信营业厅】");
	buf_free(&b);
	compose_free(made);
}
END_TEST

/* A value longer than it may be: nothing is cut, the gate is told. */
START_TEST(a_text_over_its_segments_is_none)
{
	const struct campaign c = campaign(CAMPAIGN_KIND_MATCH, LANG_ZH_HANS,
	                                   "{name}，回复{reply}");
	struct str v[PUSH_VARIABLES] = { { NULL, 0 } };
	struct composed *made = NULL;
	struct buf b = buf_make(8192), long_name = buf_make(8192);

	ck_assert_int_eq(compose_make(&c, &rules, &made, FAULTS_FIRST(NULL)), ERR_OK);
	for (int i = 0; i < 114; i++)
		buf_puts(&long_name, STR("长"));
	v[PUSH_VAR_NAME] = buf_str(&long_name);
	ck_assert_uint_eq(compose_render(made, 0, LANG_ZH_HANS, v, &b), 2);
	buf_puts(&long_name, STR("长"));
	v[PUSH_VAR_NAME] = buf_str(&long_name);
	buf_reset(&b);
	ck_assert_uint_eq(compose_render(made, 0, LANG_ZH_HANS, v, &b), 0);
	buf_free(&b);
	buf_free(&long_name);
	compose_free(made);
}
END_TEST

START_TEST(a_package_says_its_values)
{
	const struct package p = { .code = STR("LLB10"),
		                   .name_zh = STR("流量包"),
		                   .name_en = STR("Pack"),
		                   .name_hant = STR("流量包裹"),
		                   .fee_fen = 1050,
		                   .data_kib = INT64_C(3) << 20 };
	struct str v[PUSH_VARIABLES] = { { NULL, 0 } };

	compose_values(&p, LANG_EN, &arena, v);
	ck_assert(str_eq(v[PUSH_VAR_NAME], STR("Pack")));
	ck_assert(str_eq(v[PUSH_VAR_FEE], STR("10.5")));
	ck_assert(str_eq(v[PUSH_VAR_VOLUME], STR("3GB")));
	compose_values(&p, LANG_ZH_HANT, &arena, v);
	ck_assert(str_eq(v[PUSH_VAR_NAME], STR("流量包裹")));
	compose_values(&p, LANG_ZH_HANS, &arena, v);
	ck_assert(str_eq(v[PUSH_VAR_NAME], STR("流量包")));
	ck_assert_ptr_null(v[PUSH_VAR_SAVING].p);
}
END_TEST

SUITE("push/compose", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_loop_test(tc, texts_are_refused_where_they_stand, 0, COUNT_OF(refused));
      tcase_add_loop_test(tc, exit_and_signature_end_the_text, 0, COUNT_OF(rendered));
      tcase_add_test(tc, a_language_that_is_not_given_is_simplified);
      tcase_add_test(tc, a_text_over_its_segments_is_none);
      tcase_add_test(tc, a_package_says_its_values);)
