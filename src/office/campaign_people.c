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
#include "campaign_walk_priv.h"
#include "store/people.h"

enum {
	LI_OF_FEN = 10,
	DAY_S = 24 * 3600,
	WHOLE_BP = 10000
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
	struct ware w = { .intent = NULL };
	const bool found = ware_find(p->def.kind, code, &p->packages, &p->tools, &w);

	*out = (struct campaign_offer){ w.code, w.intent, w.package };
	if (p->def.grant && w.package != NULL) /* what begins unasked, "1" keeps */
		out->intent = way_of(w.package);
	return found;
}

static enum err put_named(struct campaign_walk *w)
{
	const struct campaign_plan *p = w->plan;

	for (size_t i = 0; i < p->def.n_offers; i++) {
		if (!offer_of(p, p->def.offer[i], &w->offer[i])) {
			fault_set(p->c->fault,
			          "%.*s: offer.codes: %.*s is nothing that a %s offers",
			          STR_ARG(p->name), STR_ARG(p->def.offer[i]),
			          campaign_kind_name(p->def.kind));
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
	w->policy.text_li = (int32_t)w->plan->rules.segment_li;
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
	w->n_offers = w->tariffs.n < CAMPAIGN_WALKED ? w->tariffs.n : CAMPAIGN_WALKED;
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

/* ---- kind cross ---- */

/* What is worth what; of kind cross also what goes together. */
static enum err begin_worth(struct campaign_walk *w)
{
	const struct campaign_plan *p = w->plan;
	const enum err e = candidates_load(p->c->host->reader, &p->packages, &w->policy,
	                                   &p->assets->terms, &p->assets->tools, p->now,
	                                   &p->c->arena, &w->cross);

	if (e != ERR_OK) {
		fault_set(p->c->fault, "what was measured cannot be read: %s",
		          err_text(e));
		return e;
	}
	if (p->def.kind != CAMPAIGN_KIND_CROSS)
		return ERR_OK;
	audience_want_services(w->audience);
	if (w->cross.counts != NULL && w->cross.counts->n > 0)
		return ERR_OK;
	fault_set(p->c->fault, "what is held together was not counted yet: smshall tags "
	                       "refresh, or wait for the night");
	return ERR_STATE;
}

/*
 * For a share of them acceptance is drawn from what is believed (Thompson), by the secret
 * of the campaign and the day; 0: not for him.
 */
static uint64_t seed_for(const struct campaign_walk *w, int64_t msisdn)
{
	const uint64_t lot = (uint64_t)arms_lot(&w->salt, msisdn);

	if (!w->salted || lot % WHOLE_BP >= (uint64_t)w->policy.explore_bp)
		return 0;
	return (uint64_t)arms_lot(&w->salt, w->plan->now / DAY_S) + 1;
}

static struct candidates_portion portion_of(const struct campaign_walk *w)
{
	return (struct candidates_portion){ w->audience, w->present, w->candidate };
}

static struct campaign_found found_of(const struct campaign_walk *w, size_t i)
{
	const struct audience_who *who = &audience_who(w->audience)[i];
	const struct candidates_portion portion = portion_of(w);

	return (struct campaign_found){ .msisdn = who->msisdn,
		                        .owner_since = who->owner_since,
		                        .language = who->language,
		                        .cell = candidates_cell(&portion, i),
		                        .at = i };
}

static void put_crossed(struct campaign_walk *w, size_t i)
{
	const struct candidates_portion portion = portion_of(w);
	struct campaign_found *f = &w->found[w->n];
	struct cross_offer best[CAMPAIGN_EACH];
	size_t n;

	*f = found_of(w, i);
	n = candidates_cross(&portion, &w->cross, i, w->plan->def.segments_most,
	                     seed_for(w, f->msisdn), best, CAMPAIGN_EACH);
	for (size_t k = 0; k < n; k++) {
		const enum stage stage =
			(enum stage)audience_subjects(w->audience)->stage[i];

		if (is_named(&w->plan->def, w->offer[best[k].lift.offered].code))
			f->offer[f->n++] = (struct campaign_offered){
				.as = candidates_service(&w->cross, stage, &best[k]),
				.trial = best[k].trial_days > 0,
			};
	}
	w->n += f->n > 0;
}

static void put_matched(struct campaign_walk *w, size_t i)
{
	const struct candidates_portion portion = portion_of(w);
	const struct mass_present *now = &w->present[i];
	const struct mass_candidate *c = &w->candidate[i * MASS_KEEP];
	struct campaign_found *f = &w->found[w->n];
	uint64_t seed;

	*f = found_of(w, i);
	seed = seed_for(w, f->msisdn);
	for (size_t k = MASS_ASKED + 1; k < MASS_KEEP && c[k].tariff != MASS_NONE; k++)
		if (c[k].failed == 0 && f->n < CAMPAIGN_EACH)
			f->offer[f->n++] = (struct campaign_offered){
				.as = candidates_package(&portion, &w->cross, i, &c[k],
				                         w->plan->def.segments_most,
				                         seed),
				.saving_li = c[k].saving_li / now->weight,
			};
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

/* Who tries a service may be asked to keep it, though not to try it. */
static bool holds(const struct campaign_walk *w, const struct store_person *p,
                  struct str code)
{
	const bool keeps = w->plan->def.kind != CAMPAIGN_KIND_TRIAL;
	const int64_t now = w->plan->now;

	if (str_eq(p->package, code))
		return true;
	for (size_t i = 0; i < p->n_held; i++)
		if (str_eq(p->held[i].package, code) && !(keeps && p->held[i].trial) &&
		    (p->held[i].until == 0 || p->held[i].until >= now))
			return true;
	return false;
}

static bool has_tried(const struct campaign_walk *w, const struct store_person *p,
                      struct str code)
{
	for (size_t i = 0; i < p->n_tried; i++)
		if (str_eq(p->tried[i], code))
			return w->plan->def.kind == CAMPAIGN_KIND_TRIAL;
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
	       !holds(w, p, o->p->code) && !has_tried(w, p, o->p->code);
}

/* What is known of neither bill nor stage is not at stake. */
static struct campaign_offered offered(const struct campaign_walk *w, size_t i,
                                       uint64_t seed, unsigned contacts)
{
	const struct campaign_offer *o = &w->offer[i];
	const struct cross_who who = { .cell = LEARN_ANY,
		                       .seed = seed,
		                       .contacts = contacts };
	const size_t item = o->p != NULL ? (size_t)(o->p - w->plan->packages.package)
	                                 : SIZE_MAX;
	const bool trial = o->intent != NULL && strcmp(o->intent, "trial.open") == 0;
	struct cross_offer c;
	struct campaign_offered out = { .trial = trial };

	if (o->p != NULL && o->p->kind != PACKAGE_MAIN) {
		const int32_t days = w->cross.trial_days[item];

		c = cross_one(&w->cross, &who, item,
		              !trial     ? 0
		              : days > 0 ? days
		                         : 1,
		              w->plan->def.segments_most);
		out.as = candidates_service(&w->cross, STAGE_BARRED, &c);
	} else {
		const struct worth_asked asked = { .learned = w->cross.learned,
			                           .item = item,
			                           .cell = LEARN_ANY,
			                           .seed = seed,
			                           .contacts = contacts };

		c.in = worth_in(&w->policy, o->p != NULL ? WORTH_PACKAGE : WORTH_SERVICE,
		                &asked, 0, 0, w->plan->def.segments_most);
		out.as = (struct choose_offer){ .segments = (uint8_t)c.in.segments,
			                        .q_ppm = c.in.q_ppm,
			                        .value_li = offer_value(&c.in),
			                        .spend_li = worth_spend_li(&c.in, 0) };
	}
	out.as.offer = (uint16_t)i;
	return out;
}

/* A month, of the last that are billed; 0: none is. */
static int64_t bill_li(const struct campaign_walk *w, const struct store_person *p)
{
	int64_t fen = 0, billed = 0;

	for (size_t i = p->n_usage;
	     i-- > 0 && p->usage[i].month > w->last - USAGE_MONTHS;) {
		if (p->usage[i].month > w->last || p->usage[i].bill_fen == BILL_NONE)
			continue;
		fen += p->usage[i].bill_fen;
		billed++;
	}
	return billed > 0 ? fen * LI_OF_FEN / billed : 0;
}

/* For what is reported and learned by stage; its worth is reckoned without. */
static unsigned cell_of(const struct campaign_walk *w, const struct store_person *p)
{
	return learn_cell_of(store_person_stage(p, &w->policy, w->plan->now, w->last),
	                     bill_li(w, p));
}

static void take(void *ctx, const struct store_person *p)
{
	struct campaign_walk *w = ctx;
	struct campaign_found *f = &w->found[w->n];
	const uint64_t seed = seed_for(w, p->msisdn);
	const unsigned contacts = offer_contacts(p->offered, p->n_offered, w->plan->now);

	*f = (struct campaign_found){ .msisdn = p->msisdn,
		                      .owner_since = p->owner_since,
		                      .language = p->language };
	for (size_t i = 0; i < w->n_offers && f->n < CAMPAIGN_EACH; i++)
		if (may_have(w, p, i))
			f->offer[f->n++] = offered(w, i, seed, contacts);
	if (f->n > 0) {
		f->cell = cell_of(w, p);
		w->n++;
	}
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
	w->last = civil_month(plan->now) - 1;
	w->found = xcalloc(STORE_PEOPLE_SLICE, sizeof(*w->found));
	put_margin(w);
	if (plan->def.kind == CAMPAIGN_KIND_MATCH ||
	    plan->def.kind == CAMPAIGN_KIND_CROSS)
		begin_match(w, after);
	else
		e = put_named(w);
	if (e == ERR_OK)
		e = begin_worth(w);
	if (e == ERR_OK)
		*out = w;
	else
		campaign_walk_end(w);
	return e;
}

void campaign_walk_of(struct campaign_walk *w, const struct campaign_row *row)
{
	w->salt = arms_salt(&w->plan->rules, row->salt);
	w->salted = true;
}

void campaign_walk_all_texts(struct campaign_walk *w)
{
	w->all_texts = true;
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
