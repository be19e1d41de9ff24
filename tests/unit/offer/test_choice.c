/*
 * test_choice.c - who gets which offer: certificates, enumeration, metamorphoses.
 */
#include <math.h>
#include <string.h>

#include "../src/offer/choice_priv.h"
#include "base/dice.h"
#include "support/suite.h"

enum {
	CASES = 2000
};

static struct arena arena;

static void begin(void)
{
	arena = arena_make(SIZE_MAX);
}

static void end(void)
{
	arena_free(&arena);
}

/* 0 .. n - 1 */
static unsigned below(uint64_t *state, unsigned n)
{
	return (unsigned)dice_below(state, n);
}

static struct choice_result solve(const struct choice_problem *p)
{
	struct choice_result r;

	ck_assert_int_eq(choice_solve(p, &arena, &r), ERR_OK);
	ck_assert(choice_check(p, &r));
	return r;
}

/* Worked example C of the design: value and cost of two offers to four subjects. */
static struct choice_problem example_c(void)
{
	static const float offers[4][2][2] = { { { 9, 5 }, { 7, 2 } },
		                               { { 8, 6 }, { 3, 1 } },
		                               { { 6, 4 }, { 5, 2 } },
		                               { { 4, 3 }, { 4, 1 } } };
	struct choice_problem p = choice_make(4, 2, 1);

	for (size_t i = 0; i < 4; i++)
		for (unsigned o = 0; o < 2; o++)
			choice_put(&p, i, o, offers[i][o][0], &offers[i][o][1]);
	p.limit[0] = 8;
	return p;
}

START_TEST(the_worked_example_is_solved_and_proven)
{
	static const uint8_t expected[4] = { 1, 1, 0, 1 };
	struct choice_problem p = example_c();
	const struct choice_result r = solve(&p);

	ck_assert_mem_eq(r.chosen, expected, 4);
	ck_assert_double_eq(r.value, 20);
	ck_assert_double_eq(r.used[0], 8);
	ck_assert(r.exact);
	ck_assert_double_le(choice_gap(&r), 2 * CHOICE_ROUNDING);
	ck_assert_double_ge(r.price[0], 0.667);
	ck_assert_double_le(r.price[0], 1.5);
	choice_free(&p);
}
END_TEST

START_TEST(the_dual_of_the_worked_example_is_that_of_the_design)
{
	static const double at[][2] = {
		{ 0, 27 }, { 0.5, 23 }, { 2.0 / 3, 22 }, { 1, 21 }, { 1.5, 22 }
	};
	struct choice_problem p = example_c();
	uint8_t chosen[4];
	struct choice_raw raw = { .chosen = chosen };
	struct choice_dual fast;

	ck_assert_double_eq_tol(choice_bound(&p, &at[_i][0], &raw), at[_i][1], 1e-9);
	choice_dual_fast(&p, &at[_i][0], &fast);
	ck_assert_double_eq_tol(fast.value, at[_i][1], 1e-5);
	choice_free(&p);
}
END_TEST

/* -- against enumeration -- */

/* Whole numbers, so that sums are exact; rows of profit have both signs. */
static struct choice_problem random_small(uint64_t *state)
{
	struct choice_problem p = choice_make(1 + below(state, 7), 1 + below(state, 3),
	                                      below(state, 6));
	const bool profit = below(state, 2) == 0;

	for (size_t i = 0; i < p.n; i++) {
		for (unsigned o = 0; o < p.keep; o++) {
			float use[CHOICE_ROWS];

			for (unsigned r = 0; r < p.rows; r++)
				use[r] = (float)(int)below(state, 12) -
				         (profit && r == 0 ? 6 : 0);
			choice_put(&p, i, o, (float)(int)below(state, 40) - 5, use);
		}
	}
	for (unsigned r = 0; r < p.rows; r++)
		p.limit[r] = below(state, 4 * (unsigned)p.n);
	p.seed = dice_next(state);
	return p;
}

/* The best of all (keep + 1)^n. */
static double enumerate(const struct choice_problem *p)
{
	const unsigned options = p->keep + 1;
	double best = 0, used[CHOICE_ROWS];
	uint8_t chosen[8];
	size_t all = 1;

	for (size_t i = 0; i < p->n; i++)
		all *= options;
	for (size_t code = 0; code < all; code++) {
		size_t rest = code;
		bool kept = true;

		for (size_t i = 0; i < p->n; i++, rest /= options) {
			const size_t o = rest % options;

			chosen[i] = (uint8_t)(o < p->keep ? o : CHOICE_NONE);
		}
		const double value = choice_sums(p, chosen, used);

		for (unsigned r = 0; r < p->rows; r++)
			kept = kept && used[r] <= p->limit[r];
		if (kept)
			best = fmax(best, value);
	}
	return best;
}

