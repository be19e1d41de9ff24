/*
 * utf8.c - see text/utf8.h.
 */
#include "text/utf8.h"

static size_t bad(uint32_t *cp)
{
	*cp = UTF8_BAD;
	return 1;
}

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

size_t utf8_next_long(const char *p, size_t n, uint32_t *cp)
{
	const unsigned char *u = (const unsigned char *)p;
	uint32_t v;

	if (u[0] < 0xc2 || u[0] > 0xf4 || n < 2 || !is_tail(u[1]))
		return bad(cp);
	if (u[0] < 0xe0) {
		*cp = (u[0] & 0x1fU) << 6 | (u[1] & 0x3fU);
		return 2;
	}
	if (n < 3 || !is_tail(u[2]))
		return bad(cp);
	if (u[0] < 0xf0) {
		v = (u[0] & 0x0fU) << 12 | (u[1] & 0x3fU) << 6 | (u[2] & 0x3fU);
		if (v < 0x800 || (v >= 0xd800 && v <= 0xdfff))
			return bad(cp);
		*cp = v;
		return 3;
	}
	if (n < 4 || !is_tail(u[3]))
		return bad(cp);
	v = (u[0] & 0x07U) << 18 | (u[1] & 0x3fU) << 12 | (u[2] & 0x3fU) << 6 |
	    (u[3] & 0x3fU);
	if (v < 0x10000 || v > 0x10ffff)
		return bad(cp);
	*cp = v;
	return 4;
}

size_t utf8_put(char out[static 4], uint32_t cp)
{
	const size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3f));
	out[0] = (char)(lead[n] | cp);
	return n;
}
