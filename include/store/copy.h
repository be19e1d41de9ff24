/*
 * copy.h - copies of a store: a backup while it is in use, and the way back.
 *
 * A backup is one file, a whole store in itself.  It is taken on the connection of
 * the owner, so that what is written between two steps is in the copy as well.
 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "store/store.h"

struct store_backup;

/*
 * Begins a copy into path, a file that exists and is empty.  Between transactions, on
 * the thread of s, as the two functions below.  ERR_FULL, ERR_IO, with a fault.
 */
MUST_CHECK enum err store_backup_begin(struct store *s, const char *path,
                                       struct store_backup **out, struct fault *fault);

struct store_backup_progress {
	int64_t done, total; /* pages */
	int64_t page_size;   /* octets */
	bool ended;
};
/*
 * Copies at most pages more.  ERR_BUSY: nothing was copied, try again.  ERR_FULL, ERR_IO:
 * the copy is worthless.
 */
MUST_CHECK enum err store_backup_step(struct store_backup *b, int pages,
                                      struct store_backup_progress *at,
                                      struct fault *fault);
/* Ends a copy, at whatever step; frees b. */
void store_backup_end(struct store_backup *b);

/*
 * Looks through a file that nobody has open: ours, of a schema that this program knows,
 * undamaged.  What watch (may be NULL) ends is ERR_STATE.  ERR_NOT_FOUND, ERR_STATE, ERR_CORRUPT, ERR_IO, with a fault.
 */
MUST_CHECK enum err store_check_file(const char *path, const struct store_watch *watch,
                                     struct fault *fault);

/* Whether the file begins as a store of ours does, whatever state it is in. */
bool store_is_ours(const char *path);

/* The file of a URL; NULL when it is in memory or of no kind known. */
const char *store_path_of(const char *url);

struct store_restored {
	struct str kept; /* the former store's new path; "" when there was none */
	int64_t octets;
};
/*
 * Puts a copy of file in the place of the store at url, as its owner, while nobody else is;
 * watch (may be NULL) is told how far the look through the file is.
 * The former store is kept beside it as PATH.before-restore-YYYYMMDD-HHMMSS.
 * ERR_BUSY (owned: named), what store_check_file() says, ERR_EXISTS, ERR_IO, with a
 * fault; the former store is then where it was, or the fault says where it is.
 */
MUST_CHECK enum err store_restore(const char *url, const char *file, int64_t now,
                                  const struct store_watch *watch, struct arena *a,
                                  struct store_restored *out, struct fault *fault);

/* Makes a change of a folder's entries durable; path is a file in it. */
MUST_CHECK enum err store_sync_folder(const char *path, struct fault *fault);

#endif
