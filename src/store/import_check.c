/*
 * import_check.c - the first reading: every row, keys that come twice, references.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "import_priv.h"

static enum err refuse_line(const struct import *im, int64_t line, const char *column,
                            struct str value, const char *expected, struct fault *fault)
{
	fault_set(fault, "%s:%" PRId64 ": column %s: got \"%.*s\", expected %s", im->path,
	          line, column, STR_ARG(value), expected);
	return ERR_NOT_FOUND;
}

enum err import_refuse(const struct import *im, size_t row, const char *column,
                       struct str value, const char *expected, struct fault *fault)
{
	return refuse_line(im, im->rows.line[row], column, value, expected, fault);
}

/* ---- keys ---- */

static enum err complain(const struct import *im, enum import_verdict v,
                         const int64_t line[2], struct fault *fault)
{
	if (v == IMPORT_KEYS_GOOD)
		return ERR_OK;
	if (v == IMPORT_KEYS_TWICE)
		fault_set(fault, "%s:%lld: the same key as on line %lld", im->path,
		          (long long)line[1], (long long)line[0]);
	else
		fault_set(
			fault,
			"%s:%lld: expected next to line %lld: rows of one number and month "
			"stand together",
			im->path, (long long)line[1], (long long)line[0]);
	return ERR_EXISTS;
}

static bool has_together(const struct import_kind *k)
{
	bool any = false;

	for (size_t i = 0; i < k->n_columns; i++)
		any = any || k->column[i].together;
	return any;
}

/* Of the row read last.  ERR_STATE without a fault: unsorted. */
static enum err note_key(struct import *im, struct import_hash *before, bool together,
                         struct fault *fault)
{
	const int64_t line_now = csv_line(im->csv);
	int64_t line[2];
	enum import_verdict v = import_keys_run(&im->keys, import_row_number(im), line);

	if (v == IMPORT_KEYS_UNSORTED) {
		im->keys.unsorted = true;
		return ERR_STATE;
	}
	if (v != IMPORT_KEYS_GOOD)
		return complain(im, v, line, fault);
	if (line_now > UINT32_MAX) {
		fault_set(fault, "%s: more than %" PRIu32 " lines: split it", im->path,
		          UINT32_MAX);
		return ERR_TOO_BIG;
	}
	import_keys_add(&im->keys, im->key, false, line_now);
	if (together && (im->together.a != before->a || im->together.b != before->b))
		import_keys_add(&im->keys, im->together, true, line_now);
	*before = im->together;
	return ERR_OK;
}

/* ---- references ---- */

/* Numbers to look up, each with the row or place where it stands first. */
struct numbers {
	int64_t number[IMPORT_SLICE];
	size_t first[IMPORT_SLICE];
	bool known[IMPORT_SLICE];
	size_t n;
};

static void ask_for(struct numbers *w, int64_t number, size_t at)
{
	if (w->n > 0 && w->number[w->n - 1] == number)
		return; /* rows of a number are mostly neighbours */
	w->number[w->n] = number;
	w->first[w->n++] = at;
}

/* *unknown: the first that the store does not hold; w->n: it holds all. */
static enum err look_up(struct numbers *w, struct store_reader *r, size_t *unknown)
{
	const enum err e = store_reader_has_subscribers(r, w->number, w->known, w->n);

	for (*unknown = 0; e == ERR_OK && *unknown < w->n && w->known[*unknown];)
		(*unknown)++;
	return e;
}

static enum err refuse_number(struct import *im, int64_t line, int64_t number,
                              struct fault *fault)
{
	return refuse_line(
		im, line, "msisdn", arena_printf(&im->cells.arena, "%" PRId64, number),
		"a subscriber that the store holds: import subscribers first", fault);
}

static enum err check_numbers(struct import *im, struct store_reader *r,
                              struct fault *fault)
{
	struct numbers *w = xcalloc(1, sizeof(*w));
	size_t bad;
	enum err e;

	for (size_t i = 0; i < im->rows.n; i++) {
		int64_t number;

		memcpy(&number, import_row_at(&im->rows, i), sizeof(number));
		ask_for(w, number, i);
	}
	e = look_up(w, r, &bad);
	if (e == ERR_OK && bad < w->n)
		e = refuse_number(im, im->rows.line[w->first[bad]], w->number[bad],
		                  fault);
	free(w);
	return e;
}

/* The line of a record, by reading up to it. */
static enum err line_at(struct import *im, int64_t offset, int64_t *line,
                        struct fault *fault)
{
	struct str field[CSV_FIELDS_MAX];
	size_t n;
	enum err e = ERR_OK;

