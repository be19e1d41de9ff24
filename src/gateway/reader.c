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
#include "gateway_priv.h"
#include "office/errand.h"
#include "office/office.h"
#include "office/wire.h"

enum {
	IDLE_MS = 1000,      /* between looks at what is due by itself */
	GIVE_UP_MS = 50,     /* between looks whether the worker is still there */
	PATIENCE_S = 1,      /* at the end, with what cannot be cut short */
	BUSY_MS = 1000,      /* so long after a text the hall counts as busy */
	PROGRESS_US = 100000 /* between two lines of progress */
};

/* One of the threads. */
struct clerk {
	struct reader *office;
	pthread_t thread;
	bool started;
	struct store_reader *store;
	struct mailbox *in, *back; /* what the loop asks; orders that the worker did */
	struct office_host host;
	struct errands *errands;           /* NULL at the desk */
	uint64_t client;                   /* whose request runs */
	_Atomic(const struct conf *) conf; /* that it goes by */
	int64_t progress_us;
};

enum {
	DESK,
	BENCH,
	CLERKS
};

struct reader {
	struct clerk clerk[CLERKS];
	struct mailbox *to_worker; /* borrowed */
	struct mailbox *to_loop;   /* borrowed, until left */
	pthread_mutex_t lock;      /* of left */
	bool left;                 /* nobody listens to these threads any more */
	atomic_bool ending, worker_gone;
	atomic_int running;                /* threads */
	atomic_llong text_ms;              /* monotonic: when texts were answered last */
	const struct metric *turn_us;      /* of the worker */
	struct office_figures figures;     /* written by the bench */
	_Atomic(const struct conf *) conf; /* of now; borrowed */
	const struct log *log;
};

/* ---- letters ---- */

static void post(struct reader *r, struct letter *letter)
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
	post(c->office, &s->letter);
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

/* ---- what the office needs of the gateway ---- */

/* NULL: the worker has ended without looking at what was ordered. */
static struct office_order *wait_for_order(const struct clerk *c)
{
	struct mail *m = NULL;

	while (m == NULL && !atomic_load(&c->office->worker_gone))
		m = mailbox_wait(c->back, GIVE_UP_MS);
	if (m == NULL)
		m = mailbox_take(c->back);
	return (struct office_order *)m;
}

static enum err order(struct clerk *c, struct office_order what)
{
	struct mail_chain chain = { NULL, NULL, 0 };
	struct office_order *o;
	enum err e;

	if (atomic_load(&c->office->ending))
		return ERR_STATE;
	o = xcalloc(1, sizeof(*o));
	*o = what;
	o->letter.kind = MAIL_ORDER;
	o->back = c->back;
	mail_chain_add(&chain, &o->letter.mail);
	mailbox_put(c->office->to_worker, &chain);
	o = wait_for_order(c);
	if (o == NULL)
		return ERR_STATE;
	e = o->result;
	free(o);
	return e;
}

static enum err write_there(void *ctx, enum err (*work)(struct store *s, void *arg),
                            void *arg)
{
	return order(ctx, (struct office_order){ .work = work, .arg = arg });
}

static void packages_changed(void *ctx)
{
	struct clerk *c = ctx;

	if (order(c, (struct office_order){ .catalogue = true }) != ERR_OK)
		LOG(c->office->log, LOG_WARN, "catalogue.stale", "%s",
		    "the packages imported are in use from the next start on");
}

static void campaigns_changed(void *ctx)
{
	struct clerk *c = ctx;

	if (order(c, (struct office_order){ .campaigns = true }) != ERR_OK)
		LOG(c->office->log, LOG_WARN, "campaigns.stale", "%s",
		    "what was changed about campaigns is in force from the next start on");
}

/* The loop's answer; NULL: the process ends, nobody waits for it any more. */
static struct reload_ask *wait_for_files(const struct clerk *c)
{
	struct mail *m = NULL;

	while (m == NULL && !atomic_load(&c->office->ending))
		m = mailbox_wait(c->back, GIVE_UP_MS);
	return (struct reload_ask *)m;
}

static enum err ask_reload(void *ctx, bool trial, struct office_reload *out,
                           struct fault *fault)
{
	struct clerk *c = ctx;
	struct reload_ask *a = xcalloc(1, sizeof(*a));
	enum err e;

	a->letter.kind = MAIL_RELOAD;
	a->trial = trial;
	a->back = c->back;
	post(c->office, &a->letter);
	a = wait_for_files(c);
	if (a == NULL) {
		fault_set(fault, "the process ends: its next start reads the files");
		return ERR_STATE;
	}
	e = a->result;
	*out = a->what;
	fault_set(fault, "%s", a->fault.text);
	free(a);
	return e;
}

static void give_back(void *ctx)
{
	const struct clerk *c = ctx;
	struct note *n = xcalloc(1, sizeof(*n));

	n->letter.kind = MAIL_RETURNED;
	post(c->office, &n->letter);
}

static bool is_busy(void *ctx)
{
	const struct clerk *c = ctx;

	return clock_ms(&(struct clock){ clock_machine().mono_us, 0, NULL }) -
	               atomic_load(&c->office->text_ms) <
	       BUSY_MS;
}

static int64_t turn_us(void *ctx)
{
	const struct clerk *c = ctx;

	return (int64_t)metric_get(c->office->turn_us);
}

static bool is_ending(void *ctx)
{
	const struct clerk *c = ctx;

	return atomic_load(&c->office->ending);
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
	if (is_ending(c))
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

	while (!is_ending(c)) {
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
	post(c->office, &end->letter);
	return NULL;
}

/* ---- from the loop thread ---- */

static void drop(struct mailbox *m)
{
	struct mail *mail = mailbox_take(m), *next;

	for (; mail != NULL; mail = next) {
		next = mail->next;
		free(mail);
	}
	mailbox_destroy(m);
}

static void clerk_end(struct clerk *c)
{
	if (c->office == NULL) /* not opened */
		return;
	drop(c->in);
	drop(c->back);
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
	c->host = (struct office_host){ .reader = c->store,
		                        .write = write_there,
		                        .is_busy = is_busy,
		                        .turn_us = turn_us,
		                        .is_ending = is_ending,
		                        .packages_changed = packages_changed,
		                        .campaigns_changed = campaigns_changed,
		                        .reload = ask_reload,
		                        .reload_end = give_back,
		                        .figures = &r->figures,
		                        .conf = g->conf,
		                        .log = g->log,
		                        .ctx = c };
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
	atomic_store(&r->text_ms, -INT64_C(2) * BUSY_MS);
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
