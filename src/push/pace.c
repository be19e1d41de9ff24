/*
 * pace.c - see push/pace.h.
 */
#include "push/pace.h"

#include <math.h>

/* Of exponential windows: what others ask for changes quickly, how many reply does not. */
static const double base_window_s = 300, share_window_s = 7200;

/*
 * Replies come minutes behind their messages.  A message counts as one that was, or was
 * not, replied to after a delay of that mean; with the true one shorter, too many seem to
 * reply and sending begins too slowly; the other way round it would overrun.
 */
static const double reply_delay_s = 600;

/* What is known before anything is: so many, of which so many replied. */
static const double sent_before = 500, replied_before = 25;

/* Of what came evenly over x windows, so much is still in the window. */
static double left_of(double x)
{
	return x > 0 ? -expm1(-x) / x : 1;
}

void push_load_add(struct push_load *l, int64_t now_ms, int64_t sent, int64_t replied,
                   int64_t others)
{
	const double passed = l->at_ms != 0 && now_ms > l->at_ms
	                              ? (double)(now_ms - l->at_ms) / 1000
	                              : 0;
	const double base = passed / base_window_s, share = passed / share_window_s,
		     young = passed / reply_delay_s;
	const double pending = l->pending * exp(-young) + (double)sent * left_of(young);
	const double due = l->pending + (double)sent - pending;

	l->sent = l->sent * exp(-share) + due * left_of(share);
	l->replied = l->replied * exp(-share) + (double)replied * left_of(share);
	l->base = l->base * exp(-base) + (double)others * left_of(base) / base_window_s;
	l->pending = pending;
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
