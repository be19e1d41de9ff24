/*
 * populate.c - `smshall populate`: fills a store with made-up subscribers.
 *
 * The store is marked as synthetic before the first row: the numbers are real
 * people's, so `serve` keeps such a store from real links.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "cmd/command.h"
#include "populate_priv.h"
#include "storage_priv.h"

enum {
	SLICE = POPULATE_SLICE
};

struct populate_args {
	struct storage storage;
	int64_t subscribers, first, seed;
	const char *now;
	bool check_table;
};

/* ---- filling ---- */

struct slice {
	struct person *person;
	struct subscriber_row *row;
	struct usage_row *usage;
	struct history *history;
};

static struct slice slice_make(void)
{
	return (struct slice){ xcalloc(SLICE, sizeof(struct person)),
		               xcalloc(SLICE, sizeof(struct subscriber_row)),
		               xcalloc((size_t)SLICE * POPULATE_MONTHS,
		                       sizeof(struct usage_row)),
		               history_create() };
}

static void slice_free(struct slice *s)
{
	free(s->person);
	free(s->row);
	free(s->usage);
	history_destroy(s->history);
}

static enum err put_slice(struct store *store, const struct slice *s, size_t n,
                          size_t n_usage, int64_t as_of)
{
	enum err e = store_begin_bulk(store);

	if (e == ERR_OK)
		e = store_put(store, STORE_SUBSCRIBERS, s->row, n, 0, NULL);
	if (e == ERR_OK)
		e = store_put(store, STORE_USAGE, s->usage, n_usage, as_of, NULL);
	if (e == ERR_OK)
		e = history_put(store, s->history, as_of);
	if (e == ERR_OK)
		return store_commit(store);
	store_rollback(store);
	return e;
}

static enum err fill_slice(struct store *store, const struct population *p,
                           struct slice *s, int64_t from, size_t n,
                           struct check_table *table)
{
	size_t n_usage = 0;

	history_reset(s->history);
	for (size_t i = 0; i < n; i++) {
		populate_person(p, from + (int64_t)i, &s->person[i]);
		s->row[i] = s->person[i].row;
		memcpy(&s->usage[n_usage], s->person[i].usage,
		       s->person[i].n_usage * sizeof(s->usage[0]));
		n_usage += s->person[i].n_usage;
		history_add(p, from + (int64_t)i, &s->person[i], s->history);
		if (table != NULL)
			check_table_add(table, &s->person[i]);
	}
	return put_slice(store, s, n, n_usage, p->now);
}

static enum err fill(struct store *store, const struct population *p, int64_t n,
                     struct check_table *table)
{
	struct slice s = slice_make();
	struct progress bar = progress_make("populate", n);
	enum err e = ERR_OK;

	for (int64_t i = 0; i < n && e == ERR_OK; i += SLICE) {
		e = fill_slice(store, p, &s, i, (size_t)(n - i < SLICE ? n - i : SLICE),
		               table);
		progress_at(&bar, i);
	}
	progress_end(&bar);
	slice_free(&s);
	return e;
}

/* ---- before ---- */

/* Real data are not mixed with made-up ones. */
static enum err check_target(struct store *store, struct fault *fault)
{
	struct arena a = arena_make((size_t)16 * 1024 * 1024);
	struct catalogue held = { NULL, 0 };
	struct str mark;
	enum err e = store_setting(store, "synthetic", &a, &mark);

	if (e == ERR_NOT_FOUND) {
		e = store_load_catalogue(store, &a, &held);
		if (e == ERR_OK && held.n > 0) {
			fault_set(
				fault,
				"the store holds data that were not made by populate: use "
				"another one");
			e = ERR_REFUSED;
		}
	}
	arena_free(&a);
	return e;
}

static enum err put_packages(struct store *store)
{
	enum err e = store_set_setting(store, "synthetic", STR("1"));

	if (e == ERR_OK)
		e = store_begin(store);
	if (e != ERR_OK)
		return e;
	e = store_put(store, STORE_PACKAGES, populate_packages, populate_n_packages, 0,
	              NULL);
	if (e == ERR_OK)
		return store_commit(store);
	store_rollback(store);
	return e;
}

