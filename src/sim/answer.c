/*
 * answer.c - what becomes of the requests of peers: status, receipt, delay.
 */
#include <event2/event.h>
#include <stdlib.h>
#include <utlist.h>

#include "base/alloc.h"
#include "base/civil.h"
#include "base/dice.h"
#include "smpp/receipt.h"
#include "smpp/status.h"
#include "smpp/tlv.h"
#include "smpp/udh.h"
#include "smsc_priv.h"

enum {
	RECEIPT_MAX = 254,
	ESM_RECEIPT = 0x04,     /* SMPP 3.4 section 5.2.12 */
	REGISTERED_MASK = 0x03, /* section 5.2.17 */
	REGISTERED_FINAL = 0x01
};

/* A response on its way to a peer, and the receipt that goes behind it. */
struct answer {
	struct answer *prev, *next;
	struct peer *peer;
	struct event *timer; /* while it is delayed */
	uint32_t command_id, sequence, status;
	char id[MESSAGE_ID_MAX];
	bool response;           /* not lost */
	bool receipt;            /* wanted */
	struct address from, to; /* of the message */
	bool has_reference;
	uint16_t reference; /* user_message_reference */
};

/* -- receipts ------------------------------------------------------------------- */

/* SMPP 3.4 appendix B. */
static void put_receipt(struct buf *out, const struct answer *a, int64_t wall_s)
{
	const struct civil t = civil_of(wall_s);

	buf_printf(out, "id:%s sub:001 dlvrd:001", a->id);
	for (int done = 0; done < 2; done++)
		buf_printf(out, " %s date:%02d%02d%02d%02d%02d",
		           done == 0 ? "submit" : "done", t.year % 100, t.month, t.day,
		           t.hour, t.minute);
	buf_printf(out, " stat:%s err:000 text:",
	           smpp_message_state_text(SMPP_STATE_DELIVERED));
}

/* The receipt goes the message's way back. */
static void send_receipt(const struct answer *a)
{
	struct smsc *s = a->peer->smsc;
	struct buf tlvs = buf_make(128);
	struct buf text = buf_make(RECEIPT_MAX);
	struct smpp_deliver_sm sm = { .source_addr_ton = a->to.ton,
		                      .source_addr_npi = a->to.npi,
		                      .source_addr = span_of_cstr(a->to.digits),
		                      .dest_addr_ton = a->from.ton,
		                      .dest_addr_npi = a->from.npi,
		                      .destination_addr = span_of_cstr(a->from.digits),
		                      .esm_class = ESM_RECEIPT };

	put_receipt(&text, a, s->clock->wall_s);
	sm.short_message = buf_span(&text);
	smpp_tlv_put_cstr(&tlvs, SMPP_TAG_RECEIPTED_MESSAGE_ID, span_of_cstr(a->id));
	smpp_tlv_put_u8(&tlvs, SMPP_TAG_MESSAGE_STATE, SMPP_STATE_DELIVERED);
	if (a->has_reference)
		smpp_tlv_put_u16(&tlvs, SMPP_TAG_USER_MESSAGE_REFERENCE, a->reference);
	sm.tlvs = buf_span(&tlvs);
	if (route_put(s, &sm, "") == ERR_OK)
		s->counts.receipts++;
	else
		s->counts.dropped++;
	buf_free(&tlvs);
	buf_free(&text);
}

/* -- responses -------------------------------------------------------------------- */

static void respond(const struct answer *a)
{
	const union smpp_body body = { .submit_sm_resp = {
					       .message_id = span_of_cstr(a->id) } };

	if (a->response)
		smpp_session_respond(conn_session(a->peer->conn), a->command_id,
		                     a->sequence, a->status,
		                     a->status == SMPP_ESME_ROK ? &body : NULL);
	if (a->receipt)
		send_receipt(a);
}

static void answer_free(struct answer *a)
{
	DL_DELETE(a->peer->answers, a);
	event_free(a->timer);
	free(a);
}

void answers_free(struct peer *p)
{
	/* Each takes itself off the list. */
	while (p->answers != NULL)
		answer_free(p->answers); /* NOLINT(clang-analyzer-unix.Malloc) */
}

static void on_due(evutil_socket_t fd, short what, void *ctx)
{
	struct answer *a = ctx;
	struct peer *p = a->peer;

	(void)fd;
	(void)what;
	clock_read(p->smsc->clock);
	respond(a);
	answer_free(a);
	conn_flush(p->conn);
	route_pump(p->smsc);
}

static void respond_later(const struct answer *now, int ms)
{
	struct answer *a = xcalloc(1, sizeof(*a));

	*a = *now;
	DL_APPEND(a->peer->answers, a);
	a->timer = evtimer_new(a->peer->smsc->base, on_due, a);
	(void)event_add(a->timer, &(struct timeval){ .tv_sec = ms / 1000,
	                                             .tv_usec = ms % 1000 * 1000L });
}

