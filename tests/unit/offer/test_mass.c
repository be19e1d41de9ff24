/*
 * test_mass.c - the vector kernel against the scalar matcher, bit for bit.
 *
 * Tariffs, policies and use are random: no allowance, allowances without end, blocks of
 * any size, caps, cheaper outer tiers, prices past int32, missing months, ties, none that
 * is allowed, nobody's package, some that are cooling.
 */
#include "base/dice.h"
#include "offer/mass.h"
#include "support/suite.h"

enum {
	PEOPLE = 83, /* five blocks and a part */
	PACKAGES = 70,
	CLASSES = 5,
	CASES = 60,
	GB = 1024 * 1024
};

struct draw {
	uint64_t state;
};

static uint64_t roll(struct draw *d)
{
	return dice_next(&d->state);
}

/* 0 .. n - 1 */
static int32_t below(struct draw *d, int32_t n)
{
	return (int32_t)(roll(d) % (uint64_t)n);
}

static bool chance(struct draw *d, int32_t of)
{
	return below(d, of) == 0;
}

/* ---- tariffs ---- */

static int32_t draw_block(struct draw *d)
{
	static const int32_t some[] = { 1, 1, 2, 6, 10, 60, 1000, 1024, GB, 1000003 };

	return some[below(d, COUNT_OF(some))];
}

/* How a case is drawn; coarse figures meet limits exactly. */
struct style {
	int32_t price, grain; /* of a block: price times 0..grain - 1 */
	int32_t block;        /* 0: any */
	int32_t heavy;        /* one in so many uses what passes int32 */
};

/* Later pieces begin at whole blocks and never make more use cost less. */
static struct tariff_tier draw_tier(struct draw *d, const struct style *style)
{
	struct tariff_tier t = { .n = (unsigned)below(d, TARIFF_PIECES + 1) };
	const int32_t block = style->block > 0 ? style->block : draw_block(d);
	int32_t from = chance(d, 3) ? 0 : below(d, 20) * block, slope = 0;

	if (chance(d, 3))
		from += below(d, block); /* within a block */
	if (chance(d, 2))
		t.n = t.n > 1 ? 1 : t.n;
	for (unsigned j = 0; j < t.n; j++) {
		const int32_t next = style->price * below(d, style->grain);

		t.piece[j] = (struct tariff_piece){ from, block, next - slope };
		slope = next;
		from += block * (1 + below(d, 20));
	}
	t.cap_li = chance(d, 3) ? style->price * (1 + below(d, 300)) : 0;
	return t;
}

static struct tariff draw_tariff(struct draw *d, const struct package *p,
                                 const struct style *style)
{
	struct tariff t = { .package = p, .fee_li = 1000 * below(d, 30) };

	for (unsigned k = 0; k < DIMS; k++)
		t.tier[k] = draw_tier(d, style);
	return t;
}

/* ---- a case: everything that is asked with ---- */

struct asked {
	struct package package[PACKAGES];
	struct tariff tariff[PACKAGES];
	struct tariffs tariffs;
	struct policy policy;
	struct usage_set use;
	struct offer_set allowed[CLASSES];
	uint16_t present[PEOPLE], class[PEOPLE];
	uint8_t stage[PEOPLE], since[PEOPLE];
	int32_t addons[PEOPLE];
	bool bound[PEOPLE];
	struct offer_set cooling[PEOPLE];
	struct mass_subjects subjects;
	struct mass_present now[PEOPLE];
	struct mass_candidate out[PEOPLE * MASS_KEEP];
};

