/*
 * usage.h - the last months of many subscribers, laid out for the kernel.
 *
 * Blocks of USAGE_LANES subscribers: int32 [block][dimension][month][lane].  Month 0 is
 * the oldest.  A subscriber without a month has it marked as missing (never as zero use)
 * in `usable`, bit m for month m.
 */
#ifndef OFFER_USAGE_H
#define OFFER_USAGE_H

#include "model/subscriber.h"
#include "offer/tariff.h"

enum {
	USAGE_LANES = 16,
	USAGE_MONTHS = 6
};

struct usage_set {
	int32_t *use;    /* 64-octet aligned, owned; 0 in months that are missing */
	uint8_t *usable; /* a bit for each month; [blocks * USAGE_LANES], owned */
	size_t n,
		blocks; /* subscribers; room for them: lanes behind the last have no month */
	month_t last; /* of month index USAGE_MONTHS - 1 */
};

/* 72 octets a subscriber and one more; freed by usage_set_free(). */
struct usage_set usage_set_make(size_t n, month_t last);
void usage_set_free(struct usage_set *u);
/* As new, for as many subscribers; n may be made less then. */
void usage_set_clear(struct usage_set *u);

/* Lays down the months of subscriber i that are within the six; others are left out. */
void usage_set_put(struct usage_set *u, size_t i, const struct usage_month *m, size_t n);

/* One subscriber's months, taken out again. */
void usage_set_get(const struct usage_set *u, size_t i, int32_t use[USAGE_MONTHS][DIMS],
                   uint8_t *usable);

/* Where block b begins: [dimension][month][lane]. */
static inline int32_t *usage_block(const struct usage_set *u, size_t b)
{
	return u->use + b * ((size_t)USAGE_MONTHS * DIMS * USAGE_LANES);
}

/* The six months up to last out of m; a bit for each that is there, the others are 0. */
uint8_t usage_months(month_t last, const struct usage_month *m, size_t n,
                     int32_t use[USAGE_MONTHS][DIMS]);

/* A month of use in rating units: minutes begun, texts, KiB; 0 to USE_MOST. */
void usage_units(const struct usage_month *m, int32_t use[DIMS]);

#endif
