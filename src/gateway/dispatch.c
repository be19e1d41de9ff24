/*
 * dispatch.c - messages to the SMSC: in order, within window and rate, again where
 * the outcome is unknown.
 *
 * Every message is in exactly one place: queued in its group, flying (segments
 * without response), or resting until a time.  It leaves as a mark for the worker
 * once it is accepted or refused for good.  What a restart would lose is nothing:
 * the row stays READY until the mark is committed.
 */
#include <stdlib.h>

#include <uthash.h>
#include <utlist.h>

#include "base/alloc.h"
#include "gateway_priv.h"
#include "smpp/status.h"
#include "text/segment.h"

enum {
	ATTEMPTS_MAX = 6,     /* temporary refusals and lost responses of one message */
	SEGMENTS_MAX = 40,    /* of one message; the token has room for 64 */
	SEGMENT_BITS = 8,     /* of a token: which segment */
	PAUSE_MS = 100,       /* of a link after a throttled segment */
	REST_FIRST_MS = 1000, /* doubles with each attempt */
	ARENA_LIMIT = 1 << 20
};

/* Links with one set of numbers, and what waits for them. */
struct dispatch_group {
	struct str name;
	struct outgoing *queue; /* by utlist: head first */
};

struct entry { /* id to message, for responses */
	int64_t id;
	struct outgoing *message;
	UT_hash_handle hh;
};

struct dispatch {
	struct gateway *gateway;
	struct dispatch_group *group;
	size_t n_groups;
	struct outgoing *resting;
	struct entry *by_id;
	size_t count;
	struct arena arena;
};

struct dispatch *dispatch_create(struct gateway *g)
{
	struct dispatch *d = xcalloc(1, sizeof(*d));

	d->gateway = g;
	d->arena = arena_make(ARENA_LIMIT);
	d->group = xcalloc(g->n_links, sizeof(*d->group));
	for (size_t i = 0; i < g->n_links; i++) {
		const struct str name = str_of(g->link[i].conf->group);
		bool known = false;

		for (size_t k = 0; k < d->n_groups && !known; k++)
			known = str_eq(d->group[k].name, name);
		if (!known)
			d->group[d->n_groups++].name = name;
	}
	return d;
}

void dispatch_destroy(struct dispatch *d)
{
	struct entry *e, *next;

	if (d == NULL)
		return;
	HASH_ITER(hh, d->by_id, e, next)
	{
		HASH_DEL(d->by_id, e);
		free(e->message);
		free(e);
	}
	arena_free(&d->arena);
	free(d->group);
	free(d);
}

size_t dispatch_count(const struct dispatch *d)
{
	return d->count;
}

static struct entry *find(struct dispatch *d, int64_t id)
{
	struct entry *e;

	HASH_FIND(hh, d->by_id, &id, sizeof(id), e);
	return e;
}

/* ---- where a message is ---- */

static void enqueue(struct outgoing *o, bool front)
{
	o->state = OUT_QUEUED;
	if (front)
		DL_PREPEND(o->group->queue, o);
	else
		DL_APPEND(o->group->queue, o);
}

static void take_out(struct dispatch *d, struct outgoing *o)
{
	if (o->state == OUT_QUEUED)
		DL_DELETE(o->group->queue, o);
	else if (o->state == OUT_RESTING)
		DL_DELETE(d->resting, o);
}

static void rest(struct dispatch *d, struct outgoing *o)
{
	const unsigned doublings = o->attempts < 6 ? o->attempts : 6;

	o->state = OUT_RESTING;
	o->rest_until_ms = clock_ms(d->gateway->clock) + ((int64_t)REST_FIRST_MS << doublings) / 2;
	DL_APPEND(d->resting, o);
}

/*
 * The session that a mark names.  A text is settled once its reply was accepted
 * while the session of its deliver_sm_resp lives: on a pair of binds the reply
 * goes out on the other one.
 */
static int64_t session_of_mark(const struct gateway *g, const struct outgoing *o,
                               const struct gateway_link *l)
{
	for (size_t i = 0; i < g->n_links; i++) {
		if (o->row.session != 0 && g->link[i].session == o->row.session)
			return o->row.session;
	}
	return l->session;
}

static void settle(struct dispatch *d, struct outgoing *o, struct gateway_link *l,
                   enum outbox_state state, uint32_t status)
{
	struct gateway *g = d->gateway;
	struct mail_chain chain = { NULL, NULL, 0 };
	struct entry *e = find(d, o->row.id);

