/*
 * tags.c - the refresh of tags, slice by slice, and what is kept of them.
 */
#include <assert.h>

#include "base/civil.h"
#include "tags_priv.h"

enum {
	DAY_S = 24 * 3600,
	COUNT_OCTETS = 8,
	WHY_OCTETS = 4096
};

/* ---- what is kept of a number ---- */

struct kept {
	struct str name; /* alive in the arena */
	struct str value;
	int64_t owner_since, until, as_of;
	bool computed;
};

/*
 * Rows of TAGS_OF in order, read once beside the subscribers.  Imported ones may be many
 * and long: without `all` those that no rule names are passed over, and the others are
 * noted without their value.
 */
struct keeping {
	struct sql *q;
	const struct tag_rules *rules;
	bool all;
	struct arena *arena;
	sqlite3_stmt *row; /* NULL: there are no more */
	struct kept *kept; /* of one number */
	size_t n, cap;
};

static enum err keeping_next(struct keeping *g)
{
	const enum err e = sql_next(g->q, g->row);

	if (e != ERR_OK)
		g->row = NULL; /* it is reset */
	return sql_ended(e);
}

static enum err keeping_begin(struct keeping *g, int64_t from, int64_t to)
{
	const enum err e = sql_query(g->q, SQL_TAGS_OF,
	                             SQL_ARGS(sql_int(from), sql_int(to)), &g->row);

	if (e != ERR_OK)
		g->row = NULL;
	return sql_ended(e);
}

static void keeping_end(struct keeping *g)
{
	if (g->row != NULL)
		sql_done(g->row);
	g->row = NULL;
}

static bool is_looked_at(const struct keeping *g)
{
	const struct span name = sql_col_blob(g->row, 1);

	return g->all || sql_col_int(g->row, 6) != 0 ||
	       tag_rules_find(g->rules, (struct str){ (const char *)name.p, name.n }) <
	               TAGS_MAX;
}

static void keep_row(struct keeping *g)
{
	const bool computed = sql_col_int(g->row, 6) != 0;

	g->kept = set_grow(g->arena, g->kept, g->n, &g->cap, sizeof(*g->kept));
	g->kept[g->n++] = (struct kept){
		.name = sql_col_str(g->row, 1, g->arena),
		.owner_since = sql_col_int(g->row, 2),
		.value = computed || g->all ? sql_col_str(g->row, 3, g->arena) : STR(""),
		.until = sql_col_int(g->row, 4),
		.as_of = sql_col_int(g->row, 5),
		.computed = computed
	};
}

/* Numbers ascend. */
static enum err keeping_of(struct keeping *g, int64_t msisdn)
{
	enum err e = ERR_OK;

	g->n = 0;
	while (g->row != NULL && e == ERR_OK && sql_col_int(g->row, 0) <= msisdn) {
		if (sql_col_int(g->row, 0) == msisdn && is_looked_at(g))
			keep_row(g);
		e = keeping_next(g);
	}
	return e;
}

static const struct kept *kept_named(const struct keeping *g, struct str name)
{
	for (size_t i = 0; i < g->n; i++) {
		if (str_eq(g->kept[i].name, name))
			return &g->kept[i];
	}
	return NULL;
}

/* ---- one subscriber ---- */

struct slicing {
	struct tag_rules *rules;
	struct arena *arena;
	struct tag_slice *slice;
	size_t cap; /* of slice->change */
	struct keeping keeping;
};

static void add_change(struct slicing *g, const struct known *k, struct str name,
                       struct str value, int64_t until)
{
	struct tag_slice *s = g->slice;

	s->change = set_grow(g->arena, s->change, s->n_changes, &g->cap,
	                     sizeof(*s->change));
	s->change[s->n_changes++] = (struct tag_change){ .msisdn = k->msisdn,
		                                         .owner_since = k->owner_since,
		                                         .name = name,
		                                         .value = arena_str(g->arena,
		                                                            value),
		                                         .until = until };
}

/* It lives on without being written each night: until half of its life is over. */
static bool is_fresh(const struct kept *kept, const struct known *k, struct str value,
                     int64_t now, int64_t life)
{
	return kept->owner_since == k->owner_since && str_eq(kept->value, value) &&
	       kept->until - now > life / 2 && kept->until - now <= life;
}

