/*
 * reader.c - the two threads that do what the office is asked for, beside the worker:
 * each reads through a connection of its own and has the worker write, a piece at a time.
 *
 * The desk answers what is short, such as a trace; the bench does what takes minutes,
 * such as an import.  Between requests the bench does what is due by itself: imports of
 * an earlier life, files in the watched folder, the daily clean-up.
 */
/* For pthread_timedjoin_np.  NOLINTNEXTLINE(readability-identifier-naming,cert-dcl37-c) */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"
#include "office/wire.h"
#include "reader_priv.h"

enum {
	IDLE_MS = 1000,      /* between looks at what is due by itself */
	PATIENCE_S = 1,      /* at the end, with what cannot be cut short */
	PROGRESS_US = 100000 /* between two lines of progress */
};

/* ---- letters ---- */

void reader_post(struct reader *r, struct letter *letter)
{
	struct mail_chain chain = { NULL, NULL, 0 };

	(void)pthread_mutex_lock(&r->lock);
	if (r->left) {
		free(letter);
	} else {
		mail_chain_add(&chain, &letter->mail);
		mailbox_put(r->to_loop, &chain);
	}
	(void)pthread_mutex_unlock(&r->lock);
}

static void say(struct clerk *c, const struct wire *w)
{
	struct buf line = buf_make(WIRE_LINE_MAX);
	struct office_say *s;

	wire_put(&line, w);
	if (line.failed) {
		buf_reset(&line);
		wire_put(&line, &(struct wire){ .kind = WIRE_LINE,
		                                .text = STR("(a line too long)") });
	}
	s = xcalloc(1, sizeof(*s) + line.n);
	s->letter.kind = MAIL_SAY;
	s->client = c->client;
	s->may_drop = w->kind == WIRE_PROGRESS;
	s->last = w->kind == WIRE_OK || w->kind == WIRE_ERROR;
	s->n = line.n;
	memcpy(s->text, line.p, line.n);
	buf_free(&line);
	reader_post(c->office, &s->letter);
}

static void on_line(void *ctx, struct str line)
{
	say(ctx, &(struct wire){ .kind = WIRE_LINE, .text = line });
}

static void on_progress(void *ctx, int64_t done, int64_t total, int64_t rows)
{
	struct clerk *c = ctx;
	const int64_t now = clock_machine().mono_us;

	if (now < c->progress_us)
		return;
	c->progress_us = now + PROGRESS_US;
	say(c,
	    &(struct wire){
		    .kind = WIRE_PROGRESS, .done = done, .total = total, .rows = rows });
}

/* ---- the thread ---- */

/* What is configured now holds for one request: reader_uses() sees it before it is used. */
static void take_conf(struct clerk *c)
{
	const struct conf *now;

	do {
		now = atomic_load(&c->office->conf);
		atomic_store(&c->conf, now);
	} while (now != atomic_load(&c->office->conf));
	c->host.conf = now;
}

static void do_request(struct clerk *c, const struct office_ask *a)
{
	const struct office_peer peer = { on_line, on_progress, c };
	struct fault fault = { .text = "" };
	enum err e = ERR_STATE;

	take_conf(c);
	c->client = a->client;
	c->progress_us = 0;
	if (atomic_load(&c->office->ending))
		fault_set(&fault, "the process ends: ask again when it is back");
	else
		e = office_do(&c->host, (struct str){ a->text, a->n }, &peer, &fault);
	if (e == ERR_OK)
		say(c, &(struct wire){ .kind = WIRE_OK });
	else
		say(c, &(struct wire){ .kind = WIRE_ERROR, .text = str_of(fault.text) });
}

/* Whether there is more to do at once. */
static bool do_errands(struct clerk *c)
{
	if (c->errands == NULL)
		return false;
	take_conf(c);
	return errands_run(c->errands, &c->host, clock_machine());
}

static void *run(void *arg)
{
	struct clerk *c = arg;
	struct note *end;

	thread_aside();
	while (!atomic_load(&c->office->ending)) {
		struct mail *mail, *next;

		mail = mailbox_wait(c->in, do_errands(c) ? 0 : IDLE_MS);
		for (; mail != NULL; mail = next) {
			next = mail->next;
			if (((struct letter *)mail)->kind == MAIL_ASK)
				do_request(c, (struct office_ask *)mail);
			free(mail);
		}
	}
	if (atomic_fetch_sub(&c->office->running, 1) > 1)
		return NULL;
	end = xcalloc(1, sizeof(*end));
	end->letter.kind = MAIL_READER_STOPPED;
	reader_post(c->office, &end->letter);
	return NULL;
}

/* ---- from the loop thread ---- */

static void clerk_end(struct clerk *c)
{
	if (c->office == NULL) /* not opened */
		return;
	mailbox_destroy(c->in);
	mailbox_destroy(c->back);
	store_reader_close(c->store);
	errands_destroy(c->errands);
}

