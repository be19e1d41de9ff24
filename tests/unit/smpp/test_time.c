/*
 * test_time.c - SMPP times, absolute and relative, both ways.
 */
#include <string.h>

#include "smpp/time.h"
#include "support/suite.h"

enum {
	NOW = 1792490400
}; /* 2026-10-20 10:00:00 UTC */

static struct span text_of(const char *s)
{
	return (struct span){ (const uint8_t *)s, strlen(s) };
}

START_TEST(absolute_times_are_written)
{
	static const struct {
		int64_t utc_s;
		int quarters;
		const char *text; /* NULL: out of range */
	} rows[] = {
		{ NOW, 0, "261020100000000+" },
		{ NOW, SMPP_TIME_EAST_8, "261020180000032+" },
		{ NOW, -20, "261020050000020-" },
		{ 951782400, 0, "000229000000000+" },
		{ 946684800, 0, "000101000000000+" },
		{ 946684799, 0, NULL },
		{ 946684800, -1, NULL },
		{ 4102444799, 0, "991231235959000+" },
		{ 4102444800, 0, NULL },
		{ NOW, 49, NULL },
		{ NOW, -49, NULL },
		{ INT64_MAX / 2, 0, NULL },
	};
	char out[SMPP_TIME_MAX];
	int64_t back;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const enum err e = smpp_time_absolute(out, rows[i].utc_s,
		                                      rows[i].quarters);

		ck_assert_int_eq(e, rows[i].text != NULL ? ERR_OK : ERR_RANGE);
		if (e != ERR_OK)
			continue;
		ck_assert_str_eq(out, rows[i].text);
		ck_assert_int_eq(smpp_time_parse(text_of(out), 0, &back), ERR_OK);
		ck_assert_int_eq(back, rows[i].utc_s);
	}
}
END_TEST

START_TEST(relative_times_are_written)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows[] = {
		{ 0, "000000000000000R" },
		{ 59, "000000000059000R" },
		{ 24 * 3600, "000001000000000R" },
		{ 2 * 3600 + 3 * 60 + 4, "000000020304000R" },
		{ 31 * 86400, "000031000000000R" },
		{ 31 * 86400 + 1, NULL },
		{ -1, NULL },
	};
	char out[SMPP_TIME_MAX];
	int64_t back;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const enum err e = smpp_time_relative(out, rows[i].seconds);

		ck_assert_int_eq(e, rows[i].text != NULL ? ERR_OK : ERR_RANGE);
		if (e != ERR_OK)
			continue;
		ck_assert_str_eq(out, rows[i].text);
		ck_assert_int_eq(smpp_time_parse(text_of(out), NOW, &back), ERR_OK);
		ck_assert_int_eq(back, NOW + rows[i].seconds);
	}
}
END_TEST

START_TEST(texts_are_read_strictly)
{
	static const struct {
		const char *text;
		enum err e;
		int64_t utc_s;
	} rows[] = {
		{ "", ERR_NOT_FOUND, 0 },
		{ "261020100000000+", ERR_OK, NOW },
		{ "261020100000900+", ERR_OK, NOW }, /* tenths */
		{ "261020180000032+", ERR_OK, NOW },
		{ "010203040506000R", ERR_OK,
		  NOW + (365 + 2 * 30 + 3) * 86400LL + 4 * 3600 + 5 * 60 + 6 },
		{ "26102010000000+", ERR_SYNTAX, 0 },
		{ "2610201000000000+", ERR_SYNTAX, 0 },
		{ "261020100000", ERR_SYNTAX, 0 },
		{ "261020100000000Z", ERR_SYNTAX, 0 },
		{ "26102010 000000+", ERR_SYNTAX, 0 },
		{ "261020100000000r", ERR_SYNTAX, 0 },
		{ "261320100000000+", ERR_RANGE, 0 },
		{ "260020100000000+", ERR_RANGE, 0 },
		{ "260229100000000+", ERR_RANGE, 0 },
		{ "261020240000000+", ERR_RANGE, 0 },
		{ "261020106000000+", ERR_RANGE, 0 },
		{ "261020100000049+", ERR_RANGE, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t got = 77;

		ck_assert_msg(smpp_time_parse(text_of(rows[i].text), NOW, &got) ==
		                      rows[i].e,
		              "%s", rows[i].text);
		ck_assert_int_eq(got, rows[i].e == ERR_OK ? rows[i].utc_s : 77);
	}
}
END_TEST

SUITE("smpp/time", {
	tcase_add_test(tc, absolute_times_are_written);
	tcase_add_test(tc, relative_times_are_written);
	tcase_add_test(tc, texts_are_read_strictly);
})