static void settle_tag(struct slicing *g, const struct known *k, size_t i,
                       struct str value)
{
	const struct tag_def *d = &g->rules->def[i];
	const struct kept *kept = kept_named(&g->keeping, d->name);
	const int64_t now = g->slice->now, life = d->days * DAY_S;

	g->slice->holders[i] += value.n > 0 ? 1 : 0;
	if (kept != NULL && !kept->computed)
		return;
	if (value.n > 0 && life > 0) {
		if (kept == NULL || !is_fresh(kept, k, value, now, life))
			add_change(g, k, d->name, value, now + life);
	} else if (kept != NULL) {
		add_change(g, k, d->name, STR(""), 0);
	}
}

/* Worked out by a definition that there is no more. */
static void drop_undefined(struct slicing *g, const struct known *k)
{
	for (size_t i = 0; i < g->keeping.n; i++) {
		const struct kept *kept = &g->keeping.kept[i];

		if (kept->computed && tag_rules_find(g->rules, kept->name) == TAGS_MAX)
			add_change(g, k, kept->name, STR(""), 0);
	}
}

static enum err settle(struct slicing *g, const struct known *k)
{
	struct str value[TAGS_MAX];
	enum err e = tag_rules_say(g->rules, k, value);

	if (e == ERR_OK)
		e = keeping_of(&g->keeping, k->msisdn);
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < g->rules->n; i++)
		settle_tag(g, k, i, value[i]);
	if (g->slice->all)
		drop_undefined(g, k);
	return ERR_OK;
}

/* ---- a slice ---- */

static enum err failed(struct tag_rules *rules, const struct sql *q, enum err e,
                       struct fault *fault)
{
	if (e == ERR_OK)
		return e;
	if (rules->fault.text[0] != '\0')
		fault_set(fault, "the rules cannot be worked out: %s", rules->fault.text);
	fault_set(fault, "the store could not be read: %s", q->fault->text);
	return e;
}

static enum err work_out(struct slicing *g, struct known_slice *k, struct sql *q)
{
	enum err e = ERR_OK;

	if (k->n == 0)
		return ERR_OK;
	g->keeping = (struct keeping){ .q = q, .rules = g->rules, .arena = g->arena };
	e = keeping_begin(&g->keeping, k->from, k->row[k->n - 1].msisdn);
	for (size_t i = 0; i < k->n && e == ERR_OK; i++)
		e = settle(g, &k->row[i]);
	keeping_end(&g->keeping);
	return e;
}

static enum err read_slice(struct store_reader *r, struct tag_rules *rules,
                           struct arena *a, struct known_slice *k)
{
	struct catalogue packages = { NULL, 0 };
	enum err e = sqlite_catalogue(sqlite_reader_sql(r), a, &packages);

	k->columns = rules->columns;
	k->policy = &rules->policy;
	return e == ERR_OK ? known_load(sqlite_reader_sql(r), &packages, a, k) : e;
}

/* In one transaction: people, their figures and their tags of one moment. */
enum err store_tags_slice(struct store_reader *r, struct tag_rules *rules,
                          struct arena *a, struct tag_slice *s, struct fault *fault)
{
	struct slicing g = { .rules = rules, .arena = a, .slice = s };
	struct known_slice k = {
		.from = s->from, .to_most = INT64_MAX, .rows = s->rows, .now = s->now
	};
	struct sql *q = sqlite_reader_sql(r);
	enum err e = sql_script(q, "BEGIN"), ended;

	assert(s->rows > 0 && s->rows <= TAG_SLICE);
	rules->fault = (struct fault){ "" };
	s->change = NULL;
	s->n_changes = 0;
	memset(s->holders, 0, sizeof(s->holders));
	if (e == ERR_OK)
		e = read_slice(r, rules, a, &k);
	if (e == ERR_OK)
		e = work_out(&g, &k, sqlite_reader_sql(r));
	ended = sql_script(q, "COMMIT");
	e = e == ERR_OK ? ended : e;
	s->n = k.n;
	s->last = k.n < s->rows;
	s->to = k.n > 0 ? k.row[k.n - 1].msisdn : s->from;
	return failed(rules, q, e, fault);
}

