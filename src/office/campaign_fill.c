/*
 * campaign_fill.c - the target that somebody whom a walk has found becomes.
 */
#include "campaign_walk_priv.h"
#include "model/money.h"

enum {
	LI_OF_FEN = 10
};

/* One subscriber of the portion, as hall_offer() would have him; only that package. */
static struct hall_offer offer_of_one(struct campaign_walk *w, size_t at)
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
	usage_set_get(audience_use(w->audience), at, one->use, &one->usable);
	offer_match(&w->tariffs, &w->policy, one, &w->arena, &o.match);
	return o;
}

/* From his own bills, in his language. */
static struct str why_of(struct campaign_walk *w, const struct campaign_found *f,
                         uint16_t tariff)
{
	const struct hall_offer o = offer_of_one(w, f->at);
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
	const struct campaign_offer *of = &w->offer[o->as.offer];

	out->offer = of->code;
	out->value_li = o->as.value_li;
	if (of->intent != NULL)
		out->command = arena_printf(&w->arena, "%s code=%.*s",
		                            o->trial ? "trial.open" : of->intent,
		                            STR_ARG(of->code));
	if (w->plan->def.kind != CAMPAIGN_KIND_MATCH)
		return;
	out->saving = money_short(&w->arena, o->saving_li / LI_OF_FEN);
	if (out->state == TARGET_READY || w->all_texts)
		out->why = why_of(w, f, o->as.offer);
}

void campaign_walk_target(struct campaign_walk *w, const struct campaign_row *row,
                          const struct campaign_found *f, size_t offer,
                          struct target_row *out)
{
	const struct push_rules *rules = &w->plan->rules;

	if (!w->salted)
		campaign_walk_of(w, row);
	*out = (struct target_row){ .campaign = row->id,
		                    .msisdn = f->msisdn,
		                    .owner_since = f->owner_since,
		                    .place = arms_place(&w->salt, f->msisdn),
		                    .arm = arms_of(&w->plan->def, rules->universal_bp,
		                                   &w->salt, f->msisdn),
		                    .at = w->plan->now,
		                    .cell = f->cell };
	out->state = out->arm >= ARM_CONTROL ? TARGET_HELD : TARGET_READY;
	put_offer(w, f, &f->offer[offer], out);
}
