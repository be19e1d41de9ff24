/*
 * about.c - about rules and their fillers, read from a .gram file.
 *
 *   filler LIST LIST ...                    words that say nothing of the matter
 *   about  a|b|LIST & c|d & {slot} & {slot?} [with LIST ...]
 *
 * The list NUMERAL is there without being declared: any number is its word.
 *
 * A text is about a rule's matter when it holds a word of each set and every slot
 * that is not optional, in any order, and all its other words are fillers: the
 * rule's own after `with`, else those of the filler lines.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "build.h"
#include "slot.h"

static void set_bit(struct wordset *s, size_t i)
{
	s->bit[i / 64] |= (uint64_t)1 << i % 64;
}

/* Adds a folded word to the vocabulary and to s. */
static void add_word(struct build *b, const struct line *l, struct str word,
                     struct wordset *s)
{
	struct grammar *g = b->g;
	uint32_t *value = trie_value(&g->vocabulary, word);

	if (g->word_text == NULL)
		g->word_text = arena_array(&g->arena, struct str, MAX_VOCABULARY);
	if (*value == 0) {
		if (g->n_vocabulary == MAX_VOCABULARY) {
			complain(b, l, "at most %d words in about rules", MAX_VOCABULARY);
			return;
		}
		g->word_text[g->n_vocabulary++] = word;
		*value = (uint32_t)g->n_vocabulary;
		if (str_eq(word, STR(NUMERAL)))
			g->numeral = g->n_vocabulary;
	}
	set_bit(s, *value - 1);
}

static void add_list(struct build *b, const struct line *l, const struct word *w,
                     struct wordset *s)
{
	if (w->n_plain == 0)
		complain(b, l, "expected a word list without brackets, not %.*s",
		         STR_ARG(w->name));
	for (size_t i = 0; i < w->n_plain; i++)
		if (!w->plain[i].mark)
			add_word(b, l, w->plain[i].text, s);
}

static void add_alternative(struct build *b, const struct line *l, struct str text,
                            struct wordset *s)
{
	const struct word *w = build_word_find(b, text);
	const struct str folded = build_fold(b, text, false);

	if (w != NULL)
		add_list(b, l, w, s);
	else if (folded.n == 0 || str_find(text, STR("[")) != SIZE_MAX ||
	         str_find(text, STR("(")) != SIZE_MAX)
		complain(b, l, "expected words or word lists between |, not \"%.*s\"",
		         STR_ARG(text));
	else
		add_word(b, l, folded, s);
}

static void add_lists(struct build *b, const struct line *l, struct str rest,
                      struct wordset *s)
{
	struct str name;

	while (source_word(&rest, &name)) {
		const struct word *w = build_word_find(b, name);

		if (w == NULL)
			complain(b, l, "expected the name of a word list, not %.*s",
			         STR_ARG(name));
		else
			add_list(b, l, w, s);
	}
}

void define_filler(struct build *b, const struct line *l)
{
	add_lists(b, l, l->rest, &b->g->filler);
}

static void join(struct wordset *to, const struct wordset *from)
{
	for (size_t i = 0; i < MAX_VOCABULARY / 64; i++)
		to->bit[i] |= from->bit[i];
}

static void add_set(struct build *b, const struct line *l, struct str text,
                    struct about *a)
{
	struct str one;

	if (a->n_sets == MAX_SETS) {
		complain(b, l, "expected at most %d sets of words", MAX_SETS);
		return;
	}
	while (str_cut(&text, '|', &one))
		add_alternative(b, l, str_trim(one), &a->set[a->n_sets]);
	join(&a->allow, &a->set[a->n_sets]);
	join(&b->g->topic, &a->set[a->n_sets]);
	a->n_sets++;
}

static void add_param(struct build *b, const struct line *l, struct str text,
                      struct rule *r)
{
	struct param *p = &r->param[r->n_params];

	if (r->n_params == MAX_PARAMS || text.n < 3 || text.p[text.n - 1] != '}') {
		complain(b, l, "expected {slot} or {slot?}, not %.*s", STR_ARG(text));
		return;
	}
	if (!expr_param(b, l, (struct str){ text.p + 1, text.n - 2 }, p))
		return;
	if (p->type->kind->anything || p->type->kind->words)
		complain(b, l, "expected no slot of free words in an about rule");
	r->n_params++;
}

