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

/* For who goes on behind a fault. */
struct buf;
struct faults {
	struct fault *first; /* NULL is fine */
	struct buf *all;     /* a line each; NULL: the others are not wanted */
};
#define FAULTS_FIRST(fault) (&(const struct faults){ (fault), NULL })

void faults_add(const struct faults *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
