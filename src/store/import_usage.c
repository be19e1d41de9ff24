/*
 * import_usage.c - usage.csv: one month of one subscriber a row.
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

static const struct import_column columns[] = {
	{ .name = "msisdn", .type = &import_msisdn, AT(msisdn) },
	{ .name = "month", .type = &import_month, AT(usage.month) },
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

static struct import_key key(const void *row)
{
	const struct usage_row *r = row;

	return (struct import_key){ (uint64_t)r->msisdn, (uint64_t)r->usage.month };
}

static enum err check(struct import *im, const struct import_rows *r, struct fault *fault)
{
	int64_t *msisdn = arena_array(&im->arena, int64_t, r->n);
	bool *known = arena_array(&im->arena, bool, r->n);
	size_t *first = arena_array(&im->arena, size_t,
	                            r->n); /* row of each number asked for */
	size_t n = 0;
	enum err e;

	for (size_t i = 0; i < r->n; i++) {
		const struct usage_row *row = import_row(r, i);

		if (n > 0 && msisdn[n - 1] == row->msisdn)
			continue;
		first[n] = i;
		msisdn[n++] = row->msisdn;
	}
	e = store_has_subscribers(im->store, msisdn, known, n);
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		if (known[i])
			continue;
		fault_set(
			fault,
			"%s:%lld: column msisdn: got \"%lld\", expected a subscriber that the "
			"store holds: import subscribers first",
			im->path, (long long)r->line[first[i]], (long long)msisdn[i]);
		e = ERR_NOT_FOUND;
	}
	return e;
}

static enum err put(struct import *im, const struct import_rows *r)
{
	return store_put_usage(im->store, import_row(r, 0), r->n, im->now);
}

const struct import_kind import_usage = {
	.name = "usage",
	.column = columns,
	.n_columns = sizeof(columns) / sizeof(columns[0]),
	.row_size = sizeof(struct usage_row),
	.key = key,
	.check = check,
	.put = put,
};
