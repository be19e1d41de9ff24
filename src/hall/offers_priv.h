/*
 * offers_priv.h - the matcher at work for one subscriber: what the dossier says, as a
 * subject; what the match says, in words.
 *
 * In .needs: OFFERS_NEEDS.  What guards and stages look at besides (orders, complaints,
 * account) is taken as it is loaded: a service answer does not depend on it.
 */
#ifndef HALL_OFFERS_PRIV_H
#define HALL_OFFERS_PRIV_H

#include "hall/service.h"

#define OFFERS_NEEDS (NEED_USAGE | NEED_SUBSCRIPTIONS | RULES_NEEDS)

enum {
	OFFERS_NAMED = 3 /* packages that an advice names */
};

/* Matches by the hall's own limits.  False: there is nothing to compare. */
bool offers_look(const struct call *c, struct hall_offer *out);

/* What is said of that package by these figures, or NULL: it is not on offer. */
const struct candidate *offers_of(const struct hall_offer *o, const struct package *p);

/* Whether an advice names it: the hall recommends it to who asks. */
bool offers_names(const struct hall_offer *o, const struct candidate *c);

/* A month of use beyond what the add-ons of that month bring, in rating units. */
void offers_use(const struct call *c, const struct usage_month *u, int32_t use[DIMS]);

/* A sum weighted by months, as money a month. */
struct str offers_a_month(const struct call *c, const struct hall_offer *o,
                          int64_t weighted_li);

/* {count}, and where something beyond an allowance was paid {beyond}, {times}, {each}. */
void offers_put_past(const struct call *c, const struct hall_offer *o,
                     struct reply_values *v);

/* ---- insured.c: a recommendation that is kept ---- */

#define INSURED "offer.insured"

/* Months for which p is promised to be no dearer; 0: it is not recommended. */
int insured_months(const struct call *c, const struct hall_offer *o,
                   const struct package *p);

/* An order that changes the package was written: promises it.  was: the package it leaves. */
void insured_ordered(const struct call *c, const struct order *o,
                     const struct package *was, const struct package *is, int months);

/*
 * The package that he may go back to, on sale or not, since what was recommended was dearer
 * in two months; "": none.  In .needs: NEED_ORDERS.
 */
struct str insured_return(const struct call *c);

/* A month of the promise is over: pays, looks again later, or ends it. */
struct str insured_due(const struct call *c, struct order *o);

#endif
