/*
 * put_usage.c - months of use: merged into the one packed row of each subscriber.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "sqlite_priv.h"
#include "usage_blob_priv.h"

/* The months of one subscriber, ascending, each once. */
struct months {
	struct usage_month *row; /* owned */
	size_t n, cap;
};

/* Rows mostly come in ascending order, so the place is looked for from the end. */
static void put_month(struct months *m, const struct usage_month *u)
{
	size_t at = m->n;

	while (at > 0 && m->row[at - 1].month > u->month)
		at--;
	if (at > 0 && m->row[at - 1].month == u->month) {
		m->row[at - 1] = *u;
		return;
	}
	if (m->n == m->cap) {
		m->cap = m->cap > 0 ? m->cap * 2 : 16;
		m->row = xrealloc(m->row, m->cap * sizeof(*m->row));
	}
	memmove(&m->row[at + 1], &m->row[at], (m->n - at) * sizeof(*m->row));
	m->row[at] = *u;
	m->n++;
}

static enum err load_months(struct sql *q, int64_t msisdn, int64_t owner_since,
                            struct months *m)
{
	sqlite3_stmt *row;
	struct span held;
	enum err e = sql_query(q, SQL_USAGE,
	                       SQL_ARGS(sql_int(msisdn), sql_int(owner_since)), &row);

	m->n = 0;
	if (e != ERR_OK)
		return sql_ended(e);
	held = sql_col_blob(row, 1);
	for (size_t i = 0; i < usage_blob_count(held); i++) {
		const struct usage_month u = usage_blob_get(held.p +
		                                            i * USAGE_BLOB_MONTH);

		put_month(m, &u);
	}
	sql_done(row);
	return ERR_OK;
}

static enum err save_months(struct sql *q, int64_t msisdn, int64_t owner_since,
                            int64_t as_of, const struct months *m)
{
	const size_t n = m->n * USAGE_BLOB_MONTH;
	uint8_t small[64 * USAGE_BLOB_MONTH],
		*out = n <= sizeof(small) ? small : xcalloc(1, n);
	enum err e;

	for (size_t i = 0; i < m->n; i++)
		usage_blob_put(out + i * USAGE_BLOB_MONTH, &m->row[i]);
	e = sql_run(q, SQL_USAGE_PUT,
	            SQL_ARGS(sql_int(msisdn), sql_int(owner_since), sql_int(as_of),
	                     sql_blob((struct span){ out, n })));
	if (out != small)
		free(out);
	return e;
}

enum err sqlite_put_usage(struct sql *q, const struct usage_row *r, size_t n,
                          int64_t owner_since, int64_t as_of)
{
	struct months m = { NULL, 0, 0 };
	enum err e = load_months(q, r->msisdn, owner_since, &m);

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		put_month(&m, &r[i].usage);
	if (e == ERR_OK)
		e = save_months(q, r->msisdn, owner_since, as_of, &m);
	free(m.row);
	return e;
}
