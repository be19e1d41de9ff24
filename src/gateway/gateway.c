/*
 * gateway.c - see gateway/gateway.h.
 */
#include <stdlib.h>

#include <event2/event.h>
#include <sodium.h>

#include "base/alloc.h"
#include "gateway_priv.h"

enum {
	TIMER_MS = 1000, /* at the latest */
	BACKLOG_LOW =
		2048 /* messages; with fewer the next of before the start are asked for */
};

/* ---- links ---- */

static void arm(struct gateway *g)
{
	const int64_t now = clock_ms(g->clock);
	int64_t wait = dispatch_deadline(g->dispatch) - now;

	if (drain_deadline(g) - now < wait)
		wait = drain_deadline(g) - now;
	if (wait > TIMER_MS)
		wait = TIMER_MS;
	if (wait < 1)
		wait = 1;
	(void)event_add(g->timer, &(struct timeval){ wait / 1000, wait % 1000 * 1000 });
}

void gateway_poke(struct gateway *g)
{
	event_active(g->timer, EV_TIMEOUT, 0);
}

/* Never 0, and never one of an earlier life of this process, whatever the clock says. */
static int64_t new_session(void)
{
	int64_t id;

	randombytes_buf(&id, sizeof(id));
	return (id & INT64_MAX) | 1;
}

static void on_bound(void *ctx, struct link *link)
{
	struct gateway_link *l = ctx;
	struct gateway *g = l->gateway;

	(void)link;
	l->session = new_session();
	pace_start(l, clock_ms(g->clock));
	dispatch_pump(g->dispatch);
	arm(g);
}

static void on_down(void *ctx, struct link *link, const char *reason)
{
	struct gateway_link *l = ctx;

	(void)link;
	(void)reason;
	l->session = 0;
	intake_flush(l->gateway); /* no end of batch follows on the last one */
	gateway_poke(l->gateway); /* another link of the group may take over */
}

static void on_event(void *ctx, struct link *link, const struct smpp_event *ev)
{
	struct gateway_link *l = ctx;

	(void)link;
	if (ev->kind == SMPP_EVENT_REQUEST)
		intake_event(l, ev);
	else
		dispatch_event(l->gateway->dispatch, l, ev);
	if (ev->kind == SMPP_EVENT_EXPIRED)
		gateway_poke(l->gateway); /* no end of batch follows */
}

static void on_batch_end(void *ctx, struct link *link)
{
	struct gateway_link *l = ctx;

	(void)link;
	intake_flush(l->gateway);
	dispatch_pump(l->gateway->dispatch);
	arm(l->gateway);
	if (is_draining(l->gateway))
		gateway_poke(l->gateway);
}

static const struct link_ops link_ops = { on_bound, on_event, on_batch_end, on_down };

static enum coding alphabet_of(const char *name)
{
	static const struct {
		const char *name;
		enum coding coding;
	} names[] = { { "gsm7", CODING_GSM7 },
		      { "latin1", CODING_LATIN1 },
		      { "ascii", CODING_ASCII },
		      { "ucs2", CODING_UCS2 } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].name, name) == 0)
			return names[i].coding;
	}
	return CODING_GSM7;
}

static enum smpp_bind bind_of(enum conf_bind b)
{
	static const enum smpp_bind binds[] = { [CONF_TRANSCEIVER] = SMPP_BIND_TRX,
		                                [CONF_TRANSMITTER] = SMPP_BIND_TX,
		                                [CONF_RECEIVER] = SMPP_BIND_RX };

	return binds[b];
}

static struct link *dial(struct gateway *g, struct gateway_link *l)
{
	const struct conf_link *c = l->conf;
	struct link_conf conf = { .name = c->name,
		                  .host = c->host,
		                  .port = c->port,
		                  .session = smpp_session_defaults(),
		                  .reconnect_max_ms = (int64_t)c->reconnect_max_s *
		                                      1000 };

	conf.session.bind = bind_of(c->bind);
	conf.session.system_id = str_of(c->system_id);
	conf.session.password = str_of(c->password);
	conf.session.system_type = str_of(c->system_type);
	conf.session.window = (unsigned)c->window;
	conf.session.enquire_ms = (int64_t)c->enquire_s * 1000;
	conf.session.response_timeout_ms = (int64_t)c->response_s * 1000;
	conf.session.bind_timeout_ms = (int64_t)c->bind_s * 1000;
	randombytes_buf(&conf.jitter_seed, sizeof(conf.jitter_seed));
	return link_create(g->base, &conf, &link_ops, l, g->clock, g->log);
}

/* ---- mail from the worker ---- */

/* Slice by slice: however many wait in the store, few of them are in memory. */
static void ask_backlog(struct gateway *g)
{
	struct mail_chain chain = { NULL, NULL, 0 };
	struct note *n;

	if (g->backlog_after < 0 || is_draining(g) ||
	    dispatch_count(g->dispatch) >= BACKLOG_LOW)
		return;
	n = xcalloc(1, sizeof(*n));
	n->letter.kind = MAIL_BACKLOG;
	n->after = g->backlog_after;
	g->backlog_after = -1;
	mail_chain_add(&chain, &n->letter.mail);
	mailbox_put(g->to_worker, &chain);
}

