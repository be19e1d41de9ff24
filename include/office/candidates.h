/*
 * candidates.h - what may be offered unasked to each of a portion of the audience: packages
 * that pass the guards, and services that go well with what is held; each with what
 * offering it is worth.
 *
 * For campaigns: audience_next(), mass_match(), then candidates_of() for each of the portion,
 * choosing_add() of what it gives, and at the end choose() (office/choose.h).
 */
#ifndef OFFICE_CANDIDATES_H
#define OFFICE_CANDIDATES_H

#include "assets/assets.h"
#include "offer/cross.h"
#include "office/audience.h"
#include "office/choose.h"

/*
 * What is asked with of a store: what is held together as it was counted with the tags
 * (counts->n 0: not yet), trials that are open now.  In the arena; packages, policy,
 * terms and tools (NULL: none) are borrowed.
 */
MUST_CHECK enum err candidates_load(struct store_reader *r,
                                    const struct catalogue *packages,
                                    const struct policy *policy,
                                    const struct terms_list *terms,
                                    const struct tools *tools, int64_t now,
                                    struct arena *a, struct cross *out);

/* A portion, after audience_want_services(); arrays of mass_match(). */
struct candidates_portion {
	const struct audience *audience;
	const struct mass_present *present;
	const struct mass_candidate *candidate; /* MASS_KEEP of each */
};

/* Services for subject i, by lift, at most max; their texts have so many segments. */
size_t candidates_cross(const struct candidates_portion *p, const struct cross *x,
                        size_t i, unsigned segments, uint64_t seed,
                        struct cross_offer *out, size_t max);

/* Of whom i is, for what is learned of such. */
unsigned candidates_cell(const struct candidates_portion *p, size_t i);
/*
 * One of his packages, or services, as it may be chosen; seed 0: acceptance as it is
 * believed, else drawn.
 */
struct choose_offer candidates_package(const struct candidates_portion *p,
                                       const struct cross *x, size_t i,
                                       const struct mass_candidate *c, unsigned segments,
                                       uint64_t seed);
struct choose_offer candidates_service(const struct cross *x, enum stage stage,
                                       const struct cross_offer *o);

/*
 * All that may be offered to subject i, worth or not: numbers are those of the catalogue,
 * packages first.
 */
enum {
	CANDIDATES_MOST = 2 * CHOOSE_KEEP
};
size_t candidates_of(const struct candidates_portion *p, const struct cross *x, size_t i,
                     unsigned segments, struct choose_offer out[CANDIDATES_MOST]);

#endif
