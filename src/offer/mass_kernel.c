/*
 * mass_kernel.c - the loops that decide how fast the matcher is; see mass_priv.h.
 *
 * Each inner loop is one vector operation over the lanes of a block, without a branch or
 * an int64 where many plans pass.  Built for several machines (clones.h), with -O3 but
 * lanes not unrolled before they are made vectors (Makefile): what is missed there is
 * seen at once in `scripts/bench offer`, which then takes five times as long.
 */
#include "clones.h"
#include "mass_judge.h"

enum {
	BATCH = 4 /* packages that are ranked at once */
};

/* ---- bills ---- */

INLINE void count(const struct mass_column *column, const int32_t *restrict use,
                  int32_t *restrict out)
{
	const struct mass_column c = *column;

	if (c.magic == 0) {
		for (size_t i = 0; i < MASS_CELLS; i++)
			out[i] = (int32_t)(((uint32_t)over(use[i], c.rest) + c.round) >>
			                   c.shift);
		return;
	}
	for (size_t i = 0; i < MASS_CELLS; i++) {
		const int32_t x = over(use[i], c.rest);
		const uint64_t before_last = (uint32_t)over(x, 1);

		out[i] = (int32_t)(before_last * c.magic >> c.shift) + less(x, 1);
	}
}

INLINE int32_t charge(const struct mass_piece *p, int32_t use)
{
	return less(over(use, p->from) * p->li, p->cap_li);
}

/* Pieces are added up before the cap. */
INLINE void add_pieces(const struct mass_tier *t, const struct mass_block *b,
                       int32_t *restrict out)
{
	int32_t sum[MASS_CELLS] __attribute__((aligned(64))) = { 0 };

	for (unsigned j = 0; j < t->n; j++) {
		const struct mass_piece p = t->piece[j];
		const int32_t *restrict use = b->column + p.column * MASS_CELLS;

		for (size_t i = 0; i < MASS_CELLS; i++)
			sum[i] += charge(&p, use[i]);
	}
	for (size_t i = 0; i < MASS_CELLS; i++)
		out[i] += less(sum[i], t->cap_li);
}

INLINE void bill_of(const struct mass_plan *p, const struct mass_block *b,
                    int32_t *restrict bill, int32_t *restrict total)
{
	const struct mass_piece v = p->one[DIM_VOICE], s = p->one[DIM_SMS],
				g = p->one[DIM_DATA];
	const int32_t *restrict voice = b->column + v.column * MASS_CELLS;
	const int32_t *restrict sms = b->column + s.column * MASS_CELLS;
	const int32_t *restrict data = b->column + g.column * MASS_CELLS;
	const uint32_t base = p->base, v_li = (uint32_t)v.li, s_li = (uint32_t)s.li;

	for (size_t i = 0; i < MASS_CELLS; i++)
		bill[i] = (int32_t)(base + (uint32_t)more(voice[i], v.from) * v_li +
		                    (uint32_t)more(sms[i], s.from) * s_li +
		                    (uint32_t)charge(&g, data[i]));
	for (const struct mass_tier *t = p->tier; t < p->tier + p->n_tiers; t++)
		add_pieces(t, b, bill);
	for (size_t l = 0; l < USAGE_LANES; l++) {
		int32_t sum = 0;

		for (size_t m = 0; m < USAGE_MONTHS; m++)
			sum += b->weights[m][l] * bill[m * USAGE_LANES + l];
		total[l] = sum;
	}
}

/* ---- the cheapest ---- */

INLINE int32_t is_barred(const struct mass_block *b, int32_t tariff, size_t l)
{
	return (int32_t)(b->barred[tariff / 32][l] >> tariff % 32 & 1);
}

/* What it costs who may have it; else INT32_MAX. */
INLINE void price(const struct mass_block *b, int32_t tariff, size_t place,
                  int32_t *restrict li)
{
	const int32_t *restrict total = b->total + place * USAGE_LANES;

	for (size_t l = 0; l < USAGE_LANES; l++)
		li[l] = total[l] | (-is_barred(b, tariff, l) & INT32_MAX);
}

/*
 * Takes in each behind all that are no dearer, for who asks, and to be pushed where it
 * is not too deep; INT32_MAX comes in nowhere.  Several at once, so that what is kept
 * stays in registers meanwhile.
 */
INLINE void insert(mass_lanes *restrict kept, mass_lanes *restrict kept_li,
                   const int32_t *restrict least, mass_lanes *restrict cost,
                   int32_t place)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		int32_t at[MASS_KEEP], li[MASS_KEEP];

		for (size_t k = 0; k < MASS_KEEP; k++) {
			at[k] = kept[k][l];
			li[k] = kept_li[k][l];
		}
		for (int32_t p = 0; p < BATCH; p++) {
			const int32_t asked = cost[p][l];
			const int32_t is = pick(asked < least[l], INT32_MAX, asked);

			at[0] = pick(asked < li[0], place + p, at[0]);
			li[0] = less(li[0], asked);
			for (size_t k = MASS_KEEP - 1; k > 1; k--) {
				const int32_t here = pick(is < li[k - 1], at[k - 1],
				                          place + p);

				at[k] = pick(is < li[k], here, at[k]);
				li[k] = less(li[k], more(li[k - 1], is));
			}
			at[1] = pick(is < li[1], place + p, at[1]);
			li[1] = less(li[1], is);
		}
		for (size_t k = 0; k < MASS_KEEP; k++) {
			kept[k][l] = at[k];
			kept_li[k][l] = li[k];
		}
	}
}

INLINE void rank(const struct mass_table *t, const struct present *now,
                 struct mass_block *b)
{
	mass_lanes cost[BATCH];

