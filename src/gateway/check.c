/*
 * check.c - after an unclean stop the database is checked, while the hall serves.
 *
 * A thread of its own, a reader of its own: the check of a large file takes seconds,
 * and a restart may not wait for it.  What it finds goes to the log; damage ends the
 * hall (gateway.c).
 */
/* For pthread_timedjoin_np.  NOLINTNEXTLINE(readability-identifier-naming,cert-dcl37-c) */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"
#include "gateway_priv.h"

enum {
	PATIENCE_S = 1 /* of a drain, for the check to be cut short */
};

struct check {
	pthread_t thread;
	atomic_bool damaged;
	struct store_reader *reader;
	struct log log; /* a copy: the thread may outlive the gateway */
};

static void *run(void *arg)
{
	struct check *c = arg;
	struct fault fault = { .text = "" };
	enum err e;

	thread_aside();
	e = store_reader_check(c->reader, NULL, &fault);

	if (e == ERR_OK)
		LOG(&c->log, LOG_INFO, "store.checked", "%s",
		    "the last stop was not clean; no damage");
	else
		LOG(&c->log, e == ERR_CORRUPT ? LOG_ERROR : LOG_WARN, "store.check", "%s",
		    fault.text);
	c->damaged = e == ERR_CORRUPT;
	return NULL;
}

bool check_found_damage(const struct check *c)
{
	return c != NULL && c->damaged;
}

struct check *check_start(const struct store *store, const struct log *log)
{
	struct fault fault = { .text = "" };
	struct check *c;

	if (!store_was_unclean(store))
		return NULL;
	c = xcalloc(1, sizeof(*c));
	if (log != NULL)
		c->log = *log;
	c->log.guard = NULL; /* it may end before the thread */
	if (store_reader_open(store, &c->reader, &fault) != ERR_OK ||
	    pthread_create(&c->thread, NULL, run, c) != 0) {
		LOG(log, LOG_WARN, "store.check", "not done: %s", fault.text);
		store_reader_close(c->reader);
		free(c);
		return NULL;
	}
	return c;
}

void check_end(struct check *c)
{
	struct timespec until;

	if (c == NULL)
		return;
	store_reader_stop(c->reader);
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	if (pthread_timedjoin_np(c->thread, NULL, &until) != 0) {
		/*
		 * SQLite walks a whole B-tree without looking up.  It only reads: let it, and
		 * the end of the process ends it.
		 */
		(void)pthread_detach(c->thread);
		return;
	}
	store_reader_close(c->reader);
	free(c);
}
