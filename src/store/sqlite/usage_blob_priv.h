/*
 * usage_blob_priv.h - months of use packed into one BLOB, ascending, little-endian.
 *
 * Each month is USAGE_BLOB_MONTH octets: month i32, voice seconds u32, texts u32,
 * data KiB i64, bill fen i64 (BILL_NONE: not billed).  Pure: no SQL here.
 */
#ifndef STORE_SQLITE_USAGE_BLOB_PRIV_H
#define STORE_SQLITE_USAGE_BLOB_PRIV_H

#include "base/span.h"
#include "model/subscriber.h"

enum {
	USAGE_BLOB_MONTH = 28
};

/* out holds USAGE_BLOB_MONTH octets.  Counts beyond 2^32 - 1 are held as that. */
void usage_blob_put(uint8_t *out, const struct usage_month *u);

struct usage_month usage_blob_get(const uint8_t *in);
month_t usage_blob_month(const uint8_t *in); /* of usage_blob_get() */

/* How many months there are; octets that make no whole month do not count. */
static inline size_t usage_blob_count(struct span s)
{
	return s.n / USAGE_BLOB_MONTH;
}

#endif
