/*
 * errand.c - see office/errand.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/civil.h"
#include "office/errand.h"
#include "office_priv.h"

enum {
	RESUME_EVERY_MS = 60000,
	QUIET_S = 60,         /* after a start, before the clean-up */
	TEND_EVERY_MS = 2000, /* campaigns */
	SPREAD_S = 600,       /* of the clean-up over the minutes after DAILY_HOUR */
	CLEAN_AGAIN_S = 3600, /* after it failed */
	DAILY_HOUR = 3
};

#define CLEANED "cleaned_at" /* setting: UTC s of the last clean-up */

struct errands {
	const struct log *log;
	struct watch *watch; /* NULL: no folder is watched */
	int64_t resume_ms;   /* monotonic: when to look for unfinished imports */
	int64_t tend_ms;     /* likewise: when to look at campaigns */
	int64_t clean_s;     /* UTC: when to clean up; 0: not known yet */
	int64_t quiet_until_s, spread_s;
	bool recalled; /* the last figures of an earlier life */
};

struct errands *errands_create(const struct conf *conf, const struct log *log,
                               struct clock now)
{
	struct errands *e = xcalloc(1, sizeof(*e));

	e->log = log;
	e->resume_ms = clock_ms(&now);
	e->quiet_until_s = now.wall_s + QUIET_S;
	e->spread_s = now.mono_us % SPREAD_S;
	if (conf->import_watch[0] != '\0')
		e->watch = watch_create(conf->import_watch, log);
	return e;
}

void errands_destroy(struct errands *e)
{
	if (e == NULL)
		return;
	watch_destroy(e->watch);
	free(e);
}

/* One that nobody waits for; what fails is logged under that name. */
static void ask(const struct errands *e, const struct office_host *host,
                const char *request, const char *failed)
{
	const struct office_peer nobody = { NULL, NULL, NULL };
	struct fault fault = { .text = "" };

	if (office_do(host, str_of(request), &nobody, &fault) != ERR_OK)
		LOG(e->log, LOG_WARN, failed, "%s", fault.text);
}

/* ---- unfinished imports ---- */

struct resumed {
	struct errands *errands;
	int64_t now_s;
};

static void on_resumed(void *ctx, struct str path)
{
	const struct resumed *r = ctx;

	if (r->errands->watch != NULL)
		watch_settle(r->errands->watch, path, r->now_s);
}

static void resume(struct errands *e, const struct office_host *host, struct clock now)
{
	struct resumed r = { e, now.wall_s };
	const struct office_peer peer = { .line = on_resumed, .ctx = &r };
	struct fault fault = { .text = "" };

	if (clock_ms(&now) < e->resume_ms)
		return;
	if (office_resume(host, &peer, &fault) != ERR_OK)
		LOG(e->log, LOG_WARN, "import.not_resumed", "%s", fault.text);
	ask(e, host, "{\"do\":\"tags\",\"act\":\"resume\"}", "tags.not_resumed");
	e->resume_ms = clock_ms(&now) + RESUME_EVERY_MS;
}

/* ---- campaigns ---- */

/* Looking takes longer with many targets: it may take a twentieth of the time. */
void errands_tend(struct errands *e, const struct office_host *host, struct clock now)
{
	const int64_t from = clock_machine().mono_us;
	char request[80];
	int64_t ms;

	if (clock_ms(&now) < e->tend_ms)
		return;
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"tend\",\"now\":%" PRId64 "}",
	               now.wall_s);
	ask(e, host, request, "campaign.not_tended");
	ms = (clock_machine().mono_us - from) / 1000 * 20;
	e->tend_ms = clock_ms(&now) + (ms > TEND_EVERY_MS ? ms : TEND_EVERY_MS);
}

/* ---- the daily clean-up ---- */

int64_t errand_next_day(int64_t last, int64_t spread)
{
	struct civil c = civil_of(last);

	if (c.hour >= DAILY_HOUR)
		c.day++;
	c.hour = DAILY_HOUR;
	c.minute = c.second = 0;
	return civil_to_utc(c) + spread;
}

static enum err read_cleaned(struct store *s, void *arg)
{
	struct arena a = arena_make(4096);
	int64_t *const at = arg;
	struct str value;
	const enum err e = store_setting(s, CLEANED, &a, &value);

	if (e != ERR_OK || str_i64(value, at) != ERR_OK)
		*at = 0;
	arena_free(&a);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err write_cleaned(struct store *s, void *arg)
{
	const int64_t *at = arg;
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, *at);
	return store_set_setting(s, CLEANED, str_of(text));
}

static void clean_up(struct errands *e, const struct office_host *host, int64_t now_s)
{
	const struct office_peer nobody = { NULL, NULL, NULL };
	struct fault fault = { .text = "" };
	char request[64];
	int64_t at = now_s;

	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"retention\",\"now\":%" PRId64 "}", now_s);
	if (office_do(host, str_of(request), &nobody, &fault) == ERR_OK &&
	    host->write(host->ctx, write_cleaned, &at) == ERR_OK) {
		e->clean_s = errand_next_day(now_s, e->spread_s);
		(void)snprintf(request, sizeof(request),
		               "{\"do\":\"tags\",\"act\":\"refresh\",\"now\":%" PRId64
		               "}",
		               now_s);
		ask(e, host, request, "tags.not_refreshed");
		return;
	}
	LOG(e->log, LOG_WARN, "retention.failed", "%s", fault.text);
	e->clean_s = now_s + CLEAN_AGAIN_S;
}

static void daily(struct errands *e, const struct office_host *host, int64_t now_s)
{
	int64_t last = 0;

	if (now_s < e->quiet_until_s)
		return;
	if (e->clean_s == 0 && host->write(host->ctx, read_cleaned, &last) == ERR_OK)
		e->clean_s = errand_next_day(last, e->spread_s);
	if (e->clean_s != 0 && now_s >= e->clean_s)
		clean_up(e, host, now_s);
}

bool errands_run(struct errands *e, const struct office_host *host, struct clock now)
{
	if (!e->recalled)
		office_recall_last(host);
	e->recalled = true;
	resume(e, host, now);
	errands_tend(e, host, now);
	daily(e, host, now.wall_s);
	return e->watch != NULL && watch_run(e->watch, host, now);
}
