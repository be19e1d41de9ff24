/*
 * time.h - the 16-character times of SMPP: "YYMMDDhhmmsstnnp".
 *
 * SMPP v3.4 section 7.1.1.  t is tenths of a second, nn quarter hours of the
 * offset from UTC, p '+' or '-' for an absolute time and 'R' for one relative
 * to the SMSC's now.  Years are 2000 to 2099.  Reads no clock.
 */
#ifndef SMPP_TIME_H
#define SMPP_TIME_H

#include "base/err.h"
#include "base/span.h"

enum {
	SMPP_TIME_MAX = 17,      /* octets with the NUL */
	SMPP_TIME_QUARTERS = 48, /* the largest offset, 12 hours either way */
	SMPP_TIME_EAST_8 = 32,   /* quarters of China's time */
	SMPP_TIME_DAYS_MAX = 31  /* of a relative time that we write */
};

/*
 * Writes an instant (UTC seconds) in the zone that is `quarters` quarter hours
 * east of UTC.  ERR_RANGE for a year or an offset that the form cannot hold.
 */
MUST_CHECK enum err smpp_time_absolute(char out[static SMPP_TIME_MAX], int64_t utc_s,
                                       int quarters);

/* Writes a time `seconds` from now, in days, hours, minutes and seconds; ERR_RANGE past 31 days. */
MUST_CHECK enum err smpp_time_relative(char out[static SMPP_TIME_MAX], int64_t seconds);

/*
 * Reads either form.  Tenths are dropped; in a relative time a year counts 365
 * days and a month 30.
 *
 * Returns ERR_OK; ERR_NOT_FOUND for an empty string, which stands for the
 * SMSC's default; ERR_SYNTAX; ERR_RANGE for a day, hour or offset that does
 * not exist.
 */
MUST_CHECK enum err smpp_time_parse(struct span text, int64_t now_s, int64_t *utc_s);

#endif
