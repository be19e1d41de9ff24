/*
 * define.c - what stands by itself in a .gram file: slots, word lists, the order.
 */
#include "build.h"
#include "slot.h"

void define_grammar(struct build *b, const struct line *l)
{
	if (!str_eq(l->rest, STR("1")))
		complain(b, l, "expected \"grammar 1\": this program reads format 1");
}

void define_revision(struct build *b, const struct line *l)
{
	if (l->rest.n == 0)
		complain(b, l, "expected a revision, such as 2026-10-20.1");
	if (b->g->revision.n == 0)
		b->g->revision = arena_str(&b->g->arena, l->rest);
}

void define_today(struct build *b, const struct line *l)
{
	if (civil_parse_date(l->rest, &b->g->today) != ERR_OK)
		complain(b, l,
		         "expected the day at which examples are read, as YYYY-MM-DD");
}

void define_fold(struct build *b, const struct line *l)
{
	if (!str_eq(l->rest, STR("nfkc upper t2s invisible separators")))
		complain(b, l, "expected \"fold nfkc upper t2s invisible separators\"");
}

/* "6", "4-12" */
static bool read_range(struct str s, unsigned *min, unsigned *max)
{
	struct str low;
	int64_t a, z;

	(void)str_cut(&s, '-', &low);
	if (str_i64(low, &a) != ERR_OK || str_i64(s.p != NULL ? s : low, &z) != ERR_OK ||
	    a < 0 || z < a || z > 999999999)
		return false;
	*min = (unsigned)a;
	*max = (unsigned)z;
	return true;
}

static bool slot_argument(struct build *b, const struct line *l, struct slot_type *t,
                          struct str arg)
{
	const bool list = str_eq(str_of(t->kind->name), STR("list"));

	if (str_eq(arg, STR("secret"))) {
		t->secret = true;
		return true;
	}
	if (list) {
		t->list = list_load(b, l, arg);
		return true;
	}
	if (str_eq(arg, str_of(t->kind->help)) || str_eq(arg, STR("past")))
		return true;
	return t->kind->max > 0 && read_range(arg, &t->min, &t->max) &&
	       (t->kind->value == GRAMMAR_INTS || (t->min >= 1 && t->max <= 1024));
}

void define_slot(struct build *b, const struct line *l)
{
	struct str rest = l->rest, name = { 0 }, kind = { 0 }, arg;
	struct slot_type *t = arena_new(&b->g->arena, struct slot_type);

	(void)(source_word(&rest, &name) && source_word(&rest, &kind));
	t->name = name;
	t->kind = slot_kind_find(kind);
	if (t->kind == NULL) {
		complain(
			b, l,
			"expected: slot NAME ym|digits|phone|list|int|choices|text|name|id|"
			"token|item ...");
		return;
	}
	t->min = t->kind->min;
	t->max = t->kind->max;
	while (source_word(&rest, &arg)) {
		if (!slot_argument(b, l, t, arg))
			complain(b, l, "expected: slot %.*s %s %s [secret]",
			         STR_ARG(name), t->kind->name, t->kind->help);
	}
	if (str_eq(kind, STR("list")) && t->list == NULL && b->errors == 0)
		complain(b, l, "expected: slot %.*s list FILE", STR_ARG(name));
	if (str_eq(kind, STR("list")) && t->list == NULL)
		return;
	if (b->g->n_types == MAX_TYPES || build_type_find(b, name) != NULL)
		complain(b, l, "expected a new name and at most %d slots", MAX_TYPES);
	else
		b->g->type[b->g->n_types++] = t;
}

/* The alternatives one by one; returns whether one of them is a mark. */
static bool plain_words(struct build *b, struct word *w, struct str text)
{
	struct str one;
	size_t n = 1;
	bool marks = false;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '|' ? 1 : 0;
	w->plain = arena_array(&b->g->arena, struct plain, n);
	while (str_cut(&text, '|', &one)) {
		const struct str typed = str_trim(one),
				 folded = build_fold(b, typed, false);
		const bool mark = folded.n == 0;

		if (typed.n > 0)
			w->plain[w->n_plain++] = (struct plain){ mark ? typed : folded,
				                                 mark };
		marks = marks || mark;
	}
	return marks;
}

void define_word(struct build *b, const struct line *l)
{
	struct str rest = l->rest, name = { 0 };
	struct word *w = arena_new(&b->g->arena, struct word);

	(void)source_word(&rest, &name);
	rest = str_trim(rest);
	if (name.n < 2 || rest.n == 0 || !is_letter(name.p[0])) {
		complain(b, l, "expected: word NAME one|another, the name in capitals");
		return;
	}
	*w = (struct word){ .name = name, .line = l };
	const bool brackets = strpbrk(arena_str(&b->g->arena, rest).p, "([{") != NULL;

	if (brackets || (!plain_words(b, w, rest) && str_eq(l->key, STR("word"))))
		w->expr = expr_compile(b, l, rest);
	if (b->g->n_words == MAX_WORDS || build_word_find(b, name) != NULL)
		complain(b, l, "expected a new name and at most %d word lists",
		         MAX_WORDS);
	else
		b->g->word[b->g->n_words++] = w;
}

