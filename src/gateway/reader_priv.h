/*
 * reader_priv.h - the office's two threads, for the files that make them: reader.c their
 * course, reader_host.c what the office needs of the gateway.
 */
#ifndef GATEWAY_READER_PRIV_H
#define GATEWAY_READER_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "gateway_priv.h"
#include "office/errand.h"
#include "office/office.h"

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
	bool ordered; /* the worker has an order whose end was not waited for */
};

enum {
	READER_BUSY_MS = 1000 /* so long after a text the hall counts as busy */
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

/* A letter to the loop; dropped when it listens no more. */
void reader_post(struct reader *r, struct letter *letter);

/* What the office needs of the gateway, but for reader, figures, conf and log. */
struct office_host reader_host(struct clerk *c);

#endif
