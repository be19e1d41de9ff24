/*
 * test_tariff.c - bills by hand, packages as tariffs, agreement with what is shown.
 */
#include "model/package.h"
#include "offer/usage.h"
#include "support/suite.h"

enum {
	GB = 1024 * 1024 /* KiB */
};

#define NAMED(s) .code = { s, sizeof(s) - 1 }

/* Two published tariffs: $20 with 500 min, 50 texts, 15 GB; $70 with 3,000, 1,000, 30. */
static const struct package surf = {
	NAMED("surf"),        .fee_fen = 2000,
	.voice_s = 500 * 60,  .sms = 50,
	.data_kib = 15 * GB,  .over_voice_li_per_min = 30,
	.over_sms_li = 30,    .over_data_fen_per_block = 1000,
	.data_block_kib = GB,
};
static const struct package ultimate = {
	NAMED("ultimate"),    .fee_fen = 7000,
	.voice_s = 3000 * 60, .sms = 1000,
	.data_kib = 30 * GB,  .over_voice_li_per_min = 10,
	.over_sms_li = 10,    .over_data_fen_per_block = 700,
	.data_block_kib = GB,
};

static struct tariff tariff(const struct package *p)
{
	struct tariff t;
	struct fault fault = { .text = "" };

	ck_assert_msg(tariff_of(p, &t, &fault) == ERR_OK, "%s", fault.text);
	return t;
}

/* At, just below and just above each allowance and block; thousandths of a dollar. */
static const struct {
	int32_t use[DIMS];
	int64_t surf, ultimate;
} by_hand[] = {
	{ { 0, 0, 0 }, 20000, 70000 },
	{ { 499, 0, 0 }, 20000, 70000 },
	{ { 500, 0, 0 }, 20000, 70000 },
	{ { 501, 0, 0 }, 20030, 70000 },
	{ { 2999, 0, 0 }, 94970, 70000 },
	{ { 3000, 0, 0 }, 95000, 70000 },
	{ { 3001, 0, 0 }, 95030, 70010 },
	{ { 0, 49, 0 }, 20000, 70000 },
	{ { 0, 50, 0 }, 20000, 70000 },
	{ { 0, 51, 0 }, 20030, 70000 },
	{ { 0, 999, 0 }, 48470, 70000 },
	{ { 0, 1000, 0 }, 48500, 70000 },
	{ { 0, 1001, 0 }, 48530, 70010 },
	{ { 0, 0, 15 * GB - 1 }, 20000, 70000 },
	{ { 0, 0, 15 * GB }, 20000, 70000 },
	{ { 0, 0, 15 * GB + 1 }, 30000, 70000 },
	{ { 0, 0, 16 * GB - 1 }, 30000, 70000 },
	{ { 0, 0, 16 * GB }, 30000, 70000 },
	{ { 0, 0, 16 * GB + 1 }, 40000, 70000 },
	{ { 0, 0, 30 * GB - 1 }, 170000, 70000 },
	{ { 0, 0, 30 * GB }, 170000, 70000 },
	{ { 0, 0, 30 * GB + 1 }, 180000, 77000 },
	{ { 0, 0, 31 * GB }, 180000, 77000 },
	{ { 0, 0, 31 * GB + 1 }, 190000, 84000 },
	{ { 501, 51, 15 * GB + 1 }, 30060, 70000 },
	{ { 3001, 1001, 30 * GB + 1 }, 283560, 77020 },
	/* A month of 22 GB, of the user in the design's example: 20 + 7 * 10. */
	{ { 430, 11, 22 * GB }, 90000, 70000 },
};

START_TEST(published_tariffs_cost_what_a_person_reckons)
{
	const struct tariff s = tariff(&surf), u = tariff(&ultimate);

	ck_assert_int_eq(tariff_bill_li(&s, by_hand[_i].use), by_hand[_i].surf);
	ck_assert_int_eq(tariff_bill_li(&u, by_hand[_i].use), by_hand[_i].ultimate);
}
END_TEST

/* Block, cap and outer tiers: 2 li a unit from 10, blocks of 4, one li from 30; at most 50. */
static const struct {
	int32_t use;
	int64_t li;
} by_pieces[] = {
	{ 0, 0 },   { 10, 0 },  { 11, 8 },  { 14, 8 },  { 15, 16 }, { 30, 40 },
	{ 31, 44 }, { 34, 44 }, { 35, 48 }, { 38, 48 }, { 39, 50 }, { USE_MOST, 50 },
};

