/*
 * package_change.c - another main package, from next month on.
 *
 * The model of a charged service: answer() checks all and asks, carry_out() writes.
 * Nothing changes before the order's day; until then it can be withdrawn.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "../hall_priv.h"
#include "../offers_priv.h"
#include "../tools_priv.h"
#include "grammar/command.h"
#include "model/money.h"
#include "model/volume.h"

/* What is asked for, checked. */
struct plan {
	const struct package *to, *was; /* was: NULL when in no catalogue */
	bool now;                       /* at once, by rule; else from next month */
	int64_t effective_at;
	const struct subscription *contract; /* that it would break, or NULL */
	struct deal deal;                    /* paid back when it takes effect */
	struct hall_offer offer;             /* what the matcher makes of it */
	int insured; /* months for which it is promised to be no dearer; 0: not */
};

/* ---- why not ---- */

static struct hall_answer refuse(const struct call *c, const char *outcome,
                                 enum reply_id id, struct reply_values v)
{
	if (v.code.n == 0)
		v.code = call_way(c, "package.list");
	return call_say(c, outcome, id, &v);
}

/* The order that uses up this month's change, or NULL. */
static const struct order *order_in_the_way(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const month_t month = civil_month(c->q->now);

	for (size_t i = 0; i < d->n_orders; i++) {
		const struct order *o = &d->order[i];

		if (!str_eq(o->kind, STR("package.change")))
			continue;
		if (o->state == ORDER_ACCEPTED)
			return o;
		if (o->state == ORDER_EFFECTIVE && civil_month(o->at) == month)
			return o;
	}
	return NULL;
}

static struct hall_answer refuse_second(const struct call *c, const struct order *o)
{
	struct reply_values v = { .order = call_order_number(c, o),
		                  .package = call_package(c, o->package) };

	if (o->state == ORDER_ACCEPTED) {
		v.day = call_date(c, o->effective_at);
		return refuse(c, "refused.pending", REPLY_CHANGE_PENDING, v);
	}
	v.moment = call_moment(c, o->at);
	v.day = call_date(c, call_next_month(c));
	return refuse(c, "refused.once", REPLY_CHANGE_ONCE, v);
}

static struct hall_answer refuse_arrears(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct reply_values v = { 0 };

	if (d->has_account && d->account.balance_fen < 0)
		v.due = money_text(c->q->arena, -d->account.balance_fen);
	return refuse(c, "refused.arrears", REPLY_CHANGE_ARREARS, v);
}

static const struct subscription *contract_of(const struct call *c, int64_t when)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_held; i++)
		if (str_eq(d->held[i].package, d->sub.package) &&
		    (d->held[i].until == 0 || d->held[i].until >= c->q->now) &&
		    d->held[i].contract_until > when && d->held[i].penalty_fen > 0)
			return &d->held[i];
	return NULL;
}

static struct hall_answer refuse_funds(const struct call *c, int64_t penalty_fen)
{
	struct arena *a = c->q->arena;

	return refuse(c, "refused.funds", REPLY_CHANGE_FUNDS,
	              (struct reply_values){
			      .penalty = money_short(a, penalty_fen),
			      .balance = money_text(a, c->q->who->account.balance_fen),
		      });
}

/* Something held, or missing, that the package cannot be used with, or without. */
static struct hall_answer refuse_held(const struct call *c, struct str code, bool needed,
                                      struct str other)
{
	return refuse(
		c, "refused.rules", needed ? REPLY_OPEN_NEEDS : REPLY_CHANGE_HELD,
		(struct reply_values){
			.package = call_package(c, code),
			.item = call_package(c, other),
			.code = call_code(c, needed ? "service.open" : "service.cancel",
	                                  other),
		});
}

/* A service that is held and cannot be used without the present package. */
static struct hall_answer refuse_left(const struct call *c, struct str service)
{
	return call_say(c, "refused.rules", REPLY_RULES_NEEDED,
	                &(struct reply_values){
				.package = call_package(c, c->q->who->sub.package),
				.item = call_package(c, service),
				.code = call_code(c, "service.cancel", service),
			});
}

static bool goes_together(const struct call *c, struct str code, struct hall_answer *why)
{
	const struct str left = call_dependent(c, c->q->who->sub.package);
	struct str other;
	bool needed;

	if (left.n > 0)
		*why = refuse_left(c, left);
	else if (!call_compatible(c, code, c->q->who->sub.package, &needed, &other))
		*why = refuse_held(c, code, needed, other);
	else
		return true;
	return false;
}

/* Fills *p; false: *why says why not. */
static bool check(const struct call *c, struct str code, struct plan *p,
                  struct hall_answer *why)
{
	const struct dossier *d = c->q->who;
	const struct order *other = order_in_the_way(c);
	const struct reply_values named = { .package = call_package(c, code) };

