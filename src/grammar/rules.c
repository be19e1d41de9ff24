/*
 * rules.c - codes, templates, contexts and examples of an intent.
 */
#include <stdio.h>

#include "build.h"
#include "match_priv.h"
#include "slot.h"

struct rule *rule_new(struct build *b, const struct line *l, enum rule_kind kind,
                      struct intent *it)
{
	struct rule *r;

	if (b->g->n_rules == MAX_RULES) {
		complain(b, l, "at most %d rules", MAX_RULES);
		return NULL;
	}
	r = arena_new(&b->g->arena, struct rule);
	r->kind = kind;
	r->line = l;
	r->intent = it;
	r->index = (unsigned)b->g->n_rules;
	r->where = arena_printf(&b->g->arena, "%s:%u %.*s", l->file, l->no,
	                        STR_ARG(l->key))
	                   .p;
	b->g->rule[b->g->n_rules++] = r;
	if (it != NULL)
		it->has_rule = true;
	return r;
}

/* -- codes --------------------------------------------------------------------- */

static bool code_is_good(struct build *b, const struct line *l, struct str code)
{
	bool good = code.n > 0 && code.n <= CODE_MAX;

	for (size_t i = 0; i < code.n; i++)
		good = good && (is_digit(code.p[i]) || is_letter(code.p[i]));
	if (!good)
		complain(
			b, l,
			"expected a code of letters and digits, at most %d, not \"%.*s\"",
			CODE_MAX, STR_ARG(code));
	return good;
}

static struct rule **code_chain(struct grammar *g, struct str code)
{
	uint32_t *value = trie_value(&g->codes, code);

	if (*value == 0) {
		*value = (uint32_t)g->n_rules; /* the rule just made */
		return NULL;
	}
	struct rule **p = &g->rule[*value - 1];
	while (*p != NULL)
		p = &(*p)->same;
	return p;
}

static void add_code(struct build *b, const struct line *l, struct str text,
                     const struct param *params, size_t n)
{
	const struct str code = build_fold(b, text, true);
	struct rule **tail, *r;

	if (!code_is_good(b, l, code))
		return;
	r = rule_new(b, l, RULE_CODE, b->intent);
	if (r == NULL)
		return;
	r->code = code;
	r->digits = is_digit(code.p[0]);
	r->fresh = str_eq(l->key, STR("newcode"));
	memcpy(r->param, params, n * sizeof(params[0]));
	r->n_params = n;
	for (size_t i = 0; i < n; i++)
		r->wordy = r->wordy || params[i].type->kind->words;
	tail = code_chain(b->g, code);
	if (tail != NULL)
		*tail = r;
	if (b->intent->canon == NULL)
		b->intent->canon = r;
}

/* CXZD|CXHF|102 {month?} */
void rule_code(struct build *b, const struct line *l)
{
	struct str rest = l->rest, codes = { 0 }, word, one;
	struct param params[MAX_PARAMS];
	size_t n = 0;

	if (!source_word(&rest, &codes))
		complain(b, l, "expected: code CODE|CODE {slot} {slot?}");
	while (source_word(&rest, &word)) {
		const bool braces = word.n > 2 && word.p[0] == '{' &&
		                    word.p[word.n - 1] == '}';

		if (!braces || n == MAX_PARAMS) {
			complain(b, l, "expected at most %d slots in braces, not %.*s",
			         MAX_PARAMS, STR_ARG(word));
			return;
		}
		if (!expr_param(b, l, (struct str){ word.p + 1, word.n - 2 },
		                &params[n++]))
			return;
	}
	while (codes.n > 0 && str_cut(&codes, '|', &one))
		add_code(b, l, one, params, n);
}

/* -- templates ----------------------------------------------------------------- */

/* Groups: what is in front, the slots in order, what is behind. */
pcre2_code *rule_compile(struct build *b, const struct line *l, const char *front,
                         struct str core, const char *behind)
{
	struct buf p = buf_make((size_t)2 * MAX_PATTERN);
	int error = 0;
	PCRE2_SIZE at = 0;
	pcre2_code *re;

	buf_printf(&p, "\\A(%s)(?:%.*s) ?(%s)\\z", front, STR_ARG(core), behind);
	re = pcre2_compile((PCRE2_SPTR)buf_cstr(&p), p.n,
	                   PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &at,
	                   b->g->compile);
	buf_free(&p);
	if (re == NULL)
		complain(b, l,
		         "expected a template that can be compiled (pattern error %d)",
		         error);
	else
		(void)pcre2_jit_compile(re,
		                        PCRE2_JIT_COMPLETE); /* else it is slower only */
	return re;
}

