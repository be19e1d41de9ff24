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

	return told(q,
	            sqlite_load_campaigns(q, SQL_CAMPAIGNS, SQL_ARGS(sql_text(code)), a,
	                                  rows, n),
	            fault);
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

static struct handoff handoff_of(sqlite3_stmt *row, struct arena *a)
{
	return (struct handoff){ .row = { .id = sql_col_int(row, 0),
		                          .msisdn = sql_col_int(row, 2),
		                          .at = sql_col_int(row, 3),
		                          .until = sql_col_int(row, 4),
		                          .token = sql_col_str(row, 5, a),
		                          .link = sql_col_str(row, 6, a),
		                          .mms = sql_col_str(row, 7, a) },
		                 .campaign = sql_col_str(row, 1, a),
		                 .language = sql_col_enum(row, 8, LANG_COUNT) };
}

enum err store_handoffs(struct store_reader *r, struct arena *a, struct str code,
                        int64_t after, int64_t now, size_t limit, struct handoff **rows,
                        size_t *n, struct fault *fault)
{
	struct sql *q = sqlite_reader_sql(r);
	SET_OF(struct handoff) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_HANDOFFS,
	                       SQL_ARGS(sql_int(after), sql_text(code),
	                                sql_int((int64_t)limit), sql_int(now)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		set_add(a, &set, handoff_of(row, a));
	*rows = set.row;
	*n = set.n;
	e = told(q, e, fault);
	return e == ERR_OK && set.n == 0 ? ERR_END : e;
}

/* ---- walks ---- */

/*
 * One slice behind *after, which moves on; ERR_END: it was the last.  When the reader's time
 * is up it is a shorter one.
 */
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
	if ((e == ERR_END && n == SLICE) || (e == ERR_BUSY && n > 0))
		return ERR_OK;
	return e;
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