	for (size_t k = 0; k < MASS_KEEP; k++) {
		fill(b->kept[k], 0);
		fill(b->kept_li[k], INT32_MAX);
	}
	for (size_t first = 0; first < t->n; first += BATCH) {
		for (size_t p = 0; p < BATCH; p++)
			if (first + p < t->n)
				price(b, t->row[first + p].tariff, first + p, cost[p]);
			else
				fill(cost[p], INT32_MAX);
		insert(b->kept, b->kept_li, now->least, cost, (int32_t)first);
	}
}

/* ---- none of those kept passes ---- */

/* The lanes for which one behind the last may; the most that it may cost, else -1. */
INLINE bool open_lanes(const struct policy *p, const struct mass_block *b,
                       const struct present *now, int32_t *restrict most)
{
	/* What fails these fails them however much dearer it is. */
	const int32_t material = 1 << GUARD_MATERIAL;
	int32_t any = 0;

	for (size_t l = 0; l < USAGE_LANES; l++) {
		const int64_t present = present_li(b, l);
		const int64_t by_share = present * p->material_bp / BP - 1;
		const int64_t by_sum = (int64_t)p->material_li * b->weight[l];
		const int64_t li = b->now_li[l] - (by_sum > by_share ? by_sum : by_share);
		bool open = ((b->failed[MASS_KEEP - 1][l] & material) == 0) &
		            (now->unstable[l] == 0) & ((now->down[l] | now->up[l]) != 0);

		for (size_t k = MASS_ASKED + 1; k < MASS_KEEP; k++)
			open &= b->failed[k][l] != 0;
		most[l] = open && li >= 0 ? (int32_t)(li < INT32_MAX ? li : INT32_MAX - 1)
		                          : -1;
		any |= most[l] >= 0;
	}
	return any != 0;
}

/* Whether it is worth a verdict for any lane. */
INLINE bool may_pass(const struct mass_table *t, const struct mass_block *b,
                     const struct present *now, size_t place,
                     const int32_t *restrict least, const int32_t *restrict most)
{
	const struct mass_row row = t->row[place];
	const int32_t *restrict total = b->total + place * USAGE_LANES;
	int32_t any = 0;

	for (size_t l = 0; l < USAGE_LANES; l++) {
		const int32_t stage = pick(row.fee_li > now->fee[l], now->up[l],
		                           now->down[l]);
		const bool within = (total[l] >= least[l]) & (total[l] <= most[l]);

		any |= pick(within, stage & ~is_barred(b, row.tariff, l), 0);
	}
	return any != 0;
}

/* In the last place, where it passes and costs no more than that. */
INLINE void replace(struct mass_block *b, const struct compared *c, int32_t tariff,
                    int32_t *restrict most)
{
	const size_t k = MASS_KEEP - 1;

	for (size_t l = 0; l < USAGE_LANES; l++) {
		const int32_t out = c->failed[l] | is_barred(b, tariff, l) |
		                    is_cooling(b, tariff, l);
		const bool is = (c->li[l] <= most[l]) & (out == 0);

		most[l] = pick(is, c->li[l] - 1, most[l]);
		b->tariff[k][l] = pick(is, tariff, b->tariff[k][l]);
		b->failed[k][l] = pick(is, 0, b->failed[k][l]);
		b->saving_li[k][l] = pick(is, c->saving[l], b->saving_li[k][l]);
		b->margin_li[k][l] = pick(is, c->margin[l], b->margin_li[k][l]);
	}
}

/*
 * The cheapest behind the last that passes takes its place.  What passes and is no dearer
 * than the last is kept, so that its lane is not open.
 */
INLINE void look_behind(const struct mass_table *t, const struct present *now,
                        struct mass_block *b)
{
	const int32_t *least = b->kept_li[MASS_KEEP - 1];
	mass_lanes most;

	if (!open_lanes(t->policy, b, now, most))
		return;
	for (size_t place = 0; place < t->n; place++) {
		struct compared c;

		if (!may_pass(t, b, now, place, least, most))
			continue;
		spread(t, b, place, &c);
		judge(t->policy, b, now, &c);
		replace(b, &c, t->row[place].tariff, most);
	}
}

CLONES bool mass_fits(const struct mass_table *t, const int32_t *use)
{
	int32_t past = 0;

	for (size_t d = 0; d < DIMS; d++)
		for (size_t i = 0; i < MASS_CELLS; i++)
			past |= use[d * MASS_CELLS + i] > t->use_most[d];
	return past == 0;
}

CLONES void mass_reckon(const struct mass_table *t, struct mass_block *b)
{
	struct present now;

	for (size_t c = 0; c < t->n_columns; c++)
		count(&t->column[c],
		      __builtin_assume_aligned(
			      b->use + (size_t)t->column[c].dim * MASS_CELLS, 64),
		      __builtin_assume_aligned(b->column + c * MASS_CELLS, 64));
	for (size_t p = 0; p < t->n; p++)
		bill_of(&t->plan[p], b,
		        __builtin_assume_aligned(b->bill + p * MASS_CELLS, 64),
		        __builtin_assume_aligned(b->total + p * USAGE_LANES, 64));
	look(t, b, &now);
	rank(t, &now, b);
	for (size_t k = 0; k < MASS_KEEP; k++) {
		struct compared c;

		fetch(t, b, k, &c);
		judge(t->policy, b, &now, &c);
		for (size_t l = 0; b->cools && l < USAGE_LANES; l++)
			c.failed[l] |= is_cooling(b, c.tariff[l], l) << GUARD_STABLE;
		put(&c, b, k);
	}
	look_behind(t, &now, b);
}
