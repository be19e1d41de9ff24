/*
 * pace.c - how much one link may send now: window, rate, pauses.
 *
 * The window is what the SMSC has shown to take: it grows by one a round trip and
 * is halved when the SMSC throttles.  The rate counts segments; a long message goes
 * as a whole and what it took too much is waited for afterwards.
 */
#include "dispatch_priv.h"

enum {
	PAUSE_FIRST_MS = 5, /* after a throttled segment; doubles until one is taken */
	PAUSE_MOST_MS = 1000,
	BURST_PER_S = 10, /* a tenth of a second's worth at once */
	DEBT_MAX = 64,    /* segments of one message at most, and some */
	KEPT_SHARE = 10,  /* of a window: campaigns never take the last tenth */
	AHEAD_PER_S = 4   /* a quarter of a second's worth may wait */
};

void pace_start(struct gateway_link *l, int64_t now_ms)
{
	l->window = l->conf->window;
	l->paused_until_ms = l->pause_ms = 0;
	l->rate = bucket_make(1, now_ms);
}

static int64_t burst_of(const struct gateway_link *l)
{
	const int64_t tenth = l->conf->rate_per_s / BURST_PER_S;

	return tenth > 1 ? tenth : 1;
}

static void refill(struct gateway_link *l, int64_t now_ms)
{
	const int64_t burst = burst_of(l);

	/* Debts are paid over longer than a burst takes to come in. */
	bucket_fill(&l->rate, l->conf->rate_per_s, burst + DEBT_MAX, now_ms);
	if (l->rate.tokens_milli > burst * 1000)
		l->rate.tokens_milli = burst * 1000;
}

/* Tokens that must be there: campaigns leave half a burst for answers. */
static int64_t tokens_milli_of(const struct gateway_link *l, enum outbox_lane lane)
{
	return lane == LANE_PUSH ? 1000 + burst_of(l) / 2 * 1000 : 1000;
}

/* What that lane may use of the window that the SMSC has shown; one that is 1 is shared. */
static unsigned window_of(const struct gateway_link *l, enum outbox_lane lane)
{
	const unsigned window = (unsigned)l->window;
	const unsigned kept = (window + KEPT_SHARE - 1) / KEPT_SHARE;

	return lane == LANE_PUSH && window > 1 ? window - kept : window;
}

static bool takes(const struct gateway_link *l)
{
	return l->session != 0 && !l->leaving && l->conf->bind != CONF_RECEIVER;
}

unsigned pace_room(struct gateway_link *l, enum outbox_lane lane, int64_t now_ms)
{
	const struct smpp_session *s = takes(l) ? link_session(l->link) : NULL;
	const unsigned window = window_of(l, lane);
	unsigned pending, shown, free_slots;

	if (s == NULL || l->paused_until_ms > now_ms)
		return 0;
	if (l->conf->rate_per_s > 0) {
		refill(l, now_ms);
		if (l->rate.tokens_milli < tokens_milli_of(l, lane))
			return 0;
	}
	pending = smpp_session_pending(s);
	shown = window > pending ? window - pending : 0;
	free_slots = smpp_session_room(s);
	return shown < free_slots ? shown : free_slots;
}

unsigned pace_ahead(const struct gateway_link *l)
{
	const unsigned rate = (unsigned)l->conf->rate_per_s;
	const unsigned window = window_of(l, LANE_PUSH);
	const unsigned some = rate / AHEAD_PER_S > 1 ? rate / AHEAD_PER_S : 1;

	if (!takes(l))
		return 0;
	return rate > 0 && some < window ? some : window;
}

void pace_spent(struct gateway_link *l, unsigned segments)
{
	if (l->conf->rate_per_s > 0)
		l->rate.tokens_milli -= INT64_C(1000) * segments;
}

int64_t pace_due(const struct gateway_link *l, enum outbox_lane lane, int64_t now_ms)
{
	int64_t at = l->paused_until_ms, paid, wanted;

	if (l->session == 0 || l->leaving)
		return INT64_MAX;
	wanted = tokens_milli_of(l, lane);
	if (l->conf->rate_per_s > 0 && l->rate.tokens_milli < wanted) {
		paid = l->rate.filled_ms +
		       (wanted - 1 - l->rate.tokens_milli) / l->conf->rate_per_s + 1;
		at = paid > at ? paid : at;
	}
	return at > now_ms ? at : INT64_MAX;
}

void pace_throttled(struct gateway_link *l, int64_t now_ms)
{
	if (l->paused_until_ms > now_ms)
		return; /* one burst of refusals is one sign */
	l->window = l->window / 2 > 1 ? l->window / 2 : 1;
	l->pause_ms = l->pause_ms == 0                  ? PAUSE_FIRST_MS
	              : l->pause_ms * 2 < PAUSE_MOST_MS ? l->pause_ms * 2
	                                                : PAUSE_MOST_MS;
	l->paused_until_ms = now_ms + l->pause_ms;
}

void pace_accepted(struct gateway_link *l)
{
	l->pause_ms = 0;
	l->window += 1 / l->window;
	if (l->window > l->conf->window)
		l->window = l->conf->window;
}
