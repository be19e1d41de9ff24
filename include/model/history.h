/*
 * history.h - what the core system says happened to a number: payments, usage by
 * item, allowances by resource, complaints, consents, orders.
 *
 * Rows of a dossier; those of an earlier owner of the number are never among them.
 * Strings are borrowed from the turn's arena.
 */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include "base/civil.h"
#include "base/str.h"

/* Of which the newest are loaded into a dossier. */
enum {
	HISTORY_PAYMENTS = 64,
	HISTORY_DETAILS = 512,
	HISTORY_ORDERS = 4096, /* 64, and older ones that are open or still count */
	HISTORY_COMPLAINTS = 32
};

struct payment {
	int64_t at; /* UTC s */
	int64_t amount_fen;
	struct str channel;
};

/* X(constant, name in files) */
#define DETAIL_KIND_LIST(X)                       \
	X(VOICE, "voice") /* amount in seconds */ \
	X(SMS, "sms")     /* amount in pieces */  \
	X(DATA, "data")   /* amount in KiB */

enum detail_kind {
#define X(constant, name) DETAIL_##constant,
	DETAIL_KIND_LIST(X)
#undef X
};

struct detail {
	int64_t at; /* UTC s */
	enum detail_kind kind;
	struct str peer; /* as imported: a number or a place; may be empty */
	int64_t amount;
	int64_t fee_fen;
};

/* X(constant, name in files) */
#define RESOURCE_KIND_LIST(X)                                  \
	X(GENERAL, "general")   /* data for anything */        \
	X(DIRECTED, "directed") /* data for named apps only */ \
	X(ROLLED, "rolled")     /* data left of last month */  \
	X(PACK, "pack")         /* data of a top-up pack */    \
	X(VOICE, "voice")       /* total, used in seconds */   \
	X(SMS, "sms")           /* total, used in pieces */

enum resource_kind {
#define X(constant, name) RESOURCE_##constant,
	RESOURCE_KIND_LIST(X)
#undef X
};

struct resource {
	enum resource_kind kind;
	struct str name;     /* as imported, shown as it is */
	int64_t total, used; /* data: KiB; in files MB, minutes and pieces */
	int64_t expires_on;  /* UTC s of the first instant after it; 0: does not expire */
	int64_t order;       /* of deduction: the least first */
};

/* X(constant, name in files) */
#define COMPLAINT_STATE_LIST(X) \
	X(OPEN, "open")         \
	X(WORKING, "working")   \
	X(CLOSED, "closed")

enum complaint_state {
#define X(constant, name) COMPLAINT_##constant,
	COMPLAINT_STATE_LIST(X)
#undef X
};

struct complaint {
	int64_t at; /* UTC s */
	struct str kind, text;
	enum complaint_state state;
};

/*
 * A package that was named to him with its price: he declined the prompt, or was sent an
 * offer.
 */
struct offered {
	struct str package; /* code */
	int64_t at;         /* UTC s */
	bool declined;      /* an offer or a recommendation, and he said no */
	bool sent;          /* by a campaign */
};

/* What the subscriber agreed to (or took back), where and in which words. */
struct consent {
	struct str subject; /* code of a package or service, or "marketing" */
	bool given;
	int64_t at;         /* UTC s */
	struct str channel; /* as imported: "sms", "shop", ... */
	struct str text;    /* what he said or signed; may be empty */
};

/* X(constant, name in files) */
#define ORDER_STATE_LIST(X)                                    \
	X(ASKED, "asked")       /* waits for a confirmation */ \
	X(ACCEPTED, "accepted") /* takes effect later */       \
	X(EFFECTIVE, "effective")                              \
	X(REFUSED, "refused")                                  \
	X(UNDONE, "undone")                                    \
	X(CONFIRMED, "confirmed") /* waits for others to accept it */

enum order_state {
#define X(constant, name) ORDER_##constant,
	ORDER_STATE_LIST(X)
#undef X
	ORDER_STATES
};

struct order {
	int64_t id;         /* shown to the subscriber */
	struct str kind;    /* "package.change", "service.open", ... */
	struct str package; /* code; may be empty */
	enum order_state state;
	int64_t at, effective_at;            /* UTC s; 0: not known */
	int64_t fee_fen;                     /* what it costs, a month or once */
	int64_t charged_fen, charged_points; /* taken at once; undoing gives them back */
	int64_t undo_until; /* UTC s, that instant included; 0: cannot be undone */
	struct str was;   /* what undoing goes back to: a package's code; may be empty */
	int64_t prompt;   /* outbox row whose number was confirmed; 0: none was needed */
	struct str price; /* what was promised then; may be empty */
	int64_t inbox;    /* the text that it came of; 0: none */
};

/* Whether an order may go from one state to the other; to == from never. */
bool order_may(enum order_state from, enum order_state to);
/* Whether an order may begin in that state. */
bool order_may_begin(enum order_state s);

/* A task as its subscriber may see it: T<id>. */
struct task_view {
	int64_t id;
	struct str kind;     /* "agent", "complaint", ... */
	int64_t at, done_at; /* UTC s; done_at 0: open */
	struct str answer;   /* by the person who did it; may be empty */
	struct str text;     /* what was asked for */
	int64_t due_at;      /* UTC s, promised by then; 0: nothing is promised */
	int64_t asked_at;    /* how it was; UTC s, 0: not asked yet */
	int score;           /* 1..5; 0: none */
	int64_t order;       /* that it carries out; 0: none */
	struct str say;      /* by that person, not told yet; may be empty */
};

/* Names as in files; NULL past the end. */
const char *detail_kind_name(enum detail_kind k);
const char *resource_kind_name(enum resource_kind k);
const char *complaint_state_name(enum complaint_state s);
const char *order_state_name(enum order_state s);

#endif
