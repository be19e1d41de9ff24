/*
 * tools.h - the tools of selling, each with its parameters as data, and what a
 * subscriber has of them: lots of points, coupons, what is left of a stock.
 *
 * grammar/tools.conf is a file of named texts; a group is a kind of tool, a name in it
 * the tool's code, and the text its parameters:
 *   redeem = { LL1 = "points=500, gives=data, amount=1024, zh=1GB流量, en=1GB data"; };
 */
#ifndef MODEL_TOOLS_H
#define MODEL_TOOLS_H

#include "base/arena.h"
#include "base/fault.h"
#include "model/history.h"

/* X(constant, group in the file) */
#define TOOL_KIND_LIST(X)                                           \
	X(REDEEM, "redeem")     /* swapped for points */            \
	X(COUPON, "coupon")     /* takes fen off an order */        \
	X(DRAW, "draw")         /* what a draw costs; "draw" */     \
	X(PRIZE, "prize")       /* odds in 1/10000 */               \
	X(FLASH, "flash")       /* few for little, from a moment */ \
	X(TRIAL, "trial")       /* a service for some days */       \
	X(GIFT, "gift")         /* with an order */                 \
	X(DISCOUNT, "discount") /* on an order */                   \
	X(BUNDLE, "bundle")     /* on what is held with another */  \
	X(REBATE, "rebate")     /* paid back month by month */      \
	X(REWARD, "reward")     /* points for each n-th order */    \
	X(POINTS, "points")     /* how long they live; "points" */

enum tool_kind {
#define X(constant, name) TOOL_##constant,
	TOOL_KIND_LIST(X)
#undef X
	TOOL_KINDS
};

/* X(constant, name): what a tool gives */
#define GIVES_LIST(X)                           \
	X(NOTHING, "nothing")                   \
	X(DATA, "data") /* amount in MB */      \
	X(VOICE, "minutes")                     \
	X(POINTS, "points")                     \
	X(MONEY, "money")   /* amount in fen */ \
	X(COUPON, "coupon") /* what: its code */

enum gives {
#define X(constant, name) GIVES_##constant,
	GIVES_LIST(X)
#undef X
	GIVES_COUNT
};

enum {
	TOOL_PRIZES = 8,   /* of a draw at most */
	TOOL_ODDS = 10000, /* of all prizes together */
	TOOL_NAMES = 3     /* by enum language */
};

/* 0, "" and NULL where the file says nothing. */
struct tool {
	enum tool_kind kind;
	struct str code;
	struct str name[TOOL_NAMES];
	enum gives gives;
	struct str what; /* code of a package, service, or coupon given */
	struct str with; /* the other package or service of a bundle */
	int64_t amount;  /* of what it gives */
	int64_t points;  /* price, or given */
	int64_t fen;     /* off, or back a month, or the price */
	int64_t days;    /* of validity */
	int64_t odds;    /* 1/10000 */
	int64_t stock;   /* 0: without limit */
	int64_t every;   /* n-th order */
	int64_t limit;   /* a day (draws), a number (flash), points a month (reward) */
	int64_t months;  /* instalments, life of points */
	int64_t from, until; /* UTC s: from that instant, before the other; 0: open */
};

struct tools {
	struct tool *row; /* in the file's order */
	size_t n;
};

/* A text of the file, with its line. */
struct tool_text {
	struct str name, text; /* "redeem.LL1" */
	int line;
};

/*
 * Reads all; strings are copied into the arena.  ERR_SYNTAX or ERR_RANGE with a fault
 * that names path and line: a kind or parameter that is none, one missing, a number out
 * of its range, odds that are not 10000 together, a coupon that is none.
 */
MUST_CHECK enum err tools_parse(const char *path, const struct tool_text *text, size_t n,
                                struct arena *a, struct tools *out, struct fault *fault);

/* That tool, or NULL; list may be NULL. */
const struct tool *tools_find(const struct tools *list, enum tool_kind kind,
                              struct str code);
/* The next of that kind behind `at` (NULL: the first), or NULL. */
const struct tool *tools_next(const struct tools *list, enum tool_kind kind,
                              const struct tool *at);
/* Whether it holds at that instant. */
bool tool_open(const struct tool *t, int64_t now);
const char *tool_kind_name(enum tool_kind k);

/* ---- points ---- */

#define POINTS_EARN   "points.earn"
#define POINTS_EXPIRE "points.expire"

/* What begins a lot (an entry of the ledger, or a list), or ends what was left of one. */
struct points_entry {
	struct str id;  /* of the request */
	int64_t at;     /* UTC s */
	int64_t points; /* above 0: a lot; else what of it has expired */
	struct str lot; /* of one that ends: the lot's id */
};

enum {
	POINTS_ENTRIES = 1024, /* the newest of a number */
	POINTS_MONTHS = 36     /* where the file says nothing */
};

/* What is left of a lot whose time is over. */
struct points_end {
	struct str lot;
	int64_t points;
};

struct points_count {
	int64_t points;         /* that can be used: without what has expired */
	int64_t next;           /* of them, those that expire next; 0: none known */
	int64_t next_at;        /* UTC s of the first instant without them */
	struct points_end *end; /* lots that have expired and are not ended yet */
	size_t n_ends;
};

/* The first instant at which points of a lot can no more be used. */
int64_t points_expiry(int64_t earned_at, int64_t months);

/* Whether that lot has ended by one of these, those that are newer than it. */
bool points_ended(const struct points_entry *entry, size_t n, struct str lot);

/*
 * Divides a balance into lots, those of lists that were imported among them.  The oldest
 * points are used first, so what is left are the newest: lots are filled from the newest
 * on; a rest would be older than all of them, and has no end.  Entries newest first.
 */
struct points_count points_count(int64_t balance, const struct points_entry *entry,
                                 size_t n, int64_t months, int64_t now, struct arena *a);

/* ---- coupons ---- */

enum coupon_state {
	COUPON_OPEN,
	COUPON_CHOSEN, /* for the next order */
	COUPON_USED,
	COUPON_STATES
};

struct coupon {
	struct str code, kind;
	int64_t issued_at, expires_at; /* UTC s */
	enum coupon_state state;
	int64_t order; /* that used it; 0: none */
};

/* ---- stocks ---- */

/* One for all numbers of a turn. */
struct stock {
	struct str tool; /* "flash.TV1" */
	int64_t total, sold;
};

struct stocks {
	struct stock *row;
	size_t n;
};

/* ---- rows that are recorded ---- */

struct coupon_row {
	int64_t msisdn, owner_since;
	struct coupon coupon;
};

struct draw_row {
	int64_t msisdn, owner_since;
	int64_t order, at, inbox;
	uint64_t dice;
	int64_t roll; /* 0..TOOL_ODDS-1 */
	struct str odds, prize;
};

struct sale_row {
	struct str tool;
	int64_t msisdn, owner_since;
	int64_t at, inbox;
	int64_t order;       /* 0: came too late */
	int64_t total, sold; /* of the stock, behind it */
};

/* An allowance as it is from now on. */
struct grant_row {
	int64_t msisdn, owner_since;
	int64_t at;
	struct resource resource;
};

int64_t stock_left(const struct stocks *s, const struct tool *t);

#endif
