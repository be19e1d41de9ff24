/*
 * test_match.c - the matcher: the worked examples A and B of the design, each guard just
 * inside and just outside, and what must hold whatever the figures are.
 */
#include <stdlib.h>

#include "megaline.h"
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

static struct subject someone(size_t tariff, enum stage stage)
{
	struct subject s = { .tariff = tariff,
		             .stage = stage,
		             .months_since_change = INT32_MAX };

	for (size_t i = 0; i < MEGALINE; i++)
		offer_add(&s.allowed, i);
	return s;
}

/* The newest last, as they stand in the design. */
static void put_gb(struct subject *s, const int32_t *gb, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		s->use[USAGE_MONTHS - n + i][DIM_DATA] = gb[i] * GB;
		s->usable |= (uint8_t)(1U << (USAGE_MONTHS - n + i));
	}
}

static const struct candidate *of(const struct match *m, size_t tariff)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->of[i].tariff == tariff)
			return &m->of[i];
	ck_abort_msg("no candidate of tariff %zu", tariff);
}

static bool failed(const struct candidate *c, enum guard g)
{
	return (c->failed >> g & 1) != 0;
}

/* ---- example A ---- */

static struct policy evenly(const int32_t weight[USAGE_MONTHS])
{
	struct policy p = policy_defaults();

	memcpy(p.weight, weight, sizeof(p.weight));
	return p;
}

static struct match user_1001(const struct policy *p, enum stage stage)
{
	static const int32_t gb[] = { 7, 14, 22, 19, 19 };
	struct subject s = someone(SURF, stage);
	struct match m;

	put_gb(&s, gb, 5);
	s.use[3][DIM_SMS] = 53; /* the 9 cents of the month of 90.09 */
	offer_match(&megaline, p, &s, &arena, &m);
	return m;
}

START_TEST(example_a_five_months)
{
	static const int32_t all[] = { 1, 1, 1, 1, 1, 1 };
	static const int64_t surf[] = { 0, 20000, 20000, 90090, 60000, 60000 };
	static const int64_t middle[] = { 0, 45000, 45000, 61000, 45000, 45000 };
	const struct policy p = evenly(all);
	const struct match m = user_1001(&p, STAGE_AT_RISK);
	const struct candidate *mid = of(&m, MIDDLE), *ult = of(&m, ULTIMATE);

	ck_assert_uint_eq(m.months, 5);
	ck_assert_mem_eq(m.now.bill_li, surf, sizeof(surf));
	ck_assert_mem_eq(mid->bill_li, middle, sizeof(middle));
	ck_assert_int_eq(offer_month_fen(&m, m.now.weighted_li), 5002);
	ck_assert_int_eq(offer_month_fen(&m, mid->weighted_li), 4820);
	ck_assert_int_eq(offer_month_fen(&m, ult->weighted_li), 7000);
	ck_assert_uint_eq(ult->months_better, 1);
	ck_assert(failed(ult, GUARD_REGRET));
	ck_assert_uint_eq(mid->months_better, 3);
	ck_assert_int_eq(mid->worst_li, 25000);
	ck_assert(failed(mid, GUARD_REGRET) && failed(mid, GUARD_SHOCK));
	ck_assert_ptr_null(offer_best(&m));
	/* Who asks is told of the one that is cheaper on average. */
	ck_assert_ptr_eq(offer_cheapest(&p, &m), mid);
	ck_assert_uint_eq(m.beyond[DIM_DATA].months, 3);
	ck_assert_int_eq(m.beyond[DIM_DATA].li, 70000 + 40000 + 40000);
	ck_assert_uint_eq(m.beyond[DIM_SMS].months, 1);
	ck_assert_int_eq(m.beyond[DIM_SMS].li, 90);
	ck_assert_uint_eq(m.beyond[DIM_VOICE].months, 0);
}
END_TEST