static bool in_set(const struct wordset *s, size_t i)
{
	return (s->bit[i / 64] >> i % 64 & 1) != 0;
}

/* The words of the first set lead to the rule. */
static void add_anchors(struct build *b, const struct rule *r)
{
	const struct grammar *g = b->g;

	for (size_t i = 0; i < g->n_vocabulary; i++) {
		struct str rest = g->word_text[i], first;

		if (!in_set(&r->about->set[0], i))
			continue;
		if (i + 1 == g->numeral) {
			complain(b, r->line, "NUMERAL is not enough as the first set");
			return;
		}
		(void)str_cut(&rest, FOLD_SEP, &first);
		rule_anchor(b, r, first);
	}
}

/* Words of a set by number; how many there are. */
static size_t words_of(const struct grammar *g, const struct wordset *set, size_t *out)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n_vocabulary; i++)
		if (in_set(set, i))
			out[n++] = i;
	return n;
}

struct choices {
	size_t word[MAX_SETS][MAX_VOCABULARY];
	size_t n[MAX_SETS];
	size_t all; /* ways to take a word of each set */
};

static struct str sample(struct build *b, const struct rule *r, const struct choices *c,
                         size_t way)
{
	struct buf out = buf_make(1024);
	struct wordset here = { { 0 } };
	size_t rest = c->all;
	struct str s;

	for (size_t k = 0; k < r->about->n_sets; k++) {
		rest /= c->n[k];
		const size_t w = c->word[k][way / rest % c->n[k]];

		if (in_set(&here, w))
			continue; /* it is of two sets */
		set_bit(&here, w);
		buf_printf(
			&out, "%s%.*s", out.n > 0 ? " " : "",
			STR_ARG(w + 1 == b->g->numeral ? STR("86") : b->g->word_text[w]));
	}
	for (size_t i = 0; i < r->n_params; i++)
		buf_printf(&out, " %.*s",
		           STR_ARG(slot_sample(r->param[i].type, &b->g->arena)));
	s = arena_str(&b->g->arena, buf_str(&out));
	buf_free(&out);
	return s;
}

/* For lint: a word of each set, all ways or MAX_SET of them, and a sample of each slot. */
static void add_samples(struct build *b, struct rule *r)
{
	struct choices *c = xcalloc(1, sizeof(*c));
	struct str *out;

	c->all = 1;
	for (size_t k = 0; k < r->about->n_sets; k++) {
		c->n[k] = words_of(b->g, &r->about->set[k], c->word[k]);
		c->all *= c->n[k];
	}
	r->n_samples = c->all < MAX_SET ? c->all : MAX_SET;
	out = arena_array(&b->g->arena, struct str, MAX_SET);
	for (size_t i = 0; i < r->n_samples; i++)
		out[i] = sample(b, r, c, i * c->all / r->n_samples);
	r->sample = out;
	free(c);
}

void rule_about(struct build *b, const struct line *l)
{
	struct rule *r = rule_new(b, l, RULE_ABOUT, b->intent);
	struct str rest = l->rest, part;
	const size_t with = str_find(rest, STR(" with "));

	if (r == NULL)
		return;
	r->about = arena_new(&b->g->arena, struct about);
	r->leftover = b->intent->leftover;
	if (with != SIZE_MAX) {
		r->about->with = true;
		add_lists(b, l, (struct str){ rest.p + with + 6, rest.n - with - 6 },
		          &r->about->allow);
		rest.n = with;
	}
	while (str_cut(&rest, '&', &part)) {
		part = str_trim(part);
		if (part.n > 0 && part.p[0] == '{')
			add_param(b, l, part, r);
		else
			add_set(b, l, part, r->about);
	}
	if (r->about->n_sets == 0) {
		complain(b, l,
		         "expected: about WORD|WORD & WORD|WORD & {slot} with LIST");
		return;
	}
	if (!r->about->with)
		join(&r->about->allow, &b->g->filler);
	add_anchors(b, r);
	add_samples(b, r);
}
