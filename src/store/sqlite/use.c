/*
 * use.c - see store/use.h.
 */
#include "store/use.h"
#include "sqlite_priv.h"

enum {
	SLICE = 5000
};

/* A slice behind (?1, ?2), of ?3 rows, since ?4 UTC s; the first two columns are its place. */
struct walk {
	const char *sql;
	int64_t since, at[2];
	void (*take)(void *walk_ctx, sqlite3_stmt *row);
	void *ctx;
	struct fault *fault;
};

static enum err walk_slice(struct sql *q, struct walk *w, int *n)
{
	sqlite3_stmt *row = NULL;
	enum err e = sql_once(q, w->sql,
	                      SQL_ARGS(sql_int(w->at[0]), sql_int(w->at[1]),
	                               sql_int(SLICE), sql_int(w->since)),
	                      &row);
	const bool opened = e == ERR_OK;

	for (*n = 0; e == ERR_OK; e = sql_next(q, row)) {
		w->at[0] = sql_col_int(row, 0);
		w->at[1] = sql_col_int(row, 1);
		w->take(w->ctx, row);
		++*n;
	}
	if (opened)
		(void)sqlite3_finalize(row);
	return sql_ended(e);
}

static enum err walk(struct store_reader *r, struct walk *w)
{
	enum err e = ERR_OK;
	int n = SLICE;

	while (e == ERR_OK && n == SLICE) {
		struct sql *q = sqlite_reader_sql(r);

		e = walk_slice(q, w, &n);
		if (e != ERR_OK)
			fault_set(w->fault, "the store could not be read: %s",
			          q->fault->text);
	}
	return e;
}

static struct str borrowed(sqlite3_stmt *row, int column)
{
	const struct span s = sql_col_blob(row, column);

	return (struct str){ (const char *)s.p, s.n };
}

/* ---- texts ---- */

struct texts {
	void (*take)(void *ctx, const struct use_text *t);
	void *ctx;
	int64_t since;
};

static void take_text(void *ctx, sqlite3_stmt *row)
{
	const struct texts *t = ctx;
	const struct use_text text = { .msisdn = sql_col_int(row, 0),
		                       .at = sql_col_int(row, 2) / 1000,
		                       .intent = borrowed(row, 3),
		                       .aside = sql_col_int(row, 4) == INBOX_ASIDE };

	if (text.at >= t->since)
		t->take(t->ctx, &text);
}

/* Young and old alike are walked: there is no order of both number and time. */
enum err store_use_texts(struct store_reader *r, int64_t since,
                         void (*take)(void *ctx, const struct use_text *t), void *ctx,
                         struct fault *fault)
{
	struct texts t = { take, ctx, since };
	struct walk w = { .sql = "SELECT msisdn, id, at_ms, intent, state FROM inbox "
		                 "WHERE (msisdn, id) > (?1, ?2) AND ?4 > 0 "
		                 "ORDER BY msisdn, id LIMIT ?3",
		          .since = since > 0 ? since : 1,
		          .take = take_text,
		          .ctx = &t,
		          .fault = fault };

	return walk(r, &w);
}

/* ---- steps ---- */

struct steps {
	void (*take)(void *ctx, const struct use_step *s);
	void *ctx;
};

static void take_step(void *ctx, sqlite3_stmt *row)
{
	const struct steps *s = ctx;
	const struct use_step step = { .at = sql_col_int(row, 2),
		                       .kind = sql_col_enum(row, 3, STEP_KINDS),
		                       .intent = borrowed(row, 4) };

	s->take(s->ctx, &step);
}

enum err store_use_steps(struct store_reader *r, int64_t since,
                         void (*take)(void *ctx, const struct use_step *s), void *ctx,
                         struct fault *fault)
{
	struct steps s = { take, ctx };
	struct walk w = { .sql = "SELECT s.id, 0, s.at, s.kind, "
		                 "ifnull(o.kind, ifnull(i.intent, '')) FROM step AS s "
		                 "LEFT JOIN service_order AS o ON o.id = s.order_id "
		                 "AND s.order_id > 0 LEFT JOIN inbox AS i "
		                 "ON i.id = s.dialogue AND s.dialogue > 0 "
		                 "WHERE s.id > ?1 AND ?2 = 0 AND s.at >= ?4 "
		                 "ORDER BY s.id LIMIT ?3",
		          .since = since,
		          .take = take_step,
		          .ctx = &s,
		          .fault = fault };

	return walk(r, &w);
}
