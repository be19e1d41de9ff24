/*
 * dispatch.c - messages to the SMSC: in order, within window and rate, again where
 * the outcome is unknown, but for those that are sent at most once (OUTBOX_SENDING).
 *
 * Every message is in exactly one place: queued in its group, flying (segments
 * without response), resting until a time, or held while its campaign is paused.  It leaves as a mark for the worker
 * once it is accepted or refused for good.  What a restart would lose is nothing:
 * the row stays READY until the mark is committed.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/killpoint.h"
#include "dispatch_priv.h"
#include "smpp/status.h"

enum {
	ATTEMPTS_MAX = 6, /* temporary refusals of one message */
	LOSSES_FREE = 3, /* sessions and responses lost, after which it goes on at once */
	ARENA_LIMIT = 1 << 20
};

struct dispatch *dispatch_create(struct gateway *g)
{
	struct dispatch *d = xcalloc(1, sizeof(*d));

	d->gateway = g;
	d->arena = arena_make(ARENA_LIMIT);
	dispatch_learn(d);
	return d;
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
	queue_destroy(d);
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

/*
 * The session that a mark names, by which a text is settled: that of its deliver_sm_resp
 * while it lives, also where the reply goes out on the other one of a pair of binds.  0:
 * there is none, or no response has left on it as yet.
 */
static int64_t session_of_mark(const struct gateway *g, const struct outgoing *o)
{
	for (size_t i = 0; i < g->n_links; i++) {
		if (g->link[i].session == o->row.session)
			return o->row.session;
	}
	return 0;
}

static void count_settled(struct gateway *g, const struct outgoing *o,
                          const struct gateway_link *l)
{
	const char *link = l != NULL ? l->conf->name : "-";

	if (o->mark.state == OUTBOX_DONE) {
		g->counts.sent++;
		return;
	}
	if (o->mark.state == OUTBOX_AMBIGUOUS) {
		g->counts.ambiguous++;
		LOG(g->log, LOG_WARN, "message.ambiguous", "id=%lld link=%s",
		    (long long)o->row.id, link);
		return;
	}
	if (o->mark.state == OUTBOX_UNSENT) {
		g->counts.unsent++;
		LOG(g->log, LOG_INFO, "message.unsent", "id=%lld campaign=%lld",
		    (long long)o->row.id, (long long)o->row.campaign);
		return;
	}
	g->counts.dead++;
	LOG(g->log, LOG_ERROR, "message.refused",
	    "id=%lld link=%s status=%s meaning=\"%s\"", (long long)o->row.id, link,
	    smpp_status_name(o->mark.status), smpp_status_text(o->mark.status));
}

/* l: that took or refused it; NULL: it has not been sent. */
static void settle(struct dispatch *d, struct outgoing *o, struct gateway_link *l,
                   enum outbox_state state, uint32_t status)
{
	struct gateway *g = d->gateway;