static void draw_policy(struct draw *d, struct policy *p)
{
	*p = policy_defaults();
	for (size_t m = 0; m < USAGE_MONTHS; m++)
		p->weight[m] = below(d, 3);
	p->weight[USAGE_MONTHS - 1]++;
	for (size_t s = 0; s < STAGES; s++)
		p->stage[s] = (struct stage_limits){ below(d, 2), below(d, 2),
			                             2500 * below(d, 3),
			                             2000 * below(d, 4) };
	p->material_li = 1000 * below(d, 4);
	p->material_bp = 1000 * (below(d, 3) - 1);
	p->regret_bp = 1000 * below(d, 11);
	p->shock_li = 1000 * (below(d, 14) - 2);
	p->up_bp = 2500 * below(d, 3);
	p->binding_bp = 5000 * below(d, 4);
	p->give_bp = 2500 * below(d, 5);
	for (unsigned k = 0; k < DIMS; k++)
		p->cost_li_per[k] = below(d, 30);
	p->stimulated_bp = below(d, 5000);
}

static void draw_people(struct draw *d, const struct style *style, struct asked *a)
{
	static const int32_t most[] = { 1, 8, 30, 1000, 40 * GB, USE_MOST };

	for (size_t i = 0; i < PEOPLE; i++) {
		const int32_t heavy = chance(d, style->heavy) ? 6 : 4;

		for (int k = 0; k < USAGE_MONTHS; k++) {
			const int32_t data = most[below(d, heavy)];
			const struct usage_month m = {
				.month = a->use.last - k,
				.voice_s = 60 * (int64_t)below(d, most[below(d, heavy)]),
				.sms = below(d, most[below(d, heavy)]),
				.data_kib = chance(d, 9) ? data : below(d, data),
			};

			if (!chance(d, 9) && !(i % 11 == 3))
				usage_set_put(&a->use, i, &m, 1);
		}
		a->present[i] = (uint16_t)(chance(d, 20) ? MASS_NONE
		                                         : below(d, PACKAGES));
		a->class[i] = (uint16_t)below(d, CLASSES);
		a->stage[i] = (uint8_t)below(d, STAGES);
		a->since[i] = (uint8_t)(chance(d, 2) ? 255 : below(d, 12));
		a->addons[i] = 1000 * below(d, 10);
		a->bound[i] = chance(d, 5);
		for (int n = chance(d, 2) ? below(d, 8) : 0; n > 0; n--)
			offer_add(&a->cooling[i], (size_t)below(d, PACKAGES));
	}
}

static const struct style styles[] = {
	{ 1000, 4, 1, 1000 },        /* the kernel's, all of it */
	{ 7, 300, 0, 200 },          /* any blocks */
	{ 1000, 4, 1024, 60 },       /* some past int32 */
	{ 1, TARIFF_LI_MOST, 0, 5 }, /* most past int32 */
};

static struct asked *ask_make(uint64_t seed, const struct style *style)
{
	struct draw d = { seed };
	struct asked *a = calloc(1, sizeof(*a));

	ck_assert_ptr_nonnull(a);
	for (size_t i = 0; i < PACKAGES; i++) {
		a->package[i] = (struct package){
			.kind = chance(&d, 8) ? PACKAGE_ADDON : PACKAGE_MAIN,
			.on_sale = !chance(&d, 6),
			.cost_fen = 100 * below(&d, 20),
		};
		a->tariff[i] = draw_tariff(&d, &a->package[i], style);
		if (i > 0 && chance(&d, 5)) { /* a tie */
			a->tariff[i] = a->tariff[below(&d, (int32_t)i)];
			a->tariff[i].package = &a->package[i];
		}
	}
	a->tariffs = (struct tariffs){ a->tariff, PACKAGES, NULL };
	draw_policy(&d, &a->policy);
	a->use = usage_set_make(PEOPLE, month_make(2026, 9));
	draw_people(&d, style, a);
	for (size_t c = 0; c < CLASSES; c++)
		for (size_t i = 0; i < PACKAGES; i++)
			if (c == 0 || (c > 1 && !chance(&d, (int32_t)c)))
				offer_add(&a->allowed[c], i);
	a->subjects = (struct mass_subjects){ .tariff = a->present,
		                              .stage = a->stage,
		                              .allowed_class = a->class,
		                              .allowed = a->allowed,
		                              .addons_li = a->addons,
		                              .months_since_change = a->since,
		                              .bound = a->bound,
		                              .cooling = a->cooling };
	return a;
}

