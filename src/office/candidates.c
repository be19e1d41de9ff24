/*
 * candidates.c - see office/candidates.h.
 */
#include "office/candidates.h"

enum {
	SERVICES_LOOKED_AT = CHOOSE_KEEP,
	LI_OF_FEN = 10
};

enum err candidates_load(struct store_reader *r, const struct catalogue *packages,
                         const struct policy *policy, const struct terms_list *terms,
                         const struct tools *tools, int64_t now, struct arena *a,
                         struct cross *out)
{
	struct lift_counts *counts = arena_new(a, struct lift_counts);
	int32_t *days = arena_array(a, int32_t, packages->n + 1);
	struct learned *learned = arena_new(a, struct learned);
	struct str text, told = { NULL, 0 };
	enum err e = store_worked_out(r, STORE_LIFT, a, &text);

	if (e == ERR_OK)
		e = store_worked_out(r, STORE_LEARNED, a, &told);
	if (e != ERR_OK)
		return e;
	*counts = lift_parse(text, packages, a);
	*learned = learned_parse(told, packages, tools, a);
	for (size_t i = 0; i < packages->n; i++) {
		const struct terms own = terms_of(terms, packages->package[i].code);

		days[i] = cross_trial_days(tools, &own, &packages->package[i], now);
	}
	*out = (struct cross){ .packages = packages,
		               .policy = policy,
		               .counts = counts,
		               .trial_days = days,
		               .learned = learned };
	return ERR_OK;
}

static int32_t narrow(int64_t li)
{
	return li > INT32_MAX ? INT32_MAX : li < INT32_MIN ? INT32_MIN : (int32_t)li;
}

/* A sum weighted by months, a month, to the nearest; worth is reckoned of no more. */
static int32_t a_month(int64_t weighted_li, int64_t weight)
{
	return narrow((weighted_li + (weighted_li < 0 ? -weight : weight) / 2) / weight);
}

static int64_t margin_of(const struct mass_present *now)
{
	return now->weight > 0 ? a_month(now->margin_li, now->weight) : 0;
}

unsigned candidates_cell(const struct candidates_portion *p, size_t i)
{
	const struct mass_present *now = &p->present[i];

	return learn_cell_of(audience_subjects(p->audience)->stage[i],
	                     now->weight > 0 ? a_month(now->bill_li, now->weight) : 0);
}

size_t candidates_cross(const struct candidates_portion *p, const struct cross *x,
                        size_t i, unsigned segments, uint64_t seed,
                        struct cross_offer *out, size_t max)
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
		.cell = candidates_cell(p, i),
		.seed = seed,
		.contacts = audience_who(p->audience)[i].contacts,
	};

	return cross_best(x, &who, segments, out, max);
}

struct choose_offer candidates_package(const struct candidates_portion *p,
                                       const struct cross *x, size_t i,
                                       const struct mass_candidate *c, unsigned segments,
                                       uint64_t seed)
{
	const struct policy *policy = x->policy;
	const struct mass_present *now = &p->present[i];
	const int64_t present = margin_of(now),
		      margin = a_month(c->margin_li, now->weight),
		      saving = a_month(c->saving_li, now->weight);
	const struct audience_who *who = &audience_who(p->audience)[i];
	const struct learn_features of = learn_features_of(
		c->saving_li,
		now->bill_li + (int64_t)audience_subjects(p->audience)->addons_li[i] *
				       now->weight,
		now->weight, who->refusals);
	const struct worth_asked asked = { .learned = x->learned,
		                           .item = c->tariff,
		                           .cell = candidates_cell(p, i),
		                           .seed = seed,
		                           .contacts = who->contacts,
		                           .of = &of };
	const struct offer_value_in in = worth_in(policy, WORTH_PACKAGE, &asked,
	                                          margin - present, present, segments);

	return (struct choose_offer){
		.offer = c->tariff,
		.segments = (uint8_t)in.segments,
		.stage = audience_subjects(p->audience)->stage[i],
		.q_ppm = in.q_ppm,
		.bill_li = a_month(now->bill_li - c->saving_li, now->weight),
		.margin_li = (int32_t)margin,
		.gain_li = narrow(margin - present),
		.value_li = offer_value(&in),
		.spend_li = worth_spend_li(&in,
		                           saving > 0 ? saving * policy->horizon : 0),
	};
}

struct choose_offer candidates_service(const struct cross *x, enum stage stage,
                                       const struct cross_offer *o)
{
	const struct package *p = &x->packages->package[o->lift.offered];

	return (struct choose_offer){
		.offer = o->lift.offered,
		.segments = (uint8_t)o->in.segments,
		.stage = (uint8_t)stage,
		.q_ppm = o->in.q_ppm,
		.bill_li = narrow(p->fee_fen * LI_OF_FEN),
		.margin_li = narrow((p->fee_fen - p->cost_fen) * LI_OF_FEN),
		.gain_li = narrow(o->in.margin_gain_li),
		.value_li = o->value_li,
		.spend_li = worth_spend_li(&o->in, o->given_li),
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
			out[n++] = candidates_package(p, x, i, &c[k], segments, 0);
	services = candidates_cross(p, x, i, segments, 0, service, SERVICES_LOOKED_AT);
	for (size_t k = 0; k < services; k++)
		out[n++] = candidates_service(
			x, (enum stage)audience_subjects(p->audience)->stage[i],
			&service[k]);
	return n;
}
