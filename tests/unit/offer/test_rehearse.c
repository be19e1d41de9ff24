/*
 * test_rehearse.c - what new tariffs would do, by hand and by what has to hold.
 */
#include "offer/rehearse.h"
#include "support/suite.h"

enum {
	GB = 1024 * 1024,
	PEOPLE = 40
};

#define CODE(s) .code = { s, sizeof(s) - 1 }

static struct arena a;
static struct package package[] = {
	{ CODE("A"), .fee_fen = 3000, .data_kib = 10 * GB, .over_data_fen_per_block = 500,
	  .data_block_kib = GB, .cost_fen = 1000, .on_sale = true },
	{ CODE("B"), .fee_fen = 5000, .data_kib = 30 * GB, .over_data_fen_per_block = 500,
	  .data_block_kib = GB, .cost_fen = 2000, .on_sale = true },
	{ CODE("C"), .fee_fen = 9000, .data_kib = 90 * GB, .cost_fen = 3000,
	  .on_sale = true },
};
static struct tariff was[3];
static struct tariffs tariffs;
static struct policy policy;
static struct usage_set use;
static struct offer_set all;
static uint16_t tariff[PEOPLE], class[PEOPLE];
static uint8_t stage[PEOPLE], since[PEOPLE];
static int32_t addons[PEOPLE];
static bool bound[PEOPLE];
static const struct mass_subjects subjects = { tariff, stage, class, &all, addons,
	                                       since,  bound, NULL,  NULL };
static struct rehearsal r;

/* Each with the same data in all months; nobody uses anything else. */
static void put(size_t i, uint16_t of, const int64_t gb[USAGE_MONTHS])
{
	tariff[i] = of;
	for (int m = 0; m < USAGE_MONTHS; m++) {
		const struct usage_month u = { .month = use.last - USAGE_MONTHS + 1 + m,
			                       .data_kib = gb[m] * GB };

		usage_set_put(&use, i, &u, 1);
	}
}

static void setup(void)
{
	static const int64_t steady[] = { 12, 12, 12, 12, 12, 12 };
	const struct catalogue c = { package, COUNT_OF(package) };

	a = arena_make(SIZE_MAX);
	tariffs_make(&c, &a, &tariffs);
	memcpy(was, tariffs.tariff, sizeof(was));
	policy = policy_defaults();
	for (unsigned d = 0; d < DIMS; d++)
		policy.cost_li_per[d] = 0;
	use = usage_set_make(PEOPLE, month_make(2026, 9));
	all = (struct offer_set){ { 7 } };
	for (size_t i = 0; i < PEOPLE; i++) {
		put(i, (uint16_t)(i % 3), steady);
		stage[i] = STAGE_ENDING;
		class[i] = 0;
		since[i] = 255;
		addons[i] = 0;
		bound[i] = false;
	}
}

static void teardown(void)
{
	rehearsal_end(&r);
	usage_set_free(&use);
	arena_free(&a);
}

static void run(void)
{
	rehearsal_end(&r);
	r = rehearsal_begin(&tariffs, was, &policy, &a);
	rehearse(&r, &use, &subjects);
}

static size_t moves(enum rehearse_course c, size_t from, size_t to)
{
	return r.course[c].moves[from * tariffs.n + to];
}

