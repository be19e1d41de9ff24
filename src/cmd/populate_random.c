/*
 * populate_random.c - splitmix64 and what is drawn from it; see populate_priv.h.
 */
#include <math.h>

#include "populate_priv.h"

#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct rng rng_make(uint64_t seed, uint64_t stream)
{
	return (struct rng){ .state = mix(seed + GOLDEN) ^ mix(stream * GOLDEN + 1) };
}

static uint64_t rng_u64(struct rng *r)
{
	r->state += GOLDEN;
	return mix(r->state);
}

double rng_unit(struct rng *r)
{
	return ((double)(rng_u64(r) >> 11) + 1) * 0x1p-53;
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
	return (int64_t)(rng_u64(r) % (uint64_t)n);
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
