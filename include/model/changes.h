/*
 * changes.h - what one turn is going to write, as sets.
 *
 * Filled by the turn and, through the functions below, by services; written by
 * store_record() in the order of the members.  Rows lie in the turn's arena.
 */
#ifndef MODEL_CHANGES_H
#define MODEL_CHANGES_H

#include "base/arena.h"
#include "model/message.h"
#include "model/subscriber.h"

/* A set that grows in an arena. */
#define SET_OF(type)           \
	struct {               \
		type *row;     \
		size_t n, cap; \
	}

struct changes {
	struct arena *arena;
	SET_OF(struct outbox_mark) marks;
	SET_OF(struct inbox_repeat) repeats;
	SET_OF(struct part_row) parts;
	SET_OF(struct parts_end) parts_done;
	SET_OF(struct receipt_row) receipts;
	SET_OF(struct inbox_row) inbox;
	SET_OF(struct outbox_row) outbox;
	SET_OF(struct delayed_row) delayed;
	SET_OF(struct optout_change) optouts;
	SET_OF(struct task_row) tasks;
	SET_OF(struct task_end) tasks_done;
	SET_OF(struct task_score) scores;
	SET_OF(struct task_deed) deeds;
	SET_OF(struct task_told) told;
	SET_OF(struct login_row) logins;
	SET_OF(struct order_row) orders;
	SET_OF(struct pin_row) pins;
	SET_OF(struct status_change) statuses;
	SET_OF(struct parked_row) parked;
	SET_OF(int64_t) parked_done; /* ids of texts: answered */
	SET_OF(struct dialogue_row) dialogues;
	SET_OF(struct step_row) steps;
	SET_OF(struct ledger_row) ledger;
	SET_OF(struct coupon_row) coupons;
	SET_OF(struct draw_row) draws;
	SET_OF(struct sale_row) sales;
	SET_OF(struct grant_row) grants;
	SET_OF(struct held_row) held;
	SET_OF(struct package_change) packages;
	SET_OF(struct agreed_row) consents;
	SET_OF(struct reminder_row) reminders;
	SET_OF(struct preference_row) preferences;
	SET_OF(struct language_change) languages;
	SET_OF(struct bond) bonds;
	SET_OF(struct request) requests;
	SET_OF(struct target_row)
	targets; /* in place of the row of that key, if there is one */
	SET_OF(struct target_reply) target_replies;
	SET_OF(struct campaign_sent) campaigns_sent;
	SET_OF(struct handoff_row) handoffs;
	SET_OF(struct campaign_ruling) rulings;
	SET_OF(struct notice) notices; /* the turn makes outbox rows of them */
	int64_t next_task;             /* id of the next new task */
	int64_t next_order;            /* and order */
	/*
	 * The prompt (its outbox row) whose number the text being answered repeated; else
	 * 0.  Only hall/dialogue.c sets it, for as long as a service carries out: without
	 * it nothing that costs is written.
	 */
	int64_t confirmed;
	/*
	 * The text being answered waits for this; set by a service through call_pin(), taken
	 * by the turn.  NULL: it does not.
	 */
	struct park *park;
};

/* Appends to a set whose rows lie in arena: set_add(arena, &c->inbox, row). */
#define set_add(arena, set, ...)                                                      \
	do {                                                                          \
		(set)->row = set_grow(                                                \
			(arena), (set)->row, (set)->n,                                \
			&(set)->cap, /* NOLINTNEXTLINE(bugprone-sizeof-expression) */ \
			sizeof(*(set)->row));                                         \
		(set)->row[(set)->n++] = (__VA_ARGS__);                               \
	} while (0)

/* Appends to one of the sets of a struct changes: changes_add(c, inbox, row). */
#define changes_add(c, member, ...) set_add((c)->arena, &(c)->member, __VA_ARGS__)

void *set_grow(struct arena *a, void *row, size_t n, size_t *cap, size_t size);

