/*
 * near.c - sentences with one mistyped word: 查余鹅, my blance.
 *
 * A word of the text that is one character away from a word of the rules is put
 * right and the sentence read again, strictly; what comes out is a suggestion.
 * One character away: one other, one more, one less, or two exchanged.
 */
#include "build.h"
#include "match_priv.h"

enum {
	NEAR_TEXT = 72, /* octets of a text that is tried */
	SHORT = 36,     /* octets of a text where known words are doubted, too */
	TRIES = 16,     /* sentences read again */
	TRIES_LONG = 6, /* of a text that is not short */
	WORD_CHARS = 8,
	LETTERS_MIN = 3 /* of a word of letters */
};

/* -- the words ----------------------------------------------------------------- */

static bool is_han(char c)
{
	return (uint8_t)c >= 0x80;
}

static size_t step(struct str s, size_t i)
{
	size_t n = 1;

	while (i + n < s.n && !begins_char(s.p[i + n]))
		n++;
	return n;
}

static size_t count(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i += step(s, i))
		n++;
	return n;
}

static struct str first_char(struct str s)
{
	return (struct str){ s.p, step(s, 0) };
}

static struct str last_char(struct str s)
{
	size_t i = s.n;

	while (i > 0 && !begins_char(s.p[--i]))
		;
	return (struct str){ s.p + i, s.n - i };
}

static uint8_t hash(struct str c)
{
	unsigned h = 0;

	for (size_t i = 0; i < c.n; i++)
		h = h * 31 + (uint8_t)c.p[i];
	return (uint8_t)h;
}

static bool is_word(struct str s)
{
	size_t han = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!is_han(s.p[i]) && !is_letter(s.p[i]))
			return false;
		han += is_han(s.p[i]) ? 1 : 0;
	}
	return han == s.n ? count(s) >= 2 && count(s) <= WORD_CHARS
	                  : han == 0 && s.n >= LETTERS_MIN;
}

static void add(struct grammar *g, struct trie *seen, struct str text)
{
	struct near_word *w = &g->near[g->n_near];

	if (!is_word(text) || g->n_near == MAX_NEAR || *trie_value(seen, text) != 0)
		return;
	*trie_value(seen, text) = 1;
	*w = (struct near_word){ text, g->near_first[hash(first_char(text))],
		                 g->near_last[hash(last_char(text))],
		                 (uint8_t)count(text) };
	g->near_first[hash(first_char(text))] = (uint16_t)g->n_near;
	g->near_last[hash(last_char(text))] = (uint16_t)g->n_near;
	g->n_near++;
}

/* What stands alone is too short to be told from other words: 好的 is no 好评. */
static void leave_out(struct trie *seen, const struct list *l)
{
	for (size_t i = 0; l != NULL && i < l->n_names; i++) {
		struct str rest = l->name[i], first;

		(void)str_cut(&rest, FOLD_SEP, &first);
		*trie_value(seen, l->name[i]) = 1;
		*trie_value(seen, first) = 1;
	}
}

void near_build(struct build *b)
{
	struct grammar *g = b->g;
	struct trie seen = { .n = 0 };

	g->near = arena_array(&g->arena, struct near_word, MAX_NEAR);
	g->n_near = 1;
	for (size_t i = 0; i < g->n_rules; i++)
		for (size_t k = 0; g->rule[i]->bare && k < g->rule[i]->n_params; k++)
			leave_out(&seen, g->rule[i]->param[k].type->list);
	for (size_t i = 0; i < g->n_vocabulary; i++)
		add(g, &seen, g->word_text[i]);
	/* A word that forbids leads nowhere. */
	for (size_t i = 0; i < g->n_words; i++)
		for (size_t k = 0; g->word[i]->bit == 0 && k < g->word[i]->n_plain; k++)
			add(g, &seen, g->word[i]->plain[k].text);
	for (size_t i = 0; i < g->n_lists; i++)
		for (size_t k = 0; k < g->list[i]->n_names; k++)
			add(g, &seen, g->list[i]->name[k]);
	for (size_t i = 0; i < g->n_anchors; i++)
		add(g, &seen, g->anchor_word[i]);
	trie_free(&seen);
}

/* -- comparing ----------------------------------------------------------------- */

static size_t common(struct str a, struct str b)
{
	size_t i = 0;

	while (i < a.n && i < b.n && a.p[i] == b.p[i])
		i++;
	while (i > 0 && i < a.n && !begins_char(a.p[i]))
		i--;
	while (i > 0 && i < b.n && !begins_char(b.p[i]))
		i--;
	return i;
}

