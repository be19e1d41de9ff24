/*
 * log_guard.c - keeps a flood of one event from filling the disk.
 *
 * A bucket for each event name; names are constants of the program, fewer than
 * EVENTS.  What is dropped is counted and told by log_tell_dropped().
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bucket.h"
#include "base/clock.h"
#include "base/metric.h"
#include "log_priv.h"

enum {
	EVENTS = 128 /* the last is shared by all that found no place */
};

struct guarded {
	const char *event;
	struct bucket bucket;
	uint64_t untold;
};

struct log_guard {
	pthread_mutex_t mutex;
	int burst, per_s;
	struct guarded guarded[EVENTS];
	size_t n;
	struct metric dropped, failed; /* written under the mutex */
	char recent[LOG_RECENT][LOG_RECENT_MAX];
	size_t n_recent; /* ever */
};

struct log_guard *log_guard_create(int burst, int per_s)
{
	struct log_guard *g = xcalloc(1, sizeof(*g));

	(void)pthread_mutex_init(&g->mutex, NULL);
	g->burst = burst;
	g->per_s = per_s;
	return g;
}

void log_guard_destroy(struct log_guard *g)
{
	if (g == NULL)
		return;
	(void)pthread_mutex_destroy(&g->mutex);
	free(g);
}

static struct guarded *find(struct log_guard *g, const char *event, int64_t now_ms)
{
	size_t i = 0;

	while (i < g->n && strcmp(g->guarded[i].event, event) != 0)
		i++;
	if (i == EVENTS)
		return &g->guarded[EVENTS - 1];
	if (i == g->n)
		g->guarded[g->n++] = (struct guarded){ event,
			                               bucket_make(g->burst, now_ms), 0 };
	return &g->guarded[i];
}

bool guard_passes(struct log_guard *g, const char *event)
{
	int64_t now_ms;
	struct guarded *at;
	bool passes;

	if (g == NULL)
		return true;
	now_ms = clock_machine().mono_us / 1000;
	(void)pthread_mutex_lock(&g->mutex);
	at = find(g, event, now_ms);
	bucket_fill(&at->bucket, g->per_s, g->burst, now_ms);
	passes = bucket_take(&at->bucket, 1);
	if (!passes) {
		at->untold++;
		metric_add(&g->dropped, 1);
	}
	(void)pthread_mutex_unlock(&g->mutex);
	return passes;
}

void guard_failed(struct log_guard *g)
{
	if (g == NULL)
		return;
	(void)pthread_mutex_lock(&g->mutex);
	metric_add(&g->failed, 1);
	(void)pthread_mutex_unlock(&g->mutex);
}

void guard_remember(struct log_guard *g, const char *line, size_t n)
{
	char *to;

	if (g == NULL)
		return;
	(void)pthread_mutex_lock(&g->mutex);
	to = g->recent[g->n_recent++ % LOG_RECENT];
	n = n < LOG_RECENT_MAX ? n : LOG_RECENT_MAX - 1;
	memcpy(to, line, n);
	to[n] = '\0';
	(void)pthread_mutex_unlock(&g->mutex);
}

size_t log_recent(struct log_guard *g, char line[static LOG_RECENT][LOG_RECENT_MAX])
{
	size_t n;

	if (g == NULL)
		return 0;
	(void)pthread_mutex_lock(&g->mutex);
	n = g->n_recent < LOG_RECENT ? g->n_recent : LOG_RECENT;
	for (size_t i = 0; i < n; i++)
		memcpy(line[i], g->recent[(g->n_recent - 1 - i) % LOG_RECENT],
		       LOG_RECENT_MAX);
	(void)pthread_mutex_unlock(&g->mutex);
	return n;
}

void log_tell_dropped(const struct log *l)
{
	struct guarded told[EVENTS];
	struct log_guard *g = l != NULL ? l->guard : NULL;
	size_t n = 0;

	if (g == NULL)
		return;
	(void)pthread_mutex_lock(&g->mutex);
	for (size_t i = 0; i < g->n; i++) {
		if (g->guarded[i].untold > 0)
			told[n++] = g->guarded[i];
		g->guarded[i].untold = 0;
	}
	(void)pthread_mutex_unlock(&g->mutex);
	for (size_t i = 0; i < n && l->to != NULL; i++)
		log_unguarded(l, LOG_WARN, "log.dropped", "event=%s n=%llu",
		              told[i].event, (unsigned long long)told[i].untold);
}

uint64_t log_dropped(const struct log_guard *g)
{
	return g != NULL ? metric_get(&g->dropped) : 0;
}

uint64_t log_failed(const struct log_guard *g)
{
	return g != NULL ? metric_get(&g->failed) : 0;
}
