/*
 * tables.c - see tables_priv.h.
 */
#include "field_priv.h"
#include "tables_priv.h"

struct column {
	const char *name;
	const char *absent; /* the value where the file has none; NULL: it must */
	enum field field;
	size_t at;
};

enum {
	COLUMNS_MAX = 24
};

/* One row of any of the tables. */
struct record {
	struct package package;
	struct subscriber_row subscriber;
	struct usage_row usage;
	struct field_list services;
};

#define PACKAGE(member)    offsetof(struct record, package.member)
#define SUBSCRIBER(member) offsetof(struct record, subscriber.sub.member)
#define ACCOUNT(member)    offsetof(struct record, subscriber.account.member)
#define USAGE(member)      offsetof(struct record, usage.member)
/* clang-format off */
static const struct column packages[] = {
	{ "code",                    NULL,   FIELD_TEXT,    PACKAGE(code) },
	{ "kind",                    "main", FIELD_KIND,    PACKAGE(kind) },
	{ "name_zh",                 "",     FIELD_TEXT,    PACKAGE(name_zh) },
	{ "name_en",                 "",     FIELD_TEXT,    PACKAGE(name_en) },
	{ "fee_fen",                 "0",    FIELD_FEN,     PACKAGE(fee_fen) },
	{ "voice_min",               "0",    FIELD_MINUTES, PACKAGE(voice_s) },
	{ "sms",                     "0",    FIELD_COUNT,   PACKAGE(sms) },
	{ "data_mb",                 "0",    FIELD_MB,      PACKAGE(data_kib) },
	{ "over_voice_fen_per_min",  "0",    FIELD_LI,      PACKAGE(over_voice_li_per_min) },
	{ "over_sms_fen",            "0",    FIELD_LI,      PACKAGE(over_sms_li) },
	{ "over_data_fen_per_block", "0",    FIELD_FEN,     PACKAGE(over_data_fen_per_block) },
	{ "data_block_mb",           "0",    FIELD_MB,      PACKAGE(data_block_kib) },
	{ "over_data_cap_fen",       "0",    FIELD_FEN,     PACKAGE(over_data_cap_fen) },
	{ "cost_fen",                "0",    FIELD_FEN,     PACKAGE(cost_fen) },
	{ "network",                 "4G",   FIELD_TEXT,    PACKAGE(network) },
	{ "on_sale",                 "1",    FIELD_FLAG,    PACKAGE(on_sale) },
	{ NULL, NULL, FIELD_TEXT, 0 },
};
static const struct column subscribers[] = {
	{ "msisdn",      NULL,         FIELD_COUNT,    SUBSCRIBER(msisdn) },
	{ "name",        "",           FIELD_TEXT,     SUBSCRIBER(name) },
	{ "real_name",   "1",          FIELD_FLAG,     SUBSCRIBER(real_name) },
	{ "language",    "zh-Hans",    FIELD_LANGUAGE, SUBSCRIBER(language) },
	{ "class",       "personal",   FIELD_CLASS,    SUBSCRIBER(class) },
	{ "region",      "",           FIELD_TEXT,     SUBSCRIBER(region) },
	{ "joined_on",   "2020-01-01", FIELD_DATE,     SUBSCRIBER(joined_on) },
	{ "owner_since", "2020-01-01", FIELD_DATE,     SUBSCRIBER(owner_since) },
	{ "status",      "active",     FIELD_STATUS,   SUBSCRIBER(status) },
	{ "network",     "4G",         FIELD_TEXT,     SUBSCRIBER(network) },
	{ "terminal",    "",           FIELD_TEXT,     SUBSCRIBER(terminal) },
	{ "balance_fen", "0",          FIELD_FEN,      ACCOUNT(balance_fen) },
	{ "credit_fen",  "0",          FIELD_FEN,      ACCOUNT(credit_fen) },
	{ "points",      "0",          FIELD_COUNT,    ACCOUNT(points) },
	{ "puk",         "",           FIELD_TEXT,     SUBSCRIBER(puk) },
	{ "package",     "58",         FIELD_TEXT,     SUBSCRIBER(package) },
	{ "services",    "",           FIELD_LIST,     offsetof(struct record, services) },
	{ NULL, NULL, FIELD_TEXT, 0 },
};
static const struct column usage[] = {
	{ "msisdn",    NULL,   FIELD_COUNT,   USAGE(msisdn) },
	{ "month",     NULL,   FIELD_MONTH,   USAGE(usage.month) },
	{ "voice_min", "0",    FIELD_MINUTES, USAGE(usage.voice_s) },
	{ "sms",       "0",    FIELD_COUNT,   USAGE(usage.sms) },
	{ "data_mb",   "0",    FIELD_MB,      USAGE(usage.data_kib) },
	{ "bill_fen",  "none", FIELD_FEN,     USAGE(usage.bill_fen) },
	{ NULL, NULL, FIELD_TEXT, 0 },
};
/* clang-format on */

/* ---- lines ---- */

/* Takes one field off *rest; a quoted one may hold commas and doubled quotes. */
static struct str cut_field(struct str *rest, struct arena *a)
{
	struct str field;
	char *p;
	size_t n = 0, i = 1;

