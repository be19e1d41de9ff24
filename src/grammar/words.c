/*
 * words.c - words that say nothing (skip), words around a code (carrier), words
 * that forbid (unless), politeness that asks but orders (begging, tail).
 */
#include <string.h>

#include "match_priv.h"

static bool alnum(char c)
{
	return is_digit(c) || is_letter(c);
}

/* A word of letters must not be a part of a longer one. */
static bool stands_alone(const struct folded *f, size_t from, size_t to, size_t i,
                         size_t n)
{
	return !(i > from && alnum(f->p[i]) && alnum(f->p[i - 1])) &&
	       !(i + n < to && alnum(f->p[i + n - 1]) && alnum(f->p[i + n]));
}

static bool at_character(const struct folded *f, size_t i)
{
	return begins_char(f->p[i]);
}

static size_t word_at(const struct trie *t, const struct folded *f, size_t from,
                      size_t to, size_t i)
{
	size_t n = 0;

	if (t->n == 0 || !at_character(f, i) ||
	    trie_longest(t, (struct str){ f->p + i, to - i }, &n) == 0 ||
	    !stands_alone(f, from, to, i, n))
		return 0;
	return n;
}

static void put(struct folded *w, char c, uint16_t from)
{
	if (c == FOLD_SEP && (w->n == 0 || w->p[w->n - 1] == FOLD_SEP))
		return;
	w->p[w->n] = c;
	w->from[w->n++] = from;
}

static bool is_kept(const struct trie *t, const struct folded *f, size_t i)
{
	size_t n = 0;

	return trie_longest(t, (struct str){ f->p + i, f->n - i }, &n) == SKIP_KEEP;
}

void words_skip(const struct query *q)
{
	const struct folded *f = &q->m->whole;
	struct folded *w = &q->m->worked;
	bool found = false;

	if (q->m->skipped)
		return;
	w->n = 0;
	for (size_t i = 0, keep = 0; i < f->n;) {
		size_t n = i < keep ? 0 : word_at(&q->g->skip, f, 0, f->n, i);

		if (n > 0 && is_kept(&q->g->skip, f, i)) {
			keep = i + n;
			n = 0;
		}
		if (n > 0)
			put(w, FOLD_SEP, f->from[i]);
		else
			put(w, f->p[i], f->from[i]);
		found = found || n > 0;
		i += n > 0 ? n : 1;
	}
	w->from[w->n] = f->from[f->n];
	if (w->n > 0 && w->p[w->n - 1] == FOLD_SEP)
		w->n--;
	w->p[w->n] = '\0';
	q->m->same = !found;
	q->m->skipped = true;
}

/* Octets of the skip word that begins at i, or 0. */
static size_t skip_at(const struct grammar *g, const struct folded *f, size_t i)
{
	const size_t n = word_at(&g->skip, f, 0, f->n, i);

	return n > 0 && is_kept(&g->skip, f, i) ? 0 : n;
}

static size_t past_skipped(const struct query *q, const struct folded *f, size_t i)
{
	while (i < f->n) {
		const size_t n = f->p[i] == FOLD_SEP ? 1 : skip_at(q->g, f, i);

		if (n == 0)
			break;
		i += n;
	}
	return i;
}

void words_address(const struct query *q)
{
	struct folded *f = &q->m->whole;
	const size_t begin = past_skipped(q, f, 0);
	const size_t n = begin < f->n ? word_at(&q->g->address, f, 0, f->n, begin) : 0;
	const size_t rest = past_skipped(q, f, begin + n);

	/* 先生要取消彩铃 is of him: only a clause of its own, or who begs, speaks to somebody. */
	if (n == 0 || rest == f->n ||
	    (memchr(f->p + begin + n, FOLD_SEP, rest - begin - n) == NULL &&
	     word_at(&q->g->begging, f, rest, f->n, rest) == 0))
		return;
	memmove(f->p, f->p + rest, f->n - rest + 1);
	memmove(f->from, f->from + rest, (f->n - rest + 1) * sizeof(f->from[0]));
	f->n -= rest;
}

