/*
 * mask.h - subscribers' numbers as logs may show them.
 */
#ifndef TEXT_MASK_H
#define TEXT_MASK_H

#include "base/str.h"

enum {
	MASK_MAX = 24 /* octets of a masked number, with the NUL */
};

/*
 * "13800001234" as "138****1234": of ten digits or more the first three and the
 * last four, of three or more the first and the last, of fewer none.  Always four
 * stars.  Other characters than letters, digits and + show as "?".  Returns out.
 */
const char *mask_number(char out[static MASK_MAX], struct str digits);
const char *mask_msisdn(char out[static MASK_MAX], int64_t msisdn);

/* Runs of exactly `digits` digits in text[0..n) become stars: codes that were given out. */
void mask_runs(char *text, size_t n, size_t digits);

#endif
