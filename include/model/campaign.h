/*
 * campaign.h - campaigns and their targets, as rows and as states.
 *
 * A campaign is a definition (push/campaign.h: the text of a file) that goes through
 * states.  A target is one number of it: the row that makes it impossible to send a
 * campaign to a number twice.  What became of its message is told by that message's own
 * row (outbox.state, receipt_state), and kept nowhere else.
 */
#ifndef MODEL_CAMPAIGN_H
#define MODEL_CAMPAIGN_H

#include "base/civil.h"
#include "base/str.h"

struct changes;
struct dossier;

enum {
	CAMPAIGN_IDS = 9999, /* ids are 1..9999: the suffix of its sender's number */
	CAMPAIGN_SUFFIX_DIGITS = 4, /* "10690086" and campaign 12 make "106900860012" */
	CAMPAIGN_SALT = 16,         /* octets; a key of SipHash */
	CAMPAIGN_HASH = 64,         /* hexadecimal digits */
	PUSHES_KEPT =
		32, /* of a dossier, the newest that sell; as many notices, and touches */
	PUSHES_DAYS = 100
};

/* X(constant, name) */
#define CAMPAIGN_STATE_LIST(X)                                                          \
	X(DRAFT, "draft")                                                               \
	X(SUBMITTED, "submitted") /* waits for another person */                        \
	X(APPROVED, "approved") /* of exactly that hash; any change makes it a draft */ \
	X(SCHEDULED,                                                                    \
	  "scheduled") /* its audience is being drawn, or its start is waited for */    \
	X(RUNNING, "running")                                                           \
	X(PAUSED, "paused")                                                             \
	X(FINISHED, "finished") /* every target is decided, or its time is over */      \
	X(STOPPED, "stopped")   /* for good, by a person or a rule */                   \
	X(EVALUATED, "evaluated")

enum campaign_state {
#define X(constant, name) CAMPAIGN_##constant,
	CAMPAIGN_STATE_LIST(X)
#undef X
	CAMPAIGN_STATES
};
const char *campaign_state_name(enum campaign_state s); /* NULL past the end */

/* X(constant, name): what somebody, or a rule, does to a campaign */
#define CAMPAIGN_DEED_LIST(X)                                                  \
	X(ADD, "add") /* a definition, also in place of an older one */        \
	X(SUBMIT, "submit")                                                    \
	X(APPROVE, "approve")                                                  \
	X(REJECT, "reject")                                                    \
	X(SCHEDULE, "schedule")                                                \
	X(START, "start") /* once the audience stands and the time has come */ \
	X(PAUSE, "pause")                                                      \
	X(RESUME, "resume")                                                    \
	X(STOP, "stop")                                                        \
	X(FINISH, "finish")                                                    \
	X(EVALUATE, "evaluate")                                                \
	X(LESSON, "lesson") /* noted; the state stays */                       \
	X(ALLOW, "allow")   /* more is sent: the canary is well */             \
	X(TEST, "test")     /* sent to a number for tests; the state stays */  \
	X(ASK, "ask")       /* its approvers, by text */

enum campaign_deed {
#define X(constant, name) CAMPAIGN_DEED_##constant,
	CAMPAIGN_DEED_LIST(X)
#undef X
	CAMPAIGN_DEEDS
};
const char *campaign_deed_name(enum campaign_deed d);

/* False: it may not be done in that state.  *to: the state that it comes to. */
bool campaign_may(enum campaign_state from, enum campaign_deed deed,
                  enum campaign_state *to);

/* Of what a campaign has decided to send and no link has taken yet. */
enum campaign_halt {
	CAMPAIGN_GOES,
	CAMPAIGN_WAITS, /* paused: it goes when that is over, if it still may */
	CAMPAIGN_ENDS   /* stopped for good: it never goes */
};
struct campaign_halts {
	uint8_t of[CAMPAIGN_IDS + 1]; /* by id, enum campaign_halt; 0 is no campaign */
};

