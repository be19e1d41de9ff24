/*
 * usage.c - see offer/usage.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "model/volume.h"
#include "offer/usage.h"

enum {
	SET_BLOCK = USAGE_MONTHS * DIMS * USAGE_LANES /* int32 of a block */
};

static int32_t units(int64_t v)
{
	if (v < 0)
		return 0;
	return v < USE_MOST ? (int32_t)v : USE_MOST;
}

void usage_units(const struct usage_month *m, int32_t use[DIMS])
{
	use[DIM_VOICE] = units(voice_minutes(m->voice_s));
	use[DIM_SMS] = units(m->sms);
	use[DIM_DATA] = units(m->data_kib);
}

struct usage_set usage_set_make(size_t n, month_t last)
{
	const size_t blocks = (n + USAGE_LANES - 1) / USAGE_LANES;
	const size_t octets = (blocks > 0 ? blocks : 1) * SET_BLOCK * sizeof(int32_t);
	struct usage_set u = { .n = n, .blocks = blocks, .last = last };

	u.use = aligned_alloc(64, octets);
	if (u.use == NULL)
		alloc_failed();
	memset(u.use, 0, octets);
	u.usable = xcalloc(blocks > 0 ? blocks : 1, USAGE_LANES);
	return u;
}

void usage_set_clear(struct usage_set *u)
{
	memset(u->use, 0, u->blocks * SET_BLOCK * sizeof(*u->use));
	memset(u->usable, 0, u->blocks * USAGE_LANES);
}

void usage_set_free(struct usage_set *u)
{
	free(u->use);
	free(u->usable);
	*u = (struct usage_set){ .n = 0 };
}

/* Its index among the six, or USAGE_MONTHS. */
static size_t index_of(month_t month, month_t last)
{
	const int64_t i = (int64_t)month - last + USAGE_MONTHS - 1;

	return i >= 0 && i < USAGE_MONTHS ? (size_t)i : USAGE_MONTHS;
}

uint8_t usage_months(month_t last, const struct usage_month *m, size_t n,
                     int32_t use[USAGE_MONTHS][DIMS])
{
	unsigned there = 0;

	memset(use, 0, sizeof(int32_t[USAGE_MONTHS][DIMS]));
	for (size_t k = 0; k < n; k++) {
		const size_t month = index_of(m[k].month, last);

		if (month == USAGE_MONTHS)
			continue;
		usage_units(&m[k], use[month]);
		there |= 1U << month;
	}
	return (uint8_t)there;
}

void usage_set_put(struct usage_set *u, size_t i, const struct usage_month *m, size_t n)
{
	int32_t *at = usage_block(u, i / USAGE_LANES) + i % USAGE_LANES;

	for (size_t k = 0; k < n; k++) {
		const size_t month = index_of(m[k].month, u->last);
		int32_t use[DIMS];

		if (month == USAGE_MONTHS)
			continue;
		usage_units(&m[k], use);
		for (size_t d = 0; d < DIMS; d++)
			at[(d * USAGE_MONTHS + month) * USAGE_LANES] = use[d];
		u->usable[i] = (uint8_t)(u->usable[i] | 1U << month);
	}
}

void usage_set_get(const struct usage_set *u, size_t i, int32_t use[USAGE_MONTHS][DIMS],
                   uint8_t *usable)
{
	const int32_t *at = usage_block(u, i / USAGE_LANES) + i % USAGE_LANES;

	for (size_t m = 0; m < USAGE_MONTHS; m++)
		for (size_t d = 0; d < DIMS; d++)
			use[m][d] = at[(d * USAGE_MONTHS + m) * USAGE_LANES];
	*usable = u->usable[i];
}
