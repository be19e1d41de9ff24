/*
 * health.h - what an engineer looks at first when he doubts a store.
 */
#ifndef STORE_HEALTH_H
#define STORE_HEALTH_H

#include "store/store.h"

enum {
	STORE_COUNT_MAX = 100000 /* rows are counted up to here */
};

struct store_count {
	const char *table;
	int64_t rows; /* STORE_COUNT_MAX: so many or more; -1: cannot be read */
};

struct store_health {
	const char *path;
	const char *sqlite; /* version of the library */
	/* SQLite 3.7.0 to 3.51.2: a second writer or checkpointer may lose commits. */
	bool wal_reset_bug;
	int64_t schema;
	int64_t page_size, pages, free_pages;
	int64_t wal_octets;
	int64_t oldest_ready_ms; /* a message that waits to be sent; 0: none */
	int64_t newest_ms;       /* the last text; 0: none */
	int64_t open_imports;
	int64_t pins; /* 1: some number has one */
	const struct store_count *count;
	size_t n_counts;
};

/* Cheap however large the store is.  What is not read is 0. */
MUST_CHECK enum err store_health(struct store_reader *r, struct arena *a,
                                 struct store_health *out, struct fault *fault);

#endif
