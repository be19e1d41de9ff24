/*
 * sell.c - what a campaign offers to whom it was not drawn for: behind the answer to a
 * question; and what an add-on would have saved.
 *
 * Kind match takes the best package that passes all guards.  Any other takes the first of
 * its offers that he may have and, of an add-on, that his own months say is worth it.
 */
#include "hall_priv.h"
#include "model/money.h"
#include "offers_priv.h"
#include "push_priv.h"

enum {
	LI_OF_FEN = 10,
	MONTHS_LEAST = 3
};

/* ---- add-ons ---- */

struct past {
	unsigned months; /* looked at */
	struct {
		unsigned months; /* in which something beyond was paid */
		int64_t fen;     /* in all of them together */
	} beyond[DIMS], most;    /* by kind; the dearest of what the add-on brings */
	enum tariff_dim kind;    /* which that is */
	int64_t less_fen;        /* in all months, with the add-on */
};

static void add_beyond(struct past *past, enum tariff_dim d, int64_t fen)
{
	past->beyond[d].months += fen > 0;
	past->beyond[d].fen += fen;
}

static void add_month(const struct call *c, const struct package *p,
                      const struct usage_month *u, struct past *past)
{
	struct package terms;
	struct tariff_bill was, is;

	if (u == NULL || !call_terms(c, u->month, &terms))
		return;
	was = tariff_bill(&terms, u->voice_s, u->sms, u->data_kib);
	terms.voice_s += p->voice_s;
	terms.sms += p->sms;
	terms.data_kib += p->data_kib;
	is = tariff_bill(&terms, u->voice_s, u->sms, u->data_kib);
	past->months++;
	add_beyond(past, DIM_VOICE, was.over_voice_fen);
	add_beyond(past, DIM_SMS, was.over_sms_fen);
	add_beyond(past, DIM_DATA, was.over_data_fen);
	past->less_fen += was.total_fen - is.total_fen - p->fee_fen;
}

/* What is beyond in kinds that the add-on brings nothing of is no reason for it. */
static void find_most(const struct package *p, struct past *past)
{
	const int64_t brings[DIMS] = {
		[DIM_VOICE] = p->voice_s, [DIM_SMS] = p->sms, [DIM_DATA] = p->data_kib
	};

	for (unsigned d = 0; d < DIMS; d++) {
		if (brings[d] == 0 || past->beyond[d].fen <= past->most.fen)
			continue;
		past->most = past->beyond[d];
		past->kind = (enum tariff_dim)d;
	}
}

/* False: too few months of his own. */
static bool look_back(const struct call *c, const struct package *p, struct past *past)
{
	const month_t last = civil_month(c->q->now) - 1;

	*past = (struct past){ 0 };
	for (int k = 0; k < USAGE_MONTHS; k++)
		add_month(c, p, dossier_usage(c->q->who, last - k), past);
	find_most(p, past);
	return past->months >= MONTHS_LEAST;
}

static struct reply_values past_values(const struct call *c, const struct package *p,
                                       const struct past *past)
{
	static const enum reply_id words[DIMS] = { REPLY_OFFER_CALLS, REPLY_OFFER_TEXTS,
		                                   REPLY_OFFER_DATA };
	struct arena *a = c->q->arena;
	const int64_t less = past->less_fen / past->months;
	struct reply_values v = { .package = call_package(c, p->code),
		                  .fee = money_short(a, p->fee_fen),
		                  .count = arena_printf(a, "%u", past->months),
		                  .times = arena_printf(a, "%u", past->most.months),
		                  .each = money_short(a, past->most.fen / past->months),
		                  .beyond = call_text(c, words[past->kind], NULL) };

	if (less > 0)
		v.less = money_short(a, less);
	else
		v.extra = money_short(a, -less);
	return v;
}

struct str sell_why(const struct call *c, const struct package *p, bool *saves)
{
	struct past past;
	struct reply_values v;

	*saves = false;
	if (p->kind != PACKAGE_ADDON || !look_back(c, p, &past) || past.most.months == 0)
		return STR("");
	v = past_values(c, p, &past);
	*saves = past.less_fen > 0;
	return call_text(c, REPLY_WHY_ADDON, &v);
}

/* ---- what is offered ---- */

static bool is_named(const struct campaign *k, struct str code)
{
	for (size_t i = 0; i < k->n_offers; i++)
		if (str_eq(k->offer[i], code))
			return true;
	return k->n_offers == 0;
}

static bool sell_match(const struct call *c, const struct campaign *k,
                       struct hall_sale *out)
{
	struct hall_offer *o = arena_new(c->q->arena, struct hall_offer);
	const struct candidate *best = NULL;
	struct str code;

	hall_offer(c->hall, c->q, NULL, o);
	for (size_t i = 0; i < o->match.n; i++) {
		const struct candidate *of = &o->match.of[i];

		if (of->failed == 0 && of->saving_li > 0 &&
		    is_named(k, o->tariffs.tariff[of->tariff].package->code) &&
		    (best == NULL || of->saving_li > best->saving_li))
			best = of;
	}
	if (best == NULL)
		return false;
	code = o->tariffs.tariff[best->tariff].package->code;
	*out = (struct hall_sale){
		.offer = code,
		.command = call_command(c, "package.change", "code", code),
		.saving = money_short(c->q->arena,
		                      offer_month_fen(&o->match, best->saving_li)),
		.why = hall_offer_reason(c->hall, c->q, c->language, o, best),
	};
	return true;
}

/* False: he may not have it, has it, or it is not worth it. */
static bool sell_one(const struct call *c, struct str code, struct hall_sale *out)
{
	const struct package *p = catalogue_find(c->q->catalogue, code);
	struct hall_answer unused;
	struct reply_values v;
	struct past past;

	if (p == NULL || p->kind == PACKAGE_MAIN || !p->on_sale ||
	    call_holding(c, code) != NULL || !call_may_use(c, p, &unused) ||
	    !call_covers(c, p->fee_fen))
		return false;
	*out = (struct hall_sale){ .offer = p->code,
		                   .command = call_command(c, "service.open", "code",
		                                           p->code),
		                   .saving = STR(""),
		                   .why = STR("") };
	if (p->kind != PACKAGE_ADDON)
		return true;
	if (!look_back(c, p, &past) || past.less_fen / past.months <= 0 ||
	    2 * past.most.months < past.months)
		return false;
	v = past_values(c, p, &past);
	out->saving = v.less;
	out->why = call_text(c,
	                     past.most.months == past.months ? REPLY_OFFER_ALWAYS
	                                                     : REPLY_OFFER_OVER,
	                     &v);
	return true;
}

unsigned hall_sell_needs(void)
{
	return hall_offer_needs();
}

bool hall_sell(const struct hall *h, const struct hall_question *q,
               const struct campaign *k, struct hall_sale *out)
{
	const struct call c = { .hall = h,
		                .q = q,
		                .language = hall_language(h, q->who, STR(""), NULL) };

	if (k->kind == CAMPAIGN_KIND_MATCH)
		return sell_match(&c, k, out);
	for (size_t i = 0; i < k->n_offers; i++)
		if (sell_one(&c, k->offer[i], out))
			return true;
	return false;
}
