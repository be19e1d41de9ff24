/*
 * insured.c - what two packages cost as one word, and what is owed by it.
 *
 * A tariff is its fee in li and a tier for each dimension, '/' between; a tier is its
 * pieces FROM,BLOCK,LI with '+' between and, when it has one, '^' and its cap.
 */
#include <inttypes.h>

#include "base/buf.h"
#include "offer/insured.h"

enum {
	WORD = 1024 /* octets; two tariffs of all pieces at their widest are 900 */
};

static void put_tier(const struct tariff_tier *t, struct buf *out)
{
	buf_putc(out, '/');
	for (unsigned j = 0; j < t->n; j++)
		buf_printf(out, "%s%" PRId32 ",%" PRId32 ",%" PRId32, j > 0 ? "+" : "",
		           t->piece[j].from, t->piece[j].block, t->piece[j].li);
	if (t->cap_li > 0)
		buf_printf(out, "^%" PRId32, t->cap_li);
}

static void put_tariff(const struct tariff *t, struct buf *out)
{
	buf_printf(out, "%" PRId32, t->fee_li);
	for (unsigned d = 0; d < DIMS; d++)
		put_tier(&t->tier[d], out);
}

struct str insured_print(const struct insured_terms *t, struct arena *a)
{
	struct buf out = buf_make(WORD);
	struct str s;

	put_tariff(&t->was, &out);
	buf_putc(&out, '>');
	put_tariff(&t->is, &out);
	s = arena_str(a, buf_str(&out));
	buf_free(&out);
	return s;
}

/* The number up to sep, or the end. */
static bool take(struct str *rest, char sep, int32_t min, int32_t max, int32_t *out)
{
	struct str part;
	int64_t v;

	if (!str_cut(rest, sep, &part) || str_i64(part, &v) != ERR_OK || v < min ||
	    v > max)
		return false;
	*out = (int32_t)v;
	return true;
}

static bool take_tier(struct str s, struct tariff_tier *t)
{
	struct str pieces, piece;

	*t = (struct tariff_tier){ 0 };
	if (s.n == 0)
		return true;
	(void)str_cut(&s, '^', &pieces);
	if (s.p != NULL && (!take(&s, '^', 1, INT32_MAX, &t->cap_li) || s.p != NULL))
		return false;
	if (pieces.n == 0)
		return true;
	while (str_cut(&pieces, '+', &piece)) {
		struct tariff_piece *p = &t->piece[t->n];

		if (t->n++ == TARIFF_PIECES ||
		    !take(&piece, ',', 0, USE_MOST, &p->from) ||
		    !take(&piece, ',', 1, INT32_MAX, &p->block) ||
		    !take(&piece, ',', -TARIFF_LI_MOST, TARIFF_LI_MOST, &p->li) ||
		    piece.p != NULL)
			return false;
	}
	return true;
}

static bool take_tariff(struct str s, struct tariff *t)
{
	struct str tier;

	*t = (struct tariff){ .package = NULL };
	if (!take(&s, '/', 0, INT32_MAX, &t->fee_li))
		return false;
	for (unsigned d = 0; d < DIMS; d++)
		if (!str_cut(&s, '/', &tier) || !take_tier(tier, &t->tier[d]))
			return false;
	return s.p == NULL;
}

enum err insured_parse(struct str s, struct insured_terms *out)
{
	struct insured_terms t;
	struct str was;

	if (!str_cut(&s, '>', &was) || !take_tariff(was, &t.was) ||
	    !take_tariff(s, &t.is))
		return ERR_SYNTAX;
	*out = t;
	return ERR_OK;
}