START_TEST(example_a_last_three)
{
	static const int32_t last[] = { 0, 0, 0, 1, 1, 1 };
	struct policy p = evenly(last);
	struct match m;
	const struct candidate *mid, *ult;

	p.stage[STAGE_AT_RISK].depth_bp = 3000;
	p.stage[STAGE_AT_RISK].up = 1; /* middle is the dearer fee */
	p.give_bp = 10000;             /* of which example A says nothing */
	m = user_1001(&p, STAGE_AT_RISK);
	mid = of(&m, MIDDLE);
	ult = of(&m, ULTIMATE);
	ck_assert_int_eq(offer_month_fen(&m, m.now.weighted_li), 7003);
	ck_assert_int_eq(offer_month_fen(&m, mid->weighted_li), 5033);
	ck_assert_int_eq(ult->saving_li, 90); /* 0.03 a month */
	ck_assert_int_eq(offer_month_fen(&m, mid->saving_li), 1970);
	ck_assert_int_eq(mid->saving_li * 100 / m.now.weighted_li, 28);
	ck_assert_uint_eq(mid->months_better, 3);
	ck_assert_uint_eq(mid->failed, 0);
	ck_assert_ptr_eq(offer_best(&m), mid);
	ck_assert(failed(ult, GUARD_MATERIAL));
	p.stage[STAGE_AT_RISK].depth_bp = 2800;
	m = user_1001(&p, STAGE_AT_RISK);
	ck_assert_uint_eq(of(&m, MIDDLE)->failed, 1U << GUARD_DEPTH);
	ck_assert_ptr_null(offer_best(&m));
}
END_TEST

/* ---- example B ---- */

static struct match user_1062(const struct policy *p, enum stage stage)
{
	struct subject s = someone(ULTIMATE, stage);
	struct match m;

	/* Means 248.5 minutes, 8 texts, 15.1 GB; never beyond what surf holds. */
	for (unsigned i = 0; i < USAGE_MONTHS; i++) {
		s.use[i][DIM_VOICE] = i % 2 == 0 ? 248 : 249;
		s.use[i][DIM_SMS] = 8;
		s.use[i][DIM_DATA] = GB / 10 * 151;
	}
	s.usable = 0x3F;
	offer_match(&megaline, p, &s, &arena, &m);
	return m;
}

START_TEST(example_b)
{
	static const int32_t all[] = { 1, 1, 1, 1, 1, 1 };
	const struct policy p = evenly(all);
	struct match m = user_1062(&p, STAGE_MATURE);
	const struct candidate *surf = of(&m, SURF), *mid = of(&m, MIDDLE);

	ck_assert_int_eq(offer_month_fen(&m, m.now.cost_li), 1333);
	ck_assert_int_eq(offer_month_fen(&m, m.now.margin_li), 5667);
	ck_assert_int_eq(offer_month_fen(&m, mid->saving_li), 2500);
	ck_assert_int_eq(offer_month_fen(&m, mid->margin_li), 3167);
	ck_assert_int_eq(mid->margin_li * 100 / mid->weighted_li, 70);
	ck_assert_int_eq(offer_month_fen(&m, surf->saving_li), 4000);
	ck_assert_int_eq(surf->saving_li * 1000 / m.now.weighted_li, 571);
	ck_assert_int_eq(offer_month_fen(&m, surf->margin_li), 1667);
	ck_assert_uint_eq(surf->months_better, 6);
	ck_assert(failed(surf, GUARD_STAGE) && failed(surf, GUARD_DEPTH));
	ck_assert(failed(mid, GUARD_STAGE) && failed(mid, GUARD_DEPTH));
	ck_assert_ptr_null(offer_best(&m));
	ck_assert_ptr_eq(offer_cheapest(&p, &m), surf); /* service is not pushing */
	ck_assert_ptr_eq(offer_next(&p, &m, surf), mid);
	ck_assert_ptr_null(offer_next(&p, &m, mid));
	/* At risk 35 % may be given: middle saves 35.7 %. */
	m = user_1062(&p, STAGE_AT_RISK);
	ck_assert(failed(of(&m, MIDDLE), GUARD_DEPTH));
	ck_assert_ptr_null(offer_best(&m));
	m = user_1062(&p, STAGE_SILENT);
	ck_assert(!failed(of(&m, MIDDLE), GUARD_DEPTH));
}
END_TEST

/* ---- guards at their limits ---- */

/* Passes all guards of the defaults in every stage but barred. */
static struct guard_case good(void)
{
	return (struct guard_case){
		.allowed = true,
		.stage = STAGE_ENDING,
		.fee_step_li = -10000,
		.weight = 10,
		.present_li = 10000000, /* 1000 yuan a month */
		.bill_li = 9000000,
		.saving_li = 1000000,
		.margin_li = 5000000,
		.present_margin_li = 6000000,
		.months = 6,
		.months_better = 5,
		.worst_li = 10000,
		.months_since_change = 6,
	};
}

