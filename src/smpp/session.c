/*
 * session.c - a session's life: its timers, and what the owner asks of it.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "session_priv.h"
#include "smpp/status.h"
#include "smpp/tlv.h"

enum {
	RESERVE = 64 * 1024, /* octets past output_limit that responses may take */
	VERSION_3_4 = 0x34
};

/* -- life ------------------------------------------------------------------ */

void session_close(struct smpp_session *s, const char *reason)
{
	if (s->state == SMPP_CLOSED)
		return;
	s->state = SMPP_CLOSED;
	s->reason = reason;
}

void session_closing_event(struct smpp_session *s, struct smpp_event *ev)
{
	struct window_request r;

	if (s->state != SMPP_CLOSED || s->told)
		return;
	if (window_drop(&s->window, &r)) {
		*ev = (struct smpp_event){ .kind = SMPP_EVENT_LOST, .token = r.token };
		return;
	}
	s->told = true;
	*ev = (struct smpp_event){ .kind = SMPP_EVENT_CLOSED,
		                   .status = s->refusal,
		                   .reason = s->reason };
}

void session_become_bound(struct smpp_session *s)
{
	s->state = SMPP_BOUND;
	s->due[TIMER_BIND] = NEVER;
	session_alive(s);
}

void session_alive(struct smpp_session *s)
{
	s->due[TIMER_ENQUIRE] = NEVER;
	if (s->state == SMPP_BOUND && s->conf.enquire_ms > 0)
		s->due[TIMER_IDLE] = s->now_ms + s->conf.enquire_ms;
}

void session_close_if_drained(struct smpp_session *s)
{
	if (s->state == SMPP_UNBINDING && s->own[OWN_UNBIND] == 0 &&
	    s->window.pending == 0)
		session_close(s, "unbound");
}

/* -- output ---------------------------------------------------------------- */

/* Appends a PDU to the output if that stays within limit. */
static enum err put(struct smpp_session *s, size_t limit, const struct smpp_header *h,
                    const union smpp_body *body)
{
	if (s->out.n >= limit)
		return ERR_FULL;
	s->out.max = limit;
	return smpp_encode(h->command_id, h->status, h->sequence, body, &s->out);
}

static size_t limit_with_reserve(const struct smpp_session *s)
{
	return s->conf.output_limit + RESERVE;
}

uint32_t session_answer(struct smpp_session *s, uint32_t command_id, uint32_t sequence,
                        uint32_t status, const union smpp_body *body)
{
	struct smpp_header h = { .command_id = command_id,
		                 .status = status,
		                 .sequence = sequence };
	enum err e = put(s, limit_with_reserve(s), &h, body);

	if (e != ERR_OK && e != ERR_FULL && status == SMPP_ESME_ROK) {
		h.status = SMPP_ESME_RSYSERR;
		e = put(s, limit_with_reserve(s), &h, NULL);
	}
	if (e == ERR_FULL)
		session_close(s, "peer does not read what it is sent");
	return h.status;
}

/* Sends a request of the session itself. */
static void send_own(struct smpp_session *s, enum own own, uint32_t command_id,
                     const union smpp_body *body)
{
	const struct smpp_header h = { .command_id = command_id,
		                       .sequence = window_sequence(&s->window) };

	s->own[own] = h.sequence;
	if (put(s, limit_with_reserve(s), &h, body) != ERR_OK)
		session_close(s, "peer does not read what it is sent");
}

uint32_t session_bind_command(enum smpp_bind bind)
{
	static const uint32_t commands[] = {
		[SMPP_BIND_RX] = SMPP_BIND_RECEIVER,
		[SMPP_BIND_TX] = SMPP_BIND_TRANSMITTER,
		[SMPP_BIND_TRX] = SMPP_BIND_TRANSCEIVER,
	};

	return commands[bind];
}

static struct span span_of(struct str s)
{
	return (struct span){ (const uint8_t *)s.p, s.n };
}

