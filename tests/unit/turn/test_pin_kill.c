/*
 * The process is killed before each step on the disk that a text with a PIN causes, from
 * its arrival to the answer: after the restart it has had its effect once and its answer
 * once, and neither a wrong guess nor a lock is forgotten (T3).
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "fixture.h"
#include "model/secrets.h"

#define PIN   "246813"
#define WRONG "908174"
#define FRESH "975318"

enum {
	STEPS = 150 /* more than a text has on the disk */
};

/* What the child got done, read by the parent. */
struct progress {
	unsigned steps;
	bool acked;
};

static struct {
	struct pin_conf conf;
	struct pin_job job;
	bool posted;
	unsigned kill_at;
	struct progress *progress;
} w;

static void on_post(void *arg, const struct pin_job *job)
{
	(void)arg;
	ck_assert(!w.posted);
	w.job = *job;
	w.posted = true;
}

static void start_turn(void)
{
	const struct turn_conf conf = { .store = hall.store,
		                        .fold = hall.assets->fold,
		                        .grammar = hall.assets->grammar,
		                        .hall = hall.assets->hall,
		                        .pin = &w.conf,
		                        .pin_post = on_post };

	turn_destroy(hall.turn);
	w.posted = false;
	ck_assert_int_eq(turn_create(&conf, &hall.turn, &hall.fault), ERR_OK);
}

/* Everybody has the PIN, and that many wrong guesses. */
static void put_pins(int64_t failures)
{
	struct changes c = { .arena = &hall.arena };

	for (int i = 0; i < STEPS; i++) {
		struct pin_job job = { .msisdn = FIRST + i, .fresh = PIN };

		pin_work(&w.conf, &job);
		changes_add(&c, pins,
		            (struct pin_row){
				    FIRST + i,
				    1577808000,
				    { .hash = arena_str(&hall.arena, str_of(job.hash)),
		                      .failures = failures,
		                      .code = STR("") } });
	}
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_record(hall.store, &c), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

static void set_up(void)
{
	static const uint8_t pepper[PIN_PEPPER] = "made up";

	set_up_people(STEPS);
	pin_conf_make(&w.conf, pepper, true);
	w.progress = mmap(NULL, sizeof(*w.progress), PROT_READ | PROT_WRITE,
	                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(w.progress, MAP_FAILED);
}

static void end(void)
{
	(void)munmap(w.progress, sizeof(*w.progress));
	tear_down();
}

static void conclude(void)
{
	struct turn_input in = { .kind = TURN_VERDICT, .verdict = &w.job };

	if (!w.posted)
		return;
	pin_work(&w.conf, &w.job);
	w.posted = false;
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
}

static void send_text(int person, const char *pin)
{
	struct turn_input in;
	char text[64];

	(void)snprintf(text, sizeof(text), "XGMM#%s#" FRESH "#" FRESH, pin);
	ck_assert_int_eq(run_text(person, text, &in), ERR_OK);
	ck_assert_uint_eq(in.status, TURN_OK);
}

static void on_step(void *ctx, enum vfs_op op, const char *file)
{
	(void)ctx;
	(void)op;
	(void)file;
	if (++w.progress->steps == w.kill_at)
		(void)raise(SIGKILL);
}

/* In a process of its own; true: it was killed. */
static bool run_killed(int person, const char *pin)
{
	int status = 0;
	pid_t pid;

	close_hall();
	*w.progress = (struct progress){ 0 };
	w.kill_at = (unsigned)person + 1;
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		open_store(STORE_OPEN);
		start_turn();
		vfs_shim_hook(on_step, NULL);
		send_text(person, pin);
		w.progress->acked = true;
		conclude();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	open_store(STORE_OPEN);
	start_turn();
	return WIFSIGNALED(status);
}

/* As the SMSC does: what was not acknowledged comes again. */
static void recover(int person, const char *pin)
{
	hall.now_ms += 1000;
	ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_OK);
	conclude();
	if (!w.progress->acked)
		send_text(person, pin);
	conclude();
}

static struct pin pin_of(int person)
{
	struct dossier d = { .msisdn = FIRST + person }, *one = &d;
	const unsigned need = NEED_PIN;

	ck_assert_int_eq(store_load_dossiers(hall.store, &hall.arena, &one, 1), ERR_OK);
	ck_assert_int_eq(store_load_needs(hall.store, &hall.arena, &one, &need, 1,
	                                  hall.now_ms / 1000),
	                 ERR_OK);
	return d.pin;
}

static bool is_pin(int person, const char *pin)
{
	struct pin_job job = { .msisdn = FIRST + person };
	const struct pin p = pin_of(person);

	(void)snprintf(job.check, sizeof(job.check), "%s", pin);
	ck_assert(p.hash.n > 0 && p.hash.n < sizeof(job.stored));
	memcpy(job.stored, p.hash.p, p.hash.n);
	pin_work(&w.conf, &job);
	return job.right;
}

/* check: what must hold of that person once the text was answered. */
static void kill_everywhere(int64_t failures, const char *pin, void (*check)(int person))
{
	int person = 0;
	bool killed = true;

	put_pins(failures);
	for (; killed && person < STEPS; person++) {
		killed = run_killed(person, pin);
		recover(person, pin);
		check(person);
		ck_assert_uint_eq(rows(hall.store, "parked", NULL, NULL), 0);
		ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL),
		                  (unsigned)person + 1);
		ck_assert_uint_eq(rows(hall.store, "outbox", NULL, NULL),
		                  (unsigned)person + 1);
	}
	ck_assert(!killed);
	ck_assert_int_gt(person, 10);
}

static void counted_once(int person)
{
	ck_assert_int_eq(pin_of(person).failures, 1);
	ck_assert(is_pin(person, PIN));
}

START_TEST(t3_a_wrong_guess_counts_once)
{
	kill_everywhere(0, WRONG, counted_once);
}
END_TEST

static void locked_for_a_day(int person)
{
	const int64_t left = pin_of(person).locked_until - hall.now_ms / 1000;

	ck_assert(left > PIN_LOCK_S - 10 && left <= PIN_LOCK_S);
}

START_TEST(t3_the_fifth_locks_for_a_day)
{
	kill_everywhere(PIN_WRONG - 1, WRONG, locked_for_a_day);
}
END_TEST

static void changed(int person)
{
	ck_assert_int_eq(pin_of(person).failures, 0);
	ck_assert(is_pin(person, FRESH));
}

START_TEST(a_change_is_made_once)
{
	kill_everywhere(2, PIN, changed);
}
END_TEST

SUITE("turn/pin_kill", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up, end);
      tcase_add_test(tc, t3_a_wrong_guess_counts_once);
      tcase_add_test(tc, t3_the_fifth_locks_for_a_day);
      tcase_add_test(tc, a_change_is_made_once);)
