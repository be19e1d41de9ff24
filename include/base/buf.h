/*
 * buf.h - a growable octet buffer with a hard maximum and a sticky failure.
 *
 * Writers return nothing: the first one that does not fit sets `failed`, the
 * rest do nothing, and the end of the build checks once.  Running out of the
 * machine's memory aborts; passing the maximum does not.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/span.h"
#include "base/str.h"

struct buf {
	char *p; /* owned; NULL until the first write */
	size_t n;
	size_t cap;
	size_t max; /* octets; n never passes it */
	bool failed;
};

/* An empty buffer that will hold at most max octets.  Nothing is allocated yet. */
static inline struct buf buf_make(size_t max)
{
	return (struct buf){ .max = max };
}

void buf_free(struct buf *b);

/* Empties b and clears `failed`; keeps the memory. */
static inline void buf_reset(struct buf *b)
{
	b->n = 0;
	b->failed = false;
}

/* Room for n more octets at the end, or NULL (and failed); the caller then adds to b->n. */
char *buf_room(struct buf *b, size_t n);

void buf_put(struct buf *b, const void *p, size_t n);
void buf_putc(struct buf *b, char c);
void buf_puts(struct buf *b, struct str s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_put_be16(struct buf *b, uint16_t v);
void buf_put_be32(struct buf *b, uint32_t v);

/* Appends a code point as UTF-8; anything that is none becomes U+FFFD. */
void buf_put_utf8(struct buf *b, uint32_t cp);

/* Drops the first n octets (n <= b->n); the rest moves to the front. */
void buf_drop(struct buf *b, size_t n);

/* The content as a C string; the NUL is not counted.  "" when b has failed for size. */
const char *buf_cstr(struct buf *b);

static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

static inline struct span buf_span(const struct buf *b)
{
	return (struct span){ (const uint8_t *)b->p, b->n };
}

#endif