struct edge {
	enum guard guard;
	size_t at;
	size_t size;
	int64_t inside, outside;
	int64_t saving_li; /* 0: as it is */
	int64_t used_bp;
};

#define AT(m) offsetof(struct guard_case, m), sizeof(((struct guard_case *)0)->m)

static const struct edge edges[] = {
	{ GUARD_ELIGIBLE, AT(allowed), 1, 0, 0, 0 },
	/* 25 % of the present bill. */
	{ GUARD_DEPTH, AT(saving_li), 2500000, 2500001, 0, 0 },
	/* A dearer bill: 10 % of it, and only where an allowance binds. */
	{ GUARD_DEPTH, AT(saving_li), -1000000, -1000001, 0, 9000 },
	{ GUARD_DEPTH, AT(used_bp), 9000, 8999, -500000, 0 },
	/* 25 % of the new bill; 30 % of the present margin is given away. */
	{ GUARD_MARGIN, AT(bill_li), 20000000, 20000001, 0, 0 },
	{ GUARD_MARGIN, AT(margin_li), 4200000, 4199999, 0, 0 },
	{ GUARD_REGRET, AT(months_better), 5, 4, 0, 0 },
	{ GUARD_REGRET, AT(months), 6, 7, 0, 0 },
	{ GUARD_SHOCK, AT(worst_li), 10000, 10001, 0, 0 },
	/* 5 % of the present bill, which is more than 5 yuan. */
	{ GUARD_MATERIAL, AT(saving_li), 500000, 499999, 0, 0 },
	{ GUARD_STABLE, AT(months_since_change), 6, 5, 0, 0 },
	{ GUARD_STABLE, AT(cooling), 0, 1, 0, 0 },
	{ GUARD_STABLE, AT(bound), 0, 1, 0, 0 },
	{ GUARD_STABLE, AT(months), 3, 2, 0, 0 },
	{ GUARD_STABLE, AT(estimated), 0, 1, 0, 0 },
};

static void set(struct guard_case *c, const struct edge *e, int64_t v)
{
	char *at = (char *)c + e->at;
	const int32_t narrow = (int32_t)v;

	if (e->size == sizeof(bool))
		*at = (char)v;
	else if (e->size == sizeof(narrow))
		memcpy(at, &narrow, sizeof(narrow));
	else
		memcpy(at, &v, sizeof(v));
}

START_TEST(guards_at_their_limits)
{
	const struct edge *e = &edges[_i];
	const struct policy p = policy_defaults();
	struct guard_case c = good();

	ck_assert_uint_eq(guards_failed(&p, &c), 0);
	c.used_bp = e->used_bp;
	if (e->saving_li != 0)
		c.saving_li = e->saving_li;
	set(&c, e, e->inside);
	ck_assert_uint_eq(guards_failed(&p, &c) & 1U << e->guard, 0);
	set(&c, e, e->outside);
	ck_assert_uint_ne(guards_failed(&p, &c) & 1U << e->guard, 0);
}
END_TEST

START_TEST(five_yuan_where_that_is_more)
{
	const struct policy p = policy_defaults();
	struct guard_case c = good();

	c.present_li = 500000; /* 50 yuan: 5 % are 2.50 */
	c.saving_li = 50000;
	ck_assert_uint_eq(guards_failed(&p, &c) & 1U << GUARD_MATERIAL, 0);
	c.saving_li = 49999;
	ck_assert_uint_ne(guards_failed(&p, &c) & 1U << GUARD_MATERIAL, 0);
}
END_TEST

START_TEST(stages_open_directions)
{
	const struct policy p = policy_defaults();
	struct guard_case c = good();

	for (unsigned s = 0; s < STAGES; s++) {
		c.stage = (enum stage)s;
		c.fee_step_li = 1;
		ck_assert_int_eq((guards_failed(&p, &c) >> GUARD_STAGE & 1) == 0,
		                 p.stage[s].up != 0);
		c.fee_step_li = 0; /* the same fee is no dearer package */
		ck_assert_int_eq((guards_failed(&p, &c) >> GUARD_STAGE & 1) == 0,
		                 p.stage[s].down != 0);
	}
}
END_TEST

