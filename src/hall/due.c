/*
 * due.c - what an accepted order does when its day has come, by kind.
 */
#include "hall_priv.h"
#include "model/money.h"
#include "offers_priv.h"
#include "request_priv.h"
#include "tools_priv.h"

unsigned hall_due_needs(void)
{
	/* NOLINTNEXTLINE(misc-redundant-expression): each names all that it needs */
	return TOOLS_NEEDS | OFFERS_NEEDS;
}

/*
 * Whether the package is still what was promised: its terms begin the price that was
 * confirmed (package_change.c).  An order without one came of elsewhere.
 */
static bool as_promised(const struct call *c, const struct package *p,
                        const struct order *o)
{
	struct str price;

	if (p == NULL || o->price.n == 0)
		return p != NULL;
	price = call_price(c, p, o->effective_at);
	return o->price.n > price.n && memcmp(o->price.p, price.p, price.n) == 0 &&
	       o->price.p[price.n] == '|';
}

static struct str refuse_change(const struct call *c, struct order *o)
{
	struct reply_values v = { .order = call_order_number(c, o),
		                  .package = call_package(c, o->package),
		                  .code = call_way(c, "package.list") };

	if (o->charged_fen > 0)
		v.amount = money_text(c->q->arena, o->charged_fen);
	changes_order_state(c->q->changes, c->q->who, o, ORDER_REFUSED, c->q->now);
	tool_undone(c, o);
	return call_text(c, REPLY_CHANGE_NOT_DUE, &v);
}

static struct str change_package(const struct call *c, struct order *o)
{
	const struct package *p = catalogue_find(c->q->catalogue, o->package);
	struct reply_values v = {
		.order = call_order_number(c, o),
		.day = call_date(c, o->effective_at),
		.package = call_package(c, o->package),
		.fee = money_short(c->q->arena, p != NULL ? p->fee_fen : o->fee_fen),
	};

	if (!as_promised(c, p, o))
		return refuse_change(c, o);
	changes_order_state(c->q->changes, c->q->who, o, ORDER_EFFECTIVE, c->q->now);
	changes_package(c->q->changes, c->q->who, o->package);
	return call_text(c, REPLY_CHANGE_DUE, &v);
}

static struct str pay(const struct call *c, struct order *o)
{
	changes_order_state(c->q->changes, c->q->who, o, ORDER_EFFECTIVE, c->q->now);
	return tool_pay(c, o);
}

/* An order of another kind just becomes effective, and nothing is said. */
static const struct due {
	const char *kind;
	struct str (*carry_out)(const struct call *c, struct order *o);
} dues[] = {
	{ "package.change", change_package }, { TOOL_PAY, pay },
	{ TRIAL_ENDS, trial_ends },           { INSURED, insured_due },
	{ REQUEST_APPLIED, request_expired }, { REQUEST_FOR, request_expired },
};

struct str hall_due(const struct hall *h, const struct hall_question *q, struct order *o)
{
	const struct call c = { .hall = h,
		                .q = q,
		                .language = hall_language(h, q->who, STR(""), NULL) };

	for (size_t i = 0; i < sizeof(dues) / sizeof(dues[0]); i++)
		if (str_eq(o->kind, str_of(dues[i].kind)))
			return dues[i].carry_out(&c, o);
	changes_order_state(q->changes, q->who, o, ORDER_EFFECTIVE, q->now);
	return STR("");
}
