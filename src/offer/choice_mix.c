/*
 * choice_mix.c - crowds: a choice mixed of what everybody would take at several prices.
 *
 * Where many are alike, whole crowds change their mind at the right prices, and no prices
 * alone say how a crowd is to be divided.  A small linear program does (Dantzig and
 * Wolfe): of what was chosen at some prices, so much of each that together they keep the
 * limits and are worth most.  Its own prices are asked next, or the way to them, until
 * what they prove is no more than what the mix is worth.  Then each subject takes his best
 * at the prices whose turn it is.
 *
 * The program has a row a limit and one that shares sum up to 1, and starts from nothing
 * for nobody; its basis is inverted all the time, COLUMNS bound the work.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "choice_priv.h"

enum {
	COLUMNS = 96,
	BASIS = CHOICE_ROWS + 1,
	PIVOTS = 400 /* of one program */
};

#define TINY   1e-11
#define CLOSE  1e-5 /* a mix that is worth as much as any */
#define NEARER 0.7
#define FREE   0.01 /* what a row that is not short counts where shares are dealt */

/* A choice: what it is worth, what it uses above the limits, by units; and a 1. */
struct column {
	double value, cell[BASIS];
	double price[CHOICE_ROWS];
};

struct mix {
	const struct choice_problem *p;
	unsigned n; /* columns; the first is nothing for nobody */
	struct column column[COLUMNS];
	double unit[CHOICE_ROWS], worth; /* of a row, of value */
	/* The basis: of each row a column, or slack - 1 - row. */
	int basic[BASIS];
	double inverse[BASIS][BASIS], share[BASIS];
	double y[BASIS];            /* what the program's rows are worth */
	double weight[CHOICE_ROWS]; /* of a unit used, where shares are dealt */
};

static unsigned last_row(const struct mix *m)
{
	return m->p->rows;
}

static double cell_of(const struct mix *m, int column, unsigned row)
{
	return column >= 0 ? m->column[column].cell[row] : row == (unsigned)(-1 - column);
}

static double value_of(const struct mix *m, int column)
{
	return column >= 0 ? m->column[column].value : 0;
}

static void start(struct mix *m)
{
	const unsigned last = last_row(m);

	for (unsigned r = 0; r <= last; r++) {
		m->basic[r] = r < last ? -1 - (int)r : 0;
		m->inverse[r][r] = 1;
		m->inverse[r][last] = r < last ? -m->column[0].cell[r] : 1;
		m->share[r] = m->inverse[r][last];
	}
}

static void find_worth(struct mix *m)
{
	for (unsigned c = 0; c <= last_row(m); c++) {
		m->y[c] = 0;
		for (unsigned r = 0; r <= last_row(m); r++)
			m->y[c] += value_of(m, m->basic[r]) * m->inverse[r][c];
	}
}

/* What a column would better the program by, a unit. */
static double promise(const struct mix *m, int column)
{
	double by = value_of(m, column);

	for (unsigned r = 0; r <= last_row(m); r++)
		by -= m->y[r] * cell_of(m, column, r);
	return by;
}

static int entering(const struct mix *m)
{
	double most = TINY;
	int best = (int)m->n;

	for (int c = -(int)last_row(m); c < (int)m->n; c++) {
		const double by = promise(m, c);

		if (by > most) {
			most = by;
			best = c;
		}
	}
	return best;
}

/* False: nothing leaves. */
static bool pivot(struct mix *m, int column)
{
	const unsigned last = last_row(m);
	double along[BASIS], least = HUGE_VAL;
	unsigned out = BASIS;

	for (unsigned r = 0; r <= last; r++) {
		along[r] = 0;
		for (unsigned c = 0; c <= last; c++)
			along[r] += m->inverse[r][c] * cell_of(m, column, c);
		if (along[r] > 1e-9 && m->share[r] / along[r] < least) {
			least = m->share[r] / along[r];
			out = r;
		}
	}
	if (out == BASIS)
		return false;
	for (unsigned c = 0; c <= last; c++)
		m->inverse[out][c] /= along[out];
	m->share[out] = least;
	for (unsigned r = 0; r <= last; r++) {
		if (r == out)
			continue;
		for (unsigned c = 0; c <= last; c++)
			m->inverse[r][c] -= along[r] * m->inverse[out][c];
		m->share[r] = fmax(0, m->share[r] - along[r] * least);
	}
	m->basic[out] = column;
	return true;
}

static void optimize(struct mix *m)
{
	for (int i = 0; i < PIVOTS; i++) {
		find_worth(m);
		const int in = entering(m);

		if (in == (int)m->n || !pivot(m, in))
			break;
	}
	find_worth(m);
}

static void add_column(struct mix *m, const double price[], const struct choice_raw *raw)
{
	struct column *c = &m->column[m->n++];

	c->value = raw->value / m->worth;
	for (unsigned r = 0; r < m->p->rows; r++) {
		c->cell[r] = (raw->used[r] - m->p->limit[r]) / m->unit[r];
		c->price[r] = price[r];
	}
	c->cell[m->p->rows] = 1;
}

/* What is in the mix. */
struct part {
	const double *price; /* NULL: nothing for nobody */
	double share;
};

