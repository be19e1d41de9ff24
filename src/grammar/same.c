/*
 * same.c - spellings: words of a dialect, and words typed by their sound.
 *
 *   same  幾多=多少 睇=看     one word stands for another, in texts and in rules alike
 *   sound liuliang=流量       Pinyin, and words of the same sound: for suggestions
 *
 * The longest spelling counts.  What a word becomes is not looked at again.
 */
#include "build.h"
#include "match_priv.h"

/* As typed but for the fold: it may hold a shorter spelling. */
static struct str fold_only(struct build *b, struct str text)
{
	struct folded f;

	fold_text(b->g->fold, text, &f);
	return arena_str(&b->g->arena, (struct str){ f.p, f.n });
}

static void add(struct build *b, const struct line *l, struct trie *t, bool letters)
{
	struct grammar *g = b->g;
	struct str rest = l->rest, word, from;

	while (source_word(&rest, &word)) {
		(void)str_cut(&word, '=', &from);
		from = fold_only(b, from);
		word = fold_only(b, word);
		if (from.n == 0 || word.n == 0 || is_digit(from.p[0]) ||
		    (is_letter(from.p[0]) && !letters) ||
		    g->n_spellings == MAX_SPELLINGS) {
			complain(b, l, "expected up to %d pairs WORD=WORD%s",
			         MAX_SPELLINGS, letters ? "" : " in Chinese");
			return;
		}
		g->spelling[g->n_spellings++] = word;
		*trie_value(t, from) = (uint32_t)g->n_spellings;
	}
}

void define_same(struct build *b, const struct line *l)
{
	add(b, l, &b->g->same, false);
}

void define_sound(struct build *b, const struct line *l)
{
	add(b, l, &b->g->sound, true);
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

static bool any_same(const struct grammar *g, const struct folded *f)
{
	size_t n;

	for (size_t i = 0; i < f->n; i++)
		if ((uint8_t)f->p[i] >= 0xc0 && spelling_at(&g->same, f, i, &n) != 0)
			return true;
	return false;
}

bool same_words(const struct grammar *g, const struct folded *f, struct folded *to)
{
	size_t n = 0;

	if (!any_same(g, f))
		return false;
	to->n = 0;
	for (size_t i = 0; i < f->n; i += n) {
		const uint32_t v = (uint8_t)f->p[i] >= 0xc0
		                           ? spelling_at(&g->same, f, i, &n)
		                           : 0;

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
