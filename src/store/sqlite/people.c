/*
 * people.c - see store/people.h: cursors that walk along side by side.
 *
 * A join would look each number up twice; the tables are all in its order.
 */
#include "store/people.h"
#include "sqlite_priv.h"
#include "usage_blob_priv.h"

enum {
	HELD_MONTHS = 6, /* since they ended, as a dossier has them */
	OFFERED_S = 366 * 24 * 3600,
	ORDERED_S = STORE_PEOPLE_ORDERED_DAYS * 24 * 3600
};

static const enum sql_id statements[BESIDE_COUNT] = {
#define X(name) [BESIDE_##name] = SQL_PEOPLE_##name,
	PEOPLE_BESIDE(X)
#undef X
};

/* A table's rows, first column msisdn, second owner_since. */
struct cursor {
	sqlite3_stmt *row; /* NULL: at its end */
	int64_t at;        /* of the present row; INT64_MAX at the end */
};

static enum err stand(struct cursor *w, enum err e)
{
	if (e != ERR_OK)
		w->row = NULL; /* has been reset */
	w->at = e == ERR_OK ? sql_col_int(w->row, 0) : INT64_MAX;
	return sql_ended(e);
}

static enum err begin(struct sql *q, enum sql_id id, int64_t after, int64_t upto,
                      struct cursor *w)
{
	sqlite3_stmt *row = NULL;
	const enum err e = sql_query(q, id, SQL_ARGS(sql_int(after), sql_int(upto)),
	                             &row);

	w->row = row;
	return stand(w, e);
}

static enum err next(struct sql *q, struct cursor *w)
{
	return stand(w, sql_next(q, w->row));
}

static void end(struct cursor *w)
{
	if (w->row != NULL)
		sql_done(w->row);
	w->row = NULL;
}

/* To the number, or behind where it would stand. */
static enum err reach(struct sql *q, struct cursor *w, int64_t msisdn)
{
	enum err e = ERR_OK;

	while (e == ERR_OK && w->at < msisdn)
		e = next(q, w);
	return e;
}

struct slice {
	struct sql *q;
	int64_t now;
	struct cursor people, beside[BESIDE_COUNT];
	int64_t held_from, as_of; /* what ended before; of the account */
	struct arena arena;       /* codes of what is held: their rows are passed */
	int64_t begins[STORE_PEOPLE_MONTHS]; /* of the months behind `first` */
	month_t first;
	struct usage_month month[STORE_PEOPLE_MONTHS];
	struct subscription owned[STORE_PEOPLE_HELD];
	struct str group[STORE_PEOPLE_GROUPS];
	struct offered offered[STORE_PEOPLE_OFFERED];
	struct str tried[STORE_PEOPLE_TRIED];
	struct str ordered[STORE_PEOPLE_ORDERED];
};

static struct str text_of(sqlite3_stmt *row, int column)
{
	const struct span s = sql_col_blob(row, column);

	return (struct str){ (const char *)s.p, s.n };
}

/* The owner's first month; the library takes long for it, and owners are mostly old. */
static month_t first_month(const struct slice *s, int64_t owner_since)
{
	size_t i = STORE_PEOPLE_MONTHS;

	if (owner_since < s->begins[0] ||
	    owner_since > s->begins[STORE_PEOPLE_MONTHS - 1])
		return civil_month(owner_since);
	while (i > 1 && s->begins[i - 1] > owner_since)
		i--;
	return s->first + (month_t)i - 1;
}

static void put_begins(struct slice *s, int64_t now)
{
	s->first = civil_month(now) - STORE_PEOPLE_MONTHS + 1;
	for (size_t i = 0; i < STORE_PEOPLE_MONTHS; i++) {
		const month_t m = s->first + (month_t)i;

		s->begins[i] = civil_to_utc((struct civil){
			.year = month_year(m), .month = month_of_year(m), .day = 1 });
	}
	s->held_from = s->begins[STORE_PEOPLE_MONTHS - 1 - HELD_MONTHS];
}

/* An owner of before all the months that are told apart has them all. */
static bool is_owners(const struct slice *s, month_t month, int64_t owner_since)
{
	if (month > s->first && owner_since < s->begins[0])
		return true;
	return month >= first_month(s, owner_since);
}

static bool is_his(const struct cursor *w, const struct store_person *p)
{
	return sql_col_int(w->row, 1) == p->owner_since;
}

static void take_usage(struct slice *s, const struct cursor *w, struct store_person *p)
{
	const struct span held = sql_col_blob(w->row, 2);
	const size_t all = usage_blob_count(held);
	const size_t skip = all > STORE_PEOPLE_MONTHS ? all - STORE_PEOPLE_MONTHS : 0;

	p->usage_as_of = sql_col_int(w->row, 3);
	for (size_t i = skip; i < all; i++) {
		struct usage_month *m = &s->month[p->n_usage];

		*m = usage_blob_get(held.p + i * USAGE_BLOB_MONTH);
		p->n_usage += is_owners(s, m->month, p->owner_since);
	}
}

