/*
 * retention.c - the task "retention": drops rows that are older than the configuration
 * keeps them.  Once a day, by itself.
 *
 *   {"do":"retention","dry_run":false,"now":1790000000}
 *
 * The asking thread looks through a table slice by slice; what may go is dropped where
 * the store is written, as much at once as texts can wait for.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "care_priv.h"
#include "store/sweep.h"

enum {
	LOOK_ROWS = 5000, /* of a slice in which nothing is old */
	DROP_LEAST = 100,
	DAY_S = 24 * 3600
};

struct sweeping {
	struct office_call *c;
	struct store_slice slice;
	int64_t rows;    /* that may be dropped at once */
	int64_t dropped; /* of this table */
	int64_t all;     /* of the tables before */
	int64_t us;      /* of the last drop */
	int64_t gone;    /* in it */
	bool dry;
};

static int64_t days_of(const struct conf *conf, enum store_keep of)
{
	const int days[STORE_KEEP_CLASSES] = {
		[STORE_KEEP_TEXTS] = conf->retain_texts_days,
		[STORE_KEEP_DETAILS] = conf->retain_details_days,
		[STORE_KEEP_IMPORTS] = conf->retain_imports_days,
		[STORE_KEEP_EVIDENCE] = conf->retain_evidence_days,
	};

	return days[of];
}

static enum err drop(struct store *s, void *arg)
{
	struct sweeping *w = arg;
	const int64_t from = clock_machine().mono_us;
	const enum err e = store_aged_drop(s, &w->slice, &w->gone);

	w->us = clock_machine().mono_us - from;
	if (e != ERR_OK)
		office_store_failed(w->c, s);
	return e;
}

/* A slice to the end; a large one with much to drop is taken again in smaller ones. */
static enum err sweep_slice(struct sweeping *w)
{
	const struct pace limits = { DROP_LEAST, LOOK_ROWS };
	enum err e = store_aged_look(w->c->host->reader, &w->slice, w->c->fault);

	if (e != ERR_OK)
		return e;
	if (!w->dry && w->slice.old > w->rows && (int64_t)w->slice.rows > w->rows) {
		w->slice.rows = (size_t)w->rows;
		w->slice.last = false;
		return ERR_OK;
	}
	if (!w->dry && w->slice.old > 0) {
		e = office_write(w->c, drop, w);
		w->dropped += e == ERR_OK ? w->gone : 0;
		w->rows = office_pace(w->c, limits, w->rows, w->us);
	} else {
		w->dropped += w->slice.old;
	}
	w->slice.rows = w->dry || w->slice.old == 0 ? LOOK_ROWS : (size_t)w->rows;
	w->slice.from = w->slice.to;
	return e;
}

static enum err sweep_table(struct sweeping *w, size_t table, int64_t before_ms)
{
	enum err e = ERR_OK;

	w->slice = (struct store_slice){ .table = table,
		                         .from = INT64_MIN,
		                         .before_ms = before_ms,
		                         .rows = LOOK_ROWS };
	w->dropped = 0;
	while (e == ERR_OK && !w->slice.last) {
		e = sweep_slice(w);
		office_meanwhile(w->c);
	}
	return e;
}

static enum err sweep(struct sweeping *w, int64_t now)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < store_aged_tables() && e == ERR_OK; i++) {
		enum store_keep of;
		const char *table = store_aged_table(i, &of);
		const int64_t days = days_of(w->c->host->conf, of);

		e = sweep_table(w, i, (now - days * DAY_S) * 1000);
		if (w->dropped == 0)
			continue;
		w->all += w->dropped;
		office_say(w->c, "%-14s %8" PRId64 " rows older than %" PRId64 " days %s",
		           table, w->dropped, days, w->dry ? "would go" : "are gone");
		if (!w->dry)
			LOG(w->c->host->log, LOG_INFO, "retention.dropped",
			    "table=%s rows=%" PRId64 " days=%" PRId64, table, w->dropped,
			    days);
	}
	return e;
}

static enum err run(struct office_call *c)
{
	struct sweeping w = { .c = c, .rows = DROP_LEAST };
	int64_t now = 0;
	enum err e = office_flag(c, "dry_run", &w.dry);

	if (e == ERR_OK)
		e = office_now(c, &now);
	if (e == ERR_OK)
		e = sweep(&w, now);
	if (e == ERR_OK)
		office_say(c, "retention: looked through %zu tables%s",
		           store_aged_tables(), w.all == 0 ? ", nothing is too old" : "");
	return e;
}

const struct office_task office_retention = { .name = "retention",
	                                      .run = run,
	                                      .is_long = true };
