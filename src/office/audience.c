/*
 * audience.c - see office/audience.h.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "offer/eligible.h"
#include "offer/lift.h"
#include "office/audience.h"

enum {
	DAY_S = 24 * 3600,
	LI_OF_FEN = 10
};

struct audience {
	const struct tariffs *tariffs;
	const struct policy *policy;
	int64_t now, after;
	/* UTC s; of the months, of the present one and of the next. */
	int64_t begins[USAGE_MONTHS + 2];
	struct arena arena;
	struct eligible eligible;
	struct usage_set use;
	struct mass_subjects subjects;
	/* Of the classes; behind them that of each who may have less. */
	struct offer_set allowed[ELIGIBLE_CLASSES + STORE_PEOPLE_SLICE];
	struct offer_set only; /* when narrow */
	bool narrow;
	struct audience_who who[STORE_PEOPLE_SLICE];
	uint16_t tariff[STORE_PEOPLE_SLICE], class[STORE_PEOPLE_SLICE];
	uint8_t stage[STORE_PEOPLE_SLICE], since[STORE_PEOPLE_SLICE];
	int32_t addons[STORE_PEOPLE_SLICE];
	bool bound[STORE_PEOPLE_SLICE];
	uint8_t estimated[STORE_PEOPLE_SLICE];
	struct offer_set cooling[STORE_PEOPLE_SLICE];
	struct offer_set *owned, *may, *tried; /* [STORE_PEOPLE_SLICE], or NULL */
};

/* ---- making ---- */

struct audience *audience_create(const struct tariffs *t, const struct policy *policy,
                                 const struct terms_list *terms, int64_t now)
{
	struct audience *a = xcalloc(1, sizeof(*a));
	const month_t this = civil_month(now);

	a->tariffs = t;
	a->policy = policy;
	a->now = now;
	a->arena = arena_make(SIZE_MAX);
	for (int m = 0; m <= USAGE_MONTHS + 1; m++) {
		const month_t month = this - USAGE_MONTHS + m;

		a->begins[m] = civil_to_utc((struct civil){ .year = month_year(month),
		                                            .month = month_of_year(month),
		                                            .day = 1 });
	}
	a->use = usage_set_make(STORE_PEOPLE_SLICE, this - 1);
	a->subjects = (struct mass_subjects){ .tariff = a->tariff,
		                              .stage = a->stage,
		                              .allowed_class = a->class,
		                              .allowed = a->allowed,
		                              .addons_li = a->addons,
		                              .months_since_change = a->since,
		                              .bound = a->bound,
		                              .cooling = a->cooling,
		                              .estimated = a->estimated };
	a->eligible = eligible_make(t, terms, &a->arena);
	memcpy(a->allowed, a->eligible.base, sizeof(a->eligible.base));
	return a;
}

static void intersect(struct offer_set *s, const struct offer_set *with)
{
	for (size_t i = 0; i < sizeof(s->bit) / sizeof(s->bit[0]); i++)
		s->bit[i] &= with->bit[i];
}

void audience_narrow(struct audience *a, const struct offer_set *only, int64_t after)
{
	a->only = *only;
	a->narrow = true;
	a->after = after;
	for (size_t i = 0; i < ELIGIBLE_CLASSES; i++)
		intersect(&a->allowed[i], only);
}

void audience_destroy(struct audience *a)
{
	if (a == NULL)
		return;
	usage_set_free(&a->use);
	arena_free(&a->arena);
	free(a->owned);
	free(a->may);
	free(a->tried);
	free(a);
}

void audience_want_services(struct audience *a)
{
	if (a->owned != NULL)
		return;
	a->owned = xcalloc(STORE_PEOPLE_SLICE, sizeof(*a->owned));
	a->may = xcalloc(STORE_PEOPLE_SLICE, sizeof(*a->may));
	a->tried = xcalloc(STORE_PEOPLE_SLICE, sizeof(*a->tried));
}

/* ---- one subscriber ---- */

static size_t index_of(const struct audience *a, struct str code)
{
	const struct package *p = catalogue_find(a->tariffs->catalogue, code);

	return p != NULL ? (size_t)(p - a->tariffs->catalogue->package) : SIZE_MAX;
}

/* Held in month m of the six, or in the present one (m is USAGE_MONTHS). */
static bool held_in(const struct audience *a, const struct subscription *h, int m)
{
	const bool over = m == USAGE_MONTHS && h->until < a->now;

	return h->since < a->begins[m + 1] &&
	       (h->until == 0 ||
	        (h->until >= h->since && h->until >= a->begins[m] && !over));
}

static void take_allowance(const struct audience *a, const struct package *p,
                           const struct subscription *h, struct usage_month *m, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const int at = m[i].month - a->use.last + USAGE_MONTHS - 1;

		if (at < 0 || at >= USAGE_MONTHS || !held_in(a, h, at))
			continue;
		m[i].voice_s -= m[i].voice_s < p->voice_s ? m[i].voice_s : p->voice_s;
		m[i].sms -= m[i].sms < p->sms ? m[i].sms : p->sms;
		m[i].data_kib -= m[i].data_kib < p->data_kib ? m[i].data_kib
		                                             : p->data_kib;
	}
}

/* Months that are typical of the package, in the place of those that are missing. */
static size_t estimate(struct audience *a, const struct store_person *p, size_t at,
                       struct usage_month *m)
{
	const struct package *of = catalogue_find(a->tariffs->catalogue, p->package);
	const uint8_t own = a->use.usable[at];
	size_t n = 0;

