/*
 * mass_kernel.c - the loops that decide how fast the matcher is; see mass_priv.h.
 *
 * Each inner loop is one vector operation over the lanes of a block, without a branch or
 * an int64 where many plans pass.  Built for several machines (clones.h), with -O3 but
 * lanes not unrolled before they are made vectors (Makefile): what is missed there is
 * seen at once in `scripts/bench offer`, which then takes five times as long.
 */
#include "clones.h"
#include "mass_priv.h"

#define INLINE static inline __attribute__((always_inline))

enum {
	BP = 10000,
	BATCH = 4 /* packages that are ranked at once */
};

INLINE int32_t less(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

INLINE int32_t more(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

INLINE int32_t over(int32_t use, int32_t from)
{
	return more(use, from) - from;
}

INLINE int32_t pick(bool first, int32_t a, int32_t b)
{
	return first ? a : b;
}

INLINE int64_t over64(int64_t v)
{
	return v > 0 ? v : 0;
}

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
	const int32_t fee = p->fee_li;

	for (size_t i = 0; i < MASS_CELLS; i++)
		bill[i] = fee + charge(&v, voice[i]) + charge(&s, sms[i]) +
		          charge(&g, data[i]);
	for (const struct mass_tier *t = p->tier; t < p->tier + p->n_tiers; t++)
		add_pieces(t, b, bill);
	for (size_t l = 0; l < USAGE_LANES; l++) {
		int32_t sum = 0;

		for (size_t m = 0; m < USAGE_MONTHS; m++)
			sum += b->weights[m][l] * bill[m * USAGE_LANES + l];
		total[l] = sum;
	}
}

/* ---- the lanes as they are now ---- */

struct present {
	mass_lanes months, binding;
	mass_lanes cost[DIMS], raised[DIMS]; /* weighted; raised: with stimulated use */
	mass_lanes allowance[DIMS], bound[DIMS]; /* bound: whether it is */
	mass_lanes fee, package_cost;
	mass_lanes bill[USAGE_MONTHS];      /* INT32_MAX where it is not looked at */
	mass_lanes most[USAGE_MONTHS];      /* a bill above is a shock */
	mass_lanes down, up, depth, margin; /* limits of the stage */
	mass_lanes least;                   /* less would be too deep; weighted */
	mass_lanes unstable;
};

INLINE void look_at_use(const struct mass_table *t, const struct mass_block *b,
                        unsigned d, struct present *now)
{
	const struct policy *p = t->policy;
	const int32_t *use = b->use + (size_t)d * MASS_CELLS;
	int64_t sum[USAGE_LANES];

	for (size_t l = 0; l < USAGE_LANES; l++) {
		const int32_t allowance = now->allowance[d][l];
		const int64_t binding = (int64_t)allowance * b->weight[l] * p->binding_bp;
		int64_t all = 0;
		int32_t bound;

		for (size_t m = 0; m < USAGE_MONTHS; m++)
			all += (int64_t)b->weights[m][l] * use[m * USAGE_LANES + l];
		bound = (all > 0) & (allowance < USE_MOST) & (all * BP >= binding);
		sum[l] = all;
		now->bound[d][l] = bound;
		now->binding[l] |= bound;
	}
	for (size_t l = 0; l < USAGE_LANES; l++) {
		const int64_t li = sum[l] * p->cost_li_per[d] >> t->cost_shift[d];

		now->cost[d][l] = (int32_t)li;
		now->raised[d][l] = (int32_t)(li + li * p->stimulated_bp / BP);
	}
}

INLINE void look_at_stage(const struct policy *p, const struct mass_block *b,
                          struct present *now)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		const struct stage_limits *limits = &p->stage[b->stage[l]];

		now->down[l] = limits->down != 0;
		now->up[l] = limits->up != 0;
		now->depth[l] = limits->depth_bp;
		now->margin[l] = limits->margin_bp;
		now->unstable[l] = (b->bound[l] != 0) |
		                   (b->since_change[l] < p->still_months) |
		                   (now->months[l] < p->months_least);
	}
}

/* The lanes' own package, in the tables of all. */
INLINE void look_at_package(const struct mass_table *t, struct mass_block *b,
                            struct present *now)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		const size_t place = (size_t)pick(b->now[l] >= 0, b->now[l], 0);
		const int32_t *bill = b->bill + place * MASS_CELLS + l;

		for (size_t d = 0; d < DIMS; d++)
			now->allowance[d][l] = t->allowance[d][place];
		for (size_t m = 0; m < USAGE_MONTHS; m++)
			now->bill[m][l] = bill[m * USAGE_LANES];
		now->fee[l] = t->fee_li[place];
		now->package_cost[l] = t->cost_li[place];
		b->now_li[l] = b->total[place * USAGE_LANES + l];
	}
}

