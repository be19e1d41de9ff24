/*
 * cross.h - services that go well with what is held, and what it is worth to offer one:
 * by lift over what all subscribers hold, a free trial first where there is one.
 *
 * Pure: of one as of many (office/audience.h, smshall offer).  Money is li a month.
 */
#ifndef OFFER_CROSS_H
#define OFFER_CROSS_H

#include "model/terms.h"
#include "model/tools.h"
#include "offer/learned.h"
#include "offer/lift.h"
#include "offer/value.h"

/* ---- what an offer is worth under a policy ---- */

enum worth_of {
	WORTH_PACKAGE, /* another main package */
	WORTH_SERVICE,
	WORTH_TRIAL /* of a service, free */
};

/* Who is offered what, for what is measured of such. */
struct worth_asked {
	const struct learned *learned; /* NULL: nothing is */
	size_t item;                   /* of the catalogue */
	unsigned cell;                 /* learn_cell_of(), or LEARN_ANY */
	uint64_t seed;     /* 0: as it is believed; else drawn, by learned_ppm() */
	unsigned contacts; /* offer_contacts() */
	const struct learn_features *of; /* of a package; NULL: as of all */
};

/* Who accepts, in millionths: what the policy assumes, moved by what is measured. */
int32_t worth_accept_ppm(const struct policy *p, enum worth_of of,
                         const struct worth_asked *a);
/* The same in words: "5.4 % (12 of 300 ...)". */
void explain_accept(const struct policy *p, enum worth_of of, const struct worth_asked *a,
                    int32_t q_ppm, struct buf *out);

/* margin_li: the present one; margin_gain_li: more of it for who accepts. */
struct offer_value_in worth_in(const struct policy *p, enum worth_of of,
                               const struct worth_asked *a, int64_t margin_gain_li,
                               int64_t margin_li, unsigned segments);

/*
 * What it takes of a budget, as expected: its segments, and with q what each acceptance
 * gives away (li, at once or over the horizon).
 */
int64_t worth_spend_li(const struct offer_value_in *in, int64_t given_li);

/* ---- services ---- */

/* Free days of a service, by a tool that is open or by its own terms; 0: it cannot be tried. */
int cross_trial_days(const struct tools *tools, const struct terms *terms,
                     const struct package *p, int64_t now);

/* All that is the same for everybody; borrowed. */
struct cross {
	const struct catalogue *packages;
	const struct policy *policy;
	const struct lift_counts *counts;
	const int32_t *trial_days;     /* [package] */
	const struct learned *learned; /* NULL: nothing is */
};

struct cross_who {
	enum stage stage;
	int64_t margin_li;             /* of his present package */
	const struct offer_set *owned; /* main package and services; no trials */
	const struct offer_set *may;   /* services that he may open and has not */
	const struct offer_set *tried; /* of which he had his trial */
	const struct offer_set *cooling;
	unsigned cell;     /* learn_cell_of(), or LEARN_ANY */
	uint64_t seed;     /* 0: acceptance as it is believed */
	unsigned contacts; /* offer_contacts() */
};

struct cross_offer {
	struct lift lift;
	int trial_days; /* that come first; 0: none */
	struct offer_value_in in;
	int64_t given_li; /* by each acceptance: what the trial costs */
	int64_t value_li; /* offer_value() */
};

/*
 * At most max, by lift: those that he may have, that his stage gets, that are not cooling,
 * that keep the margin of his stage, and that policy->support people hold together with
 * something of his, policy->lift_bp of what chance would make.
 */
size_t cross_best(const struct cross *x, const struct cross_who *w, unsigned segments,
                  struct cross_offer *out, size_t max);

/* One service, whether he may have it or not; of lift only `offered` is put. */
struct cross_offer cross_one(const struct cross *x, const struct cross_who *w,
                             size_t item, int trial_days, unsigned segments);

/* Each with its arithmetic; lines with \n.  n 0: why there is none. */
void explain_cross(const struct cross *x, const struct cross_who *w,
                   const struct cross_offer *offer, size_t n, struct buf *out);

#endif
