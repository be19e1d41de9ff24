/*
 * sweep.c - see store/sweep.h.
 */
#include <assert.h>

#include "sqlite_priv.h"
#include "store/sweep.h"

/* A row that something points to which is evidence, or waits to be sent, stays. */
#define NO_EVIDENCE                                                                             \
	"NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = t.id AND o.state < 2) "                \
	"AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.msisdn = t.msisdn AND l.inbox = t.id) " \
	"AND NOT EXISTS (SELECT 1 FROM service_order s WHERE s.msisdn = t.msisdn "              \
	"AND s.inbox = t.id) "                                                                  \
	"AND NOT EXISTS (SELECT 1 FROM step e WHERE e.msisdn = t.msisdn "                       \
	"AND t.id IN (e.inbox, e.dialogue)) "                                                   \
	"AND NOT EXISTS (SELECT 1 FROM optout x WHERE x.msisdn = t.msisdn AND x.inbox = t.id) " \
	"AND NOT EXISTS (SELECT 1 FROM reminder r WHERE r.msisdn = t.msisdn "                   \
	"AND r.inbox = t.id) "                                                                  \
	"AND NOT EXISTS (SELECT 1 FROM preference p WHERE p.msisdn = t.msisdn "                 \
	"AND p.inbox = t.id) "                                                                  \
	"AND NOT EXISTS (SELECT 1 FROM bond b WHERE b.msisdn = t.msisdn AND b.inbox = t.id) "   \
	"AND NOT EXISTS (SELECT 1 FROM tool_sale u WHERE u.msisdn = t.msisdn "                  \
	"AND u.inbox = t.id) "                                                                  \
	"AND NOT EXISTS (SELECT 1 FROM task k WHERE k.msisdn = t.msisdn AND k.inbox = t.id)"
#define SUPERSEDED                                                                   \
	"(t.given = 0 OR EXISTS (SELECT 1 FROM consent n WHERE n.msisdn = t.msisdn " \
	"AND n.subject = t.subject AND n.at > t.at))"

/* Both statements take ?1 from, ?2 to or how many rows, ?3 before. */
struct aged {
	const char *table;
	enum store_keep class;
	bool in_order; /* of time, as its keys are: the walk ends at the first young slice */
	const char *bounds, *count, *drop;
};

#define AGED(table, class, in_order, key, at, may_go)                             \
	{                                                                         \
#table, class, in_order,                                          \
			"SELECT max(k), min(at), count(*) FROM (SELECT " key      \
			" AS k, " at " AS at FROM " #table " WHERE " key          \
			" > ?1 ORDER BY " key " LIMIT ?2)",                       \
			"SELECT count(*) FROM " #table " AS t WHERE " key         \
			" > ?1 AND " key " <= ?2 AND " at " < ?3 AND " may_go,    \
			"DELETE FROM " #table " AS t WHERE " key " > ?1 AND " key \
			" <= ?2 AND " at " < ?3 AND " may_go                      \
	}

