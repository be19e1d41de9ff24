/*
 * service_open.c - add-ons and value-added services, opened at once when confirmed.
 *
 * The first month is taken from the balance at once; undone on the same day, it comes
 * back.  Further months are the operator's billing's, in whose lists they come back:
 * ledger has what moved since those and nothing else, or it would be taken twice.
 */
#include <inttypes.h>

#include "../forward_priv.h"
#include "../open_priv.h"
#include "../tools_priv.h"
#include "model/money.h"
#include "model/secrets.h"
#include "model/volume.h"

static struct reply_values named(const struct call *c, struct str code)
{
	return (struct reply_values){ .package = call_package(c, code) };
}

static struct hall_answer refuse_held(const struct call *c, struct str code)
{
	struct reply_values v = named(c, code);

	v.code = call_code(c, "service.cancel", code);
	return call_say(c, "refused.held", REPLY_OPEN_HELD, &v);
}

static struct hall_answer refuse_funds(const struct call *c, const struct package *p)
{
	struct reply_values v = named(c, p->code);

	v.fee = money_short(c->q->arena, p->fee_fen - tool_deal(c, p).off);
	v.balance = money_text(c->q->arena, c->q->who->account.balance_fen);
	return call_say(c, "refused.funds", REPLY_OPEN_FUNDS, &v);
}

static bool check(const struct call *c, const struct package *p, struct str code,
                  struct hall_answer *why)
{
	const struct reply_values v = named(c, code);

	if (p == NULL || p->kind == PACKAGE_MAIN)
		*why = call_say(c, "not_by_sms", REPLY_NOT_BY_SMS,
		                &(struct reply_values){
					.code = call_code(c, "service.open", code) });
	else if (call_holding(c, code) != NULL && !call_holding(c, code)->trial)
		*why = refuse_held(c, code);
	else if (!p->on_sale)
		*why = call_say(c, "refused.off_sale", REPLY_OPEN_OFF, &v);
	else if (!call_may_use(c, p, why))
		return false;
	else if (!call_covers(c, p->fee_fen - tool_deal(c, p).off))
		*why = refuse_funds(c, p);
	else
		return true;
	return false;
}

/* What is asked for, and what it costs this month. */
struct plan {
	const struct package *p;
	struct deal deal;
	int64_t pays;
	struct str to; /* number that calls are forwarded to, or "" */
};

static struct plan plan_of(const struct call *c, const struct package *p, struct str to)
{
	struct plan plan = { .p = p, .deal = tool_deal(c, p), .to = to };

	plan.pays = p->fee_fen - plan.deal.off;
	return plan;
}

/* Fee, what it brings, how to leave; {pays} is taken now. */
static struct reply_values prompt_values(const struct call *c, const struct plan *plan)
{
	const struct package *p = plan->p;
	struct arena *a = c->q->arena;
	struct reply_values v = named(c, p->code);
	const struct terms rules = call_rules(c, p->code);

	if (p->fee_fen > 0)
		v.fee = money_short(a, p->fee_fen);
	if (plan->deal.off > 0)
		v.off = money_short(a, plan->deal.off);
	if (plan->pays > 0 || plan->deal.off > 0)
		v.pays = money_short(a, plan->pays);
	if (p->data_kib > 0)
		v.data_total = volume_text(a, p->data_kib);
	if (p->voice_s > 0)
		v.calls = arena_printf(a, "%" PRId64, p->voice_s / 60);
	if (p->sms > 0)
		v.texts = arena_printf(a, "%" PRId64, p->sms);
	v.provider = call_name(c, rules.provider);
	v.last = call_date(c, call_next_month(c) - 1);
	v.code = call_code(c, "service.cancel", p->code);
	v.gift = plan->deal.gifts;
	if (plan->to.n > 0)
		v.number = plan->to;
	return v;
}

static enum reply_id prompt_of(const struct plan *plan)
{
	if (plan->to.n > 0)
		return REPLY_FORWARD_ASK;
	return plan->p->fee_fen > 0 ? REPLY_OPEN_ASK : REPLY_OPEN_ASK_FREE;
}

static struct hall_answer ask(const struct call *c, const struct package *p,
                              struct str to)
{
	struct plan *plan = arena_new(c->q->arena, struct plan);
	struct reply_values v;
	struct str price;

	*plan = plan_of(c, p, to);
	v = prompt_values(c, plan);
	price = call_price(c, p, civil_month(c->q->now));
	return call_confirm(
		c, &(struct action){
			   .prompt = prompt_of(plan),
			   .values = v,
			   .brief = call_text(c, REPLY_OPEN_BRIEF, &v),
			   .price = arena_printf(c->q->arena, "%.*s%.*s%s%.*s",
	                                         STR_ARG(price), STR_ARG(plan->deal.key),
	                                         to.n > 0 ? "|" : "", STR_ARG(to)),
			   .fee_fen = p->fee_fen,
			   .life_s = to.n > 0 ? PIN_FRESH_S : 0,
			   .plan = plan,
		   });
}

