/*
 * match.c - the matching order; see grammar/grammar.h.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "match_priv.h"

/* Of PCRE2, for one template and text. */
enum {
	MATCH_LIMIT = 2000,
	DEPTH_LIMIT = 250,
	HEAP_LIMIT_KIB = 64,
	STACK_START = 32 * 1024,
	STACK_MAX = 64 * 1024
};

enum {
	PROSE = 4 /* words, the least of a sentence of letters */
};

/* A text is read several times, as joined or in parts: each line is said once. */
bool why(const struct query *q, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (q->why == NULL)
		return false;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (str_find(buf_str(q->why), str_of(text)) != SIZE_MAX)
		return false;
	buf_puts(q->why, str_of(text));
	return true;
}

struct grammar_matcher *grammar_matcher_create(const struct grammar *g)
{
	struct grammar_matcher *m = xcalloc(1, sizeof(*m));

	(void)g;
	m->data = pcre2_match_data_create(MAX_PARAMS + 3, NULL);
	m->limits = pcre2_match_context_create(NULL);
	m->stack = pcre2_jit_stack_create(STACK_START, STACK_MAX, NULL);
	assert(m->data != NULL && m->limits != NULL);
	(void)pcre2_set_match_limit(m->limits, MATCH_LIMIT);
	(void)pcre2_set_depth_limit(m->limits, DEPTH_LIMIT);
	(void)pcre2_set_heap_limit(m->limits, HEAP_LIMIT_KIB);
	if (m->stack != NULL)
		pcre2_jit_stack_assign(m->limits, NULL, m->stack);
	return m;
}

void grammar_matcher_destroy(struct grammar_matcher *m)
{
	if (m == NULL)
		return;
	pcre2_jit_stack_free(m->stack);
	pcre2_match_context_free(m->limits);
	pcre2_match_data_free(m->data);
	free(m);
}

struct str grammar_folded(const struct grammar_matcher *m)
{
	return (struct str){ m->whole.p, m->whole.n };
}

static void accept(struct grammar_command *out, const struct hit *h)
{
	assert(h->rule != NULL && h->rule->intent != NULL);
	out->intent = &h->rule->intent->pub;
	memcpy(out->slot, h->slot, h->n_slots * sizeof(h->slot[0]));
	out->n_slots = h->n_slots;
	out->rule = h->rule->where;
}

/* What words mean, and no code: another's figures are not the sender's. */
static void accept_words(const struct query *q, const struct hit *h,
                         struct grammar_command *out)
{
	const struct intent *of_others = others_intent(q, h);
	const struct hit instead = { .rule = of_others != NULL ? of_others->canon
		                                               : NULL };

	accept(out, of_others != NULL ? &instead : h);
}

/*
 * A code as it stands, without words of politeness, or without what wraps it.
 * Politeness is no value either: TS 谢谢.
 */
static bool find_code(const struct query *q, struct hit *out, const struct rule **known)
{
	const struct folded *f = &q->m->whole;
	const bool found = code_find(q, f, 0, f->n, out, known);
	const struct rule *other;
	size_t from = 0, to;

	if (found && (out->n_slots == 0 || !out->rule->wordy))
		return true;
	words_skip(q);
	if (found && q->m->same)
		return true;
	f = words_worked(q);
	if (!q->m->same && code_find(q, f, 0, f->n, out, &other))
		return true;
	to = f->n;
	return words_unwrap(q, f, &from, &to) && code_find(q, f, from, to, out, &other);
}

static bool holds_secret(const struct hit *h)
{
	for (size_t i = 0; i < h->n_slots; i++)
		if (h->slot[i].secret)
			return true;
	return false;
}

static void offer(const struct query *q, const struct hit *h, struct grammar_command *out)
{
	const struct rule *r = h->rule;

	if (r->intent != NULL)
		suggest_add(q, r->intent, h->slot, h->n_slots, out);
	for (size_t i = 0; i < r->n_either; i++)
		suggest_add(q, r->either[i], h->slot, h->n_slots, out);
}

static void refuse_several(const struct query *q, const struct hit *h, size_t n,
                           struct grammar_command *out)
{
	out->several = n > 1 || h->rule->n_either != 1;
	out->withheld = !out->several;
	why(q, out->several ? "more than one command fits: none is carried out\n"
	                    : "what fits is only offered\n");
	for (size_t i = 0; i < n; i++)
		offer(q, &h[i], out);
}

/* It leaves something over, takes words in any order, or any words. */
static bool is_loose(const struct hit *h)
{
	return h->leftover > 0 || h->rule->about != NULL || h->rule->free_text;
}

/* What a loose rule makes of a text that is far more like something else. */
static bool doubt(const struct query *q, const struct hit *said,
                  struct grammar_command *out)
{
	const struct hit own = *said;
	const struct intent *it = said->rule->intent;
	struct hit other;
	enum likely_verdict v;

