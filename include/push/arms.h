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

/* The arm whose text he gets, or would get were he not held out: by the arms' shares. */
unsigned arms_text(const struct campaign *c, const struct arms_salt *salt,
                   int64_t msisdn);

/* Drawn for a number, 0 to 2^63 - 1; says nothing of its arm. */
int64_t arms_lot(const struct arms_salt *salt, int64_t msisdn);

/*
 * Where it stands in the order of sending, >= 0.  The audience is cut into 64 lanes by lot,
 * one sent behind the other: those of the first stand by lot, all others by number.
 * So the canary, and whoever had his turn by any moment, are drawn by lot but for the part
 * of one lane; and targets that are stored in order of number fall into few places of an
 * index by place, instead of each on a page of its own.
 */
int64_t arms_place(const struct arms_salt *salt, int64_t msisdn);

/*
 * Stands for a target where others see it, such as in a link: HANDOFF_TOKEN letters and
 * digits and a NUL, of 64 bits that nobody guesses who has not the campaign's salt.
 */
void arms_token(const uint8_t campaign[CAMPAIGN_SALT], int64_t msisdn,
                char out[HANDOFF_TOKEN + 1]);

#endif
