/*
 * people.h - all subscribers in order of number, from a reader: what a matcher over
 * everybody, or a list of them, is made of.
 */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "offer/match.h"
#include "store/store.h"

enum {
	STORE_PEOPLE_SLICE =
		20000, /* subscribers of one call, so that it takes no second */
	STORE_PEOPLE_MONTHS = 24, /* of use, the latest */
	STORE_PEOPLE_HELD = 64,
	STORE_PEOPLE_GROUPS = 16,
	STORE_PEOPLE_OFFERED = 256, /* of the last 366 days */
	STORE_PEOPLE_TRIED = 64,
	STORE_PEOPLE_ORDERED = 64,
	STORE_PEOPLE_ORDERED_DAYS = 30
};

/*
 * What the matcher looks at, as a dossier has it (hall_offer()).  Strings and arrays are
 * dead when the call that hands it out returns.
 */
struct store_person {
	int64_t msisdn, owner_since, joined_on;
	enum sub_status status;
	enum sub_class class;
	enum language language;
	struct str region, network, package; /* package: code of the main one */
	const struct usage_month *usage;     /* ascending, of the owner's */
	size_t n_usage;
	int64_t usage_as_of; /* when it was reported last; 0: never */
	/* Open, or ended within six months of now; by package, then since. */
	const struct subscription *held;
	size_t n_held;
	const struct str *group; /* codes of the enterprises that the number belongs to */
	size_t n_groups;
	bool has_account;            /* without one its figures are 0 */
	int64_t balance_fen, points; /* with what the hall charged and gave since */
	int64_t credit_fen;
	bool complaint_open;
	int64_t complained_at;         /* the latest; INT64_MIN: none */
	const struct offered *offered; /* of the last 366 days, in no order */
	size_t n_offered;
	int64_t changed_at;      /* the main package, by an order; INT64_MIN: never */
	struct str coming;       /* main package of an accepted change; "" none */
	const struct str *tried; /* codes of services of which a trial was ordered */
	size_t n_tried;
	/*
	 * Codes, each once, of main packages and services ordered in the last
	 * STORE_PEOPLE_ORDERED_DAYS by text and not undone.
	 */
	const struct str *ordered;
	size_t n_ordered;
};

bool store_person_owes(const struct store_person *p);
/* Of the main package's contract, as stage_contract_days() has it. */
int32_t store_person_contract_days(const struct store_person *p, int64_t now);
/* last: the month before that of now (UTC s), which is given as dates take long. */
enum stage store_person_stage(const struct store_person *p, const struct policy *policy,
                              int64_t now, month_t last);

/*
 * Hands out those with numbers behind *after, STORE_PEOPLE_SLICE at most and as many as a
 * reader's time allows, all as they were at one moment, and moves *after on.  ERR_END:
 * there are none.
 */
MUST_CHECK enum err store_people(struct store_reader *r, int64_t now, int64_t *after,
                                 void (*take)(void *ctx, const struct store_person *p),
                                 void *ctx);

/* How many there are. */
MUST_CHECK enum err store_people_count(struct store_reader *r, int64_t *out);

/*
 * As store_load_dossiers() and store_load_needs() have them, of n (1..STORE_PEOPLE_SLICE)
 * numbers in any order, all as they were at one moment; d[i]->msisdn is set, all else 0.
 * Cheap where they are neighbours: few have a row in most tables, and who has is asked once
 * for all of them.  ERR_BUSY: a query took more than the reader's second.
 */
MUST_CHECK enum err store_people_dossiers(struct store_reader *r, struct arena *a,
                                          struct dossier **d, unsigned need, size_t n,
                                          int64_t now);

#endif
