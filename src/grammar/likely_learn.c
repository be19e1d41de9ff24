/*
 * likely_learn.c - from `likely FILE` lines to what likely.c asks; see likely.h.
 *
 * A file holds INTENT<tab>text, a line each; the intent is "unknown" for texts of no
 * service, so that likeness is also found with those.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "build.h"
#include "likely.h"
#include "match_priv.h"

struct likely_learn {
	const struct line *line; /* the first `likely` */
	struct said {
		struct str text; /* in the grammar's arena */
		uint16_t meaning;
	} * said;
	size_t n_said, cap_said;
	struct likely_texts texts;
	size_t cap, cap_texts;
	struct rule *rule[MAX_INTENTS + 1]; /* of each meaning; the first is NULL */
	uint64_t *refused;
	size_t n_refused, cap_refused;
};

static size_t meaning_of(struct build *b, struct intent *it)
{
	struct likely_learn *t = b->learn;
	struct rule *r;

	for (size_t i = 0; i < t->texts.n_meanings; i++)
		if ((t->rule[i] != NULL ? t->rule[i]->intent : NULL) == it)
			return i;
	r = arena_new(&b->g->arena, struct rule);
	r->line = t->line;
	r->intent = it;
	r->where =
		arena_printf(&b->g->arena, "%s:%u likely", t->line->file, t->line->no).p;
	t->rule[t->texts.n_meanings] = r;
	return t->texts.n_meanings++;
}

/* For one more text of n features. */
static void make_room(struct likely_learn *t, size_t n)
{
	struct likely_texts *x = &t->texts;

	if (x->n + n > t->cap) {
		t->cap = 2 * (t->cap + n);
		x->feature = xrealloc(x->feature, t->cap * sizeof(x->feature[0]));
	}
	if (x->n_texts == t->cap_texts) {
		t->cap_texts = 2 * t->cap_texts + 64;
		x->text = xrealloc(x->text, t->cap_texts * sizeof(x->text[0]));
	}
}

static void add_text(struct likely_learn *t, size_t meaning,
                     const struct likely_features *f)
{
	struct likely_texts *x = &t->texts;

	make_room(t, f->n);
	x->text[x->n_texts++] = (struct likely_text){ x->n, f->n, (uint16_t)meaning };
	memcpy(x->feature + x->n, f->of, f->n * sizeof(f->of[0]));
	x->n += f->n;
}

/* it is NULL for a text of no service. */
static void note(struct build *b, struct intent *it, struct str text)
{
	struct likely_learn *t = b->learn;

	if (t->n_said == t->cap_said) {
		t->cap_said = 2 * t->cap_said + 64;
		t->said = xrealloc(t->said, t->cap_said * sizeof(t->said[0]));
	}
	t->said[t->n_said++] = (struct said){ text, (uint16_t)meaning_of(b, it) };
}

static void read_texts(struct build *b, struct str file, struct str set)
{
	struct line at = { .file = arena_str(&b->g->arena, file).p };
	struct str line, name = STR("");
	struct intent *it;

	for (at.no = 1; str_cut(&set, '\n', &line); at.no++) {
		if (line.n == 0 || line.p[0] == '#')
			continue;
		(void)str_cut(&line, '\t', &name);
		it = build_intent_find(b, name);
		if (str_trim(line).n == 0 ||
		    (it == NULL && !str_eq(name, STR("unknown"))))
			complain(b, &at,
			         "expected INTENT<tab>text, an intent of the grammar or "
			         "unknown, not \"%.*s\"",
			         STR_ARG(name));
		else
			note(b, it, line);
	}
}

void define_likely(struct build *b, const struct line *l)
{
	struct arena *a = &b->g->arena;
	struct str rest = l->rest, file, set, word = STR("unless");

	if (!source_word(&rest, &file) ||
	    (source_word(&rest, &word) && !str_eq(word, STR("unless"))) ||
	    str_find(file, STR("/")) != SIZE_MAX ||
	    source_file(a, arena_printf(a, "%.*s%.*s", STR_ARG(b->dir), STR_ARG(file)).p,
	                &set) != ERR_OK) {
		complain(
			b, l,
			"expected: likely FILE [unless LIST...], beside this one and of at most %d "
			"octets; %.*s cannot be read",
			MAX_FILE, STR_ARG(l->rest));
		return;
	}
	if (b->learn == NULL) {
		b->learn = xcalloc(1, sizeof(*b->learn));
		b->learn->line = l;
		b->learn->texts.n_meanings = 1;
	}
	if (str_trim(rest).n > 0)
		b->g->unlike |= build_forbid(b, l, rest);
	read_texts(b, file, set);
}

