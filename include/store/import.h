/*
 * import.h - CSV files into the store: all of a file or nothing, in slices.
 *
 * The whole file is read and checked first: columns, values, keys that come twice,
 * references to what the store does not hold.  Only then is it read again and
 * stored, a slice a transaction together with the cursor, so that an interrupted
 * import goes on where it stopped.  A key that the store holds is replaced.
 *
 *   import_open -> import_check -> import_begin
 *       -> (import_read -> import_hand_over -> import_apply)* -> import_end
 *
 * Reading and checking need only a reader; begin, apply and end run where the store
 * may be written.  While one thread applies what was handed over, another may read on.  Rows of a number that has gone since the check are left out.
 */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "base/buf.h"
#include "store/store.h"

enum import_state {
	IMPORT_RUNNING,
	IMPORT_DONE,
	IMPORT_FAILED
};

/* A row of the table import. */
struct import_row {
	int64_t id;
	struct str kind, path;
	int64_t size, mtime_ns;
	int64_t as_of; /* UTC s: when its figures were true */
	int64_t rows_done, rows_total;
	int64_t rows_left_out; /* of those done: their numbers were gone */
	enum import_state state;
	int64_t began, ended; /* UTC s */
	struct str fault;
};

struct import;

struct import_plan {
	const char *kind; /* one of import_kinds() */
	const char *path;
	int64_t as_of, now; /* UTC s */
	/* May be NULL; called by import_check and import_show.  Octets done and to do, of
	   checking and storing together; rows stored. */
	void (*progress)(void *ctx, int64_t done, int64_t total, int64_t rows);
	void *ctx;
};

/* ERR_NOT_FOUND (no such file or kind), ERR_IO; with a fault. */
MUST_CHECK enum err import_open(const struct import_plan *plan, struct import **out,
                                struct fault *fault);
/*
 * An interrupted one, to be read and applied further; kind, path and as_of are the
 * row's.  ERR_STATE when its file is not as it was: import_give_up().
 */
MUST_CHECK enum err import_reopen(const struct import_plan *plan,
                                  const struct import_row *row, struct import **out,
                                  struct fault *fault);
void import_close(struct import *im); /* NULL is fine */

/*
 * Reads and checks the whole file.  ERR_SYNTAX, ERR_RANGE, ERR_EXISTS (a key twice),
 * ERR_NOT_FOUND (a reference), with a fault that names file, line and column.
 */
MUST_CHECK enum err import_check(struct import *im, struct store_reader *r,
                                 struct fault *fault);

/* Notes the import as running, durably.  In no transaction of the caller's. */
MUST_CHECK enum err import_begin(struct import *im, struct store *s);

/* Reads the next rows, at most n (1..IMPORT_SLICE).  ERR_END behind the last; ERR_STATE:
   the file changed meanwhile. */
enum {
	IMPORT_SLICE = 10000
};
MUST_CHECK enum err import_read(struct import *im, size_t n, struct fault *fault);

/* The rows that were read last, of the kind's type in store/rows.h; dead after the next. */
const void *import_rows_read(const struct import *im, size_t *n);
/* Where row i of these stands. */
int64_t import_row_line(const struct import *im, size_t i);
const char *import_path(const struct import *im);

/* What was read last is what import_apply() stores; all of what was handed over is stored. */
void import_hand_over(struct import *im);

/*
 * Stores what was handed over, with the cursor, in one transaction of its own.  After an error
 * other than ERR_UNKNOWN nothing was done and it may be called again.
 */
MUST_CHECK enum err import_apply(struct import *im, struct store *s);
/* Tells how far it is; not while it is applied. */
void import_show(const struct import *im);
/* How long the last one took without its commit, where a checkpoint may be due. */
int64_t import_slice_us(const struct import *im);

/* Notes the end: done (fault is NULL), or failed with the fault's text. */
MUST_CHECK enum err import_end(struct import *im, struct store *s,
                               const struct fault *fault);

/* Notes the end of one that cannot go on. */
MUST_CHECK enum err import_give_up(struct store *s, const struct import_row *row,
                                   int64_t now, const struct fault *fault);

int64_t import_rows(const struct import *im); /* stored so far; not while it is applied */

/* Imports that run (of this life or an earlier one), oldest first. */
MUST_CHECK enum err store_reader_imports(struct store_reader *r, struct arena *a,
                                         struct import_row **rows, size_t *n);

/* The kinds' names joined by ", ". */
const char *import_kinds(void);

/*
 * Appends for people what the file of a kind holds: a line for each column, then a file of
 * one row.  false: there is no such kind.
 */
bool import_columns(const char *kind, struct buf *out);

#endif
