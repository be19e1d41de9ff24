/*
 * utf8.h - reads UTF-8 one character at a time, and nothing but UTF-8.
 *
 * Overlong forms, surrogates, values over U+10FFFF and cut sequences are bad; a
 * bad octet is one step, so that a walk over any octets ends.
 */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include "base/str.h"

#define UTF8_BAD UINT32_MAX

/* Of more than one octet; p[0] is at least 0x80.  For utf8_next(). */
size_t utf8_next_long(const char *p, size_t n, uint32_t *cp);

/*
 * Reads the character at p, of n > 0 octets left.  Returns the octets it takes,
 * 1..4; *cp is its code point, or UTF8_BAD with a step of 1.
 */
static inline size_t utf8_next(const char *p, size_t n, uint32_t *cp)
{
	const unsigned char c = (unsigned char)*p;

	if (c >= 0x80)
		return utf8_next_long(p, n, cp);
	*cp = c;
	return 1;
}

/* Writes a code point below 0x110000 that is no surrogate; returns 1..4 octets. */
size_t utf8_put(char out[static 4], uint32_t cp);

#endif
