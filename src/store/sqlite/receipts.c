/*
 * receipts.c - what delivery receipts tell of messages.
 *
 * A receipt names its message by the id of the response.  Where that response never came,
 * comes later, or wrote the id otherwise (hexadecimal for decimal), the message of a
 * campaign is found by its addresses.  Other receipts wait for their response.
 */
#include "sqlite_priv.h"

enum {
	ORPHAN_LIFE_MS = 24 * 3600 * 1000,
	NUMBER_DIGITS = 11
};

static enum err put_receipt(struct sql *q, int64_t id, int64_t state, int64_t at_ms,
                            struct str error)
{
	return sql_run(
		q, SQL_RECEIPT_PUT,
		SQL_ARGS(sql_int(id), sql_int(state), sql_int(at_ms), sql_text(error)));
}

/* ---- receipts that come first ---- */

static enum err adopt_orphan(struct sql *q, const struct outbox_mark *m)
{
	struct arena a = arena_make(65536);
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_ORPHAN_FIND,
	                       SQL_ARGS(sql_int(m->id), sql_text(m->message_id)), &row);

	if (e == ERR_OK) {
		const int64_t state = sql_col_int(row, 0), at_ms = sql_col_int(row, 1);
		const struct str error = sql_col_str(row, 2, &a),
				 group = sql_col_str(row, 3, &a);

		sql_done(row);
		e = put_receipt(q, m->id, state, at_ms, error);
		if (e == ERR_OK)
			e = sql_run(q, SQL_ORPHAN_DROP,
			            SQL_ARGS(sql_text(m->message_id), sql_text(group)));
	}
	arena_free(&a);
	return sql_ended(e);
}

enum err sqlite_adopt_receipt(struct sqlite_store *s, const struct outbox_mark *m)
{
	return s->orphans && m->message_id.n > 0 ? adopt_orphan(&s->sql, m) : ERR_OK;
}

static enum err record_orphan(struct sqlite_store *s, const struct receipt_row *r)
{
	enum err e = sql_run(&s->sql, SQL_ORPHAN_EXPIRE,
	                     SQL_ARGS(sql_int(r->at_ms - ORPHAN_LIFE_MS)));

	s->orphans = true;
	if (e == ERR_OK)
		e = sql_run(&s->sql, SQL_ORPHAN_PUT,
		            SQL_ARGS(sql_text(r->message_id), sql_text(r->group),
		                     sql_int(r->at_ms), sql_int(r->state),
		                     sql_text(r->error)));
	return e;
}

/* ---- by addresses ---- */

/* The last n characters as a number; 0: they are none. */
static int64_t last_digits(struct str s, size_t n)
{
	int64_t value = 0;

	if (s.n < n)
		return 0;
	for (size_t i = s.n - n; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return 0;
		value = value * 10 + (s.p[i] - '0');
	}
	return value;
}

static enum err find_push(struct sql *q, const struct receipt_row *r, int64_t *id)
{
	const int64_t campaign = last_digits(r->to.digits, CAMPAIGN_SUFFIX_DIGITS);
	const int64_t msisdn = last_digits(r->from.digits, NUMBER_DIGITS);

	if (campaign == 0 || msisdn == 0)
		return ERR_NOT_FOUND;
	return sql_one_int(q, SQL_RECEIPT_PUSH,
	                   SQL_ARGS(sql_int(campaign), sql_int(msisdn),
	                            sql_text(r->to.digits), sql_text(r->group),
	                            sql_int(r->at_ms)),
	                   id);
}

/* The message whose response had that id; *fits: its addresses are the receipt's, too. */
static enum err find_named(struct sql *q, const struct receipt_row *r, int64_t *id,
                           bool *fits)
{
	sqlite3_stmt *row;
	enum err e = ERR_NOT_FOUND;

	if (r->message_id.n == 0)
		return e;
	e = sql_query(q, SQL_RECEIPT_FIND,
	              SQL_ARGS(sql_text(r->message_id), sql_text(r->group),
	                       sql_text(r->to.digits), sql_text(r->from.digits)),
	              &row);
	if (e != ERR_OK)
		return e == ERR_END ? ERR_NOT_FOUND : e;
	*id = sql_col_int(row, 0);
	*fits = sql_col_int(row, 1) != 0;
	sql_done(row);
	return ERR_OK;
}

/* Ids may be of two bases, and come again: addresses say more than an id alone. */
static enum err find_message(struct sql *q, const struct receipt_row *r, int64_t *id)
{
	bool fits = false;
	int64_t push = 0;
	enum err e = find_named(q, r, id, &fits), by_addresses;

	if (fits || (e != ERR_OK && e != ERR_NOT_FOUND))
		return e;
	by_addresses = find_push(q, r, &push);
	if (by_addresses == ERR_OK)
		*id = push;
	return by_addresses == ERR_NOT_FOUND ? e : by_addresses;
}

enum err sqlite_record_receipt(struct sqlite_store *s, const struct receipt_row *r)
{
	struct sql *q = &s->sql;
	int64_t id = 0;
	enum err e = find_message(q, r, &id);

	if (e == ERR_NOT_FOUND)
		return r->message_id.n > 0 ? record_orphan(s, r) : ERR_OK;
	if (e == ERR_OK)
		e = put_receipt(q, id, r->state, r->at_ms, r->error);
	if (e == ERR_OK)
		e = sql_run(q, SQL_RECEIPT_SETTLES,
		            SQL_ARGS(sql_int(id), sql_text(r->message_id)));
	return e;
}
