/*
 * worker_priv.h - the worker: its steps, when campaigns send, its thread, what it reports.
 */
#ifndef GATEWAY_WORKER_PRIV_H
#define GATEWAY_WORKER_PRIV_H

#include "gateway_priv.h"

/* ---- pile.c ---- */
struct pile {
	struct letter **letter; /* owned, each allocated */
	size_t n, cap;
	int64_t since_ms; /* of marks: when the first came, or may be tried again; monotonic */
};
void pile_add(struct pile *p, struct letter *letter);
void pile_free_first(struct pile *p, size_t n);
void pile_clear(struct pile *p); /* frees all letters */
void pile_free(struct pile *p);  /* and itself */
/* Marks: of messages that were sent, as struct outgoing. */
void pile_add_mark(struct pile *p, struct letter *letter, int64_t now_ms);
int64_t pile_marks_due(
	const struct pile *p); /* monotonic ms; INT64_MAX: there are none */
const struct outbox_mark *pile_mark(const struct pile *p, size_t i);
/* A message for the loop, with strings of its own; free() frees it. */
struct outgoing *outgoing_of(const struct outbox_row *row);

/* ---- worker.c ---- */
struct worker_conf {
	struct store *store;      /* taken: closed by the worker */
	struct turn *turn;        /* taken */
	struct mailbox *in, *out; /* borrowed */
	const struct log *log;
	struct worker_figures *figures; /* may be NULL */
};
struct worker *worker_create(const struct worker_conf *conf, struct clock clock);
/* Waits up to wait_ms for mail and works through it; false: stopped, or the store failed. */
bool worker_step(struct worker *w, int wait_ms);
/* How long a step may wait for mail without missing what is due. */
int worker_patience_ms(const struct worker *w);
/* Behind the last step: closes the store, unless it failed, and says so. */
void worker_end(struct worker *w);
void worker_destroy(struct worker *w);

/* ---- worker_push.c ---- */
struct worker_push {
	unsigned credit; /* segments */
	bool ended;
	int64_t due_ms;   /* monotonic */
	int64_t ahead_ms; /* wall clock less monotonic clock */
	/* For the next slice; marked: it was committed with them. */
	const struct outbox_mark *mark;
	size_t n_marks;
	bool marked;
};
void worker_push_credit(struct worker_push *p, const struct credit *c);
void worker_push_changed(struct worker_push *p); /* campaigns were read again */
/* Figures: of a reload of campaigns, and of a turn or slice. */
void worker_push_loaded(const struct worker_conf *conf);
/* What of them waits or ends, for the loop. */
struct letter *worker_push_halts(const struct worker_conf *conf);
void worker_push_note(const struct worker_conf *conf);
/* When there may be something to send; monotonic ms or INT64_MAX. */
int64_t worker_push_due(const struct worker_push *p);
/* A slice; errors as of turn_push(). */
MUST_CHECK enum err worker_push_run(struct worker_push *p, const struct worker_conf *conf,
                                    const struct clock *clock, struct turn_output *out);

/* ---- report.c ---- */
/* A committed turn. */
struct report {
	struct letter *const *text; /* struct intake */
	size_t n_texts, marks, sent;
	const struct clock *clock; /* read before the turn */
};
void report_turn(const struct worker_conf *w, const struct report *r);
/* Counts what the last turn or housekeeping did for services. */
void report_counts(const struct worker_conf *w);
const char *report_stage(enum turn_stage stage);

/* ---- worker_thread.c ---- */
MUST_CHECK enum err worker_start(const struct worker_conf *conf,
                                 struct worker_thread **out);
/* After MAIL_STOPPED or MAIL_FAILED; frees it. */
void worker_join(struct worker_thread *t);

#endif
