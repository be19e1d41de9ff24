/*
 * match_priv.h - one text on its way through the matching order.
 */
#ifndef GRAMMAR_MATCH_PRIV_H
#define GRAMMAR_MATCH_PRIV_H

#include "grammar_priv.h"
#include "slot.h"

enum {
	HITS = 8,            /* rules kept that fit one text */
	SENTENCE_MAX = 300,  /* octets folded; no longer text fits a template, ... */
	FREE_TEXT_MAX = 1200 /* ... unless that takes in free text */
};

/* A rule that fits, with its values. */
struct hit {
	const struct rule *rule;
	struct grammar_slot slot[GRAMMAR_SLOTS];
	size_t n_slots;
	unsigned leftover; /* characters not covered */
	size_t begin, end; /* what is covered, octets of the worked text */
};

struct hits {
	struct hit h[HITS];
	size_t n;
};

struct grammar_matcher {
	pcre2_match_data *data;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
	struct folded whole;  /* the text folded */
	struct folded worked; /* the same without skip words */
	struct folded joined; /* worked without separators between Han characters */
	struct folded part;   /* what a template left over */
	bool skipped;         /* words_skip has been through this text */
	bool same;            /* no skip word was found: worked is not filled */
	struct hits hits;
	uint32_t stamp, seen[MAX_RULES];
	const struct rule *candidate[MAX_RULES];
	size_t n_candidates;
};

struct query {
	const struct grammar *g;
	struct grammar_matcher *m;
	struct str raw;
	struct grammar_context context;
	int64_t now;
	struct arena *arena;
	struct buf *why; /* explain's, or NULL */
};

void why(const struct query *q, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* words.c: fills m->worked, or sets m->same; once a text. */
void words_skip(const struct query *q);
/* Fills m->joined from f; false when there was nothing to join, or f is no sentence. */
bool words_join(const struct query *q, const struct folded *f);
/* Takes carrier words off both ends of f; false when there was none. */
bool words_unwrap(const struct query *q, const struct folded *f, size_t *from,
                  size_t *to);
/* The lists of which the folded text, or for marks the raw one, holds a word. */
uint64_t words_forbidden(const struct query *q);

/*
 * code.c: the longest code that the part begins with and whose slots take in the
 * rest of it.  When there is none, *known is a rule whose code was recognised.
 */
bool code_find(const struct query *q, const struct folded *f, size_t from, size_t to,
               struct hit *out, const struct rule **known);
/* Two whole commands one behind the other; anywhere = also without a separator. */
bool code_two(const struct query *q, bool anywhere, struct hit *first,
              struct hit *second);

/* say.c: all templates that fit, the less specific ones already dropped. */
void say_find(const struct query *q, const struct folded *f, struct hits *out);
bool say_context(const struct query *q, const struct folded *f, struct hit *out);
/* Says which templates nearly fitted the text of the last say_find. */
void say_explain(const struct query *q);

/* suggest.c */
void suggest_add(const struct query *q, const struct intent *it,
                 const struct grammar_slot *slots, size_t n, struct grammar_command *out);
void suggest_near(const struct query *q, struct grammar_command *out);
/*
 * Whether one insertion, deletion, substitution or exchange of neighbours leads
 * from a to b; letters only: digits must be alike but for look-alikes.  *cost is
 * 1 for neighbouring keys, exchanges and look-alikes, 2 for others.
 */
bool suggest_distance(struct str a, struct str b, unsigned *cost);

/* match.c */
void match_query(const struct query *q, struct grammar_command *out);

/* print.c: the value as examples and JSON write it. */
void print_value(const struct grammar_slot *s, struct buf *out);

#endif
