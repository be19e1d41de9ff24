/*
 * tools.c - points, gifts and names of the tools of selling; see tools_priv.h.
 */
#include <inttypes.h>

#include "hall_priv.h"
#include "model/money.h"
#include "tools_priv.h"

const struct tools *tools_of(const struct call *c)
{
	return c->hall->conf.tools;
}

struct str tool_name(const struct call *c, const struct tool *t)
{
	return t->name[c->language];
}

struct str tool_number(const struct call *c, int64_t v)
{
	return arena_printf(c->q->arena, "%" PRId64, v);
}

struct str tool_order_name(const struct call *c, const struct order *o)
{
	static const struct {
		const char *kind;
		enum tool_kind tool;
	} kinds[] = {
		{ "points.redeem", TOOL_REDEEM },
		{ "lottery.draw", TOOL_PRIZE },
		{ "flash.buy", TOOL_FLASH },
	};
	const struct tool *t = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eq(o->kind, str_of(kinds[i].kind)))
			t = tools_find(tools_of(c), kinds[i].tool, o->package);
	return t != NULL ? tool_name(c, t) : call_package(c, o->package);
}

struct points_count tool_points(const struct call *c)
{
	const struct hall_question *q = c->q;
	const struct tool *life = tools_next(tools_of(c), TOOL_POINTS, NULL);
	const struct points_count count = points_count(
		q->who->account.points, q->who->earned, q->who->n_earned,
		life != NULL ? life->months : POINTS_MONTHS, q->now, q->arena);

	changes_expire(q->changes, q->who, &count, q->now, q->id);
	return count;
}

int64_t tool_ends(const struct call *c, const struct tool *t)
{
	const struct tool *coupon;

	switch (t->gives) {
	case GIVES_DATA:
	case GIVES_VOICE:
		return t->days > 0 ? call_day_end(c, (int)t->days)
		                   : call_next_month(c) - 1;
	case GIVES_COUPON:
		coupon = tools_find(tools_of(c), TOOL_COUPON, t->what);
		return coupon != NULL ? call_day_end(c, (int)coupon->days) : 0;
	case GIVES_NOTHING:
	case GIVES_POINTS:
	case GIVES_MONEY:
	case GIVES_COUNT:
		return 0;
	}
	return 0;
}

enum {
	KIB_OF_MB = 1024,
	DEDUCTION = 1 /* used up before what the package holds */
};

static void give_allowance(const struct call *c, const struct tool *t, int64_t n)
{
	const bool data = t->gives == GIVES_DATA;

	changes_grant(c->q->changes, c->q->who,
	              (struct resource){ .kind = data ? RESOURCE_PACK : RESOURCE_VOICE,
	                                 .name = t->name[LANG_ZH_HANS],
	                                 .total = t->amount * n * (data ? KIB_OF_MB : 60),
	                                 .expires_on = tool_ends(c, t) + 1,
	                                 .order = DEDUCTION },
	              c->q->now);
}

/* Codes are the order's number, and a letter for each further one. */
static struct str give_coupons(const struct call *c, const struct order *o,
                               const struct tool *t, int64_t n)
{
	struct arena *a = c->q->arena;
	const struct str first = arena_printf(a, "A%" PRId64, o->id);

	for (int64_t i = 0; i < n; i++)
		changes_coupon(
			c->q->changes, c->q->who,
			(struct coupon){
				.code = i == 0 ? first
		                               : arena_printf(a, "A%" PRId64 "%c", o->id,
		                                              (char)('A' + i)),
				.kind = t->what,
				.issued_at = c->q->now,
				.expires_at = tool_ends(c, t) + 1,
			});
	return first;
}

struct str tool_give(const struct call *c, const struct order *o, const struct tool *t,
                     int64_t n, const char *suffix)
{
	const struct hall_question *q = c->q;

	switch (t->gives) {
	case GIVES_DATA:
	case GIVES_VOICE:
		give_allowance(c, t, n);
		break;
	case GIVES_COUPON:
		return give_coupons(c, o, t, n);
	case GIVES_POINTS:
		changes_earn(q->changes, q->who, o, suffix, q->now, t->amount * n);
		break;
	case GIVES_MONEY:
		changes_ledger(q->changes, q->who, o, suffix, q->now, t->amount * n, 0);
		break;
	case GIVES_NOTHING:
	case GIVES_COUNT:
		break;
	}
	return (struct str){ NULL, 0 };
}
