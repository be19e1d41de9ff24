/*
 * lines_priv.h - what a month's bill is made of: the lines imported, or those that
 * tariff and usage give.
 */
#ifndef HALL_LINES_PRIV_H
#define HALL_LINES_PRIV_H

#include "hall/service.h"

enum {
	LINES_MAX = 64 /* of one bill; more go into "other" */
};

enum line_kind {
	LINE_NAMED, /* imported: nothing is known but its name */
	LINE_FEE,   /* of `package` */
	LINE_CALLS, /* beyond the allowance; so the next two */
	LINE_TEXTS,
	LINE_DATA
};

struct lines {
	struct line {
		struct str item;
		int64_t fen; /* never 0 */
		enum line_kind kind;
		const struct package *package;
	} line[LINES_MAX];
	size_t n;
};

/* items.c: what billing names its line, in the language of the call where that is known. */
struct str line_name(const struct call *c, struct str item);

/* Adds the lines on record for that month; false: there are none. */
bool lines_imported(const struct call *c, month_t month, struct lines *l);

/* Adds those of tariff and usage; returns how many services held have no price on record. */
size_t lines_deduced(const struct call *c, const struct usage_month *u, struct lines *l);

int64_t lines_total(const struct lines *l);

/*
 * What a month that is over and not billed will come to, in yuan; p == NULL when usage
 * is not complete, or a price is not known.
 */
struct str lines_expected(const struct call *c, month_t month);

/*
 * In the first days of a month whose predecessor is not billed: fills {pending} and
 * {expected}.  False at other times, and when usage is not loaded.
 */
bool lines_pending(const struct call *c, struct reply_values *v);

#endif
