/*
 * alloc.c - see base/alloc.h.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"

void alloc_failed(void)
{
	static const char line[] = "smshall: out of memory\n";

	/* Not stdio: it may want memory.  Not abort(): no text is to blame. */
	(void)!write(STDERR_FILENO, line, sizeof(line) - 1);
	_exit(EXIT_FAILURE);
}

static void *checked(void *p)
{
	if (p == NULL)
		alloc_failed();
	return p;
}

void *xmalloc(size_t size)
{
	return checked(malloc(size > 0 ? size : 1));
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
