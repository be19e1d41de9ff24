/*
 * gateway_priv.h - what the files of the gateway room share.
 *
 *   gateway.c   the object: create, wire, status                  loop thread
 *   start.c     assets, store and worker of a gateway             loop thread
 *   drain.c     the way down                                      loop thread
 *   intake.c    events of links to intake mail                    loop thread
 *   limiter.c   how often one number may text                     loop thread
 *   dispatch.c  messages to links: queues, retries                loop thread
 *   flight.c    one message on its way over one link              loop thread
 *   pace.c      how much a link may send now                      loop thread
 *   worker.c    runs turns                                        worker thread
 *   worker_thread.c  its thread
 *   check.c     looks through the file after an unclean stop       a thread of its own
 *   crash.c     remembers the text that crashed the process
 *
 * A text travels as one struct intake to the worker and back; a message as one
 * struct outgoing from the worker to dispatch and back as a mark.
 */
#ifndef GATEWAY_PRIV_H
#define GATEWAY_PRIV_H

#include <uthash.h>

#include "assets/assets.h"
#include "base/bucket.h"
#include "base/mailbox.h"
#include "gateway/gateway.h"
#include "link/link.h"
#include "text/segment.h"
#include "turn/turn.h"

enum mail_kind {
	MAIL_INTAKE, /* struct intake: both ways */
	MAIL_OUTGOING, /* struct outgoing: worker to loop to be sent, loop to worker as a mark */
	MAIL_BACKLOG, /* struct note: loop asks for messages of before the start; worker ends a slice */
	MAIL_STOP,    /* struct note: loop to worker, the last one */
	MAIL_STOPPED, /* struct note: worker to loop */
	MAIL_FAILED   /* struct note: worker to loop; the store failed */
};

/* The head of every message between the threads. */
struct letter {
	struct mail mail;
	enum mail_kind kind;
};

struct note {
	struct letter letter;
	int64_t after; /* MAIL_BACKLOG: ids up to here are known */
	bool last;     /* MAIL_BACKLOG back: there is no more */
};

struct intake {
	struct letter letter;
	struct turn_input in;
	size_t link; /* index */
	uint32_t command_id, sequence;
	int64_t arrived_us; /* monotonic */
	char data[];        /* what in points to */
};

enum outgoing_state {
	OUT_QUEUED,
	OUT_FLYING,
	OUT_RESTING
};

struct outgoing {
	struct letter letter;
	struct outbox_mark mark; /* filled when it is settled */
	char message_id[66];
	struct outbox_row row; /* strings in data */
	enum outgoing_state state;
	unsigned segments, pending;
	uint64_t accepted;     /* segments, bit by bit */
	uint32_t worst;        /* status of this attempt */
	bool unknown;          /* a segment of this attempt has no known outcome */
	bool latin1, wide_ref; /* how it was cut */
	unsigned attempts;     /* that count */
	unsigned losses;       /* sessions lost while it was the first in flight */
	int64_t rest_until_ms;
	struct outgoing *prev, *next; /* in its queue, or resting */
	UT_hash_handle hh;            /* by row.id */
	struct dispatch_group *group;
	char data[];
};

/* One configured link. */
struct gateway_link {
	struct gateway *gateway;
	size_t index;
	const struct conf_link *conf;
	struct link *link;
	int64_t session; /* 0 while not bound */
	enum coding alphabet;
	struct bucket rate;      /* segments */
	double window;           /* AIMD: what the SMSC has shown to take */
	int64_t paused_until_ms; /* after throttling */
	int64_t pause_ms;        /* the last pause, 0 once a segment was taken */
	int64_t suspected;       /* the session whose loss has its suspect */
};

struct dispatch;
struct limiter;
struct worker;
struct worker_thread;
struct check;

enum drain_step {
	DRAIN_NOT,
	DRAIN_ANSWERS,
	DRAIN_LINKS,
	DRAIN_WORKER
};

struct gateway {
	struct event_base *base;
	const struct conf *conf;
	struct gateway_options options;
	struct clock *clock;
	const struct log *log;
	struct gateway_link *link;
	size_t n_links;
	struct limiter *limiter;
	struct dispatch *dispatch;
	struct worker_thread *worker;
	struct assets *assets;
	struct check *check; /* NULL: none was needed */
	struct mailbox *to_worker, *to_loop;
	struct event *mail_event, *timer;
	struct mail_chain outbound; /* to the worker at the end of this read */
	size_t waiting;             /* intakes in the worker's hands */
	int64_t backlog_after; /* READY messages up to here were asked for; -1: asked, or all are here */
	bool worker_stopped;
	enum drain_step drain;
	int64_t drain_until_ms;
	void (*stopped)(void *ctx);
	void *stopped_ctx;
	struct gateway_counts counts;
	struct histogram answer_us;
	int64_t started_s;
};

/* ---- gateway.c ---- */
/* Looks at what is due as soon as the loop is back. */
void gateway_poke(struct gateway *g);

/* ---- start.c ---- */
/* Loads assets, opens the store and starts the worker. */
MUST_CHECK enum err gateway_start(struct gateway *g, struct fault *fault);

