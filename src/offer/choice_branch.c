/*
 * choice_branch.c - branch and bound for few subjects.
 *
 * At prices L every choice is worth D(L) - sum of losses - L * what is left of the
 * limits, where a loss is what a subject's offer lacks to his best at these prices.  So
 * what has lost more than D(L) less the best known value cannot become better.  This is
 * asked at several prices at once; subjects with one offer left go first.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/dice.h"
#include "choice_priv.h"

enum {
	VIEWS = 8,        /* prices at which is asked */
	NODES = 20000000, /* then it is given up */
	OPTIONS = CHOICE_OFFERS + 1
};

struct option {
	uint8_t offer;
	double value, use[CHOICE_ROWS], loss[VIEWS];
};

struct person {
	size_t subject;
	unsigned n; /* options, by loss at the first prices */
	struct option option[OPTIONS];
};

struct level {
	unsigned next; /* option to be tried */
	double value, used[CHOICE_ROWS], loss[VIEWS];
};

struct branch {
	const struct choice_problem *p;
	double price[VIEWS][CHOICE_ROWS], bound[VIEWS];
	double value, tolerance; /* best known; what is not worth looking for */
	uint8_t *chosen;         /* of it */
	struct person *person;
	double (*least)
		[CHOICE_ROWS]; /* [level]: what persons from there on use at least */
	struct level *level;
};

/* The found prices, none, and some around the found ones. */
static void take_views(struct branch *b, const double price[])
{
	uint64_t state = b->p->seed;
	uint8_t chosen[CHOICE_EXACT];
	struct choice_raw raw = { .chosen = chosen };

	for (unsigned v = 0; v < VIEWS; v++) {
		for (unsigned r = 0; r < b->p->rows; r++) {
			const double share = (double)(dice_next(&state) >> 11) * 0x1p-53;
			const double by = v == 0 ? 1 : v == 1 ? 0 : 0.7 + 0.6 * share;

			b->price[v][r] = by * price[r];
		}
		b->bound[v] = choice_bound(b->p, b->price[v], &raw);
	}
}

static double reduced(const struct option *o, const double price[], unsigned rows)
{
	double sum = o->value;

	for (unsigned r = 0; r < rows; r++)
		sum -= price[r] * o->use[r];
	return sum;
}

static int by_loss(const void *a, const void *b)
{
	const struct option *x = a, *y = b;

	if (x->loss[0] < y->loss[0] || x->loss[0] > y->loss[0])
		return x->loss[0] < y->loss[0] ? -1 : 1;
	return x->offer - y->offer;
}

static void add_option(struct person *who, const struct choice_problem *p, unsigned offer)
{
	struct option *o = &who->option[who->n];

	*o = (struct option){ .offer = (uint8_t)offer };
	if (offer != CHOICE_NONE) {
		const float *cell = choice_cell(p, who->subject, offer);

		o->value = (double)*cell;
		if (o->value <= 0)
			return;
		for (unsigned r = 0; r < p->rows; r++)
			o->use[r] = choice_use(cell, r);
	}
	who->n++;
}

/* Fills losses and leaves out what cannot be part of anything better. */
static void weed(const struct branch *b, struct person *who)
{
	unsigned left = 0;

	for (unsigned v = 0; v < VIEWS; v++) {
		double best = 0;

		for (unsigned k = 0; k < who->n; k++)
			best = fmax(best,
			            reduced(&who->option[k], b->price[v], b->p->rows));
		for (unsigned k = 0; k < who->n; k++)
			who->option[k].loss[v] = best - reduced(&who->option[k],
			                                        b->price[v], b->p->rows);
	}
	for (unsigned k = 0; k < who->n; k++) {
		bool can = true;

		for (unsigned v = 0; v < VIEWS; v++)
			can = can && b->bound[v] - who->option[k].loss[v] >
			                     b->value + b->tolerance;
		if (can)
			who->option[left++] = who->option[k];
	}
	who->n = left;
	qsort(who->option, who->n, sizeof(who->option[0]), by_loss);
}