/* -- politeness that asks but orders ---------------------------------------------- */

/* Octets 0..to hold a word that begs, and none that looks or asks. */
static bool begs(const struct trie *t, const struct folded *f, size_t to)
{
	bool found = false;

	for (size_t i = 0; i < to; i++) {
		const size_t n = word_at(t, f, 0, to, i);

		if (n > 0 && is_kept(t, f, i))
			return false;
		found = found || n > 0;
	}
	return found;
}

/* Nothing but skip words and separators from octet i on. */
static bool only_skipped(const struct query *q, const struct folded *f, size_t i)
{
	while (i < f->n) {
		const size_t n = f->p[i] == FOLD_SEP
		                         ? 1
		                         : word_at(&q->g->skip, f, 0, f->n, i);

		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

void words_beg(const struct query *q)
{
	struct folded *f = &q->m->whole;

	q->m->begged = false;
	for (size_t i = 1; i < f->n && !q->m->begged; i++) {
		const size_t n = word_at(&q->g->tail, f, 0, f->n, i);

		if (n == 0 || !only_skipped(q, f, i + n) || !begs(&q->g->begging, f, i))
			continue;
		memmove(f->p + i, f->p + i + n, f->n - i - n + 1);
		memmove(f->from + i, f->from + i + n,
		        (f->n - i - n + 1) * sizeof(f->from[0]));
		f->n -= n;
		q->m->begged = true;
		why(q, "begs: read as \"%.*s\"\n", (int)f->n, f->p);
	}
}

static bool between_han(const struct folded *f, size_t i)
{
	return i > 0 && i + 1 < f->n && (uint8_t)f->p[i - 1] >= 0x80 &&
	       (uint8_t)f->p[i + 1] >= 0x80;
}

bool words_join(const struct query *q, const struct folded *f)
{
	struct folded *j = &q->m->joined;

	if (f->n > SENTENCE_MAX)
		return false;
	j->n = 0;
	for (size_t i = 0; i < f->n; i++)
		if (f->p[i] != FOLD_SEP || !between_han(f, i))
			put(j, f->p[i], f->from[i]);
	j->from[j->n] = f->from[f->n];
	j->p[j->n] = '\0';
	return j->n < f->n;
}

/* The carrier word that ends at `to`, by trying each place where it may begin. */
static size_t word_before(const struct trie *t, const struct folded *f, size_t from,
                          size_t to)
{
	const size_t reach = to - from > 32 ? to - 32 : from;

	for (size_t i = reach; i < to; i++) {
		if (word_at(t, f, from, to, i) == to - i)
			return to - i;
	}
	return 0;
}

bool words_unwrap(const struct query *q, const struct folded *f, size_t *from, size_t *to)
{
	const struct trie *t = &q->g->carrier;
	bool found = false;
	size_t n;

	for (unsigned turn = 0; turn < 8 && *from < *to; turn++) {
		const size_t before = *to - *from;

		if (f->p[*from] == FOLD_SEP)
			n = 1;
		else
			n = word_at(t, f, *from, *to, *from);
		*from += n;
		found = found || n > 1;
		if (*from < *to && f->p[*to - 1] == FOLD_SEP)
			n = 1;
		else
			n = word_before(t, f, *from, *to);
		*to -= n;
		found = found || n > 1;
		if (*to - *from == before)
			break;
	}
	return found && *from < *to;
}

bool words_alone(const struct folded *f, size_t i, size_t n)
{
	return stands_alone(f, 0, f->n, i, n);
}

uint64_t words_forbidden_at(const struct grammar *g, const struct folded *f, size_t i,
                            uint64_t lists, size_t *end)
{
	const struct trie *t = &g->forbid;
	uint64_t bits = 0;
	uint32_t node = 0;

	for (size_t k = i; k < f->n; k++) {
		node = trie_step(t, node, f->p[k]);
		if (node == 0)
			break;
		const uint32_t word = t->node[node].value;

		if (word != 0 && (g->forbids[word - 1] & lists) != 0 &&
		    words_alone(f, i, k + 1 - i)) {
			bits |= g->forbids[word - 1] & lists;
			*end = k + 1;
		}
	}
	return bits;
}

uint64_t words_marks(const struct query *q)
{
	uint64_t bits = 0;

	/* The question mark is that of the tail. */
	for (size_t i = 0; !q->m->begged && i < q->g->n_marks; i++)
		if (str_find(q->raw, q->g->mark[i].text) != SIZE_MAX)
			bits |= q->g->mark[i].lists;
	return bits;
}

void words_refuse(const struct query *q, uint64_t lists)
{
	for (size_t i = 0; i < q->g->n_marks; i++)
		lists &= ~q->g->mark[i].lists;
	q->m->refused = q->m->refused || lists != 0;
}

static void tell(const struct query *q, struct str word, uint64_t lists)
{
	for (size_t i = 0; i < q->g->n_words; i++)
		if ((lists & q->g->word[i]->bit) != 0)
			buf_printf(q->why, "  \"%.*s\" is a word of %.*s\n",
			           STR_ARG(word), STR_ARG(q->g->word[i]->name));
}

/* The lists of which a word begins at *i, its end; moves on, behind a phrase of n octets. */
static uint64_t forbidding_next(const struct grammar *g, const struct folded *f,
                                uint64_t lists, size_t n, size_t *i, size_t *end)
{
	uint64_t at;

	*end = *i;
	at = words_forbidden_at(g, f, *i, lists, end);
	if (*end < *i + n)
		at = 0;
	*i += n > 0 && *end <= *i + n ? n : 1;
	return at;
}

void words_tell(const struct query *q, uint64_t lists)
{
	const struct folded *f = &q->m->whole;

	for (size_t i = 0; i < f->n && q->why != NULL; i++) {
		size_t end = i;
		const uint64_t at = words_forbidden_at(q->g, f, i, lists, &end);

		if (at != 0)
			tell(q, (struct str){ f->p + i, end - i }, at);
	}
	for (size_t i = 0; i < q->g->n_marks && q->why != NULL; i++)
		if ((q->g->mark[i].lists & lists) != 0 &&
		    str_find(q->raw, q->g->mark[i].text) != SIZE_MAX)
			tell(q, q->g->mark[i].text, q->g->mark[i].lists & lists);
}

/* A skip word forbids as a whole, not by what it holds: 呢 does, 不好意思 does not. */
uint64_t words_forbidding(const struct grammar *g, const struct folded *f, uint64_t lists)
{
	uint64_t bits = 0;

	for (size_t i = 0, end; i < f->n;)
		bits |= forbidding_next(g, f, lists, skip_at(g, f, i), &i, &end);
	return bits;
}

uint64_t words_against(const struct grammar *g, const struct folded *f, uint64_t lists)
{
	uint64_t bits = 0;

	for (size_t i = 0, end; i < f->n;) {
		const size_t skip = skip_at(g, f, i);
		const size_t harmless = words_longest(&g->harmless, f, i);

		bits |= forbidding_next(g, f, lists, skip > harmless ? skip : harmless,
		                        &i, &end);
	}
	return bits;
}

uint64_t words_skipped(const struct query *q)
{
	const struct folded *f = &q->m->whole;
	uint64_t bits = 0;
	size_t n;

	for (size_t i = 0; i < f->n && !q->m->same; i += n > 0 ? n : 1) {
		size_t end = i;

		n = skip_at(q->g, f, i);
		if (n == 0)
			continue;
		const uint64_t at = words_forbidden_at(q->g, f, i, q->g->refuse, &end);

		bits |= end == i + n ? at : 0;
	}
	return bits;
}

uint64_t words_forbidden(const struct query *q)
{
	return words_marks(q) | words_forbidding(q->g, &q->m->whole, q->g->refuse);
}

size_t words_longest(const struct trie *t, const struct folded *f, size_t i)
{
	size_t n = 0;

	if (!begins_char(f->p[i]) ||
	    trie_longest(t, (struct str){ f->p + i, f->n - i }, &n) == 0 ||
	    !words_alone(f, i, n))
		return 0;
	return n;
}
