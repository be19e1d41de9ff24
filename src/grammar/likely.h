/*
 * likely.h - what a text asks when no rule fits it: naive Bayes over texts whose meaning
 * is known (`likely FILE` lines).
 *
 * A feature is one, two or three atoms in a row; an atom is a Han character, a word of
 * letters or a run of digits, whichever digits they are.  Scores are natural logarithms
 * times LIKELY_UNIT, so that a text has one verdict on every machine.
 */
#ifndef GRAMMAR_LIKELY_H
#define GRAMMAR_LIKELY_H

#include "grammar_priv.h"

enum {
	LIKELY_UNIT = 1024,
	LIKELY_ATOMS = 300, /* of one text; what follows is not looked at */
	LIKELY_FEATURES = 3 * LIKELY_ATOMS
};

/* What a feature adds to the score of one meaning. */
struct likely_gain {
	int32_t gain;
	uint16_t meaning;
};

struct likely_meaning {
	const struct rule *rule; /* for its intent and place; NULL: of no service */
	int32_t prior;
	int32_t absent; /* score of a feature that none of its texts has */
	bool served;    /* on a likeness alone: it only reads, or is marked so */
	bool bare;      /* the command needs no value */
};

struct likely {
	struct likely_meaning meaning[MAX_INTENTS + 1];
	size_t n_meanings;
	uint64_t *feature; /* sorted */
	uint32_t *first;   /* of its gains; n + 1 */
	struct likely_gain *gain;
	size_t n;
	uint64_t *
		refused; /* texts of no service, as known; sorted hashes of their features */
	size_t n_refused;
};

struct likely_features {
	uint64_t of[LIKELY_FEATURES]; /* sorted, each once */
	size_t n;
	unsigned atoms, han, numbers;
};

void likely_features(const struct folded *f, struct likely_features *out);

/* One value for all the features of a text. */
uint64_t likely_hash(const struct likely_features *f);

/* For qsort and bsearch. */
int likely_order(const void *a, const void *b);

#endif
