/*
 * links.c - which links there are: at start, and after the configuration has changed.
 *
 * A link whose settings differ in anything is another link.  The one before leaves:
 * what it sends on is awaited, what its texts are answered is sent, then it unbinds;
 * only then the new one of its name dials, because an SMSC may allow one bind.
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include <event2/event.h>
#include <sodium.h>

#include "dispatch_priv.h"

enum {
	LEAVE_MS = 2500 /* for what a leaving link has under way */
};

/* ---- events ---- */

/* Never 0, and never one of an earlier life of this process, whatever the clock says. */
static int64_t new_session(void)
{
	int64_t id;

	randombytes_buf(&id, sizeof(id));
	return (id & INT64_MAX) | 1;
}

/* Left out of a configuration by mistake, it looks as if nobody were a subscriber. */
static void warn_untrusted(const struct gateway_link *l)
{
	if (l->conf->trusted || l->conf->bind == CONF_TRANSMITTER)
		return;
	LOG(l->gateway->log, LOG_WARN, "link.untrusted",
	    "link=%s everybody who texts here is answered as a stranger; set trusted = true "
	    "where the SMSC vouches for its senders",
	    l->conf->name);
}

static void on_bound(void *ctx, struct link *link)
{
	struct gateway_link *l = ctx;
	struct gateway *g = l->gateway;

	(void)link;
	warn_untrusted(l);
	l->session = new_session();
	l->waiting = 0;
	l->figures.binds++;
	pace_start(l, clock_ms(g->clock));
	dispatch_pump(g->dispatch);
	gateway_arm(g);
}

static void on_down(void *ctx, struct link *link, const char *reason)
{
	struct gateway_link *l = ctx;

	(void)link;
	(void)reason;
	l->session = 0;
	l->waiting = 0;
	l->down_since_ms = clock_ms(l->gateway->clock);
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
	gateway_arm(l->gateway);
	if (is_draining(l->gateway) || l->leaving)
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

/* ---- places ---- */

/* The link of that name which is to stay, or NULL. */
static struct gateway_link *staying(const struct gateway *g, const char *name)
{
	for (size_t i = 0; i < g->n_links; i++) {
		struct gateway_link *l = &g->link[i];

		if (l->conf != NULL && !l->leaving && strcmp(l->conf->name, name) == 0)
			return l;
	}
	return NULL;
}

static bool is_leaving(const struct gateway *g, const char *name)
{
	for (size_t i = 0; i < g->n_links; i++) {
		const struct gateway_link *l = &g->link[i];

		if (l->conf != NULL && l->leaving && strcmp(l->conf->name, name) == 0)
			return true;
	}
	return false;
}

static const struct conf_link *wanted(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->n_links; i++) {
		if (strcmp(conf->links[i].name, name) == 0)
			return &conf->links[i];
	}
	return NULL;
}

static size_t free_places(const struct gateway *g)
{
	size_t n = GATEWAY_LINKS;

	for (size_t i = 0; i < g->n_links; i++)
		n -= g->link[i].conf != NULL ? 1 : 0;
	return n;
}

static size_t places_needed(const struct gateway *g, const struct conf *conf)
{
	size_t n = 0;

	for (size_t i = 0; i < conf->n_links; i++) {
		const struct gateway_link *l = staying(g, conf->links[i].name);

		n += l == NULL || !conf_link_equal(l->conf, &conf->links[i]) ? 1 : 0;
	}
	return n;
}

static bool is_loopback(const char *host)
{
	struct in_addr a;

	if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
		return true;
	return inet_pton(AF_INET, host, &a) == 1 && ntohl(a.s_addr) >> 24 == 127;
}

