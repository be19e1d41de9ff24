/*
 * terms.h - rules of packages and services that the core system's list does not hold:
 * what they need and exclude, when they begin, how long they can be undone.
 *
 * A file of lines CODE<TAB>terms, a blank between, '#' comments:
 *   needs=A,B excludes=A,B provider=NAME undo=DAYS trial=DAYS effective=now|month
 *   for=personal|business network=5G regions=A,B groups=A,B credit=FEN
 */
#ifndef MODEL_TERMS_H
#define MODEL_TERMS_H

#include "base/arena.h"
#include "base/fault.h"
#include "model/subscriber.h"

enum {
	TERMS_CODES = 8, /* that one term names */
	TERMS_UNDO_DAYS = 3
};

struct terms_codes {
	struct str code[TERMS_CODES];
	size_t n;
};

struct terms {
	struct str code;
	struct terms_codes needs,
		excludes;    /* held already; main packages count as held */
	struct str provider; /* who provides it, when a third party; or "" */
	int undo_days;       /* after it was cancelled; 0: cannot be undone */
	int trial_days;      /* free at first, then ends; 0: no trial */
	bool now;            /* a main package: at once, not from next month */
	bool one_class;      /* for numbers of `class` only */
	enum sub_class class;
	struct str network; /* for numbers of that network or a newer one; "": of any */
	struct terms_codes regions,
		groups; /* for numbers of these alone, as imported; none: of any */
	bool by_credit; /* for numbers that owe nothing and whose credit is that at least */
	int64_t credit_fen;
};

/* 5 of "5G"; 0 of any other text, which nothing is said about. */
int64_t network_generation(struct str network);

struct terms_list {
	struct terms *row;
	size_t n;
};

bool terms_name(const struct terms_codes *codes, struct str code);

/* Why a number may not have a package, whatever else it has; the first that holds. */
enum terms_bar {
	TERMS_FIT,
	TERMS_NETWORK, /* of a number whose network is not known nothing is said */
	TERMS_CLASS,
	TERMS_REGION,
	TERMS_GROUP, /* belongs to none of the enterprises */
	TERMS_CREDIT /* owes, or has too little; credit that is not known is none */
};
struct terms_who {
	int64_t generation; /* network_generation() */
	enum sub_class class;
	struct str region;
	const struct str *group; /* codes */
	size_t n_groups;
	bool owes;
	int64_t credit_fen;
};
enum terms_bar terms_bar(const struct terms *t, const struct terms_who *who);

/* Of that code; those that no line gives are the defaults.  list may be NULL. */
struct terms terms_of(const struct terms_list *list, struct str code);

/* Reads a whole file; strings are copied into the arena.  path: for faults. */
MUST_CHECK enum err terms_parse(const char *path, struct str text, struct arena *a,
                                struct terms_list *out, struct fault *fault);

#endif
