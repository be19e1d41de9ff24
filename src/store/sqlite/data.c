/*
 * data.c - packages and subscribers, as they come in from files.
 */
#include "model/popular.h"
#include "model/typical.h"
#include "sqlite_priv.h"
#include "store/tags.h"

enum {
	HELD_MAX = 256 /* services of a number that are looked at */
};

static enum err take_package(sqlite3_stmt *row, struct arena *a, struct package *out)
{
	enum {
		TIERS = 19
	};

	*out = (struct package){
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
		.name_hant = sql_col_str(row, 16, a),
		.over_voice_cap_fen = sql_col_int(row, 17),
		.over_sms_cap_fen = sql_col_int(row, 18),
	};
	for (unsigned d = 0; d < DIMS; d++)
		if (!outer_parse(sql_col_str(row, TIERS + (int)d, a), &out->outer[d]))
			return ERR_CORRUPT;
	return ERR_OK;
}

enum err sqlite_load_catalogue(struct store *s, struct arena *a, struct catalogue *out)
{
	return sqlite_catalogue(sql_of(s), a, out);
}

enum err store_put_worked_out(struct store *s, const char *name, struct str text)
{
	enum err e = store_begin(s);

	if (e != ERR_OK)
		return e;
	e = sql_run(sql_of(s), SQL_WORKED_OUT_PUT,
	            SQL_ARGS(sql_text(str_of(name)), sql_text(text)));
	if (e == ERR_OK)
		return store_commit(s);
	store_rollback(s);
	return e;
}

enum err store_worked_out(struct store_reader *r, const char *name, struct arena *a,
                          struct str *out)
{
	sqlite3_stmt *row;
	enum err e = sql_query(sqlite_reader_sql(r), SQL_SETTING,
	                       SQL_ARGS(sql_text(str_of(name))), &row);

	*out = STR("");
	if (e == ERR_OK) {
		const struct span text = sql_col_blob(row, 0);

		*out = arena_str(a, (struct str){ (const char *)text.p, text.n });
		sql_done(row);
	}
	return sql_ended(e);
}

static enum err load_worked_out(struct sql *q, const char *name,
                                void (*put)(struct str text, struct catalogue *c),
                                struct catalogue *c)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_SETTING, SQL_ARGS(sql_text(str_of(name))), &row);

	if (e == ERR_OK) {
		const struct span text = sql_col_blob(row, 0);

		put((struct str){ (const char *)text.p, text.n }, c);
		sql_done(row);
	}
	return sql_ended(e);
}

enum err sqlite_catalogue(struct sql *q, struct arena *a, struct catalogue *out)
{
	struct catalogue c = { NULL, 0 };
	sqlite3_stmt *row;
	size_t cap = 0;
	enum err e = sql_query(q, SQL_CATALOGUE, SQL_NO_ARGS, &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		c.package = set_grow(a, c.package, c.n, &cap, sizeof(*c.package));
		e = take_package(row, a, &c.package[c.n++]);
		if (e != ERR_OK) {
			sql_done(row);
			return e;
		}
	}
	if (sql_ended(e) != ERR_OK)
		return e;
	*out = c;
	e = load_worked_out(q, TYPICAL_SETTING, typical_put, out);
	return e == ERR_OK ? load_worked_out(q, POPULAR_SETTING, popular_put, out) : e;
}

enum err sqlite_put_package(struct sql *q, const struct package *p)
{
	char voice[OUTER_TEXT], sms[OUTER_TEXT], data[OUTER_TEXT];

	return sql_run(
		q, SQL_PACKAGE_PUT,
		SQL_ARGS(sql_text(p->code), sql_int(p->kind), sql_text(p->name_zh),
	                 sql_text(p->name_en), sql_int(p->fee_fen), sql_int(p->voice_s),
	                 sql_int(p->sms), sql_int(p->data_kib),
	                 sql_int(p->over_voice_li_per_min), sql_int(p->over_sms_li),
	                 sql_int(p->over_data_fen_per_block), sql_int(p->data_block_kib),
	                 sql_int(p->over_data_cap_fen), sql_int(p->cost_fen),
	                 sql_text(p->network), sql_int(p->on_sale),
	                 sql_text(p->name_hant), sql_int(p->over_voice_cap_fen),
	                 sql_int(p->over_sms_cap_fen),
	                 sql_text(outer_text(&p->outer[DIM_VOICE], voice)),
	                 sql_text(outer_text(&p->outer[DIM_SMS], sms)),
	                 sql_text(outer_text(&p->outer[DIM_DATA], data))));
}

