/*
 * likely_order.c - whether a text that no rule fits orders what costs; see likely.h.
 *
 * Two classifiers must agree, on which meaning it is and that it is an order at all; the
 * text says that it is wished, is one clause, and holds no word that forbids it.
 */
#include <string.h>

#include "likely.h"

enum {
	MARGIN = LIKELY_UNIT * 60 / 100, /* over the next meaning */
	ORDER = LIKELY_UNIT * 50 / 100   /* over being no order */
};

/* Who wants it says so: 给我, 我要. */
static bool is_wish(const struct query *q, const struct folded *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (words_longest(&q->g->wish, f, i) > 0)
			return true;
	return false;
}

/* All values, and what is opened or closed by its name, though the code alone lists them. */
static bool take_values(const struct query *q, const struct folded *f, struct hit *out)
{
	const struct rule *canon = out->rule->intent->canon;
	const bool named = canon != NULL && canon->n_params > 0 &&
	                   canon->param[0].type->list != NULL;

	return likely_values(q, f, false, out) &&
	       (!named || (out->n_slots > 0 && str_eq(str_of(out->slot[0].name),
	                                              str_of(canon->param[0].name))));
}

bool likely_ordered(const struct query *q, const struct folded *f,
                    const struct likely_guess *x, struct hit *out)
{
	const uint64_t unless = x->best->rule->intent->unless;
	struct hit h = { .rule = x->best->rule };

	why(q, "an order by %.2f (%.2f is enough)\n", (double)x->order / LIKELY_UNIT,
	    (double)ORDER / LIKELY_UNIT);
	if (x->margin < MARGIN || x->order < ORDER || (words_marks(q) & unless) != 0 ||
	    memchr(f->p, FOLD_SEP, f->n) != NULL || !is_wish(q, f) ||
	    words_against(q->g, &q->m->whole, unless) != 0 || !take_values(q, f, &h))
		return false;
	*out = h;
	return true;
}
