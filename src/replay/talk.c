/*
 * talk.c - PDUs as texts and replies, gathered by sender; see record_priv.h.
 *
 * What a sender wrote until replies came, and those replies, is one exchange: a turn of
 * the story.  Which reply is for which text needs no guess then.
 */
#include <stdlib.h>

#include "base/alloc.h"
#define uthash_fatal(message) alloc_failed()
#include <uthash.h>

#include "record_priv.h"
#include "smpp/address.h"
#include "text/segment.h"

enum {
	TEXT_MAX = 1 << 18,   /* octets of one message as UTF-8 */
	EXCHANGE_MS = 10000,  /* a text so long after the last begins anew */
	RECEIPT_MASK = 0x3c,  /* of esm_class: type of message, 3.4 section 5.2.12 */
	PART_WAIT_MS = 600000 /* as long as the hall waits for parts */
};

/* By sender: the exchange that is open. */
struct sender {
	struct str number;
	struct exchange *open;
	UT_hash_handle hh;
};

/* What waits for its response: by link, direction of the request, and sequence. */
struct waiting {
	struct str key;
	struct said *said;
	struct reply *reply;
	UT_hash_handle hh;
};

struct talker {
	struct arena *arena;
	int64_t msisdn;
	struct sender *senders;
	struct waiting *waiting;
	struct talk talk;
	SET_OF(struct said *) parts;    /* of long texts */
	SET_OF(struct said *) segments; /* of long replies, as if they were texts */
	SET_OF(struct str) links;
	size_t messages;
	struct buf scratch;
};

struct talker *talker_create(struct arena *a, int64_t msisdn)
{
	struct talker *t = xcalloc(1, sizeof(*t));

	t->arena = a;
	t->msisdn = msisdn;
	t->talk.arena = a;
	t->scratch = buf_make(TEXT_MAX);
	return t;
}

void talker_destroy(struct talker *t)
{
	HASH_CLEAR(hh, t->senders);
	HASH_CLEAR(hh, t->waiting);
	buf_free(&t->scratch);
	free(t);
}

int64_t talk_msisdn(struct str number)
{
	int64_t v;

	return smpp_msisdn((struct span){ (const uint8_t *)number.p, number.n }, &v) ==
	                       ERR_OK
	               ? v
	               : 0;
}

/* ---- exchanges ---- */

static struct exchange *open_exchange(struct talker *t, struct str number, int64_t at_ms)
{
	struct exchange *e = arena_new(t->arena, struct exchange);

	*e = (struct exchange){ .at_ms = at_ms, .number = number };
	set_add(t->arena, &t->talk.exchanges, e);
	return e;
}

static struct sender *sender_of(struct talker *t, struct str number)
{
	struct sender *s;

	HASH_FIND(hh, t->senders, number.p, (unsigned)number.n, s);
	if (s != NULL)
		return s;
	s = arena_new(t->arena, struct sender);
	s->number = number;
	HASH_ADD_KEYPTR(hh, t->senders, s->number.p, (unsigned)s->number.n, s);
	return s;
}

static void add_text(struct talker *t, struct said *x)
{
	struct sender *s = sender_of(t, x->from);

	if (s->open == NULL || s->open->replies.n > 0 ||
	    x->at_ms - s->open->at_ms > EXCHANGE_MS)
		s->open = open_exchange(t, x->from, x->at_ms);
	set_add(t->arena, &s->open->texts, x);
}

/* Sent again because its response was missing or a refusal. */
static bool is_again(const struct exchange *e, const struct reply *x)
{
	for (size_t i = 0; i < e->replies.n; i++) {
		const struct reply *y = e->replies.row[i];

		if (!y->accepted && str_eq(x->text, y->text) && str_eq(x->from, y->from))
			return true;
	}
	return false;
}

static void add_reply(struct talker *t, struct reply *x)
{
	struct sender *s = sender_of(t, x->to);

	if (s->open == NULL ||
	    (s->open->replies.n > 0 && x->at_ms - s->open->at_ms > EXCHANGE_MS &&
	     !is_again(s->open, x)))
		s->open = open_exchange(t, x->to, x->at_ms);
	if (!is_again(s->open, x))
		set_add(t->arena, &s->open->replies, x);
}

/* ---- responses ---- */

