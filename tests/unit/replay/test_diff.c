/*
 * test_diff.c - what two lines show as different.
 */
#include <stdlib.h>

#include "replay/diff.h"
#include "support/suite.h"

static const struct {
	const char *expected, *actual, *shown;
} diffs[] = {
	{ "35.20元", "35.30元", "  expected: 35.[-2-]0元\n  actual:   35.{+3+}0元\n" },
	{ "", "新", "  expected: \n  actual:   {+新+}\n" },
	{ "剩1GB。", "剩GB", "  expected: 剩[-1-]GB[-。-]\n  actual:   剩GB\n" },
	/* One octet of the two characters differs; the whole character is marked. */
	{ "一", "丁", "  expected: [-一-]\n  actual:   {+丁+}\n" },
};

START_TEST(only_what_differs_is_marked)
{
	struct buf b = buf_make(4096);

	diff_show(str_of(diffs[_i].expected), str_of(diffs[_i].actual), false, &b);
	ck_assert_str_eq(buf_cstr(&b), diffs[_i].shown);
	buf_free(&b);
}
END_TEST

START_TEST(colours_replace_brackets)
{
	struct buf b = buf_make(4096);

	diff_show(STR("ab"), STR("ac"), true, &b);
	ck_assert_str_eq(buf_cstr(&b), "  expected: a\033[1;31mb\033[0m\n"
	                               "  actual:   a\033[1;32mc\033[0m\n");
	buf_free(&b);
}
END_TEST

START_TEST(texts_too_long_are_shown_whole)
{
	static char text[DIFF_MAX + 2];
	struct buf b = buf_make(1 << 16);

	memset(text, 'a', DIFF_MAX + 1);
	diff_show(str_of(text), STR("b"), false, &b);
	ck_assert_ptr_null(strstr(buf_cstr(&b), "[-"));
	ck_assert_ptr_nonnull(strstr(buf_cstr(&b), "actual:   b\n"));
	buf_free(&b);
}
END_TEST

SUITE("replay/diff",
      tcase_add_loop_test(tc, only_what_differs_is_marked, 0, (int)COUNT_OF(diffs));
      tcase_add_test(tc, colours_replace_brackets);
      tcase_add_test(tc, texts_too_long_are_shown_whole);)
