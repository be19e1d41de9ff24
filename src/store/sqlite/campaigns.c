/*
 * campaigns.c - campaigns and their targets, as their owner writes them; what a number got.
 *
 * Of a campaign and a number there is one row in target: whatever is begun again after a
 * stop finds it there, so that nobody gets a campaign twice.
 */
#include "store/campaigns.h"
#include "sqlite_priv.h"

enum {
	DAY_S = 24 * 3600
};

struct campaign_row sqlite_campaign_row(sqlite3_stmt *row, struct arena *a)
{
	const struct span salt = sql_col_blob(row, 10);
	struct campaign_row c = {
		.id = sql_col_int(row, 0),
		.code = sql_col_str(row, 1, a),
		.text = sql_col_str(row, 2, a),
		.hash = sql_col_str(row, 3, a),
		.category = sql_col_enum(row, 4, PREF_CATEGORIES),
		.state = sql_col_enum(row, 5, CAMPAIGN_STATES),
		.owner = sql_col_str(row, 6, a),
		.submitted_by = sql_col_str(row, 7, a),
		.approved_by = sql_col_str(row, 8, a),
		.approval = sql_col_str(row, 9, a),
		.allowed = sql_col_int(row, 11),
		.step_at = sql_col_int(row, 12),
		.drawn_at = sql_col_int(row, 13),
		.drawn_after = sql_col_int(row, 14),
		.at = sql_col_int(row, 15),
		.why = sql_col_str(row, 16, a),
		.sent = sql_col_int(row, 17),
		.segments = sql_col_int(row, 18),
		.service = sql_col_int(row, 19) != 0,
	};

	if (salt.n == CAMPAIGN_SALT)
		memcpy(c.salt, salt.p, CAMPAIGN_SALT);
	return c;
}

struct target_row sqlite_target_row(sqlite3_stmt *row, struct arena *a)
{
	return (struct target_row){
		.campaign = sql_col_int(row, 0),
		.msisdn = sql_col_int(row, 1),
		.owner_since = sql_col_int(row, 2),
		.place = sql_col_int(row, 3),
		.state = sql_col_enum(row, 4, TARGET_STATES),
		.reason = (unsigned)sql_col_int(row, 5),
		.arm = (unsigned)sql_col_int(row, 6),
		.offer = sql_col_str(row, 7, a),
		.command = sql_col_str(row, 8, a),
		.saving = sql_col_str(row, 9, a),
		.why = sql_col_str(row, 10, a),
		.price = sql_col_str(row, 11, a),
		.value_li = sql_col_int(row, 12),
		.at = sql_col_int(row, 13),
		.outbox = sql_col_int(row, 14),
		.segments = (unsigned)sql_col_int(row, 15),
		.until = sql_col_int(row, 16),
		.replied_at = sql_col_int(row, 17),
		.cell = (unsigned)sql_col_int(row, 18),
	};
}

/* ---- the owner, between turns ---- */

static enum err give_id(struct sql *q, struct campaign_row *c)
{
	int64_t id = 0;
	enum err e = sql_one_int(q, SQL_CAMPAIGN_NEXT, SQL_NO_ARGS, &id);

	if (e != ERR_OK)
		return e;
	if (id > CAMPAIGN_IDS) {
		fault_set(q->fault, "all %d ids of campaigns are taken", CAMPAIGN_IDS);
		return ERR_FULL;
	}
	c->id = id;
	return ERR_OK;
}

static enum err put_row(struct sql *q, const struct campaign_row *c)
{
	return sql_run(q, SQL_CAMPAIGN_PUT,
	               SQL_ARGS(sql_int(c->id), sql_text(c->code), sql_text(c->text),
	                        sql_text(c->hash), sql_int(c->category),
	                        sql_int(c->state), sql_text(c->owner),
	                        sql_text(c->submitted_by), sql_text(c->approved_by),
	                        sql_text(c->approval),
	                        sql_blob((struct span){ c->salt, CAMPAIGN_SALT }),
	                        sql_int(c->allowed), sql_int(c->step_at),
	                        sql_int(c->drawn_at), sql_int(c->drawn_after),
	                        sql_int(c->at), sql_text(c->why), sql_int(c->service)));
}

