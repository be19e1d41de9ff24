/*
 * stage.c - the stage of life of a subscriber as the store hands him out.
 */
#include "store/people.h"

enum {
	DAY_S = 24 * 3600
};

bool store_person_owes(const struct store_person *p)
{
	return p->status == SUB_ARREARS1 || p->status == SUB_ARREARS2 ||
	       p->balance_fen < 0;
}

int32_t store_person_contract_days(const struct store_person *p, int64_t now)
{
	for (size_t i = 0; i < p->n_held; i++) {
		const struct subscription *h = &p->held[i];

		if (str_eq(h->package, p->package) && (h->until == 0 || h->until >= now))
			return stage_contract_days(h->contract_until, now);
	}
	return INT32_MAX;
}

/*
 * It only matters whether it is below new_months; and the library takes long for dates, so
 * that of old customers is at least.
 */
static int32_t tenure(const struct store_person *p, const struct policy *policy,
                      int64_t now)
{
	const int64_t least = (now - p->joined_on) / (INT64_C(31) * DAY_S);
	int32_t months;

	if (least >= policy->new_months)
		return least < INT32_MAX ? (int32_t)least : INT32_MAX;
	months = civil_month(now) - civil_month(p->joined_on);
	return months > 0 ? months : 0;
}

enum stage store_person_stage(const struct store_person *p, const struct policy *policy,
                              int64_t now, month_t last)
{
	struct stage_facts f = {
		.arrears = store_person_owes(p),
		.complaint_open = p->complaint_open,
		.complained = stage_lately(p->complained_at, now),
		.declined_twice = stage_declined_twice(p->offered, p->n_offered, now),
		.tenure_months = tenure(p, policy, now),
		.contract_days = store_person_contract_days(p, now),
	};

	f.usable = usage_months(last, p->usage, p->n_usage, f.use);
	return offer_stage(policy, &f);
}
