/*
 * test_learned.c - what campaigns have measured: counted, kept as text, and believed.
 */
#include <math.h>

#include "offer/learned.h"
#include "support/suite.h"

#define ASSUMED  50000
#define BELIEVED 100

static struct arena arena;

static void begin(void)
{
	arena = arena_make(16 << 20);
}

static void end(void)
{
	arena_free(&arena);
}

static struct package package[] = { { .code = { "38", 2 }, .kind = PACKAGE_MAIN },
	                            { .code = { "CL", 2 }, .kind = PACKAGE_VAS } };
static const struct catalogue packages = { package, COUNT_OF(package) };

/* Of every hundred asked so many order. */
static void ask(struct learn_counts *c, struct str code, bool trial, unsigned cell,
                int asked, int order)
{
	for (int i = 0; i < asked; i++)
		learn_count(c, code, trial, cell, i % 100 < order);
}

static struct learned kept(const struct learn_counts *c)
{
	struct buf text = buf_make(65536);
	struct learned l;

	learned_print(c, &text);
	l = learned_parse(arena_str(&arena, buf_str(&text)), &packages, NULL, &arena);
	buf_free(&text);
	return l;
}

static int32_t ppm(const struct learned *l, size_t item, bool trial, unsigned cell)
{
	return learned_ppm(l, item, trial, cell, ASSUMED, BELIEVED, 0);
}

START_TEST(cells_are_of_stage_and_bill)
{
	unsigned last = learn_cell_of(0, 0);

	ck_assert_uint_eq(last, 0);
	ck_assert_uint_eq(learn_cell_of(0, 29999), last);
	ck_assert_uint_gt(learn_cell_of(0, 30000), last);
	ck_assert_uint_eq(learn_cell_of(0, INT64_MAX) + 1, learn_cell_of(1, INT64_MIN));
	ck_assert_uint_eq(learn_cell_of(LEARN_STAGES - 1, INT64_MAX) + 1, LEARN_ANY);
}
END_TEST

START_TEST(nothing_measured_is_what_is_assumed)
{
	struct learn_counts c = learn_counts_make(&arena);
	const struct learned l = kept(&c);

	ck_assert_int_eq(ppm(&l, 1, false, 3), ASSUMED);
	ck_assert_int_eq(ppm(NULL, 1, true, LEARN_ANY), ASSUMED);
	ck_assert_int_eq(ppm(&l, 77, true, LEARN_ANY), ASSUMED);
}
END_TEST

/* 20 % where 5 % were assumed; of one cell 40 %; and ways are kept apart. */
START_TEST(what_is_planted_is_learned)
{
	struct learn_counts c = learn_counts_make(&arena);
	struct learned l;

	ask(&c, STR("CL"), false, LEARN_ANY, 10000, 20);
	ask(&c, STR("CL"), false, 7, 5000, 40);
	ask(&c, STR("CL"), true, 7, 5000, 1);
	ask(&c, STR("gone"), false, 7, 5000, 90);
	l = kept(&c);
	ck_assert_uint_eq(learned_cell(&l, 1, false, LEARN_ANY)->sent, 15000);
	ck_assert_uint_eq(learned_cell(&l, 1, false, LEARN_ANY)->orders, 4000);
	ck_assert_uint_eq(learned_cell(&l, 1, false, 7)->sent, 5000);
	ck_assert_int_le(abs(ppm(&l, 1, false, LEARN_ANY) - 266667), 3000);
	ck_assert_int_le(abs(ppm(&l, 1, false, 7) - 400000), 4000);
	/* Nobody of that cell was asked: as of all. */
	ck_assert_int_eq(ppm(&l, 1, false, 8), ppm(&l, 1, false, LEARN_ANY));
	ck_assert_int_le(abs(ppm(&l, 1, true, 7) - 10000), 2000);
	ck_assert_int_eq(ppm(&l, 0, false, 7), ASSUMED);
}
END_TEST

/* Ten answers of a cell move what is believed of it, but do not rule it. */
START_TEST(few_answers_move_little)
{
	struct learn_counts c = learn_counts_make(&arena);
	struct learned l;
	int32_t all, mine;

	ask(&c, STR("CL"), false, LEARN_ANY, 10000, 20);
	ask(&c, STR("CL"), false, 7, 10, 100);
	l = kept(&c);
	all = ppm(&l, 1, false, LEARN_ANY);
	mine = ppm(&l, 1, false, 7);
	ck_assert_int_gt(mine, all + 50000);
	ck_assert_int_lt(mine, 300000);
}
END_TEST

/* Draws go about the mean, wide where little is known, and the same by the same seed. */
START_TEST(draws_are_of_what_is_believed)
{
	struct learn_counts c = learn_counts_make(&arena);
	struct learned l;
	double sum[2] = { 0 }, squares[2] = { 0 };
	const int n = 4000;

	ask(&c, STR("CL"), false, 7, 5000, 40);
	l = kept(&c);
	for (int i = 0; i < n; i++)
		for (unsigned k = 0; k < 2; k++) {
			const uint64_t seed = 1 + 1000 * (uint64_t)i;
			const unsigned cell = k == 0 ? 7 : 8;
			const int32_t drawn = learned_ppm(&l, 1, false, cell, ASSUMED,
			                                  BELIEVED, seed);
			const double x = drawn / 1e6;

			ck_assert_int_eq(drawn, learned_ppm(&l, 1, false, cell, ASSUMED,
			                                    BELIEVED, seed));
			sum[k] += x / n;
			squares[k] += x * x / n;
		}
	ck_assert_double_eq_tol(sum[0], 0.4, 0.01);
	ck_assert_double_eq_tol(sum[1], 0.4, 0.02);
	ck_assert_double_gt(squares[1] - sum[1] * sum[1],
	                    10 * (squares[0] - sum[0] * sum[0]));
}
END_TEST

START_TEST(other_lines_are_passed_over)
{
	static const char *const lines[] = { "CL|0|3|9\n",           "CL|0|3|9|10\n",
		                             "CL|2|3|9|1\n",         "CL|0|33|9|1\n",
		                             "CL|0|-1|9|1\n",        "CL|0|3|x|1\n",
		                             "CL|0|3|9|-1\n",        "XX|0|3|9|1\n",
		                             "CL|0|3|9999999999|1\n" };

	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		const struct learned l = learned_parse(str_of(lines[i]), &packages, NULL,
		                                       &arena);

		for (size_t item = 0; item < packages.n; item++)
			for (unsigned k = 0; k <= LEARN_ANY; k++)
				ck_assert_uint_eq(learned_cell(&l, item, false, k)->sent,
				                  0);
	}
}
END_TEST

SUITE("offer/learned", tcase_add_checked_fixture(tc, begin, end);
      tcase_add_test(tc, cells_are_of_stage_and_bill);
      tcase_add_test(tc, nothing_measured_is_what_is_assumed);
      tcase_add_test(tc, what_is_planted_is_learned);
      tcase_add_test(tc, few_answers_move_little);
      tcase_add_test(tc, draws_are_of_what_is_believed);
      tcase_add_test(tc, other_lines_are_passed_over);)