static int delay_ms(struct smsc *s)
{
	const int span = s->script->delay_max_ms - s->script->delay_min_ms;

	return s->script->delay_min_ms + (int)dice_below(&s->seed, (uint64_t)span + 1);
}

/* -- messages ---------------------------------------------------------------------- */

static void count_submit(struct smsc *s, uint32_t status)
{
	s->counts.submitted++;
	if (status == SMPP_ESME_ROK)
		s->counts.accepted++;
	else if (smpp_status_class(status) == SMPP_STATUS_THROTTLED)
		s->counts.throttled++;
	else
		s->counts.refused++;
}

static void copy_address(struct address *a, uint8_t ton, uint8_t npi, struct span digits)
{
	a->ton = ton;
	a->npi = npi;
	span_to_cstr(a->digits, sizeof(a->digits), digits);
}

static struct answer answer_of(struct peer *p, const struct smpp_event *ev,
                               const struct smpp_deliver_sm *sm)
{
	struct answer a = { .peer = p,
		            .command_id = ev->command_id,
		            .sequence = ev->sequence,
		            .response = true };
	struct smpp_tlv tlv;

	(void)snprintf(a.id, sizeof(a.id), "%08llX",
	               (unsigned long long)++p->smsc->last_id);
	copy_address(&a.from, sm->source_addr_ton, sm->source_addr_npi, sm->source_addr);
	copy_address(&a.to, sm->dest_addr_ton, sm->dest_addr_npi, sm->destination_addr);
	a.has_reference = smpp_tlv_find(sm->tlvs, SMPP_TAG_USER_MESSAGE_REFERENCE,
	                                &tlv) == ERR_OK &&
	                  smpp_tlv_u16(&tlv, &a.reference) == ERR_OK;
	return a;
}

/* A message of a handset: kept for an ESME. */
static void take_from_phone(struct answer *a, const struct smpp_deliver_sm *sm)
{
	if (route_put(a->peer->smsc, sm, "") != ERR_OK)
		a->status = SMPP_ESME_RMSGQFUL;
	respond(a);
}

/* A message of an ESME: the script decides; to a handset when one is there. */
static void take_from_esme(struct answer *a, const struct smpp_deliver_sm *sm)
{
	struct smsc *s = a->peer->smsc;
	const struct smsc_script *script = s->script;
	const bool asked = (sm->registered_delivery & REGISTERED_MASK) ==
	                   REGISTERED_FINAL;
	int ms;

	a->status = script_submit_status(script, &s->seed);
	count_submit(s, a->status);
	if (a->status == SMPP_ESME_ROK) {
		a->response = !script_happens(script->lose_response, &s->seed);
		a->receipt = asked && script->receipts != RECEIPTS_OFF;
		if (route_phone(s, sm->destination_addr) != NULL &&
		    route_put(s, sm, a->to.digits) != ERR_OK)
			s->counts.dropped++;
	}
	if (a->receipt && script->receipts == RECEIPTS_BEFORE_RESPONSE) {
		send_receipt(a);
		route_pump(s);
		a->receipt = false;
	}
	ms = delay_ms(s);
	if (ms > 0)
		respond_later(a, ms);
	else
		respond(a);
}

/* What the simulator does not do. */
static const struct {
	uint32_t command_id, status;
} refusals[] = {
	{ SMPP_QUERY_SM, SMPP_ESME_RQUERYFAIL },
	{ SMPP_CANCEL_SM, SMPP_ESME_RCANCELFAIL },
	{ SMPP_REPLACE_SM, SMPP_ESME_RREPLACEFAIL },
	{ SMPP_SUBMIT_MULTI, SMPP_ESME_RSUBMITFAIL },
};

static uint32_t refusal(uint32_t command_id)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (refusals[i].command_id == command_id)
			return refusals[i].status;
	}
	return SMPP_ESME_RINVCMDID;
}

void answer_request(struct peer *p, const struct smpp_event *ev)
{
	struct smpp_deliver_sm sm;
	struct answer a;

	if (ev->command_id == SMPP_SUBMIT_SM) {
		sm = smpp_deliver_of_submit(&ev->body->submit_sm);
	} else if (ev->command_id == SMPP_DATA_SM) {
		sm = smpp_deliver_of_data(&ev->body->data_sm);
	} else {
		smpp_session_respond(conn_session(p->conn), ev->command_id, ev->sequence,
		                     refusal(ev->command_id), NULL);
		return;
	}
	a = answer_of(p, ev, &sm);
	if (p->kind == PEER_PHONE)
		take_from_phone(&a, &sm);
	else
		take_from_esme(&a, &sm);
}
