/*
 * tariff.h - what a month of use costs under a package: a fee, and pieces per dimension.
 *
 *   bill(u) = fee + sum over d of tier_d(u_d)
 *   tier_d(u) = min(cap, sum over pieces j of li_j * ceil(max(0, u - from_j) / block_j))
 *
 * Money is in li (1/1000 yuan), so that nothing is rounded.  The first piece begins at
 * the allowance; later ones change the price of what is beyond them, and may be negative
 * (a cheaper outer tier), as long as no more use costs less.  Use is in the dimension's
 * rating units; what a month's total cannot know (rounding of each call, zones) is rated
 * before it comes here.
 *
 * Two calculators: tariff_bill_li() here, one month at a time, int64; and the vector
 * kernel of mass.h.  They share no arithmetic and must agree in each bit.
 *
 * model/package.h has a third one, tariff_bill(), which is what a subscriber is shown:
 * it rounds voice and texts, each for itself, to the fen (half up).  So it differs from
 * this one by a fen at most, and by nothing where both prices are whole fen.
 */
#ifndef OFFER_TARIFF_H
#define OFFER_TARIFF_H

#include "base/arena.h"
#include "base/fault.h"
#include "model/package.h"

enum {
	TARIFF_PIECES = 4,
	TARIFF_MOST = 512,        /* tariffs of a table: eligibility sets are that wide */
	TARIFF_LI_MOST = 1 << 22, /* a block; more than 4,000 yuan */
	USE_MOST = INT32_MAX      /* a month's units; more counts as that */
};

struct tariff_piece {
	int32_t from;  /* units; 0 .. USE_MOST - 1, ascending */
	int32_t block; /* units charged together; >= 1 */
	int32_t li;    /* of each block begun; at most TARIFF_LI_MOST either way */
};

struct tariff_tier {
	unsigned n; /* 0: costs nothing, however much */
	struct tariff_piece piece[TARIFF_PIECES];
	int32_t cap_li; /* most of this dimension a month; 0: none */
};

struct tariff {
	const struct package *package; /* borrowed */
	int32_t fee_li;                /* >= 0 */
	struct tariff_tier tier[DIMS];
};

/* By the catalogue's order, which is that of codes; immutable once made. */
struct tariffs {
	const struct tariff *tariff; /* package NULL: left out, nobody holds or gets it */
	size_t n;
	const struct catalogue *catalogue;
};

/*
 * The tariff of a package.  ERR_RANGE with the package and the field that does not fit:
 * negative, too large, voice that is not in whole minutes, or an outer tier of data that
 * begins within a block.
 */
MUST_CHECK enum err tariff_of(const struct package *p, struct tariff *out,
                              struct fault *fault);

/*
 * Of all packages of the catalogue, also those off sale: somebody holds them.  One that
 * tariff_of() refuses is left out, its place without package, and so are those behind the
 * first TARIFF_MOST; the others are not lost by it.
 */
void tariffs_make(const struct catalogue *c, struct arena *a, struct tariffs *out);

/* Whether package i of the catalogue is left out, and why. */
bool tariffs_without(const struct tariffs *t, size_t i, struct fault *why);

/* use >= 0.  Neither overflows, nor does the sum of 64 bills. */
int64_t tariff_bill_li(const struct tariff *t, const int32_t use[DIMS]);
int64_t tariff_tier_li(const struct tariff_tier *t,
                       int32_t use); /* one dimension's part */

#endif
