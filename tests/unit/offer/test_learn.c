/*
 * test_learn.c - draws that have the moments they should, and find what was planted.
 */
#include <math.h>

#include "offer/learn.h"
#include "support/suite.h"

#define PPM 1e6

static const struct learn_belief open_mind = { 1, 1 };

static const struct learn_cell cells[] = {
	{ 0, 0 },      { 1, 1 },        { 1, 0 },           { 10, 3 },  { 200, 2 },
	{ 1000, 999 }, { 50000, 1500 }, { 4000000, 80000 }, { 30, 15 }, { 7, 7 },
};

START_TEST(draws_have_the_mean_and_variance_of_beta)
{
	enum {
		DRAWS = 40000
	};
	const struct learn_cell *c = &cells[_i];
	struct learn_dice d = learn_dice(77);
	const double a = 1.0 + c->orders, b = 1.0 + c->sent - c->orders, n = a + b;
	const double mean = a / n, variance = a * b / (n * n * (n + 1));
	double sum = 0, squares = 0;

	for (int i = 0; i < DRAWS; i++) {
		const double x = learn_draw_ppm(&d, c, open_mind) / PPM - mean;

		sum += x;
		squares += x * x;
	}
	/* Four standard errors; those of the variance by kurtosis, at most that of (1, n). */
	ck_assert_double_le(fabs(sum / DRAWS), 4 * sqrt(variance / DRAWS) + 1e-7);
	ck_assert_double_eq_tol(squares / DRAWS, variance,
	                        variance * 4 * sqrt(9.0 / DRAWS) + 1e-12);
	ck_assert_int_eq(learn_mean_ppm(c, open_mind), (int)(mean * PPM + 0.5));
}
END_TEST

/* The distribution, not only moments: deciles of Beta(1, 2), F(x) = 1 - (1 - x)^2. */
START_TEST(draws_fall_evenly_into_deciles)
{
	enum {
		DRAWS = 100000
	};
	const struct learn_cell c = { 1, 0 };
	struct learn_dice d = learn_dice(3);
	int count[10] = { 0 };
	double chi = 0;

	for (int i = 0; i < DRAWS; i++) {
		const double x = learn_draw_ppm(&d, &c, open_mind) / PPM;
		const int decile = (int)(10 * (1 - (1 - x) * (1 - x)));

		count[decile < 10 ? decile : 9]++;
	}
	for (int k = 0; k < 10; k++)
		chi += (count[k] - DRAWS / 10.0) * (count[k] - DRAWS / 10.0) /
		       (DRAWS / 10.0);
	ck_assert_double_le(chi, 27.9); /* 9 degrees: 1 in 1000 */
}
END_TEST

START_TEST(the_same_seed_gives_the_same_draws)
{
	struct learn_dice a = learn_dice(1), b = learn_dice(1), other = learn_dice(2);
	const struct learn_cell c = { 100, 7 };
	int differ = 0;

	for (int i = 0; i < 1000; i++) {
		const int32_t x = learn_draw_ppm(&a, &c, open_mind);

		ck_assert_int_eq(learn_draw_ppm(&b, &c, open_mind), x);
		differ += learn_draw_ppm(&other, &c, open_mind) != x ? 1 : 0;
	}
	ck_assert_int_gt(differ, 990);
}
END_TEST

/* Blackman and Vigna's published generator gives these from 1, 2, 3, 4. */
START_TEST(the_dice_are_xoshiro256)
{
	struct learn_dice d = { { 1, 2, 3, 4 } };

	ck_assert_uint_eq(learn_roll(&d), 41943041);
	ck_assert_uint_eq(learn_roll(&d), 58720359);
}
END_TEST

/* A journal must be replayed by a later build, on another machine. */
START_TEST(draws_are_those_of_the_journal)
{
	static const int32_t expected[] = { 190167, 238601, 193371, 294524,
		                            223464, 422141, 289786, 325569 };
	struct learn_dice d = learn_dice(2026);
	const struct learn_cell c = { 40, 10 };

	for (size_t i = 0; i < COUNT_OF(expected); i++)
		ck_assert_int_eq(learn_draw_ppm(&d, &c, open_mind), expected[i]);
}
END_TEST

