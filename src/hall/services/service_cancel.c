/*
 * service_cancel.c - add-ons and value-added services, ended at once.
 *
 * Without a confirmation, since it can be undone for some days; but a penalty is asked
 * for as a charge is.
 */
#include <inttypes.h>

#include "../tools_priv.h"
#include "model/money.h"

static int64_t penalty_of(const struct call *c, const struct subscription *s)
{
	return s->contract_until > c->q->now ? s->penalty_fen : 0;
}

static struct reply_values values_of(const struct call *c, const struct subscription *s)
{
	const struct package *p = catalogue_find(c->q->catalogue, s->package);
	const struct terms rules = call_rules(c, s->package);
	struct arena *a = c->q->arena;
	struct reply_values v = { .package = call_package(c, s->package) };

	if (p != NULL && p->fee_fen > 0)
		v.fee = money_short(a, p->fee_fen);
	v.provider = call_name(c, rules.provider);
	if (rules.undo_days > 0)
		v.count = arena_printf(a, "%d", rules.undo_days);
	if (penalty_of(c, s) > 0) {
		v.penalty = money_short(a, penalty_of(c, s));
		v.contract = call_date(c, s->contract_until);
	}
	return v;
}

/* 0: not at all; what ends by itself does so in the meantime too. */
static int64_t undo_until(const struct call *c, const struct subscription *s)
{
	const int days = call_rules(c, s->package).undo_days;
	const int64_t until = days > 0 ? call_day_end(c, days) : 0;

	return s->until > 0 && s->until < until ? s->until : until;
}

static struct hall_answer end(const struct call *c, const struct subscription *s)
{
	const struct hall_question *q = c->q;
	const int64_t penalty = penalty_of(c, s);
	struct reply_values v = values_of(c, s);
	struct subscription ended = *s;
	const struct order *o = call_order(
		c, (struct order){ .package = s->package,
	                           .state = ORDER_EFFECTIVE,
	                           .effective_at = q->now,
	                           .undo_until = undo_until(c, s),
	                           .was = tool_number(c, s->until),
	                           .fee_fen = penalty,
	                           .charged_fen = penalty });

	ended.until = q->now - 1;
	changes_held(q->changes, q->who, &ended);
	changes_consent(q->changes, q->who, s->package, false, q->now, q->text);
	v.order = call_order_number(c, o);
	if (o->undo_until > 0)
		v.day = call_date(c, o->undo_until);
	return call_say(c, CALL_DONE, s->trial ? REPLY_CANCEL_TRIAL : REPLY_CANCEL_OK,
	                &v);
}

static struct hall_answer ask(const struct call *c, const struct subscription *s)
{
	const struct reply_values v = values_of(c, s);

	return call_confirm(
		c, &(struct action){
			   .prompt = REPLY_CANCEL_ASK,
			   .values = v,
			   .brief = v.package,
			   .price = arena_printf(c->q->arena, "%.*s|%" PRId64,
	                                         STR_ARG(s->package), penalty_of(c, s)),
			   .fee_fen = penalty_of(c, s),
			   .plan = s,
		   });
}

static struct hall_answer carry_out(const struct call *c, const struct action *a)
{
	return end(c, a->plan);
}

/* Services held, to choose from. */
static struct hall_answer choose(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < d->n_held; i++) {
		const struct subscription *s = call_holding(c, d->held[i].package);

		if (s != &d->held[i] || str_eq(s->package, d->sub.package))
			continue;
		menu_add(menu,
		         call_text(c, REPLY_SERVICE_ITEM,
		                   &(struct reply_values){
					   .package = values_of(c, s).package,
					   .fee = values_of(c, s).fee }),
		         call_command(c, "service.cancel", "code", s->package));
	}
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_SERVICE_NONE, NULL);
	return call_menu(c, "asked", REPLY_CANCEL_MENU, &(struct reply_values){ 0 },
	                 menu);
}

static struct hall_answer refuse_needed(const struct call *c, struct str code)
{
	const struct str by = call_dependent(c, code);

	return call_say(c, "refused.rules", REPLY_RULES_NEEDED,
	                &(struct reply_values){
				.package = call_package(c, code),
				.item = call_package(c, by),
				.code = call_code(c, "service.cancel", by),
			});
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *code = call_named(c, "code");
	const struct subscription *s;

	if (code == NULL)
		return choose(c);
	s = call_holding(c, code->text);
	if (s == NULL || str_eq(code->text, c->q->who->sub.package))
		return call_say(
			c, CALL_NONE, REPLY_CANCEL_NONE,
			&(struct reply_values){ .package = call_package(c, code->text),
		                                .code = call_way(c, "service.list") });
	if (call_dependent(c, s->package).n > 0)
		return refuse_needed(c, s->package);
	return penalty_of(c, s) > 0 ? ask(c, s) : end(c, s);
}

const struct service service_service_cancel = {
	.intent = "service.cancel",
	.access = ACCESS_ORDER,
	.needs = NEED_ACCOUNT | NEED_SUBSCRIPTIONS | NEED_ORDERS,
	.label = REPLY_LABEL_CANCEL,
	.answer = answer,
	.carry_out = carry_out,
};
