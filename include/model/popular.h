/*
 * popular.h - how many numbers have ordered a package or service in the last 30 days.
 * Kept as one text, a line a package: code|people
 */
#ifndef MODEL_POPULAR_H
#define MODEL_POPULAR_H

#include "base/buf.h"
#include "model/package.h"

#define POPULAR_SETTING "popular" /* its name in the store */

enum {
	POPULAR_LEAST = 5 /* of fewer nothing is kept: what few did could tell of one */
};

void popular_print(const struct catalogue *c, struct buf *out);
/* Lines of packages that are not there, of another form, or of too few are passed over. */
void popular_put(struct str text, struct catalogue *c);

#endif
