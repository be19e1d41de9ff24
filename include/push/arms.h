/*
 * arms.h - who is held out, and which text the others get: by a keyed hash alone.
 *
 * bucket = hash64(salt, msisdn) mod 10,000, so that a number's group can be told again at
 * any time, and nobody can choose it.  The universal control group has the salt of its
 * year and sees no campaign; a campaign's own groups have the campaign's.
 */
#ifndef PUSH_ARMS_H
#define PUSH_ARMS_H

#include "push/campaign.h"
#include "push/rules.h"

struct arms_salt {
	uint8_t universal[CAMPAIGN_SALT], campaign[CAMPAIGN_SALT];
};
struct arms_salt arms_salt(const struct push_rules *r,
                           const uint8_t campaign[CAMPAIGN_SALT]);

/* An arm's index, ARM_CONTROL or ARM_UNIVERSAL. */
unsigned arms_of(const struct campaign *c, unsigned universal_bp,
                 const struct arms_salt *salt, int64_t msisdn);

/* Where it stands in the order of sending, >= 0; says nothing of its arm. */
int64_t arms_place(const struct arms_salt *salt, int64_t msisdn);

#endif
