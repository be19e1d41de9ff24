/*
 * dialogue.h - what is open with a subscriber: a menu, a question, a confirmation.
 *
 * One a subscriber, kept in the store; opened by a reply and answered by a later
 * text.  It holds commands as text ("service.open code=LLB10"; grammar/command.h), so
 * that it outlives a reload of the grammar.
 */
#ifndef MODEL_DIALOGUE_H
#define MODEL_DIALOGUE_H

#include "base/str.h"

/* X(constant, name) */
#define DIALOGUE_KIND_LIST(X)                                                 \
	X(MENU, "menu")         /* items to choose from by number */          \
	X(QUESTION, "question") /* the whole text is the value of one slot */ \
	X(CONFIRM, "confirm")   /* a charged or irreversible action waits */  \
	X(PIN, "pin")           /* as a question, but its value is kept nowhere */

enum dialogue_kind {
#define X(constant, name) DIALOGUE_##constant,
	DIALOGUE_KIND_LIST(X)
#undef X
	DIALOGUE_KINDS
};

enum {
	DIALOGUE_ITEMS = 20,        /* of a menu at most */
	DIALOGUE_WRONG = 5,         /* so many wrong answers end a confirmation */
	DIALOGUE_AGAIN = 2,         /* so often a question is asked again */
	DIALOGUE_KEPT_S = 24 * 3600 /* after it expired: a late answer is told apart */
};

/* Strings are never NULL, "" is none. */
struct dialogue {
	int64_t id; /* the text that opened it, and the prompt's outbox row */
	enum dialogue_kind kind;
	int64_t opened_at, expires_at; /* UTC s */
	/* CONFIRM, QUESTION, PIN: the command under way.  MENU: the one that showed it. */
	struct str command;
	struct str items; /* MENU: a command a line; QUESTION, PIN: the slot's name */
	struct str rest; /* MENU: what "more" goes on with; CONFIRM: commands behind it */
	struct str back; /* the command that "0" goes back to */
	/* CONFIRM */
	unsigned nonce; /* 10..99; 0: none */
	unsigned wrong; /* answers so far */
	int64_t fee_fen;
	struct str price; /* snapshot of all that was promised: compared, not shown */
	struct str
		brief; /* what it is, in the words of the prompt: "38元套餐，11月1日起" */
	struct str revision, rule; /* of the grammar, of the text that opened it */
};

/* A dialogue of a number, to be kept; or the end of the one there is. */
struct dialogue_row {
	int64_t msisdn, owner_since;
	bool closed;
	struct dialogue dialogue; /* unless closed */
};

/* X(constant, name): what happens in a dialogue; evidence */
#define STEP_KIND_LIST(X)                                                   \
	X(ASKED, "asked")             /* the prompt went out */             \
	X(CONFIRMED, "confirmed")     /* by its number */                   \
	X(WRONG, "wrong")             /* another number */                  \
	X(SOFT, "soft")               /* "OK": asked again */               \
	X(LATE, "late")               /* after it had expired */            \
	X(DECLINED, "declined")       /* N */                               \
	X(CLOSED, "closed")           /* by a new command, or five wrong */ \
	X(CHANGED, "changed")         /* the price had: asked again */      \
	X(CARRIED_OUT, "carried_out") /* an order came of it */             \
	X(UNDONE, "undone")           /* an order was */                    \
	X(REFUSED, "refused")         /* an order was not to be had */

enum step_kind {
#define X(constant, name) STEP_##constant,
	STEP_KIND_LIST(X)
#undef X
	STEP_KINDS
};

struct step_row {
	int64_t msisdn, owner_since;
	int64_t at; /* UTC s */
	enum step_kind kind;
	int64_t dialogue;  /* its id, which is the prompt's outbox row; 0: none */
	int64_t inbox;     /* the text; its row has text, rule and revision */
	int64_t order;     /* 0: none */
	struct str folded; /* the text folded; "" when it holds a secret */
	struct str price;  /* the snapshot */
};

const char *dialogue_kind_name(enum dialogue_kind k);

#endif