static struct str response_key(struct talker *t, const struct smpp_captured *c, bool out)
{
	return arena_printf(t->arena, "%.*s %d %u", STR_ARG(c->link), out ? 1 : 0,
	                    (unsigned)be32(c->pdu.p + 12));
}

static void await(struct talker *t, const struct smpp_captured *c, struct said *said,
                  struct reply *reply)
{
	struct waiting *w, *before;

	w = arena_new(t->arena, struct waiting);
	*w = (struct waiting){ .key = response_key(t, c, c->out),
		               .said = said,
		               .reply = reply };
	HASH_FIND(hh, t->waiting, w->key.p, (unsigned)w->key.n, before);
	if (before != NULL)
		HASH_DEL(t->waiting, before);
	HASH_ADD_KEYPTR(hh, t->waiting, w->key.p, (unsigned)w->key.n, w);
}

static void take_response(struct talker *t, const struct smpp_captured *c)
{
	const struct str key = response_key(t, c, !c->out);
	const uint32_t status = be32(c->pdu.p + 8);
	struct waiting *w;

	HASH_FIND(hh, t->waiting, key.p, (unsigned)key.n, w);
	if (w == NULL)
		return;
	if (w->said != NULL) {
		w->said->answered = true;
		w->said->status = status;
	} else {
		w->reply->accepted = status == 0;
	}
	HASH_DEL(t->waiting, w);
}

/* ---- messages ---- */

static struct str address_text(struct arena *a, uint8_t ton, struct span digits)
{
	const struct str d = { (const char *)digits.p, digits.n };

	if (ton == SMPP_TON_INTERNATIONAL && d.n > 0 && d.p[0] != '+')
		return arena_printf(a, "+%.*s", STR_ARG(d));
	return arena_str(a, d);
}

static struct str decode(struct talker *t, uint8_t data_coding, struct span octets)
{
	buf_reset(&t->scratch);
	coding_decode(coding_of_dcs(data_coding, CODING_GSM7), octets, &t->scratch);
	return arena_str(t->arena, buf_str(&t->scratch));
}

/* The message in a PDU, from and to as it says; false when it is malformed. */
static bool read_message(struct talker *t, const struct smpp_captured *c,
                         const struct smpp_deliver_sm *sm, struct said *out)
{
	struct smpp_concat part = { .total = 1, .seq = 1 };
	struct span octets;
	const enum err e = smpp_concat_of(sm, &part);

	if ((e != ERR_OK && e != ERR_NOT_FOUND) ||
	    smpp_message_octets(sm, &octets) != ERR_OK)
		return false;
	*out = (struct said){
		.at_ms = c->at_ms,
		.link = arena_str(t->arena, c->link),
		.from = address_text(t->arena, sm->source_addr_ton, sm->source_addr),
		.to = address_text(t->arena, sm->dest_addr_ton, sm->destination_addr),
		.sequence = be32(c->pdu.p + 12),
		.data_coding = sm->data_coding,
		.udh = (sm->esm_class & SMPP_ESM_UDHI) != 0,
		.ref = part.ref,
		.total = part.total,
		.seq = part.seq,
	};
	octets = (struct span){ (const uint8_t *)arena_str(
					t->arena,
					(struct str){ (const char *)octets.p, octets.n })
		                        .p,
		                octets.n };
	out->octets = octets;
	out->text = decode(t, sm->data_coding, octets);
	return true;
}

/* The parts of x's message, in order and linked, once the last is there; else NULL. */
static struct said *whole(struct said *const *row, size_t n, const struct said *x)
{
	struct said *part[256] = { NULL }, *head = NULL;
	unsigned found = 0;

	for (size_t i = n; i-- > 0 && found < x->total;) {
		struct said *y = row[i];

		if (y->head != NULL || y->ref != x->ref || y->total != x->total ||
		    x->at_ms - y->at_ms > PART_WAIT_MS || part[y->seq] != NULL ||
		    !str_eq(x->from, y->from) || !str_eq(x->to, y->to))
			continue;
		part[y->seq] = y;
		found++;
	}
	if (found < x->total)
		return NULL;
	head = part[1];
	for (unsigned i = 1; i <= x->total; i++) {
		part[i]->head = head;
		part[i]->rest = i < x->total ? part[i + 1] : NULL;
	}
	return head;
}

static struct str joined(struct talker *t, const struct said *head)
{
	struct buf all = buf_make(TEXT_MAX);
	struct str text;

