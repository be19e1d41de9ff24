/*
 * hall.h - the business hall: one command in, one answer out.
 *
 * Pure: the answer is a function of the rows in the dossier, the command, the
 * catalogue and the time.  A service changes rows only in memory and notes what
 * is to be written in struct changes; the turn records it.
 */
#ifndef HALL_HALL_H
#define HALL_HALL_H

#include "grammar/grammar.h"
#include "hall/desk.h"
#include "hall/replies.h"
#include "model/changes.h"
#include "model/group.h"
#include "model/package.h"
#include "model/terms.h"
#include "offer/match.h"

struct hall_conf {
	enum language
		default_language; /* for numbers that are no subscriber and texts in no script */
	struct str
		hotline; /* the operator's voice number, shown as the way out; "10086" */
	/* Y confirms what costs less (fen) and is alone; 0: only the prompt's number does. */
	int64_t plain_yes_fen;
	const struct terms_list *terms;   /* borrowed; NULL: none */
	const struct desk *desk;          /* likewise */
	const struct tools *tools;        /* likewise */
	const struct policy *policy;      /* likewise; NULL: policy_defaults() */
	const struct group_rules *groups; /* likewise; NULL: group_rules_defaults() */
};

struct hall; /* immutable; borrows grammar and replies */

/* As in its hall_conf. */
const struct tools *hall_tools(const struct hall *h);
/* conf's, or the defaults. */
const struct policy *hall_policy(const struct hall *h);

/*
 * Ties the services to the grammar's intents.  An intent without a service is
 * answered "not by SMS yet" and changes nothing.
 */
struct hall *hall_create(const struct hall_conf *conf, const struct grammar *grammar,
                         const struct replies *replies);
void hall_destroy(struct hall *h);

/* What a text does to the dialogue that is open; see src/hall/resolve.c. */
enum hall_reaction {
	HALL_RUN,       /* carries out run[]; what is open stays so */
	HALL_CLOSE_RUN, /* the same, and ends what is open */
	HALL_RETELL,    /* run[0] is a language, run[1] what is open, asked again in it */
	HALL_PICK,      /* run[] are the items chosen of a menu */
	HALL_FILL,      /* run[] is the command asked about, with its value */
	HALL_CARRY_OUT, /* run[] is the action, confirmed by its number */
	HALL_REMIND,    /* asks for the number once more */
	HALL_UNCLEAR,   /* the same, since the text was not understood */
	HALL_WRONG,     /* another number */
	HALL_DECLINE,   /* no: ends what is open */
	HALL_HINT,      /* says how to choose */
	HALL_LATE,      /* an answer to nothing, or to what has expired */
	HALL_TAKE,      /* run[] is the offer of a campaign's message, taken */
	HALL_TURN_DOWN, /* that offer is not wanted */
	HALL_TOO_LATE,  /* it does not hold any more */
	HALL_TEST,      /* it was a test: nothing comes of it */
	HALL_REACTIONS
};

/* What came of the PINs that a text waited for. */
struct hall_verdict {
	bool right;       /* the PIN is that of the hash that still counts */
	struct str fresh; /* hash of the new one; may be "" */
};

struct hall_question {
	int64_t id;           /* of the text: its inbox row, and the reply's */
	int64_t now;          /* UTC s */
	struct str text;      /* as received, for hand-over and evidence */
	struct str folded;    /* as the grammar saw it; evidence */
	const char *revision; /* of the grammar; evidence; may be NULL */
	uint64_t dice;        /* random bits of this text alone */
	const struct grammar_command *command;
	struct dossier *who; /* may be changed through changes.h functions */
	/* hall_other()'s, with NEED_PIN and NEED_ORDERS; NULL: none. Changed only with a verdict. */
	struct dossier *other;
	const struct hall_verdict *verdict; /* NULL: nothing was waited for */
	struct str said;                    /* before it waited; may be "" */
	int64_t campaign; /* to whose number the text was written; 0: to none */
	const struct push_rules *push; /* borrowed; NULL: there are no campaigns */
	const struct catalogue *catalogue;
	struct changes *changes;
	struct arena *arena;
	/* By hall_resolve(); all 0: the command alone is run. */
	enum hall_reaction reaction;
	const struct grammar_command *run;
	size_t n_run;
	/* Of the numbers that hall_others() names, with their needs loaded. */
	struct dossier **others;
	size_t n_others;
};

/* Numbers besides who's of whose rows the answer is made. */
enum {
	HALL_OTHERS = 16
};
struct hall_others {
	int64_t msisdn[HALL_OTHERS];
	unsigned needs[HALL_OTHERS]; /* enum need bits */
	size_t n;
};
/* To be asked once who's needs are loaded. */
void hall_others(const struct hall *h, const struct hall_question *q,
                 struct hall_others *out);

/* What a text of this number is to be matched with first. */
struct grammar_context hall_context(const struct dossier *who, int64_t now);

/*
 * Whether q->command leaves it open what the text is, and another match, with *context,
 * is to replace it if that finds an intent: a number in a confirmation that may be a
 * code, an answer though nothing is open.
 */
