/*
 * hours.c - see push/hours.h.
 */
#include "push/hours.h"

enum {
	NOTICE_WAITS_S = 2 * 86400 /* the next morning of any zone lies before it */
};

struct hours hours_within(struct hours h, int from_min, int to_min)
{
	h.from_min = h.from_min > from_min ? h.from_min : from_min;
	h.to_min = h.to_min < to_min ? h.to_min : to_min;
	return h;
}

struct hours_zones hours_zones(const struct push_rules *rules, struct str region)
{
	struct hours_zones z = { { CIVIL_HALL }, 1 };
	const struct push_zone *other = NULL;

	for (size_t i = 0; rules != NULL && i < rules->n_zones; i++) {
		if (str_eq(rules->zone[i].region, region))
			return (struct hours_zones){ { rules->zone[i].minutes }, 1 };
		if (region.n > 0 && str_eq(rules->zone[i].region, STR("*")))
			other = &rules->zone[i];
		z.minutes[z.n++] = rules->zone[i].minutes;
	}
	return other != NULL ? (struct hours_zones){ { other->minutes }, 1 } : z;
}

/* Of the day in which `at` lies there, or so many days behind it. */
static int64_t at_minute(int64_t at, int days, int minute, int zone)
{
	struct civil c = civil_of_in(at, zone);

	c.day += days;
	c.hour = c.second = 0;
	c.minute = minute;
	return civil_to_utc_in(c, zone);
}

/* The list has the hall's midnights: a holiday is that date wherever he lives. */
static bool is_holiday(const struct hours *h, int64_t at, int zone)
{
	struct civil date = civil_of_in(at, zone);
	int64_t day;

	if (h->n_holidays == 0)
		return false;
	date.hour = date.minute = date.second = 0;
	day = civil_to_utc(date);
	for (size_t i = 0; i < h->n_holidays; i++)
		if (h->holiday[i] == day)
			return true;
	return false;
}

static int64_t open_in(const struct hours *h, int64_t at, int zone)
{
	if (h->from_min >= h->to_min)
		return h->until;
	for (size_t i = 0; i < PUSH_HOLIDAYS + 2 && at < h->until; i++) {
		const int64_t open = at_minute(at, 0, h->from_min, zone);

		if (!is_holiday(h, at, zone) && at < at_minute(at, 0, h->to_min, zone))
			return at > open ? at : open;
		at = at_minute(at, 1, 0, zone);
	}
	return h->until;
}

int64_t hours_open(const struct hours *h, const struct hours_zones *z, int64_t at)
{
	int64_t before = at - 1;

	for (size_t i = 0; i < PUSH_HOLIDAYS + 2 && at != before && at < h->until; i++) {
		before = at;
		for (size_t k = 0; k < z->n && at < h->until; k++)
			at = open_in(h, at, z->minutes[k]);
	}
	return at == before ? at : h->until;
}

int64_t hours_open_anywhere(const struct hours *h, const struct push_rules *rules,
                            int64_t at)
{
	int64_t first = open_in(h, at, CIVIL_HALL);

	for (size_t i = 0; i < rules->n_zones; i++) {
		const int64_t there = open_in(h, at, rules->zone[i].minutes);

		first = there < first ? there : first;
	}
	return first;
}

int64_t hours_close(const struct hours *h, const struct hours_zones *z, int64_t at)
{
	int64_t first = h->until;

	for (size_t i = 0; i < z->n; i++) {
		const int64_t close = at_minute(at, 0, h->to_min, z->minutes[i]);

		first = close < first ? close : first;
	}
	return first;
}

int64_t hours_notice(const struct push_rules *rules, struct str region, int64_t now)
{
	const struct hours_zones z = hours_zones(rules, region);
	const struct hours h = { .from_min = NOTICE_FROM_HOUR * HOUR_MINUTES,
		                 .to_min = NOTICE_TO_HOUR * HOUR_MINUTES,
		                 .until = now + NOTICE_WAITS_S };
	const int64_t open = hours_open(&h, &z, now);

	return open < h.until ? open : open_in(&h, now, CIVIL_HALL);
}
