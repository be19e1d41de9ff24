/*
 * terms.c - what a subscriber has this month: package, allowances, usage.
 */
#include "hall/service.h"

const struct package *call_tariff(const struct call *c)
{
	return catalogue_find(c->q->catalogue, c->q->who->sub.package);
}

bool call_held(const struct call *c, const struct subscription *s, month_t month)
{
	const bool undone = s->until != 0 && s->until < s->since;

	if (undone ||
	    (month == civil_month(c->q->now) && s->until != 0 && s->until < c->q->now))
		return false;
	return civil_month(s->since) <= month &&
	       (s->until == 0 || civil_month(s->until) >= month);
}

bool call_terms(const struct call *c, month_t month, struct package *out)
{
	const struct dossier *d = c->q->who;
	const struct package *p = call_tariff(c);

	if (p == NULL)
		return false;
	*out = *p;
	for (size_t i = 0; i < d->n_held; i++) {
		const struct package *held = catalogue_find(c->q->catalogue,
		                                            d->held[i].package);

		if (held == NULL || held->kind != PACKAGE_ADDON ||
		    !call_held(c, &d->held[i], month))
			continue;
		out->voice_s += held->voice_s;
		out->sms += held->sms;
		out->data_kib += held->data_kib;
	}
	return true;
}

bool call_usage(const struct call *c, struct usage_month *out)
{
	const struct dossier *d = c->q->who;
	const month_t now = civil_month(c->q->now);
	const struct usage_month *u = dossier_usage(d, now);

	if (u == NULL && civil_month(d->usage_as_of) != now)
		return false;
	*out = u != NULL ? *u
	                 : (struct usage_month){ .month = now, .bill_fen = BILL_NONE };
	return true;
}
