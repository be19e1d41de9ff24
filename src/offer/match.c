/*
 * match.c - bills, margins and verdicts of all packages for one subscriber.
 */
#include <stdlib.h>

#include "match_priv.h"

enum {
	BP = 10000,
	LI_OF_FEN = 10
};

/* What a weighted cost counts as at most, so that all products fit into 63 bits. */
static const int64_t cost_most = INT64_C(1) << 42;

/* ---- use ---- */

static void look(const struct policy *policy, const struct subject *s, struct match *m)
{
	unsigned own = 0;

	for (unsigned i = 0; i < USAGE_MONTHS; i++) {
		if ((s->usable >> i & 1) == 0 || policy->weight[i] == 0)
			continue;
		m->looked |= (uint8_t)(1U << i);
		m->months++;
		own += (s->estimated >> i & 1) == 0 ? 1 : 0;
		m->weight += policy->weight[i];
	}
	m->thin = own < (unsigned)policy->months_least;
}

static bool looked_at(const struct match *m, unsigned month)
{
	return (m->looked >> month & 1) != 0;
}

static int64_t weighted_use(const struct policy *policy, const struct subject *s,
                            const struct match *m, unsigned d)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < USAGE_MONTHS; i++)
		if (looked_at(m, i))
			sum += (int64_t)policy->weight[i] * s->use[i][d];
	return sum;
}

int64_t match_allowance(const struct tariff_tier *tier)
{
	return tier->n == 0 ? USE_MOST : tier->piece[0].from;
}

/*
 * How much of it a weighted sum of use takes, rounded down, which decides no comparison
 * with whole bp otherwise.  -1: nothing is used, or it has no end.
 */
static int64_t match_used_bp(const struct tariff_tier *tier, int64_t weight, int64_t use)
{
	const int64_t allowance = match_allowance(tier);

	if (allowance == USE_MOST || use == 0)
		return -1;
	return allowance == 0 ? OFFER_BILL_MOST : use * BP / (allowance * weight);
}

/* ---- money ---- */

static int64_t at_most(int64_t v, int64_t most)
{
	return v < most ? v : most;
}

bool match_lifts(const struct policy *policy, const struct subject *s,
                 const struct match *m, const struct tariff *now, const struct tariff *t,
                 unsigned d)
{
	return match_used_bp(&now->tier[d], m->weight, weighted_use(policy, s, m, d)) >=
	               policy->binding_bp &&
	       match_allowance(&t->tier[d]) > match_allowance(&now->tier[d]);
}

/* Weighted; use grows where a binding allowance of the present package is lifted. */
static int64_t cost_of(const struct policy *policy, const struct subject *s,
                       const struct match *m, const struct tariff *now,
                       const struct tariff *t)
{
	int64_t sum = at_most(t->package->cost_fen, cost_most / BP) * LI_OF_FEN *
	              m->weight;

	for (unsigned d = 0; d < DIMS; d++) {
		int64_t li = at_most(weighted_use(policy, s, m, d) *
		                             policy->cost_li_per[d] /
		                             policy_cost_units((enum tariff_dim)d),
		                     cost_most);

		if (match_lifts(policy, s, m, now, t, d))
			li += li * policy->stimulated_bp / BP;
		sum += li;
	}
	return sum;
}

static struct candidate bills(const struct policy *policy, const struct subject *s,
                              const struct match *m, const struct tariffs *t, size_t i)
{
	struct candidate c = { .tariff = i };

	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		if (!looked_at(m, k))
			continue;
		c.bill_li[k] = at_most(tariff_bill_li(&t->tariff[i], s->use[k]),
		                       OFFER_BILL_MOST);
		c.weighted_li += policy->weight[k] * c.bill_li[k];
	}
	c.cost_li = cost_of(policy, s, m, &t->tariff[s->tariff], &t->tariff[i]);
	c.margin_li = c.weighted_li - c.cost_li;
	return c;
}

static void compare(const struct match *m, struct candidate *c)
{
	c->saving_li = m->now.weighted_li - c->weighted_li;
	c->worst_li = INT64_MIN;
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		const int64_t dearer = c->bill_li[k] - m->now.bill_li[k];

		if (!looked_at(m, k))
			continue;
		c->months_better += dearer <= 0 ? 1 : 0;
		if (dearer > c->worst_li)
			c->worst_li = dearer;
	}
}

/* Of the present package's allowances, the one that is used most. */
static int64_t most_used_bp(const struct policy *policy, const struct subject *s,
                            const struct match *m, const struct tariff *now)
{
	int64_t most = -1;

	for (unsigned d = 0; d < DIMS; d++) {
		const int64_t bp = match_used_bp(&now->tier[d], m->weight,
		                                 weighted_use(policy, s, m, d));

		if (bp > most)
			most = bp;
	}
	return most;
}