START_TEST(two_thousand_small_cases_are_those_of_enumeration)
{
	uint64_t state = 20261122;
	double search_gap = 0;

	for (int k = 0; k < CASES; k++) {
		struct choice_problem p = random_small(&state);
		const double optimum = enumerate(&p);
		const struct choice_result r = solve(&p);
		struct choice_search s = choice_search_start(&p);
		uint8_t chosen[8];
		double used[CHOICE_ROWS];

		ck_assert(r.exact);
		ck_assert_double_eq(r.value, optimum);
		ck_assert_double_ge(r.bound, optimum);
		/* Without branch and bound: worse, but never wrong. */
		choice_search_wide(&s, &p);
		const double bound = choice_refine(&p, &s, chosen);
		const double value = choice_sums(&p, chosen, used);

		ck_assert_double_ge(bound, optimum);
		ck_assert_double_le(value, optimum);
		for (unsigned q = 0; q < p.rows; q++)
			ck_assert_double_le(used[q], p.limit[q]);
		search_gap += optimum > 0 ? (optimum - value) / optimum : 0;
		choice_free(&p);
		arena_reset(&arena);
	}
	ck_assert_double_le(search_gap / CASES, 0.087); /* the design's mean */
}
END_TEST

/* -- metamorphoses -- */

enum {
	OFFERS = 4,
	LIMITS = 3
};

struct figures {
	float value, use[LIMITS];
};

static struct figures figures_of(uint64_t seed, size_t who, unsigned offer)
{
	uint64_t state = seed + who * 1000 + offer;
	struct figures f;

	(void)dice_next(&state);
	f.value = (float)(int)below(&state, 1000) - 200;
	for (unsigned r = 0; r < LIMITS; r++)
		f.use[r] = below(&state, 3) == 0 ? 0 : (float)(int)below(&state, 100);
	return f;
}

/* Subject i is person (i * step) mod n; value and limits times scale. */
static struct choice_problem campaign(size_t n, uint64_t seed, size_t step, float scale,
                                      const double share[LIMITS])
{
	struct choice_problem p = choice_make(n, OFFERS, LIMITS);

	for (size_t i = 0; i < n; i++) {
		for (unsigned o = 0; o < OFFERS; o++) {
			const struct figures f = figures_of(seed, i * step % n, o);
			const float use[LIMITS] = { f.use[0] * scale, f.use[1],
				                    f.use[2] };

			choice_put(&p, i, o, f.value * scale, use);
		}
	}
	for (unsigned r = 0; r < LIMITS; r++)
		p.limit[r] = floor(share[r] * (double)n) * (r == 0 ? (double)scale : 1);
	p.seed = seed;
	return p;
}

static const double usual[LIMITS] = { 20, 15, 30 };

/* Interval in which the optimum lies. */
static struct choice_result judge(size_t n, uint64_t seed, size_t step, float scale,
                                  const double share[LIMITS])
{
	struct choice_problem p = campaign(n, seed, step, scale, share);
	const struct choice_result r = solve(&p);

	choice_free(&p);
	return r;
}

static const size_t sizes[] = { 7, 12, 40, 120, 300, 5000, 30011 };

/* More than one in that many is not lost between value and bound. */
static double gap_at(size_t n)
{
	return n > 20000 ? 2e-4 : n > 1000 ? 2e-3 : n > 100 ? 0.02 : 0.06;
}

START_TEST(the_order_of_subjects_does_not_matter)
{
	const size_t n = sizes[_i];
	const struct choice_result a = judge(n, 3, 1, 1, usual);
	const struct choice_result b = judge(n, 3, n - 1, 1, usual);

	ck_assert_double_le(a.value, b.bound);
	ck_assert_double_le(b.value, a.bound);
	ck_assert_double_le(choice_gap(&a), gap_at(n));
	ck_assert_double_le(choice_gap(&b), gap_at(n));
	if (a.exact && b.exact)
		ck_assert_double_eq(a.value, b.value);
}
END_TEST

START_TEST(another_currency_changes_nothing)
{
	const size_t n = sizes[_i];
	const struct choice_result a = judge(n, 4, 1, 1, usual);
	const struct choice_result b = judge(n, 4, 1, 16, usual);

	ck_assert_double_eq_tol(16 * a.value, b.value, 1e-6 * b.value);
	ck_assert_mem_eq(a.chosen, b.chosen, n);
	ck_assert_double_eq_tol(16 * a.price[1], b.price[1], 1e-6 * b.price[1] + 1e-9);
}
END_TEST

