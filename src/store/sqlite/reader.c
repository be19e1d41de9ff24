/*
 * reader.c - a read-only connection for another thread, with a time limit a query.
 *
 * A reader that stays long keeps the WAL from being reused, so each query is cut.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "sqlite_priv.h"

enum {
	CHECK_EVERY = 1000, /* virtual machine steps between looks at the clock */
	QUERY_LIMIT_US = 1000000,
	CHECK_LIMIT_US = 60000000, /* the check of the whole file */
};

struct sqlite_reader {
	struct store_reader reader;
	struct sql sql;
	struct fault fault;
	int64_t deadline_us;      /* monotonic */
	atomic_bool stopped;      /* by another thread */
	struct sqlite_look *look; /* at the whole file; NULL: no check runs */
};

static int is_late(void *ctx)
{
	const struct sqlite_reader *r = ctx;

	return atomic_load(&r->stopped) || clock_machine().mono_us > r->deadline_us ||
	       (r->look != NULL && !sqlite_look_on(r->look));
}

static void allow(struct sqlite_reader *r, int64_t us)
{
	r->deadline_us = clock_machine().mono_us + us;
}

struct sql *sqlite_reader_sql(struct store_reader *reader)
{
	struct sqlite_reader *r = (struct sqlite_reader *)reader;

	allow(r, QUERY_LIMIT_US);
	return &r->sql;
}

enum err sqlite_reader_open(const struct store *store, struct store_reader **out,
                            struct fault *fault)
{
	const struct sqlite_store *s = (const struct sqlite_store *)store;
	struct sqlite_reader *r;
	enum err e;

	if (sqlite_in_memory(s->path)) {
		fault_set(fault, "a store in memory has no readers");
		return ERR_UNSUPPORTED;
	}
	r = xcalloc(1, sizeof(*r));
	r->reader.ops = store->ops;
	r->sql.fault = &r->fault;
	e = sqlite_connect(&r->sql, s->path, SQLITE_OPEN_READONLY);
	if (e != ERR_OK) {
		fault_set(fault, "%s: %s", s->path, r->fault.text);
		sqlite_reader_close(&r->reader);
		return e;
	}
	sqlite3_progress_handler(r->sql.db, CHECK_EVERY, is_late, r);
	*out = &r->reader;
	return ERR_OK;
}

void sqlite_reader_close(struct store_reader *reader)
{
	struct sqlite_reader *r = (struct sqlite_reader *)reader;

	sql_close(&r->sql);
	free(r);
}

void sqlite_reader_stop(struct store_reader *reader)
{
	struct sqlite_reader *r = (struct sqlite_reader *)reader;

	atomic_store(&r->stopped, true);
}

enum err sqlite_reader_check(struct store_reader *reader, const struct store_watch *watch,
                             struct fault *fault)
{
	struct sqlite_reader *r = (struct sqlite_reader *)reader;
	struct sqlite_look look = sqlite_look(r->sql.db, watch);
	struct arena a = arena_make(65536);
	sqlite3_stmt *row;
	enum err e;

	allow(r, CHECK_LIMIT_US);
	r->look = &look;
	e = sql_query(&r->sql, SQL_QUICK_CHECK, SQL_NO_ARGS, &row);
	if (e == ERR_OK) {
		const struct str said = sql_col_str(row, 0, &a);

		if (!str_eq(said, STR("ok"))) {
			fault_set(fault,
			          "the store is damaged: %.*s: restore the newest backup",
			          STR_ARG(said));
			e = ERR_CORRUPT;
		}
		sql_done(row);
	}
	r->look = NULL;
	if (e == ERR_CORRUPT)
		fault_set(fault, "the store is damaged: %s: restore the newest backup",
		          r->fault.text);
	else if (e != ERR_OK)
		fault_set(fault, "the check of the store did not end: %s", r->fault.text);
	arena_free(&a);
	return e;
}
