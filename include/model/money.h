/*
 * money.h - amounts as int64 fen (1/100 yuan), rates as int64 li (1/1000 yuan).
 */
#ifndef MODEL_MONEY_H
#define MODEL_MONEY_H

#include "base/arena.h"

/* "35.20", "-0.05": yuan with two decimals, no grouping. */
struct str money_text(struct arena *a, int64_t fen);

/* "58", "0.5", "12.34": yuan with no more decimals than needed; for fees and prices. */
struct str money_short(struct arena *a, int64_t fen);

/* "0.15", "0.1", "0.015": a rate in li as yuan with no more decimals than needed. */
struct str money_rate(struct arena *a, int64_t li);

/*
 * Reads an amount in fen with up to `decimals` (0..3) decimals, such as "1500" or
 * "19.5", scaled by 10^decimals.  ERR_SYNTAX, ERR_RANGE.
 */
MUST_CHECK enum err money_parse(struct str s, int decimals, int64_t *out);

#endif
