/*
 * rows.h - rows of the data kinds that come in from the core system.
 *
 * store_put() takes arrays of one kind.  Strings are borrowed.
 */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "model/package.h"
#include "model/subscriber.h"

/* X(constant, name of its file, type of its rows); in the order in which files come */
#define STORE_KIND_LIST(X)                                         \
	X(PACKAGES, "packages", struct package)                    \
	X(GROUPS, "groups", struct group_row)                      \
	X(SUBSCRIBERS, "subscribers", struct subscriber_row)       \
	X(USAGE, "usage", struct usage_row)                        \
	X(BILLS, "bills", struct bill_row)                         \
	X(PAYMENTS, "payments", struct payment_row)                \
	X(DETAILS, "details", struct detail_row)                   \
	X(RESOURCES, "resources", struct resource_row)             \
	X(SUBSCRIPTIONS, "subscriptions", struct subscription_row) \
	X(COMPLAINTS, "complaints", struct complaint_row)          \
	X(CONSENTS, "consents", struct consent_row)                \
	X(MEMBERS, "members", struct member_row)                   \
	X(TAGS, "tags", struct tag_row)                            \
	X(TOUCHES, "touches", struct touch_row)                    \
	X(USES, "uses", struct use_row)                            \
	X(CLICKS, "clicks", struct click_row)                      \
	X(SUPPRESSED, "suppressed", struct suppressed_row)

enum store_kind {
#define X(constant, name, type) STORE_##constant,
	STORE_KIND_LIST(X)
#undef X
	STORE_KINDS
};

/* Customer groups: "family" or "enterprise". */
struct group_row {
	struct str code, name, kind;
	/* of an enterprise; class "": not said */
	struct str class, level, manager, phone;
	int64_t limit_fen; /* 0: not said */
};
/* One with a new owner_since drops what the earlier owner left. */
struct subscriber_row {
	struct subscriber sub;
	struct account account;
	const struct str *service; /* codes held */
	size_t n_services;
};

/* In the rows of a subscriber's data, the number is the first member. */

/* Rows of one number should be neighbours: one packed row is written for each run. */
struct usage_row {
	int64_t msisdn;
	struct usage_month usage;
};
struct bill_row {
	int64_t msisdn;
	struct bill_line line;
	int64_t at; /* place in its month; 0 drops what the month held before */
};
struct payment_row {
	int64_t msisdn;
	struct payment payment;
};
struct detail_row {
	int64_t msisdn;
	struct detail detail;
};
struct resource_row {
	int64_t msisdn;
	struct resource resource;
};
struct subscription_row {
	int64_t msisdn;
	struct subscription held;
};
struct complaint_row {
	int64_t msisdn;
	struct complaint complaint;
};
/* One on "marketing" is an opt-out, or ends one, unless the hall knows a later one. */
struct consent_row {
	int64_t msisdn;
	struct consent consent;
};
struct member_row {
	int64_t msisdn;
	struct str group, role; /* "owner", "admin", "member" */
};
struct tag_row {
	int64_t msisdn;
	struct str name, value;
	int64_t until; /* UTC s of its last instant; 0: does not end */
};
/* struct click_row: model/campaign.h; of links that nobody was given it is left out. */
/* struct touch_row, use_row: model/campaign.h; those of before the owner are left out. */

/* The blacklist, whoever has the number: what is in the file is added to it. */
struct suppressed_row {
	int64_t msisdn;
	struct str why;
};

#endif
