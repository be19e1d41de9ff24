/*
 * same.c - spellings: words of a dialect, and words typed by their sound.
 *
 *   same  幾多=多少 hv=have   one word stands for another, in texts and in rules alike;
 *                             letters only as a word of their own
 *   sound liuliang=流量       Pinyin, and words of the same sound: for suggestions
 *   trail 佢                  nothing at the end of a clause, behind what it stands for
 *
 * The longest spelling counts.  What a word becomes is not looked at again.
 */
#include <string.h>

#include "build.h"
#include "match_priv.h"

/* As typed but for the fold: it may hold a shorter spelling. */
static struct str fold_only(struct build *b, struct str text)
{
	struct folded f;

	fold_text(b->g->fold, text, &f);
	return arena_str(&b->g->arena, (struct str){ f.p, f.n });
}

static bool alnum(char c)
{
	return is_digit(c) || is_letter(c);
}

/* A number is what it is: 2 stands for nothing, 4GOT may. */
static bool is_number(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return true;
}

static void add_pair(struct build *b, const struct line *l, struct trie *t,
                     struct str from, struct str to)
{
	struct grammar *g = b->g;
	uint32_t *value = trie_value(t, from);

	if (*value != 0 && !str_eq(g->spelling[*value - 1], to)) {
		complain(b, l, "%.*s already stands for %.*s: take one of them out",
		         STR_ARG(from), STR_ARG(g->spelling[*value - 1]));
		return;
	}
	g->spelling[g->n_spellings++] = to;
	*value = (uint32_t)g->n_spellings;
}

static void add(struct build *b, const struct line *l, struct trie *t)
{
	struct str rest = l->rest, word, from;

	if (rest.n == 0)
		complain(b, l, "expected pairs WORD=WORD");
	while (source_word(&rest, &word)) {
		const struct str pair = word;

		(void)str_cut(&word, '=', &from);
		from = fold_only(b, from);
		word = fold_only(b, word);
		if (from.n == 0 || word.n == 0 || is_number(from)) {
			complain(b, l,
			         "expected WORD=WORD, the first not a number, not %.*s",
			         STR_ARG(pair));
			return;
		}
		if (b->g->n_spellings == MAX_SPELLINGS) {
			complain(b, l, "at most %d pairs WORD=WORD", MAX_SPELLINGS);
			return;
		}
		add_pair(b, l, t, from, word);
	}
}

void define_same(struct build *b, const struct line *l)
{
	add(b, l, &b->g->same);
}

void define_sound(struct build *b, const struct line *l)
{
	add(b, l, &b->g->sound);
}

void define_trail(struct build *b, const struct line *l)
{
	struct str rest = l->rest, word;

	if (rest.n == 0)
		complain(b, l, "expected words");
	while (source_word(&rest, &word)) {
		const struct str folded = fold_only(b, word);

		if (folded.n == 0)
			complain(b, l, "expected words, not punctuation alone");
		else
			*trie_value(&b->g->trail, folded) = 1;
	}
}

/* Appends octets to `to` as coming from octet i of f; false when there is no room. */
static bool put(struct folded *to, const struct folded *f, size_t i, struct str s)
{
	if (to->n + s.n > FOLD_MAX)
		return false;
	for (size_t k = 0; k < s.n; k++) {
		to->p[to->n] = s.p[k];
		to->from[to->n++] = f->from[i];
	}
	return true;
}

static void finish(struct folded *to, const struct folded *f)
{
	to->from[to->n] = f->from[f->n];
	to->p[to->n] = '\0';
}

/* The spelling that octets i.. of f begin with, or 0; its length in *n. */
static uint32_t spelling_at(const struct trie *t, const struct folded *f, size_t i,
                            size_t *n)
{
	return trie_longest(t, (struct str){ f->p + i, f->n - i }, n);
}

/* What octets i.. of f stand for, or 0; letters and digits only as a whole word. */
static uint32_t same_at(const struct grammar *g, const struct folded *f, size_t i,
                        size_t *n)
{
	const bool first = alnum(f->p[i]) && (i == 0 || !alnum(f->p[i - 1]));
	uint32_t v;

	if (!first && (uint8_t)f->p[i] < 0xc0)
		return 0;
	v = spelling_at(&g->same, f, i, n);
	return first && v != 0 && !words_alone(f, i, *n) ? 0 : v;
}

/* Octets of the word at i that only closes its clause: 熄咗來電顯示佢啦. */
static size_t trail_at(const struct grammar *g, const struct folded *f, size_t i)
{
	size_t n = 0, skip = 0;

	if (!begins_char(f->p[i])) /* within a character */
		return 0;
	if (i == 0 || f->p[i - 1] == FOLD_SEP || spelling_at(&g->trail, f, i, &n) == 0)
		return 0;
	for (size_t k = i + n; k < f->n && f->p[k] != FOLD_SEP; k += skip)
		if (spelling_at(&g->skip, f, k, &skip) == 0)
			return 0;
	return n;
}

bool same_words(const struct grammar *g, const struct folded *f, struct folded *to)
{
	size_t i = 0, n = 0;

	while (i < f->n && same_at(g, f, i, &n) == 0 && trail_at(g, f, i) == 0)
		i++;
	if (i == f->n)
		return false;
	to->n = i;
	memcpy(to->p, f->p, i);
	memcpy(to->from, f->from, i * sizeof(f->from[0]));
	for (; i < f->n; i += n) {
		const size_t trail = trail_at(g, f, i);
		const uint32_t v = trail > 0 ? 0 : same_at(g, f, i, &n);

		if (trail > 0) {
			n = trail;
			continue;
		}
		n = v == 0 ? 1 : n;
		if (!put(to, f, i,
		         v == 0 ? (struct str){ f->p + i, 1 } : g->spelling[v - 1]))
			return false;
	}
	finish(to, f);
	return true;
}

/* The run of letters from i on, if it is nothing but words typed by their sound. */
static size_t sounds_at(const struct query *q, const struct folded *f, size_t i,
                        struct folded *to)
{
	const size_t begin = i, before = to->n;

	while (i < f->n && is_letter(f->p[i])) {
		size_t n = 0;
		const uint32_t v = spelling_at(&q->g->sound, f, i, &n);

		if (v == 0 || !put(to, f, i, q->g->spelling[v - 1])) {
			to->n = before;
			return 0;
		}
		i += n;
	}
	return i - begin;
}

/* A Chinese word that sounds like another. */
static size_t word_at(const struct query *q, const struct folded *f, size_t i,
                      struct folded *to)
{
	size_t n = 0;
	const uint32_t v = spelling_at(&q->g->sound, f, i, &n);

	return v != 0 && put(to, f, i, q->g->spelling[v - 1]) ? n : 0;
}

bool same_sounds(const struct query *q, const struct folded *f, struct folded *to)
{
	bool found = false;

	to->n = 0;
	for (size_t i = 0; i < f->n;) {
		const bool first = is_letter(f->p[i]) &&
		                   (i == 0 || !is_letter(f->p[i - 1]));
		const size_t n = first                      ? sounds_at(q, f, i, to)
		                 : (uint8_t)f->p[i] >= 0xc0 ? word_at(q, f, i, to)
		                                            : 0;

		if (n == 0 && !put(to, f, i, (struct str){ f->p + i, 1 }))
			return false;
		found = found || n > 0;
		i += n > 0 ? n : 1;
	}
	finish(to, f);
	return found;
}