	*p = (struct plan){ .to = catalogue_find(c->q->catalogue, code),
		            .was = call_tariff(c),
		            .now = call_rules(c, code).now };
	p->effective_at = p->now ? c->q->now : call_next_month(c);
	p->contract = contract_of(c, p->effective_at);
	if (p->to != NULL)
		p->deal = tool_deal(c, p->to);
	if (str_eq(code, d->sub.package) && other == NULL)
		*why = refuse(c, "refused.same", REPLY_CHANGE_SAME, named);
	else if (p->to == NULL || p->to->kind != PACKAGE_MAIN ||
	         (!p->to->on_sale && !str_eq(code, insured_return(c))))
		*why = refuse(c, "refused.off_sale", REPLY_CHANGE_OFF, named);
	else if (other != NULL)
		*why = refuse_second(c, other);
	else if (!call_eligible(c, p->to, why))
		return false;
	else if (call_owes(c))
		*why = refuse_arrears(c);
	else if (p->contract != NULL && !call_covers(c, p->contract->penalty_fen))
		*why = refuse_funds(c, p->contract->penalty_fen);
	else
		return goes_together(c, code, why);
	return false;
}

/* ---- what it would cost ---- */

/* {less}, {extra} or {equal}, by the last months that are over. */
static void put_difference(const struct call *c, const struct plan *p,
                           struct reply_values *v)
{
	const struct match *m = &p->offer.match;
	const struct candidate *of = offers_of(&p->offer, p->to);
	int64_t less;

	if (of == NULL || p->offer.subject.estimated != 0)
		return; /* the months are not his */
	less = offer_month_fen(m, of->saving_li);
	if (less == 0)
		v->equal = call_number(c, m->months);
	else
		v->count = call_number(c, m->months);
	if (less > 0)
		v->less = money_short(c->q->arena, less);
	if (less < 0)
		v->extra = money_short(c->q->arena, -less);
	if (p->insured > 0)
		v->insured = call_number(c, p->insured);
}

static void put_terms(const struct call *c, const struct package *p,
                      struct reply_values *v)
{
	struct arena *a = c->q->arena;

	v->package = call_package(c, p->code);
	v->fee = money_short(a, p->fee_fen);
	if (p->data_kib > 0)
		v->data_total = volume_text(a, p->data_kib);
	if (p->voice_s > 0)
		v->calls = call_number(c, p->voice_s / 60);
	if (p->sms > 0)
		v->texts = call_number(c, p->sms);
	v->price = call_data_price(c, p);
	if (p->over_voice_li_per_min > 0)
		v->call_price = money_rate(a, p->over_voice_li_per_min);
	v->tiers = call_tiers(c, p);
}

static struct reply_values prompt_values(const struct call *c, const struct plan *p)
{
	struct reply_values v = { 0 };

	if (!p->now)
		v.day = call_date(c, p->effective_at);
	put_terms(c, p->to, &v);
	put_difference(c, p, &v);
	if (p->was != NULL)
		v.was_fee = money_short(c->q->arena, p->was->fee_fen);
	if (p->was != NULL && !p->was->on_sale)
		v.was_name = call_package(c, p->was->code);
	if (p->deal.off > 0)
		v.off = money_short(c->q->arena, p->deal.off);
	v.gift = p->deal.gifts;
	if (p->contract != NULL) {
		v.contract = call_date(c, p->contract->contract_until);
		v.penalty = money_short(c->q->arena, p->contract->penalty_fen);
	}
	return v;
}

static int64_t penalty_of(const struct plan *p)
{
	return p->contract != NULL ? p->contract->penalty_fen : 0;
}

/* ---- asking and doing ---- */

static struct hall_answer ask(const struct call *c, const struct plan *p)
{
	const struct reply_values v = prompt_values(c, p);
	const struct str price = call_price(c, p->to, p->now ? 0 : p->effective_at);

	return call_confirm(
		c, &(struct action){
			   .prompt = p->now ? REPLY_CHANGE_ASK_NOW : REPLY_CHANGE_ASK,
			   .values = v,
			   .brief = call_text(c, REPLY_CHANGE_BRIEF, &v),
			   .price = arena_printf(c->q->arena, "%.*s|%" PRId64 "%.*s%s",
	                                         STR_ARG(price), penalty_of(p),
	                                         STR_ARG(p->deal.key),
	                                         p->insured > 0 ? "|insured" : ""),
			   .fee_fen = p->to->fee_fen + penalty_of(p),
			   .plan = p,
		   });
}

static int by_fee(const void *left, const void *right)
{
	const struct package *const *l = left, *const *r = right;

	if ((*l)->fee_fen != (*r)->fee_fen)
		return (*l)->fee_fen < (*r)->fee_fen ? -1 : 1;
	return str_cmp((*l)->code, (*r)->code);
}

