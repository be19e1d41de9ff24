/*
 * mass.h - the matcher over many subscribers: the vector kernel.
 *
 * Blocks of USAGE_LANES subscribers: bills of every main package in each month; of those
 * allowed the cheapest, for who asks, and for pushes the MASS_PUSHES cheapest that are
 * not too deep (G1); then margins and guards of these; where none of these passes and a
 * dearer one might, match.h looks.  The verdicts are those of match.h, bit for bit.
 *
 * int32 inside.  A block with use that would not fit (thousands of yuan a month beyond
 * the allowance) is reckoned by match.h itself, some hundred times slower.
 */
#ifndef OFFER_MASS_H
#define OFFER_MASS_H

#include "offer/match.h"

enum {
	MASS_PUSHES = 8,
	MASS_ASKED = 0, /* the place of the cheapest; pushes stand behind it */
	MASS_KEEP = 1 + MASS_PUSHES,
	MASS_NONE = UINT16_MAX
};

/* Of each subscriber of the set, in its order; arrays are the caller's. */
struct mass_subjects {
	const uint16_t *tariff; /* the present main package; MASS_NONE: none known */
	const uint8_t *stage;   /* enum stage */
	const uint16_t *allowed_class;   /* index into allowed: few combinations exist */
	const struct offer_set *allowed; /* of each class of subscribers */
	const int32_t *addons_li;
	const uint8_t *months_since_change; /* 255: longer, or never */
	const bool
		*bound; /* by a contract, or thin and the policy pushes nothing to such */
	const uint8_t *estimated; /* bits of months, as in struct subject; NULL: none */
	const struct offer_set *cooling; /* of each; NULL: nothing is */
};

/* Sums are weighted by months, as in match.h. */
struct mass_candidate {
	uint16_t tariff; /* MASS_NONE: none from here on */
	uint16_t failed; /* bits of enum guard */
	int64_t saving_li, margin_li;
};

/* What a subscriber has now. */
struct mass_present {
	int32_t weight; /* sum of the weights of the months looked at; 0: nothing to compare */
	int64_t bill_li, margin_li; /* weighted, without add-ons */
};

/*
 * present: [n]; out: [n * MASS_KEEP], pushes cheapest first, ties by index: the first that
 * fails no guard is offer_best(), and where it is not among the cheapest it has the last
 * place.  The cheapest may stand there twice.  Runs on the calling thread alone.
 */
void mass_match(const struct tariffs *t, const struct policy *policy,
                const struct usage_set *u, const struct mass_subjects *s,
                struct mass_present *present, struct mass_candidate *out);

#endif
