/*
 * push_priv.h - what the files that send campaigns share.
 *
 * push.c            turn_push(): which campaign has its turn
 * push_campaigns.c  those that run, as the store says; what each may send now
 * push_slice.c      a transaction over some targets of one
 * push_target.c     one target: gate, text, rows
 * push_test.c       messages to numbers for tests
 * sell.c            targets behind answers
 */
#ifndef TURN_PUSH_PRIV_H
#define TURN_PUSH_PRIV_H

#include "base/bucket.h"
#include "push/campaign.h"
#include "push/compose.h"
#include "push/gate.h"
#include "push/pace.h"
#include "store/campaigns.h"
#include "store/tags.h"
#include "turn_priv.h"

/* A campaign that runs. */
struct running {
	int64_t id;
	struct campaign c;
	struct composed *text;
	struct tag_rules *where; /* of what comes behind answers; NULL: everybody */
	int64_t allowed, sent, segments; /* as of the last commit */
	SET_OF(struct sold_offer) sold;  /* loaded where c.stock is a limit */
	int64_t after;      /* the place up to which its targets were looked at */
	int64_t later_s;    /* UTC s: when the first of those left READY is asked again */
	int64_t sleeps_ms;  /* UTC ms up to which there is nothing to be done */
	struct bucket rate; /* segments; may be in debt by one message */
	uint64_t served;    /* slices, for taking turns */
	uint8_t salt[CAMPAIGN_SALT];
};

enum {
	SELL_WISHES = 32 /* answers that wait for what may follow them; more are let go */
};
struct sell_wish {
	int64_t msisdn, campaign;
};

struct pushing {
	struct arena arena; /* of the definitions */
	struct running *row;
	size_t n;
	struct push_load load;
	struct bucket pace; /* messages of all campaigns, by what core systems take */
	struct turn_pushes counts;
	struct campaign_halts halts;
	struct sell_wish wish[SELL_WISHES];
	size_t n_wishes;
	bool tests; /* some may be due */
};

/* ---- push_campaigns.c ---- */
/* What it may send now, in segments and messages; both above 0, or *next_ms says when. */
struct room {
	size_t messages;
	unsigned segments;
};
bool running_has_room(const struct turn *t, struct running *r, int64_t now_ms,
                      struct room *room, int64_t *next_ms);
/* It has sent as many as it may; those left READY get nothing of it. */
bool running_is_spent(const struct running *r);
/* Of that offer; INT64_MAX: no limit. */
int64_t running_stock(const struct running *r, struct str offer);
int64_t running_budget(const struct running *r, const struct push_rules *rules);
/* Committed. */
void running_sold(struct pushing *p, struct running *r, struct str offer);

struct running *running_find(const struct pushing *p, int64_t id); /* or NULL */

/* ---- sell.c ---- */
/* Makes targets of whom sell_note() has noted.  Errors of the store only. */
MUST_CHECK enum err sell_run(struct turn *t, int64_t now_ms);

/* ---- push_test.c ---- */
/* Sends those that are due, or leaves all as it was. */
MUST_CHECK enum err tests_run(struct turn *t, int64_t now_ms);

/* ---- push_slice.c ---- */
struct slice {
	struct turn *t;
	struct running *r;
	int64_t now_ms;
	struct room room;
	const struct outbox_mark
		*mark; /* of earlier ones; n_marks 0: they go another time */
	size_t n_marks;
	/* Of the transaction under way. */
	struct target_row *target;
	struct dossier **who;
	bool *better;
	size_t n;
	unsigned segments; /* of those that are sent */
	int64_t sent;
	int64_t later_s;
	uint64_t later, refused[GATE_REASONS];
};
/* *found: whether there were targets.  After an error nothing has changed. */
MUST_CHECK enum err slice_run(struct slice *s, bool *found);

/* ---- push_target.c ---- */
/* Decides about target i of the slice and notes what becomes of it; out of the loaded rows. */
void target_decide(struct slice *s, size_t i);
/* The same of one that could not be read. */
void target_give_up(struct slice *s, size_t i);

#endif
