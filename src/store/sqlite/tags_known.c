/*
 * tags_known.c - rows of the view known: a slice of subscribers, and what has few rows
 * merged into it, each source read once in order of numbers.
 */
#include "tags_priv.h"

enum {
	DAY_S = 24 * 3600,
	WINDOW_DAYS = 90,
	ORDERS_WEEK = 7,
	ORDERS_MONTH = 30
};

enum known_source {
	FROM_PEOPLE,
	FROM_ACCOUNTS,
	FROM_USAGE,
	FROM_MONTH,
	FROM_HELD,
	FROM_COMPLAINTS,
	FROM_TEXTS,
	FROM_DETAILS,
	FROM_PAYMENTS,
	FROM_ORDERS,
	FROM_USES,
	FROM_TOUCHES,
	FROM_OPTOUTS,
	FROM_STAGE,
	SOURCES
};

static const unsigned char source_of[KNOWN_COLUMNS] = {
#define X(name, type, source, what) FROM_##source,
#include "store/known.def"
#undef X
};

#define WITH(name) (1U << BESIDE_##name)

struct loading {
	struct sql *q;
	struct arena *arena;
	int64_t now;
};

static void count(struct known *k, enum known_column c, int64_t n)
{
	k->v[c].i += n;
}

static void read_complaint(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	(void)l;
	count(k, KNOWN_complaints_90d, 1);
	if (sql_col_int(row, 2) != COMPLAINT_CLOSED)
		known_set(k, KNOWN_complaint_open, 1);
}

static void read_text(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	(void)l;
	(void)row;
	count(k, KNOWN_texts_90d, 1);
}

static void read_detail(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	(void)l;
	(void)row;
	count(k, KNOWN_roaming_90d, 1);
}

static void read_payment(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	(void)l;
	count(k, KNOWN_payments_90d, 1);
	count(k, KNOWN_paid_fen_90d, sql_col_int(row, 2));
}

static void read_order(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	const struct str code = sql_col_str(row, 2, l->arena);
	const int64_t days = (l->now - sql_col_int(row, 3)) / DAY_S;

	known_add_code(k, KNOWN_ordered_90d, code, l->arena);
	if (days < ORDERS_MONTH)
		known_add_code(k, KNOWN_ordered_30d, code, l->arena);
	if (days < ORDERS_WEEK)
		known_add_code(k, KNOWN_ordered_7d, code, l->arena);
}

static void read_use(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	known_add_code(k, KNOWN_used_90d, sql_col_str(row, 2, l->arena), l->arena);
	count(k, KNOWN_uses_90d, 1);
}

static void read_touch(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	known_add_code(k, KNOWN_interested_90d, sql_col_str(row, 2, l->arena), l->arena);
}

static void read_optout(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	(void)l;
	(void)row;
	known_set(k, KNOWN_opted_out, 1);
}

/* ---- merging ---- */

/* Beside the people, by the walk along them; or by a statement of its own. */
static const struct source {
	unsigned beside; /* bits of people_beside */
	enum sql_id statement;
	void (*read)(struct loading *l, sqlite3_stmt *row, struct known *k);
	bool of_anybody; /* rows with owner_since 0 count as well */
} sources[SOURCES] = {
	[FROM_ACCOUNTS] = { .beside = WITH(ACCOUNTS) | WITH(LEDGER) },
	[FROM_USAGE] = { .beside = WITH(USAGE) },
	[FROM_MONTH] = { .beside = WITH(USAGE) | WITH(HELD) },
	[FROM_HELD] = { .beside = WITH(HELD) },
	[FROM_STAGE] = { .beside = WITH(USAGE) | WITH(HELD) | WITH(ACCOUNTS) |
	                           WITH(LEDGER) | WITH(COMPLAINTS) | WITH(OFFERED) },
	[FROM_COMPLAINTS] = { 0, SQL_KNOWN_COMPLAINTS, read_complaint, false },
	[FROM_TEXTS] = { 0, SQL_KNOWN_TEXTS, read_text, false },
	[FROM_DETAILS] = { 0, SQL_KNOWN_DETAILS, read_detail, false },
	[FROM_PAYMENTS] = { 0, SQL_KNOWN_PAYMENTS, read_payment, false },
	[FROM_ORDERS] = { 0, SQL_KNOWN_ORDERS, read_order, false },
	[FROM_USES] = { 0, SQL_KNOWN_USES, read_use, false },
	[FROM_TOUCHES] = { 0, SQL_KNOWN_TOUCHES, read_touch, false },
	[FROM_OPTOUTS] = { 0, SQL_KNOWN_OPTOUTS, read_optout, true },
};

/* Rows of an earlier owner, and of numbers that are nobody's, are passed over. */
static enum err merge(struct loading *l, const struct source *from, struct known_slice *s)
{
	const int64_t since = l->now - WINDOW_DAYS * (int64_t)DAY_S;
	sqlite3_stmt *row = NULL;
	size_t at = 0;
	enum err e = sql_query(l->q, from->statement,
	                       SQL_ARGS(sql_int(s->from),
	                                sql_int(s->row[s->n - 1].msisdn), sql_int(since)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(l->q, row)) {
		const int64_t msisdn = sql_col_int(row, 0), owner = sql_col_int(row, 1);

		while (at < s->n && s->row[at].msisdn < msisdn)
			at++;
		if (at < s->n && s->row[at].msisdn == msisdn &&
		    (s->row[at].owner_since == owner || (owner == 0 && from->of_anybody)))
			from->read(l, row, &s->row[at]);
	}
	return sql_ended(e);
}

static bool is_wanted(uint64_t columns, size_t source)
{
	for (; columns != 0; columns &= columns - 1) {
		if (source_of[__builtin_ctzll(columns)] == source)
			return true;
	}
	return false;
}

enum err known_load(struct sql *q, const struct catalogue *packages, struct arena *a,
                    struct known_slice *s)
{
	struct loading l = { .q = q, .arena = a, .now = s->now };
	unsigned beside = 0;
	enum err e;

	for (size_t i = 0; i < SOURCES; i++)
		beside |= is_wanted(s->columns, i) ? sources[i].beside : 0;
	e = known_people(q, packages, a, beside, s);
	for (size_t i = 0; i < SOURCES && e == ERR_OK && s->n > 0; i++)
		if (sources[i].read != NULL && is_wanted(s->columns, i))
			e = merge(&l, &sources[i], s);
	return e;
}
