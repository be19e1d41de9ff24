/*
 * import.c - reads a file of any kind by its descriptor, twice; see store/import.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "import_priv.h"
#include "store/csv.h"

enum {
	ARENA = 256 * 1024 * 1024, /* octets of a slice's strings at most */
	ABSENT = -1
};

static const struct import_kind *const kinds[] = { &import_packages, &import_subscribers,
	                                           &import_usage };

const char *import_kinds(void)
{
	return "packages, subscribers, usage";
}

struct seen_key {
	struct import_key key;
	int64_t line;
};

struct run {
	struct import im;
	struct import_job *job;
	const struct import_kind *kind;
	FILE *f;
	struct csv *csv;
	int field_of[CSV_FIELDS_MAX]; /* by column of the kind; ABSENT */
	size_t n_fields;              /* of the header */
	struct import_rows rows;
	struct seen_key *seen;
	size_t n_seen, cap_seen;
	struct stat stat;
	int64_t passed; /* octets of the pass before */
};

/* ---- header ---- */

static void column_names(const struct import_kind *k, struct buf *out)
{
	for (size_t i = 0; i < k->n_columns; i++)
		buf_printf(out, "%s%s", i > 0 ? "," : "", k->column[i].name);
}

static enum err map_field(struct run *r, struct str name, size_t at, struct fault *fault)
{
	struct buf names = buf_make(1024);

	for (size_t i = 0; i < r->kind->n_columns; i++) {
		if (!str_eq(str_of(r->kind->column[i].name), name))
			continue;
		if (r->field_of[i] != ABSENT) {
			fault_set(fault, "%s:1: column %.*s: stands twice", r->job->path,
			          STR_ARG(name));
			return ERR_SYNTAX;
		}
		r->field_of[i] = (int)at;
		return ERR_OK;
	}
	column_names(r->kind, &names);
	fault_set(fault, "%s:1: column %.*s: not known, expected %s", r->job->path,
	          STR_ARG(name), buf_cstr(&names));
	buf_free(&names);
	return ERR_SYNTAX;
}

static enum err read_header(struct run *r, struct fault *fault)
{
	struct str field[CSV_FIELDS_MAX];
	enum err e = csv_next(r->csv, field, &r->n_fields, fault);

	if (e == ERR_END) {
		fault_set(fault, "%s:1: empty: expected a line with the columns' names",
		          r->job->path);
		return ERR_SYNTAX;
	}
	for (size_t i = 0; i < r->kind->n_columns; i++)
		r->field_of[i] = ABSENT;
	for (size_t i = 0; i < r->n_fields && e == ERR_OK; i++)
		e = map_field(r, field[i], i, fault);
	for (size_t i = 0; i < r->kind->n_columns && e == ERR_OK; i++) {
		if (r->field_of[i] != ABSENT || r->kind->column[i].optional)
			continue;
		fault_set(fault, "%s:1: column %s: is missing", r->job->path,
		          r->kind->column[i].name);
		e = ERR_SYNTAX;
	}
	return e;
}

/* ---- rows ---- */

static enum err read_cell(struct run *r, const struct import_column *c, struct str cell,
                          void *row, struct fault *fault)
{
	if (c->type->read(c, cell, &r->im.arena, (char *)row + c->offset))
		return ERR_OK;
	fault_set(fault, "%s:%lld: column %s: got \"%.*s\", expected %s", r->job->path,
	          (long long)csv_line(r->csv), c->name, cell.n < 100 ? (int)cell.n : 100,
	          cell.p, c->expected != NULL ? c->expected : c->type->expected);
	return ERR_SYNTAX;
}

/* Reads one row behind the others of the slice; ERR_END behind the last. */
static enum err read_row(struct run *r, struct fault *fault)
{
	const struct import_kind *k = r->kind;
	struct str field[CSV_FIELDS_MAX];
	void *row = import_row(&r->rows, r->rows.n);
	size_t n;
	enum err e = csv_next(r->csv, field, &n, fault);

	if (e != ERR_OK)
		return e;
	if (n != r->n_fields) {
		fault_set(fault,
		          "%s:%lld: got %zu fields, expected %zu as in the first line",
		          r->job->path, (long long)csv_line(r->csv), n, r->n_fields);
		return ERR_SYNTAX;
	}
	memset(row, 0, k->row_size);
	if (k->defaults != NULL)
		k->defaults(row);
	for (size_t i = 0; i < k->n_columns && e == ERR_OK; i++) {
		if (r->field_of[i] != ABSENT)
			e = read_cell(r, &k->column[i], field[r->field_of[i]], row,
			              fault);
	}
	if (e == ERR_OK && k->complete != NULL)
		k->complete(row);
	r->rows.line[r->rows.n] = csv_line(r->csv);
	r->rows.n += e == ERR_OK ? 1 : 0;
	return e;
}

/* The next IMPORT_SLICE rows, or fewer; ERR_END when there was none. */
static enum err read_slice(struct run *r, struct fault *fault)
{
	enum err e = ERR_OK;

	arena_reset(&r->im.arena);
	r->rows.n = 0;
	while (e == ERR_OK && r->rows.n < IMPORT_SLICE)
		e = read_row(r, fault);
	if (r->job->progress != NULL)
		r->job->progress(r->job->ctx, r->passed + csv_offset(r->csv),
		                 2 * (int64_t)r->stat.st_size);
	return e == ERR_END && r->rows.n > 0 ? ERR_OK : e;
}

/* ---- first pass: checking ---- */

