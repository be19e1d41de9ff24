/*
 * rehearse.c - the task "rehearse": what new packages or limits would do to revenue,
 * margin and subscribers.
 *
 *   {"do":"rehearse","packages":"/.../packages.csv","policy":"/.../offer.conf",
 *    "csv":false,"chart":false,"now":1790000000}
 *
 * With limits of a campaign (rehearse_choice.c) who would be told of what within them.
 *
 * Reads in portions of a second at most each, so that what the owner writes meanwhile
 * does not pile up; nothing is written.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "assets/assets.h"
#include "care_priv.h"
#include "offer/chart.h"
#include "offer/rehearse.h"
#include "office/audience.h"
#include "rehearse_priv.h"
#include "store/import.h"
#include "store/people.h"

enum {
	ANSWER = 4 << 20, /* octets */
	SHOWN = 12,       /* moves of a course */
	LI_OF_FEN = 10
};

struct rehearsing {
	struct office_call *call;
	struct assets *assets;
	struct policy policy;
	int64_t now;
	bool csv, chart;
	struct import *file;        /* NULL: none */
	struct catalogue is;        /* with what is in the file */
	struct tariffs tariffs;     /* of these */
	struct tariff *was;         /* as they are now; package NULL: not there */
	const struct package *rows; /* of the file */
	size_t n_rows;
	struct rehearsal result;
};

/* ---- packages ---- */

static int by_code(const void *left, const void *right)
{
	const struct package *l = left, *r = right;

	return str_cmp(l->code, r->code);
}

/* Those of the file over those of the store. */
static void merge(struct rehearsing *r, const struct catalogue *now,
                  const struct package *file, size_t n)
{
	struct package *all = arena_array(&r->call->arena, struct package, now->n + n);
	size_t held = now->n;

	memcpy(all, now->package, now->n * sizeof(*all));
	for (size_t i = 0; i < n; i++) {
		const struct package *same = catalogue_find(now, file[i].code);

		struct package *at =
			&all[same != NULL ? (size_t)(same - now->package) : held++];

		*at = file[i];
		if (same != NULL)
			memcpy(at->typical, same->typical, sizeof(at->typical));
	}
	qsort(all, held, sizeof(*all), by_code);
	r->is = (struct catalogue){ all, held };
}

/* What is in the file is what it was opened with: its strings live as long as it. */
static enum err read_file(struct rehearsing *r)
{
	struct office_call *c = r->call;
	struct import_plan plan = { .kind = "packages", .now = r->now };
	struct str path;
	enum err e;

	if (!office_has(c, "packages"))
		return ERR_OK;
	e = office_text(c, "packages", &path);
	if (e != ERR_OK)
		return e;
	plan.path = arena_str(&c->arena, path).p;
	e = import_open(&plan, &r->file, c->fault);
	if (e == ERR_OK)
		e = import_check(r->file, c->host->reader, c->fault);
	if (e == ERR_OK)
		e = import_read(r->file, TARIFF_MOST, c->fault);
	if (e == ERR_OK)
		r->rows = import_rows_read(r->file, &r->n_rows);
	return e;
}

static void put_was(struct rehearsing *r, const struct catalogue *now)
{
	r->was = arena_array(&r->call->arena, struct tariff, r->is.n + 1);
	for (size_t i = 0; i < r->is.n; i++) {
		const struct package *p = catalogue_find(now, r->is.package[i].code);

		if (p == NULL || tariff_of(p, &r->was[i], NULL) != ERR_OK)
			r->was[i] = (struct tariff){ .package = NULL };
	}
}

static enum err load_packages(struct rehearsing *r)
{
	struct office_call *c = r->call;
	struct catalogue now;
	enum err e = store_reader_catalogue(c->host->reader, &c->arena, &now);

	if (e == ERR_OK)
		e = read_file(r);
	if (e != ERR_OK)
		return e;
	merge(r, &now, r->rows, r->n_rows);
	tariffs_make(&r->is, &c->arena, &r->tariffs);
	put_was(r, &now);
	return ERR_OK;
}