START_TEST(a_larger_budget_never_lowers_the_value)
{
	const size_t n = sizes[_i];
	double before = -1;

	for (double money = 0; money <= 64; money = money > 0 ? 4 * money : 1) {
		const double share[LIMITS] = { money, usual[1], usual[2] };
		const struct choice_result r = judge(n, 5, 1, 1, share);

		ck_assert_double_ge(r.bound, before);
		if (r.exact || n > 1000)
			ck_assert_double_ge(r.value, before * (1 - gap_at(n)));
		before = r.value;
	}
}
END_TEST

START_TEST(without_budget_only_what_costs_nothing_is_offered)
{
	const size_t n = sizes[_i];
	const double share[LIMITS] = { 0, usual[1], usual[2] };
	struct choice_problem p = campaign(n, 6, 1, 1, share);
	const struct choice_result r = solve(&p);

	ck_assert_double_eq(r.used[0], 0);
	ck_assert_double_gt(r.value, 0);
	ck_assert_double_le(choice_gap(&r), gap_at(n));
	for (size_t i = 0; i < n; i++)
		if (r.chosen[i] != CHOICE_NONE)
			ck_assert(choice_use(choice_cell(&p, i, r.chosen[i]), 0) <= 0);
	choice_free(&p);
}
END_TEST

START_TEST(a_share_of_profit_is_kept)
{
	struct choice_problem p = choice_make(30000, 2, 2);
	uint64_t state = 12;

	for (size_t i = 0; i < p.n; i++) {
		for (unsigned o = 0; o < 2; o++) {
			const float profit = (float)(int)below(&state, 100);
			const float use[2] = { 42 - profit, 1 };

			choice_put(&p, i, o,
			           100 - profit / 2 + (float)(int)below(&state, 20), use);
		}
	}
	p.limit[1] = 20000;
	const struct choice_result r = solve(&p);

	ck_assert_double_le(r.used[0], 0);
	ck_assert_double_gt(r.price[0], 0);
	ck_assert_double_le(choice_gap(&r), 2e-4);
	choice_free(&p);
}
END_TEST

/*
 * Crowds of equals: at any price a whole crowd changes its mind at once.  A limit cuts no
 * offer in two, so that a few whole offers lie between the choice and the bound.
 */
START_TEST(crowds_of_equals_are_divided)
{
	static const unsigned kinds[] = { 1, 3, 10, 100 };
	static const float few[] = { 1, 0.1F };
	const size_t n = _i % 2 == 0 ? 3000 : 24000;

	for (size_t k = 0; k < COUNT_OF(kinds) * COUNT_OF(few); k++) {
		struct choice_problem p = choice_make(n, OFFERS, LIMITS);
		const unsigned of = kinds[k / COUNT_OF(few)];
		float most = 0;

		for (size_t i = 0; i < n; i++) {
			for (unsigned o = 0; o < OFFERS; o++) {
				const struct figures f = figures_of((uint64_t)_i + 77,
				                                    i % of, o);

				most = fmaxf(most, f.value);
				choice_put(&p, i, o, f.value, f.use);
			}
		}
		for (unsigned r = 0; r < LIMITS; r++)
			p.limit[r] = usual[r] *
			             (double)(few[k % COUNT_OF(few)] * (float)n);
		const struct choice_result r = solve(&p);

		ck_assert_msg(r.bound - r.value <= LIMITS * (double)most,
		              "%u kinds: %g of %g, an offer is worth %g", of, r.value,
		              r.bound, (double)most);
		choice_free(&p);
	}
}
END_TEST

/* So many people: none is left over by rounding, also where only a part is looked at. */
START_TEST(a_limit_of_whole_numbers_is_used_up)
{
	static const double people[LIMITS] = { 1e6, 1e6, 0 };
	struct choice_problem p = campaign(30011, 14, 1, 1, people);
	uint64_t state = 3;

	p.limit[2] = 25001;
	for (size_t i = 0; i < p.n; i++)
		for (unsigned o = 0; o < OFFERS; o++)
			choice_put(&p, i, o, 1000 + (float)(int)below(&state, 1000),
			           (const float[]){ 0, 0, 1 });
	ck_assert_double_eq(solve(&p).used[2], 25001);
	choice_free(&p);
}
END_TEST

/* -- edges -- */

START_TEST(the_same_seed_gives_the_same_choice)
{
	const struct choice_result a = judge(30011, 9, 1, 1, usual);
	const struct choice_result b = judge(30011, 9, 1, 1, usual);

	ck_assert_mem_eq(a.chosen, b.chosen, 30011);
	ck_assert_mem_eq(a.price, b.price, sizeof(a.price));
	ck_assert(!memcmp(&a.bound, &b.bound, sizeof(a.bound)));
}
END_TEST

