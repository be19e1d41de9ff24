/*
 * intake.c - from an event of a link to mail for the worker.
 *
 * A text's octets are copied once here, with its addresses; decoding is left to
 * the turn, because a part of a long message may end inside a character.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/killpoint.h"
#include "gateway_priv.h"
#include "smpp/address.h"
#include "smpp/receipt.h"
#include "smpp/status.h"
#include "smpp/udh.h"

static void respond(struct gateway_link *l, uint32_t command_id, uint32_t sequence,
                    uint32_t status)
{
	struct smpp_session *s = link_session(l->link);

	if (s == NULL)
		return;
	smpp_session_respond(s, command_id | SMPP_RESP, sequence, status, NULL);
	metrics_status(l->gateway, false, status);
	link_flush(l->link);
}

static struct str copy(char **at, struct span s)
{
	struct str out = { *at, s.n };

	if (s.n > 0)
		memcpy(*at, s.p, s.n);
	*at += s.n;
	return out;
}

static struct intake *intake_make(struct gateway_link *l, const struct smpp_event *ev,
                                  const struct smpp_deliver_sm *sm, struct span octets)
{
	const size_t group = strlen(l->conf->group);
	struct intake *i = xcalloc(1, sizeof(*i) + sm->source_addr.n +
	                                      sm->destination_addr.n + octets.n + group);
	char *at = i->data;

	i->letter.kind = MAIL_INTAKE;
	i->link = l->index;
	i->command_id = ev->command_id;
	i->sequence = ev->sequence;
	i->arrived_us = l->gateway->clock->mono_us;
	i->in.at_ms = l->gateway->clock->wall_s * 1000;
	i->in.session = l->session;
	i->in.group = copy(&at, (struct span){ (const uint8_t *)l->conf->group, group });
	i->in.from = (struct address){ sm->source_addr_ton, sm->source_addr_npi,
		                       copy(&at, sm->source_addr) };
	i->in.to = (struct address){ sm->dest_addr_ton, sm->dest_addr_npi,
		                     copy(&at, sm->destination_addr) };
	i->in.octets = (struct span){ (const uint8_t *)copy(&at, octets).p, octets.n };
	return i;
}

static void send_to_worker(struct gateway *g, struct intake *i)
{
	mail_chain_add(&g->outbound, &i->letter.mail);
	g->waiting++;
	g->link[i->link].waiting++;
}

/* The worker has as much as may wait for it. */
static bool is_full(const struct gateway *g)
{
	return g->waiting >= (size_t)g->conf->max_waiting;
}

static void take_receipt(struct gateway_link *l, const struct smpp_event *ev,
                         const struct smpp_deliver_sm *sm)
{
	struct smpp_receipt r = { .id = { NULL, 0 } };
	struct intake *i;

	l->gateway->counts.receipts++;
	if (is_draining(l->gateway) || l->leaving || is_full(l->gateway)) {
		respond(l, ev->command_id, ev->sequence, SMPP_ESME_RMSGQFUL);
		return;
	}
	if (smpp_receipt_read(sm, &r) != ERR_OK) {
		LOG(l->gateway->log, LOG_WARN, "receipt.unreadable", "link=%s octets=%zu",
		    l->conf->name, sm->short_message.n);
		respond(l, ev->command_id, ev->sequence, SMPP_ESME_ROK);
		return;
	}
	i = intake_make(l, ev, sm, r.id);
	i->in.kind = TURN_RECEIPT;
	i->in.receipt = (struct receipt_row){
		.from = i->in.from,
		.to = i->in.to,
		.at_ms = i->in.at_ms,
		.group = i->in.group,
		.message_id = { (const char *)i->in.octets.p, i->in.octets.n },
		.state = (uint8_t)r.state
	};
	send_to_worker(l->gateway, i);
}

/* Texts cannot be answered faster than their replies leave. */
static bool is_overloaded(const struct gateway *g)
{
	return is_draining(g) || is_full(g) ||
	       dispatch_count(g->dispatch) >= (size_t)g->conf->max_waiting;
}

/*
 * Numbers that are none, such as names, are told apart by their octets (FNV-1a).  Who
 * may only claim to be a subscriber must not use up what that one may send.
 */
static uint64_t limiter_key(const struct gateway_link *l, struct span digits,
                            int64_t msisdn)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (l->conf->trusted ? 0 : l->index + 1);

	if (msisdn != 0 && l->conf->trusted)
		return (uint64_t)msisdn;
	for (size_t i = 0; i < digits.n; i++)
		h = (h ^ digits.p[i]) * UINT64_C(0x100000001b3);
	return h | 1;
}

