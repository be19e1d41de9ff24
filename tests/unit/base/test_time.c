/*
 * test_time.c - calendar, token bucket, histogram: time as a value.
 */
#include "base/bucket.h"
#include "base/civil.h"
#include "base/histogram.h"
#include "support/suite.h"

static const struct {
	const char *text;
	enum err e;
	int64_t utc_s;
} times[] = {
	{ "2026-10-20 10:31:00", ERR_OK, 1792463460 },
	{ "1970-01-01 08:00:00", ERR_OK, 0 },
	{ "2028-02-29 00:00:00", ERR_OK, 1835366400 },
	{ "2026-02-29 00:00:00", ERR_RANGE, 0 },
	{ "2026-10-20 24:00:00", ERR_RANGE, 0 },
	{ "2026-13-01 00:00:00", ERR_RANGE, 0 },
	{ "2026-10-20T10:31:00", ERR_SYNTAX, 0 },
	{ "2026-10-20 10:31", ERR_SYNTAX, 0 },
	{ "2026-10-20 10:31:00 ", ERR_SYNTAX, 0 },
	{ "", ERR_SYNTAX, 0 },
};

START_TEST(times_are_read_in_the_zone_of_the_hall)
{
	int64_t got = -5;

	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	ck_assert_int_eq(civil_parse_time(str_of(times[_i].text), &got), times[_i].e);
	ck_assert_int_eq(got, times[_i].e == ERR_OK ? times[_i].utc_s : -5);
}
END_TEST

START_TEST(every_day_of_thirty_years_goes_there_and_back)
{
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	for (int64_t t = 1000000000; t < 1950000000; t += 86399) {
		const struct civil c = civil_of(t);

		ck_assert_int_eq(civil_to_utc(c), t);
		ck_assert_int_eq(civil_month(t), month_make(c.year, c.month));
		ck_assert_int_le(c.day, month_days(month_make(c.year, c.month)));
	}
}
END_TEST

START_TEST(a_zone_that_is_none_is_refused)
{
	ck_assert_int_eq(civil_zone("Asia/Atlantis"), ERR_NOT_FOUND);
	ck_assert_int_eq(civil_zone("../../etc/passwd"), ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_bucket_lets_the_burst_through_and_then_the_rate)
{
	struct bucket b = bucket_make(100, 0);
	int passed = 0;

	for (int i = 0; i < 1000; i++) {
		bucket_fill(&b, 10, 100, 0);
		passed += bucket_take(&b, 1) ? 1 : 0;
	}
	ck_assert_int_eq(passed, 100);
	for (int64_t ms = 1; ms <= 10000; ms++) {
		bucket_fill(&b, 10, 100, ms);
		passed += bucket_take(&b, 1) ? 1 : 0;
	}
	ck_assert_int_eq(passed, 200);              /* 10 s at 10 a second */
	bucket_fill(&b, 10, 100, INT64_C(1) << 50); /* a long silence fills it, no more */
	ck_assert_int_eq(b.tokens_milli, 100000);
	bucket_fill(&b, 10, 100, 0); /* a clock that goes back adds nothing */
	ck_assert_int_eq(b.tokens_milli, 100000);
}
END_TEST

START_TEST(a_histogram_is_right_within_four_percent)
{
	static struct histogram h;

	ck_assert_uint_eq(histogram_quantile(&h, 0.5), 0);
	for (uint64_t v = 1; v <= 100000; v++)
		histogram_add(&h, v);
	for (int p = 1; p <= 100; p++) {
		const uint64_t quantile = histogram_quantile(&h, p / 100.0);
		const double got = (double)quantile;

		ck_assert_double_ge(got, p * 1000 - 1);
		ck_assert_double_le(got, p * 1000 * 1.04 + 1);
	}
	histogram_add(&h, UINT64_MAX);
	ck_assert_uint_eq(h.max, UINT64_MAX);
}
END_TEST

SUITE("base/time", tcase_add_loop_test(tc, times_are_read_in_the_zone_of_the_hall, 0,
                                       (int)COUNT_OF(times));
      tcase_add_test(tc, every_day_of_thirty_years_goes_there_and_back);
      tcase_add_test(tc, a_zone_that_is_none_is_refused);
      tcase_add_test(tc, a_bucket_lets_the_burst_through_and_then_the_rate);
      tcase_add_test(tc, a_histogram_is_right_within_four_percent);)
