/*
 * sql.c - see sql_priv.h.
 */
#include <assert.h>
#include <stdlib.h>

#include "sql_priv.h"

static const char *const sql_texts[SQL_COUNT] = {
#define X(name, text) [SQL_##name] = (text),
#include "statements.def"
#undef X
};

/* How a primary result code is answered, by delivery semantics: known or unknown outcome. */
static enum err err_of(int code, bool committing)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
		return ERR_OK;
	case SQLITE_DONE:
		return ERR_END;
	case SQLITE_FULL:
		return ERR_FULL;
	case SQLITE_NOMEM: /* a commit may have reached the disk before it wanted memory */
		return committing ? ERR_UNKNOWN : ERR_MEMORY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT:
		return ERR_BUSY;
	case SQLITE_CONSTRAINT:
		return ERR_EXISTS;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return ERR_REFUSED;
	case SQLITE_TOOBIG:
		return ERR_TOO_BIG;
	default:
		return committing ? ERR_UNKNOWN : ERR_IO;
	}
}

enum err sql_failed(struct sql *q, int code, bool committing)
{
	const enum err e = err_of(code, committing);

	assert((code & 0xff) != SQLITE_MISUSE);
	*q->fault = (struct fault){ "" };
	fault_set(q->fault, "SQLite: %s (%d)%s",
	          q->db != NULL ? sqlite3_errmsg(q->db) : sqlite3_errstr(code), code,
	          e == ERR_CORRUPT ? ": restore the newest backup" : "");
	return e;
}

static enum err sql_bind(struct sql *q, sqlite3_stmt *st, int at,
                         const struct sql_value *v)
{
	const void *p = v->octets.n > 0 ? (const void *)v->octets.p : "";
	int code = SQLITE_MISUSE;

	switch (v->kind) {
	case SQL_VALUE_INT:
		code = sqlite3_bind_int64(st, at, v->i);
		break;
	case SQL_VALUE_TEXT:
		code = sqlite3_bind_text64(st, at, p, v->octets.n, SQLITE_STATIC,
		                           SQLITE_UTF8);
		break;
	case SQL_VALUE_BLOB:
		code = sqlite3_bind_blob64(st, at, p, v->octets.n, SQLITE_STATIC);
		break;
	}
	return code == SQLITE_OK ? ERR_OK : sql_failed(q, code, false);
}

static enum err prepare(struct sql *q, enum sql_id id)
{
	int code;

	if (q->statement[id] != NULL)
		return ERR_OK;
	code = sqlite3_prepare_v3(q->db, sql_texts[id], -1, SQLITE_PREPARE_PERSISTENT,
	                          &q->statement[id], NULL);
	return code == SQLITE_OK ? ERR_OK : sql_failed(q, code, false);
}

enum err sql_query(struct sql *q, enum sql_id id, const struct sql_value *v, size_t n,
                   sqlite3_stmt **row)
{
	enum err e = prepare(q, id);

	if (e != ERR_OK)
		return e;
	*row = q->statement[id];
	assert(sqlite3_bind_parameter_count(*row) == (int)n);
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = sql_bind(q, *row, (int)i + 1, &v[i]);
	return e == ERR_OK ? sql_next(q, *row) : e;
}

enum err sql_next(struct sql *q, sqlite3_stmt *row)
{
	/* A write outside a transaction commits itself. */
	const bool alone = sqlite3_get_autocommit(q->db) != 0;
	const int code = sqlite3_step(row);
	enum err e;

	if (code == SQLITE_ROW)
		return ERR_OK;
	e = code == SQLITE_DONE
	            ? ERR_END
	            : sql_failed(q, code, alone && !sqlite3_stmt_readonly(row));
	sql_done(row);
	return e;
}

void sql_done(sqlite3_stmt *row)
{
	(void)sqlite3_reset(row); /* repeats the code of the last step */
}

enum err sql_run(struct sql *q, enum sql_id id, const struct sql_value *v, size_t n)
{
	sqlite3_stmt *row;

	return sql_ended(sql_query(q, id, v, n, &row));
}

enum err sql_one_int(struct sql *q, enum sql_id id, const struct sql_value *v, size_t n,
                     int64_t *out)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, id, v, n, &row);

	if (e != ERR_OK)
		return e == ERR_END ? ERR_NOT_FOUND : e;
	*out = sql_col_int(row, 0);
	sql_done(row);
	return ERR_OK;
}

unsigned sql_col_enum(sqlite3_stmt *row, int column, unsigned count)
{
	const int64_t v = sql_col_int(row, column);

	return v >= 0 && v < count ? (unsigned)v : 0;
}

struct span sql_col_blob(sqlite3_stmt *row, int column)
{
	const void *p = sqlite3_column_blob(row, column);

	return (struct span){ p,
		              p != NULL ? (size_t)sqlite3_column_bytes(row, column) : 0 };
}

struct str sql_col_str(sqlite3_stmt *row, int column, struct arena *a)
{
	const struct span s = sql_col_blob(row, column);

	return arena_str(a, (struct str){ (const char *)s.p, s.n });
}

enum err sql_once(struct sql *q, const char *text, const struct sql_value *v, size_t n,
                  sqlite3_stmt **out)
{
	sqlite3_stmt *st = NULL;
	const int code = sqlite3_prepare_v2(q->db, text, -1, &st, NULL);
	enum err e = code == SQLITE_OK ? ERR_OK : sql_failed(q, code, false);
	const int used = sqlite3_bind_parameter_count(st);

	assert(used <= (int)n);
	for (int i = 0; i < used && e == ERR_OK; i++)
		e = sql_bind(q, st, i + 1, &v[i]);
	if (e == ERR_OK)
		e = sql_next(q, st);
	if (e == ERR_OK)
		*out = st;
	else
		(void)sqlite3_finalize(st);
	return e;
}

enum err sql_script(struct sql *q, const char *text)
{
	const int code = sqlite3_exec(q->db, text, NULL, NULL, NULL);

	return code == SQLITE_OK ? ERR_OK : sql_failed(q, code, false);
}

void sql_close(struct sql *q)
{
	for (size_t i = 0; i < SQL_COUNT; i++)
		(void)sqlite3_finalize(q->statement[i]);
	(void)sqlite3_close(q->db);
	*q = (struct sql){ .fault = q->fault };
}

enum err sql_once_int(struct sql *q, const char *text, int64_t *out)
{
	sqlite3_stmt *row = NULL;
	const enum err e = sql_once(q, text, SQL_NO_ARGS, &row);

	if (e != ERR_OK)
		return sql_ended(e);
	*out = sql_col_int(row, 0);
	(void)sqlite3_finalize(row);
	return ERR_OK;
}