/* Whether some rule of it takes no value that must be there. */
static bool needs_nothing(const struct grammar *g, const struct intent *it)
{
	for (size_t i = 0; i < g->n_rules; i++) {
		const struct rule *r = g->rule[i];
		bool bare = r->intent == it && r->kind != RULE_CONTEXT;

		for (size_t k = 0; k < r->n_params; k++)
			bare = bare && r->param[k].optional;
		if (bare)
			return true;
	}
	return false;
}

static void settle(const struct build *b, const struct likely_learn *t,
                   struct likely *out)
{
	for (size_t i = 0; i < t->texts.n_meanings; i++) {
		const struct intent *it = t->rule[i] != NULL ? t->rule[i]->intent : NULL;

		out->meaning[i] = (struct likely_meaning){
			.rule = t->rule[i],
			.served = it != NULL &&
			          (it->pub.effect == GRAMMAR_READ || it->alike),
			.bare = it != NULL && needs_nothing(b->g, it)
		};
	}
	out->n_meanings = t->texts.n_meanings;
}

static void learn(struct likely_learn *t, const struct query *q, uint16_t meaning)
{
	struct likely_features features;

	match_fold(q);
	words_skip(q);
	likely_features(q->g, words_worked(q), &features);
	add_text(t, meaning, &features);
	if (meaning != 0)
		return;
	if (t->n_refused == t->cap_refused) {
		t->cap_refused = 2 * t->cap_refused + 64;
		t->refused = xrealloc(t->refused, t->cap_refused * sizeof(t->refused[0]));
	}
	t->refused[t->n_refused++] = likely_hash(features.of, features.n);
}

/* As they will be looked at: folded, without politeness. */
static void learn_said(const struct build *b, struct likely_learn *t)
{
	struct grammar_matcher *m = grammar_matcher_create(b->g);

	for (size_t i = 0; i < t->n_said; i++) {
		const struct query q = { .g = b->g, .m = m, .raw = t->said[i].text };

		learn(t, &q, t->said[i].meaning);
	}
	grammar_matcher_destroy(m);
}

/* From what each text means to whether it is an order. */
static void as_orders(struct likely_texts *t, const struct likely *l)
{
	for (size_t i = 0; i < t->n_texts; i++) {
		const struct likely_meaning *m = &l->meaning[t->text[i].meaning];

		t->text[i].meaning = m->rule != NULL && !m->served ? LIKELY_ORDER
		                                                   : LIKELY_NO_ORDER;
	}
	t->n_meanings = LIKELY_ORDERS;
}

void likely_build(struct build *b)
{
	struct likely_learn *t = b->learn;
	struct likely *out;

	if (t == NULL)
		return;
	for (size_t i = 0; i < b->g->n_examples; i++) {
		const struct example *x = b->g->example[i];

		if (x->context == GRAMMAR_NO_CONTEXT)
			note(b, x->positive ? b->g->intent[x->intent->pub.index] : NULL,
			     x->text);
	}
	learn_said(b, t);
	out = arena_new(&b->g->arena, struct likely);
	settle(b, t, out);
	likely_weigh(&t->texts, &b->g->arena, &out->meanings);
	as_orders(&t->texts, out);
	likely_weigh(&t->texts, &b->g->arena, &out->orders);
	out->refused = arena_array(&b->g->arena, uint64_t, t->n_refused + 1);
	out->n_refused = t->n_refused;
	if (t->n_refused > 0)
		memcpy(out->refused, t->refused, t->n_refused * sizeof(t->refused[0]));
	qsort(out->refused, out->n_refused, sizeof(out->refused[0]), likely_compare);
	b->g->likely = out;
	free(t->refused);
	free(t->said);
	free(t->texts.feature);
	free(t->texts.text);
	free(t);
	b->learn = NULL;
}
