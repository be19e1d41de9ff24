/*
 * import_check.c - the first reading: every row, keys that come twice, references.
 */
#include <inttypes.h>
#include <stdio.h>

#include "import_priv.h"

enum err import_refuse(const struct import *im, size_t row, const char *column,
                       struct str value, const char *expected, struct fault *fault)
{
	fault_set(fault, "%s:%lld: column %s: got \"%.*s\", expected %s", im->path,
	          (long long)im->rows.line[row], column, STR_ARG(value), expected);
	return ERR_NOT_FOUND;
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

static int64_t number_of(const struct import *im)
{
	int64_t number = 0;

	if (im->kind->of_number)
		memcpy(&number, import_row_at(&im->rows, im->rows.n - 1), sizeof(number));
	return number;
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
	enum import_verdict v = import_keys_run(&im->keys, number_of(im), line);

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

/* Each number once a run; rows of a number are mostly neighbours. */
static enum err check_numbers(struct import *im, struct store_reader *r,
                              struct fault *fault)
{
	struct arena *a = &im->cells.arena;
	int64_t *number = arena_array(a, int64_t, im->rows.n);
	bool *known = arena_array(a, bool, im->rows.n);
	size_t *first = arena_array(a, size_t, im->rows.n);
	size_t n = 0;
	enum err e;

	for (size_t i = 0; i < im->rows.n; i++) {
		memcpy(&number[n], import_row_at(&im->rows, i), sizeof(number[n]));
		if (n > 0 && number[n - 1] == number[n])
			continue;
		first[n++] = i;
	}
	e = store_reader_has_subscribers(r, number, known, n);
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		if (!known[i])
			e = import_refuse(im, first[i], "msisdn",
			                  arena_printf(a, "%" PRId64, number[i]),
			                  "a subscriber that the store holds: import "
			                  "subscribers first",
			                  fault);
	}
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
	if (im->kind->needs_sub)
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
			e = import_next_row(im, fault);
			if (e == ERR_OK)
				e = note_key(im, &before, together, fault);
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
	return e == ERR_OK ? import_header(im, fault) : e;
}
