/*
 * others.c - whose figures are asked for.
 *
 *   others WHOSE TOWARD ACTING = INTENT
 *
 * A text that holds a word of WHOSE asks of somebody else's phone, unless a word of TOWARD
 * stands before it (跟我妈打了多久) or one of ACTING behind it (我妈说查余额).  Where words, no
 * code, mean an intent with the member `own`, the intent named here is carried out instead:
 * nobody is shown his own figures for another's.
 */
#include <string.h>

#include "build.h"
#include "match_priv.h"

void define_others(struct build *b, const struct line *l)
{
	struct str rest = l->rest, whose, toward, acting, is, name = { 0 };
	struct grammar *g = b->g;

	if (!source_word(&rest, &whose) || !source_word(&rest, &toward) ||
	    !source_word(&rest, &acting) || !source_word(&rest, &is) ||
	    !str_eq(is, STR("=")) || !source_word(&rest, &name) ||
	    build_intent_find(b, name) == NULL) {
		complain(b, l, "expected: others LIST LIST LIST = INTENT");
		return;
	}
	g->whose = build_forbid(b, l, whose);
	g->toward = build_forbid(b, l, toward);
	g->acting = build_forbid(b, l, acting);
	g->of_others = build_intent_find(b, name);
	if (g->of_others->canon == NULL)
		complain(b, l, "expected an intent with a code, not %.*s", STR_ARG(name));
}

/* A word of these lists ends at octet `to`. */
static bool ends_in(const struct query *q, const struct folded *f, size_t to,
                    uint64_t lists)
{
	for (size_t i = 0; i < to; i++) {
		size_t end = 0;

		if (words_forbidden_at(q->g, f, i, lists, &end) != 0 && end == to)
			return true;
	}
	return false;
}

static bool asks_of_others(const struct query *q, const struct folded *f)
{
	for (size_t i = 0, end; i < f->n; i = end) {
		end = i + 1;
		if (words_forbidden_at(q->g, f, i, q->g->whose, &end) == 0)
			continue;

		size_t behind = end < f->n && f->p[end] == FOLD_SEP ? end + 1 : end;

		if (!ends_in(q, f, i, q->g->toward) &&
		    words_forbidden_at(q->g, f, behind, q->g->acting, &behind) == 0)
			return true;
	}
	return false;
}

const struct intent *others_intent(const struct query *q, const struct hit *h)
{
	if (!h->rule->intent->own || !asks_of_others(q, &q->m->whole))
		return NULL;
	why(q, "%s would be, but it is of somebody else\n", h->rule->where);
	return q->g->of_others;
}