static struct str item_text(const struct call *c, const struct package *p, bool data)
{
	struct reply_values v = named(c, p->code);

	v.fee = money_short(c->q->arena, p->fee_fen);
	if (data)
		v.data_total = volume_text(c->q->arena, p->data_kib);
	return call_text(c, data ? REPLY_OPEN_PACK : REPLY_SERVICE_ITEM, &v);
}

static bool is_offered(const struct call *c, const struct package *p, bool data)
{
	return p->kind != PACKAGE_MAIN && p->on_sale &&
	       (data ? p->data_kib > 0 : call_holding(c, p->code) == NULL);
}

struct hall_answer open_menu(const struct call *c, bool data)
{
	const struct catalogue *all = c->q->catalogue;
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < all->n; i++) {
		const struct package *p = &all->package[i];

		if (is_offered(c, p, data))
			menu_add(menu, item_text(c, p, data),
			         call_command(c, "service.open", "code", p->code));
	}
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_OPEN_NONE, NULL);
	return call_menu(c, "asked", data ? REPLY_OPEN_PACKS : REPLY_OPEN_MENU,
	                 &(struct reply_values){ 0 }, menu);
}

/* 加10G流量 names no pack: those of data are what is meant. */
static bool wants_data(struct str folded)
{
	static const char *const words[] = { "流量",   "加油包", "叠加包", "日包", "周包",
		                             "上网包", "DATA",   "GB",     "GIG" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_find(folded, str_of(words[i])) != SIZE_MAX)
			return true;
	return false;
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *code = call_named(c, "code");
	const struct package *p;
	struct str to = STR("");
	struct hall_answer why;

	if (code == NULL)
		return open_menu(c, wants_data(c->q->folded));
	p = catalogue_find(c->q->catalogue, code->text);
	if (!check(c, p, code->text, &why) ||
	    (forward_is(code->text) && !forward_may(c, &to, &why)))
		return why;
	return ask(c, p, to);
}

static struct hall_answer offer(const struct call *c)
{
	return open_menu(c, false);
}

/* What is left of the data, with what the service brings; none where it brings none. */
static struct str data_left(const struct call *c, const struct package *p)
{
	struct package terms;
	struct usage_month used;

	if (p->data_kib <= 0 || !call_terms(c, civil_month(c->q->now), &terms) ||
	    !call_usage(c, &used) || terms.data_kib <= used.data_kib)
		return (struct str){ NULL, 0 };
	return volume_text(c->q->arena, terms.data_kib - used.data_kib);
}

/*
 * What undoing looks at: used so far of this month's data, voice and texts, and the end
 * of the trial that the order ends, 0: none.
 */
static struct str state_before(const struct call *c, const struct package *p)
{
	const struct subscription *trial = call_holding(c, p->code);
	struct usage_month u = { 0 };

	(void)call_usage(c, &u);
	return arena_printf(c->q->arena, "%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64,
	                    u.data_kib, u.voice_s, u.sms,
	                    trial != NULL ? trial->until : 0);
}

/* The service goes on, as one that was ordered. */
static void end_trial(const struct call *c, struct str code)
{
	const struct subscription *s = call_holding(c, code);
	struct subscription ended;

	if (s == NULL)
		return;
	ended = *s;
	ended.until = c->q->now - 1;
	changes_held(c->q->changes, c->q->who, &ended);
}

static struct hall_answer carry_out(const struct call *c, const struct action *a)
{
	const struct plan *plan = a->plan;
	const struct package *p = plan->p;
	const struct hall_question *q = c->q;
	const struct order *o = call_order(
		c, (struct order){ .package = p->code,
	                           .state = ORDER_EFFECTIVE,
	                           .effective_at = q->now,
	                           .undo_until = call_day_end(c, 0),
	                           .was = state_before(c, p),
	                           .fee_fen = p->fee_fen,
	                           .charged_fen = plan->pays });
	struct reply_values v = prompt_values(c, plan);

	end_trial(c, p->code);
	changes_held(q->changes, q->who,
	             &(struct subscription){ .package = p->code, .since = q->now });
	changes_consent(q->changes, q->who, p->code, true, q->now, q->text);
	v.order = call_order_number(c, o);
	v.data_left = data_left(c, p);
	if (p->fee_fen == 0)
		v.last = (struct str){ NULL, 0 }; /* nothing ends or is renewed */
	tool_ordered(c, o, &plan->deal, false);
	return call_say(c, CALL_DONE, plan->to.n > 0 ? REPLY_FORWARD_OK : REPLY_OPEN_OK,
	                &v);
}

const struct service service_service_open = {
	.intent = "service.open",
	.access = ACCESS_ORDER,
	.needs = TOOLS_NEEDS | NEED_USAGE | NEED_PIN,
	.label = REPLY_LABEL_OPEN,
	.answer = answer,
	.carry_out = carry_out,
};

const struct service service_service_offer = {
	.intent = "service.offer",
	.access = ACCESS_READ,
	.needs = NEED_SUBSCRIPTIONS,
	.label = REPLY_LABEL_OPEN,
	.answer = offer,
};