	for (const struct said *x = head; x != NULL; x = x->rest)
		buf_put(&all, x->octets.p, x->octets.n);
	text = decode(t, head->data_coding, buf_span(&all));
	buf_free(&all);
	return text;
}

static void take_text(struct talker *t, const struct smpp_captured *c,
                      const struct smpp_deliver_sm *sm)
{
	struct said *x;

	if ((sm->esm_class & RECEIPT_MASK) != 0)
		return;
	x = arena_new(t->arena, struct said);
	if (!read_message(t, c, sm, x) || x->from.n == 0 ||
	    (t->msisdn != 0 && talk_msisdn(x->from) != t->msisdn))
		return;
	t->messages++;
	await(t, c, x, NULL);
	add_text(t, x);
	if (x->total > 1) {
		set_add(t->arena, &t->parts, x);
		(void)whole(t->parts.row, t->parts.n, x);
	}
}

static void take_reply(struct talker *t, const struct smpp_captured *c,
                       const struct smpp_deliver_sm *sm)
{
	struct said *x = arena_new(t->arena, struct said), *head = x;
	struct reply *reply;

	if (!read_message(t, c, sm, x) ||
	    (t->msisdn != 0 && talk_msisdn(x->to) != t->msisdn))
		return;
	t->messages++;
	if (x->total > 1) {
		set_add(t->arena, &t->segments, x);
		head = whole(t->segments.row, t->segments.n, x);
	}
	if (head == NULL)
		return;
	reply = arena_new(t->arena, struct reply);
	*reply = (struct reply){ .at_ms = x->at_ms,
		                 .link = x->link,
		                 .to = x->to,
		                 .from = x->from,
		                 .sequence = x->sequence,
		                 .text = x->total > 1 ? joined(t, head) : x->text };
	await(t, c, NULL, reply);
	add_reply(t, reply);
}

static void count_link(struct talker *t, struct str link)
{
	for (size_t i = 0; i < t->links.n; i++) {
		if (str_eq(t->links.row[i], link))
			return;
	}
	set_add(t->arena, &t->links, arena_str(t->arena, link));
}

void talker_pdu(struct talker *t, const struct smpp_captured *c)
{
	const uint32_t id = be32(c->pdu.p + 4);
	struct smpp_deliver_sm sm;
	union smpp_body body;
	size_t at;

	if (t->messages > RECORD_MESSAGES)
		return;
	if (id == (SMPP_DELIVER_SM | SMPP_RESP) || id == (SMPP_DATA_SM | SMPP_RESP) ||
	    id == (SMPP_SUBMIT_SM | SMPP_RESP) || id == SMPP_GENERIC_NACK) {
		take_response(t, c);
		return;
	}
	if (id != SMPP_DELIVER_SM && id != SMPP_SUBMIT_SM && id != SMPP_DATA_SM)
		return;
	if (smpp_decode(id, span_skip(c->pdu, SMPP_HEADER), &body, &at) != ERR_OK)
		return;
	count_link(t, c->link);
	sm = id == SMPP_DELIVER_SM  ? body.deliver_sm
	     : id == SMPP_SUBMIT_SM ? smpp_deliver_of_submit(&body.submit_sm)
	                            : smpp_deliver_of_data(&body.data_sm);
	if (c->out)
		take_reply(t, c, &sm);
	else
		take_text(t, c, &sm);
}

static int by_time(const void *a, const void *b)
{
	const struct exchange *const *x = a, *const *y = b;

	return ((*x)->at_ms > (*y)->at_ms) - ((*x)->at_ms < (*y)->at_ms);
}

void talker_deed(struct talker *t, int64_t at_ms, struct str words)
{
	const struct meanwhile d = { at_ms, arena_str(t->arena, words) };

	if (t->talk.deeds.n < RECORD_MESSAGES)
		set_add(t->arena, &t->talk.deeds, d);
}

enum err talker_end(struct talker *t, struct talk *out)
{
	if (t->messages > RECORD_MESSAGES)
		return ERR_TOO_BIG;
	if (t->talk.exchanges.n > 0)
		qsort(t->talk.exchanges.row, t->talk.exchanges.n,
		      sizeof(struct exchange *), by_time);
	t->talk.n_links = (unsigned)t->links.n;
	*out = t->talk;
	return ERR_OK;
}
