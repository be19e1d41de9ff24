/*
 * campaigns_read.c - campaigns as readers see them.
 */
#include "campaigns_priv.h"
#include "store/campaigns.h"

enum {
	SLICE = 5000 /* targets of one statement */
};

static enum err told(struct sql *q, enum err e, struct fault *fault)
{
	e = sql_ended(e);
	if (e != ERR_OK)
		fault_set(fault, "the campaigns could not be read: %s", q->fault->text);
	return e;
}

enum err store_campaigns(struct store_reader *r, struct arena *a, struct str code,
                         struct campaign_row **rows, size_t *n, struct fault *fault)
{
	struct sql *q = sqlite_reader_sql(r);
	SET_OF(struct campaign_row) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_CAMPAIGNS, SQL_ARGS(sql_text(code)), &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		set_add(a, &set, sqlite_campaign_row(row, a));
	*rows = set.row;
	*n = set.n;
	return told(q, e, fault);
}

enum err store_campaign_steps(struct store_reader *r, struct arena *a, int64_t campaign,
                              struct campaign_step **rows, size_t *n, struct fault *fault)
{
	struct sql *q = sqlite_reader_sql(r);
	SET_OF(struct campaign_step) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_CAMPAIGN_STEPS, SQL_ARGS(sql_int(campaign)), &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		const struct campaign_step step = {
			.campaign = sql_col_int(row, 0),
			.at = sql_col_int(row, 1),
			.deed = sql_col_enum(row, 2, CAMPAIGN_DEEDS),
			.state = sql_col_enum(row, 3, CAMPAIGN_STATES),
			.by = sql_col_str(row, 4, a),
			.hash = sql_col_str(row, 5, a),
			.note = sql_col_str(row, 6, a),
		};

		set_add(a, &set, step);
	}
	*rows = set.row;
	*n = set.n;
	return told(q, e, fault);
}

enum err store_campaign_targets(struct store_reader *r, struct arena *a, int64_t campaign,
                                int64_t *after, size_t limit, struct target_row **rows,
                                size_t *n, struct fault *fault)
{
	struct sql *q = sqlite_reader_sql(r);
	SET_OF(struct target_row) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(
		q, SQL_TARGETS,
		SQL_ARGS(sql_int(campaign), sql_int(*after), sql_int((int64_t)limit)),
		&row);

	for (; e == ERR_OK; e = sql_next(q, row))
		set_add(a, &set, sqlite_target_row(row, a));
	*rows = set.row;
	*n = set.n;
	e = told(q, e, fault);
	if (e != ERR_OK)
		return e;
	if (set.n == 0)
		return ERR_END;
	*after = set.row[set.n - 1].msisdn;
	return ERR_OK;
}

/* ---- walks ---- */

/* One slice behind *after, which moves on; ERR_END: it was the last. */
static enum err walk_slice(struct target_walk *w, enum sql_id statement, int64_t *after)
{
	struct sql_value v[8] = { sql_int(w->campaign), sql_int(*after), sql_int(SLICE) };
	sqlite3_stmt *row;
	int n = 0;
	enum err e;

	for (size_t i = 0; i < w->n_more; i++)
		v[3 + i] = sql_int(w->more[i]);
	w->q = sqlite_reader_sql(w->reader);
	e = sql_query(w->q, statement, v, 3 + w->n_more, &row);
	for (; e == ERR_OK; e = sql_next(w->q, row)) {
		*after = sql_col_int(row, 0);
		e = w->take(w->ctx, w->q, row);
		if (e != ERR_OK) {
			sql_done(row);
			return e;
		}
		n++;
	}
	return e == ERR_END && n == SLICE ? ERR_OK : e;
}

enum err sqlite_walk_targets(struct target_walk *w, enum sql_id statement,
                             struct fault *fault)
{
	int64_t after = INT64_MIN;
	enum err e = ERR_OK;

	while (e == ERR_OK)
		e = walk_slice(w, statement, &after);
	e = sql_ended(e);
	if (e != ERR_OK)
		fault_set(fault, "the campaign could not be counted: %s",
		          w->q->fault->text);
	return e;
}
