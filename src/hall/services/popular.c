/*
 * popular.c - the hot list: what other numbers have ordered most in the last 30 days.
 *
 * Counted each night (office/typical.c), by numbers, and not at all below POPULAR_LEAST of
 * them: nobody's own order shows.  Named is only what this number may have and has not.
 */
#include <stdlib.h>

#include "hall/service.h"
#include "model/money.h"

enum {
	NAMED_MAX = 3 /* main packages, and as many services */
};

/* Most numbers first. */
static int by_people(const void *left, const void *right)
{
	const struct package *const *l = left, *const *r = right;

	if ((*l)->popular != (*r)->popular)
		return (*l)->popular > (*r)->popular ? -1 : 1;
	return str_cmp((*l)->code, (*r)->code);
}

static bool may_change_to(const struct call *c, const struct package *p)
{
	const struct order *next = call_pending_package(c);
	struct hall_answer why;

	return !str_eq(p->code, c->q->who->sub.package) &&
	       (next == NULL || !str_eq(p->code, next->package)) &&
	       call_eligible(c, p, &why);
}

static bool may_open(const struct call *c, const struct package *p)
{
	struct hall_answer why;

	return call_holding(c, p->code) == NULL && call_may_use(c, p, &why);
}

static bool may_have(const struct call *c, const struct package *p)
{
	return p->popular > 0 && p->on_sale &&
	       (p->kind == PACKAGE_MAIN ? may_change_to(c, p) : may_open(c, p));
}

/* "38元套餐月费38元发BGTC38"; the first of its sort says of what sort it is. */
static struct str item_text(const struct call *c, const struct package *p, bool first)
{
	const bool main = p->kind == PACKAGE_MAIN;
	struct reply_values v = {
		.package = call_package(c, p->code),
		.fee = money_short(c->q->arena, p->fee_fen),
		.code = call_code(c, main ? "package.change" : "service.open", p->code)
	};

	if (first)
		v.label = call_text(
			c, main ? REPLY_POPULAR_PLANS : REPLY_POPULAR_SERVICES, NULL);
	return call_text(c, REPLY_POPULAR_ITEM, &v);
}

static void add_items(const struct call *c, bool main, struct items *out)
{
	const struct catalogue *all = c->q->catalogue;
	const struct package **p = arena_array(c->q->arena, const struct package *,
	                                       all->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if ((all->package[i].kind == PACKAGE_MAIN) == main &&
		    may_have(c, &all->package[i]))
			p[n++] = &all->package[i];
	if (n > 1)
		qsort(p, n, sizeof(const struct package *), by_people);
	for (size_t i = 0; i < n && i < NAMED_MAX; i++)
		out->item[out->n++] = item_text(c, p[i], i == 0);
}

static struct hall_answer answer(const struct call *c)
{
	const struct reply_values v = { .code = call_way(c, "package.list") };
	struct items items = { .n = 0 };
	struct hall_answer why;

	if (!call_settled(c, &why))
		return why;
	add_items(c, true, &items);
	add_items(c, false, &items);
	items.total = items.n;
	return items.n > 0 ? call_say_list(c, CALL_DONE, REPLY_POPULAR_LIST, &v, &items)
	                   : call_say(c, CALL_NONE, REPLY_POPULAR_NONE, &v);
}

const struct service service_popular = {
	.intent = "package.popular",
	.access = ACCESS_ORDER,
	.needs = RULES_NEEDS | NEED_ACCOUNT | NEED_SUBSCRIPTIONS | NEED_ORDERS,
	.label = REPLY_LABEL_POPULAR,
	.answer = answer,
};
