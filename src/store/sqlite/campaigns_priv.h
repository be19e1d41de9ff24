/*
 * campaigns_priv.h - walks along the targets of a campaign, for readers.
 */
#ifndef STORE_SQLITE_CAMPAIGNS_PRIV_H
#define STORE_SQLITE_CAMPAIGNS_PRIV_H

#include "sqlite_priv.h"

struct target_walk {
	struct store_reader *reader;
	struct sql *q; /* the reader's */
	int64_t campaign;
	const int64_t *more; /* further values of the statement, from ?4 on */
	size_t n_more;
	/* A row, whose first column is the number. */
	enum err (*take)(void *ctx, struct sql *q, sqlite3_stmt *row);
	void *ctx;
};

/*
 * All rows of a statement that takes ?1 campaign, ?2 < msisdn, ?3 how many, in order of
 * number: slice by slice, each with a reader's time, so that none stays long.
 */
MUST_CHECK enum err sqlite_walk_targets(struct target_walk *w, enum sql_id statement,
                                        struct fault *fault);

#endif