START_TEST(nobody_and_nothing_are_fine)
{
	struct choice_problem p = choice_make(0, 1, 0);
	struct choice_result r = solve(&p);

	ck_assert_double_eq(r.value, 0);
	ck_assert_double_eq(choice_gap(&r), 0);
	choice_free(&p);
	p = choice_make(17, 3, 2);
	choice_put(&p, 16, 2, -4, (const float[]){ -1000, 1 });
	r = solve(&p);
	for (size_t i = 0; i < p.n; i++)
		ck_assert_uint_eq(r.chosen[i], CHOICE_NONE);
	choice_put(&p, 16, 2, 4, (const float[]){ 0, 0 });
	r = solve(&p);
	ck_assert_uint_eq(r.chosen[16], 2);
	choice_free(&p);
}
END_TEST

START_TEST(without_limits_each_has_his_best)
{
	struct choice_problem p = choice_make(1000, CHOICE_OFFERS, 0);
	uint64_t state = 1;
	double sum = 0;

	for (size_t i = 0; i < p.n; i++) {
		float best = 0;

		for (unsigned o = 0; o < p.keep; o++) {
			const float v = (float)(int)below(&state, 2000) - 1500;

			best = v > best ? v : best;
			choice_put(&p, i, o, v, NULL);
		}
		sum += (double)best;
	}
	const struct choice_result r = solve(&p);

	ck_assert_double_eq(r.value, sum);
	ck_assert_double_le(choice_gap(&r), 1e-11);
	choice_free(&p);
}
END_TEST

START_TEST(what_is_no_number_is_refused)
{
	static const float bad[] = { NAN, INFINITY, -INFINITY };
	struct choice_problem p = example_c();
	struct choice_result r;
	float *cell = choice_cell(&p, 2, 1);

	for (unsigned row = 0; row < 2; row++) {
		for (size_t k = 0; k < COUNT_OF(bad); k++) {
			const float was = cell[(size_t)row * CHOICE_LANES];

			cell[(size_t)row * CHOICE_LANES] = bad[k];
			ck_assert_int_eq(choice_solve(&p, &arena, &r), ERR_RANGE);
			cell[(size_t)row * CHOICE_LANES] = was;
		}
	}
	p.limit[0] = -1;
	ck_assert_int_eq(choice_solve(&p, &arena, &r), ERR_RANGE);
	p.limit[0] = HUGE_VAL;
	ck_assert_int_eq(choice_solve(&p, &arena, &r), ERR_RANGE);
	choice_free(&p);
}
END_TEST

/* Sums in float overflow and underflow; the certificate is in double. */
START_TEST(extreme_figures_keep_the_certificate)
{
	struct choice_problem p = choice_make(1000, 3, 2);
	uint64_t state = 31;

	for (size_t i = 0; i < p.n; i++) {
		for (unsigned o = 0; o < 3; o++) {
			const float big = ldexpf(1, (int)below(&state, 120));
			const float use[2] = { ldexpf(1, (int)below(&state, 240) - 120),
				               below(&state, 2) == 0 ? -big : big };

			choice_put(&p, i, o, big, use);
		}
	}
	p.limit[0] = 1e-9;
	p.limit[1] = 1;
	ck_assert_double_gt(solve(&p).bound, 0);
	choice_free(&p);
}
END_TEST

START_TEST(the_check_finds_what_is_wrong)
{
	struct choice_problem p = campaign(300, 8, 1, 1, usual);
	const struct choice_result good = solve(&p);
	struct choice_result bad = good;

	bad.value += 1;
	ck_assert(!choice_check(&p, &bad));
	bad = good;
	bad.bound *= 0.999;
	ck_assert(!choice_check(&p, &bad));
	bad = good;
	bad.bound *= 1.001;
	ck_assert(!choice_check(&p, &bad));
	bad = good;
	bad.used[1] -= 1;
	ck_assert(!choice_check(&p, &bad));
	bad = good;
	bad.price[2] = -0.5;
	ck_assert(!choice_check(&p, &bad));
	p.limit[0] = good.used[0] - 1;
	ck_assert(!choice_check(&p, &good));
	p.limit[0] = floor(usual[0] * 300);
	ck_assert(choice_check(&p, &good));
	good.chosen[5] = OFFERS;
	ck_assert(!choice_check(&p, &good));
	choice_free(&p);
}
END_TEST