INLINE void look_at_months(const struct policy *p, struct mass_block *b,
                           struct present *now)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		int32_t weight = 0, months = 0;

		for (size_t m = 0; m < USAGE_MONTHS; m++) {
			weight += b->weights[m][l];
			months += pick(b->weights[m][l] > 0, 1, 0);
		}
		b->weight[l] = pick(b->now[l] >= 0, weight, 0);
		now->months[l] = months;
		now->binding[l] = 0;
	}
	for (size_t m = 0; m < USAGE_MONTHS; m++)
		for (size_t l = 0; l < USAGE_LANES; l++) {
			const bool looked = b->weights[m][l] > 0;
			const int32_t bill = now->bill[m][l];
			const int32_t shock = less(p->shock_li, INT32_MAX - bill);

			now->bill[m][l] = pick(looked, bill, INT32_MAX);
			now->most[m][l] = pick(looked, bill + shock, INT32_MAX);
		}
}

/* With add-ons. */
INLINE int64_t present_li(const struct mass_block *b, size_t l)
{
	return b->now_li[l] + (int64_t)b->addons_li[l] * b->weight[l];
}

INLINE void look(const struct mass_table *t, struct mass_block *b, struct present *now)
{
	look_at_package(t, b, now);
	look_at_months(t->policy, b, now);
	for (unsigned d = 0; d < DIMS; d++)
		look_at_use(t, b, d, now);
	look_at_stage(t->policy, b, now);
	for (size_t l = 0; l < USAGE_LANES; l++)
		now->least[l] = (int32_t)(b->now_li[l] -
		                          present_li(b, l) * now->depth[l] / BP);
	for (size_t l = 0; l < USAGE_LANES; l++)
		b->now_margin_li[l] = b->now_li[l] - now->package_cost[l] * b->weight[l] -
		                      now->cost[DIM_VOICE][l] - now->cost[DIM_SMS][l] -
		                      now->cost[DIM_DATA][l];
}

/* ---- the cheapest ---- */

/* What it costs who may have it, to be pushed; else INT32_MAX. */
INLINE void price(struct mass_block *b, const struct mass_plan *p, int32_t place,
                  const int32_t *restrict least, int32_t *restrict push)
{
	const int32_t *restrict total = b->total + (size_t)place * USAGE_LANES;
	const uint32_t *restrict barred = b->barred[p->tariff / 32];
	int32_t *restrict kept = b->kept[MASS_ASKED];
	int32_t *restrict kept_li = b->kept_li[MASS_ASKED];
	const uint32_t bit = p->tariff % 32;

	for (size_t l = 0; l < USAGE_LANES; l++) {
		const int32_t none = -(int32_t)(barred[l] >> bit & 1) & INT32_MAX;
		const int32_t li = total[l] | none;

		kept[l] = pick(li < kept_li[l], place, kept[l]);
		kept_li[l] = less(li, kept_li[l]);
		push[l] = pick(li < least[l], INT32_MAX, li);
	}
}

/*
 * Takes in each behind all that are no dearer; INT32_MAX comes in nowhere.  Several at
 * once, so that what is kept stays in registers meanwhile.
 */
INLINE void insert(mass_lanes *restrict kept, mass_lanes *restrict kept_li,
                   mass_lanes *restrict push, int32_t place)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		int32_t at[MASS_PUSHES], li[MASS_PUSHES];

		for (size_t k = 0; k < MASS_PUSHES; k++) {
			at[k] = kept[k][l];
			li[k] = kept_li[k][l];
		}
		for (int32_t p = 0; p < BATCH; p++) {
			const int32_t is = push[p][l];

			for (size_t k = MASS_PUSHES - 1; k > 0; k--) {
				const int32_t here = pick(is < li[k - 1], at[k - 1],
				                          place + p);

				at[k] = pick(is < li[k], here, at[k]);
				li[k] = less(li[k], more(li[k - 1], is));
			}
			at[0] = pick(is < li[0], place + p, at[0]);
			li[0] = less(li[0], is);
		}
		for (size_t k = 0; k < MASS_PUSHES; k++) {
			kept[k][l] = at[k];
			kept_li[k][l] = li[k];
		}
	}
}

INLINE void fill(int32_t *out, int32_t with)
{
	for (size_t l = 0; l < USAGE_LANES; l++)
		out[l] = with;
}

INLINE void rank(const struct mass_table *t, const struct present *now,
                 struct mass_block *b)
{
	mass_lanes push[BATCH];