	assert(e != NULL);
	HASH_DEL(d->by_id, e);
	free(e);
	d->count--;
	o->mark = (struct outbox_mark){ .id = o->row.id,
		                        .state = state,
		                        .session = session_of_mark(g, o, l),
		                        .status = status,
		                        .message_id = str_of(o->message_id),
		                        .at_ms = g->clock->wall_s * 1000 };
	if (state == OUTBOX_DEAD) {
		g->counts.dead++;
		LOG(g->log, LOG_ERROR, "message.refused", "id=%lld link=%s status=%s meaning=\"%s\"",
		    (long long)o->row.id, l->conf->name, smpp_status_name(status),
		    smpp_status_text(status));
	} else {
		g->counts.sent++;
	}
	mail_chain_add(&chain, &o->letter.mail);
	mailbox_put(g->to_worker, &chain);
}

void dispatch_add(struct dispatch *d, struct outgoing *o)
{
	struct entry *e = find(d, o->row.id);

	if (e != NULL) { /* on its way already */
		free(o);
		return;
	}
	for (size_t i = 0; i < d->n_groups && o->group == NULL; i++) {
		if (str_eq(d->group[i].name, o->row.group))
			o->group = &d->group[i];
	}
	if (o->group == NULL) {
		/* Its links were taken out of the configuration; it stays READY in the store. */
		LOG(d->gateway->log, LOG_WARN, "message.no_link", "id=%lld group=%.*s",
		    (long long)o->row.id, STR_ARG(o->row.group));
		free(o);
		return;
	}
	e = xcalloc(1, sizeof(*e));
	e->id = o->row.id;
	e->message = o;
	HASH_ADD(hh, d->by_id, id, sizeof(e->id), e);
	d->count++;
	enqueue(o, false);
}

/* ---- links ---- */

static bool can_send(const struct gateway_link *l, int64_t now_ms)
{
	return l->session != 0 && l->conf->bind != CONF_RECEIVER && l->paused_until_ms <= now_ms &&
	       link_session(l->link) != NULL;
}

/* Segments that the link takes now. */
static unsigned room(struct gateway_link *l)
{
	const struct smpp_session *s = link_session(l->link);
	const unsigned pending = smpp_session_pending(s), free_slots = smpp_session_room(s);
	const unsigned shown = (unsigned)l->window;
	unsigned n = shown > pending ? shown - pending : 0;

	n = n < free_slots ? n : free_slots;
	if (l->conf->rate_per_s > 0) {
		const int64_t tokens = l->rate.tokens_milli / 1000;

		n = (int64_t)n < tokens ? n : (unsigned)tokens;
	}
	return n;
}

static void refill(struct gateway_link *l, int64_t now_ms)
{
	/* At most a tenth of a second's worth at once, and one whole message. */
	const int64_t burst = l->conf->rate_per_s / 10 + SEGMENTS_MAX;

	if (l->conf->rate_per_s > 0)
		bucket_fill(&l->rate, l->conf->rate_per_s, burst, now_ms);
}

/*
 * The link of the group that brought the text, if it has room, else the one with
 * most; NULL when none can send.
 */
static struct gateway_link *pick(struct dispatch *d, const struct dispatch_group *group,
                                 const struct outgoing *o, unsigned *room_of_it)
{
	struct gateway *g = d->gateway;
	struct gateway_link *best = NULL;

	*room_of_it = 0;
	for (size_t i = 0; i < g->n_links; i++) {
		struct gateway_link *l = &g->link[i];
		unsigned n;

		if (!str_eq(str_of(l->conf->group), group->name) ||
		    !can_send(l, clock_ms(g->clock)))
			continue;
		refill(l, clock_ms(g->clock));
		n = room(l);
		if (n > *room_of_it || (n > 0 && l->session == o->row.session)) {
			best = l;
			*room_of_it = n;
		}
		if (best == l && l->session == o->row.session)
			break;
	}
	return best;
}

/* ---- sending ---- */

static uint64_t token_of(const struct outgoing *o, unsigned segment)
{
	return (uint64_t)o->row.id << SEGMENT_BITS | segment;
}

static struct span span_of(struct str s)
{
	return (struct span){ (const uint8_t *)s.p, s.n };
}

