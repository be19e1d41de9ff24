/*
 * import.c - the task "import": {"do":"import","kind":"usage","path":"/…/usage.csv"},
 * optionally "as_of": UTC seconds at which the figures were true (the file's own time).
 *
 * The file is read and checked on the asking thread; slices are stored where the store
 * is written, as many rows at once as texts can wait for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/killpoint.h"
#include "office_priv.h"
#include "store/import.h"

enum {
	SLICE_FIRST = 100, /* rows: before anything was measured */
	SLICE_LEAST = 20
};

/* What one write needs. */
struct piece {
	struct import *im;
	const struct fault *outcome; /* of end(); NULL: it is done */
	struct fault *fault;
};

static enum err told(enum err e, const struct piece *p, const struct store *s)
{
	if (e != ERR_OK)
		fault_set(p->fault,
		          "the import stopped: %s (%s): it goes on at the next start",
		          err_text(e), store_fault(s));
	return e;
}

static enum err begin(struct store *s, void *arg)
{
	const struct piece *p = arg;

	return told(import_begin(p->im, s), p, s);
}

static enum err apply(struct store *s, void *arg)
{
	const struct piece *p = arg;

	const enum err e = import_apply(p->im, s);

	if (e == ERR_OK)
		KILLPOINT("import.slice");
	return told(e, p, s);
}

static enum err end(struct store *s, void *arg)
{
	const struct piece *p = arg;

	return told(import_end(p->im, s, p->outcome), p, s);
}

int64_t office_slice_us(const struct office_host *host)
{
	const int64_t turn = host->turn_us != NULL ? host->turn_us(host->ctx) : 0;

	if (!host->is_busy(host->ctx))
		return OFFICE_IDLE_US;
	if (turn > OFFICE_BUSY_MOST_US)
		return OFFICE_BUSY_MOST_US;
	return turn > OFFICE_BUSY_US ? turn : OFFICE_BUSY_US;
}

size_t office_import_pace(size_t rows, int64_t us, int64_t slice_us)
{
	int64_t next = (int64_t)rows * slice_us / (us > 0 ? us : 1);

	if (next > 2 * (int64_t)rows)
		next = 2 * (int64_t)rows;
	if (next < SLICE_LEAST)
		next = SLICE_LEAST;
	return next < IMPORT_SLICE ? (size_t)next : IMPORT_SLICE;
}

static enum err interrupted(const struct office_call *c)
{
	*c->fault = (struct fault){ .text = "" };
	fault_set(c->fault, "the process ends: the import goes on at the next start");
	return ERR_STATE;
}

/* Stores what was read, and meanwhile reads what comes behind it; *more: what came of that. */
static enum err store_slice(struct office_call *c, struct piece *p, size_t rows,
                            enum err *more, struct fault *unread)
{
	const int64_t had = import_rows(p->im);
	enum err e;

	import_hand_over(p->im);
	office_begin_write(c, apply, p);
	*more = import_read(p->im, rows, unread);
	e = office_end_write(c);
	if (c->host->figures != NULL)
		metric_add(&c->host->figures->rows, (uint64_t)(import_rows(p->im) - had));
	return e == ERR_STATE ? interrupted(c) : e;
}

/* A third as long as others: a row dirties pages that the text's own turn has to sync. */
static int64_t portion_us(const struct office_host *host)
{
	return office_slice_us(host) / 3;
}

/* ERR_OK behind the last row; *broken: the file cannot be read. */
static enum err store_rows(struct office_call *c, struct piece *p, bool *broken)
{
	struct fault unread = { .text = "" };
	size_t storing, reading = SLICE_FIRST, next = SLICE_FIRST;
	enum err e = ERR_OK, more = import_read(p->im, reading, &unread);

	while (e == ERR_OK && more == ERR_OK) {
		storing = reading;
		reading = next;
		e = store_slice(c, p, reading, &more, &unread);
		next = office_import_pace(storing, import_slice_us(p->im),
		                          portion_us(c->host));
		import_show(p->im);
	}
	if (e != ERR_OK || more == ERR_END)
		return e;
	*broken = true;
	*c->fault = unread;
	return more;
}

/* A file that cannot be read to its end is given up; what the store refused is not. */
static enum err finish(struct office_call *c, struct piece *p, enum err e, bool broken)
{
	struct fault unheard = { .text = "" };

	if (e == ERR_OK)
		return office_write(c, end, p);
	if (broken) {
		p->outcome = c->fault;
		p->fault = &unheard;
		if (office_write(c, end, p) != ERR_OK)
			LOG(c->host->log, LOG_WARN, "import.not_ended", "%s",
			    unheard.text);
	}
	return e;
}

static enum err carry_on(struct office_call *c, const struct import_plan *plan,
                         struct import *im)
{
	const int64_t from = clock_machine().mono_us, had = import_rows(im);
	struct piece p = { .im = im, .fault = c->fault };
	bool broken = false;
	enum err e = store_rows(c, &p, &broken);
	int64_t us;
	double s;

	e = finish(c, &p, e, broken);
	if (strcmp(plan->kind, "packages") == 0 && c->host->packages_changed != NULL &&
	    import_rows(im) > had)
		c->host->packages_changed(c->host->ctx);
	if (e != ERR_OK)
		return e;
	us = clock_machine().mono_us - from;
	s = us > 1000 ? (double)us / 1e6 : 0.001;
	office_note_last(c->host, plan->kind, import_rows(im), us);
	LOG(c->host->log, LOG_INFO, "import.done",
	    "kind=%s rows=%" PRId64 " seconds=%.1f path=\"%s\"", plan->kind,
	    import_rows(im), s, plan->path);
	return ERR_OK;
}

