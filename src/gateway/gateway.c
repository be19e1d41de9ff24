/*
 * gateway.c - see gateway/gateway.h.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include <event2/event.h>
#include <sodium.h>

#include "base/alloc.h"
#include "gateway_priv.h"

enum {
	DRAIN_MS = 3000,  /* for what is answered to be accepted */
	UNBIND_MS = 1500, /* more, for the SMSCs to answer unbind */
	TIMER_MS = 1000   /* at the latest */
};

/* ---- links ---- */

static void arm(struct gateway *g)
{
	const int64_t now = clock_ms(g->clock);
	int64_t wait = dispatch_deadline(g->dispatch) - now;

	if (g->draining && g->drain_until_ms - now < wait)
		wait = g->drain_until_ms - now;
	if (wait > TIMER_MS)
		wait = TIMER_MS;
	if (wait < 1)
		wait = 1;
	(void)event_add(g->timer, &(struct timeval){ wait / 1000, wait % 1000 * 1000 });
}

static void on_bound(void *ctx, struct link *link)
{
	struct gateway_link *l = ctx;
	struct gateway *g = l->gateway;

	(void)link;
	/* Unique over restarts: the second it was bound, and a count. */
	l->session = g->clock->wall_s << 20 | (g->next_session++ & 0xfffff);
	l->window = l->conf->window;
	l->paused_until_ms = 0;
	l->rate = bucket_make(1, clock_ms(g->clock));
	dispatch_pump(g->dispatch);
	arm(g);
}

static void on_down(void *ctx, struct link *link, const char *reason)
{
	struct gateway_link *l = ctx;

	(void)link;
	(void)reason;
	l->session = 0;
	dispatch_pump(l->gateway->dispatch); /* another link of the group may take over */
	arm(l->gateway);
}

static void on_event(void *ctx, struct link *link, const struct smpp_event *ev)
{
	struct gateway_link *l = ctx;

	(void)link;
	if (ev->kind == SMPP_EVENT_REQUEST)
		intake_event(l, ev);
	else
		dispatch_event(l->gateway->dispatch, l, ev);
}

static void on_batch_end(void *ctx, struct link *link)
{
	struct gateway_link *l = ctx;

	(void)link;
	intake_flush(l->gateway);
	dispatch_pump(l->gateway->dispatch);
	arm(l->gateway);
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
		                  .reconnect_max_ms = (int64_t)c->reconnect_max_s * 1000 };

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

static void ask_backlog(struct gateway *g, int64_t after)
{
	struct mail_chain chain = { NULL, NULL, 0 };
	struct note *n = xcalloc(1, sizeof(*n));

	n->letter.kind = MAIL_BACKLOG;
	n->after = after;
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
			ask_backlog(g, note->after);
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

static void drain_on(struct gateway *g);

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
	dispatch_pump(g->dispatch);
	arm(g);
	drain_on(g);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct gateway *g = ctx;

	(void)fd;
	(void)what;
	clock_read(g->clock);
	dispatch_pump(g->dispatch);
	arm(g);
	drain_on(g);
}

/* ---- create ---- */

static enum err load_assets(struct gateway *g, struct fault *fault)
{
	const struct hall_conf hall = { assets_language(str_of(g->conf->default_language)),
		                        str_of(g->conf->hotline) };
	struct buf report = buf_make(1 << 20);
	struct str rest, line;
	enum err e;

	e = assets_load(g->conf->grammar, &hall, g->clock->wall_s, &g->assets, &report, fault);
	rest = buf_str(&report);
	while (str_cut(&rest, '\n', &line)) {
		if (line.n > 0)
			LOG(g->log, LOG_DEBUG, "grammar.lint", "%.*s", STR_ARG(line));
	}
	buf_free(&report);
	return e;
}

static bool is_loopback(const char *host)
{
	struct in_addr a;

	if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
		return true;
	return inet_pton(AF_INET, host, &a) == 1 && ntohl(a.s_addr) >> 24 == 127;
}

/* A synthetic population holds numbers of real people: its answers stay on this machine. */
static enum err check_synthetic(const struct gateway *g, struct store *store, struct fault *fault)
{
	struct arena a = arena_make(4096);
	struct str value;
	const enum err e = store_setting(store, "synthetic", &a, &value);

	arena_free(&a);
	if (e == ERR_NOT_FOUND || g->options.force)
		return ERR_OK;
	for (size_t i = 0; e == ERR_OK && i < g->conf->n_links; i++) {
		if (is_loopback(g->conf->links[i].host))
			continue;
		fault_set(fault,
		          "store %s holds a synthetic population, whose numbers real people own: "
		          "link %s goes to %s, which is not this machine; use --force if you "
		          "are sure",
		          g->conf->store, g->conf->links[i].name, g->conf->links[i].host);
		return ERR_REFUSED;
	}
	return e;
}

/* The key of fingerprints: made once, kept in the store, so that they outlive a restart. */
static enum err load_key(struct store *store, uint8_t key[static 16])
{
	struct arena a = arena_make(4096);
	struct str value;
	enum err e = store_setting(store, "fingerprint_key", &a, &value);