/* Replies behind texts: a text that stays keeps its reply. */
static const struct aged aged[] = {
	AGED(inbox, STORE_KEEP_TEXTS, true, "id", "at_ms", NO_EVIDENCE),
	AGED(outbox, STORE_KEEP_TEXTS, true, "id", "at_ms",
	     "t.state > 1 AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.id = t.id) "
	     "AND NOT EXISTS (SELECT 1 FROM target p WHERE p.outbox = t.id AND p.outbox > 0)"),
	AGED(part, STORE_KEEP_TEXTS, true, "at_ms", "at_ms", "1"),
	AGED(receipt_orphan, STORE_KEEP_TEXTS, true, "at_ms", "at_ms", "1"),
	AGED(detail, STORE_KEEP_DETAILS, false, "msisdn", "at * 1000", "1"),
	AGED(resource, STORE_KEEP_DETAILS, false, "msisdn", "expires_on * 1000",
	     "t.expires_on > 0"),
	AGED(tag, STORE_KEEP_DETAILS, false, "msisdn", "until * 1000", "t.until > 0"),
	AGED(import, STORE_KEEP_IMPORTS, true, "id", "began * 1000", "t.state <> 0"),
	AGED(service_order, STORE_KEEP_EVIDENCE, true, "id", "at * 1000", "t.state > 0"),
	AGED(coupon, STORE_KEEP_EVIDENCE, false, "msisdn", "expires_at * 1000", "1"),
	AGED(login, STORE_KEEP_DETAILS, false, "msisdn", "until * 1000", "1"),
	AGED(touch, STORE_KEEP_DETAILS, false, "msisdn", "at * 1000", "1"),
	AGED(used, STORE_KEEP_DETAILS, false, "msisdn", "at * 1000", "1"),
	AGED(campaign_test, STORE_KEEP_TEXTS, true, "id", "at * 1000", "1"),
	AGED(handoff, STORE_KEEP_DETAILS, true, "id", "at * 1000", "1"),
	AGED(package_move, STORE_KEEP_DETAILS, false, "msisdn", "at * 1000", "1"),
	AGED(target, STORE_KEEP_EVIDENCE, false, "msisdn", "at * 1000", "t.state <> 1"),
	AGED(draw, STORE_KEEP_EVIDENCE, true, "order_id", "at * 1000", "1"),
	AGED(tool_sale, STORE_KEEP_EVIDENCE, true, "id", "at * 1000", "1"),
	AGED(reminder, STORE_KEEP_EVIDENCE, false, "msisdn", "since * 1000",
	     "t.next_at = 0"),
	AGED(preference, STORE_KEEP_EVIDENCE, false, "msisdn", "at * 1000",
	     "t.off = 0 AND t.to_hour = 0"),
	AGED(bond, STORE_KEEP_EVIDENCE, false, "msisdn", "max(at, asked_at) * 1000",
	     "t.state <> 1"),
	AGED(step, STORE_KEEP_EVIDENCE, true, "id", "at * 1000", "1"),
	AGED(task, STORE_KEEP_EVIDENCE, true, "id", "at * 1000", "t.done_at > 0"),
	AGED(ledger, STORE_KEEP_EVIDENCE, false, "msisdn", "at * 1000", "1"),
	AGED(consent, STORE_KEEP_EVIDENCE, false, "msisdn", "at * 1000", SUPERSEDED),
	AGED(optout, STORE_KEEP_EVIDENCE, false, "msisdn", "at * 1000", "t.out = 0"),
	AGED(complaint, STORE_KEEP_EVIDENCE, false, "msisdn", "at * 1000", "t.state = 2"),
	AGED(payment, STORE_KEEP_EVIDENCE, false, "msisdn", "at * 1000", "1"),
};

size_t store_aged_tables(void)
{
	return sizeof(aged) / sizeof(aged[0]);
}

const char *store_aged_table(size_t i, enum store_keep *of)
{
	assert(i < store_aged_tables());
	*of = aged[i].class;
	return aged[i].table;
}

/* ---- looking ---- */

static enum err find_end(struct sql *q, const struct aged *t, struct store_slice *s)
{
	sqlite3_stmt *row = NULL;
	enum err e = sql_once(q, t->bounds,
	                      SQL_ARGS(sql_int(s->from), sql_int((int64_t)s->rows)),
	                      &row);

	if (e != ERR_OK)
		return e;
	s->to = sql_col_int(row, 2) > 0 ? sql_col_int(row, 0) : s->from;
	s->last = sql_col_int(row, 2) < (int64_t)s->rows ||
	          (t->in_order && sql_col_int(row, 1) >= s->before_ms);
	(void)sqlite3_finalize(row);
	return ERR_OK;
}

static enum err count_old(struct sql *q, const struct aged *t, struct store_slice *s)
{
	sqlite3_stmt *row = NULL;
	enum err e = sql_once(
		q, t->count,
		SQL_ARGS(sql_int(s->from), sql_int(s->to), sql_int(s->before_ms)), &row);

