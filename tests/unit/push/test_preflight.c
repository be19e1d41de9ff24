/*
 * test_preflight.c - when a campaign ends over the hours of several days, what it costs,
 * and what can be seen of it.
 */
#include <math.h>

#include "push/preflight.h"
#include "support/suite.h"

static struct campaign campaign;
static struct push_rules rules;
static struct preflight_in in;

static int64_t at(const char *text)
{
	int64_t utc;

	ck_assert_int_eq(civil_parse_time(str_of(text), &utc), ERR_OK);
	return utc;
}

/* 36,000 texts of one segment, one a second, ten hours a day. */
static void set_up(void)
{
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	rules = push_rules_defaults();
	rules.canary_wait_s = 0;
	campaign = (struct campaign){ .kind = CAMPAIGN_KIND_BROADCAST,
		                      .from = at("2026-11-20 00:00:00"),
		                      .until = at("2026-12-05 00:00:00"),
		                      .from_min = 600,
		                      .to_min = 1200 };
	in = (struct preflight_in){ .campaign = &campaign,
		                    .rules = &rules,
		                    .now = at("2026-11-25 08:00:00"),
		                    .audience = 50000,
		                    .universal = 1000,
		                    .control = 4000,
		                    .ready = 36000,
		                    .segments = 36000,
		                    .segments_per_s = 1,
		                    .base = 0.01,
		                    .accept = 0.02,
		                    .order_li = 72000 };
}

static struct preflight run(void)
{
	struct preflight out;

	preflight(&in, &out);
	return out;
}

static void ends(const char *starts, const char *behind, unsigned days, int64_t late)
{
	const struct preflight out = run();

	ck_assert_int_eq(out.starts, at(starts));
	ck_assert_int_eq(out.ends, at(behind));
	ck_assert_uint_eq(out.days, days);
	ck_assert_int_eq(out.late, late);
}

START_TEST(a_whole_day)
{
	ends("2026-11-25 10:00:00", "2026-11-25 20:00:00", 1, 0);
	in.segments_per_s = 10;
	ends("2026-11-25 10:00:00", "2026-11-25 11:00:00", 1, 0);
	in.now = at("2026-11-25 19:30:00");
	ends("2026-11-25 19:30:00", "2026-11-26 10:30:00", 2, 0);
}
END_TEST

START_TEST(longer_texts_take_longer)
{
	in.segments = 72000;
	ends("2026-11-25 10:00:00", "2026-11-26 20:00:00", 2, 0);
	ck_assert_int_eq(run().cost_li, 72000 * 40);
}
END_TEST

START_TEST(holidays_are_passed_over)
{
	rules.holiday[0] = at("2026-11-26 00:00:00");
	rules.n_holidays = 1;
	in.segments = 54000;
	ends("2026-11-25 10:00:00", "2026-11-27 15:00:00", 2, 0);
	campaign.holidays = true;
	ends("2026-11-25 10:00:00", "2026-11-26 15:00:00", 2, 0);
}
END_TEST

/* 100, then 1 % of 36,000, then the others, with an hour behind each of the first two. */
START_TEST(steps_of_the_canary_wait)
{
	rules.canary_wait_s = 3600;
	ends("2026-11-25 10:00:00", "2026-11-26 12:00:00", 2, 0);
	in.ready = in.segments = 100;
	ends("2026-11-25 10:00:00", "2026-11-25 10:01:40", 1, 0);
	in.ready = in.segments = 200; /* 1 % are fewer than the first */
	ends("2026-11-25 10:00:00", "2026-11-25 11:03:20", 1, 0);
}
END_TEST

START_TEST(what_comes_too_late)
{
	campaign.until = at("2026-11-25 15:00:00");
	ends("2026-11-25 10:00:00", "2026-11-25 15:00:00", 1, 18000);
	campaign.until = at("2026-11-25 09:00:00");
	ck_assert_int_eq(run().late, 36000);
	ck_assert_int_eq(run().starts, 0);
	ck_assert_int_eq(run().ends, 0);
}
END_TEST

START_TEST(limits_hold)
{
	campaign.most = 9000;
	ck_assert_int_eq(run().sent, 9000);
	ends("2026-11-25 10:00:00", "2026-11-25 12:30:00", 1, 0);
	campaign.budget_li = 7200 * 40 + 39;
	ck_assert_int_eq(run().sent, 7200);
	ck_assert_int_eq(run().cost_li, 7200 * 40);
	in.segments *= 2;
	ck_assert_int_eq(run().sent, 3600);
	ck_assert_int_eq(run().passed, 41000);
}
END_TEST

START_TEST(what_it_brings)
{
	const struct preflight out = run();

	ck_assert_double_eq_tol(out.orders, 720, 1e-6);
	ck_assert_double_eq_tol(out.incremental, 360, 1e-6);
	ck_assert_int_eq(out.margin_li, 360 * 72000 - 36000 * 40);
	/* 2.8 sqrt(p (1 - p) (1/n + 1/m)) is 0.47 of a hundred; the rise makes it wider. */
	ck_assert_double_eq_tol(out.least, 0.00538, 0.00001);
	ck_assert(out.shows);
	in.accept = 0.015;
	ck_assert(!run().shows);
	in.control = 0;
	in.accept = 1;
	ck_assert(isinf(run().least) && !run().shows);
}
END_TEST

START_TEST(nobody_is_nothing)
{
	struct preflight out;

	in.ready = in.segments = 0;
	out = run();
	ck_assert_int_eq(out.sent + out.segments + out.cost_li + out.late + out.ends, 0);
	ck_assert_uint_eq(out.days, 0);
	ck_assert(!out.shows);
}
END_TEST

SUITE("push/preflight", tcase_add_checked_fixture(tc, set_up, NULL);
      tcase_add_test(tc, a_whole_day); tcase_add_test(tc, longer_texts_take_longer);
      tcase_add_test(tc, holidays_are_passed_over);
      tcase_add_test(tc, steps_of_the_canary_wait);
      tcase_add_test(tc, what_comes_too_late); tcase_add_test(tc, limits_hold);
      tcase_add_test(tc, what_it_brings); tcase_add_test(tc, nobody_is_nothing);)
