/*
 * route.c - messages on their way to ESMEs and handsets.
 *
 * An ESME's deliver_sm is tried until it is acknowledged or refused for good, over
 * lost links too: nothing that a handset sent is lost while the gateway is down.  A
 * message for a handset is tried while that is bound, and then dropped.
 */
#include <event2/event.h>
#include <stdlib.h>
#include <utlist.h>

#include "base/alloc.h"
#include "smpp/status.h"
#include "smpp/udh.h"
#include "smsc_priv.h"

enum {
	RETRY_MS = 1000, /* until a message that was given back is tried again */
	ESM_MODE = 0x03  /* of a submit_sm only: SMPP 3.4 section 5.2.12 */
};

/* -- lists -------------------------------------------------------------------- */

static void leave(struct message *m)
{
	if (m->list != NULL)
		DL_DELETE(*m->list, m);
	m->list = NULL;
}

/* Puts m into its place by id; most are newer than all others there. */
static void enter(struct message *m, struct message **list)
{
	struct message *before = *list;

	leave(m);
	m->list = list;
	if (*list == NULL || (*list)->prev->id < m->id) {
		DL_APPEND(*list, m);
		return;
	}
	while (before->id < m->id)
		before = before->next;
	DL_PREPEND_ELEM(*list, before, m);
}

static void make_ready(struct smsc *s, struct message *m)
{
	enter(m, m->phone[0] != '\0' ? &s->for_phone : &s->for_esme);
}

static void message_free(struct smsc *s, struct message *m)
{
	leave(m);
	s->messages--;
	buf_free(&m->tlvs);
	free(m);
}

/* Among those sent, the one with that id; few are, and the oldest is asked for mostly. */
static struct message *find_sent(struct smsc *s, uint64_t id)
{
	struct message *m;

	DL_FOREACH(s->sent, m)
	{
		if (m->id == id)
			return m;
	}
	return NULL;
}

/* -- messages ----------------------------------------------------------------- */

static struct address address_of(uint8_t ton, uint8_t npi, struct span digits)
{
	struct address a = { .ton = ton, .npi = npi };

	span_to_cstr(a.digits, sizeof(a.digits), digits);
	return a;
}

enum err route_put(struct smsc *s, const struct smpp_deliver_sm *sm, const char *phone)
{
	struct message *m;

	if (s->messages >= QUEUE_MAX || sm->tlvs.n > PAYLOAD_MAX ||
	    sm->short_message.n > sizeof(m->text))
		return ERR_FULL;
	m = xcalloc(1, sizeof(*m));
	*m = (struct message){
		.id = ++s->last_id,
		.from = address_of(sm->source_addr_ton, sm->source_addr_npi,
		                   sm->source_addr),
		.to = address_of(sm->dest_addr_ton, sm->dest_addr_npi,
		                 sm->destination_addr),
		.esm_class = (uint8_t)(sm->esm_class & ~ESM_MODE),
		.protocol_id = sm->protocol_id,
		.priority = sm->priority_flag,
		.data_coding = sm->data_coding,
		.n = (uint8_t)sm->short_message.n,
		.tlvs = buf_make(PAYLOAD_MAX),
	};
	span_to_cstr(m->phone, sizeof(m->phone), span_of_cstr(phone));
	if (m->n > 0)
		memcpy(m->text, sm->short_message.p, m->n);
	buf_put(&m->tlvs, sm->tlvs.p, sm->tlvs.n);
	s->messages++;
	make_ready(s, m);
	return ERR_OK;
}

static struct smpp_deliver_sm deliver_of(const struct message *m)
{
	return (struct smpp_deliver_sm){ .source_addr_ton = m->from.ton,
		                         .source_addr_npi = m->from.npi,
		                         .source_addr = span_of_cstr(m->from.digits),
		                         .dest_addr_ton = m->to.ton,
		                         .dest_addr_npi = m->to.npi,
		                         .destination_addr = span_of_cstr(m->to.digits),
		                         .esm_class = m->esm_class,
		                         .protocol_id = m->protocol_id,
		                         .priority_flag = m->priority,
		                         .data_coding = m->data_coding,
		                         .short_message = { m->text, m->n },
		                         .tlvs = buf_span(&m->tlvs) };
}

/* The script may have a message delivered twice: the copy goes to the end of the queue. */
static void maybe_duplicate(struct smsc *s, struct message *m)
{
	const struct smpp_deliver_sm sm = deliver_of(m);

	if (m->duplicate || !script_happens(s->script->duplicate, &s->seed))
		return;
	m->duplicate = true;
	if (route_put(s, &sm, "") == ERR_OK)
		s->for_esme->prev->duplicate = true; /* the last one */
}

/* -- sending ------------------------------------------------------------------ */

struct peer *route_phone(struct smsc *s, struct span number)
{
	const struct str wanted = { (const char *)number.p, number.n };
	struct peer *p;