/* Offers with planted acceptance; each contact goes to the one whose draw is best. */
START_TEST(the_best_offer_is_found_and_its_rate_learned)
{
	static const double planted[] = { 0.02, 0.05, 0.11, 0.08 };
	struct learn_cell cell[COUNT_OF(planted)] = { { 0, 0 } };
	struct learn_dice d = learn_dice(42), world = learn_dice(43);
	uint32_t sent = 0;

	for (int i = 0; i < 30000; i++) {
		size_t best = 0;
		int32_t most = -1;

		for (size_t k = 0; k < COUNT_OF(cell); k++) {
			const int32_t draw = learn_draw_ppm(&d, &cell[k], open_mind);

			if (draw > most) {
				most = draw;
				best = k;
			}
		}
		cell[best].sent++;
		if ((double)(learn_roll(&world) >> 11) * 0x1p-53 < planted[best])
			cell[best].orders++;
	}
	for (size_t k = 0; k < COUNT_OF(cell); k++) {
		const double n = cell[k].sent, p = planted[k];

		sent += cell[k].sent;
		ck_assert_double_eq_tol(learn_mean_ppm(&cell[k], open_mind) / PPM, p,
		                        4 * sqrt(p * (1 - p) / n) + 1 / n);
	}
	ck_assert_uint_eq(sent, 30000);
	ck_assert_uint_gt(cell[2].sent, 25000);
}
END_TEST

/* Against the logistic function of the library. */
START_TEST(the_start_is_logistic)
{
	static const struct learn_shift by = { .saving = 400,
		                               .depth = 1000,
		                               .refusal = -300 };
	static const int32_t assumed[] = { 1, 500, 50000, 900000, 999999 };

	for (int64_t saving = -5000; saving < 200000; saving += 1777) {
		for (int32_t depth = 0; depth <= 10000; depth += 2500) {
			const struct learn_features f = {
				.saving_li = saving,
				.depth_bp = depth,
				.refusals = (unsigned)depth / 5000,
			};
			const double p = assumed[(depth + saving + 5000) % 5];
			const double z = log(p / (PPM - p)) +
			                 0.4 * log1p(fmax(0, (double)saving / 1000)) +
			                 depth / 10000.0 - 0.3 * f.refusals;

			ck_assert_double_eq_tol(
				learn_shifted_ppm((int32_t)p, &by, &f),
				fmax(1, fmin(PPM - 1, PPM / (1 + exp(-z)))), 0.5001);
		}
	}
}
END_TEST

START_TEST(what_is_certain_or_never_is_not_moved_nor_becomes_so)
{
	const struct learn_shift more = { .saving = 100000 },
				 less = { .saving = -100000 };
	const struct learn_features f = { .saving_li = INT64_MAX }, none = { 0 };

	ck_assert_int_eq(learn_shifted_ppm(50000, &more, &f), 999999);
	ck_assert_int_eq(learn_shifted_ppm(50000, &less, &f), 1);
	ck_assert_int_eq(learn_shifted_ppm(0, &more, &f), 0);
	ck_assert_int_eq(learn_shifted_ppm(1000000, &less, &f), 1000000);
	for (int32_t ppm = 0; ppm <= 1000000; ppm += 777)
		ck_assert_int_eq(learn_shifted_ppm(ppm, &more, &none), ppm);
}
END_TEST

START_TEST(features_are_of_a_month)
{
	const struct learn_features f = learn_features_of(50000, 1000000, 10, 2),
				    dearer = learn_features_of(-50000, 1000000, 10, 0);

	ck_assert_int_eq(f.saving_li, 5000);
	ck_assert_int_eq(f.depth_bp, 500);
	ck_assert_uint_eq(f.refusals, 2);
	ck_assert_int_eq(dearer.depth_bp, 0);
	ck_assert_int_eq(learn_features_of(1, 0, 1, 0).depth_bp, 0);
}
END_TEST

static const struct {
	int32_t ppm;
	uint32_t weight, a, b;
} beliefs[] = {
	{ 50000, 100, 5, 95 }, { 50000, 20, 1, 19 }, { 1, 20, 1, 19 },
	{ 999999, 20, 20, 1 }, { 500000, 0, 1, 1 },  { 1000000, 1000000, 1000000, 1 },
};

START_TEST(a_prior_counts_as_if_so_many_had_been_asked)
{
	const struct learn_belief b = learn_belief(beliefs[_i].ppm, beliefs[_i].weight);

	ck_assert_uint_eq(b.a, beliefs[_i].a);
	ck_assert_uint_eq(b.b, beliefs[_i].b);
}
END_TEST

SUITE("offer/learn", tcase_add_loop_test(tc, draws_have_the_mean_and_variance_of_beta, 0,
                                         (int)COUNT_OF(cells));
      tcase_add_test(tc, draws_fall_evenly_into_deciles);
      tcase_add_test(tc, the_same_seed_gives_the_same_draws);
      tcase_add_test(tc, the_dice_are_xoshiro256);
      tcase_add_test(tc, draws_are_those_of_the_journal);
      tcase_add_test(tc, the_best_offer_is_found_and_its_rate_learned);
      tcase_add_test(tc, the_start_is_logistic);
      tcase_add_test(tc, what_is_certain_or_never_is_not_moved_nor_becomes_so);
      tcase_add_test(tc, features_are_of_a_month);
      tcase_add_loop_test(tc, a_prior_counts_as_if_so_many_had_been_asked, 0,
                          (int)COUNT_OF(beliefs));)
