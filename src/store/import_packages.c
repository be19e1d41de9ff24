/*
 * import_packages.c - packages.csv.
 *
 * Rates are li: fen with one decimal in the file.
 */
#include "import_priv.h"

#define MOST_FEN INT64_C(1000000000)

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
	FEN("cost_fen", cost_fen),
	{ .name = "network", .type = &import_text, AT(network) },
	{ .name = "on_sale", .type = &import_flag, AT(on_sale) },
};

const struct import_kind import_packages = {
	.name = "packages",
	.store = STORE_PACKAGES,
	.column = columns,
	.n_columns = sizeof(columns) / sizeof(columns[0]),
	.row_size = sizeof(struct package),
};
