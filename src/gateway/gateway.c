/*
 * gateway.c - see gateway/gateway.h.
 */
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>
#include <sodium.h>

#include "base/alloc.h"
#include "worker_priv.h"

enum {
	TIMER_MS = 1000, /* at the latest */
	BACKLOG_LOW =
		2048 /* messages; with fewer the next of before the start are asked for */
};

void gateway_arm(struct gateway *g)
{
	const int64_t now = clock_ms(g->clock);
	int64_t wait = dispatch_deadline(g->dispatch) - now;

	if (drain_deadline(g) - now < wait)
		wait = drain_deadline(g) - now;
	if (wait > TIMER_MS)
		wait = TIMER_MS;
	if (wait < 1)
		wait = 1;
	(void)event_add(g->timer, &(struct timeval){ wait / 1000, wait % 1000 * 1000 });
}

void gateway_poke(struct gateway *g)
{
	event_active(g->timer, EV_TIMEOUT, 0);
}

/* ---- mail from the worker ---- */

/* Slice by slice: however many wait in the store, few of them are in memory. */
static void ask_backlog(struct gateway *g)
{
	struct mail_chain chain = { NULL, NULL, 0 };
	struct note *n;

	if (g->backlog_after < 0 || is_draining(g) ||
	    dispatch_count(g->dispatch) >= BACKLOG_LOW)
		return;
	n = xcalloc(1, sizeof(*n));
	n->letter.kind = MAIL_BACKLOG;
	n->after = g->backlog_after;
	g->backlog_after = -1;
	mail_chain_add(&chain, &n->letter.mail);
	mailbox_put(g->to_worker, &chain);
}

void gateway_post(struct gateway *g, struct letter *letter)
{
	struct mail_chain chain = { NULL, NULL, 0 };

	mail_chain_add(&chain, &letter->mail);
	mailbox_put(g->to_worker, &chain);
}

static void take_letter(struct gateway *g, struct letter *letter)
{
	struct note *note = (struct note *)letter;

	switch (letter->kind) {
	case MAIL_INTAKE:
		if (g->reader != NULL)
			reader_note_texts(g->reader, clock_ms(g->clock));
		intake_done(g, (struct intake *)letter);
		return;
	case MAIL_OUTGOING:
		dispatch_add(g->dispatch, (struct outgoing *)letter);
		return;
	case MAIL_BACKLOG:
		if (!note->last)
			g->backlog_after = note->after;
		break;
	case MAIL_ASSETS:
	case MAIL_RELOADED:
	case MAIL_RELOAD:
	case MAIL_RETURNED:
		reload_mail(g, letter);
		return;
	case MAIL_STOPPED:
		g->worker_stopped = true;
		if (g->reader != NULL)
			reader_without_worker(g->reader);
		break;
	case MAIL_SAY:
		if (g->control != NULL)
			control_say(g->control, (const struct office_say *)letter);
		break;
	case MAIL_CAMPAIGNS:
		free(g->campaigns);
		g->campaigns = (struct campaigns_letter *)letter;
		return;
	case MAIL_HALTS:
		dispatch_halt(g->dispatch, &((struct halts_letter *)letter)->halts);
		break;
	case MAIL_READER_STOPPED:
		g->reader_stopped = true;
		break;
	case MAIL_CREDIT:
		g->pushes_ended = true;
		break;
	case MAIL_ORDER:
	case MAIL_ASK:
	case MAIL_VERDICT:
	case MAIL_STOP:
	case MAIL_FAILED:
		if (g->reader != NULL)
			reader_without_worker(g->reader);
		g->options.failed(g->options.ctx);
		break;
	}
	free(note);
}

/* An answer may be wrong from here on, and a write may spread the damage. */
static void stop_on_damage(struct gateway *g)
{
	if (!check_found_damage(g->check))
		return;
	LOG(g->log, LOG_ERROR, "store.damaged", "path=\"%s\" %s", g->db,
	    "the hall ends: restore the newest backup with smshall restore");
	g->options.failed(g->options.ctx);
}

