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

/* A grammar and what it takes to match with it. */
struct reading {
	struct fold *fold;
	struct grammar *g;
	struct grammar_matcher *m;
	struct arena arena;
};

static void reading_close(struct reading *r)
{
	grammar_matcher_destroy(r->m);
	grammar_destroy(r->g);
	fold_destroy(r->fold);
	arena_free(&r->arena);
}

static enum err reading_open(struct office_call *c, struct str path, int64_t now,
                             struct reading *r)
{
	const char *folder = arena_str(&c->arena, path).p;
	const char *overlay = arena_printf(&c->arena, "%s/fold.tsv", folder).p;
	enum err e = fold_create(overlay, &r->fold, c->fault);

	r->arena = arena_make(GRAMMAR_ARENA);
	if (e == ERR_OK)
		e = grammar_load(folder, r->fold, now, &r->g, NULL, c->fault);
	if (e == ERR_OK)
		r->m = grammar_matcher_create(r->g);
	return e;
}

static void say_lines(struct office_call *c, const struct buf *out)
{
	struct str rest = buf_str(out), line;

	while (str_cut(&rest, '\n', &line))
		if (line.n > 0)
			office_line(c, line);
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
		say_lines(c, &out);
	}
	reading_close(&r);
	buf_free(&out);
	return e;
}

static void match(struct reading *r, struct str text, int64_t now,
                  struct grammar_command *out)
{
	arena_reset(&r->arena);
	grammar_match(r->g, r->m, text, (struct grammar_context){ GRAMMAR_NO_CONTEXT, 0 },
	              now, &r->arena, out);
}

static void differ_all(struct office_call *c, struct reading *before,
                       struct reading *after, const struct store_texts *t, int64_t now)
{
	struct grammar_command a, b;
	struct buf line = buf_make(LINE);
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		match(before, t->text[i], now, &a);
		match(after, t->text[i], now, &b);
		buf_reset(&line);
		n += misses_differ(t->text[i], &a, &b, &line) ? 1 : 0;
		say_lines(c, &line);
	}
	office_say(c, "%zu of the last %zu texts would change", n, t->n);
	buf_free(&line);
}

static enum err run_differ(struct office_call *c)
{
	struct store_texts t = { .unmatched_only = false };
	struct reading before = { .fold = NULL }, after = { .fold = NULL };
	struct str old = { 0 }, new = { 0 };
	int64_t now = 0;
	enum err e = office_now(c, &now);

	if (e == ERR_OK)
		e = office_text(c, "before", &old);
	if (e == ERR_OK)
		e = office_text(c, "after", &new);
	if (e == ERR_OK)
		e = read_texts(c, &t);
	if (e == ERR_OK)
		e = reading_open(c, old, now, &before);
	if (e == ERR_OK)
		e = reading_open(c, new, now, &after);
	if (e == ERR_OK)
		differ_all(c, &before, &after, &t, now);
	reading_close(&before);
	reading_close(&after);
	return e;
}

const struct office_task office_misses = { "misses", run_misses, true, NULL };
const struct office_task office_differ = { "differ", run_differ, true, NULL };
