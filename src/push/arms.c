/*
 * arms.c - see push/arms.h.
 */
#include "push/arms.h"

#include <sodium.h>
#include <string.h>

#include "push/rules.h"

enum {
	WHOLE_BP = 10000,
	LANE_SHIFT = 57, /* 64 lanes; a number has 15 digits, less than 50 bits */
	MIXED_LANES = 1  /* more than a canary */
};

_Static_assert(CAMPAIGN_SALT == crypto_shorthash_KEYBYTES, "a salt is a key of SipHash");

struct arms_salt arms_salt(const struct push_rules *r,
                           const uint8_t campaign[CAMPAIGN_SALT])
{
	struct arms_salt s;

	(void)crypto_generichash(s.universal, sizeof(s.universal),
	                         (const uint8_t *)r->universal_salt.p,
	                         r->universal_salt.n, NULL, 0);
	memcpy(s.campaign, campaign, CAMPAIGN_SALT);
	return s;
}

/* `what` tells hashes of one salt apart, so that one says nothing of the other. */
static uint64_t hash(const uint8_t salt[static CAMPAIGN_SALT], uint8_t what,
                     int64_t msisdn)
{
	uint8_t in[9] = { what }, out[crypto_shorthash_BYTES];
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		in[1 + i] = (uint8_t)((uint64_t)msisdn >> (8 * i));
	(void)crypto_shorthash(out, in, sizeof(in), salt);
	for (unsigned i = 0; i < sizeof(out); i++)
		value |= (uint64_t)out[i] << (8 * i);
	return value;
}

static unsigned bucket(const uint8_t salt[static CAMPAIGN_SALT], uint8_t what,
                       int64_t msisdn)
{
	return (unsigned)(hash(salt, what, msisdn) % WHOLE_BP);
}

unsigned arms_of(const struct campaign *c, unsigned universal_bp,
                 const struct arms_salt *salt, int64_t msisdn)
{
	if (bucket(salt->universal, 'u', msisdn) < universal_bp)
		return ARM_UNIVERSAL;
	if (bucket(salt->campaign, 'c', msisdn) < c->control_bp)
		return ARM_CONTROL;
	return arms_text(c, salt, msisdn);
}

unsigned arms_text(const struct campaign *c, const struct arms_salt *salt, int64_t msisdn)
{
	unsigned b = bucket(salt->campaign, 'a', msisdn);

	for (unsigned i = 0; i + 1 < c->n_arms; i++) {
		if (b < c->arm[i].share_bp)
			return i;
		b -= c->arm[i].share_bp;
	}
	return (unsigned)c->n_arms - 1;
}

int64_t arms_lot(const struct arms_salt *salt, int64_t msisdn)
{
	return (int64_t)(hash(salt->campaign, 'p', msisdn) >> 1);
}

int64_t arms_place(const struct arms_salt *salt, int64_t msisdn)
{
	const int64_t lot = arms_lot(salt, msisdn), lane = lot >> LANE_SHIFT;

	return lane < MIXED_LANES ? lot : lane << LANE_SHIFT | msisdn;
}

/* Crockford's digits: none is taken for another. */
void arms_token(const uint8_t campaign[CAMPAIGN_SALT], int64_t msisdn,
                char out[HANDOFF_TOKEN + 1])
{
	static const char digit[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint64_t v = hash(campaign, 't', msisdn);

	for (unsigned i = 0; i < HANDOFF_TOKEN; i++, v /= 32)
		out[i] = digit[v % 32];
	out[HANDOFF_TOKEN] = '\0';
}
