/*
 * fold.h - the one normal form in which texts and rules are compared.
 *
 * In this order: invisible characters and controls dropped (a line break is a
 * separator), NFKC (full width to half), upper case, Traditional to Simplified
 * by character with the overlay grammar/fold.tsv, every run of blanks,
 * separators and punctuation to one FOLD_SEP and none at the ends, look-alikes:
 * in a token that is otherwise all ASCII digits O and o become 0; l, I and |
 * become 1.
 *
 * For each BMP character that is one table entry, built once at start from
 * utf8proc and OpenCC.  An offset map leads from each folded octet back to the
 * raw text, so that slots are cut from what the subscriber wrote.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "base/buf.h"
#include "base/fault.h"

#define FOLD_SEP ' ' /* what every separator becomes */

enum {
	FOLD_MAX = 2048 /* octets of a folded text; more is cut at a character */
};

struct fold; /* immutable after creation: any number of threads may use it */

/*
 * Builds the table.  overlay is a file of "from<TAB>to" character pairs ("#"
 * comments), applied after OpenCC, or NULL.  On error *fault names the file and
 * line.  ERR_NOT_FOUND, ERR_SYNTAX.
 */
MUST_CHECK enum err fold_create(const char *overlay, struct fold **out, struct fault *fault);
void fold_destroy(struct fold *f);

struct folded {
	size_t n;
	char p[FOLD_MAX + 1];        /* a NUL behind the n octets */
	uint16_t from[FOLD_MAX + 1]; /* octet i of p comes from the character at raw octet from[i];
	                                from[n] is the end of the last character folded */
};

/* Folds any octets (bad UTF-8 counts as separators); never fails. */
void fold_text(const struct fold *f, struct str raw, struct folded *out);

/* Appends the folded form without an offset map, for rules and lists. */
void fold_append(const struct fold *f, struct str raw, struct buf *out);

#endif