static struct str behind(struct str s, size_t i)
{
	return i >= s.n ? STR("") : (struct str){ s.p + i, s.n - i };
}

/* Whether a and b, alike so far, are alike but for their first characters. */
static bool one_off(struct str a, struct str b)
{
	const size_t i = common(a, b);
	const struct str x = behind(a, i), y = behind(b, i);

	if (x.n == 0 && y.n == 0)
		return false;
	if (x.n == 0 || y.n == 0)
		return count(x.n > 0 ? x : y) == 1;
	const size_t cx = step(x, 0), cy = step(y, 0);

	if (str_eq(behind(x, cx), behind(y, cy)) || str_eq(behind(x, cx), y) ||
	    str_eq(x, behind(y, cy)))
		return true;
	if (x.n == cx || y.n == cy)
		return false;
	const size_t dx = step(x, cx), dy = step(y, cy);

	return cx == dy && cy == dx && memcmp(x.p, y.p + cy, cx) == 0 &&
	       memcmp(x.p + cx, y.p, dx) == 0 &&
	       str_eq(behind(x, cx + dx), behind(y, cy + dy));
}

/* -- sentences ----------------------------------------------------------------- */

struct near {
	const struct query *q;
	const struct folded *f;
	struct grammar_command *out;
	struct folded *again; /* the sentence put right */
	struct hits *hits;
	unsigned tries;
	int turn;
	bool known[NEAR_TEXT + 1];  /* octets of words that the rules hold */
	bool inside[NEAR_TEXT + 1]; /* such a word goes on at this octet */
};

static void put_right(struct near *n, size_t from, size_t to, struct str word)
{
	const struct folded *f = n->f;
	struct folded *a = n->again;

	memcpy(a->p, f->p, from);
	memcpy(a->from, f->from, from * sizeof(f->from[0]));
	memcpy(a->p + from, word.p, word.n);
	for (size_t i = 0; i < word.n; i++)
		a->from[from + i] = f->from[from];
	memcpy(a->p + from + word.n, f->p + to, f->n - to);
	memcpy(a->from + from + word.n, f->from + to,
	       (f->n - to + 1) * sizeof(f->from[0]));
	a->n = from + word.n + f->n - to;
	a->p[a->n] = '\0';
}

/* The commands that the sentence put right is. */
static void offer(struct near *n)
{
	for (size_t i = 0; i < n->hits->n; i++) {
		const struct hit *h = &n->hits->h[i];

		if (h->rule->intent != NULL)
			suggest_add(n->q, h->rule->intent, h->slot, h->n_slots, n->out);
		for (size_t k = 0; k < h->rule->n_either; k++)
			suggest_add(n->q, h->rule->either[k], h->slot, h->n_slots,
			            n->out);
	}
}

static void read_again(struct near *n, size_t from, size_t to, struct str word)
{
	if (n->tries == (n->f->n <= SHORT ? TRIES : TRIES_LONG) ||
	    n->out->n_suggestions == GRAMMAR_SUGGESTIONS)
		return;
	n->tries++;
	put_right(n, from, to, word);
	say_strictly(n->q, n->again, n->hits);
	offer(n);
}

/* Whether a character that forbids, and does not ask, stands in octets from..to: 不, 没. */
static bool forbids(const struct near *n, size_t from, size_t to)
{
	const struct grammar *g = n->q->g;
	uint64_t asking = 0;

	for (size_t i = 0; i < g->n_marks; i++)
		asking |= g->mark[i].lists;
	for (size_t i = from; i < to; i++) {
		size_t end = i;
		const uint64_t at = words_forbidden_at(g, n->f, i, g->refuse, &end);

		if (at != 0 && (at & asking) == 0 &&
		    end == i + step((struct str){ n->f->p, n->f->n }, i))
			return true;
	}
	return false;
}

/*
 * A word of one character less must have three, else anything is near; and what
 * is left out must not forbid: 不开通 is not 开通.
 */
static void compare(struct near *n, size_t from, size_t to, size_t chars,
                    const struct near_word *w)
{
	const struct str s = { n->f->p + from, to - from };

	if (w->chars > chars + 1 || w->chars + 1U < chars ||
	    (chars < w->chars && w->chars < 3) ||
	    is_han(s.p[0]) != is_han(w->text.p[0]) || !one_off(s, w->text) ||
	    (chars > w->chars && forbids(n, from, to)))
		return;
	read_again(n, from, to, w->text);
}

