/*
 * tags_known.c - rows of the view known: a slice of subscribers, each source read once in
 * order of numbers and merged into it.
 */
#include "tags_priv.h"
#include "usage_blob_priv.h"

enum {
	DAY_S = 24 * 3600,
	WINDOW_DAYS = 90,
	ORDERS_WEEK = 7,
	ORDERS_MONTH = 30,
	WINDOW_MONTHS = 6,
	TREND_MONTHS = 4, /* two against two */
	TREND_MOST = 99999,
	BASE = 10000
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
	FROM_OPTOUTS,
	FROM_STAGE,
	SOURCES
};

static const unsigned char source_of[KNOWN_COLUMNS] = {
#define X(name, type, source, what) FROM_##source,
#include "store/known.def"
#undef X
};

struct loading {
	struct sql *q;
	const struct catalogue *packages;
	struct arena *arena;
	int64_t now;
	struct civil today;
	month_t month;              /* the present one */
	uint64_t columns;           /* that are wanted */
	const struct package *last; /* of the catalogue: neighbours often have the same */
};

static void set(struct known *k, enum known_column c, int64_t v)
{
	k->v[c] = (struct known_value){ .type = KNOWN_INT, .i = v };
}

static void set_text(struct known *k, enum known_column c, struct str s)
{
	k->v[c] = (struct known_value){ .type = KNOWN_TEXT, .text = s };
}

/* ---- people ---- */

static const struct package *package_of(struct loading *l, struct str code)
{
	if (l->last == NULL || !str_eq(l->last->code, code))
		l->last = catalogue_find(l->packages, code);
	return l->last;
}

static int64_t minutes(int64_t s)
{
	return (s + 59) / 60;
}

static int64_t megabytes(int64_t kib)
{
	return (kib + 1023) / 1024;
}

static void set_package(struct known *k, const struct package *p)
{
	if (p == NULL)
		return;
	set(k, KNOWN_fee_fen, p->fee_fen);
	set(k, KNOWN_allow_voice_min, p->voice_s / 60);
	set(k, KNOWN_allow_sms, p->sms);
	set(k, KNOWN_allow_data_mb, p->data_kib / 1024);
}

static int64_t months_since(int64_t from, const struct civil *now)
{
	const struct civil a = civil_of(from);
	const int64_t n = (now->year - a.year) * INT64_C(12) + now->month - a.month -
	                  (now->day < a.day ? 1 : 0);

	return n > 0 ? n : 0;
}

/* Civil time and packages are dear: a rule must ask for them. */
static bool wants(const struct loading *l, enum known_column c)
{
	return (l->columns >> c & 1) != 0;
}

/* What has not happened is 0; what is not known stays NULL. */
static void set_counts(struct known *k)
{
	static const enum known_column counts[] = {
		KNOWN_months,         KNOWN_over_months,   KNOWN_silent_months,
		KNOWN_services,       KNOWN_contract_days, KNOWN_complaints_90d,
		KNOWN_complaint_open, KNOWN_texts_90d,     KNOWN_roaming_90d,
		KNOWN_payments_90d,   KNOWN_paid_fen_90d,  KNOWN_opted_out,
		KNOWN_uses_90d
	};
	static const enum known_column lists[] = { KNOWN_ordered_7d, KNOWN_ordered_30d,
		                                   KNOWN_ordered_90d, KNOWN_used_90d };

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		set(k, counts[i], 0);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		set_text(k, lists[i], STR(""));
}

static void read_person(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	const int64_t joined = sql_col_int(row, 2);
	const unsigned status = sql_col_enum(row, 3, SUB_PORTED_OUT + 1),
		       language = sql_col_enum(row, 4, LANG_COUNT),
		       class = sql_col_enum(row, 5, CLASS_BUSINESS + 1);
	const int64_t days = (l->now - joined) / DAY_S;
	const struct str package = sql_col_str(row, 8, l->arena);

	*k = (struct known){ .msisdn = sql_col_int(row, 0),
		             .owner_since = sql_col_int(row, 1) };
	set_counts(k);
	set(k, KNOWN_tenure_days, days > 0 ? days : 0);
	if (wants(l, KNOWN_tenure_months))
		set(k, KNOWN_tenure_months, months_since(joined, &l->today));
	set(k, KNOWN_month_days_left, month_days(l->month) - l->today.day);
	set(k, KNOWN_arrears, status == SUB_ARREARS1 || status == SUB_ARREARS2);
	set_text(k, KNOWN_status, str_of(sub_status_name((enum sub_status)status)));
	set_text(k, KNOWN_language, str_of(language_name((enum language)language)));
	set_text(k, KNOWN_class, str_of(sub_class_name((enum sub_class) class)));
	set_text(k, KNOWN_region, sql_col_str(row, 6, l->arena));
	set_text(k, KNOWN_network, sql_col_str(row, 7, l->arena));
	set_text(k, KNOWN_package, package);
	set_package(k, package_of(l, package));
}

/* ---- usage ---- */

struct months {
	struct usage_month row[WINDOW_MONTHS]; /* ascending */
	size_t n;
};

