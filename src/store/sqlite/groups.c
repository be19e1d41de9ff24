/*
 * groups.c - enterprises of a number: that it belongs to, administers, or looks after as
 * their account manager; and a month of all members of one.
 */
#include <inttypes.h>

#include "model/group.h"
#include "sqlite_priv.h"
#include "usage_blob_priv.h"

enum {
	HEAD_COLUMNS = 7 /* of an enterprise, in front of the others */
};

static struct group_head head_of(sqlite3_stmt *row, struct arena *a)
{
	return (struct group_head){
		.code = sql_col_str(row, 0, a),
		.name = sql_col_str(row, 1, a),
		.class = sql_col_str(row, 2, a),
		.level = sql_col_str(row, 3, a),
		.limit_fen = sql_col_int(row, 4),
		.manager = sql_col_str(row, 5, a),
		.phone = sql_col_str(row, 6, a),
	};
}

enum err sqlite_load_group(struct sql *q, struct arena *a, struct dossier *d)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_GROUP_ADMIN,
	                       SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since)),
	                       &row);

	d->group = NULL;
	if (e != ERR_OK)
		return sql_ended(e);
	d->group = arena_new(a, struct group_head);
	*d->group = head_of(row, a);
	sql_done(row);
	return ERR_OK;
}

enum err sqlite_load_customers(struct sql *q, struct arena *a, struct dossier *d)
{
	const struct str phone = arena_printf(a, "%" PRId64, d->msisdn);
	sqlite3_stmt *row;
	size_t cap = 0;
	enum err e = sql_query(q, SQL_CUSTOMERS,
	                       SQL_ARGS(sql_text(phone), sql_int(d->sub.owner_since),
	                                sql_int(GROUP_CUSTOMERS)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		d->customer = set_grow(a, d->customer, d->n_customers, &cap,
		                       sizeof(*d->customer));
		d->customer[d->n_customers++] = (struct customer){
			head_of(row, a), sql_col_int(row, HEAD_COLUMNS)
		};
	}
	return sql_ended(e);
}

void sqlite_place_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	struct place *p = out;
	struct str others = sql_col_str(row, HEAD_COLUMNS + 1, a), one;

	(void)d;
	*p = (struct place){ .of = head_of(row, a),
		             .admin = sql_col_int(row, HEAD_COLUMNS) != 0 };
	while (p->n_others < GROUP_ADMINS && str_cut(&others, ',', &one))
		if (str_i64(one, &p->other[p->n_others]) == ERR_OK)
			p->n_others++;
}

/* ---- a month of all members ---- */

struct billed {
	int64_t msisdn;
	struct usage_month u;
};
struct months {
	SET_OF(struct billed) all;
};

static void add_months(sqlite3_stmt *row, struct arena *a, struct months *m)
{
	const month_t first = civil_month(sql_col_int(row, 1));
	const struct span months = sql_col_blob(row, 2);

	for (size_t i = 0; i < usage_blob_count(months); i++) {
		const struct usage_month u = usage_blob_get(months.p +
		                                            i * USAGE_BLOB_MONTH);

		if (u.month >= first && u.bill_fen != BILL_NONE)
			set_add(a, &m->all, (struct billed){ sql_col_int(row, 0), u });
	}
}

static enum err load_months(struct sql *q, struct arena *a, struct group_view *v,
                            struct months *m)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_GROUP_MONTHS,
	                       SQL_ARGS(sql_text(v->of.code), sql_int(GROUP_MEMBERS + 1)),
	                       &row);

	v->member = arena_array(a, int64_t, GROUP_MEMBERS);
	for (; e == ERR_OK; e = sql_next(q, row)) {
		v->more = v->n_members == GROUP_MEMBERS;
		if (v->more)
			continue;
		v->member[v->n_members++] = sql_col_int(row, 0);
		add_months(row, a, m);
	}
	return sql_ended(e);
}

/* Keeps the highest, equal ones by number. */
static void add_top(struct group_view *v, const struct billed *b)
{
	size_t at = v->n_top;

	while (at > 0 && v->top[at - 1].fen < b->u.bill_fen)
		at--;
	if (at == GROUP_TOP)
		return;
	v->n_top += v->n_top < GROUP_TOP;
	for (size_t i = v->n_top - 1; i > at; i--)
		v->top[i] = v->top[i - 1];
	v->top[at] = (struct group_bill){ b->msisdn, b->u.bill_fen };
}

static void sum_up(struct group_view *v, const struct months *m)
{
	const bool latest = v->month == 0;

	for (size_t i = 0; latest && i < m->all.n; i++)
		if (m->all.row[i].u.month > v->month)
			v->month = m->all.row[i].u.month;
	for (size_t i = 0; i < m->all.n; i++) {
		const struct billed *b = &m->all.row[i];

		if (b->u.month != v->month)
			continue;
		v->billed++;
		v->bill_fen += b->u.bill_fen;
		v->voice_s += b->u.voice_s;
		v->sms += b->u.sms;
		v->data_kib += b->u.data_kib;
		add_top(v, b);
	}
}

static enum err load_items(struct sql *q, struct arena *a, struct group_view *v)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_GROUP_ITEMS,
	                       SQL_ARGS(sql_text(v->of.code), sql_int(GROUP_MEMBERS),
	                                sql_int(v->month), sql_int(GROUP_ITEMS)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		v->item[v->n_items++] = (struct group_item){ sql_col_str(row, 0, a),
			                                     sql_col_int(row, 1) };
	return sql_ended(e);
}

static enum err load_held(struct sql *q, struct arena *a, struct group_view *v)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_GROUP_HELD,
	                       SQL_ARGS(sql_text(v->of.code), sql_int(GROUP_MEMBERS),
	                                sql_int(GROUP_ITEMS)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		v->held[v->n_held++] = (struct group_held){ sql_col_str(row, 0, a),
			                                    sql_col_int(row, 1) };
	return sql_ended(e);
}

/* The enterprise that d->about names, if it is this number's, or NULL. */
static const struct group_head *about(const struct dossier *d)
{
	if (d->about.group.n == 0)
		return d->group;
	for (size_t i = 0; i < d->n_customers; i++)
		if (str_eq(d->customer[i].of.code, d->about.group))
			return &d->customer[i].of;
	return NULL;
}

enum err sqlite_load_group_month(struct sql *q, struct arena *a, struct dossier *d)
{
	const struct group_head *of = about(d);
	struct months m = { .all = { .n = 0 } };
	enum err e;

	d->view = NULL;
	if (of == NULL)
		return ERR_OK;
	d->view = arena_new(a, struct group_view);
	*d->view = (struct group_view){ .of = *of, .month = d->about.month };
	e = load_months(q, a, d->view, &m);
	sum_up(d->view, &m);
	if (e == ERR_OK)
		e = load_items(q, a, d->view);
	if (e == ERR_OK)
		e = load_held(q, a, d->view);
	return e;
}