static void ask_free(struct asked *a)
{
	usage_set_free(&a->use);
	free(a);
}

static void answer(struct asked *a)
{
	mass_match(&a->tariffs, &a->policy, &a->use, &a->subjects, a->now, a->out);
}

/* ---- the yardstick ---- */

static struct subject subject(const struct asked *a, size_t i)
{
	struct subject s = { .tariff = SIZE_MAX,
		             .allowed = a->allowed[a->class[i]],
		             .stage = (enum stage)a->stage[i],
		             .addons_li = a->addons[i],
		             .bound = a->bound[i],
		             .cooling = a->cooling[i],
		             .months_since_change = a->since[i] == 255 ? INT32_MAX
		                                                       : a->since[i] };

	if (a->present[i] != MASS_NONE && a->package[a->present[i]].kind == PACKAGE_MAIN)
		s.tariff = a->present[i];
	usage_set_get(&a->use, i, s.use, &s.usable);
	return s;
}

static void same(const struct mass_candidate *got, const struct candidate *c)
{
	ck_assert_uint_eq(got->tariff, c->tariff);
	ck_assert_int_eq(got->saving_li, c->saving_li);
	ck_assert_int_eq(got->margin_li, c->margin_li);
	ck_assert_uint_eq(got->failed, c->failed);
}

/* What is pushed is what is pushed to one alone, however many are cheaper. */
static void same_push(const struct mass_candidate *got, const struct candidate *best)
{
	size_t k = MASS_ASKED + 1;

	while (k < MASS_KEEP && got[k].tariff != MASS_NONE && got[k].failed != 0)
		k++;
	if (best == NULL)
		ck_assert(k == MASS_KEEP || got[k].tariff == MASS_NONE);
	else
		same(&got[k], best);
}

/* Whether the last place holds one that is dearer than what would stand there. */
static bool is_from_behind(const struct mass_candidate *last,
                           const struct candidate *best, const struct candidate *here)
{
	return best > here && last->tariff == best->tariff && last->failed == 0;
}

/* How many candidates were compared. */
static size_t compare(const struct asked *a, size_t i, struct arena *arena)
{
	const struct subject s = subject(a, i);
	const struct mass_candidate *got = &a->out[i * MASS_KEEP];
	const struct candidate *best;
	struct match m;
	size_t k = 0;

	offer_match(&a->tariffs, &a->policy, &s, arena, &m);
	best = offer_best(&m);
	ck_assert_int_eq(a->now[i].weight, s.tariff == SIZE_MAX ? 0 : m.weight);
	ck_assert_int_eq(a->now[i].bill_li, m.now.weighted_li);
	ck_assert_int_eq(a->now[i].margin_li, m.now.margin_li);
	for (size_t c = 0; c < m.n && k < MASS_KEEP; c++) {
		const bool deep = m.of[c].saving_li >= 0 &&
		                  (m.of[c].failed & 1U << GUARD_DEPTH) != 0;

		if (!offer_has(&s.allowed, m.of[c].tariff))
			continue;
		if (k == MASS_ASKED)
			same(&got[k++], &m.of[c]);
		if (k == MASS_KEEP || deep)
			continue;
		if (k < MASS_KEEP - 1 || !is_from_behind(&got[k], best, &m.of[c]))
			same(&got[k], &m.of[c]);
		k++;
	}
	same_push(got, best);
	if (k < MASS_KEEP)
		ck_assert_uint_eq(got[k].tariff, MASS_NONE);
	return k;
}

