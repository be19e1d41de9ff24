/*
 * likely.h - what a text asks when no rule fits it: a linear classifier, learned from texts
 * whose meaning is known (`likely FILE` lines).
 *
 * A feature is one, two or three atoms in a row, or two with one between; an atom is a Han
 * character, a word of letters, a run of digits, whichever they are, or an end of the text;
 * and the same once more with the names of values (services, packs) as one atom each,
 * whichever they are, so that what is known of one service is known of all.
 * The score of a meaning is the sum of what the features add to it.  Scores are integers,
 * so that a text has one verdict on every machine; learning tells each known text from all
 * other meanings by LIKELY_UNIT.
 */
#ifndef GRAMMAR_LIKELY_H
#define GRAMMAR_LIKELY_H

#include "match_priv.h"

enum {
	LIKELY_UNIT = 16384,
	LIKELY_ATOMS = 300, /* of one text, its ends among them; more are not looked at */
	LIKELY_FEATURES = 2 * 4 * LIKELY_ATOMS
};

/* What a feature adds to the score of one meaning. */
struct likely_gain {
	int32_t gain;
	uint16_t meaning;
};

struct likely_meaning {
	const struct rule *rule; /* for its intent and place; NULL: of no service */
	bool served;             /* on a likeness alone: it only reads, or is marked so */
	bool bare;               /* the command needs no value */
};

/* What was learned. */
struct likely_weights {
	uint64_t *feature; /* sorted */
	uint32_t *first;   /* of its gains; n + 1 */
	struct likely_gain *gain;
	size_t n;
};

/* The two meanings that `orders` tells apart. */
enum likely_order {
	LIKELY_NO_ORDER,
	LIKELY_ORDER,
	LIKELY_ORDERS /* how many there are */
};

struct likely {
	struct likely_meaning meaning[MAX_INTENTS + 1];
	size_t n_meanings;
	struct likely_weights meanings; /* which one it is */
	struct likely_weights
		orders; /* whether it orders what is not served on a likeness */
	uint64_t *
		refused; /* texts of no service, as known; sorted hashes of their features */
	size_t n_refused;
};

struct likely_features {
	uint64_t of[LIKELY_FEATURES]; /* sorted, each once */
	size_t n;
	unsigned han, words; /* words: of two letters and more */
};

void likely_features(const struct grammar *g, const struct folded *f,
                     struct likely_features *out);

/* Texts to learn from: the features of each, one behind the other. */
struct likely_texts {
	uint64_t *feature;
	size_t n;
	struct likely_text {
		size_t first, n; /* of `feature` */
		uint16_t meaning;
	} * text;
	size_t n_texts, n_meanings;
};

void likely_weigh(const struct likely_texts *t, struct arena *a,
                  struct likely_weights *out);

/* One value for all the n features of a text. */
uint64_t likely_hash(const uint64_t *feature, size_t n);

/* What a text is most like. */
struct likely_guess {
	const struct likely_meaning *best; /* its rule is NULL: of no service */
	int64_t margin;                    /* over the next */
	int64_t order; /* of what is not served on a likeness, over being none; else 0 */
	bool known;    /* enough of the text is */
	bool refused;  /* as it stands it is a known one of no service */
};

/* false: nothing was learned, or f is no sentence. */
bool likely_guess(const struct query *q, const struct folded *f,
                  struct likely_guess *out);

/*
 * Adds to out each value that the code of its intent takes, and that is in f.  No number
 * of f may be left over, but where the code takes any words: they are among those; or one
 * that is no phone's, of what only reads: 凭什么扣我5块.  bare: values may be missing.
 */
bool likely_values(const struct query *q, const struct folded *f, bool bare,
                   struct hit *out);

/* likely_order.c: whether f, which is most like x, orders it; *out with its values then. */
bool likely_ordered(const struct query *q, const struct folded *f,
                    const struct likely_guess *x, struct hit *out);

/* For qsort and bsearch. */
int likely_compare(const void *a, const void *b);

#endif
