/*
 * pace.c - see push/pace.h.
 */
#include "push/pace.h"

#include <math.h>

/* Of the exponential window. */
static const double window_s = 300;

/*
 * Replies come minutes behind their messages, so that at first too few are seen: what is
 * measured begins as if so many had been sent and answered.
 */
static const double sent_before = 500, replied_before = 25;

void push_load_add(struct push_load *l, int64_t now_ms, int64_t sent, int64_t replied,
                   int64_t others)
{
	const double passed = l->at_ms != 0 && now_ms > l->at_ms
	                              ? (double)(now_ms - l->at_ms) / 1000
	                              : 0,
		     x = passed / window_s, keep = exp(-x);
	/* Of what came evenly meanwhile, so much is still in the window. */
	const double even = x > 0 ? -expm1(-x) / x : 1;

	l->sent = l->sent * keep + (double)sent * even;
	l->replied = l->replied * keep + (double)replied * even;
	l->base = l->base * keep + (double)others * even / window_s;
	l->at_ms = now_ms > l->at_ms ? now_ms : l->at_ms;
}

uint32_t push_load_rate(const struct push_load *l, unsigned capacity_per_s)
{
	const double share = (l->replied + replied_before) / (l->sent + sent_before),
		     rate = ((double)capacity_per_s - l->base) / share;

	if (capacity_per_s == 0 || rate >= (double)UINT32_MAX)
		return UINT32_MAX;
	return rate > 1 ? (uint32_t)rate : 1;
}
