/*
 * smsc.c - an SMSC on loopback: listening, binds, the life of a peer; see sim/smsc.h.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <utlist.h>

#include "base/alloc.h"
#include "smpp/status.h"
#include "smsc_priv.h"
#include "text/mask.h"

enum {
	BACKLOG = 128
};

void span_to_cstr(char *out, size_t size, struct span s)
{
	const size_t n = s.n < size ? s.n : size - 1;

	if (n > 0)
		memcpy(out, s.p, n);
	out[n] = '\0';
}

static void peer_free(struct peer *p)
{
	DL_DELETE(p->smsc->peers, p);
	answers_free(p);
	free(p);
}

/* An account's name in quotes; of a handset, whose name is its number, the mask. */
static const char *shown_peer(char out[static LOG_QUOTE_MAX], struct str id, bool phone)
{
	return phone ? mask_number(out, id) : log_quote(out, id);
}

/* Judges a bind and answers it. */
static void take_bind(struct peer *p, const struct smpp_event *ev)
{
	const struct smpp_bind_transceiver *b = &ev->body->bind_transceiver;
	const struct str id = { (const char *)b->system_id.p, b->system_id.n };
	const struct str password = { (const char *)b->password.p, b->password.n };
	const bool phone = b->system_type.n == 5 &&
	                   memcmp(b->system_type.p, "phone", 5) == 0;
	const uint32_t status = phone ? SMPP_ESME_ROK
	                              : script_bind_status(p->smsc->script, id, password);
	char shown[LOG_QUOTE_MAX];

	smpp_session_accept(conn_session(p->conn), ev->sequence, status, STR("smshall"));
	LOG(p->smsc->log, status == 0 ? LOG_INFO : LOG_WARN, "smsc.bind",
	    "peer=%s as=%s status=0x%02x", shown_peer(shown, id, phone),
	    phone ? "phone" : "esme", status);
	if (status != SMPP_ESME_ROK) {
		p->smsc->counts.refused_binds++;
		return;
	}
	p->smsc->counts.binds++;
	p->kind = phone ? PEER_PHONE : PEER_ESME;
	span_to_cstr(p->system_id, sizeof(p->system_id), b->system_id);
	span_to_cstr(p->number, sizeof(p->number),
	             b->address_range.n > 0 ? b->address_range : b->system_id);
}

/* The script may cut an ESME off after so many PDUs. */
static void count_pdu(struct peer *p)
{
	const int every = p->smsc->script->drop_every;

	if (p->kind != PEER_ESME || every == 0 || ++p->pdus < every)
		return;
	p->pdus = 0;
	p->smsc->counts.cut++;
	conn_close(p->conn, "cut off by the script");
}

static void on_event(void *ctx, struct conn *c, const struct smpp_event *ev)
{
	struct peer *p = ctx;
	struct smsc *s = p->smsc;
	char shown[LOG_QUOTE_MAX];

	(void)c;
	if (ev->kind == SMPP_EVENT_BIND) {
		take_bind(p, ev);
	} else if (ev->kind == SMPP_EVENT_REQUEST) {
		answer_request(p, ev);
		count_pdu(p);
	} else if (ev->kind == SMPP_EVENT_CLOSED) {
		LOG(s->log, LOG_INFO, "smsc.closed", "peer=%s reason=\"%s\"",
		    shown_peer(shown, str_of(p->system_id), p->kind == PEER_PHONE),
		    ev->reason);
		peer_free(p);
		route_pump(s); /* what it had goes to others */
	} else {
		route_event(p, ev);
		if (ev->kind == SMPP_EVENT_RESPONSE)
			count_pdu(p);
	}
}

static void on_batch_end(void *ctx, struct conn *c)
{
	struct peer *p = ctx;

	(void)c;
	route_pump(p->smsc);
}

static const struct conn_ops ops = { .event = on_event, .batch_end = on_batch_end };

static void on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from,
                      int n, void *ctx)
{
	struct smsc *s = ctx;
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p = xcalloc(1, sizeof(*p));

	(void)l;
	(void)from;
	(void)n;
	conf.role = SMPP_SMSC;
	conf.response_timeout_ms = s->script->redeliver_ms;
	p->smsc = s;
	DL_APPEND(s->peers, p);
	p->conn = conn_create(s->base, fd, &conf, &ops, p, s->clock);
}

static enum err listen_at(struct smsc *s, const struct smsc_conf *conf,
                          struct fault *fault)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_port = htons((uint16_t)conf->port) };
	socklen_t n = sizeof(at);

	if (conf->port < 0 || conf->port > 65535 ||
	    inet_pton(AF_INET, conf->listen, &at.sin_addr) != 1) {
		fault_set(fault, "%s:%d: expected an IPv4 address and a port up to 65535",
		          conf->listen, conf->port);
		return ERR_RANGE;
	}
	s->listener = evconnlistener_new_bind(
		s->base, on_accept, s,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_EXEC,
		BACKLOG, (struct sockaddr *)&at, sizeof(at));
	if (s->listener == NULL || getsockname(evconnlistener_get_fd(s->listener),
	                                       (struct sockaddr *)&at, &n) != 0) {
		fault_set(
			fault,
			"%s:%d: %s; is another SMSC running there? else choose another port",
			conf->listen, conf->port, strerror(errno));
		return ERR_IO;
	}
	s->port = ntohs(at.sin_port);
	return ERR_OK;
}

enum err smsc_create(struct event_base *base, const struct smsc_conf *conf,
                     struct clock *clock, const struct log *log, struct smsc **out,
                     struct fault *fault)
{
	struct smsc *s = xcalloc(1, sizeof(*s));
	enum err e;

	*s = (struct smsc){ .base = base,
		            .clock = clock,
		            .log = log,
		            .script = conf->script != NULL ? conf->script : &script_none,
		            .seed = conf->seed };
	route_start(s);
	e = listen_at(s, conf, fault);
	if (e == ERR_OK)
		*out = s;
	else
		smsc_destroy(s);
	return e;
}

void smsc_destroy(struct smsc *s)
{
	struct peer *p, *next;

	if (s == NULL)
		return;
	DL_FOREACH_SAFE(s->peers, p, next)
	{
		conn_destroy(p->conn);
		peer_free(p);
	}
	if (s->listener != NULL)
		evconnlistener_free(s->listener);
	route_free(s);
	free(s);
}

int smsc_port(const struct smsc *s)
{
	return s->port;
}

struct smsc_counts smsc_counts(const struct smsc *s)
{
	return s->counts;
}