static void send_bind(struct smpp_session *s, const struct smpp_session_conf *conf)
{
	const union smpp_body body = { .bind_transceiver = {
					       .system_id = span_of(conf->system_id),
					       .password = span_of(conf->password),
					       .system_type = span_of(conf->system_type),
					       .interface_version =
						       conf->interface_version,
				       } };

	s->bind = conf->bind;
	s->state = SMPP_BINDING;
	send_own(s, OWN_BIND, session_bind_command(conf->bind), &body);
}

struct smpp_session *smpp_session_create(const struct smpp_session_conf *conf,
                                         int64_t now_ms)
{
	const bool sound = smpp_session_conf_check(conf, NULL) == ERR_OK;
	struct smpp_session *s = xcalloc(1, sizeof(*s));

	s->conf = *conf;
	s->conf.system_id = s->conf.password = s->conf.system_type = (struct str){ 0 };
	s->now_ms = now_ms;
	s->state = SMPP_OPEN;
	s->window = window_make(sound ? conf->window : 1, conf->first_sequence);
	for (size_t i = 0; i < TIMERS; i++)
		s->due[i] = NEVER;
	if (!sound) {
		session_close(s, "the session's configuration is refused");
		return s;
	}
	s->due[TIMER_BIND] = now_ms + conf->bind_timeout_ms;
	if (conf->role == SMPP_ESME)
		send_bind(s, conf);
	return s;
}

void smpp_session_destroy(struct smpp_session *s)
{
	if (s == NULL)
		return;
	window_free(&s->window);
	buf_free(&s->out);
	free(s);
}

struct span smpp_session_output(const struct smpp_session *s)
{
	return buf_span(&s->out);
}

void smpp_session_sent(struct smpp_session *s, size_t n)
{
	buf_drop(&s->out, n);
}

/* -- time ------------------------------------------------------------------ */

static void send_enquire(struct smpp_session *s)
{
	s->due[TIMER_ENQUIRE] = s->now_ms + s->conf.response_timeout_ms;
	send_own(s, OWN_ENQUIRE, SMPP_ENQUIRE_LINK, NULL);
}

/* A timer has run out: its reason closes the session; the idle timer has none. */
static void fire(struct smpp_session *s, enum timer timer)
{
	static const char *const reasons[TIMERS] = {
		[TIMER_BIND] = "not bound in time",
		[TIMER_PDU] = "PDU begun but not finished in time",
		[TIMER_ENQUIRE] = "enquire_link unanswered",
		[TIMER_UNBIND] = "not drained in time after unbind",
	};

	s->due[timer] = NEVER;
	if (reasons[timer] != NULL)
		session_close(s, reasons[timer]);
	else
		send_enquire(s);
}

void smpp_session_tick(struct smpp_session *s, int64_t now_ms, struct smpp_event *ev)
{
	struct window_request r;

	*ev = (struct smpp_event){ .kind = SMPP_EVENT_NONE };
	s->now_ms = now_ms;
	if (s->state != SMPP_CLOSED && window_expire(&s->window, now_ms, &r)) {
		*ev = (struct smpp_event){ .kind = SMPP_EVENT_EXPIRED, .token = r.token };
		session_close_if_drained(s);
		return;
	}
	for (enum timer i = 0; i < TIMERS; i++) {
		if (s->state != SMPP_CLOSED && s->due[i] <= now_ms)
			fire(s, i);
	}
	session_closing_event(s, ev);
}

int64_t smpp_session_deadline(const struct smpp_session *s)
{
	int64_t due = window_due(&s->window);

	if (s->state == SMPP_CLOSED)
		return s->told ? NEVER : s->now_ms;
	for (size_t i = 0; i < TIMERS; i++) {
		if (s->due[i] < due)
			due = s->due[i];
	}
	return due;
}

void smpp_session_hangup(struct smpp_session *s, const char *reason)
{
	session_close(s, reason);
}

/* -- what the owner asks for ----------------------------------------------- */

