/*
 * eligible.c - see offer/eligible.h.
 */
#include "offer/eligible.h"

/* ---- making ---- */

static bool has_rule(const struct eligible_rule *r)
{
	return r->n_against > 0 || r->terms.needs.n > 0 || r->terms.regions.n > 0 ||
	       r->terms.groups.n > 0 || r->terms.by_credit;
}

/* What it excludes, and what excludes it. */
static void put_against(const struct terms_list *all, struct arena *a,
                        struct eligible_rule *r)
{
	const struct terms_codes *own = &r->terms.excludes;

	r->against = arena_array(a, struct str, own->n + (all != NULL ? all->n : 0) + 1);
	for (size_t i = 0; i < own->n; i++)
		r->against[r->n_against++] = own->code[i];
	for (size_t i = 0; all != NULL && i < all->n; i++)
		if (terms_name(&all->row[i].excludes, r->terms.code))
			r->against[r->n_against++] = all->row[i].code;
}

static void put_base(struct offer_set base[ELIGIBLE_CLASSES],
                     const struct eligible_rule *r)
{
	struct terms plain = r->terms;

	plain.regions.n = plain.groups.n = 0;
	plain.by_credit = false;
	for (size_t c = 0; c < ELIGIBLE_CLASSES; c++) {
		const struct terms_who who = { .generation = (int64_t)c / 2,
			                       .class = c % 2 == 0 ? CLASS_PERSONAL
			                                           : CLASS_BUSINESS };

		if (terms_bar(&plain, &who) == TERMS_FIT)
			offer_add(&base[c], r->tariff);
	}
}

static size_t put_rules(struct eligible *e, const struct package *const *p, size_t n,
                        struct offer_set base[ELIGIBLE_CLASSES],
                        struct eligible_rule *rule, struct arena *a)
{
	size_t rules = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == NULL)
			continue;
		rule[rules] = (struct eligible_rule){
			.tariff = i, .terms = terms_of(e->terms, p[i]->code)
		};
		put_against(e->terms, a, &rule[rules]);
		put_base(base, &rule[rules]);
		rules += has_rule(&rule[rules]);
	}
	return rules;
}

struct eligible eligible_make(const struct tariffs *t, const struct terms_list *terms,
                              struct arena *a)
{
	const size_t n = t->catalogue != NULL && t->catalogue->n < TARIFF_MOST
	                         ? t->catalogue->n
	                         : TARIFF_MOST;
	const struct package **main = arena_array(a, const struct package *, t->n + 1);
	const struct package **other = arena_array(a, const struct package *, n + 1);
	struct eligible e = { .terms = terms,
		              .packages = t->catalogue,
		              .rule = arena_array(a, struct eligible_rule,
		                                  t->n + n + 1) };

	for (size_t i = 0; i < t->n; i++) {
		const struct package *p = t->tariff[i].package;

		main[i] = p != NULL && p->kind == PACKAGE_MAIN ? p : NULL;
	}
	for (size_t i = 0; t->catalogue != NULL && i < n; i++) {
		const struct package *p = &t->catalogue->package[i];

		other[i] = p->kind != PACKAGE_MAIN && p->on_sale ? p : NULL;
	}
	e.n_rules = put_rules(&e, main, t->n, e.base, e.rule, a);
	if (t->catalogue != NULL)
		e.n_service_rules = put_rules(&e, other, n, e.services,
		                              e.rule + e.n_rules, a);
	for (size_t i = 0; terms != NULL && i < terms->n; i++)
		e.needing |= terms->row[i].needs.n > 0;
	return e;
}

/* ---- one number ---- */

size_t eligible_class(const struct terms_who *who)
{
	const int64_t g = who->generation < 0 ? 0 : who->generation;

	return 2 * (size_t)(g < ELIGIBLE_GENERATIONS ? g : ELIGIBLE_GENERATIONS - 1) +
	       (who->class == CLASS_BUSINESS ? 1 : 0);
}

static bool is_open(const struct eligible_who *w, const struct subscription *s)
{
	return s->until == 0 || s->until >= w->now;
}