static void take_letter(struct gateway *g, struct letter *letter)
{
	struct note *note = (struct note *)letter;

	switch (letter->kind) {
	case MAIL_INTAKE:
		intake_done(g, (struct intake *)letter);
		return;
	case MAIL_OUTGOING:
		dispatch_add(g->dispatch, (struct outgoing *)letter);
		return;
	case MAIL_BACKLOG:
		if (!note->last)
			g->backlog_after = note->after;
		break;
	case MAIL_STOPPED:
		g->worker_stopped = true;
		break;
	case MAIL_STOP:
	case MAIL_FAILED:
		g->options.failed(g->options.ctx);
		break;
	}
	free(note);
}

static void go_on(struct gateway *g)
{
	dispatch_pump(g->dispatch);
	ask_backlog(g);
	arm(g);
	drain_on(g);
}

static void on_mail(evutil_socket_t fd, short what, void *ctx)
{
	struct gateway *g = ctx;
	struct mail *mail = mailbox_take(g->to_loop), *next;

	(void)fd;
	(void)what;
	clock_read(g->clock);
	for (; mail != NULL; mail = next) {
		next = mail->next;
		take_letter(g, (struct letter *)mail);
	}
	go_on(g);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct gateway *g = ctx;

	(void)fd;
	(void)what;
	clock_read(g->clock);
	go_on(g);
}

/* ---- create ---- */

static void start_links(struct gateway *g)
{
	for (size_t i = 0; i < g->n_links; i++)
		g->link[i].link = dial(g, &g->link[i]);
}

enum err gateway_create(struct event_base *base, const struct conf *conf,
                        const struct gateway_options *options, struct clock *clock,
                        const struct log *log, struct gateway **out, struct fault *fault)
{
	struct gateway *g;
	enum err e;

	if (sodium_init() < 0) {
		fault_set(fault, "no random numbers to be had from this machine");
		return ERR_IO;
	}
	g = xcalloc(1, sizeof(*g));
	g->base = base;
	g->conf = conf;
	g->options = *options;
	g->clock = clock;
	g->log = log;
	g->started_s = clock->wall_s;
	g->n_links = conf->n_links;
	g->link = xcalloc(g->n_links, sizeof(*g->link));
	for (size_t i = 0; i < g->n_links; i++)
		g->link[i] = (struct gateway_link){ .gateway = g,
			                            .index = i,
			                            .conf = &conf->links[i],
			                            .alphabet = alphabet_of(
							    conf->links[i].alphabet) };
	g->limiter = limiter_create(conf->burst, conf->refill_per_s);
	g->dispatch = dispatch_create(g);
	g->to_worker = mailbox_create();
	g->to_loop = mailbox_create();
	g->mail_event = event_new(base, mailbox_fd(g->to_loop), EV_READ | EV_PERSIST,
	                          on_mail, g);
	g->timer = event_new(base, -1, 0, on_timer, g);
	e = gateway_start(g, fault);
	if (e != ERR_OK) {
		gateway_destroy(g);
		return e;
	}
	(void)event_add(g->mail_event, NULL);
	ask_backlog(g);
	start_links(g);
	arm(g);
	*out = g;
	return ERR_OK;
}

/* ---- stop ---- */

static void drop_mail(struct mailbox *m)
{
	struct mail *mail = m != NULL ? mailbox_take(m) : NULL, *next;

	for (; mail != NULL; mail = next) {
		next = mail->next;
		free(mail);
	}
	mailbox_destroy(m);
}

void gateway_destroy(struct gateway *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->n_links; i++)
		link_destroy(g->link[i].link);
	check_end(g->check);
	if (g->worker != NULL)
		worker_join(g->worker);
	event_free(g->mail_event);
	event_free(g->timer);
	dispatch_destroy(g->dispatch);
	limiter_destroy(g->limiter);
	mailbox_put(g->to_worker, &g->outbound);
	drop_mail(g->to_worker);
	drop_mail(g->to_loop);
	assets_destroy(g->assets);
	free(g->link);
	free(g);
}

void gateway_status(const struct gateway *g, struct gateway_status *out)
{
	static const char *const binds[] = { "transceiver", "transmitter", "receiver" };
	const size_t most = sizeof(out->link) / sizeof(out->link[0]);

	*out = (struct gateway_status){ .counts = g->counts,
		                        .answer_us = &g->answer_us,
		                        .waiting = g->waiting,
		                        .queued = dispatch_count(g->dispatch),
		                        .n_links = g->n_links < most ? g->n_links : most,
		                        .grammar_revision = grammar_revision(
						g->assets->grammar),
		                        .started_s = g->started_s };
	for (size_t i = 0; i < out->n_links; i++) {
		struct gateway_link *l = &g->link[i];
		const struct smpp_session *s = link_session(l->link);

		out->link[i] = (struct gateway_link_status){
			.name = l->conf->name,
			.state = link_state_name(link_state(l->link)),
			.bind = binds[l->conf->bind],
			.pending = s != NULL ? smpp_session_pending(s) : 0,
			.window = (unsigned)l->window
		};
	}
}