/* 12 GB: A is 30 + 2 * 5 = 40 yuan, B 50, C 90; 14 hold A, 13 B, 13 C. */
START_TEST(who_asks_takes_the_cheapest)
{
	run();
	ck_assert_uint_eq(r.subjects, PEOPLE);
	ck_assert_int_eq(r.revenue_li, 14 * 40000 + 13 * 50000 + 13 * 90000);
	ck_assert_int_eq(r.margin_li, 14 * 30000 + 13 * 30000 + 13 * 60000);
	ck_assert_int_eq(r.course[REHEARSE_STAY].revenue_li, r.revenue_li);
	ck_assert_int_eq(r.course[REHEARSE_STAY].margin_li, r.margin_li);
	ck_assert_uint_eq(r.course[REHEARSE_STAY].same, PEOPLE);
	ck_assert_int_eq(r.course[REHEARSE_ASK].revenue_li, PEOPLE * 40000);
	ck_assert_int_eq(r.course[REHEARSE_ASK].margin_li, PEOPLE * 30000);
	ck_assert_uint_eq(moves(REHEARSE_ASK, 0, 0), 14);
	ck_assert_uint_eq(moves(REHEARSE_ASK, 1, 0), 13);
	ck_assert_uint_eq(moves(REHEARSE_ASK, 2, 0), 13);
	ck_assert_uint_eq(r.course[REHEARSE_ASK].winners, 26);
	ck_assert_int_eq(r.course[REHEARSE_ASK].won_li, 13 * 10000 + 13 * 50000);
	ck_assert_int_eq(rehearsed_percentile(&r.course[REHEARSE_ASK], 50), 10);
	ck_assert_int_eq(rehearsed_percentile(&r.course[REHEARSE_ASK], 51), 50);
	/* 10 of 50 are 20 %, 50 of 90 are more than 50 % with the others. */
	ck_assert_uint_eq(r.course[REHEARSE_ASK].depth[REHEARSE_DEPTHS / 2], 14);
	ck_assert_uint_eq(r.course[REHEARSE_ASK].depth[REHEARSE_DEPTHS / 2 + 4], 13);
	ck_assert_uint_eq(r.course[REHEARSE_ASK].depth[REHEARSE_DEPTHS - 1], 13);
}
END_TEST

/* 25 % at most: B to A gives 20 %; C to B 44 %, C to A 56 %. */
START_TEST(who_is_pushed_takes_what_the_guards_let_through)
{
	policy.give_bp = 10000;
	run();
	ck_assert_uint_eq(moves(REHEARSE_PUSH, 1, 0), 13);
	ck_assert_uint_eq(moves(REHEARSE_PUSH, 2, 2), 13);
	ck_assert_int_eq(r.course[REHEARSE_PUSH].revenue_li, 27 * 40000 + 13 * 90000);
}
END_TEST

START_TEST(what_gets_dearer_makes_losers_who_stay_and_movers_who_ask)
{
	struct package dearer[COUNT_OF(package)];
	const struct catalogue c = { dearer, COUNT_OF(dearer) };

	memcpy(dearer, package, sizeof(dearer));
	dearer[0].fee_fen += 1500; /* A: 55 yuan with 12 GB; B is 50 */
	dearer[0].cost_fen += 300;
	tariffs_make(&c, &a, &tariffs);
	run();
	ck_assert_int_eq(r.revenue_li, 14 * 40000 + 13 * 50000 + 13 * 90000);
	ck_assert_int_eq(r.margin_li, 14 * 30000 + 13 * 30000 + 13 * 60000);
	ck_assert_uint_eq(r.course[REHEARSE_STAY].losers, 14);
	ck_assert_int_eq(r.course[REHEARSE_STAY].lost_li, 14 * 15000);
	ck_assert_int_eq(r.course[REHEARSE_STAY].margin_li - r.margin_li, 14 * 12000);
	ck_assert_uint_eq(moves(REHEARSE_ASK, 0, 1), 14);
	ck_assert_uint_eq(r.course[REHEARSE_ASK].losers, 14);
	ck_assert_int_eq(r.course[REHEARSE_ASK].lost_li, 14 * 10000);
}
END_TEST

/* 12 GB with A: 30 yuan and two blocks beyond; each change for itself. */
static const struct {
	int64_t cost_fen, over_fen; /* added */
	int64_t lost_li, margin_li; /* of each who holds A and stays */
} alone[] = {
	{ 300, 0, 0, -3000 },
	{ 0, 250, 5000, 5000 },
};

START_TEST(a_cost_or_a_price_that_changes_alone_is_a_change)
{
	struct package other[COUNT_OF(package)];
	const struct catalogue c = { other, COUNT_OF(other) };
	const struct rehearsed *stay = &r.course[REHEARSE_STAY];

	memcpy(other, package, sizeof(other));
	other[0].cost_fen += alone[_i].cost_fen;
	other[0].over_data_fen_per_block += alone[_i].over_fen;
	tariffs_make(&c, &a, &tariffs);
	run();
	ck_assert_int_eq(r.revenue_li, 14 * 40000 + 13 * 50000 + 13 * 90000);
	ck_assert_int_eq(r.margin_li, 14 * 30000 + 13 * 30000 + 13 * 60000);
	ck_assert_int_eq(stay->lost_li, 14 * alone[_i].lost_li);
	ck_assert_int_eq(stay->margin_li - r.margin_li, 14 * alone[_i].margin_li);
}
END_TEST

