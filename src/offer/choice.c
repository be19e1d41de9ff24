/*
 * choice.c - the problem, and the course of its solution.  See offer/choice.h.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "choice_priv.h"

struct choice_problem choice_make(size_t n, unsigned keep, unsigned rows)
{
	struct choice_problem p = { .n = n, .keep = keep, .rows = rows };
	const size_t size = choice_blocks(&p) * choice_block_cells(&p) * sizeof(float);

	assert(n < UINT32_MAX && keep >= 1 && keep <= CHOICE_OFFERS &&
	       rows <= CHOICE_ROWS);
	p.cell = aligned_alloc(sizeof(float) * CHOICE_LANES, size > 0 ? size : 64);
	if (p.cell == NULL)
		alloc_failed();
	memset(p.cell, 0, size);
	return p;
}

void choice_free(struct choice_problem *p)
{
	free(p->cell);
	p->cell = NULL;
}

void choice_put(struct choice_problem *p, size_t subject, unsigned offer, float value,
                const float use[])
{
	float *cell = choice_cell(p, subject, offer);

	assert(subject < p->n && offer < p->keep);
	*cell = value <= 0 ? 0 : value;
	for (unsigned r = 0; r < p->rows; r++)
		cell[(size_t)(1 + r) * CHOICE_LANES] = value <= 0 ? 0 : use[r];
}

static bool is_sound(const struct choice_problem *p)
{
	const size_t cells = choice_blocks(p) * choice_block_cells(p);
	float sum = 0;

	for (unsigned r = 0; r < p->rows; r++)
		if (!isfinite(p->limit[r]) || p->limit[r] < 0)
			return false;
	/* 0 times what is not finite is no number, and stays none. */
	for (size_t i = 0; i < cells; i += CHOICE_LANES)
		for (unsigned l = 0; l < CHOICE_LANES; l++)
			sum += p->cell[i + l] * 0;
	return isfinite(sum);
}

static void take_raw(const struct choice_problem *p, struct choice_raw *raw, size_t i,
                     uint8_t best, double margin)
{
	raw->chosen[i] = best;
	if (raw->margin != NULL)
		raw->margin[i] = (float)margin;
	if (best == CHOICE_NONE)
		return;
	const float *cell = choice_cell(p, i, best);

	raw->value += (double)*cell;
	for (unsigned r = 0; r < p->rows; r++)
		raw->used[r] += choice_use(cell, r);
}

double choice_bound(const struct choice_problem *p, const double price[],
                    struct choice_raw *raw)
{
	struct choice_best best;
	double sum = 0;

	raw->value = 0;
	memset(raw->used, 0, sizeof(raw->used));
	for (unsigned r = 0; r < p->rows; r++)
		sum += price[r] * p->limit[r];
	for (size_t i = 0; i < p->n; i++) {
		const size_t l = i % CHOICE_LANES;

		if (l == 0)
			choice_best(p, i / CHOICE_LANES, price, &best);
		sum += best.worth[l];
		take_raw(p, raw, i, best.offer[l], best.worth[l] - best.second[l]);
	}
	return sum + 1e-12 * (sum + raw->value);
}

double choice_sums(const struct choice_problem *p, const uint8_t *chosen, double used[])
{
	double value = 0;

	for (unsigned r = 0; r < CHOICE_ROWS; r++)
		used[r] = 0;
	for (size_t i = 0; i < p->n; i++) {
		if (chosen[i] == CHOICE_NONE)
			continue;
		const float *cell = choice_cell(p, i, chosen[i]);

		value += (double)*cell;
		for (unsigned r = 0; r < p->rows; r++)
			used[r] += choice_use(cell, r);
	}
	return value;
}

enum err choice_solve(const struct choice_problem *p, struct arena *a,
                      struct choice_result *out)
{
	struct choice_result r = { 0 };
	struct choice_search s;

	if (!is_sound(p))
		return ERR_RANGE;
	r.chosen = arena_array(a, uint8_t, p->n);
	s = choice_search_start(p);
	choice_search_wide(&s, p);
	r.bound = choice_refine(p, &s, r.chosen);
	r.passes = s.passes;
	memcpy(r.price, s.price, sizeof(r.price));
	if (p->n <= CHOICE_EXACT)
		r.exact = choice_branch(p, r.price, r.bound, r.chosen);
	r.value = choice_sums(p, r.chosen, r.used);
	if (r.exact)
		r.bound = fmin(r.bound, r.value + CHOICE_ROUNDING * r.bound);
	*out = r;
	return ERR_OK;
}

double choice_gap(const struct choice_result *r)
{
	return r->bound > 0 ? (r->bound - r->value) / r->bound : 0;
}
