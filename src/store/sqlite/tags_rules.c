/*
 * tags_rules.c - rules of tags, from their text to values; see store/tags.h.
 *
 * All rules are one statement, SELECT (rule), (rule), ... FROM (SELECT ?1 AS class, ...),
 * run once a subscriber over an empty database in memory.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "tags_priv.h"

enum {
	RULES_ARENA = 4 * 1024 * 1024,
	STATEMENT_MAX = 256 * 1024,
	CHECK_EVERY = 1000, /* steps of the virtual machine */
	CHECKS_MAX = 100,   /* within one evaluation */
	NAME_LONGEST = 40
};

const char *tag_level_name(enum tag_level l)
{
	static const char *const names[] = { "basic", "applied", "portrait" };

	return (size_t)l < TAG_LEVELS ? names[l] : NULL;
}

/* ---- the statement ---- */

static int guard(void *ctx, int action, const char *a, const char *b, const char *db,
                 const char *trigger)
{
	(void)ctx;
	(void)a;
	(void)db;
	(void)trigger;
	if (action == SQLITE_SELECT)
		return SQLITE_OK;
	return action == SQLITE_FUNCTION && tag_function_is_known(b) ? SQLITE_OK
	                                                             : SQLITE_DENY;
}

static int is_long(void *ctx)
{
	struct tag_rules *r = ctx;

	return ++r->steps > CHECKS_MAX;
}

static enum err open_memory(struct tag_rules *r)
{
	static const struct {
		int id, value;
	} limits[] = { { SQLITE_LIMIT_LENGTH, 1 << 20 },
		       { SQLITE_LIMIT_SQL_LENGTH, STATEMENT_MAX },
		       { SQLITE_LIMIT_FUNCTION_ARG, 16 },
		       { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 128 },
		       { SQLITE_LIMIT_VDBE_OP, 100000 } };
	enum err e;

	r->memory.fault = &r->fault;
	e = sqlite_connect(&r->memory,
	                   ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		(void)sqlite3_limit(r->memory.db, limits[i].id, limits[i].value);
	(void)sqlite3_set_authorizer(r->memory.db, guard, r);
	sqlite3_progress_handler(r->memory.db, CHECK_EVERY, is_long, r);
	return ERR_OK;
}

static void put_known(struct buf *out, uint64_t wanted)
{
	bool first = true;

	buf_puts(out, STR(" FROM (SELECT "));
	for (size_t i = 0; i < KNOWN_COLUMNS; i++) {
		if ((wanted >> i & 1) == 0)
			continue;
		buf_printf(out, "%s?%zu AS %s", first ? "" : ", ", i + 1, known_name(i));
		first = false;
	}
	buf_puts(out, first ? STR("NULL) AS known") : STR(") AS known"));
}

static void put_part(struct buf *out, const struct tag_rule *rule,
                     const struct tag_part *part)
{
	buf_putc(out, '(');
	buf_put(out, rule->def.rule.p + part->at, part->n);
	buf_puts(out, rule->def.is_score ? STR(") IS TRUE") : STR(")"));
}

/* Each alone first: what SQLite has against it, and where. */
static enum err check_part(const struct tag_reading *g, const struct tag_part *part)
{
	const struct str head = STR("SELECT ");
	struct buf text = buf_make(STATEMENT_MAX);
	sqlite3_stmt *st = NULL;
	enum err e = ERR_OK;

	buf_puts(&text, head);
	put_part(&text, &g->r->rule[g->r->n], part);
	put_known(&text, part->columns);
	if (sqlite3_prepare_v2(g->r->memory.db, buf_cstr(&text), -1, &st, NULL) !=
	    SQLITE_OK) {
		const int at = sqlite3_error_offset(g->r->memory.db) - (int)head.n - 1;
		const size_t in = at < 0                 ? 0
		                  : (size_t)at < part->n ? (size_t)at
		                                         : part->n;

		/* Behind its end SQLite would name our bracket. */
		e = tag_refuse(g, part->at + in, STR(""),
		               in == part->n ? "syntax error: it ends too early"
		                             : sqlite3_errmsg(g->r->memory.db),
		               ERR_SYNTAX);
	}
	(void)sqlite3_finalize(st);
	buf_free(&text);
	return e;
}

static enum err prepare_all(struct tag_rules *r)
{
	struct buf text = buf_make(STATEMENT_MAX);
	int code;

	buf_puts(&text, STR("SELECT "));
	for (size_t i = 0; i < r->n; i++) {
		for (size_t p = 0; p < r->rule[i].n; p++) {
			if (r->rule[i].first + p > 0)
				buf_puts(&text, STR(", "));
			put_part(&text, &r->rule[i], &r->part[r->rule[i].first + p]);
		}
	}
	put_known(&text, r->columns);
	if (text.failed) {
		buf_free(&text);
		fault_set(&r->fault, "the rules together are too long");
		return ERR_TOO_BIG;
	}
	code = sqlite3_prepare_v3(r->memory.db, buf_cstr(&text), -1,
	                          SQLITE_PREPARE_PERSISTENT, &r->work, NULL);
	buf_free(&text);
	return code == SQLITE_OK ? ERR_OK : sql_failed(&r->memory, code, false);
}

/* ---- making ---- */

static struct tag_def copy_of(struct arena *a, const struct tag_def *d)
{
	struct tag_def c = *d;
	struct tag_place *place = arena_array(a, struct tag_place, d->n_places + 1);