START_TEST(no_margin_to_give_away)
{
	const struct policy p = policy_defaults();
	struct guard_case c = good();

	c.stage = STAGE_SILENT; /* margin from 0 */
	c.present_margin_li = -100;
	c.margin_li = 0;
	ck_assert_uint_eq(guards_failed(&p, &c) & 1U << GUARD_MARGIN, 0);
	c.present_margin_li = 100;
	c.margin_li = 0;
	ck_assert_uint_ne(guards_failed(&p, &c) & 1U << GUARD_MARGIN, 0);
}
END_TEST

/* ---- whatever the figures are ---- */

static struct subject anyone(unsigned seed)
{
	struct subject s = someone(seed % MEGALINE, (enum stage)(seed % STAGES));

	srand(seed);
	for (unsigned i = 0; i < USAGE_MONTHS; i++) {
		s.use[i][DIM_VOICE] = rand() % 1200;
		s.use[i][DIM_SMS] = rand() % 150;
		s.use[i][DIM_DATA] = rand() % (40 * GB);
	}
	s.usable = (uint8_t)(rand() % 64);
	s.addons_li = rand() % 20000;
	s.months_since_change = rand() % 12;
	return s;
}

/* Each limit let out a little, by a member of the policy. */
static void relax(struct policy *p, unsigned which, int32_t by)
{
	struct stage_limits *l = p->stage;

	for (unsigned s = 0; which < 4 && s < STAGES; s++) {
		l[s].down |= which == 0;
		l[s].up |= which == 1;
		l[s].depth_bp += which == 2 ? by : 0;
		l[s].margin_bp -= which == 3 ? by : 0;
	}
	p->up_bp += which == 4 ? by : 0;
	p->give_bp += which == 5 ? by : 0;
	p->regret_bp -= which == 6 ? by : 0;
	p->shock_li += which == 7 ? by : 0;
	p->material_li -= which == 8 ? by : 0;
	p->material_bp -= which == 9 ? by : 0;
	p->still_months -= which == 10 ? by % 6 : 0;
	p->months_least -= which == 11 ? by % 3 : 0;
}

START_TEST(relaxing_a_guard_never_shrinks_the_set)
{
	for (unsigned seed = 0; seed < 3000; seed++) {
		const struct subject s = anyone(seed);
		struct policy p = policy_defaults();
		struct match before, after;

		relax(&p, seed / 7 % 12, (int32_t)(seed % 500)); /* from anywhere */
		offer_match(&megaline, &p, &s, &arena, &before);
		relax(&p, seed % 12, 1 + (int32_t)(seed % 3000));
		offer_match(&megaline, &p, &s, &arena, &after);
		ck_assert_uint_eq(before.n, after.n);
		for (size_t i = 0; i < before.n; i++)
			ck_assert_msg((after.of[i].failed & ~before.of[i].failed) == 0,
			              "seed %u: %x became %x", seed, before.of[i].failed,
			              after.of[i].failed);
		arena_reset(&arena);
	}
}
END_TEST

START_TEST(cheapest_first_and_the_present_never)
{
	for (unsigned seed = 0; seed < 2000; seed++) {
		const struct policy p = policy_defaults();
		const struct subject s = anyone(seed);
		struct match m;
		const struct candidate *best, *asked;

		offer_match(&megaline, &p, &s, &arena, &m);
		ck_assert_uint_eq(m.n, m.months > 0 ? MEGALINE - 1 : 0);
		for (size_t i = 0; i < m.n; i++) {
			ck_assert_uint_ne(m.of[i].tariff, s.tariff);
			ck_assert_int_eq(m.of[i].weighted_li + m.of[i].saving_li,
			                 m.now.weighted_li);
			if (i > 0)
				ck_assert_int_le(m.of[i - 1].weighted_li,
				                 m.of[i].weighted_li);
		}
		best = offer_best(&m);
		asked = offer_cheapest(&p, &m);
		if (best != NULL) {
			ck_assert_ptr_nonnull(asked);
			ck_assert_int_ge(asked->saving_li, best->saving_li);
		}
		arena_reset(&arena);
	}
}
END_TEST

