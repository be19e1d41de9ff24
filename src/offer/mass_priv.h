/*
 * mass_priv.h - tariffs flattened for the vector kernel, and what it gives of a block.
 *
 * All of a block is int32, so no use in it may pass use_most of the table.
 */
#ifndef OFFER_MASS_PRIV_H
#define OFFER_MASS_PRIV_H

#include "offer/mass.h"

enum {
	MASS_CELLS = USAGE_MONTHS * USAGE_LANES /* of one package: [month][lane] */
};

enum mass_kind {
	MASS_UNITS,  /* block is 1 */
	MASS_SHIFT,  /* a power of two */
	MASS_DIVIDE, /* other blocks: x / block is x * magic >> shift for x < 2^31 */
};

struct mass_piece {
	enum mass_kind kind;
	int32_t from, li;
	uint32_t round; /* block - 1 */
	uint32_t magic;
	unsigned shift;
};

struct mass_tier {
	unsigned n;
	int32_t cap_li; /* INT32_MAX: none */
	struct mass_piece piece[TARIFF_PIECES];
};

struct mass_plan {
	uint32_t tariff; /* index */
	bool offered;    /* on sale */
	int32_t fee_li;
	struct mass_tier tier[DIMS];
};

/* The main packages, in the order of tariffs; arrays by place, in an arena. */
struct mass_table {
	const struct policy *policy;
	struct mass_plan *plan;
	int32_t *fee_li, *cost_li; /* a month */
	int32_t *allowance[DIMS];  /* match_allowance() */
	size_t n;
	uint32_t *place;        /* [tariff]: its place, or UINT32_MAX */
	int32_t use_most[DIMS]; /* as far as int32 suffices; -1: not even for no use */
};
struct mass_table mass_table_make(const struct tariffs *t, const struct policy *policy,
                                  struct arena *a);

/* [lane] */
typedef int32_t mass_lanes[USAGE_LANES] __attribute__((aligned(64)));

/* What is there of a block, and what comes of it. */
struct mass_block {
	const int32_t *use;              /* [dim][month][lane], 64-octet aligned */
	mass_lanes looked[USAGE_MONTHS]; /* -1: usable and of a weight above 0; else 0 */
	uint32_t allowed[TARIFF_MOST / 32][USAGE_LANES]; /* bits of the lane's set */
	mass_lanes now;                                  /* place; -1: none */
	mass_lanes stage, addons_li, since_change, bound;
	/* Of mass_reckon(): */
	int32_t *bill;  /* [place][month][lane]; of months not looked at: anything */
	int32_t *total; /* [place][lane], weighted */
	mass_lanes kept[MASS_KEEP], kept_li[MASS_KEEP]; /* place; -1: none */
	mass_lanes failed[MASS_KEEP], saving_li[MASS_KEEP], margin_li[MASS_KEEP];
	mass_lanes now_li, now_margin_li;
	mass_lanes weight; /* sum of what is looked at; 0: nothing comes of the lane */
};

/* Whether no use of the block passes use_most. */
bool mass_fits(const struct mass_table *t, const int32_t *use);

/* Bills and totals of all plans; those that are kept, and what is said of them. */
void mass_reckon(const struct mass_table *t, struct mass_block *b);

#endif