	if (rest->n == 0 || rest->p[0] != '"') {
		(void)str_cut(rest, ',', &field);
		return str_trim(field);
	}
	p = arena_alloc(a, rest->n);
	while (i < rest->n &&
	       (rest->p[i] != '"' || (i + 1 < rest->n && rest->p[i + 1] == '"'))) {
		i += rest->p[i] == '"' ? 1 : 0;
		p[n++] = rest->p[i++];
	}
	*rest = (struct str){ rest->p + i, rest->n - i };
	(void)str_cut(rest, ',', &field);
	return (struct str){ p, n };
}

struct table {
	const struct story_csv *csv;
	const struct column *columns;
	const struct column *by_position[COLUMNS_MAX];
	size_t n;
	struct arena *arena;
	struct fault *fault;
};

static const struct column *find_column(const struct column *c, struct str name)
{
	for (; c->name != NULL; c++) {
		if (str_eq(name, str_of(c->name)))
			return c;
	}
	return NULL;
}

static enum err complain(const struct table *t, int line, const char *what,
                         struct str which)
{
	fault_set(t->fault, "%s:%d: %s \"%.*s\"", t->csv->path, line, what,
	          STR_ARG(which));
	return ERR_SYNTAX;
}

static bool has_column(const struct table *t, const struct column *c)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->by_position[i] == c)
			return true;
	}
	return false;
}

static enum err read_header(struct table *t)
{
	struct str rest = t->csv->header.text;
	const struct column *c;

	if (rest.p == NULL)
		return complain(t, 1, "expected a header in", str_of(t->csv->path));
	while (rest.p != NULL) {
		const struct str name = cut_field(&rest, t->arena);

		c = find_column(t->columns, name);
		if (c == NULL || t->n == COLUMNS_MAX)
			return complain(t, t->csv->header.number, "unknown column", name);
		t->by_position[t->n++] = c;
	}
	for (c = t->columns; c->name != NULL; c++) {
		if (c->absent == NULL && !has_column(t, c))
			return complain(t, t->csv->header.number, "expected a column",
			                str_of(c->name));
	}
	return ERR_OK;
}

static bool set_column(const struct column *c, struct str s, struct arena *a,
                       struct record *r)
{
	return field_set(c->field, s, a, (char *)r + c->at);
}

static enum err read_row(struct table *t, struct story_line line, struct record *out)
{
	struct str rest = line.text;

	*out = (struct record){ 0 };
	for (const struct column *c = t->columns; c->name != NULL; c++) {
		if (c->absent != NULL)
			(void)set_column(c, str_of(c->absent), t->arena, out);
	}
	for (size_t i = 0; i < t->n; i++) {
		struct str value;

		if (rest.p == NULL)
			return complain(t, line.number, "no value for column",
			                str_of(t->by_position[i]->name));
		value = cut_field(&rest, t->arena);
		if (value.n == 0 && t->by_position[i]->absent != NULL)
			value = str_of(t->by_position[i]->absent);
		if (!set_column(t->by_position[i], value, t->arena, out))
			return complain(t, line.number, t->by_position[i]->name, value);
	}
	return rest.p == NULL
	               ? ERR_OK
	               : complain(t, line.number, "more fields than the header:", rest);
}

/* ---- tables ---- */

/* Adds the record to its set of rows; n of them so far. */
static void place(enum story_kind kind, const struct record *r, int64_t now, void *rows,
                  size_t n)
{
	struct subscriber_row *sub;

	if (kind == STORY_PACKAGES) {
		((struct package *)rows)[n] = r->package;
	} else if (kind == STORY_USAGE) {
		((struct usage_row *)rows)[n] = r->usage;
	} else {
		sub = (struct subscriber_row *)rows + n;
		*sub = r->subscriber;
		sub->account.as_of = now;
		sub->service = r->services.item;
		sub->n_services = r->services.n;
	}
}

static enum err put(struct store *s, enum story_kind kind, const void *rows, size_t n,
                    int64_t now)
{
	if (kind == STORY_PACKAGES)
		return store_put_packages(s, rows, n);
	if (kind == STORY_USAGE)
		return store_put_usage(s, rows, n, now);
	return store_put_subscribers(s, rows, n);
}

static enum err put_all(struct store *s, const struct story_item *item, const void *rows,
                        int64_t now, struct fault *fault)
{
	enum err e = store_begin(s);

	if (e == ERR_OK) {
		e = put(s, item->kind, rows, item->csv->rows.n, now);
		if (e == ERR_OK)
			e = store_commit(s);
		if (e != ERR_OK)
			store_rollback(s);
	}
	if (e != ERR_OK)
		fault_set(fault, "%s:%d: the store refused these rows: %s (%s)",
		          item->csv->path, item->csv->header.number, err_text(e),
		          store_fault(s));
	return e;
}

enum err tables_store(struct store *s, const struct story_item *item, int64_t now,
                      struct arena *a, struct fault *fault)
{
	struct table t = { .csv = item->csv, .arena = a, .fault = fault };
	struct record *r = arena_new(a, struct record);
	void *rows = arena_array(a, struct record, item->csv->rows.n + 1);
	enum err e;

	t.columns = item->kind == STORY_PACKAGES      ? packages
	            : item->kind == STORY_SUBSCRIBERS ? subscribers
	                                              : usage;
	e = read_header(&t);
	for (size_t i = 0; e == ERR_OK && i < item->csv->rows.n; i++) {
		e = read_row(&t, item->csv->rows.row[i], r);
		if (e == ERR_OK)
			place(item->kind, r, now, rows, i);
	}
	return e == ERR_OK ? put_all(s, item, rows, now, fault) : e;
}
