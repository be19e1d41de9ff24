/*
 * dispatch_priv.h - messages on their way to the SMSC: what dispatch.c, queue.c, credit.c,
 * halt.c, flight.c and pace.c share.
 */
#ifndef GATEWAY_DISPATCH_PRIV_H
#define GATEWAY_DISPATCH_PRIV_H

#include "gateway_priv.h"

/* Links with one set of numbers, and what waits for them; the links may be gone. */
struct dispatch_group {
	char *name;                   /* owned */
	struct outgoing *lane[LANES]; /* by utlist: head first */
	unsigned pushes;              /* segments in LANE_PUSH */
	struct dispatch_group *next;
};

struct dispatch {
	struct gateway *gateway;
	struct dispatch_group *groups; /* by utlist */
	struct dispatch_group *push;   /* by which campaigns leave; NULL: by none */
	unsigned granted;              /* segments that the worker may still make */
	struct outgoing *resting;
	struct outgoing *held; /* their campaigns are paused */
	struct campaign_halts halts;
	struct outgoing *by_id; /* all of them, for responses */
	struct arena arena;
};

/* ---- queue.c ---- */
struct dispatch_group *queue_group(const struct dispatch *d, struct str name);
/* Into its lane, in order of id: what comes back goes before what was made after it. */
void queue_put(struct outgoing *o);
/* Out of its lane, or from among those that rest or are held. */
void queue_take_out(struct dispatch *d, struct outgoing *o);
/* The next of the group, of its first lane that holds any; NULL: none waits. */
struct outgoing *queue_head(const struct dispatch_group *group);
/* It goes on in half a second, doubled so often. */
void queue_rest(struct dispatch *d, struct outgoing *o, unsigned doublings);
/* Those that have rested are put back. */
void queue_wake(struct dispatch *d);
void queue_destroy(struct dispatch *d);

/* ---- credit.c ---- */
/* A message of a campaign has come from the worker. */
void credit_used(struct dispatch *d, const struct outgoing *o);

/* ---- halt.c ---- */
/* Whether its campaign is paused; then the head of a lane is held, or has ended: look again. */
bool halt_holds(struct dispatch *d, struct outgoing *o);

/* ---- flight.c ---- */
/* ERR_OK: all->n segments at most are in o->pending; else what the last of them said. */
MUST_CHECK enum err flight_start(struct outgoing *o, struct gateway_link *l,
                                 const struct segments *all, int64_t now_ms);
/* Cuts o as l takes it; false when it cannot be. */
bool flight_cut(struct outgoing *o, const struct gateway_link *l, struct arena *a,
                struct segments *out);
int64_t flight_id(const struct smpp_event *ev); /* of the message that ev is about */
unsigned flight_missing(const struct outgoing *o, unsigned segments);
bool flight_is_whole(const struct outgoing *o); /* every segment was accepted */
void flight_accepted(struct outgoing *o, const struct smpp_event *ev);
void flight_refused(struct outgoing *o, const struct smpp_event *ev);

/* ---- pace.c ---- */
void pace_start(struct gateway_link *l, int64_t now_ms); /* bound */
/* Segments of that lane that it takes now; campaigns leave some room for answers. */
unsigned pace_room(struct gateway_link *l, enum outbox_lane lane, int64_t now_ms);
/* Segments of campaigns that may wait for it. */
unsigned pace_ahead(const struct gateway_link *l);
void pace_spent(struct gateway_link *l, unsigned segments); /* sent */
void pace_throttled(struct gateway_link *l, int64_t now_ms);
void pace_accepted(struct gateway_link *l);
/* When that lane has room again without any event; monotonic ms or INT64_MAX. */
int64_t pace_due(const struct gateway_link *l, enum outbox_lane lane, int64_t now_ms);

#endif