/* 400 GB at 1,000 yuan beyond 10: 390,030 yuan, which ten times passes int32; C is 90. */
START_TEST(bills_that_pass_int32_are_added_up_whole)
{
	static const int64_t much[] = { 400, 400, 400, 400, 400, 400 };
	struct package dear[COUNT_OF(package)], dearer[COUNT_OF(package)];
	const struct catalogue c = { dear, COUNT_OF(dear) };
	const struct catalogue changed = { dearer, COUNT_OF(dearer) };
	const int64_t li = INT64_C(390030000);

	memcpy(dear, package, sizeof(dear));
	dear[0].over_data_fen_per_block = 100000;
	memcpy(dearer, dear, sizeof(dearer));
	dearer[0].fee_fen += 1;
	put(0, 0, much);
	use.n = 1;
	tariffs_make(&c, &a, &tariffs);
	memcpy(was, tariffs.tariff, sizeof(was));
	tariffs_make(&changed, &a, &tariffs);
	run();
	use.n = PEOPLE;
	ck_assert_int_eq(r.revenue_li, li);
	ck_assert_int_eq(r.margin_li, li - 10000);
	ck_assert_int_eq(r.course[REHEARSE_STAY].revenue_li, li + 10);
	ck_assert_int_eq(r.course[REHEARSE_STAY].margin_li, li + 10 - 10000);
	ck_assert_int_eq(r.course[REHEARSE_STAY].lost_li, 10);
	ck_assert_int_eq(r.course[REHEARSE_STAY].won_li, 0);
	ck_assert_int_eq(r.course[REHEARSE_ASK].revenue_li, 90000);
	ck_assert_int_eq(r.course[REHEARSE_ASK].margin_li, 60000);
	ck_assert_int_eq(r.course[REHEARSE_ASK].won_li, li - 90000);
}
END_TEST

/* Chosen by 12 GB, the last three months have 40: B would have been 50 + 10 * 5. */
START_TEST(the_reserve_is_what_the_choice_of_earlier_months_cost_later)
{
	static const int64_t grew[] = { 12, 12, 12, 40, 40, 40 };

	for (size_t i = 0; i < PEOPLE; i++)
		put(i, 1, grew); /* holds B: 50 yuan then, 100 later; A: 40, later 180 */
	run();
	ck_assert_uint_eq(r.course[REHEARSE_ASK].insured, PEOPLE);
	ck_assert_uint_eq(r.course[REHEARSE_ASK].credited, PEOPLE);
	ck_assert_int_eq(r.course[REHEARSE_ASK].reserve_fen, PEOPLE * 3 * 8000);
	ck_assert_uint_eq(r.course[REHEARSE_STAY].insured, 0);
	policy.insured_months = 0;
	run();
	ck_assert_uint_eq(r.course[REHEARSE_ASK].insured, 0);
}
END_TEST

/* A costs 40, 40, 40 when it is chosen; B, 50 a month, is no dearer later. */
START_TEST(who_pays_no_more_is_insured_and_not_credited)
{
	for (size_t i = 0; i < PEOPLE; i++)
		tariff[i] = 1;
	run();
	ck_assert_uint_eq(r.course[REHEARSE_ASK].insured, PEOPLE);
	ck_assert_uint_eq(r.course[REHEARSE_ASK].credited, 0);
	ck_assert_int_eq(r.course[REHEARSE_ASK].reserve_fen, 0);
}
END_TEST

START_TEST(what_is_estimated_is_not_insured)
{
	const uint8_t estimated[PEOPLE] = { [1] = 1 }; /* of who moves from B to A */
	struct mass_subjects some = subjects;

	some.estimated = estimated;
	run();
	ck_assert_uint_eq(r.course[REHEARSE_ASK].insured, 26);
	rehearsal_end(&r);
	r = rehearsal_begin(&tariffs, was, &policy, &a);
	rehearse(&r, &use, &some);
	ck_assert_uint_eq(r.course[REHEARSE_ASK].insured, 25);
}
END_TEST