static enum err send_segment(struct gateway_link *l, struct outgoing *o,
                             const struct segments *all, unsigned i, int64_t now_ms)
{
	union smpp_body body = {
		.submit_sm = { .source_addr_ton = o->row.from.ton,
		               .source_addr_npi = o->row.from.npi,
		               .source_addr = span_of(o->row.from.digits),
		               .dest_addr_ton = o->row.to.ton,
		               .dest_addr_npi = o->row.to.npi,
		               .destination_addr = span_of(o->row.to.digits),
		               .esm_class = all->udh ? 0x40 : 0,
		               .registered_delivery = o->row.receipt ? 1 : 0,
		               .data_coding = coding_dcs(all->coding),
		               .short_message = { all->segment[i].octets, all->segment[i].n } }
	};

	return smpp_session_request(link_session(l->link), SMPP_SUBMIT_SM, &body, token_of(o, i),
	                            now_ms);
}

static bool cut(struct dispatch *d, struct gateway_link *l, const struct outgoing *o,
                struct segments *out)
{
	const struct segment_conf conf = { .latin1 = l->conf->latin1,
		                           .wide_ref = l->conf->wide_ref,
		                           .ref = (uint16_t)o->row.id,
		                           .max = SEGMENTS_MAX };

	arena_reset(&d->arena);
	return segment_text(o->row.text, &conf, &d->arena, out) == ERR_OK;
}

static unsigned missing(const struct outgoing *o, unsigned n)
{
	return n - (unsigned)__builtin_popcountll(o->accepted);
}

/* Returns false when the link took less than the whole message. */
static bool fly(struct dispatch *d, struct gateway_link *l, struct outgoing *o,
                const struct segments *all)
{
	const int64_t now_ms = clock_ms(d->gateway->clock);
	enum err e = ERR_OK;

	o->state = OUT_FLYING;
	o->segments = all->n;
	o->worst = SMPP_ESME_ROK;
	o->unknown = false;
	for (unsigned i = 0; i < all->n && e == ERR_OK; i++) {
		if ((o->accepted >> i & 1) != 0)
			continue;
		e = send_segment(l, o, all, i, now_ms);
		if (e != ERR_OK)
			break;
		o->pending++;
		d->gateway->counts.segments++;
		if (l->conf->rate_per_s > 0)
			(void)bucket_take(&l->rate, 1);
	}
	link_flush(l->link);
	if (e == ERR_OK)
		return true;
	if (o->pending > 0)
		o->unknown = true; /* the rest goes when what is out has come back */
	else if (e == ERR_LENGTH || e == ERR_RANGE)
		settle(d, o, l, OUTBOX_DEAD, SMPP_ESME_RINVDSTADR); /* an address that cannot be */
	else
		enqueue(o, true);
	return false;
}

static void pump_group(struct dispatch *d, struct dispatch_group *group)
{
	struct outgoing *o;

	while ((o = group->queue) != NULL) {
		unsigned n;
		struct gateway_link *l = pick(d, group, o, &n);
		struct segments all;

		if (l == NULL)
			return;
		if (!cut(d, l, o, &all)) {
			DL_DELETE(group->queue, o);
			settle(d, o, l, OUTBOX_DEAD, SMPP_ESME_RINVMSGLEN);
			continue;
		}
		/* A message goes as a whole; one that never fits goes when the link is idle. */
		if (missing(o, all.n) > n && smpp_session_pending(link_session(l->link)) > 0)
			return;
		DL_DELETE(group->queue, o);
		if (!fly(d, l, o, &all))
			return;
	}
}

static void wake_rested(struct dispatch *d)
{
	const int64_t now_ms = clock_ms(d->gateway->clock);
	struct outgoing *o, *next;

	DL_FOREACH_SAFE(d->resting, o, next)
	{
		if (o->rest_until_ms > now_ms)
			continue;
		DL_DELETE(d->resting, o);
		enqueue(o, true);
	}
}

void dispatch_pump(struct dispatch *d)
{
	wake_rested(d);
	for (size_t i = 0; i < d->n_groups; i++)
		pump_group(d, &d->group[i]);
}

int64_t dispatch_deadline(const struct dispatch *d)
{
	const struct gateway *g = d->gateway;
	int64_t at = INT64_MAX;
	const struct outgoing *o;
	bool queued = false;

	DL_FOREACH(d->resting, o)
	{
		if (o->rest_until_ms < at)
			at = o->rest_until_ms;
	}
	for (size_t i = 0; i < d->n_groups; i++)
		queued = queued || d->group[i].queue != NULL;
	for (size_t i = 0; queued && i < g->n_links; i++) {
		const struct gateway_link *l = &g->link[i];

		if (l->paused_until_ms > clock_ms(g->clock) && l->paused_until_ms < at)
			at = l->paused_until_ms;
		if (l->conf->rate_per_s > 0 && l->session != 0 && clock_ms(g->clock) + 10 < at)
			at = clock_ms(g->clock) + 10;
	}
	return at;
}

