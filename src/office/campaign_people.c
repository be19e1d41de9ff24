/*
 * campaign_people.c - who would be offered what: all subscribers in portions, those of
 * whom the rule holds, and the offers of each.
 *
 * Kind match takes the packages that pass the mass matcher's guards, the best first; kind
 * cross the services that go best with what is held, a free trial first; the others take
 * what the definition names, in its order, of what one may have and has not.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "campaign_priv.h"
#include "model/money.h"
#include "offer/value.h"
#include "office/candidates.h"
#include "push/arms.h"
#include "store/people.h"

enum {
	PPM_OF_BP = 100,
	LI_OF_FEN = 10,
	OFFERS = TARIFF_MOST,
	NO_OFFER = 0 /* the one offer of a campaign that offers nothing */
};

struct campaign_walk {
	struct campaign_plan *plan;
	struct policy policy; /* with the campaign's margin */
	struct arena arena;   /* of a portion */
	int64_t after;
	struct campaign_walked seen;
	struct campaign_offer offer[OFFERS];
	struct terms terms[OFFERS];
	size_t n_offers;
	struct campaign_found *found; /* [STORE_PEOPLE_SLICE] */
	size_t n, portion;            /* found; subscribers of the portion */
	/* Kinds match and cross. */
	struct tariffs tariffs;
	struct audience *audience;
	struct mass_present *present;
	struct mass_candidate *candidate;
	struct cross cross; /* kind cross */
	struct arms_salt salt;
	bool salted;
};

/* ---- offers ---- */

static const char *way_of(const struct package *p)
{
	return p->kind == PACKAGE_MAIN ? "package.change" : "service.open";
}

/* As it can be ordered by its code; false: it cannot. */
static bool offer_of(const struct campaign_plan *p, struct str code,
                     struct campaign_offer *out)
{
	const struct tools *tools = &p->assets->tools;
	const struct tool *trial = tools_find(tools, TOOL_TRIAL, code);

	*out = (struct campaign_offer){ .code = code,
		                        .p = catalogue_find(&p->packages, code) };
	if (p->def.kind == CAMPAIGN_KIND_TRIAL && trial != NULL) {
		out->p = catalogue_find(&p->packages, trial->what);
		out->intent = "trial.open";
	} else if (out->p != NULL) {
		out->intent = way_of(out->p);
	} else if (tools_find(tools, TOOL_FLASH, code) != NULL) {
		out->intent = "flash.buy";
	}
	return out->intent != NULL;
}

static enum err put_named(struct campaign_walk *w)
{
	const struct campaign_plan *p = w->plan;

	for (size_t i = 0; i < p->def.n_offers; i++) {
		if (!offer_of(p, p->def.offer[i], &w->offer[i])) {
			fault_set(
				p->c->fault,
				"%.*s: offer.codes: %.*s is no package, service, trial or "
				"flash sale",
				STR_ARG(p->name), STR_ARG(p->def.offer[i]));
			return ERR_NOT_FOUND;
		}
		if (w->offer[i].p != NULL)
			w->terms[i] = terms_of(&p->assets->terms, w->offer[i].p->code);
	}
	w->n_offers = p->def.n_offers;
	if (w->n_offers == 0)
		w->offer[w->n_offers++] = (struct campaign_offer){ .code = STR("") };
	return ERR_OK;
}

/* ---- kind match ---- */

static bool is_named(const struct campaign *c, struct str code)
{
	for (size_t i = 0; i < c->n_offers; i++)
		if (str_eq(c->offer[i], code))
			return true;
	return c->n_offers == 0;
}

static void put_margin(struct campaign_walk *w)
{
	const int32_t least = (int32_t)w->plan->def.margin_bp;

	w->policy = w->plan->assets->policy;
	for (int s = 0; s < STAGES; s++)
		if (w->policy.stage[s].margin_bp < least)
			w->policy.stage[s].margin_bp = least;
}

