/*
 * reload.c - configuration, grammar and replies read again while the hall runs.
 *
 * A thread of its own reads and checks (a grammar takes longer than a loop may wait),
 * then the loop applies everything or nothing: limits and links at once; grammar and
 * replies when the worker has gone over to them between two turns.
 *
 * Who asks over the socket is told what came of it, or, on trial, lent what was read
 * beside what is in use; one thing after the other: while anything is read, under way to
 * the worker or lent, further requests wait.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway_priv.h"

enum {
	REPORT_MAX = 1 << 20,
	MARKETING_TON = 0, /* unknown: a number of the network's own */
	MARKETING_NPI = 1
};

/* What the thread is given and what it leaves; the loop reads that after its note. */
struct reloading {
	pthread_t thread;
	const char *path; /* NULL: the conf of before is used */
	const struct conf *before;
	struct log log;
	int64_t now_s;
	struct mailbox *out;
	struct reload_ask *ask; /* NULL: a signal */
	bool joined;
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

static bool has_route(const struct turn_route *route, size_t n, struct str group)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(route[i].group, group))
			return true;
	}
	return false;
}

/* "10086", also of "10086*". */
static struct str hall_number(const struct conf_link *l)
{
	struct str s = l->n_numbers > 0 ? str_of(l->numbers[0]) : STR("");

	if (s.n > 0 && s.p[s.n - 1] == '*')
		s.n--;
	return s;
}