static enum err make_population(const struct populate_args *a, struct population *p,
                                struct fault *fault)
{
	struct civil now;

	p->seed = (uint64_t)a->seed;
	p->first = a->first;
	p->now = clock_machine().wall_s;
	if (a->now != NULL && civil_parse_date(str_of(a->now), &p->now) != ERR_OK) {
		fault_set(fault, "--now: got \"%s\", expected a date as 2026-10-20",
		          a->now);
		return ERR_SYNTAX;
	}
	now = civil_of(p->now);
	p->month = civil_month(p->now);
	p->day = now.day;
	p->month_end = civil_to_utc((struct civil){ .year = month_year(p->month + 1),
	                                            .month = month_of_year(p->month + 1),
	                                            .day = 1 });
	p->month_passed = (now.day - 1 + now.hour / 24.0) / month_days(p->month);
	return ERR_OK;
}

/* ---- command ---- */

static enum err populate(void *args, struct store *store, struct fault *fault)
{
	struct populate_args *a = args;
	const int64_t start = clock_machine().mono_us;
	struct check_table *table = a->check_table ? check_table_create() : NULL;
	struct population p;
	enum err e = make_population(a, &p, fault);

	if (e == ERR_OK)
		e = check_target(store, fault);
	if (e == ERR_OK)
		e = put_packages(store);
	if (e == ERR_OK)
		e = fill(store, &p, a->subscribers, table);
	if (e == ERR_OK) {
		const double s = (double)(clock_machine().mono_us - start) / 1e6;

		(void)printf("%" PRId64 " subscribers from %" PRId64
		             " in %.1f s (%.0f/s), seed "
		             "%" PRId64 "\n",
		             a->subscribers, a->first, s,
		             (double)a->subscribers / (s > 0 ? s : 1), a->seed);
		if (table != NULL)
			check_table_print(table);
	}
	fault_set(fault, "%s", store_fault(store));
	check_table_destroy(table);
	return e;
}

static int64_t number(struct argp_state *state, const char *name, const char *arg,
                      int64_t least, int64_t most)
{
	int64_t v = 0;

	if (str_i64(str_of(arg), &v) != ERR_OK || v < least || v > most)
		argp_error(state,
		           "--%s: got \"%s\", expected a number from %" PRId64
		           " to %" PRId64,
		           name, arg, least, most);
	return v;
}

static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct populate_args *a = state->input;

	switch (key) {
	case 'n':
		a->subscribers = number(state, "subscribers", arg, 1, 1000000000);
		return 0;
	case 'f':
		a->first = number(state, "first", arg, 1, 99999999999999);
		return 0;
	case 'S':
		a->seed = number(state, "seed", arg, 0, INT64_MAX);
		return 0;
	case 'N':
		a->now = arg;
		return 0;
	case 'T':
		a->check_table = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case ARGP_KEY_END:
		if (a->subscribers == 0)
			argp_error(state, "how many? --subscribers N");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "subscribers", 'n', "N", 0, "How many", 0 },
	{ "first", 'f', "MSISDN", 0,
	  "Number of the first, the others follow (13800000000)", 0 },
	{ "seed", 'S', "S", 0, "Same seed, same population (1)", 0 },
	{ "now", 'N', "YYYY-MM-DD", 0, "Day on which figures are taken (today)", 0 },
	{ "check-table", 'T', NULL, 0, "Print what came out: means, tails, correlation",
	  0 },
	{ 0 },
};

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.children = children,
		.doc = "Fills a store with made-up subscribers, six closed months and the present "
		       "one, and marks it as synthetic.\vExample: smshall populate --store "
		       "sqlite:var/smshall.db --subscribers 10000"
	};
	static const struct storage_command populate_command = { "populate", &argp,
		                                                 STORE_OPEN, populate };
	struct populate_args args = { .first = 13800000000, .seed = 1 };

	return storage_run(&populate_command, argc, argv, &args);
}

const struct command cmd_populate = { "populate",
	                              "fills a store with made-up subscribers", run };