static bool compile_both(struct build *b, const struct line *l, struct rule *r,
                         struct str core)
{
	char front[40], behind[40];

	r->exact = rule_compile(b, l, "", core, "");
	if (r->exact == NULL || r->leftover == 0)
		return r->exact != NULL;
	/* Separators do not count as left over. */
	(void)snprintf(front, sizeof(front), "[^0-9A-Z]{0,%u}?", r->leftover + 3);
	(void)snprintf(behind, sizeof(behind), "[^0-9A-Z]{0,%u}", r->leftover + 3);
	r->loose = rule_compile(b, l, front, core, behind);
	return r->loose != NULL;
}

void rule_anchor(struct build *b, const struct rule *r, struct str word)
{
	struct grammar *g = b->g;
	struct anchor *a = arena_new(&g->arena, struct anchor);
	uint32_t *value = trie_value(&g->anchors, word);

	if (*value == 0) {
		if (g->n_anchors == MAX_ANCHORS) {
			complain(b, r->line, "at most %d required words", MAX_ANCHORS);
			return;
		}
		if (g->anchor_word == NULL)
			g->anchor_word = arena_array(&g->arena, struct str, MAX_ANCHORS);
		g->anchor_word[g->n_anchors] = word;
		g->anchor[g->n_anchors++] = NULL;
		*value = (uint32_t)g->n_anchors;
	}
	*a = (struct anchor){ r, g->anchor[*value - 1] };
	g->anchor[*value - 1] = a;
}

/* Fills a rule from its template; intents' texts are found by their required words. */
static bool fill(struct build *b, const struct line *l, struct rule *r, struct str text)
{
	struct expr *e = expr_compile(b, l, text);

	if (e == NULL)
		return false;
	r->n_params = e->n_params;
	r->bare = e->bare;
	memcpy(r->param, e->param, sizeof(e->param));
	for (size_t i = 0; i < e->n_params; i++)
		r->free_text = r->free_text || e->param[i].type->kind->anything;
	/* Free text covers all there is. */
	r->leftover = r->free_text ? 0 : r->leftover;
	if (!compile_both(b, l, r, e->pattern))
		return false;
	r->sample = e->samples.s;
	r->n_samples = e->samples.n;
	if (r->kind == RULE_CONTEXT)
		return true;
	if (e->required.n == 0)
		complain(b, l,
		         "expected a template that needs a word of its own, not slots or "
		         "[..] alone");
	for (size_t i = 0; i < e->required.n; i++)
		rule_anchor(b, r, e->required.s[i]);
	return true;
}

/* The lists of which each sample holds a word: what the template says itself. */
static uint64_t own_lists(const struct build *b, const struct rule *r)
{
	uint64_t own = r->n_samples > 0 ? ~(uint64_t)0 : 0;

	for (size_t i = 0; i < r->n_samples && own != 0; i++) {
		struct folded f = { .n = r->sample[i].n };

		if (f.n > FOLD_MAX)
			return 0;
		memcpy(f.p, r->sample[i].p, f.n);
		own &= words_forbidding(b->g, &f, UINT64_MAX);
	}
	return own;
}

void rule_say(struct build *b, const struct line *l)
{
	struct rule *r = rule_new(b, l, RULE_SAY, b->intent);

	if (r == NULL)
		return;
	r->leftover = b->intent->leftover;
	if (!fill(b, l, r, l->rest))
		b->g->n_rules--;
	else
		r->own = own_lists(b, r);
}

/* either 话费 = balance.query | bill.query;  offer 充话费 = order.elsewhere */
void rule_either(struct build *b, const struct line *l)
{
	struct rule *r = rule_new(b, l, RULE_EITHER, NULL);
	struct str rest = l->rest, template, name;

	if (r == NULL)
		return;
	(void)str_cut(&rest, '=', &template);
	while (rest.p != NULL && str_cut(&rest, '|', &name)) {
		struct intent *it = build_intent_find(b, str_trim(name));

		if (it != NULL && r->n_either < MAX_EITHER)
			r->either[r->n_either++] = it;
		else
			complain(b, l,
			         "expected the names of at most %d intents, not %.*s",
			         MAX_EITHER, STR_ARG(str_trim(name)));
	}
	const bool one = str_eq(l->key, STR("offer"));

	if (r->n_either < (one ? 1U : 2U))
		complain(b, l, "expected: %.*s TEMPLATE = INTENT%s", STR_ARG(l->key),
		         one ? "" : " | INTENT");
	if (!fill(b, l, r, template))
		b->g->n_rules--;
}

