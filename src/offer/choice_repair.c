/*
 * choice_repair.c - from everyone's best at some prices to a choice within the limits.
 *
 * Moves (another offer, or none) cost what they lose at these prices.  While a limit is
 * broken, moves go by loss for the use that they relieve; then, while there is room, by
 * loss for the value that they win.  A round finds the best move of each subject, takes
 * the cheapest of them in order and looks at each again as things then stand.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "choice_priv.h"

enum {
	FILLS = 4,       /* rounds at most */
	RELIEFS = 16,    /* likewise: what relieves one limit may load another */
	MOVES = 4096,    /* of a round, and */
	MOVES_SHARE = 16 /* one in so many subjects */
};

enum goal {
	RELIEVE, /* a broken limit, without breaking another */
	FORCE,   /* a broken limit, by taking offers away */
	FILL     /* win value within all limits */
};

struct repair {
	const struct choice_problem *p;
	const double *price;
	uint8_t *chosen;
	double used[CHOICE_ROWS], weight[CHOICE_ROWS]; /* weight 0: not broken */
	float *key;
	uint64_t *move; /* key and subject */
};

struct move {
	double ratio; /* HUGE_VAL: none */
	uint8_t to;
};

static double use_of(const struct repair *s, size_t i, unsigned offer, unsigned row)
{
	return offer == CHOICE_NONE ? 0 : choice_use(choice_cell(s->p, i, offer), row);
}

static double value_of(const struct repair *s, size_t i, unsigned offer)
{
	return offer == CHOICE_NONE ? 0 : (double)*choice_cell(s->p, i, offer);
}

static bool is_broken(const struct repair *s, unsigned row)
{
	return s->used[row] > s->p->limit[row];
}

/* Weights of the broken rows by how far they are broken; false: none is. */
static bool weigh(struct repair *s)
{
	bool any = false;

	for (unsigned r = 0; r < s->p->rows; r++) {
		s->weight[r] = is_broken(s, r) ? 1 / (s->used[r] - s->p->limit[r]) : 0;
		any = any || is_broken(s, r);
	}
	return any;
}

/* What a move is good for; <= 0: nothing. */
static double gain(const struct repair *s, enum goal goal, size_t i, unsigned to)
{
	const unsigned from = s->chosen[i];
	double sum = 0;

	if (goal == FILL)
		return value_of(s, i, to) - value_of(s, i, from);
	if (goal == FORCE && to != CHOICE_NONE)
		return 0;
	for (unsigned r = 0; r < s->p->rows; r++) {
		const double less = use_of(s, i, from, r) - use_of(s, i, to, r);

		if (s->weight[r] > 0 && (goal == RELIEVE || less > 0))
			sum += s->weight[r] * less;
	}
	return sum;
}

/* A row that is kept stays kept. */
static bool fits(const struct repair *s, size_t i, unsigned to)
{
	const unsigned from = s->chosen[i];

	for (unsigned r = 0; r < s->p->rows; r++) {
		const double after = s->used[r] + use_of(s, i, to, r) -
		                     use_of(s, i, from, r);

		if (!is_broken(s, r) && after > s->p->limit[r])
			return false;
	}
	return true;
}

static double loss(unsigned from, unsigned to, const double red[], unsigned stride)
{
	return (from == CHOICE_NONE ? 0 : red[(size_t)from * stride]) -
	       (to == CHOICE_NONE ? 0 : red[(size_t)to * stride]);
}

/* red[offer * stride]: value less use at the prices. */
static struct move best_move(const struct repair *s, enum goal goal, size_t i,
                             const double red[], unsigned stride)
{
	struct move best = { HUGE_VAL, 0 };

	for (unsigned o = 0; o <= s->p->keep; o++) {
		const unsigned to = o < s->p->keep ? o : CHOICE_NONE;

		if (to == s->chosen[i] || (to != CHOICE_NONE && value_of(s, i, to) <= 0))
			continue;
		const double by = gain(s, goal, i, to);

		if (by <= 0)
			continue;
		const double ratio = loss(s->chosen[i], to, red, stride) / by;

		if (ratio < best.ratio && (goal == FORCE || fits(s, i, to)))
			best = (struct move){ ratio, (uint8_t)to };
	}
	return best;
}

static void find_keys(struct repair *s, enum goal goal)
{
	double red[CHOICE_OFFERS][CHOICE_LANES];

	for (size_t i = 0; i < s->p->n; i++) {
		const size_t lane = i % CHOICE_LANES;

		if (lane == 0)
			choice_reduced(s->p, i / CHOICE_LANES, s->price, red);
		s->key[i] =
			(float)best_move(s, goal, i, &red[0][lane], CHOICE_LANES).ratio;
	}
}

static int by_number(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static size_t cheapest(struct repair *s)
{
	const uint32_t last = choice_cut(s->key, s->p->n, MOVES + s->p->n / MOVES_SHARE);
	size_t n = 0;

	for (size_t i = 0; i < s->p->n; i++) {
		const uint32_t key = choice_order(s->key[i]);

		if (key >> 16 <= last && isfinite(s->key[i]))
			s->move[n++] = (uint64_t)key << 32 | i;
	}
	qsort(s->move, n, sizeof(*s->move), by_number);
	return n;
}

static bool make_move(struct repair *s, enum goal goal, size_t i)
{
	double red[CHOICE_OFFERS];

	for (unsigned o = 0; o < s->p->keep; o++) {
		red[o] = value_of(s, i, o);
		for (unsigned r = 0; r < s->p->rows; r++)
			red[o] -= s->price[r] * use_of(s, i, o, r);
	}
	const struct move m = best_move(s, goal, i, red, 1);

	if (!(m.ratio < HUGE_VAL))
		return false;
	for (unsigned r = 0; r < s->p->rows; r++)
		s->used[r] += use_of(s, i, m.to, r) - use_of(s, i, s->chosen[i], r);
	s->chosen[i] = m.to;
	return true;
}

/* How many moves were made. */
static size_t go_round(struct repair *s, enum goal goal)
{
	size_t made = 0;

	find_keys(s, goal);
	const size_t n = cheapest(s);

	for (size_t k = 0; k < n; k++) {
		if (goal != FILL && !weigh(s))
			break;
		made += make_move(s, goal, (size_t)(uint32_t)s->move[k]) ? 1 : 0;
	}
	return made;
}

/*
 * Ends: FORCE takes away some offer that uses what is used too much.  False: there is no
 * such offer, and a limit is below 0.
 */
static bool keep_limits(struct repair *s)
{
	for (unsigned i = 0;; i++) {
		(void)choice_sums(s->p, s->chosen, s->used);
		if (!weigh(s))
			return true;
		if ((i >= RELIEFS || go_round(s, RELIEVE) == 0) &&
		    go_round(s, FORCE) == 0)
			return false;
	}
}

bool choice_repair(const struct choice_problem *p, const double price[], uint8_t *chosen)
{
	struct repair s = { .p = p, .price = price };
	bool kept;

	s.chosen = chosen;
	s.key = xcalloc(p->n + 1, sizeof(*s.key));
	s.move = xcalloc(p->n + 1, sizeof(*s.move));
	kept = keep_limits(&s);
	for (unsigned i = 0; kept && i < FILLS && go_round(&s, FILL) > 0; i++)
		kept = keep_limits(&s);
	free(s.key);
	free(s.move);
	return kept;
}
