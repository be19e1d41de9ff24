/*
 * pattern.h - the texts of a story: literal words, escapes, {variables} and {*}.
 *
 * {name} stands for a run of ASCII digits: the first match binds it, later ones
 * must be equal.  {*} stands for anything, also nothing.  "{{" is a brace.  "\n",
 * "\t", "\s" (a blank), "\\" and "\xNN" are octets that a line cannot show.
 */
#ifndef REPLAY_PATTERN_H
#define REPLAY_PATTERN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"

enum {
	PATTERN_VARS = 64,  /* variables of one story */
	PATTERN_PIECES = 64 /* of one pattern */
};

/* Strings are borrowed: they must live as long as the story. */
struct pattern_vars {
	struct pattern_var {
		struct str name, value;
	} var[PATTERN_VARS];
	size_t n;
};

struct pattern {
	struct pattern_piece {
		enum pattern_kind {
			PATTERN_LITERAL,
			PATTERN_VAR,
			PATTERN_ANY
		} kind;
		struct str text; /* the literal with its escapes resolved, or the name */
	} piece[PATTERN_PIECES];
	size_t n;
};

/* ERR_SYNTAX or ERR_TOO_BIG with a fault that says what was expected. */
MUST_CHECK enum err pattern_compile(struct str source, struct arena *a,
                                    struct pattern *out, struct fault *fault);

/* Whether the whole of text matches; binds new variables only then. */
bool pattern_match(const struct pattern *p, struct str text, struct pattern_vars *vars);

/*
 * Appends the text with its variables' values.  ERR_NOT_FOUND with a fault for {*} or one
 * that is not bound.
 */
MUST_CHECK enum err pattern_fill(const struct pattern *p, const struct pattern_vars *vars,
                                 struct buf *out, struct fault *fault);

/* The same for people: what has no value is shown as it is written. */
void pattern_show(const struct pattern *p, const struct pattern_vars *vars,
                  struct buf *out);

/* Appends a source that matches exactly this text. */
void pattern_quote(struct str text, struct buf *out);

/*
 * Appends a source for `text` that keeps the variables of an older pattern: where
 * the words before one are found again with digits behind them, it stands there.
 */
void pattern_revise(const struct pattern *old, struct str text, struct buf *out);

#endif
