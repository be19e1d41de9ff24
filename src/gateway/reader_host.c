/*
 * reader_host.c - what the office needs of the gateway: orders that the worker carries
 * out between turns, letters to the loop, what time there is.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "reader_priv.h"

enum {
	GIVE_UP_MS = 50 /* between looks whether the worker is still there */
};

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

/* None is begun when the process ends; finish_order() says so. */
static void begin_order(struct clerk *c, struct office_order what)
{
	struct mail_chain chain = { NULL, NULL, 0 };
	struct office_order *o;

	assert(!c->ordered);
	if (atomic_load(&c->office->ending))
		return;
	o = xcalloc(1, sizeof(*o));
	*o = what;
	o->letter.kind = MAIL_ORDER;
	o->back = c->back;
	mail_chain_add(&chain, &o->letter.mail);
	mailbox_put(c->office->to_worker, &chain);
	c->ordered = true;
}

static enum err finish_order(struct clerk *c)
{
	struct office_order *o = c->ordered ? wait_for_order(c) : NULL;
	const enum err e = o != NULL ? o->result : ERR_STATE;

	c->ordered = false;
	free(o);
	return e;
}

static enum err order(struct clerk *c, struct office_order what)
{
	begin_order(c, what);
	return finish_order(c);
}

static void begin_write(void *ctx, enum err (*work)(struct store *s, void *arg),
                        void *arg)
{
	begin_order(ctx, (struct office_order){ .work = work, .arg = arg });
}

static enum err end_write(void *ctx)
{
	return finish_order(ctx);
}

static enum err write_there(void *ctx, enum err (*work)(struct store *s, void *arg),
                            void *arg)
{
	return order(ctx, (struct office_order){ .work = work, .arg = arg });
}

static enum err write_campaigns(void *ctx, enum err (*work)(struct store *s, void *arg),
                                void *arg)
{
	return order(ctx, (struct office_order){
				  .work = work, .arg = arg, .campaigns = true });
}

/* Of the bench. */
static void meanwhile(void *ctx)
{
	const struct clerk *c = ctx;

	if (c->errands != NULL)
		errands_tend(c->errands, &c->host, clock_machine());
}

static void packages_changed(void *ctx)
{
	struct clerk *c = ctx;

	if (order(c, (struct office_order){ .catalogue = true }) != ERR_OK)
		LOG(c->office->log, LOG_WARN, "catalogue.stale", "%s",
		    "the packages imported are in use from the next start on");
}

static void campaigns_seen(void *ctx, const struct office_campaigns *seen)
{
	const struct clerk *c = ctx;
	struct campaigns_letter *m = xcalloc(1, sizeof(*m));

	m->letter.kind = MAIL_CAMPAIGNS;
	m->seen = *seen;
	reader_post(c->office, &m->letter);
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
	reader_post(c->office, &a->letter);
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
	reader_post(c->office, &n->letter);
}

static bool is_busy(void *ctx)
{
	const struct clerk *c = ctx;

	return clock_ms(&(struct clock){ clock_machine().mono_us, 0, NULL }) -
	               atomic_load(&c->office->text_ms) <
	       READER_BUSY_MS;
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

struct office_host reader_host(struct clerk *c)
{
	return (struct office_host){ .write = write_there,
		                     .begin_write = begin_write,
		                     .end_write = end_write,
		                     .meanwhile = meanwhile,
		                     .is_busy = is_busy,
		                     .turn_us = turn_us,
		                     .is_ending = is_ending,
		                     .packages_changed = packages_changed,
		                     .write_campaigns = write_campaigns,
		                     .campaigns_seen = campaigns_seen,
		                     .reload = ask_reload,
		                     .reload_end = give_back,
		                     .ctx = c };
}