static void take_held(struct slice *s, const struct cursor *w, struct store_person *p)
{
	sqlite3_stmt *row = w->row;
	const int64_t until = sql_col_int(row, 4);

	if ((until != 0 && until < s->held_from) || p->n_held == STORE_PEOPLE_HELD)
		return;
	s->owned[p->n_held++] = (struct subscription){
		.package = sql_col_str(row, 2, &s->arena),
		.since = sql_col_int(row, 3),
		.until = until,
		.contract_until = sql_col_int(row, 5),
		.trial = sql_col_int(row, 6) != 0
	};
}

static void take_account(struct slice *s, const struct cursor *w, struct store_person *p)
{
	p->has_account = true;
	p->balance_fen = sql_col_int(w->row, 2);
	s->as_of = sql_col_int(w->row, 3);
	p->credit_fen = sql_col_int(w->row, 4);
	p->points = sql_col_int(w->row, 5);
}

/* Stands behind the accounts, whose figures it moves; without account it counts nothing. */
static void take_moved(struct slice *s, const struct cursor *w, struct store_person *p)
{
	if (!p->has_account || sql_col_int(w->row, 2) < s->as_of)
		return;
	p->balance_fen += sql_col_int(w->row, 3);
	p->points += sql_col_int(w->row, 4);
}

static void take_complaint(struct slice *s, const struct cursor *w,
                           struct store_person *p)
{
	const int64_t at = sql_col_int(w->row, 2);

	(void)s;
	if (at < p->owner_since)
		return;
	p->complaint_open |= sql_col_enum(w->row, 3, COMPLAINT_CLOSED + 1) !=
	                     COMPLAINT_CLOSED;
	p->complained_at = at > p->complained_at ? at : p->complained_at;
}

/* In this order as their statement says them. */
enum ordered {
	ORDERED_MAIN,
	ORDERED_TRIAL,
	ORDERED_SERVICE
};

static void take_ordered(struct slice *s, struct str code, struct store_person *p)
{
	for (size_t i = 0; i < p->n_ordered; i++)
		if (str_eq(s->ordered[i], code))
			return;
	if (p->n_ordered < STORE_PEOPLE_ORDERED)
		s->ordered[p->n_ordered++] = code;
}

static void take_change(const struct cursor *w, struct str code, struct store_person *p)
{
	const int64_t at = sql_col_int(w->row, 3);

	if (sql_col_int(w->row, 4) == ORDER_ACCEPTED)
		p->coming = code;
	else if (at > p->changed_at)
		p->changed_at = at;
}

/* A change of the main package, a trial, or a service that was opened. */
static void take_order(struct slice *s, const struct cursor *w, struct store_person *p)
{
	sqlite3_stmt *row = w->row;
	const int64_t at = sql_col_int(row, 2);
	const enum ordered what = sql_col_enum(row, 6, ORDERED_SERVICE + 1);
	const bool is_late = at >= s->now - ORDERED_S && at <= s->now;
	struct str code;

	if (at < p->owner_since || (what == ORDERED_SERVICE && !is_late))
		return;
	code = sql_col_str(row, 5, &s->arena);
	if (what != ORDERED_TRIAL && is_late)
		take_ordered(s, code, p);
	if (what == ORDERED_TRIAL && p->n_tried < STORE_PEOPLE_TRIED)
		s->tried[p->n_tried++] = code;
	if (what == ORDERED_MAIN)
		take_change(w, code, p);
}

static void take_offered(struct slice *s, const struct cursor *w, struct store_person *p)
{
	sqlite3_stmt *row = w->row;
	const int64_t at = sql_col_int(row, 3);

	if (at < p->owner_since || at < s->now - OFFERED_S ||
	    p->n_offered == STORE_PEOPLE_OFFERED)
		return;
	s->offered[p->n_offered++] = (struct offered){
		.package = sql_col_str(row, 2, &s->arena),
		.at = at,
		.declined = sql_col_int(row, 4) == 1,
		.sent = sql_col_int(row, 4) == 2,
	};
}

static void take_group(struct slice *s, const struct cursor *w, struct store_person *p)
{
	if (p->n_groups < STORE_PEOPLE_GROUPS)
		s->group[p->n_groups++] = sql_col_str(w->row, 2, &s->arena);
}

/* In the order of enum people_beside. */
static void (*const takes[BESIDE_COUNT])(struct slice *s, const struct cursor *w,
                                         struct store_person *p) = {
	[BESIDE_USAGE] = take_usage,          [BESIDE_HELD] = take_held,
	[BESIDE_ACCOUNTS] = take_account,     [BESIDE_LEDGER] = take_moved,
	[BESIDE_COMPLAINTS] = take_complaint, [BESIDE_ORDERS] = take_order,
	[BESIDE_OFFERED] = take_offered,      [BESIDE_GROUPS] = take_group,
};