/* Records that this number takes no marketing (out), or takes it again; changes d likewise. */
void changes_opt_out(struct changes *c, struct dossier *d, bool out, int64_t now,
                     int64_t inbox);

/* Replaces what is open with this number; *o is copied, its strings are borrowed. */
void changes_dialogue_open(struct changes *c, struct dossier *d,
                           const struct dialogue *o);
/* Nothing is open any more. */
void changes_dialogue_close(struct changes *c, struct dossier *d);

/* Evidence of a step; number, owner and time are filled in from d and now. */
void changes_step(struct changes *c, const struct dossier *d, int64_t now,
                  struct step_row step);

/*
 * Records a new order and gives it: with its id and, of what is confirmed, the prompt;
 * takes what it charges.  Asserts that NEED_ORDERS is loaded, and that what costs is
 * confirmed.  The result may be changed by changes_order_state() only, and is dead after
 * the next order.
 */
struct order *changes_order(struct changes *c, struct dossier *d, struct order order);
/*
 * Moves an order on; asserts that it may (order_may()).  One that is refused or undone
 * gives back what it has charged.
 */
void changes_order_state(struct changes *c, struct dossier *d, struct order *o,
                         enum order_state to, int64_t now);

/* An accepted order will be looked at again at that instant. */
void changes_order_later(struct changes *c, const struct dossier *d, struct order *o,
                         int64_t effective_at);

/*
 * Moves money or points of an order besides what it charges and gives back, once: the
 * request id is "o" with the order's id and suffix ("-2"; "" and "-back" are taken).  d's account likewise.  Asserts
 * that what takes away (below 0) is confirmed.
 */
void changes_ledger(struct changes *c, struct dossier *d, const struct order *o,
                    const char *suffix, int64_t now, int64_t fen, int64_t points);

/* ---- tools of selling; NEED_TOOLS and NEED_ACCOUNT are loaded ---- */

/* A lot of points that the order earns; suffix as in changes_ledger(). */
void changes_earn(struct changes *c, struct dossier *d, const struct order *o,
                  const char *suffix, int64_t now, int64_t points);
/* Takes what is left of lots whose time is over out of the balance, once each. */
void changes_expire(struct changes *c, struct dossier *d,
                    const struct points_count *count, int64_t now, int64_t inbox);
/* A new coupon, or the new state of one; in d likewise. */
void changes_coupon(struct changes *c, struct dossier *d, struct coupon coupon);
/*
 * Takes one of the stock if there is one (o not NULL), and notes who got it, or who came
 * too late.  Every other dossier of the turn sees what is left.
 */
bool changes_sale(struct changes *c, struct dossier *d, const struct tool *t,
                  const struct order *o, int64_t now, int64_t inbox);
void changes_draw(struct changes *c, const struct dossier *d, struct draw_row draw);
/* Adds to an allowance that holds until expires_on; NEED_RESOURCES is loaded. */
void changes_grant(struct changes *c, struct dossier *d, struct resource r, int64_t now);

/*
 * Opens a subscription (until 0), or gives it an end; in d->held likewise.  One that ended
 * in the second in which it began makes room for the next of that second.
 */
void changes_held(struct changes *c, struct dossier *d, const struct subscription *s);

/* The main package from now on. */
void changes_package(struct changes *c, struct dossier *d, struct str code);

/* What was agreed to by text, or taken back: subject is a code. */
void changes_consent(struct changes *c, const struct dossier *d, struct str subject,
                     bool given, int64_t now, struct str text);

/* Records work for a person and gives its id. */
int64_t changes_task(struct changes *c, const struct dossier *d, struct str kind,
                     int64_t now, int64_t inbox, struct str text);

/*
 * The same with all that its person needs: kind, text, desk, due_at and context are the
 * caller's, the rest is filled in.
 */
int64_t changes_work(struct changes *c, const struct dossier *d, int64_t now,
                     int64_t inbox, struct task_row task);

#endif