struct campaign_row {
	int64_t id;        /* 0: new */
	struct str code;   /* unique */
	struct str text;   /* of the definition */
	struct str hash;   /* of all that is approved, CAMPAIGN_HASH digits */
	unsigned category; /* enum pref_category, as the text has it */
	bool service;      /* of a kind that sells nothing: counts toward no cap */
	enum campaign_state state;
	struct str owner, submitted_by, approved_by;
	struct str approval; /* digits that approve it by SMS; "": none are out */
	uint8_t salt[CAMPAIGN_SALT];
	int64_t allowed;     /* so many may be sent until the canary is looked at again */
	int64_t step_at;     /* UTC s when `allowed` was set */
	int64_t drawn_at;    /* UTC s when its audience stood; 0: it does not yet */
	int64_t drawn_after; /* the number up to which it is drawn */
	int64_t at;          /* UTC s of the state */
	struct str why;      /* of the state, for people: "opt-outs 1.2 % of 2,000" */
	/* Kept by the turns that send. */
	int64_t sent, segments;
};

enum {
	CAMPAIGN_NAME_MAX = 40 /* octets of who does something to campaigns */
};
/* Letters, digits, "_", "-" and ".", CAMPAIGN_NAME_MAX at most; of the rules themselves, not. */
bool campaign_is_name(struct str by);
/* Whether they are one: capitals make no other of him. */
bool campaign_is_same(struct str by, struct str other);
/* Neither its owner nor who submitted it. */
bool campaign_may_approve(const struct campaign_row *c, struct str by);

#define CAMPAIGN_RULE "rule" /* who does what nobody does */
/* Why a rule stopped one: behind the code that nobody can order any more; by the clock. */
#define CAMPAIGN_OFF_SALE " is off sale"
#define CAMPAIGN_TOO_LATE "its time was over before it began"

/* What happened to a campaign; audit, never changed. */
struct campaign_step {
	int64_t campaign, at;
	enum campaign_deed deed;
	enum campaign_state state; /* it came to */
	struct str by;             /* a person, or CAMPAIGN_RULE */
	struct str hash;           /* of the definition then */
	struct str note;
};

enum {
	APPROVAL_WRONG = 5 /* so many wrong codes end the approval by SMS */
};
/* What a manager's text does to a submitted campaign, or that he was asked for one. */
struct campaign_ruling {
	/* APPROVE, REJECT, ASK; state: what it comes to, or SUBMITTED still */
	struct campaign_step step;
	struct str approval; /* the code that stays out; "": none does */
};

/* What the last look at a campaign counted, all arms together. */
struct campaign_tally {
	int64_t campaign, at; /* UTC s; 0: never looked at */
	int64_t delivered, replied, ordered;
	int64_t treated, bought; /* by any way within the attribution window */
	int64_t control, control_bought;
};

/* The campaign that a manager asks for; of a dossier, by NEED_CAMPAIGN. */
struct campaign_view {
	struct campaign_row row;
	int64_t tried; /* wrong codes since it was submitted */
	struct campaign_tally seen;
};

/* X(constant, name) */
#define TARGET_STATE_LIST(X)                                                            \
	X(HELD, "held")       /* of a control group: gets nothing, is compared with */  \
	X(READY, "ready")     /* its turn has not come */                               \
	X(REFUSED, "refused") /* by the gate, for `reason` */                           \
	X(SENT, "sent") /* its message is in the outbox, committed before it is sent */ \
	X(DROPPED, "dropped") /* the campaign ended before its turn */

enum target_state {
#define X(constant, name) TARGET_##constant,
	TARGET_STATE_LIST(X)
#undef X
	TARGET_STATES
};
const char *target_state_name(enum target_state s);