	c.name = arena_str(a, d->name);
	c.zh = arena_str(a, d->zh);
	c.hant = arena_str(a, d->hant);
	c.en = arena_str(a, d->en);
	c.rule = arena_str(a, d->rule);
	if (d->n_places > 0)
		memcpy(place, d->place, d->n_places * sizeof(*place));
	c.place = place;
	return c;
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return s.n > 0 && s.n <= NAME_LONGEST;
}

static enum err add_rule(struct tag_rules *r, const struct tag_reading *g)
{
	enum err e;

	if (!is_name(g->def->name))
		return tag_refuse(g, 0, STR(""),
		                  "expected a name of a-z, 0-9 and _, 40 at most",
		                  ERR_SYNTAX);
	if (r->n == TAGS_MAX)
		return tag_refuse(g, 0, STR(""), "more than 48 tags", ERR_TOO_BIG);
	if (tag_rules_find(r, g->def->name) < TAGS_MAX)
		return tag_refuse(g, 0, STR(""), "a second tag of that name", ERR_EXISTS);
	r->rule[r->n] = (struct tag_rule){ .def = *g->def, .first = r->n_parts };
	e = tag_read(g);
	for (size_t p = r->rule[r->n].first; p < r->n_parts && e == ERR_OK; p++)
		e = check_part(g, &r->part[p]);
	r->def[r->n] = *g->def;
	r->n++;
	return e;
}

static uint64_t mix(uint64_t h, const void *octets, size_t n)
{
	const uint8_t *p = octets;

	for (size_t k = 0; k < n; k++)
		h = (h ^ p[k]) * UINT64_C(0x100000001b3);
	return h;
}

/* The policy is all int32_t: no octet of it is padding. */
static int64_t revision_of(const struct tag_rules *r)
{
	uint64_t h = mix(UINT64_C(0xcbf29ce484222325), &r->policy, sizeof(r->policy));
	struct buf text = buf_make(TAG_RULE_MAX * (size_t)2);

	for (size_t i = 0; i < r->n; i++) {
		const struct tag_def *d = &r->def[i];

		buf_reset(&text);
		buf_printf(&text, "%.*s\n%.*s\n%d %" PRId64 " %" PRId64 "\n",
		           STR_ARG(d->name), STR_ARG(d->rule), d->is_score, d->from,
		           d->days);
		h = mix(h, text.p, text.n);
	}
	buf_free(&text);
	return (int64_t)(h >> 1);
}

/* A first run over nothing: what fails whatever the figures fails here. */
static enum err try_out(struct tag_rules *r, const char *path, struct fault *fault)
{
	const struct known nothing = { .msisdn = 0 };
	struct str value[TAGS_MAX];
	const enum err e = tag_rules_say(r, &nothing, value);

	if (e != ERR_OK)
		fault_set(fault, "%s: the rules cannot be worked out: %s", path,
		          r->fault.text);
	return e;
}

enum err tag_rules_make(const char *path, const struct tag_def *def, size_t n,
                        const struct policy *policy, struct tag_rules **out,
                        struct fault *fault)
{
	struct tag_rules *r = xcalloc(1, sizeof(*r));
	enum err e = open_memory(r);

	r->policy = policy != NULL ? *policy : policy_defaults();
	r->arena = arena_make(RULES_ARENA);
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		const struct tag_def copy = copy_of(&r->arena, &def[i]);

		e = add_rule(r, &(struct tag_reading){ r, path, &copy, fault });
	}
	if (e == ERR_OK && r->n > 0)
		e = prepare_all(r);
	if (e == ERR_OK && r->n > 0)
		e = try_out(r, path, fault);
	r->revision = revision_of(r);
	if (e == ERR_OK) {
		*out = r;
		return ERR_OK;
	}
	fault_set(fault, "%s: %s", path, r->fault.text);
	tag_rules_free(r);
	return e;
}

void tag_rules_free(struct tag_rules *r)
{
	if (r == NULL)
		return;
	(void)sqlite3_finalize(r->work);
	sql_close(&r->memory);
	arena_free(&r->arena);
	free(r);
}

enum err tag_rules_some(const struct tag_rules *r, struct str what,
                        struct tag_rules **out, struct fault *fault)
{
	struct tag_def some[TAGS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (str_eq(r->def[i].name, what) ||
		    str_eq(str_of(tag_level_name(r->def[i].level)), what))
			some[n++] = r->def[i];
	}
	if (n > 0)
		return tag_rules_make("tags", some, n, &r->policy, out, fault);
	fault_set(fault,
	          "there is no tag \"%.*s\", nor a level of that name: smshall tags list "
	          "names them",
	          what.n < 60 ? (int)what.n : 60, what.p);
	return ERR_NOT_FOUND;
}

