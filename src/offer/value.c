/*
 * value.c - see offer/value.h.
 *
 * 128 bits: a product of two probabilities (1e12), months and an amount is below 2^101.
 */
#include <assert.h>
#include <stdbool.h>

#include "offer/value.h"

#define PPM 1000000

__extension__ typedef __int128 wide;

static bool is_share(int32_t ppm)
{
	return ppm >= 0 && ppm <= PPM;
}

static bool is_amount(int64_t li)
{
	return li >= -OFFER_VALUE_MOST && li <= OFFER_VALUE_MOST;
}

static int64_t rounded(wide x, wide unit)
{
	return (int64_t)((x < 0 ? x - unit / 2 : x + unit / 2) / unit);
}

int64_t offer_value(const struct offer_value_in *in)
{
	assert(is_share(in->q_ppm) && is_share(in->p0_ppm) && is_share(in->pacc_ppm) &&
	       is_share(in->prej_ppm));
	assert(is_amount(in->margin_gain_li) && is_amount(in->gift_li) &&
	       is_amount(in->stake_li) && is_amount(in->segment_li) &&
	       is_amount(in->fatigue_li));
	assert(in->horizon >= 0 && in->horizon <= 1200 && in->segments >= 0 &&
	       in->segments <= 255);

	const wide won = (wide)in->horizon * in->margin_gain_li - in->gift_li;
	const wide leaves = (wide)in->q_ppm * in->pacc_ppm +
	                    (wide)(PPM - in->q_ppm) * in->prej_ppm;
	const wide kept = (wide)in->p0_ppm * PPM - leaves;

	return rounded(won * in->q_ppm * PPM + kept * in->stake_li, (wide)PPM * PPM) -
	       in->segment_li * in->segments - in->fatigue_li;
}
