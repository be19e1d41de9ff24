/*
 * console.h - the status page: GET / for people, /status.json for scripts,
 * /healthz for supervisors.  Reads nothing but what its source gives it.
 */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include "base/buf.h"
#include "base/fault.h"

struct event_base;
struct console;

struct console_figure {
	const char *name;  /* in JSON; "texts" */
	const char *label; /* on the page; "texts received" */
	int64_t value;
};

struct console_link {
	const char *name, *state, *bind;
	unsigned pending, window;
};

enum {
	CONSOLE_FIGURES = 32,
	CONSOLE_LINKS = 16
};

struct console_status {
	const char *version, *revision, *store;
	int64_t uptime_s;
	bool healthy; /* /healthz says 200 */
	struct console_figure figure[CONSOLE_FIGURES];
	size_t n_figures;
	struct console_link link[CONSOLE_LINKS];
	size_t n_links;
};

struct console_source {
	void (*fill)(void *ctx, struct console_status *out);
	void *ctx;
};

/* Listens at once.  The fault names address and remedy when the port is taken. */
MUST_CHECK enum err console_create(struct event_base *base, const char *listen, int port,
                                   const struct console_source *source,
                                   struct console **out, struct fault *fault);
void console_destroy(struct console *c);
int console_port(const struct console *c);

/* The bodies, for tests. */
void console_print_page(const struct console_status *s, struct buf *out);
void console_print_json(const struct console_status *s, struct buf *out);

#endif
