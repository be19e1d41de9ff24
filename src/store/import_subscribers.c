/*
 * import_subscribers.c - subscribers.csv.
 */
#include "import_priv.h"

#define MOST INT64_C(1000000000000)

static const char *language(unsigned v)
{
	return language_name((enum language)v);
}

static const char *class(unsigned v)
{
	return sub_class_name((enum sub_class)v);
}

static const char *status(unsigned v)
{
	return sub_status_name((enum sub_status)v);
}

#define AT(member) .offset = offsetof(struct subscriber_row, member)
#define NUMBER(column, member, low, words)                                 \
	.name = (column), .type = &import_number, AT(member), .factor = 1, \
	.least = (low), .most = MOST, .expected = words

static const struct import_column columns[] = {
	{ .name = "msisdn", .type = &import_msisdn, AT(sub.msisdn), .key = true },
	{ .name = "name", .type = &import_text, AT(sub.name) },
	{ .name = "real_name",
	  .type = &import_flag,
	  AT(sub.real_name),
	  .optional = true },
	{ .name = "language",
	  .type = &import_name,
	  AT(sub.language),
	  .name_of = language,
	  .expected = "zh-Hans, zh-Hant or en" },
	{ .name = "class",
	  .type = &import_name,
	  AT(sub.class),
	  .name_of = class,
	  .expected = "personal or business" },
	{ .name = "region", .type = &import_text, AT(sub.region) },
	{ .name = "joined_on", .type = &import_date, AT(sub.joined_on) },
	{ .name = "owner_since",
	  .type = &import_date,
	  AT(sub.owner_since),
	  .optional = true },
	{ .name = "status",
	  .type = &import_name,
	  AT(sub.status),
	  .name_of = status,
	  .expected =
	          "active, arrears1, arrears2, lost, kept, barred, preclosed, closed or "
	          "ported_out" },
	{ .name = "network", .type = &import_text, AT(sub.network), .optional = true },
	{ .name = "terminal", .type = &import_text, AT(sub.terminal), .optional = true },
	{ NUMBER("balance_fen", account.balance_fen, -MOST, "fen, a whole number") },
	{ NUMBER("credit_fen", account.credit_fen, 0, "fen, a whole number from 0"),
	  .optional = true },
	{ NUMBER("points", account.points, 0, "a whole number from 0") },
	{ .name = "puk", .type = &import_text, AT(sub.puk) },
	{ .name = "package", .type = &import_code, AT(sub.package) },
	{ .name = "services",
	  .type = &import_codes,
	  AT(service),
	  .count_offset = offsetof(struct subscriber_row, n_services) },
};

static void defaults(void *row)
{
	struct subscriber_row *r = row;

	r->sub.real_name = true;
	r->sub.owner_since = INT64_MIN;
}

/* A number whose owner is not dated has had one owner. */
static void complete(const struct import *im, void *row, const void *before)
{
	struct subscriber_row *r = row;

	(void)before;
	if (r->sub.owner_since == INT64_MIN)
		r->sub.owner_since = r->sub.joined_on;
	r->account.as_of = im->row.as_of;
}

static enum err check_row(const struct import *im, size_t i, struct fault *fault)
{
	const struct subscriber_row *r = import_row_at(&im->rows, i);
	const struct package *p = catalogue_find(&im->catalogue, r->sub.package);

	if (p == NULL || p->kind != PACKAGE_MAIN)
		return import_refuse(im, i, "package", r->sub.package,
		                     "a main package that the store holds: import "
		                     "packages first",
		                     fault);
	for (size_t k = 0; k < r->n_services; k++) {
		p = catalogue_find(&im->catalogue, r->service[k]);
		if (p == NULL || p->kind == PACKAGE_MAIN)
			return import_refuse(im, i, "services", r->service[k],
			                     "add-ons and services that the store holds: "
			                     "import packages first",
			                     fault);
	}
	return ERR_OK;
}

static enum err check(const struct import *im, struct store_reader *r,
                      struct fault *fault)
{
	enum err e = ERR_OK;

	(void)r;
	for (size_t i = 0; i < im->rows.n && e == ERR_OK; i++)
		e = check_row(im, i, fault);
	return e;
}

const struct import_kind import_subscribers = {
	.name = "subscribers",
	.store = STORE_SUBSCRIBERS,
	.column = columns,
	.n_columns = sizeof(columns) / sizeof(columns[0]),
	.row_size = sizeof(struct subscriber_row),
	.of_number = true,
	.defaults = defaults,
	.complete = complete,
	.check = check,
};
