/*
 * pace.h - how fast campaigns may send, so that what their replies ask of core systems
 * stays within what those take: rate <= (capacity - base load) / replies per message.
 *
 * Replies per message and base load are measured in exponential windows.  How much of the
 * capacity is there at all is learned from what core systems take for an answer: half as
 * much is left of it when that is too long, and it comes back bit by bit.  Pure arithmetic
 * on counts and times.
 */
#ifndef PUSH_PACE_H
#define PUSH_PACE_H

#include <stdint.h>

struct push_load {
	int64_t at_ms;
	double pending;       /* messages too young to be replied to */
	double sent, replied; /* older ones, and replies, decayed */
	double base;          /* services a second that no push has caused */
	double lost;          /* share of the capacity that is not there, 0..1 */
	int64_t cut_ms;       /* when it was last halved */
	int64_t heard_ms;     /* of the last answer that was timed */
};

/* What has happened since l->at_ms. */
void push_load_add(struct push_load *l, int64_t now_ms, int64_t sent, int64_t replied,
                   int64_t others);

/*
 * An answer of core systems took so long; limit_ms 0: however long is well.  With those that
 * take theirs in time the whole capacity is back after a quarter of an hour.
 */
void push_load_latency(struct push_load *l, int64_t now_ms, int64_t latency_ms,
                       int64_t limit_ms);

/* Messages a second; capacity 0: UINT32_MAX.  At least 1, so that it can be measured. */
uint32_t push_load_rate(const struct push_load *l, unsigned capacity_per_s);

#endif
