/*
 * chart_figures.c - money, counts and shares as charts write them: see chart_priv.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "chart_priv.h"

enum {
	LI_OF_YUAN = 1000,
	LI_OF_FEN = 10,
	NO_DECIMALS_LI = 100000 * LI_OF_YUAN,
	UNITS_LI = 1000000 * LI_OF_YUAN
};

static struct chart_word grouped(const char *sign, uint64_t n)
{
	struct chart_word w;
	char digits[32];
	const size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n);
	size_t to = (size_t)snprintf(w.p, sizeof(w.p), "%s", sign);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			w.p[to++] = ',';
		w.p[to++] = digits[i];
	}
	w.p[to] = '\0';
	return w;
}

static struct chart_word in_units(const char *sign, int64_t yuan, bool english)
{
	static const struct {
		int64_t yuan;
		const char *said;
	} units[2][2] = { { { 100000000, "亿" }, { 10000, "万" } },
		          { { 1000000000, "bn" }, { 1000000, "M" } } };
	const size_t u = yuan < units[english][0].yuan ? 1 : 0;
	const int64_t one = units[english][u].yuan;
	const int decimals = yuan >= 10000 * one ? 0 : yuan >= 1000 * one ? 1 : 2;
	const int64_t parts = decimals == 0 ? 1 : decimals == 1 ? 10 : 100;
	const int64_t n = (yuan + one / parts / 2) / (one / parts);
	struct chart_word w;

	if (decimals == 0)
		(void)snprintf(w.p, sizeof(w.p), "%s%" PRId64 "%s", sign, n,
		               units[english][u].said);
	else
		(void)snprintf(w.p, sizeof(w.p), "%s%" PRId64 ".%0*" PRId64 "%s", sign,
		               n / parts, decimals, n % parts, units[english][u].said);
	return w;
}

struct chart_word chart_yuan_full(const struct chart *c, int64_t li)
{
	struct chart_word w;
	const char *sign = li < 0 ? "-" : "";
	const int64_t m = li < 0 ? -li : li;
	const int64_t fen = (m + LI_OF_FEN / 2) / LI_OF_FEN;

	if (m >= UNITS_LI)
		return in_units(sign, m / LI_OF_YUAN, c->english);
	if (m >= NO_DECIMALS_LI)
		return grouped(sign, (uint64_t)((m + LI_OF_YUAN / 2) / LI_OF_YUAN));
	(void)snprintf(w.p, sizeof(w.p), "%s%" PRId64 ".%02" PRId64, fen > 0 ? sign : "",
	               fen / 100, fen % 100);
	return w;
}

struct chart_word chart_yuan(const struct chart *c, int64_t li)
{
	struct chart_word w = chart_yuan_full(c, li);
	char *end = strchr(w.p, '.');

	if (end == NULL)
		return w;
	end += strspn(end, ".0123456789");
	const char *unit = end;

	while (end[-1] == '0')
		end--;
	end -= end[-1] == '.' ? 1 : 0;
	memmove(end, unit, strlen(unit) + 1);
	return w;
}

struct chart_word chart_yuan_whole(int64_t li)
{
	const int64_t m = li < 0 ? -li : li;
	const int64_t yuan = (m + LI_OF_YUAN / 2) / LI_OF_YUAN;

	return grouped(li < 0 && yuan > 0 ? "-" : "", (uint64_t)yuan);
}

struct chart_word chart_count(size_t n)
{
	return grouped("", n);
}

struct chart_word chart_share(int64_t part, int64_t whole, bool sign)
{
	struct chart_word w = { "-" };
	const int64_t m = part < 0 ? -part : part;
	const int64_t tenths = whole > 0 ? (m * 1000 + whole / 2) / whole : 0;
	const char *before = !sign || tenths == 0 ? "" : part < 0 ? "-" : "+";

	if (whole > 0)
		(void)snprintf(w.p, sizeof(w.p), "%s%" PRId64 ".%" PRId64 "%%", before,
		               tenths / 10, tenths % 10);
	return w;
}
