/*
 * expect.c - [rows]: how many rows of a table have these values.
 */
#include "run_priv.h"
#include "store/inspect.h"

enum {
	TERMS_MAX = 16
};

struct term {
	struct str column, value; /* value as written, a pattern */
	size_t at;                /* of the column in the table */
};

struct expectation {
	struct str table;
	struct term term[TERMS_MAX];
	size_t n;
	int64_t count;
};

/* Takes one word off *rest; what stands in double quotes may hold blanks. */
static struct str cut_word(struct str *rest)
{
	bool quoted = false;
	size_t n = 0;
	struct str word;

	for (; n < rest->n && (quoted || rest->p[n] != ' '); n++)
		quoted = quoted != (rest->p[n] == '"');
	word = (struct str){ rest->p, n };
	*rest = str_trim((struct str){ rest->p + n, rest->n - n });
	return word;
}

static struct str unquote(struct str s)
{
	const bool quoted = s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';

	return quoted ? (struct str){ s.p + 1, s.n - 2 } : s;
}

static bool take_term(struct str word, struct expectation *x)
{
	struct str name;
	struct str value = word;

	if (!str_cut(&value, '=', &name) || value.p == NULL)
		return false;
	if (str_eq(name, STR("count")))
		return str_i64(value, &x->count) == ERR_OK && x->count >= 0;
	if (x->n == TERMS_MAX)
		return false;
	x->term[x->n++] = (struct term){ .column = name, .value = unquote(value) };
	return true;
}

static enum err parse(struct str line, struct expectation *x, struct fault *fault)
{
	struct str rest = line;

	*x = (struct expectation){ .count = 1 };
	(void)str_cut(&rest, ':', &x->table);
	for (rest = str_trim(rest); rest.n > 0;) {
		const struct str word = cut_word(&rest);

		if (take_term(word, x))
			continue;
		fault_set(fault, "expected column=value at \"%.*s\"", STR_ARG(word));
		return ERR_SYNTAX;
	}
	return ERR_OK;
}

static enum err find_columns(const struct store_table *t, struct expectation *x,
                             struct fault *fault)
{
	for (size_t i = 0; i < x->n; i++) {
		size_t k = 0;

		while (k < t->n_columns && !str_eq(t->column[k], x->term[i].column))
			k++;
		x->term[i].at = k;
		if (k < t->n_columns)
			continue;
		fault_set(fault, "table %.*s has no column %.*s", STR_ARG(x->table),
		          STR_ARG(x->term[i].column));
		return ERR_NOT_FOUND;
	}
	return ERR_OK;
}

/* Variables are bound by the first row that has all values. */
static enum err row_matches(struct run *r, const struct expectation *x,
                            const struct str *value, bool *matches, struct fault *fault)
{
	struct pattern_vars vars = r->vars;

	*matches = true;
	for (size_t i = 0; *matches && i < x->n; i++) {
		struct pattern p;
		const enum err e = pattern_compile(x->term[i].value, r->arena, &p, fault);

		if (e != ERR_OK)
			return e;
		*matches = pattern_match(&p, value[x->term[i].at], &vars);
	}
	if (*matches)
		r->vars = vars;
	return ERR_OK;
}

static void print_rows(struct run *r, const struct expectation *x,
                       const struct store_table *t)
{
	for (size_t row = 0; x->n > 0 && row < t->n_rows && row < 5; row++) {
		buf_puts(r->out, STR("  row:"));
		for (size_t i = 0; i < x->n; i++)
			buf_printf(r->out, " %.*s=%.*s", STR_ARG(x->term[i].column),
			           STR_ARG(t->value[row * t->n_columns + x->term[i].at]));
		buf_putc(r->out, '\n');
	}
}

/* The line with the count that was found; a count of one is not written. */
static struct str revised(struct run *r, struct str line, int64_t found)
{
	struct str rest = line, table, out;

	(void)str_cut(&rest, ':', &table);
	out = arena_printf(r->arena, "%.*s:", STR_ARG(table));
	if (found != 1)
		out = arena_printf(r->arena, "%.*s count=%lld", STR_ARG(out),
		                   (long long)found);
	for (rest = str_trim(rest); rest.n > 0;) {
		const struct str word = cut_word(&rest);

		if (!str_starts(word, STR("count=")))
			out = arena_printf(r->arena, "%.*s %.*s", STR_ARG(out),
			                   STR_ARG(word));
	}
	return out;
}

static void compare(struct run *r, const struct story_item *item,
                    const struct expectation *x, const struct store_table *t,
                    int64_t found)
{
	if (found == x->count)
		return;
	run_fail(r, item->line, "expected %lld such row%s of %.*s, found %lld (of %zu)",
	         (long long)x->count, x->count == 1 ? "" : "s", STR_ARG(x->table),
	         (long long)found, t->n_rows);
	print_rows(r, x, t);
	set_add(r->arena, &r->edits,
	        (struct edit){ EDIT_REPLACE, item->line, revised(r, item->text, found) });
}

enum err expect_rows(struct run *r, const struct story_item *item, struct fault *fault)
{
	struct expectation x;
	struct store_table t;
	int64_t found = 0;
	enum err e = parse(item->text, &x, fault);

	if (e != ERR_OK)
		return e;
	e = store_inspect(r->world.conf.store, arena_str(r->arena, x.table).p, r->arena,
	                  &t);
	if (e != ERR_OK) {
		fault_set(fault, "cannot read table \"%.*s\": %s", STR_ARG(x.table),
		          err_text(e));
		return e;
	}
	e = find_columns(&t, &x, fault);
	for (size_t row = 0; e == ERR_OK && row < t.n_rows; row++) {
		bool matches;

		e = row_matches(r, &x, t.value + row * t.n_columns, &matches, fault);
		found += e == ERR_OK && matches ? 1 : 0;
	}
	if (e == ERR_OK)
		compare(r, item, &x, &t, found);
	return e;
}
