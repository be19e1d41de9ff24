/*
 * test_arms.c - who is held out and who gets which text: shares, the same at any time,
 * and nothing in one draw that tells of another.
 */
#include <stdlib.h>

#include "push/arms.h"
#include "push/evaluate.h"
#include "support/suite.h"

enum {
	PEOPLE = 200000,
	FIRST = 1380000000
};

static struct campaign campaign;
static struct push_rules rules;
static struct arms_salt salt;

static void set_up(void)
{
	static const uint8_t key[CAMPAIGN_SALT] = { 1, 2, 3 };

	rules = push_rules_defaults();
	campaign = (struct campaign){ .control_bp = 1000, .n_arms = 3 };
	campaign.arm[0].share_bp = 5000;
	campaign.arm[1].share_bp = 3000;
	campaign.arm[2].share_bp = 2000;
	salt = arms_salt(&rules, key);
}

/* In the order: universal, control, arms. */
static size_t group_of(int64_t msisdn)
{
	const unsigned arm = arms_of(&campaign, rules.universal_bp, &salt, msisdn);

	return arm == ARM_UNIVERSAL ? 0 : arm == ARM_CONTROL ? 1 : arm + 2;
}

static const double meant[] = { 0.02, 0.098, 0.441, 0.2646, 0.1764 };

START_TEST(shares_are_as_they_were_meant)
{
	int64_t seen[5] = { 0 };
	double p;

	ck_assert_uint_eq(rules.universal_bp, 200);
	for (int64_t i = 0; i < PEOPLE; i++)
		seen[group_of(FIRST + i)]++;
	p = evaluate_sample_ratio(seen, meant, 5);
	ck_assert_msg(p > EVALUATE_UNEVEN, "p %g", p);
	seen[2] += 3000; /* a counting that is not quite right is seen */
	p = evaluate_sample_ratio(seen, meant, 5);
	ck_assert_msg(p < EVALUATE_UNEVEN, "p %g", p);
}
END_TEST

START_TEST(a_group_can_be_told_again)
{
	static const uint8_t other[CAMPAIGN_SALT] = { 1, 2, 4 };
	const struct arms_salt again = arms_salt(&rules, salt.campaign),
			       another = arms_salt(&rules, other);
	unsigned moved = 0, universal = 0;

	for (int64_t i = 0; i < PEOPLE; i++) {
		const unsigned was = arms_of(&campaign, 200, &salt, FIRST + i),
			       is = arms_of(&campaign, 200, &another, FIRST + i);

		ck_assert_uint_eq(was, arms_of(&campaign, 200, &again, FIRST + i));
		ck_assert_int_eq(was == ARM_UNIVERSAL, is == ARM_UNIVERSAL);
		moved += was != is ? 1 : 0;
		universal += was == ARM_UNIVERSAL ? 1 : 0;
	}
	ck_assert_uint_gt(moved, PEOPLE / 2);
	ck_assert_uint_gt(universal, 0);
	rules.universal_salt = STR("2027");
	salt = arms_salt(&rules, other);
	for (int64_t i = 0; i < PEOPLE; i++)
		universal -= arms_of(&campaign, 200, &salt, FIRST + i) == ARM_UNIVERSAL &&
		                             arms_of(&campaign, 200, &another,
		                                     FIRST + i) == ARM_UNIVERSAL
		                     ? 1
		                     : 0;
	ck_assert_uint_gt(universal, PEOPLE / 100); /* other people, another year */
}
END_TEST

/* The first of the order are a sample: no group is sent to before another. */
START_TEST(places_say_nothing_of_groups)
{
	int64_t first[5] = { 0 };

	for (int64_t i = 0; i < PEOPLE; i++) {
		const int64_t place = arms_place(&salt, FIRST + i);

		ck_assert_int_ge(place, 0);
		if (place < INT64_MAX / 8)
			first[group_of(FIRST + i)]++;
	}
	ck_assert_double_gt(evaluate_sample_ratio(first, meant, 5), EVALUATE_UNEVEN);
	for (size_t i = 0; i < 5; i++)
		ck_assert_double_eq_tol((double)first[i], meant[i] * PEOPLE / 8, 300);
}
END_TEST

struct turn {
	int64_t place, msisdn;
};

