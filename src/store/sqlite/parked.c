/*
 * parked.c - what is kept of a number's PIN, and texts that wait for one.
 */
#include "sqlite_priv.h"

enum err sqlite_load_pin(struct sql *q, struct arena *a, struct dossier *d)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_PIN,
	                       SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since)),
	                       &row);

	d->pin = (struct pin){ .hash = STR(""), .code = STR("") };
	d->has_pin = false;
	if (e != ERR_OK)
		return sql_ended(e);
	d->pin = (struct pin){ .hash = sql_col_str(row, 0, a),
		               .failures = sql_col_int(row, 1),
		               .locked_until = sql_col_int(row, 2),
		               .right_at = sql_col_int(row, 3),
		               .code = sql_col_str(row, 4, a),
		               .code_until = sql_col_int(row, 5),
		               .code_wrong = sql_col_int(row, 6),
		               .codes = sql_col_int(row, 7),
		               .codes_since = sql_col_int(row, 8) };
	d->has_pin = d->pin.hash.n > 0;
	sql_done(row);
	return ERR_OK;
}

enum err sqlite_has_pins(struct store *s, bool *out)
{
	int64_t v = 0;
	const enum err e = sql_one_int(sql_of(s), SQL_PINS, SQL_NO_ARGS, &v);

	*out = v != 0;
	return e;
}

enum err sqlite_forget_pins(struct store *s)
{
	struct sql *q = sql_of(s);
	enum err e = store_begin(s);

	if (e != ERR_OK)
		return e;
	e = sql_run(q, SQL_PINS_FORGET, SQL_NO_ARGS);
	if (e == ERR_OK)
		e = sql_run(q, SQL_PARKED_FORGET, SQL_NO_ARGS);
	if (e == ERR_OK)
		e = store_commit(s);
	if (e != ERR_OK)
		store_rollback(s);
	return e;
}

static struct parked_row parked_of(sqlite3_stmt *row, struct arena *a)
{
	const struct str sealed = sql_col_str(row, 3, a);

	return (struct parked_row){ .id = sql_col_int(row, 0),
		                    .msisdn = sql_col_int(row, 1),
		                    .owner_since = sql_col_int(row, 2),
		                    .sealed = { (const uint8_t *)sealed.p, sealed.n },
		                    .session = sql_col_int(row, 4),
		                    .group = sql_col_str(row, 5, a),
		                    .text = sql_col_str(row, 6, a),
		                    .rule = sql_col_str(row, 7, a),
		                    .from = sqlite_address(row, 8, a),
		                    .to = sqlite_address(row, 10, a) };
}

enum err sqlite_load_parked(struct store *s, struct arena *a, int64_t id,
                            struct parked_row **rows, size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct parked_row) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_PARKED, SQL_ARGS(sql_int(id)), &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		set_add(a, &set, parked_of(row, a));
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}