START_TEST(the_kernel_is_the_scalar_matcher_bit_for_bit)
{
	size_t compared = 0, unlike = 0;

	for (uint64_t seed = 1; seed <= CASES; seed++) {
		struct asked *a = ask_make(seed * 1000, &styles[_i]);
		struct arena arena = arena_make(SIZE_MAX);

		answer(a);
		for (size_t i = 0; i < PEOPLE; i++) {
			compared += compare(a, i, &arena);
			unlike += a->out[i * MASS_KEEP].failed !=
			          a->out[i * MASS_KEEP + 1].failed;
		}
		arena_free(&arena);
		ask_free(a);
	}
	/* The cases are not empty, nor all alike. */
	ck_assert_uint_gt(compared, CASES * PEOPLE * 4);
	ck_assert_uint_gt(unlike, 100);
}
END_TEST

/* One subscriber of package 0, what each costs a month, and what he uses of all kinds. */
static struct asked *ask_one(const int32_t *fee_li, size_t n, int32_t li, int32_t units)
{
	struct asked *a = ask_make(11, &styles[0]);

	a->tariffs.n = n;
	a->use.n = 1;
	a->present[0] = a->class[0] = 0;
	for (size_t i = 0; i < n; i++) {
		a->package[i] = (struct package){ .kind = PACKAGE_MAIN, .on_sale = true };
		a->tariff[i] = (struct tariff){ .package = &a->package[i],
			                        .fee_li = fee_li[i] };
		for (unsigned d = 0; d < DIMS; d++)
			a->tariff[i].tier[d] = (struct tariff_tier){ 1,
				                                     { { 0, 1, li } },
				                                     0 };
	}
	for (int k = 0; k < USAGE_MONTHS; k++) {
		const struct usage_month m = { .month = a->use.last - k,
			                       .voice_s = INT64_C(60) * units,
			                       .sms = units,
			                       .data_kib = units };

		usage_set_put(&a->use, 0, &m, 1);
	}
	return a;
}

static void compare_one(struct asked *a)
{
	struct arena arena = arena_make(SIZE_MAX);

	answer(a);
	(void)compare(a, 0, &arena);
	arena_free(&arena);
	ask_free(a);
}

/* A weighted bill of each kind of use is a part of INT32_MAX; of all three it is more. */
START_TEST(what_all_kinds_of_use_cost_together_may_pass_int32)
{
	static const int32_t fee[] = { 5000, 4000, 3000 };
	static const int32_t percent[] = { 20, 33, 34, 50, 80, 99, 130 };
	struct asked *a = ask_one(fee, 3, 1, 0);
	int64_t weight = 0;

	for (size_t m = 0; m < USAGE_MONTHS; m++)
		weight += a->policy.weight[m];
	ask_free(a);
	compare_one(ask_one(fee, 3, 1000,
	                    (int32_t)(INT32_MAX / 1000 / weight * percent[_i] / 100)));
}
END_TEST

/* At most 25 % of 100 yuan: by one li more it is not even looked at. */
START_TEST(what_saves_too_much_by_one_li_is_left_out)
{
	static const int32_t fee[] = { 100000, 74999, 75000, 75001, 100001 };
	struct asked *a = ask_one(fee, COUNT_OF(fee), 0, 1);

	for (size_t s = 0; s < STAGES; s++)
		a->policy.stage[s].depth_bp = 2500;
	for (size_t m = 0; m < USAGE_MONTHS; m++)
		a->policy.weight[m] = m == 0; /* a sum of months steps by its weight */
	a->addons[0] = 0;
	compare_one(a);
}
END_TEST

/* ---- metamorphic ---- */

