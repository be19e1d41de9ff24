/*
 * act_priv.h - carrying a command out for another number.
 */
#ifndef HALL_ACT_PRIV_H
#define HALL_ACT_PRIV_H

#include "tools_priv.h"

/* Of both numbers: of opening, cancelling, changing, and of asking for it. */
#define ACT_NEEDS (TOOLS_NEEDS | NEED_USAGE | NEED_BONDS | NEED_PLACES | NEED_REQUESTS)

/*
 * Carries the command out for `whom`, as far as c's own number has confirmed it; *done is
 * the order that came of it, or NULL.
 */
struct hall_answer act_for(const struct call *c, struct dossier *whom, struct str command,
                           const struct order **done);

/* Whether nobody but the member itself is billed for its number. */
bool act_pays_himself(const struct dossier *member);

#endif