	if (q->m->terse || it->reserved || !is_loose(said))
		return false;
	v = likely_doubt(q, words_worked(q), own.rule, &other);
	if (v == LIKELY_DONE)
		accept_words(q, &other, out);
	if (v == LIKELY_OFFERED) {
		out->withheld = true;
		suggest_add(q, it, own.slot, own.n_slots, out);
	}
	return v != LIKELY_NONE;
}

/* A question only by some of the words: 没信号了，帮我开通国际漫游. */
static bool is_reason_of(const struct query *q, const struct hit *said, struct hit *order)
{
	return is_loose(said) && said->rule->intent->pub.effect == GRAMMAR_READ &&
	       !said->rule->intent->reserved &&
	       reason_find(q, words_worked(q), true, order);
}

static void accept_said(const struct query *q, const struct hit *said,
                        struct grammar_command *out)
{
	const struct hit own = *said; /* its place is taken by what is looked for */
	struct hit two[2] = { own };
	/* What a question leaves over may be a wish of its own. */
	const bool over = own.leftover > 0 &&
	                  own.rule->intent->pub.effect == GRAMMAR_READ;

	if (is_reason_of(q, &own, &two[0]))
		accept_words(q, &two[0], out);
	else if (clause_disputes(q, words_worked(q), &two[0], &two[1]) ||
	         (over && two_find(q, words_worked(q), two)))
		refuse_several(q, two, 2, out);
	else if (!doubt(q, &own, out))
		accept_words(q, &own, out);
}

/* Which of the rules that fit a text is meant by what it is like; n: it cannot be said. */
static size_t likelier(const struct query *q, const struct hits *hits)
{
	const struct intent *best = q->m->terse ? NULL : likely_one(q, words_worked(q));
	size_t i = 0;

	while (best != NULL && i < hits->n && hits->h[i].rule->intent != best)
		i++;
	return best != NULL ? i : hits->n;
}

static void match_say(const struct query *q, struct grammar_command *out)
{
	struct hits *hits = &q->m->hits;
	size_t one;

	say_find(q, words_worked(q), hits);
	if (hits->n == 0 && words_join(q, words_worked(q)))
		say_find(q, &q->m->joined, hits);
	one = hits->n > 1 ? likelier(q, hits) : 0;
	if (one < hits->n && hits->h[one].rule->intent != NULL)
		accept_said(q, &hits->h[one], out);
	else if (hits->n > 0)
		refuse_several(q, hits->h, hits->n, out);
	else if (q->why != NULL)
		say_explain(q);
}

/*
 * A mark of the intent's unless lists beside a code: KTCL? is asked about.  With its
 * secrets typed a command that costs nothing is meant.
 */
static bool is_asked(const struct query *q, const struct hit *h)
{
	const struct intent *it = h->rule->intent;

	if (it->unless == 0 || (words_marks(q) & it->unless) == 0)
		return false;
	return it->pub.effect == GRAMMAR_CHARGE || !holds_secret(h);
}

static void accept_code(const struct query *q, const struct hit *h,
                        struct grammar_command *out)
{
	if (!is_asked(q, h)) {
		accept(out, h);
		return;
	}
	why(q, "a question about it: it is only offered\n");
	out->withheld = true;
	suggest_add(q, h->rule->intent, h->slot, holds_secret(h) ? 0 : h->n_slots, out);
}

static bool hold_two(const struct query *q, bool anywhere, struct hit two[2])
{
	return code_two(q, &q->m->whole, anywhere, &two[0], &two[1]) ||
	       (!q->m->same && code_two(q, words_worked(q), anywhere, &two[0], &two[1]));
}

/*
 * A code with values may still be two commands: TX 101, also beside politeness.  One that
 * stands there twice is meant, when it is no mere letter: CXYE CXYE.
 */
static bool is_two(const struct query *q, bool anywhere, struct grammar_command *out)
{
	struct hit *two = q->m->hits.h;
	bool parted;

	words_skip(q);
	parted = hold_two(q, false, two);
	if (!parted && (!anywhere || !hold_two(q, true, two)))
		return false;
	if (parted && two[0].rule == two[1].rule && two_same(&two[0], &two[1]) &&
	    (two[0].n_slots > 0 || two[0].rule->code.n >= q->g->suggest_min))
		accept_code(q, &two[0], out);
	else
		refuse_several(q, two, 2, out);
	return true;
}

/* Of what is perhaps meant one keystroke away, it must be one, if there is any. */
static bool is_among(const struct grammar_command *c, const struct hit *h)
{
	for (size_t i = 0; i < c->n_suggestions; i++)
		if (c->suggestion[i].intent == &h->rule->intent->pub)
			return true;
	return c->n_suggestions == 0;
}

/* A clause is that command by a rule, and what stands before it is no reason to doubt it. */
static bool is_ordered(const struct query *q, struct hit *h)
{
	struct hit said;

	if (!reason_find(q, words_worked(q), false, &said) ||
	    said.rule->intent != h->rule->intent)
		return false;
	*h = said;
	return true;
}

