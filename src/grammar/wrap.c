/*
 * wrap.c - one code inside what people forward: 编辑短信CXYE发送至10086查询余额.
 *
 * The text may hold one code, words that carry codes, and otherwise only a
 * sentence that means the same as the code.
 */
#include "match_priv.h"

static bool alnum(char c)
{
	return is_digit(c) || is_letter(c);
}

/* The next run of letters and digits, with separators inside, from *i on. */
static bool next_run(const struct folded *f, size_t *i, size_t *to)
{
	while (*i < f->n && !alnum(f->p[*i]))
		++*i;
	*to = *i;
	for (size_t k = *i; k < f->n && (alnum(f->p[k]) || f->p[k] == FOLD_SEP); k++)
		if (alnum(f->p[k]))
			*to = k + 1;
	return *to > *i;
}

/* The carrier word that begins at i, octets. */
static size_t carrier_at(const struct query *q, const struct folded *f, size_t i)
{
	size_t n = 0;

	if (((uint8_t)f->p[i] & 0xc0) == 0x80 ||
	    trie_longest(&q->g->carrier, (struct str){ f->p + i, f->n - i }, &n) == 0 ||
	    !words_alone(f, i, n))
		return 0;
	return n;
}

static void put(struct folded *to, const struct folded *f, size_t i)
{
	if (f->p[i] == FOLD_SEP && (to->n == 0 || to->p[to->n - 1] == FOLD_SEP))
		return;
	to->p[to->n] = f->p[i];
	to->from[to->n++] = f->from[i];
}

/* f without the octets from..to and without carrier words; whether there were any. */
static bool without(const struct query *q, const struct folded *f, size_t from, size_t to,
                    struct folded *rest)
{
	bool carried = false;

	rest->n = 0;
	for (size_t i = 0; i < f->n;) {
		const size_t n = i >= from && i < to ? to - i : carrier_at(q, f, i);

		if (n == 0)
			put(rest, f, i);
		carried = carried || (n > 0 && i != from);
		i += n > 0 ? n : 1;
	}
	if (rest->n > 0 && rest->p[rest->n - 1] == FOLD_SEP)
		rest->n--;
	rest->from[rest->n] = f->from[f->n];
	rest->p[rest->n] = '\0';
	return carried;
}

static bool same_values(const struct hit *a, const struct hit *b)
{
	if (b->n_slots == 0)
		return true;
	if (a->n_slots != b->n_slots)
		return false;
	for (size_t i = 0; i < a->n_slots; i++)
		if (strcmp(a->slot[i].name, b->slot[i].name) != 0 ||
		    !slot_equal(&a->slot[i], &b->slot[i]))
			return false;
	return true;
}

/* Whether the words beside the code say nothing else. */
static bool agrees(const struct query *q, const struct folded *rest, const struct hit *h)
{
	struct hits *hits = &q->m->hits;

	if (rest->n == 0 || h->rule->intent->pub.effect == GRAMMAR_CHARGE)
		return rest->n == 0;
	say_strictly(q, rest, hits);
	for (size_t i = 0; i < hits->n; i++)
		if (hits->h[i].rule->intent != h->rule->intent ||
		    !same_values(h, &hits->h[i]))
			return false;
	return hits->n > 0;
}

bool wrap_find(const struct query *q, const struct folded *f, struct hit *out)
{
	const struct query quiet = { q->g,   q->m,     q->raw, q->context,
		                     q->now, q->arena, NULL };
	const struct rule *known;
	unsigned codes = 0;
	size_t from = 0, to = 0, at = 0, end = 0;
	struct hit h;

	if (f->n > SENTENCE_MAX)
		return false;
	for (; next_run(f, &from, &to); from = to) {
		if (carrier_at(q, f, from) == to - from)
			continue;
		if (!code_find(&quiet, f, from, to, &h, &known) || ++codes > 1)
			continue;
		*out = h;
		at = from;
		end = to;
	}
	if (codes != 1)
		return false;
	if (!without(q, f, at, end, &q->m->part) || !agrees(&quiet, &q->m->part, out))
		return false;
	why(q, "code %.*s at %s; the words beside it say the same\n",
	    STR_ARG(out->rule->code), out->rule->where);
	return true;
}

bool wrap_words(const struct query *q, const struct folded *f, struct hit *out)
{
	const struct query quiet = { q->g,   q->m,     q->raw, q->context,
		                     q->now, q->arena, NULL };
	struct hits *hits = &q->m->hits;
	struct folded *part = &q->m->part;
	size_t from = 0, to = f->n;

	if (f->n > SENTENCE_MAX || !words_unwrap(q, f, &from, &to))
		return false;
	part->n = 0;
	for (size_t i = from; i < to; i++)
		put(part, f, i);
	part->from[part->n] = f->from[to];
	part->p[part->n] = '\0';
	say_strictly(&quiet, part, hits);
	if (hits->n != 1 || hits->h[0].rule->intent == NULL)
		return false;
	*out = hits->h[0];
	why(q, "without what carries it, %s fits\n", out->rule->where);
	return true;
}
