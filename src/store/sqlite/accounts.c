/*
 * accounts.c - whether what was ordered, moved, sold and used up agrees; see
 * store/health.h.  Each piece is one statement, and so of one instant.
 */
#include "sqlite_priv.h"
#include "store/health.h"

enum {
	SLICE = 20000 /* orders of one statement */
};

/* clang-format off */
/* An order has moved what it charges, once; one refused (3) or undone (4) gave it back. */
#define MOVED(column) \
	"ifnull((SELECT " column " FROM ledger WHERE request_id = 'o' || o.id), 0) + " \
	"ifnull((SELECT " column " FROM ledger WHERE request_id = 'o' || o.id || '-back'), 0)"
#define WRONG(column, charged) \
	"(" MOVED(column) " <> CASE WHEN o.state IN (3, 4) THEN 0 ELSE -o." charged " END)"

static const char orders_sql[] =
	"SELECT count(*), total(bad), ifnull(min(CASE WHEN bad THEN id END), 0) FROM "
	"(SELECT o.id AS id, " WRONG("amount_fen", "charged_fen") " OR "
	WRONG("points", "charged_points") " AS bad "
	"FROM service_order AS o WHERE o.id > ?1 AND o.id <= ?2)";
/* clang-format on */

/*
 * Confirmed (step 1) by another number than its own, which has no order that says so.
 * Steps that are swept by now tell nothing.
 */
static const char strangers_sql[] =
	"SELECT count(*), ifnull(min(o.id), 0) FROM service_order AS o "
	"WHERE o.id > ?1 AND o.id <= ?2 AND o.prompt <> 0 AND EXISTS "
	"(SELECT 1 FROM step AS s WHERE s.dialogue = o.prompt AND s.kind = 1 "
	"AND s.inbox = o.inbox AND s.msisdn <> o.msisdn AND NOT EXISTS "
	"(SELECT 1 FROM service_order AS n WHERE n.kind = 'number.act' "
	"AND n.was >= o.msisdn || '|' AND n.was < o.msisdn || '}' "
	"AND n.was LIKE '%|' || o.id AND n.msisdn = s.msisdn))";

static enum err add_strangers(struct sql *q, int64_t from, struct store_accounts *out)
{
	sqlite3_stmt *row = NULL;
	const enum err e = sql_once(q, strangers_sql,
	                            SQL_ARGS(sql_int(from), sql_int(from + SLICE)), &row);

	if (e != ERR_OK)
		return sql_ended(e);
	out->strangers += sql_col_int(row, 0);
	if (out->first_stranger == 0)
		out->first_stranger = sql_col_int(row, 1);
	(void)sqlite3_finalize(row);
	return ERR_OK;
}

static enum err add_orders(struct sql *q, int64_t from, struct store_accounts *out)
{
	sqlite3_stmt *row = NULL;
	const enum err e = sql_once(q, orders_sql,
	                            SQL_ARGS(sql_int(from), sql_int(from + SLICE)), &row);

	if (e != ERR_OK)
		return sql_ended(e);
	out->orders += sql_col_int(row, 0);
	out->wrong_orders += sql_col_int(row, 1);
	if (out->first_wrong == 0)
		out->first_wrong = sql_col_int(row, 2);
	(void)sqlite3_finalize(row);
	return ERR_OK;
}

/* What takes a walk through whole tables. */
static enum err add_rest(struct store_reader *r, struct store_accounts *out)
{
	const struct {
		int64_t *to;
		const char *sql;
	} figures[] = {
		{ &out->below_zero,
		  "SELECT count(*) FROM (SELECT 1 FROM ledger AS l JOIN account AS a "
		  "ON a.msisdn = l.msisdn AND a.owner_since = l.owner_since "
		  "AND l.at >= a.as_of GROUP BY a.msisdn "
		  "HAVING a.points >= 0 AND a.points + sum(l.points) < 0)" },
		{ &out->wrong_stocks,
		  "SELECT count(*) FROM tool_stock AS s LEFT JOIN (SELECT tool, count(*) "
		  "AS n FROM tool_sale WHERE order_id <> 0 GROUP BY tool) AS t "
		  "ON t.tool = s.tool WHERE s.sold < ifnull(t.n, 0)" },
		{ &out->wrong_coupons,
		  "SELECT count(*) FROM coupon AS k JOIN service_order AS o "
		  "ON o.id = k.order_id WHERE k.state = 2 AND o.state IN (3, 4)" },
	};
	enum err e = ERR_OK;

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]) && e == ERR_OK; i++)
		e = sql_once_int(sqlite_reader_sql(r), figures[i].sql, figures[i].to);
	return e;
}

