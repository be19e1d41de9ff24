/*
 * tags.h - what is known of subscribers, as tags: definitions whose rules are read-only
 * SQL expressions over the columns of known.def, and their refresh in slices.
 *
 * Rules are compiled against an empty database in memory that knows no table: a rule sees
 * what is bound to it and nothing else.  Words and functions that are not listed are
 * refused before SQLite sees them, and once more by its authorizer.
 *
 * A tag that was imported is never changed; one that was worked out (tag.computed) is put,
 * renewed and dropped by the refresh.
 */
#ifndef STORE_TAGS_H
#define STORE_TAGS_H

#include "base/buf.h"
#include "offer/policy.h"
#include "store/store.h"

enum {
	TAGS_MAX = 48,       /* definitions */
	TAG_PARTS_MAX = 200, /* a rule is one part, each line of a score is one */
	TAG_RULE_MAX = 2000, /* octets of a rule or a score */
	TAG_VALUE_MAX = 64,  /* octets of a value; longer ones are cut */
	TAG_PLACES_MAX = 64,
	TAG_SLICE = 2048 /* subscribers of a slice at most */
};

enum tag_level {
	TAG_BASIC,    /* says what master data says */
	TAG_APPLIED,  /* by a rule over usage */
	TAG_PORTRAIT, /* by a model */
	TAG_LEVELS
};
const char *tag_level_name(enum tag_level l); /* "basic"; NULL past the end */

/* From octet at on, a rule's text stands there in its file. */
struct tag_place {
	size_t at;
	int line, column;
};

struct tag_def {
	struct str name; /* unique */
	enum tag_level level;
	struct str zh, hant, en; /* what it says */
	/*
	 * Holds when this is neither NULL, 0 nor ''; its value is the tag's.  A score is
	 * "30 over_months >= 2; 20 arrears": the points of each line that is true, and the
	 * tag holds, with the sum as value, from `from` on.
	 */
	struct str rule;
	bool is_score;
	int64_t from;
	int64_t days; /* it lives, unless renewed; 0: not kept, worked out when asked for */
	const struct tag_place
		*place; /* ascending, the first at octet 0; NULL: not known */
	size_t n_places;
};

/* ---- rules ---- */

struct tag_rules;
/*
 * Copies the definitions and compiles them.  path is for faults, which name line and
 * column of what is wrong and what is allowed: ERR_SYNTAX, ERR_REFUSED (what rules may not
 * speak of), ERR_TOO_BIG, ERR_EXISTS (two of one name).  policy, copied, tells stages;
 * NULL: policy_defaults().
 */
MUST_CHECK enum err tag_rules_make(const char *path, const struct tag_def *def, size_t n,
                                   const struct policy *policy, struct tag_rules **out,
                                   struct fault *fault);
void tag_rules_free(struct tag_rules *r); /* NULL is fine */
const struct tag_def *tag_rules_defs(const struct tag_rules *r, size_t *n);
/* Those of that name, or of that level, alone.  ERR_NOT_FOUND with a fault. */
MUST_CHECK enum err tag_rules_some(const struct tag_rules *r, struct str what,
                                   struct tag_rules **out, struct fault *fault);
/* Changes when what would come out may change. */
int64_t tag_rules_revision(const struct tag_rules *r);

/* A column of known.def; false past the end. */
struct tag_column {
	const char *name, *type, *what;
};
bool tag_column(size_t i, struct tag_column *out);
/* The functions and words that rules may use, with spaces between. */
const char *tag_functions(void);
const char *tag_words(void);

/* ---- refresh ---- */

/* One under way: what an interrupted one needs to go on.  One a store. */
struct tag_refresh {
	struct str only; /* a tag or a level; "": all */
	int64_t revision;
	int64_t now;               /* UTC s: what days and months are counted from */
	int64_t upto;              /* numbers up to this one are done */
	int64_t seen;              /* subscribers */
	int64_t put, dropped;      /* rows */
	int64_t holders[TAGS_MAX]; /* of each definition, so far */
};

/* ERR_NOT_FOUND: none is under way.  Strings in a. */
MUST_CHECK enum err store_tags_under_way(struct store_reader *r, struct arena *a,
                                         struct tag_refresh *out, struct fault *fault);