/* One subject, one offer: worth 5, uses 2 of 2; each thing wrong for itself. */
static const struct {
	double used, limit, value, bound, price;
	float worth;
	bool good;
} claims[] = {
	{ 2, 2, 5, 5, 0, 5, true },      { 2, 1.5, 5, 5, 0, 5, false },
	{ 2, 2, 5, 4.5, 0.5, 5, false }, /* 5 is more than is said to be possible */
	{ 2, 2, 5, 5, -0.5, 5, false },  { 2, 2, 5, 5, (double)NAN, 5, false },
	{ 0, 2, 0, 0, 0, 0, false }, /* what is worth nothing is not chosen */
	{ 1, 2, 5, 5, 0, 5, false },
};

START_TEST(the_check_finds_each_thing_that_is_wrong)
{
	struct choice_problem p = choice_make(1, 1, 1);
	uint8_t chosen[1] = { 0 };
	const float use[] = { 2 };
	struct choice_result r = { .chosen = chosen,
		                   .value = claims[_i].value,
		                   .bound = claims[_i].bound,
		                   .exact = true };

	choice_put(&p, 0, 0, claims[_i].worth, use);
	p.limit[0] = claims[_i].limit;
	r.used[0] = claims[_i].used;
	r.price[0] = claims[_i].price;
	ck_assert_int_eq(choice_check(&p, &r), claims[_i].good);
	choice_free(&p);
}
END_TEST

/* Nobody is told of what is worth nothing, even where it would help a limit. */
START_TEST(what_is_worth_nothing_is_not_chosen)
{
	struct choice_problem p = choice_make(3000, 2, 1);
	uint64_t state = 13;

	for (size_t i = 0; i < p.n; i++) {
		const float costs = 5, brings = -4;

		choice_put(&p, i, 0, 1 + (float)(int)below(&state, 50), &costs);
		choice_put(&p, i, 1, 0, &brings);
	}
	p.limit[0] = 3000;
	const struct choice_result r = solve(&p);

	ck_assert_double_gt(r.value, 0);
	ck_assert_double_le(r.used[0], 3000);
	choice_free(&p);
}
END_TEST

/* A place without an offer is no second best: else all whose offers cost too much are near. */
START_TEST(an_empty_place_is_nobodys_second_best)
{
	struct choice_problem p = choice_make(1, 2, 1);
	const double price[CHOICE_ROWS] = { 3 };
	struct choice_best best;

	choice_put(&p, 0, 0, 4, (const float[]){ 2 });
	choice_put(&p, 0, 1, 0, (const float[]){ 0 });
	choice_best(&p, 0, price, &best);
	ck_assert_uint_eq(best.offer[0], CHOICE_NONE);
	ck_assert_double_eq(best.worth[0] - best.second[0], 2);
	choice_free(&p);
}
END_TEST

SUITE("offer/choice", tcase_add_checked_fixture(tc, begin, end);
      tcase_add_test(tc, the_worked_example_is_solved_and_proven);
      tcase_add_loop_test(tc, the_dual_of_the_worked_example_is_that_of_the_design, 0, 5);
      tcase_add_test(tc, two_thousand_small_cases_are_those_of_enumeration);
      tcase_add_loop_test(tc, the_order_of_subjects_does_not_matter, 0,
                          (int)COUNT_OF(sizes));
      tcase_add_loop_test(tc, another_currency_changes_nothing, 0, (int)COUNT_OF(sizes));
      tcase_add_loop_test(tc, a_larger_budget_never_lowers_the_value, 0,
                          (int)COUNT_OF(sizes));
      tcase_add_loop_test(tc, without_budget_only_what_costs_nothing_is_offered, 0,
                          (int)COUNT_OF(sizes));
      tcase_add_test(tc, a_share_of_profit_is_kept);
      tcase_add_loop_test(tc, crowds_of_equals_are_divided, 0, 4);
      tcase_add_test(tc, a_limit_of_whole_numbers_is_used_up);
      tcase_add_test(tc, the_same_seed_gives_the_same_choice);
      tcase_add_test(tc, nobody_and_nothing_are_fine);
      tcase_add_test(tc, without_limits_each_has_his_best);
      tcase_add_test(tc, what_is_no_number_is_refused);
      tcase_add_test(tc, extreme_figures_keep_the_certificate);
      tcase_add_test(tc, the_check_finds_what_is_wrong);
      tcase_add_loop_test(tc, the_check_finds_each_thing_that_is_wrong, 0,
                          (int)COUNT_OF(claims));
      tcase_add_test(tc, what_is_worth_nothing_is_not_chosen);
      tcase_add_test(tc, an_empty_place_is_nobodys_second_best);)
