/*
 * test_reminders.c - a reminder is sent once: whichever write of its transaction fails,
 * and whatever the disk kept of it.
 */
#include "fixture.h"

enum {
	LATER_MS = 4 * 3600 * 1000,
	WRITES = 8
};

static void ask(void)
{
	struct turn_input in, mark;

	set_up_people(1);
	ck_assert_int_eq(run_text(0, "TX10000", &in), ERR_OK);
	mark = mark_of(hall.out.send[0].id);
	ck_assert_int_eq(run_all(&mark, 1), ERR_OK);
	hall.now_ms += LATER_MS;
}

static enum err tick(size_t *sent)
{
	struct turn_output out = { NULL, 0 };
	const enum err e = turn_tick(hall.turn, hall.now_ms, &out);

	*sent = e == ERR_OK ? out.n : 0;
	return e;
}

static const struct {
	enum vfs_op op;
	int code;
} faults[] = { { VFS_WRITE, SQLITE_FULL },
	       { VFS_WRITE, SQLITE_IOERR_WRITE },
	       { VFS_SYNC, SQLITE_IOERR_FSYNC } };

/* _i: the fault, and the how-manieth write or sync of the tick. */
START_TEST(a_failed_tick_tells_nobody_and_loses_nothing)
{
	size_t sent;
	bool failed;

	ask();
	vfs_shim_fail(faults[_i / WRITES].op, "-wal", (unsigned)(_i % WRITES) + 1,
	              faults[_i / WRITES].code, false);
	failed = tick(&sent) != ERR_OK;
	ck_assert(!failed || sent == 0);
	vfs_shim_heal();
	open_again();
	(void)tick(&sent);
	hall.now_ms += LATER_MS;
	(void)tick(&sent);
	ck_assert_uint_eq(sent, 0);
	ck_assert_uint_eq(rows(hall.store, "outbox", NULL, NULL), 2);
	tear_down();
}
END_TEST

/* The row as it would be had the number had another owner when it was asked for. */
static void give_to_earlier_owner(void)
{
	struct dossier d = { .msisdn = FIRST }, *one = &d;
	struct changes c = { .arena = &hall.arena };
	const unsigned need = NEED_REMINDERS;

	ck_assert_int_eq(store_load_dossiers(hall.store, &hall.arena, &one, 1), ERR_OK);
	ck_assert_int_eq(store_load_needs(hall.store, &hall.arena, &one, &need, 1,
	                                  hall.now_ms / 1000),
	                 ERR_OK);
	ck_assert_uint_eq(d.n_reminders, 1);
	changes_add(&c, reminders,
	            (struct reminder_row){ FIRST, d.sub.owner_since - 1, d.reminder[0] });
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_record(hall.store, &c), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

START_TEST(what_an_earlier_owner_asked_for_is_told_to_nobody)
{
	size_t sent;

	ask();
	give_to_earlier_owner();
	ck_assert_int_eq(tick(&sent), ERR_OK);
	ck_assert_uint_eq(sent, 0);
	tear_down();
}
END_TEST

START_TEST(by_night_nothing_is_sent_and_in_the_morning_once)
{
	size_t sent;

	ask();
	hall.now_ms += (int64_t)8 * 3600 * 1000; /* 22:31 */
	ck_assert_int_eq(tick(&sent), ERR_OK);
	ck_assert_uint_eq(sent, 0);
	hall.now_ms += (int64_t)9 * 3600 * 1000 + 1740 * 1000; /* 8:00 */
	ck_assert_int_eq(tick(&sent), ERR_OK);
	ck_assert_uint_eq(sent, 1);
	ck_assert_int_eq(tick(&sent), ERR_OK);
	ck_assert_uint_eq(sent, 0);
	tear_down();
}
END_TEST

SUITE("turn/reminders", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_loop_test(tc, a_failed_tick_tells_nobody_and_loses_nothing, 0,
                          (int)COUNT_OF(faults) * WRITES);
      tcase_add_test(tc, what_an_earlier_owner_asked_for_is_told_to_nobody);
      tcase_add_test(tc, by_night_nothing_is_sent_and_in_the_morning_once);)
