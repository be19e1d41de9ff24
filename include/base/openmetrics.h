/*
 * openmetrics.h - writes a page of figures as OpenMetrics 1.0 text.
 *
 * For each family first its head, then its samples; at the end openmetrics_end().
 * Label values are escaped; names are the caller's constants.
 */
#ifndef BASE_OPENMETRICS_H
#define BASE_OPENMETRICS_H

#include "base/buf.h"
#include "base/metric.h"

#define OPENMETRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

enum openmetrics_type {
	OPENMETRICS_COUNTER, /* samples are named with _total */
	OPENMETRICS_GAUGE,
	OPENMETRICS_HISTOGRAM, /* of seconds */
	OPENMETRICS_INFO       /* its one sample is named with _info and is 1 */
};

struct openmetrics_label {
	const char *name, *value;
};

/* One family being written. */
struct openmetrics {
	struct buf *out;
	const char *name;
	enum openmetrics_type type;
};

/* Writes TYPE, UNIT (of names that end in _seconds or _bytes) and HELP. */
struct openmetrics openmetrics_family(struct buf *out, const char *name,
                                      enum openmetrics_type type, const char *help);

/* A sample of a counter, gauge or info; at most 4 labels, a NULL name ends them. */
void openmetrics_put(const struct openmetrics *m, const struct openmetrics_label *label,
                     uint64_t value);
/* The same for a gauge or counter in seconds. */
void openmetrics_put_us(const struct openmetrics *m,
                        const struct openmetrics_label *label, uint64_t us);
/* Buckets, count and sum of a histogram. */
void openmetrics_put_times(const struct openmetrics *m,
                           const struct openmetrics_label *label,
                           const struct metric_times *t);
void openmetrics_end(struct buf *out);

#endif
