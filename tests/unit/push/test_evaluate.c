/*
 * test_evaluate.c - figures of campaigns against published and independently computed ones.
 */
#include <math.h>

#include "offer/learn.h"
#include "push/evaluate.h"
#include "support/suite.h"

/* The worked example: 45,000 treated, 5,000 held out. */
static const struct share treated = { 720, 45000 }, control = { 50, 5000 };

START_TEST(the_worked_example)
{
	const struct effect e = evaluate_effect(treated, control, EVALUATE_Z95);
	struct interval ci;
	const double cost = 45000 * 2 * 0.04, margin = 6 * 12;

	ck_assert_double_eq_tol(e.treated, 0.016, 1e-12);
	ck_assert_double_eq_tol(e.control, 0.010, 1e-12);
	ck_assert_double_eq_tol(e.difference, 0.0060, 1e-12);
	ck_assert_double_eq_tol(e.ci.low, 0.00265, 0.000005);
	ck_assert_double_eq_tol(e.ci.high, 0.00869, 0.000005);
	ck_assert_double_eq_tol(e.z, 3.27, 0.005);
	ck_assert_double_eq_tol(e.p, 0.0011, 0.00005);
	ck_assert_double_eq_tol(e.increment, 270, 1e-9);
	ck_assert_double_eq_tol(e.increment_ci.low, 119, 0.5);
	ck_assert_double_eq_tol(e.increment_ci.high, 391, 0.5);
	ck_assert_double_eq_tol(evaluate_relative(treated, control, EVALUATE_Z95, &ci),
	                        1.60, 1e-9);
	ck_assert_double_eq_tol(ci.low, 1.20, 0.005);
	ck_assert_double_eq_tol(ci.high, 2.13, 0.005);
	ck_assert_double_eq_tol((e.increment * margin - cost) / cost, 4.4, 0.05);
	ck_assert_double_eq_tol((floor(e.increment_ci.low) * margin - cost) / cost, 1.4,
	                        0.05);
}
END_TEST

/* 20 of 2,000 that opted out. */
START_TEST(the_rule_that_stops)
{
	const struct interval w = evaluate_wilson((struct share){ 20, 2000 },
	                                          EVALUATE_Z95);

	ck_assert_double_eq_tol(w.low, 0.0065, 0.00005);
	ck_assert_double_eq_tol(w.high, 0.0154, 0.00005);
}
END_TEST

static const struct {
	double base, treated, k, control_n, treated_n;
} sizes[] = {
	{ 0.010, 0.015, 9, 4554, 40979 },
	{ 0.010, 0.015, 1, 7750, 7750 },
	{ 0.010, 0.012, 9, 24373, 219352 },
	{ 0.005, 0.008, 9, 6670, 60025 },
};

START_TEST(sizes_are_the_published_ones)
{
	const double n = evaluate_size(sizes[_i].base, sizes[_i].treated - sizes[_i].base,
	                               sizes[_i].k, 0.05, 0.8);

	ck_assert_double_eq_tol(n, sizes[_i].control_n, 1);
	ck_assert_double_eq_tol(n * sizes[_i].k, sizes[_i].treated_n, 2);
	/* And back: so many show just that rise. */
	ck_assert_double_eq_tol(evaluate_least(sizes[_i].base, sizes[_i].treated_n,
	                                       sizes[_i].control_n, 0.05, 0.8),
	                        sizes[_i].treated - sizes[_i].base, 1e-6);
}
END_TEST

/* Quantiles and tails as tables have them. */
START_TEST(the_normal_distribution)
{
	static const struct {
		double p, z;
	} table[] = { { 0.5, 0 },
		      { 0.8, 0.8416212335729143 },
		      { 0.975, 1.959963984540054 },
		      { 0.995, 2.575829303548901 },
		      { 0.02, -2.053748910631823 },
		      { 1e-6, -4.753424308822899 },
		      { 0.999999, 4.753424308822899 },
		      { 1e-12, -7.034483825011132 } };

	for (size_t i = 0; i < COUNT_OF(table); i++)
		ck_assert_double_eq_tol(evaluate_normal(table[i].p), table[i].z, 1e-9);
}
END_TEST

