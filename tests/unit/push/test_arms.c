/*
 * test_arms.c - who is held out and who gets which text: shares, the same at any time,
 * and nothing in one draw that tells of another.
 */
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
		if (place < INT64_MAX / 10)
			first[group_of(FIRST + i)]++;
	}
	ck_assert_double_gt(evaluate_sample_ratio(first, meant, 5), EVALUATE_UNEVEN);
	for (size_t i = 0; i < 5; i++)
		ck_assert_double_eq_tol((double)first[i], meant[i] * PEOPLE / 10, 300);
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
      tcase_add_test(tc, extremes);)
