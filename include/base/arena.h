/*
 * arena.h - memory that lives as long as one turn and is let go all at once.
 *
 * Nothing that outlives the turn may point into it.  Blocks are kept over a
 * reset, so that a steady load allocates nothing.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena_block;

struct arena {
	struct arena_block *first, *now;
	size_t used;  /* octets handed out since the last reset */
	size_t limit; /* octets; passing it aborts: it is a bug of the caller's bounds */
};

static inline struct arena arena_make(size_t limit)
{
	return (struct arena){ .limit = limit };
}

void arena_free(struct arena *a);

/* Empties the arena and keeps its blocks; what was handed out is dead. */
void arena_reset(struct arena *a);

/* n zeroed octets, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull));

#define arena_new(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (n)))

/* A copy of s inside the arena, with a NUL behind it that n does not count. */
struct str arena_str(struct arena *a, struct str s);

/* printf into the arena. */
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
