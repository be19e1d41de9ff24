/*
 * gateway_priv.h - what the files of the gateway room share.
 *
 *   gateway.c   the object: create, wire, status                  loop thread
 *   start.c     assets, store and worker of a gateway             loop thread
 *   drain.c     the way down                                      loop thread
 *   intake.c    events of links to intake mail                    loop thread
 *   limiter.c   how often one number may text                     loop thread
 *   dispatch.c  messages to links: sending, retries               loop thread
 *   queue.c     messages that wait for a link, in lanes           loop thread
 *   credit.c    what campaigns may put into their lane            loop thread
 *   halt.c      messages of campaigns that may not leave          loop thread
 *   flight.c    one message on its way over one link              loop thread
 *   pace.c      how much a link may send now                      loop thread
 *   worker.c    runs turns                                        worker thread
 *   worker_thread.c  its thread
 *   worker_push.c    when campaigns send                            worker thread
 *   check.c     looks through the file after an unclean stop       a thread of its own
 *   capturing.c what the links say, to a file                      loop thread
 *   control.c   the Unix socket beside the database                loop thread
 *   reader.c    imports, traces and the like            two threads: desk, bench
 *   crash.c     remembers the text that crashed the process
 *   links.c     which links there are, at start and after a reload  loop thread
 *   reload.c    files read again while running         loop thread, and one for a moment
 *   status.c    figures for the status page, and whether all is well  loop thread
 *   metrics.c   figures as an OpenMetrics page                      loop thread
 *   alarms.c    what an engineer has to be told                     loop thread
 *   report.c    what a turn leaves in log and figures               worker thread
 *
 * A text travels as one struct intake to the worker and back; a message as one
 * struct outgoing from the worker to dispatch and back as a mark.
 */
#ifndef GATEWAY_PRIV_H
#define GATEWAY_PRIV_H

#include "base/alloc.h"
/* uthash's name.  NOLINTNEXTLINE(readability-identifier-naming) */
#define uthash_fatal(message) alloc_failed()
#include <uthash.h>

#include "assets/assets.h"
#include "base/bucket.h"
#include "base/mailbox.h"
#include "figures_priv.h"
#include "gateway/gateway.h"
#include "link/capture.h"
#include "link/link.h"
#include "office/campaigns.h"
#include "office/office.h"
#include "text/segment.h"
#include "turn/turn.h"

