/*
 * order.c - the command in a part of a text.
 *
 *   lead   WORDS            said before any command, several of them: 我希望你们 请为我 ...
 *   asks   WORDS            the same before, or behind, one that only reads: ... 我想知道
 *   matter N unless LIST    what is named before an order that names nothing, N other
 *                           characters beside it: 手机报我看不懂，给我退了
 *
 * Both are tried only where a part as it stands is no command.
 */
#include <string.h>

#include "match_priv.h"

enum {
	LEADS = 6, /* words taken off the front */
	TAILS = 2, /* off the end */
	CUTS = 6,  /* places where an order may begin */
	LEAST = 6  /* octets of a command */
};

/* Leaves of the whole text what octets from..to of f came from. */
static void narrow(const struct query *q, const struct folded *f, size_t from, size_t to)
{
	struct folded *w = &q->m->whole;
	const uint16_t first = f->from[from], end = f->from[to];
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		if (w->from[i] < first || w->from[i] >= end ||
		    (w->p[i] == FOLD_SEP && n == 0))
			continue;
		w->p[n] = w->p[i];
		w->from[n++] = w->from[i];
	}
	while (n > 0 && w->p[n - 1] == FOLD_SEP)
		n--;
	w->n = n;
	w->p[n] = '\0';
	w->from[n] = end;
	q->m->skipped = false;
	words_skip(q);
}

static bool exactly(const struct query *q, const struct folded *f, size_t from, size_t to,
                    struct hit *out)
{
	struct hits *hits = &q->m->hits;

	narrow(q, f, from, to);
	say_strictly(q, words_worked(q), hits);
	if (hits->n != 1 || hits->h[0].rule->intent == NULL)
		return false;
	*out = hits->h[0];
	return true;
}

/* Where a command may begin: at `from`, or behind so many words of lead or asks. */
struct starts {
	size_t at[LEADS + 1];
	bool asks[LEADS + 1];
	size_t n;
};

static struct starts starts_of(const struct query *q, const struct folded *f, size_t from,
                               size_t to)
{
	struct starts s = { { from }, { false }, 1 };
	size_t i = from;

	while (s.n <= LEADS) {
		const size_t lead = words_longest(&q->g->lead, f, i),
			     asks = words_longest(&q->g->asks, f, i);
		const size_t n = lead >= asks ? lead : asks;

		if (n == 0 || i + n + LEAST > to)
			break;
		i += n;
		while (i < to && f->p[i] == FOLD_SEP)
			i++;
		s.at[s.n] = i;
		s.asks[s.n] = s.asks[s.n - 1] || n > lead;
		s.n++;
	}
	return s;
}

/* The end of what stands before the word of asks that ends at `to`; `to`: there is none. */
static size_t before_asks(const struct query *q, const struct folded *f, size_t from,
                          size_t to)
{
	for (size_t i = from + LEAST; i < to; i++) {
		const size_t n = words_longest(&q->g->asks, f, i);

		if (n == 0 || i + n != to)
			continue;
		while (i > from && f->p[i - 1] == FOLD_SEP)
			i--;
		return i;
	}
	return to;
}

static bool within(const struct query *q, const struct folded *f, size_t from, size_t to,
                   struct hit *out)
{
	const struct starts s = starts_of(q, f, from, to);
	const struct folded whole = q->m->whole;
	size_t end = to;

	for (unsigned tails = 0; tails <= TAILS; tails++) {
		for (size_t k = 0; k < s.n; k++) {
			if ((k == 0 && tails == 0) || s.at[k] + LEAST > end)
				continue;
			q->m->whole = whole;
			if (exactly(q, f, s.at[k], end, out) &&
			    (out->rule->intent->pub.effect == GRAMMAR_READ ||
			     (tails == 0 && !s.asks[k])))
				return true;
		}
		const size_t next = before_asks(q, f, s.at[0], end);

		if (next == end)
			break;
		end = next;
	}
	q->m->whole = whole;
	return false;
}

bool part_command(const struct query *q, const struct folded *f, size_t from, size_t to,
                  struct hit *out)
{
	if (exactly(q, f, from, to, out))
		return true;
	return q->m->hits.n == 0 && within(q, f, from, to, out);
}

bool lead_rest(const struct query *q, const struct folded *f, struct folded *rest)
{
	const struct starts s = f->n > SENTENCE_MAX
	                                ? (struct starts){ { 0 }, { false }, 1 }
	                                : starts_of(q, f, 0, f->n);

	rest->n = 0;
	folded_add(rest, f, s.at[s.n - 1], f->n);
	return s.n > 1;
}

