/*
 * start.c - what a gateway is made of before it dials: assets, store, turn, worker.
 */
#include <stdio.h>

#include <sodium.h>

#include "office/wire.h"
#include "worker_priv.h"

static enum err load_assets(struct gateway *g, struct fault *fault)
{
	const struct hall_conf hall = reload_hall_conf(g->conf);
	struct buf report = buf_make(1 << 20);
	struct str rest, line;
	enum err e;

	e = assets_load(g->conf->grammar, &hall, g->clock->wall_s, &g->assets, &report,
	                fault);
	rest = buf_str(&report);
	while (str_cut(&rest, '\n', &line)) {
		if (line.n > 0)
			LOG(g->log, LOG_DEBUG, "grammar.lint", "%.*s", STR_ARG(line));
	}
	buf_free(&report);
	return e;
}

static enum err read_synthetic(struct gateway *g, struct store *store,
                               struct fault *fault)
{
	struct arena a = arena_make(4096);
	struct str value;
	const enum err e = store_setting(store, "synthetic", &a, &value);

	arena_free(&a);
	g->synthetic = e == ERR_OK;
	return e == ERR_OK || e == ERR_NOT_FOUND ? links_check(g, g->conf, fault) : e;
}

/* What follows the scheme, where that is a file. */
static const char *db_path(const char *url)
{
	if (strncmp(url, "sqlite:", 7) != 0 || strcmp(url, "sqlite::memory:") == 0)
		return NULL;
	return url + 7;
}

/* The key of fingerprints: made once, kept in the store, so that they outlive a restart. */
static enum err load_key(const struct gateway *g, struct store *store,
                         uint8_t key[static 16], struct fault *fault)
{
	struct arena a = arena_make(4096);
	struct str value;
	enum err e = store_setting(store, "fingerprint_key", &a, &value);

	if (e == ERR_OK && value.n != 16) {
		e = ERR_CORRUPT;
	} else if (e == ERR_OK) {
		memcpy(key, value.p, 16);
	} else if (e == ERR_NOT_FOUND) {
		randombytes_buf(key, 16);
		e = store_set_setting(store, "fingerprint_key",
		                      (struct str){ (const char *)key, 16 });
	}
	arena_free(&a);
	if (e != ERR_OK)
		fault_set(fault, "cannot read the key of fingerprints in %s: %s (%s)",
		          g->conf->store, err_text(e), store_fault(store));
	return e;
}

/* The crash file lies beside the database; a store without a file has none. */
static void watch_crashes(const struct gateway *g, struct turn *turn)
{
	int64_t fingerprint[CRASH_MAX];
	char path[4096];
	size_t n;

	if (g->db == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s.crash", g->db);
	n = crash_recall(path, fingerprint);
	if (n > 0)
		LOG(g->log, LOG_ERROR, "crash.recalled",
		    "texts=%zu they are set aside when they come again", n);
	turn_poison(turn, fingerprint, n);
	crash_install(path, turn_at(turn));
}

/*
 * The thread beside the worker and its socket.  The hall answers without them: what is
 * wrong with them goes to the log.
 */
static void start_office(struct gateway *g, const struct store *store)
{
	struct buf path = buf_make(4096);
	struct fault fault = { .text = "" };
	enum err e = ERR_UNSUPPORTED;

	if (wire_path(g->conf->store, &path))
		e = reader_start(g, store, &g->reader, &fault);
	else
		fault_set(&fault, "a store in memory has none");
	if (e == ERR_OK)
		e = control_create(g, buf_cstr(&path), &g->control, &fault);
	if (e == ERR_OK)
		LOG(g->log, LOG_INFO, "control.open", "path=\"%s\"", buf_cstr(&path));
	else
		LOG(g->log, e == ERR_UNSUPPORTED ? LOG_INFO : LOG_ERROR, "control.none",
		    "reason=\"%s\"", fault.text);
	buf_free(&path);
}

/* Before there is a worker. */
static void stop_office(struct gateway *g)
{
	if (g->reader == NULL)
		return;
	control_destroy(g->control);
	reader_without_worker(g->reader);
	reader_end(g->reader);
	g->control = NULL;
	g->reader = NULL;
}

static uint64_t random_bits(void *unused)
{
	uint64_t bits;

	(void)unused;
	randombytes_buf(&bits, sizeof(bits));
	return bits;
}

/* Turn and worker over the store; both end with it when this fails. */
static enum err start_worker(struct gateway *g, struct store *store, struct fault *fault)
{
	struct worker_conf w = { .store = store,
		                 .in = g->to_worker,
		                 .out = g->to_loop,
		                 .log = g->log,
		                 .figures = &g->work };
	struct turn_route route[TURN_ROUTES];
	struct turn_conf t = { .store = store,
		               .fold = g->assets->fold,
		               .grammar = g->assets->grammar,
		               .hall = g->assets->hall,
		               .push = &g->assets->push,
		               .route = route,
		               .n_routes = reload_routes(g->conf, route),
		               .dice = random_bits };
	const struct clock stopwatch = clock_machine();
	enum err e = read_synthetic(g, store, fault);

	if (e == ERR_OK)
		e = load_key(g, store, t.key, fault);
	if (e == ERR_OK)
		e = hasher_key(g, store, &g->pin, fault);
	if (e == ERR_OK)
		e = hasher_start(&g->pin, g->to_worker, &g->hasher, fault);
	t.pin = &g->pin;
	t.pin_post = g->hasher != NULL ? hasher_post : NULL;
	t.pin_arg = g->hasher;
	if (e == ERR_OK)
		e = turn_create(&t, &w.turn, fault);
	if (e != ERR_OK) {
		hasher_end(g->hasher);
		g->hasher = NULL;
		return e;
	}
	turn_measure(w.turn, &stopwatch);
	watch_crashes(g, w.turn);
	g->check = check_start(store, g->log);
	start_office(g, store);
	e = worker_start(&w, &g->worker);
	if (e != ERR_OK) {
		stop_office(g);
		fault_set(fault, "cannot start a thread for the store");
		crash_forget();
		check_end(g->check);
		g->check = NULL;
		turn_destroy(w.turn);
		hasher_end(g->hasher);
		g->hasher = NULL;
	}
	return e;
}

enum err gateway_start(struct gateway *g, struct fault *fault)
{
	struct store *store;
	enum err e = load_assets(g, fault);

	g->db = db_path(g->conf->store);
	if (e == ERR_OK)
		e = store_open(g->conf->store, STORE_OPEN, &store, fault);
	if (e != ERR_OK)
		return e;
	e = start_worker(g, store, fault);
	if (e != ERR_OK)
		store_close(store);
	return e;
}
