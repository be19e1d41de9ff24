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

static void put_base(struct eligible *e, const struct eligible_rule *r)
{
	struct terms plain = r->terms;

	plain.regions.n = plain.groups.n = 0;
	plain.by_credit = false;
	for (size_t c = 0; c < ELIGIBLE_CLASSES; c++) {
		const struct terms_who who = { .generation = (int64_t)c / 2,
			                       .class = c % 2 == 0 ? CLASS_PERSONAL
			                                           : CLASS_BUSINESS };

		if (terms_bar(&plain, &who) == TERMS_FIT)
			offer_add(&e->base[c], r->tariff);
	}
}

struct eligible eligible_make(const struct tariffs *t, const struct terms_list *terms,
                              struct arena *a)
{
	struct eligible e = { .terms = terms,
		              .rule = arena_array(a, struct eligible_rule, t->n + 1) };

	for (size_t i = 0; i < t->n; i++) {
		const struct package *p = t->tariff[i].package;
		struct eligible_rule *r = &e.rule[e.n_rules];

		if (p == NULL || p->kind != PACKAGE_MAIN)
			continue;
		*r = (struct eligible_rule){ .tariff = i,
			                     .terms = terms_of(terms, p->code) };
		put_against(terms, a, r);
		put_base(&e, r);
		e.n_rules += has_rule(r);
	}
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
