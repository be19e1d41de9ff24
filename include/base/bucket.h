/*
 * bucket.h - a token bucket on an injected clock.
 */
#ifndef BASE_BUCKET_H
#define BASE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket {
	int64_t tokens_milli; /* 1/1000 tokens */
	int64_t filled_ms;    /* when they were counted last */
};

/* A full bucket. */
static inline struct bucket bucket_make(int64_t burst, int64_t now_ms)
{
	return (struct bucket){ burst * 1000, now_ms };
}

/* Counts what has flowed in: rate_per_s up to burst. */
static inline void bucket_fill(struct bucket *b, int64_t rate_per_s, int64_t burst,
                               int64_t now_ms)
{
	const int64_t passed = now_ms > b->filled_ms ? now_ms - b->filled_ms : 0;
	const int64_t full_ms = rate_per_s > 0 ? burst * 1000 / rate_per_s + 1 : 0;

	b->tokens_milli += (passed < full_ms ? passed : full_ms) * rate_per_s;
	if (b->tokens_milli > burst * 1000)
		b->tokens_milli = burst * 1000;
	b->filled_ms = now_ms;
}

/* Takes n tokens if they are there. */
static inline bool bucket_take(struct bucket *b, int64_t n)
{
	if (b->tokens_milli < n * 1000)
		return false;
	b->tokens_milli -= n * 1000;
	return true;
}

#endif