/* Full months of the present owner among the last six. */
static void read_months(const struct loading *l, const struct known *k, struct span held,
                        struct months *m)
{
	const size_t n = usage_blob_count(held);
	const size_t from = n > WINDOW_MONTHS + 1 ? n - WINDOW_MONTHS - 1 : 0;
	month_t first = l->month - WINDOW_MONTHS;

	if (k->owner_since > l->now - (WINDOW_MONTHS + INT64_C(1)) * 31 * DAY_S) {
		const month_t own = civil_month(k->owner_since - 1) + 1; /* a full one */

		first = own > first ? own : first;
	}
	for (size_t i = from; i < n && m->n < WINDOW_MONTHS; i++) {
		const struct usage_month u = usage_blob_get(held.p +
		                                            i * USAGE_BLOB_MONTH);

		if (u.month >= first && u.month < l->month)
			m->row[m->n++] = u;
	}
}

static void set_means(struct known *k, const struct months *m)
{
	int64_t voice = 0, sms = 0, data = 0, bill = 0, billed = 0, most = 0;
	const int64_t n = (int64_t)m->n;

	for (size_t i = 0; i < m->n; i++) {
		const struct usage_month *u = &m->row[i];

		voice += u->voice_s;
		sms += u->sms;
		data += u->data_kib;
		if (u->bill_fen == BILL_NONE)
			continue;
		bill += u->bill_fen;
		most = billed == 0 || u->bill_fen > most ? u->bill_fen : most;
		set(k, KNOWN_bill_fen_last, u->bill_fen);
		billed++;
	}
	set(k, KNOWN_voice_min_avg, minutes(voice / n));
	set(k, KNOWN_sms_avg, sms / n);
	set(k, KNOWN_data_mb_avg, megabytes(data / n));
	set(k, KNOWN_voice_min_last, minutes(m->row[m->n - 1].voice_s));
	set(k, KNOWN_data_mb_last, megabytes(m->row[m->n - 1].data_kib));
	if (billed == 0)
		return;
	set(k, KNOWN_bill_fen_avg, bill / billed);
	set(k, KNOWN_bill_fen_max, most);
}

static void set_over(struct known *k, const struct months *m, const struct package *p)
{
	int64_t months = 0, over = 0, billed = 0, voice = 0, data = 0;
	const int64_t n = (int64_t)m->n;

	for (size_t i = 0; i < m->n; i++) {
		const struct usage_month *u = &m->row[i];

		months += u->voice_s > p->voice_s || u->sms > p->sms ||
		                          u->data_kib > p->data_kib
		                  ? 1
		                  : 0;
		voice += u->voice_s;
		data += u->data_kib;
		if (u->bill_fen == BILL_NONE)
			continue;
		over += u->bill_fen > p->fee_fen ? u->bill_fen - p->fee_fen : 0;
		billed++;
	}
	set(k, KNOWN_over_months, months);
	if (billed > 0)
		set(k, KNOWN_over_fen_avg, over / billed);
	if (p->voice_s > 0)
		set(k, KNOWN_voice_use_pct, voice / n * 100 / p->voice_s);
	if (p->data_kib > 0)
		set(k, KNOWN_data_use_pct, data / n * 100 / p->data_kib);
}

static int64_t value_of(const struct usage_month *u, enum known_column of)
{
	if (of == KNOWN_trend_bp)
		return u->bill_fen;
	return of == KNOWN_voice_trend_bp ? u->voice_s : u->data_kib;
}

/* (last two - two before) / two before; needs four months in a row. */
static void set_trend(struct known *k, const struct months *m, enum known_column of)
{
	int64_t half[2] = { 0, 0 }, trend;

	for (size_t i = 0; i < TREND_MONTHS; i++) {
		const struct usage_month *u = &m->row[m->n - TREND_MONTHS + i];
		const int64_t v = value_of(u, of);

		if (v == BILL_NONE)
			return;
		half[i / 2] += v;
	}
	if (half[0] <= 0)
		return;
	trend = (half[1] - half[0]) * BASE / half[0];
	trend = trend > TREND_MOST ? TREND_MOST : trend;
	set(k, of, trend < -TREND_MOST ? -TREND_MOST : trend);
}

static bool is_in_a_row(const struct months *m)
{
	return m->n >= TREND_MONTHS &&
	       m->row[m->n - 1].month - m->row[m->n - TREND_MONTHS].month ==
	               TREND_MONTHS - 1;
}

static int64_t count_silent(const struct months *m)
{
	int64_t n = 0;

	for (size_t i = m->n; i-- > 0; n++) {
		const struct usage_month *u = &m->row[i];

		if (u->voice_s > 0 || u->sms > 0 || u->data_kib > 0 ||
		    u->month != m->row[m->n - 1].month - n)
			break;
	}
	return n;
}

