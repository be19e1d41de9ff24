/*
 * offers.c - see offers_priv.h.
 */
#include "hall_priv.h"
#include "model/money.h"
#include "offer/lift.h"
#include "offers_priv.h"

enum {
	LI_OF_FEN = 10
};

static const struct policy *policy_of(const struct call *c)
{
	return &c->hall->policy;
}

/* ---- tariffs ---- */

/* SIZE_MAX: not there, or without price. */
static size_t index_of(const struct hall_offer *o, const struct package *p)
{
	const size_t i = p != NULL ? (size_t)(p - o->tariffs.catalogue->package)
	                           : SIZE_MAX;

	return i < o->tariffs.n && o->tariffs.tariff[i].package != NULL ? i : SIZE_MAX;
}

/* ---- use ---- */

static int64_t beyond(int64_t used, int64_t brought)
{
	return used > brought ? used - brought : 0;
}

void offers_use(const struct call *c, const struct usage_month *u, int32_t use[DIMS])
{
	const struct dossier *d = c->q->who;
	struct usage_month left = *u;

	for (size_t i = 0; i < d->n_held; i++) {
		const struct package *p = catalogue_find(c->q->catalogue,
		                                         d->held[i].package);

		if (p == NULL || p->kind != PACKAGE_ADDON ||
		    !call_held(c, &d->held[i], u->month))
			continue;
		left.voice_s = beyond(left.voice_s, p->voice_s);
		left.sms = beyond(left.sms, p->sms);
		left.data_kib = beyond(left.data_kib, p->data_kib);
	}
	usage_units(&left, use);
}

static void put_use(const struct call *c, struct hall_offer *o)
{
	const struct dossier *d = c->q->who;

	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		const month_t month = o->last - (month_t)(USAGE_MONTHS - 1 - k);
		const struct usage_month *u = dossier_usage(d, month);

		if (u == NULL)
			continue;
		offers_use(c, u, o->subject.use[k]);
		usage_units(u, o->facts.use[k]);
		o->subject.usable |= (uint8_t)(1U << k);
	}
	o->facts.usable = o->subject.usable;
}

static void put_typical(const struct call *c, struct hall_offer *o)
{
	const struct package *of = call_tariff(c);
	const enum sub_class class = c->q->who->sub.class;
	struct subject *s = &o->subject;

	s->estimated = offer_estimated(o->policy, of, class, s->usable);
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		struct usage_month u;

		if ((s->estimated >> k & 1) == 0)
			continue;
		u = offer_typical(of, class, o->last - (month_t)(USAGE_MONTHS - 1 - k));
		offers_use(c, &u, s->use[k]);
	}
	s->usable |= s->estimated;
}

/* ---- the subscriber ---- */

static int64_t addons_li(const struct call *c)
{
	const struct dossier *d = c->q->who;
	int64_t li = 0;

	for (size_t i = 0; i < d->n_held; i++) {
		const struct subscription *s = &d->held[i];
		const struct package *p = catalogue_find(c->q->catalogue, s->package);

		if (p != NULL && p->kind != PACKAGE_MAIN && !s->trial &&
		    call_held(c, s, civil_month(c->q->now)) &&
		    p->fee_fen < OFFER_BILL_MOST / LI_OF_FEN - li)
			li += p->fee_fen * LI_OF_FEN;
	}
	return li;
}

static int32_t months_since(const struct call *c, int64_t then)
{
	const month_t n = civil_month(c->q->now) - civil_month(then);

	return n > 0 ? n : 0;
}

/* Of the changes that the hall carried out: it knows of no others. */
static int32_t since_change(const struct call *c)
{
	const struct dossier *d = c->q->who;
	int32_t least = INT32_MAX;

	for (size_t i = 0; i < d->n_orders; i++) {
		const struct order *o = &d->order[i];
		int32_t months;

		if (!str_eq(o->kind, STR("package.change")) ||
		    o->state != ORDER_EFFECTIVE)
			continue;
		months = months_since(c, o->effective_at);
		least = months < least ? months : least;
	}
	return least;
}

/* Of the main package. */
static int32_t contract_days(const struct call *c)
{
	const struct subscription *s = call_holding(c, c->q->who->sub.package);

	return s != NULL ? stage_contract_days(s->contract_until, c->q->now) : INT32_MAX;
}

