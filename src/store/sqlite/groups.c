/*
 * groups.c - the enterprises of a number, and the bills of the one that it administers.
 */
#include "model/group.h"
#include "sqlite_priv.h"
#include "usage_blob_priv.h"

static void add_bills(sqlite3_stmt *row, struct arena *a, struct group_view *g,
                      size_t *cap)
{
	const month_t first = civil_month(sql_col_int(row, 1));
	const struct span months = sql_col_blob(row, 2);

	for (size_t i = 0; i < usage_blob_count(months); i++) {
		const struct usage_month u = usage_blob_get(months.p +
		                                            i * USAGE_BLOB_MONTH);

		if (u.month < first || u.bill_fen == BILL_NONE)
			continue;
		g->bill = set_grow(a, g->bill, g->n_bills, cap, sizeof(*g->bill));
		g->bill[g->n_bills++] = (struct group_bill){ sql_col_int(row, 0), u.month,
			                                     u.bill_fen };
	}
}

static enum err load_members(struct sql *q, struct arena *a, struct group_view *g)
{
	sqlite3_stmt *row;
	size_t cap = 0;
	enum err e = sql_query(q, SQL_GROUP_BILLS,
	                       SQL_ARGS(sql_text(g->code), sql_int(GROUP_MEMBERS)), &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		add_bills(row, a, g, &cap);
		g->n_members++;
	}
	return sql_ended(e);
}

enum err sqlite_load_group(struct sql *q, struct arena *a, struct dossier *d)
{
	struct group_view *g;
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_GROUP_ADMIN,
	                       SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since)),
	                       &row);

	d->group = NULL;
	if (e != ERR_OK)
		return sql_ended(e);
	g = arena_new(a, struct group_view);
	*g = (struct group_view){
		.code = sql_col_str(row, 0, a),
		.name = sql_col_str(row, 1, a),
		.level = group_level_of(sql_col_str(row, 2, a), sql_col_str(row, 3, a)),
		.manager = sql_col_str(row, 4, a),
		.phone = sql_col_str(row, 5, a),
	};
	sql_done(row);
	d->group = g;
	return g->level >= GROUP_REPORT ? load_members(q, a, g) : ERR_OK;
}

void sqlite_place_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	*(struct place *)out = (struct place){
		.group = sql_col_str(row, 0, a),
		.name = sql_col_str(row, 1, a),
		.admin = sql_col_int(row, 2) != 0,
		.level = group_level_of(sql_col_str(row, 3, a), sql_col_str(row, 4, a)),
		.manager = sql_col_str(row, 5, a),
		.phone = sql_col_str(row, 6, a),
		.other_admin = sql_col_int(row, 7),
	};
}
