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

#include <utlist.h>

#include "base/alloc.h"
#include "base/killpoint.h"
#include "gateway_priv.h"
#include "smpp/status.h"

enum {
	ATTEMPTS_MAX = 6, /* temporary refusals of one message */
	LOSSES_FREE = 3, /* sessions and responses lost, after which it goes on at once */
	REST_MS = 500,   /* doubles with each attempt */
	DOUBLINGS_MAX = 10, /* 512 s */
	ARENA_LIMIT = 1 << 20
};

/* Links with one set of numbers, and what waits for them; the links may be gone. */
struct dispatch_group {
	char *name;             /* owned */
	struct outgoing *queue; /* by utlist: head first */
	struct dispatch_group *next;
};

struct dispatch {
	struct gateway *gateway;
	struct dispatch_group *groups; /* by utlist */
	struct outgoing *resting;
	struct outgoing *by_id; /* all of them, for responses */
	struct arena arena;
};

struct dispatch *dispatch_create(struct gateway *g)
{
	struct dispatch *d = xcalloc(1, sizeof(*d));

	d->gateway = g;
	d->arena = arena_make(ARENA_LIMIT);
	dispatch_learn(d);
	return d;
}

static struct dispatch_group *group_named(const struct dispatch *d, struct str name)
{
	struct dispatch_group *group = d->groups;

	while (group != NULL && !str_eq(str_of(group->name), name))
		group = group->next;
	return group;
}

void dispatch_learn(struct dispatch *d)
{
	const struct gateway *g = d->gateway;

	for (size_t i = 0; i < g->n_links; i++) {
		struct dispatch_group *group;
		struct str name;

		if (g->link[i].conf == NULL)
			continue;
		name = str_of(g->link[i].conf->group);
		if (group_named(d, name) != NULL)
			continue;
		group = xcalloc(1, sizeof(*group));
		group->name = xstrndup(name);
		LL_APPEND(d->groups, group);
	}
}

static void destroy_groups(struct dispatch_group *group)
{
	struct dispatch_group *next;

	for (; group != NULL; group = next) {
		next = group->next;
		free(group->name);
		free(group);
	}
}

void dispatch_destroy(struct dispatch *d)
{
	struct outgoing *o, *next;

	if (d == NULL)
		return;
	o = d->by_id;
	HASH_CLEAR(hh, d->by_id);
	for (; o != NULL; o = next) {
		next = o->hh.next;
		free(o);
	}
	arena_free(&d->arena);
	destroy_groups(d->groups);
	free(d);
}

size_t dispatch_count(const struct dispatch *d)
{
	return HASH_COUNT(d->by_id);
}

static struct outgoing *find(const struct dispatch *d, int64_t id)
{
	struct outgoing *o;

	HASH_FIND(hh, d->by_id, &id, sizeof(id), o);
	return o;
}

/* ---- where a message is ---- */

/* In order of id: what comes back goes before what was answered after it. */
static void enqueue(struct outgoing *o)
{
	struct outgoing **queue = &o->group->queue, *at = *queue;

	o->state = OUT_QUEUED;
	if (at == NULL ||
	    at->prev->row.id < o->row.id) { /* prev of the first is the last */
		DL_APPEND(*queue, o);
		return;
	}
	while (at->row.id < o->row.id)
		at = at->next;
	DL_PREPEND_ELEM(*queue, at, o);
}

static void take_out(struct dispatch *d, struct outgoing *o)
{
	if (o->state == OUT_QUEUED)
		DL_DELETE(o->group->queue, o);
	else if (o->state == OUT_RESTING)
		DL_DELETE(d->resting, o);
}

