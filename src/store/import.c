/*
 * import.c - an import from its file to its end; see store/import.h.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "import_priv.h"
#include "store/backend.h"

enum {
	ARENA = 256 * 1024 * 1024 /* octets of a slice's strings at most */
};

static const struct import_kind *const kinds[STORE_KINDS] = {
	&import_packages,      &import_groups,     &import_subscribers, &import_usage,
	&import_bills,         &import_payments,   &import_details,     &import_resources,
	&import_subscriptions, &import_complaints, &import_consents,    &import_members,
	&import_tags,          &import_touches,    &import_uses,        &import_clicks,
	&import_suppressed,
};

const char *import_kinds(void)
{
	static const char names[] =
#define X(constant, name, type) ", " name
		STORE_KIND_LIST(X);
#undef X

	return names + 2;
}

/* ---- opening ---- */

const struct import_kind *import_kind_of(struct str name)
{
	for (size_t i = 0; i < STORE_KINDS; i++) {
		if (str_eq(name, str_of(kinds[i]->name)))
			return kinds[i];
	}
	return NULL;
}

static int64_t mtime_ns(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

static enum err open_file(struct import *im, struct fault *fault)
{
	/* The open of a pipe would wait for its writer. */
	const int fd = open(im->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	im->fd = fd;
	if (fd < 0 || fstat(fd, &st) != 0) {
		const int why = errno;

		fault_set(fault, "%s: %s", im->path, strerror(why));
		return why == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	}
	if (!S_ISREG(st.st_mode)) { /* it is read twice */
		fault_set(fault, "%s: expected a file, not a folder, pipe or device",
		          im->path);
		return ERR_IO;
	}
	im->row.size = st.st_size;
	im->row.mtime_ns = mtime_ns(&st);
	im->csv = csv_create(fd, im->path);
	return ERR_OK;
}

static struct import_rows make_rows(const struct import_kind *k)
{
	return (struct import_rows){ .row = xcalloc(IMPORT_SLICE, k->row_size),
		                     .line = xcalloc(IMPORT_SLICE, sizeof(int64_t)),
		                     .size = k->row_size };
}

static void free_rows(struct import_rows *r, struct arena *a)
{
	arena_free(a);
	free(r->row);
	free(r->line);
}

static enum err create(const struct import_plan *plan, struct str kind, struct str path,
                       struct import **out, struct fault *fault)
{
	const struct import_kind *k = import_kind_of(kind);
	struct import *im;
	enum err e;

	if (k == NULL) {
		fault_set(fault, "kind \"%.*s\": expected one of %s", STR_ARG(kind),
		          import_kinds());
		return ERR_NOT_FOUND;
	}
	im = xcalloc(1, sizeof(*im));
	im->kind = k;
	im->plan = *plan;
	im->path = xstrndup(path);
	im->began_us = clock_machine().mono_us;
	im->cells.arena = arena_make(ARENA);
	im->catalogue_arena = arena_make(ARENA);
	im->rows = make_rows(k);
	im->ready.rows = make_rows(k);
	im->ready.arena = arena_make(ARENA);
	im->before = xcalloc(1, k->row_size);
	im->row = (struct import_row){ .kind = str_of(k->name),
		                       .path = str_of(im->path),
		                       .as_of = plan->as_of,
		                       .began = plan->now };
	e = open_file(im, fault);
	if (e == ERR_OK)
		*out = im;
	else
		import_close(im);
	return e;
}

enum err import_open(const struct import_plan *plan, struct import **out,
                     struct fault *fault)
{
	return create(plan, str_of(plan->kind), str_of(plan->path), out, fault);
}

void import_close(struct import *im)
{
	if (im == NULL)
		return;
	csv_destroy(im->csv);
	if (im->fd >= 0)
		(void)close(im->fd);
	import_keys_free(&im->keys);
	import_order_free(&im->order);
	free_rows(&im->rows, &im->cells.arena);
	free_rows(&im->ready.rows, &im->ready.arena);
	arena_free(&im->catalogue_arena);
	free(im->before);
	free(im->path);
	free(im);
}

/* ---- going on ---- */

static enum err changed(const struct import *im, struct fault *fault)
{
	fault_set(fault, "%s: changed since it was checked: import it again", im->path);
	return ERR_STATE;
}

static enum err skip_rows(struct import *im, struct fault *fault)
{
	enum err e = import_order_find(im, fault);

	if (e == ERR_OK)
		e = import_header(im, fault);
	for (int64_t i = 0; i < im->row.rows_done && e == ERR_OK; i++) {
		import_forget_rows(im);
		e = import_next_row(im, fault);
	}
	import_forget_rows(im);
	return e == ERR_END ? changed(im, fault) : e;
}

enum err import_reopen(const struct import_plan *plan, const struct import_row *row,
                       struct import **out, struct fault *fault)
{
	struct import *im;
	enum err e = create(plan, row->kind, row->path, &im, fault);
	bool same;

	if (e != ERR_OK)
		return e;
	same = im->row.size == row->size && im->row.mtime_ns == row->mtime_ns;
	im->row = *row;
	im->row.kind = str_of(im->kind->name);
	im->row.path = str_of(im->path);
	im->row.fault = (struct str){ NULL, 0 };
	im->plan.as_of = row->as_of;
	im->passed = row->size;
	e = same ? skip_rows(im, fault) : changed(im, fault);
	if (e == ERR_OK)
		*out = im;
	else
		import_close(im);
	return e;
}

/* ---- the table ---- */

static enum err note(struct store *s, struct import_row *row)
{
	enum err e = store_begin(s);

	if (e != ERR_OK)
		return e;
	e = s->ops->put_import(s, row);
	if (e == ERR_OK)
		return store_commit(s);
	store_rollback(s);
	return e;
}

enum err import_begin(struct import *im, struct store *s)
{
	const enum err e = note(s, &im->row);

	if (e != ERR_OK && e != ERR_UNKNOWN)
		im->row.id = 0; /* it is not there */
	return e;
}

static enum err end(struct store *s, struct import_row *row, int64_t now,
                    const struct fault *fault)
{
	row->state = fault != NULL ? IMPORT_FAILED : IMPORT_DONE;
	row->fault = str_of(fault != NULL ? fault->text : NULL);
	row->ended = now;
	return note(s, row);
}

enum err import_end(struct import *im, struct store *s, const struct fault *fault)
{
	const int64_t took_us = clock_machine().mono_us - im->began_us;

	return end(s, &im->row, im->plan.now + took_us / 1000000, fault);
}

enum err import_give_up(struct store *s, const struct import_row *row, int64_t now,
                        const struct fault *fault)
{
	struct import_row ended = *row;

	return end(s, &ended, now, fault);
}

enum err store_reader_imports(struct store_reader *r, struct arena *a,
                              struct import_row **rows, size_t *n)
{
	return r->ops->reader_imports(r, a, rows, n);
}

/* ---- slices ---- */

int64_t import_rows(const struct import *im)
{
	return im->row.rows_done - im->row.rows_left_out;
}

int64_t import_slice_us(const struct import *im)
{
	return im->slice_us;
}

const void *import_rows_read(const struct import *im, size_t *n)
{
	*n = im->rows.n;
	return im->rows.row;
}

int64_t import_row_line(const struct import *im, size_t i)
{
	return im->rows.line[i];
}

const char *import_path(const struct import *im)
{
	return im->path;
}

enum err import_read(struct import *im, size_t n, struct fault *fault)
{
	struct stat st;
	enum err e = ERR_OK;

	if (fstat(im->fd, &st) != 0 || st.st_size != im->row.size ||
	    mtime_ns(&st) != im->row.mtime_ns)
		return changed(im, fault);
	import_forget_rows(im);
	while (e == ERR_OK && im->rows.n < n && im->rows.n < IMPORT_SLICE)
		e = import_next_row(im, fault);
	if (e == ERR_END && im->rows.n == 0 && im->seen != im->row.rows_total)
		return changed(im, fault);
	return e == ERR_END && im->rows.n > 0 ? ERR_OK : e;
}

void import_show(const struct import *im)
{
	if (im->plan.progress != NULL)
		im->plan.progress(im->plan.ctx, im->passed + import_octets(im),
		                  2 * im->row.size, import_rows(im));
}

void import_hand_over(struct import *im)
{
	const struct import_rows rows = im->ready.rows;
	const struct arena arena = im->ready.arena;

	assert(rows.n == 0);
	im->ready.rows = im->rows;
	im->ready.arena = im->cells.arena;
	im->rows = rows;
	im->cells.arena = arena;
	import_forget_rows(im);
}

static enum err store_slice(struct import *im, struct store *s, struct import_row *after)
{
	const struct import_rows *r = &im->ready.rows;
	size_t left_out = 0;
	enum err e = store_put(s, im->kind->store, r->row, r->n, im->row.as_of,
	                       &left_out);

	after->rows_done += (int64_t)r->n;
	after->rows_left_out += (int64_t)left_out;
	return e == ERR_OK ? s->ops->put_import(s, after) : e;
}

enum err import_apply(struct import *im, struct store *s)
{
	const int64_t from = clock_machine().mono_us;
	struct import_row after = im->row;
	enum err e = store_begin_bulk(s);

	if (e != ERR_OK)
		return e;
	e = store_slice(im, s, &after);
	im->slice_us = clock_machine().mono_us - from;
	if (e != ERR_OK) {
		store_rollback(s);
		return e;
	}
	e = store_commit(s);
	if (e != ERR_OK)
		return e;
	im->row.rows_done = after.rows_done; /* the rest is read by who reads on */
	im->row.rows_left_out = after.rows_left_out;
	im->ready.rows.n = 0;
	return ERR_OK;
}