static void on_progress(void *ctx, int64_t done, int64_t total, int64_t rows)
{
	const struct office_call *c = ctx;

	office_progress(c, done, total, rows);
	office_meanwhile(c);
}

/* ---- what was left half done ---- */

struct lost {
	const struct import_row *row;
	struct fault *fault;
};

static enum err note_lost(struct store *s, void *arg)
{
	const struct lost *l = arg;

	return import_give_up(s, l->row, clock_machine().wall_s, l->fault);
}

/* Its file is gone, or another: that does not mend itself. */
static void give_up(struct office_call *c, const struct import_row *row, enum err why)
{
	struct lost l = { row, c->fault };

	if (why != ERR_IO && office_write(c, note_lost, &l) != ERR_OK)
		LOG(c->host->log, LOG_WARN, "import.not_ended", "id=%" PRId64, row->id);
}

static enum err resume_one(struct office_call *c, const struct import_row *row)
{
	const struct import_plan plan = { .kind = arena_str(&c->arena, row->kind).p,
		                          .path = arena_str(&c->arena, row->path).p,
		                          .as_of = row->as_of,
		                          .now = clock_machine().wall_s,
		                          .progress = on_progress,
		                          .ctx = c };
	struct import *im = NULL;
	enum err e = import_reopen(&plan, row, &im, c->fault);

	if (e != ERR_OK) {
		give_up(c, row, e);
		return e;
	}
	LOG(c->host->log, LOG_INFO, "import.resumed",
	    "kind=%s rows=%" PRId64 " path=\"%s\"", plan.kind, row->rows_done, plan.path);
	e = carry_on(c, &plan, im);
	import_close(im);
	if (e == ERR_OK)
		office_say(c, "%s", plan.path);
	return e;
}

/* One that cannot go on, such as one whose file is gone, does not stop the others. */
enum err office_import_resume(struct office_call *c)
{
	struct fault *const fault = c->fault;
	struct import_row *row = NULL;
	size_t n = 0;
	enum err e = store_reader_imports(c->host->reader, &c->arena, &row, &n);

	if (e == ERR_BUSY && office_is_ending(c)) /* the reader was stopped */
		return interrupted(c);
	if (e != ERR_OK)
		fault_set(fault, "the imports that run cannot be read: %s", err_text(e));
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		struct fault own = { .text = "" };

		c->fault = &own;
		if (resume_one(c, &row[i]) != ERR_OK) {
			LOG(c->host->log, LOG_ERROR, "import.stopped", "%s", own.text);
			if (office_is_ending(c))
				e = ERR_STATE;
		}
	}
	c->fault = fault;
	return e;
}

/* ---- the task ---- */

/* Figures cannot be newer than their file. */
static int64_t time_of(const char *path, int64_t now)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_mtime < now ? st.st_mtime : now;
}

/* The reader is stopped when the process ends, in the midst of the file. */
static enum err check(struct office_call *c, struct import *im, const char *path)
{
	const enum err e = import_check(im, c->host->reader, c->fault);

	if (e != ERR_BUSY || !office_is_ending(c))
		return e;
	*c->fault = (struct fault){ .text = "" };
	fault_set(c->fault, "the process ends: nothing of %s was stored, import it again",
	          path);
	return ERR_STATE;
}

static enum err import_file(struct office_call *c, const struct import_plan *plan)
{
	const int64_t from = clock_machine().mono_us;
	struct piece p = { .fault = c->fault };
	struct import *im = NULL;
	int64_t rows;
	double s;
	enum err e = import_open(plan, &im, c->fault);

	if (e == ERR_OK)
		e = check(c, im, plan->path);
	p.im = im;
	if (e == ERR_OK)
		e = office_write(c, begin, &p);
	if (e == ERR_OK)
		e = carry_on(c, plan, im);
	s = (double)(clock_machine().mono_us - from) / 1e6;
	s = s > 0.001 ? s : 0.001;
	rows = e == ERR_OK ? import_rows(im) : 0;
	if (e == ERR_OK)
		office_say(c, "%s: %" PRId64 " rows in %.1f s (%.0f rows/s)", plan->kind,
		           rows, s, (double)rows / s);
	import_close(im);
	return e;
}

/* What an earlier one left undone must not come after what is newer. */
static enum err resume_first(struct office_call *c)
{
	const struct office_peer *peer = c->peer;
	enum err e;

	c->peer = NULL;
	e = office_import_resume(c);
	c->peer = peer;
	return e;
}

static enum err run(struct office_call *c)
{
	struct import_plan plan = { .now = clock_machine().wall_s,
		                    .progress = on_progress,
		                    .ctx = c };
	struct str kind = STR(""), path = STR("");
	enum err e = office_text(c, "kind", &kind);

	if (e == ERR_OK)
		e = office_text(c, "path", &path);
	if (e != ERR_OK)
		return e;
	plan.kind = arena_str(&c->arena, kind).p;
	plan.path = arena_str(&c->arena, path).p;
	plan.as_of = time_of(plan.path, plan.now);
	e = office_number(c, "as_of", 0, plan.now, &plan.as_of);
	if (e == ERR_OK)
		e = resume_first(c);
	return e == ERR_OK ? import_file(c, &plan) : e;
}

const struct office_task office_import = { .name = "import",
	                                   .run = run,
	                                   .is_long = true };
