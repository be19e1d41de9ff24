/*
 * stage.c - the life-cycle stage of a subscriber: the first row whose test fits; what was
 * offered before; what stands for months that he has not.
 */
#include "offer/match.h"

enum {
	BP = 10000,
	PAIR = 2, /* months that a trend compares with as many before */
	DAY_S = 24 * 3600,
	LATELY_DAYS = 90, /* a complaint that is closed, a refusal */
	CONTACT_DAYS = 30,
	REFUSALS = 2
};

int32_t stage_contract_days(int64_t until, int64_t now)
{
	const int64_t days = until > now ? (until - now) / DAY_S : INT32_MAX;

	return days < INT32_MAX ? (int32_t)days : INT32_MAX;
}

bool stage_lately(int64_t at, int64_t now)
{
	return at > now - (int64_t)LATELY_DAYS * DAY_S;
}

void offer_before(const struct tariffs *t, const struct policy *policy,
                  const struct offered *before, size_t n, int64_t now,
                  struct offer_set *cooling)
{
	const int64_t again = now - (int64_t)policy->again_days * DAY_S;

	for (size_t i = 0; i < n; i++) {
		const struct package *p = catalogue_find(t->catalogue, before[i].package);
		const size_t at = p != NULL ? (size_t)(p - t->catalogue->package)
		                            : TARIFF_MOST;

		if (before[i].at > again && at < TARIFF_MOST)
			offer_add(cooling, at);
	}
}

unsigned offer_refusals(const struct offered *before, size_t n, int64_t now)
{
	unsigned refusals = 0;

	for (size_t i = 0; i < n; i++)
		refusals += before[i].declined && stage_lately(before[i].at, now);
	return refusals;
}

bool stage_declined_twice(const struct offered *before, size_t n, int64_t now)
{
	return offer_refusals(before, n, now) >= REFUSALS;
}

unsigned offer_contacts(const struct offered *before, size_t n, int64_t now)
{
	const int64_t since = now - (int64_t)CONTACT_DAYS * DAY_S;
	unsigned contacts = 0;

	for (size_t i = 0; i < n; i++)
		contacts += before[i].sent && before[i].at > since;
	return contacts;
}

/* What the policy says that the use of a month costs: one measure of all kinds of use. */
static int64_t worth(const struct policy *p, const int32_t use[DIMS])
{
	int64_t li = 0;

	for (unsigned d = 0; d < DIMS; d++)
		li += use[d] * (int64_t)p->cost_li_per[d] /
		      policy_cost_units((enum tariff_dim)d);
	return li < OFFER_BILL_MOST ? li : OFFER_BILL_MOST;
}

static bool usable(const struct stage_facts *f, unsigned month)
{
	return (f->usable >> month & 1) != 0;
}

bool offer_trend(const struct policy *policy, const struct stage_facts *f, int32_t *bp)
{
	int64_t sum[PAIR] = { 0 }, step;
	unsigned n = 0;

	for (unsigned i = USAGE_MONTHS; i-- > 0 && n < (unsigned)PAIR * PAIR;)
		if (usable(f, i))
			sum[n++ / PAIR] += worth(policy, f->use[i]);
	if (n < (unsigned)PAIR * PAIR || sum[1] == 0)
		return false;
	step = (sum[0] - sum[1]) * BP / sum[1];
	*bp = step > INT32_MAX ? INT32_MAX : (int32_t)step;
	return true;
}

static bool barred(const struct policy *p, const struct stage_facts *f)
{
	(void)p;
	return f->arrears || f->complaint_open;
}

static bool silent(const struct policy *p, const struct stage_facts *f)
{
	for (unsigned i = USAGE_MONTHS - (unsigned)p->silent_months; i < USAGE_MONTHS;
	     i++)
		for (unsigned d = 0; d < DIMS; d++)
			if (!usable(f, i) || f->use[i][d] != 0)
				return false;
	return true;
}

static bool at_risk(const struct policy *p, const struct stage_facts *f)
{
	(void)p;
	return f->complained || f->declined_twice;
}

static bool is_new(const struct policy *p, const struct stage_facts *f)
{
	return f->tenure_months < p->new_months;
}

static bool ending(const struct policy *p, const struct stage_facts *f)
{
	return f->contract_days <= p->ending_days;
}

static bool declining(const struct policy *p, const struct stage_facts *f)
{
	int32_t bp;

	return offer_trend(p, f, &bp) && bp < -p->trend_down_bp;
}

static bool growing(const struct policy *p, const struct stage_facts *f)
{
	int32_t bp;

	return offer_trend(p, f, &bp) && bp > p->trend_up_bp;
}

static bool always(const struct policy *p, const struct stage_facts *f)
{
	(void)p;
	(void)f;
	return true;
}

static bool (*const fits[STAGES])(const struct policy *p, const struct stage_facts *f) = {
	[STAGE_BARRED] = barred,   [STAGE_SILENT] = silent, [STAGE_AT_RISK] = at_risk,
	[STAGE_NEW] = is_new,      [STAGE_ENDING] = ending, [STAGE_DECLINING] = declining,
	[STAGE_GROWING] = growing, [STAGE_MATURE] = always,
};

enum stage offer_stage(const struct policy *policy, const struct stage_facts *f)
{
	unsigned s = 0;

	while (!fits[s](policy, f))
		s++;
	return (enum stage)s;
}

/* ---- too few months ---- */

uint8_t offer_estimated(const struct policy *policy, const struct package *of,
                        enum sub_class class, uint8_t own)
{
	const unsigned all = (1U << USAGE_MONTHS) - 1;
	int32_t months = 0;

	for (unsigned k = 0; k < USAGE_MONTHS; k++)
		months += (own >> k & 1) != 0 && policy->weight[k] > 0 ? 1 : 0;
	if (of == NULL || months >= policy->months_least || policy->thin_people == 0 ||
	    of->typical[class].people < policy->thin_people)
		return 0;
	return (uint8_t)(all & ~(unsigned)own);
}

struct usage_month offer_typical(const struct package *of, enum sub_class class,
                                 month_t month)
{
	const struct typical *t = &of->typical[class];

	return (struct usage_month){ .month = month,
		                     .voice_s = t->voice_s,
		                     .sms = t->sms,
		                     .data_kib = t->data_kib,
		                     .bill_fen = BILL_NONE };
}
