/*
 * tools_priv.h - the tools of selling, as services use them.
 *
 * In .needs of a service that uses them: TOOLS_NEEDS.
 */
#ifndef HALL_TOOLS_PRIV_H
#define HALL_TOOLS_PRIV_H

#include "hall/service.h"

#define TOOLS_NEEDS                                                                      \
	(NEED_ACCOUNT | NEED_SUBSCRIPTIONS | NEED_ORDERS | NEED_RESOURCES | NEED_TOOLS | \
	 RULES_NEEDS)

/* The kind of the orders that give something later: a gift, an instalment. */
#define TOOL_PAY "tool.pay"

/* The kind of orders whose day is some days before the end of a trial; services/trial.c. */
#define TRIAL_ENDS "trial.ends"
/* The day of one has come; what its subscriber is told, or "". */
struct str trial_ends(const struct call *c, struct order *o);

const struct tools *tools_of(const struct call *c);
struct str tool_name(const struct call *c, const struct tool *t);
struct str tool_number(const struct call *c, int64_t v);

/* Ends the lots whose time is over, in the balance too, and counts what is left. */
struct points_count tool_points(const struct call *c);

/* What an order of a tool, or of a package, was for. */
struct str tool_order_name(const struct call *c, const struct order *o);

/* The last second of what the tool gives; 0: it has no end of its own. */
int64_t tool_ends(const struct call *c, const struct tool *t);

/*
 * Gives it n times; suffix as in changes_ledger().  The code of the coupon, if it was
 * one (the first of several).
 */
struct str tool_give(const struct call *c, const struct order *o, const struct tool *t,
                     int64_t n, const char *suffix);

/*
 * What makes an order cheaper once: the best of discount, bundle and chosen coupon; and the
 * gifts and rebates that come with it.
 */
struct deal {
	int64_t off;                 /* fen, at most the fee; 0: nothing */
	const struct coupon *coupon; /* when it is the coupon */
	struct str gifts;            /* their names; p NULL: none */
	/* Behind the price that is confirmed: "|coupon.J5.A8813=500|gift.LX|rebate.P88"; or "". */
	struct str key;
};
struct deal tool_deal(const struct call *c, const struct package *p);

/*
 * An order of a package or service was written: uses up the coupon, and promises what
 * comes later.  later: `off` is paid back when the order takes effect.
 */
void tool_ordered(const struct call *c, const struct order *o, const struct deal *deal,
                  bool later);
/* It was undone: the coupon may be used again. */
void tool_undone(const struct call *c, const struct order *o);

/* The day of such an order has come; what its subscriber is told, or "". */
struct str tool_pay(const struct call *c, const struct order *o);

#endif
