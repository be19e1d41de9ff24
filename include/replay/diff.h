/*
 * diff.h - two lines side by side, what differs marked character by character.
 */
#ifndef REPLAY_DIFF_H
#define REPLAY_DIFF_H

#include "base/buf.h"

enum {
	DIFF_MAX =
		1000 /* characters of a text that are compared one by one; more: as a whole */
};

/*
 * Appends "  expected: …" and "  actual:   …", each with its newline.  What only one
 * of them has is red or green with colour, and [-…-] or {+…+} without.
 */
void diff_show(struct str expected, struct str actual, bool colour, struct buf *out);

#endif