const struct tag_def *tag_rules_defs(const struct tag_rules *r, size_t *n)
{
	*n = r->n;
	return r->def;
}

int64_t tag_rules_revision(const struct tag_rules *r)
{
	return r->revision;
}

size_t tag_rules_find(const struct tag_rules *r, struct str name)
{
	for (size_t i = 0; i < r->n; i++) {
		if (str_eq(r->def[i].name, name))
			return i;
	}
	return TAGS_MAX;
}

/* ---- at work ---- */

static void bind_row(struct tag_rules *r, const struct known *k)
{
	for (uint64_t left = r->columns; left != 0; left &= left - 1) {
		const unsigned c = (unsigned)__builtin_ctzll(left);
		const struct known_value *v = &k->v[c];

		if (v->type == KNOWN_INT)
			(void)sqlite3_bind_int64(r->work, (int)c + 1, v->i);
		else if (v->type == KNOWN_TEXT)
			(void)sqlite3_bind_text(r->work, (int)c + 1, v->text.p,
			                        (int)v->text.n, SQLITE_STATIC);
		else
			(void)sqlite3_bind_null(r->work, (int)c + 1);
	}
}

/* At most so many octets, and no half character. */
static struct str cut(struct str s)
{
	if (s.n <= TAG_VALUE_MAX)
		return s;
	s.n = TAG_VALUE_MAX;
	while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
		s.n--;
	return s;
}

static struct str number(struct tag_rules *r, size_t i, int64_t v)
{
	if (v == 0 || v == 1)
		return v == 0 ? STR("") : STR("1");
	(void)snprintf(r->digits[i], sizeof(r->digits[i]), "%" PRId64, v);
	return str_of(r->digits[i]);
}

static struct str result(struct tag_rules *r, size_t i)
{
	const int column = (int)r->rule[i].first;
	double real;

	switch (sqlite3_column_type(r->work, column)) {
	case SQLITE_INTEGER:
		return number(r, i, sqlite3_column_int64(r->work, column));
	case SQLITE_FLOAT:
		real = sqlite3_column_double(r->work, column);
		if (real > -1e-9 && real < 1e-9)
			return STR("");
		(void)snprintf(r->digits[i], sizeof(r->digits[i]), "%.6g", real);
		return str_of(r->digits[i]);
	case SQLITE_TEXT:
		return cut(
			(struct str){ (const char *)sqlite3_column_text(r->work, column),
		                      (size_t)sqlite3_column_bytes(r->work, column) });
	default:
		return STR("");
	}
}

static struct str score(struct tag_rules *r, size_t i)
{
	const struct tag_rule *rule = &r->rule[i];
	int64_t sum = 0;

	for (size_t p = rule->first; p < rule->first + rule->n; p++)
		sum += sqlite3_column_int(r->work, (int)p) != 0 ? r->part[p].points : 0;
	if (sum < rule->def.from)
		return STR("");
	(void)snprintf(r->digits[i], sizeof(r->digits[i]), "%" PRId64, sum);
	return str_of(r->digits[i]);
}

enum err tag_rules_say(struct tag_rules *r, const struct known *k, struct str *value)
{
	int code;

	if (r->n == 0)
		return ERR_OK;
	(void)sqlite3_reset(r->work);
	bind_row(r, k);
	r->steps = 0;
	code = sqlite3_step(r->work);
	if (code != SQLITE_ROW)
		return sql_failed(&r->memory, code, false);
	for (size_t i = 0; i < r->n; i++)
		value[i] = r->rule[i].def.is_score ? score(r, i) : result(r, i);
	return ERR_OK;
}

static void put_columns(struct buf *out, const struct known *k, uint64_t wanted)
{
	bool first = true;

	for (; wanted != 0; wanted &= wanted - 1) {
		const unsigned c = (unsigned)__builtin_ctzll(wanted);
		const struct known_value *v = &k->v[c];

		buf_printf(out, "%s%s=", first ? "" : " ", known_name(c));
		if (v->type == KNOWN_INT)
			buf_printf(out, "%" PRId64, v->i);
		else if (v->type == KNOWN_TEXT)
			buf_puts(out, v->text);
		else
			buf_puts(out, STR("?"));
		first = false;
	}
}

void tag_rules_why(struct tag_rules *r, const struct known *k, size_t i, struct buf *out)
{
	const struct tag_rule *rule = &r->rule[i];
	bool first = true;

	if (!rule->def.is_score) {
		put_columns(out, k, rule->columns);
		return;
	}
	for (size_t p = rule->first; p < rule->first + rule->n; p++) {
		const struct tag_part *part = &r->part[p];

		if (sqlite3_column_int(r->work, (int)p) == 0)
			continue;
		buf_printf(out, "%s%+" PRId64 " %.*s (", first ? "" : "; ", part->points,
		           (int)part->n, rule->def.rule.p + part->at);
		put_columns(out, k, part->columns);
		buf_putc(out, ')');
		first = false;
	}
}
