/*
 * notices.h - what subscribers asked to be told, what they prefer, and numbers bound
 * together by the consent of both.
 */
#ifndef MODEL_NOTICES_H
#define MODEL_NOTICES_H

#include "base/civil.h"
#include "base/str.h"

struct changes;
struct dossier;

/* Notices are sent from the first to before the second of these local hours. */
enum {
	NOTICE_FROM_HOUR = 8,
	NOTICE_TO_HOUR = 21
};

/* A thing to be told: a row a kind and number. */
struct reminder {
	struct str kind;   /* "balance", "bill", ...: src/hall/remind.c */
	int64_t limit_fen; /* of "balance"; else 0 */
	int64_t since;     /* UTC s when it was asked for */
	int64_t inbox;     /* the text that asked, whose addresses it is sent by */
	int64_t next_at;   /* UTC s when to look again; 0: off */
	int64_t told;      /* what was said last, as its kind counts; only grows */
};
struct reminder_row {
	int64_t msisdn, owner_since;
	struct reminder reminder;
};

/* A reminder of that kind that is on, or NULL. */
const struct reminder *dossier_reminder(const struct dossier *d, struct str kind);

/* Records it, in place of one of the same kind; d's likewise.  Needs NEED_REMINDERS. */
void changes_reminder(struct changes *c, struct dossier *d, struct reminder r);

/* X(constant, code): what marketing may be about */
#define PREF_CATEGORY_LIST(X)                      \
	X(PLANS, "TCTJ")    /* packages */         \
	X(DATA, "LLTJ")     /* data packs */       \
	X(SERVICES, "YWTJ") /* value-added ones */ \
	X(EVENTS, "HDTJ")   /* events, draws, gifts */

enum pref_category {
#define X(constant, code) PREF_##constant,
	PREF_CATEGORY_LIST(X)
#undef X
	PREF_CATEGORIES
};

/* What marketing a number takes; all 0: the default. */
struct preference {
	unsigned off;           /* bits of 1 << enum pref_category: not wanted */
	int from_hour, to_hour; /* local hours in which it may come; both 0: NOTICE_* */
	int64_t at, inbox;      /* the text that said so */
};
struct preference_row {
	int64_t msisdn, owner_since;
	struct preference preference;
};

/* Replaces what the number prefers; d's likewise. */
void changes_preference(struct changes *c, struct dossier *d, struct preference p);

/* X(constant, name) */
#define BOND_STATE_LIST(X)                                      \
	X(ASKED, "asked")       /* waits for the other's yes */ \
	X(STANDING, "standing") /* both agreed */               \
	X(ENDED, "ended")       /* by either, or not agreed to */

enum bond_state {
#define X(constant, name) BOND_##constant,
	BOND_STATE_LIST(X)
#undef X
	BOND_STATES
};

enum {
	BOND_NONCE_MIN = 1000, /* four digits */
	BOND_NONCES = 9000,
	BOND_LIFE_S = 24 * 3600, /* of a request */
	BOND_WRONG = 5,          /* so many wrong numbers end the requests */
	BOND_ASKS = 3,           /* requests that a number may make in BOND_LIFE_S */
	BOND_WAITING = 3,        /* requests that may wait for one number */
	BOND_MOST = 9            /* numbers that may be bound to one */
};

/* `asker` may see the figures of `msisdn` while the bond stands and both have their owners. */
struct bond {
	int64_t asker, asker_since;
	int64_t msisdn, owner_since;
	enum bond_state state;
	int64_t asked_at, at; /* UTC s; at: of the state */
	unsigned nonce, wrong;
	int64_t inbox; /* the text of the number that agreed; 0 before */
};

/*
 * The bond of the two as it is after what c already holds, or NULL.  d: the dossier of
 * either, with NEED_BONDS.  One of an earlier owner of d's number is none.
 */
const struct bond *bond_find(const struct changes *c, const struct dossier *d,
                             int64_t asker, int64_t msisdn);

/* Whether asker, in its present owner's hand, may see the figures of `of` now. */
bool bond_shows(const struct changes *c, const struct dossier *asker,
                const struct dossier *of);

/* Records a bond in place of one of the same two. */
void changes_bond(struct changes *c, struct bond b);

/* X(constant, name) */
#define REQUEST_STATE_LIST(X)                             \
	X(ASKED, "asked")     /* waits for the other */   \
	X(DONE, "done")       /* agreed to and done */    \
	X(ENDED, "ended")     /* by five wrong numbers */ \
	X(REFUSED, "refused") /* by the other */          \
	X(SETTLED, "settled") /* by another administrator, or withdrawn */

enum request_state {
#define X(constant, name) REQUEST_##constant,
	REQUEST_STATE_LIST(X)
#undef X
	REQUEST_STATES
};

enum {
	REQUEST_ASKS =
		5 /* that a number may make in BOND_LIFE_S; nonce and life are a bond's */
};

/*
 * `asker` asks whom it costs: a bound number for itself, or administrators for the asker,
 * a row each, with the same text.
 * Agreeing only begins: what costs is confirmed by its own prompt.
 */
struct request {
	int64_t asker, asker_since;
	int64_t msisdn, owner_since; /* who decides */
	bool own;                    /* for msisdn itself; else for the asker */
	struct str command;          /* "service.open code=CL" */
	enum request_state state;
	int64_t asked_at, at; /* UTC s; at: of the state */
	unsigned nonce, wrong;
	int64_t inbox; /* the asker's text */
};

/* Records it in place of an equal one of the same two; both dossiers need NEED_REQUESTS. */
void changes_request(struct changes *c, struct request r);
/* As it is after what c already holds. */
const struct request *request_now(const struct changes *c, const struct request *r);

/* A message to another number than the one being answered. */
struct notice {
	int64_t msisdn; /* to whom */
	int64_t inbox; /* the text that caused it: sent by its link group, from its number */
	int64_t at;    /* UTC s before which it does not leave; 0: at once */
	struct str text;
};
void changes_notice(struct changes *c, struct notice n);

#endif