/* No rule fits: what texts are like is carried out, or asked where it costs. */
static void match_likely(const struct query *q, struct grammar_command *out)
{
	struct hit h;
	enum likely_verdict v = likely_find(q, words_worked(q), &h);

	if (v == LIKELY_NONE)
		return;
	if ((v == LIKELY_OFFERED || v == LIKELY_REFUSED) && is_ordered(q, &h))
		v = LIKELY_DONE;
	if (v == LIKELY_SURE || (v == LIKELY_DONE && is_among(out, &h))) {
		*out = (struct grammar_command){ .intent = NULL };
		accept_words(q, &h, out);
	}
	if (v == LIKELY_OFFERED && out->n_suggestions == 0)
		suggest_add(q, h.rule->intent, h.slot, h.n_slots, out);
}

/* Words of letters, of which the first only begins like the code: WHICH is not WH. */
static bool is_prose(const struct folded *f, size_t code)
{
	unsigned words = 0;

	for (size_t i = 0; i < f->n; i++)
		words += is_letter(f->p[i]) && (i == 0 || f->p[i - 1] == FOLD_SEP);
	return words >= PROSE && code < f->n && is_letter(f->p[code]);
}

static void match_command(const struct query *q, struct grammar_command *out)
{
	const struct rule *known = NULL;
	struct hit h, two[TWO_MOST];
	size_t n;

	if (find_code(q, &h, &known)) {
		if (h.n_slots == 0 || !is_two(q, false, out))
			accept_code(q, &h, out);
		return;
	}
	if (known != NULL && is_two(q, true, out))
		return;
	match_say(q, out);
	if (out->intent != NULL)
		return;
	/* A reason may name another matter: 马上出国了，开下漫游. */
	if (out->several) {
		if (wrap_words(q, words_worked(q), &h) ||
		    preface_find(q, words_worked(q), &h) ||
		    reason_find(q, words_worked(q), true, &h)) {
			*out = (struct grammar_command){ .intent = NULL };
			accept_words(q, &h, out);
		}
		return;
	}
	if (wrap_find(q, words_worked(q), &h)) {
		accept_code(q, &h, out);
		return;
	}
	if (wrap_words(q, words_worked(q), &h) || preface_find(q, words_worked(q), &h) ||
	    clause_find(q, words_worked(q), &h) ||
	    reason_find(q, words_worked(q), true, &h) ||
	    lead_find(q, words_worked(q), &h) || matter_find(q, words_worked(q), &h)) {
		accept_said(q, &h, out);
		return;
	}
	n = two_find(q, words_worked(q), two) ? 2 : two_values(q, words_worked(q), two);
	if (n > 0) {
		refuse_several(q, two, n, out);
		return;
	}
	if (q->m->terse)
		return;
	if (known != NULL && is_prose(words_worked(q), known->code.n))
		known = NULL;
	unread_suggest(q, known, out);
	/* An answer to a question is for who asked it. */
	if (known == NULL && q->context.kind != GRAMMAR_CONFIRM)
		match_likely(q, out);
}

static bool is_reserved(const struct grammar_command *c)
{
	/* pub is the first member of struct intent. */
	return c->intent != NULL && ((const struct intent *)c->intent)->reserved;
}

/* An answer to what is open; reserved commands come first. */
static void match_context(const struct query *q, struct grammar_command *out)
{
	struct hit h;

	match_command(q, out);
	if (is_reserved(out))
		return;
	words_skip(q);
	if (!say_context(q, words_worked(q), &h) &&
	    !(words_join(q, words_worked(q)) && say_context(q, &q->m->joined, &h)))
		return;
	why(q, "answer at %s\n", h.rule->where);
	*out = (struct grammar_command){ .intent = NULL };
	accept(out, &h);
}

void match_fold(const struct query *q)
{
	q->m->skipped = q->m->refused = false;
	fold_text(q->g->fold, q->raw, &q->m->whole);
	if (same_words(q->g, &q->m->whole, &q->m->joined))
		q->m->whole = q->m->joined;
}

void match_query(const struct query *q, struct grammar_command *out)
{
	*out = (struct grammar_command){ .intent = NULL };
	match_fold(q);
	why(q, "folded \"%.*s\"\n", STR_ARG(grammar_folded(q->m)));
	if (q->m->whole.n == 0)
		return;
	words_address(q);
	words_beg(q);
	if (q->context.kind == GRAMMAR_NO_CONTEXT)
		match_command(q, out);
	else
		match_context(q, out);
	out->withheld = out->intent == NULL && (out->withheld || q->m->refused);
}

void grammar_match(const struct grammar *g, struct grammar_matcher *m, struct str text,
                   struct grammar_context context, int64_t now, struct arena *arena,
                   struct grammar_command *out)
{
	const struct query q = { g, m, text, context, now, arena, NULL };

	match_query(&q, out);
}