/* ---- limits ---- */

static enum err load_policy(struct rehearsing *r)
{
	struct office_call *c = r->call;
	const struct conf *conf = c->host->conf;
	const struct hall_conf hall = {
		.default_language = assets_language(str_of(conf->default_language)),
		.hotline = str_of(conf->hotline),
	};
	struct str path;
	enum err e = assets_load_unjudged(conf->grammar, &hall, r->now, &r->assets,
	                                  c->fault);

	if (e != ERR_OK)
		return e;
	r->policy = r->assets->policy;
	if (!office_has(c, "policy"))
		return ERR_OK;
	e = office_text(c, "policy", &path);
	if (e == ERR_OK)
		e = assets_read_policy(arena_str(&c->arena, path).p, &c->arena,
		                       &r->policy, c->fault);
	return e;
}

/* ---- everybody ---- */

enum err rehearse_portion_done(struct office_call *c, int64_t done, int64_t total)
{
	office_progress(c, done, total, done);
	office_meanwhile(c);
	if (!office_is_ending(c))
		return ERR_OK;
	fault_set(c->fault, "the process ends: ask again when it is back");
	return ERR_STATE;
}

static enum err go_through(struct rehearsing *r)
{
	struct office_call *c = r->call;
	struct audience *a = audience_create(&r->tariffs, &r->policy, &r->assets->terms,
	                                     r->now);
	int64_t total, done = 0;
	enum err e = store_people_count(c->host->reader, &total);

	r->result = rehearsal_begin(&r->tariffs, r->was, &r->policy, &c->arena);
	while (e == ERR_OK && (e = audience_next(a, c->host->reader)) == ERR_OK) {
		rehearse(&r->result, audience_use(a), audience_subjects(a));
		done += (int64_t)audience_use(a)->n;
		e = rehearse_portion_done(c, done, total);
	}
	audience_destroy(a);
	return e == ERR_END ? ERR_OK : e;
}

/* ---- what is said ---- */

static double yuan(int64_t li)
{
	return (double)li / 1000;
}

static double percent(int64_t part, int64_t of)
{
	return of != 0 ? 100 * (double)part / (double)of : 0;
}

static void put_course(const struct rehearsing *r, enum rehearse_course at,
                       struct buf *out)
{
	const struct rehearsal *all = &r->result;
	const struct rehearsed *c = &all->course[at];

	buf_printf(out, "%-6s %14.2f %+7.2f %% %14.2f %+7.2f %% %10zu %10zu %10zu\n",
	           rehearse_course_name(at), yuan(c->revenue_li),
	           percent(c->revenue_li - all->revenue_li, all->revenue_li),
	           yuan(c->margin_li),
	           percent(c->margin_li - all->margin_li, all->margin_li), c->winners,
	           c->losers, c->same);
}

static void put_courses(const struct rehearsing *r, struct buf *out)
{
	const struct rehearsal *all = &r->result;

	buf_printf(out,
	           "%zu subscribers with bills (%zu of them with fewer than %" PRId32
	           " months), %zu without\n\n",
	           all->subjects, all->thin, r->policy.months_least, all->unknown);
	buf_puts(out, STR("yuan a month      revenue               "
	                  "margin                pay less   pay more    as much\n"));
	buf_printf(out, "%-6s %14.2f %9s %14.2f\n", "now", yuan(all->revenue_li), "",
	           yuan(all->margin_li));
	for (int c = 0; c < REHEARSE_COURSE_COUNT; c++)
		put_course(r, (enum rehearse_course)c, out);
	buf_puts(out,
	         STR("\nstay: nobody moves. ask: everybody asks and takes the cheapest. "
	             "push: who passes the guards takes the offer.\n"));
}

/* Where it stands in the file; "" where it is of the store. */
static void put_place(const struct rehearsing *r, struct str code, struct buf *out)
{
	for (size_t i = 0; i < r->n_rows; i++)
		if (str_eq(r->rows[i].code, code))
			buf_printf(out, "%s:%" PRId64 ": ", import_path(r->file),
			           import_row_line(r->file, i));
}