/* ---- drain.c ---- */
/* Goes on with draining, if that was asked for; call when something may have ended. */
void drain_on(struct gateway *g);
/* When drain_on() is due; monotonic ms or INT64_MAX. */
int64_t drain_deadline(const struct gateway *g);
static inline bool is_draining(const struct gateway *g)
{
	return g->drain != DRAIN_NOT;
}

/* ---- intake.c ---- */
/* A REQUEST event of a link; answers at once what needs no turn. */
void intake_event(struct gateway_link *l, const struct smpp_event *ev);
/* Hands what came in this read to the worker. */
void intake_flush(struct gateway *g);
/* An intake that comes back: its response leaves. */
void intake_done(struct gateway *g, struct intake *i);

/* ---- limiter.c ---- */
enum limiter_verdict {
	LIMITER_PASS,
	LIMITER_NOTICE,
	LIMITER_REFUSE
};
struct limiter *limiter_create(int burst, int refill_per_s);
void limiter_destroy(struct limiter *l);
/* key: the sender's number, hashed or not. */
enum limiter_verdict limiter_check(struct limiter *l, uint64_t key, int64_t now_ms);

/* ---- dispatch.c ---- */
struct dispatch *dispatch_create(struct gateway *g);
void dispatch_destroy(struct dispatch *d);
/* Takes o; it is sent as soon as a link of its group has room. */
void dispatch_add(struct dispatch *d, struct outgoing *o);
/* The text that message id answers came again, on another session. */
void dispatch_adopt(struct dispatch *d, int64_t id, int64_t session);
/* RESPONSE, EXPIRED or LOST of a submit_sm. */
void dispatch_event(struct dispatch *d, struct gateway_link *l,
                    const struct smpp_event *ev);
/* Sends what there is room for; call after anything that may have made room. */
void dispatch_pump(struct dispatch *d);
size_t dispatch_count(const struct dispatch *d);
/* When dispatch_pump() is due again without any event; monotonic ms or INT64_MAX. */
int64_t dispatch_deadline(const struct dispatch *d);

/* ---- flight.c ---- */
/* ERR_OK: all->n segments at most are in o->pending; else what the last of them said. */
MUST_CHECK enum err flight_start(struct outgoing *o, struct gateway_link *l,
                                 const struct segments *all, int64_t now_ms);
/* Cuts o as l takes it; false when it cannot be. */
bool flight_cut(struct outgoing *o, const struct gateway_link *l, struct arena *a,
                struct segments *out);
int64_t flight_id(const struct smpp_event *ev); /* of the message that ev is about */
unsigned flight_missing(const struct outgoing *o, unsigned segments);
bool flight_is_whole(const struct outgoing *o); /* every segment was accepted */
void flight_accepted(struct outgoing *o, const struct smpp_event *ev);
void flight_refused(struct outgoing *o, const struct smpp_event *ev);

/* ---- pace.c ---- */
void pace_start(struct gateway_link *l, int64_t now_ms);    /* bound */
unsigned pace_room(struct gateway_link *l, int64_t now_ms); /* segments it takes now */
void pace_spent(struct gateway_link *l, unsigned segments); /* sent */
void pace_throttled(struct gateway_link *l, int64_t now_ms);
void pace_accepted(struct gateway_link *l);
/* When there is room again without any event; monotonic ms or INT64_MAX. */
int64_t pace_due(const struct gateway_link *l, int64_t now_ms);

/* ---- worker.c ---- */
struct worker_conf {
	struct store *store;      /* taken: closed by the worker */
	struct turn *turn;        /* taken */
	struct mailbox *in, *out; /* borrowed */
	const struct log *log;
};
struct worker *worker_create(const struct worker_conf *conf, struct clock clock);
/* Waits up to wait_ms for mail and works through it; false: stopped, or the store failed. */
bool worker_step(struct worker *w, int wait_ms);
/* How long a step may wait for mail without missing what is due. */
int worker_patience_ms(const struct worker *w);
/* Behind the last step: closes the store, unless it failed, and says so. */
void worker_end(struct worker *w);
void worker_destroy(struct worker *w);

/* ---- worker_thread.c ---- */
MUST_CHECK enum err worker_start(const struct worker_conf *conf,
                                 struct worker_thread **out);
/* After MAIL_STOPPED or MAIL_FAILED; frees it. */
void worker_join(struct worker_thread *t);

/* ---- check.c ---- */
/* Checks the file in the background if the last owner did not stop cleanly; else NULL. */
struct check *check_start(const struct store *store, const struct log *log);
/* Cuts it short if it still runs; before the store is closed.  c may be NULL. */
void check_end(struct check *c);

/* ---- crash.c ---- */
enum {
	CRASH_MAX = 16
};
/* Reads fingerprints left by a crash from path, and forgets them. */
size_t crash_recall(const char *path, int64_t fingerprint[static CRASH_MAX]);
/* On SIGSEGV, SIGBUS, SIGFPE and SIGABRT appends *at to path, if it is not 0. */
void crash_install(const char *path, const volatile int64_t *at);
/* Before *at ends. */
void crash_forget(void);

#endif