static void reader_free(struct reader *r)
{
	for (size_t i = 0; i < CLERKS; i++)
		clerk_end(&r->clerk[i]);
	(void)pthread_mutex_destroy(&r->lock);
	free(r);
}

static enum err clerk_open(struct reader *r, struct clerk *c, const struct gateway *g,
                           const struct store *store, struct fault *fault)
{
	enum err e;

	c->office = r;
	c->in = mailbox_create();
	c->back = mailbox_create();
	e = store_reader_open(store, &c->store, fault);
	c->host = reader_host(c);
	c->host.reader = c->store;
	c->host.figures = &r->figures;
	c->host.conf = g->conf;
	c->host.log = g->log;
	return e;
}

static enum err clerk_start(struct clerk *c, struct fault *fault)
{
	atomic_fetch_add(&c->office->running, 1);
	c->started = pthread_create(&c->thread, NULL, run, c) == 0;
	if (c->started)
		return ERR_OK;
	atomic_fetch_sub(&c->office->running, 1);
	fault_set(fault, "cannot start a thread for the office");
	return ERR_FULL;
}

enum err reader_start(struct gateway *g, const struct store *store, struct reader **out,
                      struct fault *fault)
{
	struct reader *r = xcalloc(1, sizeof(*r));
	enum err e = ERR_OK;

	r->to_worker = g->to_worker;
	r->to_loop = g->to_loop;
	r->log = g->log;
	atomic_store(&r->conf, g->conf);
	r->turn_us = &g->work.turn_us;
	atomic_store(&r->text_ms, -INT64_C(2) * READER_BUSY_MS);
	(void)pthread_mutex_init(&r->lock, NULL);
	for (size_t i = 0; i < CLERKS && e == ERR_OK; i++)
		e = clerk_open(r, &r->clerk[i], g, store, fault);
	if (e != ERR_OK) {
		reader_free(r);
		return e;
	}
	r->clerk[BENCH].errands = errands_create(g->conf, g->log, clock_machine());
	for (size_t i = 0; i < CLERKS && e == ERR_OK; i++)
		e = clerk_start(&r->clerk[i], fault);
	if (e == ERR_OK)
		*out = r;
	else
		reader_end(r);
	return e;
}

static void hand_over(struct clerk *c, struct letter *letter)
{
	struct mail_chain chain = { NULL, NULL, 0 };

	mail_chain_add(&chain, &letter->mail);
	mailbox_put(c->in, &chain);
}

void reader_ask(struct reader *r, uint64_t client, struct str request)
{
	struct office_ask *a = xcalloc(1, sizeof(*a) + request.n);

	a->letter.kind = MAIL_ASK;
	a->client = client;
	a->n = request.n;
	memcpy(a->text, request.p, request.n);
	hand_over(&r->clerk[office_is_long(request) ? BENCH : DESK], &a->letter);
}

void reader_set_conf(struct reader *r, const struct conf *conf)
{
	atomic_store(&r->conf, conf);
}

bool reader_uses(const struct reader *r, const struct conf *conf)
{
	bool used = conf == atomic_load(&r->conf);

	for (size_t i = 0; i < CLERKS; i++)
		used = used || conf == atomic_load(&r->clerk[i].conf);
	return used;
}

void reader_note_texts(struct reader *r, int64_t now_ms)
{
	atomic_store(&r->text_ms, now_ms);
}

void reader_stop(struct reader *r)
{
	atomic_store(&r->ending, true);
	for (size_t i = 0; i < CLERKS; i++) {
		struct note *wake = xcalloc(1, sizeof(*wake));

		store_reader_stop(r->clerk[i].store);
		wake->letter.kind = MAIL_STOP;
		hand_over(&r->clerk[i], &wake->letter);
	}
}

/* false: it runs on, with what cannot be cut short. */
static bool join(const struct clerk *c, const struct timespec *until)
{
	if (!c->started || pthread_timedjoin_np(c->thread, NULL, until) == 0)
		return true;
	(void)pthread_detach(c->thread);
	return false;
}

void reader_end(struct reader *r)
{
	struct timespec until;
	bool ended = true;

	if (r == NULL)
		return;
	reader_stop(r);
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	for (size_t i = 0; i < CLERKS; i++)
		ended = join(&r->clerk[i], &until) && ended;
	if (ended) {
		reader_free(r);
		return;
	}
	(void)pthread_mutex_lock(&r->lock);
	r->left = true;
	(void)pthread_mutex_unlock(&r->lock);
}

void reader_without_worker(struct reader *r)
{
	atomic_store(&r->worker_gone, true);
}

const struct office_figures *reader_figures(const struct reader *r)
{
	return &r->figures;
}