enum err store_put_campaign(struct store *s, struct campaign_row *c,
                            const struct campaign_step *step)
{
	struct sql *q = sql_of(s);
	struct campaign_row row = *c;
	enum err e = row.id == 0 ? give_id(q, &row) : ERR_OK;

	if (e == ERR_OK)
		e = put_row(q, &row);
	if (e == ERR_OK && step != NULL)
		e = sql_run(q, SQL_CAMPAIGN_STEP_PUT,
		            SQL_ARGS(sql_int(row.id), sql_int(step->at),
		                     sql_int(step->deed), sql_int(step->state),
		                     sql_text(step->by), sql_text(step->hash),
		                     sql_text(step->note)));
	if (e == ERR_OK)
		c->id = row.id;
	return e;
}

static enum err put_target(struct sql *q, enum sql_id statement,
                           const struct target_row *t)
{
	return sql_run(q, statement,
	               SQL_ARGS(sql_int(t->campaign), sql_int(t->msisdn),
	                        sql_int(t->owner_since), sql_int(t->place),
	                        sql_int(t->state), sql_int(t->reason), sql_int(t->arm),
	                        sql_text(t->offer), sql_text(t->command),
	                        sql_text(t->saving), sql_text(t->why), sql_text(t->price),
	                        sql_int(t->value_li), sql_int(t->at), sql_int(t->outbox),
	                        sql_int(t->segments), sql_int(t->until),
	                        sql_int(t->replied_at), sql_int(t->cell)));
}

enum err store_put_targets(struct store *s, const struct target_row *t, size_t n,
                           size_t *new)
{
	struct sql *q = sql_of(s);
	enum err e = ERR_OK;

	*new = 0;
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		e = put_target(q, SQL_TARGET_NEW, &t[i]);
		*new += e == ERR_OK ? (size_t)sql_changes(q) : 0;
	}
	return e;
}

enum err store_drop_targets(struct store *s, int64_t campaign, int64_t now, size_t limit,
                            size_t *n)
{
	enum err e = sql_run(
		sql_of(s), SQL_TARGETS_DROP,
		SQL_ARGS(sql_int(campaign), sql_int(now), sql_int((int64_t)limit)));

	*n = e == ERR_OK ? (size_t)sql_changes(sql_of(s)) : 0;
	return e;
}

enum err store_forget_targets(struct store *s, int64_t campaign, size_t limit, size_t *n)
{
	enum err e = sql_run(sql_of(s), SQL_TARGETS_FORGET,
	                     SQL_ARGS(sql_int(campaign), sql_int((int64_t)limit)));

	*n = e == ERR_OK ? (size_t)sql_changes(sql_of(s)) : 0;
	return e;
}

enum err store_suppress(struct store *s, const int64_t *msisdn, size_t n, bool on,
                        int64_t now, struct str by, struct str why)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = on ? sql_run(sql_of(s), SQL_SUPPRESS,
		                 SQL_ARGS(sql_int(msisdn[i]), sql_int(now), sql_text(by),
		                          sql_text(why)))
		       : sql_run(sql_of(s), SQL_SUPPRESS_NOT,
		                 SQL_ARGS(sql_int(msisdn[i])));
	return e;
}

enum err store_put_campaign_test(struct store *s, const struct campaign_test *t)
{
	return sql_run(sql_of(s), SQL_TEST_PUT,
	               SQL_ARGS(sql_int(t->campaign), sql_int(t->msisdn),
	                        sql_int(t->owner_since), sql_int(t->at), sql_text(t->by),
	                        sql_text(t->offer), sql_text(t->text), sql_text(t->why),
	                        sql_int(t->segments)));
}

/* ---- the owner, for its turns ---- */

