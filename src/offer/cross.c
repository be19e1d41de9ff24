/*
 * cross.c - see offer/cross.h.
 */
#include "offer/cross.h"

enum {
	PPM_OF_BP = 100,
	PPM = 1000000,
	BP = 10000,
	LI_OF_FEN = 10,
	MONTH_DAYS = 30
};

/* ---- worth ---- */

int32_t worth_accept_ppm(const struct policy *p, enum worth_of of,
                         const struct worth_asked *a)
{
	const int32_t assumed[] = { [WORTH_PACKAGE] = p->accept_bp,
		                    [WORTH_SERVICE] = p->service_bp,
		                    [WORTH_TRIAL] = p->trial_bp };

	int32_t ppm = assumed[of] * PPM_OF_BP;

	if (a->of != NULL)
		ppm = learn_shifted_ppm(ppm, &p->accept, a->of);
	return learned_ppm(a->learned, a->item, of == WORTH_TRIAL, a->cell, ppm,
	                   (uint32_t)p->believed, a->seed);
}

struct offer_value_in worth_in(const struct policy *p, enum worth_of of,
                               const struct worth_asked *a, int64_t margin_gain_li,
                               int64_t margin_li, unsigned segments)
{
	const bool package = of == WORTH_PACKAGE;

	return (struct offer_value_in){
		.q_ppm = worth_accept_ppm(p, of, a),
		.horizon = p->horizon,
		.margin_gain_li = margin_gain_li,
		.stake_li = margin_li > 0 ? p->horizon * margin_li : 0,
		.p0_ppm = p->leave_bp * PPM_OF_BP,
		.pacc_ppm = (package ? p->leave_accept_bp : p->service_leave_accept_bp) *
		            PPM_OF_BP,
		.prej_ppm = (package ? p->leave_refuse_bp : p->service_leave_refuse_bp) *
		            PPM_OF_BP,
		.segment_li = p->text_li,
		.segments = segments > UINT8_MAX ? UINT8_MAX : (int32_t)segments,
		.fatigue_li = (int64_t)p->fatigue_li * a->contacts,
	};
}

int64_t worth_spend_li(const struct offer_value_in *in, int64_t given_li)
{
	/* begun ones whole: what is spent is never understated */
	return in->segment_li * in->segments + given_li / PPM * in->q_ppm +
	       (given_li % PPM * in->q_ppm + PPM - 1) / PPM;
}

/* ---- services ---- */

int cross_trial_days(const struct tools *tools, const struct terms *terms,
                     const struct package *p, int64_t now)
{
	const struct tool *t = NULL;

	if (p->kind == PACKAGE_MAIN || !p->on_sale)
		return 0;
	while (tools != NULL && (t = tools_next(tools, TOOL_TRIAL, t)) != NULL)
		if (str_eq(t->what, p->code) && tool_open(t, now))
			return (int)t->days;
	return terms->trial_days;
}

/* Free days for him; 0: none. */
static int trial_of(const struct cross *x, const struct cross_who *w, size_t i)
{
	return offer_has(w->tried, i) ? 0 : x->trial_days[i];
}

static bool keeps_margin(const struct cross *x, const struct cross_who *w,
                         const struct package *p)
{
	return (p->fee_fen - p->cost_fen) * BP >=
	       p->fee_fen * x->policy->stage[w->stage].margin_bp;
}

static bool is_offered(const struct cross *x, const struct cross_who *w, size_t i)
{
	const int32_t services = x->policy->services[w->stage];

	return offer_has(w->may, i) && !offer_has(w->cooling, i) &&
	       (services == SERVICES_ALL ||
	        (services == SERVICES_TRIALS && trial_of(x, w, i) > 0)) &&
	       keeps_margin(x, w, &x->packages->package[i]);
}

struct cross_offer cross_one(const struct cross *x, const struct cross_who *w,
                             size_t item, int trial_days, unsigned segments)
{
	const struct package *p = &x->packages->package[item];
	struct cross_offer o = { .lift = { .offered = (uint16_t)item },
		                 .trial_days = trial_days };
	const enum worth_of of = trial_days > 0 ? WORTH_TRIAL : WORTH_SERVICE;
	const struct worth_asked asked = { .learned = x->learned,
		                           .item = item,
		                           .cell = w->cell,
		                           .seed = w->seed,
		                           .contacts = w->contacts };
	const int64_t margin = (p->fee_fen - p->cost_fen) * LI_OF_FEN;
	const int64_t kept = trial_days > 0 ? x->policy->trial_kept_bp : BP;

	o.in = worth_in(x->policy, of, &asked, margin * kept / BP, w->margin_li,
	                segments);
	o.given_li = p->cost_fen * LI_OF_FEN * trial_days / MONTH_DAYS;
	o.in.gift_li = o.given_li;
	o.value_li = offer_value(&o.in);
	return o;
}

size_t cross_best(const struct cross *x, const struct cross_who *w, unsigned segments,
                  struct cross_offer *out, size_t max)
{
	struct offer_set offered = { 0 };
	struct lift best[TARIFF_MOST];
	size_t n;

	if (x->policy->services[w->stage] == SERVICES_NONE)
		return 0;
	for (size_t i = 0; i < x->counts->items; i++)
		if (is_offered(x, w, i))
			offer_add(&offered, i);
	n = lift_best(x->counts, w->owned, &offered, (uint32_t)x->policy->support, best,
	              max < TARIFF_MOST ? max : TARIFF_MOST);
	for (size_t i = 0; i < n; i++) {
		if ((int64_t)best[i].lift_mil * (BP / 1000) < x->policy->lift_bp)
			return i;
		out[i] = cross_one(x, w, best[i].offered, trial_of(x, w, best[i].offered),
		                   segments);
		out[i].lift = best[i];
	}
	return n;
}
