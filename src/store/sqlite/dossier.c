/*
 * dossier.c - what the store holds of a subscriber.
 *
 * Rows of an earlier owner are left out: by owner_since in each statement, and for
 * months by the owner's first.
 */
#include "sqlite_priv.h"
#include "usage_blob_priv.h"

static void subscriber_of(sqlite3_stmt *row, struct arena *a, struct subscriber *sub)
{
	*sub = (struct subscriber){
		.msisdn = sub->msisdn,
		.owner_since = sql_col_int(row, 0),
		.joined_on = sql_col_int(row, 1),
		.status = sql_col_enum(row, 2, SUB_PORTED_OUT + 1),
		.language = sql_col_enum(row, 3, LANG_COUNT),
		.class = sql_col_enum(row, 4, CLASS_BUSINESS + 1),
		.real_name = sql_col_int(row, 5) != 0,
		.name = sql_col_str(row, 6, a),
		.region = sql_col_str(row, 7, a),
		.network = sql_col_str(row, 8, a),
		.terminal = sql_col_str(row, 9, a),
		.puk = sql_col_str(row, 10, a),
		.package = sql_col_str(row, 11, a),
	};
}

static enum err load_subscriber(struct sql *q, struct arena *a, struct dossier *d)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_SUBSCRIBER, SQL_ARGS(sql_int(d->msisdn)), &row);

	d->known = e == ERR_OK;
	if (e != ERR_OK)
		return sql_ended(e);
	d->sub.msisdn = d->msisdn;
	subscriber_of(row, a, &d->sub);
	sql_done(row);
	return ERR_OK;
}

/* An opt-out counts for its owner, and for whoever had the number when it came unknown. */
static bool counts(const struct dossier *d, int64_t owner_since, int64_t at)
{
	if (!d->known)
		return true;
	return owner_since == d->sub.owner_since ||
	       (owner_since == 0 && at >= d->sub.owner_since);
}

enum {
	DIALOGUE_AT = 3 /* columns before those of the dialogue */
};

static struct dialogue *dialogue_of(sqlite3_stmt *row, struct arena *a)
{
	struct dialogue *o = arena_new(a, struct dialogue);
	const int at = DIALOGUE_AT;

	*o = (struct dialogue){
		.id = sql_col_int(row, at + 1),
		.kind = sql_col_enum(row, at + 2, DIALOGUE_KINDS),
		.opened_at = sql_col_int(row, at + 3),
		.expires_at = sql_col_int(row, at + 4),
		.nonce = (unsigned)sql_col_int(row, at + 5),
		.wrong = (unsigned)sql_col_int(row, at + 6),
		.fee_fen = sql_col_int(row, at + 7),
		.command = sql_col_str(row, at + 8, a),
		.items = sql_col_str(row, at + 9, a),
		.rest = sql_col_str(row, at + 10, a),
		.back = sql_col_str(row, at + 11, a),
		.price = sql_col_str(row, at + 12, a),
		.brief = sql_col_str(row, at + 13, a),
		.revision = sql_col_str(row, at + 14, a),
		.rule = sql_col_str(row, at + 15, a),
	};
	return o;
}

/* What a number may have beside its subscriber: one statement for all of it. */
static enum err load_beside(struct sql *q, struct arena *a, struct dossier *d)
{
	const int64_t owner = d->known ? d->sub.owner_since : 0;
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_BESIDE, SQL_ARGS(sql_int(d->msisdn)), &row);

	d->opted_out = false;
	d->open = NULL;
	if (e != ERR_OK)
		return sql_ended(e);
	d->opted_out = sql_col_int(row, 0) != 0 &&
	               counts(d, sql_col_int(row, 1), sql_col_int(row, 2));
	if (sqlite3_column_type(row, DIALOGUE_AT) != SQLITE_NULL &&
	    sql_col_int(row, DIALOGUE_AT) == owner)
		d->open = dialogue_of(row, a);
	sql_done(row);
	return ERR_OK;
}

enum err sqlite_subscribers(struct sql *q, struct arena *a, struct dossier **d, size_t n)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = load_subscriber(q, a, d[i]);
	return e;
}

enum err sqlite_besides(struct sql *q, struct arena *a, struct dossier **d, size_t n)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = load_beside(q, a, d[i]);
	return e;
}

/* One statement at a time, so that its pages stay near. */
enum err sqlite_load_dossiers(struct store *s, struct arena *a, struct dossier **d,
                              size_t n)
{
	const enum err e = sqlite_subscribers(sql_of(s), a, d, n);

	return e == ERR_OK ? sqlite_besides(sql_of(s), a, d, n) : e;
}

