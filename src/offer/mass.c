/*
 * mass.c - see offer/mass.h: blocks in, verdicts out.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "mass_priv.h"

enum {
	NEVER = 255 /* months_since_change */
};

/* One run. */
struct mass {
	const struct tariffs *tariffs;
	const struct usage_set *usage;
	const struct mass_subjects *subjects;
	struct mass_present *present;
	struct mass_candidate *out;
	struct mass_table table;
	struct mass_block *block;
	struct arena arena; /* of a subscriber that does not fit */
};

static void *aligned(size_t octets)
{
	void *p = aligned_alloc(64, (octets + 63) / 64 * 64);

	if (p == NULL)
		alloc_failed();
	memset(p, 0, octets);
	return p;
}

static struct mass_block *block_create(const struct mass_table *t)
{
	struct mass_block *b = aligned(sizeof(*b));

	b->column = aligned((1 + t->n_columns) * MASS_CELLS * sizeof(*b->column));
	b->bill = aligned((1 + t->n) * MASS_CELLS * sizeof(*b->bill));
	b->total = aligned((t->n + 1) * USAGE_LANES * sizeof(*b->total));
	return b;
}

static void block_destroy(struct mass_block *b)
{
	free(b->bill);
	free(b->column);
	free(b->total);
	free(b);
}

/* ---- in ---- */

static int32_t place_of(const struct mass *r, uint16_t tariff)
{
	return tariff < r->tariffs->n ? (int32_t)r->table.place[tariff] : -1;
}

static void put_barred(const struct mass *r, size_t i, struct mass_block *b)
{
	const struct offer_set *s = &r->subjects->allowed[r->subjects->allowed_class[i]];
	const size_t l = i % USAGE_LANES, has = r->subjects->tariff[i];

	for (size_t w = 0; w < (r->tariffs->n + 63) / 64; w++) {
		const uint64_t bits = ~(s->bit[w] & r->table.offered.bit[w]);

		b->barred[2 * w][l] = (uint32_t)bits;
		b->barred[2 * w + 1][l] = (uint32_t)(bits >> 32);
	}
	if (has < r->tariffs->n)
		b->barred[has / 32][l] |= UINT32_C(1) << has % 32;
}

static void put_cooling(const struct mass *r, size_t i, struct mass_block *b)
{
	const struct offer_set *s = &r->subjects->cooling[i];

	for (size_t w = 0; w < (r->tariffs->n + 63) / 64; w++) {
		b->cooling[2 * w][i % USAGE_LANES] = (uint32_t)s->bit[w];
		b->cooling[2 * w + 1][i % USAGE_LANES] = (uint32_t)(s->bit[w] >> 32);
		b->cools |= s->bit[w] != 0;
	}
}

static void put_subject(const struct mass *r, size_t i, struct mass_block *b)
{
	const struct mass_subjects *s = r->subjects;
	const size_t l = i % USAGE_LANES;

	b->now[l] = place_of(r, s->tariff[i]);
	b->stage[l] = s->stage[i];
	b->addons_li[l] = s->addons_li[i];
	b->bound[l] = s->bound[i];
	b->since_change[l] = s->months_since_change[i] == NEVER
	                             ? INT32_MAX
	                             : s->months_since_change[i];
	put_barred(r, i, b);
}

static void put_block(const struct mass *r, size_t at, size_t n)
{
	struct mass_block *b = r->block;
	const uint8_t *usable = r->usage->usable + at * USAGE_LANES;

	b->use = usage_block(r->usage, at);
	b->cools = false;
	for (size_t l = 0; r->subjects->cooling != NULL && l < n; l++)
		put_cooling(r, at * USAGE_LANES + l, b);
	for (size_t m = 0; m < USAGE_MONTHS; m++)
		for (size_t l = 0; l < USAGE_LANES; l++)
			b->weights[m][l] = -(usable[l] >> m & 1) &
			                   r->table.policy->weight[m];
	for (size_t l = 0; l < n; l++)
		put_subject(r, at * USAGE_LANES + l, b);
	for (size_t l = n; l < USAGE_LANES; l++)
		b->now[l] = -1;
}

/* ---- out ---- */

