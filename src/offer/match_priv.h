/*
 * match_priv.h - pieces of the matcher that its explanation shows.
 */
#ifndef OFFER_MATCH_PRIV_H
#define OFFER_MATCH_PRIV_H

#include "offer/match.h"

/* What the guards look at for that candidate. */
struct guard_case match_case(const struct tariffs *t, const struct policy *policy,
                             const struct subject *s, const struct match *m,
                             const struct candidate *c);

/* Whether an allowance that he uses up is larger there, so that he will use more. */
bool match_lifts(const struct policy *policy, const struct subject *s,
                 const struct match *m, const struct tariff *now, const struct tariff *t,
                 unsigned d);

/* Units that cost nothing; USE_MOST: all. */
int64_t match_allowance(const struct tariff_tier *tier);

#endif
