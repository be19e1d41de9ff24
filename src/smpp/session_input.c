/*
 * session_input.c - what the peer sends: PDUs off the stream, requests, responses.
 */
#include "layout_priv.h"
#include "session_priv.h"
#include "smpp/status.h"
#include "smpp/tlv.h"

enum front {
	FRONT_PART, /* the beginning of a PDU, or nothing */
	FRONT_PDU,
	FRONT_BAD /* a command_length that cannot be */
};

static enum front front_of(const struct smpp_session *s, struct span in, struct pdu *pdu)
{
	uint32_t length;

	if (in.n < sizeof(length))
		return FRONT_PART;
	length = be32(in.p);
	if (length < SMPP_HEADER || length > s->conf.max_pdu)
		return FRONT_BAD;
	if (in.n < length || smpp_header_read(in, &pdu->header) != ERR_OK)
		return FRONT_PART;
	pdu->raw = span_first(in, length);
	pdu->body = span_skip(pdu->raw, SMPP_HEADER);
	return FRONT_PDU;
}

/* Whether four octets where a length should be are letters, as of "GET " or "SSH-". */
static bool is_text(const uint8_t *p)
{
	for (size_t i = 0; i < 4; i++) {
		if (p[i] < ' ' || p[i] > '~')
			return false;
	}
	return true;
}

/* The stream cannot be followed any further; nor is there a sequence number to believe. */
static void refuse_length(struct smpp_session *s, struct span in)
{
	(void)session_answer(s, SMPP_GENERIC_NACK, 0, SMPP_ESME_RINVCMDLEN, NULL);
	session_close(s, is_text(in.p) ? "peer speaks text, such as HTTP, not SMPP"
	                               : "command_length out of bounds");
}

static void fill(struct smpp_event *ev, enum smpp_event_kind kind, const struct pdu *pdu)
{
	ev->kind = kind;
	ev->command_id = pdu->header.command_id;
	ev->sequence = pdu->header.sequence;
	ev->status = pdu->header.status;
	ev->raw = pdu->raw;
}

/* -- requests -------------------------------------------------------------- */

static void refuse(struct smpp_session *s, const struct rule *rule, const struct pdu *pdu,
                   uint32_t status)
{
	if (rule->answered)
		(void)session_answer(s, pdu->header.command_id | SMPP_RESP,
		                     pdu->header.sequence, status, NULL);
}

/* Decodes a request; the status to refuse it with, or 0. */
static uint32_t decode(struct smpp_session *s, const struct pdu *pdu)
{
	const uint32_t id = pdu->header.command_id;
	size_t at;

	if (smpp_decode(id, pdu->body, &s->body, &at) != ERR_OK)
		return smpp_decode_status(id, pdu->body);
	return smpp_tlv_status(layout_tlvs(id, &s->body));
}

void session_take_request(struct smpp_session *s, const struct rule *rule,
                          const struct pdu *pdu, struct smpp_event *ev)
{
	const enum smpp_role peer = s->conf.role == SMPP_ESME ? SMPP_SMSC : SMPP_ESME;
	uint32_t status = SMPP_ESME_RINVBNDSTS;

	if (session_may(s, peer, rule))
		status = decode(s, pdu);
	if (status != SMPP_ESME_ROK) {
		refuse(s, rule, pdu, status);
		return;
	}
	fill(ev, SMPP_EVENT_REQUEST, pdu);
	ev->body = &s->body;
}

void session_take_bind(struct smpp_session *s, const struct rule *rule,
                       const struct pdu *pdu, struct smpp_event *ev)
{
	uint32_t status = SMPP_ESME_RINVBNDSTS;

	if (s->conf.role == SMPP_SMSC)
		status = s->state == SMPP_OPEN ? decode(s, pdu) : SMPP_ESME_RALYBND;
	if (status != SMPP_ESME_ROK) {
		refuse(s, rule, pdu, status);
		return;
	}
	s->state = SMPP_BINDING;
	s->bind_request = pdu->header;
	s->peer_version = s->body.bind_transceiver.interface_version;
	for (s->bind = SMPP_BIND_RX; s->bind < SMPP_BIND_TRX; s->bind++) {
		if (session_bind_command(s->bind) == pdu->header.command_id)
			break;
	}
	fill(ev, SMPP_EVENT_BIND, pdu);
	ev->body = &s->body;
}

void session_take_unbind(struct smpp_session *s, const struct rule *rule,
                         const struct pdu *pdu, struct smpp_event *ev)
{
	(void)ev;
	refuse(s, rule, pdu, SMPP_ESME_ROK);
	session_close(s, "unbound by the peer");
}