/* ---- what comes back ---- */

static void slow_down(struct dispatch *d, struct gateway_link *l)
{
	d->gateway->counts.throttled++;
	if (l->paused_until_ms > clock_ms(d->gateway->clock))
		return; /* one burst of refusals is one sign */
	l->window = l->window / 2 > 1 ? l->window / 2 : 1;
	l->paused_until_ms = clock_ms(d->gateway->clock) + PAUSE_MS;
}

static void speed_up(struct gateway_link *l)
{
	l->window += 1 / l->window;
	if (l->window > l->conf->window)
		l->window = l->conf->window;
}

static void note_accepted(struct outgoing *o, struct gateway_link *l, unsigned segment,
                          const struct smpp_event *ev)
{
	speed_up(l);
	o->accepted |= UINT64_C(1) << segment;
	if (ev->body != NULL && o->message_id[0] == '\0') {
		const struct span id = ev->body->submit_sm_resp.message_id;
		const size_t n = id.n < sizeof(o->message_id) - 1 ? id.n : sizeof(o->message_id) - 1;

		memcpy(o->message_id, id.p, n);
		o->message_id[n] = '\0';
	}
}

/* Refusals outrank each other by what has to be done: for good before later. */
static void note_refused(struct outgoing *o, const struct smpp_event *ev)
{
	const uint32_t status = ev->nack && ev->status == 0 ? SMPP_ESME_RSYSERR : ev->status;

	if (o->worst == SMPP_ESME_ROK || smpp_status_class(status) > smpp_status_class(o->worst))
		o->worst = status;
}

static void retry(struct dispatch *d, struct outgoing *o, struct gateway_link *l, uint32_t status)
{
	if (++o->attempts >= ATTEMPTS_MAX)
		settle(d, o, l, OUTBOX_DEAD, status);
	else
		rest(d, o);
}

/* Nothing of it is out any more: is it done, and if not, what then? */
static void conclude(struct dispatch *d, struct outgoing *o, struct gateway_link *l, bool lost)
{
	const enum smpp_status_class class = smpp_status_class(o->worst);

	if (missing(o, o->segments) == 0) {
		settle(d, o, l, OUTBOX_DONE, SMPP_ESME_ROK);
	} else if (class == SMPP_STATUS_PERMANENT) {
		settle(d, o, l, OUTBOX_DEAD, o->worst);
	} else if (class == SMPP_STATUS_TEMPORARY) {
		retry(d, o, l, o->worst);
	} else if (o->unknown && !lost) {
		d->gateway->counts.resent++;
		retry(d, o, l, SMPP_ESME_RSYSERR);
	} else { /* throttled, or its session was lost: neither is its fault */
		d->gateway->counts.resent += lost ? 1 : 0;
		enqueue(o, true);
	}
}

void dispatch_event(struct dispatch *d, struct gateway_link *l, const struct smpp_event *ev)
{
	const unsigned segment = (unsigned)(ev->token & ((1U << SEGMENT_BITS) - 1));
	const struct entry *e = find(d, (int64_t)(ev->token >> SEGMENT_BITS));
	struct outgoing *o = e != NULL ? e->message : NULL;
	const bool accepted = ev->kind == SMPP_EVENT_RESPONSE && ev->status == 0 && !ev->nack;

	if (ev->kind == SMPP_EVENT_RESPONSE && !accepted &&
	    smpp_status_class(ev->status) == SMPP_STATUS_THROTTLED)
		slow_down(d, l);
	if (o == NULL)
		return;
	if (accepted)
		note_accepted(o, l, segment, ev);
	else if (ev->kind == SMPP_EVENT_RESPONSE && !ev->late)
		note_refused(o, ev);
	else
		o->unknown = true;
	/* A late response belongs to an attempt that was counted off when it expired. */
	if (o->state != OUT_FLYING && accepted && missing(o, o->segments) == 0) {
		take_out(d, o);
		settle(d, o, l, OUTBOX_DONE, SMPP_ESME_ROK);
	}
	if (ev->late)
		return;
	assert(o->state == OUT_FLYING && o->pending > 0);
	if (--o->pending == 0)
		conclude(d, o, l, ev->kind == SMPP_EVENT_LOST);
}
