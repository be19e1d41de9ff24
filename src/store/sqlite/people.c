/*
 * people.c - see store/people.h: three cursors that walk along side by side.
 *
 * A join would look each number up twice; the tables are all in its order.
 */
#include "store/people.h"
#include "sqlite_priv.h"
#include "usage_blob_priv.h"

enum {
	HELD_LATELY_S = 186 * 24 * 3600 /* as a dossier has them */
};

/* A table's rows, first column msisdn, second owner_since. */
struct walk {
	sqlite3_stmt *row; /* NULL: at its end */
	int64_t at;        /* of the present row; INT64_MAX at the end */
};

static enum err stand(struct walk *w, enum err e)
{
	if (e != ERR_OK)
		w->row = NULL; /* has been reset */
	w->at = e == ERR_OK ? sql_col_int(w->row, 0) : INT64_MAX;
	return sql_ended(e);
}

static enum err begin(struct sql *q, enum sql_id id, int64_t after, struct walk *w)
{
	sqlite3_stmt *row = NULL;
	const enum err e = sql_query(q, id, SQL_ARGS(sql_int(after)), &row);

	w->row = row;
	return stand(w, e);
}

static enum err next(struct sql *q, struct walk *w)
{
	return stand(w, sql_next(q, w->row));
}

static void end(struct walk *w)
{
	if (w->row != NULL)
		sql_done(w->row);
	w->row = NULL;
}

/* To the number, or behind where it would stand. */
static enum err reach(struct sql *q, struct walk *w, int64_t msisdn)
{
	enum err e = ERR_OK;

	while (e == ERR_OK && w->at < msisdn)
		e = next(q, w);
	return e;
}

struct slice {
	struct sql *q;
	int64_t now;
	struct walk people, usage, held;
	struct arena arena; /* codes of what is held: their rows are passed */
	int64_t begins[STORE_PEOPLE_MONTHS]; /* of the months behind `first` */
	month_t first;
	struct usage_month month[STORE_PEOPLE_MONTHS];
	struct store_held owned[STORE_PEOPLE_HELD];
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
}

/* An owner of before all the months that are told apart has them all. */
static bool is_owners(const struct slice *s, month_t month, int64_t owner_since)
{
	if (month > s->first && owner_since < s->begins[0])
		return true;
	return month >= first_month(s, owner_since);
}

static enum err take_usage(struct slice *s, struct store_person *p)
{
	enum err e = reach(s->q, &s->usage, p->msisdn);

	p->usage = s->month;
	if (e == ERR_OK && s->usage.at == p->msisdn &&
	    sql_col_int(s->usage.row, 1) == p->owner_since) {
		const struct span held = sql_col_blob(s->usage.row, 2);
		const size_t all = usage_blob_count(held);
		const size_t skip = all > STORE_PEOPLE_MONTHS ? all - STORE_PEOPLE_MONTHS
		                                              : 0;

		for (size_t i = skip; i < all; i++) {
			struct usage_month *m = &s->month[p->n_usage];

			*m = usage_blob_get(held.p + i * USAGE_BLOB_MONTH);
			p->n_usage += is_owners(s, m->month, p->owner_since);
		}
	}
	return e;
}

static struct store_held held_of(struct slice *s)
{
	sqlite3_stmt *row = s->held.row;

	return (struct store_held){ .package = sql_col_str(row, 2, &s->arena),
		                    .since = sql_col_int(row, 3),
		                    .until = sql_col_int(row, 4),
		                    .contract_until = sql_col_int(row, 5),
		                    .trial = sql_col_int(row, 6) != 0 };
}

static enum err take_held(struct slice *s, struct store_person *p)
{
	enum err e = reach(s->q, &s->held, p->msisdn);

	p->held = s->owned;
	arena_reset(&s->arena);
	while (e == ERR_OK && s->held.at == p->msisdn) {
		const int64_t until = sql_col_int(s->held.row, 4);

		if (sql_col_int(s->held.row, 1) == p->owner_since &&
		    (until == 0 || until >= s->now - HELD_LATELY_S) &&
		    p->n_held < STORE_PEOPLE_HELD)
			s->owned[p->n_held++] = held_of(s);
		e = next(s->q, &s->held);
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
		.network = text_of(row, 5),
		.package = text_of(row, 6),
	};
}

static enum err walk_along(struct slice *s, int64_t *after,
                           void (*take)(void *ctx, const struct store_person *p),
                           void *ctx)
{
	enum err e = s->people.row != NULL ? ERR_OK : ERR_END;

	for (int n = 0; e == ERR_OK && n < STORE_PEOPLE_SLICE && s->people.row != NULL;
	     n++) {
		struct store_person p = person_of(s);

		e = take_usage(s, &p);
		if (e == ERR_OK)
			e = take_held(s, &p);
		if (e != ERR_OK)
			return e;
		take(ctx, &p);
		*after = p.msisdn;
		e = next(s->q, &s->people);
	}
	return e;
}

enum err store_people(struct store_reader *r, int64_t now, int64_t *after,
                      void (*take)(void *ctx, const struct store_person *p), void *ctx)
{
	struct slice s = { .q = sqlite_reader_sql(r),
		           .now = now,
		           .arena = arena_make(65536) };
	enum err e = sql_script(s.q, "BEGIN"), ended;

	if (e != ERR_OK)
		return e;
	put_begins(&s, now);
	e = begin(s.q, SQL_PEOPLE, *after, &s.people);
	if (e == ERR_OK)
		e = begin(s.q, SQL_PEOPLE_USAGE, *after, &s.usage);
	if (e == ERR_OK)
		e = begin(s.q, SQL_PEOPLE_HELD, *after, &s.held);
	if (e == ERR_OK)
		e = walk_along(&s, after, take, ctx);
	end(&s.people);
	end(&s.usage);
	end(&s.held);
	ended = sql_script(s.q, "COMMIT");
	arena_free(&s.arena);
	return e == ERR_OK ? ended : e;
}