/*
 * Means and variances of many months.  The published ones of these tariffs need the data
 * that they were made of, which is not here; so the months are made up: every minute below
 * 1,000 with every text below 100 and every GB below 30, of which sums are known.
 *   beyond 500 minutes   1 + .. + 499 of 1,000     beyond 50 texts    1 + .. + 49 of 100
 *   beyond 15 GB         1 + .. + 14 of 30
 */
static double sum_to(double n)
{
	return n * (n + 1) / 2;
}

static double squares_to(double n)
{
	return n * (n + 1) * (2 * n + 1) / 6;
}

static double variance(double n, double most, double li)
{
	const double mean = sum_to(most) / n;

	return li * li * (squares_to(most) / n - mean * mean);
}

START_TEST(many_months_have_the_mean_and_variance_of_the_formula)
{
	const struct tariff t = tariff(&surf);
	const double mean = 20000 + 30 * sum_to(499) / 1000 + 30 * sum_to(49) / 100 +
	                    10000 * sum_to(14) / 30;
	const double spread = variance(1000, 499, 30) + variance(100, 49, 30) +
	                      variance(30, 14, 10000);
	int64_t sum = 0;
	double squares = 0, n = 0;

	for (int32_t i = 0; i < 1000 * 100 * 30; i++) {
		const int32_t gb = i / 100000, begun = gb > 0 ? i % 2 : 0;
		const int32_t use[DIMS] = { i % 1000, i / 1000 % 100, gb * GB - begun };
		const int64_t li = tariff_bill_li(&t, use);

		sum += li;
		squares += ((double)li - mean) * ((double)li - mean);
		n++;
	}
	ck_assert_double_eq_tol((double)sum / n, mean, 1e-6);
	ck_assert_double_eq_tol(squares / n, spread, 1e-3);
	ck_assert_double_eq_tol(mean, 59110, 0.001); /* 59.11 a month */
}
END_TEST

START_TEST(outer_tiers_are_cheaper_and_end_at_the_cap)
{
	const struct tariff_tier t = { .n = 2,
		                       .piece = { { 10, 4, 8 }, { 30, 4, -4 } },
		                       .cap_li = 50 };

	ck_assert_int_eq(tariff_tier_li(&t, by_pieces[_i].use), by_pieces[_i].li);
}
END_TEST

START_TEST(the_largest_use_at_the_largest_price_does_not_overflow)
{
	const struct tariff_piece p = { 0, 1, TARIFF_LI_MOST };
	const struct tariff_tier tier = { .n = 4, .piece = { p, p, p, p } };
	const struct tariff t = { .fee_li = INT32_MAX, .tier = { tier, tier, tier } };
	const int32_t use[DIMS] = { USE_MOST, USE_MOST, USE_MOST };
	const int64_t one = (int64_t)USE_MOST * TARIFF_LI_MOST;

	ck_assert_int_eq(tariff_bill_li(&t, use), 12 * one + INT32_MAX);
	ck_assert_int_lt(tariff_bill_li(&t, use), INT64_MAX / 64);
}
END_TEST

/* What a subscriber is shown differs by rounding alone: voice and texts, half up. */
static const struct package odd[] = {
	{ NAMED("odd"), .fee_fen = 1999, .voice_s = 60 * 60, .sms = 3, .data_kib = 1000,
	  .over_voice_li_per_min = 153, .over_sms_li = 97, .over_data_fen_per_block = 29,
	  .data_block_kib = 700, .over_data_cap_fen = 2000 },
	{ NAMED("outer"), .fee_fen = 1999, .voice_s = 60 * 60, .sms = 3, .data_kib = 1000,
	  .over_voice_li_per_min = 153, .over_sms_li = 97, .over_data_fen_per_block = 290,
	  .data_block_kib = 2048, .over_voice_cap_fen = 9000, .over_sms_cap_fen = 3000,
	  .over_data_cap_fen = 2000,
	  .outer = { { 3, { { 10, 101 }, { 99, 0 }, { 100, 207 } } },
	             { 1, { { 50, 9 } } },
	             { 2, { { 6, 1500 }, { 20, 70 } } } } },
	{ NAMED("late"), .fee_fen = 1, .data_block_kib = 1024,
	  .outer = { { 1, { { 500, 31 } } },
	             { 1, { { 200, 13 } } },
	             { 1, { { 30, 10 } } } } },
};

