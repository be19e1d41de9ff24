/*
 * mass_kernel.c - the loops that decide how fast the matcher is; see mass_priv.h.
 *
 * Each inner loop is one vector operation over the lanes of a block.  Built with -O3 and
 * for several machines (clones.h).
 */
#include "clones.h"
#include "mass_priv.h"

#define INLINE static inline __attribute__((always_inline))

enum {
	KEY_BARRED = 60, /* the bit of a key that stands behind all others */
	BP = 10000
};

INLINE int32_t less(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

INLINE int32_t over(int32_t use, int32_t from)
{
	const int32_t x = use - from;

	return x > 0 ? x : 0;
}

INLINE int64_t over64(int64_t v)
{
	return v > 0 ? v : 0;
}

/* What a piece charges for one cell; kind is known where this is inlined. */
INLINE int32_t charge(const struct mass_piece *p, enum mass_kind kind, int32_t use)
{
	const int32_t x = over(use, p->from);

	if (kind == MASS_UNITS)
		return x * p->li;
	if (kind == MASS_SHIFT)
		return (int32_t)(((uint32_t)x + p->round) >> p->shift) * p->li;
	{
		const uint64_t rest = (uint32_t)over(x, 1);
		const int32_t whole = (int32_t)(rest * p->magic >> p->shift);

		return (whole + (x > 0 ? 1 : 0)) * p->li;
	}
}

INLINE void add_kind(const struct mass_piece *piece, enum mass_kind kind, int32_t cap,
                     const int32_t *restrict use, int32_t *restrict out)
{
	const struct mass_piece p = *piece;

	for (size_t i = 0; i < MASS_CELLS; i++)
		out[i] += less(charge(&p, kind, use[i]), cap);
}

INLINE void add_piece(const struct mass_piece *p, int32_t cap,
                      const int32_t *restrict use, int32_t *restrict out)
{
	switch (p->kind) {
	case MASS_UNITS:
		add_kind(p, MASS_UNITS, cap, use, out);
		return;
	case MASS_SHIFT:
		add_kind(p, MASS_SHIFT, cap, use, out);
		return;
	case MASS_DIVIDE:
		add_kind(p, MASS_DIVIDE, cap, use, out);
		return;
	}
}

/* Pieces are added up before the cap. */
INLINE void add_pieces(const struct mass_tier *t, const int32_t *restrict use,
                       int32_t *restrict out)
{
	int32_t sum[MASS_CELLS] __attribute__((aligned(64))) = { 0 };

	for (unsigned j = 0; j < t->n; j++)
		add_piece(&t->piece[j], INT32_MAX, use, sum);
	for (size_t i = 0; i < MASS_CELLS; i++)
		out[i] += less(sum[i], t->cap_li);
}

INLINE void bill_of(const struct mass_plan *p, const int32_t *weight,
                    const struct mass_block *b, int32_t *restrict bill,
                    int32_t *restrict total)
{
	for (size_t i = 0; i < MASS_CELLS; i++)
		bill[i] = p->fee_li;
	for (size_t d = 0; d < DIMS; d++) {
		const struct mass_tier *t = &p->tier[d];

		if (t->n == 1)
			add_piece(&t->piece[0], t->cap_li, b->use + d * MASS_CELLS, bill);
		else if (t->n > 1)
			add_pieces(t, b->use + d * MASS_CELLS, bill);
	}
	for (size_t l = 0; l < USAGE_LANES; l++) {
		int32_t sum = 0;

		for (size_t m = 0; m < USAGE_MONTHS; m++)
			sum += weight[m] * (bill[m * USAGE_LANES + l] & b->looked[m][l]);
		total[l] = sum;
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

INLINE int32_t pick(bool first, int32_t a, int32_t b)
{
	return first ? a : b;
}

/* ---- the lanes as they are now ---- */

struct present {
	mass_lanes months, binding;
	mass_lanes cost[DIMS], raised[DIMS]; /* weighted; raised: with stimulated use */
	mass_lanes allowance[DIMS], bound[DIMS]; /* bound: whether it is */
	mass_lanes fee, package_cost;
	mass_lanes bill[USAGE_MONTHS];
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
			all += (int64_t)p->weight[m] *
			       (use[m * USAGE_LANES + l] & b->looked[m][l]);
		bound = (all > 0) & (allowance < USE_MOST) & (all * BP >= binding);
		sum[l] = all;
		now->bound[d][l] = bound;
		now->binding[l] |= bound;
	}
	for (size_t l = 0; l < USAGE_LANES; l++) {
		const int64_t li = sum[l] * p->cost_li_per[d] /
		                   policy_cost_units((enum tariff_dim)d);

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

INLINE void look_at_months(const struct mass_table *t, struct mass_block *b,
                           struct present *now)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		now->binding[l] = 0;
		now->months[l] = 0;
		b->weight[l] = 0;
	}
	for (size_t m = 0; m < USAGE_MONTHS; m++)
		for (size_t l = 0; l < USAGE_LANES; l++) {
			b->weight[l] += t->policy->weight[m] & b->looked[m][l];
			now->months[l] -= b->looked[m][l];
		}
	for (size_t l = 0; l < USAGE_LANES; l++)
		b->weight[l] = pick(b->now[l] >= 0, b->weight[l], 0);
}

/* With add-ons. */
INLINE int64_t present_li(const struct mass_block *b, size_t l)
{
	return b->now_li[l] + (int64_t)b->addons_li[l] * b->weight[l];
}

INLINE void look(const struct mass_table *t, struct mass_block *b, struct present *now)
{
	look_at_package(t, b, now);
	look_at_months(t, b, now);
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

typedef int64_t keys[USAGE_LANES] __attribute__((aligned(64)));

/* Cheapest first, ties by place: the key is both. */
INLINE void insert(keys *restrict kept, int64_t *restrict key)
{
	for (size_t k = 0; k < MASS_PUSHES; k++)
		for (size_t l = 0; l < USAGE_LANES; l++) {
			const int64_t a = kept[k][l], b = key[l];

			kept[k][l] = a < b ? a : b;
			key[l] = a < b ? b : a;
		}
}

/*
 * The keys of those who may have it; whether it comes in anywhere.  least: what is below
 * would be too deep to be pushed.
 */
INLINE bool price(const struct mass_block *b, const struct mass_plan *p, int32_t place,
                  const int32_t *restrict least, const int64_t *restrict last,
                  int64_t *restrict asked, int64_t *restrict key)
{
	const int32_t *restrict total = b->total + (size_t)place * USAGE_LANES;
	const uint32_t *allowed = b->allowed[p->tariff / 32];
	int64_t better = 0;

	for (size_t l = 0; l < USAGE_LANES; l++) {
		const int64_t bars = (~allowed[l] >> p->tariff % 32 & 1) |
		                     (uint32_t)pick(b->now[l] == place, 1, 0);

		key[l] = ((int64_t)total[l] * TARIFF_MOST + place) | bars << KEY_BARRED;
	}
	for (size_t l = 0; l < USAGE_LANES; l++)
		asked[l] = key[l] < asked[l] ? key[l] : asked[l];
	for (size_t l = 0; l < USAGE_LANES; l++) {
		key[l] |= (int64_t)pick(total[l] < least[l], 1, 0) << KEY_BARRED;
		better |= key[l] - last[l];
	}
	return better < 0;
}

INLINE void rank(const struct mass_table *t, const struct present *now,
                 struct mass_block *b)
{
	keys kept[MASS_KEEP], key;

	for (size_t k = 0; k < MASS_KEEP; k++)
		for (size_t l = 0; l < USAGE_LANES; l++)
			kept[k][l] = INT64_C(1) << KEY_BARRED;
	for (size_t p = 0; p < t->n; p++) {
		if (t->plan[p].offered &&
		    price(b, &t->plan[p], (int32_t)p, now->least, kept[MASS_KEEP - 1],
		          kept[MASS_ASKED], key))
			insert(kept + 1, key);
	}
	for (size_t k = 0; k < MASS_KEEP; k++)
		for (size_t l = 0; l < USAGE_LANES; l++) {
			b->kept_li[k][l] = (int32_t)(kept[k][l] / TARIFF_MOST);
			b->kept[k][l] = pick(kept[k][l] >> KEY_BARRED == 0,
			                     (int32_t)(kept[k][l] % TARIFF_MOST), -1);
		}
}

/* ---- verdicts ---- */

/* What the months say of one that is kept. */
struct compared {
	mass_lanes bill[USAGE_MONTHS], allowance[DIMS], fee, cost;
	mass_lanes better, worst, step, margin, saving;
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

INLINE void compare_months(const struct mass_block *b, const struct present *now,
                           struct compared *c)
{
	for (size_t l = 0; l < USAGE_LANES; l++) {
		c->better[l] = 0;
		c->worst[l] = INT32_MIN;
	}
	for (size_t m = 0; m < USAGE_MONTHS; m++)
		for (size_t l = 0; l < USAGE_LANES; l++) {
			const int32_t looked = b->looked[m][l];
			const int32_t step = c->bill[m][l] - now->bill[m][l];
			const int32_t dearer = (step & looked) | (INT32_MIN & ~looked);

			c->better[l] += looked & pick(dearer <= 0, 1, 0);
			c->worst[l] = dearer > c->worst[l] ? dearer : c->worst[l];
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
			const int32_t more = pick(c->allowance[d][l] >
			                                  now->allowance[d][l],
			                          now->bound[d][l], 0);

			c->margin[l] -= pick(more != 0, now->raised[d][l],
			                     now->cost[d][l]);
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
	       ((int64_t)(c->worst[l] > p->shock_li) << GUARD_SHOCK) |
	       ((int64_t)((saving < p->material_li * weight) |
	                  (saving * BP < present * p->material_bp))
	        << GUARD_MATERIAL) |
	       ((int64_t)now->unstable[l] << GUARD_STABLE);
}

CLONES void mass_reckon(const struct mass_table *t, struct mass_block *b)
{
	struct present now;

	for (size_t p = 0; p < t->n; p++)
		bill_of(&t->plan[p], t->policy->weight, b,
		        __builtin_assume_aligned(b->bill + p * MASS_CELLS, 64),
		        __builtin_assume_aligned(b->total + p * USAGE_LANES, 64));
	look(t, b, &now);
	rank(t, &now, b);
	for (size_t k = 0; k < MASS_KEEP; k++) {
		struct compared c;

		fetch(t, b, k, &c);
		compare_months(b, &now, &c);
		compare_money(b, &now, k, &c);
		for (size_t l = 0; l < USAGE_LANES; l++) {
			b->failed[k][l] = (int32_t)verdict(t->policy, b, &now, &c, k, l);
			b->saving_li[k][l] = c.saving[l];
			b->margin_li[k][l] = c.margin[l];
		}
	}
}