static void read_usage(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	struct months m = { .n = 0 };
	const struct package *p;

	read_months(l, k, sql_col_blob(row, 2), &m);
	if (m.n == 0)
		return;
	p = package_of(l, k->v[KNOWN_package].text);
	set(k, KNOWN_months, (int64_t)m.n);
	set_means(k, &m);
	set(k, KNOWN_silent_months, count_silent(&m));
	if (p != NULL)
		set_over(k, &m, p);
	if (!is_in_a_row(&m))
		return;
	set_trend(k, &m, KNOWN_trend_bp);
	set_trend(k, &m, KNOWN_voice_trend_bp);
	set_trend(k, &m, KNOWN_data_trend_bp);
}

/* ---- the rest ---- */

static void count(struct known *k, enum known_column c, int64_t n)
{
	k->v[c].i += n;
}

static void read_account(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	(void)l;
	set(k, KNOWN_balance_fen, sql_col_int(row, 2));
	set(k, KNOWN_points, sql_col_int(row, 3));
}

static void read_month(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	const struct known_month m = { .months = sql_col_blob(row, 2),
		                       .as_of = sql_col_int(row, 3),
		                       .addon_voice_s = sql_col_int(row, 4),
		                       .addon_data_kib = sql_col_int(row, 5) };

	known_set_month(k, package_of(l, k->v[KNOWN_package].text), &m, l->now);
}

static void read_held(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	const int64_t left = (sql_col_int(row, 2) - l->now + DAY_S - 1) / DAY_S;

	count(k, KNOWN_services, 1);
	if (sql_col_int(row, 2) > l->now && left > k->v[KNOWN_contract_days].i)
		set(k, KNOWN_contract_days, left);
}

static void read_complaint(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	(void)l;
	count(k, KNOWN_complaints_90d, 1);
	if (sql_col_int(row, 2) != COMPLAINT_CLOSED)
		set(k, KNOWN_complaint_open, 1);
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

static void read_optout(struct loading *l, sqlite3_stmt *row, struct known *k)
{
	(void)l;
	(void)row;
	set(k, KNOWN_opted_out, 1);
}

/* ---- merging ---- */

/* Either rows that are read one by one, or whole: all of a slice at once. */
static const struct source {
	enum sql_id statement;
	void (*read)(struct loading *l, sqlite3_stmt *row, struct known *k);
	bool of_anybody; /* rows with owner_since 0 count as well */
	enum err (*whole)(struct sql *q, struct known_slice *s);
} sources[SOURCES] = {
	[FROM_ACCOUNTS] = { SQL_KNOWN_ACCOUNTS, read_account, false, NULL },
	[FROM_USAGE] = { SQL_KNOWN_USAGE, read_usage, false, NULL },
	[FROM_MONTH] = { SQL_KNOWN_MONTH, read_month, false, NULL },
	[FROM_HELD] = { SQL_KNOWN_HELD, read_held, false, NULL },
	[FROM_COMPLAINTS] = { SQL_KNOWN_COMPLAINTS, read_complaint, false, NULL },
	[FROM_TEXTS] = { SQL_KNOWN_TEXTS, read_text, false, NULL },
	[FROM_DETAILS] = { SQL_KNOWN_DETAILS, read_detail, false, NULL },
	[FROM_PAYMENTS] = { SQL_KNOWN_PAYMENTS, read_payment, false, NULL },
	[FROM_ORDERS] = { SQL_KNOWN_ORDERS, read_order, false, NULL },
	[FROM_USES] = { SQL_KNOWN_USES, read_use, false, NULL },
	[FROM_OPTOUTS] = { SQL_KNOWN_OPTOUTS, read_optout, true, NULL },
	[FROM_STAGE] = { .whole = known_stages },
};

/* Rows of an earlier owner, and of numbers that are nobody's, are passed over. */
static enum err merge(struct loading *l, const struct source *from, struct known_slice *s)
{
	const int64_t since = from->statement == SQL_KNOWN_HELD ||
	                                      from->statement == SQL_KNOWN_MONTH
	                              ? l->now
	                              : l->now - WINDOW_DAYS * (int64_t)DAY_S;
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

static enum err read_people(struct loading *l, struct known_slice *s)
{
	sqlite3_stmt *row = NULL;
	enum err e = sql_query(l->q, SQL_KNOWN_PEOPLE,
	                       SQL_ARGS(sql_int(s->from), sql_int(s->to_most),
	                                sql_int((int64_t)s->rows)),
	                       &row);

	s->n = 0;
	for (; e == ERR_OK; e = sql_next(l->q, row))
		read_person(l, row, &s->row[s->n++]);
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
	struct loading l = { .q = q,
		             .packages = packages,
		             .arena = a,
		             .now = s->now,
		             .today = civil_of(s->now),
		             .month = civil_month(s->now),
		             .columns = s->columns };
	enum err e;

	s->row = arena_array(a, struct known, s->rows);
	e = read_people(&l, s);
	for (size_t i = FROM_PEOPLE + 1; i < SOURCES && e == ERR_OK && s->n > 0; i++) {
		l.q = q;
		if (is_wanted(s->columns, i))
			e = sources[i].whole != NULL ? sources[i].whole(q, s)
			                             : merge(&l, &sources[i], s);
	}
	return e;
}