static void put_facts(const struct call *c, struct hall_offer *o)
{
	const struct dossier *d = c->q->who;
	struct stage_facts *f = &o->facts;

	f->arrears = call_owes(c);
	f->tenure_months = months_since(c, d->sub.joined_on);
	f->contract_days = contract_days(c);
	for (size_t i = 0; i < d->n_complaints; i++) {
		f->complaint_open |= d->complaint[i].state != COMPLAINT_CLOSED;
		f->complained |= stage_lately(d->complaint[i].at, c->q->now);
	}
	offer_before(&o->tariffs, o->policy, d->offered, d->n_offered, c->q->now,
	             &o->subject.cooling);
	f->declined_twice = stage_declined_twice(d->offered, d->n_offered, c->q->now);
	o->contacts = offer_contacts(d->offered, d->n_offered, c->q->now);
	o->refusals = offer_refusals(d->offered, d->n_offered, c->q->now);
}

/*
 * By the rules that bind an order: nothing is named that he would be refused.  "", or why
 * not, as an explanation has it.
 */
static struct str bar_of(const struct call *c, const struct package *p)
{
	const struct str own = c->q->who->sub.package;
	struct hall_answer why;
	struct str other;
	bool needed;

	if (!call_eligible(c, p, &why))
		return str_of(why.outcome);
	if (!call_compatible(c, p->code, own, &needed, &other))
		return arena_printf(c->q->arena, needed ? "needs %.*s" : "not with %.*s",
		                    STR_ARG(other));
	return STR("");
}

static void put_allowed(const struct call *c, struct hall_offer *o)
{
	const struct str held = call_dependent(c, c->q->who->sub.package);
	struct str *bar = arena_array(c->q->arena, struct str, o->tariffs.n + 1);

	for (size_t i = 0; i < o->tariffs.n; i++) {
		const struct package *p = o->tariffs.tariff[i].package;

		if (p == NULL || p->kind != PACKAGE_MAIN || !p->on_sale)
			continue;
		bar[i] = held.n > 0 ? arena_printf(c->q->arena,
		                                   "%.*s needs the present package",
		                                   STR_ARG(held))
		                    : bar_of(c, p);
		if (bar[i].n == 0)
			offer_add(&o->subject.allowed, i);
	}
	o->subject.bar = bar;
}

static void put_subject(const struct call *c, struct hall_offer *o)
{
	struct subject *s = &o->subject;

	s->tariff = index_of(o, call_tariff(c));
	s->stage = offer_stage(o->policy, &o->facts);
	s->addons_li = addons_li(c);
	s->months_since_change = since_change(c);
	s->bound = o->facts.contract_days != INT32_MAX &&
	           o->facts.contract_days > o->policy->ending_days;
	put_allowed(c, o);
}

static void look(const struct call *c, const struct policy *policy,
                 struct hall_offer *out)
{
	*out = (struct hall_offer){ .policy = policy,
		                    .last = civil_month(c->q->now) - 1 };
	tariffs_make(c->q->catalogue, c->q->arena, &out->tariffs);
	put_use(c, out);
	put_typical(c, out);
	put_facts(c, out);
	put_subject(c, out);
	offer_match(&out->tariffs, policy, &out->subject, c->q->arena, &out->match);
}

bool offers_look(const struct call *c, struct hall_offer *out)
{
	look(c, policy_of(c), out);
	return out->subject.tariff != SIZE_MAX && out->match.weight > 0;
}

const struct candidate *offers_of(const struct hall_offer *o, const struct package *p)
{
	for (size_t i = 0; i < o->match.n; i++)
		if (o->match.of[i].tariff == index_of(o, p))
			return &o->match.of[i];
	return NULL;
}

bool offers_names(const struct hall_offer *o, const struct candidate *c)
{
	const struct candidate *at = offer_cheapest(o->policy, &o->match);

	for (int n = 0; at != NULL && n < OFFERS_NAMED; n++) {
		if (at == c)
			return true;
		at = offer_next(o->policy, &o->match, at);
	}
	return false;
}

/* ---- in words ---- */

/* The dimension for which most was paid beyond the allowance; DIMS: for none. */
static unsigned dearest(const struct match *m)
{
	unsigned best = DIMS;

	for (unsigned d = 0; d < DIMS; d++)
		if (m->beyond[d].li > 0 &&
		    (best == DIMS || m->beyond[d].li > m->beyond[best].li))
			best = d;
	return best;
}

static struct str number(const struct call *c, unsigned n)
{
	return arena_printf(c->q->arena, "%u", n);
}