enum mail_kind {
	MAIL_INTAKE, /* struct intake: both ways */
	MAIL_OUTGOING, /* struct outgoing: worker to loop to be sent, loop to worker as a mark */
	MAIL_BACKLOG, /* struct note: loop asks for messages of before the start; worker ends a slice */
	MAIL_ASSETS,   /* struct swap: loop to worker, and back when they are in use */
	MAIL_RELOADED, /* struct note: the thread of reload.c has ended */
	MAIL_RELOAD,   /* struct reload_ask: reader to loop, and back */
	MAIL_RETURNED, /* struct note: reader to loop: what it was lent is used no more */
	MAIL_VERDICT,  /* struct verdict: the thread of hasher.c to worker */
	MAIL_STOP,     /* struct note: loop to worker, the last one */
	MAIL_STOPPED,  /* struct note: worker to loop */
	MAIL_FAILED,   /* struct note: worker to loop; the store failed */
	MAIL_CREDIT,   /* struct credit: loop to worker; back when pushing has ended */
	MAIL_ORDER,    /* struct office_order: reader to worker, and back */
	MAIL_ASK,      /* struct office_ask: loop to reader */
	MAIL_CAMPAIGNS,     /* struct campaigns_letter: reader to loop */
	MAIL_HALTS,         /* struct halts_letter: worker to loop */
	MAIL_SAY,           /* struct office_say: reader to loop */
	MAIL_READER_STOPPED /* struct note: reader to loop, the last one */
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

struct swap {
	struct letter letter;
	const struct assets *assets;          /* borrowed */
	struct turn_route route[TURN_ROUTES]; /* likewise, of the conf that is in use */
	size_t n_routes;
};

/* Campaigns may send so many segments more, or (last) nothing any more. */
struct credit {
	struct letter letter;
	unsigned segments;
	bool last;
};

struct intake {
	struct letter letter;
	struct turn_input in;
	size_t link; /* index */
	uint32_t command_id, sequence;
	int64_t arrived_us; /* monotonic */
	char data[];        /* what in points to */
};

/* What came of a PIN. */
struct verdict {
	struct letter letter;
	struct turn_input in;
	struct pin_job job;
};

/* Work on the store that the reader's thread may not do itself. */
struct office_order {
	struct letter letter;
	enum err (*work)(struct store *s, void *arg); /* may be NULL */
	void *arg;
	bool catalogue;       /* read it again */
	bool campaigns;       /* likewise, in one breath with the work */
	enum err result;      /* ERR_STATE: the worker ends; nothing was done */
	struct mailbox *back; /* where it goes then */
};

/* A reload that somebody waits for.  Back with ERR_OK, the files in what are lent. */
struct reload_ask {
	struct letter letter;
	bool trial;
	struct mailbox *back;
	struct reload_ask *next; /* waiting */
	enum err result;
	struct fault fault;
	struct office_reload what;
};

struct office_ask {
	struct letter letter;
	uint64_t client;
	size_t n;
	char text[]; /* the request */
};

/* The loop keeps the last one. */
struct campaigns_letter {
	struct letter letter;
	struct office_campaigns seen;
};

struct halts_letter {
	struct letter letter;
	struct campaign_halts halts;
};

struct office_say {
	struct letter letter;
	uint64_t client;
	bool may_drop; /* progress */
	bool last;
	size_t n;
	char text[]; /* with its newline */
};

enum outgoing_state {
	OUT_QUEUED,
	OUT_FLYING,
	OUT_RESTING,
	OUT_HELD /* its campaign is paused */
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
	bool begun;            /* a segment of any attempt was accepted */
	bool latin1, wide_ref; /* how it was cut */
	unsigned attempts;     /* that count */
	unsigned losses; /* responses lost, and sessions while it was first in flight */
	int64_t rest_until_ms;
	int64_t flown_us;             /* monotonic; when it was sent last */
	struct outgoing *prev, *next; /* in its queue, resting or held */
	UT_hash_handle hh;            /* by row.id */
	struct dispatch_group *group;
	char data[];
};

enum {
	GATEWAY_LINKS = 2 * CONF_LINKS, /* that are configured or still leaving */
	ALARM_DETAIL = 512
};

/* One configured link; without conf a free place. */
struct gateway_link {
	struct gateway *gateway;
	size_t index;
	const struct conf_link *conf;
	struct link *link; /* NULL: to be dialled when one of its name has left */
	bool leaving;      /* takes and sends nothing new, then unbinds */
	int64_t leave_by_ms;
	int64_t down_since_ms; /* while not bound */
	size_t waiting;        /* texts of its session in the worker's hands */
	struct link_figures figures;
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
struct reader;
struct control;
struct hasher;

enum drain_step {
	DRAIN_NOT,
	DRAIN_ANSWERS,
	DRAIN_LINKS,
	DRAIN_WORKER
};

enum {
#define ALARM(name, level, zh, help) ALARM_##name,
#include "alarms.def"
	ALARMS
};

struct alarm {
	bool stands;
	int64_t since_s; /* UTC */
	char detail[ALARM_DETAIL];
};

struct alarms {
	struct alarm alarm[ALARMS];
	uint64_t robots_seen,
		log_seen; /* how many there were, and when there were more */
	int64_t robots_us, log_us;
};

struct reloading; /* what its thread works on */

struct reload {
	struct reloading *under_way;
	bool again;                 /* asked for meanwhile */
	struct reload_ask *waiting; /* likewise, the first of them first */
	struct reload_ask *asker;   /* of what comes; NULL: a signal */
	bool lent;             /* what is in use, and what was read, may not change */
	struct assets *coming; /* with the worker, who goes over to them */
	struct conf *
		*own; /* confs read since the start, as long as something uses them */
	size_t n_own;
	char refusal[512]; /* of the last reload; "" when it was applied */
	int64_t at_s;      /* UTC, of the last one's end; 0: none yet */
};

struct gateway {
	struct event_base *base;
	const struct conf *conf;
	const struct conf
		*first_conf; /* of the start: what needs a restart is from here */
	const char *db;      /* path of the database; NULL: it has none */
	bool synthetic;      /* the population is made up */
	struct gateway_options options;
	struct clock *clock;
	const struct log *log;
	struct gateway_link *link;
	size_t n_links;
	struct limiter *limiter;
	struct dispatch *dispatch;
	struct worker_thread *worker;
	struct assets *assets;
	struct check *check;     /* NULL: none was needed */
	struct reader *reader;   /* NULL: the store is in memory */
	struct control *control; /* NULL: no socket */
	struct hasher *hasher;   /* NULL: PINs are hashed in the turn */
	struct pin_conf pin;
	bool reader_stopped;
	struct capture *capture; /* NULL: off */
	struct mailbox *to_worker, *to_loop;
	struct event *mail_event, *timer;
	struct mail_chain outbound; /* to the worker at the end of this read */
	size_t waiting;             /* intakes in the worker's hands */
	int64_t backlog_after; /* READY messages up to here were asked for; -1: asked, or all are here */
	bool worker_stopped;
	bool pushes_ended; /* the worker makes no messages of campaigns any more */
	enum drain_step drain;
	int64_t drain_until_ms;
	void (*stopped)(void *ctx);
	void *stopped_ctx;
	struct gateway_counts counts;
	struct histogram answer_us;
	struct loop_figures figures;
	struct worker_figures work;
	struct rates rates;
	struct alarms alarms;
	struct campaigns_letter *campaigns; /* NULL: nobody has looked at them yet */
	struct reload reload;
	int64_t look_at_ms; /* when alarms and rates are due */
	int64_t started_s;
};

/* ---- gateway.c ---- */
/* Looks at what is due as soon as the loop is back. */
void gateway_poke(struct gateway *g);
/* Sets the timer to what is due next. */
void gateway_arm(struct gateway *g);
/* Puts one letter into the mail for the worker. */
void gateway_post(struct gateway *g, struct letter *letter);

/* ---- links.c ---- */
/* Whether conf's links may replace those there are; ERR_RANGE, ERR_REFUSED with a fault. */
MUST_CHECK enum err links_check(const struct gateway *g, const struct conf *conf,
                                struct fault *fault);
/*
 * Brings the links in line with conf, whose links are borrowed: equal ones stay, others
 * leave, new ones get a place.  links_sweep() dials.
 */
void links_apply(struct gateway *g, const struct conf *conf);
/* Ends what has left and dials what has a place; call after anything that may matter. */
void links_sweep(struct gateway *g);

/* ---- reload.c ---- */
/* Mail of the kinds that it knows; takes it. */
void reload_mail(struct gateway *g, struct letter *letter);
/* Frees confs that nothing uses any more. */
void reload_sweep(struct gateway *g);
/* Waits for its thread and frees what it owns; nothing else runs any more. */
void reload_end(struct gateway *g);
/* hall_conf of conf; strings are borrowed. */
struct hall_conf reload_hall_conf(const struct conf *conf);
/* Where campaigns may leave by, a group each; likewise. */
size_t reload_routes(const struct conf *conf,
                     struct turn_route route[static TURN_ROUTES]);

/* ---- metrics.c ---- */
/* A response with this status came in from, or went out to, an SMSC. */
void metrics_status(struct gateway *g, bool in, uint32_t status);
/* Counts how long windows are full; call when that may have changed. */
void metrics_windows(struct gateway *g);
/* Notes the counts of this second. */
void metrics_second(struct gateway *g);

/* ---- alarms.c ---- */
/* Looks which alarms stand; about every second. */
void alarms_look(struct gateway *g);
bool alarms_worker_is_stuck(const struct gateway *g);
const char *alarms_name(size_t i);
const char *alarms_help(size_t i);
const char *alarms_help_zh(size_t i);

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
/* From now on; what numbers have used up stays. */
void limiter_set(struct limiter *l, int burst, int refill_per_s);
/* key: the sender's number, hashed or not. */
enum limiter_verdict limiter_check(struct limiter *l, uint64_t key, int64_t now_ms);

/* ---- dispatch.c, queue.c, credit.c ---- */
struct dispatch *dispatch_create(struct gateway *g);
void dispatch_destroy(struct dispatch *d);
/* Learns of groups that the links now have; those before stay. */
void dispatch_learn(struct dispatch *d);
/* Takes o; it is sent as soon as a link of its group has room. */
void dispatch_add(struct dispatch *d, struct outgoing *o);
/* The text that message id answers came again, on another session. */
void dispatch_adopt(struct dispatch *d, int64_t id, int64_t session);
/* What would sell something to that number and has not left yet never does. */
void dispatch_withdraw(struct dispatch *d, int64_t msisdn);
/* What campaigns have decided to send and has not left yet, from now on. */
void dispatch_halt(struct dispatch *d, const struct campaign_halts *halts);
/* What waits for its campaign is not sent any more. */
void dispatch_end_held(struct dispatch *d);
/* Nor is what of campaigns waits for a link: none comes any more. */
void dispatch_end_pushes(struct dispatch *d);
/* RESPONSE, EXPIRED or LOST of a submit_sm. */
void dispatch_event(struct dispatch *d, struct gateway_link *l,
                    const struct smpp_event *ev);
/* Sends what there is room for; call after anything that may have made room. */
void dispatch_pump(struct dispatch *d);
size_t dispatch_count(const struct dispatch *d);
/* Tells the worker what campaigns may send, in portions. */
void credit_give(struct dispatch *d);
/* They may send nothing any more; the letter comes back. */
void credit_end(struct gateway *g);
/* Segments of campaigns that wait for a link, and that the worker may still make. */
void credit_count(const struct dispatch *d, unsigned *waiting, unsigned *granted);
/* When dispatch_pump() is due again without any event; monotonic ms or INT64_MAX. */
int64_t dispatch_deadline(const struct dispatch *d);

/* ---- check.c ---- */
/* Checks the file in the background if the last owner did not stop cleanly; else NULL. */
struct check *check_start(const struct store *store, const struct log *log);
/* Cuts it short if it still runs; before the store is closed.  c may be NULL. */
void check_end(struct check *c);
/* So far; c may be NULL. */
bool check_found_damage(const struct check *c);

/* ---- reader.c ---- */
/* Starts the threads, whose letters go to g's mailboxes; ERR_UNSUPPORTED in memory. */
MUST_CHECK enum err reader_start(struct gateway *g, const struct store *store,
                                 struct reader **out, struct fault *fault);
/* MAIL_SAY answers, the last of them with `last`. */
void reader_ask(struct reader *r, uint64_t client, struct str request);
/* Texts were answered: from another thread. */
void reader_note_texts(struct reader *r, int64_t now_ms);
/* What is configured now: for requests from here on. */
void reader_set_conf(struct reader *r, const struct conf *conf);
/* Whether a request still goes by that one. */
bool reader_uses(const struct reader *r, const struct conf *conf);
const struct office_figures *reader_figures(const struct reader *r);
/* What runs ends soon and nothing more is written; then MAIL_READER_STOPPED. */
void reader_stop(struct reader *r);
/* The worker takes no orders any more. */
void reader_without_worker(struct reader *r);
/* Stops and frees it; what cannot be cut short is left to the end of the process. */
void reader_end(struct reader *r); /* NULL is fine */

/* ---- threads that go behind texts: aside.c ---- */

/* Of the calling thread: it runs where loop and worker leave time. */
void thread_aside(void);

/* ---- hasher.c ---- */
/* The key for PINs; ERR_STATE with a fault: the store holds some that it does not fit. */
MUST_CHECK enum err hasher_key(const struct gateway *g, struct store *store,
                               struct pin_conf *out, struct fault *fault);
/* conf is borrowed. */
MUST_CHECK enum err hasher_start(const struct pin_conf *conf, struct mailbox *to_worker,
                                 struct hasher **out, struct fault *fault);
void hasher_post(void *hasher, const struct pin_job *job); /* as turn_conf.pin_post */
void hasher_end(struct hasher *h); /* behind the worker's end; NULL is fine */

/* ---- control.c ---- */
/* Listens at path; requests go to g's reader. */
MUST_CHECK enum err control_create(struct gateway *g, const char *path,
                                   struct control **out, struct fault *fault);
void control_say(struct control *k, const struct office_say *s);
/* No new connections; the socket's file goes. */
void control_close(struct control *k);
void control_destroy(struct control *k); /* NULL is fine */

/* ---- crash.c ---- */
enum {
	CRASH_MAX = 16
};
/*
 * Reads the fingerprints that crashes since the last clean stop have left at path, the
 * newest.  They stay there: the next crash may come before those texts have come again.
 */
size_t crash_recall(const char *path, int64_t fingerprint[static CRASH_MAX]);
/* On SIGSEGV, SIGBUS, SIGFPE and SIGABRT appends *at to path, if it is not 0. */
void crash_install(const char *path, const volatile int64_t *at);
/* Before *at ends. */
void crash_forget(void);
/* At a clean stop: what is at path is over. */
void crash_clear(void);

#endif
