/*
 * import.h - CSV files into the store: all of a file or nothing.
 *
 * The whole file is read and checked first: columns, values, keys that come twice,
 * references to what the store does not hold.  Only then is it read again and
 * stored, IMPORT_SLICE rows a transaction.  A key that the store holds is replaced.
 */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "store/store.h"

enum {
	IMPORT_SLICE = 10000
};

struct import_job {
	struct store *store; /* borrowed; no transaction open */
	const char *kind;    /* "packages", "subscribers", "usage" */
	const char *path;
	int64_t now; /* UTC s: the figures are as of then */
	/* May be NULL.  Of the whole work, octets done and to do. */
	void (*progress)(void *ctx, int64_t done, int64_t total);
	void *ctx;
	int64_t rows; /* out: data rows stored */
};

/*
 * ERR_NOT_FOUND (no such file or kind), ERR_SYNTAX, ERR_RANGE, ERR_EXISTS (a key twice),
 * ERR_STATE (the file changed meanwhile), or what the store says; always with a fault,
 * which names file, line and column.
 */
MUST_CHECK enum err import_run(struct import_job *job, struct fault *fault);

/* The kinds' names joined by ", ". */
const char *import_kinds(void);

#endif
