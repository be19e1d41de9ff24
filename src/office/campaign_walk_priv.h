/*
 * campaign_walk_priv.h - a walk through everybody for a campaign (campaign_people.c), and
 * the targets made of whom it finds (campaign_fill.c).
 */
#ifndef OFFICE_CAMPAIGN_WALK_PRIV_H
#define OFFICE_CAMPAIGN_WALK_PRIV_H

#include "campaign_priv.h"
#include "office/candidates.h"
#include "push/arms.h"

enum {
	CAMPAIGN_WALKED = TARIFF_MOST /* offers of a campaign at most */
};

struct campaign_walk {
	struct campaign_plan *plan;
	struct policy policy; /* with the campaign's margin and price of texts */
	struct arena arena;   /* of a portion */
	int64_t after;
	month_t last; /* the month before now */
	struct campaign_walked seen;
	struct campaign_offer offer[CAMPAIGN_WALKED];
	struct terms terms[CAMPAIGN_WALKED];
	size_t n_offers;
	struct campaign_found *found; /* [STORE_PEOPLE_SLICE] */
	size_t n, portion;            /* found; subscribers of the portion */
	/* Kinds match and cross. */
	struct tariffs tariffs;
	struct audience *audience;
	struct mass_present *present;
	struct mass_candidate *candidate;
	struct cross cross; /* what services are worth, and what was measured */
	struct arms_salt salt;
	bool salted;
	bool all_texts; /* those of who is held out too */
};

#endif
