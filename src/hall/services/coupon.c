/*
 * coupon.c - coupons held, and the one chosen for the next order.
 *
 * Choosing costs nothing and is taken back by YHQN or another choice, so it needs no
 * confirmation: a coupon is used up by an order, whose prompt shows what it takes off and
 * whose number confirms it; and it comes back when that order is undone.
 */
#include "../tools_priv.h"
#include "model/money.h"

static bool is_usable(const struct call *c, const struct coupon *k)
{
	return k->state != COUPON_USED && c->q->now < k->expires_at &&
	       tools_find(tools_of(c), TOOL_COUPON, k->kind) != NULL;
}

static struct reply_values values_of(const struct call *c, const struct coupon *k)
{
	const struct tool *t = tools_find(tools_of(c), TOOL_COUPON, k->kind);
	struct reply_values v = { .code = k->code,
		                  .day = call_date(c, k->expires_at - 1) };

	if (t != NULL) {
		v.item = tool_name(c, t);
		v.amount = money_short(c->q->arena, t->fen);
	}
	if (k->order != 0)
		v.order = tool_number(c, k->order);
	return v;
}

static struct hall_answer list(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct items *items = arena_new(c->q->arena, struct items);
	struct reply_values v = { 0 };

	for (size_t i = 0; i < d->n_coupons; i++) {
		struct reply_values one;

		if (!is_usable(c, &d->coupon[i]))
			continue;
		one = values_of(c, &d->coupon[i]);
		if (d->coupon[i].state == COUPON_CHOSEN)
			one.using = call_text(c, REPLY_COUPON_USING, NULL);
		if (items->n < ITEMS_MAX)
			items->item[items->n++] = call_text(c, REPLY_COUPON_ITEM, &one);
		items->total++;
	}
	if (items->total == 0)
		return call_say(c, CALL_NONE, REPLY_COUPON_NONE, NULL);
	v.count = tool_number(c, (int64_t)items->total);
	return call_say_list(c, CALL_DONE, REPLY_COUPON_LIST, &v, items);
}

static const struct coupon *find(const struct call *c, struct str code)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_coupons; i++)
		if (str_eq(d->coupon[i].code, code))
			return &d->coupon[i];
	return NULL;
}

/* The one that was chosen is not so any more; NULL: none was. */
static const struct coupon *put_back(const struct call *c)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_coupons; i++) {
		struct coupon other = d->coupon[i];

		if (other.state != COUPON_CHOSEN)
			continue;
		other.state = COUPON_OPEN;
		changes_coupon(c->q->changes, c->q->who, other);
		return &d->coupon[i];
	}
	return NULL;
}

static struct hall_answer keep(const struct call *c)
{
	const struct coupon *k = put_back(c);
	struct reply_values v;

	if (k == NULL || !is_usable(c, k))
		return list(c);
	v = values_of(c, k);
	return call_say(c, CALL_DONE, REPLY_COUPON_KEPT, &v);
}

/* One at a time. */
static void choose(const struct call *c, struct coupon chosen)
{
	(void)put_back(c);
	chosen.state = COUPON_CHOSEN;
	changes_coupon(c->q->changes, c->q->who, chosen);
}

static struct hall_answer use(const struct call *c)
{
	const struct grammar_slot *code = call_named(c, "code");
	const struct coupon *k = code != NULL ? find(c, code->text) : NULL;
	struct reply_values v;

	if (k == NULL)
		return call_say(c, CALL_NONE, REPLY_COUPON_UNKNOWN,
		                &(struct reply_values){ .code = code != NULL ? code->text
		                                                             : STR("") });
	v = values_of(c, k);
	if (k->state == COUPON_USED)
		return call_say(c, "refused.used", REPLY_COUPON_USED_UP, &v);
	if (!is_usable(c, k))
		return call_say(c, "refused.expired", REPLY_COUPON_EXPIRED, &v);
	choose(c, *k);
	return call_say(c, CALL_DONE, REPLY_COUPON_CHOSEN_NOW, &v);
}

const struct service service_coupon_list = {
	.intent = "coupon.list",
	.access = ACCESS_READ,
	.needs = NEED_TOOLS,
	.label = REPLY_LABEL_COUPONS,
	.answer = list,
};

const struct service service_coupon_keep = {
	.intent = "coupon.keep",
	.access = ACCESS_ORDER,
	.needs = NEED_TOOLS,
	.label = REPLY_LABEL_COUPON_KEEP,
	.answer = keep,
};

const struct service service_coupon_use = {
	.intent = "coupon.use",
	.access = ACCESS_ORDER,
	.needs = NEED_TOOLS,
	.label = REPLY_LABEL_COUPON_USE,
	.answer = use,
};
