/*
 * value.h - what it is worth to make an offer, the harm of contact included.
 *
 *   V = q (H dM - v) + L [p0 - (q pacc + (1 - q) prej)] - c n - phi
 *
 * Probabilities are in millionths, money in li.  All is exact until the end: the first
 * two terms together are a whole number of 1e-12 li, rounded to the li once, halves away
 * from 0.
 */
#ifndef OFFER_VALUE_H
#define OFFER_VALUE_H

#include <stdint.h>

#define OFFER_VALUE_MOST \
	INT64_C(1000000000000000) /* li: amounts are within + and - that */

struct offer_value_in {
	int32_t q_ppm;          /* accepts when contacted */
	int32_t horizon;        /* H, months: 0..1200 */
	int64_t margin_gain_li; /* dM a month; may be negative */
	int64_t gift_li;        /* v: what acceptance costs at once */
	int64_t stake_li;       /* L = H * present margin */
	int32_t p0_ppm;         /* leaves: not contacted, */
	int32_t pacc_ppm;       /* contacted and accepted, */
	int32_t prej_ppm;       /* contacted and not accepted */
	int64_t segment_li;     /* c */
	int32_t segments;       /* n: 0..255 */
	int64_t fatigue_li;     /* phi */
};
int64_t offer_value(const struct offer_value_in *in);

#endif
