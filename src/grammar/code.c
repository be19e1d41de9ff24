/*
 * code.c - codes with their slots, without any pattern.
 *
 * Separators inside a code are passed over, but not between two digits: 1 0 1 is
 * no code, C X Y E is one.
 */
#include "match_priv.h"

/* A place in the text where some code ends. */
struct ending {
	const struct rule *rule;
	size_t at;
};

static bool sep_matters(const struct folded *f, size_t from, size_t to, size_t i)
{
	return i > from && i + 1 < to && is_digit(f->p[i - 1]) && is_digit(f->p[i + 1]);
}

static size_t endings(const struct grammar *g, const struct folded *f, size_t from,
                      size_t to, struct ending out[static CODE_MAX])
{
	uint32_t node = 0;
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		if (f->p[i] == FOLD_SEP) {
			if (sep_matters(f, from, to, i))
				break;
			continue;
		}
		node = trie_step(&g->codes, node, f->p[i]);
		if (node == 0)
			break;
		if (g->codes.node[node].value != 0)
			out[n++] = (struct ending){
				g->rule[g->codes.node[node].value - 1], i + 1
			};
	}
	return n;
}

/* Free text does not run into the letters of a code. */
static bool may_follow(const struct rule *r, const struct param *p, const struct take *x)
{
	if (x->i == x->end)
		return true;
	if (r->digits && is_digit(x->f->p[x->i]))
		return false;
	return !p->type->kind->anything || !is_letter(x->f->p[x->i]);
}

static bool take_slots(const struct query *q, const struct rule *r, struct take *x,
                       struct hit *out)
{
	struct grammar_slot s;

	for (size_t i = 0; i < r->n_params; i++) {
		const struct param *p = &r->param[i];
		const bool applies = x->entry == NULL || x->entry->more;

		if (applies && (i > 0 || may_follow(r, p, x)) && slot_take(p, x, &s)) {
			if (!slot_add(out->slot, &out->n_slots, &s))
				return false;
		} else if (!p->optional) {
			return false;
		}
	}
	(void)q;
	return slot_at_end(x);
}

static bool try_rule(const struct query *q, const struct folded *f, const struct rule *r,
                     size_t at, size_t to, struct hit *out)
{
	struct take x = { f, q->raw, at, to, q->now, q->arena, NULL };

	out->rule = r;
	out->n_slots = 0;
	return take_slots(q, r, &x, out);
}

bool code_find(const struct query *q, const struct folded *f, size_t from, size_t to,
               struct hit *out, const struct rule **known)
{
	struct ending end[CODE_MAX];
	size_t n = endings(q->g, f, from, to, end);

	*known = NULL;
	while (n-- > 0) {
		for (const struct rule *r = end[n].rule; r != NULL; r = r->same) {
			if (try_rule(q, f, r, end[n].at, to, out)) {
				why(q, "code %.*s at %s\n", STR_ARG(r->code), r->where);
				return true;
			}
			why(q, "code %.*s at %s: what follows is not its slots\n",
			    STR_ARG(r->code), r->where);
			if (*known == NULL)
				*known = r;
		}
	}
	return false;
}

bool code_two(const struct query *q, const struct folded *f, bool anywhere,
              struct hit *first, struct hit *second)
{
	const size_t reach = f->n < 64 ? f->n : 64;
	const struct rule *known;
	const struct query quiet = { q->g,   q->m,     q->raw, q->context,
		                     q->now, q->arena, NULL };

	for (size_t i = 1; i < reach; i++) {
		if (!anywhere && f->p[i - 1] != FOLD_SEP)
			continue;
		if (code_find(&quiet, f, i, f->n, second, &known) &&
		    code_find(&quiet, f, 0, i, first, &known))
			return true;
	}
	return false;
}
