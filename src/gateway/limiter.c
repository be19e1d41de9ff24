/*
 * limiter.c - a token bucket for each number, in a table of fixed size.
 *
 * Sets of four; within a set the one longest unused makes room.  A number that is
 * pushed out starts with a full bucket again: under a flood from many numbers the
 * limiter forgets, it never grows.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "gateway_priv.h"

enum {
	SETS = 16384,
	WAYS = 4
};

struct entry {
	uint64_t key; /* 0: free */
	struct bucket bucket;
	bool told; /* "too many" was said; forgotten once the bucket is full again */
};

struct limiter {
	int burst, refill_per_s;
	struct entry entry[SETS][WAYS];
};

struct limiter *limiter_create(int burst, int refill_per_s)
{
	struct limiter *l = xcalloc(1, sizeof(*l));

	l->burst = burst;
	l->refill_per_s = refill_per_s;
	return l;
}

void limiter_set(struct limiter *l, int burst, int refill_per_s)
{
	l->burst = burst;
	l->refill_per_s = refill_per_s;
}

void limiter_destroy(struct limiter *l)
{
	free(l);
}

static struct entry *find(struct limiter *l, uint64_t key, int64_t now_ms)
{
	/* Fibonacci hashing: numbers of one range are neighbours. */
	struct entry *set = l->entry[(key * UINT64_C(0x9e3779b97f4a7c15)) >> 50];
	struct entry *oldest = set;

	_Static_assert(SETS == 1 << (64 - 50), "the shift picks a set");
	for (struct entry *e = set; e < set + WAYS; e++) {
		if (e->key == key)
			return e;
		if (e->bucket.filled_ms < oldest->bucket.filled_ms)
			oldest = e;
	}
	*oldest = (struct entry){ .key = key, .bucket = bucket_make(l->burst, now_ms) };
	return oldest;
}

enum limiter_verdict limiter_check(struct limiter *l, uint64_t key, int64_t now_ms)
{
	struct entry *e = find(l, key, now_ms);

	bucket_fill(&e->bucket, l->refill_per_s, l->burst, now_ms);
	if (e->bucket.tokens_milli >= INT64_C(1000) * l->burst)
		e->told = false;
	if (bucket_take(&e->bucket, 1))
		return LIMITER_PASS;
	if (e->told)
		return LIMITER_REFUSE;
	e->told = true;
	return LIMITER_NOTICE;
}
