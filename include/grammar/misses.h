/*
 * misses.h - texts that no rule took, grouped, each with the line that would take it;
 * and which texts another grammar would take otherwise.
 */
#ifndef GRAMMAR_MISSES_H
#define GRAMMAR_MISSES_H

#include "grammar/grammar.h"

enum {
	MISSES_GROUPS = 4096 /* further ones are counted together */
};

struct misses;

/* g is borrowed.  now: UTC seconds, for months. */
struct misses *misses_create(const struct grammar *g, int64_t now);
void misses_destroy(struct misses *m);

/*
 * Adds a text that was not understood when it came.  Texts that the grammar takes by
 * now are counted and dropped.  Texts alike when folded and without digits are one.
 */
void misses_add(struct misses *m, struct str text);

/*
 * Appends the groups, the most frequent first, at most limit: how often, the text with
 * its digits as #, the intents next to it and a line to add for the first of them.
 */
void misses_report(struct misses *m, size_t limit, struct buf *out);

/*
 * Appends a line when the two commands, of two grammars, differ in intent or slots:
 * the text with long numbers as ####, then both.  Returns whether they do.
 */
bool misses_differ(struct str text, const struct grammar_command *before,
                   const struct grammar_command *after, struct buf *out);

#endif