/* Offers are the packages and services, by their place in the catalogue. */
static void begin_match(struct campaign_walk *w, int64_t after)
{
	struct campaign_plan *p = w->plan;
	struct offer_set only = { { 0 } };

	tariffs_make(&p->packages, &p->c->arena, &w->tariffs);
	w->n_offers = w->tariffs.n < OFFERS ? w->tariffs.n : OFFERS;
	for (size_t i = 0; i < w->n_offers; i++) {
		const struct package *of = &p->packages.package[i];

		w->offer[i] = (struct campaign_offer){ of->code, way_of(of), of };
		if (is_named(&p->def, of->code))
			offer_add(&only, i);
	}
	w->audience = audience_create(&w->tariffs, &w->policy, &p->assets->terms, p->now);
	audience_narrow(w->audience, &only, after);
	w->present = xcalloc(STORE_PEOPLE_SLICE, sizeof(*w->present));
	w->candidate = xcalloc(STORE_PEOPLE_SLICE, MASS_KEEP * sizeof(*w->candidate));
}

/* Of a month; what the policy assumes of acceptance and of who leaves. */
static int64_t worth(const struct policy *p, int64_t gain_li, int64_t margin_li,
                     int64_t segment_li, unsigned segments)
{
	const struct offer_value_in in = {
		.q_ppm = p->accept_bp * PPM_OF_BP,
		.horizon = p->horizon,
		.margin_gain_li = gain_li,
		.stake_li = margin_li > 0 ? margin_li * p->horizon : 0,
		.p0_ppm = p->leave_bp * PPM_OF_BP,
		.pacc_ppm = p->leave_accept_bp * PPM_OF_BP,
		.prej_ppm = p->leave_refuse_bp * PPM_OF_BP,
		.segment_li = segment_li,
		.segments = (int32_t)segments,
	};

	return offer_value(&in);
}

/* ---- kind cross ---- */

static enum err begin_cross(struct campaign_walk *w)
{
	const struct campaign_plan *p = w->plan;
	const enum err e = candidates_load(p->c->host->reader, &p->packages, &w->policy,
	                                   &p->assets->terms, &p->assets->tools, p->now,
	                                   &p->c->arena, &w->cross);

	audience_want_services(w->audience);
	if (e != ERR_OK) {
		fault_set(p->c->fault, "what is held together cannot be read: %s",
		          err_text(e));
		return e;
	}
	if (w->cross.counts != NULL && w->cross.counts->n > 0)
		return ERR_OK;
	fault_set(p->c->fault, "what is held together was not counted yet: smshall tags "
	                       "refresh, or wait for the night");
	return ERR_STATE;
}

static void put_crossed(struct campaign_walk *w, size_t i)
{
	const struct candidates_portion portion = { w->audience, w->present,
		                                    w->candidate };
	const struct audience_who *who = &audience_who(w->audience)[i];
	struct campaign_found *f = &w->found[w->n];
	struct cross_offer best[CAMPAIGN_EACH];
	const size_t n = candidates_cross(
		&portion, &w->cross, i, w->plan->def.segments_most, best, CAMPAIGN_EACH);

	*f = (struct campaign_found){ .msisdn = who->msisdn,
		                      .owner_since = who->owner_since,
		                      .language = who->language,
		                      .at = i };
	for (size_t k = 0; k < n; k++) {
		const uint16_t offer = best[k].lift.offered;

		if (is_named(&w->plan->def, w->offer[offer].code))
			f->offer[f->n++] = (struct campaign_offered){
				.offer = offer,
				.trial = best[k].trial_days > 0,
				.gain_li = best[k].in.margin_gain_li,
				.value_li = best[k].value_li
			};
	}
	w->n += f->n > 0;
}

static void put_matched(struct campaign_walk *w, size_t i)
{
	const struct mass_present *now = &w->present[i];
	const struct mass_candidate *c = &w->candidate[i * MASS_KEEP];
	const struct audience_who *who = &audience_who(w->audience)[i];
	struct campaign_found *f = &w->found[w->n];

	*f = (struct campaign_found){ .msisdn = who->msisdn,
		                      .owner_since = who->owner_since,
		                      .language = who->language,
		                      .at = i };
	for (size_t k = MASS_ASKED + 1; k < MASS_KEEP && c[k].tariff != MASS_NONE; k++) {
		const int64_t gain = ((int64_t)c[k].margin_li - now->margin_li) /
		                     now->weight;

		if (c[k].failed != 0 || f->n == CAMPAIGN_EACH)
			continue;
		f->offer[f->n++] = (struct campaign_offered){
			.offer = c[k].tariff,
			.saving_li = c[k].saving_li / now->weight,
			.gain_li = gain,
			.value_li = worth(&w->policy, gain, now->margin_li / now->weight,
			                  w->plan->rules.segment_li,
			                  w->plan->def.segments_most),
		};
	}
	w->n += f->n > 0;
}

