/*
 * test_insured.c - what two packages cost, written down and read back; what is owed.
 */
#include <stdlib.h>

#include "megaline.h"
#include "offer/insured.h"
#include "support/suite.h"

static struct arena arena;

static void setup(void)
{
	arena = arena_make(1 << 20);
}

static void teardown(void)
{
	arena_free(&arena);
}

static void assert_same(const struct tariff *a, const struct tariff *b)
{
	ck_assert_int_eq(a->fee_li, b->fee_li);
	for (unsigned d = 0; d < DIMS; d++) {
		ck_assert_uint_eq(a->tier[d].n, b->tier[d].n);
		ck_assert_int_eq(a->tier[d].cap_li, b->tier[d].cap_li);
		ck_assert_mem_eq(a->tier[d].piece, b->tier[d].piece,
		                 a->tier[d].n * sizeof(a->tier[d].piece[0]));
	}
}

static struct tariff anything(void)
{
	struct tariff t = { .fee_li = rand() };

	for (unsigned d = 0; d < DIMS; d++) {
		struct tariff_tier *tier = &t.tier[d];

		tier->n = (unsigned)rand() % (TARIFF_PIECES + 1);
		tier->cap_li = rand() % 2 == 0 ? 0 : rand() | 1;
		for (unsigned j = 0; j < tier->n; j++)
			tier->piece[j] = (struct tariff_piece){
				rand(), rand() | 1,
				rand() % TARIFF_LI_MOST - rand() % TARIFF_LI_MOST
			};
	}
	return t;
}

START_TEST(what_is_written_is_read)
{
	for (int i = 0; i < 2000; i++) {
		const struct insured_terms t = { anything(), anything() };
		struct insured_terms back;
		struct str word;

		word = insured_print(&t, &arena);
		ck_assert_uint_eq(str_find(word, STR("|")), SIZE_MAX);
		ck_assert_msg(insured_parse(word, &back) == ERR_OK, "%.*s",
		              STR_ARG(word));
		assert_same(&t.was, &back.was);
		assert_same(&t.is, &back.is);
		arena_reset(&arena);
	}
}
END_TEST

/* Each number at its ends. */
static const char *const words[] = {
	"0///>2147483647///",
	"1/0,1,-4194304^1//>1/0,2147483647,4194304^2147483647//",
	"1/1,1,1+1,1,1+1,1,1+1,1,1//>1///^7",
};

START_TEST(what_is_read_is_written)
{
	struct insured_terms t;

	ck_assert_int_eq(insured_parse(str_of(words[_i]), &t), ERR_OK);
	ck_assert_str_eq(insured_print(&t, &arena).p, words[_i]);
}
END_TEST

static const char *const garbage[] = {
	"",
	">",
	"1",
	"1///>",
	">1///",
	"1//>1///",
	"1////>1///",
	"-1///>1///",
	"1///>1///>1///",
	"1/1/,>1///",
	"1/1,0,1//>1///",
	"1/-1,1,1//>1///",
	"1/1,1,1,1//>1///",
	"1/1,1,4194305//>1///",
	"1/1,1,1^0//>1///",
	"1/1,1,1^1^1//>1///",
	"1/1,1,1+//>1///",
	"1/1,1,1+1,1,1+1,1,1+1,1,1+1,1,1//>1///",
	"1/x//>1///",
	"99999999999///>1///",
	"1/99999999999,1,1//>1///",
};

START_TEST(garbage_is_refused)
{
	struct insured_terms t = { .was.fee_li = 77 };

	ck_assert_msg(insured_parse(str_of(garbage[_i]), &t) == ERR_SYNTAX, "%s",
	              garbage[_i]);
	ck_assert_int_eq(t.was.fee_li, 77);
}
END_TEST

START_TEST(owed_is_what_was_dearer)
{
	int32_t use[DIMS] = { 0, 0, 15 * GB };

	ck_assert_int_eq(
		offer_owed_fen(&megaline_tariff[ULTIMATE], &megaline_tariff[SURF], use),
		0);
	use[DIM_DATA] = 20 * GB; /* 70 and 70: no dearer */
	ck_assert_int_eq(
		offer_owed_fen(&megaline_tariff[ULTIMATE], &megaline_tariff[SURF], use),
		0);
	use[DIM_SMS] = 51; /* 30 li: 3 fen */
	ck_assert_int_eq(
		offer_owed_fen(&megaline_tariff[ULTIMATE], &megaline_tariff[SURF], use),
		3);
	ck_assert_int_eq(
		offer_owed_fen(&megaline_tariff[SURF], &megaline_tariff[ULTIMATE], use),
		0);
}
END_TEST

START_TEST(a_begun_fen_is_owed_whole)
{
	const struct tariff was = { .fee_li = 1000 };
	struct tariff is = was;
	const int32_t use[DIMS] = { 0 };

	is.fee_li = 1001;
	ck_assert_int_eq(offer_owed_fen(&was, &is, use), 1);
	is.fee_li = 1010;
	ck_assert_int_eq(offer_owed_fen(&was, &is, use), 1);
	is.fee_li = 1011;
	ck_assert_int_eq(offer_owed_fen(&was, &is, use), 2);
}
END_TEST

SUITE("offer/insured", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, what_is_written_is_read);
      tcase_add_loop_test(tc, what_is_read_is_written, 0, COUNT_OF(words));
      tcase_add_loop_test(tc, garbage_is_refused, 0,
                          (int)(sizeof(garbage) / sizeof(garbage[0])));
      tcase_add_test(tc, owed_is_what_was_dearer);
      tcase_add_test(tc, a_begun_fen_is_owed_whole);)
