/*
 * dossiers.c - dossiers of many numbers for a reader: see store/people.h.
 *
 * Most numbers have no complaint, no preference, nothing sent; a lookup that finds nothing
 * costs as much as one that does.  So each table is asked once who of them is in it.
 */
#include <stdlib.h>

#include "sqlite_priv.h"
#include "store/people.h"

enum {
	FEW = 16,        /* are looked up one by one */
	NEIGHBOURS = 100 /* numbers that lie between two of them at most, in the mean */
};

/* What a table is looked at for, and the numbers in it from ?1 to ?2, ascending. */
static const struct {
	unsigned need;
	enum sql_id in;
} tables[] = {
	{ NEED_SUBSCRIPTIONS, SQL_IN_HELD },    { NEED_CONSENTS, SQL_IN_CONSENTS },
	{ NEED_COMPLAINTS, SQL_IN_COMPLAINTS }, { NEED_PREFERENCE, SQL_IN_PREFERENCES },
	{ NEED_PUSHES, SQL_IN_PUSHES },
};

struct many {
	struct store_reader *reader;
	struct arena *arena;
	struct dossier **d; /* by number */
	size_t n;
	bool near;
};

static int by_number(const void *left, const void *right)
{
	const struct dossier *l = *(struct dossier *const *)left,
			     *r = *(struct dossier *const *)right;

	return (l->msisdn > r->msisdn) - (l->msisdn < r->msisdn);
}

static struct many many_of(struct store_reader *r, struct arena *a, struct dossier **d,
                           size_t n)
{
	struct many m = { r, a, arena_array(a, struct dossier *, n), n, false };

	memcpy(m.d, d, n * sizeof(struct dossier *));
	qsort(m.d, n, sizeof(struct dossier *), by_number);
	m.near = n > FEW &&
	         (m.d[n - 1]->msisdn - m.d[0]->msisdn) / NEIGHBOURS < (int64_t)n;
	return m;
}

/* Those of them that a statement lists, in out. */
static enum err find(const struct many *m, enum sql_id in, struct dossier **out,
                     size_t *n)
{
	struct sql *q = sqlite_reader_sql(m->reader);
	size_t i = 0;
	sqlite3_stmt *row;
	enum err e = sql_query(
		q, in,
		SQL_ARGS(sql_int(m->d[0]->msisdn), sql_int(m->d[m->n - 1]->msisdn)),
		&row);

	for (*n = 0; e == ERR_OK; e = sql_next(q, row)) {
		const int64_t msisdn = sql_col_int(row, 0);

		while (m->d[i]->msisdn < msisdn)
			i++;
		for (; i < m->n && m->d[i]->msisdn == msisdn; i++)
			out[(*n)++] = m->d[i];
		if (i == m->n) {
			sql_done(row);
			return ERR_OK;
		}
	}
	return sql_ended(e);
}

static enum err load_beside(const struct many *m)
{
	struct dossier **some = m->d;
	size_t n = m->n;
	enum err e = ERR_OK;

	if (m->near) {
		some = arena_array(m->arena, struct dossier *, m->n);
		e = find(m, SQL_IN_BESIDE, some, &n);
	}
	return e == ERR_OK
	               ? sqlite_besides(sqlite_reader_sql(m->reader), m->arena, some, n)
	               : e;
}

/* Who is in none of a need's tables has all of it. */
static enum err pass_over(const struct many *m, unsigned need)
{
	struct dossier **some = arena_array(m->arena, struct dossier *, m->n);
	enum err e = ERR_OK;

	for (size_t k = 0; k < sizeof(tables) / sizeof(tables[0]) && e == ERR_OK; k++) {
		size_t n = 0;

		if ((need & tables[k].need) == 0)
			continue;
		e = find(m, tables[k].in, some, &n);
		for (size_t i = 0; i < m->n; i++)
			m->d[i]->have |= tables[k].need;
		for (size_t i = 0; i < n; i++)
			some[i]->have &= ~tables[k].need;
	}
	return e;
}

static enum err load(const struct many *m, unsigned need, int64_t now)
{
	unsigned *needs = arena_array(m->arena, unsigned, m->n);
	enum err e = sqlite_subscribers(sqlite_reader_sql(m->reader), m->arena, m->d,
	                                m->n);

	for (size_t i = 0; i < m->n; i++)
		needs[i] = need;
	if (e == ERR_OK)
		e = load_beside(m);
	if (e == ERR_OK && m->near)
		e = pass_over(m, need);
	return e == ERR_OK ? sqlite_needs(sqlite_reader_sql(m->reader), m->arena, m->d,
	                                  needs, m->n, now)
	                   : e;
}

enum err store_people_dossiers(struct store_reader *r, struct arena *a,
                               struct dossier **d, unsigned need, size_t n, int64_t now)
{
	const struct many m = many_of(r, a, d, n);
	/* In one transaction: each query would lock and unlock the file. */
	enum err e = sql_script(sqlite_reader_sql(r), "BEGIN"), ended;

	if (e != ERR_OK)
		return e;
	e = load(&m, need, now);
	ended = sql_script(sqlite_reader_sql(r), "COMMIT");
	return e == ERR_OK ? ended : e;
}
