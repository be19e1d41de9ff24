/*
 * turn.c - see turn/turn.h.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/killpoint.h"
#include "turn_priv.h"

enum {
	FIRST_TASK =
		1001, /* shorter numbers behind a T are not task numbers to the grammar */
	FIRST_ORDER = 1001, /* likewise */
	ARENA_LIMIT = 256 * 1024 *
	              1024, /* octets; a batch of the longest texts stays far below */
	SCRATCH_LIMIT = 256 * 1024
};

static void apply_defaults(struct turn_conf *c)
{
	if (c->max_parts == 0)
		c->max_parts = 8;
	if (c->max_octets == 0)
		c->max_octets = 1120;
	if (c->max_open == 0)
		c->max_open = 4;
	if (c->max_waiting_parts == 0)
		c->max_waiting_parts = 65536;
	if (c->part_life_ms == 0)
		c->part_life_ms = INT64_C(10) * 60 * 1000;
	if (c->repeat_ms == 0)
		c->repeat_ms = INT64_C(24) * 3600 * 1000;
}

static enum err prepare(struct turn *t)
{
	size_t ambiguous;
	enum err e = store_ids(t->conf.store, &t->ids);

	t->first_message = t->ids.message;
	if (t->ids.task < FIRST_TASK)
		t->ids.task = FIRST_TASK;
	if (t->ids.order < FIRST_ORDER)
		t->ids.order = FIRST_ORDER;
	if (e == ERR_OK)
		e = store_count_parts(t->conf.store, &t->waiting_parts);
	if (e == ERR_OK)
		e = store_recover(t->conf.store, &ambiguous);
	KILLPOINT("prepared");
	if (e == ERR_OK)
		e = parked_recall(t);
	if (e == ERR_OK)
		e = turn_reload_catalogue(t);
	if (e == ERR_OK)
		e = turn_reload_campaigns(t);
	return e;
}

enum err turn_create(const struct turn_conf *conf, struct turn **out, struct fault *fault)
{
	struct turn *t = xcalloc(1, sizeof(*t));
	enum err e;

	t->conf = *conf;
	apply_defaults(&t->conf);
	t->arena = arena_make(ARENA_LIMIT);
	t->catalogue_arena = arena_make(ARENA_LIMIT);
	t->scratch = buf_make(SCRATCH_LIMIT);
	t->matcher = grammar_matcher_create(conf->grammar);
	routes_keep(&t->routes, conf->route, conf->n_routes);
	t->robots = robots_create(conf->key);
	t->push = push_create();
	e = prepare(t);
	if (e != ERR_OK) {
		fault_set(fault, "cannot read the store: %s (%s)", err_text(e),
		          store_fault(conf->store));
		turn_destroy(t);
		return e;
	}
	*out = t;
	return ERR_OK;
}

void turn_destroy(struct turn *t)
{
	if (t == NULL)
		return;
	grammar_matcher_destroy(t->matcher);
	robots_destroy(t->robots);
	running_free(t->push);
	arena_free(&t->arena);
	arena_free(&t->catalogue_arena);
	buf_free(&t->scratch);
	free(t);
}

void turn_start(struct turn *t)
{
	arena_reset(&t->arena);
	memset(&t->send, 0, sizeof(t->send));
	t->send.row = NULL;
	memset(&t->counts, 0, sizeof(t->counts));
	t->counts.row = NULL;
	t->spent = (struct turn_spent){ { 0 } };
	clock_read(&t->stopwatch);
}

void turn_finish(const struct turn *t, struct turn_output *out)
{
	out->send = t->send.row;
	out->n = t->send.n;
}

/* Errors that another attempt with fewer inputs cannot mend. */
bool turn_is_of_the_store(enum err e)
{
	return e == ERR_FULL || e == ERR_MEMORY || e == ERR_BUSY || e == ERR_UNKNOWN ||
	       e == ERR_CORRUPT || e == ERR_REFUSED;
}

static void refuse(struct turn_input **in, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		in[i]->status = TURN_QUEUE_FULL;
		in[i]->outcome = "refused";
		in[i]->intent = STR("");
		in[i]->text = STR("");
		in[i]->repeats = 0;
		in[i]->opts_out = false;
	}
}

/* Another text that the disk did not give: with one too many of them it is the disk. */
enum err turn_count_read(struct turn *t)
{
	return ++t->reads_failed > TURN_READS_FAILED ? ERR_UNKNOWN : ERR_IO;
}

static enum err one_at_a_time(struct turn *t, struct turn_input **in, size_t n,
                              int64_t now_ms)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n; i++) {
		if (!turn_is_of_the_store(e))
			e = batch_attempt(t, &in[i], 1, now_ms, false);
		if (e == ERR_IO)
			e = turn_count_read(t);
		if (e != ERR_OK && !turn_is_of_the_store(e))
			e = batch_attempt(t, &in[i], 1, now_ms, true);
		if (e != ERR_OK)
			refuse(&in[i], 1);
	}
	return turn_is_of_the_store(e) ? e : ERR_OK;
}

