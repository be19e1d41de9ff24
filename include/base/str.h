/*
 * str.h - a borrowed run of UTF-8 text: a pointer and a length, no NUL assumed.
 *
 * Passed by value; lives no longer than the buffer it points into.  Octets of
 * the wire are struct span, so that the two do not mix by accident.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

struct str {
	const char *p; /* may be NULL only when n is 0 */
	size_t n;      /* octets */
};

/* A string literal as a struct str. */
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })

/* For printf: ("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).n, (s).p

/* Borrows a C string; NULL gives the empty string. */
static inline struct str str_of(const char *c)
{
	return (struct str){ c, c != NULL ? strlen(c) : 0 };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool str_ends(struct str s, struct str end)
{
	return s.n >= end.n &&
	       (end.n == 0 || memcmp(s.p + s.n - end.n, end.p, end.n) == 0);
}

/* Octet order, the shorter first on a tie: <0, 0, >0. */
int str_cmp(struct str a, struct str b);

/* s without blanks, tabs, CR and LF at both ends. */
struct str str_trim(struct str s);

/*
 * Takes the part of *rest before the first sep (or all of it) off *rest.
 * Returns false when *rest is exhausted, that is, its p is NULL.  "a,,b" gives
 * "a", "", "b"; "" gives one empty part.
 */
bool str_cut(struct str *rest, char sep, struct str *part);

/* Offset of the first occurrence of needle in s, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle);

/*
 * Reads a decimal integer, with a leading '-' allowed, that fills the whole of s.
 * Returns ERR_OK, ERR_SYNTAX (empty, other characters) or ERR_RANGE.
 */
MUST_CHECK enum err str_i64(struct str s, int64_t *out);

#endif
