/*
 * campaigns_check.c - whether targets, messages and sums of campaigns agree; see
 * store/health.h.
 */
#include "campaigns_priv.h"
#include "store/health.h"

enum {
	/* Targets older than this may have been swept: evidence is kept five years at least. */
	SWEPT_S = 1800 * 86400
};

struct sums {
	int64_t id, drawn_at, sent, segments;
};

/* The first campaign from that id on; ERR_END. */
static enum err read_sums(struct sql *q, int64_t from, struct sums *out)
{
	sqlite3_stmt *row;
	const enum err e = sql_query(q, SQL_CAMPAIGN_SUMS, SQL_ARGS(sql_int(from)), &row);

	if (e != ERR_OK)
		return e;
	*out = (struct sums){ sql_col_int(row, 0), sql_col_int(row, 1),
		              sql_col_int(row, 2), sql_col_int(row, 3) };
	sql_done(row);
	return ERR_OK;
}

struct checking {
	struct store_pushes *out;
	int64_t sent, segments;
};

static enum err check_target(void *ctx, struct sql *q, sqlite3_stmt *row)
{
	struct checking *c = ctx;

	(void)q;
	c->out->targets++;
	c->sent += sql_col_int(row, 1);
	c->segments += sql_col_int(row, 2);
	c->out->without_message += sql_col_int(row, 3);
	c->out->shared += sql_col_int(row, 4);
	return ERR_OK;
}

/* What was counted while turns may have sent more, or taken back, lies between the two. */
static bool agrees(int64_t counted, int64_t before, int64_t after, bool swept)
{
	const int64_t least = before < after ? before : after,
		      most = before < after ? after : before;

	return counted <= most && (swept || counted >= least);
}

static enum err check_campaign(struct store_reader *r, const struct sums *before,
                               int64_t now, struct store_pushes *out, struct fault *fault)
{
	const bool swept = before->drawn_at < now - SWEPT_S;
	struct checking c = { .out = out };
	struct target_walk w = {
		.reader = r, .campaign = before->id, .take = check_target, .ctx = &c
	};
	struct sums after = *before;
	enum err e = sqlite_walk_targets(&w, SQL_TARGET_CHECK, fault);

	if (e == ERR_OK)
		e = read_sums(sqlite_reader_sql(r), before->id, &after);
	if (e != ERR_OK)
		return e;
	out->campaigns++;
	if (agrees(c.sent, before->sent, after.sent, swept) &&
	    agrees(c.segments, before->segments, after.segments, swept))
		return ERR_OK;
	out->wrong_sums++;
	if (out->first_wrong == 0)
		out->first_wrong = before->id;
	return ERR_OK;
}

enum err store_pushes(struct store_reader *r, bool full, int64_t now,
                      struct store_pushes *out, struct fault *fault)
{
	struct sums sums;
	int64_t next = 1;
	enum err e = full ? ERR_OK
	                  : sql_one_int(sqlite_reader_sql(r), SQL_CAMPAIGN_NEXT,
	                                SQL_NO_ARGS, &next);

	*out = (struct store_pushes){ 0 };
	next -= full ? 0 : 1; /* the newest */
	while (e == ERR_OK &&
	       (e = read_sums(sqlite_reader_sql(r), next, &sums)) == ERR_OK) {
		e = check_campaign(r, &sums, now, out, fault);
		next = sums.id + 1;
	}
	if (e != ERR_END && e != ERR_OK)
		fault_set(fault, "the campaigns could not be checked: %s",
		          sqlite_reader_sql(r)->fault->text);
	return sql_ended(e);
}
