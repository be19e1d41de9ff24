/*
 * tasks.h - the work that waits for people, from a reader.
 */
#ifndef STORE_TASKS_H
#define STORE_TASKS_H

#include "store/store.h"

enum {
	STORE_TASKS_MAX = 10000 /* of one query */
};

struct store_task {
	struct task_view task;
	int64_t msisdn;
	struct str desk, context; /* may be empty */
	struct str by;            /* who took it; "": nobody */
	int64_t taken_at;         /* UTC s; 0: nobody */
};

struct store_tasks {
	int64_t id;      /* in: this one alone; 0: all that the others name */
	struct str desk; /* in: of this desk; "": all */
	int64_t due_by;  /* in: promised by then, UTC s; 0: all */
	bool closed;     /* in: those that are done, newest first; else the open ones */
	size_t limit;    /* in: 1..STORE_TASKS_MAX */
	struct store_task
		*row; /* out; open ones by their promise, those without behind */
	size_t n;
	bool cut; /* out: there are more */
};

/* ERR_BUSY when it took more than the reader's second. */
MUST_CHECK enum err store_tasks(struct store_reader *r, struct arena *a,
                                struct store_tasks *t, struct fault *fault);

#endif