#define OF_OWNER(d) sql_int((d)->msisdn), sql_int((d)->sub.owner_since)

static enum err load_account(struct sql *q, struct arena *a, struct dossier *d)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_ACCOUNT, SQL_ARGS(OF_OWNER(d)), &row);

	(void)a;
	d->has_account = e == ERR_OK;
	if (e != ERR_OK)
		return sql_ended(e);
	d->account = (struct account){
		.balance_fen = sql_col_int(row, 0),
		.credit_fen = sql_col_int(row, 1),
		.points = sql_col_int(row, 2),
		.as_of = sql_col_int(row, 3),
	};
	sql_done(row);
	return ERR_OK;
}

static enum err load_usage(struct sql *q, struct arena *a, struct dossier *d)
{
	const month_t first = civil_month(d->sub.owner_since);
	sqlite3_stmt *row;
	struct span months;
	enum err e = sql_query(q, SQL_USAGE, SQL_ARGS(OF_OWNER(d)), &row);

	if (e != ERR_OK)
		return sql_ended(e);
	d->usage_as_of = sql_col_int(row, 0);
	months = sql_col_blob(row, 1);
	d->usage = arena_array(a, struct usage_month, usage_blob_count(months) + 1);
	for (size_t i = 0; i < usage_blob_count(months); i++) {
		const struct usage_month u = usage_blob_get(months.p +
		                                            i * USAGE_BLOB_MONTH);

		if (u.month >= first)
			d->usage[d->n_usage++] = u;
	}
	sql_done(row);
	return ERR_OK;
}

static enum err load_bill(struct sql *q, struct arena *a, struct dossier *d)
{
	const month_t first = civil_month(d->sub.owner_since);
	sqlite3_stmt *row;
	size_t cap = 0;
	enum err e = sql_query(q, SQL_BILL, SQL_ARGS(OF_OWNER(d), sql_int(first)), &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		d->bill = set_grow(a, d->bill, d->n_bill, &cap, sizeof(*d->bill));
		d->bill[d->n_bill++] = (struct bill_line){
			.month = (month_t)sql_col_int(row, 0),
			.item = sql_col_str(row, 1, a),
			.amount_fen = sql_col_int(row, 2)
		};
	}
	return sql_ended(e);
}

static const struct {
	enum need need;
	enum err (*load)(struct sql *q, struct arena *a, struct dossier *d);
} loaders[] = {
	{ NEED_ACCOUNT, load_account },
	{ NEED_USAGE, load_usage },
	{ NEED_BILL, load_bill },
	{ NEED_GROUP, sqlite_load_group },
	{ NEED_QUEUE, sqlite_load_queue },
	{ NEED_HABITS, sqlite_load_habits },
	{ NEED_UNREAD, sqlite_load_unread },
	{ NEED_CUSTOMERS, sqlite_load_customers },
	{ NEED_GROUP_MONTH, sqlite_load_group_month }, /* of one that is loaded by now */
};

enum err sqlite_needs(struct sql *q, struct arena *a, struct dossier **d,
                      const unsigned *need, size_t n, int64_t now)
{
	enum err e = ERR_OK;

	for (size_t k = 0; k < sizeof(loaders) / sizeof(loaders[0]); k++) {
		for (size_t i = 0; i < n && e == ERR_OK; i++) {
			if (d[i]->known && (need[i] & ~d[i]->have & loaders[k].need) != 0)
				e = loaders[k].load(q, a, d[i]);
		}
	}
	if (e == ERR_OK)
		e = sqlite_load_history(q, a, d, need, n, now);
	if (e == ERR_OK)
		e = sqlite_load_tools(q, a, d, need, n);
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		if (d[i]->known && (need[i] & ~d[i]->have & NEED_PUSHES) != 0)
			e = sqlite_load_pushes(q, a, d[i], now);
	}
	/* A manager need be no subscriber. */
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		if ((need[i] & ~d[i]->have & NEED_CAMPAIGN) != 0)
			e = sqlite_load_campaign(q, a, d[i]);
	}
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		d[i]->have |= need[i];
	return e;
}

enum err sqlite_load_needs(struct store *s, struct arena *a, struct dossier **d,
                           const unsigned *need, size_t n, int64_t now)
{
	return sqlite_needs(sql_of(s), a, d, need, n, now);
}
