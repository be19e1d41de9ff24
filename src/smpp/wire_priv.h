/*
 * wire_priv.h - the one reader of C-octet strings, bounded by field and by input.
 */
#ifndef SMPP_WIRE_PRIV_H
#define SMPP_WIRE_PRIV_H

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/span.h"

/*
 * Takes a string of at most max octets, its NUL counted, off *in; *out is
 * without the NUL.  ERR_TRUNCATED, or ERR_LENGTH when it has no NUL within max.
 */
static inline enum err wire_cstr(struct span *in, size_t max, struct span *out)
{
	size_t n = in->n < max ? in->n : max;
	const uint8_t *nul;

	/* Most strings of an SM are empty. */
	if (n > 0 && in->p[0] == '\0') {
		*out = (struct span){ in->p, 0 };
		*in = (struct span){ in->p + 1, in->n - 1 };
		return ERR_OK;
	}
	nul = n > 0 ? memchr(in->p, '\0', n) : NULL;
	if (nul == NULL)
		return n < max ? ERR_TRUNCATED : ERR_LENGTH;
	*out = span_first(*in, (size_t)(nul - in->p));
	*in = span_skip(*in, out->n + 1);
	return ERR_OK;
}

static inline bool wire_has_nul(struct span s)
{
	return s.n > 0 && memchr(s.p, '\0', s.n) != NULL;
}

#endif