bool lead_find(const struct query *q, const struct folded *f, struct hit *out)
{
	const struct folded whole = q->m->whole, text = *f;
	bool found;

	if (f->n > SENTENCE_MAX)
		return false;
	found = within(q, &text, 0, text.n, out);
	if (found)
		why(q, "without words that lead to it, %s fits\n", out->rule->where);
	q->m->whole = whole;
	q->m->skipped = false;
	words_skip(q);
	return found;
}

/* -- what is named before an order --------------------------------------------- */

/* The one value of any list that octets 0..to name; false: none, or several. */
static bool name_in(const struct query *q, const struct folded *f, size_t to,
                    struct name *out)
{
	bool found = false;
	struct name next;

	for (size_t i = 0; i < to; i++) {
		if (!name_at(q->g, f, i, to, &next))
			continue;
		if (found && (next.list != out->list || next.entry != out->entry))
			return false;
		found = true;
		*out = next;
		i = next.to - 1;
	}
	return found;
}

/* What stands beside the name is short, no other value, and forbids nothing. */
static bool says_why(const struct query *q, const struct folded *f, size_t to,
                     const struct name *name)
{
	struct folded *rest = &q->m->part;
	size_t chars = 0;

	rest->n = 0;
	folded_add(rest, f, 0, name->from);
	if (rest->n > 0)
		folded_add(rest, &(struct folded){ .n = 1, .p = " " }, 0, 1);
	folded_add(rest, f, name->to, to);
	for (size_t i = 0; i < rest->n; i++) {
		if (is_digit(rest->p[i]) || is_letter(rest->p[i]))
			return false;
		chars += ((uint8_t)rest->p[i] & 0xc0) == 0xc0 ? 1 : 0;
	}
	return chars > 0 && chars <= q->g->matter &&
	       words_forbidding(q->g, rest, q->g->astray) == 0;
}

/* The order that begins at octet `at`, put beside what octets 0..to name. */
static bool ordered(const struct query *q, const struct folded *f, size_t to, size_t at,
                    struct hit *out)
{
	struct folded *part = &q->m->part;
	struct hits *hits = &q->m->hits;
	struct name name, other;

	if (memchr(f->p, FOLD_SEP, to) != NULL || !name_in(q, f, to, &name) ||
	    !says_why(q, f, to, &name) || clause_forbids(q, part) ||
	    clause_names(q, part, NULL))
		return false;
	part->n = 0;
	folded_add(part, f, at, f->n);
	if (name_in(q, part, part->n, &other))
		return false;
	part->n = 0;
	folded_add(part, f, name.from, name.to);
	folded_add(part, f, at, f->n);
	say_strictly(q, part, hits);
	if (hits->n != 1 || hits->h[0].rule->intent == NULL || hits->h[0].n_slots != 1 ||
	    hits->h[0].rule->intent->pub.effect == GRAMMAR_READ)
		return false;
	*out = hits->h[0];
	return true;
}

/* What begs begins an order of its own, and so does 给我. */
static bool begins_order(const struct query *q, const struct folded *f, size_t i)
{
	size_t n = 0;

	if (str_starts((struct str){ f->p + i, f->n - i }, STR("给我")))
		return true;
	return words_longest(&q->g->begging, f, i) > 0 &&
	       trie_longest(&q->g->begging, (struct str){ f->p + i, f->n - i }, &n) !=
	               SKIP_KEEP;
}

bool matter_find(const struct query *q, const struct folded *f, struct hit *out)
{
	const struct folded whole = q->m->whole, text = *f;
	bool found = false;
	unsigned cuts = 0;

	if (f->n == 0 || f->n > SENTENCE_MAX || q->g->matter == 0 || words_marks(q) != 0)
		return false;
	for (size_t i = text.n - 1; i > 0 && !found && cuts < CUTS; i--) {
		const bool parted = text.p[i] == FOLD_SEP;

		if (!parted && !begins_order(q, &text, i))
			continue;
		cuts++;
		found = ordered(q, &text, i, parted ? i + 1 : i, out);
	}
	q->m->whole = whole;
	q->m->skipped = false;
	words_skip(q);
	if (found)
		why(q, "an order of what is named before it: %s fits\n",
		    out->rule->where);
	return found;
}
