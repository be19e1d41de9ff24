/*
 * time.c - see smpp/time.h.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "smpp/time.h"

enum {
	LENGTH = 16,
	DIGITS = 15, /* all but the last */
	MINUTE = 60,
	QUARTER = 15 * MINUTE,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR
};

enum part {
	YEAR,
	MONTH,
	DAY_OF_MONTH,
	HOURS,
	MINUTES,
	SECONDS,
	PARTS
};

enum err smpp_time_absolute(char out[static SMPP_TIME_MAX], int64_t utc_s, int quarters)
{
	const time_t shifted = (time_t)(utc_s + (int64_t)quarters * QUARTER);
	struct tm tm;

	if (quarters < -SMPP_TIME_QUARTERS || quarters > SMPP_TIME_QUARTERS)
		return ERR_RANGE;
	if (gmtime_r(&shifted, &tm) == NULL || tm.tm_year < 100 || tm.tm_year > 199)
		return ERR_RANGE;
	(void)snprintf(out, SMPP_TIME_MAX, "%02u%02u%02u%02u%02u%02u0%02u%c",
	               (unsigned)(tm.tm_year - 100) % 100,
	               (unsigned)(tm.tm_mon + 1) % 100, (unsigned)tm.tm_mday % 100,
	               (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
	               (unsigned)tm.tm_sec % 100,
	               (unsigned)(quarters < 0 ? -quarters : quarters) % 100,
	               quarters < 0 ? '-' : '+');
	return ERR_OK;
}

enum err smpp_time_relative(char out[static SMPP_TIME_MAX], int64_t seconds)
{
	if (seconds < 0 || seconds > (int64_t)SMPP_TIME_DAYS_MAX * DAY)
		return ERR_RANGE;
	(void)snprintf(out, SMPP_TIME_MAX, "0000%02u%02u%02u%02u000R",
	               (unsigned)(seconds / DAY) % 100, (unsigned)(seconds / HOUR % 24),
	               (unsigned)(seconds / MINUTE % 60), (unsigned)(seconds % MINUTE));
	return ERR_OK;
}

static int two_digits(const uint8_t *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

static bool all_digits(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
	}
	return true;
}

static int64_t relative_seconds(const int part[static PARTS])
{
	const int64_t days = part[YEAR] * 365 + part[MONTH] * 30 + part[DAY_OF_MONTH];

	return days * DAY + (int64_t)part[HOURS] * HOUR +
	       (int64_t)part[MINUTES] * MINUTE + part[SECONDS];
}

/* The instant as if the offset were 0; ERR_RANGE for one that does not exist. */
static enum err absolute_seconds(const int part[static PARTS], int64_t *out)
{
	struct tm tm = {
		.tm_year = 100 + part[YEAR],
		.tm_mon = part[MONTH] - 1,
		.tm_mday = part[DAY_OF_MONTH],
		.tm_hour = part[HOURS],
		.tm_min = part[MINUTES],
		.tm_sec = part[SECONDS],
	};
	const struct tm given = tm;
	const time_t t = timegm(
		&tm); /* normalises what does not exist, and so shows it */

	/* A day that does not exist moves the month. */
	if (tm.tm_mon != given.tm_mon || tm.tm_hour != given.tm_hour ||
	    tm.tm_min != given.tm_min || tm.tm_sec != given.tm_sec)
		return ERR_RANGE;
	*out = t;
	return ERR_OK;
}

enum err smpp_time_parse(struct span text, int64_t now_s, int64_t *utc_s)
{
	int part[PARTS], quarters;
	int64_t t = 0;
	char p;
	enum err e;

	if (text.n == 0)
		return ERR_NOT_FOUND;
	if (text.n != LENGTH || !all_digits(text.p, DIGITS))
		return ERR_SYNTAX;
	p = (char)text.p[LENGTH - 1];
	if (p != '+' && p != '-' && p != 'R')
		return ERR_SYNTAX;
	for (size_t i = 0; i < PARTS; i++)
		part[i] = two_digits(text.p + 2 * i);
	quarters = two_digits(text.p + 13);
	if (p == 'R') {
		*utc_s = now_s + relative_seconds(part);
		return ERR_OK;
	}
	e = quarters > SMPP_TIME_QUARTERS ? ERR_RANGE : absolute_seconds(part, &t);
	if (e == ERR_OK)
		*utc_s = p == '+' ? t - (int64_t)quarters * QUARTER
		                  : t + (int64_t)quarters * QUARTER;
	return e;
}
