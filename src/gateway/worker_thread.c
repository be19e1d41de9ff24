/*
 * worker_thread.c - the thread on which the worker runs.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "worker_priv.h"

struct worker_thread {
	pthread_t thread;
	struct worker *worker;
};

static void *run(void *arg)
{
	struct worker *w = arg;

	while (worker_step(w, worker_patience_ms(w)))
		;
	crash_forget();
	worker_end(w);
	return NULL;
}

enum err worker_start(const struct worker_conf *conf, struct worker_thread **out)
{
	struct worker_thread *t = xcalloc(1, sizeof(*t));

	t->worker = worker_create(conf, clock_machine());
	if (pthread_create(&t->thread, NULL, run, t->worker) != 0) {
		worker_destroy(t->worker);
		free(t);
		return ERR_FULL;
	}
	*out = t;
	return ERR_OK;
}

void worker_join(struct worker_thread *t)
{
	(void)pthread_join(t->thread, NULL);
	worker_destroy(t->worker);
	free(t);
}
