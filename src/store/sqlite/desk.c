/*
 * desk.c - what a person at the desk, and help, need to know of a number's texts.
 */
#include "sqlite_priv.h"

enum {
	WAITING_MAX = 1000 /* more are not counted */
};

enum err sqlite_load_queue(struct sql *q, struct arena *a, struct dossier *d)
{
	sqlite3_stmt *row;
	size_t n = 0;
	enum err e = sql_one_int(q, SQL_WAITING, SQL_ARGS(sql_int(WAITING_MAX)),
	                         &d->waiting);

	(void)a;
	if (e != ERR_OK)
		return e;
	e = sql_query(q, SQL_RECENT,
	              SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since),
	                       sql_int(RECENT_TEXTS)),
	              &row);
	for (; e == ERR_OK; e = sql_next(q, row))
		d->recent[n++] = sql_col_int(row, 0);
	return sql_ended(e);
}

enum err sqlite_load_habits(struct sql *q, struct arena *a, struct dossier *d)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_HABITS,
	                       SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since),
	                                sql_int(HABIT_TEXTS), sql_int(HABITS)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		d->habit[d->n_habits++] = sql_col_str(row, 0, a);
	return sql_ended(e);
}
