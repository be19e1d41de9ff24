/*
 * load.c - a grammar from its files to the object, and back to nothing.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "build.h"

enum {
	ARENA_MAX = 1 << 30
};

void grammar_destroy(struct grammar *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->n_rules; i++) {
		pcre2_code_free(g->rule[i]->exact);
		pcre2_code_free(g->rule[i]->loose);
	}
	for (size_t i = 0; i < g->n_prefaces; i++) {
		pcre2_code_free(g->preface[i].before);
		pcre2_code_free(g->preface[i].behind);
	}
	for (size_t i = 0; i < g->n_lists; i++)
		list_free(g->list[i]);
	trie_free(&g->codes);
	trie_free(&g->skip);
	trie_free(&g->carrier);
	trie_free(&g->hearsay);
	trie_free(&g->advert);
	trie_free(&g->harmless);
	trie_free(&g->wish);
	trie_free(&g->begging);
	trie_free(&g->tail);
	trie_free(&g->address);
	trie_free(&g->lead);
	trie_free(&g->link);
	trie_free(&g->both);
	trie_free(&g->asks);
	trie_free(&g->trail);
	trie_free(&g->same);
	trie_free(&g->sound);
	trie_free(&g->anchors);
	trie_free(&g->preface_word);
	trie_free(&g->forbid);
	trie_free(&g->vocabulary);
	pcre2_compile_context_free(g->compile);
	arena_free(&g->arena);
	free(g);
}

/* The warnings and the first complaint are worth nothing if what they speak of is absent. */
static void look(struct build *b)
{
	if (b->errors == 0)
		lint_run(b);
	if (b->errors == 0)
		examples_run(b);
}

static void look_away(struct build *b)
{
	(void)b;
}

static enum err build(struct build *b, const char *path, void (*judge)(struct build *b))
{
	enum err e = source_read(b, path);

	if (e != ERR_OK)
		return e;
	build_all(b);
	judge(b);
	return b->errors == 0 ? ERR_OK : ERR_SYNTAX;
}

static enum err load(const char *path, const struct fold *fold, int64_t today,
                     void (*judge)(struct build *b), struct grammar **out,
                     struct buf *report, struct fault *fault)
{
	struct grammar *g = xcalloc(1, sizeof(*g));
	struct build b = { .g = g, .report = report, .fault = fault };
	enum err e;

	g->arena = arena_make(ARENA_MAX);
	g->fold = fold;
	g->today = today;
	g->compile = pcre2_compile_context_create(NULL);
	e = build(&b, path, judge);
	if (e != ERR_OK) {
		grammar_destroy(g);
		return e;
	}
	*out = g;
	return ERR_OK;
}

enum err grammar_load(const char *path, const struct fold *fold, int64_t today,
                      struct grammar **out, struct buf *report, struct fault *fault)
{
	return load(path, fold, today, look, out, report, fault);
}

enum err grammar_load_unjudged(const char *path, const struct fold *fold, int64_t today,
                               struct grammar **out, struct fault *fault)
{
	return load(path, fold, today, look_away, out, NULL, fault);
}

const char *grammar_revision(const struct grammar *g)
{
	return g->revision.p != NULL ? g->revision.p : "";
}

size_t grammar_intents(const struct grammar *g)
{
	return g->n_intents;
}

const struct grammar_intent *grammar_intent(const struct grammar *g, size_t index)
{
	return &g->intent[index]->pub;
}

struct str grammar_code(const struct grammar_intent *intent)
{
	/* pub is the first member of struct intent. */
	const struct rule *r = ((const struct intent *)intent)->canon;

	return r != NULL ? r->code : STR("");
}

void grammar_summary(const struct grammar *g, struct buf *out)
{
	size_t codes = 0, templates = 0;

	for (size_t i = 0; i < g->n_rules; i++) {
		codes += g->rule[i]->kind == RULE_CODE ? 1 : 0;
		templates += g->rule[i]->kind != RULE_CODE ? 1 : 0;
	}
	buf_printf(out, "%zu intents, %zu codes, %zu templates, %zu examples",
	           g->n_intents, codes, templates, g->n_examples);
}