/* One number of a campaign.  Key: campaign, msisdn. */
struct target_row {
	int64_t campaign, msisdn, owner_since;
	int64_t place; /* in the order of sending: a keyed hash, so that any start is a sample */
	enum target_state state;
	unsigned reason; /* enum gate_reason (push/gate.h); 0: none */
	unsigned
		arm; /* of the definition; ARM_CONTROL, ARM_UNIVERSAL (push/campaign.h) */
	struct str offer;   /* code of a package, service or tool; "": none */
	struct str command; /* that "1" runs: "package.change code=39"; "": none */
	struct str saving;  /* yuan a month, as texts have it; "": none */
	struct str why;     /* that "why" is answered with, in his language; "": none */
	struct str price;   /* the offer's terms when it was sent, to be compared; "" */
	int64_t value_li;   /* expected worth of sending it */
	int64_t at;         /* UTC s of the state */
	int64_t outbox;     /* the message; 0: none */
	unsigned segments;
	int64_t until;      /* UTC s: "1" is that offer at that price; 0: none */
	int64_t replied_at; /* "1" or its like, the first; 0: none */
	unsigned cell;      /* of whom it is, for what is learned: offer/learned.h */
};

/*
 * A campaign's message to a number for tests: marked as one, no target, and counted
 * nowhere.  An answer to it orders nothing.
 */
struct campaign_test {
	int64_t id; /* 0: new */
	int64_t campaign, msisdn, owner_since;
	int64_t at; /* UTC s */
	struct str by, offer, text, why;
	unsigned segments;
};
enum {
	TEST_LEAVES_S = 3600, /* later it would be a riddle: it stays */
	TEST_DAYS = 7,        /* so long an answer is known as one to a test */
	TESTS_KEPT = 8        /* of a dossier, the newest */
};

/* X(constant, name): how a contact by another system ended */
#define TOUCH_OUTCOME_LIST(X)                                                       \
	X(REACHED, "reached")       /* or not said */                               \
	X(MISSED, "missed")         /* nobody was reached: counts for nothing */    \
	X(INTERESTED, "interested") /* asked for more: no reason to keep him off */ \
	X(REFUSED, "refused")       /* not that again for PUSHES_DAYS */

enum touch_outcome {
#define X(constant, name) TOUCH_##constant,
	TOUCH_OUTCOME_LIST(X)
#undef X
	TOUCH_OUTCOMES
};
const char *touch_outcome_name(enum touch_outcome o); /* NULL past the end */

/* A commercial contact by anybody else: frequency caps count them too. */
struct touch_row {
	int64_t msisdn, at; /* UTC s */
	struct str channel; /* "sms", "call", ... */
	struct str about;   /* the code of what was offered, or other words; may be "" */
	enum touch_outcome outcome;
};

/* Something that a campaign gave or pointed to was used, as another system reports it. */
struct use_row {
	int64_t msisdn, at;  /* UTC s */
	struct str campaign; /* its code, here or elsewhere */
	struct str what;     /* "open", "play", ... */
};

/* The same of a link that was a target's own: its token stands for campaign and number. */
struct click_row {
	struct str token;
	int64_t at;
	struct str what;
};

enum {
	HANDOFF_TOKEN = 13 /* letters and digits */
};
/*
 * What another system is to do beside a message: serve the link that was in it, send the
 * multimedia message that goes with it.
 */
struct handoff_row {
	int64_t id; /* of the message */
	int64_t campaign, msisdn, owner_since;
	int64_t at, until;           /* UTC s; nothing is to reach him behind until */
	struct str token, link, mms; /* link, mms: "" none */
};

/*
 * A message of a campaign that a number got, or a test of one: of a dossier, newest first.
 * NEED_PUSHES.
 */
struct push {
	int64_t campaign;  /* 0: a touch by another system */
	int64_t at;        /* UTC s */
	unsigned category; /* enum pref_category; of a touch PREF_CATEGORIES */
	int64_t outbox;
	struct str offer, command, price, why;
	int64_t until, replied_at;
	bool service; /* sold nothing */
	bool refused; /* of a touch: he said no */
};

/* Open for "1" of that campaign (0: the newest that is open) at now, or NULL. */
const struct push *dossier_push(const struct dossier *d, int64_t campaign, int64_t now);

/* A target that has answered; the first answer counts. */
struct target_reply {
	int64_t campaign, msisdn;
	int64_t at;
};

/* What a turn that sends adds to a campaign. */
struct campaign_sent {
	int64_t campaign, sent, segments;
};

#endif
