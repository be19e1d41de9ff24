/*
 * service.h - what a service is, and what it has at hand.
 *
 * A service is one file of src/hall/services/ with a const descriptor, and one line
 * of hall/services.def.  It answers; it decides nothing about who may ask.
 */
#ifndef HALL_SERVICE_H
#define HALL_SERVICE_H

#include "hall/hall.h"

/* Classes of services that a status opens or closes together; bits. */
enum access {
	ACCESS_FREE = 1,  /* shows nothing of the subscriber's: help, a person, opt-out */
	ACCESS_MONEY = 2, /* balance and bill */
	ACCESS_READ = 4,  /* other figures */
	ACCESS_PUK = 8
};

/* One command being answered. */
struct call {
	const struct hall *hall;
	const struct hall_question *q;
	enum language language;
};

struct service {
	const char *intent;
	enum access access;
	unsigned needs;      /* enum need bits */
	enum reply_id label; /* names it in suggestions */
	struct hall_answer (*answer)(const struct call *c);
};

#define SERVICE(name) extern const struct service service_##name;
#include "hall/services.def"
#undef SERVICE

/* -- saying ------------------------------------------------------------------ */

/* A text in the language of the call, {hotline} filled in; v may be NULL. */
struct str call_text(const struct call *c, enum reply_id id,
                     const struct reply_values *v);

/* The n items with the language's separator between. */
struct str call_join(const struct call *c, const struct str *item, size_t n);

/* The whole answer; outcome is static. */
struct hall_answer call_say(const struct call *c, const char *outcome, enum reply_id id,
                            const struct reply_values *v);

/* Of which a reply makes its {list}. */
enum {
	ITEMS_MAX = 64 /* no reply holds as many */
};
struct items {
	struct str item[ITEMS_MAX];
	size_t n;     /* in item[]; at least 1 */
	size_t total; /* of all there are; at least n */
};

/* With as many items as the reply's budget holds; {rest} is how many are left out. */
struct hall_answer call_say_list(const struct call *c, const char *outcome,
                                 enum reply_id id, const struct reply_values *v,
                                 const struct items *items);

/* The figures that the service needs are not on record. */
struct hall_answer call_unavailable(const struct call *c);

#define CALL_DONE           "done"
#define CALL_REFUSED_NUMBER "refused.unknown_number"

/* -- what the subscriber may use and has ------------------------------------------ */

/* Whether the number may use services of that class now. */
bool call_open(const struct call *c, enum access class);

/* The main package, or NULL when it is in no catalogue. */
const struct package *call_tariff(const struct call *c);

/*
 * The main package with the allowances of the add-ons that were held in that month
 * added to its own.  False: it is in no catalogue.
 */
bool call_terms(const struct call *c, month_t month, struct package *out);

/* Whether the service was held at some time of that month. */
bool call_held(const struct subscription *s, month_t month);

/*
 * This month's usage so far; without a row it is 0 when the figures are of this
 * month.  False: there are none of this month yet.
 */
bool call_usage(const struct call *c, struct usage_month *out);

/* -- times, names, prices ------------------------------------------------------- */

/* "20日10:31"; with its month when that is not the month of now: "10月3日10:31". */
struct str call_time(const struct call *c, int64_t utc_s);
/* "21日" of this month; "21 Oct". */
struct str call_day(const struct call *c, int64_t utc_s);
/* "9月"; with its year when the same month has come since: "2025年9月". */
struct str call_month(const struct call *c, month_t month);

/* The name in the language of the call; the code when it is in no catalogue. */
struct str call_package(const struct call *c, struct str code);

/* "5元/GB", "0.29元/MB", "1元/100MB"; p == NULL when more data is not charged. */
struct str call_data_price(const struct call *c, const struct package *p);

#endif
