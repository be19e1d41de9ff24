/*
 * sql_priv.h - prepared statements, bound and stepped in one way.
 *
 * A statement runs to its end (sql_run), or gives rows: sql_query puts the first
 * one up, sql_next each further one; both end with ERR_END, after which, as after
 * any error, the statement is reset.  Leave a loop early with sql_done.
 */
#ifndef STORE_SQLITE_SQL_PRIV_H
#define STORE_SQLITE_SQL_PRIV_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"

enum sql_id {
#define X(name, text) SQL_##name,
#include "statements.def"
#undef X
	SQL_COUNT
};

/* One connection; used by one thread. */
struct sql {
	sqlite3 *db;
	struct fault *fault; /* borrowed; what went wrong last */
	sqlite3_stmt *statement[SQL_COUNT];
};

/* A value to bind; text and octets are borrowed until the statement is reset. */
struct sql_value {
	enum {
		SQL_VALUE_INT,
		SQL_VALUE_TEXT,
		SQL_VALUE_BLOB
	} kind;
	int64_t i;
	struct span octets;
};

static inline struct sql_value sql_int(int64_t i)
{
	return (struct sql_value){ .kind = SQL_VALUE_INT, .i = i };
}

static inline struct sql_value sql_blob(struct span s)
{
	return (struct sql_value){ .kind = SQL_VALUE_BLOB, .octets = s };
}

static inline struct sql_value sql_text(struct str s)
{
	return (struct sql_value){ .kind = SQL_VALUE_TEXT,
		                   .octets = { (const uint8_t *)s.p, s.n } };
}

/* The values of a statement, in order from ?1: sql_run(q, SQL_X, SQL_ARGS(sql_int(1))). */
#define SQL_ARGS(...)                                               \
	(const struct sql_value[]){ __VA_ARGS__ },                  \
		sizeof((const struct sql_value[]){ __VA_ARGS__ }) / \
			sizeof(struct sql_value)
#define SQL_NO_ARGS NULL, 0

MUST_CHECK enum err sql_run(struct sql *q, enum sql_id id, const struct sql_value *v,
                            size_t n);
MUST_CHECK enum err sql_query(struct sql *q, enum sql_id id, const struct sql_value *v,
                              size_t n, sqlite3_stmt **row);
MUST_CHECK enum err sql_next(struct sql *q, sqlite3_stmt *row);
void sql_done(sqlite3_stmt *row);

/*
 * A statement that is used now and then, by its text: as sql_query, but it may use
 * fewer values than there are, and with ERR_OK the caller finalizes it.
 */
MUST_CHECK enum err sql_once(struct sql *q, const char *text, const struct sql_value *v,
                             size_t n, sqlite3_stmt **out);

/* Its one integer; no row leaves *out as it is. */
MUST_CHECK enum err sql_once_int(struct sql *q, const char *text, int64_t *out);

/* The result of a loop over rows: its end is success. */
static inline enum err sql_ended(enum err e)
{
	return e == ERR_END ? ERR_OK : e;
}

/* Exactly one row with one integer. */
MUST_CHECK enum err sql_one_int(struct sql *q, enum sql_id id, const struct sql_value *v,
                                size_t n, int64_t *out);

/* Columns of the present row, counted from 0. */
static inline int64_t sql_col_int(sqlite3_stmt *row, int column)
{
	return sqlite3_column_int64(row, column);
}
unsigned sql_col_enum(sqlite3_stmt *row, int column,
                      unsigned count); /* 0 when >= count */
struct str sql_col_str(sqlite3_stmt *row, int column, struct arena *a); /* a copy in a */
struct span sql_col_blob(sqlite3_stmt *row, int column); /* dead after the next step */

/*
 * What an SQLite code means to the hall, with its words into q->fault.  committing:
 * the statement was to make something durable, so an I/O error leaves it unknown.
 */
enum err sql_failed(struct sql *q, int code, bool committing);

/* Rows changed by the last sql_run. */
static inline int64_t sql_changes(const struct sql *q)
{
	return sqlite3_changes64(q->db);
}

/* Runs constant SQL text without values: schema and pragmas. */
MUST_CHECK enum err sql_script(struct sql *q, const char *text);

/* Finalizes all and closes the connection; q may be half open. */
void sql_close(struct sql *q);

#endif
