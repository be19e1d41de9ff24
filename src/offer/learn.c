/*
 * learn.c - see offer/learn.h.
 *
 * Gamma variates by Marsaglia and Tsang (ACM TOMS 26, 2000), normal ones by the polar
 * method.  Logarithm and exponential are made here: those of libraries differ in the
 * last bit from machine to machine.
 */
#include <assert.h>
#include <math.h>

#include "base/dice.h"
#include "offer/learn.h"

#define PPM 1000000

static const double ln2 = 0x1.62e42fefa39efp-1;

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

struct learn_dice learn_dice(uint64_t seed)
{
	struct learn_dice d = { .state = { 0 } };

	for (unsigned i = 0; i < 4; i++)
		d.state[i] = dice_next(&seed);
	return d;
}

uint64_t learn_roll(struct learn_dice *d)
{
	uint64_t *s = d->state;
	const uint64_t out = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return out;
}

/* In (0, 1). */
static double uniform(struct learn_dice *d)
{
	return ((double)(learn_roll(d) >> 12) + 0.5) * 0x1p-52;
}

/* x > 0; relative error below 1e-15: ln m = 2 atanh((m - 1) / (m + 1)), m in [0.7, 1.4]. */
static double ln(double x)
{
	int e;
	double m = frexp(x, &e), sum = 0;

	if (m < 0x1.6a09e667f3bcdp-1) {
		m *= 2;
		e--;
	}
	const double t = (m - 1) / (m + 1);

	for (int k = 21; k >= 1; k -= 2)
		sum = sum * t * t + 1.0 / k;
	return 2 * t * sum + e * ln2;
}

/* |x| <= 700: 2^k e^r, |r| <= ln2 / 2, by its series. */
static double power_of_e(double x)
{
	const int k = (int)(x / ln2 + (x < 0 ? -0.5 : 0.5));
	const double r = x - k * ln2;
	double sum = 1;

	for (int i = 16; i >= 1; i--)
		sum = 1 + sum * r / i;
	return ldexp(sum, k);
}

static double normal(struct learn_dice *d)
{
	double x, y, s;

	do {
		x = 2 * uniform(d) - 1;
		y = 2 * uniform(d) - 1;
		s = x * x + y * y;
	} while (s >= 1 || s <= 0);
	return x * sqrt(-2 * ln(s) / s);
}

/* Of shape a >= 1. */
static double gamma_of(struct learn_dice *d, double a)
{
	const double by = a - 1.0 / 3, c = 1 / sqrt(9 * by);

	for (;;) {
		const double x = normal(d), w = 1 + c * x, v = w * w * w;

		if (w > 0 && ln(uniform(d)) < 0.5 * x * x + by - by * v + by * ln(v))
			return by * v;
	}
}

static struct learn_belief after(const struct learn_cell *c, struct learn_belief before)
{
	assert(c->orders <= c->sent && before.a >= 1 && before.b >= 1);
	assert(before.a <= UINT32_MAX - c->orders);
	assert(before.b <= UINT32_MAX - (c->sent - c->orders));
	return (struct learn_belief){ before.a + c->orders,
		                      before.b + c->sent - c->orders };
}

int32_t learn_mean_ppm(const struct learn_cell *c, struct learn_belief before)
{
	const struct learn_belief now = after(c, before);
	const uint64_t sum = (uint64_t)now.a + now.b;

	return (int32_t)(((uint64_t)now.a * PPM + sum / 2) / sum);
}

int32_t learn_draw_ppm(struct learn_dice *d, const struct learn_cell *c,
                       struct learn_belief before)
{
	const struct learn_belief now = after(c, before);
	const double x = gamma_of(d, now.a), y = gamma_of(d, now.b);

	return (int32_t)(x / (x + y) * PPM + 0.5);
}

struct learn_features learn_features_of(int64_t saving_li, int64_t present_li,
                                        int64_t weight, unsigned refusals)
{
	return (struct learn_features){
		.saving_li = saving_li / weight,
		.depth_bp = saving_li > 0 && present_li > 0
		                    ? (int32_t)(saving_li * 10000 / present_li)
		                    : 0,
		.refusals = refusals,
	};
}

int32_t learn_shifted_ppm(int32_t ppm, const struct learn_shift *s,
                          const struct learn_features *f)
{
	const double saved = f->saving_li > 0 ? (double)f->saving_li / 1000 : 0;
	const double z = s->saving * ln(1 + saved) + s->depth * (f->depth_bp / 10000.0) +
	                 (double)s->refusal * f->refusals;
	double odds;
	int32_t shifted;

	if (ppm <= 0 || ppm >= PPM)
		return ppm;
	odds = (double)ppm / (PPM - ppm) * power_of_e(fmin(fmax(z / 1000, -30), 30));
	shifted = (int32_t)(PPM * odds / (1 + odds) + 0.5);
	return shifted < 1 ? 1 : shifted >= PPM ? PPM - 1 : shifted;
}

struct learn_belief learn_belief(int32_t ppm, uint32_t weight)
{
	const uint64_t a = ((uint64_t)weight * (uint32_t)ppm + PPM / 2) / PPM;
	struct learn_belief b;

	assert(ppm >= 0 && ppm <= PPM);
	b.a = a < 1 ? 1 : (uint32_t)a;
	b.b = weight > b.a ? weight - b.a : 1;
	return b;
}
