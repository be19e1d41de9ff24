/*
 * test_lift.c - what is held together, against counting one by one.
 */
#include <string.h>

#include "offer/lift.h"
#include "support/suite.h"

enum {
	PEOPLE = 10000,
	ITEMS = 130,
	A = 3,
	B = 64,
	ALONE = 100
};

static struct arena arena;
static struct offer_set owned[PEOPLE];

static void put(struct offer_set *s, size_t item)
{
	s->bit[item / 64] |= UINT64_C(1) << item % 64;
}

static bool has(const struct offer_set *s, size_t item)
{
	return s->bit[item / 64] >> item % 64 & 1;
}

static uint64_t random_of(uint64_t *state)
{
	*state = *state * 6364136223846793005 + 1442695040888963407;
	return *state >> 33;
}

/* A is held by 1 in 5; B by 1 in 2 of those and 1 in 10 of others: lift 0.5 / 0.18. */
static void begin(void)
{
	uint64_t state = 5;

	arena = arena_make(16 << 20);
	memset(owned, 0, sizeof(owned));
	for (size_t i = 0; i < PEOPLE; i++) {
		const bool a = random_of(&state) % 5 == 0;

		if (a)
			put(&owned[i], A);
		if (random_of(&state) % (a ? 2 : 10) == 0)
			put(&owned[i], B);
		if (random_of(&state) % 4 == 0)
			put(&owned[i], ALONE);
		for (int k = 0; k < 3; k++)
			put(&owned[i], random_of(&state) % TARIFF_MOST);
	}
}

static void end(void)
{
	arena_free(&arena);
}

static struct lift_counts counted(void)
{
	struct lift_counts c = lift_counts_make(ITEMS, &arena);

	lift_count(&c, owned, 4500);
	lift_count(&c, owned + 4500, PEOPLE - 4500);
	return c;
}

START_TEST(counts_are_those_of_counting_one_by_one)
{
	const struct lift_counts c = counted();

	ck_assert_uint_eq(c.n, PEOPLE);
	for (size_t a = 0; a < ITEMS; a++) {
		for (size_t b = 0; b < ITEMS; b++) {
			uint32_t both = 0;

			for (size_t i = 0; i < PEOPLE; i++)
				both += has(&owned[i], a) && has(&owned[i], b) ? 1 : 0;
			if (a == b)
				ck_assert_uint_eq(c.one[a], both);
			else
				ck_assert_uint_eq(c.pair[a * ITEMS + b], both);
		}
	}
}
END_TEST

START_TEST(a_planted_relation_is_found_with_its_size)
{
	const struct lift_counts c = counted();
	struct offer_set mine = { { 0 } }, all;
	struct lift best[3];

	memset(&all, 0xff, sizeof(all));
	put(&mine, A);
	put(&mine, ALONE);
	ck_assert_uint_eq(lift_best(&c, &mine, &all, 500, best, 3), 1);
	ck_assert_uint_eq(best[0].offered, B);
	ck_assert_uint_eq(best[0].held, A);
	ck_assert_int_ge(best[0].lift_mil, 2600);
	ck_assert_int_le(best[0].lift_mil, 2950);
	ck_assert_uint_eq(best[0].support, c.pair[A * ITEMS + B]);
	ck_assert_int_eq(best[0].lift_mil, (int64_t)PEOPLE * best[0].support * 1000 /
	                                           ((int64_t)c.one[A] * c.one[B]));
}
END_TEST

