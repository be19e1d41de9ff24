/*
 * put_usage.c - months of use: merged into the one packed row of each subscriber.
 *
 * A portion of numbers is read by cursors that walk along, and written behind it: a
 * cursor does not stand on a table that is written.
 */
#include <assert.h>

#include "base/buf.h"
#include "sqlite_priv.h"
#include "usage_blob_priv.h"

enum {
	TOGETHER = 8, /* rows of SQL_USAGE_PUT_8 */
	COLUMNS = 4,
	NUMBERS = 512,              /* of a portion at most */
	OCTETS = 256 * 1024,        /* of their months that end it, too */
	OCTETS_MOST = 1024 * OCTETS /* never reached: a number has 10^5 months at most */
};

/* What is to be written of a number. */
struct packed {
	int64_t msisdn, owner_since;
	size_t from, size; /* of octets */
};

/* Numbers, ascending. */
struct portion {
	struct sql *q;
	struct stroll owners, held;
	int64_t as_of;
	struct buf octets; /* months of all, packed */
	size_t n;
	struct packed row[NUMBERS];
};

/* Rows mostly come in ascending order, so the place is looked for from the end. */
static void put_month(struct buf *b, size_t from, const struct usage_month *u)
{
	uint8_t *const new = (uint8_t *)buf_room(b, USAGE_BLOB_MONTH);
	uint8_t *const first = (uint8_t *)b->p + from, *at = new;

	assert(new != NULL);
	while (at > first && usage_blob_month(at - USAGE_BLOB_MONTH) > u->month)
		at -= USAGE_BLOB_MONTH;
	if (at > first && usage_blob_month(at - USAGE_BLOB_MONTH) == u->month) {
		usage_blob_put(at - USAGE_BLOB_MONTH, u);
		return;
	}
	memmove(at + USAGE_BLOB_MONTH, at, (size_t)(new - at));
	usage_blob_put(at, u);
	b->n += USAGE_BLOB_MONTH;
}

/* What the store holds of the owner, if anything. */
static enum err load_months(struct portion *p, int64_t msisdn, int64_t owner_since)
{
	const enum err e = stroll_to(&p->held, msisdn);
	struct span held;

	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	if (sql_col_int(p->held.row, 1) != owner_since)
		return ERR_OK;
	held = sql_col_blob(p->held.row, 2);
	buf_put(&p->octets, held.p, usage_blob_count(held) * USAGE_BLOB_MONTH);
	return ERR_OK;
}

/* n rows of one number behind those of the portion; ERR_NOT_FOUND: it is no subscriber. */
static enum err add_number(struct portion *p, const struct usage_row *r, size_t n)
{
	const size_t from = p->octets.n;
	int64_t owner_since;
	enum err e = stroll_to(&p->owners, r->msisdn);

	if (e != ERR_OK)
		return e;
	owner_since = sql_col_int(p->owners.row, 1);
	e = load_months(p, r->msisdn, owner_since);
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < n; i++)
		put_month(&p->octets, from, &r[i].usage);
	p->row[p->n++] = (struct packed){ r->msisdn, owner_since, from,
		                          p->octets.n - from };
	return ERR_OK;
}

/* From the i-th on, as many as the statement takes. */
static enum err write_rows(const struct portion *p, size_t i, enum sql_id id, size_t n)
{
	struct sql_value v[TOGETHER * COLUMNS];

	for (size_t k = 0; k < n; k++) {
		const struct packed *row = &p->row[i + k];
		const struct span months = buf_span(&p->octets);

		v[k * COLUMNS] = sql_int(row->msisdn);
		v[k * COLUMNS + 1] = sql_int(row->owner_since);
		v[k * COLUMNS + 2] = sql_int(p->as_of);
		v[k * COLUMNS + 3] = sql_blob(
			(struct span){ months.p + row->from, row->size });
	}
	return sql_run(p->q, id, v, n * COLUMNS);
}

static enum err write_portion(struct portion *p)
{
	enum err e = ERR_OK;
	size_t i = 0;

	stroll_end(&p->owners);
	stroll_end(&p->held);
	for (; i + TOGETHER <= p->n && e == ERR_OK; i += TOGETHER)
		e = write_rows(p, i, SQL_USAGE_PUT_8, TOGETHER);
	for (; i < p->n && e == ERR_OK; i++)
		e = write_rows(p, i, SQL_USAGE_PUT, 1);
	p->n = 0;
	buf_reset(&p->octets);
	return e;
}

/* What was read of a number must not be older than what is to be written of it. */
static bool is_full(const struct portion *p, int64_t next)
{
	return p->n == NUMBERS || p->octets.n >= OCTETS ||
	       (p->n > 0 && next <= p->row[p->n - 1].msisdn);
}

static enum err put_numbers(struct portion *p, const struct usage_row *r, size_t n,
                            size_t *left_out)
{
	enum err e = ERR_OK;

	for (size_t i = 0, end; i < n && e == ERR_OK; i = end) {
		for (end = i + 1; end < n && r[end].msisdn == r[i].msisdn; end++)
			;
		if (is_full(p, r[i].msisdn))
			e = write_portion(p);
		if (e == ERR_OK)
			e = add_number(p, r + i, end - i);
		if (e == ERR_NOT_FOUND) {
			*left_out += end - i;
			e = ERR_OK;
		}
	}
	return e == ERR_OK ? write_portion(p) : e;
}

enum err sqlite_put_usage(struct sql *q, const struct usage_row *r, size_t n,
                          int64_t as_of, size_t *left_out)
{
	struct portion p = { .q = q,
		             .owners = { .q = q, .rows = SQL_OWNERS },
		             .held = { .q = q, .rows = SQL_USAGES },
		             .as_of = as_of,
		             .octets = buf_make(OCTETS_MOST) };
	const enum err e = put_numbers(&p, r, n, left_out);

	stroll_end(&p.owners);
	stroll_end(&p.held);
	buf_free(&p.octets);
	return e;
}
