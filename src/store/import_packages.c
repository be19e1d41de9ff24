/*
 * import_packages.c - packages.csv.
 *
 * Rates are li: fen with one decimal in the file.  Outer tiers: model/outer.h.
 */
#include <stdio.h>

#include "import_priv.h"

#define MOST_FEN INT64_C(1000000000)

static const char over_data_tiers[] = "over_data_tiers";

static const char *kind_name(unsigned v)
{
	return package_kind_name((enum package_kind)v);
}

#define AT(member) .offset = offsetof(struct package, member)
#define FEN(column, member)                                                            \
	{                                                                              \
		.name = (column), .type = &import_number, AT(member), .factor = 1,     \
		.least = 0, .most = MOST_FEN, .expected = "fen, a whole number from 0" \
	}
#define LI(column, member)                                                           \
	{                                                                            \
		.name = (column), .type = &import_number, AT(member), .decimals = 1, \
		.factor = 1, .least = 0, .most = 1000000,                            \
		.expected = "fen from 0, with one decimal at most"                   \
	}
#define COUNT(column, member, unit)                                                     \
	{                                                                               \
		.name = (column), .type = &import_number, AT(member), .factor = (unit), \
		.least = 0, .most = 10000000,                                           \
		.expected = "a whole number from 0 to 10000000"                         \
	}

#define CAP(column, member)                                                             \
	{                                                                               \
		.name = (column), .type = &import_number, AT(member), .factor = 1,      \
		.least = 0, .most = MOST_FEN, .expected = "fen, a whole number from 0", \
		.optional = true                                                        \
	}
#define OUTER(column, d)                                                                \
	{                                                                               \
		.name = (column), .type = &import_outer, AT(outer[d]), .optional = true \
	}

static const struct import_column columns[] = {
	{ .name = "code", .type = &import_code, AT(code), .key = true },
	{ .name = "kind",
	  .type = &import_name,
	  AT(kind),
	  .name_of = kind_name,
	  .expected = "main, addon or vas" },
	{ .name = "name_zh", .type = &import_text, AT(name_zh) },
	{ .name = "name_en", .type = &import_text, AT(name_en) },
	{ .name = "name_hant", .type = &import_text, AT(name_hant), .optional = true },
	FEN("fee_fen", fee_fen),
	COUNT("voice_min", voice_s, 60),
	COUNT("sms", sms, 1),
	COUNT("data_mb", data_kib, 1024),
	LI("over_voice_fen_per_min", over_voice_li_per_min),
	LI("over_sms_fen", over_sms_li),
	FEN("over_data_fen_per_block", over_data_fen_per_block),
	COUNT("data_block_mb", data_block_kib, 1024),
	FEN("over_data_cap_fen", over_data_cap_fen),
	CAP("over_voice_cap_fen", over_voice_cap_fen),
	CAP("over_sms_cap_fen", over_sms_cap_fen),
	OUTER("over_voice_tiers", DIM_VOICE),
	OUTER("over_sms_tiers", DIM_SMS),
	OUTER(over_data_tiers, DIM_DATA),
	FEN("cost_fen", cost_fen),
	{ .name = "network", .type = &import_text, AT(network) },
	{ .name = "on_sale", .type = &import_flag, AT(on_sale) },
};

/* One that begins within a block would give the block two prices.  NULL: none does. */
static const struct outer_tier *within_block(const struct package *p)
{
	const struct outer *o = &p->outer[DIM_DATA];

	for (unsigned i = 0; i < o->n; i++)
		if (p->data_block_kib == 0 ||
		    o->tier[i].from * INT64_C(1024) % p->data_block_kib != 0)
			return &o->tier[i];
	return NULL;
}

static enum err check(const struct import *im, struct store_reader *r,
                      struct fault *fault)
{
	(void)r;
	for (size_t i = 0; i < im->rows.n; i++) {
		const struct outer_tier *t = within_block(import_row_at(&im->rows, i));
		char from[16];

		if (t == NULL)
			continue;
		(void)snprintf(from, sizeof(from), "%d@", (int)t->from);
		return import_refuse(im, i, over_data_tiers, str_of(from),
		                     "tiers that begin at a multiple of data_block_mb",
		                     fault);
	}
	return ERR_OK;
}

const struct import_kind import_packages = {
	.name = "packages",
	.store = STORE_PACKAGES,
	.column = columns,
	.n_columns = sizeof(columns) / sizeof(columns[0]),
	.row_size = sizeof(struct package),
	.check = check,
};
