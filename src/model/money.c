/*
 * money.c - see model/money.h.
 */
#include <inttypes.h>

#include "model/money.h"

/* |v| as unsigned, so that INT64_MIN has one. */
static uint64_t magnitude(int64_t v)
{
	return v < 0 ? UINT64_C(0) - (uint64_t)v : (uint64_t)v;
}

struct str money_text(struct arena *a, int64_t fen)
{
	const uint64_t m = magnitude(fen);

	return arena_printf(a, "%s%" PRIu64 ".%02" PRIu64, fen < 0 ? "-" : "", m / 100,
	                    m % 100);
}

/* v / 10^decimals with no more decimals than needed. */
static struct str shortest(struct arena *a, int64_t v, int decimals)
{
	uint64_t m = magnitude(v), unit = 1;

	for (; decimals > 0 && m % 10 == 0; decimals--)
		m /= 10;
	for (int i = 0; i < decimals; i++)
		unit *= 10;
	if (decimals == 0)
		return arena_printf(a, "%s%" PRIu64, v < 0 ? "-" : "", m);
	return arena_printf(a, "%s%" PRIu64 ".%0*" PRIu64, v < 0 ? "-" : "", m / unit,
	                    decimals, m % unit);
}

struct str money_short(struct arena *a, int64_t fen)
{
	return shortest(a, fen, 2);
}

struct str money_rate(struct arena *a, int64_t li)
{
	return shortest(a, li, 3);
}

/* The digits behind the point as an integer of exactly `decimals` digits. */
static enum err fraction(struct str s, int decimals, int64_t *out)
{
	int64_t v = 0;

	if (s.n == 0 || s.n > (size_t)decimals)
		return ERR_SYNTAX;
	for (size_t i = 0; i < (size_t)decimals; i++) {
		const int digit = i < s.n ? s.p[i] - '0' : 0;

		if (digit < 0 || digit > 9)
			return ERR_SYNTAX;
		v = v * 10 + digit;
	}
	*out = v;
	return ERR_OK;
}

enum err money_parse(struct str s, int decimals, int64_t *out)
{
	const bool negative = s.n > 0 && s.p[0] == '-';
	struct str rest = s, whole = { NULL, 0 };
	int64_t v, part = 0, unit = 1;
	enum err e;

	(void)str_cut(&rest, '.', &whole);
	e = str_i64(whole, &v);
	if (e == ERR_OK && rest.p != NULL)
		e = fraction(rest, decimals, &part);
	if (e != ERR_OK)
		return e;
	for (int i = 0; i < decimals; i++)
		unit *= 10;
	if (__builtin_mul_overflow(v, unit, &v) ||
	    __builtin_add_overflow(v, negative ? -part : part, &v))
		return ERR_RANGE;
	*out = v;
	return ERR_OK;
}
