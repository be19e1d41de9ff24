/*
 * import_people.c - subscriptions.csv, consents.csv, groups.csv, members.csv, tags.csv.
 */
#include "import_priv.h"

#define N_COLUMNS(of) (sizeof(of) / sizeof((of)[0]))
#define MSISDN(row)                                          \
	{                                                    \
		.name = "msisdn", .type = &import_msisdn,    \
		.offset = offsetof(row, msisdn), .key = true \
	}

/* ---- subscriptions ---- */

#define AT(member) .offset = offsetof(struct subscription_row, held.member)
static const struct import_column subscriptions[] = {
	MSISDN(struct subscription_row),
	{ .name = "package", .type = &import_code, AT(package), .key = true },
	{ .name = "since", .type = &import_date, AT(since), .key = true },
	{ .name = "until", .type = &import_date_end, AT(until) },
	{ .name = "contract_until", .type = &import_date_end, AT(contract_until) },
	{ .name = "penalty_fen",
	  .type = &import_number,
	  AT(penalty_fen),
	  .factor = 1,
	  .least = 0,
	  .most = 1000000000,
	  .may_be_empty = true,
	  .expected = "fen, a whole number from 0, or nothing" },
};
#undef AT

static enum err check_subscriptions(const struct import *im, struct store_reader *r,
                                    struct fault *fault)
{
	enum err e = ERR_OK;

	(void)r;
	for (size_t i = 0; i < im->rows.n && e == ERR_OK; i++) {
		const struct subscription_row *row = import_row_at(&im->rows, i);
		const struct package *p = catalogue_find(&im->catalogue,
		                                         row->held.package);

		if (p == NULL || p->kind == PACKAGE_MAIN)
			e = import_refuse(im, i, "package", row->held.package,
			                  "an add-on or service that the store holds: "
			                  "import packages first",
			                  fault);
	}
	return e;
}

const struct import_kind import_subscriptions = {
	.name = "subscriptions",
	.store = STORE_SUBSCRIPTIONS,
	.column = subscriptions,
	.n_columns = N_COLUMNS(subscriptions),
	.row_size = sizeof(struct subscription_row),
	.of_number = true,
	.needs_sub = true,
	.check = check_subscriptions,
};

/* ---- consents ---- */

#define AT(member) .offset = offsetof(struct consent_row, consent.member)
static const struct import_column consents[] = {
	MSISDN(struct consent_row),
	{ .name = "subject", .type = &import_code, AT(subject), .key = true },
	{ .name = "at", .type = &import_time, AT(at), .key = true },
	{ .name = "given", .type = &import_flag, AT(given) },
	{ .name = "channel", .type = &import_text, AT(channel), .optional = true },
	{ .name = "text", .type = &import_text, AT(text), .optional = true },
};
#undef AT

static enum err check_consents(const struct import *im, struct store_reader *r,
                               struct fault *fault)
{
	enum err e = ERR_OK;

	(void)r;
	for (size_t i = 0; i < im->rows.n && e == ERR_OK; i++) {
		const struct consent_row *row = import_row_at(&im->rows, i);
		const struct str subject = row->consent.subject;

		if (!str_eq(subject, STR("marketing")) &&
		    catalogue_find(&im->catalogue, subject) == NULL)
			e = import_refuse(im, i, "subject", subject,
			                  "marketing, or a package that the store holds",
			                  fault);
	}
	return e;
}

const struct import_kind import_consents = {
	.name = "consents",
	.store = STORE_CONSENTS,
	.column = consents,
	.n_columns = N_COLUMNS(consents),
	.row_size = sizeof(struct consent_row),
	.of_number = true,
	.needs_sub = true,
	.check = check_consents,
};

/* ---- groups ---- */

static const char *group_kind(unsigned v)
{
	static const char *const names[] = { "family", "enterprise" };

	return v < N_COLUMNS(names) ? names[v] : NULL;
}

#define AT(member) .offset = offsetof(struct group_row, member)
static const struct import_column groups[] = {
	{ .name = "code", .type = &import_code, AT(code), .key = true },
	{ .name = "name", .type = &import_text, AT(name) },
	{ .name = "kind",
	  .type = &import_word,
	  AT(kind),
	  .name_of = group_kind,
	  .expected = "family or enterprise" },
	/* Of groups.conf, which may change after: what it does not know opens nothing. */
	{ .name = "class",
	  .type = &import_code,
	  AT(class),
	  .optional = true,
	  .may_be_empty = true },
	{ .name = "level",
	  .type = &import_code,
	  AT(level),
	  .optional = true,
	  .may_be_empty = true },
	{ .name = "manager", .type = &import_text, AT(manager), .optional = true },
	{ .name = "phone", .type = &import_text, AT(phone), .optional = true },
	{ .name = "limit_fen",
	  .type = &import_number,
	  AT(limit_fen),
	  .factor = 1,
	  .least = 1,
	  .most = 1000000000,
	  .optional = true,
	  .may_be_empty = true,
	  .expected = "fen, a whole number from 1, or nothing" },
};
#undef AT

const struct import_kind import_groups = {
	.name = "groups",
	.store = STORE_GROUPS,
	.column = groups,
	.n_columns = N_COLUMNS(groups),
	.row_size = sizeof(struct group_row),
};

/* ---- members ---- */

static const char *role(unsigned v)
{
	static const char *const names[] = { "owner", "admin", "member" };

	return v < N_COLUMNS(names) ? names[v] : NULL;
}

#define AT(member) .offset = offsetof(struct member_row, member)
static const struct import_column members[] = {
	{ .name = "group", .type = &import_code, AT(group), .key = true },
	MSISDN(struct member_row),
	{ .name = "role",
	  .type = &import_word,
	  AT(role),
	  .name_of = role,
	  .expected = "owner, admin or member" },
};
#undef AT

static enum err check_members(const struct import *im, struct store_reader *r,
                              struct fault *fault)
{
	struct arena a = arena_make((size_t)4 * 1024 * 1024);
	struct str *code = arena_array(&a, struct str, im->rows.n);
	bool *known = arena_array(&a, bool, im->rows.n);
	enum err e;

	for (size_t i = 0; i < im->rows.n; i++)
		code[i] = ((const struct member_row *)import_row_at(&im->rows, i))->group;
	e = store_reader_has_groups(r, code, known, im->rows.n);
	for (size_t i = 0; i < im->rows.n && e == ERR_OK; i++) {
		if (!known[i])
			e = import_refuse(im, i, "group", code[i],
			                  "a group that the store holds: import groups "
			                  "first",
			                  fault);
	}
	arena_free(&a);
	return e;
}

const struct import_kind import_members = {
	.name = "members",
	.store = STORE_MEMBERS,
	.column = members,
	.n_columns = N_COLUMNS(members),
	.row_size = sizeof(struct member_row),
	.of_number = true,
	.needs_sub = true,
	.check = check_members,
};

/* ---- tags ---- */

#define AT(member) .offset = offsetof(struct tag_row, member)
static const struct import_column tags[] = {
	MSISDN(struct tag_row),
	{ .name = "name", .type = &import_label, AT(name), .key = true },
	{ .name = "value", .type = &import_text, AT(value) },
	{ .name = "until", .type = &import_date_end, AT(until), .optional = true },
};
#undef AT

const struct import_kind import_tags = {
	.name = "tags",
	.store = STORE_TAGS,
	.column = tags,
	.n_columns = N_COLUMNS(tags),
	.row_size = sizeof(struct tag_row),
	.of_number = true,
	.needs_sub = true,
};
