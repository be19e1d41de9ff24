/*
 * queue.c - messages that wait for a link: in lanes, each in order; and those that rest.
 */
#include <stdlib.h>

#include <utlist.h>

#include "base/alloc.h"
#include "dispatch_priv.h"

enum {
	REST_MS = 500,     /* doubles with each attempt */
	DOUBLINGS_MAX = 10 /* 512 s */
};

struct dispatch_group *queue_group(const struct dispatch *d, struct str name)
{
	struct dispatch_group *group = d->groups;

	while (group != NULL && !str_eq(str_of(group->name), name))
		group = group->next;
	return group;
}

void dispatch_learn(struct dispatch *d)
{
	const struct gateway *g = d->gateway;
	struct turn_route route[TURN_ROUTES];

	for (size_t i = 0; i < g->n_links; i++) {
		struct dispatch_group *group;
		struct str name;

		if (g->link[i].conf == NULL)
			continue;
		name = str_of(g->link[i].conf->group);
		if (queue_group(d, name) != NULL)
			continue;
		group = xcalloc(1, sizeof(*group));
		group->name = xstrndup(name);
		LL_APPEND(d->groups, group);
	}
	d->push = reload_routes(g->conf, route) > 0 ? queue_group(d, route[0].group)
	                                            : NULL;
}

void queue_destroy(struct dispatch *d)
{
	struct dispatch_group *group = d->groups, *next;

	for (; group != NULL; group = next) {
		next = group->next;
		free(group->name);
		free(group);
	}
}

static unsigned segments_of(const struct outgoing *o)
{
	return o->row.lane != LANE_PUSH ? 0 : o->row.segments > 0 ? o->row.segments : 1;
}

void queue_put(struct outgoing *o)
{
	struct outgoing **lane = &o->group->lane[o->row.lane], *at = *lane;

	o->state = OUT_QUEUED;
	o->group->pushes += segments_of(o);
	if (at == NULL ||
	    at->prev->row.id < o->row.id) { /* prev of the first is the last */
		DL_APPEND(*lane, o);
		return;
	}
	while (at->row.id < o->row.id)
		at = at->next;
	DL_PREPEND_ELEM(*lane, at, o);
}

void queue_take_out(struct dispatch *d, struct outgoing *o)
{
	if (o->state == OUT_QUEUED) {
		DL_DELETE(o->group->lane[o->row.lane], o);
		o->group->pushes -= segments_of(o);
	} else if (o->state == OUT_RESTING) {
		DL_DELETE(d->resting, o);
	} else if (o->state == OUT_HELD) {
		DL_DELETE(d->held, o);
	}
}

struct outgoing *queue_head(const struct dispatch_group *group)
{
	struct outgoing *head = NULL;

	for (size_t i = 0; i < LANES && head == NULL; i++)
		head = group->lane[i];
	return head;
}

void queue_rest(struct dispatch *d, struct outgoing *o, unsigned doublings)
{
	const unsigned n = doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX;

	o->state = OUT_RESTING;
	o->rest_until_ms = clock_ms(d->gateway->clock) + ((int64_t)REST_MS << n);
	DL_APPEND(d->resting, o);
}

void queue_wake(struct dispatch *d)
{
	const int64_t now_ms = clock_ms(d->gateway->clock);
	struct outgoing *o, *next;

	DL_FOREACH_SAFE(d->resting, o, next)
	{
		if (o->rest_until_ms > now_ms)
			continue;
		DL_DELETE(d->resting, o);
		queue_put(o);
	}
}

/* When a link has room for what waits. */
static int64_t room_due(const struct dispatch *d, enum outbox_lane lane)
{
	const struct gateway *g = d->gateway;
	int64_t at = INT64_MAX;

	for (size_t i = 0; i < g->n_links; i++) {
		const int64_t due = pace_due(&g->link[i], lane, clock_ms(g->clock));

		at = due < at ? due : at;
	}
	return at;
}

int64_t dispatch_deadline(const struct dispatch *d)
{
	int64_t at = INT64_MAX;
	const struct outgoing *o;

	DL_FOREACH(d->resting, o)
	{
		if (o->rest_until_ms < at)
			at = o->rest_until_ms;
	}
	for (const struct dispatch_group *group = d->groups; group != NULL;
	     group = group->next) {
		int64_t due;

		o = queue_head(group);
		due = o != NULL ? room_due(d, o->row.lane) : INT64_MAX;
		at = due < at ? due : at;
	}
	return at;
}