/* The subscriber that the link vouches for; 0: nobody. */
static int64_t sender_of(const struct gateway_link *l, struct span source_addr)
{
	struct str prefixes = str_of(l->conf->senders), prefix;
	char digits[24];
	int64_t msisdn = 0;

	if (!l->conf->trusted || smpp_msisdn(source_addr, &msisdn) != ERR_OK)
		return 0;
	if (prefixes.n == 0)
		return msisdn;
	(void)snprintf(digits, sizeof(digits), "%" PRId64, msisdn);
	while (str_cut(&prefixes, ',', &prefix)) {
		if (str_starts(str_of(digits), str_trim(prefix)))
			return msisdn;
	}
	return 0;
}

static void take_text(struct gateway_link *l, const struct smpp_event *ev,
                      const struct smpp_deliver_sm *sm)
{
	struct gateway *g = l->gateway;
	enum limiter_verdict verdict;
	struct smpp_concat concat = { .total = 0 };
	struct span octets;
	struct intake *i;
	int64_t msisdn = 0;

	g->counts.texts++;
	l->figures.texts++;
	if (smpp_message_octets(sm, &octets) != ERR_OK) {
		respond(l, ev->command_id, ev->sequence, SMPP_ESME_RINVMSGLEN);
		return;
	}
	if (l->leaving || is_overloaded(g)) {
		g->counts.nacked++;
		respond(l, ev->command_id, ev->sequence, SMPP_ESME_RMSGQFUL);
		return;
	}
	if (smpp_msisdn(sm->source_addr, &msisdn) != ERR_OK)
		msisdn = 0;
	verdict = limiter_check(g->limiter, limiter_key(l, sm->source_addr, msisdn),
	                        clock_ms(g->clock));
	if (verdict == LIMITER_REFUSE) {
		g->counts.limited++;
		respond(l, ev->command_id, ev->sequence, SMPP_ESME_RTHROTTLED);
		return;
	}
	if (smpp_concat_of(sm, &concat) != ERR_OK)
		concat.total = 0; /* whole, or too broken to be a part */
	i = intake_make(l, ev, sm, octets);
	i->in.kind = TURN_TEXT;
	i->in.msisdn = sender_of(l, sm->source_addr);
	i->in.data_coding = sm->data_coding;
	i->in.udh = (sm->esm_class & SMPP_ESM_UDHI) != 0;
	i->in.alphabet = l->alphabet;
	i->in.ref = concat.ref;
	i->in.total = concat.total;
	i->in.seq = concat.seq;
	i->in.limit = verdict == LIMITER_NOTICE ? TURN_TOO_MANY : TURN_WITHIN;
	send_to_worker(g, i);
}

void intake_event(struct gateway_link *l, const struct smpp_event *ev)
{
	struct smpp_deliver_sm sm;

	KILLPOINT("parsed");
	if (ev->command_id == SMPP_DELIVER_SM) {
		sm = ev->body->deliver_sm;
	} else if (ev->command_id == SMPP_DATA_SM) {
		sm = smpp_deliver_of_data(&ev->body->data_sm);
	} else {
		/* alert_notification has no response; nothing else is sent to an ESME. */
		if (ev->command_id != SMPP_ALERT_NOTIFICATION &&
		    ev->command_id != SMPP_OUTBIND)
			respond(l, ev->command_id, ev->sequence, SMPP_ESME_RINVCMDID);
		return;
	}
	if (smpp_receipt_is(&sm))
		take_receipt(l, ev, &sm);
	else
		take_text(l, ev, &sm);
}

void intake_flush(struct gateway *g)
{
	mailbox_put(g->to_worker, &g->outbound);
}

static void count(struct gateway *g, const struct intake *i)
{
	if (i->in.kind != TURN_TEXT)
		return;
	if (i->in.status != TURN_OK) {
		g->counts.nacked++;
		return;
	}
	g->counts.answered++;
	g->counts.repeats += strcmp(i->in.outcome, "repeat") == 0 ? 1 : 0;
	g->counts.aside += strcmp(i->in.outcome, "aside") == 0 ? 1 : 0;
	histogram_add(&g->answer_us, (uint64_t)(g->clock->mono_us - i->arrived_us));
	metric_time(&g->figures.answer, g->clock->mono_us - i->arrived_us);
}

void intake_done(struct gateway *g, struct intake *i)
{
	struct gateway_link *l = &g->link[i->link];

	g->waiting--;
	count(g, i);
	if (i->in.opts_out && i->in.status == TURN_OK)
		dispatch_withdraw(g->dispatch, i->in.msisdn);
	if (i->in.repeats != 0)
		dispatch_adopt(g->dispatch, i->in.repeats, i->in.session);
	/* On another session the SMSC delivers it again, and it is recognised. */
	if (l->session == i->in.session) {
		l->waiting--;
		respond(l, i->command_id, i->sequence, i->in.status);
	}
	KILLPOINT("answered");
	free(i);
}
