/*
 * test_limits.c - T9: templates that would make matching explode are refused when the
 * grammar is loaded; a regular expression is no template.
 */

#include "support/suite.h"
#include "unit/grammar/scratch.h"

static enum err load(const char *say, struct grammar **out, struct buf *report)
{
	struct buf text = buf_make(1 << 16);
	enum err e;

	buf_printf(&text, "intent a effect read\n  code Q\n  say %s\n", say);
	e = scratch_load(buf_str(&text), out, report);
	buf_free(&text);
	return e;
}

#define FOUR(x)    x " " x " " x " " x
#define SIXTEEN(x) FOUR(FOUR(x))

static const char *const explosive[] = {
	SIXTEEN("[A]") " " SIXTEEN("[A]") " B",
	SIXTEEN("[A|A A]") " " SIXTEEN("[A]") " B",
	SIXTEEN("(A|A A|A A A)") " B",
	SIXTEEN("[[[A] A] A]") " B",
};

START_TEST(T9_nested_templates_are_refused)
{
	struct buf report = buf_make(1 << 20);
	struct grammar *g = NULL;

	ck_assert_int_ne(load(explosive[_i], &g, &report), ERR_OK);
	ck_assert_msg(strstr(buf_cstr(&report), "t.gram:3: ") != NULL, "%s",
	              buf_cstr(&report));
	buf_free(&report);
}
END_TEST

/* Taken letter by letter, or refused: never as an expression. */
START_TEST(T9_expressions_are_no_templates)
{
	static const char *const expressions[] = { "(a+)+$", "(a|a)*$", "(.*a){20}",
		                                   "a{1,1000}" };
	struct buf report = buf_make(1 << 20);
	struct arena a = arena_make(1 << 20);
	struct grammar *g = NULL;
	struct grammar_matcher *m;
	struct grammar_command c;
	char text[161];

	if (load(expressions[_i], &g, &report) == ERR_OK) {
		memset(text, 'a', sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		m = grammar_matcher_create(g);
		grammar_match(g, m, str_of(text), (struct grammar_context){ 0 },
		              1774000000, &a, &c);
		ck_assert_ptr_null(c.intent);
		grammar_matcher_destroy(m);
		grammar_destroy(g);
	}
	arena_free(&a);
	buf_free(&report);
}
END_TEST

SUITE("grammar/limits", {
	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_loop_test(tc, T9_nested_templates_are_refused, 0, COUNT_OF(explosive));
	tcase_add_loop_test(tc, T9_expressions_are_no_templates, 0, 4);
})
