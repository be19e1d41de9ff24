/*
 * peer.h - the other end of a session under test: builds what it sends, keeps
 * what it receives and the events the session reports.
 */
#ifndef UNIT_SMPP_PEER_H
#define UNIT_SMPP_PEER_H

#include <string.h>

#include "smpp/session.h"
#include "smpp/status.h"
#include "support/suite.h"

enum {
	LOG_EVENTS = 4096
};

struct peer {
	struct smpp_session *s;
	int64_t now;
	struct buf in;                     /* sent to the session, not consumed yet */
	struct smpp_event log[LOG_EVENTS]; /* bodies in it are dead */
	size_t n;
	struct buf text; /* the events in words, to compare runs */
};

#define SPAN(literal) ((struct span){ (const uint8_t *)(literal), sizeof(literal) - 1 })

static inline struct peer *peer_new(const struct smpp_session_conf *conf)
{
	struct peer *p = calloc(1, sizeof(*p));

	ck_assert_ptr_nonnull(p);
	p->now = 1000;
	p->in = buf_make(1 << 24);
	p->text = buf_make(1 << 24);
	p->s = smpp_session_create(conf, p->now);
	return p;
}

static inline void peer_free(struct peer *p)
{
	smpp_session_destroy(p->s);
	buf_free(&p->in);
	buf_free(&p->text);
	free(p);
}

static inline void peer_note(struct peer *p, const struct smpp_event *ev)
{
	ck_assert_uint_lt(p->n, LOG_EVENTS);
	p->log[p->n++] = *ev;
	buf_printf(&p->text, "%d %08x %u %u %llu %d%d%d %zu %s\n", (int)ev->kind,
	           ev->command_id, ev->sequence, ev->status,
	           (unsigned long long)ev->token, ev->late, ev->nack, ev->body != NULL,
	           ev->raw.n, ev->reason != NULL ? ev->reason : "");
}

/* Offers what is there until the session has nothing more to say. */
static inline void peer_flush(struct peer *p)
{
	struct span in = buf_span(&p->in);
	const size_t n = in.n;
	struct smpp_event ev;

	for (;;) {
		smpp_session_input(p->s, &in, p->now, &ev);
		if (ev.kind == SMPP_EVENT_NONE)
			break;
		peer_note(p, &ev);
	}
	buf_drop(&p->in, n - in.n);
}

static inline void peer_octets(struct peer *p, const void *octets, size_t n)
{
	buf_put(&p->in, octets, n);
	peer_flush(p);
}

/* Sends a PDU. */
static inline void peer_sends(struct peer *p, uint32_t id, uint32_t status,
                              uint32_t sequence, const union smpp_body *body)
{
	ck_assert_int_eq(smpp_encode(id, status, sequence, body, &p->in), ERR_OK);
	peer_flush(p);
}

/* Lets time pass up to `now`, stopping at each deadline as an owner would. */
static inline void peer_until(struct peer *p, int64_t now)
{
	struct smpp_event ev;

	for (;;) {
		const int64_t due = smpp_session_deadline(p->s);

		if (due > now)
			break;
		p->now = due > p->now ? due : p->now;
		smpp_session_tick(p->s, p->now, &ev);
		if (ev.kind != SMPP_EVENT_NONE)
			peer_note(p, &ev);
	}
	p->now = now;
}

/* Takes one PDU that the session sent; false when there is none. */
static inline bool peer_gets(struct peer *p, struct smpp_header *h)
{
	const struct span out = smpp_session_output(p->s);

	if (out.n == 0)
		return false;
	ck_assert_int_eq(smpp_header_read(out, h), ERR_OK);
	ck_assert_uint_le(h->length, out.n);
	smpp_session_sent(p->s, h->length);
	return true;
}

/* Takes the one PDU that is there and checks it. */
static inline struct smpp_header peer_expects(struct peer *p, uint32_t id,
                                              uint32_t status)
{
	struct smpp_header h;

	ck_assert(peer_gets(p, &h));
	ck_assert_msg(h.command_id == id, "%08x for %08x", h.command_id, id);
	ck_assert_msg(h.status == status, "%08x: status %u for %u", id, h.status, status);
	return h;
}

static inline void peer_expects_nothing(struct peer *p)
{
	ck_assert_uint_eq(smpp_session_output(p->s).n, 0);
}

/* The latest event, which must be of this kind and the first one not yet asked for. */
static inline const struct smpp_event *peer_event(struct peer *p, size_t at,
                                                  enum smpp_event_kind kind)
{
	ck_assert_msg(at < p->n, "event %zu of %zu", at, p->n);
	ck_assert_msg(p->log[at].kind == kind, "event %zu is %d for %d", at,
	              (int)p->log[at].kind, (int)kind);
	return &p->log[at];
}

static inline void peer_expects_closed(struct peer *p, const char *part_of_reason)
{
	const struct smpp_event *ev;

	ck_assert_uint_gt(p->n, 0);
	ev = peer_event(p, p->n - 1, SMPP_EVENT_CLOSED);
	ck_assert_msg(strstr(ev->reason, part_of_reason) != NULL, "%s", ev->reason);
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_CLOSED);
}

/* A session bound, with nothing in its output and no events in the log. */
static inline struct peer *peer_bound_with(struct smpp_session_conf conf,
                                           enum smpp_bind bind)
{
	static const uint32_t binds[] = { SMPP_BIND_RECEIVER, SMPP_BIND_TRANSMITTER,
		                          SMPP_BIND_TRANSCEIVER };
	struct peer *p;
	struct smpp_header h;

	conf.bind = bind;
	p = peer_new(&conf);
	if (conf.role == SMPP_ESME) {
		h = peer_expects(p, binds[bind], 0);
		peer_sends(p, binds[bind] | SMPP_RESP, 0, h.sequence, NULL);
	} else {
		peer_sends(p, binds[bind], 0, 1, NULL);
		smpp_session_accept(p->s, 1, 0, STR("SMSC"));
		peer_expects(p, binds[bind] | SMPP_RESP, 0);
	}
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_BOUND);
	p->n = 0;
	buf_reset(&p->text);
	return p;
}

static inline struct peer *peer_bound(enum smpp_role role, enum smpp_bind bind)
{
	struct smpp_session_conf conf = smpp_session_defaults();

	conf.role = role;
	return peer_bound_with(conf, bind);
}

static inline union smpp_body peer_message(void)
{
	return (union smpp_body){ .submit_sm = { .source_addr = SPAN("13800138000"),
		                                 .destination_addr = SPAN("10086"),
		                                 .short_message = SPAN("CXYE") } };
}

static inline enum err submit(struct peer *p, uint64_t token)
{
	const union smpp_body body = peer_message();

	return smpp_session_request(p->s, SMPP_SUBMIT_SM, &body, token, p->now);
}

#endif
