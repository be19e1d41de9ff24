/*
 * import_subscribers.c - subscribers.csv.
 */
#include "import_priv.h"

#define MOST INT64_C(1000000000000)

struct row {
	struct subscriber_row r;
	struct import_list services;
};

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

#define AT(member) .offset = offsetof(struct row, member)
#define NUMBER(column, member, low, words)                                 \
	.name = (column), .type = &import_number, AT(member), .factor = 1, \
	.least = (low), .most = MOST, .expected = words

static const struct import_column columns[] = {
	{ .name = "msisdn", .type = &import_msisdn, AT(r.sub.msisdn) },
	{ .name = "name", .type = &import_text, AT(r.sub.name) },
	{ .name = "real_name",
	  .type = &import_flag,
	  AT(r.sub.real_name),
	  .optional = true },
	{ .name = "language",
	  .type = &import_name,
	  AT(r.sub.language),
	  .name_of = language,
	  .expected = "zh-Hans, zh-Hant or en" },
	{ .name = "class",
	  .type = &import_name,
	  AT(r.sub.class),
	  .name_of = class,
	  .expected = "personal or business" },
	{ .name = "region", .type = &import_text, AT(r.sub.region) },
	{ .name = "joined_on", .type = &import_date, AT(r.sub.joined_on) },
	{ .name = "owner_since",
	  .type = &import_date,
	  AT(r.sub.owner_since),
	  .optional = true },
	{ .name = "status",
	  .type = &import_name,
	  AT(r.sub.status),
	  .name_of = status,
	  .expected =
	          "active, arrears1, arrears2, lost, kept, barred, preclosed, closed or "
	          "ported_out" },
	{ .name = "network", .type = &import_text, AT(r.sub.network), .optional = true },
	{ .name = "terminal",
	  .type = &import_text,
	  AT(r.sub.terminal),
	  .optional = true },
	{ NUMBER("balance_fen", r.account.balance_fen, -MOST, "fen, a whole number") },
	{ NUMBER("credit_fen", r.account.credit_fen, 0, "fen, a whole number from 0"),
	  .optional = true },
	{ NUMBER("points", r.account.points, 0, "a whole number from 0") },
	{ .name = "puk", .type = &import_text, AT(r.sub.puk) },
	{ .name = "package", .type = &import_code, AT(r.sub.package) },
	{ .name = "services", .type = &import_codes, AT(services) },
};

static void defaults(void *row)
{
	struct row *r = row;

	r->r.sub.real_name = true;
	r->r.sub.owner_since = INT64_MIN;
}

/* A number whose owner is not dated has had one owner. */
static void complete(void *row)
{
	struct row *r = row;

	if (r->r.sub.owner_since == INT64_MIN)
		r->r.sub.owner_since = r->r.sub.joined_on;
}

static struct import_key key(const void *row)
{
	return (struct import_key){ 0,
		                    (uint64_t)((const struct row *)row)->r.sub.msisdn };
}

static enum err check_row(const struct import *im, const struct row *r, int64_t line,
                          struct fault *fault)
{
	const struct package *p = catalogue_find(&im->catalogue, r->r.sub.package);

	if (p == NULL || p->kind != PACKAGE_MAIN) {
		fault_set(
			fault,
			"%s:%lld: column package: got \"%.*s\", expected a main package that the "
			"store holds: import packages first",
			im->path, (long long)line, STR_ARG(r->r.sub.package));
		return ERR_NOT_FOUND;
	}
	for (size_t i = 0; i < r->services.n; i++) {
		p = catalogue_find(&im->catalogue, r->services.item[i]);
		if (p != NULL && p->kind != PACKAGE_MAIN)
			continue;
		fault_set(
			fault,
			"%s:%lld: column services: got \"%.*s\", expected add-ons and services "
			"that the store holds: import packages first",
			im->path, (long long)line, STR_ARG(r->services.item[i]));
		return ERR_NOT_FOUND;
	}
	return ERR_OK;
}

static enum err check(struct import *im, const struct import_rows *r, struct fault *fault)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < r->n && e == ERR_OK; i++)
		e = check_row(im, import_row(r, i), r->line[i], fault);
	return e;
}

static enum err put(struct import *im, const struct import_rows *r)
{
	struct subscriber_row *out = arena_array(&im->arena, struct subscriber_row, r->n);

	for (size_t i = 0; i < r->n; i++) {
		const struct row *row = import_row(r, i);

		out[i] = row->r;
		out[i].account.as_of = im->now;
		out[i].service = row->services.item;
		out[i].n_services = row->services.n;
	}
	return store_put_subscribers(im->store, out, r->n);
}

const struct import_kind import_subscribers = {
	.name = "subscribers",
	.column = columns,
	.n_columns = sizeof(columns) / sizeof(columns[0]),
	.row_size = sizeof(struct row),
	.defaults = defaults,
	.complete = complete,
	.key = key,
	.check = check,
	.put = put,
};
