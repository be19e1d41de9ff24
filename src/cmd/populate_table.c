/*
 * populate_table.c - the generator checks itself: what came out, kind by kind.
 *
 * Closed months only.  Quantities go into logarithmic bins, so the share of the top
 * tenth is exact to a bin's width (2 %).
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "populate_priv.h"

enum {
	BINS = 1200,
	BINS_PER_OCTAVE = 35
};

struct kind_sums {
	double n, zero, sum, squares;
	double pairs, x, y, xx, yy, xy; /* ln(1 + use) of a month and the next */
	double bin_n[BINS], bin_sum[BINS];
};

struct check_table {
	struct kind_sums kind[POPULATE_KINDS];
	double people, minimal, bill_n, bill_fen;
	int64_t status[SUB_PORTED_OUT + 1], language[LANG_COUNT];
};

struct check_table *check_table_create(void)
{
	return xcalloc(1, sizeof(struct check_table));
}

void check_table_destroy(struct check_table *t)
{
	free(t);
}

static double use_of(const struct usage_month *u, int kind)
{
	const int64_t use[POPULATE_KINDS] = { u->voice_s / 60, u->sms,
		                              u->data_kib / 1024 };

	return (double)use[kind];
}

static void add_month(struct kind_sums *k, double v)
{
	const int at = v > 0 ? (int)(log2(1 + v) * BINS_PER_OCTAVE) : 0;
	const int bin = at < BINS ? at : BINS - 1;

	k->n++;
	k->zero += v > 0 ? 0 : 1;
	k->sum += v;
	k->squares += v * v;
	k->bin_n[bin]++;
	k->bin_sum[bin] += v;
}

static void add_pair(struct kind_sums *k, double month, double next)
{
	const double x = log1p(month), y = log1p(next);

	k->pairs++;
	k->x += x;
	k->y += y;
	k->xx += x * x;
	k->yy += y * y;
	k->xy += x * y;
}

void check_table_add(struct check_table *t, const struct person *p)
{
	for (size_t m = 0; m + 1 < p->n_usage; m++) {
		t->bill_n++;
		t->bill_fen += (double)p->usage[m].usage.bill_fen;
		for (int k = 0; k < POPULATE_KINDS; k++) {
			const double v = use_of(&p->usage[m].usage, k);

			add_month(&t->kind[k], v);
			if (m > 0)
				add_pair(&t->kind[k], use_of(&p->usage[m - 1].usage, k),
				         v);
		}
	}
	t->people++;
	t->minimal += p->minimal ? 1 : 0;
	t->status[p->row.sub.status]++;
	t->language[p->row.sub.language]++;
}

/* Share of all use that the heaviest tenth of the months has. */
static double top_share(const struct kind_sums *k)
{
	double left = k->n / 10, sum = 0;

	for (int i = BINS - 1; i >= 0 && left > 0; i--) {
		const double part = k->bin_n[i] > left ? left / k->bin_n[i] : 1;

		sum += k->bin_sum[i] * part;
		left -= k->bin_n[i] * part;
	}
	return k->sum > 0 ? sum / k->sum : 0;
}

static double lag_1(const struct kind_sums *k)
{
	const double n = k->pairs > 0 ? k->pairs : 1;
	const double vx = k->xx / n - k->x / n * (k->x / n);
	const double vy = k->yy / n - k->y / n * (k->y / n);

	return vx > 0 && vy > 0 ? (k->xy / n - k->x / n * (k->y / n)) / sqrt(vx * vy) : 0;
}

static void print_kind(const char *name, const struct kind_sums *k)
{
	const double n = k->n > 0 ? k->n : 1, mean = k->sum / n;

	(void)printf("%-12s %10.1f %10.1f %9.1f %% %9.1f %% %9.2f\n", name, mean,
	             sqrt(k->squares / n - mean * mean), 100 * top_share(k),
	             100 * k->zero / n, lag_1(k));
}

void check_table_print(const struct check_table *t)
{
	static const char *const name[POPULATE_KINDS] = { "voice min", "sms", "data MB" };
	const double people = t->people > 0 ? t->people : 1;

	(void)printf("%-12s %10s %10s %11s %11s %9s\n", "a month", "mean", "sd",
	             "top 10 %", "zero", "lag 1");
	for (int k = 0; k < POPULATE_KINDS; k++)
		print_kind(name[k], &t->kind[k]);
	(void)printf(
		"bill: mean %.2f yuan; %.1f %% on a package that is not the cheapest\n",
		t->bill_n > 0 ? t->bill_fen / t->bill_n / 100 : 0,
		100 - 100 * t->minimal / people);
	for (int i = 0; i <= SUB_PORTED_OUT; i++)
		(void)printf("%s %.2f %%%s", sub_status_name((enum sub_status)i),
		             100 * (double)t->status[i] / people,
		             i < SUB_PORTED_OUT ? ", " : "\n");
	for (int i = 0; i < LANG_COUNT; i++)
		(void)printf("%s %.2f %%%s", language_name((enum language)i),
		             100 * (double)t->language[i] / people,
		             i + 1 < LANG_COUNT ? ", " : "\n");
}
