/*
 * fold_priv.h - the tables behind folding, and how one character is folded.
 */
#ifndef TEXT_FOLD_PRIV_H
#define TEXT_FOLD_PRIV_H

#include "text/fold.h"

enum {
	FOLD_CHAR_MAX =
		72 /* octets that one character may fold to: U+FDFA is 18 letters */
};

/* from is replaced by to; the last target, so that one step is enough. */
struct fold_pair {
	uint32_t from, to; /* code points */
	unsigned line;     /* of the overlay; 0 for OpenCC's */
};

struct fold_map {
	struct fold_pair *pair; /* owned, sorted by from, each from once */
	size_t n, cap;
};

/* OpenCC's characters and the overlay's; on error nothing is left to free. */
MUST_CHECK enum err fold_map_load(struct fold_map *map, const char *overlay,
                                  struct fault *fault);

/* What cp becomes: itself where the map has nothing. */
uint32_t fold_map_get(const struct fold_map *map, uint32_t cp);

/* Octets of a character as they are written out; inner separators are FOLD_SEP. */
struct fold_char {
	unsigned n; /* 0: dropped */
	char p[FOLD_CHAR_MAX];
};

/* Folds one code point by the rules, without a table. */
void fold_char(const struct fold_map *map, uint32_t cp, struct fold_char *out);

/* NFKC and upper case do not change cp: it may stand in a map. */
bool fold_is_plain(uint32_t cp);

/* cp is kept: no separator, and not dropped. */
bool fold_is_kept(uint32_t cp);

#endif
