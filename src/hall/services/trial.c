/*
 * trial.c - a service free for some days, once a number.
 *
 * The subscription has its end from the beginning: nothing has to happen for it to end,
 * and nothing turns it into a charge.  Going on is an order like any other.  Some days
 * before the end of one that he did not ask for he is told of it: an accepted order of the
 * kind TRIAL_ENDS, whose day that is.
 */
#include "../hall_priv.h"
#include "../tools_priv.h"
#include "offer/cross.h"

enum {
	DAY_S = 24 * 3600,
	TOLD_DAYS = 3,           /* before it ends */
	TOLD_AFTER_S = 10 * 3600 /* of that day */
};

static int trial_days(const struct call *c, struct str code)
{
	const struct package *p = catalogue_find(c->q->catalogue, code);
	const struct terms terms = call_rules(c, code);

	return p != NULL ? cross_trial_days(tools_of(c), &terms, p, c->q->now) : 0;
}

static const struct order *tried(const struct call *c, struct str code)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++)
		if (str_eq(d->order[i].kind, STR("trial.open")) &&
		    str_eq(d->order[i].package, code))
			return &d->order[i];
	return NULL;
}

static void hold(const struct call *c, struct str code, int64_t ends)
{
	changes_held(c->q->changes, c->q->who,
	             &(struct subscription){ .package = code,
	                                     .since = c->q->now,
	                                     .until = ends,
	                                     .trial = true });
}

static struct hall_answer begin(const struct call *c, struct str code, int days,
                                struct reply_values *v)
{
	const struct hall_question *q = c->q;
	const int64_t ends = call_day_end(c, days);
	const struct order *o = call_order(c, (struct order){ .package = code,
	                                                      .state = ORDER_EFFECTIVE,
	                                                      .effective_at = q->now });

	hold(c, code, ends);
	changes_consent(q->changes, q->who, code, true, q->now, q->text);
	v->order = call_order_number(c, o);
	v->count = tool_number(c, days);
	v->day = call_date(c, ends);
	return call_say(c, CALL_DONE, REPLY_TRIAL_OK, v);
}

static bool may_try(const struct call *c, const struct package *p)
{
	struct hall_answer why;

	return call_holding(c, p->code) == NULL && tried(c, p->code) == NULL &&
	       call_may_use(c, p, &why);
}

static struct hall_answer choose(const struct call *c)
{
	const struct catalogue *all = c->q->catalogue;
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < all->n; i++) {
		const struct package *p = &all->package[i];
		const int days = trial_days(c, p->code);
		struct reply_values v = { 0 };

		if (days == 0 || !may_try(c, p))
			continue;
		v.package = call_package(c, p->code);
		v.count = tool_number(c, days);
		menu_add(menu, call_text(c, REPLY_TRIAL_ITEM, &v),
		         call_command(c, "trial.open", "code", p->code));
	}
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_TRIAL_NOTHING, NULL);
	return call_menu(c, "asked", REPLY_TRIAL_MENU, &(struct reply_values){ 0 }, menu);
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *slot = call_named(c, "code");
	const struct str code = slot != NULL ? slot->text : STR("");
	const int days = trial_days(c, code);
	const struct order *before = tried(c, code);
	const struct subscription *held = call_holding(c, code);
	struct reply_values v = { .package = call_package(c, code),
		                  .code = call_code(c, "service.open", code) };
	struct hall_answer why;

	if (slot == NULL)
		return choose(c);
	if (held != NULL && !held->trial) {
		v.code = call_code(c, "service.cancel", code);
		return call_say(c, "refused.held", REPLY_TRIAL_HELD, &v);
	}
	if (before != NULL) {
		v.day = call_date(c, before->at);
		return call_say(c, "refused.again", REPLY_TRIAL_AGAIN, &v);
	}
	if (days == 0)
		return call_say(c, "refused.trial", REPLY_TRIAL_NONE, &v);
	if (!call_may_use(c, catalogue_find(c->q->catalogue, code), &why))
		return why;
	return begin(c, code, days, &v);
}

const struct service service_trial = {
	.intent = "trial.open",
	.access = ACCESS_ORDER,
	.needs = TOOLS_NEEDS,
	.label = REPLY_LABEL_TRIAL,
	.answer = answer,
};

/* ---- unasked ---- */

unsigned hall_grant_needs(void)
{
	return TOOLS_NEEDS;
}

static void write_order(const struct call *c, const char *kind, struct str code,
                        enum order_state state, int64_t at)
{
	(void)changes_order(c->q->changes, c->q->who,
	                    (struct order){ .kind = str_of(kind),
	                                    .package = code,
	                                    .state = state,
	                                    .at = c->q->now,
	                                    .effective_at = at,
	                                    .was = STR(""),
	                                    .price = STR("") });
}

bool hall_grant(const struct hall *h, const struct hall_question *q, struct str code)
{
	const struct call c = { .hall = h,
		                .q = q,
		                .language = hall_language(h, q->who, STR(""), NULL) };
	const int days = trial_days(&c, code);
	const int64_t ends = call_day_end(&c, days);
	struct hall_answer why;

	if (days == 0 || call_holding(&c, code) != NULL || tried(&c, code) != NULL ||
	    !call_may_use(&c, catalogue_find(q->catalogue, code), &why))
		return false;
	hold(&c, code, ends);
	write_order(&c, "trial.open", code, ORDER_EFFECTIVE, q->now);
	if (days > TOLD_DAYS)
		write_order(&c, TRIAL_ENDS, code, ORDER_ACCEPTED,
		            ends + 1 - (TOLD_DAYS + 1) * (int64_t)DAY_S + TOLD_AFTER_S);
	return true;
}

/* Nothing of one that was ended, or kept, meanwhile. */
struct str trial_ends(const struct call *c, struct order *o)
{
	const struct subscription *held = call_holding(c, o->package);
	struct reply_values v = { .package = call_package(c, o->package),
		                  .code = call_code(c, "service.open", o->package) };

	changes_order_state(c->q->changes, c->q->who, o, ORDER_EFFECTIVE, c->q->now);
	if (held == NULL || !held->trial)
		return STR("");
	v.day = call_date(c, held->until);
	return call_text(c, REPLY_TRIAL_ENDS, &v);
}
