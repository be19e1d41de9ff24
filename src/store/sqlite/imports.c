/*
 * imports.c - the table import, and what a file's references are checked against.
 */
#include "sqlite_priv.h"
#include "store/import.h"

enum err sqlite_put_import(struct store *s, struct import_row *r)
{
	struct sql *q = sql_of(s);
	enum err e = sql_run(
		q, SQL_IMPORT_PUT,
		SQL_ARGS(sql_int(r->id), sql_text(r->kind), sql_text(r->path),
	                 sql_int(r->size), sql_int(r->mtime_ns), sql_int(r->as_of),
	                 sql_int(r->rows_done), sql_int(r->rows_left_out),
	                 sql_int(r->rows_total), sql_int(r->state), sql_int(r->began),
	                 sql_int(r->ended), sql_text(r->fault)));

	if (e == ERR_OK && r->id == 0)
		r->id = sqlite3_last_insert_rowid(q->db);
	return e;
}

static struct import_row import_of(sqlite3_stmt *row, struct arena *a)
{
	return (struct import_row){
		.id = sql_col_int(row, 0),
		.kind = sql_col_str(row, 1, a),
		.path = sql_col_str(row, 2, a),
		.size = sql_col_int(row, 3),
		.mtime_ns = sql_col_int(row, 4),
		.as_of = sql_col_int(row, 5),
		.rows_done = sql_col_int(row, 6),
		.rows_left_out = sql_col_int(row, 7),
		.rows_total = sql_col_int(row, 8),
		.state = sql_col_enum(row, 9, IMPORT_FAILED + 1),
		.began = sql_col_int(row, 10),
		.ended = sql_col_int(row, 11),
		.fault = sql_col_str(row, 12, a),
	};
}

enum err sqlite_reader_imports(struct store_reader *r, struct arena *a,
                               struct import_row **rows, size_t *n)
{
	struct sql *q = sqlite_reader_sql(r);
	SET_OF(struct import_row) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_IMPORTS, SQL_NO_ARGS, &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		set_add(a, &set, import_of(row, a));
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

/* ERR_OK with *there, or what went wrong. */
static enum err is_there(struct sql *q, enum sql_id id, struct sql_value key, bool *there)
{
	int64_t unused;
	enum err e = sql_one_int(q, id, &key, 1, &unused);

	*there = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Each number has a time limit of its own. */
enum err sqlite_reader_has_subscribers(struct store_reader *r, const int64_t *msisdn,
                                       bool *known, size_t n)
{
	/* In one transaction: each would lock and unlock the file, a third of the time. */
	enum err e = sql_script(sqlite_reader_sql(r), "BEGIN"), ended;
	struct stroll owners = { .q = sqlite_reader_sql(r), .rows = SQL_OWNERS };

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		(void)sqlite_reader_sql(r);
		e = stroll_to(&owners, msisdn[i]);
		known[i] = e == ERR_OK;
		if (e == ERR_NOT_FOUND)
			e = ERR_OK;
	}
	stroll_end(&owners);
	ended = sql_script(sqlite_reader_sql(r), "COMMIT");
	return e == ERR_OK ? ended : e;
}

enum err sqlite_reader_has_groups(struct store_reader *r, const struct str *code,
                                  bool *known, size_t n)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = is_there(sqlite_reader_sql(r), SQL_GROUP, sql_text(code[i]),
		             &known[i]);
	return e;
}

enum err sqlite_reader_catalogue(struct store_reader *r, struct arena *a,
                                 struct catalogue *out)
{
	return sqlite_catalogue(sqlite_reader_sql(r), a, out);
}