static int by_place(const void *left, const void *right)
{
	const struct turn *l = left, *r = right;

	return (l->place > r->place) - (l->place < r->place);
}

/* Whether the first n of them are spread over the numbers as all are. */
static double fairness(const struct turn *t, size_t n)
{
	static const double tenth[10] = { .1, .1, .1, .1, .1, .1, .1, .1, .1, .1 };
	int64_t seen[10] = { 0 };

	for (size_t i = 0; i < n; i++)
		seen[(t[i].msisdn - FIRST) * 10 / PEOPLE]++;
	return evaluate_sample_ratio(seen, tenth, 10);
}

/* A canary at any moment, everybody wherever a lane ends. */
START_TEST(whoever_has_had_his_turn_was_drawn_by_lot)
{
	static struct turn t[PEOPLE];
	static const int64_t lanes[] = { 1, 2, 8, 33, 63 };
	size_t n = 0;

	for (int64_t i = 0; i < PEOPLE; i++)
		t[i] = (struct turn){ arms_place(&salt, FIRST + i), FIRST + i };
	qsort(t, PEOPLE, sizeof(t[0]), by_place);
	ck_assert_double_gt(fairness(t, 100), EVALUATE_UNEVEN);
	ck_assert_double_gt(fairness(t, PEOPLE / 100), EVALUATE_UNEVEN);
	for (size_t i = 0; i < COUNT_OF(lanes); i++) {
		while (n < PEOPLE && t[n].place < lanes[i] << 57)
			n++;
		ck_assert_double_gt(fairness(t, n), EVALUATE_UNEVEN);
		ck_assert_double_eq_tol((double)n, (double)(PEOPLE * lanes[i] / 64),
		                        1000);
	}
}
END_TEST

/* Of numbers that ascend, few places lie between those that are there. */
START_TEST(targets_in_order_of_number_are_stored_at_the_ends_of_lanes)
{
	int64_t last[64] = { 0 };
	unsigned between = 0;

	for (int64_t i = 0; i < PEOPLE; i++) {
		const int64_t place = arms_place(&salt, FIRST + i), lane = place >> 57;

		between += place < last[lane];
		last[lane] = place > last[lane] ? place : last[lane];
	}
	ck_assert_uint_lt(between, PEOPLE / 50);
}
END_TEST

/* Who was held out of one campaign is held out of the next no more often than others. */
START_TEST(campaigns_are_drawn_independently)
{
	static const uint8_t other[CAMPAIGN_SALT] = { 9 };
	const struct arms_salt next = arms_salt(&rules, other);
	static const double quarters[] = { 0.01, 0.09, 0.09, 0.81 };
	int64_t seen[4] = { 0 };

	for (int64_t i = 0; i < PEOPLE; i++) {
		const bool a = arms_of(&campaign, 0, &salt, FIRST + i) != ARM_CONTROL,
			   b = arms_of(&campaign, 0, &next, FIRST + i) != ARM_CONTROL;

		seen[(a ? 2 : 0) + (b ? 1 : 0)]++;
	}
	ck_assert_double_gt(evaluate_sample_ratio(seen, quarters, 4), EVALUATE_UNEVEN);
}
END_TEST

START_TEST(extremes)
{
	campaign.n_arms = 1;
	campaign.arm[0].share_bp = 10000;
	for (int64_t i = 0; i < 1000; i++) {
		campaign.control_bp = 0;
		ck_assert_uint_eq(arms_of(&campaign, 0, &salt, i), 0);
		ck_assert_uint_eq(arms_of(&campaign, 10000, &salt, i), ARM_UNIVERSAL);
		campaign.control_bp = 10000;
		ck_assert_uint_eq(arms_of(&campaign, 0, &salt, i), ARM_CONTROL);
	}
}
END_TEST

SUITE("push/arms", tcase_add_checked_fixture(tc, set_up, NULL);
      tcase_add_test(tc, shares_are_as_they_were_meant);
      tcase_add_test(tc, a_group_can_be_told_again);
      tcase_add_test(tc, places_say_nothing_of_groups);
      tcase_add_test(tc, campaigns_are_drawn_independently);
      tcase_add_test(tc, whoever_has_had_his_turn_was_drawn_by_lot);
      tcase_add_test(tc, targets_in_order_of_number_are_stored_at_the_ends_of_lanes);
      tcase_add_test(tc, extremes);)