	assert(find(d, o->row.id) == o);
	KILLPOINT("settled");
	HASH_DEL(d->by_id, o);
	o->mark = (struct outbox_mark){ .id = o->row.id,
		                        .state = state,
		                        .again = state == OUTBOX_UNSENT && o->row.again,
		                        .session = session_of_mark(g, o),
		                        .status = status,
		                        .message_id = str_of(o->message_id),
		                        .at_ms = g->clock->wall_s * 1000 };
	count_settled(g, o, l);
	gateway_post(g, &o->letter);
}

/* Its links were taken out of the configuration. */
static void leave_out(struct dispatch *d, struct outgoing *o)
{
	LOG(d->gateway->log, LOG_WARN, "message.no_link", "id=%lld group=%.*s",
	    (long long)o->row.id, STR_ARG(o->row.group));
	if (o->row.state == OUTBOX_READY) {
		free(o); /* it stays so in the store */
		return;
	}
	HASH_ADD(hh, d->by_id, row.id, sizeof(o->row.id), o);
	settle(d, o, NULL, OUTBOX_DEAD, SMPP_ESME_RSUBMITFAIL);
}

void dispatch_add(struct dispatch *d, struct outgoing *o)
{
	if (o->row.lane == LANE_PUSH)
		credit_used(d, o);
	if (find(d, o->row.id) != NULL) { /* on its way already */
		free(o);
		return;
	}
	o->group = queue_group(d, o->row.group);
	if (o->group == NULL) {
		leave_out(d, o);
		return;
	}
	HASH_ADD(hh, d->by_id, row.id, sizeof(o->row.id), o);
	queue_put(o);
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
		n = pace_room(l, o->row.lane, clock_ms(g->clock));
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
	if (o->row.lane == LANE_PUSH)
		KILLPOINT("push.sent");
	if (o->pending > 0)
		return e == ERR_OK;
	if (e == ERR_LENGTH || e == ERR_RANGE) { /* an address that cannot be */
		settle(d, o, l, OUTBOX_DEAD, SMPP_ESME_RINVDSTADR);
		return true;
	}
	queue_put(o);
	return false;
}

/* What was to be there by now is not sent any more. */
static bool is_late(const struct dispatch *d, const struct outgoing *o)
{
	return o->row.valid_until != 0 && d->gateway->clock->wall_s >= o->row.valid_until;
}

/* Of a long message a part may be out; what he sees of that nobody knows. */
static void settle_late(struct dispatch *d, struct outgoing *o)
{
	queue_take_out(d, o);
	settle(d, o, NULL, o->begun ? OUTBOX_AMBIGUOUS : OUTBOX_UNSENT, SMPP_ESME_ROK);
}

/* Lanes in their order: none sends while an earlier one waits. */
static void pump_group(struct dispatch *d, struct dispatch_group *group)
{
	struct outgoing *o;

	while ((o = queue_head(group)) != NULL) {
		unsigned n;
		struct gateway_link *l;
		struct segments all;

		if (is_late(d, o)) {
			settle_late(d, o);
			continue;
		}
		if (halt_holds(d, o))
			continue;
		l = pick(d, group, o, &n);
		if (l == NULL)
			return;
		if (!flight_cut(o, l, &d->arena, &all)) {
			queue_take_out(d, o);
			settle(d, o, l, OUTBOX_DEAD, SMPP_ESME_RINVMSGLEN);
			continue;
		}
		/* A message goes as a whole; one that never fits goes when the link is idle. */
		if (flight_missing(o, all.n) > n &&
		    smpp_session_pending(link_session(l->link)) > 0)
			return;
		queue_take_out(d, o);
		if (!fly(d, l, o, &all))
			return;
	}
}

void dispatch_pump(struct dispatch *d)
{
	queue_wake(d);
	for (struct dispatch_group *group = d->groups; group != NULL; group = group->next)
		pump_group(d, group);
	credit_give(d);
	metrics_windows(d->gateway);
}

/* ---- what comes back ---- */

static void retry(struct dispatch *d, struct outgoing *o, struct gateway_link *l,
                  uint32_t status)
{
	if (++o->attempts >= ATTEMPTS_MAX)
		settle(d, o, l, OUTBOX_DEAD, status);
	else
		queue_rest(d, o, o->attempts);
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
		queue_rest(d, o, o->losses - LOSSES_FREE);
	else
		queue_put(o);
}

/* Nothing of it is out any more: is it done, and if not, what then? */
static void conclude(struct dispatch *d, struct outgoing *o, struct gateway_link *l,
                     bool lost)
{
	const enum smpp_status_class class = smpp_status_class(o->worst);

	if (flight_is_whole(o)) {
		settle(d, o, l, OUTBOX_DONE, SMPP_ESME_ROK);
	} else if (o->unknown && o->row.state == OUTBOX_SENDING) {
		settle(d, o, l, OUTBOX_AMBIGUOUS, SMPP_ESME_ROK);
	} else if (class == SMPP_STATUS_PERMANENT) {
		settle(d, o, l, OUTBOX_DEAD, o->worst);
	} else if (class == SMPP_STATUS_TEMPORARY) {
		retry(d, o, l, o->worst);
	} else if (lost) {
		send_again(d, o);
	} else if (o->unknown) { /* an SMSC that only is silent has refused nothing */
		d->gateway->counts.resent++;
		queue_rest(d, o, ++o->losses);
	} else { /* throttled, or more segments than the window holds: not its fault */
		queue_put(o);
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
			queue_take_out(d, o);
			settle(d, o, l, OUTBOX_DONE, SMPP_ESME_ROK);
		}
		return;
	}
	assert(o->state == OUT_FLYING && o->pending > 0);
	if (--o->pending == 0)
		conclude(d, o, l, ev->kind == SMPP_EVENT_LOST);
}
