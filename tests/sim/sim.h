/*
 * sim.h - the whole hall in one thread and in virtual time: what the files of the
 * simulator share.
 *
 *   loop.c    virtual time; stands in for libevent
 *   net.c     stands in for sockets and dialling: delay, cuts, half-open, stalls
 *   disk.c    stands in for the disk: a SQLite VFS in memory that knows what was synced
 *   smsc.c    the SMSC: the real session in the SMSC's role; letters.c and submits.c: what
 *             it carries, and the log of that (smsc_priv.h)
 *   people.c  the subscribers of the store
 *   crowd.c   what they text, and answer
 *   audience.c  people of campaigns: who must get nothing, what the others reply
 *   campaigns.c campaigns of a seed, as rows
 *   desk.c    who pauses, stops and resumes them
 *   faults.c  what goes wrong and when
 *   life.c    lives of the gateway: start, kill, power loss, stop; stands in for its
 *             threads
 *   hasher.c  stands in for the thread that hashes PINs
 *   run.c     one seed from population to the copy of its store
 *   main.c    seeds in a row
 *   check.c   a program of its own: judges a log and a copy of the store
 *
 * Everything of the gateway but the socket calls, dialling and thread starts is the
 * production code, linked with --wrap (Makefile).  Functions that are wrapped carry
 * no context, so there is one struct sim.
 */
#ifndef TESTS_SIM_H
#define TESTS_SIM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/dice.h"
#include "base/span.h"
#include "base/str.h"
#include "conf/conf.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (INT64_C(60) * SECOND_US)

enum {
	LINKS_MAX = 4,
	PORT = 7000 /* link i of a configuration dials PORT + i */
};
#define MARKETING "10690086" /* and four digits of a campaign */

struct sim {
	struct clock clock; /* what time it is; mono_us from 0 */
	int64_t wall_us;    /* UTC of mono_us 0, moved by jumps */
	uint64_t dice;
	FILE *log;          /* what the checker reads */
	FILE *trace;        /* the gateway's own log, or NULL */
	const char *folder; /* real files: configurations, lock, results */
	const struct conf *conf;
	int64_t audience; /* people of campaigns */
	bool quiet;       /* no faults any more */
};
extern struct sim sim;

static inline int64_t below(int64_t n)
{
	return (int64_t)dice_below(&sim.dice, (uint64_t)n);
}

static inline int64_t between(int64_t low, int64_t high)
{
	return low + below(high - low + 1);
}

static inline bool one_in(int64_t n)
{
	return below(n) == 0;
}

static inline int64_t now_us(void)
{
	return sim.clock.mono_us;
}

static inline int64_t now_ms(void)
{
	return sim.clock.mono_us / 1000;
}

