/*
 * campaigns_count.c - what became of a campaign's targets, counted for readers.
 *
 * A target is in one slice of a walk, so that it is counted once whatever changes meanwhile.
 */
#include <stdlib.h>

#include "campaigns_priv.h"
#include "store/campaigns.h"
#include "usage_blob_priv.h"

enum {
	DAY_S = 24 * 3600,
	MONTHS = 3,
	/* Months begin when a quarter of an hour does, whatever the zone. */
	QUARTER_S = 900
};

/* ---- counts ---- */

struct counting {
	struct campaign_counts *out;
	size_t n;
	int64_t days, now;
};

static struct campaign_counts *arm_of(struct counting *c, unsigned arm)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->out[i].arm == arm)
			return &c->out[i];
	}
	if (c->n == CAMPAIGN_COUNTS)
		return NULL;
	c->out[c->n] = (struct campaign_counts){ .arm = arm };
	return &c->out[c->n++];
}

/* Columns of SQL_TARGET_FATES. */
enum fate {
	FATE_MSISDN,
	FATE_OWNER,
	FATE_ARM,
	FATE_STATE,
	FATE_AT,
	FATE_OFFER,
	FATE_SEGMENTS,
	FATE_OUTBOX,  /* its state, -1: there is none */
	FATE_RECEIPT, /* its state, 0: none */
	FATE_REPLIED,
	FATE_ORDERED,
	FATE_TAKEN_AT, /* the offer, within the window; 0: not */
	FATE_OPTED_OUT,
	FATE_COMPLAINED,
	FATE_ERROR
};

static void count_message(sqlite3_stmt *row, struct campaign_counts *n)
{
	const int64_t at = sql_col_int(row, FATE_AT);
	const int64_t state = sql_col_int(row, FATE_OUTBOX);
	const int64_t receipt = sql_col_int(row, FATE_RECEIPT);
	/* EXPIRED, DELETED, UNDELIVERABLE, REJECTED */
	const bool lost = (receipt >= 3 && receipt <= 5) || receipt == 8;

	n->leaving += state == OUTBOX_SENDING && receipt == 0;
	n->accepted += state == OUTBOX_DONE;
	n->delivered += receipt == 2;
	n->failed += state == OUTBOX_DEAD || lost;
	n->unknown += state == OUTBOX_AMBIGUOUS && receipt == 0;
	n->unsent += state == OUTBOX_UNSENT;
	n->replied += sql_col_int(row, FATE_REPLIED);
	n->segments += sql_col_int(row, FATE_SEGMENTS);
	n->last_at = at > n->last_at ? at : n->last_at;
}

/* What became of the offer behind taking it. */
static enum err count_after(struct counting *c, struct sql *q, sqlite3_stmt *row,
                            struct campaign_counts *n)
{
	const int64_t at = sql_col_int(row, FATE_TAKEN_AT);
	const int64_t in30 = at + 30 * (int64_t)DAY_S, in90 = at + 90 * (int64_t)DAY_S;
	const struct span offer = sql_col_blob(row, FATE_OFFER);
	sqlite3_stmt *after;
	int64_t ended;
	enum err e = sql_query(
		q, SQL_TARGET_AFTER,
		SQL_ARGS(sql_int(sql_col_int(row, FATE_MSISDN)),
	                 sql_int(sql_col_int(row, FATE_OWNER)),
	                 sql_text((struct str){ (const char *)offer.p, offer.n }),
	                 sql_int(at),
	                 sql_int(sql_col_int(row, FATE_AT) + c->days * DAY_S)),
		&after);

	if (e != ERR_OK)
		return e;
	ended = sql_col_int(after, 1);
	n->window++;
	n->effective += sql_col_int(after, 0);
	n->kept30 += c->now >= in30 && ended >= in30;
	n->kept90 += c->now >= in90 && ended >= in90;
	n->regretted += ended <= c->now && ended < in90;
	sql_done(after);
	return ERR_OK;
}

static enum err count_target(void *ctx, struct sql *q, sqlite3_stmt *row)
{
	struct counting *c = ctx;
	const enum target_state state = sql_col_enum(row, FATE_STATE, TARGET_STATES);
	struct campaign_counts *n = arm_of(c, (unsigned)sql_col_int(row, FATE_ARM));

	if (n == NULL) {
		fault_set(q->fault, "more than %d arms", CAMPAIGN_COUNTS);
		return ERR_TOO_BIG;
	}
	n->targets++;
	*(int64_t *[TARGET_STATES]){ [TARGET_HELD] = &n->held,
		                     [TARGET_READY] = &n->ready,
		                     [TARGET_REFUSED] = &n->refused,
		                     [TARGET_SENT] = &n->sent,
		                     [TARGET_DROPPED] = &n->dropped }[state] += 1;
	if (state == TARGET_SENT)
		count_message(row, n);
	n->ordered += sql_col_int(row, FATE_ORDERED);
	n->opted_out += sql_col_int(row, FATE_OPTED_OUT);
	n->complained += sql_col_int(row, FATE_COMPLAINED);
	n->errors += sql_col_int(row, FATE_ERROR);
	return sql_col_int(row, FATE_TAKEN_AT) != 0 ? count_after(c, q, row, n) : ERR_OK;
}

