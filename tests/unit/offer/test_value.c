/*
 * test_value.c - what making an offer is worth: worked example D, rounding, signs.
 */
#include "offer/value.h"
#include "support/suite.h"

/* Worked example D of the design, in li. */
static const struct offer_value_in example_d = { .q_ppm = 50000,
	                                         .horizon = 12,
	                                         .margin_gain_li = 5000,
	                                         .stake_li = 600000,
	                                         .p0_ppm = 60000,
	                                         .pacc_ppm = 40000,
	                                         .prej_ppm = 100000,
	                                         .segment_li = 80,
	                                         .segments = 1 };

START_TEST(the_same_offer_helps_or_harms_by_what_contact_does)
{
	struct offer_value_in in = example_d;

	ck_assert_int_eq(offer_value(&in), -19280);
	in.prej_ppm = 60000;
	ck_assert_int_eq(offer_value(&in), 3520);
}
END_TEST

START_TEST(each_term_counts_with_its_sign)
{
	struct offer_value_in in = example_d;
	const int64_t base = offer_value(&in);

	in.gift_li = 10000; /* times q */
	ck_assert_int_eq(offer_value(&in), base - 500);
	in.fatigue_li = 7;
	ck_assert_int_eq(offer_value(&in), base - 507);
	in.segments = 3;
	ck_assert_int_eq(offer_value(&in), base - 507 - 160);
	in.margin_gain_li = -5000;
	ck_assert_int_eq(offer_value(&in), base - 507 - 160 - 6000);
	in.p0_ppm += 1000; /* times the stake */
	ck_assert_int_eq(offer_value(&in), base - 507 - 160 - 6000 + 600);
}
END_TEST

START_TEST(who_certainly_accepts_or_refuses_leaves_as_such)
{
	struct offer_value_in in = { .q_ppm = 1000000,
		                     .stake_li = 1000,
		                     .pacc_ppm = 250000 };

	ck_assert_int_eq(offer_value(&in), -250);
	in.q_ppm = 0;
	ck_assert_int_eq(offer_value(&in), 0);
	in.prej_ppm = 1000000;
	ck_assert_int_eq(offer_value(&in), -1000);
}
END_TEST

/* q in millionths of `gain` li. */
static const struct {
	int32_t q_ppm;
	int64_t gain, value;
} roundings[] = {
	{ 500000, 1, 1 },
	{ 499999, 1, 0 },
	{ 500000, -1, -1 },
	{ 499999, -1, 0 },
	{ 500000, 3, 2 },
	{ 500000, -3, -2 },
	{ 333333, 3, 1 },
	{ 1, 499999, 0 },
	{ 1, 500000, 1 },
	{ 1, -500000, -1 },
	{ 1000000, OFFER_VALUE_MOST, OFFER_VALUE_MOST },
	{ 1000000, -OFFER_VALUE_MOST, -OFFER_VALUE_MOST },
};

START_TEST(halves_go_away_from_zero_and_only_once)
{
	const struct offer_value_in in = { .q_ppm = roundings[_i].q_ppm,
		                           .horizon = 1,
		                           .margin_gain_li = roundings[_i].gain };

	ck_assert_int_eq(offer_value(&in), roundings[_i].value);
}
END_TEST

START_TEST(the_largest_figures_do_not_overflow)
{
	const struct offer_value_in in = { .q_ppm = 1000000,
		                           .horizon = 1200,
		                           .margin_gain_li = OFFER_VALUE_MOST,
		                           .gift_li = -OFFER_VALUE_MOST,
		                           .stake_li = -OFFER_VALUE_MOST,
		                           .pacc_ppm = 1000000 };

	ck_assert_int_eq(offer_value(&in), 1202 * OFFER_VALUE_MOST);
}
END_TEST

SUITE("offer/value",
      tcase_add_test(tc, the_same_offer_helps_or_harms_by_what_contact_does);
      tcase_add_test(tc, each_term_counts_with_its_sign);
      tcase_add_test(tc, who_certainly_accepts_or_refuses_leaves_as_such);
      tcase_add_loop_test(tc, halves_go_away_from_zero_and_only_once, 0,
                          (int)COUNT_OF(roundings));
      tcase_add_test(tc, the_largest_figures_do_not_overflow);)