START_TEST(people_may_stand_in_any_order)
{
	struct asked *a = ask_make(5, &styles[0]), *b = ask_make(5, &styles[0]);

	for (size_t i = 0; i < PEOPLE; i++) {
		const size_t j = (i * 29 + 7) % PEOPLE;

		b->present[i] = a->present[j];
		b->class[i] = a->class[j];
		b->stage[i] = a->stage[j];
		b->since[i] = a->since[j];
		b->addons[i] = a->addons[j];
		b->bound[i] = a->bound[j];
		b->cooling[i] = a->cooling[j];
		b->use.usable[i] = a->use.usable[j];
		for (size_t k = 0; k < USAGE_MONTHS * DIMS; k++)
			usage_block(&b->use,
			            i / USAGE_LANES)[k * USAGE_LANES + i % USAGE_LANES] =
				usage_block(&a->use, j / USAGE_LANES)[k * USAGE_LANES +
			                                              j % USAGE_LANES];
	}
	answer(a);
	answer(b);
	for (size_t i = 0; i < PEOPLE; i++)
		ck_assert_mem_eq(&b->out[i * MASS_KEEP],
		                 &a->out[(i * 29 + 7) % PEOPLE * MASS_KEEP],
		                 MASS_KEEP * sizeof(a->out[0]));
	ask_free(a);
	ask_free(b);
}
END_TEST

/* The package of that place when they stand the other way round. */
static uint16_t mirrored(uint16_t tariff)
{
	return tariff == MASS_NONE ? tariff : (uint16_t)(PACKAGES - 1 - tariff);
}

static void mirror(const struct asked *a, struct asked *b)
{
	for (uint16_t i = 0; i < PACKAGES; i++) {
		b->package[i] = a->package[mirrored(i)];
		b->tariff[i] = a->tariff[mirrored(i)];
		b->tariff[i].package = &b->package[i];
	}
	for (size_t i = 0; i < PEOPLE; i++)
		b->present[i] = mirrored(a->present[i]);
	memset(b->allowed, 0, sizeof(b->allowed));
	memset(b->cooling, 0, sizeof(b->cooling));
	for (size_t i = 0; i < PEOPLE; i++)
		for (uint16_t k = 0; k < PACKAGES; k++)
			if (offer_has(&a->cooling[i], mirrored(k)))
				offer_add(&b->cooling[i], k);
	for (size_t c = 0; c < CLASSES; c++)
		for (uint16_t i = 0; i < PACKAGES; i++)
			if (offer_has(&a->allowed[c], mirrored(i)))
				offer_add(&b->allowed[c], i);
}

/* Whether its neighbours of the list save otherwise, so that no tie decides. */
static bool is_alone(const struct mass_candidate *c, size_t k)
{
	return (k == MASS_ASKED + 1 || c[k - 1].saving_li != c[k].saving_li) &&
	       (k + 1 == MASS_KEEP || c[k + 1].tariff == MASS_NONE ||
	        c[k + 1].saving_li != c[k].saving_li);
}

START_TEST(packages_may_stand_in_any_order)
{
	struct asked *a = ask_make(6, &styles[1]), *b = ask_make(6, &styles[1]);
	size_t alone = 0;

	mirror(a, b);
	answer(a);
	answer(b);
	for (size_t i = 0; i < PEOPLE; i++) {
		const struct mass_candidate *one = &a->out[i * MASS_KEEP];
		const struct mass_candidate *other = &b->out[i * MASS_KEEP];

		ck_assert_int_eq(one->saving_li, other->saving_li);
		for (size_t k = MASS_ASKED + 1; k + 1 < MASS_KEEP; k++) {
			ck_assert_int_eq(one[k].saving_li, other[k].saving_li);
			if (!is_alone(one, k))
				continue;
			ck_assert_uint_eq(mirrored(one[k].tariff), other[k].tariff);
			ck_assert_uint_eq(one[k].failed, other[k].failed);
			ck_assert_int_eq(one[k].margin_li, other[k].margin_li);
			alone += one[k].tariff != MASS_NONE ? 1 : 0;
		}
	}
	ck_assert_uint_gt(alone, 50);
	ask_free(a);
	ask_free(b);
}
END_TEST