/* ---- writing ---- */

static enum err put_refresh(struct sql *q, const struct tag_refresh *f)
{
	uint8_t holders[TAGS_MAX * COUNT_OCTETS];

	for (size_t i = 0; i < sizeof(holders); i++)
		holders[i] = (uint8_t)((uint64_t)f->holders[i / COUNT_OCTETS] >>
		                       (8 * (i % COUNT_OCTETS)));
	return sql_run(q, SQL_TAG_REFRESH_PUT,
	               SQL_ARGS(sql_text(f->only), sql_int(f->revision), sql_int(f->now),
	                        sql_int(f->upto), sql_int(f->seen), sql_int(f->put),
	                        sql_int(f->dropped),
	                        sql_blob((struct span){ holders, sizeof(holders) })));
}

static enum err put_change(struct sql *q, const struct tag_change *c, int64_t now)
{
	if (c->value.n == 0)
		return sql_run(q, SQL_TAG_LET_GO,
		               SQL_ARGS(sql_int(c->msisdn), sql_text(c->name)));
	return sql_run(q, SQL_TAG_KEEP,
	               SQL_ARGS(sql_int(c->msisdn), sql_int(c->owner_since),
	                        sql_text(c->name), sql_text(c->value), sql_int(c->until),
	                        sql_int(now)));
}

static enum err finish(struct store *s, enum err e)
{
	if (e == ERR_OK)
		return store_commit(s);
	store_rollback(s);
	return e;
}

enum err store_tags_write(struct store *s, const struct tag_change *change, size_t n,
                          int64_t now, const struct tag_refresh *refresh)
{
	struct sql *q = sql_of(s);
	enum err e = store_begin_bulk(s);

	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = put_change(q, &change[i], now);
	if (e == ERR_OK && refresh != NULL)
		e = put_refresh(q, refresh);
	return finish(s, e);
}

static enum err put_counts(struct sql *q, const struct tag_rules *rules,
                           const struct tag_refresh *f)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < rules->n && e == ERR_OK; i++)
		e = sql_run(q, SQL_TAG_COUNT_PUT,
		            SQL_ARGS(sql_text(rules->def[i].name), sql_int(f->holders[i]),
		                     sql_int(f->now)));
	if (e == ERR_OK && f->only.n == 0)
		e = sql_run(q, SQL_TAG_COUNTS_DROP, SQL_ARGS(sql_int(f->now)));
	return e;
}

enum err store_tags_end(struct store *s, const struct tag_rules *rules,
                        const struct tag_refresh *refresh)
{
	struct sql *q = sql_of(s);
	enum err e = store_begin(s);

	if (e != ERR_OK)
		return e;
	e = put_counts(q, rules, refresh);
	if (e == ERR_OK)
		e = sql_run(q, SQL_TAG_REFRESH_END, SQL_NO_ARGS);
	return finish(s, e);
}

/* ---- looking ---- */

enum err store_tags_under_way(struct store_reader *r, struct arena *a,
                              struct tag_refresh *out, struct fault *fault)
{
	struct sql *q = sqlite_reader_sql(r);
	struct tag_refresh f = { .upto = 0 };
	sqlite3_stmt *row = NULL;
	struct span held;
	enum err e = sql_query(q, SQL_TAG_REFRESH, SQL_NO_ARGS, &row);

	if (e == ERR_END)
		return ERR_NOT_FOUND;
	if (e != ERR_OK) {
		fault_set(fault, "the store could not be read: %s", q->fault->text);
		return e;
	}
	f.only = sql_col_str(row, 0, a);
	f.revision = sql_col_int(row, 1);
	f.now = sql_col_int(row, 2);
	f.upto = sql_col_int(row, 3);
	f.seen = sql_col_int(row, 4);
	f.put = sql_col_int(row, 5);
	f.dropped = sql_col_int(row, 6);
	held = sql_col_blob(row, 7);
	for (size_t i = 0; i < held.n && i < (size_t)TAGS_MAX * COUNT_OCTETS; i++)
		f.holders[i / COUNT_OCTETS] += (int64_t)((uint64_t)held.p[i]
		                                         << (8 * (i % COUNT_OCTETS)));
	sql_done(row);
	*out = f;
	return ERR_OK;
}

