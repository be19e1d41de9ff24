/*
 * bag_words.c - the words of the vocabulary of about rules that a text holds: all of them,
 * short ones inside long ones too.
 */
#include "match_priv.h"

enum {
	NUMERAL_DIGITS = 5,
	NUMERAL_HAN = 6
};

static void note_present(struct grammar_matcher *m, int word)
{
	uint64_t *bits = &m->present.bit[word / 64];

	if (*bits == 0)
		m->some[m->n_some++] = (uint16_t)(word / 64);
	*bits |= (uint64_t)1 << word % 64;
}

/* A blank inside a word counts only between letters or digits. */
static bool idle_blank(const struct folded *f, size_t i)
{
	return f->p[i] == FOLD_SEP && i + 1 < f->n &&
	       !(is_alnum(f->p[i - 1]) && is_alnum(f->p[i + 1]));
}

static bool is_numeral(const struct folded *f, size_t i)
{
	return holds_char(STR("零〇一二两三四五六七八九十百千万半几"), f, i);
}

/* Octets of the number that begins at i: 86, 三十二; no longer one, that is somebody's. */
static size_t numeral_at(const struct folded *f, size_t i)
{
	size_t n = 0;

	while (i + n < f->n && is_digit(f->p[i + n]))
		n++;
	if (n > 0)
		return n <= NUMERAL_DIGITS && words_alone(f, i, n) ? n : 0;
	if (i >= 3 && is_numeral(f, i - 3))
		return 0;
	while (is_numeral(f, i + n))
		n += 3;
	return n <= (size_t)3 * NUMERAL_HAN ? n : 0;
}

static void add_span(const struct query *q, size_t from, size_t to, int word)
{
	struct grammar_matcher *m = q->m;

	if (m->n_spans == SPANS)
		return;
	m->span[m->n_spans++] = (struct word_span){ (uint16_t)from, (uint16_t)to, word };
	note_present(m, word);
}

static void words_at(const struct query *q, const struct folded *f, size_t i)
{
	const struct trie *t = &q->g->vocabulary;
	const size_t numeral = q->g->numeral > 0 ? numeral_at(f, i) : 0;
	uint32_t node = 0;

	if (numeral > 0)
		add_span(q, i, i + numeral, (int)q->g->numeral - 1);
	for (size_t k = i; k < f->n && q->m->n_spans < SPANS; k++) {
		const uint32_t next = trie_step(t, node, f->p[k]);

		if (next == 0 && node != 0 && idle_blank(f, k))
			continue;
		node = next;
		if (node == 0)
			break;
		if (t->node[node].value == 0 || !words_alone(f, i, k + 1 - i))
			continue;
		add_span(q, i, k + 1, (int)t->node[node].value - 1);
	}
}

void bag_open(const struct query *q, const struct folded *f)
{
	q->m->n_spans = 0;
	q->m->contenders.n = 0;
	for (size_t i = 0; i < q->m->n_some; i++)
		q->m->present.bit[q->m->some[i]] = 0;
	q->m->n_some = 0;
	for (size_t i = 0; i < f->n; i++)
		if (begins_char(f->p[i]) && f->p[i] != FOLD_SEP)
			words_at(q, f, i);
}
