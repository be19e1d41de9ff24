/*
 * alloc.c - see base/alloc.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"

static void *checked(void *p)
{
	if (p == NULL) {
		(void)fputs("smshall: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return checked(calloc(n > 0 ? n : 1, size > 0 ? size : 1));
}

void *xrealloc(void *p, size_t size)
{
	return checked(realloc(p, size > 0 ? size : 1));
}

char *xstrndup(struct str s)
{
	char *copy = xcalloc(s.n + 1, 1);

	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	return copy;
}
