/*
 * forward_priv.h - call forwarding: where calls may go, and who may send them there.
 */
#ifndef HALL_FORWARD_PRIV_H
#define HALL_FORWARD_PRIV_H

#include "hall/service.h"

bool forward_is(struct str code);

/*
 * Whether calls may go to the number that was named, and its PIN was right: asked for
 * anew for each prompt, even where it was right a moment ago.  False: *why is the answer.
 */
bool forward_may(const struct call *c, struct str *to, struct hall_answer *why);

#endif