static enum err next_match(struct campaign_walk *w)
{
	const enum err e = audience_next(w->audience, w->plan->c->host->reader);
	const struct usage_set *use = audience_use(w->audience);
	void (*const put)(struct campaign_walk *,
	                  size_t) = w->plan->def.kind == CAMPAIGN_KIND_CROSS
	                                    ? put_crossed
	                                    : put_matched;

	if (e != ERR_OK)
		return e;
	mass_match(&w->tariffs, &w->policy, use, audience_subjects(w->audience),
	           w->present, w->candidate);
	for (size_t i = 0; i < use->n; i++)
		if (w->present[i].weight > 0)
			put(w, i);
	w->portion = use->n;
	w->seen.upto = audience_who(w->audience)[use->n - 1].msisdn;
	return ERR_OK;
}

/* ---- the others ---- */

static bool holds(const struct store_person *p, struct str code, int64_t now)
{
	if (str_eq(p->package, code))
		return true;
	for (size_t i = 0; i < p->n_held; i++)
		if (str_eq(p->held[i].package, code) &&
		    (p->held[i].until == 0 || p->held[i].until >= now))
			return true;
	return false;
}

static bool may_have(const struct campaign_walk *w, const struct store_person *p,
                     size_t i)
{
	const struct campaign_offer *o = &w->offer[i];
	const struct terms_who who = { network_generation(p->network),
		                       p->class,
		                       p->region,
		                       p->group,
		                       p->n_groups,
		                       p->balance_fen < 0,
		                       p->credit_fen };

	if (o->p == NULL)
		return true;
	return o->p->on_sale && terms_bar(&w->terms[i], &who) == TERMS_FIT &&
	       !holds(p, o->p->code, w->plan->now);
}

static struct campaign_offered offered(const struct campaign_walk *w, size_t i)
{
	const struct package *p = w->offer[i].p;
	const int64_t gain = p != NULL && p->kind != PACKAGE_MAIN
	                             ? (p->fee_fen - p->cost_fen) * LI_OF_FEN
	                             : 0;

	return (struct campaign_offered){
		.offer = (uint16_t)i,
		.gain_li = gain,
		.value_li = worth(&w->policy, gain, 0, w->plan->rules.segment_li,
		                  w->plan->def.segments_most),
	};
}

static void take(void *ctx, const struct store_person *p)
{
	struct campaign_walk *w = ctx;
	struct campaign_found *f = &w->found[w->n];

	*f = (struct campaign_found){ .msisdn = p->msisdn,
		                      .owner_since = p->owner_since,
		                      .language = p->language };
	for (size_t i = 0; i < w->n_offers && f->n < CAMPAIGN_EACH; i++)
		if (may_have(w, p, i))
			f->offer[f->n++] = offered(w, i);
	w->n += f->n > 0;
	w->portion++;
	w->seen.upto = p->msisdn;
}

static enum err next_others(struct campaign_walk *w)
{
	return store_people(w->plan->c->host->reader, w->plan->now, &w->after, take, w);
}

/* ---- the walk ---- */

enum err campaign_walk_begin(struct campaign_plan *plan, int64_t after,
                             struct campaign_walk **out)
{
	struct campaign_walk *w = xcalloc(1, sizeof(*w));
	enum err e = ERR_OK;

	w->plan = plan;
	w->arena = arena_make(SIZE_MAX);
	w->after = w->seen.upto = after;
	w->found = xcalloc(STORE_PEOPLE_SLICE, sizeof(*w->found));
	put_margin(w);
	if (plan->def.kind == CAMPAIGN_KIND_MATCH ||
	    plan->def.kind == CAMPAIGN_KIND_CROSS)
		begin_match(w, after);
	else
		e = put_named(w);
	if (e == ERR_OK && plan->def.kind == CAMPAIGN_KIND_CROSS)
		e = begin_cross(w);
	if (e == ERR_OK)
		*out = w;
	else
		campaign_walk_end(w);
	return e;
}

void campaign_walk_end(struct campaign_walk *w)
{
	if (w == NULL)
		return;
	audience_destroy(w->audience);
	free(w->present);
	free(w->candidate);
	free(w->found);
	arena_free(&w->arena);
	free(w);
}

