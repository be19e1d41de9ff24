/*
 * order.c - the newest orders, or one of them by its number.
 *
 * The number of somebody else's order is answered as one that does not exist.
 */
#include <inttypes.h>

#include "../desk_priv.h"
#include "../offers_priv.h"
#include "../request_priv.h"
#include "../tools_priv.h"
#include "model/money.h"

static struct str number(const struct call *c, int64_t id)
{
	return arena_printf(c->q->arena, "%" PRId64, id);
}

struct str order_word(const struct call *c, struct str kind, struct str name)
{
	static const struct {
		const char *kind;
		enum reply_id word;
	} deeds[] = {
		{ "package.change", REPLY_DEED_CHANGE },
		{ "service.open", REPLY_DEED_OPEN },
		{ "service.cancel", REPLY_DEED_CANCEL },
		{ TOOL_PAY, REPLY_DEED_PAY },
		{ INSURED, REPLY_DEED_INSURED },
		{ "trial.open", REPLY_DEED_TRIAL },
		{ "points.redeem", REPLY_DEED_REDEEM },
		{ "lottery.draw", REPLY_DEED_DRAW },
		{ "flash.buy", REPLY_DEED_FLASH },
		{ TRIAL_ENDS, REPLY_DEED_TRIAL_ENDS },
	};
	const struct reply_values v = { .package = name.n > 0 ? name
		                                              : (struct str){ NULL, 0 } };

	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if (str_eq(kind, str_of(deeds[i].kind)))
			return call_text(c, deeds[i].word, &v);
	return call_text(c, REPLY_DEED_OTHER, &v);
}

struct str order_deed(const struct call *c, const struct order *o)
{
	struct request_order asked;

	if (elsewhere_made(o))
		return elsewhere_name(c, o);
	if (request_read(o, &asked))
		return request_name(c, &asked);
	return order_word(c, o->kind, tool_order_name(c, o));
}

static struct str state_text(const struct call *c, const struct order *o)
{
	static const enum reply_id word[] = { [ORDER_ASKED] = REPLY_STATE_ASKED,
		                              [ORDER_ACCEPTED] = REPLY_STATE_ACCEPTED,
		                              [ORDER_EFFECTIVE] = REPLY_STATE_EFFECTIVE,
		                              [ORDER_REFUSED] = REPLY_STATE_REFUSED,
		                              [ORDER_UNDONE] = REPLY_STATE_UNDONE,
		                              [ORDER_CONFIRMED] = REPLY_STATE_CONFIRMED };

	struct request_order asked;

	if (request_read(o, &asked) && o->state == ORDER_ACCEPTED)
		return call_text(c, REPLY_STATE_WAITS, NULL);
	if (request_read(o, &asked) && o->state == ORDER_EFFECTIVE)
		return call_text(c, REPLY_STATE_DONE, NULL);
	return call_text(c, word[o->state], NULL);
}

/* "CX#8813"; the code for a person where orders cannot be undone by text. */
static struct str undo_code(const struct call *c, const struct order *o)
{
	if (!call_offered(c, "order.undo"))
		return call_way(c, "order.undo");
	return arena_printf(c->q->arena, "%.*s#%" PRId64,
	                    STR_ARG(call_way(c, "order.undo")), o->id);
}

static struct hall_answer say_one(const struct call *c, const struct order *o)
{
	struct request_order asked;
	const bool stands = (o->state == ORDER_ACCEPTED || o->state == ORDER_EFFECTIVE) &&
	                    !request_read(o, &asked);
	struct reply_values v = {
		.order = number(c, o->id),
		.moment = call_moment(c, o->at),
		.deed = order_deed(c, o),
		.state = state_text(c, o),
	};

	if (elsewhere_made(o) && o->state == ORDER_CONFIRMED)
		return elsewhere_status(c, o);
	if (o->fee_fen != 0)
		v.fee = money_text(c->q->arena, o->fee_fen);
	if (stands && o->effective_at > 0)
		v.day = call_date(c, o->effective_at);
	if ((o->state == ORDER_ACCEPTED && o->effective_at > c->q->now) ||
	    (o->state == ORDER_EFFECTIVE && request_read(o, &asked) &&
	     o->undo_until > c->q->now))
		v.code = undo_code(c, o);
	return call_say(c, CALL_DONE, REPLY_ORDER_ONE, &v);
}

/* What was to come with an order that was taken back; he never had it. */
static bool came_to_nothing(const struct order *o)
{
	return o->state == ORDER_REFUSED && str_eq(o->kind, STR(TOOL_PAY));
}

static struct hall_answer say_newest(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < d->n_orders; i++) {
		const struct order *o = &d->order[i];
		const struct reply_values v = {
			.order = number(c, o->id),
			.day = call_date(c, o->at),
			.deed = order_deed(c, o),
			.state = state_text(c, o),
		};

		if (!came_to_nothing(o))
			menu_add(menu, call_text(c, REPLY_ORDER_ITEM, &v),
			         call_command(c, "order.query", "order", v.order));
	}
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_ORDER_NONE, NULL);
	return call_menu(c, CALL_DONE, REPLY_ORDER_LIST, &(struct reply_values){ 0 },
	                 menu);
}

static struct hall_answer answer(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const struct grammar_slot *asked = call_slot(c, GRAMMAR_TEXT);
	int64_t id;

	if (asked == NULL && d->n_orders == 1)
		return say_one(c, &d->order[0]);
	if (asked == NULL)
		return say_newest(c);
	if (str_i64(asked->text, &id) == ERR_OK)
		for (size_t i = 0; i < d->n_orders; i++)
			if (d->order[i].id == id)
				return say_one(c, &d->order[i]);
	return call_say(c, CALL_NONE, REPLY_ORDER_UNKNOWN,
	                &(struct reply_values){ .order = asked->text });
}

const struct service service_order = {
	.intent = "order.query",
	.access = ACCESS_READ,
	.needs = NEED_ORDERS,
	.label = REPLY_LABEL_ORDERS,
	.answer = answer,
};
