/*
 * pace.c - how much one link may send now: window, rate, pauses.
 *
 * The window is what the SMSC has shown to take: it grows by one a round trip and
 * is halved when the SMSC throttles.  The rate counts segments; a long message goes
 * as a whole and what it took too much is waited for afterwards.
 */
#include "gateway_priv.h"

enum {
	PAUSE_FIRST_MS = 5, /* after a throttled segment; doubles until one is taken */
	PAUSE_MOST_MS = 1000,
	BURST_PER_S = 10, /* a tenth of a second's worth at once */
	DEBT_MAX = 64     /* segments of one message at most, and some */
};

void pace_start(struct gateway_link *l, int64_t now_ms)
{
	l->window = l->conf->window;
	l->paused_until_ms = l->pause_ms = 0;
	l->rate = bucket_make(1, now_ms);
}

static void refill(struct gateway_link *l, int64_t now_ms)
{
	const int64_t tenth = l->conf->rate_per_s / BURST_PER_S,
		      burst = tenth > 1 ? tenth : 1;

	/* Debts are paid over longer than a burst takes to come in. */
	bucket_fill(&l->rate, l->conf->rate_per_s, burst + DEBT_MAX, now_ms);
	if (l->rate.tokens_milli > burst * 1000)
		l->rate.tokens_milli = burst * 1000;
}

unsigned pace_room(struct gateway_link *l, int64_t now_ms)
{
	const struct smpp_session *s = l->session != 0 ? link_session(l->link) : NULL;
	unsigned pending, shown, free_slots;

	if (s == NULL || l->leaving || l->conf->bind == CONF_RECEIVER ||
	    l->paused_until_ms > now_ms)
		return 0;
	if (l->conf->rate_per_s > 0) {
		refill(l, now_ms);
		if (l->rate.tokens_milli < 1000)
			return 0;
	}
	pending = smpp_session_pending(s);
	shown = (unsigned)l->window > pending ? (unsigned)l->window - pending : 0;
	free_slots = smpp_session_room(s);
	return shown < free_slots ? shown : free_slots;
}

void pace_spent(struct gateway_link *l, unsigned segments)
{
	if (l->conf->rate_per_s > 0)
		l->rate.tokens_milli -= INT64_C(1000) * segments;
}

int64_t pace_due(const struct gateway_link *l, int64_t now_ms)
{
	int64_t at = l->paused_until_ms, paid;

	if (l->session == 0 || l->leaving)
		return INT64_MAX;
	if (l->conf->rate_per_s > 0 && l->rate.tokens_milli < 1000) {
		paid = l->rate.filled_ms +
		       (999 - l->rate.tokens_milli) / l->conf->rate_per_s + 1;
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
