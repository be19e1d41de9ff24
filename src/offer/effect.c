/*
 * effect.c - see offer/effect.h.
 */
#include <assert.h>
#include <math.h>

#include "offer/effect.h"

/* Of the normal distribution, both ends: 95 %. */
static const double z = 1.959963984540054;

struct effect_range effect_share(struct effect_arm a)
{
	const double n = a.n, p = a.n > 0 ? a.hits / n : 0.5;
	const double middle = a.hits + z * z / 2;
	const double half = z * sqrt(n * p * (1 - p) + z * z / 4);

	assert(a.hits <= a.n);
	return (struct effect_range){ p, fmax((middle - half) / (n + z * z), 0),
		                      fmin((middle + half) / (n + z * z), 1) };
}

struct effect_range effect_lift(struct effect_arm contacted, struct effect_arm held_out)
{
	const struct effect_range a = effect_share(contacted), b = effect_share(held_out);
	const double is = a.is - b.is;

	return (struct effect_range){ is, is - hypot(a.is - a.low, b.high - b.is),
		                      is + hypot(a.high - a.is, b.is - b.low) };
}
