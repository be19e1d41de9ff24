/*
 * pace.h - how fast campaigns may send, so that what their replies ask of core systems
 * stays within what those take: rate <= (capacity - base load) / replies per message.
 *
 * Measured in exponential windows; pure arithmetic on counts and times.
 */
#ifndef PUSH_PACE_H
#define PUSH_PACE_H

#include <stdint.h>

struct push_load {
	int64_t at_ms;
	double pending;       /* messages too young to be replied to */
	double sent, replied; /* older ones, and replies, decayed */
	double base;          /* services a second that no push has caused */
};

/* What has happened since l->at_ms. */
void push_load_add(struct push_load *l, int64_t now_ms, int64_t sent, int64_t replied,
                   int64_t others);

/* Messages a second; capacity 0: UINT32_MAX.  At least 1, so that it can be measured. */
uint32_t push_load_rate(const struct push_load *l, unsigned capacity_per_s);

#endif
