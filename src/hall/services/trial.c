/*
 * trial.c - a service free for some days, once a number.
 *
 * The subscription has its end from the beginning: nothing has to happen for it to end,
 * and nothing turns it into a charge.  Going on is an order like any other.
 */
#include "../tools_priv.h"
#include "offer/cross.h"

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

static struct hall_answer begin(const struct call *c, struct str code, int days,
                                struct reply_values *v)
{
	const struct hall_question *q = c->q;
	const int64_t ends = call_day_end(c, days);
	const struct order *o = call_order(c, (struct order){ .package = code,
	                                                      .state = ORDER_EFFECTIVE,
	                                                      .effective_at = q->now });

	changes_held(
		q->changes, q->who,
		&(struct subscription){
			.package = code, .since = q->now, .until = ends, .trial = true });
	changes_consent(q->changes, q->who, code, true, q->now, q->text);
	v->order = call_order_number(c, o);
	v->count = tool_number(c, days);
	v->day = call_date(c, ends);
	return call_say(c, CALL_DONE, REPLY_TRIAL_OK, v);
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
