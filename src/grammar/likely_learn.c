/*
 * likely_learn.c - from `likely FILE` lines to what likely.c asks; see likely.h.
 *
 * A file holds INTENT<tab>text, a line each; the intent is "unknown" for texts of no
 * service, so that likeness is also found with those.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "build.h"
#include "likely.h"
#include "match_priv.h"

/* Each feature counts as if every meaning had had this much of it besides. */
static const double unseen = 0.1;
/* Of what a meaning's share of the texts says: they are no sample of what is sent. */
static const double prior_weight = 0.5;

struct seen {
	uint64_t feature;
	uint16_t meaning;
};

struct likely_learn {
	const struct line *line; /* the first `likely` */
	struct seen *seen;
	size_t n, cap;
	struct rule *rule[MAX_INTENTS + 1]; /* of each meaning; the first is NULL */
	unsigned texts[MAX_INTENTS + 1], features[MAX_INTENTS + 1];
	size_t n_meanings;
	uint64_t *refused;
	size_t n_refused, cap_refused;
};

static size_t meaning_of(struct build *b, struct intent *it)
{
	struct likely_learn *t = b->learn;
	struct rule *r;

	for (size_t i = 0; i < t->n_meanings; i++)
		if ((t->rule[i] != NULL ? t->rule[i]->intent : NULL) == it)
			return i;
	r = arena_new(&b->g->arena, struct rule);
	r->line = t->line;
	r->intent = it;
	r->where =
		arena_printf(&b->g->arena, "%s:%u likely", t->line->file, t->line->no).p;
	t->rule[t->n_meanings] = r;
	return t->n_meanings++;
}

/* it is NULL for a text of no service. */
static void learn(struct build *b, struct intent *it, struct str text)
{
	struct likely_learn *t = b->learn;
	const size_t meaning = meaning_of(b, it);
	struct likely_features features;
	struct folded folded, same;

	fold_text(b->g->fold, text, &folded);
	likely_features(same_words(b->g, &folded, &same) ? &same : &folded, &features);
	if (t->n + features.n > t->cap) {
		t->cap = 2 * (t->cap + features.n);
		t->seen = xrealloc(t->seen, t->cap * sizeof(t->seen[0]));
	}
	for (size_t i = 0; i < features.n; i++)
		t->seen[t->n++] = (struct seen){ features.of[i], (uint16_t)meaning };
	if (it == NULL) {
		if (t->n_refused == t->cap_refused) {
			t->cap_refused = 2 * t->cap_refused + 64;
			t->refused = xrealloc(t->refused,
			                      t->cap_refused * sizeof(t->refused[0]));
		}
		t->refused[t->n_refused++] = likely_hash(&features);
	}
	t->texts[meaning]++;
	t->features[meaning] += (unsigned)features.n;
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
			learn(b, it, line);
	}
}

void define_likely(struct build *b, const struct line *l)
{
	struct arena *a = &b->g->arena;
	struct str rest = l->rest, file, set;

	if (!source_word(&rest, &file) || str_trim(rest).n > 0 ||
	    str_find(file, STR("/")) != SIZE_MAX ||
	    source_file(a, arena_printf(a, "%.*s%.*s", STR_ARG(b->dir), STR_ARG(file)).p,
	                &set) != ERR_OK) {
		complain(b, l,
		         "expected: likely FILE, beside this one and of at most %d "
		         "octets; %.*s cannot be read",
		         MAX_FILE, STR_ARG(l->rest));
		return;
	}
	if (b->learn == NULL) {
		b->learn = xcalloc(1, sizeof(*b->learn));
		b->learn->line = l;
		b->learn->n_meanings = 1;
	}
	read_texts(b, file, set);
}

static int by_feature(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->feature != y->feature)
		return x->feature < y->feature ? -1 : 1;
	return (int)x->meaning - (int)y->meaning;
}

static int32_t score(double p)
{
	return (int32_t)lround(log(p) * LIKELY_UNIT);
}

/* One gain for each feature and meaning that were seen together. */
static void count(const struct likely_learn *t, struct likely *out)
{
	size_t gains = 0;

	for (size_t i = 0, times; i < t->n; i += times) {
		for (times = 1; i + times < t->n &&
		                by_feature(&t->seen[i], &t->seen[i + times]) == 0;)
			times++;
		if (i == 0 || t->seen[i].feature != t->seen[i - 1].feature) {
			out->feature[out->n] = t->seen[i].feature;
			out->first[out->n++] = (uint32_t)gains;
		}
		out->gain[gains++] = (struct likely_gain){
			score(((double)times + unseen) / unseen), t->seen[i].meaning
		};
	}
	out->first[out->n] = (uint32_t)gains;
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
	unsigned texts = 0;

	for (size_t i = 0; i < t->n_meanings; i++)
		texts += t->texts[i];
	for (size_t i = 0; i < t->n_meanings; i++) {
		const struct intent *it = t->rule[i] != NULL ? t->rule[i]->intent : NULL;

		out->meaning[i] = (struct likely_meaning){
			.rule = t->rule[i],
			.prior = (int32_t)(prior_weight * score((t->texts[i] + unseen) /
			                                        (texts + unseen))),
			.absent = score(unseen /
			                (t->features[i] + unseen * (double)out->n)),
			.served = it != NULL &&
			          (it->pub.effect == GRAMMAR_READ || it->alike),
			.bare = it != NULL && needs_nothing(b->g, it)
		};
	}
	out->n_meanings = t->n_meanings;
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
			learn(b, x->positive ? b->g->intent[x->intent->pub.index] : NULL,
			      x->text);
	}
	qsort(t->seen, t->n, sizeof(t->seen[0]), by_feature);
	out = arena_new(&b->g->arena, struct likely);
	out->feature = arena_array(&b->g->arena, uint64_t, t->n + 1);
	out->first = arena_array(&b->g->arena, uint32_t, t->n + 1);
	out->gain = arena_array(&b->g->arena, struct likely_gain, t->n + 1);
	out->refused = arena_array(&b->g->arena, uint64_t, t->n_refused + 1);
	out->n_refused = t->n_refused;
	if (t->n_refused > 0)
		memcpy(out->refused, t->refused, t->n_refused * sizeof(t->refused[0]));
	qsort(out->refused, out->n_refused, sizeof(out->refused[0]), likely_order);
	count(t, out);
	settle(b, t, out);
	b->g->likely = out;
	free(t->refused);
	free(t->seen);
	free(t);
	b->learn = NULL;
}