static void put_left_out(const struct rehearsing *r, struct buf *out)
{
	struct fault why;

	for (size_t i = 0; i < r->is.n; i++) {
		if (!tariffs_without(&r->tariffs, i, &why))
			continue;
		buf_puts(out, STR("left out: "));
		put_place(r, r->is.package[i].code, out);
		buf_printf(out, "%s; who holds it is not counted\n", why.text);
	}
}

static struct str code_of(const struct rehearsing *r, size_t i)
{
	return r->is.package[i].code;
}

static void put_moves(const struct rehearsing *r, enum rehearse_course c, struct buf *out)
{
	struct rehearsed_move *move;
	const size_t n = rehearsed_moves(&r->result, c, &r->call->arena, &move);
	size_t moved = 0, shown = 0;

	for (size_t i = 0; i < n; i++)
		moved += move[i].n;
	buf_printf(out, "\n%s: %zu move (%.2f %%)\n", rehearse_course_name(c), moved,
	           percent((int64_t)moved, (int64_t)r->result.subjects));
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		buf_printf(out, "  %-16.*s -> %-16.*s %10zu\n",
		           STR_ARG(code_of(r, move[i].from)),
		           STR_ARG(code_of(r, move[i].to)), move[i].n);
		shown += move[i].n;
	}
	if (shown < moved)
		buf_printf(out, "  %-16s    %-16s %10zu\n", "others", "", moved - shown);
}

/* Nobody leaves in a rehearsal: how many of those who pay more may, until it was in vain. */
static void put_leaving(const struct rehearsing *r, enum rehearse_course at,
                        struct buf *out)
{
	const struct rehearsal *all = &r->result;
	const struct rehearsed *c = &all->course[at];
	const double won = yuan(c->margin_li - all->margin_li);
	const double each = yuan(c->margin_li) / (double)all->subjects;

	if (c->losers > 0 && won > 0 && each > 0)
		buf_printf(
			out,
			"  nobody is taken to leave; the %.2f of margin that is won is "
			"lost again where %zu leave, at %.2f each on average\n",
			won, (size_t)(won / each) + 1, each);
}

/* The bands at the ends are open. */
static void put_mark(const struct rehearsed *c, unsigned percent, struct buf *out)
{
	const int yuan = rehearsed_percentile(c, percent);

	buf_printf(out, "  p%u %d%s", percent, yuan,
	           yuan == REHEARSE_NOUGHT    ? " and more"
	           : yuan == -REHEARSE_NOUGHT ? " and less"
	                                      : "");
}

/* Of the bands on one side of 0 those that hold somebody; the outer one is open. */
static void put_depths(const struct rehearsed *c, int side, const char *head,
                       struct buf *out)
{
	const int bands = REHEARSE_DEPTHS / 2;
	const char *before = head;

	for (int band = 1; band <= bands; band++) {
		const size_t n = c->depth[bands + side * band];
		const bool open = band == bands;

		if (n == 0)
			continue;
		buf_printf(out, "%s %zu %s %d %%", before, n, open ? "over" : "up to",
		           REHEARSE_DEPTH_STEP * (open ? band - 1 : band));
		before = ",";
	}
	if (before != head)
		buf_putc(out, '\n');
}

static void put_spread(const struct rehearsing *r, enum rehearse_course at,
                       struct buf *out)
{
	static const unsigned marks[] = { 5, 25, 50, 75, 95 };
	const struct rehearsed *c = &r->result.course[at];

