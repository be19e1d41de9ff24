/*
 * metric.c - see base/metric.h.
 */
#include <string.h>

#include "base/metric.h"

const uint32_t metric_steps[METRIC_STEPS] = { 50,      100,     250,     500,    1000,
	                                      2500,    5000,    10000,   25000,  50000,
	                                      100000,  250000,  500000,  750000, 1000000,
	                                      2500000, 5000000, 10000000 };

void metric_time(struct metric_times *t, int64_t us)
{
	const uint64_t v = us > 0 ? (uint64_t)us : 0;
	size_t i = 0;

	while (i < METRIC_STEPS && v > metric_steps[i])
		i++;
	metric_add(&t->step[i], 1);
	metric_add(&t->sum_us, v);
}

uint64_t metric_quantile(const struct metric_times *t, double p)
{
	uint64_t n = 0, seen = 0;

	for (size_t i = 0; i <= METRIC_STEPS; i++)
		n += metric_get(&t->step[i]);
	for (size_t i = 0; i < METRIC_STEPS && n > 0; i++) {
		seen += metric_get(&t->step[i]);
		if (seen > 0 && (double)seen >= p * (double)n)
			return metric_steps[i];
	}
	return n > 0 ? metric_steps[METRIC_STEPS - 1] : 0;
}

static bool is_label(const char *label, struct str s)
{
	const size_t n = s.n < METRIC_LABEL ? s.n : METRIC_LABEL - 1;

	return strncmp(label, s.n > 0 ? s.p : "", n) == 0 && label[n] == '\0';
}

static void set_label(char label[static METRIC_LABEL], struct str s)
{
	const size_t n = s.n < METRIC_LABEL ? s.n : METRIC_LABEL - 1;

	if (n > 0)
		memcpy(label, s.p, n);
	label[n] = '\0';
}

void metric_pair_add(struct metric_pairs *p, struct str a, struct str b)
{
	const uint32_t used = metric_pairs_used(p);
	uint32_t i = 0;

	while (i < used && !(is_label(p->pair[i].a, a) && is_label(p->pair[i].b, b)))
		i++;
	if (i == METRIC_PAIRS)
		i--; /* the last one is "other" by then */
	if (i == used) {
		const bool last = i == METRIC_PAIRS - 1;

		set_label(p->pair[i].a, last ? STR("other") : a);
		set_label(p->pair[i].b, last ? STR("other") : b);
	}
	metric_add(&p->pair[i].n, 1);
	if (i == used)
		atomic_store_explicit(&p->used, used + 1, memory_order_release);
}
