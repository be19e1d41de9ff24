/*
 * alloc.h - allocation that cannot fail: out of memory ends the process.
 *
 * It ends with a line on standard error and status 1: what was acknowledged is
 * committed, and the next start goes on from there; a half-done turn could not.
 * Sizes that a peer chooses are bounded before they come here.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

#include "base/str.h"

/* The line and the end; for libraries that ask what to do without memory. */
void alloc_failed(void) __attribute__((noreturn));

void *xmalloc(size_t size) __attribute__((returns_nonnull, malloc));
void *xcalloc(size_t n, size_t size) __attribute__((returns_nonnull, malloc));
void *xrealloc(void *p, size_t size) __attribute__((returns_nonnull));

/* A copy with a NUL behind it; the caller frees it with free(). */
char *xstrndup(struct str s) __attribute__((returns_nonnull, malloc));

#endif
