/*
 * grammar.h - from a subscriber's text to a command: load, check, match.
 *
 * A grammar is made of .gram files (grammar/hall.gram and others beside it).  It
 * is compiled once, checked by its own examples and by lint, and immutable
 * afterwards: any number of threads may match against it, each with its own
 * matcher.  Nothing here reads a clock or a store.
 *
 * Matching order: reserved words as whole messages; the open context; codes;
 * `say` templates; likeness to known texts, for what reads; suggestions.  Exactly one
 * intent or none; two intents or two commands in one text execute nothing.
 */
#ifndef GRAMMAR_GRAMMAR_H
#define GRAMMAR_GRAMMAR_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/fault.h"
#include "text/fold.h"

enum grammar_effect {
	GRAMMAR_READ,
	GRAMMAR_SET,
	GRAMMAR_CHARGE
};

/* "read", "set", "charge" */
const char *grammar_effect_name(enum grammar_effect e);

/* What is open with this subscriber; bare digits and yes/no mean something only then. */
enum grammar_context_kind {
	GRAMMAR_NO_CONTEXT,
	GRAMMAR_CONFIRM,
	GRAMMAR_MENU
};
struct grammar_context {
	enum grammar_context_kind kind;
	unsigned menu_n; /* GRAMMAR_MENU: items shown, 1..99 */
};

struct grammar_intent {
	const char *name; /* "balance.query" */
	enum grammar_effect effect;
	unsigned index; /* 0..grammar_intents()-1, in order of definition */
};

enum grammar_value {
	GRAMMAR_TEXT,
	GRAMMAR_MONTH,
	GRAMMAR_INTS
};

struct grammar_slot {
	const char *name; /* "month", "code", "n"; as in codes.tsv */
	enum grammar_value type;
	bool secret; /* never logged, never echoed (pin, id number) */
	struct str
		text; /* GRAMMAR_TEXT: canonical value (a list's code; digits as typed) */
	month_t month;   /* GRAMMAR_MONTH */
	const int *ints; /* GRAMMAR_INTS: at least one */
	size_t n_ints;
};

enum {
	GRAMMAR_SLOTS = 6,
	GRAMMAR_SUGGESTIONS = 3,
	GRAMMAR_ARENA = 1 << 20 /* octets that one match may take of its arena */
};

struct grammar_command {
	const struct grammar_intent *intent;     /* NULL: unknown */
	struct grammar_slot slot[GRAMMAR_SLOTS]; /* sorted by name */
	size_t n_slots;
	const char *
		rule; /* for evidence and explain: "hall.gram:14 code"; NULL when unknown */
	/* Only when unknown; never executed. */
	struct grammar_suggestion {
		const struct grammar_intent *intent;
		struct grammar_slot slot[GRAMMAR_SLOTS];
		size_t n_slots;
		struct str code; /* canonical code to send instead, with its slots */
	} suggestion[GRAMMAR_SUGGESTIONS];
	size_t n_suggestions;
	bool several;  /* unknown because it holds two commands or two intents fit */
	bool withheld; /* unknown, but read: it is only offered, or a word forbids it */
	bool unlisted; /* unknown: the one suggestion's code, with a value of no list's */
};

struct grammar;
struct grammar_matcher; /* scratch space of one thread: PCRE2 match data, folded text */

/*
 * Loads one file, or all *.gram files of a folder in the order of their names
 * (with the lists they name, relative to the file), compiles them and runs lint
 * and every example.  fold is borrowed and must outlive the grammar.
 *
 * `today` (UTC seconds) is what months in the examples are read against, unless
 * the files themselves say "today YYYY-MM-DD".  On
 * error *fault holds the first complaint, "file:line: what was expected"; all of
 * them, and the warnings, are appended to report (may be NULL), one a line.
 */
MUST_CHECK enum err grammar_load(const char *path, const struct fold *fold, int64_t today,
                                 struct grammar **out, struct buf *report,
                                 struct fault *fault);
/*
 * The same without lint and examples, in a fraction of the time: for who asks a grammar
 * that a hall has been started with.
 */
MUST_CHECK enum err grammar_load_unjudged(const char *path, const struct fold *fold,
                                          int64_t today, struct grammar **out,
                                          struct fault *fault);
void grammar_destroy(struct grammar *g);

const char *grammar_revision(const struct grammar *g); /* as the file says */

/* Appends "N intents, N codes, N templates, N examples". */
void grammar_summary(const struct grammar *g, struct buf *out);

size_t grammar_intents(const struct grammar *g);
const struct grammar_intent *grammar_intent(const struct grammar *g, size_t index);

/* The canonical code of an intent ("CXYE"), "" when it has none. */
struct str grammar_code(const struct grammar_intent *intent);

struct grammar_matcher *grammar_matcher_create(const struct grammar *g);
void grammar_matcher_destroy(struct grammar_matcher *m);

/*
 * Finds the command in a text of any length and content (UTF-8; hostile octets
 * are separators).  Values are copied into arena, at most GRAMMAR_ARENA octets;
 * *out is always written.  now
 * (UTC seconds) settles months.  Worst case per text is bounded (PCRE2 match and
 * depth limits; see T9).
 */
void grammar_match(const struct grammar *g, struct grammar_matcher *m, struct str text,
                   struct grammar_context context, int64_t now, struct arena *arena,
                   struct grammar_command *out);

/* The folded form of the text last matched; for evidence. */
struct str grammar_folded(const struct grammar_matcher *m);

/* Appends why the text matched what it did, and what nearly did; for people. */
void grammar_explain(const struct grammar *g, struct grammar_matcher *m, struct str text,
                     struct grammar_context context, int64_t now, struct buf *out);

/* Appends the command, or what was perhaps meant, in lines for people. */
void grammar_print(const struct grammar_command *c, struct buf *out);

/*
 * Appends one line of `smshall grammar parse --tsv` without its newline: intent,
 * slots as compact JSON with sorted keys, suggestions, effect (contract.md).
 */
void grammar_print_tsv(const struct grammar_command *c, struct buf *out);

#endif
