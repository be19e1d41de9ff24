/*
 * candidates.c - see office/candidates.h.
 */
#include "office/candidates.h"

enum {
	SERVICES_LOOKED_AT = CHOOSE_KEEP
};

enum err candidates_load(struct store_reader *r, const struct catalogue *packages,
                         const struct policy *policy, const struct terms_list *terms,
                         const struct tools *tools, int64_t now, struct arena *a,
                         struct cross *out)
{
	struct lift_counts *counts = arena_new(a, struct lift_counts);
	int32_t *days = arena_array(a, int32_t, packages->n + 1);
	struct str text;
	enum err e = store_worked_out(r, STORE_LIFT, a, &text);

	if (e != ERR_OK)
		return e;
	*counts = lift_parse(text, packages, a);
	for (size_t i = 0; i < packages->n; i++) {
		const struct terms own = terms_of(terms, packages->package[i].code);

		days[i] = cross_trial_days(tools, &own, &packages->package[i], now);
	}
	*out = (struct cross){ .packages = packages,
		               .policy = policy,
		               .counts = counts,
		               .trial_days = days };
	return ERR_OK;
}

/* A sum weighted by months, a month, to the nearest. */
static int64_t a_month(int64_t weighted_li, int64_t weight)
{
	return (weighted_li + (weighted_li < 0 ? -weight : weight) / 2) / weight;
}

static int64_t margin_of(const struct mass_present *now)
{
	return now->weight > 0 ? a_month(now->margin_li, now->weight) : 0;
}

size_t candidates_cross(const struct candidates_portion *p, const struct cross *x,
                        size_t i, unsigned segments, struct cross_offer *out, size_t max)
{
	const struct mass_subjects *all = audience_subjects(p->audience);
	const struct audience_services services = audience_services(p->audience);
	const struct cross_who who = {
		.stage = (enum stage)all->stage[i],
		.margin_li = margin_of(&p->present[i]),
		.owned = &services.owned[i],
		.may = &services.may[i],
		.tried = &services.tried[i],
		.cooling = &all->cooling[i],
	};

	return cross_best(x, &who, segments, out, max);
}

static struct choose_offer package_offer(const struct cross *x,
                                         const struct mass_present *now,
                                         const struct mass_candidate *c,
                                         unsigned segments)
{
	const struct policy *p = x->policy;
	const struct learn_cell *measured = x->measured != NULL ? &x->measured[c->tariff]
	                                                        : NULL;
	const int64_t margin = margin_of(now),
		      saving = a_month(c->saving_li, now->weight);
	const struct offer_value_in in = worth_in(
		p, WORTH_PACKAGE, worth_accept_ppm(p, WORTH_PACKAGE, measured),
		a_month(c->margin_li, now->weight) - margin, margin, segments);

	return (struct choose_offer){
		.offer = c->tariff,
		.segments = (uint8_t)in.segments,
		.q_ppm = in.q_ppm,
		.value_li = offer_value(&in),
		.spend_li = worth_spend_li(&in, saving > 0 ? saving * p->horizon : 0),
	};
}

size_t candidates_of(const struct candidates_portion *p, const struct cross *x, size_t i,
                     unsigned segments, struct choose_offer out[CANDIDATES_MOST])
{
	const struct mass_candidate *c = &p->candidate[i * MASS_KEEP];
	struct cross_offer service[SERVICES_LOOKED_AT];
	size_t n = 0, services;

	for (size_t k = MASS_ASKED + 1; k < MASS_KEEP; k++)
		if (c[k].tariff != MASS_NONE && c[k].failed == 0)
			out[n++] = package_offer(x, &p->present[i], &c[k], segments);
	services = candidates_cross(p, x, i, segments, service, SERVICES_LOOKED_AT);
	for (size_t k = 0; k < services; k++)
		out[n++] = (struct choose_offer){
			.offer = service[k].lift.offered,
			.segments = (uint8_t)service[k].in.segments,
			.q_ppm = service[k].in.q_ppm,
			.value_li = service[k].value_li,
			.spend_li = worth_spend_li(&service[k].in, service[k].given_li),
		};
	return n;
}
