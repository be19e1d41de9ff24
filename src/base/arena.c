/*
 * arena.c - see base/arena.h.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena.h"

enum {
	BLOCK = 64 * 1024, /* octets of an ordinary block */
	ALIGN = _Alignof(max_align_t)
};

struct arena_block {
	struct arena_block *next;
	size_t cap, n;
	_Alignas(max_align_t) char data[];
};

void arena_free(struct arena *a)
{
	struct arena_block *next;

	for (struct arena_block *b = a->first; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	*a = arena_make(a->limit);
}

void arena_reset(struct arena *a)
{
	for (struct arena_block *b = a->first; b != NULL; b = b->next)
		b->n = 0;
	a->now = a->first;
	a->used = 0;
}

static struct arena_block *block_with(struct arena *a, size_t n)
{
	const size_t cap = n > BLOCK ? n : BLOCK;
	struct arena_block *b = a->now;

	for (; b != NULL; b = b->next) {
		if (b->cap - b->n >= n)
			return b;
		if (b->next == NULL)
			break;
	}
	/* What is taken of it is cleared then. */
	struct arena_block *fresh = xrealloc(NULL, sizeof(*fresh) + cap);
	*fresh = (struct arena_block){ .cap = cap };
	if (b != NULL)
		b->next = fresh;
	else
		a->first = fresh;
	return fresh;
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t size = (n + ALIGN - 1) / ALIGN * ALIGN;
	void *p;

	assert(n <= a->limit && size <= a->limit - a->used);
	if (a->now == NULL || a->now->cap - a->now->n < size)
		a->now = block_with(a, size);
	p = a->now->data + a->now->n;
	a->now->n += size;
	a->used += size;
	return memset(p, 0, n);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *copy = arena_alloc(a, s.n + 1);

	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	return (struct str){ copy, s.n };
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	p = arena_alloc(a, (size_t)n + 1);
	(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){ p, (size_t)n };
}
