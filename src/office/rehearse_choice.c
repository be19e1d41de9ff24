/*
 * rehearse_choice.c - a campaign rehearsed: who would get which offer within limits of
 * money, people, texts and stocks, certified.
 *
 *   {"do":"rehearse","budget":"50000","sms":100000,"people":20000,"stock":"CL=500,38=100",
 *    "orders":800,"profit":"35","stages":"new=500,at_risk=0"}
 *
 * Anybody who may be told of something is looked at; consent, hours and how often are the
 * campaign's to keep.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "model/money.h"
#include "office/candidates.h"
#include "rehearse_priv.h"

enum {
	LI_DECIMALS = 3,
	SHARE_DECIMALS = 2,
	WHOLE_BP = 10000
};

/* ---- limits ---- */

static const char *const names[] = { "budget", "sms",    "people", "stock",
	                             "orders", "profit", "stages" };

bool rehearse_has_limits(const struct office_call *c)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (office_has(c, names[i]))
			return true;
	return false;
}

/* CODE=N */
static enum err read_stock(struct office_call *c, const struct catalogue *packages,
                           struct str text, struct choose_limits *l)
{
	struct str code = STR(""), number = text;
	const struct package *p;
	int64_t n;

	if (!str_cut(&number, '=', &code) || number.p == NULL ||
	    str_i64(str_trim(number), &n) != ERR_OK || n < 0) {
		fault_set(c->fault,
		          "stock: got \"%.*s\", expected CODE=N, such as LL10=500",
		          STR_ARG(text));
		return ERR_SYNTAX;
	}
	p = catalogue_find(packages, str_trim(code));
	if (p == NULL || p - packages->package >= TARIFF_MOST) {
		fault_set(c->fault, "stock: there is no package %.*s", STR_ARG(code));
		return ERR_NOT_FOUND;
	}
	if (l->n_stocks == CHOOSE_STOCKS) {
		fault_set(c->fault, "stock: %d at most", CHOOSE_STOCKS);
		return ERR_RANGE;
	}
	l->stock[l->n_stocks++] = (struct choose_stock){
		(uint16_t)(p - packages->package), n, CHOSEN_ORDERS
	};
	return ERR_OK;
}

static enum err read_stocks(struct office_call *c, const struct catalogue *packages,
                            struct choose_limits *l)
{
	struct str all, part;
	enum err e = ERR_OK;

	if (!office_has(c, "stock"))
		return ERR_OK;
	e = office_text(c, "stock", &all);
	while (e == ERR_OK && str_cut(&all, ',', &part))
		e = read_stock(c, packages, part, l);
	return e;
}

static enum err read_budget(struct office_call *c, struct choose_limits *l)
{
	struct str text;
	enum err e;

	if (!office_has(c, "budget"))
		return ERR_OK;
	e = office_text(c, "budget", &text);
	if (e != ERR_OK)
		return e;
	if (money_parse(text, LI_DECIMALS, &l->budget_li) != ERR_OK || l->budget_li < 0) {
		fault_set(c->fault, "budget: got \"%.*s\", expected yuan, such as 50000",
		          STR_ARG(text));
		return ERR_SYNTAX;
	}
	return ERR_OK;
}

/* Per cent. */
static enum err read_profit(struct office_call *c, struct choose_limits *l)
{
	struct str text;
	enum err e;

	if (!office_has(c, "profit"))
		return ERR_OK;
	e = office_text(c, "profit", &text);
	if (e != ERR_OK)
		return e;
	if (money_parse(text, SHARE_DECIMALS, &l->profit_bp) != ERR_OK ||
	    l->profit_bp < 0 || l->profit_bp > WHOLE_BP) {
		fault_set(c->fault, "profit: got \"%.*s\", expected per cent, such as 35",
		          STR_ARG(text));
		return ERR_SYNTAX;
	}
	return ERR_OK;
}

static enum err read_stages(struct office_call *c, struct choose_limits *l)
{
	int64_t most[STAGES];
	struct str text;
	enum err e;

	for (int s = 0; s < STAGES; s++)
		most[s] = CHOOSE_ANY;
	if (!office_has(c, "stages"))
		return ERR_OK;
	e = office_text(c, "stages", &text);
	if (e != ERR_OK)
		return e;
	if (stages_parse(text, most) != ERR_OK) {
		fault_set(c->fault,
		          "stages: got \"%.*s\", expected STAGE=N, such as new=500",
		          STR_ARG(text));
		return ERR_SYNTAX;
	}
	for (int s = 0; s < STAGES && l->n_stocks < CHOOSE_STOCKS; s++)
		if (most[s] != CHOOSE_ANY)
			l->stock[l->n_stocks++] = (struct choose_stock){ (uint16_t)s,
				                                         most[s],
				                                         CHOSEN_GROUP };
	return ERR_OK;
}

static enum err read_limits(struct office_call *c, const struct catalogue *packages,
                            struct choose_limits *l)
{
	enum err e;

	*l = choose_limits_none();
	e = read_budget(c, l);
	if (e == ERR_OK)
		e = office_number(c, "sms", 0, INT64_MAX - 1, &l->texts);
	if (e == ERR_OK)
		e = office_number(c, "people", 0, INT64_MAX - 1, &l->people);
	if (e == ERR_OK)
		e = office_number(c, "orders", 0, INT64_MAX - 1, &l->orders);
	if (e == ERR_OK)
		e = read_profit(c, l);
	if (e == ERR_OK)
		e = read_stages(c, l);
	if (e == ERR_OK)
		e = read_stocks(c, packages, l);
	return e;
}

