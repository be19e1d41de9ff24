/*
 * noise.h - what happens to a text between somebody's head and the hall, seeded: the
 * same seed makes the same text everywhere.
 *
 * Shares are those measured on texts of subscribers: half end in full-width
 * punctuation, one in eight has blanks inside, one in thirty is polite, ...
 */
#ifndef SUPPORT_NOISE_H
#define SUPPORT_NOISE_H

#include <stdint.h>

#include "base/buf.h"

enum noise_kind {
	/* These change nothing of what is meant. */
	NOISE_CASE,
	NOISE_WIDTH,
	NOISE_SPACING,
	NOISE_PUNCTUATION,
	NOISE_TRADITIONAL,
	NOISE_INVISIBLE,
	NOISE_POLITE,
	NOISE_FORWARD, /* for codes: 发送CXYE到10086 */
	NOISE_NUMERAL, /* 38元 -> 三十八元, 3月 -> 三月 */
	/* These may. */
	NOISE_TYPO,      /* one letter: insertion, deletion, other key, exchange */
	NOISE_HOMOPHONE, /* one Han character by another one that sounds alike */
	NOISE_KINDS
};

struct noise {
	uint64_t state;
	void *s2t; /* OpenCC's */
};

const char *noise_name(enum noise_kind kind);

struct noise noise_open(uint64_t seed);
void noise_close(struct noise *n);

/*
 * Appends text with noise of one kind; false when the text has nothing that this kind
 * could change (it is appended as it is).
 */
bool noise_add(struct noise *n, enum noise_kind kind, struct str text, struct buf *out);

/* Appends text with each harmless kind at its share. */
void noise_daily(struct noise *n, struct str text, struct buf *out);

/* The next number below max. */
unsigned noise_below(struct noise *n, unsigned max);

#endif