static const struct package **choices(const struct call *c, size_t *n)
{
	const struct catalogue *all = c->q->catalogue;
	const struct package **found = arena_array(c->q->arena, const struct package *,
	                                           all->n + 1);
	struct hall_answer unused;

	*n = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct package *p = &all->package[i];

		if (p->kind == PACKAGE_MAIN && p->on_sale &&
		    !str_eq(p->code, c->q->who->sub.package) &&
		    call_eligible(c, p, &unused))
			found[(*n)++] = p;
	}
	qsort(found, *n, sizeof(const struct package *), by_fee);
	return found;
}

/* o: what his use would cost, or NULL. */
static struct str item_text(const struct call *c, const struct package *p,
                            const struct hall_offer *o)
{
	const struct candidate *of = o != NULL ? offers_of(o, p) : NULL;
	struct reply_values v = { 0 };

	put_terms(c, p, &v);
	v.fee = (struct str){ NULL, 0 };
	if (of != NULL)
		v.amount = offers_a_month(c, o, of->weighted_li);
	return call_text(c, REPLY_PACKAGE_ITEM, &v);
}

static struct hall_answer choose(const struct call *c)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);
	struct hall_offer *o = arena_new(c->q->arena, struct hall_offer);
	const bool reckoned = offers_look(c, o) && o->subject.estimated == 0;
	struct reply_values v = { 0 };
	size_t n;
	const struct package **p = choices(c, &n);

	if (reckoned) {
		v.count = call_number(c, o->match.months);
		v.total = offers_a_month(c, o, o->match.now.weighted_li);
	}
	for (size_t i = 0; i < n; i++)
		menu_add(menu, item_text(c, p[i], reckoned ? o : NULL),
		         call_command(c, "package.change", "code", p[i]->code));
	if (menu->n == 0)
		return call_say(c, "unavailable", REPLY_PACKAGE_NONE, NULL);
	return call_menu(c, "asked", REPLY_CHANGE_MENU, &v, menu);
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *code = call_named(c, "code");
	struct plan *p = arena_new(c->q->arena, struct plan);
	struct hall_answer why;

	if (code == NULL)
		return choose(c);
	if (!check(c, code->text, p, &why))
		return why;
	if (offers_look(c, &p->offer))
		p->insured = insured_months(c, &p->offer, p->to);
	return ask(c, p);
}

static struct order *write_order(const struct call *c, const struct plan *p)
{
	return call_order(
		c, (struct order){ .package = p->to->code,
	                           .state = p->now ? ORDER_EFFECTIVE : ORDER_ACCEPTED,
	                           .effective_at = p->effective_at,
	                           .undo_until = p->now ? 0 : p->effective_at - 1,
	                           .was = c->q->who->sub.package,
	                           .fee_fen = p->to->fee_fen,
	                           .charged_fen = penalty_of(p) });
}

static struct hall_answer carry_out(const struct call *c, const struct action *a)
{
	const struct plan *p = a->plan;
	const struct hall_question *q = c->q;
	const struct order o = *write_order(c, p); /* what is promised moves it */
	struct reply_values v = {
		.order = call_order_number(c, &o),
		.day = call_date(c, p->effective_at),
		.last = call_date(c, p->effective_at - 1),
		.package = call_package(c, p->to->code),
		.fee = money_short(q->arena, p->to->fee_fen),
		.code = call_way(c, "package.list"),
		.gift = p->deal.gifts,
	};

	changes_consent(q->changes, q->who, p->to->code, true, q->now, q->text);
	if (penalty_of(p) > 0)
		v.penalty = money_short(q->arena, penalty_of(p));
	if (p->now)
		changes_package(q->changes, q->who, p->to->code);
	insured_ordered(c, &o, p->was, p->to, p->insured);
	tool_ordered(c, &o, &p->deal, true);
	return call_say(c, CALL_DONE, p->now ? REPLY_CHANGE_OK_NOW : REPLY_CHANGE_OK, &v);
}

const struct service service_package_change = {
	.intent = "package.change",
	.access = ACCESS_ORDER,
	.needs = TOOLS_NEEDS | NEED_USAGE | NEED_PUSHES,
	.label = REPLY_LABEL_CHANGE,
	.answer = answer,
	.carry_out = carry_out,
};

/* ---- back to the package before ---- */

static struct hall_answer answer_return(const struct call *c)
{
	const struct str code = insured_return(c);
	struct grammar_command command;

	if (code.n == 0 ||
	    grammar_command_parse(c->hall->grammar,
	                          call_command(c, "package.change", "code", code),
	                          c->q->arena, &command) != ERR_OK)
		return call_say(
			c, CALL_NONE, REPLY_RETURN_NONE,
			&(struct reply_values){ .code = call_way(c, "package.change") });
	return hall_command(c, &command);
}

const struct service service_package_return = {
	.intent = "package.return",
	.access = ACCESS_ORDER,
	.needs = TOOLS_NEEDS | NEED_USAGE | NEED_PUSHES,
	.label = REPLY_LABEL_CHANGE,
	.answer = answer_return,
};
