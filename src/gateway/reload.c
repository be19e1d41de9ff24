/*
 * reload.c - configuration, grammar and replies read again while the hall runs.
 *
 * A thread of its own reads and checks (a grammar takes longer than a loop may wait),
 * then the loop applies everything or nothing: limits and links at once; grammar and
 * replies when the worker has gone over to them between two turns.
 *
 * Open dialogues will have to keep the revision they began with: assets are destroyed
 * in assets_in_use() only, which is where they would be kept for those.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway_priv.h"

enum {
	REPORT_MAX = 1 << 20
};

/* What the thread is given and what it leaves; the loop reads that after its note. */
struct reloading {
	pthread_t thread;
	const char *path; /* NULL: the conf of before is used */
	const struct conf *before;
	struct log log;
	int64_t now_s;
	struct mailbox *out;
	struct conf *conf; /* NULL: there is no path, or it failed */
	struct assets *assets;
	struct fault fault;
};

struct hall_conf reload_hall_conf(const struct conf *conf)
{
	return (struct hall_conf){
		.default_language = assets_language(str_of(conf->default_language)),
		.hotline = str_of(conf->hotline),
		.plain_yes_fen = conf->plain_yes_fen,
	};
}

/* ---- on the thread ---- */

/* Refused when everyone may write it; a foreign owner is only told. */
static enum err check_trust(const struct reloading *r, const char *path,
                            struct fault *fault)
{
	struct fault found = { .text = "" };
	const enum err e = conf_trusted(path, &found);

	if (e == ERR_REFUSED)
		fault_set(fault, "%s", found.text);
	else if (e == ERR_STATE)
		LOG(&r->log, LOG_WARN, "file.owner", "%s", found.text);
	return e == ERR_REFUSED ? e : ERR_OK;
}

static enum err read_conf(struct reloading *r)
{
	enum err e;

	if (r->path == NULL)
		return ERR_OK;
	e = check_trust(r, r->path, &r->fault);
	if (e == ERR_OK)
		e = conf_load(r->path, &r->conf, &r->fault);
	if (e == ERR_OK && r->conf->n_links == 0) {
		fault_set(&r->fault, "%s: no links: which SMSC is to be served?",
		          r->path);
		return ERR_RANGE;
	}
	return e;
}

static enum err read_assets(struct reloading *r)
{
	const struct conf *conf = r->conf != NULL ? r->conf : r->before;
	const struct hall_conf hall = reload_hall_conf(conf);
	struct buf report = buf_make(REPORT_MAX);
	enum err e = check_trust(r, conf->grammar, &r->fault);

	if (e == ERR_OK)
		e = assets_load(conf->grammar, &hall, r->now_s, &r->assets, &report,
		                &r->fault);
	buf_free(&report);
	return e;
}

static void *run(void *arg)
{
	struct reloading *r = arg;
	struct note *n = xcalloc(1, sizeof(*n));
	struct mail_chain chain = { NULL, NULL, 0 };

	if (read_conf(r) == ERR_OK && read_assets(r) != ERR_OK)
		assert(r->assets == NULL);
	n->letter.kind = MAIL_RELOADED;
	mail_chain_add(&chain, &n->letter.mail);
	mailbox_put(r->out, &chain);
	return NULL;
}

/* ---- on the loop ---- */

static void refuse(struct gateway *g, const char *why)
{
	metric_add(&g->figures.reloads_refused, 1);
	g->reload.at_s = g->clock->wall_s;
	g->look_at_ms = 0; /* the alarm comes or goes at once */
	(void)snprintf(g->reload.refusal, sizeof(g->reload.refusal), "%s", why);
	LOG(g->log, LOG_ERROR, "reload.refused", "%s; the files before stay in use", why);
}

void gateway_reload(struct gateway *g)
{
	struct reloading *r;

	if (is_draining(g))
		return;
	if (g->reload.under_way != NULL || g->reload.coming != NULL) {
		g->reload.again = true;
		return;
	}
	r = xcalloc(1, sizeof(*r));
	r->path = g->options.config;
	r->before = g->conf;
	r->now_s = g->clock->wall_s;
	r->out = g->to_loop;
	if (g->log != NULL)
		r->log = *g->log;
	if (pthread_create(&r->thread, NULL, run, r) != 0) {
		free(r);
		refuse(g, "no thread to be had for reading the files");
		return;
	}
	g->reload.under_way = r;
}

static void destroy(struct reloading *r)
{
	conf_destroy(r->conf);
	assets_destroy(r->assets);
	free(r);
}

