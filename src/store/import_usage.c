/*
 * import_usage.c - usage.csv and bills.csv: months of a subscriber.
 */
#include "import_priv.h"

#define MOST_FEN   INT64_C(1000000000000)

#define AT(member) .offset = offsetof(struct usage_row, member)
#define COUNT(column, member, unit)                                         \
	{                                                                   \
		.name = (column), .type = &import_number, AT(usage.member), \
		.factor = (unit), .least = 0, .most = 10000000,             \
		.expected = "a whole number from 0 to 10000000"             \
	}

static const struct import_column usage_columns[] = {
	{ .name = "msisdn", .type = &import_msisdn, AT(msisdn), .key = true },
	{ .name = "month", .type = &import_month, AT(usage.month), .key = true },
	COUNT("voice_min", voice_s, 60),
	COUNT("sms", sms, 1),
	COUNT("data_mb", data_kib, 1024),
	{ .name = "bill_fen",
	  .type = &import_number,
	  AT(usage.bill_fen),
	  .factor = 1,
	  .least = -MOST_FEN,
	  .most = MOST_FEN,
	  .may_be_empty = true,
	  .when_empty = BILL_NONE,
	  .expected = "fen, a whole number, or nothing while the month is not billed" },
};
#undef AT

const struct import_kind import_usage = {
	.name = "usage",
	.store = STORE_USAGE,
	.column = usage_columns,
	.n_columns = sizeof(usage_columns) / sizeof(usage_columns[0]),
	.row_size = sizeof(struct usage_row),
	.of_number = true,
	.needs_sub = true,
};

#define AT(member) .offset = offsetof(struct bill_row, member)

static const struct import_column bill_columns[] = {
	{ .name = "msisdn",
	  .type = &import_msisdn,
	  AT(msisdn),
	  .key = true,
	  .together = true },
	{ .name = "month",
	  .type = &import_month,
	  AT(line.month),
	  .key = true,
	  .together = true },
	{ .name = "item", .type = &import_label, AT(line.item), .key = true },
	{ .name = "amount_fen",
	  .type = &import_number,
	  AT(line.amount_fen),
	  .factor = 1,
	  .least = -MOST_FEN,
	  .most = MOST_FEN,
	  .expected = "fen, a whole number" },
};

/* Its place in the month: the first row of a month replaces what the store holds of it. */
static void number_line(const struct import *im, void *row, const void *before)
{
	struct bill_row *r = row;
	const struct bill_row *b = before;

	(void)im;
	r->at = b != NULL && b->msisdn == r->msisdn && b->line.month == r->line.month
	                ? b->at + 1
	                : 0;
}

const struct import_kind import_bills = {
	.name = "bills",
	.store = STORE_BILLS,
	.column = bill_columns,
	.n_columns = sizeof(bill_columns) / sizeof(bill_columns[0]),
	.row_size = sizeof(struct bill_row),
	.of_number = true,
	.needs_sub = true,
	.complete = number_line,
};
