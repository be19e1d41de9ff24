/*
 * learned.h - what campaigns have measured of acceptance: a Beta cell for each offer, way
 * (free at first, or ordered at once), life-cycle stage and band of the present bill, and
 * one of all stages and bands together.
 *
 * A cell's start is what is known of its offer, and that one's start is what offer.conf
 * assumes: few answers move little, many speak for themselves.
 */
#ifndef OFFER_LEARNED_H
#define OFFER_LEARNED_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/package.h"
#include "model/tools.h"
#include "offer/learn.h"

enum {
	LEARN_BANDS = 4, /* of a month's bill: below 30, 60, 100 yuan, and more */
	LEARN_CELLS = LEARN_STAGES * LEARN_BANDS,
	LEARN_ANY = LEARN_CELLS /* whoever it is; also: stage and bill are not known */
};

/* stage below LEARN_STAGES. */
unsigned learn_cell_of(unsigned stage, int64_t bill_li);

/* ---- counting, by codes ---- */

enum {
	LEARN_CODES = 512 /* offers and ways; of more nothing is learned */
};

struct learn_counts {
	struct learn_of {
		struct str code; /* of a package, a service or a trial */
		bool trial;
		struct learn_cell cell[LEARN_CELLS + 1]; /* the last: LEARN_ANY */
	} * of;
	size_t n;
	struct arena *arena; /* borrowed */
};
struct learn_counts learn_counts_make(struct arena *a);
/* One who was told of it; counts in LEARN_ANY too. */
void learn_count(struct learn_counts *c, struct str code, bool trial, unsigned cell,
                 bool ordered);

/* As text, to be kept: "code|trial|cell|sent|orders" of what is not 0, a line each. */
void learned_print(const struct learn_counts *c, struct buf *out);

/* ---- by the catalogue ---- */

struct learned {
	size_t items;            /* of the catalogue */
	struct learn_cell *cell; /* [item][way][LEARN_CELLS + 1] */
};

/*
 * In the arena.  Trials may have the code of their tool (NULL: there are none).  Lines of
 * offers that are not there, or of another form, are passed over.
 */
struct learned learned_parse(struct str text, const struct catalogue *packages,
                             const struct tools *tools, struct arena *a);

/* NULL: nothing is kept of such an item; cell up to LEARN_ANY. */
const struct learn_cell *learned_cell(const struct learned *l, size_t item, bool trial,
                                      unsigned cell);

/*
 * Who accepts, in millionths: what is assumed counts as `believed` answers.  seed 0: the
 * mean; else drawn from what is believed then, for all of the cell the same.  l may be NULL.
 */
int32_t learned_ppm(const struct learned *l, size_t item, bool trial, unsigned cell,
                    int32_t assumed_ppm, uint32_t believed, uint64_t seed);

#endif