static void take_subject(const struct mass *r, size_t l, size_t i)
{
	const struct mass_block *b = r->block;
	struct mass_candidate *out = &r->out[i * MASS_KEEP];

	r->present[i] = (struct mass_present){ 0 };
	if (b->weight[l] > 0)
		r->present[i] = (struct mass_present){ b->weight[l], b->now_li[l],
			                               b->now_margin_li[l] };
	for (size_t k = 0; k < MASS_KEEP; k++)
		out[k] = (struct mass_candidate){ (uint16_t)b->tariff[k][l],
			                          (uint16_t)b->failed[k][l],
			                          b->saving_li[k][l],
			                          b->margin_li[k][l] };
}

static void fast(const struct mass *r, size_t at, size_t n)
{
	mass_reckon(&r->table, r->block);
	for (size_t l = 0; l < n; l++)
		take_subject(r, l, at * USAGE_LANES + l);
}

/* ---- what does not fit ---- */

static struct mass_candidate candidate(const struct candidate *c)
{
	return (struct mass_candidate){ (uint16_t)c->tariff, (uint16_t)c->failed,
		                        c->saving_li, c->margin_li };
}

static bool is_too_deep(const struct candidate *c)
{
	return c->saving_li >= 0 && (c->failed & 1U << GUARD_DEPTH) != 0;
}

static struct subject subject_of(const struct mass *r, size_t i)
{
	const struct mass_subjects *s = r->subjects;
	struct subject one = {
		.tariff = place_of(r, s->tariff[i]) >= 0 ? s->tariff[i] : SIZE_MAX,
		.allowed = s->allowed[s->allowed_class[i]],
		.stage = (enum stage)s->stage[i],
		.addons_li = s->addons_li[i],
		.bound = s->bound[i],
		.months_since_change = s->months_since_change[i] == NEVER
		                               ? INT32_MAX
		                               : s->months_since_change[i]
	};

	if (s->cooling != NULL)
		one.cooling = s->cooling[i];
	usage_set_get(r->usage, i, one.use, &one.usable);
	return one;
}

static void slow(struct mass *r, size_t i)
{
	const struct subject one = subject_of(r, i);
	struct mass_candidate *out = &r->out[i * MASS_KEEP];
	const struct candidate *best;
	bool passes = false;
	struct match m;
	size_t k = 0;

	offer_match(r->tariffs, r->table.policy, &one, &r->arena, &m);
	best = offer_best(&m);
	r->present[i] = (struct mass_present){ 0 };
	if (m.weight > 0 && one.tariff != SIZE_MAX)
		r->present[i] = (struct mass_present){ (int32_t)m.weight,
			                               m.now.weighted_li,
			                               m.now.margin_li };
	for (size_t c = 0; c < m.n && k < MASS_KEEP; c++) {
		if (!offer_has(&one.allowed, m.of[c].tariff))
			continue;
		if (k == MASS_ASKED)
			out[k++] = candidate(&m.of[c]);
		if (k < MASS_KEEP && !is_too_deep(&m.of[c])) {
			out[k++] = candidate(&m.of[c]);
			passes |= m.of[c].failed == 0;
		}
	}
	if (best != NULL && !passes)
		out[MASS_KEEP - 1] = candidate(best);
	for (; k < MASS_KEEP; k++)
		out[k] = (struct mass_candidate){ .tariff = MASS_NONE };
	arena_reset(&r->arena);
}

/* ---- all ---- */

void mass_match(const struct tariffs *t, const struct policy *policy,
                const struct usage_set *u, const struct mass_subjects *s,
                struct mass_present *present, struct mass_candidate *out)
{
	struct arena a = arena_make(SIZE_MAX);
	struct mass r = { .tariffs = t,
		          .usage = u,
		          .subjects = s,
		          .present = present,
		          .out = out,
		          .table = mass_table_make(t, policy, &a),
		          .arena = arena_make(SIZE_MAX) };

	r.block = block_create(&r.table);
	for (size_t at = 0; at * USAGE_LANES < u->n; at++) {
		const size_t rest = u->n - at * USAGE_LANES;
		const size_t n = rest < USAGE_LANES ? rest : USAGE_LANES;

		put_block(&r, at, n);
		if (mass_fits(&r.table, r.block->use))
			fast(&r, at, n);
		else
			for (size_t l = 0; l < n; l++)
				slow(&r, at * USAGE_LANES + l);
	}
	block_destroy(r.block);
	arena_free(&r.arena);
	arena_free(&a);
}