	if (c->winners + c->losers == 0)
		return;
	buf_printf(out, "  saved a month, yuan (of whose bill changes):");
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		put_mark(c, marks[i], out);
	buf_putc(out, '\n');
	put_depths(c, 1, "  saved of the present bill without add-ons:", out);
	put_depths(c, -1, "  paid more, of the present bill without add-ons:", out);
	buf_printf(out, "  %zu win %.2f a month in all, %zu lose %.2f\n", c->winners,
	           yuan(c->won_li), c->losers, yuan(c->lost_li));
	put_leaving(r, at, out);
	if (c->insured > 0)
		buf_printf(out,
		           "  insured: of %zu whom the months before the last %" PRId32
		           " would have moved %zu were dearer in one of these: %.2f "
		           "credited in all, %.2f each of all\n",
		           c->insured, r->policy.insured_months, c->credited,
		           (double)c->reserve_fen / 100,
		           (double)c->reserve_fen / 100 / (double)c->insured);
}

static void put_csv_of(const struct rehearsing *r, enum rehearse_course c, size_t from,
                       struct buf *out)
{
	const size_t *moves = r->result.course[c].moves + from * r->is.n;

	for (size_t to = 0; to < r->is.n; to++)
		if (moves[to] > 0)
			buf_printf(out, "%s,%.*s,%.*s,%zu\n", rehearse_course_name(c),
			           STR_ARG(code_of(r, from)), STR_ARG(code_of(r, to)),
			           moves[to]);
}

static void put_csv(const struct rehearsing *r, struct buf *out)
{
	const size_t n = r->is.n;

	buf_puts(out, STR("course,from,to,subscribers\n"));
	for (int c = 0; c < REHEARSE_COURSE_COUNT; c++)
		for (size_t from = 0; from < n; from++)
			put_csv_of(r, (enum rehearse_course)c, from, out);
}

static void put_result(const struct rehearsing *r, struct buf *out)
{
	if (r->chart) {
		chart_rehearsal(&r->result, office_in_english(r->call), out);
		return;
	}
	if (r->csv) {
		put_csv(r, out);
		return;
	}
	put_left_out(r, out);
	put_courses(r, out);
	for (int c = REHEARSE_STAY; c < REHEARSE_COURSE_COUNT; c++) {
		if (c != REHEARSE_STAY)
			put_moves(r, (enum rehearse_course)c, out);
		put_spread(r, (enum rehearse_course)c, out);
	}
}

static enum err rehearse_all(struct rehearsing *r, struct buf *out)
{
	const struct rehearse_with with = { .tariffs = &r->tariffs,
		                            .policy = &r->policy,
		                            .terms = &r->assets->terms,
		                            .tools = &r->assets->tools,
		                            .now = r->now };
	enum err e;

	if (rehearse_has_limits(r->call) && (r->csv || r->chart)) {
		fault_set(r->call->fault, "csv and chart are not there for a campaign: "
		                          "leave out them, or its limits");
		return ERR_SYNTAX;
	}
	if (rehearse_has_limits(r->call))
		return rehearse_choice(r->call, &with, out);
	e = go_through(r);
	if (e == ERR_OK)
		put_result(r, out);
	return e;
}

static void say(const struct rehearsing *r, const struct buf *out)
{
	struct str rest = buf_str(out), line;

	if (rest.n > 0)
		rest.n--; /* the last newline begins no line */
	while (str_cut(&rest, '\n', &line))
		office_line(r->call, line);
}

static enum err run(struct office_call *c)
{
	struct rehearsing r = { .call = c };
	struct buf out = buf_make(ANSWER);
	enum err e = office_now(c, &r.now);

	if (e == ERR_OK)
		e = office_flag(c, "csv", &r.csv);
	if (e == ERR_OK)
		e = office_flag(c, "chart", &r.chart);
	if (e == ERR_OK)
		e = load_policy(&r);
	if (e == ERR_OK)
		e = load_packages(&r);
	if (e == ERR_OK)
		e = rehearse_all(&r, &out);
	if (e == ERR_OK)
		say(&r, &out);
	buf_free(&out);
	rehearsal_end(&r.result);
	import_close(r.file);
	assets_destroy(r.assets);
	return e;
}

const struct office_task office_rehearse = { .name = "rehearse",
	                                     .run = run,
	                                     .is_long = true };