static void keep_conf(struct gateway *g, struct conf *conf)
{
	struct reload *re = &g->reload;

	re->own = xrealloc(re->own, (re->n_own + 1) * sizeof(struct conf *));
	re->own[re->n_own++] = conf;
}

static void warn_of_restart(const struct gateway *g)
{
	struct buf keys = buf_make(REPORT_MAX);

	conf_restart_keys(g->first_conf, g->conf, &keys);
	if (keys.n > 0)
		LOG(g->log, LOG_WARN, "reload.restart", "keys=\"%s\" %s", buf_cstr(&keys),
		    "these take effect at the next start");
	buf_free(&keys);
}

static enum err apply_conf(struct gateway *g, struct reloading *r)
{
	enum err e;

	if (r->conf == NULL)
		return ERR_OK;
	e = links_check(g, r->conf, &r->fault);
	if (e == ERR_OK && (strcmp(g->conf->capture_file, r->conf->capture_file) != 0 ||
	                    g->conf->capture_max_mb != r->conf->capture_max_mb))
		e = gateway_capture(g, r->conf->capture_file, r->conf->capture_max_mb,
		                    &r->fault);
	if (e != ERR_OK)
		return e;
	keep_conf(g, r->conf);
	g->conf = r->conf;
	r->conf = NULL;
	limiter_set(g->limiter, g->conf->burst, g->conf->refill_per_s);
	links_apply(g, g->conf);
	dispatch_learn(g->dispatch);
	links_sweep(g);
	warn_of_restart(g);
	if (g->options.reloaded != NULL)
		g->options.reloaded(g->options.ctx, g->conf);
	return ERR_OK;
}

static void send_assets(struct gateway *g, struct reloading *r)
{
	struct swap *s = xcalloc(1, sizeof(*s));

	g->reload.coming = r->assets;
	r->assets = NULL;
	s->letter.kind = MAIL_ASSETS;
	s->assets = g->reload.coming;
	gateway_post(g, &s->letter);
}

static void has_read(struct gateway *g)
{
	struct reloading *r = g->reload.under_way;

	(void)pthread_join(r->thread, NULL);
	g->reload.under_way = NULL;
	if (is_draining(g)) {
		destroy(r);
		return;
	}
	if (r->assets == NULL || apply_conf(g, r) != ERR_OK)
		refuse(g, r->fault.text);
	else
		send_assets(g, r);
	destroy(r);
}

/* The worker uses the new ones, and nobody the old ones any more. */
static void assets_in_use(struct gateway *g)
{
	assets_destroy(g->assets);
	g->assets = g->reload.coming;
	g->reload.coming = NULL;
	g->reload.refusal[0] = '\0';
	g->reload.at_s = g->clock->wall_s;
	g->look_at_ms = 0; /* the alarm comes or goes at once */
	metric_add(&g->figures.reloads, 1);
	LOG(g->log, LOG_INFO, "reload.applied", "grammar=%s links=%zu",
	    grammar_revision(g->assets->grammar), g->conf->n_links);
}

void reload_mail(struct gateway *g, struct letter *letter)
{
	if (letter->kind == MAIL_RELOADED)
		has_read(g);
	else
		assets_in_use(g);
	free(letter);
	if (g->reload.again && g->reload.under_way == NULL && g->reload.coming == NULL) {
		g->reload.again = false;
		gateway_reload(g);
	}
}

static bool is_used(const struct gateway *g, const struct conf *conf)
{
	if (conf == g->conf ||
	    (g->reload.under_way != NULL && g->reload.under_way->before == conf))
		return true;
	for (size_t i = 0; i < g->n_links; i++) {
		const struct conf_link *l = g->link[i].conf;

		if (l != NULL && l >= conf->links && l < conf->links + conf->n_links)
			return true;
	}
	return false;
}

void reload_sweep(struct gateway *g)
{
	struct reload *re = &g->reload;
	size_t kept = 0;

	for (size_t i = 0; i < re->n_own; i++) {
		if (is_used(g, re->own[i]))
			re->own[kept++] = re->own[i];
		else
			conf_destroy(re->own[i]);
	}
	re->n_own = kept;
}

void reload_end(struct gateway *g)
{
	struct reload *re = &g->reload;

	if (re->under_way != NULL) {
		(void)pthread_join(re->under_way->thread, NULL);
		destroy(re->under_way);
	}
	assets_destroy(re->coming);
	for (size_t i = 0; i < re->n_own; i++)
		conf_destroy(re->own[i]);
	free(re->own);
}
