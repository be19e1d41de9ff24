/*
 * build.h - the state of a load: source lines, complaints, compiled expressions.
 */
#ifndef GRAMMAR_BUILD_H
#define GRAMMAR_BUILD_H

#include "grammar_priv.h"

enum {
	MAX_SET = 64,        /* strings kept of an expression's samples */
	MAX_REQUIRED = 128,  /* alternatives of a required word */
	MAX_COMPLAINTS = 200 /* lines of a report */
};

struct build {
	struct grammar *g;
	struct buf *report;  /* may be NULL */
	struct fault *fault; /* may be NULL */
	unsigned errors, warnings;
	struct str dir; /* where lists are looked for, with its '/' */
	const struct line **line;
	size_t n_lines;
	struct likely_learn *learn; /* what `likely` lines gave; NULL: none */
	struct intent *intent;      /* whose members are being read */
	const char *context;        /* likewise; "confirm", "menu" or NULL */
};

/* "file:line: text" to the report; the first one also to the fault. */
void complain(struct build *b, const struct line *l, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* "file:line: warning text" to the report only. */
void warn(struct build *b, const struct line *l, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* source.c: the lines of a file or of all *.gram files of a folder. */
MUST_CHECK enum err source_read(struct build *b, const char *path);
/* The whole of a file into the arena; MAX_FILE at most.  ERR_NOT_FOUND, ERR_TOO_BIG. */
MUST_CHECK enum err source_file(struct arena *a, const char *path, struct str *out);
/* Takes the next word (or "quoted text", without the quotes) off *rest; false at the end. */
bool source_word(struct str *rest, struct str *word);

/*
 * expr.c: a template such as  [ASK] [{month}] (账单|话费账单)  compiled.
 *
 * `required` are strings of which each text that matches holds one; none when the
 * template may consist of slots alone.
 */
struct set {
	struct str s[MAX_REQUIRED];
	size_t n;
};
struct expr {
	struct str pattern; /* PCRE2 source; a group for each param, in order */
	struct param param[MAX_PARAMS];
	size_t n_params;
	struct set samples; /* at most MAX_SET */
	struct set required;
	bool bare; /* these are names of a list, and nothing else stands there */
};
/* NULL after a complaint. */
struct expr *expr_compile(struct build *b, const struct line *l, struct str text);
/* Reads "name", "name?", "name:type", "name:type?"; complains and returns false. */
bool expr_param(struct build *b, const struct line *l, struct str text,
                struct param *out);

/* build.c */
void build_all(struct build *b);
struct intent *build_intent_find(const struct build *b, struct str name);
struct slot_type *build_type_find(const struct build *b, struct str name);
struct word *build_word_find(const struct build *b, struct str name);
/* Folds into the arena; without FOLD_SEP when squeeze. */
struct str build_fold(struct build *b, struct str text, bool squeeze);
/* Reads names of plain word lists up to the end of the line: their bits, which forbid. */
uint64_t build_forbid(struct build *b, const struct line *l, struct str rest);

/* Takes a number of at most max off *rest. */
bool build_number(struct str *rest, unsigned max, unsigned *out);

/* define.c, intent.c: a keyword each; see the table in build.c. */
void define_grammar(struct build *b, const struct line *l);
void define_revision(struct build *b, const struct line *l);
void define_today(struct build *b, const struct line *l);
void define_fold(struct build *b, const struct line *l);
void define_slot(struct build *b, const struct line *l);
void define_word(struct build *b, const struct line *l);
void define_skip(struct build *b, const struct line *l);
void define_keep(struct build *b, const struct line *l);
void define_carrier(struct build *b, const struct line *l);
void define_hearsay(struct build *b, const struct line *l);
void define_advert(struct build *b, const struct line *l);
void define_begging(struct build *b, const struct line *l);
void define_looking(struct build *b, const struct line *l);
void define_tail(struct build *b, const struct line *l);
void define_address(struct build *b, const struct line *l);
void define_trail(struct build *b, const struct line *l);
void define_filler(struct build *b, const struct line *l);
void define_preface(struct build *b, const struct line *l);
void intent_asking(struct build *b, const struct line *l);
void define_same(struct build *b, const struct line *l);
void define_sound(struct build *b, const struct line *l);
void define_leftover(struct build *b, const struct line *l);
void define_reason(struct build *b, const struct line *l);
void define_lead(struct build *b, const struct line *l);
void define_link(struct build *b, const struct line *l);
void define_both(struct build *b, const struct line *l);
void define_asks(struct build *b, const struct line *l);
void define_matter(struct build *b, const struct line *l);
void define_aside(struct build *b, const struct line *l);
void define_harmless(struct build *b, const struct line *l);
void define_wish(struct build *b, const struct line *l);
void define_sent(struct build *b, const struct line *l);
void define_sold(struct build *b, const struct line *l);
void define_suggest(struct build *b, const struct line *l);
void define_reserve(struct build *b, const struct line *l);
void define_prefer(struct build *b, const struct line *l);
/* others.c */
void define_others(struct build *b, const struct line *l);
void intent_begin(struct build *b, const struct line *l);
void intent_context(struct build *b, const struct line *l);
void intent_unless(struct build *b, const struct line *l);
void intent_beside(struct build *b, const struct line *l);
void intent_alike(struct build *b, const struct line *l);
void intent_own(struct build *b, const struct line *l);
void intent_leftover(struct build *b, const struct line *l);
void intent_need(struct build *b, const struct line *l);
void intent_confirm(struct build *b, const struct line *l);
/* In later passes than that of intent_begin: whose members follow. */
void intent_enter(struct build *b, const struct line *l);
/* "confirm" or "menu", or NULL for what is no context. */
const char *intent_context_name(struct str rest);

/* rules.c: members of intents and contexts. */
void rule_code(struct build *b, const struct line *l);
void rule_say(struct build *b, const struct line *l);
/* about.c: a member too */
void rule_about(struct build *b, const struct line *l);
struct rule *rule_new(struct build *b, const struct line *l, enum rule_kind kind,
                      struct intent *it);
/* front, core, behind as one anchored pattern; group 1 is front, the last one behind. */
pcre2_code *rule_compile(struct build *b, const struct line *l, const char *front,
                         struct str core, const char *behind);
/* Texts that hold the word are put to the rule. */
void rule_anchor(struct build *b, const struct rule *r, struct str word);
void rule_context(struct build *b, const struct line *l);
void rule_either(struct build *b, const struct line *l);
void rule_example(struct build *b, const struct line *l);
void rules_full(struct build *b); /* fills g->full */

/* likely_learn.c: a keyword, and what its files give, after everything is compiled. */
void define_likely(struct build *b, const struct line *l);
void likely_build(struct build *b);

/* near.c: after everything is compiled. */
void near_build(struct build *b);

/* lint.c, examples.c: after everything is compiled. */
void lint_run(struct build *b);
void examples_run(struct build *b);

#endif
