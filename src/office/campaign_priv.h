/*
 * campaign_priv.h - what the files of the task "campaign" share.
 *
 * A campaign goes through states by deeds (model/campaign.h).  Each deed is one
 * transaction of the owner: the row as it is then is looked at, changed, and a step noted.
 */
#ifndef OFFICE_CAMPAIGN_PRIV_H
#define OFFICE_CAMPAIGN_PRIV_H

#include "assets/assets.h"
#include "care_priv.h"
#include "push/campaign.h"
#include "push/compose.h"
#include "push/gate.h"
#include "store/campaigns.h"

#define CAMPAIGN_RULE "rule" /* who does what nobody does */

/* ---- campaign_plan.c: a definition with all that it is judged by ---- */

struct campaign_plan {
	struct office_call *c;
	int64_t now;
	struct push_rules rules;
	struct catalogue packages; /* of the store */
	struct assets *assets;     /* owned; NULL before campaign_plan_whole() */
	struct str name, text;     /* name: for faults */
	struct campaign def;
	char hash[CAMPAIGN_HASH + 1];
	/* Once it was checked. */
	struct composed *composed;
	struct tag_rules *where; /* NULL: everybody */
};

/* Reads; ERR_SYNTAX, ERR_RANGE with a fault.  To be freed also then. */
MUST_CHECK enum err campaign_plan_load(struct office_call *c, struct str name,
                                       struct str text, struct campaign_plan *out);
/* Of a campaign of the store, and its row. */
MUST_CHECK enum err campaign_plan_of(struct office_call *c, struct campaign_plan *out,
                                     struct campaign_row *row);
/* With the hall's other files, for walks and texts. */
MUST_CHECK enum err campaign_plan_whole(struct campaign_plan *p);
void campaign_plan_free(struct campaign_plan *p);
/* What forbids to submit it: the number of faults, each a line of out. */
size_t campaign_plan_faults(struct campaign_plan *p, struct buf *out);
/* The first of them as the fault: ERR_REFUSED. */
MUST_CHECK enum err campaign_plan_check(struct campaign_plan *p);

/* ---- campaign_deed.c ---- */

/* Field "code", a campaign of the store.  ERR_NOT_FOUND with a fault. */
MUST_CHECK enum err campaign_find(struct office_call *c, struct campaign_row *out);

struct campaign_move {
	struct office_call *c;
	enum campaign_deed deed;
	struct str code, by, note;
	int64_t now;
	/* Changes the row, or refuses with a fault; may be NULL.  On the owner's thread. */
	enum err (*change)(struct campaign_move *m, struct campaign_row *row);
	void *arg;
	bool may_be_new;
	bool quiet;              /* nothing that runs has changed */
	struct campaign_row row; /* out: as it is then */
};
/* Carries one out.  ERR_STATE with a fault that says what may be done instead. */
MUST_CHECK enum err campaign_move(struct campaign_move *m);

/*
 * Whether it is still what was approved; else it becomes a draft again.  ERR_STATE with a
 * fault, ERR_OK: it is.
 */
MUST_CHECK enum err campaign_still(struct campaign_plan *p,
                                   const struct campaign_row *row);

/* Fields "by", "why", "now". */
MUST_CHECK enum err campaign_signed(struct campaign_move *m);
/* Field "code"; it need not be there yet. */
MUST_CHECK enum err campaign_code(struct office_call *c, struct str *out);
MUST_CHECK enum err campaign_named(struct office_call *c, struct str code,
                                   struct campaign_row *out);
/* A deed that the request says all of. */
MUST_CHECK enum err campaign_plain(struct office_call *c, enum campaign_deed deed,
                                   enum err (*change)(struct campaign_move *m,
                                                      struct campaign_row *row),
                                   struct campaign_move *m);
/* ERR_STATE: it is in another state; the fault says what may be done in that. */
MUST_CHECK enum err campaign_may_not(const struct campaign_move *m,
                                     const struct campaign_row *row);

/* ---- campaign_eyes.c ---- */

enum err campaign_add(struct office_call *c);
enum err campaign_check_file(struct office_call *c);
enum err campaign_submit(struct office_call *c);
enum err campaign_approve(struct office_call *c);
enum err campaign_reject(struct office_call *c);

/* ---- campaign_life.c ---- */

