/*
 * handset.c - a mobile phone at the simulator; see sim/handset.h.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "handset_priv.h"
#include "sim/handset.h"
#include "smpp/address.h"
#include "text/segment.h"

enum {
	OCTETS_MAX = 256 * JOIN_PART,
	TEXT_MAX = OCTETS_MAX * 3, /* GSM 7-bit becomes up to three octets of UTF-8 */
	ARENA_MAX = 256 * 1024
};

struct handset {
	struct link *link;
	struct clock *clock;
	const struct handset_ops *ops;
	void *ctx;
	char *number, *to;
	uint16_t reference; /* of the latest long text */
	int64_t sent_us;    /* -1: nothing yet */
	struct arena arena;
	struct joiner joiner;
};

static void on_bound(void *ctx, struct link *l)
{
	struct handset *h = ctx;

	(void)l;
	h->ops->ready(h->ctx, h);
}

/* A reply, or a part of one. */
static void take_message(struct handset *h, const struct smpp_deliver_sm *sm)
{
	struct buf octets = buf_make(OCTETS_MAX), text = buf_make(TEXT_MAX);
	struct handset_text t = {
		.from = { (const char *)sm->source_addr.p, sm->source_addr.n },
		.latency_us = h->sent_us < 0 ? -1 : h->clock->mono_us - h->sent_us,
	};

	t.parts = joiner_take(&h->joiner, sm, &octets);
	if (t.parts > 0) {
		coding_decode(coding_of_dcs(sm->data_coding, CODING_GSM7),
		              buf_span(&octets), &text);
		t.text = buf_str(&text);
		h->ops->text(h->ctx, h, &t);
	}
	buf_free(&octets);
	buf_free(&text);
}

static void on_event(void *ctx, struct link *l, const struct smpp_event *ev)
{
	struct handset *h = ctx;
	const bool expired = ev->kind == SMPP_EVENT_EXPIRED ||
	                     ev->kind == SMPP_EVENT_LOST;

	if (ev->kind == SMPP_EVENT_REQUEST) {
		smpp_session_respond(link_session(l), ev->command_id, ev->sequence, 0,
		                     NULL);
		if (ev->command_id == SMPP_DELIVER_SM)
			take_message(h, &ev->body->deliver_sm);
	} else if (h->ops->refused != NULL && (expired || ev->status != 0)) {
		h->ops->refused(h->ctx, h, expired ? UINT32_MAX : ev->status);
	}
}

static void on_down(void *ctx, struct link *l, const char *reason)
{
	(void)ctx;
	(void)l;
	(void)reason;
}

static const struct link_ops ops = { .bound = on_bound,
	                             .event = on_event,
	                             .down = on_down };

struct handset *handset_create(struct event_base *base, const struct handset_conf *conf,
                               const struct handset_ops *handset_ops, void *ctx,
                               struct clock *clock)
{
	struct handset *h = xcalloc(1, sizeof(*h));
	struct link_conf link = { .name = conf->number,
		                  .host = conf->host,
		                  .port = conf->port,
		                  .session = smpp_session_defaults(),
		                  .reconnect_max_ms = 5000 };

	*h = (struct handset){ .clock = clock,
		               .ops = handset_ops,
		               .ctx = ctx,
		               .number = xstrndup(str_of(conf->number)),
		               .to = xstrndup(str_of(conf->to)),
		               .sent_us = -1,
		               .arena = arena_make(ARENA_MAX) };
	link.session.system_id = str_of(conf->number);
	link.session.system_type = STR("phone");
	h->link = link_create(base, &link, &ops, h, clock, NULL);
	return h;
}

void handset_destroy(struct handset *h)
{
	if (h == NULL)
		return;
	link_destroy(h->link);
	joiner_free(&h->joiner);
	arena_free(&h->arena);
	free(h->number);
	free(h->to);
	free(h);
}

static struct span span_of_text(const char *c)
{
	return (struct span){ (const uint8_t *)c, strlen(c) };
}

static enum err submit(struct handset *h, const struct segments *parts, unsigned i)
{
	struct smpp_session *s = link_session(h->link);
	const union smpp_body body = {
		.submit_sm = { .source_addr_ton = SMPP_TON_INTERNATIONAL,
		               .source_addr_npi = SMPP_NPI_ISDN,
		               .source_addr = span_of_text(h->number),
		               .dest_addr_npi = SMPP_NPI_ISDN,
		               .destination_addr = span_of_text(h->to),
		               .esm_class = parts->udh ? SMPP_ESM_UDHI : 0,
		               .data_coding = coding_dcs(parts->coding),
		               .short_message = { parts->segment[i].octets,
		                                  parts->segment[i].n } }
	};

	return smpp_session_request(s, SMPP_SUBMIT_SM, &body, 0, clock_ms(h->clock));
}

enum err handset_send(struct handset *h, struct str text)
{
	const struct segment_conf conf = { .ref = (uint16_t)(h->reference + 1),
		                           .max = HANDSET_PARTS };
	struct smpp_session *s = link_session(h->link);
	struct segments parts;
	enum err e;

	if (s == NULL)
		return ERR_STATE;
	arena_reset(&h->arena);
	e = segment_text(text, &conf, &h->arena, &parts);
	if (e == ERR_OK && parts.n > smpp_session_room(s))
		e = ERR_FULL;
	clock_read(h->clock);
	for (unsigned i = 0; e == ERR_OK && i < parts.n; i++)
		e = submit(h, &parts, i);
	if (e != ERR_OK)
		return e;
	h->reference++;
	h->sent_us = h->clock->mono_us;
	link_flush(h->link);
	return ERR_OK;
}

enum link_state handset_state(const struct handset *h)
{
	return link_state(h->link);
}