/* Insured for all six months, it is chosen by the first, which owes nothing. */
START_TEST(the_month_that_it_is_chosen_by_owes_nothing)
{
	static const int64_t grew[] = { 12, 40, 40, 40, 40, 40 };

	policy.insured_months = USAGE_MONTHS;
	for (size_t i = 0; i < PEOPLE; i++)
		put(i, 1, grew); /* A: 40, later 180; B: 50, later 100 */
	run();
	ck_assert_int_eq(r.course[REHEARSE_ASK].reserve_fen, PEOPLE * 5 * 8000);
}
END_TEST

/* What A costs more and less than now by fen; steps are begun by what is beyond. */
static const struct {
	int64_t fen;
	int depth, yuan; /* bands from the middle */
} moved[] = {
	{ 0, 0, 0 },      { 1, 1, 1 },      { 100, 1, 1 },    { 101, 1, 2 },
	{ 200, 1, 2 },    { 201, 2, 3 },    { -1, -1, -1 },   { -100, -1, -1 },
	{ -101, -1, -2 }, { -200, -1, -2 }, { -201, -2, -3 }, { -400, -2, -4 },
};

START_TEST(bands_are_begun_by_what_is_beyond)
{
	struct package other[COUNT_OF(package)];
	const struct catalogue c = { other, COUNT_OF(other) };
	const struct rehearsed *stay = &r.course[REHEARSE_STAY];

	memcpy(other, package, sizeof(other));
	other[0].fee_fen -= moved[_i].fen; /* of 40 yuan, 5 % are 2 */
	tariffs_make(&c, &a, &tariffs);
	use.n = 1;
	run();
	use.n = PEOPLE;
	ck_assert_uint_eq(stay->depth[REHEARSE_DEPTHS / 2 + moved[_i].depth], 1);
	ck_assert_uint_eq(stay->yuan[REHEARSE_NOUGHT + moved[_i].yuan],
	                  moved[_i].fen != 0);
}
END_TEST

START_TEST(who_asks_moves_for_what_is_worth_naming)
{
	struct package twice[COUNT_OF(package)];
	const struct catalogue c = { twice, COUNT_OF(twice) };

	policy.asked_li = 10000; /* what A saves to who has B */
	run();
	ck_assert_uint_eq(moves(REHEARSE_ASK, 1, 0), 13);
	policy.asked_li = 10001;
	run();
	ck_assert_uint_eq(moves(REHEARSE_ASK, 1, 0), 0);
	policy.asked_li = 0;
	memcpy(twice, package, sizeof(twice));
	twice[1] = package[0]; /* what saves nothing is never */
	tariffs_make(&c, &a, &tariffs);
	run();
	ck_assert_uint_eq(moves(REHEARSE_ASK, 0, 1) + moves(REHEARSE_ASK, 1, 0), 0);
}
END_TEST

START_TEST(thin_are_those_of_fewer_months_than_the_least)
{
	use.usable[0] = 0x38;
	use.usable[1] = 0x30;
	run();
	ck_assert_uint_eq(r.thin, 1);
}
END_TEST

START_TEST(half_and_half_has_the_lower_as_its_middle)
{
	struct rehearsed x = { 0 };

	ck_assert_int_eq(rehearsed_percentile(&x, 50), 0);
	x.yuan[REHEARSE_NOUGHT - 4] = x.yuan[REHEARSE_NOUGHT + 9] = 3;
	ck_assert_int_eq(rehearsed_percentile(&x, 0), -4);
	ck_assert_int_eq(rehearsed_percentile(&x, 50), -4);
	ck_assert_int_eq(rehearsed_percentile(&x, 51), 9);
	ck_assert_int_eq(rehearsed_percentile(&x, 100), 9);
}
END_TEST

