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
#include "office/campaigns.h"
#include "office/choose.h"
#include "push/campaign.h"
#include "push/canary.h"
#include "push/compose.h"
#include "push/evaluate.h"
#include "push/gate.h"
#include "store/campaigns.h"

/* ---- campaign_plan.c: a definition with all that it is judged by ---- */

struct campaign_plan {
	struct office_call *c;
	int64_t now;
	struct push_rules rules;
	struct catalogue packages; /* of the store */
	struct tools tools;
	struct assets *assets; /* owned; NULL before campaign_plan_whole() */
	struct str name, text; /* name: for faults */
	struct campaign def;
	char hash[CAMPAIGN_HASH + 1];
	uint8_t salt[CAMPAIGN_SALT]; /* of the store's row; else 0 */
	/* Once it was checked. */
	struct composed *composed;
	struct tag_rules *where; /* NULL: everybody */
};

/* Reads; ERR_SYNTAX, ERR_RANGE with a fault.  To be freed also then. */
MUST_CHECK enum err campaign_plan_load(struct office_call *c, struct str name,
                                       struct str text, struct campaign_plan *out);
/*
 * The same; faults of the definition are added to that, if it is there, a line each.  What
 * could be read may then be looked at by campaign_plan_faults(), unless def.n_places is 0.
 */
MUST_CHECK enum err campaign_plan_read(struct office_call *c, struct str name,
                                       struct str text, struct buf *faults,
                                       struct campaign_plan *out);
/* Of a campaign of the store, and its row. */
MUST_CHECK enum err campaign_plan_of(struct office_call *c, struct campaign_plan *out,
                                     struct campaign_row *row);
/* With the hall's other files, for walks and texts. */
MUST_CHECK enum err campaign_plan_whole(struct campaign_plan *p);
void campaign_plan_free(struct campaign_plan *p);
/* What forbids to submit it, added to out: the number of its lines. */
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
	/* More of the same transaction; may be NULL. */
	enum err (*also)(struct store *s, const struct campaign_move *m);
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
/* ---- campaign_look.c ---- */

/* A line for people when one that is to send may not yet, for the hour; else nothing. */
void campaign_put_opening(enum campaign_state state, const struct campaign *def,
                          const struct push_rules *rules, int64_t now, struct buf *out);

/* ---- campaign_next.c ---- */

/* ERR_STATE: it is in another state; the fault says what may be done in that. */
MUST_CHECK enum err campaign_may_not(const struct campaign_move *m,
                                     const struct campaign_row *row);
/* What can be done next, a command each. */
void campaign_say_next(struct office_call *c, const struct campaign_row *row);
/* The fault for a code that there is not ("": none was said), with those that there are. */
void campaign_none(struct office_call *c, struct str code);

/* ---- campaign_seen.c: what the last look saw ---- */

/* Adds one that runs or is paused, with the counts of its n arms. */
MUST_CHECK enum err campaign_seen_counts(struct office_call *c,
                                         struct office_campaigns *seen,
                                         const struct campaign_row *row,
                                         const struct campaign_counts *arm, size_t n);
/* Adds one that is STOPPED, if a rule did it and nobody has done anything since. */
MUST_CHECK enum err campaign_seen_stopped(struct office_call *c,
                                          struct office_campaigns *seen,
                                          const struct campaign_row *row);

/* ---- campaign_eyes.c ---- */

enum err campaign_new(struct office_call *c);
enum err campaign_add(struct office_call *c);
enum err campaign_check_file(struct office_call *c);
enum err campaign_submit(struct office_call *c);
enum err campaign_approve(struct office_call *c);
enum err campaign_reject(struct office_call *c);

/* ---- campaign_life.c ---- */

/* READY targets of one that is over are dropped, in slices. */
MUST_CHECK enum err campaign_drop_rest(struct office_call *c, int64_t campaign);

/*
 * The audience of one that is a draft again, or is drawn anew, goes, in slices; who was
 * sent to stays.
 */
MUST_CHECK enum err campaign_forget(struct office_call *c, int64_t campaign);