START_TEST(what_he_cannot_have_is_not_answered)
{
	const struct policy p = policy_defaults();
	struct subject s = someone(ULTIMATE, STAGE_MATURE);
	struct match m;

	s.usable = 0x3F;
	s.allowed.bit[0] &= ~(UINT64_C(1) << SURF);
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert_uint_eq(offer_cheapest(&p, &m)->tariff, MIDDLE);
	ck_assert(failed(of(&m, SURF), GUARD_ELIGIBLE));
	s.allowed = (struct offer_set){ { 0 } };
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert_ptr_null(offer_cheapest(&p, &m));
}
END_TEST

START_TEST(nothing_to_compare)
{
	const struct policy p = policy_defaults();
	struct subject s = someone(ULTIMATE, STAGE_MATURE);
	struct match m;

	offer_match(&megaline, &p, &s, &arena, &m); /* no month */
	ck_assert_uint_eq(m.n, 0);
	ck_assert(m.thin);
	ck_assert_ptr_null(offer_best(&m));
	ck_assert_ptr_null(offer_cheapest(&p, &m));
	s.usable = 0x3F;
	s.tariff = SIZE_MAX;
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert_uint_eq(m.n, 0);
	s.tariff = SURF;
	s.usable = 0x30;
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert(m.thin);
	ck_assert(failed(&m.of[0], GUARD_STABLE));
}
END_TEST

/* Asked for is named what saves asked_li a month, 1 yuan; nothing is, what saves none. */
START_TEST(who_asks_hears_of_what_is_worth_naming)
{
	static const struct {
		int32_t fee_li, asked_li;
		bool named;
	} row[] = { { 69000, 1000, true },
		    { 69001, 1000, false },
		    { 69999, 0, true },
		    { 70000, 0, false } };
	struct tariff t[2] = { megaline_tariff[ULTIMATE], megaline_tariff[ULTIMATE] };
	const struct tariffs both = { t, 2, NULL };
	struct policy p = policy_defaults();
	struct subject s = someone(0, STAGE_MATURE);
	struct match m;

	s.usable = 0x3F;
	t[1].fee_li = row[_i].fee_li;
	p.asked_li = row[_i].asked_li;
	offer_match(&both, &p, &s, &arena, &m);
	ck_assert_int_eq(offer_cheapest(&p, &m) != NULL, row[_i].named);
}
END_TEST

START_TEST(thin_is_less_than_the_least_of_his_own_months)
{
	struct policy p = policy_defaults(); /* three */
	struct subject s = someone(SURF, STAGE_MATURE);
	struct match m;

	s.usable = 0x38;
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert(!m.thin);
	s.estimated = 0x08;
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert(m.thin);
	s.estimated = 0;
	p.weight[3] = 0; /* not looked at */
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert(m.thin);
}
END_TEST

/* An add-on's fee stays, so it moves no saving; it only makes the bill larger. */
START_TEST(add_ons_count_in_the_depth)
{
	const struct policy p = policy_defaults();
	struct subject s = someone(ULTIMATE, STAGE_ENDING);
	struct match m;

	s.usable = 0x3F;
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert(failed(of(&m, MIDDLE), GUARD_DEPTH)); /* 25 of 70 */
	s.addons_li = 30000;                            /* 25 of 100 */
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert(!failed(of(&m, MIDDLE), GUARD_DEPTH));
	s.addons_li = 29999;
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert(failed(of(&m, MIDDLE), GUARD_DEPTH));
}
END_TEST

/* A binding allowance that is lifted is used more: that costs. */
START_TEST(lifted_use_costs_more)
{
	static const int32_t all[] = { 1, 1, 1, 1, 1, 1 };
	const struct policy p = evenly(all);
	struct subject s = someone(SURF, STAGE_GROWING);
	struct match m;

	for (unsigned i = 0; i < USAGE_MONTHS; i++)
		s.use[i][DIM_VOICE] = 449;
	s.usable = 0x3F;
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert_int_eq(of(&m, ULTIMATE)->cost_li, 6 * 449 * 5);
	for (unsigned i = 0; i < USAGE_MONTHS; i++)
		s.use[i][DIM_VOICE] = 450; /* 90 % of 500 */
	offer_match(&megaline, &p, &s, &arena, &m);
	ck_assert_int_eq(m.now.cost_li, 6 * 450 * 5);
	ck_assert_int_eq(of(&m, ULTIMATE)->cost_li, 6 * 450 * 5 * 115 / 100);
}
END_TEST

