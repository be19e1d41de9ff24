/*
 * sweep.h - rows that are old enough to go, and the rows of one number.
 *
 * A table is walked in slices of its key: a reader looks how many rows of the slice may
 * go, and only where there are some the owner drops them, in a transaction of its own.
 * What is kept as evidence holds on to the text that asked for it and to its reply.
 */
#ifndef STORE_SWEEP_H
#define STORE_SWEEP_H

#include "store/store.h"

/* How long rows stay is said for each class. */
enum store_keep {
	STORE_KEEP_TEXTS,   /* texts, replies, parts, receipts */
	STORE_KEEP_DETAILS, /* call details, resources and tags that ended */
	STORE_KEEP_IMPORTS, /* the list of imports */
	STORE_KEEP_EVIDENCE, /* orders, charges, consents, complaints, payments, tasks done */
	STORE_KEEP_CLASSES
};

struct store_slice {
	size_t table;      /* in: below store_aged_tables() */
	int64_t from;      /* in: keys behind this one; INT64_MIN at first */
	int64_t before_ms; /* in: rows older than this, UTC */
	size_t rows;       /* in: that are looked at, at most */
	int64_t to;        /* out: up to this key */
	int64_t old;       /* out: rows in it that may go */
	bool last;         /* out: nothing old is behind it */
};

size_t store_aged_tables(void);
const char *store_aged_table(size_t i, enum store_keep *of);

MUST_CHECK enum err store_aged_look(struct store_reader *r, struct store_slice *slice,
                                    struct fault *fault);
/* Drops what look found; *n rows went.  store_fault() has the words. */
MUST_CHECK enum err store_aged_drop(struct store *s, const struct store_slice *slice,
                                    int64_t *n);

struct store_erasure {
	int64_t msisdn;
	int64_t pseudonym; /* below 0: stands for the number in rows that the law keeps */
	size_t step;       /* these two begin with 0 */
	int64_t from;
	int64_t dropped, kept;
	bool ended;
};
/*
 * One piece of the erasure of a number, about rows rows, in a transaction of its own;
 * until ended.  Charges, orders and consents stay under the pseudonym, an opt-out in
 * force and what marketing is not wanted stay as they are, the rest goes.
 */
MUST_CHECK enum err store_erase_step(struct store *s, struct store_erasure *e,
                                     size_t rows);

#endif
