/*
 * likely.h - what a text asks when no rule fits it: a linear classifier, learned from texts
 * whose meaning is known (`likely FILE` lines).
 *
 * A feature is one, two or three atoms in a row, or two with one between; an atom is a Han
 * character, a word of letters, a run of digits, whichever they are, or an end of the text.
 * The score of a meaning is the sum of what the features add to it.  Scores are integers,
 * so that a text has one verdict on every machine; learning tells each known text from all
 * other meanings by LIKELY_UNIT.
 */
#ifndef GRAMMAR_LIKELY_H
#define GRAMMAR_LIKELY_H

#include "grammar_priv.h"

enum {
	LIKELY_UNIT = 16384,
	LIKELY_ATOMS = 300, /* of one text, its ends among them; more are not looked at */
	LIKELY_FEATURES = 4 * LIKELY_ATOMS
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
	unsigned han, words, numbers; /* words: of two letters and more */
};

void likely_features(const struct folded *f, struct likely_features *out);

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

/* Fills features, first and gains of *out. */
void likely_weigh(const struct likely_texts *t, struct arena *a, struct likely *out);

/* One value for all the features of a text. */
uint64_t likely_hash(const struct likely_features *f);

/* For qsort and bsearch. */
int likely_order(const void *a, const void *b);

#endif
