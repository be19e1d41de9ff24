/*
 * typical.h - what customers of a package and class use, a month: for those whose own
 * months are too few.  Kept as one text, a line a package and class:
 *   code|class|people|voice_s|sms|data_kib
 */
#ifndef MODEL_TYPICAL_H
#define MODEL_TYPICAL_H

#include "base/buf.h"
#include "model/package.h"

#define TYPICAL_SETTING "typical" /* its name in the store */

void typical_print(const struct catalogue *c, struct buf *out);
/* Lines of packages that are not there, or of another form, are passed over. */
void typical_put(struct str text, struct catalogue *c);

#endif
