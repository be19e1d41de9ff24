/*
 * advice.c - which main package is cheapest for what was really used, by the matcher.
 *
 * Honest: who asks is named the cheapest that the number may have, whatever marketing
 * would rather push; the package held counts too, also when it is not on sale.
 */
#include "../offers_priv.h"

static void add(const struct call *c, struct menu *menu, const struct hall_offer *o,
                const struct candidate *of)
{
	const struct str code = o->tariffs.tariff[of->tariff].package->code;
	const struct reply_values v = { .package = call_package(c, code),
		                        .amount = offers_a_month(c, o, of->weighted_li),
		                        .less = offers_a_month(c, o, of->saving_li) };

	menu_add(menu, call_text(c, REPLY_ADVICE_ITEM, &v),
	         call_command(c, "package.change", "code", code));
}

static struct hall_answer name(const struct call *c, const struct hall_offer *o,
                               struct reply_values *v)
{
	const bool like = o->subject.estimated != 0;
	struct menu *menu = arena_new(c->q->arena, struct menu);
	const struct candidate *of = offer_cheapest(o->policy, &o->match);

	for (; of != NULL && menu->n < OFFERS_NAMED;
	     of = offer_next(o->policy, &o->match, of))
		add(c, menu, o, of);
	return menu->n > 0
	               ? call_menu(c, CALL_DONE,
	                           like ? REPLY_ADVICE_LIKE : REPLY_ADVICE_BETTER, v,
	                           menu)
	               : call_say(c, CALL_DONE,
	                          like ? REPLY_ADVICE_LIKE_BEST : REPLY_ADVICE_BEST, v);
}

static struct hall_answer answer(const struct call *c)
{
	struct hall_offer *o = arena_new(c->q->arena, struct hall_offer);
	struct reply_values v = { .code = call_way(c, "package.list") };

	if (!offers_look(c, o))
		return call_say(c, CALL_NONE, REPLY_ADVICE_UNKNOWN, &v);
	v.package = call_package(c, c->q->who->sub.package);
	v.total = offers_a_month(c, o, o->match.now.weighted_li);
	offers_put_past(c, o, &v);
	return name(c, o, &v);
}

const struct service service_advice = {
	.intent = "plan.advice",
	.access = ACCESS_MONEY,
	.needs = OFFERS_NEEDS,
	.label = REPLY_LABEL_ADVICE,
	.answer = answer,
};