static const struct {
	const char *context, *key, *intent;
	enum grammar_context_kind kind;
} answers[] = {
	{ "confirm", "yes", "confirm.yes", GRAMMAR_CONFIRM },
	{ "confirm", "no", "confirm.no", GRAMMAR_CONFIRM },
	{ "confirm", "soft", "confirm.soft", GRAMMAR_CONFIRM },
	{ "menu", "pick", "menu.select", GRAMMAR_MENU },
};

void rule_context(struct build *b, const struct line *l)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct intent *it = build_intent_find(b, str_of(answers[i].intent));
		struct rule *r;

		if (strcmp(b->context, answers[i].context) != 0 ||
		    !str_eq(l->key, str_of(answers[i].key)))
			continue;
		if (it == NULL) {
			complain(b, l, "expected an intent %s to be defined",
			         answers[i].intent);
			return;
		}
		r = rule_new(b, l, RULE_CONTEXT, it);
		if (r == NULL)
			return;
		r->context = answers[i].kind;
		if (!fill(b, l, r, l->rest))
			b->g->n_rules--;
		return;
	}
	complain(b, l, "expected yes, no or soft under confirm, pick under menu");
}

/* -- examples ------------------------------------------------------------------ */

/* "confirm", "menu:5" */
static bool read_context(struct example *x, struct str word)
{
	int64_t n = 0;

	if (str_eq(word, STR("confirm"))) {
		x->context = GRAMMAR_CONFIRM;
		return true;
	}
	if (!str_starts(word, STR("menu:")) ||
	    str_i64((struct str){ word.p + 5, word.n - 5 }, &n) != ERR_OK || n < 1 ||
	    n > 99)
		return false;
	x->context = GRAMMAR_MENU;
	x->menu_n = (unsigned)n;
	return true;
}

/* ok "text" [confirm|menu:N] [slot=value ...] */
void rule_example(struct build *b, const struct line *l)
{
	struct arena *a = &b->g->arena;
	struct example *x = arena_new(a, struct example);
	struct str rest = l->rest, word;
	const bool quoted = rest.n > 0 && rest.p[0] == '"';

	if (!quoted || !source_word(&rest, &x->text) ||
	    b->g->n_examples == MAX_EXAMPLES) {
		complain(b, l,
		         "expected: %.*s \"text\" [confirm|menu:N] [slot=value ...]",
		         STR_ARG(l->key));
		return;
	}
	x->line = l;
	x->intent = b->intent;
	x->positive = str_eq(l->key, STR("ok"));
	x->slots = STR("");
	while (source_word(&rest, &word)) {
		if (str_find(word, STR("=")) != SIZE_MAX)
			x->slots = arena_printf(a, "%.*s%s%.*s", STR_ARG(x->slots),
			                        x->slots.n > 0 ? " " : "", STR_ARG(word));
		else if (!read_context(x, word))
			complain(b, l, "expected confirm, menu:N or slot=value, not %.*s",
			         STR_ARG(word));
	}
	b->intent->has_no = b->intent->has_no || !x->positive;
	b->g->example[b->g->n_examples++] = x;
}

/* -- codes as sent ------------------------------------------------------------- */

static void add_full(struct grammar *g, const struct rule *r, const struct list_entry *e)
{
	if (g->n_full == MAX_FULL)
		return;
	g->full[g->n_full++] = (struct full_code){
		e == NULL ? r->code
			  : arena_printf(&g->arena, "%.*s%.*s", STR_ARG(r->code),
		                         STR_ARG(e->code)),
		r, e
	};
}

void rules_full(struct build *b)
{
	struct grammar *g = b->g;

	g->full = arena_array(&g->arena, struct full_code, MAX_FULL);
	for (size_t i = 0; i < g->n_rules; i++) {
		const struct rule *r = g->rule[i];
		const struct list *l = r->kind == RULE_CODE && r->n_params > 0
		                               ? r->param[0].type->list
		                               : NULL;

		if (r->kind == RULE_CODE)
			add_full(g, r, NULL);
		for (size_t k = 0; l != NULL && k < l->n; k++)
			add_full(g, r, &l->entry[k]);
	}
}
