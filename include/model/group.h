/*
 * group.h - an enterprise as its administrator sees it.
 */
#ifndef MODEL_GROUP_H
#define MODEL_GROUP_H

#include "base/civil.h"
#include "base/str.h"

/* X(constant, name in files, what its administrators may do unless the file says) */
#define GROUP_CLASS_LIST(X)         \
	X(SME, "sme", REPORT)       \
	X(LARGE, "large", REPORT)   \
	X(PUBLIC, "public", REPORT) \
	X(CLUSTER, "cluster", NONE)

/* X(constant, name in files): each with all before it */
#define GROUP_LEVEL_LIST(X)                                                   \
	X(NONE, "none")                                                       \
	X(REPORT, "report")   /* sums of the group, the highest bills */      \
	X(QUERY, "query")     /* balance and usage of each member */          \
	X(APPROVE, "approve") /* what members ask for, each time confirmed */ \
	X(BUY, "buy")         /* add-ons for members, likewise */

enum group_level {
#define X(constant, name) GROUP_##constant,
	GROUP_LEVEL_LIST(X)
#undef X
	GROUP_LEVELS
};
const char *group_class_name(unsigned i); /* NULL past the end */
const char *group_level_name(unsigned i);
/* level "": that of the class; a name that is none: GROUP_NONE. */
enum group_level group_level_of(struct str class, struct str level);

enum {
	GROUP_MEMBERS = 1000 /* of which the newest bills are looked at */
};

/* A month's bill of a member. */
struct group_bill {
	int64_t msisdn;
	month_t month;
	int64_t fen;
};

/* That a number belongs to an enterprise, as its owner or administrator or only as a member. */
struct place {
	struct str group, name;
	bool admin;
	enum group_level level;
	struct str manager, phone; /* as in struct group_view */
	int64_t other_admin; /* the first administrator that is another number; 0: none */
};

struct dossier;
/*
 * The place by which `admin` may do what the level opens for `member`, or NULL.  Both with
 * NEED_PLACES loaded.
 */
const struct place *group_may(const struct dossier *admin, const struct dossier *member,
                              enum group_level level);

struct group_view {
	struct str code, name;
	enum group_level level;
	struct str manager, phone; /* of the operator's account manager; may be "" */
	struct group_bill *bill;   /* none of an earlier owner */
	size_t n_bills, n_members;
};

#endif
