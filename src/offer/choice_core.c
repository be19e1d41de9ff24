/*
 * choice_core.c - the last digits: only who is near a change of mind is looked at.
 *
 * At prices near the best ones most subjects' choice stands.  Those whose best is little
 * better than their second are copied into a problem of their own, the core, within what
 * the others leave of the limits.  There steps are cheap, so that prices get finer, and
 * a choice within the limits is made.
 *
 * Where many are alike no prices keep the limits, and this comes to an end short of the
 * bound: then a mix of what all would take at several prices is tried (choice_mix.c).
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "choice_priv.h"

enum {
	SMALL = 20000, /* up to so many subjects all are the core, */
	SHARE = 12,    /* else one in so many */
	TRIES = 6,
	STEPS = 48 /* of a try */
};

#define ENOUGH 5e-5 /* a gap that needs no further try */
#define CLOSER 0.3  /* the reach of the next steps, of that of the last */

struct core {
	struct choice_problem p;
	uint32_t *subject;
	uint8_t *chosen;
	double outside; /* value of the others */
};

static void copy_subject(struct core *c, size_t to, const struct choice_problem *p,
                         size_t i)
{
	for (unsigned o = 0; o < p->keep; o++) {
		const float *from = choice_cell(p, i, o);
		float *cell = choice_cell(&c->p, to, o);

		for (size_t k = 0; k <= p->rows; k++)
			cell[k * CHOICE_LANES] = from[k * CHOICE_LANES];
	}
}

static struct core core_of(const struct choice_problem *p, const float *margin)
{
	const size_t most = p->n <= SMALL ? p->n : p->n / SHARE;
	const uint32_t last = choice_cut(margin, p->n, most);
	struct core c = { .subject = xcalloc(p->n + 1, sizeof(*c.subject)) };
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (choice_order(margin[i]) >> 16 <= last)
			c.subject[n++] = (uint32_t)i;
	c.p = choice_make(n, p->keep, p->rows);
	for (size_t i = 0; i < n; i++)
		copy_subject(&c, i, p, c.subject[i]);
	c.chosen = xcalloc(n + 1, 1);
	return c;
}

static void core_free(struct core *c)
{
	choice_free(&c->p);
	free(c->subject);
	free(c->chosen);
}

/*
 * What those outside leave; a hair less, since sums come to it in another order.  Whole
 * numbers come to the same in any.
 */
static void leave_limits(struct core *c, const struct choice_problem *p,
                         const struct choice_raw *raw)
{
	double inside[CHOICE_ROWS];

	for (size_t i = 0; i < c->p.n; i++)
		c->chosen[i] = raw->chosen[c->subject[i]];
	c->outside = raw->value - choice_sums(&c->p, c->chosen, inside);
	for (unsigned r = 0; r < p->rows; r++) {
		const double left = p->limit[r] - (raw->used[r] - inside[r]);
		const bool exact = c->p.n == p->n || left <= floor(left);

		c->p.limit[r] = exact ? left : left - 1e-12 * p->limit[r];
	}
}

static void spread(const struct core *c, const struct choice_raw *raw, size_t n,
                   uint8_t *chosen)
{
	memcpy(chosen, raw->chosen, n);
	for (size_t i = 0; i < c->p.n; i++)
		chosen[c->subject[i]] = c->chosen[i];
}

/* Steps on the core, which sees only itself: prices that prove less to all are let go. */
static double search_core(const struct core *c, const struct choice_problem *p,
                          struct choice_search *s, double known, double reach,
                          struct choice_raw *raw, struct choice_raw *spare)
{
	double before[CHOICE_ROWS], bound;

	memcpy(before, s->price, sizeof(before));
	choice_search_near(s, &c->p, STEPS, reach);
	choice_search_near(s, &c->p, STEPS, reach * CLOSER);
	bound = choice_bound(p, s->price, spare);
	if (bound > known) {
		memcpy(s->price, before, sizeof(before));
		return known;
	}
	const struct choice_raw better = *spare;

	*spare = *raw;
	*raw = better;
	return bound;
}

/* Rounding of sums over all in another order than those of core and others. */
static void make_sure(const struct choice_problem *p, const double price[],
                      uint8_t *chosen)
{
	double used[CHOICE_ROWS];
	bool kept = true;

	(void)choice_sums(p, chosen, used);
	for (unsigned r = 0; r < p->rows; r++)
		kept = kept && used[r] <= p->limit[r];
	kept = kept || choice_repair(p, price, chosen);
	assert(kept);
}

/* Tries until the gap is small enough.  Returns the bound. */
static double go_on(struct core *c, const struct choice_problem *p,
                    struct choice_search *s, double bound, struct choice_raw *raw,
                    uint8_t *chosen)
{
	struct choice_raw spare = { .chosen = xcalloc(p->n + 1, 1) };
	double best = -1, reach = 0.002, used[CHOICE_ROWS];
	unsigned passes = s->passes + 1; /* and the one of the bound */

	memcpy(chosen, raw->chosen, p->n);
	for (unsigned i = 0; i < TRIES && bound - best > ENOUGH * bound; i++) {
		leave_limits(c, p, raw);
		bound = search_core(c, p, s, bound, reach, raw, &spare);
		leave_limits(c, p, raw);
		const bool kept = choice_repair(&c->p, s->price, c->chosen);
		const double value = c->outside + choice_sums(&c->p, c->chosen, used);

		passes++;
		reach *= CLOSER * CLOSER;
		if (!kept || value <= best)
			break;
		best = value;
		spread(c, raw, p->n, chosen);
	}
	free(spare.chosen);
	s->passes = passes;
	return bound;
}

/* Better the choice by a mix, if it is not near the bound.  Returns the bound. */
static double try_mix(const struct choice_problem *p, struct choice_search *s,
                      double bound, uint8_t *chosen, uint8_t *spare)
{
	double used[CHOICE_ROWS];
	const double value = choice_sums(p, chosen, used);

	if (bound - value <= ENOUGH * bound)
		return bound;
	bound = choice_mix(p, s, bound, spare);
	if (choice_repair(p, s->price, spare) && choice_sums(p, spare, used) > value)
		memcpy(chosen, spare, p->n);
	return bound;
}

double choice_refine(const struct choice_problem *p, struct choice_search *s,
                     uint8_t *chosen)
{
	float *margin = xcalloc(p->n + 1, sizeof(*margin));
	struct choice_raw raw = { .chosen = xcalloc(p->n + 1, 1), .margin = margin };
	double bound = choice_bound(p, s->price, &raw);
	struct core c = core_of(p, margin);

	raw.margin = NULL;
	bound = go_on(&c, p, s, bound, &raw, chosen);
	make_sure(p, s->price, chosen);
	core_free(&c);
	free(margin);
	bound = try_mix(p, s, bound, chosen, raw.chosen);
	free(raw.chosen);
	return bound;
}
