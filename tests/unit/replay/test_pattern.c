/*
 * test_pattern.c - what a pattern matches, binds, fills and becomes.
 */
#include <stdlib.h>

#include "replay/pattern.h"
#include "support/suite.h"

static struct arena arena;

static void setup(void)
{
	arena = arena_make(1 << 20);
}

static void teardown(void)
{
	arena_free(&arena);
}

static struct pattern compiled(const char *source)
{
	struct pattern p;
	struct fault why = { "" };

	ck_assert_msg(pattern_compile(str_of(source), &arena, &p, &why) == ERR_OK,
	              "%s: %s", source, why.text);
	return p;
}

static const char *shown(const char *source, const struct pattern_vars *vars)
{
	const struct pattern p = compiled(source);
	struct buf b = buf_make(1 << 16);
	const char *text;

	pattern_show(&p, vars, &b);
	text = arena_str(&arena, buf_str(&b)).p;
	buf_free(&b);
	return text;
}

static const struct match {
	const char *pattern, *text;
	bool yes;
	const char *first; /* value of the first variable bound, NULL: none is */
} matches[] = {
	{ "", "", true, NULL },
	{ "余额35.20元", "余额35.20元", true, NULL },
	{ "余额35.20元", "余额35.21元", false, NULL },
	{ "余额", "余额35", false, NULL },
	{ "余额35", "余额", false, NULL },
	{ "{*}", "", true, NULL },
	{ "{*}", "余额", true, NULL },
	{ "a{*}b{*}c", "aXbYbZc", true, NULL },
	{ "a{*}b{*}c", "aXbYbZd", false, NULL },
	{ "{*}ab", "aaab", true, NULL },
	{ "T{task}，", "T2071，", true, "2071" },
	{ "T{task}，", "T，", false, NULL },
	{ "T{task}", "T20a", false, NULL },
	{ "{*}T{task}{*}", "T，T7。", true, "7" },
	{ "{a}-{a}", "12-12", true, "12" },
	{ "{a}-{a}", "12-13", false, NULL },
	{ "{*}{a}={a}", "1=2 3=3", true, "3" },
	{ "{{a}", "{a}", true, NULL },
	{ "\\s\\x41\\n\\\\", " A\n\\", true, NULL },
};

START_TEST(matches_the_whole_text_or_nothing)
{
	const struct match *m = &matches[_i];
	const struct pattern p = compiled(m->pattern);
	struct pattern_vars vars = { .n = 0 };

	ck_assert_msg(pattern_match(&p, str_of(m->text), &vars) == m->yes, "%s on %s",
	              m->pattern, m->text);
	ck_assert_uint_eq(vars.n > 0, m->first != NULL);
	if (m->first != NULL)
		ck_assert(str_eq(vars.var[0].value, str_of(m->first)));
}
END_TEST

START_TEST(a_bound_variable_must_be_equal_in_later_texts)
{
	struct pattern_vars vars = { .n = 0 };
	const struct pattern p = compiled("回复{nonce}确认");

	ck_assert(pattern_match(&p, STR("回复52确认"), &vars));
	ck_assert(!pattern_match(&p, STR("回复53确认"), &vars));
	ck_assert(pattern_match(&p, STR("回复52确认"), &vars));
	ck_assert_str_eq(shown("<{nonce}> {other}{*}", &vars), "<52> {other}{*}");
}
END_TEST

START_TEST(filling_needs_a_value_for_everything)
{
	static const char *const sources[] = { "{nonce}", "{*}", "a{b}c" };
	const struct pattern_vars none = { .n = 0 };

	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		const struct pattern p = compiled(sources[i]);
		struct buf b = buf_make(100);
		struct fault why = { "" };

		ck_assert_int_eq(pattern_fill(&p, &none, &b, &why), ERR_NOT_FOUND);
		ck_assert_ptr_nonnull(strstr(why.text, "has no value"));
		buf_free(&b);
	}
}
END_TEST

START_TEST(bad_sources_are_refused)
{
	static const char *const bad[] = { "{",     "{}", "{Task}", "{ta sk}",
		                           "a{9}",  "\\", "\\q",    "\\x4",
		                           "\\x4g", "{*", "{**}",   "a\\x" };
	struct pattern p;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct fault why = { "" };

		ck_assert_msg(pattern_compile(str_of(bad[i]), &arena, &p, &why) ==
		                      ERR_SYNTAX,
		              "%s", bad[i]);
		ck_assert_ptr_nonnull(strstr(why.text, "expected"));
	}
}
END_TEST

START_TEST(more_pieces_than_fit_are_refused)
{
	struct buf b = buf_make(4096);
	struct pattern p;
	enum err e;

	for (int i = 0; i <= PATTERN_PIECES; i++)
		buf_puts(&b, STR("{*}"));
	e = pattern_compile(buf_str(&b), &arena, &p, NULL);
	buf_free(&b);
	ck_assert_int_eq(e, ERR_TOO_BIG);
}
END_TEST

/* Whatever is quoted matches itself and nothing else. */
START_TEST(a_quoted_text_matches_exactly_itself)
{
	static const char *const texts[] = { "{balance}%n", " a b ",    "\\x41",
		                             "{{}}",        "\x01\x7f", "截至20日10:31",
		                             "a\nb\t" };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf b = buf_make(100);
		struct pattern_vars vars = { .n = 0 };
		struct pattern p;

		pattern_quote(str_of(texts[i]), &b);
		p = compiled(buf_cstr(&b));
		ck_assert_msg(pattern_match(&p, str_of(texts[i]), &vars), "%s", texts[i]);
		ck_assert(memchr(b.p, '\n', b.n) == NULL);
		ck_assert(str_eq(str_trim(buf_str(&b)), buf_str(&b)));
		buf_free(&b);
	}
}
END_TEST

static const struct {
	const char *old, *text, *revised;
} revisions[] = {
	{ "编号T{task}", "您的编号T17，请等", "您的编号T{task}，请等" },
	{ "编号T{task}", "没有了", "没有了" },
	{ "订单{a}：编号T{b}", "订单8：新编号T9", "订单{a}：新编号T{b}" },
	{ "{a}分", "12元", "{a}元" },
	{ "x{*}", "{y}", "{{y}" },
};

START_TEST(a_revised_pattern_keeps_variables_and_matches)
{
	const struct pattern old = compiled(revisions[_i].old);
	struct buf b = buf_make(1000);
	struct pattern_vars vars = { .n = 0 };
	struct pattern p;

	pattern_revise(&old, str_of(revisions[_i].text), &b);
	ck_assert_str_eq(buf_cstr(&b), revisions[_i].revised);
	p = compiled(buf_cstr(&b));
	ck_assert(pattern_match(&p, str_of(revisions[_i].text), &vars));
	buf_free(&b);
}
END_TEST

SUITE("replay/pattern", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_loop_test(tc, matches_the_whole_text_or_nothing, 0,
                          (int)COUNT_OF(matches));
      tcase_add_test(tc, a_bound_variable_must_be_equal_in_later_texts);
      tcase_add_test(tc, filling_needs_a_value_for_everything);
      tcase_add_test(tc, bad_sources_are_refused);
      tcase_add_test(tc, more_pieces_than_fit_are_refused);
      tcase_add_test(tc, a_quoted_text_matches_exactly_itself);
      tcase_add_loop_test(tc, a_revised_pattern_keeps_variables_and_matches, 0,
                          (int)COUNT_OF(revisions));)
