/*
 * choice_priv.h - the steps of choice_solve().
 */
#ifndef OFFER_CHOICE_PRIV_H
#define OFFER_CHOICE_PRIV_H

#include "offer/choice.h"

#define CHOICE_ROUNDING 1e-9 /* relative: what sums in double may differ by, amply */

static inline size_t choice_blocks(const struct choice_problem *p)
{
	return (p->n + CHOICE_LANES - 1) / CHOICE_LANES;
}

static inline size_t choice_block_cells(const struct choice_problem *p)
{
	return (size_t)p->keep * (1 + p->rows) * CHOICE_LANES;
}

/* The value of an offer; the use of row r is (1 + r) * CHOICE_LANES further. */
static inline float *choice_cell(const struct choice_problem *p, size_t i, unsigned o)
{
	return p->cell + i / CHOICE_LANES * choice_block_cells(p) +
	       (size_t)o * (1 + p->rows) * CHOICE_LANES + i % CHOICE_LANES;
}

static inline double choice_use(const float *cell, unsigned row)
{
	return (double)cell[(size_t)(1 + row) * CHOICE_LANES];
}

/* D(price) and what is used where each takes his best at these prices. */
struct choice_dual {
	double value, used[CHOICE_ROWS];
};

/* In float: for the search. */
void choice_dual_fast(const struct choice_problem *p, const double price[],
                      struct choice_dual *out);

/* Value less what is used at these prices, of one block; 0: no offer. */
void choice_reduced(const struct choice_problem *p, size_t block, const double price[],
                    double out[CHOICE_OFFERS][CHOICE_LANES]);

/* Each one's best at some prices, whatever the limits. */
struct choice_raw {
	uint8_t *chosen;
	float *margin; /* by how much it is better than the second, or NULL; none is worth 0 */
	double value, used[CHOICE_ROWS];
};

/* The bound that prices prove, in double and rounded up. */
double choice_bound(const struct choice_problem *p, const double price[],
                    struct choice_raw *raw);

/* Of one block at these prices: each lane's best, or CHOICE_NONE; worth of it and second. */
struct choice_best {
	uint8_t offer[CHOICE_LANES];
	double worth[CHOICE_LANES], second[CHOICE_LANES];
};
void choice_best(const struct choice_problem *p, size_t block, const double price[],
                 struct choice_best *out);

/* Sums of a choice, in the order of subjects. */
double choice_sums(const struct choice_problem *p, const uint8_t *chosen, double used[]);

/* -- the search for prices -- */

struct choice_search {
	double size[CHOICE_ROWS];        /* what all offers use together, as sizes */
	double unit[CHOICE_ROWS];        /* of a step; 0: the price stands */
	double best, price[CHOICE_ROWS]; /* the least D seen, and where */
	unsigned passes;
};

/* Units and starting prices. */
struct choice_search choice_search_start(const struct choice_problem *p);

/* From nothing to about the least; on a sample if subjects are many. */
void choice_search_wide(struct choice_search *s, const struct choice_problem *p);

/* Steps from the price on, `reach` units at first. */
void choice_search_near(struct choice_search *s, const struct choice_problem *p,
                        unsigned steps, double reach);

/* -- a choice within the limits -- */

/*
 * Makes the choice keep all limits, then better where there is room.  False: it cannot;
 * that is when nothing for nobody breaks one.
 */
bool choice_repair(const struct choice_problem *p, const double price[], uint8_t *chosen);

/*
 * Prices found on all, made finer on those who are near a change of mind; then a choice
 * within the limits.  Returns the bound that the prices prove.
 */
double choice_refine(const struct choice_problem *p, struct choice_search *s,
                     uint8_t *chosen);

/*
 * A choice at about the limits, which it may break by little, mixed of what all would take
 * at several prices.  Betters prices and bound of the search; returns the bound.
 */
double choice_mix(const struct choice_problem *p, struct choice_search *s, double bound,
                  uint8_t *chosen);

/*
 * Branch and bound from a choice that keeps the limits and the bound of the prices; betters
 * the choice.  True: nothing is better by more than CHOICE_ROUNDING of the bound.
 */
bool choice_branch(const struct choice_problem *p, const double price[], double bound,
                   uint8_t *chosen);

/* -- helpers -- */

/* A number in the order of floats, and the least upper half of it within which `most` lie. */
uint32_t choice_order(float key);
uint32_t choice_cut(const float *key, size_t n, size_t most);

#endif
