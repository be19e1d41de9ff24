/*
 * group.h - enterprises: what their administrators may do, and a month of all members.
 *
 * What a class of enterprises and a level of permission open is data: grammar/groups.conf.
 */
#ifndef MODEL_GROUP_H
#define MODEL_GROUP_H

#include "base/civil.h"
#include "base/fault.h"
#include "base/str.h"

/* ---- rights ---- */

/* X(constant, name in groups.conf): what administrators may do; bits */
#define GROUP_RIGHT_LIST(X)                                                      \
	X(REPORT, "report")   /* see sums of the group, the highest bills */     \
	X(QUERY, "query")     /* see balance and usage of each member */         \
	X(APPROVE, "approve") /* decide on what members ask for */               \
	X(ORDER, "order")     /* open and cancel services for members unasked */ \
	X(CHANGE, "change")   /* change the package of members, likewise */

enum group_right_bit {
#define X(constant, name) GROUP_BIT_##constant,
	GROUP_RIGHT_LIST(X)
#undef X
	GROUP_RIGHTS
};
enum group_right {
	GROUP_ANY = 0, /* being an administrator is enough */
#define X(constant, name) GROUP_##constant = 1 << GROUP_BIT_##constant,
	GROUP_RIGHT_LIST(X)
#undef X
};

enum {
	GROUP_CLASSES = 16,
	GROUP_LEVELS = 16,
	GROUP_NO_LIMIT = -1
};

struct group_rules {
	struct group_level {
		struct str name;
		unsigned rights; /* enum group_right bits */
	} level[GROUP_LEVELS];
	size_t n_levels;
	struct group_class {
		struct str name, level;
		/* Fen above which an order of a member is an administrator's to decide. */
		int64_t limit_fen;
	} class[GROUP_CLASSES];
	size_t n_classes;
};

struct group_rules group_rules_defaults(void);

/* A text of groups.conf: "level.buy" = "report, order"; "large.limit" = "50". */
struct group_text {
	struct str name, text;
	int line;
};
/* Replaces *out by what the n texts say; strings are borrowed.  A fault names path and line. */
MUST_CHECK enum err group_rules_parse(const char *path, const struct group_text *text,
                                      size_t n, struct group_rules *out,
                                      struct fault *fault);

/* ---- enterprises ---- */

/* An enterprise as on record. */
struct group_head {
	struct str code, name;
	struct str class, level;   /* of groups.conf; level "": that of the class */
	int64_t limit_fen;         /* 0: that of the class */
	struct str manager, phone; /* of the operator's account manager; may be "" */
};

/* Its rights; a class or level that is none has none. */
unsigned group_rights(const struct group_rules *r, const struct group_head *h);
/* Its limit, or GROUP_NO_LIMIT. */
int64_t group_limit(const struct group_rules *r, const struct group_head *h);

enum {
	GROUP_ADMINS = 8 /* others that are asked to decide */
};

/* That a number belongs to an enterprise, as its owner or administrator or only as a member. */
struct place {
	struct group_head of;
	bool admin;
	int64_t other[GROUP_ADMINS]; /* administrators that are other numbers */
	size_t n_others;
};

struct dossier;
/*
 * The place by which `admin` may do that for `member`, or NULL.  Both with NEED_PLACES
 * loaded.
 */
const struct place *group_may(const struct group_rules *r, const struct dossier *admin,
                              const struct dossier *member, enum group_right right);
/* The place for which an order of that fee is not the member's own to confirm, or NULL. */
const struct place *group_binds(const struct group_rules *r, const struct dossier *member,
                                int64_t fee_fen);

/* ---- a month of all members ---- */

enum {
	GROUP_MEMBERS = 1000, /* of which a month is looked at, by number */
	GROUP_TOP = 3,
	GROUP_ITEMS = 8,
	GROUP_CUSTOMERS = 64 /* of an account manager */
};

/* Of the numbers whose owners are those who joined. */
struct group_view {
	struct group_head of;
	int64_t *member;
	size_t n_members; /* at most GROUP_MEMBERS */
	bool more;        /* there are more */
	month_t month;    /* the one asked for, else the latest billed; 0: none is */
	int64_t billed;   /* members with a bill of it; these are summed up */
	int64_t bill_fen, voice_s, sms, data_kib;
	struct group_bill {
		int64_t msisdn, fen;
	} top[GROUP_TOP]; /* the highest */
	size_t n_top;
	struct group_item {
		struct str name;
		int64_t fen;
	} item[GROUP_ITEMS]; /* lines of their bills, the dearest first */
	size_t n_items;
	struct group_held {
		struct str package;
		int64_t count;
	} held[GROUP_ITEMS]; /* packages and services held now, the most first */
	size_t n_held;
};

/* An enterprise of an account manager. */
struct customer {
	struct group_head of;
	int64_t members;
};

#endif