START_TEST(the_list_is_sorted_and_holds_the_best)
{
	const struct lift_counts c = counted();
	struct offer_set mine = { { 0 } }, all;
	struct lift whole[ITEMS], few[4];
	size_t n;

	memset(&all, 0xff, sizeof(all));
	put(&mine, A);
	put(&mine, 20);
	n = lift_best(&c, &mine, &all, 1, whole, ITEMS);
	ck_assert_uint_gt(n, 20);
	for (size_t i = 0; i < n; i++) {
		ck_assert(!has(&mine, whole[i].offered) && has(&mine, whole[i].held));
		ck_assert_uint_ge(whole[i].support, 1);
		if (i > 0)
			ck_assert_int_le(whole[i].lift_mil, whole[i - 1].lift_mil);
		for (size_t k = 0; k < i; k++)
			ck_assert_uint_ne(whole[k].offered, whole[i].offered);
	}
	ck_assert_uint_eq(lift_best(&c, &mine, &all, 1, few, 4), 4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_eq(few[i].offered, whole[i].offered);
}
END_TEST

START_TEST(what_is_not_allowed_not_supported_or_unasked_is_left_out)
{
	const struct lift_counts c = counted();
	struct offer_set mine = { { 0 } }, allowed = { { 0 } };
	struct lift best[2];

	put(&mine, A);
	ck_assert_uint_eq(lift_best(&c, &mine, &allowed, 1, best, 2), 0);
	put(&allowed, B);
	ck_assert_uint_eq(lift_best(&c, &mine, &allowed, 1, best, 2), 1);
	ck_assert_uint_eq(lift_best(&c, &mine, &allowed, 1, best, 0), 0);
	ck_assert_uint_eq(
		lift_best(&c, &mine, &allowed, c.pair[A * ITEMS + B] + 1, best, 2), 0);
	put(&mine, B);
	ck_assert_uint_eq(lift_best(&c, &mine, &allowed, 1, best, 2), 0);
}
END_TEST

START_TEST(nobody_counted_is_fine)
{
	const struct lift_counts c = lift_counts_make(ITEMS, &arena);
	struct offer_set all;
	struct lift best[2];

	memset(&all, 0xff, sizeof(all));
	ck_assert_uint_eq(lift_best(&c, &all, &all, 0, best, 2), 0);
	ck_assert_uint_eq(lift_best(&c, &owned[0], &all, 0, best, 2), 0);
}
END_TEST

/* ---- as text, and who holds what ---- */

static struct package packages[3];
static const struct catalogue three = { packages, 3 };

static void name_them(void)
{
	packages[0].code = STR("38");
	packages[1].code = STR("CL");
	packages[2].code = STR("LX");
}

START_TEST(counts_are_kept_as_text)
{
	struct buf text = buf_make(1024);
	struct lift_counts c, again;

	name_them();
	c = lift_counts_make(3, &arena);
	c.n = 9;
	c.one[0] = 5;
	c.one[2] = 4;
	c.pair[0 * 3 + 2] = c.pair[2 * 3 + 0] = 3;
	lift_print(&c, &three, &text);
	ck_assert_str_eq(buf_cstr(&text), "|9\n38|5\nLX|4\nLX|38|3\n");
	again = lift_parse(buf_str(&text), &three, &arena);
	ck_assert_uint_eq(again.n, c.n);
	ck_assert_uint_eq(again.items, 3);
	ck_assert_mem_eq(again.one, c.one, 3 * sizeof(*c.one));
	ck_assert_mem_eq(again.pair, c.pair, 9 * sizeof(*c.pair));
	buf_free(&text);
}
END_TEST

/* What is no line, or of no package, is passed over; without people nothing counts. */
START_TEST(other_lines_are_passed_over)
{
	struct lift_counts c;

	name_them();
	c = lift_parse(STR("|7\nGONE|3\nCL|x\nCL|-1\nCL\nCL|GONE|2\nCL|CL|2\n38|6\n"
	                   "CL|38|2|9\n||\nLX|99999999999\n"),
	               &three, &arena);
	ck_assert_uint_eq(c.n, 7);
	ck_assert_uint_eq(c.one[0], 6);
	ck_assert_uint_eq(c.one[1] + c.one[2], 0);
	ck_assert_uint_eq(c.pair[1 * 3 + 1], 0);
	c = lift_parse(STR("38|6\nCL|2\nCL|38|2\n"), &three, &arena);
	ck_assert_uint_eq(c.n + c.one[0] + c.pair[3], 0);
}
END_TEST

START_TEST(trials_and_what_is_over_are_not_held)
{
	static const struct {
		int64_t until;
		bool trial, held;
	} of[] = { { 0, false, true },
		   { 100, false, true },
		   { 99, false, false },
		   { 0, true, false },
		   { 200, true, false } };

	name_them();
	for (size_t i = 0; i < COUNT_OF(of); i++) {
		const struct subscription s = { .package = STR("LX"),
			                        .until = of[i].until,
			                        .trial = of[i].trial };
		struct offer_set set = { 0 };

		offer_owned(&three, STR("38"), &s, 1, 100, &set);
		ck_assert(offer_has(&set, 0));
		ck_assert_int_eq(offer_has(&set, 2), of[i].held);
	}
}
END_TEST

SUITE("offer/lift", tcase_add_checked_fixture(tc, begin, end);
      tcase_add_test(tc, counts_are_those_of_counting_one_by_one);
      tcase_add_test(tc, a_planted_relation_is_found_with_its_size);
      tcase_add_test(tc, the_list_is_sorted_and_holds_the_best);
      tcase_add_test(tc, what_is_not_allowed_not_supported_or_unasked_is_left_out);
      tcase_add_test(tc, nobody_counted_is_fine);
      tcase_add_test(tc, counts_are_kept_as_text);
      tcase_add_test(tc, other_lines_are_passed_over);
      tcase_add_test(tc, trials_and_what_is_over_are_not_held);)