/* Chi-square: 3.841 at one degree, 5.991 at two, 7.815 at three, 18.307 at ten are 0.05. */
START_TEST(the_split_as_it_was_meant)
{
	static const double even[11] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
	static const struct {
		size_t n;
		int64_t seen[11];
	} table[] = { { 2, { 5098, 4902 } },
		      { 3, { 100547, 99453, 100000 } },
		      { 4, { 100625, 99375, 100000, 100000 } },
		      { 11,
		        { 1000000, 1000000, 1000000, 1000000, 1000000, 1000000, 1000000,
		          1000000, 1000000, 1000000, 1004488 } } };

	for (size_t i = 0; i < COUNT_OF(table); i++)
		ck_assert_double_eq_tol(
			evaluate_sample_ratio(table[i].seen, even, table[i].n), 0.05,
			0.0003);
	ck_assert_double_eq_tol(evaluate_sample_ratio((const int64_t[]){ 45000, 5000 },
	                                              (const double[]){ 9, 1 }, 2),
	                        1, 1e-12);
	ck_assert_double_lt(evaluate_sample_ratio((const int64_t[]){ 45500, 4500 },
	                                          (const double[]){ 9, 1 }, 2),
	                    EVALUATE_UNEVEN);
	ck_assert_double_eq_tol(evaluate_sample_ratio((const int64_t[]){ 0, 0 }, even, 2),
	                        1, 1e-12);
}
END_TEST

/* ---- money ---- */

static double normal(struct learn_dice *d)
{
	return evaluate_normal(((double)(learn_roll(d) >> 11) + 0.5) * 0x1p-53);
}

enum {
	GROUP = 2000,
	MONEY_RUNS = 400
};

/* A group whose bills before explain r^2 of those after, which a lift raises. */
static struct moments group(struct learn_dice *d, double r, double lift)
{
	struct moments m = { 0 };

	for (int i = 0; i < GROUP; i++) {
		const double x = normal(d), y = r * x + sqrt(1 - r * r) * normal(d);

		evaluate_add(&m, 60 + 20 * x, 61 + 20 * y + lift);
	}
	return m;
}

/* What is known of before narrows the interval by sqrt(1 - r^2), and it stays true. */
START_TEST(money_with_what_was_known_taken_out)
{
	struct learn_dice d = learn_dice(5);
	const double r = 0.8, lift = 1;
	double width = 0, sum = 0;
	unsigned held = 0;

	for (int run = 0; run < MONEY_RUNS; run++) {
		const struct moments t = group(&d, r, lift), c = group(&d, r, 0);
		const struct adjusted a = evaluate_cuped(&t, &c, EVALUATE_Z95);

		ck_assert_double_eq_tol(a.theta, r, 0.05);
		ck_assert_double_eq_tol(a.r2, r * r, 0.05);
		width += a.ci.high - a.ci.low;
		sum += a.difference;
		held += a.ci.low <= lift && lift <= a.ci.high ? 1 : 0;
	}
	/* Two groups of 2,000, sd 20: without it 2 * 1.96 * 20 * sqrt(2 / 2000). */
	ck_assert_double_eq_tol(width / MONEY_RUNS /
	                                (2 * EVALUATE_Z95 * 20 * sqrt(2.0 / GROUP)),
	                        sqrt(1 - r * r), 0.01);
	ck_assert_double_eq_tol(sum / MONEY_RUNS, lift, 0.06);
	ck_assert_msg(held >= MONEY_RUNS * 0.92 && held <= MONEY_RUNS * 0.98, "%u", held);
}
END_TEST

START_TEST(money_without_spread)
{
	struct moments t = { 0 }, c = { 0 };
	struct adjusted a;

	for (int i = 0; i < 3; i++) {
		evaluate_add(&t, 5, 7);
		evaluate_add(&c, 5, 6);
	}
	a = evaluate_cuped(&t, &c, EVALUATE_Z95);
	ck_assert_double_eq_tol(a.difference, 1, 1e-12);
	ck_assert_double_eq_tol(a.ci.high - a.ci.low, 0, 1e-12);
	ck_assert_double_eq_tol(a.theta, 0, 1e-12);
}
END_TEST

START_TEST(relative_needs_hits_in_both)
{
	struct interval ci;

	ck_assert_double_eq_tol(
		evaluate_relative((struct share){ 0, 10 }, control, EVALUATE_Z95, &ci), 0,
		1e-12);
	ck_assert(ci.low <= 0 && isinf(ci.high));
}
END_TEST

SUITE("push/evaluate", tcase_add_test(tc, the_worked_example);
      tcase_add_test(tc, the_rule_that_stops);
      tcase_add_loop_test(tc, sizes_are_the_published_ones, 0, COUNT_OF(sizes));
      tcase_add_test(tc, the_normal_distribution);
      tcase_add_test(tc, the_split_as_it_was_meant);
      tcase_add_test(tc, money_with_what_was_known_taken_out);
      tcase_add_test(tc, money_without_spread);
      tcase_add_test(tc, relative_needs_hits_in_both);)
