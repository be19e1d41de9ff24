/*
 * sqlite_priv.h - the SQLite backend: its own state and what its files share.
 *
 * One connection does every write and every checkpoint; readers are opened read
 * only.  (SQLite 3.7.0 to 3.51.2 can lose commits when a second connection writes
 * or checkpoints a WAL database.)
 */
#ifndef STORE_SQLITE_SQLITE_PRIV_H
#define STORE_SQLITE_SQLITE_PRIV_H

#include "sql_priv.h"
#include "store/backend.h"

struct sqlite_store {
	struct store store;
	struct sql sql;
	char *path;
	int lock_fd;     /* holds the owner's lock; -1 in memory */
	int wal_pages;   /* frames in the WAL after the last commit */
	bool orphans;    /* receipts wait for their message's response */
	enum err broken; /* ERR_OK, or why no transaction may begin any more */
};

static inline struct sqlite_store *sqlite_of(struct store *s)
{
	return (struct sqlite_store *)s;
}

static inline struct sql *sql_of(struct store *s)
{
	return &sqlite_of(s)->sql;
}

static inline bool sqlite_in_memory(const char *path)
{
	return strcmp(path, ":memory:") == 0;
}

/* lock.c: takes the owner's lock on <path>.lock; ERR_BUSY names the other owner. */
MUST_CHECK enum err sqlite_lock(const char *path, int *fd, struct fault *fault);
void sqlite_unlock(int fd);

/* schema.c: checks the schema; with upgrade, brings it up to date. */
MUST_CHECK enum err sqlite_schema(struct sql *q, const char *url, bool upgrade,
                                  struct fault *fault);

/* connect.c: opens a connection with the settings that all of them have. */
MUST_CHECK enum err sqlite_connect(struct sql *q, const char *path, int flags);

/* transaction.c */
enum err sqlite_begin(struct store *s);
enum err sqlite_commit(struct store *s);
void sqlite_rollback(struct store *s);

/* load.c */
enum err sqlite_load_seen(struct store *s, struct arena *a, struct store_seen *seen,
                          size_t n);
enum err sqlite_load_parts(struct store *s, struct arena *a, struct store_parts *p);
void sqlite_outbox_row(sqlite3_stmt *row, struct arena *a, struct outbox_row *out);

/* dossier.c */
enum err sqlite_load_dossiers(struct store *s, struct arena *a, struct dossier **d,
                              size_t n);
enum err sqlite_load_needs(struct store *s, struct arena *a, struct dossier **d,
                           const unsigned *need, size_t n);

/* record.c */
enum err sqlite_record(struct store *s, const struct changes *c);

/* between.c: at start and between turns */
enum err sqlite_ids(struct store *s, struct store_ids *out);
enum err sqlite_load_ready(struct store *s, struct arena *a, int64_t after, size_t limit,
                           struct outbox_row **rows, size_t *n);
enum err sqlite_recover(struct store *s, size_t *n_ambiguous);
enum err sqlite_count_parts(struct store *s, int64_t *n);
enum err sqlite_stale_parts(struct store *s, struct arena *a, int64_t before_ms,
                            size_t limit, struct part_row **rows, size_t *n);
enum err sqlite_setting(struct store *s, const char *name, struct arena *a,
                        struct str *value);
enum err sqlite_set_setting(struct store *s, const char *name, struct str value);

/* data.c */
enum err sqlite_load_catalogue(struct store *s, struct arena *a, struct catalogue *out);
enum err sqlite_put_packages(struct store *s, const struct package *p, size_t n);
enum err sqlite_put_subscribers(struct store *s, const struct subscriber_row *r,
                                size_t n);
enum err sqlite_has_subscribers(struct store *s, const int64_t *msisdn, bool *known,
                                size_t n);

/* put_usage.c */
enum err sqlite_put_usage(struct store *s, const struct usage_row *r, size_t n,
                          int64_t as_of);

/* reader.c */
enum err sqlite_reader_open(const struct store *s, struct store_reader **out,
                            struct fault *fault);
void sqlite_reader_close(struct store_reader *r);
void sqlite_reader_stop(struct store_reader *r);
enum err sqlite_reader_check(struct store_reader *r, struct fault *fault);

#endif
