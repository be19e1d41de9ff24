/*
 * remind_priv.h - the kinds of reminders, as the hall and their service see them.
 */
#ifndef HALL_REMIND_PRIV_H
#define HALL_REMIND_PRIV_H

#include "hall/service.h"

enum remind_after {
	REMIND_NEXT_MONTH, /* told once a month */
	REMIND_NEXT_DAY    /* told once a threshold, and once a day at most */
};

struct remind_kind {
	const char *name; /* in the store */
	const char *intent;
	bool limited; /* has an amount */
	enum access access;
	unsigned needs; /* enum need bits */
	int look_s;     /* between two looks that found nothing */
	enum remind_after after;
	enum reply_id label;
	int64_t (*begin)(const struct call *c); /* `told` of a new one */
	/* The text, and r->told moved on; "" when there is nothing to tell. */
	struct str (*look)(const struct call *c, struct reminder *r);
};

extern const struct remind_kind remind_kinds[];
extern const size_t remind_n_kinds;

/* When a new one is looked at first. */
int64_t remind_first(const struct call *c, const struct remind_kind *k);

/* "每月账单"; with the amount of a limit. */
struct str remind_label(const struct call *c, const struct remind_kind *k,
                        int64_t limit_fen);

#endif
