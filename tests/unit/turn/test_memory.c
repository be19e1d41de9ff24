/*
 * test_memory.c - M1: each allocation of a start, a recovery, a turn and a reload fails,
 * once or for ever.
 *
 * The process goes on, or ends with a line and status 1, never by a signal; a text is
 * either refused or kept with its reply; and when memory is back, all goes on.
 */
#include <string.h>
#include <sys/mman.h>

#include "fixture.h"
#include "support/alloc_shim.h"
#include "support/child.h"

/* What the child leaves behind; shared with it. */
static struct note {
	unsigned nth, count; /* which allocation fails; how many there were */
	bool for_ever, struck;
	unsigned acked; /* texts that were */
} * note;

static struct {
	char p[1 << 20];
	size_t n;
} pristine; /* the store's file */

static void arm(void)
{
	alloc_shim_fail(note->nth, note->for_ever);
}

static void disarm(void)
{
	note->struck |= alloc_shim_struck();
	note->count = alloc_shim_count();
	alloc_shim_fail(0, false);
}

/* ERR_UNKNOWN and the like end the gateway with status 1; so does this. */
static void judge(enum err e)
{
	if (e == ERR_OK || e == ERR_FULL)
		return;
	disarm();
	(void)fprintf(stderr, "out of memory: %s\n", err_text(e));
	_exit(EXIT_FAILURE);
}

/* A start that does not get what it needs is no start. */
static void must(enum err e)
{
	judge(e == ERR_FULL ? ERR_STATE : e);
}

/* Everything that a process has to do before it can take a text. */
static void start(void)
{
	const struct hall_conf conf = { .hotline = STR("10086") };
	struct turn_output out;

	hall.fault.text[0] = '\0';
	arm();
	must(assets_load("grammar", &conf, NOW_S, &hall.assets, NULL, &hall.fault));
	must(store_open(hall.url, STORE_OPEN, &hall.store, &hall.fault));
	must(try_turn());
	must(turn_backlog(hall.turn, 0, 100, &out));
	disarm();
}

static void recover(void)
{
	struct turn_output out;

	arm();
	must(store_open(hall.url, STORE_OPEN, &hall.store, &hall.fault));
	must(try_turn());
	must(turn_backlog(hall.turn, 0, 100, &out));
	disarm();
}

/* No assertions while memory is short: they want some. */
static void run_armed(struct turn_input *in)
{
	struct turn_input *all[] = { &in[0], &in[1], &in[2] };

	arm();
	judge(turn_run(hall.turn, all, 3, hall.now_ms, &hall.out));
	for (size_t i = 0; i < 2; i++)
		note->acked += in[i].status == TURN_OK ? 1 : 0;
	judge(turn_tick(hall.turn, hall.now_ms, &hall.out));
	disarm();
}

/* Two texts, then, with memory back, two others. */
static void take_texts(void)
{
	struct turn_input in[] = { text_of(1, "CXYE"), text_of(2, "CXYE"), mark_of(1) };

	open_store(STORE_OPEN);
	open_turn();
	run_armed(in);
	in[0] = text_of(1, "RG");
	judge(run_all(in, 1));
	if (in[0].status != TURN_OK)
		abort(); /* memory is back, and it does not go on */
	note->acked++;
	store_close(hall.store);
}

static void reload(void)
{
	const struct hall_conf conf = { .hotline = STR("10086") };
	struct assets *fresh;

	arm();
	judge(assets_load("grammar", &conf, NOW_S, &fresh, NULL, &hall.fault));
	judge(turn_reload_catalogue(hall.turn));
	disarm();
}

static void reload_in_service(void)
{
	open_store(STORE_OPEN);
	open_turn();
	reload();
}

static const struct trial {
	void (*work)(void);
	unsigned all, step; /* each of the first, then each step-th only */
} trials[] = { { recover, 30, 17 },
	       { take_texts, 30, 7 },
	       { start, 4, 6999 },
	       { reload_in_service, 4, 6999 } };

static void set_up(void)
{
	char path[128];
	FILE *f;

	note = mmap(NULL, sizeof(*note), PROT_READ | PROT_WRITE,
	            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(note, MAP_FAILED);
	alloc_shim_sqlite();
	set_up_people(10);
	close_hall();
	(void)snprintf(path, sizeof(path), "%s/hall.db", hall.folder);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	pristine.n = fread(pristine.p, 1, sizeof(pristine.p), f);
	ck_assert_uint_lt(pristine.n, sizeof(pristine.p));
	(void)fclose(f);
}

static void look_at_store(void)
{
	unsigned kept;

	open_store(STORE_OPEN);
	kept = rows(hall.store, "inbox", NULL, NULL);
	ck_assert_uint_ge(kept, note->acked);
	ck_assert_uint_eq(rows(hall.store, "outbox", NULL, NULL), kept);
	store_close(hall.store);
	hall.store = NULL;
}

/* Each trial finds what the first one found. */
static void fresh_store(void)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/hall.db-wal", hall.folder);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/hall.db", hall.folder);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(pristine.p, 1, pristine.n, f), pristine.n);
	ck_assert_int_eq(fclose(f), 0);
}

static void one_trial(const struct trial *t, unsigned nth, bool for_ever)
{
	struct child c;

	fresh_store();
	memset(note, 0, sizeof(*note));
	note->nth = nth;
	note->for_ever = for_ever;
	c = run_child(t->work);
	ck_assert_msg(WIFEXITED(c.status) && WEXITSTATUS(c.status) <= 1,
	              "allocation %u: status %x: %s", nth, (unsigned)c.status, c.said);
	if (WEXITSTATUS(c.status) == 1)
		ck_assert_msg(child_said(&c, "out of memory"), "allocation %u: %s", nth,
		              c.said);
	look_at_store();
}

START_TEST(M1_each_allocation_fails)
{
	const struct trial *t = &trials[_i / 2];
	const bool for_ever = _i % 2 == 1;
	unsigned nth, n;

	one_trial(t, 0, false);
	n = note->count;
	ck_assert_uint_gt(n, 10);
	for (nth = 1; nth <= n; nth += nth < t->all ? 1 : t->step)
		one_trial(t, nth, for_ever);
}
END_TEST

SUITE("turn/memory", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, M1_each_allocation_fails, 0, 2 * COUNT_OF(trials));
})
