/*
 * submits.c - messages of the gateway: what the SMSC thinks of each, when it says so,
 * and what a subscriber's telephone shows.
 */
#include "smpp/status.h"
#include "smpp/udh.h"
#include "smsc_priv.h"
#include "text/coding.h"

enum {
	OWED = 1024,
	GATEWAY_RESPONSE_US = 6000000 /* past the response_s of our configurations */
};

/* A response that goes out later. */
struct owed {
	bool used;
	unsigned n, serial;
	uint32_t sequence, status;
};

static struct {
	unsigned n;
	struct owed owed[OWED];
	size_t n_owed;
} submits;

void submits_reset(void)
{
	memset(&submits, 0, sizeof(submits));
}

bool submits_are_answered(void)
{
	return submits.n_owed == 0;
}

static void cstr(char *out, size_t size, struct span s)
{
	const size_t n = s.n < size ? s.n : size - 1;

	memcpy(out, s.p, n);
	out[n] = '\0';
}

static void respond(int64_t slot)
{
	struct owed *o = &submits.owed[slot];
	struct peer *p = peer_by_serial(o->serial);
	char id[16];
	union smpp_body body = { .submit_sm_resp = {
					 .message_id = { (const uint8_t *)id, 8 } } };

	(void)snprintf(id, sizeof(id), "%08X", o->n);
	o->used = false;
	submits.n_owed--;
	if (p == NULL) {
		note("untold", "n=%u", o->n);
		return;
	}
	note("told", "n=%u s=%u", o->n, o->serial);
	smpp_session_respond(p->session, SMPP_SUBMIT_SM, o->sequence, o->status,
	                     o->status == 0 ? &body : NULL);
	after_talk(p);
}

static void respond_later(unsigned n, unsigned serial, uint32_t sequence, uint32_t status)
{
	int64_t us = below(mood.spread_us + 1);
	size_t slot = 0;

	while (submits.owed[slot].used)
		slot++;
	if (mood.lose_odds > 0 && one_in(mood.lose_odds)) {
		note("untold", "n=%u", n);
		return;
	}
	if (mood.late_odds > 0 && one_in(mood.late_odds))
		us = GATEWAY_RESPONSE_US + below(4 * SECOND_US);
	submits.owed[slot] = (struct owed){ true, n, serial, sequence, status };
	submits.n_owed++;
	later(us, respond, (int64_t)slot);
}

static uint32_t judge(const struct smpp_submit_sm *sm)
{
	if (crowd_is_dead(sm->destination_addr))
		return SMPP_ESME_RINVDSTADR;
	if (mood.submit_odds > 0 && one_in(mood.submit_odds))
		return mood.submit_status;
	return SMPP_ESME_ROK;
}

/* One segment; telephones of this town do not put them together. */
static void show(const struct smpp_submit_sm *sm, const char *from, const char *to)
{
	struct span octets = sm->short_message;
	struct buf text = buf_make(4096);

	if ((sm->esm_class & SMPP_ESM_UDHI) != 0 && octets.n > 0)
		octets = span_skip(octets, (size_t)octets.p[0] + 1);
	coding_decode(sm->data_coding == 8 ? CODING_UCS2 : CODING_ASCII, octets, &text);
	crowd_receive(from, to, buf_cstr(&text));
	buf_free(&text);
}

void submits_take(const struct peer *p, const struct smpp_event *ev)
{
	const struct smpp_submit_sm *sm = &ev->body->submit_sm;
	const uint32_t status = judge(sm);
	const unsigned n = ++submits.n;
	char octets[1024], from[32], to[32], until[32];

	cstr(from, sizeof(from), sm->source_addr);
	cstr(to, sizeof(to), sm->destination_addr);
	hex(octets, sizeof(octets), sm->short_message);
	cstr(until, sizeof(until), sm->validity_period);
	note("submit",
	     "n=%u s=%u from=%s to=%s dcs=%u udh=%d octets=%s status=%u wall=%lld until=%s",
	     n, p->serial, from, to, sm->data_coding,
	     (sm->esm_class & SMPP_ESM_UDHI) != 0 ? 1 : 0, octets, status,
	     (long long)sim.clock.wall_s, until);
	if (status == SMPP_ESME_ROK && mood.receipt_odds > 0 && one_in(mood.receipt_odds))
		letters_receipt(from, to, p->link, n);
	if (status == SMPP_ESME_ROK)
		show(sm, from, to);
	respond_later(n, p->serial, ev->sequence, status);
	if (until[0] != '\0')
		faults_saw_push();
}
