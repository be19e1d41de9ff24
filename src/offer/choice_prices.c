/*
 * choice_prices.c - the search for prices: projected subgradient, first on a sample.
 *
 * Steps are scaled by row (a price's natural unit is value by use) and by what has been
 * seen of the row's gradient.  D is not smooth: moving one price at a time stalls at
 * corners that are no minimum, so all move together, and the least D seen is kept.
 */
#include <math.h>
#include <string.h>

#include "base/dice.h"
#include "choice_priv.h"

enum {
	SAMPLE = 20000, /* subjects */
	PHASES = 6,
	STEPS = 200, /* of a phase */
	POLISH = 8   /* on all, after the sample */
};

static void try_prices(struct choice_search *s, const struct choice_problem *p,
                       const double price[], struct choice_dual *d)
{
	choice_dual_fast(p, price, d);
	s->passes++;
	if (d->value < s->best) {
		s->best = d->value;
		memcpy(s->price, price, sizeof(s->price));
	}
}

void choice_search_near(struct choice_search *s, const struct choice_problem *p,
                        unsigned steps, double reach)
{
	double price[CHOICE_ROWS], seen[CHOICE_ROWS] = { 0 }, mean[CHOICE_ROWS] = { 0 };
	const unsigned late = steps - steps / 2; /* steps that the mean is of */
	struct choice_dual d;

	s->best = HUGE_VAL;
	memcpy(price, s->price, sizeof(price));
	for (unsigned t = 0; t < steps; t++) {
		try_prices(s, p, price, &d);
		for (unsigned r = 0; r < p->rows; r++) {
			const double g = p->limit[r] - d.used[r];

			seen[r] += g * g;
			if (seen[r] > 0)
				price[r] -= reach * s->unit[r] * g / sqrt(seen[r]);
			price[r] = fmax(0, price[r]);
			if (t >= steps - late)
				mean[r] += price[r] / late;
		}
	}
	try_prices(s, p, mean, &d);
}

/* Whole blocks, so that a subject's offers stay one stretch of memory. */
static struct choice_problem sample_of(const struct choice_problem *p)
{
	const size_t blocks = p->n / CHOICE_LANES, take = SAMPLE / CHOICE_LANES;
	const size_t size = choice_block_cells(p);
	struct choice_problem s = choice_make(SAMPLE, p->keep, p->rows);
	uint64_t state = p->seed;
	size_t got = 0;

	for (size_t b = 0; b < blocks && got < take; b++)
		if (dice_next(&state) % (blocks - b) < take - got)
			memcpy(s.cell + size * got++, p->cell + size * b,
			       size * sizeof(float));
	for (unsigned r = 0; r < p->rows; r++)
		s.limit[r] = p->limit[r] * ((double)SAMPLE / (double)p->n);
	return s;
}

struct row_facts {
	double use;    /* sum of |use| of what is worth something */
	double most;   /* value of a unit, at most */
	bool negative; /* somewhere */
};

static double facts_of(const struct choice_problem *p, struct row_facts row[])
{
	double value = 0;

	for (size_t i = 0; i < p->n; i++) {
		for (unsigned o = 0; o < p->keep; o++) {
			const float *cell = choice_cell(p, i, o);

			value += (double)*cell;
			for (unsigned r = 0; r<p->rows && * cell> 0; r++) {
				const double use = choice_use(cell, r);

				row[r].use += fabs(use);
				row[r].negative = row[r].negative || use < 0;
				if (use > 0 && (double)*cell > row[r].most * use)
					row[r].most = (double)*cell / use;
			}
		}
	}
	return value;
}

/*
 * A limit of 0 that nobody's use is below: only what costs nothing can be had, and any
 * price proves as much.  It stands from the beginning at one that nothing is worth.
 */
struct choice_search choice_search_start(const struct choice_problem *p)
{
	struct choice_search s = { .best = HUGE_VAL };
	struct row_facts row[CHOICE_ROWS] = { { 0 } };
	const double value = facts_of(p, row);

	for (unsigned r = 0; r < p->rows; r++) {
		s.size[r] = row[r].use;
		if (p->limit[r] > 0 || row[r].negative)
			s.unit[r] = row[r].use > 0 ? value / row[r].use : 0;
		else
			s.price[r] = fmin(2 * row[r].most, 1e30);
	}
	return s;
}

static void phases(struct choice_search *s, const struct choice_problem *p)
{
	double reach = 0.5;

	for (unsigned i = 0; i < PHASES; i++) {
		choice_search_near(s, p, STEPS, reach);
		reach *= 0.4;
	}
}

void choice_search_wide(struct choice_search *s, const struct choice_problem *p)
{
	struct choice_problem sample;

	if (p->n <= SAMPLE) {
		phases(s, p);
		return;
	}
	sample = sample_of(p);
	phases(s, &sample);
	choice_free(&sample);
	s->passes = 0;
	choice_search_near(s, p, POLISH, 0.004);
}
