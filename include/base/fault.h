/*
 * fault.h - what went wrong, in words for a person: the place and the remedy.
 *
 * Filled once, by the code that knows most; callers further up pass it on.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/err.h"

struct fault {
	char text[512]; /* one line, no full stop, no newline; "" when nothing is set */
};

/* Writes the text if none is set yet; too long a text is cut.  f may be NULL. */
void fault_set(struct fault *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
