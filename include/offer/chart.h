/*
 * chart.h - SVG of what the matcher and a rehearsal found, to be read without explanation.
 *
 * One document each, without scripts or anything from outside, for screen (light and
 * dark) and paper.  Names of packages may hold anything: all text is escaped, cut to its
 * place, and what XML or a reading order cannot bear becomes U+FFFD.
 */
#ifndef OFFER_CHART_H
#define OFFER_CHART_H

#include "offer/rehearse.h"

enum {
	CHART_MOST = 128 * 1024, /* octets that a document takes at most */
	CHART_OTHERS = 4,        /* candidates beside the present package */
	CHART_PACKAGES = 8       /* rows of a matrix of moves; the rest is summed */
};

/*
 * The present package's bills by month, what is beyond its allowances set off, with those
 * of the package that is pushed, the one that is told to who asks, and the cheapest
 * others, up to CHART_OTHERS; below it the same in figures, and which guard stopped whom.
 */
void chart_offer(const struct explained *e, bool english, struct buf *out);

/*
 * Revenue and margin of each course, winners and losers by yuan a month, and who moves
 * from where to where; a course in which nothing changes is left out below the figures.
 * Sums of money are within + and - INT64_MAX / 2000.
 */
void chart_rehearsal(const struct rehearsal *r, bool english, struct buf *out);

#endif
