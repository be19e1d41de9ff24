/*
 * data.c - packages and subscribers, as they come in from files.
 */
#include <assert.h>

#include "sqlite_priv.h"

static struct package package_of(sqlite3_stmt *row, struct arena *a)
{
	return (struct package){
		.code = sql_col_str(row, 0, a),
		.kind = sql_col_enum(row, 1, PACKAGE_VAS + 1),
		.name_zh = sql_col_str(row, 2, a),
		.name_en = sql_col_str(row, 3, a),
		.fee_fen = sql_col_int(row, 4),
		.voice_s = sql_col_int(row, 5),
		.sms = sql_col_int(row, 6),
		.data_kib = sql_col_int(row, 7),
		.over_voice_li_per_min = sql_col_int(row, 8),
		.over_sms_li = sql_col_int(row, 9),
		.over_data_fen_per_block = sql_col_int(row, 10),
		.data_block_kib = sql_col_int(row, 11),
		.over_data_cap_fen = sql_col_int(row, 12),
		.cost_fen = sql_col_int(row, 13),
		.network = sql_col_str(row, 14, a),
		.on_sale = sql_col_int(row, 15) != 0,
	};
}

enum err sqlite_load_catalogue(struct store *s, struct arena *a, struct catalogue *out)
{
	struct sql *q = sql_of(s);
	struct catalogue c = { NULL, 0 };
	sqlite3_stmt *row;
	size_t cap = 0;
	enum err e = sql_query(q, SQL_CATALOGUE, SQL_NO_ARGS, &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		c.package = set_grow(a, c.package, c.n, &cap, sizeof(*c.package));
		c.package[c.n++] = package_of(row, a);
	}
	if (e == ERR_END)
		*out = c;
	return sql_ended(e);
}

static enum err put_package(struct sql *q, const struct package *p)
{
	return sql_run(
		q, SQL_PACKAGE_PUT,
		SQL_ARGS(sql_text(p->code), sql_int(p->kind), sql_text(p->name_zh),
	                 sql_text(p->name_en), sql_int(p->fee_fen), sql_int(p->voice_s),
	                 sql_int(p->sms), sql_int(p->data_kib),
	                 sql_int(p->over_voice_li_per_min), sql_int(p->over_sms_li),
	                 sql_int(p->over_data_fen_per_block), sql_int(p->data_block_kib),
	                 sql_int(p->over_data_cap_fen), sql_int(p->cost_fen),
	                 sql_text(p->network), sql_int(p->on_sale)));
}

enum err sqlite_put_packages(struct store *s, const struct package *p, size_t n)
{
	enum err e = ERR_OK;

	assert(sqlite3_get_autocommit(sql_of(s)->db) == 0);
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = put_package(sql_of(s), &p[i]);
	return e;
}

/* What the number's earlier owner left; an opt-out that the new one sent stays. */
static enum err drop_earlier_owner(struct sql *q, const struct subscriber *sub)
{
	static const enum sql_id drops[] = { SQL_DROP_USAGE, SQL_DROP_BILL, SQL_DROP_HELD,
		                             SQL_DROP_PARTS };
	enum err e = sql_run(q, SQL_DROP_OPTOUT,
	                     SQL_ARGS(sql_int(sub->msisdn), sql_int(sub->owner_since)));

	for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]) && e == ERR_OK; i++)
		e = sql_run(q, drops[i], SQL_ARGS(sql_int(sub->msisdn)));
	return e;
}

static bool names(const struct str *code, size_t n, struct str wanted)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(code[i], wanted))
			return true;
	}
	return false;
}

/* What is held already and listed keeps its date; the rest comes (since then) or goes. */
static enum err put_services(struct store *s, struct arena *a,
                             const struct subscriber_row *r, int64_t since)
{
	const struct sql_value msisdn = sql_int(r->sub.msisdn);
	struct dossier d = { .msisdn = r->sub.msisdn, .known = true, .sub = r->sub };
	enum err e = sqlite_load_needs(s, a, (struct dossier *[]){ &d },
	                               (const unsigned[]){ NEED_SUBSCRIPTIONS }, 1);
	struct str *held = arena_array(a, struct str, d.n_held + 1);

	for (size_t i = 0; i < d.n_held && e == ERR_OK; i++) {
		held[i] = d.held[i].package;
		if (!names(r->service, r->n_services, held[i]))
			e = sql_run(sql_of(s), SQL_HELD_DROP,
			            SQL_ARGS(msisdn, sql_text(held[i])));
	}
	for (size_t i = 0; i < r->n_services && e == ERR_OK; i++) {
		if (!names(held, d.n_held, r->service[i]))
			e = sql_run(sql_of(s), SQL_HELD_PUT,
			            SQL_ARGS(msisdn, sql_text(r->service[i]),
			                     sql_int(since),
			                     sql_int(r->sub.owner_since)));
	}
	return e;
}

static enum err put_rows(struct sql *q, const struct subscriber *u,
                         const struct account *c)
{
	enum err e = sql_run(
		q, SQL_SUBSCRIBER_PUT,
		SQL_ARGS(sql_int(u->msisdn), sql_int(u->owner_since),
	                 sql_int(u->joined_on), sql_int(u->status), sql_int(u->language),
	                 sql_int(u->class), sql_int(u->real_name), sql_text(u->name),
	                 sql_text(u->region), sql_text(u->network), sql_text(u->terminal),
	                 sql_text(u->puk), sql_text(u->package)));

	if (e == ERR_OK)
		e = sql_run(q, SQL_ACCOUNT_PUT,
		            SQL_ARGS(sql_int(u->msisdn), sql_int(u->owner_since),
		                     sql_int(c->balance_fen), sql_int(c->credit_fen),
		                     sql_int(c->points), sql_int(c->as_of)));
	return e;
}

static enum err put_subscriber(struct store *s, struct arena *a,
                               const struct subscriber_row *r)
{
	int64_t owner_since = 0;
	enum err e = sql_one_int(sql_of(s), SQL_OWNER, SQL_ARGS(sql_int(r->sub.msisdn)),
	                         &owner_since);
	const bool same_owner = e == ERR_OK && owner_since == r->sub.owner_since;

	if (e == ERR_OK && !same_owner)
		e = drop_earlier_owner(sql_of(s), &r->sub);
	if (e == ERR_OK || e == ERR_NOT_FOUND)
		e = put_rows(sql_of(s), &r->sub, &r->account);
	if (e != ERR_OK)
		return e;
	/* When a service of a number new to us began is not said: with its owner. */
	return put_services(s, a, r, same_owner ? r->account.as_of : r->sub.owner_since);
}

enum err sqlite_put_subscribers(struct store *s, const struct subscriber_row *r, size_t n)
{
	struct arena a = arena_make((size_t)1024 * 1024);
	enum err e = ERR_OK;

	assert(sqlite3_get_autocommit(sql_of(s)->db) == 0);
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		arena_reset(&a);
		e = put_subscriber(s, &a, &r[i]);
	}
	arena_free(&a);
	return e;
}

enum err sqlite_has_subscribers(struct store *s, const int64_t *msisdn, bool *known,
                                size_t n)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		int64_t owner_since;

		e = sql_one_int(sql_of(s), SQL_OWNER, SQL_ARGS(sql_int(msisdn[i])),
		                &owner_since);
		known[i] = e == ERR_OK;
		e = e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	return e;
}