/* Beside the main package, which another one replaces. */
static bool holds(const struct eligible_who *w, struct str code)
{
	for (size_t i = 0; i < w->n_held && !str_eq(code, w->package); i++)
		if (str_eq(w->held[i].package, code) && is_open(w, &w->held[i]))
			return true;
	return false;
}

static bool fits(const struct eligible_rule *r, const struct eligible_who *w)
{
	const struct terms_codes *needs = &r->terms.needs;

	if (terms_bar(&r->terms, &w->who) != TERMS_FIT)
		return false;
	for (size_t i = 0; i < needs->n; i++)
		if (!holds(w, needs->code[i]))
			return false;
	for (size_t i = 0; i < r->n_against; i++)
		if (!str_eq(r->against[i], r->terms.code) && holds(w, r->against[i]))
			return false;
	return true;
}

/* Something that he holds cannot be used without the main package. */
static bool is_needed(const struct eligible *e, const struct eligible_who *w)
{
	for (size_t i = 0; i < w->n_held && e->needing; i++) {
		const struct terms t = terms_of(e->terms, w->held[i].package);

		if (terms_name(&t.needs, w->package) && is_open(w, &w->held[i]))
			return true;
	}
	return false;
}

static void take_out(struct offer_set *s, size_t i)
{
	s->bit[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

bool eligible_less(const struct eligible *e, const struct eligible_who *w,
                   struct offer_set *out)
{
	const struct offer_set *base = &e->base[eligible_class(&w->who)];
	bool less = false;

	if (is_needed(e, w)) {
		*out = (struct offer_set){ 0 };
		return true;
	}
	for (size_t i = 0; i < e->n_rules; i++) {
		const struct eligible_rule *r = &e->rule[i];

		if (!offer_has(base, r->tariff) || fits(r, w))
			continue;
		if (!less)
			*out = *base;
		less = true;
		take_out(out, r->tariff);
	}
	return less;
}

/* ---- services ---- */

/* What is held as an order sees it: the main package too. */
static bool has(const struct eligible_who *w, struct str code)
{
	return str_eq(code, w->package) || holds(w, code);
}

static bool service_fits(const struct eligible_rule *r, const struct eligible_who *w)
{
	const struct terms_codes *needs = &r->terms.needs;

	if (terms_bar(&r->terms, &w->who) != TERMS_FIT)
		return false;
	for (size_t i = 0; i < needs->n; i++)
		if (!has(w, needs->code[i]))
			return false;
	for (size_t i = 0; i < r->n_against; i++)
		if (!str_eq(r->against[i], r->terms.code) &&
		    (has(w, r->against[i]) ||
		     (w->coming.n > 0 && str_eq(r->against[i], w->coming))))
			return false;
	return true;
}

static bool is_paid(const struct eligible_who *w, const struct package *p)
{
	return p->fee_fen <= 0 || w->covers_fen >= p->fee_fen;
}

void eligible_services(const struct eligible *e, const struct eligible_who *w,
                       struct offer_set *out)
{
	const struct eligible_rule *rule = e->rule + e->n_rules;

	*out = (struct offer_set){ 0 };
	if (w->who.owes)
		return;
	*out = e->services[eligible_class(&w->who)];
	for (size_t i = 0; i < e->packages->n && i < TARIFF_MOST; i++)
		if (offer_has(out, i) && !is_paid(w, &e->packages->package[i]))
			take_out(out, i);
	for (size_t i = 0; i < w->n_held; i++) {
		const struct package *p = catalogue_find(e->packages, w->held[i].package);
		const size_t at = p != NULL ? (size_t)(p - e->packages->package)
		                            : TARIFF_MOST;

		if (at < TARIFF_MOST && is_open(w, &w->held[i]))
			take_out(out, at);
	}
	for (size_t i = 0; i < e->n_service_rules; i++)
		if (offer_has(out, rule[i].tariff) && !service_fits(&rule[i], w))
			take_out(out, rule[i].tariff);
}