/* Octets behind the header are overlooked: some peers send one. */
void session_take_enquire(struct smpp_session *s, const struct rule *rule,
                          const struct pdu *pdu, struct smpp_event *ev)
{
	(void)ev;
	refuse(s, rule, pdu, SMPP_ESME_ROK);
}

/* An invitation to bind, which we do anyway. */
void session_take_outbind(struct smpp_session *s, const struct rule *rule,
                          const struct pdu *pdu, struct smpp_event *ev)
{
	(void)s;
	(void)rule;
	(void)pdu;
	(void)ev;
}

/* -- responses ------------------------------------------------------------- */

static void take_bind_resp(struct smpp_session *s, const struct pdu *pdu,
                           struct smpp_event *ev)
{
	const uint32_t status = pdu->header.status;

	if (pdu->header.command_id == SMPP_GENERIC_NACK || status != SMPP_ESME_ROK) {
		s->refusal = status != SMPP_ESME_ROK ? status : SMPP_ESME_RBINDFAIL;
		session_close(s, "bind refused");
		return;
	}
	session_become_bound(s);
	fill(ev, SMPP_EVENT_BOUND, pdu);
}

/* Whether the PDU answers one of the session's own requests; if so, it is dealt with. */
static bool take_own_response(struct smpp_session *s, const struct pdu *pdu,
                              struct smpp_event *ev)
{
	const uint32_t command[OWNS] = { session_bind_command(s->bind), SMPP_ENQUIRE_LINK,
		                         SMPP_UNBIND };
	const struct smpp_header *h = &pdu->header;
	size_t own = 0;

	while (own < OWNS && (s->own[own] == 0 || s->own[own] != h->sequence))
		own++;
	if (own == OWNS || (h->command_id != SMPP_GENERIC_NACK &&
	                    h->command_id != (command[own] | SMPP_RESP)))
		return false;
	s->own[own] = 0;
	if (own == OWN_BIND)
		take_bind_resp(s, pdu, ev);
	session_close_if_drained(s);
	return true;
}

/* A body that does not decode is left out: the status is what counts. */
static void take_response(struct smpp_session *s, const struct pdu *pdu,
                          struct smpp_event *ev)
{
	const struct smpp_header *h = &pdu->header;
	struct window_request r;
	size_t at;
	bool late;

	if (take_own_response(s, pdu, ev) ||
	    !window_answer(&s->window, h->command_id, h->sequence, &r, &late))
		return;
	fill(ev, SMPP_EVENT_RESPONSE, pdu);
	ev->command_id = r.command_id | SMPP_RESP;
	ev->token = r.token;
	ev->late = late;
	ev->nack = h->command_id == SMPP_GENERIC_NACK;
	if (pdu->body.n > 0 && !ev->nack &&
	    smpp_decode(h->command_id, pdu->body, &s->body, &at) == ERR_OK)
		ev->body = &s->body;
	session_close_if_drained(s);
}

/* -- the stream ------------------------------------------------------------ */

static void take_pdu(struct smpp_session *s, const struct pdu *pdu, struct smpp_event *ev)
{
	const struct smpp_header *h = &pdu->header;
	const struct rule *rule;

	s->due[TIMER_PDU] = NEVER;
	session_alive(s);
	if ((h->command_id & SMPP_RESP) != 0) {
		take_response(s, pdu, ev);
		return;
	}
	rule = session_rule(h->command_id);
	if (rule != NULL)
		rule->take(s, rule, pdu, ev);
	else
		(void)session_answer(s, SMPP_GENERIC_NACK, h->sequence,
		                     SMPP_ESME_RINVCMDID, NULL);
}

/* The time to finish a PDU runs from its first octet. */
static void watch_part(struct smpp_session *s, size_t n)
{
	if (n == 0)
		s->due[TIMER_PDU] = NEVER;
	else if (s->due[TIMER_PDU] == NEVER)
		s->due[TIMER_PDU] = s->now_ms + s->conf.pdu_timeout_ms;
}

void smpp_session_input(struct smpp_session *s, struct span *in, int64_t now_ms,
                        struct smpp_event *ev)
{
	struct pdu pdu;
	enum front front;

	*ev = (struct smpp_event){ .kind = SMPP_EVENT_NONE };
	s->now_ms = now_ms;
	while (ev->kind == SMPP_EVENT_NONE && s->state != SMPP_CLOSED) {
		front = front_of(s, *in, &pdu);
		if (front == FRONT_PART) {
			watch_part(s, in->n);
			return;
		}
		if (front == FRONT_BAD) {
			refuse_length(s, *in);
			break;
		}
		*in = span_skip(*in, pdu.raw.n);
		take_pdu(s, &pdu, ev);
	}
	if (s->state == SMPP_CLOSED)
		*in = span_skip(*in, in->n);
	if (ev->kind == SMPP_EVENT_NONE)
		session_closing_event(s, ev);
}
