/*
 * flash.c - flash sales: few for little, from a moment on.
 *
 * Who confirms first gets it.  All texts of a turn share the stock, and take from it in
 * the order in which they are answered; the audit has who got one and who came too late.
 */
#include <inttypes.h>

#include "../tools_priv.h"
#include "model/money.h"

static int64_t left_of(const struct call *c, const struct tool *t)
{
	return stock_left(c->q->who->stocks, t);
}

static struct reply_values values_of(const struct call *c, const struct tool *t)
{
	struct reply_values v = { .item = tool_name(c, t),
		                  .count = tool_number(c, t->limit) };

	if (t->fen > 0)
		v.fee = money_short(c->q->arena, t->fen);
	if (t->points > 0)
		v.points = tool_number(c, t->points);
	if (tool_ends(c, t) > 0)
		v.day = call_date(c, tool_ends(c, t));
	if (t->from > 0)
		v.moment = call_moment(c, t->from);
	return v;
}

static struct hall_answer choose(const struct call *c)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (const struct tool *t = NULL;
	     (t = tools_next(tools_of(c), TOOL_FLASH, t)) != NULL;) {
		struct reply_values v = values_of(c, t);

		v.left = tool_number(c, left_of(c, t));
		if (tool_open(t, c->q->now) && left_of(c, t) != 0)
			menu_add(menu, call_text(c, REPLY_FLASH_ITEM, &v),
			         call_command(c, "flash.buy", "code", t->code));
	}
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_FLASH_OVER, NULL);
	return call_menu(c, "asked", REPLY_FLASH_MENU, &(struct reply_values){ 0 }, menu);
}

static int64_t bought(const struct call *c, const struct tool *t)
{
	const struct dossier *d = c->q->who;
	int64_t n = 0;

	for (size_t i = 0; i < d->n_orders; i++)
		n += d->order[i].state == ORDER_EFFECTIVE &&
		     str_eq(d->order[i].kind, STR("flash.buy")) &&
		     str_eq(d->order[i].package, t->code);
	return n;
}

/* Too late: noted when it was confirmed, for then somebody else got the last. */
static struct hall_answer sold_out(const struct call *c, const struct tool *t,
                                   const struct reply_values *v)
{
	const struct hall_question *q = c->q;

	if (c->confirmed)
		(void)changes_sale(q->changes, q->who, t, NULL, q->now, q->id);
	return call_say(c, "refused.sold_out", REPLY_FLASH_GONE, v);
}

static struct hall_answer check_price(const struct call *c, const struct tool *t,
                                      const struct reply_values *v)
{
	struct reply_values short_of = *v;

	if (t->points > 0 && tool_points(c).points < t->points) {
		short_of.left = tool_number(c, c->q->who->account.points);
		return call_say(c, "refused.points", REPLY_FLASH_FEW, &short_of);
	}
	if (call_owes(c) || !call_covers(c, t->fen)) {
		short_of.balance = money_text(c->q->arena,
		                              c->q->who->account.balance_fen);
		return call_say(c, "refused.funds", REPLY_FLASH_FUNDS, &short_of);
	}
	return call_confirm(
		c, &(struct action){ .prompt = REPLY_FLASH_ASK,
	                             .values = *v,
	                             .brief = v->item,
	                             .price = arena_printf(c->q->arena,
	                                                   "%.*s|%" PRId64 "|%" PRId64
	                                                   "|%d|%" PRId64 "|%" PRId64,
	                                                   STR_ARG(t->code), t->fen,
	                                                   t->points, (int)t->gives,
	                                                   t->amount, t->days),
	                             .fee_fen = t->fen,
	                             .life_s = 600,
	                             .plan = t });
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *code = call_named(c, "code");
	const struct tool *t;
	struct reply_values v;

	if (code == NULL)
		return choose(c);
	t = tools_find(tools_of(c), TOOL_FLASH, code->text);
	if (t == NULL || (t->until != 0 && c->q->now >= t->until))
		return call_say(c, CALL_NONE, REPLY_FLASH_NONE, NULL);
	if (!c->q->who->has_account)
		return call_unavailable(c);
	v = values_of(c, t);
	if (c->q->now < t->from)
		return call_say(c, "refused.early", REPLY_FLASH_EARLY, &v);
	if (bought(c, t) >= t->limit)
		return call_say(c, "refused.limit", REPLY_FLASH_LIMIT, &v);
	if (left_of(c, t) == 0)
		return sold_out(c, t, &v);
	return check_price(c, t, &v);
}

static struct hall_answer carry_out(const struct call *c, const struct action *a)
{
	const struct hall_question *q = c->q;
	const struct tool *t = a->plan;
	const struct order *o = call_order(c,
	                                   (struct order){ .package = t->code,
	                                                   .state = ORDER_EFFECTIVE,
	                                                   .effective_at = q->now,
	                                                   .fee_fen = t->fen,
	                                                   .charged_fen = t->fen,
	                                                   .charged_points = t->points });
	struct reply_values v = values_of(c, t);

	(void)changes_sale(q->changes, q->who, t, o, q->now, q->id);
	v.order = call_order_number(c, o);
	v.code = tool_give(c, o, t, 1, "-give");
	return call_say(c, CALL_DONE, REPLY_FLASH_OK, &v);
}

const struct service service_flash = {
	.intent = "flash.buy",
	.access = ACCESS_ORDER,
	.needs = TOOLS_NEEDS,
	.label = REPLY_LABEL_FLASH,
	.answer = answer,
	.carry_out = carry_out,
};