struct guard_case match_case(const struct tariffs *t, const struct policy *policy,
                             const struct subject *s, const struct match *m,
                             const struct candidate *c)
{
	const struct tariff *now = &t->tariff[s->tariff];

	return (struct guard_case){
		.tariff = c->tariff,
		.allowed = offer_has(&s->allowed, c->tariff),
		.cooling = offer_has(&s->cooling, c->tariff),
		.bound = s->bound,
		.estimated = s->estimated != 0,
		.stage = s->stage,
		.fee_step_li = (int64_t)t->tariff[c->tariff].fee_li - now->fee_li,
		.weight = m->weight,
		.present_li = m->now.weighted_li + s->addons_li * m->weight,
		.bill_li = c->weighted_li,
		.saving_li = c->saving_li,
		.margin_li = c->margin_li,
		.present_margin_li = m->now.margin_li,
		.used_bp = most_used_bp(policy, s, m, now),
		.months = m->months,
		.months_better = c->months_better,
		.worst_li = c->worst_li,
		.months_since_change = s->months_since_change,
	};
}

/* ---- all of them ---- */

static int cheapest_first(const void *left, const void *right)
{
	const struct candidate *l = left, *r = right;

	if (l->weighted_li != r->weighted_li)
		return l->weighted_li < r->weighted_li ? -1 : 1;
	return l->tariff < r->tariff ? -1 : l->tariff > r->tariff;
}

static bool on_offer(const struct tariffs *t, const struct subject *s, size_t i)
{
	const struct package *p = t->tariff[i].package;

	return i != s->tariff && p != NULL && p->kind == PACKAGE_MAIN && p->on_sale;
}

static void add_beyond(const struct tariff *now, const struct subject *s, struct match *m)
{
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		for (unsigned d = 0; looked_at(m, k) && d < DIMS; d++) {
			const int64_t li = tariff_tier_li(&now->tier[d], s->use[k][d]);

			m->beyond[d].months += li > 0 ? 1 : 0;
			m->beyond[d].li += li;
		}
	}
}

void offer_match(const struct tariffs *t, const struct policy *policy,
                 const struct subject *s, struct arena *a, struct match *out)
{
	struct match m = { .now.tariff = s->tariff };

	look(policy, s, &m);
	if (s->tariff < t->n && m.weight > 0) {
		m.now = bills(policy, s, &m, t, s->tariff);
		compare(&m, &m.now);
		add_beyond(&t->tariff[s->tariff], s, &m);
		m.of = arena_array(a, struct candidate, t->n);
		for (size_t i = 0; i < t->n; i++) {
			struct candidate *c = &m.of[m.n];
			struct guard_case facts;

			if (!on_offer(t, s, i))
				continue;
			*c = bills(policy, s, &m, t, i);
			compare(&m, c);
			facts = match_case(t, policy, s, &m, c);
			c->failed = guards_failed(policy, &facts);
			m.n++;
		}
		qsort(m.of, m.n, sizeof(*m.of), cheapest_first);
	}
	*out = m;
}

/* ---- what comes of it ---- */

const struct candidate *offer_best(const struct match *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->of[i].failed == 0)
			return &m->of[i];
	return NULL;
}

static const struct candidate *from(const struct policy *policy, const struct match *m,
                                    size_t i)
{
	for (; i < m->n; i++) {
		const struct candidate *c = &m->of[i];

		if ((c->failed & 1U << GUARD_ELIGIBLE) == 0)
			return c->saving_li > 0 && c->saving_li >=
			                                   policy->asked_li * m->weight
			               ? c
			               : NULL;
	}
	return NULL;
}

const struct candidate *offer_cheapest(const struct policy *policy, const struct match *m)
{
	return from(policy, m, 0);
}

const struct candidate *offer_next(const struct policy *policy, const struct match *m,
                                   const struct candidate *c)
{
	return from(policy, m, (size_t)(c - m->of) + 1);
}

int64_t offer_month_fen(const struct match *m, int64_t weighted_li)
{
	const int64_t unit = m->weight * LI_OF_FEN;
	const int64_t half = weighted_li < 0 ? -unit / 2 : unit / 2;

	return unit > 0 ? (weighted_li + half) / unit : 0;
}

int64_t offer_owed_fen(const struct tariff *was, const struct tariff *is,
                       const int32_t use[DIMS])
{
	const int64_t dearer = tariff_bill_li(is, use) - tariff_bill_li(was, use);

	return dearer > 0 ? (dearer + LI_OF_FEN - 1) / LI_OF_FEN : 0;
}
