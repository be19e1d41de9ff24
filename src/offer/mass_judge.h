/*
 * mass_judge.h - the lanes of a block as they are now, and the guards of a package for
 * each: the half of the kernel that runs for few packages.  Inlined into mass_kernel.c,
 * which is built for several machines.
 */
#ifndef OFFER_MASS_JUDGE_H
#define OFFER_MASS_JUDGE_H

#include "mass_priv.h"

#define INLINE static inline __attribute__((always_inline))

enum {
	BP = 10000
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

INLINE void fill(int32_t *out, int32_t with)
{
	for (size_t l = 0; l < USAGE_LANES; l++)
		out[l] = with;
}

/* ---- the lanes as they are now ---- */

struct present {
	mass_lanes months, binding;
	mass_lanes cost[DIMS], raised[DIMS]; /* weighted; raised: with stimulated use */
	mass_lanes allowance[DIMS];          /* INT32_MAX where it does not bind */
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
		now->allowance[d][l] = pick(bound, allowance, INT32_MAX);
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
		const size_t place = (size_t)more(b->now[l], 0);
		const int32_t *bill = b->bill + place * MASS_CELLS + l;

		for (size_t d = 0; d < DIMS; d++)
			now->allowance[d][l] = t->row[place].allowance[d];
		for (size_t m = 0; m < USAGE_MONTHS; m++)
			now->bill[m][l] = bill[m * USAGE_LANES];
		now->fee[l] = t->row[place].fee_li;
		now->package_cost[l] = t->row[place].cost_li;
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

/* ---- verdicts ---- */

/* A package for each lane, and what is said of it. */
struct compared {
	mass_lanes li, bill[USAGE_MONTHS], allowance[DIMS], fee, cost;
	mass_lanes better, shock, margin, saving, failed, tariff; /* tariff: of fetch() */
};

/*
 * Out of the tables of all, lane by lane: compilers know that gathering is slow on some
 * machines, so nothing else is done in this loop, and rows are copied whole.
 */
INLINE void fetch(const struct mass_table *t, const struct mass_block *b, size_t k,
                  struct compared *c)
{
	struct mass_row row[USAGE_LANES];

	for (size_t l = 0; l < USAGE_LANES; l++) {
		const size_t place = (size_t)b->kept[k][l];
		const int32_t *bill = b->bill + place * MASS_CELLS + l;

		row[l] = t->row[place];
		for (size_t m = 0; m < USAGE_MONTHS; m++)
			c->bill[m][l] = bill[m * USAGE_LANES];
	}
	for (size_t l = 0; l < USAGE_LANES; l++) {
		for (size_t d = 0; d < DIMS; d++)
			c->allowance[d][l] = row[l].allowance[d];
		c->tariff[l] = row[l].tariff;
		c->fee[l] = row[l].fee_li;
		c->cost[l] = row[l].cost_li;
		c->li[l] = b->kept_li[k][l];
	}
}

/* The same package for all. */
INLINE void spread(const struct mass_table *t, const struct mass_block *b, size_t place,
                   struct compared *c)
{
	memcpy(c->li, b->total + place * USAGE_LANES, sizeof(c->li));
	memcpy(c->bill, b->bill + place * MASS_CELLS, sizeof(c->bill));
	for (size_t d = 0; d < DIMS; d++)
		fill(c->allowance[d], t->row[place].allowance[d]);
	fill(c->fee, t->row[place].fee_li);
	fill(c->cost, t->row[place].cost_li);
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

INLINE void compare_money(const struct mass_block *b, const struct present *now,
                          struct compared *c)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		c->margin[l] = c->li[l] - c->cost[l] * b->weight[l];
		c->saving[l] = b->now_li[l] - c->li[l];
	}
	for (size_t d = 0; d < DIMS; d++)
		for (size_t l = 0; l < USAGE_LANES; l++)
			c->margin[l] -= pick(c->allowance[d][l] > now->allowance[d][l],
			                     now->raised[d][l], now->cost[d][l]);
}

/* As in guard.c; 0 or 1 << guard. */
INLINE int64_t verdict(const struct policy *p, const struct mass_block *b,
                       const struct present *now, const struct compared *c, size_t l)
{
	const int64_t weight = b->weight[l], saving = c->saving[l], margin = c->margin[l];
	const int64_t present = present_li(b, l);
	const int64_t had = more(b->now_margin_li[l], 0);
	const int64_t given = b->now_margin_li[l] - margin;
	const int64_t stage = c->fee[l] > now->fee[l] ? now->up[l] : now->down[l];
	const int64_t deep = saving * BP > present * now->depth[l];
	const int64_t dear = (now->binding[l] == 0) | (-saving * BP > present * p->up_bp);

	return ((int64_t)(stage == 0) << GUARD_STAGE) |
	       ((saving >= 0 ? deep : dear) << GUARD_DEPTH) |
	       ((int64_t)((margin * BP < (int64_t)c->li[l] * now->margin[l]) |
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

INLINE void judge(const struct policy *p, const struct mass_block *b,
                  const struct present *now, struct compared *c)
{
	compare_months(now, c);
	compare_money(b, now, c);
	for (size_t l = 0; l < USAGE_LANES; l++)
		c->failed[l] = (int32_t)verdict(p, b, now, c, l);
}

/* 1: that tariff is cooling. */
INLINE int32_t is_cooling(const struct mass_block *b, int32_t tariff, size_t l)
{
	return (int32_t)(b->cooling[tariff / 32][l] >> tariff % 32 & 1);
}

/* All of a lane that has none is 0 but its tariff. */
INLINE void put(const struct compared *c, struct mass_block *b, size_t k)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		const bool is = (b->kept_li[k][l] < INT32_MAX) & (b->weight[l] > 0);

		b->tariff[k][l] = pick(is, c->tariff[l], MASS_NONE);
		b->failed[k][l] = pick(is, c->failed[l], 0);
		b->saving_li[k][l] = pick(is, c->saving[l], 0);
		b->margin_li[k][l] = pick(is, c->margin[l], 0);
	}
}

#endif