enum err store_tests_due(struct store *s, struct arena *a, int64_t since, size_t limit,
                         struct campaign_test **rows, size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct campaign_test) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_TESTS_DUE,
	                       SQL_ARGS(sql_int(since), sql_int((int64_t)limit)), &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		const struct campaign_test t = {
			.id = sql_col_int(row, 0),
			.campaign = sql_col_int(row, 1),
			.msisdn = sql_col_int(row, 2),
			.owner_since = sql_col_int(row, 3),
			.at = sql_col_int(row, 4),
			.by = sql_col_str(row, 5, a),
			.offer = sql_col_str(row, 6, a),
			.text = sql_col_str(row, 7, a),
			.why = sql_col_str(row, 8, a),
			.segments = (unsigned)sql_col_int(row, 9),
		};

		set_add(a, &set, t);
	}
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

enum err store_test_sent(struct store *s, int64_t id, int64_t outbox)
{
	return sql_run(sql_of(s), SQL_TEST_SENT, SQL_ARGS(sql_int(id), sql_int(outbox)));
}

enum err sqlite_load_campaigns(struct sql *q, enum sql_id statement,
                               const struct sql_value *v, size_t n_values,
                               struct arena *a, struct campaign_row **rows, size_t *n)
{
	SET_OF(struct campaign_row) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, statement, v, n_values, &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		set_add(a, &set, sqlite_campaign_row(row, a));
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

enum err store_running_campaigns(struct store *s, struct arena *a,
                                 struct campaign_row **rows, size_t *n)
{
	return sqlite_load_campaigns(sql_of(s), SQL_CAMPAIGNS_RUNNING, SQL_NO_ARGS, a,
	                             rows, n);
}

enum err store_halted_campaigns(struct store *s, struct campaign_halts *out)
{
	struct sql *q = sql_of(s);
	sqlite3_stmt *row;
	enum err e = sql_query(
		q, SQL_CAMPAIGNS_IN,
		SQL_ARGS(sql_int(CAMPAIGN_PAUSED), sql_int(CAMPAIGN_STOPPED)), &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		out->of[sql_col_int(row, 0)] = sql_col_int(row, 1) == CAMPAIGN_STOPPED
		                                       ? CAMPAIGN_ENDS
		                                       : CAMPAIGN_WAITS;
	return sql_ended(e);
}

enum err store_unasked_campaigns(struct store *s, struct arena *a, size_t limit,
                                 struct campaign_row **rows, size_t *n)
{
	return sqlite_load_campaigns(sql_of(s), SQL_CAMPAIGNS_UNASKED,
	                             SQL_ARGS(sql_int((int64_t)limit)), a, rows, n);
}

enum err store_ready_targets(struct store *s, struct arena *a, int64_t campaign,
                             int64_t after, size_t limit, struct target_row **rows,
                             size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct target_row) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(
		q, SQL_TARGETS_READY,
		SQL_ARGS(sql_int(campaign), sql_int(after), sql_int((int64_t)limit)),
		&row);

	for (; e == ERR_OK; e = sql_next(q, row))
		set_add(a, &set, sqlite_target_row(row, a));
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

enum err store_sold_offers(struct store *s, struct arena *a, int64_t campaign,
                           struct sold_offer **rows, size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct sold_offer) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_OFFERS_SOLD, SQL_ARGS(sql_int(campaign)), &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		set_add(a, &set,
		        (struct sold_offer){ sql_col_str(row, 0, a),
		                             sql_col_int(row, 1) });
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

enum err store_find_ready(struct store *s, int64_t campaign, const struct target_row *t,
                          size_t n, bool *found)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		int64_t ready = 0;

		e = sql_one_int(sql_of(s), SQL_TARGET_IS_READY,
		                SQL_ARGS(sql_int(campaign), sql_int(t[i].msisdn)),
		                &ready);
		found[i] = found[i] || ready != 0;
	}
	return e;
}

/* ---- a turn ---- */

static struct push push_of(sqlite3_stmt *row, struct arena *a)
{
	return (struct push){ .campaign = sql_col_int(row, 0),
		              .at = sql_col_int(row, 1),
		              .category = sql_col_enum(row, 2, PREF_CATEGORIES + 1),
		              .outbox = sql_col_int(row, 3),
		              .offer = sql_col_str(row, 4, a),
		              .command = sql_col_str(row, 5, a),
		              .price = sql_col_str(row, 6, a),
		              .why = sql_col_str(row, 7, a),
		              .until = sql_col_int(row, 8),
		              .replied_at = sql_col_int(row, 9),
		              .service = sql_col_int(row, 10) != 0,
		              .refused = sql_col_int(row, 11) != 0 };
}