	a->estimated[at] = offer_estimated(a->policy, of, p->class, own);
	for (int k = 0; k < USAGE_MONTHS; k++)
		if ((a->estimated[at] >> k & 1) != 0)
			m[n++] = offer_typical(of, p->class,
			                       a->use.last - USAGE_MONTHS + 1 + k);
	return n;
}

/* Fees of what is held besides; its allowances are taken from the months' use. */
static int32_t put_held(struct audience *a, const struct store_person *p, size_t at)
{
	struct usage_month m[STORE_PEOPLE_MONTHS + USAGE_MONTHS];
	const size_t n = p->n_usage + estimate(a, p, at, m + p->n_usage);
	bool less = n > p->n_usage;
	int64_t li = 0;

	memcpy(m, p->usage, p->n_usage * sizeof(m[0]));
	for (size_t i = 0; i < p->n_held; i++) {
		const struct subscription *h = &p->held[i];
		const struct package *of = catalogue_find(a->tariffs->catalogue,
		                                          h->package);

		if (of == NULL || of->kind == PACKAGE_MAIN)
			continue;
		if (of->kind == PACKAGE_ADDON) {
			take_allowance(a, of, h, m, n);
			less = true;
		}
		if (!h->trial && held_in(a, h, USAGE_MONTHS) && of->fee_fen < INT32_MAX)
			li += of->fee_fen * LI_OF_FEN;
	}
	if (less)
		usage_set_put(&a->use, at, m, n);
	return li < INT32_MAX ? (int32_t)li : INT32_MAX;
}

/* Months since the main package changed, as guards look at it. */
static uint8_t since_change(const struct audience *a, const struct store_person *p)
{
	int32_t months;

	if (p->changed_at == INT64_MIN)
		return UINT8_MAX;
	months = civil_month(a->now) - civil_month(p->changed_at);
	if (months < 0)
		return 0;
	return months < UINT8_MAX ? (uint8_t)months : UINT8_MAX;
}

static struct eligible_who who_of(const struct audience *a, const struct store_person *p)
{
	return (struct eligible_who){
		.who = { network_generation(p->network), p->class, p->region, p->group,
		         p->n_groups, store_person_owes(p), p->credit_fen },
		.package = p->package,
		.held = p->held,
		.n_held = p->n_held,
		.now = a->now,
		.coming = p->coming,
		.covers_fen = p->balance_fen + p->credit_fen,
	};
}

/* The set of all like him, or his own. */
static uint16_t allowed_of(struct audience *a, const struct eligible_who *who, size_t i)
{
	if (!eligible_less(&a->eligible, who, &a->allowed[ELIGIBLE_CLASSES + i]))
		return (uint16_t)eligible_class(&who->who);
	if (a->narrow)
		intersect(&a->allowed[ELIGIBLE_CLASSES + i], &a->only);
	return (uint16_t)(ELIGIBLE_CLASSES + i);
}

static void put_services(struct audience *a, const struct store_person *p,
                         const struct eligible_who *w, size_t i)
{
	const struct catalogue *all = a->tariffs->catalogue;

	a->owned[i] = a->tried[i] = (struct offer_set){ 0 };
	offer_owned(all, p->package, p->held, p->n_held, a->now, &a->owned[i]);
	eligible_services(&a->eligible, w, &a->may[i]);
	for (size_t k = 0; k < p->n_tried; k++) {
		const size_t at = index_of(a, p->tried[k]);

		if (at < TARIFF_MOST)
			offer_add(&a->tried[i], at);
	}
}

static void take(void *ctx, const struct store_person *p)
{
	struct audience *a = ctx;
	const size_t i = a->use.n++;
	const size_t tariff = index_of(a, p->package);
	const int32_t contract = store_person_contract_days(p, a->now);
	const struct eligible_who who = who_of(a, p);
	const enum stage stage = store_person_stage(p, a->policy, a->now, a->use.last);

	a->cooling[i] = (struct offer_set){ 0 };
	offer_before(a->tariffs, a->policy, p->offered, p->n_offered, a->now,
	             &a->cooling[i]);
	usage_set_put(&a->use, i, p->usage, p->n_usage);
	a->stage[i] = (uint8_t)stage;
	a->addons[i] = put_held(a, p, i);
	a->who[i] = (struct audience_who){
		.msisdn = p->msisdn,
		.owner_since = p->owner_since,
		.language = p->language,
		.contacts = offer_contacts(p->offered, p->n_offered, a->now),
		.refusals = offer_refusals(p->offered, p->n_offered, a->now),
	};
	a->tariff[i] = (uint16_t)(tariff < a->tariffs->n ? tariff : MASS_NONE);
	a->class[i] = allowed_of(a, &who, i);
	a->since[i] = since_change(a, p);
	a->bound[i] = (contract != INT32_MAX && contract > a->policy->ending_days) ||
	              (a->estimated[i] != 0 && a->policy->thin_push == 0);
	if (a->owned != NULL)
		put_services(a, p, &who, i);
}

/* ---- portions ---- */

enum err audience_next(struct audience *a, struct store_reader *r)
{
	usage_set_clear(&a->use);
	a->use.n = 0;
	return store_people(r, a->now, &a->after, take, a);
}

const struct usage_set *audience_use(const struct audience *a)
{
	return &a->use;
}

const struct mass_subjects *audience_subjects(const struct audience *a)
{
	return &a->subjects;
}

const struct audience_who *audience_who(const struct audience *a)
{
	return a->who;
}

struct audience_services audience_services(const struct audience *a)
{
	return (struct audience_services){ a->owned, a->may, a->tried };
}
