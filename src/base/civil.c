/*
 * civil.c - see base/civil.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/civil.h"

enum err civil_zone(const char *name)
{
	char path[256];
	int n = snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);

	if (n < 0 || (size_t)n >= sizeof(path) || strstr(name, "..") != NULL)
		return ERR_NOT_FOUND;
	if (strcmp(name, "UTC") != 0 && access(path, R_OK) != 0)
		return ERR_NOT_FOUND;
	if (setenv("TZ", name, 1) != 0)
		return ERR_IO;
	tzset();
	return ERR_OK;
}

enum {
	MINUTE_S = 60
};

struct civil civil_of_in(int64_t utc_s, int zone)
{
	const time_t t = (time_t)(zone == CIVIL_HALL ? utc_s
	                                             : utc_s + (int64_t)zone * MINUTE_S);
	struct tm tm = { 0 };

	(void)(zone == CIVIL_HALL ? localtime_r(&t, &tm) : gmtime_r(&t, &tm));
	return (struct civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		               tm.tm_hour,        tm.tm_min,     tm.tm_sec };
}

struct civil civil_of(int64_t utc_s)
{
	return civil_of_in(utc_s, CIVIL_HALL);
}

int64_t civil_to_utc_in(struct civil c, int zone)
{
	struct tm tm = { .tm_year = c.year - 1900,
		         .tm_mon = c.month - 1,
		         .tm_mday = c.day,
		         .tm_hour = c.hour,
		         .tm_min = c.minute,
		         .tm_sec = c.second,
		         .tm_isdst = -1 };

	return zone == CIVIL_HALL ? (int64_t)mktime(&tm)
	                          : (int64_t)timegm(&tm) - (int64_t)zone * MINUTE_S;
}

int64_t civil_to_utc(struct civil c)
{
	return civil_to_utc_in(c, CIVIL_HALL);
}

month_t civil_month(int64_t utc_s)
{
	struct civil c = civil_of(utc_s);

	return month_make(c.year, c.month);
}

int month_days(month_t m)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const int y = month_year(m);
	const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return days[m % 12] + (m % 12 == 1 && leap ? 1 : 0);
}

/* Takes exactly n digits off *s. */
static bool digits(struct str *s, size_t n, int *out)
{
	int v = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = (struct str){ s->p + n, s->n - n };
	*out = v;
	return true;
}

static bool literal(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = (struct str){ s->p + 1, s->n - 1 };
	return true;
}

static enum err take_month(struct str *s, struct civil *c)
{
	if (!digits(s, 4, &c->year) || !literal(s, '-') || !digits(s, 2, &c->month))
		return ERR_SYNTAX;
	return c->year >= 1970 && c->month >= 1 && c->month <= 12 ? ERR_OK : ERR_RANGE;
}

static enum err take_date(struct str *s, struct civil *c)
{
	enum err e = take_month(s, c);

	if (e != ERR_OK)
		return e;
	if (!literal(s, '-') || !digits(s, 2, &c->day))
		return ERR_SYNTAX;
	return c->day >= 1 && c->day <= month_days(month_make(c->year, c->month))
	               ? ERR_OK
	               : ERR_RANGE;
}

enum err civil_parse_month(struct str s, month_t *out)
{
	struct civil c = { 0 };
	enum err e = take_month(&s, &c);

	if (e == ERR_OK && s.n > 0)
		e = ERR_SYNTAX;
	if (e == ERR_OK)
		*out = month_make(c.year, c.month);
	return e;
}

enum err civil_parse_date(struct str s, int64_t *utc_s)
{
	struct civil c = { 0 };
	enum err e = take_date(&s, &c);

	if (e == ERR_OK && s.n > 0)
		e = ERR_SYNTAX;
	if (e == ERR_OK)
		*utc_s = civil_to_utc(c);
	return e;
}

enum err civil_parse_time(struct str s, int64_t *utc_s)
{
	struct civil c = { 0 };
	enum err e = take_date(&s, &c);

	if (e != ERR_OK)
		return e;
	if (!literal(&s, ' ') || !digits(&s, 2, &c.hour) || !literal(&s, ':') ||
	    !digits(&s, 2, &c.minute) || !literal(&s, ':') || !digits(&s, 2, &c.second) ||
	    s.n > 0)
		return ERR_SYNTAX;
	if (c.hour > 23 || c.minute > 59 || c.second > 59)
		return ERR_RANGE;
	*utc_s = civil_to_utc(c);
	return ERR_OK;
}
