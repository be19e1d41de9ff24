/*
 * forget.c - empties a store in memory, which is faster than making another.
 *
 * Every table goes but the list of migrations; what these put into tables would be lost.
 */
#include <assert.h>

#include "base/buf.h"
#include "sqlite_priv.h"

enum {
	STATEMENT_MAX = 256
};

static enum err prepare_one(struct sqlite_store *s, struct str table)
{
	struct buf text = buf_make(STATEMENT_MAX);
	int code;

	assert(s->n_forget < SQLITE_TABLES_MAX);
	buf_printf(&text, "DELETE FROM \"%.*s\"", STR_ARG(table));
	code = sqlite3_prepare_v3(s->sql.db, buf_cstr(&text), -1,
	                          SQLITE_PREPARE_PERSISTENT, &s->forget[s->n_forget],
	                          NULL);
	buf_free(&text);
	s->n_forget += code == SQLITE_OK ? 1 : 0;
	return code == SQLITE_OK ? ERR_OK : sql_failed(&s->sql, code, false);
}

static enum err prepare(struct sqlite_store *s)
{
	struct arena a = arena_make(65536);
	sqlite3_stmt *row = NULL;
	enum err e = sql_once(&s->sql,
	                      "SELECT name FROM sqlite_schema "
	                      "WHERE type = 'table' AND name <> 'migration'",
	                      NULL, 0, &row);

	while (e == ERR_OK) {
		e = prepare_one(s, sql_col_str(row, 0, &a));
		if (e == ERR_OK)
			e = sql_next(&s->sql, row);
	}
	(void)sqlite3_finalize(row);
	arena_free(&a);
	return sql_ended(e);
}

static enum err empty(struct sqlite_store *s)
{
	enum err e = sqlite_begin(&s->store);

	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < s->n_forget && e == ERR_OK; i++)
		e = sql_ended(sql_next(&s->sql, s->forget[i]));
	if (e == ERR_OK)
		e = sqlite_set_setting(&s->store, "clean", STR("0"));
	if (e == ERR_OK)
		return sqlite_commit(&s->store);
	sqlite_rollback(&s->store);
	return e;
}

enum err sqlite_forget(struct store *store)
{
	struct sqlite_store *s = sqlite_of(store);
	enum err e = ERR_OK;

	if (!sqlite_in_memory(s->path)) {
		fault_set(&store->fault, "%s is no store in memory: it keeps its rows",
		          s->path);
		return ERR_REFUSED;
	}
	s->orphans = false;
	if (s->n_forget == 0)
		e = prepare(s);
	return e == ERR_OK ? empty(s) : e;
}

void sqlite_forget_end(struct sqlite_store *s)
{
	for (size_t i = 0; i < s->n_forget; i++)
		(void)sqlite3_finalize(s->forget[i]);
	s->n_forget = 0;
}
