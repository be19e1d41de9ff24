/*
 * columns_priv.h - the tables that a story may hold, and their columns.
 */
#ifndef REPLAY_COLUMNS_PRIV_H
#define REPLAY_COLUMNS_PRIV_H

#include "field_priv.h"
#include "model/changes.h"
#include "store/campaigns.h"
#include "store/rows.h"

/* One row of any of the tables. */
struct record {
	struct package package;
	struct subscriber_row subscriber;
	struct field_list services; /* his */
	struct usage_row usage;
	struct bill_row bill;
	struct payment_row payment;
	struct detail_row detail;
	struct resource_row resource;
	struct subscription_row subscription;
	struct complaint_row complaint;
	struct consent_row consent;
	struct group_row group;
	struct member_row member;
	/* written as a turn writes them */
	struct order_row order;
	struct task_row task;
	struct task_deed deed;
	struct task_end task_end; /* at 0: not done */
	struct pin_row pin;
	struct str plain_pin; /* its hash becomes that of pin; "": says nothing */
	struct reminder_row reminder;
	struct preference_row preference;
	struct bond bond;
	struct request request;
	struct coupon_row coupon;
	struct target_row target;
	struct campaign_row campaign;
	struct campaign_tally seen; /* of it */
	struct popular {
		struct str code;
		int64_t people;
	} popular; /* what the night before has counted */
};

struct column {
	const char *name;   /* NULL ends the list */
	const char *absent; /* the value where the file has none; NULL: it must */
	enum field field;
	size_t at; /* in struct record */
};

struct table_kind {
	const char *name; /* of the section */
	const struct column *column;
	/* rows of a kind of the store ... */
	enum store_kind kind;
	size_t row, size; /* place in struct record, and size */
	/* ... or, when not NULL, part of what a turn records */
	void (*note)(struct changes *c, const struct record *r);
	/* ... or, when not NULL, written by itself. */
	enum err (*write)(struct store *s, const struct record *r);
	/* ... or, when not NULL, all together in a transaction of their own. */
	enum err (*keep)(struct store *s, const struct record *r, size_t n,
	                 struct arena *a);
	/* What follows from other members and the row before (or NULL).  NULL: nothing. */
	void (*complete)(struct record *r, const struct record *before);
};

/* KiB, seconds or pieces in one of what a table says. */
int64_t resource_unit(enum resource_kind kind);

/* NULL when no table has that name. */
const struct table_kind *table_kind_find(const char *name);

#endif
