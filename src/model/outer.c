/*
 * outer.c - see model/outer.h.
 */
#include "model/outer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "model/money.h"

enum {
	DECIMALS = 1 /* fen to li */
};

static bool parse_tier(struct str s, struct outer_tier *out)
{
	struct str from;
	int64_t units, li;

	if (!str_cut(&s, '@', &from) || s.p == NULL || str_i64(from, &units) != ERR_OK ||
	    money_parse(s, DECIMALS, &li) != ERR_OK)
		return false;
	if (units < 1 || units > OUTER_FROM_MOST || li < 0 || li > OUTER_LI_MOST)
		return false;
	*out = (struct outer_tier){ (int32_t)units, (int32_t)li };
	return true;
}

bool outer_parse(struct str s, struct outer *out)
{
	struct str tier;

	*out = (struct outer){ .n = 0 };
	while (s.n > 0 && str_cut(&s, ';', &tier)) {
		struct outer_tier *t = &out->tier[out->n];

		if (out->n == OUTER_TIERS || !parse_tier(tier, t) ||
		    (out->n > 0 && t->from <= t[-1].from))
			return false;
		out->n++;
	}
	return true;
}

struct str outer_text(const struct outer *o, char room[OUTER_TEXT])
{
	size_t n = 0;

	room[0] = '\0';
	for (unsigned i = 0; i < o->n; i++) {
		const struct outer_tier t = o->tier[i];
		const int put = snprintf(room + n, OUTER_TEXT - n,
		                         "%s%" PRId32 "@%" PRId32 ".%" PRId32,
		                         i > 0 ? ";" : "", t.from, t.li / 10, t.li % 10);

		assert(put > 0 && (size_t)put < OUTER_TEXT - n);
		n += (size_t)put;
	}
	return (struct str){ room, n };
}