static int by_arm(const void *a, const void *b)
{
	const struct campaign_counts *x = a, *y = b;

	return (x->arm > y->arm) - (x->arm < y->arm);
}

enum err store_campaign_counts(struct store_reader *r, int64_t campaign,
                               int attribution_days, int64_t now,
                               struct campaign_counts out[CAMPAIGN_COUNTS], size_t *n,
                               struct fault *fault)
{
	struct counting c = { .out = out, .days = attribution_days, .now = now };
	const int64_t more[] = { (int64_t)attribution_days * DAY_S };
	struct target_walk w = { .reader = r,
		                 .campaign = campaign,
		                 .more = more,
		                 .n_more = 1,
		                 .take = count_target,
		                 .ctx = &c };
	const enum err e = sqlite_walk_targets(&w, SQL_TARGET_FATES, fault);

	if (c.n > 1)
		qsort(out, c.n, sizeof(*out), by_arm);
	*n = c.n;
	return e;
}

/* ---- refusals ---- */

struct reasons {
	int64_t *count;
	size_t n;
};

static enum err count_reason(void *ctx, struct sql *q, sqlite3_stmt *row)
{
	struct reasons *r = ctx;
	const int64_t reason = sql_col_int(row, 1);

	(void)q;
	if (reason >= 0 && (size_t)reason < r->n)
		r->count[reason]++;
	return ERR_OK;
}

enum err store_campaign_refusals(struct store_reader *r, int64_t campaign,
                                 int64_t *by_reason, size_t n_reasons,
                                 struct fault *fault)
{
	struct reasons reasons = { by_reason, n_reasons };
	struct target_walk w = {
		.reader = r, .campaign = campaign, .take = count_reason, .ctx = &reasons
	};

	memset(by_reason, 0, n_reasons * sizeof(*by_reason));
	return sqlite_walk_targets(&w, SQL_TARGET_REASONS, fault);
}

/* ---- answers ---- */

struct telling {
	void (*take)(void *ctx, const struct target_told *t);
	void *ctx;
};

static enum err take_told(void *ctx, struct sql *q, sqlite3_stmt *row)
{
	const struct telling *s = ctx;
	const struct span offer = sql_col_blob(row, 1);

	(void)q;
	s->take(s->ctx,
	        &(struct target_told){ .offer = { (const char *)offer.p, offer.n },
	                               .trial = sql_col_int(row, 2) != 0,
	                               .cell = (unsigned)sql_col_int(row, 3),
	                               .ordered = sql_col_int(row, 4) != 0 });
	return ERR_OK;
}

enum err store_campaign_told(struct store_reader *r, int64_t campaign, int64_t before,
                             void (*take)(void *ctx, const struct target_told *t),
                             void *ctx, struct fault *fault)
{
	struct telling s = { take, ctx };
	const int64_t more[] = { before, OUTBOX_DEAD, OUTBOX_UNSENT };
	struct target_walk w = { .reader = r,
		                 .campaign = campaign,
		                 .more = more,
		                 .n_more = 3,
		                 .take = take_told,
		                 .ctx = &s };

	return sqlite_walk_targets(&w, SQL_TARGET_TOLD, fault);
}

static struct str text_at(sqlite3_stmt *row, int column)
{
	const struct span s = sql_col_blob(row, column);

	return (struct str){ (const char *)s.p, s.n };
}

/* Columns of SQL_TARGET_ANSWERS. */
enum answer {
	ANSWER_MSISDN,
	ANSWER_OWNER,
	ANSWER_AT,
	ANSWER_CELL,
	ANSWER_SAVING,
	ANSWER_OFFER,
	ANSWER_REPLIED,
	ANSWER_UNTIL,
	ANSWER_ORDERED
};

struct answering {
	void (*take)(void *ctx, const struct target_answer *t);
	void *ctx;
	struct arena strings; /* of a row */
};

static enum err load_months(struct answering *s, struct sql *q, sqlite3_stmt *row,
                            struct target_answer *a)
{
	sqlite3_stmt *month;
	enum err e = sql_query(q, SQL_TARGET_INSURED,
	                       SQL_ARGS(sql_int(sql_col_int(row, ANSWER_MSISDN)),
	                                sql_int(sql_col_int(row, ANSWER_OWNER)),
	                                sql_text(text_at(row, ANSWER_OFFER)),
	                                sql_int(sql_col_int(row, ANSWER_REPLIED)),
	                                sql_int(sql_col_int(row, ANSWER_UNTIL)),
	                                sql_int(STORE_INSURED_MONTHS)),
	                       &month);

	arena_reset(&s->strings);
	for (; e == ERR_OK; e = sql_next(q, month))
		a->month[a->n_months++] = (struct target_month){
			sql_col_str(month, 0, &s->strings),
			sql_col_str(month, 1, &s->strings)
		};
	return sql_ended(e);
}