	if (e != ERR_OK)
		return e;
	s->old = sql_col_int(row, 0);
	(void)sqlite3_finalize(row);
	return ERR_OK;
}

enum err store_aged_look(struct store_reader *r, struct store_slice *slice,
                         struct fault *fault)
{
	const struct aged *t = &aged[slice->table];
	struct sql *q = sqlite_reader_sql(r);
	enum err e = find_end(q, t, slice);

	if (e == ERR_OK)
		e = count_old(q, t, slice);
	if (e != ERR_OK)
		fault_set(fault, "%s could not be read: %s", t->table, q->fault->text);
	return e;
}

/* ---- dropping ---- */

static enum err run_once(struct sql *q, const char *text, const struct sql_value *v,
                         size_t n)
{
	sqlite3_stmt *row = NULL;
	const enum err e = sql_once(q, text, v, n, &row);

	assert(e != ERR_OK); /* it gives no rows */
	return sql_ended(e);
}

static enum err finish(struct store *s, enum err e)
{
	if (e == ERR_OK)
		return store_commit(s);
	store_rollback(s);
	return e;
}

enum err store_aged_drop(struct store *s, const struct store_slice *slice, int64_t *n)
{
	const struct aged *t = &aged[slice->table];
	int64_t dropped = 0;
	enum err e = store_begin(s);

	if (e != ERR_OK)
		return e;
	e = run_once(sql_of(s), t->drop,
	             SQL_ARGS(sql_int(slice->from), sql_int(slice->to),
	                      sql_int(slice->before_ms)));
	dropped = sql_changes(sql_of(s));
	e = finish(s, e);
	if (e == ERR_OK)
		*n = dropped;
	return e;
}

/* ---- a number ---- */

/* Each takes ?1 msisdn, ?2 pseudonym, ?3 rows; of a pair the first decides when to stop. */
enum erase_how {
	ONCE,
	REPEATED, /* takes ?3 rows at once, until there are no more */
	WALKS     /* no index helps: rows of outbox with id above ?4, up to ?5 */
};

struct erasing {
	bool keeps; /* its rows stay, under the pseudonym */
	enum erase_how how;
	const char *sql;
};

#define DROP(table)                                                     \
	{                                                               \
		false, ONCE, "DELETE FROM " #table " WHERE msisdn = ?1" \
	}

