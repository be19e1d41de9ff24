/*
 * eligible.h - which packages and services a number may have: by network, class, region, enterprise,
 * credit, by what it holds, and by what that needs.
 *
 * The same rules as bind an order (hall_offer() asks src/hall/rules.c), made ready for
 * many numbers: most packages have no rule but network and class, so most numbers share
 * the sets of ELIGIBLE_CLASSES.
 */
#ifndef OFFER_ELIGIBLE_H
#define OFFER_ELIGIBLE_H

#include "model/terms.h"
#include "offer/match.h"

enum {
	ELIGIBLE_GENERATIONS = 10, /* of networks: 0 (none) .. 9, later ones count as 9 */
	ELIGIBLE_CLASSES = ELIGIBLE_GENERATIONS * (CLASS_BUSINESS + 1)
};

/* A package that asks for more than network and class. */
struct eligible_rule {
	size_t tariff;
	struct terms terms;
	struct str *against; /* codes with which it does not go together, either way */
	size_t n_against;
};

struct eligible {
	const struct terms_list *terms; /* borrowed */
	const struct catalogue *packages;
	struct offer_set base[ELIGIBLE_CLASSES];     /* main packages */
	struct offer_set services[ELIGIBLE_CLASSES]; /* on sale */
	struct eligible_rule *rule;                  /* in the arena */
	size_t n_rules;                              /* of main packages; */
	size_t n_service_rules;                      /* of services, behind those */
	bool needing;                                /* some code needs another */
};
struct eligible eligible_make(const struct tariffs *t, const struct terms_list *terms,
                              struct arena *a);

/* What decides of one number. */
struct eligible_who {
	struct terms_who who;
	struct str package;              /* its main one */
	const struct subscription *held; /* also what has ended */
	size_t n_held;
	int64_t now;
	/* Of services only: */
	struct str coming;  /* the main package of an accepted change; "" none */
	int64_t covers_fen; /* balance and credit; 0: not known */
};

/* The place of its set in base. */
size_t eligible_class(const struct terms_who *who);

/* True: it may not have all of base[eligible_class()]; *out is what it may. */
bool eligible_less(const struct eligible *e, const struct eligible_who *w,
                   struct offer_set *out);

/* The services that it may open and does not hold or try: by what holds of an order now. */
void eligible_services(const struct eligible *e, const struct eligible_who *w,
                       struct offer_set *out);

#endif
