/*
 * match_priv.h - one text on its way through the matching order.
 */
#ifndef GRAMMAR_MATCH_PRIV_H
#define GRAMMAR_MATCH_PRIV_H

#include "grammar_priv.h"
#include "slot.h"

enum {
	HITS = 8,             /* rules kept that fit one text */
	SPANS = 512,          /* words of the vocabulary found in one text */
	SENTENCE_MAX = 300,   /* octets folded; no longer text fits a template, ... */
	FREE_TEXT_MAX = 1200, /* ... unless that takes in free text */
	BESIDE_MIN = 13,      /* octets of a command and what stands beside it */
	CLAUSE_CUTS = 4       /* places where a text is parted into clauses */
};

/* A rule that fits, with its values. */
struct hit {
	const struct rule *rule;
	struct grammar_slot slot[GRAMMAR_SLOTS];
	size_t n_slots;
	unsigned leftover; /* characters not covered */
	size_t begin, end; /* what is covered, octets of the worked text */
	size_t weight;     /* octets of words that tell this intent from others */
};

/* A word of the vocabulary, or a slot's value, in a text. */
struct word_span {
	uint16_t from, to;
	int word; /* -1: a value */
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
	bool terse;   /* a sample of a rule: likeness and suggestions are not asked */
	bool skipped; /* words_skip has been through this text */
	bool begged;  /* whole was a polite order that ended as a question */
	bool refused; /* a word of the text forbids what a rule would be */
	bool same;    /* no skip word was found: worked is not filled */
	struct hits hits;
	struct hits contenders; /* about rules that only another one's words keep away */
	struct word_span span[SPANS];
	size_t n_spans;
	struct wordset present; /* the words of span, ... */
	uint16_t some[SPANS];   /* ... and where of present they are */
	size_t n_some;
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

/* explain: adds what was not said before; whether it did. */
bool why(const struct query *q, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* same.c: f with each word of a dialect as the one it stands for; false: holds none. */
bool same_words(const struct grammar *g, const struct folded *f, struct folded *to);
/* The same with letters typed for their sound. */
bool same_sounds(const struct query *q, const struct folded *f, struct folded *to);

/* words.c: takes 好吗 off m->whole when it begs, as in 帮我开通彩铃好吗. */
void words_beg(const struct query *q);

/* Takes away who is spoken to: 姑娘，… of the whole text. */
void words_address(const struct query *q);
/* Fills m->worked, or sets m->same; once a text. */
void words_skip(const struct query *q);
/* What that has left. */
static inline const struct folded *words_worked(const struct query *q)
{
	return q->m->same ? &q->m->whole : &q->m->worked;
}
/* Fills m->joined from f; false when there was nothing to join, or f is no sentence. */
bool words_join(const struct query *q, const struct folded *f);
/* Takes carrier words off both ends of f; false when there was none. */
bool words_unwrap(const struct query *q, const struct folded *f, size_t *from,
                  size_t *to);
/* The lists of which the folded text, or for marks the raw one, holds a word. */
uint64_t words_forbidden(const struct query *q);
/* Those of folded octets alone, of these lists. */
uint64_t words_forbidding(const struct grammar *g, const struct folded *f,
                          uint64_t lists);
/* The same of a text that orders with its reason: harmless phrases forbid nothing. */
uint64_t words_against(const struct grammar *g, const struct folded *f, uint64_t lists);
/* Which of these lists hold a word that begins at i, and the end of the longest. */
uint64_t words_forbidden_at(const struct grammar *g, const struct folded *f, size_t i,
                            uint64_t lists, size_t *end);
/* The lists of skip words that the whole text holds: 呢 is a question. */
uint64_t words_skipped(const struct query *q);
/* The lists whose marks the text as typed holds. */
uint64_t words_marks(const struct query *q);
/* Notes that words of these lists forbade a rule that fits; those that ask do not. */
void words_refuse(const struct query *q, uint64_t lists);
/* explain: which words of the text stand in these lists. */
void words_tell(const struct query *q, uint64_t lists);
/* Whether octets i to i + n are no part of a longer run of letters and digits. */
bool words_alone(const struct folded *f, size_t i, size_t n);
/* The longest word of t that begins at i and stands alone; its octets, 0: none. */
size_t words_longest(const struct trie *t, const struct folded *f, size_t i);

/*
 * code.c: the longest code that the part begins with and whose slots take in the
 * rest of it.  When there is none, *known is a rule whose code was recognised.
 */
bool code_find(const struct query *q, const struct folded *f, size_t from, size_t to,
               struct hit *out, const struct rule **known);
/* Two whole commands one behind the other; anywhere = also without a separator. */
bool code_two(const struct query *q, const struct folded *f, bool anywhere,
              struct hit *first, struct hit *second);

/* order.c: exactly one command in octets from..to of f; the whole text is narrowed to it. */
bool part_command(const struct query *q, const struct folded *f, size_t from, size_t to,
                  struct hit *out);
/* A command behind words that lead to any: 我希望你们 取消彩铃. */
bool lead_find(const struct query *q, const struct folded *f, struct hit *out);
/* f without those words; false: it begins with none. */
bool lead_rest(const struct query *q, const struct folded *f, struct folded *rest);
/* An order of what is named before it: 手机报我看不懂，给我退了. */
bool matter_find(const struct query *q, const struct folded *f, struct hit *out);

/* unread.c: what a text may be that begins with the code of `known` (NULL: of none). */
void unread_suggest(const struct query *q, const struct rule *known,
                    struct grammar_command *out);

/* names.c: a name of some list's value in a text. */
struct name {
	size_t from, to; /* octets of the text */
	size_t list;     /* of the grammar's */
	uint32_t entry;  /* of that list, from 1 */
};
/* The longest that begins at i, ends at `to` at most and stands alone; false: none. */
bool name_at(const struct grammar *g, const struct folded *f, size_t i, size_t to,
             struct name *out);
/* Puts octets from..end of f behind those of `to`, which has room for them. */
void folded_add(struct folded *to, const struct folded *f, size_t from, size_t end);

/* two.c: two whole commands of which neither is the other. */
bool two_find(const struct query *q, const struct folded *f, struct hit two[2]);
enum {
	TWO_MOST = 3 /* values that are looked at in one row */
};
/* One command for each of several values that stand in a row; how many, or 0. */
size_t two_values(const struct query *q, const struct folded *f, struct hit h[TWO_MOST]);
/* Whether they are the same command with the same values. */
bool two_same(const struct hit *a, const struct hit *b);

/* preface.c: a command that leaves only a reason over; it may be charged. */
bool preface_find(const struct query *q, const struct folded *f, struct hit *out);

/* clause.c: a question beside a short clause that says nothing of any matter. */
bool clause_find(const struct query *q, const struct folded *f, struct hit *out);
/* Whether f holds a word of another matter than this intent's; NULL: of any. */
bool clause_names(const struct query *q, const struct folded *f,
                  const struct intent *own);
/*
 * Whether it holds a name of any list but of h's own values, as a clause that wants something
 * itself; a character is none.  h NULL: of none.
 */
bool clause_names_value(const struct query *q, const struct folded *f,
                        const struct hit *h);
/*
 * Fills m->part with octets from..to of f; whether they are so many characters at most,
 * without letters and digits, and hold no word of these lists.
 */
bool clause_is_short(const struct query *q, const struct folded *f, size_t from,
                     size_t to, size_t most, uint64_t lists);
/* Octets from..to only say why: 流量不够，换88元套餐. */
bool clause_says_why(const struct query *q, const struct folded *f, size_t from,
                     size_t to);
/* Whether f ends in a word that forbids what follows. */
bool clause_forbids(const struct query *q, const struct folded *f);
/* Whether h costs, and the clauses of f are two commands, another among them that acts. */
bool clause_disputes(const struct query *q, const struct folded *f, const struct hit *h,
                     struct hit *other);

/* reason.c: a command that acts behind a clause that says why: 看不见号码，开通来显. */
bool reason_find(const struct query *q, const struct folded *f, bool shows,
                 struct hit *out);

/* others.c: what h is instead, as it is asked of somebody else; NULL: it is not. */
const struct intent *others_intent(const struct query *q, const struct hit *h);

/* wrap.c: one code among words that carry it or say the same. */
bool wrap_find(const struct query *q, const struct folded *f, struct hit *out);

/* The same for words instead of a code: 发送退订到10086. */
bool wrap_words(const struct query *q, const struct folded *f, struct hit *out);

/* say.c: all templates that fit, the less specific ones already dropped. */
void say_find(const struct query *q, const struct folded *f, struct hits *out);
/* The same for those that leave nothing over and take in no free text. */
void say_strictly(const struct query *q, const struct folded *f, struct hits *out);
/* Whether a prefer line settles for a's intent against b's. */
bool say_prefers(const struct grammar *g, const struct hit *a, const struct hit *b);
bool say_context(const struct query *q, const struct folded *f, struct hit *out);
/* Says which templates nearly fitted the text of the last say_find. */
void say_explain(const struct query *q);

/*
 * bag.c: about rules among the candidates that leave nothing over, or loosely what
 * their intents allow; adds to out.  Fills m->contenders.
 */
void bag_find(const struct query *q, const struct folded *f, bool loosely,
              struct hits *out);
/* bag_words.c: before bag_find() of a text, which may look at it more than once. */
void bag_open(const struct query *q, const struct folded *f);
/* A digit or a letter. */
static inline bool is_alnum(char c)
{
	return is_digit(c) || is_letter(c);
}
/* Whether one of these Han characters stands at i. */
static inline bool holds_char(struct str set, const struct folded *f, size_t i)
{
	for (size_t k = 0; i + 3 <= f->n && k + 3 <= set.n; k += 3)
		if (f->p[i + 2] == set.p[k + 2] && f->p[i + 1] == set.p[k + 1] &&
		    f->p[i] == set.p[k])
			return true;
	return false;
}

/* likely.c: what a text of which no rule makes anything most likely asks. */
enum likely_verdict {
	LIKELY_NONE,
	LIKELY_REFUSED, /* it costs, and a word forbids what a rule would be */
	LIKELY_OFFERED, /* it is to be asked whether that is meant */
	LIKELY_DONE,
	LIKELY_SURE /* even where something else is one keystroke away */
};
enum likely_verdict likely_find(const struct query *q, const struct folded *f,
                                struct hit *out);
/* The meaning of a text that is that alone, as what reads is to be; NULL: it cannot be said. */
const struct intent *likely_one(const struct query *q, const struct folded *f);
/*
 * Whether a text that the rule `said` fits is far more like something else: DONE, which
 * *out is; OFFERED, no service, so that what the rule says is only offered.
 */
enum likely_verdict likely_doubt(const struct query *q, const struct folded *f,
                                 const struct rule *said, struct hit *out);

/* near.c: sentences one character away from what was sent; never executed. */
void near_sentences(const struct query *q, const struct folded *f,
                    struct grammar_command *out);

/* suggest.c */
void suggest_add(const struct query *q, const struct intent *it,
                 const struct grammar_slot *slots, size_t n, struct grammar_command *out);
void suggest_near(const struct query *q, const struct folded *f,
                  struct grammar_command *out);
/*
 * Whether one insertion, deletion, substitution or exchange of neighbours leads
 * from a to b; letters only: digits must be alike but for look-alikes.  *cost is
 * 1 for neighbouring keys, exchanges and look-alikes, 2 for others.
 */
bool suggest_distance(struct str a, struct str b, unsigned *cost);

/* match.c: fills m->whole with the text as rules read it. */
void match_fold(const struct query *q);
void match_query(const struct query *q, struct grammar_command *out);

/* print.c: the value as examples and JSON write it. */
void print_value(const struct grammar_slot *s, struct buf *out);

#endif
