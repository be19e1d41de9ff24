/*
 * explain_priv.h - figures in the words of an explanation.
 */
#ifndef OFFER_EXPLAIN_PRIV_H
#define OFFER_EXPLAIN_PRIV_H

#include "offer/match.h"
#include "offer/value.h"

/* "-12.30", right-aligned in width columns. */
void explain_li(struct buf *out, int width, int64_t li);
/* "12.30"; of a thousandth of a yuan too, where it is not a whole fen. */
void explain_price(struct buf *out, int64_t li);
/* "12.3 %" of tenths of a per cent. */
void explain_share(struct buf *out, int64_t tenths);
/* The addends of offer_value(), a line each with what it is made of. */
void explain_sum(const struct offer_value_in *in, struct buf *out);
/* Of a sum that is weighted by months. */
int64_t explain_month(const struct explained *e, int64_t weighted);

/* Lines: a package's margin, and what his use costs the operator. */
void explain_cost(const struct explained *e, const struct candidate *c, struct buf *out);

/* A line: fee, what is included, and each price beyond it. */
void explain_terms(const struct tariff *t, struct buf *out);

#endif