static void note_keys(struct run *r)
{
	if (r->n_seen + r->rows.n > r->cap_seen) {
		r->cap_seen = 2 * r->cap_seen + IMPORT_SLICE;
		r->seen = xrealloc(r->seen, r->cap_seen * sizeof(*r->seen));
	}
	for (size_t i = 0; i < r->rows.n; i++)
		r->seen[r->n_seen++] = (struct seen_key){
			r->kind->key(import_row(&r->rows, i)), r->rows.line[i]
		};
}

static int by_key(const void *left, const void *right)
{
	const struct seen_key *a = left, *b = right;

	if (a->key.high != b->key.high)
		return a->key.high < b->key.high ? -1 : 1;
	if (a->key.low != b->key.low)
		return a->key.low < b->key.low ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

static bool ascending(const struct seen_key *k, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (by_key(&k[i - 1], &k[i]) > 0)
			return false;
	}
	return true;
}

static enum err check_keys(struct run *r, struct fault *fault)
{
	if (!ascending(r->seen, r->n_seen))
		qsort(r->seen, r->n_seen, sizeof(*r->seen), by_key);
	for (size_t i = 1; i < r->n_seen; i++) {
		const struct seen_key *a = &r->seen[i - 1], *b = &r->seen[i];

		if (a->key.high == b->key.high && a->key.low == b->key.low) {
			fault_set(fault, "%s:%lld: the same key as on line %lld",
			          r->job->path, (long long)b->line, (long long)a->line);
			return ERR_EXISTS;
		}
	}
	return ERR_OK;
}

static enum err check_pass(struct run *r, struct fault *fault)
{
	enum err e = read_header(r, fault);

	while (e == ERR_OK && (e = read_slice(r, fault)) == ERR_OK) {
		note_keys(r);
		if (r->kind->check != NULL)
			e = r->kind->check(&r->im, &r->rows, fault);
	}
	return e == ERR_END ? check_keys(r, fault) : e;
}

/* ---- second pass: storing ---- */

static enum err put_slice(struct run *r)
{
	enum err e = store_begin(r->im.store);

	if (e != ERR_OK)
		return e;
	e = r->kind->put(&r->im, &r->rows);
	if (e == ERR_OK)
		return store_commit(r->im.store);
	store_rollback(r->im.store);
	return e;
}

static enum err put_pass(struct run *r, struct fault *fault)
{
	struct stat now;
	enum err e;

	if (fstat(fileno(r->f), &now) != 0 || now.st_size != r->stat.st_size ||
	    now.st_mtim.tv_sec != r->stat.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != r->stat.st_mtim.tv_nsec) {
		fault_set(fault, "%s: changed while it was read: import it again",
		          r->job->path);
		return ERR_STATE;
	}
	r->passed = csv_offset(r->csv);
	csv_rewind(r->csv);
	e = read_header(r, fault);
	while (e == ERR_OK && (e = read_slice(r, fault)) == ERR_OK) {
		e = put_slice(r);
		r->job->rows += e == ERR_OK ? (int64_t)r->rows.n : 0;
	}
	return e == ERR_END ? ERR_OK : e;
}

/* ---- the job ---- */

static enum err find_kind(struct run *r, struct fault *fault)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i]->name, r->job->kind) == 0) {
			r->kind = kinds[i];
			return ERR_OK;
		}
	}
	fault_set(fault, "kind \"%s\": expected one of %s", r->job->kind, import_kinds());
	return ERR_NOT_FOUND;
}

static enum err open_file(struct run *r, struct fault *fault)
{
	r->f = fopen(r->job->path, "rbe");
	if (r->f == NULL || fstat(fileno(r->f), &r->stat) != 0) {
		const int why = errno;

		fault_set(fault, "%s: %s", r->job->path, strerror(why));
		return why == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	}
	if (!S_ISREG(r->stat.st_mode)) { /* it is read twice */
		fault_set(fault, "%s: expected a file", r->job->path);
		return ERR_IO;
	}
	r->csv = csv_create(r->f, r->job->path);
	return ERR_OK;
}

static enum err run_passes(struct run *r, struct fault *fault)
{
	enum err e = find_kind(r, fault);

	if (e == ERR_OK)
		e = open_file(r, fault);
	if (e == ERR_OK)
		e = store_load_catalogue(r->im.store, &r->im.catalogue_arena,
		                         &r->im.catalogue);
	if (e != ERR_OK)
		return e;
	r->rows = (struct import_rows){ .row = xcalloc(IMPORT_SLICE, r->kind->row_size),
		                        .line = xcalloc(IMPORT_SLICE, sizeof(int64_t)),
		                        .size = r->kind->row_size };
	e = check_pass(r, fault);
	return e == ERR_OK ? put_pass(r, fault) : e;
}

enum err import_run(struct import_job *job, struct fault *fault)
{
	struct run r = { .job = job,
		         .im = { .store = job->store,
		                 .path = job->path,
		                 .now = job->now,
		                 .arena = arena_make(ARENA),
		                 .catalogue_arena = arena_make(ARENA) } };
	enum err e;

	job->rows = 0;
	e = run_passes(&r, fault);
	if (e != ERR_OK)
		fault_set(fault, "%s: %s", job->path, store_fault(job->store));
	free(r.rows.row);
	free(r.rows.line);
	free(r.seen);
	csv_destroy(r.csv);
	if (r.f != NULL)
		(void)fclose(r.f);
	arena_free(&r.im.arena);
	arena_free(&r.im.catalogue_arena);
	return e;
}