static unsigned parts_of(const struct mix *m, struct part part[BASIS])
{
	unsigned n = 0;

	for (unsigned r = 0; r <= last_row(m); r++)
		if (m->basic[r] >= 0 && m->share[r] > 0)
			part[n++] = (struct part){ m->basic[r] > 0
				                           ? m->column[m->basic[r]].price
				                           : NULL,
				                   m->share[r] };
	return n;
}

/* Adds an offer, share times, uses by their weight. */
static void add(const struct mix *m, size_t i, uint8_t offer, double share, double sum[])
{
	if (offer == CHOICE_NONE)
		return;
	const float *cell = choice_cell(m->p, i, offer);

	for (unsigned r = 0; r < m->p->rows; r++)
		sum[r] += share * choice_use(cell, r) * m->weight[r];
	sum[m->p->rows] += share * (double)*cell / m->worth;
}

/* The one of these after which least is owed. */
static uint8_t nearest(const struct mix *m, size_t i, const uint8_t offer[], unsigned n,
                       double owed[])
{
	double least = HUGE_VAL, after[BASIS];
	uint8_t best = CHOICE_NONE;

	for (unsigned k = 0; k < n; k++) {
		double far = 0;

		memcpy(after, owed, sizeof(after));
		add(m, i, offer[k], -1, after);
		for (unsigned r = 0; r <= last_row(m); r++)
			far += after[r] * after[r];
		if (far < least) {
			least = far;
			best = offer[k];
		}
	}
	add(m, i, best, -1, owed);
	return best;
}

/* Of one subject: what each part gives him, all the same or one of them. */
static uint8_t deal_one(const struct mix *m, size_t i, const struct part part[],
                        const struct choice_best best[], unsigned n, double owed[])
{
	uint8_t offer[BASIS] = { CHOICE_NONE };
	bool differ = false;

	for (unsigned k = 0; k < n; k++) {
		offer[k] = best[k].offer[i % CHOICE_LANES];
		differ = differ || offer[k] != offer[0];
	}
	for (unsigned k = 0; k < n && differ; k++)
		add(m, i, offer[k], part[k].share, owed);
	return differ ? nearest(m, i, offer, n, owed) : offer[0];
}

/*
 * Each his best at some of the prices.  What the shares owe to those so far, of each limit
 * and of value, is kept small, so that no crowd gets more than its share by chance.
 */
static void deal(struct mix *m, uint8_t *chosen)
{
	struct choice_best best[BASIS];
	struct part part[BASIS];
	const unsigned n = parts_of(m, part);
	double owed[BASIS] = { 0 };

	for (unsigned r = 0; r < m->p->rows; r++)
		m->weight[r] = (m->y[r] > CLOSE ? fmax(m->y[r], 1) : FREE) / m->unit[r];
	for (size_t i = 0; i < m->p->n; i++) {
		for (unsigned k = 0; k < n && i % CHOICE_LANES == 0; k++) {
			if (part[k].price != NULL)
				choice_best(m->p, i / CHOICE_LANES, part[k].price,
				            &best[k]);
			else
				memset(best[k].offer, CHOICE_NONE, sizeof(best[k].offer));
		}
		chosen[i] = deal_one(m, i, part, best, n, owed);
	}
}

/* -- the course -- */

static struct mix *mix_make(const struct choice_problem *p, const struct choice_search *s,
                            double worth)
{
	static const struct choice_raw nothing = { .chosen = NULL };
	struct mix *m = xcalloc(1, sizeof(*m));

	m->p = p;
	m->worth = worth;
	for (unsigned r = 0; r < p->rows; r++)
		m->unit[r] = fmax(p->limit[r] > 0 ? p->limit[r] : s->size[r], 1e-30);
	add_column(m, m->y, &nothing);
	start(m);
	return m;
}

/* What the mix is worth. */
static double mix_value(const struct mix *m)
{
	double sum = 0;

	for (unsigned r = 0; r <= last_row(m); r++)
		sum += value_of(m, m->basic[r]) * m->share[r];
	return sum * m->worth;
}

/*
 * Prices to be asked next: those of the program, or, as long as the mix gets better by it,
 * some between them and the best ones known.
 */
static void next_prices(const struct mix *m, const struct choice_search *s, bool better,
                        double price[])
{
	const double keep = better ? NEARER : 0;

	for (unsigned r = 0; r < m->p->rows; r++) {
		const double own = fmax(0, m->y[r]) * m->worth / m->unit[r];

		price[r] = s->unit[r] > 0 ? keep * s->price[r] + (1 - keep) * own
		                          : s->price[r];
	}
}

double choice_mix(const struct choice_problem *p, struct choice_search *s, double bound,
                  uint8_t *chosen)
{
	struct choice_raw raw = { .chosen = chosen };
	double price[CHOICE_ROWS], value = 0;
	struct mix *m;

	memcpy(price, s->price, sizeof(price));
	m = mix_make(p, s, bound);
	while (m->n < COLUMNS && bound - value > CLOSE * bound) {
		const double proven = choice_bound(p, price, &raw), before = value;

		s->passes++;
		if (proven < bound) {
			bound = proven;
			memcpy(s->price, price, sizeof(price));
		}
		add_column(m, price, &raw);
		optimize(m);
		value = mix_value(m);
		next_prices(m, s, value > before, price);
	}
	deal(m, chosen);
	free(m);
	return bound;
}