static enum err load_pushes(struct sql *q, struct arena *a, enum sql_id statement,
                            const struct sql_value *v, size_t n_v, struct push **rows,
                            size_t *n)
{
	SET_OF(struct push) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, statement, v, n_v, &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		set_add(a, &set, push_of(row, a));
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

enum err sqlite_load_pushes(struct sql *q, struct arena *a, struct dossier *d,
                            int64_t now)
{
	const int64_t since = now - (int64_t)PUSHES_DAYS * DAY_S,
		      owner = d->sub.owner_since;
	int64_t suppressed = 0;
	enum err e = load_pushes(q, a, SQL_PUSHES,
	                         SQL_ARGS(sql_int(d->msisdn), sql_int(owner),
	                                  sql_int(since > owner ? since : owner),
	                                  sql_int(PUSHES_KEPT), sql_int(PREF_CATEGORIES)),
	                         &d->push, &d->n_pushes);

	if (e == ERR_OK)
		e = load_pushes(q, a, SQL_TESTS,
		                SQL_ARGS(sql_int(d->msisdn), sql_int(owner),
		                         sql_int(now - (int64_t)TEST_DAYS * DAY_S),
		                         sql_int(TESTS_KEPT)),
		                &d->test, &d->n_tests);
	if (e == ERR_OK)
		e = sql_one_int(q, SQL_IS_SUPPRESSED, SQL_ARGS(sql_int(d->msisdn)),
		                &suppressed);
	d->suppressed = suppressed != 0;
	return e;
}

static enum err put_handoff(struct sql *q, const struct handoff_row *h)
{
	return sql_run(q, SQL_HANDOFF_PUT,
	               SQL_ARGS(sql_int(h->id), sql_int(h->campaign), sql_int(h->msisdn),
	                        sql_int(h->owner_since), sql_int(h->at),
	                        sql_int(h->until), sql_text(h->token), sql_text(h->link),
	                        sql_text(h->mms)));
}

static enum err count_sent(struct sql *q, int64_t campaign, int64_t sent,
                           int64_t segments)
{
	return sql_run(q, SQL_CAMPAIGN_SENT,
	               SQL_ARGS(sql_int(campaign), sql_int(sent), sql_int(segments)));
}

enum err sqlite_target_again(struct sql *q, const struct outbox_mark *m)
{
	sqlite3_stmt *row;
	int64_t campaign, segments;
	enum err e = sql_query(q, SQL_TARGET_AGAIN,
	                       SQL_ARGS(sql_int(m->id), sql_int(m->at_ms / 1000)), &row);

	if (e != ERR_OK)
		return sql_ended(e);
	campaign = sql_col_int(row, 0);
	segments = sql_col_int(row, 1);
	e = sql_ended(sql_next(q, row));
	return e == ERR_OK ? count_sent(q, campaign, -1, -segments) : e;
}

enum err sqlite_record_campaigns(struct sqlite_store *s, const struct changes *c)
{
	struct sql *q = &s->sql;
	enum err e = ERR_OK;

	if (c->targets.n > 0)
		s->bulk = true;
	for (size_t i = 0; i < c->targets.n && e == ERR_OK; i++)
		e = put_target(q, SQL_TARGET_PUT, &c->targets.row[i]);
	for (size_t i = 0; i < c->handoffs.n && e == ERR_OK; i++)
		e = put_handoff(q, &c->handoffs.row[i]);
	for (size_t i = 0; i < c->target_replies.n && e == ERR_OK; i++) {
		const struct target_reply *r = &c->target_replies.row[i];

		e = sql_run(q, SQL_TARGET_REPLY,
		            SQL_ARGS(sql_int(r->campaign), sql_int(r->msisdn),
		                     sql_int(r->at)));
	}
	for (size_t i = 0; i < c->campaigns_sent.n && e == ERR_OK; i++) {
		const struct campaign_sent *n = &c->campaigns_sent.row[i];

		e = count_sent(q, n->campaign, n->sent, n->segments);
	}
	return e;
}