enum err store_tags_counts(struct store_reader *r, const struct tag_rules *rules,
                           struct tag_count *out, struct fault *fault)
{
	struct sql *q = sqlite_reader_sql(r);
	enum err e = ERR_OK;

	for (size_t i = 0; i < rules->n && e == ERR_OK; i++) {
		sqlite3_stmt *row = NULL;

		out[i] = (struct tag_count){ .holders = -1 };
		e = sql_query(q, SQL_TAG_COUNT, SQL_ARGS(sql_text(rules->def[i].name)),
		              &row);
		if (e == ERR_OK) {
			out[i] = (struct tag_count){ sql_col_int(row, 0),
				                     sql_col_int(row, 1) };
			sql_done(row);
		}
		e = sql_ended(e);
	}
	if (e != ERR_OK)
		fault_set(fault, "the store could not be read: %s", q->fault->text);
	return e;
}

/* ---- of one number ---- */

static void show_kept(struct tag_shown *t, const struct kept *kept, int64_t owner)
{
	if (kept == NULL || kept->owner_since != owner)
		return;
	t->imported = !kept->computed;
	t->kept = kept->value;
	t->as_of = kept->as_of;
	t->until = kept->until;
}

static struct tag_shown show_one(struct tag_rules *rules, const struct known *k,
                                 const struct keeping *kept, size_t i, struct str value)
{
	const struct tag_def *d = &rules->def[i];
	struct tag_shown t = { .def = d, .name = d->name };
	struct buf why = buf_make(WHY_OCTETS);

	t.value = arena_str(kept->arena, value);
	tag_rules_why(rules, k, i, &why);
	t.why = arena_str(kept->arena, buf_str(&why));
	buf_free(&why);
	show_kept(&t, kept_named(kept, d->name), k->owner_since);
	return t;
}

static enum err show_all(struct tag_rules *rules, const struct known *k,
                         struct keeping *kept, struct tag_shown **out, size_t *n)
{
	struct str value[TAGS_MAX];
	struct tag_shown *all;
	enum err e = rules->n > 0 ? tag_rules_say(rules, k, value) : ERR_OK;

	if (e == ERR_OK)
		e = keeping_of(kept, k->msisdn);
	if (e != ERR_OK)
		return e;
	all = arena_array(kept->arena, struct tag_shown, rules->n + kept->n + 1);
	*n = 0;
	for (size_t i = 0; i < rules->n; i++)
		all[(*n)++] = show_one(rules, k, kept, i, value[i]);
	for (size_t i = 0; i < kept->n; i++) {
		if (tag_rules_find(rules, kept->kept[i].name) < TAGS_MAX)
			continue;
		all[*n] = (struct tag_shown){ .name = kept->kept[i].name };
		show_kept(&all[(*n)++], &kept->kept[i], k->owner_since);
	}
	*out = all;
	return ERR_OK;
}

enum err store_tags_show(struct store_reader *r, struct tag_rules *rules, struct arena *a,
                         int64_t msisdn, int64_t now, struct tag_shown **out, size_t *n,
                         struct fault *fault)
{
	struct known_slice k = {
		.from = msisdn - 1, .to_most = msisdn, .rows = 1, .now = now
	};
	struct keeping kept = {
		.q = sqlite_reader_sql(r), .rules = rules, .all = true, .arena = a
	};
	enum err e;

	rules->fault = (struct fault){ "" };
	e = read_slice(r, rules, a, &k);
	if (e == ERR_OK && k.n == 0) {
		fault_set(fault, "no such subscriber");
		return ERR_NOT_FOUND;
	}
	if (e == ERR_OK)
		e = keeping_begin(&kept, msisdn - 1, msisdn);
	if (e == ERR_OK)
		e = show_all(rules, &k.row[0], &kept, out, n);
	keeping_end(&kept);
	return failed(rules, kept.q, e, fault);
}