/* Sends a request that session_may() allows and that there is room for. */
static enum err send_request(struct smpp_session *s, const struct smpp_header *h,
                             const union smpp_body *body)
{
	const size_t before = s->out.n;
	enum err e = put(s, s->conf.output_limit, h, body);

	if (e == ERR_OK && s->out.n - before > s->conf.max_pdu) {
		s->out.n = before;
		e = ERR_LENGTH;
	}
	return e;
}

enum err smpp_session_request(struct smpp_session *s, uint32_t command_id,
                              const union smpp_body *body, uint64_t token, int64_t now_ms)
{
	const struct rule *rule = session_rule(command_id);
	struct smpp_header h = { .command_id = command_id };
	enum err e;

	s->now_ms = now_ms;
	if (rule == NULL || !session_may(s, s->conf.role, rule))
		return ERR_STATE;
	if (s->window.pending == s->window.limit)
		return ERR_FULL;
	h.sequence = window_sequence(&s->window);
	e = send_request(s, &h, body);
	if (e != ERR_OK)
		s->window.next = h.sequence; /* unused: the next one takes it */
	if (e != ERR_OK || !rule->answered)
		return e;
	window_add(&s->window, &(struct window_request){ h.sequence, command_id, token },
	           now_ms + s->conf.response_timeout_ms);
	return ERR_OK;
}

void smpp_session_respond(struct smpp_session *s, uint32_t command_id, uint32_t sequence,
                          uint32_t status, const union smpp_body *body)
{
	const struct rule *rule = session_rule(command_id & ~SMPP_RESP);

	if (s->state != SMPP_CLOSED && rule != NULL && rule->answered)
		(void)session_answer(s, command_id | SMPP_RESP, sequence, status, body);
}

void smpp_session_accept(struct smpp_session *s, uint32_t sequence, uint32_t status,
                         struct str system_id)
{
	struct buf tlvs = buf_make(SMPP_TLV_HEADER + 1);
	union smpp_body body = { .bind_transceiver_resp = {
					 .system_id = span_of(system_id) } };

	if (s->conf.role != SMPP_SMSC || s->state != SMPP_BINDING ||
	    s->bind_request.sequence != sequence)
		return;
	/* Peers of 3.3 know no optional parameters. */
	if (s->peer_version >= VERSION_3_4)
		smpp_tlv_put_u8(&tlvs, SMPP_TAG_SC_INTERFACE_VERSION,
		                s->conf.interface_version);
	body.bind_transceiver_resp.tlvs = buf_span(&tlvs);
	status = session_answer(s, s->bind_request.command_id | SMPP_RESP, sequence,
	                        status, &body);
	buf_free(&tlvs);
	if (status == SMPP_ESME_ROK && s->state == SMPP_BINDING) {
		session_become_bound(s);
		return;
	}
	s->refusal = status;
	session_close(s, "bind refused");
}

void smpp_session_unbind(struct smpp_session *s, int64_t now_ms)
{
	s->now_ms = now_ms;
	if (s->state == SMPP_UNBINDING)
		return;
	if (s->state != SMPP_BOUND) {
		session_close(s, "ended before it was bound");
		return;
	}
	s->state = SMPP_UNBINDING;
	s->due[TIMER_IDLE] = s->due[TIMER_ENQUIRE] = NEVER;
	s->due[TIMER_UNBIND] = now_ms + s->conf.response_timeout_ms;
	send_own(s, OWN_UNBIND, SMPP_UNBIND, NULL);
}

/* -- what it is like ------------------------------------------------------- */

enum smpp_state smpp_session_state(const struct smpp_session *s)
{
	return s->state;
}

enum smpp_bind smpp_session_bind(const struct smpp_session *s)
{
	return s->bind;
}

unsigned smpp_session_pending(const struct smpp_session *s)
{
	return s->window.pending;
}

unsigned smpp_session_room(const struct smpp_session *s)
{
	if (s->state != SMPP_BOUND || s->out.n >= s->conf.output_limit)
		return 0;
	return s->window.limit - s->window.pending;
}
