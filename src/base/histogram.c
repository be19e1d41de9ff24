/*
 * histogram.c - see base/histogram.h.
 */
#include <stddef.h>

#include "base/histogram.h"

enum {
	STEP_BITS = 5 /* log2(HISTOGRAM_STEPS) */
};

static size_t bucket_of(uint64_t v)
{
	unsigned top;

	if (v < HISTOGRAM_STEPS)
		return (size_t)v;
	top = 63U - (unsigned)__builtin_clzll(v);
	return (size_t)(top - STEP_BITS + 1) * HISTOGRAM_STEPS +
	       (size_t)(v >> (top - STEP_BITS) & (HISTOGRAM_STEPS - 1));
}

/* The largest value that falls into the bucket. */
static uint64_t upper_bound(size_t i)
{
	const size_t octave = i / HISTOGRAM_STEPS;

	if (octave == 0)
		return i;
	return (((uint64_t)HISTOGRAM_STEPS + i % HISTOGRAM_STEPS + 1) << (octave - 1)) -
	       1;
}

void histogram_add(struct histogram *h, uint64_t value)
{
	h->bucket[bucket_of(value)]++;
	h->n++;
	h->sum += value;
	if (value > h->max)
		h->max = value;
}

uint64_t histogram_quantile(const struct histogram *h, double p)
{
	const double want = p * (double)h->n;
	uint64_t seen = 0;

	for (size_t i = 0; i < HISTOGRAM_BUCKETS && h->n > 0; i++) {
		seen += h->bucket[i];
		if (seen > 0 && (double)seen >= want)
			return upper_bound(i) < h->max ? upper_bound(i) : h->max;
	}
	return 0;
}