	csv_rewind(im->csv);
	while (e == ERR_OK && csv_offset(im->csv) <= offset)
		e = csv_next(im->csv, field, &n, fault);
	*line = csv_line(im->csv);
	return e;
}

/* Whether rows may have to be read in another order: numbers are looked up then, too. */
static bool has_order(const struct import *im)
{
	return im->keys.keep_all && im->kind->of_number;
}

/* Of rows in the order of their numbers: neighbours in the store are read together. */
static enum err check_order(struct import *im, struct store_reader *r,
                            struct fault *fault)
{
	const struct import_order *o = &im->order;
	struct numbers *w = xcalloc(1, sizeof(*w));
	int64_t line = 0;
	size_t bad;
	enum err e = ERR_OK;

	for (size_t i = 0; i < o->n && e == ERR_OK;) {
		for (w->n = 0; i < o->n && w->n < IMPORT_SLICE; i++)
			ask_for(w, o->place[i].number, i);
		e = look_up(w, r, &bad);
		if (e != ERR_OK || bad == w->n)
			continue;
		e = line_at(im, o->place[w->first[bad]].offset, &line, fault);
		if (e == ERR_OK)
			e = refuse_number(im, line, w->number[bad], fault);
	}
	free(w);
	return e;
}

/* A reader that is cut short was stopped, or its disk took longer than a query may. */
static void cannot_read(const struct import *im, enum err e, struct fault *fault)
{
	fault_set(fault, "%s: the store cannot be read: %s", im->path,
	          e == ERR_BUSY ? "its disk does not answer in time: nothing was stored, "
	                          "import the file again"
	                        : err_text(e));
}

static enum err check_slice(struct import *im, struct store_reader *r,
                            struct fault *fault)
{
	enum err e = ERR_OK;

	if (im->rows.n == 0)
		return ERR_OK;
	if (im->kind->needs_sub && !has_order(im))
		e = check_numbers(im, r, fault);
	if (e == ERR_OK && im->kind->check != NULL)
		e = im->kind->check(im, r, fault);
	if (e != ERR_OK)
		cannot_read(im, e, fault);
	im->row.rows_total += (int64_t)im->rows.n;
	return e;
}

/* ---- passes ---- */

static enum err check_rows(struct import *im, struct store_reader *r, struct fault *fault)
{
	const bool together = has_together(im->kind);
	struct import_hash before = { 0, 0 };
	enum err e = ERR_OK, end;

	im->row.rows_total = 0;
	do {
		import_forget_rows(im);
		while (e == ERR_OK && im->rows.n < IMPORT_SLICE) {
			const int64_t offset = csv_offset(im->csv);

			e = import_next_row(im, fault);
			if (e == ERR_OK)
				e = note_key(im, &before, together, fault);
			if (e == ERR_OK && has_order(im))
				import_order_add(&im->order, import_row_number(im),
				                 offset);
		}
		end = e;
		if (e == ERR_OK || e == ERR_END)
			e = check_slice(im, r, fault);
		if (im->plan.progress != NULL)
			im->plan.progress(im->plan.ctx, csv_offset(im->csv),
			                  2 * im->row.size, 0);
	} while (e == ERR_OK && end == ERR_OK);
	return e;
}

static enum err check_pass(struct import *im, struct store_reader *r, struct fault *fault)
{
	int64_t line[2];
	enum err e = import_header(im, fault);

	im->keys.n = 0;
	im->keys.number = 0;
	if (e == ERR_OK)
		e = check_rows(im, r, fault);
	if (e == ERR_OK)
		e = complain(im, import_keys_end(&im->keys, line), line, fault);
	return e;
}

static enum err check_sorted(struct import *im, struct store_reader *r,
                             struct fault *fault)
{
	enum err e = ERR_OK;

	import_order_sort(&im->order);
	if (im->kind->needs_sub)
		e = check_order(im, r, fault);
	if (e != ERR_OK)
		cannot_read(im, e, fault);
	return e;
}

enum err import_check(struct import *im, struct store_reader *r, struct fault *fault)
{
	enum err e = store_reader_catalogue(r, &im->catalogue_arena, &im->catalogue);

	if (e != ERR_OK) {
		cannot_read(im, e, fault);
		return e;
	}
	im->keys.keep_all = !im->kind->of_number;
	e = check_pass(im, r, fault);
	if (im->keys.unsorted) {
		im->keys.unsorted = false;
		im->keys.keep_all = true;
		e = check_pass(im, r, fault);
	}
	import_keys_free(&im->keys);
	import_forget_rows(im);
	im->passed = csv_offset(im->csv);
	if (e == ERR_OK && im->order.n > 0)
		e = check_sorted(im, r, fault);
	return e == ERR_OK ? import_header(im, fault) : e;
}