START_TEST(money_times_ten_gives_ten_times_the_money)
{
	struct asked *a = ask_make(6, &styles[0]), *b = ask_make(6, &styles[0]);

	for (size_t i = 0; i < PACKAGES; i++) {
		struct tariff *t = &b->tariff[i];

		b->package[i].cost_fen *= 10;
		t->fee_li *= 10;
		for (unsigned d = 0; d < DIMS; d++) {
			t->tier[d].cap_li *= 10;
			for (unsigned j = 0; j < t->tier[d].n; j++)
				t->tier[d].piece[j].li *= 10;
		}
	}
	/* Costs of use are whole li of few GB: none, so that they scale exactly. */
	for (unsigned d = 0; d < DIMS; d++)
		a->policy.cost_li_per[d] = b->policy.cost_li_per[d] = 0;
	b->policy.shock_li *= 10;
	b->policy.material_li *= 10;
	for (size_t i = 0; i < PEOPLE; i++)
		b->addons[i] *= 10;
	answer(a);
	answer(b);
	for (size_t i = 0; i < PEOPLE * MASS_KEEP; i++) {
		ck_assert_uint_eq(a->out[i].tariff, b->out[i].tariff);
		ck_assert_uint_eq(a->out[i].failed, b->out[i].failed);
		if (llabs((long long)a->out[i].saving_li) < INT32_MAX / 10 &&
		    llabs((long long)a->out[i].margin_li) < INT32_MAX / 10) {
			ck_assert_int_eq(10 * a->out[i].saving_li, b->out[i].saving_li);
			ck_assert_int_eq(10 * a->out[i].margin_li, b->out[i].margin_li);
		}
	}
	ask_free(a);
	ask_free(b);
}
END_TEST

/* Dearer than another in all: it comes behind that one and changes nothing before. */
START_TEST(a_dominated_package_changes_nothing_before_it)
{
	struct asked *a = ask_make(7, &styles[0]), *b = ask_make(7, &styles[0]);

	b->tariff[PACKAGES - 1] = b->tariff[0];
	b->tariff[PACKAGES - 1].package = &b->package[PACKAGES - 1];
	b->tariff[PACKAGES - 1].fee_li += 1000000;
	a->package[PACKAGES - 1].on_sale = false;
	b->package[PACKAGES - 1].on_sale = true;
	b->package[PACKAGES - 1].kind = PACKAGE_MAIN;
	for (size_t i = 0; i < PEOPLE; i++)
		a->present[i] = b->present[i] = (uint16_t)(i % (PACKAGES - 1));
	answer(a);
	answer(b);
	for (size_t i = 0; i < PEOPLE; i++)
		for (size_t k = 0;
		     k < MASS_KEEP && b->out[i * MASS_KEEP + k].tariff != PACKAGES - 1;
		     k++)
			ck_assert_mem_eq(&a->out[i * MASS_KEEP + k],
			                 &b->out[i * MASS_KEEP + k], sizeof(a->out[0]));
	ask_free(a);
	ask_free(b);
}
END_TEST

START_TEST(the_same_package_again_saves_nothing_and_is_no_offer)
{
	struct asked *a = ask_make(8, &styles[0]);
	size_t seen = 0;

	a->policy = policy_defaults();
	a->tariff[0] = (struct tariff){ .package = &a->package[0] };
	a->tariff[1] = a->tariff[0];
	a->tariff[1].package = &a->package[1];
	for (size_t i = 0; i < 2; i++) {
		a->package[i].kind = PACKAGE_MAIN;
		a->package[i].on_sale = true;
	}
	for (size_t i = 0; i < PEOPLE; i++) {
		a->present[i] = 0;
		a->class[i] = 0;
	}
	answer(a);
	for (size_t i = 0; i < PEOPLE * MASS_KEEP; i++) {
		if (a->out[i].tariff != 1)
			continue;
		seen++;
		ck_assert_int_eq(a->out[i].saving_li, 0);
		ck_assert_uint_ne(a->out[i].failed & 1U << GUARD_MATERIAL, 0);
	}
	ck_assert_uint_gt(seen, 0);
	ask_free(a);
}
END_TEST