/* A line of the log: "ms event key=value ...". */
void note(const char *event, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* ---- loop.c ---- */
void loop_reset(void);
/* Calls run(arg) in so many microseconds. */
void later(int64_t in_us, void (*run)(int64_t arg), int64_t arg);
/* Until the time, or until done() says so (may be NULL). */
void loop_run(int64_t until_us, bool (*done)(void));
/* Moves the gateway's wall clock. */
void loop_jump_wall(int64_t seconds);
/* The gateway's turn of its loop; false when nothing was to be done. */
bool loop_turn(void);
/* A clock like the machine's, for the worker. */
struct clock loop_clock(void);
size_t loop_events(void); /* that exist */

/* ---- net.c ---- */
void net_reset(void);
enum cut {
	CUT_END,  /* end of file behind what has arrived */
	CUT_RESET /* and what waits unread is lost */
};
void net_cut(int conn, enum cut how);
void net_drop(int conn, bool to_smsc, bool to_gateway); /* half-open */
void net_stall(int conn, int64_t us);
void net_corrupt(int conn);
int net_any(void); /* a living connection or -1 */
size_t net_count(void);
bool net_fd_ready(int fd, bool writing);
/* The SMSC's side. */
void net_send(int conn, struct span octets);
void net_close(int conn);

/* ---- disk.c ---- */
enum disk_loss {
	LOSS_NONE, /* the process was killed: the page cache lives on */
	LOSS_POWER /* any subset of what was not synced is lost, sectors torn */
};
void disk_install(void);
void disk_reset(void);
void disk_freeze(void); /* nothing reaches the disk any more */
void disk_thaw(enum disk_loss loss);
void disk_fail_syncs(bool on); /* EIO */
void disk_fill(bool full);     /* no room for what is longer than now */
void disk_keep_template(void);
void disk_load_template(void);
size_t disk_size(void);
void disk_export(const char *path); /* path and path-wal */

/* ---- smsc.c ---- */
struct mood {
	bool down;            /* connections are refused */
	bool mute;            /* binds are not answered */
	uint32_t bind_status; /* of the next binds */
	unsigned bind_refusals;
	uint32_t submit_status; /* of submits while moody, one in submit_odds */
	unsigned submit_odds;   /* 0: none */
	unsigned lose_odds;     /* responses to submits that are never sent: one in .. */
	unsigned late_odds;     /* that come when the gateway has given up */
	int64_t spread_us;      /* of responses */
	unsigned receipt_odds;
};
extern struct mood mood;

struct message { /* of a subscriber */
	const char *from, *to;
	size_t link;     /* one of the group that takes it */
	struct str text; /* UTF-8 */
	bool secret;     /* its digits are to be kept nowhere */
};
void smsc_reset(void);
void smsc_take(const struct message *m);
void smsc_connected(int conn, size_t link);
void smsc_input(int conn, struct span octets);
void smsc_hangup(int conn);
bool smsc_is_idle(void); /* nothing to be delivered, no response owed */
size_t smsc_sessions(void);
unsigned smsc_serial(int conn); /* its session, as in the log; 0: none */

/* ---- people.c ---- */
enum {
	SUBSCRIBERS = 14,
	STRANGERS = 3,
	PEOPLE = SUBSCRIBERS + STRANGERS,
	NUMBER = 24 /* octets of a number as text */
};
void people_populate(void);  /* fills the store that lies open at sim.conf->store */
void people_introduce(void); /* to the checker: whose figures are whose */
struct sqlite3;
void people_sql(struct sqlite3 *db, const char *sql);
void number_of(int64_t person, char out[static NUMBER]);
int64_t person_of(const char *number);  /* -1: nobody */
unsigned pin_of(int64_t person);        /* of those who have one; 0: has none */
bool crowd_is_dead(struct span number); /* the SMSC refuses it for good */

/* ---- crowd.c ---- */
void crowd_reset(int64_t until_us, bool talks); /* talks: out of the blue, too */
/* A telephone shows it. */
void crowd_receive(const char *from, const char *number, const char *text);

/* ---- audience.c: persons from PEOPLE on, sim.audience of them ---- */
enum {
	AUDIENCE = 120 /* of a seed; more: a run for its campaigns alone */
};
void audience_populate(struct sqlite3 *db, int64_t n);
void audience_introduce(int64_t campaign, int64_t person, bool held);
bool audience_is_push(const char *text);
/* What somebody says to it; NULL: nothing. */
const char *audience_reply(void);

/* ---- campaigns.c ---- */
void campaigns_put(void); /* into the store of sim.conf, which nobody has open */

/* ---- desk.c ---- */
void desk_plan(int64_t until_us);

/* ---- faults.c ---- */
void faults_plan(int64_t until_us);
/* Of a run of campaigns: by how much of them has come to the SMSC. */
void faults_plan_pushes(void);
void faults_saw_push(void);
void faults_end(void);

/* ---- life.c ---- */
void life_reset(void);
void life_start(int64_t unused);
enum end {
	END_KILL,
	END_POWER,
	END_STOP /* SIGTERM */
};
void life_end(enum end how, bool again);
/* The process dies at the n-th step (callback, octets sent, disk call) from now. */
void life_kill_in(unsigned steps, enum end how);
/* One step of the process; false: it is dead already, and does nothing any more. */
bool life_step(void);
bool life_is_dead(void); /* dead, and what is left of it is to be cleared away */
void life_bury(void);
bool life_is_up(void);
bool life_is_idle(void); /* nothing on its way in the gateway */
void life_stall_worker(int64_t us);
int64_t life_worker_due(void); /* when the worker has something to do; or INT64_MAX */
void life_work(void);
void life_forget_assets(void);
unsigned life_count(void);
bool life_takes_orders(void);
/*
 * The worker does it between two turns, with steps of its own around it; campaigns: and
 * reads campaigns again with it.  ERR_STATE: it ends, and nothing may have been done.
 */
struct store;
struct store_reader;
enum err life_order(enum err (*work)(struct store *s, void *arg), void *arg,
                    bool campaigns);
enum err life_reader(struct store_reader **out, struct fault *fault); /* of its store */

/* ---- hasher.c ---- */
struct pin_conf;
void hasher_conf(struct pin_conf *out); /* the key, and how cheaply */
bool hasher_is_idle(void);

/* ---- run.c ---- */
enum {
	KINDS = 3 /* of configurations */
};
void run_prepare(const char *folder, int64_t audience);
void run_seed(uint64_t seed, bool trace);
void run_soak(uint64_t seed, int hours);
void run_campaign(uint64_t seed); /* of sim.audience people, under faults */
void run_end(void);

#endif
