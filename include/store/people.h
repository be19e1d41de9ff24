/*
 * people.h - all subscribers in order of number, from a reader: what a matcher over
 * everybody, or a list of them, is made of.
 */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "store/store.h"

enum {
	STORE_PEOPLE_SLICE =
		20000, /* subscribers of one call, so that it takes no second */
	STORE_PEOPLE_MONTHS = 24, /* of use, the latest */
	STORE_PEOPLE_HELD = 64
};

/* Strings and arrays are dead when the call that hands it out returns. */
struct store_person {
	int64_t msisdn, owner_since, joined_on;
	enum sub_status status;
	enum sub_class class;
	struct str network, package;     /* code of the main package */
	const struct usage_month *usage; /* ascending, of the owner's */
	size_t n_usage;
	const struct store_held *held; /* open, or ended within six months of now */
	size_t n_held;
};

struct store_held {
	struct str package;
	int64_t since, until;   /* UTC s; until 0: open */
	int64_t contract_until; /* 0: none */
	bool trial;
};

/*
 * Hands out those with numbers behind *after, STORE_PEOPLE_SLICE at most, all as they
 * were at one moment, and moves *after on.  ERR_END: there are none.
 */
MUST_CHECK enum err store_people(struct store_reader *r, int64_t now, int64_t *after,
                                 void (*take)(void *ctx, const struct store_person *p),
                                 void *ctx);

#endif
