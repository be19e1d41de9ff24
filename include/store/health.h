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

/* What must agree; all but `orders` and `first_wrong` are faults, counted. */
struct store_accounts {
	int64_t orders;       /* looked at */
	int64_t wrong_orders; /* whose entries in the ledger are not what they charge */
	int64_t first_wrong;  /* number of one of those; 0: none */
	int64_t strangers;    /* confirmed by a number that has no order for it */
	int64_t first_stranger;
	int64_t below_zero;    /* numbers whose points the ledger took below 0 */
	int64_t wrong_stocks;  /* that sold fewer than were got */
	int64_t wrong_coupons; /* used by an order that was undone */
};

/* The newest 20,000 orders; full: all, and the rest. */
MUST_CHECK enum err store_accounts(struct store_reader *r, bool full,
                                   struct store_accounts *out, struct fault *fault);

/* A month for which a recommended package was promised to be no dearer. */
struct store_insured {
	int64_t order;
	bool decided;          /* else it is open, or was given up */
	struct str price, was; /* of the order; src/hall/insured.c */
	int64_t paid_fen;
};
typedef void (*store_insured_fn)(void *ctx, const struct store_insured *row);

/*
 * Tells each among the newest 20,000 orders; full: all, and counts in *stray what was paid
 * for none.
 */
MUST_CHECK enum err store_insured(struct store_reader *r, bool full,
                                  store_insured_fn tell, void *ctx, int64_t *stray,
                                  struct fault *fault);

/* Targets of campaigns against their messages; all but the first two are faults, counted. */
struct store_pushes {
	int64_t campaigns, targets; /* looked at */
	int64_t without_message;    /* SENT, and no message to that number */
	int64_t shared;             /* whose message is another's, too */
	int64_t wrong_sums;  /* campaigns whose `sent` or `segments` is not theirs */
	int64_t first_wrong; /* id of one of those; 0: none */
};

/* The newest campaign; full: all. */
MUST_CHECK enum err store_pushes(struct store_reader *r, bool full, int64_t now,
                                 struct store_pushes *out, struct fault *fault);

#endif
