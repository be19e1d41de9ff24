/*
 * redeem.c - points for data, minutes or a coupon, from a menu.
 */
#include <inttypes.h>

#include "../tools_priv.h"

enum {
	MOST = 10 /* of one thing at once */
};

struct plan {
	const struct tool *item;
	int64_t n, points;
};

static struct str item_text(const struct call *c, const struct tool *t)
{
	return call_text(c, REPLY_REDEEM_ITEM,
	                 &(struct reply_values){ .item = tool_name(c, t),
	                                         .points = tool_number(c, t->points) });
}

/* Nothing that his points reach: what there is, and no menu of it. */
static struct hall_answer none_reached(const struct call *c, struct reply_values *v)
{
	struct items items = { .n = 0 };

	for (const struct tool *t = NULL;
	     (t = tools_next(tools_of(c), TOOL_REDEEM, t)) != NULL &&
	     items.n < ITEMS_MAX;)
		if (tool_open(t, c->q->now))
			items.item[items.n++] = item_text(c, t);
	items.total = items.n;
	if (items.n == 0)
		return call_say(c, CALL_NONE, REPLY_REDEEM_NONE, v);
	return call_say_list(c, "refused.points", REPLY_REDEEM_SHORT, v, &items);
}

/* What his points reach. */
static struct hall_answer choose(const struct call *c)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);
	const int64_t have = tool_points(c).points;
	struct reply_values v = { .points = tool_number(c, have) };

	for (const struct tool *t = NULL;
	     (t = tools_next(tools_of(c), TOOL_REDEEM, t)) != NULL;)
		if (tool_open(t, c->q->now) && t->points <= have)
			menu_add(menu, item_text(c, t),
			         call_command(c, "points.redeem", "code", t->code));
	if (menu->n == 0)
		return none_reached(c, &v);
	return call_menu(c, "asked", REPLY_REDEEM_MENU, &v, menu);
}

static struct reply_values values_of(const struct call *c, const struct plan *p,
                                     int64_t left)
{
	struct reply_values v = { .item = tool_name(c, p->item),
		                  .points = tool_number(c, p->points),
		                  .left = tool_number(c, left) };
	const int64_t ends = tool_ends(c, p->item);

	if (p->n > 1)
		v.count = tool_number(c, p->n);
	if (ends > 0)
		v.day = call_date(c, ends);
	return v;
}

static struct str price_of(const struct call *c, const struct plan *p)
{
	const struct tool *t = p->item;

	return arena_printf(
		c->q->arena, "%.*s|%" PRId64 "|%" PRId64 "|%d|%" PRId64 "|%" PRId64,
		STR_ARG(t->code), p->n, p->points, (int)t->gives, t->amount, t->days);
}

static int64_t wanted(const struct call *c)
{
	const struct grammar_slot *n = call_named(c, "n");

	return n != NULL && n->type == GRAMMAR_INTS && n->n_ints > 0 ? n->ints[0] : 1;
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *code = call_named(c, "code");
	struct plan *p = arena_new(c->q->arena, struct plan);
	struct points_count have;
	struct reply_values v;

	if (!c->q->who->has_account)
		return call_unavailable(c);
	if (code == NULL)
		return choose(c);
	p->item = tools_find(tools_of(c), TOOL_REDEEM, code->text);
	if (p->item == NULL || !tool_open(p->item, c->q->now))
		return call_say(c, CALL_NONE, REPLY_REDEEM_UNKNOWN,
		                &(struct reply_values){ .code = code->text });
	p->n = wanted(c);
	if (p->n < 1 || p->n > MOST)
		return call_say(c, "refused.many", REPLY_REDEEM_MANY,
		                &(struct reply_values){ .count = tool_number(c, MOST) });
	p->points = p->item->points * p->n;
	have = tool_points(c);
	v = values_of(c, p, have.points - p->points);
	if (have.points < p->points) {
		v.left = tool_number(c, have.points);
		return call_say(c, "refused.points", REPLY_REDEEM_FEW, &v);
	}
	return call_confirm(c, &(struct action){ .prompt = REPLY_REDEEM_ASK,
	                                         .values = v,
	                                         .brief = v.item,
	                                         .price = price_of(c, p),
	                                         .plan = p });
}

static struct hall_answer carry_out(const struct call *c, const struct action *a)
{
	const struct plan *p = a->plan;
	const struct order *o = call_order(c,
	                                   (struct order){ .package = p->item->code,
	                                                   .state = ORDER_EFFECTIVE,
	                                                   .effective_at = c->q->now,
	                                                   .charged_points = p->points });
	struct reply_values v = values_of(c, p, c->q->who->account.points);

	v.order = call_order_number(c, o);
	v.code = tool_give(c, o, p->item, p->n, "-give");
	return call_say(c, CALL_DONE, REPLY_REDEEM_OK, &v);
}

const struct service service_redeem = {
	.intent = "points.redeem",
	.access = ACCESS_ORDER,
	.needs = TOOLS_NEEDS,
	.label = REPLY_LABEL_REDEEM,
	.answer = answer,
	.carry_out = carry_out,
};
