/*
 * choice.h - who gets which offer, within limits: at most one each.
 *
 *   max sum V x   subject to   sum a_r x <= b_r,  sum over offers of one subject <= 1
 *
 * Lagrangian dual by projected subgradient, repair, filling; where many are alike a mix of
 * several choices; and branch and bound for small audiences.  Each result carries its certificate, value <= optimum <= bound,
 * whatever the method made of the prices.
 */
#ifndef OFFER_CHOICE_H
#define OFFER_CHOICE_H

#include "base/arena.h"
#include "base/err.h"

enum {
	CHOICE_ROWS = 16,   /* limits */
	CHOICE_OFFERS = 16, /* of one subject */
	CHOICE_LANES = 16,
	CHOICE_EXACT = 200, /* subjects up to which branch and bound is tried */
	CHOICE_NONE = 255
};

/*
 * Blocks of CHOICE_LANES subjects: [block][offer][0: value, 1 + r: use of limit r][lane],
 * 4 * keep * (1 + rows) octets a subject.  Lanes behind the last are empty.
 */
struct choice_problem {
	size_t n; /* subjects */
	unsigned keep,
		rows; /* offers of each, 1..CHOICE_OFFERS; limits, 0..CHOICE_ROWS */
	float *cell;  /* 64-octet aligned; owned */
	double limit[CHOICE_ROWS]; /* >= 0: nothing for nobody keeps all limits */
	uint64_t seed;             /* of the sample; the same seed, the same result */
};

/* Nothing is worth anything yet, limits are 0; freed by choice_free(). */
struct choice_problem choice_make(size_t n, unsigned keep, unsigned rows);
void choice_free(struct choice_problem *p);

/*
 * An offer to a subject, in any units.  A value <= 0 is never chosen.  Uses may be
 * negative: a share of profit that must be kept is a row of what each lacks to it, limit 0.
 */
void choice_put(struct choice_problem *p, size_t subject, unsigned offer, float value,
                const float use[]);

struct choice_result {
	uint8_t *chosen;     /* [subject]: offer, or CHOICE_NONE; in the arena */
	double value, bound; /* value <= optimum <= bound */
	double price
		[CHOICE_ROWS]; /* what one more unit of the limit would be worth, about */
	double used[CHOICE_ROWS];
	bool exact;      /* proven optimal: bound is value but for rounding */
	unsigned passes; /* dual evaluations over all subjects */
};

/* ERR_RANGE: a value, use or limit is not finite, or a limit is negative. */
MUST_CHECK enum err choice_solve(const struct choice_problem *p, struct arena *a,
                                 struct choice_result *out);

/* (bound - value) / bound; 0 where nothing can be won. */
double choice_gap(const struct choice_result *r);

/*
 * Recomputes all from the problem, in other orders and ways: false if a limit is broken,
 * if sums are not those of `chosen`, or if the prices do not prove the bound (where it
 * is exact: if they prove less than it).
 */
bool choice_check(const struct choice_problem *p, const struct choice_result *r);

#endif