/* What has to hold of every course. */
static void assert_sums(void)
{
	for (size_t c = 0; c < REHEARSE_COURSE_COUNT; c++) {
		const struct rehearsed *x = &r.course[c];
		size_t n = 0, deep = 0, bands = 0;

		for (size_t i = 0; i < tariffs.n * tariffs.n; i++)
			n += x->moves[i];
		for (size_t i = 0; i < REHEARSE_DEPTHS; i++)
			deep += x->depth[i];
		for (size_t i = 0; i < REHEARSE_YUAN; i++)
			bands += x->yuan[i];
		ck_assert_uint_eq(n, r.subjects);
		ck_assert_uint_eq(x->winners + x->losers + x->same, r.subjects);
		ck_assert_uint_eq(bands, x->winners + x->losers);
		ck_assert_uint_le(deep, r.subjects);
		ck_assert_int_eq(r.revenue_li - x->revenue_li, x->won_li - x->lost_li);
	}
	ck_assert_int_le(r.course[REHEARSE_ASK].revenue_li,
	                 r.course[REHEARSE_STAY].revenue_li);
}

START_TEST(sums_agree_and_portions_do_not_matter)
{
	int64_t whole;

	for (size_t i = 0; i < PEOPLE; i++) {
		int64_t gb[USAGE_MONTHS];

		for (size_t m = 0; m < USAGE_MONTHS; m++)
			gb[m] = (int64_t)((i * 7 + m * 5) % 60);
		put(i, (uint16_t)(i * 5 % 3), gb);
	}
	tariff[7] = MASS_NONE;
	use.usable[9] = 0;
	run();
	assert_sums();
	ck_assert_uint_eq(r.subjects, PEOPLE - 2);
	ck_assert_uint_eq(r.unknown, 2);
	whole = r.course[REHEARSE_ASK].revenue_li;
	rehearsal_end(&r);
	r = rehearsal_begin(&tariffs, was, &policy, &a);
	use.n = 16;
	rehearse(&r, &use, &subjects);
	{
		const struct mass_subjects rest = { tariff + 16, stage,  class,
			                            &all,        addons, since,
			                            bound,       NULL,   NULL };
		struct usage_set later = use;

		later.use = usage_block(&use, 1);
		later.usable += 16;
		later.n = PEOPLE - 16;
		rehearse(&r, &later, &rest);
	}
	use.n = PEOPLE;
	assert_sums();
	ck_assert_int_eq(r.course[REHEARSE_ASK].revenue_li, whole);
}
END_TEST

START_TEST(moves_come_most_first)
{
	struct rehearsed_move *m;

	tariff[0] = 1; /* 14 from B, 13 from C */
	run();
	ck_assert_uint_eq(rehearsed_moves(&r, REHEARSE_ASK, &a, &m), 2);
	ck_assert_uint_eq(m[0].from, 1);
	ck_assert_uint_eq(m[0].n, 14);
	ck_assert_uint_eq(m[1].from, 2);
	ck_assert_uint_eq(rehearsed_moves(&r, REHEARSE_STAY, &a, &m), 0);
}
END_TEST

SUITE("offer/rehearse", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, who_asks_takes_the_cheapest);
      tcase_add_test(tc, who_is_pushed_takes_what_the_guards_let_through);
      tcase_add_test(tc, what_gets_dearer_makes_losers_who_stay_and_movers_who_ask);
      tcase_add_loop_test(tc, a_cost_or_a_price_that_changes_alone_is_a_change, 0,
                          (int)COUNT_OF(alone));
      tcase_add_test(tc, bills_that_pass_int32_are_added_up_whole);
      tcase_add_test(tc, the_reserve_is_what_the_choice_of_earlier_months_cost_later);
      tcase_add_test(tc, who_pays_no_more_is_insured_and_not_credited);
      tcase_add_test(tc, what_is_estimated_is_not_insured);
      tcase_add_test(tc, the_month_that_it_is_chosen_by_owes_nothing);
      tcase_add_loop_test(tc, bands_are_begun_by_what_is_beyond, 0, COUNT_OF(moved));
      tcase_add_test(tc, who_asks_moves_for_what_is_worth_naming);
      tcase_add_test(tc, thin_are_those_of_fewer_months_than_the_least);
      tcase_add_test(tc, half_and_half_has_the_lower_as_its_middle);
      tcase_add_test(tc, sums_agree_and_portions_do_not_matter);
      tcase_add_test(tc, moves_come_most_first);)