	DL_FOREACH(s->peers, p)
	{
		if (p->kind == PEER_PHONE && str_eq(str_of(p->number), wanted) &&
		    smpp_session_state(conn_session(p->conn)) == SMPP_BOUND)
			return p;
	}
	return NULL;
}

static bool takes_messages(struct peer *p)
{
	struct smpp_session *session = conn_session(p->conn);

	return p->kind == PEER_ESME && smpp_session_bind(session) != SMPP_BIND_TX &&
	       smpp_session_room(session) > 0;
}

/* Round robin: whoever is served goes to the end of the list. */
static struct peer *next_esme(struct smsc *s)
{
	struct peer *p;

	DL_FOREACH(s->peers, p)
	{
		if (!takes_messages(p))
			continue;
		DL_DELETE(s->peers, p);
		DL_APPEND(s->peers, p);
		return p;
	}
	return NULL;
}

static enum err send_to(struct peer *p, struct message *m)
{
	struct smsc *s = p->smsc;
	const union smpp_body body = { .deliver_sm = deliver_of(m) };
	enum err e = smpp_session_request(conn_session(p->conn), SMPP_DELIVER_SM, &body,
	                                  m->id, clock_ms(s->clock));

	if (e != ERR_OK)
		return e;
	m->at = p;
	enter(m, &s->sent);
	conn_flush(p->conn);
	if (p->kind == PEER_ESME) {
		s->counts.delivered++;
		maybe_duplicate(s, m);
	}
	return ERR_OK;
}

/* A message for a handset: sent, dropped, or left for later. */
static void send_to_phone(struct smsc *s, struct message *m)
{
	struct peer *p = route_phone(s, span_of_cstr(m->phone));
	enum err e = p != NULL ? send_to(p, m) : ERR_STATE;

	if (e == ERR_OK || e == ERR_FULL)
		return;
	s->counts.dropped++;
	message_free(s, m);
}

/* False when p takes no more; what it takes neither now nor later is dropped. */
static bool send_to_esme(struct smsc *s, struct message *m, struct peer *p)
{
	enum err e = send_to(p, m);

	if (e == ERR_OK || e == ERR_FULL)
		return e == ERR_OK;
	s->counts.dropped++;
	message_free(s, m);
	return true;
}

void route_pump(struct smsc *s)
{
	struct message *m, *next;
	struct peer *p;

	DL_FOREACH_SAFE(s->for_phone, m, next)
	{
		send_to_phone(s, m);
	}
	do {
		p = s->for_esme != NULL ? next_esme(s) : NULL;
	} while (p != NULL && send_to_esme(s, s->for_esme, p));
}

/* -- what comes back ---------------------------------------------------------- */

static void rest(struct smsc *s, struct message *m)
{
	m->due_ms = clock_ms(s->clock) + RETRY_MS;
	enter(m, &s->resting);
	if (event_pending(s->retry, EV_TIMEOUT, NULL) == 0)
		(void)event_add(s->retry, &(struct timeval){ .tv_sec = RETRY_MS / 1000 });
}

static void answered(struct peer *p, struct message *m, uint32_t status)
{
	struct smsc *s = p->smsc;
	const enum smpp_status_class class = smpp_status_class(status);

	if (class == SMPP_STATUS_THROTTLED || class == SMPP_STATUS_TEMPORARY) {
		rest(s, m);
		return;
	}
	if (p->kind == PEER_ESME && class == SMPP_STATUS_OK)
		s->counts.delivered_ok++;
	if (class == SMPP_STATUS_PERMANENT)
		s->counts.dropped++;
	message_free(s, m);
}

void route_event(struct peer *p, const struct smpp_event *ev)
{
	struct message *m = find_sent(p->smsc, ev->token);

	if (m == NULL || m->at != p) /* late: it is on its way again */
		return;
	if (ev->kind == SMPP_EVENT_RESPONSE)
		answered(p, m, ev->status);
	else if (ev->kind == SMPP_EVENT_EXPIRED || ev->kind == SMPP_EVENT_LOST)
		make_ready(p->smsc, m);
	if (ev->kind == SMPP_EVENT_EXPIRED)
		route_pump(p->smsc);
}

static void on_retry(evutil_socket_t fd, short what, void *ctx)
{
	struct smsc *s = ctx;

	(void)fd;
	(void)what;
	clock_read(s->clock);
	while (s->resting != NULL && s->resting->due_ms <= clock_ms(s->clock) + 1)
		make_ready(s, s->resting);
	if (s->resting != NULL)
		(void)event_add(s->retry, &(struct timeval){ .tv_sec = RETRY_MS / 1000 });
	route_pump(s);
}

void route_start(struct smsc *s)
{
	s->retry = evtimer_new(s->base, on_retry, s);
}

void route_free(struct smsc *s)
{
	struct message **const lists[] = { &s->for_esme, &s->for_phone, &s->resting,
		                           &s->sent };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct message **list = lists[i];

		while (*list != NULL)
			message_free(s, *list); /* NOLINT(clang-analyzer-unix.Malloc) */
	}
	event_free(s->retry);
}