START_TEST(the_largest_figures_fit)
{
	struct policy p = policy_defaults();
	const struct package dear = { .code = STR("x"),
		                      .kind = PACKAGE_MAIN,
		                      .on_sale = true,
		                      .cost_fen = INT64_MAX };
	struct tariff t[2] = { { .package = &dear, .fee_li = INT32_MAX } };
	const struct tariffs both = { t, 2, NULL };
	struct subject s = { .usable = 0x3F, .addons_li = OFFER_BILL_MOST };
	struct match m;

	for (unsigned d = 0; d < DIMS; d++) {
		t[0].tier[d] = (struct tariff_tier)MEGALINE_TIER(0, 1, TARIFF_LI_MOST);
		p.cost_li_per[d] = 1000000;
		for (unsigned i = 0; i < USAGE_MONTHS; i++)
			s.use[i][d] = USE_MOST;
	}
	t[1] = t[0];
	for (unsigned i = 0; i < USAGE_MONTHS; i++)
		p.weight[i] = i == 0 ? 14 : 10;
	p.stimulated_bp = 100000;
	offer_match(&both, &p, &s, &arena, &m); /* undefined behaviour would be caught */
	ck_assert_int_eq(m.now.weighted_li, OFFER_BILL_MOST * 64);
	ck_assert_int_eq(m.of[0].saving_li, 0);
	t[1] = (struct tariff){ .package = &dear };
	offer_match(&both, &p, &s, &arena, &m);
	ck_assert_int_eq(m.of[0].saving_li, OFFER_BILL_MOST * 64);
	ck_assert(failed(&m.of[0], GUARD_DEPTH));
}
END_TEST

/* ---- explained ---- */

static bool tells(struct buf *b, const char *what)
{
	return strstr(buf_cstr(b), what) != NULL;
}

/* As somebody with a pencil would: what is printed adds up, to its last digit. */
START_TEST(what_is_explained_adds_up)
{
	static const int32_t weights[] = { 1, 1, 1, 2, 2, 3 };
	struct policy p = evenly(weights);
	struct subject s = someone(ULTIMATE, STAGE_MATURE);
	struct match m;
	const struct explained e = { &megaline, &p, &s, &m, month_make(2026, 9) };
	struct buf b = buf_make(1 << 16);

	p.material_bp = 333;
	s.usable = 0x3F;
	s.addons_li = 1234;
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		s.use[k][DIM_VOICE] = 101;
		s.use[k][DIM_SMS] = 0;
		s.use[k][DIM_DATA] = 28 * 1024 * 1024; /* of 30 */
	}
	offer_match(&megaline, &p, &s, &arena, &m);
	explain_subject(&e, &b);
	explain_candidate(&e, of(&m, MIDDLE), &b);
	/* 101 * 0.005 + 28 * 0.80 */
	ck_assert_msg(tells(&b, "cost 22.905 (package 0.00, use 22.905)\n"
	                        "  use costs           101 minutes at 0.005, 0 texts at "
	                        "0.001, 28672 MB at 0.80 each 1024\n"),
	              "%s", buf_cstr(&b));
	/* 45 + 8 * 8 = 109 against 70 + 1.234: 54.749 % of them, of which 3.33 % are */
	ck_assert_msg(tells(&b, "costs 54.75 % more") &&
	                      tells(&b, "the present bill, which is 2.373\n"),
	              "%s", buf_cstr(&b));
	ck_assert(tells(&b, "the fullest is used by 93.33 %"));
	buf_free(&b);
}
END_TEST

