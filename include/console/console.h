/*
 * console.h - the status page: GET / for people, /status.json for scripts, /metrics
 * (OpenMetrics) for monitoring, /healthz and /readyz for supervisors.  Reads nothing but
 * what its source gives it.
 *
 * At most CONSOLE_CONNECTIONS are open; further ones wait in the kernel.  Each serves
 * one request and has CONSOLE_SECONDS for all of it, however slowly it is sent.
 */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/log.h"

struct event_base;
struct console;

struct console_figure {
	const char *name;       /* in JSON; "texts" */
	const char *zh, *label; /* on the page; "texts received" */
	int64_t value;
};

struct console_link {
	const char *name, *state, *bind;
	unsigned pending, window;
	uint64_t texts, segments, throttled, binds;
};

struct console_alarm {
	const char *name, *zh, *help, *detail;
	int64_t since_s; /* UTC */
};

/* One that runs or is paused; people. */
struct console_campaign {
	const char *code;
	bool running;
	int64_t targets, ready, refused, held, sent, delivered, replied, ordered,
		opted_out;
};

/* A stage in the way of a text and how long it takes. */
struct console_stage {
	const char *name;
	uint64_t p50_us, p99_us;
};

enum {
	CONSOLE_FIGURES = 32,
	CONSOLE_LINKS = 16,
	CONSOLE_ALARMS = 16,
	CONSOLE_STAGES = 16,
	CONSOLE_CAMPAIGNS = 33,
	CONSOLE_CONNECTIONS = 64,
	CONSOLE_SECONDS = 10
};

struct console_status {
	const char *version, *revision, *store;
	int64_t uptime_s;
	double texts_per_s, sent_per_s; /* now */
	int64_t reloaded_s;             /* UTC; 0: not since the start */
	int64_t backup_s;               /* UTC, of the last backup; 0: none */
	const char *reload_refusal;     /* "" or NULL: the last one was applied */
	struct console_figure figure[CONSOLE_FIGURES];
	size_t n_figures;
	struct console_link link[CONSOLE_LINKS];
	size_t n_links;
	struct console_alarm alarm[CONSOLE_ALARMS];
	size_t n_alarms;
	struct console_campaign campaign[CONSOLE_CAMPAIGNS];
	size_t n_campaigns;
	int64_t counted_s; /* UTC, when these were */
	struct console_stage stage[CONSOLE_STAGES];
	size_t n_stages;
	char recent[LOG_RECENT][LOG_RECENT_MAX]; /* warnings and errors, newest first */
	size_t n_recent;
};

struct console_source {
	void (*fill)(void *ctx, struct console_status *out);
	void (*metrics)(void *ctx, struct buf *out);
	/* /healthz, /readyz: 200 when true; else why not, one reason a line. */
	bool (*healthy)(void *ctx, struct buf *why);
	bool (*ready)(void *ctx, struct buf *why);
	void *ctx;
};

/* Listens at once.  The fault names address and remedy when the port is taken. */
MUST_CHECK enum err console_create(struct event_base *base, const char *listen, int port,
                                   const struct console_source *source,
                                   struct console **out, struct fault *fault);
void console_destroy(struct console *c);
int console_port(const struct console *c);
unsigned console_connections(const struct console *c); /* open now */

/* The bodies, for tests. */
void console_print_page(const struct console_status *s, struct buf *out);
void console_print_json(const struct console_status *s, struct buf *out);

#endif
