/*
 * histogram.h - counts of durations in log-linear steps (error below 4 %).
 */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdint.h>

enum {
	HISTOGRAM_STEPS = 32, /* steps of each power of two */
	HISTOGRAM_BUCKETS = 60 * HISTOGRAM_STEPS
};

struct histogram {
	uint64_t n;
	uint64_t sum, max; /* in the unit added */
	uint32_t bucket[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t value);

/* The value that a share p (0..1) of all does not exceed; 0 when empty. */
uint64_t histogram_quantile(const struct histogram *h, double p);

#endif