/* Those with the clearest first option first. */
static int by_doubt(const void *a, const void *b)
{
	const struct person *x = a, *y = b;
	const double second_x = x->n > 1 ? x->option[1].loss[0] : HUGE_VAL;
	const double second_y = y->n > 1 ? y->option[1].loss[0] : HUGE_VAL;

	if (second_x < second_y || second_x > second_y)
		return second_x > second_y ? -1 : 1;
	return (x->subject > y->subject) - (x->subject < y->subject);
}

/* False: somebody has no option left, so the known choice is the best. */
static bool set_up(struct branch *b)
{
	const size_t n = b->p->n;

	for (size_t i = 0; i < n; i++) {
		b->person[i] = (struct person){ .subject = i };
		for (unsigned o = 0; o < b->p->keep; o++)
			add_option(&b->person[i], b->p, o);
		add_option(&b->person[i], b->p, CHOICE_NONE);
		weed(b, &b->person[i]);
		if (b->person[i].n == 0)
			return false;
	}
	qsort(b->person, n, sizeof(*b->person), by_doubt);
	for (size_t i = n; i-- > 0;) {
		for (unsigned r = 0; r < b->p->rows; r++) {
			double least = HUGE_VAL;

			for (unsigned k = 0; k < b->person[i].n; k++)
				least = fmin(least, b->person[i].option[k].use[r]);
			b->least[i][r] = b->least[i + 1][r] + least;
		}
	}
	return true;
}

/* The level below, where the option is taken; false: nothing better can be there. */
static bool step(const struct branch *b, size_t at, const struct option *o)
{
	const struct level *from = &b->level[at];
	struct level *to = &b->level[at + 1];

	for (unsigned v = 0; v < VIEWS; v++) {
		to->loss[v] = from->loss[v] + o->loss[v];
		if (b->bound[v] - to->loss[v] <= b->value + b->tolerance)
			return false;
	}
	for (unsigned r = 0; r < b->p->rows; r++) {
		to->used[r] = from->used[r] + o->use[r];
		if (to->used[r] + b->least[at + 1][r] > b->p->limit[r])
			return false;
	}
	to->value = from->value + o->value;
	to->next = 0;
	return true;
}

/* All are decided; sums are made again in the order of subjects, which has the last word. */
static void take(struct branch *b)
{
	uint8_t chosen[CHOICE_EXACT];
	double used[CHOICE_ROWS];

	for (size_t i = 0; i < b->p->n; i++)
		chosen[b->person[i].subject] =
			b->person[i].option[b->level[i].next - 1].offer;
	const double value = choice_sums(b->p, chosen, used);

	for (unsigned r = 0; r < b->p->rows; r++)
		if (used[r] > b->p->limit[r])
			return;
	if (value > b->value) {
		b->value = value;
		memcpy(b->chosen, chosen, b->p->n);
	}
}

/* True: all has been looked through. */
static bool look_through(struct branch *b)
{
	size_t at = 0;

	for (long node = 0; node < NODES; node++) {
		struct level *l = &b->level[at];
		const bool end = at == b->p->n;

		if (end)
			take(b);
		if (end || l->next == b->person[at].n) {
			if (at == 0)
				return true;
			at--;
		} else {
			l->next++;
			if (step(b, at, &b->person[at].option[l->next - 1]))
				at++;
		}
	}
	return false;
}

bool choice_branch(const struct choice_problem *p, const double price[], double bound,
                   uint8_t *chosen)
{
	struct branch b = { .p = p, .chosen = chosen };
	double used[CHOICE_ROWS];
	bool all;

	b.value = choice_sums(p, chosen, used);
	b.tolerance = CHOICE_ROUNDING * bound;
	take_views(&b, price);
	b.person = xcalloc(p->n + 1, sizeof(*b.person));
	b.least = xcalloc(p->n + 1, sizeof(*b.least));
	b.level = xcalloc(p->n + 1, sizeof(*b.level));
	all = !set_up(&b) || look_through(&b);
	free(b.person);
	free(b.least);
	free(b.level);
	return all;
}
