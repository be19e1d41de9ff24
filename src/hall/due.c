/*
 * due.c - what an accepted order does when its day has come, by kind.
 */
#include "hall_priv.h"
#include "model/money.h"
#include "tools_priv.h"

unsigned hall_due_needs(void)
{
	return TOOLS_NEEDS;
}

static struct str change_package(const struct call *c, const struct order *o)
{
	const struct package *p = catalogue_find(c->q->catalogue, o->package);
	struct reply_values v = {
		.order = call_order_number(c, o),
		.day = call_date(c, o->effective_at),
		.package = call_package(c, o->package),
		.fee = money_short(c->q->arena, p != NULL ? p->fee_fen : o->fee_fen),
	};

	changes_package(c->q->changes, c->q->who, o->package);
	return call_text(c, REPLY_CHANGE_DUE, &v);
}

/* An order of another kind just becomes effective, and nothing is said. */
static const struct due {
	const char *kind;
	struct str (*carry_out)(const struct call *c, const struct order *o);
} dues[] = {
	{ "package.change", change_package },
	{ TOOL_PAY, tool_pay },
};

struct str hall_due(const struct hall *h, const struct hall_question *q, struct order *o)
{
	const struct call c = { .hall = h,
		                .q = q,
		                .language = hall_language(h, q->who, STR(""), NULL) };

	changes_order_state(q->changes, q->who, o, ORDER_EFFECTIVE, q->now);
	for (size_t i = 0; i < sizeof(dues) / sizeof(dues[0]); i++)
		if (str_eq(o->kind, str_of(dues[i].kind)))
			return dues[i].carry_out(&c, o);
	return STR("");
}