/* READY targets of one that is over are dropped, in slices. */
MUST_CHECK enum err campaign_drop_rest(struct office_call *c, int64_t campaign);

enum err campaign_pause(struct office_call *c);
enum err campaign_resume(struct office_call *c);
enum err campaign_stop(struct office_call *c);
enum err campaign_lesson(struct office_call *c);
enum err campaign_kill(struct office_call *c);
enum err campaign_unkill(struct office_call *c);

/* ---- campaign_people.c: who would be offered what ---- */

enum {
	CAMPAIGN_EACH = 8 /* offers of one subscriber, the best first */
};

struct campaign_found {
	int64_t msisdn, owner_since;
	enum language language;
	size_t n;
	struct campaign_offered {
		uint16_t offer;              /* of the walk's offers */
		bool trial;                  /* free at first */
		int64_t saving_li, value_li; /* a month; expected worth of the message */
		int64_t gain_li;             /* margin a month, if it is taken */
	} offer[CAMPAIGN_EACH];
	size_t at; /* in the portion */
};

/*
 * Keeps of n found, with numbers behind `after` up to upto, those of whom its rule holds;
 * *fit grows by all of whom it does.
 */
MUST_CHECK enum err campaign_plan_hold(struct campaign_plan *p, int64_t after,
                                       int64_t upto, struct campaign_found *found,
                                       size_t *n, int64_t *fit);

struct campaign_walk;
/* An offer of the campaign, as it can be ordered. */
struct campaign_offer {
	struct str code;
	const char *intent;      /* "package.change"; NULL: nothing is offered */
	const struct package *p; /* NULL: a tool, or nothing */
};

/* plan is borrowed, and checked.  Numbers behind `after`. */
MUST_CHECK enum err campaign_walk_begin(struct campaign_plan *plan, int64_t after,
                                        struct campaign_walk **out);
void campaign_walk_end(struct campaign_walk *w); /* NULL is fine */
/* The next portion, in order of number; ERR_END. */
MUST_CHECK enum err campaign_walk_next(struct campaign_walk *w,
                                       struct campaign_found **found, size_t *n);
/* What was seen so far. */
struct campaign_walked {
	int64_t people, fit; /* subscribers; of these, those of whom the rule holds */
	int64_t offered;     /* of these, those with an offer */
	int64_t upto;        /* the number up to which that is */
};
struct campaign_walked campaign_walk_so_far(const struct campaign_walk *w);
const struct campaign_offer *campaign_walk_offers(const struct campaign_walk *w,
                                                  size_t *n);

/*
 * The target that one of the portion becomes with that offer of his; strings die with the
 * portion.
 */
void campaign_walk_target(struct campaign_walk *w, const struct campaign_row *row,
                          const struct campaign_found *f, size_t offer,
                          struct target_row *out);

/* ---- campaign_case.c ---- */

/* A target as it would be sent. */
struct campaign_case {
	const struct target_row *target;
	enum language language;
	struct str text; /* "" of one that is held out */
	unsigned segments;
	enum gate_reason reason; /* GATE_NONE: it would leave */
};
/* Of n targets, in a; the plan is checked.  Stock and budget are not counted. */
MUST_CHECK enum err campaign_cases(struct campaign_plan *p, const struct target_row *t,
                                   size_t n, struct arena *a, struct campaign_case *out);
enum err campaign_preview(struct office_call *c);

/* ---- campaign_preflight.c ---- */

enum err campaign_preflight(struct office_call *c);

/* ---- campaign_draw.c ---- */

enum err campaign_schedule(struct office_call *c);
/* Draws, or goes on with it, until the audience stands. */
MUST_CHECK enum err campaign_draw(struct campaign_plan *p,
                                  const struct campaign_row *row);

/* ---- campaign_tend.c ---- */

/* Of those that run, or will: what is due. */
enum err campaign_tend(struct office_call *c);

/* ---- campaign_look.c ---- */

enum err campaign_list(struct office_call *c);
enum err campaign_show(struct office_call *c);

/* ---- campaign_report.c ---- */

enum err campaign_report(struct office_call *c);

/* ---- campaign_targets.c ---- */

enum err campaign_targets(struct office_call *c);

/* ---- campaign_judge.c ---- */

enum err campaign_evaluate(struct office_call *c);
enum err campaign_lessons(struct office_call *c);

#endif
