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

/* Units that cost nothing; USE_MOST: all. */
int64_t match_allowance(const struct tariff_tier *tier);

/*
 * How much of it a weighted sum of use takes, rounded down, which decides no comparison
 * with whole bp otherwise.  -1: nothing is used, or it has no end.
 */
int64_t match_used_bp(const struct tariff_tier *tier, int64_t weight, int64_t use);

#endif
