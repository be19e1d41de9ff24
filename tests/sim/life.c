/*
 * life.c - lives of the gateway: start, death, burial, and its worker's steps.
 *
 * Stands in for threads: the worker runs when the simulator lets it.  A killed process
 * goes on to the end of the callback it is in, but nothing that it does reaches a
 * socket or the disk any more; then it is cleared away and the next one starts.
 */
#include <stdlib.h>

#include <utlist.h>

#include "../../src/gateway/dispatch_priv.h"
#include "../../src/gateway/worker_priv.h"
#include "base/alloc.h"
#include "sim.h"

struct worker_thread {
	struct worker_conf conf;
	struct worker *worker;
	bool ended, closed;
};

static struct {
	struct gateway *gateway;
	struct worker_thread worker;
	struct mailbox *to_worker;
	int64_t worker_at_us;     /* INT64_MAX: not asked for */
	int64_t patient_until_us; /* then it looks by itself */
	int64_t stalled_until_us;
	bool dead, starting, again, stopped;
	enum end how;
	unsigned steps_left; /* 0: no death is near */
	enum end steps_end;
	unsigned lives, failures;
	struct log log;
} life;

static int base; /* stands for the event base, which nobody looks into */

void life_reset(void)
{
	memset(&life, 0, sizeof(life));
	life.worker_at_us = INT64_MAX;
	life.log = (struct log){ .to = sim.trace, .level = LOG_DEBUG };
}

bool life_is_dead(void)
{
	return life.dead && !life.starting;
}

bool life_is_up(void)
{
	return life.gateway != NULL && !life.dead;
}

unsigned life_count(void)
{
	return life.lives;
}

static void die(enum end how, bool again)
{
	if (life.dead)
		return;
	life.dead = true;
	life.how = how;
	life.again = again;
	disk_freeze();
}

bool life_step(void)
{
	if (life.dead)
		return false;
	if (life.steps_left > 0 && --life.steps_left == 0)
		die(life.steps_end, true);
	return !life.dead;
}

void life_kill_in(unsigned steps, enum end how)
{
	if (life_is_up() && life.steps_left == 0) {
		life.steps_left = steps;
		life.steps_end = how;
	}
}

static void on_failed(void *ctx)
{
	(void)ctx;
	life.failures++;
	die(END_KILL, true);
}

static void on_stopped(void *ctx)
{
	(void)ctx;
	life.stopped = true;
	die(END_STOP, life.again);
}

void life_end(enum end how, bool again)
{
	if (!life_is_up())
		return;
	life.again = again;
	if (how == END_STOP)
		gateway_stop(life.gateway, on_stopped, NULL);
	else
		die(how, again);
}

/* ---- start ---- */

static void try_start(void)
{
	const struct gateway_options options = { .force = true, .failed = on_failed };
	struct fault fault = { .text = "" };

	life.gateway = NULL;
	if (gateway_create((void *)&base, sim.conf, &options, &sim.clock, &life.log,
	                   &life.gateway, &fault) != ERR_OK) {
		LOG(&life.log, LOG_ERROR, "sim.start", "%s", fault.text);
		die(END_KILL, true);
	}
}

void life_start(int64_t unused)
{
	(void)unused;
	if (life.gateway != NULL || life.dead)
		return;
	life.lives++;
	note("life", "number=%u", life.lives);
	life.dead = life.stopped = false;
	life.starting = true;
	life.worker = (struct worker_thread){ .ended = true, .closed = true };
	try_start();
	life.starting = false;
}

/* ---- death ---- */

void life_bury(void)
{
	static const char *const names[] = { "kill", "power", "stop" };
	const bool lost_power = life.how == END_POWER;

	if (life.gateway != NULL)
		gateway_destroy(life.gateway);
	life.gateway = NULL;
	disk_thaw(lost_power ? LOSS_POWER : LOSS_NONE);
	note("death", "how=%s", names[life.how]);
	life.dead = false;
	life.steps_left = 0;
	life.worker_at_us = INT64_MAX;
	if (life.again)
		later(between(SECOND_US / 10, 2 * SECOND_US), life_start, 0);
}

/* ---- the worker ---- */

enum err __wrap_worker_start(const struct worker_conf *conf, struct worker_thread **out);
void __wrap_worker_join(struct worker_thread *t);
void __real_store_close(struct store *s);
void __wrap_store_close(struct store *s);
struct check *__wrap_check_start(const struct store *store, const struct log *log);
void __wrap_check_end(struct check *c);
size_t __wrap_crash_recall(const char *path, int64_t fingerprint[static CRASH_MAX]);
void __wrap_crash_install(const char *path, const volatile int64_t *at);
void __wrap_crash_forget(void);

static void be_patient(void)
{
	life.patient_until_us = now_us() +
	                        (int64_t)worker_patience_ms(life.worker.worker) * 1000;
}

enum err __wrap_worker_start(const struct worker_conf *conf, struct worker_thread **out)
{
	life.worker = (struct worker_thread){ .conf = *conf };
	life.worker.worker = worker_create(conf, loop_clock());
	life.to_worker = conf->in;
	be_patient();
	*out = &life.worker;
	return ERR_OK;
}

