/*
 * audience.h - all subscribers of a store in portions, laid out for the mass matcher.
 *
 * What is known of each is what hall_offer() knows of one alone, so the verdicts are the
 * same: tests/unit/office/test_audience.c.
 */
#ifndef OFFICE_AUDIENCE_H
#define OFFICE_AUDIENCE_H

#include "model/terms.h"
#include "offer/mass.h"
#include "store/people.h"

struct audience;

/*
 * All is borrowed.  terms: who may have which package.  The months end with the last
 * whole one before now (UTC s).
 */
struct audience *audience_create(const struct tariffs *t, const struct policy *policy,
                                 const struct terms_list *terms, int64_t now);
void audience_destroy(struct audience *a); /* NULL is fine */
/* Before the first portion: numbers behind `after`, matched with no package but those. */
void audience_narrow(struct audience *a, const struct offer_set *only, int64_t after);

/*
 * From the next portion on also what services each holds, may open and has tried, by
 * the catalogue.
 */
void audience_want_services(struct audience *a);

/* The next portion, STORE_PEOPLE_SLICE at most; ERR_END behind the last. */
MUST_CHECK enum err audience_next(struct audience *a, struct store_reader *r);

/* The present portion; dead after the next audience_next(). */
const struct usage_set *audience_use(const struct audience *a);
const struct mass_subjects *audience_subjects(const struct audience *a);
struct audience_services {
	const struct offer_set *owned, *may, *tried;
};
/* Of each; NULLs where they are not wanted. */
struct audience_services audience_services(const struct audience *a);
struct audience_who {
	int64_t msisdn, owner_since;
	enum language language;
	unsigned contacts, refusals; /* offer_contacts(), offer_refusals() */
};
const struct audience_who *audience_who(const struct audience *a);

#endif
