/*
 * outer.h - other prices further out: what is used beyond so much more than the allowance
 * costs less, or more, than what is just beyond it.
 *
 * In files "FROM@PRICE;FROM@PRICE": from FROM units beyond the allowance on, a unit costs
 * PRICE fen (one decimal at most), until the next one begins.  Units are those of the
 * files: minutes, texts, and of data MB, each block of which costs PRICE.
 */
#ifndef MODEL_OUTER_H
#define MODEL_OUTER_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum tariff_dim {
	DIM_VOICE, /* minutes begun */
	DIM_SMS,   /* texts */
	DIM_DATA,  /* KiB */
	DIMS
};

enum {
	OUTER_TIERS = 3,
	OUTER_FROM_MOST = 1000000,
	OUTER_LI_MOST = 1000000,
	OUTER_TEXT = 64 /* octets */
};

struct outer {
	unsigned n; /* 0: one price, however much */
	struct outer_tier {
		int32_t from; /* beyond the allowance; > 0, ascending */
		int32_t li;   /* >= 0 */
	} tier[OUTER_TIERS];
};

/* "" is none.  False: not of that form, a limit above, or not ascending. */
MUST_CHECK bool outer_parse(struct str s, struct outer *out);
/* As outer_parse() reads it; in `room`. */
struct str outer_text(const struct outer *o, char room[OUTER_TEXT]);

#endif
