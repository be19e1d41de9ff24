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

/*
 * Replies to what was sent before a cut still come for minutes: it is given that time to
 * show, and what comes back does so slowly, or the two would swing.
 */
static const int64_t cut_apart_ms = 60000;
static const double back_s = 900, lost_most = 1 - 1.0 / 64;

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

/* Of the time between two answers no more than this counts as well spent. */
static const int64_t gap_ms = 10000;

void push_load_latency(struct push_load *l, int64_t now_ms, int64_t latency_ms,
                       int64_t limit_ms)
{
	const int64_t passed = now_ms - l->heard_ms;

	if (limit_ms > 0 && latency_ms > limit_ms) {
		if (l->cut_ms == 0 || now_ms - l->cut_ms >= cut_apart_ms) {
			l->lost = fmin((1 + l->lost) / 2, lost_most);
			l->cut_ms = now_ms;
		}
	} else if (passed > 0) {
		l->lost -= (double)(passed < gap_ms ? passed : gap_ms) / 1000 / back_s;
		l->lost = fmax(l->lost, 0);
	}
	l->heard_ms = now_ms;
}

uint32_t push_load_rate(const struct push_load *l, unsigned capacity_per_s)
{
	const double share = (l->replied + replied_before) / (l->sent + sent_before),
		     rate = ((double)capacity_per_s * (1 - l->lost) - l->base) / share;

	if (capacity_per_s == 0 || rate >= (double)UINT32_MAX)
		return UINT32_MAX;
	return rate > 1 ? (uint32_t)rate : 1;
}
