/*
 * insured.h - a recommendation that is kept: if the new package is dearer than the old
 * one was, the difference is paid back.
 *
 * What both cost is written down when it is promised, so that later prices of the list
 * change nothing.  What is owed: offer_owed_fen() of match.h.
 */
#ifndef OFFER_INSURED_H
#define OFFER_INSURED_H

#include "base/arena.h"
#include "offer/tariff.h"

struct insured_terms {
	struct tariff was, is; /* without packages when read */
};

/* "128000/600,1,150/200,1,100/52428800,1048576,3000>38000/…"; no blanks, no '|'. */
struct str insured_print(const struct insured_terms *t, struct arena *a);
/* ERR_SYNTAX: not of that form. */
MUST_CHECK enum err insured_parse(struct str s, struct insured_terms *out);

#endif