START_TEST(a_bill_is_what_is_shown_but_for_rounding)
{
	const struct package p = odd[_i];
	const struct tariff t = tariff(&p);

	for (int64_t k = 0; k < 4000; k++) {
		const struct usage_month m = { .voice_s = 37 * k,
			                       .sms = k / 7,
			                       .data_kib = 13 * k };
		const struct tariff_bill shown = tariff_bill(&p, m.voice_s, m.sms,
		                                             m.data_kib);
		int32_t use[DIMS];

		usage_units(&m, use);
		ck_assert_int_eq(
			(tariff_tier_li(&t.tier[DIM_VOICE], use[DIM_VOICE]) + 5) / 10,
			shown.over_voice_fen);
		ck_assert_int_eq((tariff_tier_li(&t.tier[DIM_SMS], use[DIM_SMS]) + 5) /
		                         10,
		                 shown.over_sms_fen);
		ck_assert_int_eq(tariff_tier_li(&t.tier[DIM_DATA], use[DIM_DATA]),
		                 10 * shown.over_data_fen);
		ck_assert_int_eq(t.fee_li, 10 * shown.fee_fen);
		ck_assert_int_le(llabs(tariff_bill_li(&t, use) - 10 * shown.total_fen),
		                 10);
	}
}
END_TEST

START_TEST(more_use_never_costs_less)
{
	const struct tariff t[] = { tariff(&surf), tariff(&ultimate), tariff(&odd[1]),
		                    tariff(&odd[2]) };

	for (int32_t k = 0; k < 200; k++) {
		const int32_t use[DIMS] = { 17 * k, 6 * k, GB / 5 * k };

		for (unsigned d = 0; d < DIMS; d++) {
			int32_t more[DIMS] = { use[0], use[1], use[2] };

			more[d]++;
			for (size_t i = 0; i < COUNT_OF(t); i++)
				ck_assert_int_ge(tariff_bill_li(&t[i], more),
				                 tariff_bill_li(&t[i], use));
		}
	}
}
END_TEST

START_TEST(an_allowance_past_all_use_is_without_limit)
{
	struct package p = surf;
	const int32_t use[DIMS] = { USE_MOST, USE_MOST, USE_MOST };

	p.voice_s = INT64_MAX / 60 * 60;
	p.sms = INT64_MAX;
	p.data_kib = USE_MOST;
	ck_assert_int_eq(tariff_bill_li(&(struct tariff){ 0 }, use), 0);
	{
		const struct tariff t = tariff(&p);

		ck_assert_int_eq(tariff_bill_li(&t, use), 20000);
	}
	p.data_kib--; /* the most that can be used is one block beyond it */
	{
		const struct tariff t = tariff(&p);

		ck_assert_int_eq(tariff_bill_li(&t, use), 30000);
	}
}
END_TEST

static const struct {
	struct package p;
	const char *names;
} unfit[] = {
	{ { NAMED("A"), .fee_fen = -1 }, "package A: fee_fen" },
	{ { NAMED("A"), .fee_fen = INT64_MAX }, "fee_fen" },
	{ { NAMED("A"), .voice_s = 61 }, "whole minutes" },
	{ { NAMED("A"), .voice_s = -60 }, "voice" },
	{ { NAMED("A"), .sms = -1 }, "sms" },
	{ { NAMED("A"), .data_kib = -1 }, "data" },
	{ { NAMED("A"), .over_voice_li_per_min = TARIFF_LI_MOST + 1 }, "over_voice" },
	{ { NAMED("A"), .over_sms_li = -5 }, "over_sms" },
	{ { NAMED("A"), .over_data_fen_per_block = TARIFF_LI_MOST }, "over_data" },
	{ { NAMED("A"), .data_block_kib = INT64_MAX }, "data_block" },
	{ { NAMED("A"), .over_data_cap_fen = INT32_MAX }, "over_data_cap" },
	{ { NAMED("A"), .over_voice_cap_fen = INT32_MAX }, "over_voice_cap" },
	{ { NAMED("A"), .over_sms_cap_fen = INT32_MAX }, "over_sms_cap" },
	{ { NAMED("A"), .data_block_kib = GB,
	    .outer = { [DIM_DATA] = { 1, { { 1536, 1 } } } } },
	  "over_data_tiers: got 1536 MB" },
	{ { NAMED("A"), .outer = { [DIM_DATA] = { 1, { { 1024, 1 } } } } },
	  "over_data_tiers" },
};

START_TEST(what_cannot_be_reckoned_is_refused_by_name)
{
	struct tariff t = { .fee_li = 7 };
	struct fault fault = { .text = "" };

	ck_assert_int_eq(tariff_of(&unfit[_i].p, &t, &fault), ERR_RANGE);
	ck_assert_ptr_nonnull(strstr(fault.text, unfit[_i].names));
	ck_assert_int_eq(t.fee_li, 7);
}
END_TEST

