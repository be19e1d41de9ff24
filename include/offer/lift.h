/*
 * lift.h - what is held together: cross-selling without a change of the bill.
 *
 *   lift(a -> b) = N n_ab / (n_a n_b),  from ownership sets of all subscribers
 *
 * 1 is no relation.  Subscribers hold few items, so pairs are counted one by one: an
 * eighth of the time of intersecting columns of owners by popcount (200 items, 5 each).
 */
#ifndef OFFER_LIFT_H
#define OFFER_LIFT_H

#include "base/arena.h"
#include "offer/match.h"

struct lift_counts {
	size_t n;      /* subscribers counted; below 2^32 */
	size_t items;  /* of the catalogue; <= TARIFF_MOST */
	uint32_t *one; /* [item] */
	uint32_t *
		pair; /* [item * items + item], both ways; who holds it himself is in one */
};

/* Nothing counted yet; in the arena, 4 * items * (items + 1) octets. */
struct lift_counts lift_counts_make(size_t items, struct arena *a);

/* Adds n subscribers; bits from `items` on do not count. */
void lift_count(struct lift_counts *c, const struct offer_set *owned, size_t n);

/*
 * What one holds: the main package and what is open at now, but no trials.  Adds to *out,
 * by indices of the catalogue.
 */
void offer_owned(const struct catalogue *packages, struct str package,
                 const struct subscription *held, size_t n, int64_t now,
                 struct offer_set *out);

/*
 * As text, to be kept: "|people", then "code|owners" and "code|code|both" of what is not 0,
 * a line each.  lift_parse() passes over lines of packages that are not there, or of
 * another form; items are the indices of the catalogue.
 */
void lift_print(const struct lift_counts *c, const struct catalogue *packages,
                struct buf *out);
struct lift_counts lift_parse(struct str text, const struct catalogue *packages,
                              struct arena *a);

struct lift {
	uint16_t held, offered;
	uint32_t support; /* n_ab */
	int32_t lift_mil; /* lift in 1/1000, rounded down; INT32_MAX: more */
};

/*
 * What goes best with what is held: each item at most once, with the held one that speaks
 * most for it; at most `max`, by lift, then support, then index.  Only `allowed` ones that
 * are not held yet, support at least `least`.
 */
size_t lift_best(const struct lift_counts *c, const struct offer_set *owned,
                 const struct offer_set *allowed, uint32_t least, struct lift *out,
                 size_t max);

#endif