static void rest(struct dispatch *d, struct outgoing *o, unsigned doublings)
{
	const unsigned n = doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX;

	o->state = OUT_RESTING;
	o->rest_until_ms = clock_ms(d->gateway->clock) + ((int64_t)REST_MS << n);
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

	assert(find(d, o->row.id) == o);
	KILLPOINT("settled");
	HASH_DEL(d->by_id, o);
	o->mark = (struct outbox_mark){ .id = o->row.id,
		                        .state = state,
		                        .session = session_of_mark(g, o, l),
		                        .status = status,
		                        .message_id = str_of(o->message_id),
		                        .at_ms = g->clock->wall_s * 1000 };
	if (state == OUTBOX_DEAD) {
		g->counts.dead++;
		LOG(g->log, LOG_ERROR, "message.refused",
		    "id=%lld link=%s status=%s meaning=\"%s\"", (long long)o->row.id,
		    l->conf->name, smpp_status_name(status), smpp_status_text(status));
	} else {
		g->counts.sent++;
	}
	mail_chain_add(&chain, &o->letter.mail);
	mailbox_put(g->to_worker, &chain);
}

void dispatch_add(struct dispatch *d, struct outgoing *o)
{
	if (find(d, o->row.id) != NULL) { /* on its way already */
		free(o);
		return;
	}
	o->group = group_named(d, o->row.group);
	if (o->group == NULL) {
		/* Its links were taken out of the configuration; it stays READY in the store. */
		LOG(d->gateway->log, LOG_WARN, "message.no_link", "id=%lld group=%.*s",
		    (long long)o->row.id, STR_ARG(o->row.group));
		free(o);
		return;
	}
	HASH_ADD(hh, d->by_id, row.id, sizeof(o->row.id), o);
	enqueue(o);
}

void dispatch_adopt(struct dispatch *d, int64_t id, int64_t session)
{
	struct outgoing *o = find(d, id);

	if (o != NULL)
		o->row.session = session;
}

/* ---- links ---- */

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

		if (l->conf == NULL || strcmp(l->conf->group, group->name) != 0)
			continue;
		n = pace_room(l, clock_ms(g->clock));
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

/*
 * Returns false when the link has no room for more.  What it did not take of a long
 * message goes when the rest has come back.
 */
static bool fly(struct dispatch *d, struct gateway_link *l, struct outgoing *o,
                const struct segments *all)
{
	enum err e;

	KILLPOINT("submit.before");
	e = flight_start(o, l, all, clock_ms(d->gateway->clock));
	o->flown_us = d->gateway->clock->mono_us;
	d->gateway->counts.segments += o->pending;
	l->figures.segments += o->pending;
	pace_spent(l, o->pending);
	link_flush(l->link);
	KILLPOINT("submit.after");
	if (o->pending > 0)
		return e == ERR_OK;
	if (e == ERR_LENGTH || e == ERR_RANGE) { /* an address that cannot be */
		settle(d, o, l, OUTBOX_DEAD, SMPP_ESME_RINVDSTADR);
		return true;
	}
	enqueue(o);
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
		if (!flight_cut(o, l, &d->arena, &all)) {
			DL_DELETE(group->queue, o);
			settle(d, o, l, OUTBOX_DEAD, SMPP_ESME_RINVMSGLEN);
			continue;
		}
		/* A message goes as a whole; one that never fits goes when the link is idle. */
		if (flight_missing(o, all.n) > n &&
		    smpp_session_pending(link_session(l->link)) > 0)
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
		enqueue(o);
	}
}

void dispatch_pump(struct dispatch *d)
{
	wake_rested(d);
	for (struct dispatch_group *group = d->groups; group != NULL; group = group->next)
		pump_group(d, group);
	metrics_windows(d->gateway);
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
	for (const struct dispatch_group *group = d->groups; group != NULL;
	     group = group->next)
		queued = queued || group->queue != NULL;
	for (size_t i = 0; queued && i < g->n_links; i++) {
		const int64_t due = pace_due(&g->link[i], clock_ms(g->clock));

		at = due < at ? due : at;
	}
	return at;
}

/* ---- what comes back ---- */

static void retry(struct dispatch *d, struct outgoing *o, struct gateway_link *l,
                  uint32_t status)
{
	if (++o->attempts >= ATTEMPTS_MAX)
		settle(d, o, l, OUTBOX_DEAD, status);
	else
		rest(d, o, o->attempts);
}

