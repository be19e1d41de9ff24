/*
 * hours.h - when it is day where a subscriber lives, by his region and hours.zones of
 * push.conf: for campaigns, and for service messages that come unasked.
 */
#ifndef PUSH_HOURS_H
#define PUSH_HOURS_H

#include "push/rules.h"

enum {
	HOUR_MINUTES = 60
};

struct hours {
	int from_min, to_min;   /* minutes of his day; from_min >= to_min: never */
	int64_t until;          /* UTC s behind which nothing is looked for */
	const int64_t *holiday; /* as in struct push_rules; borrowed */
	size_t n_holidays;
};
/* Those of h that lie in from..to, too. */
struct hours hours_within(struct hours h, int from_min, int to_min);

/* Where he may live: minutes east of Greenwich, or CIVIL_HALL. */
struct hours_zones {
	int minutes[PUSH_ZONES + 1];
	size_t n; /* at least 1 */
};
/*
 * That of his region, the hall's where none is named; of a region that is not known it may
 * be any of them.  rules NULL: the hall's.
 */
struct hours_zones hours_zones(const struct push_rules *rules, struct str region);

/* The first instant from `at` on that lies in the hours of all zones; h->until: none. */
int64_t hours_open(const struct hours *h, const struct hours_zones *z, int64_t at);
/* The same of the zone that is first. */
int64_t hours_open_anywhere(const struct hours *h, const struct push_rules *rules,
                            int64_t at);
/* The first end of the hours of the day in which `at` lies; at most h->until. */
int64_t hours_close(const struct hours *h, const struct hours_zones *z, int64_t at);

/*
 * When a service message for which nobody waits may reach him: now by day (NOTICE_FROM_HOUR
 * to NOTICE_TO_HOUR), else the next morning.  Where he may live in zones that have no hour
 * of day together it is the hall's day.
 */
int64_t hours_notice(const struct push_rules *rules, struct str region, int64_t now);

#endif