/* First windows with an unknown character, then those that cut no known word. */
static int turn_of(const struct near *n, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!n->known[i])
			return 0;
	return n->inside[from] || n->inside[to] ? 2 : 1;
}

static void compare_all(struct near *n, size_t from, size_t to)
{
	const struct grammar *g = n->q->g;
	const struct str s = { n->f->p + from, to - from };
	const size_t chars = count(s);
	size_t known = 0;

	if (n->turn != turn_of(n, from, to))
		return;
	/* What is a word already is not mistyped. */
	if (trie_longest(&g->vocabulary, s, &known) != 0 && known == s.n)
		return;
	for (uint16_t i = g->near_first[hash(first_char(s))]; i != 0;
	     i = g->near[i].first_next)
		compare(n, from, to, chars, &g->near[i]);
	/* Those of the same first character have been compared. */
	for (uint16_t i = g->near_last[hash(last_char(s))]; i != 0;
	     i = g->near[i].last_next)
		if (!str_eq(first_char(g->near[i].text), first_char(s)))
			compare(n, from, to, chars, &g->near[i]);
}

static void windows(struct near *n, size_t from)
{
	const struct str s = { n->f->p, n->f->n };
	size_t chars = 0;

	if (n->tries == (n->f->n <= SHORT ? TRIES : TRIES_LONG))
		return;
	if (is_letter(s.p[from])) {
		size_t to = from;

		while (to < s.n && is_letter(s.p[to]))
			to++;
		if (words_alone(n->f, from, to - from) && to - from >= LETTERS_MIN)
			compare_all(n, from, to);
		return;
	}
	for (size_t to = from; to < s.n && is_han(s.p[to]) && chars < WORD_CHARS;
	     chars++) {
		to += step(s, to);
		if (chars > 0)
			compare_all(n, from, to);
	}
}

static void mark_known(struct near *n)
{
	const struct grammar_matcher *m = n->q->m;

	bag_open(n->q, n->f);
	for (size_t i = 0; i < m->n_spans; i++) {
		for (size_t k = m->span[i].from; k < m->span[i].to; k++) {
			n->known[k] = true;
			n->inside[k] = n->inside[k] || k > m->span[i].from;
		}
	}
	for (size_t i = 0; i < n->f->n; i++) {
		size_t len = 0;

		(void)trie_longest(&n->q->g->anchors,
		                   (struct str){ n->f->p + i, n->f->n - i }, &len);
		for (size_t k = i; k < i + len; k++)
			n->known[k] = true;
	}
}

static void heard(struct near *n, const struct folded *f)
{
	n->hits->n = 0;
	if (!same_sounds(n->q, f, n->again))
		return;
	say_strictly(n->q, n->again, n->hits);
	offer(n);
}

/* f without the separators between letters. */
static void join_letters(const struct folded *f, struct folded *to)
{
	to->n = 0;
	for (size_t i = 0; i <= f->n; i++) {
		if (i > 0 && i + 1 < f->n && f->p[i] == FOLD_SEP &&
		    is_letter(f->p[i - 1]) && is_letter(f->p[i + 1]))
			continue;
		to->p[to->n] = f->p[i];
		to->from[to->n++] = f->from[i];
	}
	to->n--;
}

/* What the text says when its letters are read as Pinyin, also a syllable a word. */
static void by_sound(struct near *n)
{
	heard(n, n->f);
	if (n->hits->n > 0)
		return;
	struct folded *joined = arena_new(n->q->arena, struct folded);

	join_letters(n->f, joined);
	if (joined->n < n->f->n)
		heard(n, joined);
}

void near_sentences(const struct query *q, const struct folded *f,
                    struct grammar_command *out)
{
	const struct query quiet = { q->g,   q->m,     q->raw, q->context,
		                     q->now, q->arena, NULL };
	struct near n = { .q = &quiet, .f = f, .out = out, .hits = &q->m->hits };

	if (q->g->suggest_min == 0 || f->n > NEAR_TEXT)
		return;
	n.again = arena_new(q->arena, struct folded);
	by_sound(&n);
	mark_known(&n);
	for (n.turn = 0; n.turn < (f->n <= SHORT ? 3 : 1); n.turn++) {
		for (size_t i = 0; i < f->n; i += step((struct str){ f->p, f->n }, i))
			if (f->p[i] != FOLD_SEP && !is_digit(f->p[i]))
				windows(&n, i);
	}
}
