/*
 * group.c - what an enterprise spent in a month, for its administrators.
 *
 * Members' numbers are masked; what the operator's level for the enterprise does not
 * open is not loaded.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "hall/service.h"
#include "model/group.h"
#include "model/money.h"
#include "text/mask.h"

enum {
	TOP = 3
};

static int largest_first(const void *left, const void *right)
{
	const struct group_bill *l = left, *r = right;

	if (l->fen != r->fen)
		return l->fen > r->fen ? -1 : 1;
	return l->msisdn < r->msisdn ? -1 : l->msisdn > r->msisdn;
}

/* The month asked for, or the latest that any member has a bill of; 0: none. */
static month_t month_of(const struct call *c, const struct group_view *g)
{
	const struct grammar_slot *asked = call_slot(c, GRAMMAR_MONTH);
	month_t latest = 0;

	if (asked != NULL)
		return asked->month;
	for (size_t i = 0; i < g->n_bills; i++)
		latest = g->bill[i].month > latest ? g->bill[i].month : latest;
	return latest;
}

static struct str item_text(const struct call *c, const struct group_bill *b)
{
	char masked[MASK_MAX];

	return call_text(
		c, REPLY_GROUP_ITEM,
		&(struct reply_values){
			.peer = arena_str(c->q->arena,
	                                  str_of(mask_msisdn(masked, b->msisdn))),
			.amount = money_text(c->q->arena, b->fen),
		});
}

static struct hall_answer report(const struct call *c, const struct group_view *g,
                                 struct reply_values *v)
{
	struct group_bill *of = arena_array(c->q->arena, struct group_bill,
	                                    g->n_bills + 1);
	const month_t month = month_of(c, g);
	struct items items = { .n = 0 };
	int64_t total = 0;
	size_t n = 0;

	for (size_t i = 0; i < g->n_bills; i++)
		if (g->bill[i].month == month) {
			of[n++] = g->bill[i];
			total += g->bill[i].fen;
		}
	if (month != 0)
		v->month = call_month(c, month);
	if (n == 0)
		return call_say(c, CALL_NONE, REPLY_GROUP_EMPTY, v);
	qsort(of, n, sizeof(*of), largest_first);
	for (; items.n < n && items.n < TOP; items.n++)
		items.item[items.n] = item_text(c, &of[items.n]);
	items.total = items.n;
	v->count = arena_printf(c->q->arena, "%zu", n);
	v->total = money_text(c->q->arena, total);
	return call_say_list(c, CALL_DONE, REPLY_GROUP_REPORT, v, &items);
}

static struct hall_answer answer(const struct call *c)
{
	const struct group_view *g = c->q->who->group;
	struct reply_values v = { 0 };

	if (g == NULL)
		return call_say(c, "refused.group", REPLY_GROUP_NOT, NULL);
	v.group = call_name(c, g->name);
	if (g->manager.n + g->phone.n > 0)
		v.manager = arena_printf(c->q->arena, "%.*s%.*s",
		                         STR_ARG(call_name(c, g->manager)),
		                         STR_ARG(g->phone));
	if (g->level < GROUP_REPORT)
		return call_say(c, "refused.group", REPLY_GROUP_LEVEL, &v);
	return report(c, g, &v);
}

const struct service service_group_report = {
	.intent = "group.report",
	.access = ACCESS_MONEY,
	.needs = NEED_GROUP,
	.label = REPLY_LABEL_GROUP,
	.answer = answer,
};
