/*
 * dice.h - small seeded randomness (splitmix64) for jitter, samples and made-up data.
 *
 * The same seed gives the same numbers, on all machines.  Never for secrets.
 */
#ifndef BASE_DICE_H
#define BASE_DICE_H

#include <stdint.h>

#define DICE_STEP UINT64_C(0x9e3779b97f4a7c15)

/* Spreads neighbouring numbers over all 64 bits; no two get the same. */
static inline uint64_t dice_mix(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline uint64_t dice_next(uint64_t *seed)
{
	return dice_mix(*seed += DICE_STEP);
}

/* 0..n-1; 0 when n is 0. */
static inline uint64_t dice_below(uint64_t *seed, uint64_t n)
{
	return n > 0 ? dice_next(seed) % n : 0;
}

#endif