enum err campaign_pause(struct office_call *c);
enum err campaign_resume(struct office_call *c);
enum err campaign_stop(struct office_call *c);
enum err campaign_lesson(struct office_call *c);
enum err campaign_kill(struct office_call *c);
enum err campaign_unkill(struct office_call *c);
/* ERR_STATE with a fault: all campaigns are stopped. */
MUST_CHECK enum err campaign_not_killed(struct office_call *c);

/* ---- campaign_people.c: who would be offered what ---- */

enum {
	CAMPAIGN_EACH = 8 /* offers of one subscriber, the best first */
};

struct campaign_found {
	int64_t msisdn, owner_since;
	enum language language;
	unsigned cell; /* learn_cell_of(), or LEARN_ANY */
	size_t n;
	struct campaign_offered {
		struct choose_offer as; /* its offer: of the walk's */
		bool trial;             /* free at first */
		int64_t saving_li;      /* a month */
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
/* Whose secret says for whom acceptance is drawn; before it, for nobody. */
void campaign_walk_of(struct campaign_walk *w, const struct campaign_row *row);
/* Targets that are held out say why too, as if they were told. */
void campaign_walk_all_texts(struct campaign_walk *w);
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
	int64_t owner_since; /* of who has the number now; 0: nobody */
	enum language language;
	struct str text; /* "" of one that is held out */
	unsigned segments;
	enum gate_reason reason; /* GATE_NONE: it would leave */
};
/* Of n targets, in a; the plan is checked.  Stock and budget are not counted. */
MUST_CHECK enum err campaign_cases(struct campaign_plan *p, const struct target_row *t,
                                   size_t n, struct arena *a, struct campaign_case *out);
enum err campaign_preview(struct office_call *c);

/* ---- campaign_test.c ---- */

enum err campaign_test(struct office_call *c);

/* ---- campaign_choice.c: who, when not all can ---- */

/* One with an offer, in order of number; who is held out is judged as if he were told. */
typedef void campaign_take(void *ctx, const struct campaign_found *f,
                           const struct campaign_case *c);
/* Everybody; the plan is checked and whole.  ERR_STATE: the process ends. */
MUST_CHECK enum err campaign_survey(struct campaign_plan *p,
                                    const struct campaign_row *row, campaign_take *take,
                                    void *ctx, struct campaign_walked *seen);

/* Whether the definition has limits, or a wish, that may leave somebody out. */
bool campaign_may_choose(const struct campaign *c);

struct campaign_choice;
/* plan and row are borrowed. */
MUST_CHECK enum err campaign_choice_begin(struct campaign_plan *p,
                                          const struct campaign_row *row,
                                          struct campaign_choice **out);
void campaign_choice_end(struct campaign_choice *k); /* NULL is fine */
/* By campaign_survey(). */
void campaign_choice_add(struct campaign_choice *k, const struct campaign_found *f,
                         const struct campaign_case *c);
/* Once all are added.  ERR_RANGE with a fault: too many limits are short at once. */
MUST_CHECK enum err campaign_choice_made(struct campaign_choice *k,
                                         const struct campaign_walk *w);
/* False: all can have the first of their offers, and nothing was chosen. */
bool campaign_choice_is_short(const struct campaign_choice *k);
const struct chosen *campaign_chosen(const struct campaign_choice *k, bool held_out);
/* Whether that one was chosen, and with which of his offers. */
bool campaign_choice_of(const struct campaign_choice *k, const struct campaign_found *f,
                        size_t *offer);
/* The certificate and what one more of each limit is worth. */
void campaign_choice_say(const struct campaign_choice *k, const struct campaign_walk *w,
                         struct buf *out);

/* ---- campaign_preflight.c ---- */

enum err campaign_preflight(struct office_call *c);

/* ---- campaign_draw.c ---- */

enum err campaign_schedule(struct office_call *c);
/* Draws, or goes on with it, until the audience stands. */
MUST_CHECK enum err campaign_draw(struct campaign_plan *p,
                                  const struct campaign_row *row);

/* ---- campaign_tend.c ---- */

/* Adds an arm that is sent to, for what stops a campaign. */
void campaign_count_sent(const struct campaign_counts *n, struct canary_counts *out);

/* Of those that run, or will: what is due. */
enum err campaign_tend(struct office_call *c);

/* ---- campaign_look.c ---- */

enum err campaign_list(struct office_call *c);
enum err campaign_show(struct office_call *c);

/* ---- campaign_report.c ---- */

enum err campaign_report(struct office_call *c);

/* ---- campaign_outcome.c: what messages brought, by hour and stage; what they saved ---- */

enum {
	CAMPAIGN_HOURS = 24
};

struct campaign_outcome {
	struct campaign_answers {
		int64_t sent, replied, ordered;
	} hour[CAMPAIGN_HOURS],    /* local, of the message */
		stage[STAGES + 1], /* when it was drawn; the last: not known */
		all;
	/* Of those who ordered by reply and were promised one. */
	int64_t promised, promised_fen; /* people; a month */
	/* Of these, months that were insured and are decided: src/hall/insured.c. */
	int64_t people, months;
	int64_t told_fen; /* promised for these */
	int64_t saved_li; /* old bill less new, of the same use */
	int64_t paid_fen; /* back */
};
MUST_CHECK enum err campaign_outcome_load(struct office_call *c, int64_t campaign,
                                          struct campaign_outcome *out);
void campaign_outcome_say_savings(const struct campaign_outcome *o, struct buf *out);
void campaign_outcome_say(const struct campaign_outcome *o, struct buf *out);
/* Rows of CAMPAIGN_MORE_HEAD. */
#define CAMPAIGN_MORE_HEAD \
	"campaign,of,name,sent,replied,refused,ordered,people,months,yuan,note\n"
void campaign_outcome_csv(const struct campaign_outcome *o, struct str code,
                          struct buf *out);

/* ---- campaign_alarms.c: what somebody should look at ---- */

/* The chance of so uneven groups by the definition's shares; 1: one group alone. */
double campaign_split(const struct campaign *d, const struct push_rules *rules,
                      const struct campaign_counts *arm, size_t n);

struct campaign_alarms {
	struct str stopped; /* by a rule: which, with its figures; "": not */
	struct str near;    /* a line each: what comes near the limit that stops it */
	double split_p;     /* alarming below EVALUATE_UNEVEN */
};
MUST_CHECK enum err campaign_alarms_load(struct office_call *c,
                                         const struct campaign_row *row,
                                         const struct campaign *d,
                                         const struct push_rules *rules,
                                         const struct campaign_counts *arm, size_t n,
                                         struct campaign_alarms *out);
void campaign_alarms_say(const struct campaign_alarms *a, struct buf *out);
/* Rows of CAMPAIGN_MORE_HEAD. */
void campaign_alarms_csv(const struct campaign_alarms *a, struct str code,
                         struct buf *out);

/* ---- campaign_use.c ---- */

enum err campaign_use(struct office_call *c);

/* ---- campaign_targets.c ---- */

enum err campaign_targets(struct office_call *c);

/* ---- campaign_handoff.c ---- */

enum err campaign_handoff(struct office_call *c);

/* ---- campaign_return.c: what a campaign has cost and brought in ---- */

struct campaign_return {
	int64_t segments;
	double cost_li;
	int64_t taken;   /* orders whose margin is known */
	double order_li; /* margin of an order, a month, in the mean */
	int32_t months;  /* of the policy, that it is counted over */
	/* Set before it is said. */
	double orders; /* that would not have been */
	struct interval orders_ci;
	int64_t people; /* chosen */
	double yuan;    /* a month more of each, by bills; 0: not known */
	struct interval yuan_ci;
};
/* Segments are known. */
MUST_CHECK enum err campaign_return_load(const struct campaign_plan *p,
                                         const struct campaign_row *row,
                                         struct campaign_return *out);
void campaign_return_say(const struct campaign_return *r, struct buf *out);
void campaign_return_note(const struct campaign_return *r, struct buf *out);

/* ---- campaign_judge.c ---- */

enum err campaign_evaluate(struct office_call *c);
enum err campaign_lessons(struct office_call *c);

#endif