	for (size_t k = 0; k < MASS_KEEP; k++) {
		fill(b->kept[k], -1);
		fill(b->kept_li[k], INT32_MAX);
	}
	for (size_t first = 0; first < t->n; first += BATCH) {
		for (size_t p = 0; p < BATCH; p++)
			if (first + p < t->n)
				price(b, &t->plan[first + p], (int32_t)(first + p),
				      now->least, push[p]);
			else
				fill(push[p], INT32_MAX);
		insert(b->kept + 1, b->kept_li + 1, push, (int32_t)first);
	}
}

/* ---- verdicts ---- */

/* What the months say of one that is kept. */
struct compared {
	mass_lanes bill[USAGE_MONTHS], allowance[DIMS], fee, cost;
	mass_lanes better, shock, step, margin, saving;
};

/*
 * Out of the tables of all, lane by lane: compilers know that gathering is slow on some
 * machines, so nothing else is done in these loops.
 */
INLINE void fetch(const struct mass_table *t, const struct mass_block *b, size_t k,
                  struct compared *c)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		const size_t place = (size_t)pick(b->kept[k][l] >= 0, b->kept[k][l], 0);
		const int32_t *bill = b->bill + place * MASS_CELLS + l;

		for (size_t m = 0; m < USAGE_MONTHS; m++)
			c->bill[m][l] = bill[m * USAGE_LANES];
		for (size_t d = 0; d < DIMS; d++)
			c->allowance[d][l] = t->allowance[d][place];
		c->fee[l] = t->fee_li[place];
		c->cost[l] = t->cost_li[place];
	}
}

INLINE void compare_months(const struct present *now, struct compared *c)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		c->better[l] = now->months[l];
		c->shock[l] = 0;
	}
	for (size_t m = 0; m < USAGE_MONTHS; m++)
		for (size_t l = 0; l < USAGE_LANES; l++) {
			c->better[l] -= pick(c->bill[m][l] > now->bill[m][l], 1, 0);
			c->shock[l] |= pick(c->bill[m][l] > now->most[m][l], 1, 0);
		}
}

INLINE void compare_money(const struct mass_block *b, const struct present *now, size_t k,
                          struct compared *c)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		c->step[l] = c->fee[l] - now->fee[l];
		c->margin[l] = b->kept_li[k][l] - c->cost[l] * b->weight[l];
		c->saving[l] = b->now_li[l] - b->kept_li[k][l];
	}
	for (size_t d = 0; d < DIMS; d++)
		for (size_t l = 0; l < USAGE_LANES; l++) {
			const bool lifted = (now->bound[d][l] != 0) &
			                    (c->allowance[d][l] > now->allowance[d][l]);

			c->margin[l] -= pick(lifted, now->raised[d][l], now->cost[d][l]);
		}
}

/* As in guard.c; 0 or 1 << guard. */
INLINE int64_t verdict(const struct policy *p, const struct mass_block *b,
                       const struct present *now, const struct compared *c, size_t k,
                       size_t l)
{
	const int64_t weight = b->weight[l], saving = c->saving[l], margin = c->margin[l];
	const int64_t present = present_li(b, l);
	const int64_t had = over64(b->now_margin_li[l]);
	const int64_t given = over64((int64_t)b->now_margin_li[l] - margin);
	const int64_t stage = c->step[l] > 0 ? now->up[l] : now->down[l];
	const int64_t deep = saving * BP > present * now->depth[l];
	const int64_t dear = (now->binding[l] == 0) | (-saving * BP > present * p->up_bp);

	return ((int64_t)(stage == 0) << GUARD_STAGE) |
	       ((saving >= 0 ? deep : dear) << GUARD_DEPTH) |
	       ((int64_t)((margin * BP < (int64_t)b->kept_li[k][l] * now->margin[l]) |
	                  (given * BP > had * p->give_bp))
	        << GUARD_MARGIN) |
	       ((int64_t)((int64_t)c->better[l] * BP <
	                  (int64_t)now->months[l] * p->regret_bp)
	        << GUARD_REGRET) |
	       ((int64_t)c->shock[l] << GUARD_SHOCK) |
	       ((int64_t)((saving < p->material_li * weight) |
	                  (saving * BP < present * p->material_bp))
	        << GUARD_MATERIAL) |
	       ((int64_t)now->unstable[l] << GUARD_STABLE);
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
		      __builtin_assume_aligned(b->use + t->column[c].dim * MASS_CELLS,
		                               64),
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
		compare_months(&now, &c);
		compare_money(b, &now, k, &c);
		for (size_t l = 0; l < USAGE_LANES; l++) {
			b->failed[k][l] = (int32_t)verdict(t->policy, b, &now, &c, k, l);
			b->saving_li[k][l] = c.saving[l];
			b->margin_li[k][l] = c.margin[l];
		}
	}
}