static const struct erasing erasing[] = {
	/* Also what answers no text, such as a reminder. */
	{ false, WALKS,
	  "DELETE FROM outbox WHERE id > ?4 AND id <= ?5 AND to_digits LIKE '%' || ?1" },
	{ false, REPEATED,
	  "DELETE FROM outbox WHERE id IN (SELECT i.id FROM inbox i JOIN outbox o "
	  "ON o.id = i.id WHERE i.msisdn = ?1 LIMIT ?3)" },
	{ false, REPEATED,
	  "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE msisdn = ?1 LIMIT ?3)" },
	DROP(part),
	DROP(task),
	DROP(subscriber),
	DROP(account),
	DROP(usage_month),
	DROP(bill),
	DROP(subscription),
	DROP(payment),
	DROP(detail),
	DROP(resource),
	DROP(complaint),
	DROP(group_member),
	DROP(tag),
	DROP(pin),
	DROP(parked),
	DROP(dialogue),
	DROP(points_lot),
	DROP(coupon),
	DROP(login),
	DROP(touch),
	DROP(used),
	DROP(campaign_test),
	DROP(handoff),
	DROP(delayed),
	DROP(package_move),
	/* The blacklist stays: it is of numbers, and says to leave this one alone. */
	{ true, ONCE,
	  "UPDATE OR REPLACE target SET msisdn = ?2, place = 0, command = '', saving = '', "
	  "why = '', price = '', outbox = 0, until = 0, "
	  "state = CASE state WHEN 1 THEN 4 ELSE state END "
	  "WHERE msisdn = ?1" },
	{ true, ONCE, "UPDATE draw SET msisdn = ?2 WHERE msisdn = ?1" },
	{ true, ONCE, "UPDATE tool_sale SET msisdn = ?2 WHERE msisdn = ?1" },
	DROP(reminder),
	/* What is not wanted is an opt-out, too. */
	{ false, ONCE,
	  "DELETE FROM preference WHERE msisdn = ?1 AND off = 0 AND to_hour = 0" },
	{ true, ONCE, "UPDATE preference SET inbox = 0 WHERE msisdn = ?1" },
	DROP(bond),
	{ false, ONCE, "DELETE FROM bond WHERE asker = ?1" },
	DROP(request),
	{ false, ONCE, "DELETE FROM request WHERE asker = ?1" },
	{ false, ONCE, "DELETE FROM optout WHERE msisdn = ?1 AND out = 0" },
	{ true, ONCE, "UPDATE optout SET inbox = 0 WHERE msisdn = ?1" },
	/* What ends a lot of a list names that lot, and so the number. */
	{ true, ONCE,
	  "UPDATE ledger SET request_id = CASE WHEN request_id LIKE 'xi%' "
	  "THEN replace(request_id, ?1, ?2) ELSE request_id END, msisdn = ?2, note = '' "
	  "WHERE msisdn = ?1" },
	{ true, ONCE, "UPDATE service_order SET msisdn = ?2 WHERE msisdn = ?1" },
	/* Others' orders for him; "}" is the character behind "|". */
	{ true, ONCE,
	  "UPDATE service_order SET was = ?2 || substr(was, instr(was, '|')) "
	  "WHERE kind = 'number.act' AND was >= ?1 || '|' AND was < ?1 || '}'" },
	{ true, ONCE, "UPDATE step SET msisdn = ?2, folded = '' WHERE msisdn = ?1" },
	{ true, ONCE,
	  "UPDATE OR REPLACE consent SET msisdn = ?2, text = '' WHERE msisdn = ?1" },
};

/* The last of the next rows of outbox; *last: there are no more behind it. */
static enum err walk(struct sql *q, int64_t from, size_t rows, int64_t *to, bool *last)
{
	sqlite3_stmt *row = NULL;
	const enum err e = sql_once(
		q,
		"SELECT max(id), count(*) FROM (SELECT id FROM outbox WHERE id > ?1 "
		"ORDER BY id LIMIT ?2)",
		SQL_ARGS(sql_int(from), sql_int((int64_t)rows)), &row);

	if (e != ERR_OK)
		return e;
	*to = sql_col_int(row, 0);
	*last = sql_col_int(row, 1) < (int64_t)rows;
	(void)sqlite3_finalize(row);
	return ERR_OK;
}

enum err store_erase_step(struct store *s, struct store_erasure *e, size_t rows)
{
	const struct erasing *piece = &erasing[e->step];
	int64_t changed = 0, to = 0;
	bool last = true;
	enum err result = store_begin(s);

	assert(e->msisdn > 0 && e->pseudonym < 0);
	if (result != ERR_OK)
		return result;
	if (piece->how == WALKS)
		result = walk(sql_of(s), e->from, rows, &to, &last);
	if (result == ERR_OK)
		result = run_once(sql_of(s), piece->sql,
		                  SQL_ARGS(sql_int(e->msisdn), sql_int(e->pseudonym),
		                           sql_int((int64_t)rows), sql_int(e->from),
		                           sql_int(to)));
	changed = sql_changes(sql_of(s));
	result = finish(s, result);
	if (result != ERR_OK)
		return result;
	e->from = to;
	*(piece->keeps ? &e->kept : &e->dropped) += changed;
	if (last && (piece->how != REPEATED || changed < (int64_t)rows))
		e->step++;
	e->ended = e->step == sizeof(erasing) / sizeof(erasing[0]);
	return ERR_OK;
}
