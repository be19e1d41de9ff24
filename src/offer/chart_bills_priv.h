/*
 * chart_bills_priv.h - what the parts of the chart of bills share.
 */
#ifndef OFFER_CHART_BILLS_PRIV_H
#define OFFER_CHART_BILLS_PRIV_H

#include "chart_priv.h"

enum {
	BILLS_LEFT = 200, /* of the plot; names of rows before it */
	BILLS_SLOT = 80,  /* a month */
	BILLS_RIGHT = BILLS_LEFT + USAGE_MONTHS * BILLS_SLOT,
	BILLS_TOP = 140,
	BILLS_TALL = 250,
	BILLS_FOOT = BILLS_TOP + BILLS_TALL,
	BILLS_ROW = 24 /* of the table */
};

struct bills {
	const struct chart *c;
	const struct explained *e;
	const struct candidate *best, *asked;
	const struct candidate *other[CHART_OTHERS];
	unsigned n;
	bool coded[1 +
	           CHART_OTHERS]; /* of series: its name in the table is like another */
	int64_t most_li, step_li; /* of the axis */
};

static inline int bills_x(unsigned month)
{
	return BILLS_LEFT + (int)month * BILLS_SLOT + BILLS_SLOT / 2;
}

bool bills_looked_at(const struct bills *b, unsigned month);
const struct package *bills_package(const struct bills *b, const struct candidate *c);
/* 0: the present package; others from 1. */
const struct candidate *bills_series(const struct bills *b, unsigned i);
/* Its name, cut to the spot. */
struct chart_word bills_name(const struct bills *b, unsigned i, struct chart_spot at);
/* Of a sum that is weighted by months. */
int64_t bills_a_month(const struct bills *b, int64_t weighted);
/* What is paid beyond the present package's allowances. */
int64_t bills_beyond_li(const struct bills *b, unsigned month);
unsigned bills_months_beyond(const struct bills *b);
/* Months may count differently: then means are not those of the row. */
bool bills_evenly(const struct bills *b);
/* The first guard that failed; GUARDS: none. */
unsigned bills_stopped_by(const struct candidate *c);
extern const char *const bills_guard_said[GUARDS][2]; /* Chinese, English */

/* Bars and lines from BILLS_TOP to BILLS_FOOT, and months below them. */
void bills_draw_plot(const struct bills *b);
/* Where the name of a row stands. */
struct chart_spot bills_row_spot(int y, const char *ink);
/* Its head stands at y, beside the months; then rows of BILLS_ROW. */
void bills_draw_table(const struct bills *b, int y);

#endif
