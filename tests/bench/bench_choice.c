/*
 * bench_choice.c - who gets which offer: time and certified gap of a campaign.
 *
 * usage: bench_choice [SUBJECTS]   (1000000)
 *
 * Eight offers each, six limits: money, two stocks, texts, follow-up, a share of profit.
 * `iid`: all made up independently; `alike`: people are of a hundred kinds with equal
 * figures but for a little, worth and cost go together, as real data would; `equal`:
 * without that little, so that whole crowds change their mind at once.  The yardstick of the same run: offers by value for a unit of money, best first, each taken
 * if it fits; and one reading of all cells.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/dice.h"
#include "offer/choice.h"

enum {
	KEEP = 8,
	ROWS = 6
};

struct draw {
	uint64_t state;
};

static double now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double unit(struct draw *d)
{
	return (double)(dice_next(&d->state) >> 11) * 0x1p-53;
}

/* value, use of money, of stocks A and B, texts, calls, lack of profit. */
static void offer_iid(struct draw *d, unsigned offer, float out[1 + ROWS])
{
	const double q = 0.01 + 0.2 * unit(d), save = 40 * unit(d), margin = 60 * unit(d);

	out[0] = (float)(q * 120 * unit(d) - 3);
	out[1] = (float)(q * save);
	out[2] = offer % 4 == 0 ? (float)q : 0;
	out[3] = offer % 4 == 1 ? (float)q : 0;
	out[4] = (float)(1 + (int)(3 * unit(d)));
	out[5] = offer % 2 == 0 ? (float)(q * unit(d)) : 0;
	out[6] = (float)(q * (0.35 * 100 - margin));
}

static void offer_alike(struct draw *d, double little, const struct draw *kind,
                        unsigned offer, float out[1 + ROWS])
{
	struct draw same = { kind->state + offer * 977 };
	const double q = (0.01 + 0.2 * unit(&same)) * (1 + little * unit(d));
	const double save = 40 * unit(&same), margin = 80 - 1.2 * save;

	out[0] = (float)(q * (12 * (margin - 30) + 15 * save) / 8 - 1);
	out[1] = (float)(q * save);
	out[2] = offer % 4 == 0 ? (float)q : 0;
	out[3] = offer % 4 == 1 ? (float)q : 0;
	out[4] = (float)(1 + (int)(3 * unit(&same)));
	out[5] = offer % 2 == 0 ? (float)(q * 0.5) : 0;
	out[6] = (float)(q * (0.35 * 100 - margin));
}

/* little: by which the alike differ; < 0: nobody is like another. */
static struct choice_problem make(size_t n, double little)
{
	static const double share[ROWS] = { 0.35, 0.004, 0.006, 0.7, 0.004, 0 };
	struct choice_problem p = choice_make(n, KEEP, ROWS);
	struct draw d = { 7 };

	for (size_t i = 0; i < n; i++) {
		const struct draw kind = { (uint64_t)(100 * unit(&d)) * 1000003 };

		for (unsigned o = 0; o < KEEP; o++) {
			float x[1 + ROWS];

			if (little >= 0)
				offer_alike(&d, little, &kind, o, x);
			else
				offer_iid(&d, o, x);
			choice_put(&p, i, o, x[0], x + 1);
		}
	}
	for (unsigned r = 0; r < ROWS; r++)
		p.limit[r] = share[r] * (double)n;
	p.seed = 1;
	return p;
}

static const float *cell(const struct choice_problem *p, size_t i, unsigned o)
{
	return p->cell + ((i / CHOICE_LANES * KEEP + o) * (1 + ROWS)) * CHOICE_LANES +
	       i % CHOICE_LANES;
}

struct entry {
	float key;
	uint32_t at;
};

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->key < y->key) - (x->key > y->key);
}

/* Best value for money first; what fits is taken. */
static double greedy(const struct choice_problem *p)
{
	struct entry *e = xmalloc(p->n * KEEP * sizeof(*e));
	bool *has = xcalloc(p->n, sizeof(*has));
	double used[ROWS] = { 0 }, value = 0;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		for (unsigned o = 0; o < KEEP; o++)
			if (*cell(p, i, o) > 0)
				e[n++] = (struct entry){
					*cell(p, i, o) /
						(cell(p, i, o)[CHOICE_LANES] + 1e-3F),
					(uint32_t)(i * KEEP + o)
				};
	qsort(e, n, sizeof(*e), by_key);
	for (size_t k = 0; k < n; k++) {
		const float *c = cell(p, e[k].at / KEEP, e[k].at % KEEP);
		bool fits = !has[e[k].at / KEEP];

		for (unsigned r = 0; r < ROWS && fits; r++)
			fits = used[r] + (double)c[(1 + r) * CHOICE_LANES] <= p->limit[r];
		if (!fits)
			continue;
		has[e[k].at / KEEP] = true;
		value += (double)*c;
		for (unsigned r = 0; r < ROWS; r++)
			used[r] += (double)c[(1 + r) * CHOICE_LANES];
	}
	free(e);
	free(has);
	return value;
}

static double reading_s(const struct choice_problem *p)
{
	const double start = now_s();
	const size_t n = (p->n + CHOICE_LANES - 1) / CHOICE_LANES * CHOICE_LANES * KEEP *
	                 (1 + ROWS) * sizeof(float) / sizeof(uint64_t);
	const uint64_t *w = (const void *)p->cell;
	uint64_t sum[8] = { 0 };

	for (size_t i = 0; i + 8 <= n; i += 8)
		for (unsigned l = 0; l < 8; l++)
			sum[l] ^= w[i + l];
	__asm__ volatile("" : : "g"(sum) : "memory");
	return now_s() - start;
}

static void run(const char *name, size_t n, double little)
{
	struct choice_problem p = make(n, little);
	struct arena a = arena_make(SIZE_MAX);
	struct choice_result r;
	double start = now_s();

	if (choice_solve(&p, &a, &r) != ERR_OK)
		abort();
	printf("choice_%s_s %.3f\n", name, now_s() - start);
	printf("choice_%s_gap_percent %.5f\n", name, 100 * choice_gap(&r));
	printf("choice_%s_passes %u\n", name, r.passes);
	printf("choice_%s_reading_s %.4f\n", name, reading_s(&p));
	start = now_s();
	printf("choice_%s_greedy_gap_percent %.3f\n", name,
	       100 * (r.bound - greedy(&p)) / r.bound);
	printf("choice_%s_greedy_s %.3f\n", name, now_s() - start);
	for (unsigned k = 0; k < ROWS; k++)
		printf("choice_%s_limit%u price %.4f used %.4f\n", name, k, r.price[k],
		       p.limit[k] > 0 ? r.used[k] / p.limit[k] : r.used[k]);
	if (!choice_check(&p, &r))
		abort();
	arena_free(&a);
	choice_free(&p);
}

int main(int argc, char **argv)
{
	const size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;

	run("iid", n, -1);
	run("alike", n, 1e-3);
	run("equal", n, 0);
	return 0;
}
