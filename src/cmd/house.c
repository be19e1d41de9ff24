/*
 * house.c - see house_priv.h.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "house_priv.h"

/* ---- status page ---- */

static void add_figure(struct console_status *out, const char *name, const char *label,
                       int64_t value)
{
	if (out->n_figures < CONSOLE_FIGURES)
		out->figure[out->n_figures++] = (struct console_figure){ name, label,
			                                                 value };
}

static void add_counts(struct console_status *out, const struct gateway_counts *counts)
{
#define X(name, help) add_figure(out, #name, help, (int64_t)counts->name);
	GATEWAY_COUNTS(X)
#undef X
}

static void fill_status(void *ctx, struct console_status *out)
{
	const struct house *h = ctx;
	struct gateway_status s;

	gateway_status(h->gateway, &s);
	out->version = SMSHALL_VERSION;
	out->revision = s.grammar_revision;
	out->store = h->conf->store;
	out->uptime_s = h->clock.wall_s - s.started_s;
	add_counts(out, &s.counts);
	add_figure(out, "waiting", "texts waiting for an answer now", (int64_t)s.waiting);
	add_figure(out, "queued", "messages not yet accepted by an SMSC now",
	           (int64_t)s.queued);
	add_figure(out, "answer_p50_us",
	           "half of the texts answered within, microseconds",
	           (int64_t)histogram_quantile(s.answer_us, 0.5));
	add_figure(out, "answer_p99_us",
	           "99 % of the texts answered within, microseconds",
	           (int64_t)histogram_quantile(s.answer_us, 0.99));
	for (size_t i = 0; i < s.n_links && i < CONSOLE_LINKS; i++) {
		out->link[i] = (struct console_link){ s.link[i].name, s.link[i].state,
			                              s.link[i].bind, s.link[i].pending,
			                              s.link[i].window };
		out->healthy = out->healthy || strcmp(s.link[i].state, "up") == 0;
		out->n_links++;
	}
}

/* ---- life ---- */

static void on_stopped(void *ctx)
{
	struct house *h = ctx;

	(void)event_base_loopbreak(h->base);
}

static void on_failed(void *ctx)
{
	struct house *h = ctx;

	/* Nothing more is answered: the next start finds what was committed. */
	LOG(&h->log, LOG_ERROR, "process.ends", "reason=%s", "store");
	_Exit(EXIT_FAILURE);
}

static void on_signal(evutil_socket_t number, short what, void *ctx)
{
	struct house *h = ctx;

	(void)what;
	if (number == SIGHUP) {
		LOG(&h->log, LOG_WARN, "signal.hup", "%s",
		    "nothing is reloaded while running; restart to read the files again");
		return;
	}
	clock_read(&h->clock);
	gateway_stop(h->gateway, on_stopped, h);
}

static enum err open_log(struct house *h, struct fault *fault)
{
	for (enum log_level l = LOG_ERROR; log_level_name(l) != NULL; l++) {
		if (strcmp(log_level_name(l), h->conf->log_level) == 0) {
			h->log = (struct log){ stderr, l };
			return ERR_OK;
		}
	}
	fault_set(fault, "log.level \"%s\" is none of error, warn, info, debug",
	          h->conf->log_level);
	return ERR_RANGE;
}

enum err house_open(struct house *h, struct conf *conf, struct fault *fault)
{
	enum err e;

	*h = (struct house){ .conf = conf, .clock = clock_machine() };
	e = open_log(h, fault);
	if (e != ERR_OK)
		return e;
	if (civil_zone(conf->timezone) != ERR_OK) {
		fault_set(
			fault,
			"timezone \"%s\" is not known on this machine; expected a name such as "
			"Asia/Shanghai (Debian package tzdata)",
			conf->timezone);
		return ERR_RANGE;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	h->base = event_base_new();
	if (h->base == NULL) {
		fault_set(fault, "cannot make an event loop");
		return ERR_IO;
	}
	return ERR_OK;
}

static enum err start_console(struct house *h, struct fault *fault)
{
	const struct console_source source = { fill_status, h };

	if (h->conf->http_listen[0] == '\0')
		return ERR_OK;
	return console_create(h->base, h->conf->http_listen, h->conf->http_port, &source,
	                      &h->console, fault);
}

enum err house_start(struct house *h, bool force, struct fault *fault)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	const struct gateway_options options = { .force = force,
		                                 .failed = on_failed,
		                                 .ctx = h };
	enum err e = start_console(h, fault);

	if (e == ERR_OK)
		e = gateway_create(h->base, h->conf, &options, &h->clock, &h->log,
		                   &h->gateway, fault);
	for (size_t i = 0; e == ERR_OK && i < sizeof(signals) / sizeof(signals[0]); i++) {
		h->signal[i] = evsignal_new(h->base, signals[i], on_signal, h);
		(void)event_add(h->signal[i], NULL);
	}
	return e;
}

int house_run(struct house *h)
{
	(void)event_base_dispatch(h->base);
	return EXIT_SUCCESS;
}

void house_close(struct house *h)
{
	for (size_t i = 0; i < sizeof(h->signal) / sizeof(h->signal[0]); i++) {
		if (h->signal[i] != NULL)
			event_free(h->signal[i]);
	}
	gateway_destroy(h->gateway);
	console_destroy(h->console);
	if (h->base != NULL)
		event_base_free(h->base);
	conf_destroy(h->conf);
}
