/*
 * metric.h - figures that one thread counts and others read: relaxed atomics.
 *
 * Each figure has one thread that writes it, so no addition needs a lock; whoever
 * reads sees each number whole, and numbers of one moment only roughly together.
 */
#ifndef BASE_METRIC_H
#define BASE_METRIC_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/str.h"

struct metric {
	_Atomic uint64_t n;
};

static inline uint64_t metric_get(const struct metric *m)
{
	return atomic_load_explicit(&m->n, memory_order_relaxed);
}

static inline void metric_set(struct metric *m, uint64_t n)
{
	atomic_store_explicit(&m->n, n, memory_order_relaxed);
}

static inline void metric_add(struct metric *m, uint64_t n)
{
	metric_set(m, metric_get(m) + n);
}

enum {
	METRIC_STEPS = 18, /* of durations; what is longer than the last is in one more */
	METRIC_PAIRS = 384,
	METRIC_LABEL = 40 /* octets of a label, with the NUL; longer ones are cut */
};

/* Upper bounds in microseconds, 50 us to 10 s. */
extern const uint32_t metric_steps[METRIC_STEPS];

struct metric_times {
	struct metric step[METRIC_STEPS + 1]; /* not cumulative */
	struct metric sum_us;
};

/* Counts a duration; below 0 counts as 0. */
void metric_time(struct metric_times *t, int64_t us);

/* The upper bound of the step that a share p (0..1) does not exceed; 0 when empty. */
uint64_t metric_quantile(const struct metric_times *t, double p);

/*
 * Counts by two labels, such as service and outcome.  Bounded: when all pairs are
 * taken, further ones count as "other", "other".
 */
struct metric_pair {
	char a[METRIC_LABEL], b[METRIC_LABEL];
	struct metric n;
};

struct metric_pairs {
	struct metric_pair pair[METRIC_PAIRS];
	_Atomic uint32_t used; /* pairs below it may be read */
};

void metric_pair_add(struct metric_pairs *p, struct str a, struct str b);

static inline uint32_t metric_pairs_used(const struct metric_pairs *p)
{
	return atomic_load_explicit(&p->used, memory_order_acquire);
}

#endif