void __wrap_store_close(struct store *s)
{
	if (s == life.worker.conf.store)
		life.worker.closed = true;
	__real_store_close(s);
}

void __wrap_worker_join(struct worker_thread *t)
{
	if (!t->ended)
		turn_destroy(t->conf.turn);
	t->ended = true;
	if (!t->closed)
		__wrap_store_close(t->conf.store);
	worker_destroy(t->worker);
	t->worker = NULL;
}

void life_stall_worker(int64_t us)
{
	life.stalled_until_us = now_us() + us;
}

/* Mail is looked at a moment after it came; a disk that is slow makes that moment long. */
int64_t life_worker_due(void)
{
	int64_t at;

	if (!life_is_up() || life.worker.ended)
		return INT64_MAX;
	if (life.worker_at_us == INT64_MAX && mailbox_count(life.to_worker) > 0)
		life.worker_at_us = now_us() +
		                    (one_in(30) ? below(SECOND_US) : below(3000));
	at = life.worker_at_us < life.patient_until_us ? life.worker_at_us
	                                               : life.patient_until_us;
	return at > life.stalled_until_us ? at : life.stalled_until_us;
}

void life_work(void)
{
	life.worker_at_us = INT64_MAX;
	if (!life_step())
		return;
	if (worker_step(life.worker.worker, 0)) {
		be_patient();
		return;
	}
	life.worker.ended = true;
	worker_end(life.worker.worker);
}

/* ---- its orders ---- */

bool life_takes_orders(void)
{
	return life_is_up() && !life.worker.ended && now_us() >= life.stalled_until_us;
}

enum err life_order(enum err (*work)(struct store *s, void *arg), void *arg,
                    bool campaigns)
{
	struct mail_chain chain = { NULL, NULL, 0 };
	struct mailbox *back = mailbox_create();
	struct office_order *o = xcalloc(1, sizeof(*o));
	enum err e = ERR_STATE;

	o->letter.kind = MAIL_ORDER;
	o->work = work;
	o->arg = arg;
	o->campaigns = campaigns;
	o->back = back;
	mail_chain_add(&chain, &o->letter.mail);
	mailbox_put(life.to_worker, &chain);
	do {
		life_work();
		o = (struct office_order *)mailbox_take(back);
	} while (o == NULL && life_takes_orders());
	if (o != NULL)
		e = o->result;
	free(o);
	mailbox_destroy(back);
	return e;
}

enum err life_reader(struct store_reader **out, struct fault *fault)
{
	return store_reader_open(life.worker.conf.store, out, fault);
}

/* What is held while its campaign is paused is waited for by nobody. */
bool life_is_idle(void)
{
	const struct outgoing *o;
	struct gateway_status s;
	size_t held = 0;

	if (!life_is_up())
		return false;
	gateway_status(life.gateway, &s);
	DL_COUNT(life.gateway->dispatch->held, o, held);
	return s.waiting == 0 && s.queued == held && hasher_is_idle();
}

struct check *__wrap_check_start(const struct store *store, const struct log *log)
{
	(void)store;
	(void)log;
	return NULL;
}

void __wrap_check_end(struct check *c)
{
	(void)c;
}

/* The office's thread is not part of it: the hall answers without. */
enum err __wrap_reader_start(struct gateway *g, const struct store *store,
                             struct reader **out, struct fault *fault);
enum err __wrap_reader_start(struct gateway *g, const struct store *store,
                             struct reader **out, struct fault *fault)
{
	(void)g;
	(void)store;
	(void)out;
	fault_set(fault, "not simulated");
	return ERR_UNSUPPORTED;
}

size_t __wrap_crash_recall(const char *path, int64_t fingerprint[static CRASH_MAX])
{
	(void)path;
	(void)fingerprint;
	return 0;
}

void __wrap_crash_install(const char *path, const volatile int64_t *at)
{
	(void)path;
	(void)at;
}

void __wrap_crash_forget(void)
{
}

/* ---- the grammar folder, read once for all lives ---- */

static struct assets *assets;

enum err __real_assets_load(const char *folder, const struct hall_conf *hall, int64_t now,
                            struct assets **out, struct buf *report, struct fault *fault);
enum err __wrap_assets_load(const char *folder, const struct hall_conf *hall, int64_t now,
                            struct assets **out, struct buf *report, struct fault *fault);
void __real_assets_destroy(struct assets *a);
void __wrap_assets_destroy(struct assets *a);

enum err __wrap_assets_load(const char *folder, const struct hall_conf *hall, int64_t now,
                            struct assets **out, struct buf *report, struct fault *fault)
{
	if (assets == NULL) {
		const enum err e = __real_assets_load(folder, hall, now, &assets, report,
		                                      fault);

		if (e != ERR_OK) { /* no seed can be run */
			(void)fprintf(stderr, "simulate: %s\n", fault->text);
			exit(EXIT_FAILURE);
		}
	}
	*out = assets;
	return ERR_OK;
}

void __wrap_assets_destroy(struct assets *a)
{
	(void)a;
}

void life_forget_assets(void)
{
	__real_assets_destroy(assets);
	assets = NULL;
}
