/*
 * campaign_view.c - one campaign as a manager's text finds it, and what he decides.
 */
#include "sqlite_priv.h"
#include "store/campaigns.h"

static enum err load_seen(struct sql *q, struct campaign_view *v)
{
	sqlite3_stmt *row;
	const enum err e = sql_query(q, SQL_CAMPAIGN_SEEN, SQL_ARGS(sql_int(v->row.id)),
	                             &row);

	if (e != ERR_OK)
		return sql_ended(e);
	v->seen = (struct campaign_tally){ .campaign = v->row.id,
		                           .at = sql_col_int(row, 0),
		                           .delivered = sql_col_int(row, 1),
		                           .replied = sql_col_int(row, 2),
		                           .ordered = sql_col_int(row, 3),
		                           .treated = sql_col_int(row, 4),
		                           .bought = sql_col_int(row, 5),
		                           .control = sql_col_int(row, 6),
		                           .control_bought = sql_col_int(row, 7) };
	sql_done(row);
	return ERR_OK;
}

enum err sqlite_load_campaign(struct sql *q, struct arena *a, struct dossier *d)
{
	struct campaign_view *v = arena_new(a, struct campaign_view);
	int64_t id = 0;
	sqlite3_stmt *row;
	enum err e;

	d->campaign = NULL;
	if (d->campaign_named.n == 0)
		return ERR_OK;
	if (str_i64(d->campaign_named, &id) != ERR_OK)
		id = 0;
	e = sql_query(q, SQL_CAMPAIGN_VIEW,
	              SQL_ARGS(sql_int(id), sql_text(d->campaign_named)), &row);
	if (e != ERR_OK)
		return sql_ended(e);
	v->row = sqlite_campaign_row(row, a);
	sql_done(row);
	e = sql_one_int(q, SQL_CAMPAIGN_TRIED, SQL_ARGS(sql_int(v->row.id)), &v->tried);
	if (e == ERR_OK)
		e = load_seen(q, v);
	d->campaign = v;
	return e;
}

/* What two decide at once is decided by the first. */
static enum err rule(struct sql *q, const struct campaign_ruling *r)
{
	const struct campaign_step *s = &r->step;
	const struct str by = s->state == CAMPAIGN_APPROVED ? s->by : STR("");
	enum err e = sql_run(q, SQL_CAMPAIGN_RULE,
	                     SQL_ARGS(sql_int(s->campaign), sql_int(s->state),
	                              sql_text(by), sql_text(r->approval), sql_int(s->at),
	                              sql_text(s->note)));

	if (e != ERR_OK || sql_changes(q) == 0)
		return e;
	return sql_run(q, SQL_CAMPAIGN_STEP_PUT,
	               SQL_ARGS(sql_int(s->campaign), sql_int(s->at), sql_int(s->deed),
	                        sql_int(s->state), sql_text(s->by), sql_text(s->hash),
	                        sql_text(s->note)));
}

enum err sqlite_record_rulings(struct sqlite_store *s, const struct changes *c)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < c->rulings.n && e == ERR_OK; i++)
		e = rule(&s->sql, &c->rulings.row[i]);
	return e;
}

enum err store_put_campaign_tally(struct store *s, const struct campaign_tally *n)
{
	return sql_run(sql_of(s), SQL_CAMPAIGN_SEEN_PUT,
	               SQL_ARGS(sql_int(n->campaign), sql_int(n->at),
	                        sql_int(n->delivered), sql_int(n->replied),
	                        sql_int(n->ordered), sql_int(n->treated),
	                        sql_int(n->bought), sql_int(n->control),
	                        sql_int(n->control_bought)));
}
