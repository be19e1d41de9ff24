/*
 * tools.c - points in lots, coupons, draws and stocks of the tools of selling.
 *
 * Stocks are of the hall and not of a number: all dossiers of one load share them, so
 * that texts of one turn see what those before them have taken.
 */
#include "sqlite_priv.h"

static enum err load_earned(struct sql *q, struct arena *a, struct dossier *d)
{
	size_t cap = 0;
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_EARNED,
	                       SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since),
	                                sql_int(POINTS_ENTRIES)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		d->earned = set_grow(a, d->earned, d->n_earned, &cap, sizeof(*d->earned));
		d->earned[d->n_earned++] = (struct points_entry){
			.id = sql_col_str(row, 0, a),
			.at = sql_col_int(row, 1),
			.points = sql_col_int(row, 2),
			.lot = sql_col_str(row, 3, a),
		};
	}
	return sql_ended(e);
}

static enum err load_coupons(struct sql *q, struct arena *a, struct dossier *d)
{
	size_t cap = 0;
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_COUPONS,
	                       SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		d->coupon = set_grow(a, d->coupon, d->n_coupons, &cap,
		                     sizeof(*d->coupon));
		d->coupon[d->n_coupons++] = (struct coupon){
			.code = sql_col_str(row, 0, a),
			.kind = sql_col_str(row, 1, a),
			.issued_at = sql_col_int(row, 2),
			.expires_at = sql_col_int(row, 3),
			.state = sql_col_enum(row, 4, COUPON_STATES),
			.order = sql_col_int(row, 5),
		};
	}
	return sql_ended(e);
}

static enum err load_stocks(struct sql *q, struct arena *a, struct stocks *s)
{
	size_t cap = 0;
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_STOCKS, SQL_NO_ARGS, &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		s->row = set_grow(a, s->row, s->n, &cap, sizeof(*s->row));
		s->row[s->n++] = (struct stock){
			.tool = sql_col_str(row, 0, a),
			.total = sql_col_int(row, 1),
			.sold = sql_col_int(row, 2),
		};
	}
	return sql_ended(e);
}

enum err sqlite_load_tools(struct sql *q, struct arena *a, struct dossier **d,
                           const unsigned *need, size_t n)
{
	struct stocks *shared = NULL;
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		if (!d[i]->known || (need[i] & ~d[i]->have & NEED_TOOLS) == 0)
			continue;
		if (shared == NULL) {
			shared = arena_new(a, struct stocks);
			e = load_stocks(q, a, shared);
		}
		d[i]->stocks = shared;
		if (e == ERR_OK)
			e = load_earned(q, a, d[i]);
		if (e == ERR_OK)
			e = load_coupons(q, a, d[i]);
	}
	return e;
}

static enum err record_coupon(struct sqlite_store *s, const struct coupon_row *r)
{
	const struct coupon *k = &r->coupon;

	return sql_run(&s->sql, SQL_COUPON_PUT,
	               SQL_ARGS(sql_text(k->code), sql_int(r->msisdn),
	                        sql_int(r->owner_since), sql_text(k->kind),
	                        sql_int(k->issued_at), sql_int(k->expires_at),
	                        sql_int(k->state), sql_int(k->order)));
}

static enum err record_draw(struct sqlite_store *s, const struct draw_row *r)
{
	return sql_run(&s->sql, SQL_DRAW_PUT,
	               SQL_ARGS(sql_int(r->order), sql_int(r->msisdn),
	                        sql_int(r->owner_since), sql_int(r->at),
	                        sql_int(r->inbox), sql_int((int64_t)r->dice),
	                        sql_int(r->roll), sql_text(r->odds), sql_text(r->prize)));
}

/* A stock is taken from one by one; its table refuses what is beyond it. */
static enum err record_sale(struct sqlite_store *s, const struct sale_row *r)
{
	enum err e = ERR_OK;

	if (r->order != 0)
		e = sql_run(&s->sql, SQL_STOCK_PUT,
		            SQL_ARGS(sql_text(r->tool), sql_int(r->total)));
	if (e != ERR_OK)
		return e;
	return sql_run(&s->sql, SQL_SALE_PUT,
	               SQL_ARGS(sql_text(r->tool), sql_int(r->msisdn),
	                        sql_int(r->owner_since), sql_int(r->at),
	                        sql_int(r->inbox), sql_int(r->order),
	                        sql_int(r->sold < r->total ? r->total - r->sold : 0)));
}

static enum err record_grant(struct sqlite_store *s, const struct grant_row *r)
{
	const struct resource *x = &r->resource;

	return sql_run(&s->sql, SQL_GRANT_PUT,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(x->kind), sql_text(x->name),
	                        sql_int(x->expires_on), sql_int(r->owner_since),
	                        sql_int(x->total), sql_int(x->used), sql_int(x->order),
	                        sql_int(r->at)));
}

#define RECORD_SET(set, record)                              \
	for (size_t i = 0; i < c->set.n && e == ERR_OK; i++) \
		e = record(s, &c->set.row[i]);

enum err sqlite_record_tools(struct sqlite_store *s, const struct changes *c)
{
	enum err e = ERR_OK;

	RECORD_SET(coupons, record_coupon)
	RECORD_SET(draws, record_draw)
	RECORD_SET(sales, record_sale)
	RECORD_SET(grants, record_grant)
	return e;
}
