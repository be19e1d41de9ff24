/*
 * flight.c - one message on its way over one link: cut into segments, sent, and which
 * of them were accepted.
 */
#include "dispatch_priv.h"
#include "smpp/status.h"
#include "smpp/time.h"
#include "smpp/udh.h"

enum {
	SEGMENTS_MAX = 40, /* of one message; outgoing.accepted has room for 64 */
	SEGMENT_BITS = 8   /* of a token: which segment */
};

static uint64_t token_of(const struct outgoing *o, unsigned segment)
{
	return (uint64_t)o->row.id << SEGMENT_BITS | segment;
}

int64_t flight_id(const struct smpp_event *ev)
{
	return (int64_t)(ev->token >> SEGMENT_BITS);
}

unsigned flight_missing(const struct outgoing *o, unsigned segments)
{
	return segments - (unsigned)__builtin_popcountll(o->accepted);
}

bool flight_is_whole(const struct outgoing *o)
{
	return o->segments > 0 && flight_missing(o, o->segments) == 0;
}

bool flight_cut(struct outgoing *o, const struct gateway_link *l, struct arena *a,
                struct segments *out)
{
	const struct segment_conf conf = { .latin1 = l->conf->latin1,
		                           .wide_ref = l->conf->wide_ref,
		                           .ref = (uint16_t)o->row.id,
		                           .max = SEGMENTS_MAX };

	/* Links may cut differently; then pieces of one cut do not go with those of another. */
	if (o->latin1 != conf.latin1 || o->wide_ref != conf.wide_ref)
		o->accepted = 0;
	o->latin1 = conf.latin1;
	o->wide_ref = conf.wide_ref;
	arena_reset(a);
	return segment_text(o->row.text, &conf, a, out) == ERR_OK;
}

static struct span span_of(struct str s)
{
	return (struct span){ (const uint8_t *)s.p, s.n };
}

/* "" where the SMSC's own holds. */
static struct span validity(const struct outgoing *o, char out[static SMPP_TIME_MAX])
{
	if (o->row.valid_until == 0 ||
	    smpp_time_absolute(out, o->row.valid_until, SMPP_TIME_EAST_8) != ERR_OK)
		return (struct span){ NULL, 0 };
	return (struct span){ (const uint8_t *)out, strlen(out) };
}

static enum err send_segment(struct gateway_link *l, struct outgoing *o,
                             const struct segments *all, unsigned i, int64_t now_ms)
{
	char until[SMPP_TIME_MAX];
	union smpp_body body = { .submit_sm = {
					 .source_addr_ton = o->row.from.ton,
					 .source_addr_npi = o->row.from.npi,
					 .source_addr = span_of(o->row.from.digits),
					 .dest_addr_ton = o->row.to.ton,
					 .dest_addr_npi = o->row.to.npi,
					 .destination_addr = span_of(o->row.to.digits),
					 .esm_class = all->udh ? SMPP_ESM_UDHI : 0,
					 .validity_period = validity(o, until),
					 .registered_delivery = o->row.receipt ? 1 : 0,
					 .data_coding = coding_dcs(all->coding),
					 .short_message = { all->segment[i].octets,
		                                            all->segment[i].n } } };

	return smpp_session_request(link_session(l->link), SMPP_SUBMIT_SM, &body,
	                            token_of(o, i), now_ms);
}

enum err flight_start(struct outgoing *o, struct gateway_link *l,
                      const struct segments *all, int64_t now_ms)
{
	enum err e = ERR_OK;

	o->state = OUT_FLYING;
	o->segments = all->n;
	o->worst = SMPP_ESME_ROK;
	o->unknown = false;
	for (unsigned i = 0; i < all->n && e == ERR_OK; i++) {
		if ((o->accepted >> i & 1) != 0)
			continue;
		e = send_segment(l, o, all, i, now_ms);
		o->pending += e == ERR_OK ? 1 : 0;
	}
	return e;
}

void flight_accepted(struct outgoing *o, const struct smpp_event *ev)
{
	const unsigned segment = (unsigned)(ev->token & ((1U << SEGMENT_BITS) - 1));

	o->begun = true;
	if (segment >= o->segments)
		return; /* late, from before it was sent this time */
	o->accepted |= UINT64_C(1) << segment;
	if (ev->body != NULL && o->message_id[0] == '\0') {
		const struct span id = ev->body->submit_sm_resp.message_id;
		const size_t n = id.n < sizeof(o->message_id) - 1
		                         ? id.n
		                         : sizeof(o->message_id) - 1;

		memcpy(o->message_id, id.p, n);
		o->message_id[n] = '\0';
	}
}

/* Refusals outrank each other by what has to be done: for good before later. */
void flight_refused(struct outgoing *o, const struct smpp_event *ev)
{
	const uint32_t status = ev->nack && ev->status == 0 ? SMPP_ESME_RSYSERR
	                                                    : ev->status;

	if (ev->late)
		return; /* of an attempt that was counted off when it expired */
	if (o->worst == SMPP_ESME_ROK ||
	    smpp_status_class(status) > smpp_status_class(o->worst))
		o->worst = status;
}