/* 28 GB: middle costs 109 and brings 78.98624 %; 39 more than 71.234 are 54.74913 %. */
START_TEST(a_guard_that_fails_by_little_is_not_said_to_be_met)
{
	static const int32_t all[] = { 1, 1, 1, 1, 1, 1 };
	struct policy p = evenly(all);
	struct subject s = someone(ULTIMATE, STAGE_MATURE);
	struct match m;
	const struct explained e = { &megaline, &p, &s, &m, month_make(2026, 9) };
	struct buf b = buf_make(1 << 16);

	p.stage[STAGE_MATURE].margin_bp = 7899;
	p.up_bp = 5474;
	s.usable = 0x3F;
	s.addons_li = 1234;
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		s.use[k][DIM_VOICE] = 101;
		s.use[k][DIM_DATA] = 28 * 1024 * 1024;
	}
	offer_match(&megaline, &p, &s, &arena, &m);
	explain_candidate(&e, of(&m, MIDDLE), &b);
	ck_assert_msg(tells(&b, "FAILED  78.98 % of the bill, at least 78.99 %"), "%s",
	              buf_cstr(&b));
	ck_assert(tells(&b, "FAILED  costs 54.75 % more, at most 54.74 %"));
	p.stage[STAGE_MATURE].margin_bp = 7898;
	p.up_bp = 5475;
	offer_match(&megaline, &p, &s, &arena, &m);
	buf_reset(&b);
	explain_candidate(&e, of(&m, MIDDLE), &b);
	ck_assert(tells(&b, "passed  78.98 % of the bill, at least 78.98 %"));
	ck_assert(tells(&b, "passed  costs 54.75 % more, at most 54.75 %"));
	buf_free(&b);
}
END_TEST

START_TEST(explained_in_figures)
{
	static const int32_t all[] = { 1, 1, 1, 1, 1, 1 };
	const struct policy p = evenly(all);
	struct subject s = someone(ULTIMATE, STAGE_MATURE);
	static const struct str bar[] = { [MIDDLE] = { "not with CL", 11 } };
	struct match m;
	const struct explained e = { &megaline, &p, &s, &m, month_make(2026, 9) };
	struct buf b = buf_make(1 << 16);

	s.usable = 0x3F;
	offer_match(&megaline, &p, &s, &arena, &m);
	explain_subject(&e, &b);
	ck_assert(tells(&b, "2026-04") && tells(&b, "2026-09"));
	buf_reset(&b);
	explain_candidate(&e, of(&m, MIDDLE), &b);
	ck_assert_msg(tells(&b,
	                    "G1 depth        FAILED  saves 35.72 % of the present bill, "
	                    "at most 10.00 %"),
	              "%s", buf_cstr(&b));
	ck_assert(tells(&b,
	                "stage           FAILED  mature: a lower fee may not be pushed"));
	ck_assert(tells(&b, "G3 regret       passed  no dearer in 6 of 6 months"));
	s.allowed = (struct offer_set){ { 0 } };
	s.bar = bar;
	buf_reset(&b);
	explain_candidate(&e, of(&m, MIDDLE), &b);
	ck_assert(tells(&b, "the number cannot have it: not with CL\n"));
	buf_reset(&b);
	explain_outcome(&e, &b);
	ck_assert(tells(&b, "may be pushed: nothing"));
	ck_assert(tells(&b, "who asks gets: surf  surf, saves 50.00 a month"));
	buf_reset(&b);
	explain_csv(&e, &b);
	ck_assert(tells(&b, "\nultimate,present,70.00,70.00,70.00,"));
	ck_assert(tells(&b, "\nsurf,answered,20.00,"));
	buf_free(&b);
}
END_TEST

SUITE("offer/match", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, example_a_five_months); tcase_add_test(tc, example_a_last_three);
      tcase_add_test(tc, example_b);
      tcase_add_loop_test(tc, guards_at_their_limits, 0,
                          (int)(sizeof(edges) / sizeof(edges[0])));
      tcase_add_test(tc, five_yuan_where_that_is_more);
      tcase_add_test(tc, stages_open_directions);
      tcase_add_test(tc, no_margin_to_give_away);
      tcase_add_test(tc, relaxing_a_guard_never_shrinks_the_set);
      tcase_add_test(tc, cheapest_first_and_the_present_never);
      tcase_add_test(tc, what_he_cannot_have_is_not_answered);
      tcase_add_test(tc, nothing_to_compare);
      tcase_add_loop_test(tc, who_asks_hears_of_what_is_worth_naming, 0, 4);
      tcase_add_test(tc, thin_is_less_than_the_least_of_his_own_months);
      tcase_add_test(tc, add_ons_count_in_the_depth);
      tcase_add_test(tc, lifted_use_costs_more);
      tcase_add_test(tc, the_largest_figures_fit);
      tcase_add_test(tc, what_is_explained_adds_up);
      tcase_add_test(tc, a_guard_that_fails_by_little_is_not_said_to_be_met);
      tcase_add_test(tc, explained_in_figures);)
