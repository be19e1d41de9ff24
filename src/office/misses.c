/*
 * misses.c - the tasks "misses" and "differ": texts of the store put to a grammar.
 *
 *   {"do":"misses","since":1790000000,"last":10000,"limit":50,"grammar":"/etc/.../grammar"}
 *   {"do":"differ","before":"/.../old","after":"/.../new","last":10000}
 */
#include "grammar/misses.h"

#include "care_priv.h"
#include "store/texts.h"

enum {
	LAST = 10000,     /* texts read, unless asked for more */
	LIMIT = 50,       /* groups shown */
	ANSWER = 1 << 20, /* octets */
	LINE = 4096
};

struct reading {
	struct fold *fold;
	struct grammar *g;
};

static void reading_close(struct reading *r)
{
	grammar_destroy(r->g);
	fold_destroy(r->fold);
}

static enum err reading_open(struct office_call *c, struct str path, int64_t now,
                             struct reading *r)
{
	const char *folder = arena_str(&c->arena, path).p;
	const char *overlay = arena_printf(&c->arena, "%s/fold.tsv", folder).p;
	enum err e = fold_create(overlay, &r->fold, c->fault);

	if (e == ERR_OK)
		e = grammar_load(folder, r->fold, now, &r->g, NULL, c->fault);
	return e;
}

/* "since", "last" and the texts. */
static enum err read_texts(struct office_call *c, struct store_texts *t)
{
	int64_t since = 0, last = LAST;
	enum err e = office_number(c, "since", 0, INT64_C(1) << 40, &since);

	if (e == ERR_OK)
		e = office_number(c, "last", 1, STORE_TEXTS_MAX, &last);
	t->since_ms = since * 1000;
	t->limit = (size_t)last;
	return e == ERR_OK ? store_texts(c->host->reader, &c->arena, t, c->fault) : e;
}

static enum err run_misses(struct office_call *c)
{
	struct store_texts t = { .unmatched_only = true };
	struct reading r = { .fold = NULL };
	struct str path = str_of(c->host->conf->grammar);
	struct buf out = buf_make(ANSWER);
	struct misses *m;
	int64_t now = 0, limit = LIMIT;
	enum err e = office_now(c, &now);

	if (e == ERR_OK)
		e = office_number(c, "limit", 1, MISSES_GROUPS, &limit);
	if (e == ERR_OK && office_has(c, "grammar"))
		e = office_text(c, "grammar", &path);
	if (e == ERR_OK)
		e = read_texts(c, &t);
	if (e == ERR_OK)
		e = reading_open(c, path, now, &r);
	if (e == ERR_OK) {
		m = misses_create(r.g, now);
		for (size_t i = 0; i < t.n; i++)
			misses_add(m, t.text[i]);
		misses_report(m, (size_t)limit, &out);
		misses_destroy(m);
		office_lines(c, &out);
	}
	reading_close(&r);
	buf_free(&out);
	return e;
}

/* A grammar and what it takes to match with it. */
struct matching {
	const struct grammar *g;
	struct grammar_matcher *m;
	struct arena arena;
};

static struct matching matching_open(const struct grammar *g)
{
	return (struct matching){ g, grammar_matcher_create(g),
		                  arena_make(GRAMMAR_ARENA) };
}

static void matching_close(struct matching *m)
{
	grammar_matcher_destroy(m->m);
	arena_free(&m->arena);
}

static void match(struct matching *m, struct str text, int64_t now,
                  struct grammar_command *out)
{
	arena_reset(&m->arena);
	grammar_match(m->g, m->m, text, (struct grammar_context){ GRAMMAR_NO_CONTEXT, 0 },
	              now, &m->arena, out);
}

static enum err differ_all(struct office_call *c, struct matching *before,
                           struct matching *after, const struct store_texts *t,
                           int64_t now, size_t *out)
{
	struct grammar_command a, b;
	struct buf line = buf_make(LINE);
	size_t n = 0, i = 0;

	for (; i < t->n && !office_is_ending(c); i++) {
		match(before, t->text[i], now, &a);
		match(after, t->text[i], now, &b);
		buf_reset(&line);
		n += misses_differ(t->text[i], &a, &b, &line) ? 1 : 0;
		office_lines(c, &line);
		office_progress(c, (int64_t)i + 1, (int64_t)t->n, 0);
	}
	buf_free(&line);
	if (i < t->n)
		return ERR_STATE;
	office_say(c, "%zu of the last %zu texts would change", n, t->n);
	*out = n;
	return ERR_OK;
}

enum err office_differ_texts(struct office_call *c, const struct grammar *before,
                             const struct grammar *after, size_t *n)
{
	struct store_texts t = { .unmatched_only = false };
	struct matching a = matching_open(before), b = matching_open(after);
	int64_t now = 0;
	enum err e = office_now(c, &now);

	if (e == ERR_OK)
		e = read_texts(c, &t);
	if (e == ERR_OK)
		e = differ_all(c, &a, &b, &t, now, n);
	matching_close(&a);
	matching_close(&b);
	return e;
}

static enum err run_differ(struct office_call *c)
{
	struct reading before = { .fold = NULL }, after = { .fold = NULL };
	struct str old = { 0 }, new = { 0 };
	int64_t now = 0;
	size_t n;
	enum err e = office_now(c, &now);

	if (e == ERR_OK)
		e = office_text(c, "before", &old);
	if (e == ERR_OK)
		e = office_text(c, "after", &new);
	if (e == ERR_OK)
		e = reading_open(c, old, now, &before);
	if (e == ERR_OK)
		e = reading_open(c, new, now, &after);
	if (e == ERR_OK)
		e = office_differ_texts(c, before.g, after.g, &n);
	reading_close(&before);
	reading_close(&after);
	return e;
}

const struct office_task office_misses = { "misses", run_misses, true, NULL };
const struct office_task office_differ = { "differ", run_differ, true, NULL };