bool hall_ambiguous(const struct hall_question *q, struct grammar_context *context);

/*
 * Whether what campaigns have sent may decide what the text means: then NEED_PUSHES is to be
 * loaded into q->who before hall_resolve().
 */
bool hall_asks_pushes(const struct hall_question *q);

/* From what is open and the command to what is to be run; fills the last members of q. */
void hall_resolve(const struct hall *h, struct hall_question *q);

/* Whether the text may hold a secret, so that its digits must not be kept. */
bool hall_secret(const struct hall_question *q);

/* enum need bits that hall_answer() will want loaded into q->who; who's own rows are there. */
unsigned hall_needs(const struct hall *h, const struct hall_question *q);

struct hall_answer {
	struct str text; /* UTF-8, in the arena; never empty */
	const char *
		outcome; /* for log and counters: "done", "refused.lost", "unknown", …; static */
};

/* The order that a command to be run names by its number; 0: none. */
int64_t hall_order_named(const struct hall_question *q);

/* The number, other than the sender's, that the command names with a PIN; 0: none. */
int64_t hall_other(const struct hall_question *q);

/* Answers; always gives a text, unless it leaves changes->park. */
struct hall_answer hall_answer(const struct hall *h, const struct hall_question *q);

/*
 * Carries out an accepted order whose day has come, and gives what its subscriber is told;
 * "" when there is nothing to say.  Of `who` the needs hall_due_needs() must be loaded.
 */
unsigned hall_due_needs(void);
struct str hall_due(const struct hall *h, const struct hall_question *q,
                    struct order *order);

/*
 * Looks at a reminder: gives the text, or "" when there is nothing to tell, and in *r
 * when to look again and what was told.  Of `who` the needs must be loaded.
 */
unsigned hall_remind_needs(const struct reminder *r);
struct str hall_remind(const struct hall *h, const struct hall_question *q,
                       struct reminder *r);

/*
 * A task that its person has answered or closed: gives what its subscriber is told, or
 * "" and when to ask again.  Of `who` NEED_ORDERS must be loaded.
 */
struct str hall_tell(const struct hall *h, const struct hall_question *q,
                     const struct task_view *t, int64_t *tell_at);

/* What the matcher makes of one subscriber. */
struct hall_offer {
	struct tariffs tariffs; /* of q->catalogue */
	const struct policy *policy;
	struct stage_facts facts;
	struct subject subject;
	struct match match;
	/* Of the catalogue: held, trials apart; services that he may open; tried before. */
	struct offer_set owned, services, tried;
	unsigned contacts, refusals; /* offer_contacts(), offer_refusals() */
	month_t last; /* of month index USAGE_MONTHS - 1: the one before q->now's */
};

/*
 * Matches q->who; policy NULL: the hall's own.  Of who the needs hall_offer_needs() must be
 * loaded.  Everything lies in q->arena.
 */
unsigned hall_offer_needs(void);
void hall_offer(const struct hall *h, const struct hall_question *q,
                const struct policy *policy, struct hall_offer *out);

/* Why that package, from the subscriber's own bills, in a language. */
struct str hall_offer_reason(const struct hall *h, const struct hall_question *q,
                             enum language language, const struct hall_offer *o,
                             const struct candidate *of);

/* The same with its arithmetic, as "why" is answered. */
struct str hall_offer_why(const struct hall *h, const struct hall_question *q,
                          enum language language, const struct hall_offer *o,
                          const struct candidate *of);

/* What a campaign has for one subscriber, in his language; as a target's members. */
struct hall_sale {
	struct str offer, command, saving, why;
};
struct campaign;
/* False: nothing.  Of q->who hall_sell_needs() must be loaded. */
unsigned hall_sell_needs(void);
bool hall_sell(const struct hall *h, const struct hall_question *q,
               const struct campaign *k, struct hall_sale *out);

/*
 * A trial that a campaign gives, unasked: free, and it ends by itself.  Of q->who
 * hall_grant_needs() must be loaded.  False: there is none for him, or not any more.
 */
unsigned hall_grant_needs(void);
bool hall_grant(const struct hall *h, const struct hall_question *q, struct str code);

enum {
	HALL_ASKED = 2
};
struct campaign_row;
/*
 * What an approver is asked, in his language: what the campaign is with its code, then the
 * text of its first arm ("" when it has none).
 */
void hall_ask_approval(const struct hall *h, const struct hall_question *q,
                       const struct campaign_row *row, const struct campaign *k,
                       struct str out[HALL_ASKED]);

/* Texts the turn itself needs, in the language of `who` (may be NULL), or of the text. */
enum hall_notice {
	HALL_TRY_LATER, /* the request was set aside after a failure */
	HALL_TOO_MANY,  /* over the rate limit of one number; said once */
	HALL_RESEND     /* parts of a long message are missing */
};
struct str hall_notice_text(const struct hall *h, enum hall_notice n,
                            const struct dossier *who, struct str text,
                            struct arena *arena);

#endif
