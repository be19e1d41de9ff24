/*
 * civil.h - calendar time in the hall's time zone, and months as one number.
 *
 * Instants are int64 UTC seconds.  A month is year * 12 + month - 1, so that
 * months can be subtracted.  The zone is the process's TZ, set once at start
 * (civil_zone); these functions read no clock.
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include "base/str.h"

struct civil {
	int year, month, day;     /* month and day from 1 */
	int hour, minute, second; /* second up to 60 */
};

typedef int32_t month_t; /* year * 12 + month - 1 */

/* Sets the zone by its name, such as "Asia/Shanghai"; ERR_NOT_FOUND if the machine has none. */
MUST_CHECK enum err civil_zone(const char *name);

struct civil civil_of(int64_t utc_s);

/* Days or hours out of range are normalised, as mktime(3) does. */
int64_t civil_to_utc(struct civil c);

enum {
	CIVIL_HALL = INT32_MIN /* as a zone: the hall's own, which may have summer time */
};
/* The same at `zone` minutes east of Greenwich all year. */
struct civil civil_of_in(int64_t utc_s, int zone);
int64_t civil_to_utc_in(struct civil c, int zone);

month_t civil_month(int64_t utc_s);
static inline month_t month_make(int year, int month)
{
	return year * 12 + month - 1;
}
static inline int month_year(month_t m)
{
	return m / 12;
}
static inline int month_of_year(month_t m)
{
	return m % 12 + 1;
}
int month_days(month_t m);

/*
 * Read "YYYY-MM", "YYYY-MM-DD" and "YYYY-MM-DD HH:MM:SS" (local), the whole of s.
 * Years 1970 to 9999.  ERR_SYNTAX, or ERR_RANGE for a day that does not exist.
 */
MUST_CHECK enum err civil_parse_month(struct str s, month_t *out);
MUST_CHECK enum err civil_parse_date(struct str s, int64_t *utc_s);
MUST_CHECK enum err civil_parse_time(struct str s, int64_t *utc_s);

#endif