enum err turn_run(struct turn *t, struct turn_input **in, size_t n, int64_t now_ms,
                  struct turn_output *out)
{
	enum err e;

	turn_start(t);
	e = parked_verdicts(t, in, n, now_ms);
	for (size_t done = 0; done < n; done += TURN_BATCH) {
		const size_t batch = n - done < TURN_BATCH ? n - done : TURN_BATCH;

		if (e == ERR_OK)
			e = batch_attempt(t, in + done, batch, now_ms, false);
		if (e == ERR_OK)
			continue;
		if (!turn_is_of_the_store(e))
			e = one_at_a_time(t, in + done, batch, now_ms);
		else
			refuse(in + done, batch);
	}
	if (e == ERR_OK)
		e = parked_work(t, now_ms);
	turn_finish(t, out);
	return e == ERR_BUSY ? ERR_FULL : e;
}

enum err turn_tick(struct turn *t, int64_t now_ms, struct turn_output *out)
{
	int64_t waiting = t->waiting_parts;
	enum err e;

	turn_start(t);
	batch_changes_reset(t);
	e = store_begin(t->conf.store);
	if (e != ERR_OK)
		return e == ERR_BUSY ? ERR_FULL : e;
	e = parts_expire(t, now_ms);
	if (e == ERR_OK)
		e = due_carry_out(t, now_ms);
	if (e == ERR_OK)
		e = due_tell(t, now_ms);
	if (e == ERR_OK)
		e = remind(t, now_ms);
	if (e == ERR_OK)
		e = told_send(t, now_ms);
	if (e == ERR_OK)
		e = approvals_ask(t, now_ms);
	if (e == ERR_OK)
		e = store_record(t->conf.store, &t->changes);
	if (e == ERR_OK)
		e = store_count_parts(t->conf.store, &waiting);
	if (e == ERR_OK)
		e = store_commit(t->conf.store);
	if (e != ERR_OK) {
		store_rollback(t->conf.store);
		t->counts.n = 0;
		if (e == ERR_IO)
			e = turn_count_read(t);
		return e == ERR_BUSY ? ERR_FULL : e;
	}
	t->waiting_parts = waiting;
	batch_recorded(t);
	e = parked_work(t, now_ms);
	turn_finish(t, out);
	return e == ERR_BUSY ? ERR_FULL : e;
}

enum err turn_backlog(struct turn *t, int64_t after, size_t limit,
                      struct turn_output *out)
{
	struct outbox_row *row;
	size_t n;
	enum err e;

	turn_start(t);
	e = store_load_ready(t->conf.store, &t->arena, after, limit, &row, &n);
	if (e != ERR_OK)
		return e;
	while (n > 0 && row[n - 1].id >= t->first_message)
		n--; /* given out by the turn that made it */
	*out = (struct turn_output){ row, n };
	return ERR_OK;
}

const struct catalogue *turn_catalogue(const struct turn *t)
{
	return &t->catalogue;
}

enum err turn_reload_catalogue(struct turn *t)
{
	arena_reset(&t->catalogue_arena);
	t->catalogue = (struct catalogue){ NULL, 0 };
	return store_load_catalogue(t->conf.store, &t->catalogue_arena, &t->catalogue);
}

const volatile int64_t *turn_at(const struct turn *t)
{
	return &t->at;
}

void turn_poison(struct turn *t, const int64_t *fingerprint, size_t n)
{
	for (size_t i = 0; i < n && t->n_poison < TURN_POISON; i++)
		t->poison[t->n_poison++] = fingerprint[i];
}

void turn_swap(struct turn *t, const struct turn_assets *assets)
{
	struct grammar_matcher *matcher = grammar_matcher_create(assets->grammar);

	grammar_matcher_destroy(t->matcher);
	t->matcher = matcher;
	t->conf.fold = assets->fold;
	t->conf.grammar = assets->grammar;
	t->conf.hall = assets->hall;
	t->conf.push = assets->push;
	routes_keep(&t->routes, assets->route, assets->n_routes);
}

const struct turn_count *turn_counts(const struct turn *t, size_t *n)
{
	*n = t->counts.n;
	return t->counts.row;
}

void turn_measure(struct turn *t, const struct clock *clock)
{
	t->stopwatch = *clock;
}

const struct turn_spent *turn_spent(const struct turn *t)
{
	return &t->spent;
}

void turn_lap(struct turn *t, enum turn_stage stage)
{
	const int64_t from = t->stopwatch.mono_us;

	clock_read(&t->stopwatch);
	t->spent.us[stage] += t->stopwatch.mono_us - from;
}