static enum err take_answer(void *ctx, struct sql *q, sqlite3_stmt *row)
{
	struct answering *s = ctx;
	struct target_answer a = { .at = sql_col_int(row, ANSWER_AT),
		                   .cell = (unsigned)sql_col_int(row, ANSWER_CELL),
		                   .saving = text_at(row, ANSWER_SAVING),
		                   .replied = sql_col_int(row, ANSWER_REPLIED) > 0,
		                   .ordered = sql_col_int(row, ANSWER_ORDERED) != 0 };
	const enum err e = a.ordered ? load_months(s, q, row, &a) : ERR_OK;

	if (e == ERR_OK)
		s->take(s->ctx, &a);
	return e;
}

enum err store_campaign_answers(struct store_reader *r, int64_t campaign,
                                void (*take)(void *ctx, const struct target_answer *a),
                                void *ctx, struct fault *fault)
{
	struct answering s = { take, ctx, arena_make(SIZE_MAX) };
	struct target_walk w = {
		.reader = r, .campaign = campaign, .take = take_answer, .ctx = &s
	};
	const enum err e = sqlite_walk_targets(&w, SQL_TARGET_ANSWERS, fault);

	arena_free(&s.strings);
	return e;
}

/* ---- what was taken ---- */

struct taking {
	void (*take)(void *ctx, const struct target_taken *t);
	void *ctx;
};

static enum err take_taken(void *ctx, struct sql *q, sqlite3_stmt *row)
{
	const struct taking *g = ctx;

	(void)q;
	if (sqlite3_column_type(row, 3) != SQLITE_NULL)
		g->take(g->ctx,
		        &(struct target_taken){ (unsigned)sql_col_int(row, 1),
		                                text_at(row, 2), text_at(row, 3) });
	return ERR_OK;
}

enum err store_campaign_taken(struct store_reader *r, int64_t campaign,
                              int attribution_days,
                              void (*take)(void *ctx, const struct target_taken *t),
                              void *ctx, struct fault *fault)
{
	const int64_t more[] = { (int64_t)attribution_days * DAY_S };
	struct taking g = { take, ctx };
	struct target_walk w = { .reader = r,
		                 .campaign = campaign,
		                 .more = more,
		                 .n_more = 1,
		                 .take = take_taken,
		                 .ctx = &g };

	return sqlite_walk_targets(&w, SQL_TARGET_TAKEN, fault);
}

/* ---- money ---- */

struct spending {
	void (*take)(void *ctx, const struct target_money *m);
	void *ctx;
	int64_t quarter; /* whose month is known */
	month_t month;
};

static month_t month_at(struct spending *s, int64_t at)
{
	if (s->month == 0 || at / QUARTER_S != s->quarter) {
		s->quarter = at / QUARTER_S;
		s->month = civil_month(at);
	}
	return s->month;
}

/* The library takes long for a month, and owners are mostly old. */
static month_t first_month(month_t month, int64_t at, int64_t owner_since)
{
	const month_t first = month - MONTHS;
	month_t his;

	if (owner_since < at - (int64_t)(MONTHS + 2) * 31 * DAY_S)
		return first;
	his = civil_month(owner_since);
	return his > first ? his : first;
}

/* The mean of what was billed of those months; false: nothing was. */
static bool mean_bill(struct span months, month_t first, month_t last, int64_t *out)
{
	int64_t sum = 0, n = 0;

	for (size_t i = 0; i < usage_blob_count(months); i++) {
		const struct usage_month u = usage_blob_get(months.p +
		                                            i * USAGE_BLOB_MONTH);

		if (u.month < first || u.month > last || u.bill_fen == BILL_NONE)
			continue;
		sum += u.bill_fen;
		n++;
	}
	if (n > 0)
		*out = sum / n;
	return n > 0;
}

static enum err take_money(void *ctx, struct sql *q, sqlite3_stmt *row)
{
	struct spending *s = ctx;
	struct target_money m = { .arm = (unsigned)sql_col_int(row, 1) };
	const int64_t at = sql_col_int(row, 2), owner_since = sql_col_int(row, 3);
	const month_t month = month_at(s, at);
	const month_t first = first_month(month, at, owner_since);
	const struct span months = sql_col_blob(row, 4);

	(void)q;
	if (mean_bill(months, first, month - 1, &m.before_fen) &&
	    mean_bill(months, month + 1, month + MONTHS, &m.after_fen))
		s->take(s->ctx, &m);
	return ERR_OK;
}

enum err store_campaign_money(struct store_reader *r, int64_t campaign,
                              void (*take)(void *ctx, const struct target_money *m),
                              void *ctx, struct fault *fault)
{
	struct spending s = { .take = take, .ctx = ctx };
	struct target_walk w = {
		.reader = r, .campaign = campaign, .take = take_money, .ctx = &s
	};

	return sqlite_walk_targets(&w, SQL_TARGET_MONEY, fault);
}