/* What the number's earlier owner left; an opt-out that the new one sent stays. */
static enum err drop_earlier_owner(struct sql *q, const struct subscriber *sub)
{
	static const enum sql_id drops[] = {
		SQL_DROP_USAGE,       SQL_DROP_BILL,       SQL_DROP_HELD,
		SQL_DROP_PARTS,       SQL_DROP_PAYMENTS,   SQL_DROP_DETAILS,
		SQL_DROP_RESOURCES,   SQL_DROP_COMPLAINTS, SQL_DROP_CONSENTS,
		SQL_DROP_MEMBERSHIPS, SQL_DROP_TAGS,       SQL_DROP_ORDERS,
		SQL_DROP_COUPONS,     SQL_DROP_LOTS,       SQL_DROP_REMINDERS,
		SQL_DROP_PREFERENCE,  SQL_DROP_BONDED,     SQL_DROP_BONDS,
		SQL_DROP_PIN,         SQL_DROP_REQUESTED,  SQL_DROP_REQUESTS,
		SQL_DROP_PARKED,      SQL_DROP_LOGIN,      SQL_DROP_DIALOGUE,
		SQL_DROP_TOUCHES,     SQL_DROP_USES,       SQL_DROP_PUSHES,
		SQL_DROP_TESTS,       SQL_DROP_MOVES,      SQL_DROP_HANDOFFS
	};
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

/* What an earlier list or file says is open; in a. */
static enum err load_open(struct sql *q, struct arena *a, const struct subscriber_row *r,
                          struct subscription **held, size_t *n)
{
	sqlite3_stmt *row;
	size_t cap = 0;
	enum err e = sql_query(q, SQL_HELD,
	                       SQL_ARGS(sql_int(r->sub.msisdn),
	                                sql_int(r->sub.owner_since),
	                                sql_int(r->account.as_of), sql_int(HELD_MAX)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		*held = set_grow(a, *held, *n, &cap, sizeof(**held));
		(*held)[(*n)++] = (struct subscription){
			.package = sql_col_str(row, 0, a), .since = sql_col_int(row, 1)
		};
	}
	return sql_ended(e);
}

static bool holds(const struct subscription *held, size_t n, struct str wanted)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(held[i].package, wanted))
			return true;
	}
	return false;
}

/* Open ones that the list does not name go, unless they begin later than it was made. */
static enum err drop_services(struct sql *q, const struct subscriber_row *r,
                              const struct subscription *held, size_t n)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		if (!names(r->service, r->n_services, held[i].package) &&
		    held[i].since <= r->account.as_of)
			e = sql_run(q, SQL_HELD_DROP,
			            SQL_ARGS(sql_int(r->sub.msisdn),
			                     sql_text(held[i].package),
			                     sql_int(held[i].since)));
	}
	return e;
}

/* What is held already and listed keeps its date; the rest comes (since then) or goes. */
static enum err put_services(struct sql *q, struct arena *a,
                             const struct subscriber_row *r, bool known, int64_t since)
{
	struct subscription *held = NULL;
	size_t n = 0;
	enum err e = known ? load_open(q, a, r, &held, &n) : ERR_OK;

	if (e == ERR_OK)
		e = drop_services(q, r, held, n);
	for (size_t i = 0; i < r->n_services && e == ERR_OK; i++) {
		if (!holds(held, n, r->service[i]))
			e = sql_run(q, SQL_HELD_PUT,
			            SQL_ARGS(sql_int(r->sub.msisdn),
			                     sql_text(r->service[i]), sql_int(since),
			                     sql_int(r->sub.owner_since)));
	}
	return e;
}

/* Points beyond those known begin a lot: of the number's first list all of them. */
static enum err put_account(struct sql *q, const struct subscriber *u,
                            const struct account *c)
{
	const struct sql_value row[] = { sql_int(u->msisdn),      sql_int(u->owner_since),
		                         sql_int(c->balance_fen), sql_int(c->credit_fen),
		                         sql_int(c->points),      sql_int(c->as_of) };
	const size_t n = sizeof(row) / sizeof(row[0]);
	enum err e = ERR_OK;

	if (c->points > 0)
		e = sql_run(q, SQL_LOT_PUT, row, n);
	return e == ERR_OK ? sql_run(q, SQL_ACCOUNT_PUT, row, n) : e;
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

	return e == ERR_OK ? put_account(q, u, c) : e;
}

enum err sqlite_put_subscriber(struct store *s, struct arena *a,
                               const struct subscriber_row *r)
{
	int64_t owner_since = 0;
	enum err e = sql_one_int(sql_of(s), SQL_OWNER, SQL_ARGS(sql_int(r->sub.msisdn)),
	                         &owner_since);
	const bool same_owner = e == ERR_OK && owner_since == r->sub.owner_since;

	arena_reset(a);
	if (e == ERR_OK && !same_owner)
		e = drop_earlier_owner(sql_of(s), &r->sub);
	else if (e == ERR_OK)
		e = sql_run(sql_of(s), SQL_PACKAGE_MOVED,
		            SQL_ARGS(sql_int(r->sub.msisdn), sql_int(r->account.as_of),
		                     sql_text(r->sub.package)));
	if (e == ERR_OK || e == ERR_NOT_FOUND)
		e = put_rows(sql_of(s), &r->sub, &r->account);
	if (e != ERR_OK)
		return e;
	/* When a service of a number new to us began is not said: with its owner. */
	return put_services(sql_of(s), a, r, same_owner,
	                    same_owner ? r->account.as_of : r->sub.owner_since);
}