struct str offers_a_month(const struct call *c, const struct hall_offer *o,
                          int64_t weighted_li)
{
	return money_short(c->q->arena, offer_month_fen(&o->match, weighted_li));
}

void offers_put_past(const struct call *c, const struct hall_offer *o,
                     struct reply_values *v)
{
	static const enum reply_id words[DIMS] = { REPLY_OFFER_CALLS, REPLY_OFFER_TEXTS,
		                                   REPLY_OFFER_DATA };
	const struct match *m = &o->match;
	const unsigned d = dearest(m);

	v->count = number(c, m->months);
	if (d == DIMS)
		return;
	v->beyond = call_text(c, words[d], NULL);
	v->times = number(c, m->beyond[d].months);
	v->each = money_short(c->q->arena,
	                      (m->beyond[d].li / m->beyond[d].months + LI_OF_FEN / 2) /
	                              LI_OF_FEN);
}

/* By the rules that bind an order, its first fee included; trials are no holdings. */
static void put_services(const struct call *c, struct hall_offer *o)
{
	const struct dossier *d = c->q->who;
	const struct catalogue *all = c->q->catalogue;
	struct hall_answer why;

	offer_owned(all, d->sub.package, d->held, d->n_held, c->q->now, &o->owned);
	for (size_t i = 0; i < all->n && i < TARIFF_MOST; i++) {
		const struct package *p = &all->package[i];

		if (p->kind != PACKAGE_MAIN && p->on_sale &&
		    call_holding(c, p->code) == NULL && call_covers(c, p->fee_fen) &&
		    call_may_use(c, p, &why))
			offer_add(&o->services, i);
	}
	for (size_t i = 0; i < d->n_orders; i++) {
		const struct package *p = catalogue_find(all, d->order[i].package);
		const size_t at = p != NULL ? (size_t)(p - all->package) : TARIFF_MOST;

		if (at < TARIFF_MOST && str_eq(d->order[i].kind, STR("trial.open")))
			offer_add(&o->tried, at);
	}
}

unsigned hall_offer_needs(void)
{
	return OFFERS_NEEDS | NEED_ACCOUNT | NEED_ORDERS | NEED_COMPLAINTS | NEED_OFFERED;
}

void hall_offer(const struct hall *h, const struct hall_question *q,
                const struct policy *policy, struct hall_offer *out)
{
	const struct call c = { .hall = h,
		                .q = q,
		                .language = hall_language(h, q->who, STR(""), NULL) };

	look(&c, policy != NULL ? policy : policy_of(&c), out);
	put_services(&c, out);
}

struct str hall_offer_reason(const struct hall *h, const struct hall_question *q,
                             enum language language, const struct hall_offer *o,
                             const struct candidate *of)
{
	const struct call c = { .hall = h, .q = q, .language = language };
	const struct package *p = o->tariffs.tariff[of->tariff].package;
	const int64_t fen = offer_month_fen(&o->match, of->saving_li);
	struct reply_values v = { .package = call_package(&c, p->code),
		                  .less = money_short(q->arena, fen) };

	if (o->subject.estimated != 0)
		return call_text(&c, REPLY_OFFER_LIKE, &v);
	offers_put_past(&c, o, &v);
	return call_text(&c, v.times.n > 0 ? REPLY_OFFER_REASON : REPLY_OFFER_SMALLER,
	                 &v);
}

struct str hall_offer_why(const struct hall *h, const struct hall_question *q,
                          enum language language, const struct hall_offer *o,
                          const struct candidate *of)
{
	const struct call c = { .hall = h, .q = q, .language = language };
	const int64_t less = offer_month_fen(&o->match, of->saving_li);
	struct reply_values v = {
		.was_name = call_package(&c, q->who->sub.package),
		.total = offers_a_month(&c, o, o->match.now.weighted_li),
		.package = call_package(&c, o->tariffs.tariff[of->tariff].package->code),
		.amount = offers_a_month(&c, o, of->weighted_li),
	};

	if (o->subject.estimated != 0)
		return hall_offer_reason(h, q, language, o, of);
	offers_put_past(&c, o, &v);
	if (less > 0)
		v.less = money_short(q->arena, less);
	if (less < 0)
		v.extra = money_short(q->arena, -less);
	return call_text(&c, less > 0 ? REPLY_WHY_OFFER : REPLY_WHY_DEARER, &v);
}
