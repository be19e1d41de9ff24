/*
 * tables.c - see tables_priv.h.
 */
#include "columns_priv.h"
#include "model/secrets.h"
#include "tables_priv.h"

enum {
	COLUMNS_MAX = 24
};

/* ---- lines ---- */

/* Takes one field off *rest; a quoted one may hold commas and doubled quotes. */
static struct str cut_field(struct str *rest, struct arena *a)
{
	struct str field;
	char *p;
	size_t n = 0, i = 1;

	if (rest->n == 0 || rest->p[0] != '"') {
		(void)str_cut(rest, ',', &field);
		return str_trim(field);
	}
	p = arena_alloc(a, rest->n);
	while (i < rest->n &&
	       (rest->p[i] != '"' || (i + 1 < rest->n && rest->p[i + 1] == '"'))) {
		i += rest->p[i] == '"' ? 1 : 0;
		p[n++] = rest->p[i++];
	}
	*rest = (struct str){ rest->p + i, rest->n - i };
	(void)str_cut(rest, ',', &field);
	return (struct str){ p, n };
}

struct table {
	const struct story_csv *csv;
	const struct column *columns;
	const struct column *by_position[COLUMNS_MAX];
	size_t n;
	struct arena *arena;
	struct fault *fault;
};

static const struct column *find_column(const struct column *c, struct str name)
{
	for (; c->name != NULL; c++) {
		if (str_eq(name, str_of(c->name)))
			return c;
	}
	return NULL;
}

static enum err complain(const struct table *t, int line, const char *what,
                         struct str which)
{
	fault_set(t->fault, "%s:%d: %s \"%.*s\"", t->csv->path, line, what,
	          STR_ARG(which));
	return ERR_SYNTAX;
}

static bool has_column(const struct table *t, const struct column *c)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->by_position[i] == c)
			return true;
	}
	return false;
}

static enum err read_header(struct table *t)
{
	struct str rest = t->csv->header.text;
	const struct column *c;

	if (rest.p == NULL)
		return complain(t, 1, "expected a header in", str_of(t->csv->path));
	while (rest.p != NULL) {
		const struct str name = cut_field(&rest, t->arena);

		c = find_column(t->columns, name);
		if (c == NULL || t->n == COLUMNS_MAX)
			return complain(t, t->csv->header.number, "unknown column", name);
		t->by_position[t->n++] = c;
	}
	for (c = t->columns; c->name != NULL; c++) {
		if (c->absent == NULL && !has_column(t, c))
			return complain(t, t->csv->header.number, "expected a column",
			                str_of(c->name));
	}
	return ERR_OK;
}

static bool set_column(const struct column *c, struct str s, struct arena *a,
                       struct record *r)
{
	return field_set(c->field, s, a, (char *)r + c->at);
}

static enum err read_row(struct table *t, struct story_line line, struct record *out)
{
	struct str rest = line.text;

	*out = (struct record){ 0 };
	for (const struct column *c = t->columns; c->name != NULL; c++) {
		if (c->absent != NULL)
			(void)set_column(c, str_of(c->absent), t->arena, out);
	}
	for (size_t i = 0; i < t->n; i++) {
		struct str value;

		if (rest.p == NULL)
			return complain(t, line.number, "no value for column",
			                str_of(t->by_position[i]->name));
		value = cut_field(&rest, t->arena);
		if (value.n == 0 && t->by_position[i]->absent != NULL)
			value = str_of(t->by_position[i]->absent);
		if (!set_column(t->by_position[i], value, t->arena, out))
			return complain(t, line.number, t->by_position[i]->name, value);
	}
	return rest.p == NULL
	               ? ERR_OK
	               : complain(t, line.number, "more fields than the header:", rest);
}

/* ---- PINs ---- */

static bool is_pin(struct str s)
{
	bool digits = s.n == PIN_DIGITS;

	for (size_t i = 0; digits && i < s.n; i++)
		digits = s.p[i] >= '0' && s.p[i] <= '9';
	return digits;
}

/* The PIN that a story says in plain as the hash that the hall compares. */
static enum err hash_pin(const struct table *t, int line, const struct pin_conf *conf,
                         struct record *r)
{
	struct pin_job job = { .msisdn = r->pin.msisdn };

	if (r->plain_pin.n == 0)
		return ERR_OK;
	if (!is_pin(r->plain_pin))
		return complain(t, line, "expected a PIN of 6 digits, not", r->plain_pin);
	memcpy(job.fresh, r->plain_pin.p, r->plain_pin.n);
	pin_work(conf, &job);
	if (job.failed)
		return complain(t, line, "cannot hash PIN", r->plain_pin);
	r->pin.pin.hash = arena_str(t->arena, str_of(job.hash));
	return ERR_OK;
}

/* ---- tables ---- */

/* The rows, behind one another as the store takes them. */
static void *rows_of(const struct table_kind *k, const struct record *r, size_t n,
                     struct arena *a)
{
	char *rows = arena_alloc(a, (n + 1) * k->size);

	for (size_t i = 0; i < n; i++)
		memcpy(rows + i * k->size, (const char *)&r[i] + k->row, k->size);
	return rows;
}

static enum err put(struct store *s, const struct table_kind *k, const struct record *r,
                    size_t n, int64_t now, struct arena *a)
{
	struct changes c = { .arena = a };
	enum err e = ERR_OK;

	for (size_t i = 0; k->write != NULL && i < n && e == ERR_OK; i++)
		e = k->write(s, &r[i]);
	if (k->write != NULL)
		return e;
	if (k->note == NULL)
		return store_put(s, k->kind, rows_of(k, r, n, a), n, now, NULL);
	for (size_t i = 0; i < n; i++)
		k->note(&c, &r[i]);
	return store_record(s, &c);
}

static enum err put_all(struct store *s, const struct story_item *item,
                        const struct record *r, int64_t now, struct arena *a,
                        struct fault *fault)
{
	const struct table_kind *k = table_kind_find(item->table);
	enum err e = k->keep != NULL ? k->keep(s, r, item->csv->rows.n, a)
	                             : store_begin(s);

	if (e == ERR_OK && k->keep == NULL) {
		e = put(s, k, r, item->csv->rows.n, now, a);
		if (e == ERR_OK)
			e = store_commit(s);
		if (e != ERR_OK)
			store_rollback(s);
	}
	if (e != ERR_OK)
		fault_set(fault, "%s:%d: the store refused these rows: %s (%s)",
		          item->csv->path, item->csv->header.number, err_text(e),
		          store_fault(s));
	return e;
}

enum err tables_store(struct store *s, const struct story_item *item, int64_t now,
                      const struct pin_conf *pin, struct arena *a, struct fault *fault)
{
	const struct table_kind *k = table_kind_find(item->table);
	struct table t = {
		.csv = item->csv, .columns = k->column, .arena = a, .fault = fault
	};
	struct record *r = arena_array(a, struct record, item->csv->rows.n + 1);
	enum err e = read_header(&t);

	for (size_t i = 0; e == ERR_OK && i < item->csv->rows.n; i++) {
		e = read_row(&t, item->csv->rows.row[i], &r[i]);
		if (e == ERR_OK)
			e = hash_pin(&t, item->csv->rows.row[i].number, pin, &r[i]);
		r[i].subscriber.account.as_of = now;
		if (e == ERR_OK && k->complete != NULL)
			k->complete(&r[i], i > 0 ? &r[i - 1] : NULL);
	}
	return e == ERR_OK ? put_all(s, item, r, now, a, fault) : e;
}