enum err store_accounts(struct store_reader *r, bool full, struct store_accounts *out,
                        struct fault *fault)
{
	struct store_accounts a = { 0 };
	int64_t last = 0, from;
	enum err e = sql_once_int(sqlite_reader_sql(r),
	                          "SELECT ifnull(max(id), 0) FROM service_order", &last);

	for (from = full || last < SLICE ? 0 : last - SLICE; from < last && e == ERR_OK;
	     from += SLICE) {
		e = add_orders(sqlite_reader_sql(r), from, &a);
		if (e == ERR_OK)
			e = add_strangers(sqlite_reader_sql(r), from, &a);
	}
	if (e == ERR_OK && full)
		e = add_rest(r, &a);
	if (e == ERR_OK)
		*out = a;
	else
		fault_set(fault, "the accounts could not be read: %s",
		          sqlite_reader_sql(r)->fault->text);
	return e;
}

/* ---- what was promised with a recommendation ---- */

/* ?1 < id <= ?2.  2: effective, the month is decided. */
static const char slice_sql[] =
	"SELECT o.id, o.state = 2, o.price, o.was, "
	"ifnull((SELECT amount_fen FROM ledger WHERE request_id = 'o' || o.id || "
	"'-insured'), 0) FROM service_order AS o "
	"WHERE o.id > ?1 AND o.id <= ?2 AND o.kind = 'offer.insured' ORDER BY o.id";

/* Paid for no promise, or for one more than once. */
static const char stray_sql[] =
	"SELECT count(*) FROM ledger AS l LEFT JOIN service_order AS o ON o.id = l.order_id "
	"WHERE l.kind = 'offer.insured' AND (o.kind IS NOT 'offer.insured' OR "
	"l.request_id <> 'o' || l.order_id || '-insured')";

static enum err tell_slice(struct sql *q, int64_t from, store_insured_fn tell, void *ctx)
{
	struct arena a = arena_make(1 << 20);
	sqlite3_stmt *row = NULL;
	enum err e = sql_once(q, slice_sql,
	                      SQL_ARGS(sql_int(from), sql_int(from + SLICE)), &row);
	const bool opened = e == ERR_OK;

	for (; e == ERR_OK; e = sql_next(q, row)) {
		arena_reset(&a);
		tell(ctx, &(struct store_insured){ .order = sql_col_int(row, 0),
		                                   .decided = sql_col_int(row, 1) != 0,
		                                   .price = sql_col_str(row, 2, &a),
		                                   .was = sql_col_str(row, 3, &a),
		                                   .paid_fen = sql_col_int(row, 4) });
	}
	if (opened)
		(void)sqlite3_finalize(row);
	arena_free(&a);
	return sql_ended(e);
}

enum err store_insured(struct store_reader *r, bool full, store_insured_fn tell,
                       void *ctx, int64_t *stray, struct fault *fault)
{
	struct sql *q = sqlite_reader_sql(r);
	int64_t last = 0, from;
	enum err e = sql_once_int(q, "SELECT ifnull(max(id), 0) FROM service_order",
	                          &last);

	*stray = 0;
	for (from = full || last < SLICE ? 0 : last - SLICE; from < last && e == ERR_OK;
	     from += SLICE)
		e = tell_slice(q, from, tell, ctx);
	if (e == ERR_OK && full)
		e = sql_once_int(q, stray_sql, stray);
	if (e != ERR_OK)
		fault_set(fault, "what was promised could not be read: %s",
		          q->fault->text);
	return e;
}