enum err campaign_walk_next(struct campaign_walk *w, struct campaign_found **found,
                            size_t *n)
{
	const int64_t after = w->seen.upto;
	enum err e;

	arena_reset(&w->arena);
	w->n = w->portion = 0;
	e = w->audience != NULL ? next_match(w) : next_others(w);
	if (e != ERR_OK && e != ERR_END)
		fault_set(w->plan->c->fault, "the subscribers cannot be read: %s",
		          err_text(e));
	if (e == ERR_OK && w->plan->where != NULL)
		e = campaign_plan_hold(w->plan, after, w->seen.upto, w->found, &w->n,
		                       &w->seen.fit);
	else if (e == ERR_OK)
		w->seen.fit += (int64_t)w->portion;
	if (e != ERR_OK)
		return e;
	w->seen.people += (int64_t)w->portion;
	w->seen.offered += (int64_t)w->n;
	*found = w->found;
	*n = w->n;
	return ERR_OK;
}

struct campaign_walked campaign_walk_so_far(const struct campaign_walk *w)
{
	return w->seen;
}

const struct campaign_offer *campaign_walk_offers(const struct campaign_walk *w,
                                                  size_t *n)
{
	*n = w->n_offers;
	return w->offer;
}

/* ---- a target ---- */

/* One subscriber of the portion, as hall_offer() would have him; only that package. */
static struct hall_offer offer_of_one(struct campaign_walk *w, size_t at, uint16_t tariff)
{
	const struct mass_subjects *s = audience_subjects(w->audience);
	struct hall_offer o = { .tariffs = w->tariffs,
		                .policy = &w->policy,
		                .last = civil_month(w->plan->now) - 1 };
	struct subject *one = &o.subject;

	*one = (struct subject){ .tariff = s->tariff[at],
		                 .allowed = s->allowed[s->allowed_class[at]],
		                 .stage = (enum stage)s->stage[at],
		                 .addons_li = s->addons_li[at],
		                 .months_since_change = s->months_since_change[at],
		                 .bound = s->bound[at],
		                 .estimated = s->estimated[at] };
	(void)tariff;
	usage_set_get(audience_use(w->audience), at, one->use, &one->usable);
	offer_match(&w->tariffs, &w->policy, one, &w->arena, &o.match);
	return o;
}

/* From his own bills, in his language. */
static struct str why_of(struct campaign_walk *w, const struct campaign_found *f,
                         uint16_t tariff)
{
	const struct hall_offer o = offer_of_one(w, f->at, tariff);
	const struct hall_question q = { .now = w->plan->now,
		                         .catalogue = &w->plan->packages,
		                         .arena = &w->arena };

	for (size_t i = 0; i < o.match.n; i++)
		if (o.match.of[i].tariff == tariff)
			return hall_offer_reason(w->plan->assets->hall, &q, f->language,
			                         &o, &o.match.of[i]);
	return STR("");
}

static void put_offer(struct campaign_walk *w, const struct campaign_found *f,
                      const struct campaign_offered *o, struct target_row *out)
{
	const struct campaign_offer *of = &w->offer[o->offer];

	out->offer = of->code;
	out->value_li = o->value_li;
	if (of->intent != NULL)
		out->command = arena_printf(&w->arena, "%s code=%.*s",
		                            o->trial ? "trial.open" : of->intent,
		                            STR_ARG(of->code));
	if (w->plan->def.kind != CAMPAIGN_KIND_MATCH)
		return;
	out->saving = money_short(&w->arena, o->saving_li / LI_OF_FEN);
	if (out->state == TARGET_READY)
		out->why = why_of(w, f, o->offer);
}

void campaign_walk_target(struct campaign_walk *w, const struct campaign_row *row,
                          const struct campaign_found *f, size_t offer,
                          struct target_row *out)
{
	const struct push_rules *rules = &w->plan->rules;

	if (!w->salted)
		w->salt = arms_salt(rules, row->salt);
	w->salted = true;
	*out = (struct target_row){ .campaign = row->id,
		                    .msisdn = f->msisdn,
		                    .owner_since = f->owner_since,
		                    .place = arms_place(&w->salt, f->msisdn),
		                    .arm = arms_of(&w->plan->def, rules->universal_bp,
		                                   &w->salt, f->msisdn),
		                    .at = w->plan->now };
	out->state = out->arm >= ARM_CONTROL ? TARGET_HELD : TARGET_READY;
	put_offer(w, f, &f->offer[offer], out);
}