struct tag_change {
	int64_t msisdn, owner_since;
	struct str name, value; /* value "": it goes */
	int64_t until;
};

struct tag_slice {
	int64_t from;              /* in: numbers behind this one */
	size_t rows;               /* in: 1..TAG_SLICE */
	int64_t now;               /* in */
	bool all;                  /* in: what these rules do not define is dropped */
	int64_t to;                /* out */
	size_t n;                  /* out: subscribers */
	bool last;                 /* out: there are none behind it */
	struct tag_change *change; /* out, in the arena */
	size_t n_changes;
	int64_t holders[TAGS_MAX]; /* out: of this slice */
};
/* Reads, works out and compares with what is kept.  The arena is the slice's. */
MUST_CHECK enum err store_tags_slice(struct store_reader *r, struct tag_rules *rules,
                                     struct arena *a, struct tag_slice *s,
                                     struct fault *fault);

/*
 * Carries out n changes and keeps the refresh, which may be NULL (the slice is not done
 * yet), in one transaction.  A number whose owner is another by now is passed over.
 */
MUST_CHECK enum err store_tags_write(struct store *s, const struct tag_change *change,
                                     size_t n, int64_t now,
                                     const struct tag_refresh *refresh);
/* The refresh is done: its counts are what store_tags_counts() gives from now on. */
MUST_CHECK enum err store_tags_end(struct store *s, const struct tag_rules *rules,
                                   const struct tag_refresh *refresh);

/* ---- an audience ---- */

/* One rule alone, such as a campaign's audience; code names it. */
MUST_CHECK enum err tag_rules_one(const char *path, struct str code, struct str rule,
                                  const struct policy *policy, struct tag_rules **out,
                                  struct fault *fault);

struct tag_hold {
	int64_t after, to; /* in: numbers behind after, up to to; out: after moves on */
	int64_t now;       /* in */
	int64_t *msisdn;   /* out, ascending, in the arena */
	size_t n;
	bool last; /* out: there are none behind it */
};
/* Of whom the first definition holds, of a slice; nothing is kept. */
MUST_CHECK enum err store_tags_hold(struct store_reader *r, struct tag_rules *rules,
                                    struct arena *a, struct tag_hold *h,
                                    struct fault *fault);

/* Whether the first definition holds of that number; by the owner, for its turns. */
MUST_CHECK enum err store_tag_holds(struct store *s, struct tag_rules *rules,
                                    const struct catalogue *packages, struct arena *a,
                                    int64_t msisdn, int64_t now, bool *holds);

/* ---- looking ---- */

struct tag_count {
	int64_t holders; /* -1: never counted */
	int64_t as_of;   /* UTC s */
};
/* out[i] of definition i. */
MUST_CHECK enum err store_tags_counts(struct store_reader *r,
                                      const struct tag_rules *rules,
                                      struct tag_count *out, struct fault *fault);

/* A tag of one number, and why. */
struct tag_shown {
	const struct tag_def *def; /* NULL: imported, not defined here */
	struct str name, value;    /* value "": does not hold now */
	struct str why;            /* "over_months=4 months=6" */
	bool imported;
	struct str kept;      /* the value in the store; "": none */
	int64_t as_of, until; /* of what is kept; until 0: does not end */
};
/* ERR_NOT_FOUND: no such subscriber.  Definitions in order, then what else was imported. */
MUST_CHECK enum err store_tags_show(struct store_reader *r, struct tag_rules *rules,
                                    struct arena *a, int64_t msisdn, int64_t now,
                                    struct tag_shown **out, size_t *n,
                                    struct fault *fault);

/* ---- beside them ---- */

/*
 * A text that was worked out of all subscribers, such as what is typical of packages
 * (model/typical.h) or held together (STORE_LIFT); kept in a transaction of its own.
 */
#define STORE_LIFT    "lift"    /* lift_print(), offer/lift.h */
#define STORE_LEARNED "learned" /* learned_print(), offer/learned.h */
MUST_CHECK enum err store_put_worked_out(struct store *s, const char *name,
                                         struct str text);
/* "" where it was never worked out. */
MUST_CHECK enum err store_worked_out(struct store_reader *r, const char *name,
                                     struct arena *a, struct str *out);

#endif
