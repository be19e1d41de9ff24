/*
 * import_rows.c - the header and the rows of a file, by the kind's columns.
 */
#include "base/buf.h"
#include "import_priv.h"

static void column_names(const struct import_kind *k, struct buf *out)
{
	for (size_t i = 0; i < k->n_columns; i++)
		buf_printf(out, "%s%s", i > 0 ? "," : "", k->column[i].name);
}

static enum err map_field(struct import *im, struct str name, size_t at,
                          struct fault *fault)
{
	struct buf names = buf_make(1024);

	for (size_t i = 0; i < im->kind->n_columns; i++) {
		if (!str_eq(str_of(im->kind->column[i].name), name))
			continue;
		if (im->field_of[i] != IMPORT_ABSENT) {
			fault_set(fault, "%s:1: column %.*s: stands twice", im->path,
			          STR_ARG(name));
			return ERR_SYNTAX;
		}
		im->field_of[i] = (int)at;
		return ERR_OK;
	}
	column_names(im->kind, &names);
	fault_set(fault, "%s:1: column %.*s: not known, expected %s", im->path,
	          name.n < 100 ? (int)name.n : 100, name.p, buf_cstr(&names));
	buf_free(&names);
	return ERR_SYNTAX;
}

enum err import_header(struct import *im, struct fault *fault)
{
	struct str field[CSV_FIELDS_MAX];
	enum err e;

	csv_rewind(im->csv);
	im->has_before = false;
	im->seen = 0;
	im->order.next = 0;
	e = csv_next(im->csv, field, &im->n_fields, fault);
	if (e == ERR_END) {
		fault_set(fault, "%s:1: empty: expected a line with the columns' names",
		          im->path);
		return ERR_SYNTAX;
	}
	for (size_t i = 0; i < im->kind->n_columns; i++)
		im->field_of[i] = IMPORT_ABSENT;
	for (size_t i = 0; i < im->n_fields && e == ERR_OK; i++)
		e = map_field(im, field[i], i, fault);
	for (size_t i = 0; i < im->kind->n_columns && e == ERR_OK; i++) {
		if (im->field_of[i] != IMPORT_ABSENT || im->kind->column[i].optional)
			continue;
		fault_set(fault,
		          "%s:1: column %s: is missing: smshall import %s lists all",
		          im->path, im->kind->column[i].name, im->kind->name);
		e = ERR_SYNTAX;
	}
	return e;
}

void import_forget_rows(struct import *im)
{
	arena_reset(&im->cells.arena);
	im->rows.n = 0;
}

static enum err read_cell(struct import *im, const struct import_column *c,
                          struct str cell, void *row, struct fault *fault)
{
	if (c->type->read(c, cell, &im->cells, row)) {
		if (c->key)
			im->key = import_hash_add(im->key, cell);
		if (c->together)
			im->together = import_hash_add(im->together, cell);
		return ERR_OK;
	}
	fault_set(fault, "%s:%lld: column %s: got \"%.*s\", expected %s", im->path,
	          (long long)csv_line(im->csv), c->name, cell.n < 100 ? (int)cell.n : 100,
	          cell.p, c->expected != NULL ? c->expected : c->type->expected);
	return ERR_SYNTAX;
}

static enum err read_cells(struct import *im, const struct str *field, void *row,
                           struct fault *fault)
{
	const struct import_kind *k = im->kind;
	enum err e = ERR_OK;

	im->key = im->together = IMPORT_HASH_NONE;
	memset(row, 0, k->row_size);
	if (k->defaults != NULL)
		k->defaults(row);
	for (size_t i = 0; i < k->n_columns && e == ERR_OK; i++) {
		if (im->field_of[i] != IMPORT_ABSENT)
			e = read_cell(im, &k->column[i], field[im->field_of[i]], row,
			              fault);
	}
	return e;
}

int64_t import_row_number(const struct import *im)
{
	int64_t number = 0;

	if (im->kind->of_number)
		memcpy(&number, import_row_at(&im->rows, im->rows.n - 1), sizeof(number));
	return number;
}

int64_t import_octets(const struct import *im)
{
	const struct import_order *o = &im->order;

	return o->sorted
	               ? (int64_t)((double)im->row.size * (double)o->next / (double)o->n)
	               : csv_offset(im->csv);
}

static enum err next_record(struct import *im, struct str *field, size_t *n,
                            struct fault *fault)
{
	struct import_order *o = &im->order;

	if (o->sorted && o->next == o->n)
		return ERR_END;
	if (o->sorted)
		csv_seek(im->csv, o->place[o->next++].offset);
	return csv_next(im->csv, field, n, fault);
}

enum err import_next_row(struct import *im, struct fault *fault)
{
	struct str field[CSV_FIELDS_MAX];
	void *row = import_row_at(&im->rows, im->rows.n);
	size_t n;
	enum err e = next_record(im, field, &n, fault);

	if (e != ERR_OK)
		return e;
	if (n != im->n_fields) {
		fault_set(fault,
		          "%s:%lld: got %zu fields, expected %zu as in the first line",
		          im->path, (long long)csv_line(im->csv), n, im->n_fields);
		return ERR_SYNTAX;
	}
	e = read_cells(im, field, row, fault);
	if (e != ERR_OK)
		return e;
	if (im->kind->complete != NULL)
		im->kind->complete(im, row, im->has_before ? im->before : NULL);
	memcpy(im->before, row, im->kind->row_size);
	im->has_before = true;
	im->rows.line[im->rows.n++] = csv_line(im->csv);
	im->seen++;
	return ERR_OK;
}
