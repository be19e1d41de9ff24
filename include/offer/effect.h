/*
 * effect.h - what an offer did: contacted against held out, with what chance leaves open.
 *
 * Wilson's score interval of a share, and of the difference of two shares the interval that
 * Newcombe made of it (Statistics in Medicine 17, 1998, method 10); both of 95 %.  They
 * hold for small counts and shares near 0 or 1, where the usual ones do not.
 */
#ifndef OFFER_EFFECT_H
#define OFFER_EFFECT_H

#include <stdint.h>

struct effect_arm {
	uint32_t n, hits; /* hits <= n */
};

/* low <= is <= high */
struct effect_range {
	double is, low, high;
};

/* n 0: nothing is known, 0 to 1. */
struct effect_range effect_share(struct effect_arm a);

/* The share of `contacted` less that of `held_out`, -1..1. */
struct effect_range effect_lift(struct effect_arm contacted, struct effect_arm held_out);

#endif
