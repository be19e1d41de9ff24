/*
 * rehearse_priv.h - the rehearsal of a campaign, as the task "rehearse" asks for it.
 */
#ifndef OFFICE_REHEARSE_PRIV_H
#define OFFICE_REHEARSE_PRIV_H

#include "base/buf.h"
#include "model/terms.h"
#include "model/tools.h"
#include "offer/match.h"
#include "office_priv.h"

/*
 * After each portion of everybody, where no query is open: says how far it is and looks at
 * campaigns.  ERR_STATE with a fault when the process ends.
 */
MUST_CHECK enum err rehearse_portion_done(struct office_call *c, int64_t done,
                                          int64_t total);

/* Whether the request has a limit of a campaign. */
bool rehearse_has_limits(const struct office_call *c);

struct rehearse_with {
	const struct tariffs *tariffs;
	const struct policy *policy;
	const struct terms_list *terms;
	const struct tools *tools;
	int64_t now;
};
/* Reads the limits, goes through everybody and says what is chosen, lines with \n. */
MUST_CHECK enum err rehearse_choice(struct office_call *c, const struct rehearse_with *w,
                                    struct buf *out);

#endif