/*
 * The first in flight when a session is lost may be what the SMSC died of.  It is
 * never given up for that, but more and more seldom tried.
 */
static void suspect(const struct dispatch *d, struct gateway_link *l, struct outgoing *o)
{
	if (l->suspected == l->session)
		return;
	l->suspected = l->session;
	o->losses++;
	if (o->losses > LOSSES_FREE)
		LOG(d->gateway->log, LOG_WARN, "message.suspect",
		    "id=%lld link=%s sessions_lost=%u", (long long)o->row.id,
		    l->conf->name, o->losses);
}

static void send_again(struct dispatch *d, struct outgoing *o)
{
	d->gateway->counts.resent++;
	if (o->losses > LOSSES_FREE)
		rest(d, o, o->losses - LOSSES_FREE);
	else
		enqueue(o);
}

/* Nothing of it is out any more: is it done, and if not, what then? */
static void conclude(struct dispatch *d, struct outgoing *o, struct gateway_link *l,
                     bool lost)
{
	const enum smpp_status_class class = smpp_status_class(o->worst);

	if (flight_is_whole(o)) {
		settle(d, o, l, OUTBOX_DONE, SMPP_ESME_ROK);
	} else if (class == SMPP_STATUS_PERMANENT) {
		settle(d, o, l, OUTBOX_DEAD, o->worst);
	} else if (class == SMPP_STATUS_TEMPORARY) {
		retry(d, o, l, o->worst);
	} else if (lost) {
		send_again(d, o);
	} else if (o->unknown) { /* an SMSC that only is silent has refused nothing */
		d->gateway->counts.resent++;
		rest(d, o, ++o->losses);
	} else { /* throttled, or more segments than the window holds: not its fault */
		enqueue(o);
	}
}

/* What an event says about the message; false when nothing. */
static bool note(struct dispatch *d, struct outgoing *o, struct gateway_link *l,
                 const struct smpp_event *ev)
{
	if (ev->kind == SMPP_EVENT_RESPONSE && ev->status == 0 && !ev->nack) {
		pace_accepted(l);
		flight_accepted(o, ev);
		return true;
	}
	if (ev->kind == SMPP_EVENT_RESPONSE)
		flight_refused(o, ev);
	else
		o->unknown = true;
	if (ev->kind == SMPP_EVENT_LOST)
		suspect(d, l, o);
	return !ev->late;
}

static void note_throttled(struct dispatch *d, struct gateway_link *l,
                           const struct smpp_event *ev)
{
	if (ev->kind != SMPP_EVENT_RESPONSE ||
	    smpp_status_class(ev->status) != SMPP_STATUS_THROTTLED)
		return;
	d->gateway->counts.throttled++;
	l->figures.throttled++;
	pace_throttled(l, clock_ms(d->gateway->clock));
}

void dispatch_event(struct dispatch *d, struct gateway_link *l,
                    const struct smpp_event *ev)
{
	struct outgoing *o = find(d, flight_id(ev));

	note_throttled(d, l, ev);
	if (ev->kind == SMPP_EVENT_RESPONSE)
		metrics_status(d->gateway, true, ev->status);
	if (ev->kind == SMPP_EVENT_RESPONSE && o != NULL)
		metric_time(&d->gateway->figures.submit,
		            d->gateway->clock->mono_us - o->flown_us);
	if (o == NULL || !note(d, o, l, ev))
		return;
	/* A late response belongs to an attempt that was counted off when it expired. */
	if (ev->late) {
		if (o->state != OUT_FLYING && flight_is_whole(o)) {
			take_out(d, o);
			settle(d, o, l, OUTBOX_DONE, SMPP_ESME_ROK);
		}
		return;
	}
	assert(o->state == OUT_FLYING && o->pending > 0);
	if (--o->pending == 0)
		conclude(d, o, l, ev->kind == SMPP_EVENT_LOST);
}
