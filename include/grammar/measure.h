/*
 * measure.h - how many of a set of texts a grammar gets right, by class.
 *
 * A set is lines of class, context, text, intent, slots with tabs between them:
 *   context  empty, confirm, or menu:N
 *   text     \n, \t and \\ escaped
 *   intent   a|b: either; a?: right or suggested; unknown; -charge: anything but a
 *            charged command
 *   slots    as `grammar parse --tsv` writes them, or * for any
 * A line that begins with # and holds no tab is a comment.
 */
#ifndef GRAMMAR_MEASURE_H
#define GRAMMAR_MEASURE_H

#include "grammar/grammar.h"

enum {
	MEASURE_CLASSES = 64,
	MEASURE_NAME = 32
};

struct measure_class {
	char name[MEASURE_NAME];
	unsigned texts, right;
};

struct measure {
	struct measure_class of[MEASURE_CLASSES];
	size_t n;
	/* Charged commands taken from texts that are none, or are another one. */
	unsigned charged_false;
};

/*
 * Puts each text of the set to the grammar at `now` (UTC seconds).  What came out
 * wrong is appended to report, a line each.  ERR_SYNTAX: a line that is none; the
 * fault names it.
 */
MUST_CHECK enum err measure_run(const struct grammar *g, struct grammar_matcher *m,
                                struct str set, int64_t now, struct measure *out,
                                struct buf *report, struct fault *fault);

/*
 * When the texts of the set were texted: of its comment "# now 2026-10-20 10:31:00", local.
 * false: there is none.
 */
bool measure_now(struct str set, int64_t *now);

/* Shares of 0 to 1 between which a class lies with 95 % (Wilson); texts > 0. */
void measure_wilson(unsigned right, unsigned texts, double *low, double *high);

/* A line for each class and one for all, with intervals, then charged false accepts. */
void measure_print(const struct measure *m, struct buf *out);

/*
 * "confirm", "menu:5" or "" as the context of a line; false when it is none of them.
 * Also what --tsv reads.
 */
bool measure_context(struct str text, struct grammar_context *out);

/* \n, \t and \\ in place; returns the new length. */
size_t measure_unescape(char *p, size_t n);

#endif