static enum err take_beside(struct slice *s, enum people_beside b, struct store_person *p)
{
	struct cursor *w = &s->beside[b];
	enum err e = reach(s->q, w, p->msisdn);

	while (e == ERR_OK && w->at == p->msisdn) {
		if (is_his(w, p))
			takes[b](s, w, p);
		e = next(s->q, w);
	}
	return e;
}

/* Status, class and codes; texts last as long as the row. */
static struct store_person person_of(const struct slice *s)
{
	sqlite3_stmt *row = s->people.row;

	return (struct store_person){
		.msisdn = s->people.at,
		.owner_since = sql_col_int(row, 1),
		.joined_on = sql_col_int(row, 2),
		.status = sql_col_enum(row, 3, SUB_PORTED_OUT + 1),
		.class = sql_col_enum(row, 4, CLASS_BUSINESS + 1),
		.region = text_of(row, 5),
		.network = text_of(row, 6),
		.package = text_of(row, 7),
		.language = sql_col_enum(row, 8, LANG_COUNT),
		.usage = s->month,
		.held = s->owned,
		.group = s->group,
		.offered = s->offered,
		.complained_at = INT64_MIN,
		.changed_at = INT64_MIN,
		.coming = STR(""),
		.tried = s->tried,
		.ordered = s->ordered,
	};
}

/* All of one, and on to the next. */
static enum err walk_one(struct slice *s, const struct people_walk *w, int64_t *after)
{
	struct store_person p = person_of(s);
	enum err e = ERR_OK;

	arena_reset(&s->arena);
	for (int b = 0; b < BESIDE_COUNT && e == ERR_OK; b++)
		e = take_beside(s, (enum people_beside)b, &p);
	if (e != ERR_OK)
		return e;
	w->take(w->ctx, &p);
	*after = p.msisdn;
	return next(s->q, &s->people);
}

static enum err walk_along(struct slice *s, const struct people_walk *w, int64_t *after)
{
	enum err e = s->people.row != NULL ? ERR_OK : ERR_END;

	while (e == ERR_OK && s->people.row != NULL)
		e = walk_one(s, w, after);
	return e;
}

static enum err begin_all(struct slice *s, const struct people_walk *w, int64_t after)
{
	enum err e = begin(s->q, SQL_PEOPLE, after, w->upto, &s->people);

	for (int b = 0; b < BESIDE_COUNT && e == ERR_OK; b++) {
		s->beside[b].at = INT64_MAX;
		if ((w->beside >> b & 1) != 0)
			e = begin(s->q, statements[b], after, w->upto, &s->beside[b]);
	}
	return e;
}

enum err people_upto(struct sql *q, int64_t after, size_t n, int64_t *upto)
{
	return sql_one_int(q, SQL_PEOPLE_UPTO,
	                   SQL_ARGS(sql_int(after), sql_int((int64_t)n)), upto);
}

enum err people_walk(struct sql *q, const struct people_walk *w, int64_t *after)
{
	struct slice s = { .q = q, .now = w->now, .arena = arena_make(65536) };
	enum err e;

	put_begins(&s, w->now);
	e = begin_all(&s, w, *after);
	if (e == ERR_OK)
		e = walk_along(&s, w, after);
	end(&s.people);
	for (int b = 0; b < BESIDE_COUNT; b++)
		end(&s.beside[b]);
	arena_free(&s.arena);
	return e;
}

/* A reader whose time is up has a shorter slice, of those that are whole. */
enum err store_people(struct store_reader *r, int64_t now, int64_t *after,
                      void (*take)(void *ctx, const struct store_person *p), void *ctx)
{
	struct people_walk w = {
		.now = now, .beside = PEOPLE_ALL, .take = take, .ctx = ctx
	};
	struct sql *q = sqlite_reader_sql(r);
	const int64_t from = *after;
	enum err e = sql_script(q, "BEGIN"), ended;

	if (e != ERR_OK)
		return e;
	e = people_upto(q, *after, STORE_PEOPLE_SLICE, &w.upto);
	q = sqlite_reader_sql(r); /* that was a query of its own */
	if (e == ERR_OK)
		e = people_walk(q, &w, after);
	ended = sql_script(q, "COMMIT");
	e = e == ERR_BUSY && *after > from ? ERR_OK : e;
	return e == ERR_OK ? ended : e;
}

enum err store_people_count(struct store_reader *r, int64_t *out)
{
	*out = 0;
	return sql_once_int(sqlite_reader_sql(r), "SELECT count(*) FROM subscriber", out);
}
