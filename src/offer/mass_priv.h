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

/*
 * Use as pieces see it: blocks begun beyond a rest.  A piece that begins at `from` units
 * counts what is beyond from / block in the column of the rest from % block; so blocks
 * are counted once for many packages.
 */
struct mass_column {
	uint32_t dim;
	int32_t block, rest;
	uint32_t round; /* block - 1 */
	uint32_t magic; /* 0: block is a power of two, x / block is x >> shift; */
	unsigned shift; /*    else x * magic >> shift, for x < 2^31 */
};

struct mass_piece {
	size_t column;
	int32_t from, li, cap_li; /* INT32_MAX: none */
};

/* More pieces than one. */
struct mass_tier {
	unsigned n;
	int32_t cap_li;
	struct mass_piece piece[TARIFF_PIECES];
};

struct mass_plan {
	/* Of price 0 where it is not one, or one with a cap that is not of data. */
	struct mass_piece one[DIMS];
	/* The fee less the allowances of one[] at its prices but of data; modulo 2^32. */
	uint32_t base;
	unsigned n_tiers;
	struct mass_tier tier[DIMS];
};

/* Of a package; 32 octets, the last of them used, so that many are turned quickly. */
struct mass_row {
	int32_t fee_li;          /* a month */
	int32_t allowance[DIMS]; /* match_allowance() */
	int32_t tariff;          /* index */
	int32_t unused[2];
	int32_t cost_li; /* a month */
};

/* The main packages, in the order of tariffs; arrays by place, in an arena. */
struct mass_table {
	const struct policy *policy;
	struct mass_plan *plan;
	struct mass_row *row;
	size_t n;
	struct mass_column *column;
	size_t n_columns;
	struct offer_set offered;  /* on sale */
	unsigned cost_shift[DIMS]; /* policy_cost_units() is 1 << that */
	uint32_t *place;           /* [tariff]: its place, or UINT32_MAX */
	int32_t use_most[DIMS];    /* as far as int32 suffices; -1: not even for no use */
};
struct mass_table mass_table_make(const struct tariffs *t, const struct policy *policy,
                                  struct arena *a);

/* [lane] */
typedef int32_t mass_lanes[USAGE_LANES] __attribute__((aligned(64)));

/* What is there of a block, and what comes of it. */
struct mass_block {
	const int32_t *use;               /* [dim][month][lane], 64-octet aligned */
	mass_lanes weights[USAGE_MONTHS]; /* 0: is not looked at */
	/* Bits by tariff: off sale, held, not allowed. */
	uint32_t barred[TARIFF_MOST / 32][USAGE_LANES];
	/* Bits by tariff; all 0 unless cools. */
	uint32_t cooling[TARIFF_MOST / 32][USAGE_LANES];
	bool cools;
	mass_lanes now; /* place; -1: none */
	mass_lanes stage, addons_li, since_change, bound;
	/* Of mass_reckon(): */
	int32_t *column; /* [column][month][lane] */
	int32_t *bill;   /* [place][month][lane]; of months not looked at: anything */
	int32_t *total;  /* [place][lane], weighted */
	mass_lanes kept[MASS_KEEP], kept_li[MASS_KEEP]; /* place; INT32_MAX: none */
	mass_lanes tariff[MASS_KEEP];                   /* index; MASS_NONE: none */
	mass_lanes failed[MASS_KEEP], saving_li[MASS_KEEP], margin_li[MASS_KEEP];
	mass_lanes now_li, now_margin_li;
	mass_lanes weight; /* sum of what is looked at; 0: nothing comes of the lane */
};

/* Whether no use of the block passes use_most. */
bool mass_fits(const struct mass_table *t, const int32_t *use);

/* Bills and totals of all plans; those that are kept, and what is said of them. */
void mass_reckon(const struct mass_table *t, struct mass_block *b);

#endif