/* ---- everybody ---- */

struct campaign_of {
	const struct rehearse_with *with;
	struct cross cross;
	struct choosing *choosing;
	struct mass_present *present;     /* of a portion */
	struct mass_candidate *candidate; /* likewise */
	size_t people, offered, offers;   /* of all; that something may be offered to */
	struct chosen chosen;
};

static void add_portion(struct campaign_of *k, const struct audience *a)
{
	const struct candidates_portion p = { a, k->present, k->candidate };
	const size_t n = audience_use(a)->n;

	mass_match(k->with->tariffs, k->with->policy, audience_use(a),
	           audience_subjects(a), k->present, k->candidate);
	for (size_t i = 0; i < n; i++) {
		struct choose_offer offer[CANDIDATES_MOST];
		const size_t some = candidates_of(
			&p, &k->cross, i, (unsigned)k->with->policy->segments, offer);

		choosing_add(k->choosing, audience_who(a)[i].msisdn, offer, some);
		k->offered += some > 0;
		k->offers += some;
	}
	k->people += n;
}

static enum err add_all(struct office_call *c, struct campaign_of *k)
{
	const struct rehearse_with *w = k->with;
	struct audience *a = audience_create(w->tariffs, w->policy, w->terms, w->now);
	int64_t total;
	enum err e = store_people_count(c->host->reader, &total);

	audience_want_services(a);
	while (e == ERR_OK && (e = audience_next(a, c->host->reader)) == ERR_OK) {
		add_portion(k, a);
		e = rehearse_portion_done(c, (int64_t)k->people, total);
	}
	audience_destroy(a);
	return e == ERR_END ? ERR_OK : e;
}

/* ---- what is said ---- */

static struct str code_of(const void *ctx, uint16_t offer)
{
	const struct catalogue *packages = ctx;

	return packages->package[offer].code;
}

struct line {
	size_t people;
	int64_t orders_ppm, value_li, spend_li;
};

static void put_offers(const struct campaign_of *k, struct arena *a, struct buf *out)
{
	const struct catalogue *packages = k->with->tariffs->catalogue;
	struct line *all = arena_array(a, struct line, packages->n + 1);

	for (size_t i = 0; i < k->chosen.n; i++) {
		const struct choose_offer *o = &k->chosen.one[i].offer;
		struct line *l = &all[o->offer];

		l->people++;
		l->orders_ppm += o->q_ppm;
		l->value_li += o->value_li;
		l->spend_li += o->spend_li;
	}
	buf_printf(out, "\n%-16s %10s %12s %14s %14s\n", "offer", "people", "orders",
	           "spent, yuan", "worth, yuan");
	for (size_t i = 0; i < packages->n; i++)
		if (all[i].people > 0)
			buf_printf(out, "%-16.*s %10zu %12.1f %14.2f %14.2f%s\n",
			           STR_ARG(packages->package[i].code), all[i].people,
			           (double)all[i].orders_ppm / 1e6,
			           (double)all[i].spend_li / 1000,
			           (double)all[i].value_li / 1000,
			           k->cross.trial_days[i] > 0 ? "  trial first" : "");
}

static void say(const struct campaign_of *k, struct arena *a, struct buf *out)
{
	const struct policy *p = k->with->policy;

	buf_printf(out,
	           "%zu subscribers; %zu may be told of something (%zu offers: packages "
	           "that pass the guards, services held together with what they hold)\n",
	           k->people, k->offered, k->offers);
	if (k->offered > k->chosen.subjects)
		buf_printf(
			out,
			"%zu of them are better left alone: by what offer.conf assumes, "
			"contact does more harm than good\n",
			k->offered - k->chosen.subjects);
	if (k->cross.counts->n == 0)
		buf_puts(out, STR("no services: who holds what is not counted yet "
		                  "(smshall tags refresh)\n"));
	choose_explain(&k->chosen, code_of, k->with->tariffs->catalogue, out);
	if (k->chosen.n > 0)
		put_offers(k, a, out);
	buf_printf(out,
	           "\nA text is taken for %" PRId32 " SMS; worth is over %" PRId32
	           " months, against leaving everybody alone.\n",
	           p->segments, p->horizon);
}

enum err rehearse_choice(struct office_call *c, const struct rehearse_with *w,
                         struct buf *out)
{
	struct campaign_of k = { .with = w, .choosing = choosing_create(false) };
	struct choose_limits limits;
	enum err e = read_limits(c, w->tariffs->catalogue, &limits);

	k.present = xcalloc(STORE_PEOPLE_SLICE, sizeof(*k.present));
	k.candidate = xcalloc((size_t)STORE_PEOPLE_SLICE * MASS_KEEP,
	                      sizeof(*k.candidate));
	if (e == ERR_OK)
		e = candidates_load(c->host->reader, w->tariffs->catalogue, w->policy,
		                    w->terms, w->tools, w->now, &c->arena, &k.cross);
	if (e == ERR_OK)
		e = add_all(c, &k);
	if (e == ERR_OK)
		e = choose(k.choosing, &limits, &c->arena, &k.chosen, c->fault);
	if (e == ERR_OK)
		say(&k, &c->arena, out);
	free(k.present);
	free(k.candidate);
	choosing_destroy(k.choosing);
	return e;
}
