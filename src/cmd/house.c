/*
 * house.c - see house_priv.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "house_priv.h"
#include "notify_priv.h"
#include "office/campaigns.h"

enum {
	LOG_BURST = 200, /* lines of one event at once */
	LOG_PER_S = 20   /* and a second: each costs the next commit on the same disk */
};

/* ---- status page ---- */

static void add_figure(struct console_status *out, const char *name, const char *zh,
                       const char *label, int64_t value)
{
	if (out->n_figures < CONSOLE_FIGURES)
		out->figure[out->n_figures++] = (struct console_figure){ name, zh, label,
			                                                 value };
}

static void add_counts(struct console_status *out, const struct gateway_counts *counts)
{
#define X(name, zh, help) add_figure(out, #name, zh, help, (int64_t)counts->name);
	GATEWAY_COUNTS(X)
#undef X
}

static void add_links(struct console_status *out, const struct gateway_status *s)
{
	for (size_t i = 0; i < s->n_links && i < CONSOLE_LINKS; i++) {
		const struct gateway_link_status *l = &s->link[i];

		out->link[out->n_links++] = (struct console_link){
			.name = l->name,
			.state = l->state,
			.bind = l->bind,
			.pending = l->pending,
			.window = l->window,
			.texts = l->texts,
			.segments = l->segments,
			.throttled = l->throttled,
			.binds = l->binds
		};
	}
}

static void add_alarms(struct console_status *out, const struct gateway_status *s)
{
	for (size_t i = 0; i < s->n_alarms && i < CONSOLE_ALARMS; i++)
		out->alarm[out->n_alarms++] = (struct console_alarm){
			s->alarm[i].name, s->alarm[i].zh, s->alarm[i].help,
			s->alarm[i].detail, s->alarm[i].since_s
		};
}

static void add_campaigns(struct console_status *out, const struct office_campaigns *c)
{
	if (c == NULL)
		return;
	_Static_assert(OFFICE_CAMPAIGNS + 1 <= CONSOLE_CAMPAIGNS, "all fit");
	out->counted_s = c->at;
	for (size_t i = 0; i < c->n; i++) {
		const struct campaign_counts *n = &c->of[i].n;

		out->campaign[out->n_campaigns++] = (struct console_campaign){
			.code = c->of[i].code,
			.running = c->of[i].running > 0,
			.targets = n->targets,
			.ready = n->ready,
			.refused = n->refused,
			.held = n->held,
			.sent = n->sent,
			.delivered = n->delivered,
			.replied = n->replied,
			.ordered = n->ordered,
			.opted_out = n->opted_out
		};
	}
}

static void add_stages(struct console_status *out, const struct gateway_status *s)
{
	for (size_t i = 0; i < s->n_stages && i < CONSOLE_STAGES; i++)
		out->stage[out->n_stages++] = (struct console_stage){
			s->stage[i].name, s->stage[i].p50_us, s->stage[i].p99_us
		};
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
	out->texts_per_s = s.texts_per_s;
	out->sent_per_s = s.sent_per_s;
	out->reloaded_s = s.reloaded_s;
	out->backup_s = s.backup_s;
	out->reload_refusal = s.reload_refusal;
	out->n_recent = log_recent(h->guard, out->recent);
	add_counts(out, &s.counts);
	add_figure(out, "waiting", "正在等待应答的短信",
	           "texts waiting for an answer now", (int64_t)s.waiting);
	add_figure(out, "queued", "短信中心尚未接收的消息",
	           "messages not yet accepted by an SMSC now", (int64_t)s.queued);
	add_figure(out, "answer_p50_us", "半数短信的应答时间（微秒）",
	           "half of the texts answered within, microseconds",
	           (int64_t)histogram_quantile(s.answer_us, 0.5));
	add_figure(out, "answer_p99_us", "99 %短信的应答时间（微秒）",
	           "99 % of the texts answered within, microseconds",
	           (int64_t)histogram_quantile(s.answer_us, 0.99));
	add_links(out, &s);
	add_alarms(out, &s);
	add_campaigns(out, s.campaigns);
	add_stages(out, &s);
}

static void print_metrics(void *ctx, struct buf *out)
{
	const struct house *h = ctx;

	gateway_metrics(h->gateway, out);
}