	if (e == ERR_OK && value.n == 16) {
		memcpy(key, value.p, 16);
	} else if (e == ERR_NOT_FOUND) {
		randombytes_buf(key, 16);
		e = store_set_setting(store, "fingerprint_key",
		                      (struct str){ (const char *)key, 16 });
	}
	arena_free(&a);
	return e;
}

/* The crash file lies beside the database; a store without a file has none. */
static void watch_crashes(const struct gateway *g, struct turn *turn)
{
	int64_t fingerprint[CRASH_MAX];
	char path[4096];
	size_t n;

	if (strncmp(g->conf->store, "sqlite:", 7) != 0 || strchr(g->conf->store, '/') == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s.crash", g->conf->store + 7);
	n = crash_recall(path, fingerprint);
	if (n > 0)
		LOG(g->log, LOG_ERROR, "crash.recalled",
		    "texts=%zu they are set aside when they come again", n);
	turn_poison(turn, fingerprint, n);
	crash_install(path, turn_at(turn));
}

static enum err start_worker(struct gateway *g, struct fault *fault)
{
	struct worker_conf w = { .in = g->to_worker, .out = g->to_loop, .log = g->log };
	struct turn_conf t = { .fold = g->assets->fold,
		               .grammar = g->assets->grammar,
		               .hall = g->assets->hall };
	enum err e = store_open(g->conf->store, STORE_OPEN, &w.store, fault);

	if (e != ERR_OK)
		return e;
	t.store = w.store;
	e = check_synthetic(g, w.store, fault);
	if (e == ERR_OK) {
		e = load_key(w.store, t.key);
		if (e != ERR_OK)
			fault_set(fault, "cannot read %s: %s", g->conf->store, store_fault(w.store));
	}
	if (e == ERR_OK)
		e = turn_create(&t, &w.turn, fault);
	if (e != ERR_OK) {
		store_close(w.store);
		return e;
	}
	watch_crashes(g, w.turn);
	return worker_start(&w, &g->worker);
}

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
			                            .alphabet = alphabet_of(conf->links[i].alphabet) };
	g->limiter = limiter_create(conf->burst, conf->refill_per_s);
	g->dispatch = dispatch_create(g);
	g->to_worker = mailbox_create();
	g->to_loop = mailbox_create();
	g->mail_event = event_new(base, mailbox_fd(g->to_loop), EV_READ | EV_PERSIST, on_mail, g);
	g->timer = event_new(base, -1, 0, on_timer, g);
	e = load_assets(g, fault);
	if (e == ERR_OK)
		e = start_worker(g, fault);
	if (e != ERR_OK) {
		gateway_destroy(g);
		return e;
	}
	(void)event_add(g->mail_event, NULL);
	ask_backlog(g, 0);
	start_links(g);
	arm(g);
	*out = g;
	return ERR_OK;
}

/* ---- stop ---- */

static void stop_worker(struct gateway *g)
{
	struct mail_chain chain = { NULL, NULL, 0 };
	struct note *n = xcalloc(1, sizeof(*n));

	n->letter.kind = MAIL_STOP;
	mail_chain_add(&chain, &n->letter.mail);
	mailbox_put(g->to_worker, &chain);
}

static bool links_are_down(const struct gateway *g)
{
	for (size_t i = 0; i < g->n_links; i++) {
		if (g->link[i].session != 0)
			return false;
	}
	return true;
}

/*
 * What is next on the way down; each step waits for the one before or its time:
 * texts answered and accepted, links unbound, worker stopped.
 */
static void drain_on(struct gateway *g)
{
	const int64_t now = clock_ms(g->clock);
	const bool empty = g->waiting == 0 && dispatch_count(g->dispatch) == 0;

	if (!g->draining || g->stopped == NULL)
		return;
	if (g->drain == DRAIN_ANSWERS && (empty || now >= g->drain_until_ms)) {
		g->drain = DRAIN_LINKS;
		g->drain_until_ms = now + UNBIND_MS;
		for (size_t i = 0; i < g->n_links; i++)
			link_stop(g->link[i].link);
	}
	if (g->drain == DRAIN_LINKS && (links_are_down(g) || now >= g->drain_until_ms)) {
		g->drain = DRAIN_WORKER;
		stop_worker(g);
	}
	if (g->drain == DRAIN_WORKER && g->worker_stopped) {
		void (*stopped)(void *ctx) = g->stopped;

		g->stopped = NULL;
		stopped(g->stopped_ctx);
	}
}

void gateway_stop(struct gateway *g, void (*stopped)(void *ctx), void *ctx)
{
	if (g->draining)
		return;
	g->draining = true;
	g->stopped = stopped;
	g->stopped_ctx = ctx;
	g->drain_until_ms = clock_ms(g->clock) + DRAIN_MS;
	LOG(g->log, LOG_INFO, "gateway.draining", "waiting=%zu queued=%zu", g->waiting,
	    dispatch_count(g->dispatch));
	event_active(g->timer, EV_TIMEOUT, 0);
}

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
	if (g->worker != NULL)
		worker_join(g->worker);
	event_free(g->mail_event);
	event_free(g->timer);
	dispatch_destroy(g->dispatch);
	limiter_destroy(g->limiter);
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
		                        .grammar_revision = grammar_revision(g->assets->grammar),
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
