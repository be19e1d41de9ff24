/*
 * mass_table.c - tariffs made ready for the kernel, and how far int32 carries them.
 */
#include <assert.h>

#include "mass_priv.h"
#include "match_priv.h"

enum {
	BP = 10000,
	LI_OF_FEN = 10
};

static unsigned log2_up(uint32_t v)
{
	unsigned n = 0;

	while (n < 32 && UINT64_C(1) << n < v)
		n++;
	return n;
}

/* For x < 2^31: x / d = x * magic >> shift, with magic < 2^32. */
static struct mass_column column_of(uint32_t dim, int32_t block, int32_t rest)
{
	const uint32_t d = (uint32_t)block;
	const unsigned up = log2_up(d);
	struct mass_column out = { dim, block, rest, d - 1, 0, up };

	if (UINT64_C(1) << up != d) {
		out.shift = 31 + up;
		out.magic = (uint32_t)((UINT64_C(1) << out.shift) / d + 1);
	}
	return out;
}

static size_t column(struct mass_table *t, uint32_t dim, int32_t block, int32_t rest)
{
	size_t c = 0;

	while (c < t->n_columns &&
	       (t->column[c].dim != dim || t->column[c].block != block ||
	        t->column[c].rest != rest))
		c++;
	if (c == t->n_columns)
		t->column[t->n_columns++] = column_of(dim, block, rest);
	return c;
}

static struct mass_piece piece_of(struct mass_table *t, uint32_t dim,
                                  const struct tariff_piece *p)
{
	return (struct mass_piece){ .column = column(t, dim, p->block,
		                                     p->from % p->block),
		                    .from = p->from / p->block,
		                    .li = p->li,
		                    .cap_li = INT32_MAX };
}

static void put_tier(struct mass_table *table, struct mass_plan *p, uint32_t dim,
                     const struct tariff_tier *t)
{
	const int32_t cap_li = t->cap_li > 0 ? t->cap_li : INT32_MAX;

	p->one[dim] = (struct mass_piece){ .cap_li = INT32_MAX };
	if (t->n == 1 && (dim == DIM_DATA || cap_li == INT32_MAX)) {
		p->one[dim] = piece_of(table, dim, &t->piece[0]);
		p->one[dim].cap_li = cap_li;
		if (dim != DIM_DATA)
			p->base -= (uint32_t)p->one[dim].from * (uint32_t)p->one[dim].li;
	} else if (t->n > 0) {
		struct mass_tier *out = &p->tier[p->n_tiers++];

		out->cap_li = cap_li;
		for (unsigned j = 0; j < t->n; j++)
			out->piece[out->n++] = piece_of(table, dim, &t->piece[j]);
	}
}

/* What a tier can come to, whatever the signs, before its cap. */
static int64_t most_li(const struct tariff_tier *t, int32_t use)
{
	int64_t li = 0;

	for (unsigned j = 0; j < t->n; j++) {
		struct tariff_tier one = { .n = 1, .piece = { t->piece[j] } };

		if (one.piece[0].li < 0)
			one.piece[0].li = -one.piece[0].li;
		li += tariff_tier_li(&one, use);
	}
	return li;
}

/* Weighted, with all that stimulated use may add. */
static int64_t most_cost(const struct policy *p, unsigned dim, int32_t use,
                         int64_t weight)
{
	const int64_t li = weight * use * p->cost_li_per[dim] /
	                           policy_cost_units((enum tariff_dim)dim) +
	                   1;

	return li + li * p->stimulated_bp / BP;
}

/* The most use of the dimension of which bills and costs stay within their parts of int32. */
static int32_t use_most(const struct tariff *t, const struct policy *p, unsigned dim,
                        int64_t weight)
{
	const int64_t of_bill = INT32_MAX - 1 - weight * t->fee_li;
	const int64_t of_cost = INT32_MAX / weight / LI_OF_FEN - t->package->cost_fen;
	int64_t low = -1, high = USE_MOST;

	if (of_bill < 0 || of_cost < 0)
		return -1;
	while (low < high) {
		const int32_t middle = (int32_t)(low + (high - low + 1) / 2);

		if (weight * most_li(&t->tier[dim], middle) <= of_bill / DIMS &&
		    most_cost(p, dim, middle, weight) <=
		            of_cost * weight * LI_OF_FEN / DIMS)
			low = middle;
		else
			high = middle - 1;
	}
	return (int32_t)low;
}

static void add_plan(struct mass_table *out, const struct tariff *t, size_t index,
                     int64_t weight)
{
	struct mass_plan *p = &out->plan[out->n];
	struct mass_row *row = &out->row[out->n];

	*p = (struct mass_plan){ .base = (uint32_t)t->fee_li };
	*row = (struct mass_row){ .fee_li = t->fee_li,
		                  .tariff = (int32_t)index,
		                  .cost_li = (int32_t)(t->package->cost_fen *
		                                       LI_OF_FEN) };
	for (unsigned d = 0; d < DIMS; d++) {
		const int32_t most = use_most(t, out->policy, d, weight);

		out->use_most[d] = most < out->use_most[d] ? most : out->use_most[d];
		row->allowance[d] = (int32_t)match_allowance(&t->tier[d]);
		put_tier(out, p, d, &t->tier[d]);
	}
	if (t->package->on_sale)
		offer_add(&out->offered, index);
	out->place[index] = (uint32_t)out->n++;
}

struct mass_table mass_table_make(const struct tariffs *t, const struct policy *policy,
                                  struct arena *a)
{
	struct mass_table out = { .policy = policy,
		                  .plan = arena_array(a, struct mass_plan, t->n),
		                  .row = arena_array(a, struct mass_row, 1 + t->n),
		                  .column = arena_array(a, struct mass_column,
		                                        1 + t->n * DIMS * TARIFF_PIECES),
		                  .place = arena_array(a, uint32_t, t->n) };
	int64_t weight = 0;

	for (size_t m = 0; m < USAGE_MONTHS; m++)
		weight += policy->weight[m];
	for (unsigned d = 0; d < DIMS; d++) {
		out.use_most[d] = USE_MOST;
		out.cost_shift[d] = log2_up(
			(uint32_t)policy_cost_units((enum tariff_dim)d));
		assert(INT64_C(1) << out.cost_shift[d] ==
		       policy_cost_units((enum tariff_dim)d));
	}
	for (size_t i = 0; i < t->n; i++) {
		out.place[i] = UINT32_MAX;
		if (t->tariff[i].package != NULL &&
		    t->tariff[i].package->kind == PACKAGE_MAIN)
			add_plan(&out, &t->tariff[i], i, weight);
	}
	return out;
}