enum {
	ALL_STAGES = 7
};

static void relax(struct policy *p, int what)
{
	switch (what) {
	case 0:
		p->material_li = 0;
		break;
	case 1:
		p->material_bp = -10000;
		break;
	case 2:
		p->regret_bp = 0;
		break;
	case 3:
		p->shock_li = INT32_MAX;
		break;
	case 4:
		p->up_bp = 100000;
		break;
	case 5:
		p->give_bp = 10000;
		break;
	case 6:
		p->still_months = 0;
		break;
	default:
		for (size_t s = 0; s < STAGES; s++)
			p->stage[s] = (struct stage_limits){ 1, 1, 10000, 0 };
	}
}

/* That package among what is kept for subscriber i. */
static const struct mass_candidate *likewise(const struct asked *a, size_t i,
                                             unsigned tariff)
{
	for (size_t k = 0; k < MASS_KEEP; k++)
		if (a->out[i * MASS_KEEP + k].tariff == tariff)
			return &a->out[i * MASS_KEEP + k];
	return NULL;
}

/* The last place may be another's: of who passes and is dearer, only if none before it does. */
static bool is_last_of_passing(const struct asked *a, size_t i)
{
	const struct mass_candidate *c = &a->out[i / MASS_KEEP * MASS_KEEP];

	for (size_t k = MASS_ASKED + 1; k < MASS_KEEP; k++)
		if (c[k].failed == 0)
			return i % MASS_KEEP == MASS_KEEP - 1;
	return false;
}

START_TEST(a_relaxed_guard_never_shrinks_the_offers)
{
	struct asked *a = ask_make(9, &styles[0]), *b = ask_make(9, &styles[0]);

	relax(&b->policy, _i);
	answer(a);
	answer(b);
	for (size_t i = 0; i < PEOPLE * MASS_KEEP; i++) {
		const struct mass_candidate *c = likewise(b, i / MASS_KEEP,
		                                          a->out[i].tariff);

		/* Only cheaper ones, that may come in now, can have taken its place. */
		if (c != NULL)
			ck_assert_uint_eq(c->failed & ~(unsigned)a->out[i].failed, 0);
		else
			ck_assert(_i == ALL_STAGES || is_last_of_passing(b, i));
	}
	ask_free(a);
	ask_free(b);
}
END_TEST

START_TEST(nothing_is_asked_of_nobody)
{
	struct asked *a = ask_make(10, &styles[0]);
	struct usage_set none = usage_set_make(0, 5);

	mass_match(&a->tariffs, &a->policy, &none, &a->subjects, a->now, a->out);
	a->tariffs.n = 0;
	answer(a);
	for (size_t i = 0; i < PEOPLE * MASS_KEEP; i++)
		ck_assert_uint_eq(a->out[i].tariff, MASS_NONE);
	usage_set_free(&none);
	ask_free(a);
}
END_TEST

SUITE("offer/mass", tcase_add_loop_test(tc, the_kernel_is_the_scalar_matcher_bit_for_bit,
                                        0, COUNT_OF(styles));
      tcase_add_loop_test(tc, what_all_kinds_of_use_cost_together_may_pass_int32, 0, 7);
      tcase_add_test(tc, what_saves_too_much_by_one_li_is_left_out);
      tcase_add_test(tc, people_may_stand_in_any_order);
      tcase_add_test(tc, packages_may_stand_in_any_order);
      tcase_add_test(tc, money_times_ten_gives_ten_times_the_money);
      tcase_add_test(tc, a_dominated_package_changes_nothing_before_it);
      tcase_add_test(tc, the_same_package_again_saves_nothing_and_is_no_offer);
      tcase_add_loop_test(tc, a_relaxed_guard_never_shrinks_the_offers, 0,
                          ALL_STAGES + 1);
      tcase_add_test(tc, nothing_is_asked_of_nobody);)