static bool is_healthy(void *ctx, struct buf *why)
{
	const struct house *h = ctx;

	return gateway_is_healthy(h->gateway, why);
}

static bool is_ready(void *ctx, struct buf *why)
{
	const struct house *h = ctx;

	return gateway_is_ready(h->gateway, why);
}

/* ---- log ---- */

static enum err set_level(struct house *h, const struct conf *conf, struct fault *fault)
{
	for (enum log_level l = LOG_ERROR; log_level_name(l) != NULL; l++) {
		if (strcmp(log_level_name(l), conf->log_level) == 0) {
			h->log.level = l;
			return ERR_OK;
		}
	}
	fault_set(fault, "log.level \"%s\" is none of error, warn, info, debug",
	          conf->log_level);
	return ERR_RANGE;
}

/* What conf says about the log holds from now on; the file is opened anew in any case. */
static enum err set_log(struct house *h, const struct conf *conf, struct fault *fault)
{
	int64_t until = 0;
	enum err e = set_level(h, conf, fault);

	if (e != ERR_OK)
		return e;
	if (conf->log_texts_until[0] != '\0' &&
	    civil_parse_time(str_of(conf->log_texts_until), &until) != ERR_OK)
		until = 0; /* conf_load() has refused what is no time */
	h->log.texts_until_s = until;
	if (conf->log_file[0] == '\0' && h->log_file == NULL)
		return ERR_OK;
	if (log_open(&h->log, conf->log_file) != ERR_OK) {
		fault_set(fault, "log.file %s cannot be opened: %s", conf->log_file,
		          strerror(errno));
		return ERR_IO;
	}
	free(h->log_file);
	h->log_file = xstrndup(str_of(conf->log_file));
	return ERR_OK;
}

static void on_reloaded(void *ctx, const struct conf *now)
{
	struct house *h = ctx;
	struct fault fault = { .text = "" };

	if (set_log(h, now, &fault) != ERR_OK)
		LOG(&h->log, LOG_ERROR, "log.unchanged", "%s", fault.text);
}

/* The file was moved away: go on in a new one, also when the reload is refused. */
static void rotate_log(struct house *h)
{
	if (h->log_file != NULL && log_open(&h->log, h->log_file) != ERR_OK)
		LOG(&h->log, LOG_ERROR, "log.unchanged", "%s cannot be opened: %s",
		    h->log_file, strerror(errno));
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
		clock_read(&h->clock);
		rotate_log(h);
		gateway_reload(h->gateway);
		return;
	}
	notify_say("STOPPING=1");
	clock_read(&h->clock);
	gateway_stop(h->gateway, on_stopped, h);
}

enum err house_open(struct house *h, struct conf *conf, struct fault *fault)
{
	enum err e;

	*h = (struct house){ .conf = conf, .clock = clock_machine() };
	h->log.to = stderr;
	h->log.guard = h->guard = log_guard_create(LOG_BURST, LOG_PER_S);
	if (civil_zone(conf->timezone) != ERR_OK) {
		fault_set(
			fault,
			"timezone \"%s\" is not known on this machine; expected a name such as "
			"Asia/Shanghai (Debian package tzdata)",
			conf->timezone);
		return ERR_RANGE;
	}
	e = set_log(h, conf, fault);
	if (e != ERR_OK)
		return e;
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
	const struct console_source source = { .fill = fill_status,
		                               .metrics = print_metrics,
		                               .healthy = is_healthy,
		                               .ready = is_ready,
		                               .ctx = h };

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
		                                 .reloaded = on_reloaded,
		                                 .ctx = h,
		                                 .version = SMSHALL_VERSION,
		                                 .config = h->config };
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
	struct event *watchdog = notify_ready(h->base);

	(void)event_base_dispatch(h->base);
	if (watchdog != NULL)
		event_free(watchdog);
	return EXIT_SUCCESS;
}

void house_close(struct house *h)
{
	for (size_t i = 0; i < sizeof(h->signal) / sizeof(h->signal[0]); i++) {
		if (h->signal[i] != NULL)
			event_free(h->signal[i]);
	}
	console_destroy(h->console);
	gateway_destroy(h->gateway);
	/* A check of the database may outlive the gateway; the log's file stays open for it. */
	log_guard_destroy(h->guard);
	free(h->log_file);
	if (h->base != NULL)
		event_base_free(h->base);
	conf_destroy(h->conf);
}