/* A synthetic population holds numbers of real people: its answers stay on this machine. */
static enum err check_hosts(const struct gateway *g, const struct conf *conf,
                            struct fault *fault)
{
	for (size_t i = 0; i < conf->n_links && g->synthetic && !g->options.force; i++) {
		if (is_loopback(conf->links[i].host))
			continue;
		fault_set(
			fault,
			"store %s holds a synthetic population, whose numbers real people own: "
			"link %s goes to %s, which is not this machine; use --force if you "
			"are sure",
			g->first_conf->store, conf->links[i].name, conf->links[i].host);
		return ERR_REFUSED;
	}
	return ERR_OK;
}

enum err links_check(const struct gateway *g, const struct conf *conf,
                     struct fault *fault)
{
	if (places_needed(g, conf) > free_places(g)) {
		fault_set(
			fault,
			"links of earlier configurations are still leaving; try again in some "
			"seconds");
		return ERR_RANGE;
	}
	return check_hosts(g, conf, fault);
}

static void leave(struct gateway_link *l)
{
	l->leaving = true;
	l->leave_by_ms = clock_ms(l->gateway->clock) + LEAVE_MS;
	LOG(l->gateway->log, LOG_INFO, "link.leaving", "link=%s waiting=%zu",
	    l->conf->name, l->waiting);
}

static void settle_in(struct gateway *g, const struct conf_link *conf)
{
	size_t i = 0;

	while (i < g->n_links && g->link[i].conf != NULL)
		i++;
	assert(i < GATEWAY_LINKS); /* links_check() */
	if (i == g->n_links)
		g->n_links++;
	g->link[i] = (struct gateway_link){ .gateway = g,
		                            .index = i,
		                            .conf = conf,
		                            .down_since_ms = clock_ms(g->clock),
		                            .alphabet = alphabet_of(conf->alphabet) };
}

void links_apply(struct gateway *g, const struct conf *conf)
{
	for (size_t i = 0; i < g->n_links; i++) {
		struct gateway_link *l = &g->link[i];
		const struct conf_link *now;

		if (l->conf == NULL || l->leaving)
			continue;
		now = wanted(conf, l->conf->name);
		if (now != NULL && conf_link_equal(l->conf, now))
			l->conf = now;
		else
			leave(l);
	}
	for (size_t i = 0; i < conf->n_links; i++) {
		if (staying(g, conf->links[i].name) == NULL)
			settle_in(g, &conf->links[i]);
	}
}

/* Nothing of it is under way any more, or it has had its time. */
static bool has_left(const struct gateway_link *l)
{
	const struct smpp_session *s = l->session != 0 ? link_session(l->link) : NULL;

	return s == NULL || clock_ms(l->gateway->clock) >= l->leave_by_ms ||
	       (l->waiting == 0 && smpp_session_pending(s) == 0);
}

/* One step further on its way out. */
static void let_go(struct gateway_link *l)
{
	const int64_t now = clock_ms(l->gateway->clock);

	if (l->link != NULL && !has_left(l))
		return;
	if (l->link != NULL && l->session != 0 && link_state(l->link) != LINK_STOPPED) {
		link_stop(l->link);
		l->leave_by_ms = now + LEAVE_MS;
		return;
	}
	if (l->session != 0 && now < l->leave_by_ms)
		return; /* the answer to its unbind is awaited */
	LOG(l->gateway->log, LOG_INFO, "link.left", "link=%s", l->conf->name);
	link_destroy(l->link);
	*l = (struct gateway_link){ .gateway = l->gateway, .index = l->index };
}

void links_sweep(struct gateway *g)
{
	if (is_draining(g))
		return;
	for (size_t i = 0; i < g->n_links; i++) {
		struct gateway_link *l = &g->link[i];

		if (l->conf != NULL && l->leaving)
			let_go(l);
	}
	for (size_t i = 0; i < g->n_links; i++) {
		struct gateway_link *l = &g->link[i];

		if (l->conf == NULL || l->link != NULL || is_leaving(g, l->conf->name))
			continue;
		l->link = dial(g, l);
		link_capture(l->link, g->capture);
	}
}