static void add_words(struct build *b, const struct line *l, struct trie *t,
                      uint32_t value)
{
	struct str rest = l->rest, word;

	while (source_word(&rest, &word)) {
		const struct str folded = build_fold(b, word, false);

		if (folded.n == 0)
			complain(b, l, "expected words, not punctuation alone");
		else
			*trie_value(t, folded) = value;
	}
}

void define_skip(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->skip, SKIP_WORD);
}

void define_keep(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->skip, SKIP_KEEP);
}

void define_carrier(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->carrier, SKIP_WORD);
}

void define_hearsay(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->hearsay, SKIP_WORD);
}

void define_advert(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->advert, SKIP_WORD);
}

void define_begging(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->begging, SKIP_WORD);
}

/* Words that make a question of it after all: 帮我看看开通彩铃好吗. */
void define_looking(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->begging, SKIP_KEEP);
}

void define_lead(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->lead, SKIP_WORD);
}

void define_link(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->link, SKIP_WORD);
}

void define_both(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->both, SKIP_WORD);
}

void define_asks(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->asks, SKIP_WORD);
}

void define_tail(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->tail, SKIP_WORD);
}

void define_address(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->address, SKIP_WORD);
}

void define_leftover(struct build *b, const struct line *l)
{
	struct str rest = l->rest, word;

	if (!build_number(&rest, 20, &b->g->leftover)) {
		complain(
			b, l,
			"expected: leftover N [unless LIST...], N at most 20 characters");
		return;
	}
	if (source_word(&rest, &word) && !str_eq(word, STR("unless")))
		complain(b, l, "expected \"unless\" behind the number");
	else
		b->g->spoil |= build_forbid(b, l, rest);
	b->g->refuse |= b->g->spoil;
}

/* reason N LIST unless LIST... */
void define_reason(struct build *b, const struct line *l)
{
	struct str rest = l->rest, name, word;
	struct grammar *g = b->g;

	if (!build_number(&rest, 20, &g->reason) || !source_word(&rest, &name) ||
	    !source_word(&rest, &word) || !str_eq(word, STR("unless"))) {
		complain(b, l,
		         "expected: reason N LIST unless LIST..., N at most 20 "
		         "characters");
		return;
	}
	g->happens = build_forbid(b, l, name);
	g->unsaid = build_forbid(b, l, rest);
}

/* N unless LIST... */
static void add_limit(struct build *b, const struct line *l, unsigned *most,
                      uint64_t *lists)
{
	struct str rest = l->rest, word;

	if (!build_number(&rest, 20, most) || !source_word(&rest, &word) ||
	    !str_eq(word, STR("unless")))
		complain(b, l, "expected: %.*s N unless LIST..., N at most 20 characters",
		         STR_ARG(l->key));
	else
		*lists = build_forbid(b, l, rest);
}

void define_aside(struct build *b, const struct line *l)
{
	add_limit(b, l, &b->g->aside, &b->g->apart);
}

void define_matter(struct build *b, const struct line *l)
{
	add_limit(b, l, &b->g->matter, &b->g->astray);
}

void define_harmless(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->harmless, SKIP_WORD);
}

void define_wish(struct build *b, const struct line *l)
{
	add_words(b, l, &b->g->wish, SKIP_WORD);
}

void define_sent(struct build *b, const struct line *l)
{
	add_limit(b, l, &b->g->sent, &b->g->unsent);
}

void define_sold(struct build *b, const struct line *l)
{
	add_limit(b, l, &b->g->sold, &b->g->unsold);
}

void define_suggest(struct build *b, const struct line *l)
{
	struct str rest = l->rest, word = { 0 };
	const bool head = source_word(&rest, &word) && str_eq(word, STR("distance")) &&
	                  source_word(&rest, &word) && str_eq(word, STR("1")) &&
	                  source_word(&rest, &word) && str_eq(word, STR("min-length"));

	if (!head || !build_number(&rest, CODE_MAX, &b->g->suggest_min))
		complain(b, l, "expected: suggest distance 1 min-length N");
}

void define_reserve(struct build *b, const struct line *l)
{
	struct str rest = l->rest, word;
	const struct str tail = STR("context > code > say > suggest");

	while (!str_eq(str_trim(rest), tail)) {
		struct intent *it;

		if (!source_word(&rest, &word)) {
			complain(b, l, "expected: reserve INTENT > ... > %s", tail.p);
			return;
		}
		it = build_intent_find(b, word);
		if (it != NULL)
			it->reserved = true;
		else if (!str_eq(word, STR(">")))
			complain(b, l, "expected an intent, not %.*s", STR_ARG(word));
	}
}

void define_prefer(struct build *b, const struct line *l)
{
	struct str rest = l->rest, a = { 0 }, over = { 0 }, z = { 0 };
	const bool whole = source_word(&rest, &a) && source_word(&rest, &over) &&
	                   source_word(&rest, &z) && str_eq(over, STR("over"));
	const struct intent *x = build_intent_find(b, a), *y = build_intent_find(b, z);

	if (!whole || x == NULL || y == NULL || b->g->n_prefer == MAX_PREFER) {
		complain(b, l, "expected: prefer INTENT over INTENT");
		return;
	}
	b->g->prefer[b->g->n_prefer].winner = x;
	b->g->prefer[b->g->n_prefer++].loser = y;
}