START_TEST(a_catalogue_keeps_its_order_and_what_is_off_sale)
{
	struct package two[] = { surf, ultimate };
	const struct catalogue c = { two, 2 };
	struct arena a = arena_make(65536);
	struct fault fault = { .text = "" };
	struct tariffs t;

	tariffs_make(&c, &a, &t);
	ck_assert_uint_eq(t.n, 2);
	ck_assert_ptr_eq(t.tariff[1].package, &two[1]);
	ck_assert(!tariffs_without(&t, 0, &fault) && !tariffs_without(&t, 1, &fault));
	arena_free(&a);
}
END_TEST

START_TEST(what_cannot_be_reckoned_is_left_out_alone)
{
	static struct package many[TARIFF_MOST + 1];
	const struct catalogue c = { many, COUNT_OF(many) };
	struct arena a = arena_make(1 << 20);
	struct fault fault = { .text = "" };
	struct tariffs t;

	for (size_t i = 0; i < COUNT_OF(many); i++)
		many[i] = surf;
	many[1].voice_s = 61;
	tariffs_make(&c, &a, &t);
	ck_assert_uint_eq(t.n, TARIFF_MOST);
	ck_assert_ptr_eq(t.tariff[0].package, &many[0]);
	ck_assert_ptr_null(t.tariff[1].package);
	ck_assert_ptr_eq(t.tariff[2].package, &many[2]);
	ck_assert(tariffs_without(&t, 1, &fault));
	ck_assert_ptr_nonnull(strstr(fault.text, "package surf: voice"));
	ck_assert(tariffs_without(&t, TARIFF_MOST, &fault));
	ck_assert_ptr_nonnull(strstr(fault.text, "512 packages at most"));
	arena_free(&a);
}
END_TEST

/* ---- months of use ---- */

START_TEST(months_lie_where_they_belong_and_missing_ones_are_not_zero_use)
{
	struct usage_set u = usage_set_make(20, month_make(2026, 9));
	const struct usage_month m[] = {
		{ .month = month_make(2026, 3), .sms = 9 }, /* too old */
		{ .month = month_make(2026, 4), .voice_s = 61, .sms = 2, .data_kib = 3 },
		{ .month = month_make(2026, 9), .voice_s = INT64_MAX, .sms = -4 },
		{ .month = month_make(2026, 10), .sms = 9 }, /* not over */
	};
	int32_t use[USAGE_MONTHS][DIMS];
	uint8_t usable;

	usage_set_put(&u, 17, m, 4);
	usage_set_get(&u, 17, use, &usable);
	ck_assert_uint_eq(usable, 1 | 1 << 5);
	ck_assert_int_eq(use[0][DIM_VOICE], 2);
	ck_assert_int_eq(use[0][DIM_SMS], 2);
	ck_assert_int_eq(use[0][DIM_DATA], 3);
	ck_assert_int_eq(use[5][DIM_VOICE], USE_MOST);
	ck_assert_int_eq(use[5][DIM_SMS], 0);
	ck_assert_int_eq(use[1][DIM_SMS], 0);
	usage_set_get(&u, 16, use, &usable);
	ck_assert_uint_eq(usable, 0);
	ck_assert_uint_eq(u.blocks, 2);
	usage_set_free(&u);
}
END_TEST

SUITE("offer/tariff",
      tcase_add_loop_test(tc, published_tariffs_cost_what_a_person_reckons, 0,
                          COUNT_OF(by_hand));
      tcase_add_loop_test(tc, outer_tiers_are_cheaper_and_end_at_the_cap, 0,
                          COUNT_OF(by_pieces));
      tcase_add_test(tc, many_months_have_the_mean_and_variance_of_the_formula);
      tcase_add_test(tc, the_largest_use_at_the_largest_price_does_not_overflow);
      tcase_add_loop_test(tc, a_bill_is_what_is_shown_but_for_rounding, 0, COUNT_OF(odd));
      tcase_add_test(tc, more_use_never_costs_less);
      tcase_add_test(tc, an_allowance_past_all_use_is_without_limit);
      tcase_add_loop_test(tc, what_cannot_be_reckoned_is_refused_by_name, 0,
                          COUNT_OF(unfit));
      tcase_add_test(tc, a_catalogue_keeps_its_order_and_what_is_off_sale);
      tcase_add_test(tc, what_cannot_be_reckoned_is_left_out_alone);
      tcase_add_test(tc, months_lie_where_they_belong_and_missing_ones_are_not_zero_use);)
