/*
 * dice.h - small seeded randomness (splitmix64) for jitter and simulated faults.
 *
 * The same seed gives the same numbers.  Never for secrets.
 */
#ifndef LINK_DICE_H
#define LINK_DICE_H

#include <stdint.h>

static inline uint64_t dice_next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

/* 0..n-1; 0 when n is 0. */
static inline uint64_t dice_below(uint64_t *seed, uint64_t n)
{
	return n > 0 ? dice_next(seed) % n : 0;
}

#endif
