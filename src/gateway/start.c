/*
 * start.c - what a gateway is made of before it dials: assets, store, turn, worker.
 */
#include <arpa/inet.h>
#include <stdio.h>

#include <sodium.h>

#include "gateway_priv.h"

static enum err load_assets(struct gateway *g, struct fault *fault)
{
	const struct hall_conf hall = { assets_language(
						str_of(g->conf->default_language)),
		                        str_of(g->conf->hotline) };
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

static bool is_loopback(const char *host)
{
	struct in_addr a;

	if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
		return true;
	return inet_pton(AF_INET, host, &a) == 1 && ntohl(a.s_addr) >> 24 == 127;
}

/* A synthetic population holds numbers of real people: its answers stay on this machine. */
static enum err check_synthetic(const struct gateway *g, struct store *store,
                                struct fault *fault)
{
	struct arena a = arena_make(4096);
	struct str value;
	const enum err e = store_setting(store, "synthetic", &a, &value);

	arena_free(&a);
	if (e == ERR_NOT_FOUND || g->options.force)
		return ERR_OK;
	for (size_t i = 0; e == ERR_OK && i < g->conf->n_links; i++) {
		if (is_loopback(g->conf->links[i].host))
			continue;
		fault_set(
			fault,
			"store %s holds a synthetic population, whose numbers real people own: "
			"link %s goes to %s, which is not this machine; use --force if you "
			"are sure",
			g->conf->store, g->conf->links[i].name, g->conf->links[i].host);
		return ERR_REFUSED;
	}
	return e;
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

	if (strncmp(g->conf->store, "sqlite:", 7) != 0 ||
	    strcmp(g->conf->store, "sqlite::memory:") == 0)
		return;
	(void)snprintf(path, sizeof(path), "%s.crash", g->conf->store + 7);
	n = crash_recall(path, fingerprint);
	if (n > 0)
		LOG(g->log, LOG_ERROR, "crash.recalled",
		    "texts=%zu they are set aside when they come again", n);
	turn_poison(turn, fingerprint, n);
	crash_install(path, turn_at(turn));
}

/* Turn and worker over the store; both end with it when this fails. */
static enum err start_worker(struct gateway *g, struct store *store, struct fault *fault)
{
	struct worker_conf w = {
		.store = store, .in = g->to_worker, .out = g->to_loop, .log = g->log
	};
	struct turn_conf t = { .store = store,
		               .fold = g->assets->fold,
		               .grammar = g->assets->grammar,
		               .hall = g->assets->hall };
	enum err e = check_synthetic(g, store, fault);

	if (e == ERR_OK)
		e = load_key(g, store, t.key, fault);
	if (e == ERR_OK)
		e = turn_create(&t, &w.turn, fault);
	if (e != ERR_OK)
		return e;
	watch_crashes(g, w.turn);
	g->check = check_start(store, g->log);
	e = worker_start(&w, &g->worker);
	if (e != ERR_OK) {
		fault_set(fault, "cannot start a thread for the store");
		crash_forget();
		check_end(g->check);
		g->check = NULL;
		turn_destroy(w.turn);
	}
	return e;
}

enum err gateway_start(struct gateway *g, struct fault *fault)
{
	struct store *store;
	enum err e = load_assets(g, fault);

	if (e == ERR_OK)
		e = store_open(g->conf->store, STORE_OPEN, &store, fault);
	if (e != ERR_OK)
		return e;
	e = start_worker(g, store, fault);
	if (e != ERR_OK)
		store_close(store);
	return e;
}
