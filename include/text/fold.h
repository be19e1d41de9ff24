/*
 * fold.h - the one normal form in which texts and rules are compared.
 *
 * In this order: invisible characters and controls dropped (a tab or line break
 * is a separator), NFKC (full width to half), upper case, Traditional to Simplified
 * by character with the overlay grammar/fold.tsv, other scripts' digits to ASCII,
 * accents that stand alone dropped, every run of blanks, punctuation, symbols and
 * emoji to one FOLD_SEP and none at the ends, look-alikes: in a token of ASCII
 * digits otherwise, the letter O becomes 0 and I and L become 1.  Such a token has
 * more digits than letters, and begins with a digit or with one letter and three
 * digits: so LL, 1O, L10 and LL202610 stay as they are.
 *
 * Folding a folded text changes nothing.
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
 * comments), which win over OpenCC's, or NULL; chains of pairs are followed.  On
 * error *fault names the file and line.  ERR_NOT_FOUND, ERR_SYNTAX, ERR_IO;
 * ERR_CORRUPT when OpenCC's data is damaged.  Takes about 40 ms.
 */
MUST_CHECK enum err fold_create(const char *overlay, struct fold **out,
                                struct fault *fault);
void fold_destroy(struct fold *f);

struct folded {
	size_t n;
	char p[FOLD_MAX + 1]; /* a NUL behind the n octets */
	/* Octet i of p comes from the character at raw octet from[i]; from[n] is the
	   end of the last character folded. */
	uint16_t from[FOLD_MAX + 1];
};

/*
 * Folds any octets (bad UTF-8 counts as separators); never fails.  Of the raw text
 * the first 65,535 octets are read.
 */
void fold_text(const struct fold *f, struct str raw, struct folded *out);

#endif
