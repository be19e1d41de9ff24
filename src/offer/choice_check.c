/*
 * choice_check.c - a choice judged anew, sharing nothing with its solution.
 *
 * Subjects go backwards, a row at a time, in long double, cells found by their own
 * formula.  Sums may differ by rounding: a share of the sum of what was added.
 */
#include <math.h>

#include "offer/choice.h"

static const long double slack = 1e-9L;

struct sum {
	long double of, magnitude;
};

static void add(struct sum *s, long double x)
{
	s->of += x;
	s->magnitude += fabsl(x);
}

static bool is_near(const struct sum *s, double claimed)
{
	return fabsl(s->of - (long double)claimed) <= slack * s->magnitude;
}

/* column 0: value, 1 + r: use of limit r. */
static long double cell_of(const struct choice_problem *p, size_t i, unsigned offer,
                           unsigned column)
{
	const size_t lane = i % CHOICE_LANES, block = i / CHOICE_LANES;

	return (long double)p->cell[((block * p->keep + offer) * (p->rows + 1) + column) *
	                                    CHOICE_LANES +
	                            lane];
}

static struct sum sum_of(const struct choice_problem *p, const uint8_t *chosen,
                         unsigned column)
{
	struct sum s = { 0, 0 };

	for (size_t i = p->n; i-- > 0;)
		if (chosen[i] != CHOICE_NONE)
			add(&s, cell_of(p, i, chosen[i], column));
	return s;
}

/* What the prices prove. */
static struct sum dual_of(const struct choice_problem *p, const double price[])
{
	struct sum s = { 0, 0 };

	for (size_t i = p->n; i-- > 0;) {
		struct sum best = { 0, 0 };

		for (unsigned o = 0; o < p->keep; o++) {
			struct sum worth = { 0, 0 };

			add(&worth, cell_of(p, i, o, 0));
			for (unsigned r = 0; r < p->rows; r++)
				add(&worth,
				    -(long double)price[r] * cell_of(p, i, o, 1 + r));
			if (worth.of > best.of)
				best = worth;
		}
		s.of += best.of;
		s.magnitude += best.magnitude;
	}
	for (unsigned r = 0; r < p->rows; r++)
		add(&s, (long double)price[r] * (long double)p->limit[r]);
	return s;
}

static bool is_within(const struct choice_problem *p, const struct choice_result *r)
{
	for (size_t i = 0; i < p->n; i++)
		if (r->chosen[i] != CHOICE_NONE &&
		    (r->chosen[i] >= p->keep || cell_of(p, i, r->chosen[i], 0) <= 0))
			return false;
	for (unsigned k = 0; k < p->rows; k++) {
		const struct sum used = sum_of(p, r->chosen, 1 + k);

		if (!is_near(&used, r->used[k]) || r->used[k] > p->limit[k] ||
		    !(r->price[k] >= 0))
			return false;
	}
	return true;
}

bool choice_check(const struct choice_problem *p, const struct choice_result *r)
{
	if (!is_within(p, r))
		return false;
	const struct sum value = sum_of(p, r->chosen, 0), dual = dual_of(p, r->price);
	const long double above = (long double)r->bound - dual.of;

	return is_near(&value, r->value) && r->bound >= r->value &&
	       above <= slack * dual.magnitude &&
	       (r->exact || above >= -slack * dual.magnitude);
}
