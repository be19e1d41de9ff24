/*
 * alloc.h - allocation that cannot fail: out of memory aborts the process.
 *
 * The ledger and the inbox make a crash harmless; a half-done turn would not
 * be.  Sizes that a peer chooses are bounded before they come here.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

#include "base/str.h"

void *xcalloc(size_t n, size_t size) __attribute__((returns_nonnull, malloc));
void *xrealloc(void *p, size_t size) __attribute__((returns_nonnull));

/* A copy with a NUL behind it; the caller frees it with free(). */
char *xstrndup(struct str s) __attribute__((returns_nonnull, malloc));

#endif
