/*
 * near.h - how far apart two words are, to guess what a mistyped one was meant to be.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/str.h"

enum {
	NEAR_TYPO = 2, /* edits up to which a word passes for a typo of another */
	NEAR_MAX = 32  /* octets; longer words resemble none */
};

/*
 * Insertions, deletions, replacements and swaps of neighbours that turn a into b; SIZE_MAX
 * when one of them is longer than NEAR_MAX.
 */
size_t near_distance(struct str a, struct str b);

#endif
