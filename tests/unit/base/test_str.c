/*
 * test_str.c - borrowed text: cutting, trimming, numbers.
 */
#include "base/str.h"
#include "support/suite.h"

static const struct {
	const char *text;
	enum err e;
	int64_t value;
} numbers[] = {
	{ "0", ERR_OK, 0 },
	{ "-1", ERR_OK, -1 },
	{ "9223372036854775807", ERR_OK, INT64_MAX },
	{ "-9223372036854775808", ERR_OK, INT64_MIN },
	{ "9223372036854775808", ERR_RANGE, 0 },
	{ "-9223372036854775809", ERR_RANGE, 0 },
	{ "", ERR_SYNTAX, 0 },
	{ "-", ERR_SYNTAX, 0 },
	{ "+1", ERR_SYNTAX, 0 },
	{ "1 ", ERR_SYNTAX, 0 },
	{ "0x10", ERR_SYNTAX, 0 },
};

START_TEST(a_number_fills_the_whole_text_or_is_refused)
{
	int64_t got = 77;

	ck_assert_int_eq(str_i64(str_of(numbers[_i].text), &got), numbers[_i].e);
	ck_assert_int_eq(got, numbers[_i].e == ERR_OK ? numbers[_i].value : 77);
}
END_TEST

START_TEST(cutting_gives_every_part_and_then_ends)
{
	static const char *const expected[] = { "a", "", "bc", "" };
	struct str rest = STR("a,,bc,"), part;
	size_t n = 0;

	while (str_cut(&rest, ',', &part)) {
		ck_assert_uint_lt(n, COUNT_OF(expected));
		ck_assert(str_eq(part, str_of(expected[n++])));
	}
	ck_assert_uint_eq(n, COUNT_OF(expected));
	ck_assert(!str_cut(&rest, ',', &part));
}
END_TEST

START_TEST(trim_find_and_order)
{
	ck_assert(str_eq(str_trim(STR(" \t a b\r\n")), STR("a b")));
	ck_assert_uint_eq(str_trim(STR(" \n")).n, 0);
	ck_assert_uint_eq(str_find(STR("stat:DELIVRD"), STR("DEL")), 5);
	ck_assert_uint_eq(str_find(STR("ab"), STR("abc")), SIZE_MAX);
	ck_assert_int_lt(str_cmp(STR("ab"), STR("abc")), 0);
	ck_assert_int_gt(str_cmp(STR("b"), STR("abc")), 0);
	ck_assert_int_eq(str_cmp(STR(""), str_of(NULL)), 0);
}
END_TEST

SUITE("base/str", tcase_add_loop_test(tc, a_number_fills_the_whole_text_or_is_refused, 0,
                                      (int)COUNT_OF(numbers));
      tcase_add_test(tc, cutting_gives_every_part_and_then_ends);
      tcase_add_test(tc, trim_find_and_order);)
