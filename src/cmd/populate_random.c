/*
 * populate_random.c - what is drawn at random; see populate_priv.h.
 */
#include <math.h>

#include "base/dice.h"
#include "populate_priv.h"

struct rng rng_make(uint64_t seed, uint64_t stream)
{
	return (struct rng){ .state = dice_mix(seed + DICE_STEP) ^
		                      dice_mix(stream * DICE_STEP + 1) };
}

double rng_unit(struct rng *r)
{
	return ((double)(dice_next(&r->state) >> 11) + 1) * 0x1p-53;
}

/* Box and Muller: two at a time. */
double rng_normal(struct rng *r)
{
	double radius, angle;

	if (r->has_spare) {
		r->has_spare = false;
		return r->spare;
	}
	radius = sqrt(-2 * log(rng_unit(r)));
	angle = 2 * M_PI * rng_unit(r);
	r->spare = radius * sin(angle);
	r->has_spare = true;
	return radius * cos(angle);
}

int64_t rng_below(struct rng *r, int64_t n)
{
	return (int64_t)(dice_next(&r->state) % (uint64_t)n);
}

unsigned rng_pick(struct rng *r, const int *per_mille, size_t n)
{
	int64_t at = rng_below(r, 1000);
	unsigned i;

	for (i = 0; i + 1 < n; i++) {
		at -= per_mille[i];
		if (at < 0)
			break;
	}
	return i;
}
