/*
 * random.h - the same made-up texts on each run: seeded numbers and characters.
 */
#ifndef UNIT_TEXT_RANDOM_H
#define UNIT_TEXT_RANDOM_H

#include "base/buf.h"

/* xorshift64; seed is not 0. */
static inline uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static inline uint32_t random_below(uint64_t *seed, uint32_t n)
{
	return (uint32_t)(random_next(seed) >> 33) % n;
}

/* Code points first..last, of which one kind of text is made. */
struct random_kind {
	uint32_t first, last;
};

/* Appends n characters, each of a kind drawn from kinds[0..kinds_n). */
static inline void random_text(uint64_t *seed, const struct random_kind *kinds,
                               uint32_t kinds_n, uint32_t n, struct buf *out)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct random_kind *k = &kinds[random_below(seed, kinds_n)];

		buf_put_utf8(out, k->first + random_below(seed, k->last - k->first + 1));
	}
}

#endif