size_t reload_routes(const struct conf *conf, struct turn_route route[static TURN_ROUTES])
{
	size_t n = 0;

	_Static_assert((int)TURN_ROUTES >= (int)CONF_LINKS, "one a link at most");
	for (size_t i = 0; i < conf->n_links; i++) {
		const struct conf_link *l = &conf->links[i];
		const struct str group = str_of(l->group);

		if (l->marketing[0] == '\0' || has_route(route, n, group))
			continue;
		route[n++] = (struct turn_route){
			group,
			{ MARKETING_TON, MARKETING_NPI, str_of(l->marketing) },
			{ MARKETING_TON, MARKETING_NPI, hall_number(l) }
		};
	}
	return n;
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

static bool is_busy(const struct gateway *g)
{
	return g->reload.under_way != NULL || g->reload.coming != NULL || g->reload.lent;
}

static void answer(struct reload_ask *a, enum err e)
{
	struct mail_chain chain = { NULL, NULL, 0 };

	a->result = e;
	mail_chain_add(&chain, &a->letter.mail);
	mailbox_put(a->back, &chain);
}

/* What is in use is lent, beside r, what was read, if it is only a trial. */
static void lend(struct gateway *g, struct reload_ask *a, const struct reloading *r)
{
	a->what = (struct office_reload){
		.path = g->options.config,
		.started = g->first_conf,
		.running = g->conf,
		.now = r != NULL && r->conf != NULL ? r->conf : g->conf,
		.grammar = g->assets->grammar,
		.read = r != NULL ? r->assets->grammar : g->assets->grammar
	};
	g->reload.lent = true;
	answer(a, ERR_OK);
}

static void answer_ended(struct reload_ask *a)
{
	fault_set(&a->fault, "the process ends: its next start reads the files");
	answer(a, ERR_STATE);
}

static void answer_refused(const struct gateway *g, struct reload_ask *a, const char *why)
{
	fault_set(&a->fault, "%s; nothing was changed, grammar %s serves on", why,
	          grammar_revision(g->assets->grammar));
	answer(a, ERR_REFUSED);
}

static void refuse(struct gateway *g, struct reload_ask *a, const char *why)
{
	const bool trial = a != NULL && a->trial;

	if (a != NULL)
		answer_refused(g, a, why); /* from here on it is the asker's */
	if (trial)
		return;
	metric_add(&g->figures.reloads_refused, 1);
	g->reload.at_s = g->clock->wall_s;
	g->look_at_ms = 0; /* the alarm comes or goes at once */
	(void)snprintf(g->reload.refusal, sizeof(g->reload.refusal), "%s", why);
	LOG(g->log, LOG_ERROR, "reload.refused", "%s; the files before stay in use", why);
}

static void start(struct gateway *g, struct reload_ask *a)
{
	struct reloading *r = xcalloc(1, sizeof(*r));

	r->path = g->options.config;
	r->before = g->conf;
	r->now_s = g->clock->wall_s;
	r->out = g->to_loop;
	r->ask = a;
	if (g->log != NULL)
		r->log = *g->log;
	if (pthread_create(&r->thread, NULL, run, r) != 0) {
		free(r);
		refuse(g, a, "no thread to be had for reading the files");
		return;
	}
	g->reload.under_way = r;
}

/* What was asked for meanwhile. */
static void start_next(struct gateway *g)
{
	struct reload *re = &g->reload;

	while (!is_busy(g) && !is_draining(g) && (re->waiting != NULL || re->again)) {
		struct reload_ask *a = re->waiting;

		if (a != NULL)
			re->waiting = a->next;
		else
			re->again = false;
		start(g, a);
	}
}

void gateway_reload(struct gateway *g)
{
	g->reload.again = true;
	start_next(g);
}

static void take_ask(struct gateway *g, struct reload_ask *a)
{
	struct reload_ask **end = &g->reload.waiting;

	if (is_draining(g)) {
		answer_ended(a);
		return;
	}
	while (*end != NULL)
		end = &(*end)->next;
	*end = a;
	start_next(g);
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
	enum err e = ERR_OK;

	if (r->conf == NULL)
		return ERR_OK;
	if (strcmp(g->conf->capture_file, r->conf->capture_file) != 0 ||
	    g->conf->capture_max_mb != r->conf->capture_max_mb)
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
	if (g->reader != NULL)
		reader_set_conf(g->reader, g->conf);
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
	s->n_routes = reload_routes(g->conf, s->route);
	gateway_post(g, &s->letter);
}

/* Whether what was read could be gone over to. */
static enum err check_read(const struct gateway *g, struct reloading *r)
{
	if (r->assets == NULL)
		return ERR_REFUSED;
	return r->conf != NULL ? links_check(g, r->conf, &r->fault) : ERR_OK;
}

static void end_reading(struct gateway *g)
{
	destroy(g->reload.under_way);
	g->reload.under_way = NULL;
}

static void apply(struct gateway *g, struct reloading *r)
{
	if (apply_conf(g, r) != ERR_OK) {
		refuse(g, r->ask, r->fault.text);
		return;
	}
	g->reload.asker = r->ask;
	send_assets(g, r);
}

static void has_read(struct gateway *g)
{
	struct reloading *r = g->reload.under_way;

	(void)pthread_join(r->thread, NULL);
	r->joined = true;
	if (is_draining(g) && r->ask != NULL)
		answer_ended(r->ask);
	else if (!is_draining(g) && check_read(g, r) != ERR_OK)
		refuse(g, r->ask, r->fault.text);
	else if (!is_draining(g) && r->ask != NULL && r->ask->trial) {
		lend(g, r->ask, r);
		return; /* until it comes back */
	} else if (!is_draining(g)) {
		apply(g, r);
	}
	end_reading(g);
}

/* The worker uses the new ones, and nobody the old ones any more. */
static void assets_in_use(struct gateway *g)
{
	struct reload_ask *a = g->reload.asker;

	assets_destroy(g->assets);
	g->assets = g->reload.coming;
	g->reload.coming = NULL;
	g->reload.asker = NULL;
	g->reload.refusal[0] = '\0';
	g->reload.at_s = g->clock->wall_s;
	g->look_at_ms = 0; /* the alarm comes or goes at once */
	metric_add(&g->figures.reloads, 1);
	LOG(g->log, LOG_INFO, "reload.applied", "grammar=%s links=%zu",
	    grammar_revision(g->assets->grammar), g->conf->n_links);
	if (a != NULL)
		lend(g, a, NULL);
}

static void has_returned(struct gateway *g)
{
	g->reload.lent = false;
	if (g->reload.under_way != NULL)
		end_reading(g);
}

void reload_mail(struct gateway *g, struct letter *letter)
{
	const enum mail_kind kind = letter->kind;

	if (kind == MAIL_RELOAD) {
		take_ask(g, (struct reload_ask *)letter);
		return;
	}
	free(letter);
	if (kind == MAIL_RELOADED)
		has_read(g);
	else if (kind == MAIL_RETURNED)
		has_returned(g);
	else
		assets_in_use(g);
	start_next(g);
}

static bool is_used(const struct gateway *g, const struct conf *conf)
{
	if (conf == g->conf || (g->reader != NULL && reader_uses(g->reader, conf)) ||
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
	struct reload_ask *a, *next;

	if (re->under_way != NULL) {
		if (!re->under_way->joined) {
			(void)pthread_join(re->under_way->thread, NULL);
			free(re->under_way->ask);
		}
		destroy(re->under_way);
	}
	for (a = re->waiting; a != NULL; a = next) {
		next = a->next;
		free(a);
	}
	free(re->asker);
	assets_destroy(re->coming);
	for (size_t i = 0; i < re->n_own; i++)
		conf_destroy(re->own[i]);
	free(re->own);
}