/* What is due once a second. */
static void look_around(struct gateway *g)
{
	if (clock_ms(g->clock) < g->look_at_ms)
		return;
	g->look_at_ms = clock_ms(g->clock) + TIMER_MS;
	stop_on_damage(g);
	metrics_second(g);
	alarms_look(g);
	log_tell_dropped(g->log);
}

static void go_on(struct gateway *g)
{
	links_sweep(g);
	reload_sweep(g);
	look_around(g);
	dispatch_pump(g->dispatch);
	ask_backlog(g);
	gateway_arm(g);
	drain_on(g);
}

static void on_mail(evutil_socket_t fd, short what, void *ctx)
{
	struct gateway *g = ctx;
	struct mail *mail = mailbox_take(g->to_loop), *next;

	(void)fd;
	(void)what;
	clock_read(g->clock);
	for (; mail != NULL; mail = next) {
		next = mail->next;
		take_letter(g, (struct letter *)mail);
	}
	go_on(g);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct gateway *g = ctx;

	(void)fd;
	(void)what;
	clock_read(g->clock);
	go_on(g);
}

/* ---- create ---- */

/* libsodium would abort. */
static void refuse_without_random(void)
{
	static const char line[] =
		"smshall: no random numbers to be had from this machine\n";

	(void)!write(STDERR_FILENO, line, sizeof(line) - 1);
	_exit(EXIT_FAILURE);
}

static enum err start_random(struct fault *fault)
{
	int state;

	(void)sodium_set_misuse_handler(refuse_without_random);
	state = sodium_init();
	(void)sodium_set_misuse_handler(NULL);
	if (state >= 0)
		return ERR_OK;
	fault_set(fault, "no random numbers to be had from this machine");
	return ERR_IO;
}

enum err gateway_create(struct event_base *base, const struct conf *conf,
                        const struct gateway_options *options, struct clock *clock,
                        const struct log *log, struct gateway **out, struct fault *fault)
{
	struct gateway *g;
	enum err e;

	e = start_random(fault);
	if (e != ERR_OK)
		return e;
	g = xcalloc(1, sizeof(*g));
	g->base = base;
	g->conf = g->first_conf = conf;
	g->options = *options;
	g->clock = clock;
	g->log = log;
	g->started_s = clock->wall_s;
	g->link = xcalloc(GATEWAY_LINKS, sizeof(*g->link));
	g->limiter = limiter_create(conf->burst, conf->refill_per_s);
	g->dispatch = dispatch_create(g);
	g->to_worker = mailbox_create();
	g->to_loop = mailbox_create();
	g->mail_event = event_new(base, mailbox_fd(g->to_loop), EV_READ | EV_PERSIST,
	                          on_mail, g);
	g->timer = event_new(base, -1, 0, on_timer, g);
	e = gateway_capture(g, conf->capture_file, conf->capture_max_mb, fault);
	if (e == ERR_OK)
		e = gateway_start(g, fault);
	if (e != ERR_OK) {
		gateway_destroy(g);
		return e;
	}
	(void)event_add(g->mail_event, NULL);
	ask_backlog(g);
	links_apply(g, conf);
	dispatch_learn(g->dispatch);
	links_sweep(g);
	gateway_arm(g);
	*out = g;
	return ERR_OK;
}

/* ---- stop ---- */

void gateway_destroy(struct gateway *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->n_links; i++)
		link_destroy(g->link[i].link);
	capture_close(g->capture);
	control_destroy(g->control);
	reader_end(g->reader);
	check_end(g->check);
	if (g->worker != NULL)
		worker_join(g->worker);
	hasher_end(g->hasher);
	reload_end(g);
	event_free(g->mail_event);
	event_free(g->timer);
	dispatch_destroy(g->dispatch);
	limiter_destroy(g->limiter);
	mailbox_put(g->to_worker, &g->outbound);
	mailbox_destroy(g->to_worker);
	mailbox_destroy(g->to_loop);
	free(g->campaigns);
	assets_destroy(g->assets);
	free(g->link);
	free(g);
}
