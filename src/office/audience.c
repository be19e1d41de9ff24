/*
 * audience.c - see office/audience.h.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "office/audience.h"

enum {
	DAY_S = 24 * 3600,
	GENERATIONS = 10, /* of networks: 0 (none) .. 9 */
	CLASSES = GENERATIONS * 2,
	LI_OF_FEN = 10
};

struct audience {
	const struct tariffs *tariffs;
	const struct policy *policy;
	int64_t now, after;
	int64_t begins[USAGE_MONTHS + 1]; /* UTC s, of the months and of the one behind */
	struct usage_set use;
	struct mass_subjects subjects;
	struct offer_set allowed[CLASSES];
	int64_t msisdn[STORE_PEOPLE_SLICE];
	uint16_t tariff[STORE_PEOPLE_SLICE], class[STORE_PEOPLE_SLICE];
	uint8_t stage[STORE_PEOPLE_SLICE], since[STORE_PEOPLE_SLICE];
	int32_t addons[STORE_PEOPLE_SLICE];
	bool bound[STORE_PEOPLE_SLICE];
};

/* ---- making ---- */

static bool may_have(const struct terms *t, int64_t generation, enum sub_class class)
{
	return (generation == 0 || network_generation(t->network) <= generation) &&
	       (!t->one_class || t->class == class);
}

static void put_allowed(struct audience *a, const struct terms_list *terms)
{
	for (size_t i = 0; i < a->tariffs->n; i++) {
		const struct package *p = a->tariffs->tariff[i].package;
		struct terms t;

		if (p == NULL)
			continue;
		t = terms_of(terms, p->code);
		for (int g = 0; g < CLASSES; g++)
			if (may_have(&t, g / 2,
			             g % 2 == 0 ? CLASS_PERSONAL : CLASS_BUSINESS))
				offer_add(&a->allowed[g], i);
	}
}

struct audience *audience_create(const struct tariffs *t, const struct policy *policy,
                                 const struct terms_list *terms, int64_t now)
{
	struct audience *a = xcalloc(1, sizeof(*a));
	const month_t this = civil_month(now);

	a->tariffs = t;
	a->policy = policy;
	a->now = now;
	for (int m = 0; m <= USAGE_MONTHS; m++) {
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
		                              .bound = a->bound };
	put_allowed(a, terms);
	return a;
}

void audience_destroy(struct audience *a)
{
	if (a == NULL)
		return;
	usage_set_free(&a->use);
	free(a);
}

/* ---- one subscriber ---- */

static size_t index_of(const struct audience *a, struct str code)
{
	const struct package *p = catalogue_find(a->tariffs->catalogue, code);

	return p != NULL ? (size_t)(p - a->tariffs->catalogue->package) : SIZE_MAX;
}

/* Held in month m of the six, or in the present one (m is USAGE_MONTHS). */
static bool held_in(const struct audience *a, const struct store_held *h, int m)
{
	if (h->until != 0 && h->until < h->since)
		return false;
	if (m == USAGE_MONTHS)
		return h->since <= a->now && (h->until == 0 || h->until >= a->now);
	return h->since < a->begins[m + 1] && (h->until == 0 || h->until >= a->begins[m]);
}

static void take_allowance(const struct audience *a, const struct package *p,
                           const struct store_held *h, struct usage_month *m, size_t n)
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

/* Fees of what is held besides; its allowances are taken from the months' use. */
static int32_t put_held(struct audience *a, const struct store_person *p, size_t at)
{
	struct usage_month m[STORE_PEOPLE_MONTHS];
	bool less = false;
	int64_t li = 0;

	memcpy(m, p->usage, p->n_usage * sizeof(m[0]));
	for (size_t i = 0; i < p->n_held; i++) {
		const struct store_held *h = &p->held[i];
		const struct package *of = catalogue_find(a->tariffs->catalogue,
		                                          h->package);

		if (of == NULL || of->kind == PACKAGE_MAIN)
			continue;
		if (of->kind == PACKAGE_ADDON) {
			take_allowance(a, of, h, m, p->n_usage);
			less = true;
		}
		if (!h->trial && held_in(a, h, USAGE_MONTHS) && of->fee_fen < INT32_MAX)
			li += of->fee_fen * LI_OF_FEN;
	}
	if (less)
		usage_set_put(&a->use, at, m, p->n_usage);
	return li < INT32_MAX ? (int32_t)li : INT32_MAX;
}

static int32_t contract_days(const struct audience *a, const struct store_person *p)
{
	for (size_t i = 0; i < p->n_held; i++) {
		const int64_t left = p->held[i].contract_until - a->now;

		if (str_eq(p->held[i].package, p->package) && left > 0 &&
		    left / DAY_S < INT32_MAX)
			return (int32_t)(left / DAY_S);
	}
	return INT32_MAX;
}

/*
 * It only matters whether it is below new_months; and the library takes long for dates, so
 * that of old customers is at least.
 */
static int32_t tenure(const struct audience *a, const struct store_person *p)
{
	const int64_t least = (a->now - p->joined_on) / (INT64_C(31) * DAY_S);

	if (least >= a->policy->new_months)
		return least < INT32_MAX ? (int32_t)least : INT32_MAX;
	return civil_month(a->now) - civil_month(p->joined_on);
}

static uint8_t stage_of(const struct audience *a, const struct store_person *p, size_t i,
                        int32_t contract)
{
	enum stage stage;
	struct stage_facts f = { .arrears = p->status == SUB_ARREARS1 ||
		                            p->status == SUB_ARREARS2,
		                 .tenure_months = tenure(a, p),
		                 .contract_days = contract };

	usage_set_get(&a->use, i, f.use, &f.usable);
	stage = offer_stage(a->policy, &f);
	return (uint8_t)stage;
}

static uint16_t class_of(const struct store_person *p)
{
	const int64_t g = network_generation(p->network);

	return (uint16_t)(2 * (g > 0 && g < GENERATIONS ? g : 0) +
	                  (p->class == CLASS_BUSINESS ? 1 : 0));
}

static void take(void *ctx, const struct store_person *p)
{
	struct audience *a = ctx;
	const size_t i = a->use.n++;
	const size_t tariff = index_of(a, p->package);
	const int32_t contract = contract_days(a, p);

	usage_set_put(&a->use, i, p->usage, p->n_usage);
	a->stage[i] = stage_of(a, p, i,
	                       contract); /* by all use; what follows takes from it */
	a->addons[i] = put_held(a, p, i);
	a->msisdn[i] = p->msisdn;
	a->tariff[i] = (uint16_t)(tariff < a->tariffs->n ? tariff : MASS_NONE);
	a->class[i] = class_of(p);
	a->since[i] = UINT8_MAX;
	a->bound[i] = contract != INT32_MAX && contract > a->policy->ending_days;
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

const int64_t *audience_msisdn(const struct audience *a)
{
	return a->msisdn;
}
