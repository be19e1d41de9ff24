/*
 * drain.c - the way down: texts answered and accepted, links unbound, worker stopped.
 *
 * Each step waits for the one before or its time; together they stay below the 5 s
 * that gateway_stop() promises.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "gateway_priv.h"

enum {
	ANSWERS_MS = 2500, /* for what is answered to be accepted */
	UNBIND_MS = 1000,  /* for the SMSCs to answer unbind */
	WORKER_MS = 1000   /* for the turn under way and the store to end */
};
_Static_assert(ANSWERS_MS + UNBIND_MS + WORKER_MS <= 5000,
               "SIGTERM ends the process within 5 s");

int64_t drain_deadline(const struct gateway *g)
{
	return is_draining(g) && g->stopped != NULL ? g->drain_until_ms : INT64_MAX;
}

static void enter(struct gateway *g, enum drain_step step, int64_t ms)
{
	g->drain = step;
	g->drain_until_ms = clock_ms(g->clock) + ms;
}

static void stop_links(struct gateway *g)
{
	enter(g, DRAIN_LINKS, UNBIND_MS);
	dispatch_end_pushes(g->dispatch);
	for (size_t i = 0; i < g->n_links; i++)
		if (g->link[i].link != NULL)
			link_stop(g->link[i].link);
}

static void stop_worker(struct gateway *g)
{
	struct mail_chain chain = { NULL, NULL, 0 };
	struct note *n = xcalloc(1, sizeof(*n));

	check_end(g->check);
	g->check = NULL;
	enter(g, DRAIN_WORKER, WORKER_MS);
	n->letter.kind = MAIL_STOP;
	mail_chain_add(&chain, &n->letter.mail);
	mailbox_put(g->to_worker, &chain);
}

static bool links_are_down(const struct gateway *g)
{
	for (size_t i = 0; i < g->n_links; i++) {
		if (g->link[i].session != 0)
			return false;
	}
	return true;
}

static bool reader_is_down(const struct gateway *g)
{
	return g->reader == NULL || g->reader_stopped;
}

static void end(struct gateway *g)
{
	void (*stopped)(void *ctx) = g->stopped;

	g->stopped = NULL;
	if (g->worker_stopped) {
		stopped(g->stopped_ctx);
		return;
	}
	/* Nothing is lost by ending here: what was acknowledged is committed. */
	LOG(g->log, LOG_ERROR, "gateway.abandoned", "%s", "the store does not come back");
	g->options.failed(g->options.ctx);
}

void drain_on(struct gateway *g)
{
	const bool empty = g->waiting == 0 && g->pushes_ended &&
	                   dispatch_count(g->dispatch) == 0;

	if (g->drain == DRAIN_ANSWERS &&
	    (empty || clock_ms(g->clock) >= g->drain_until_ms))
		stop_links(g);
	if (g->drain == DRAIN_LINKS && ((links_are_down(g) && reader_is_down(g)) ||
	                                clock_ms(g->clock) >= g->drain_until_ms))
		stop_worker(g);
	if (g->drain == DRAIN_WORKER && g->stopped != NULL &&
	    (g->worker_stopped || clock_ms(g->clock) >= g->drain_until_ms))
		end(g);
}

void gateway_stop(struct gateway *g, void (*stopped)(void *ctx), void *ctx)
{
	if (is_draining(g))
		return;
	g->stopped = stopped;
	g->stopped_ctx = ctx;
	enter(g, DRAIN_ANSWERS, ANSWERS_MS);
	if (g->control != NULL)
		control_close(g->control);
	if (g->reader != NULL)
		reader_stop(g->reader);
	credit_end(g);
	dispatch_end_held(g->dispatch);
	LOG(g->log, LOG_INFO, "gateway.draining", "waiting=%zu queued=%zu", g->waiting,
	    dispatch_count(g->dispatch));
	gateway_poke(g);
}
