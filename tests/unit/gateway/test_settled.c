/*
 * test_settled.c - when a text counts as settled, so that its equal is a new request.
 */
#include <sqlite3.h>

#include "slow_disk.h"

static void set_up_slow(void)
{
	disk_set_up();
	set_up();
	populate();
}

static void tear_down_slow(void)
{
	disk_release();
	tear_down();
	disk_tear_down();
}

/* What a program beside the gateway finds committed. */
static bool is_committed(const char *sql)
{
	char path[128];
	sqlite3 *db;
	sqlite3_stmt *st;
	bool is;

	(void)snprintf(path, sizeof(path), "%s/hall.db", t.folder);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	is = sqlite3_step(st) == SQLITE_ROW && sqlite3_column_int(st, 0) == 1;
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return is;
}

/* The worker goes on, while the loop, which would respond, does not. */
static void loop_starves_until(const char *sql)
{
	const int64_t until = clock_machine().mono_us + GENEROUS_S * INT64_C(1000000);

	while (!is_committed(sql))
		ck_assert_msg(clock_machine().mono_us < until, "never so: %s", sql);
}

/*
 * Found by tests/kill/points K8 on a busy machine: a text came again while its reply was
 * under way; that was accepted and committed before the response to the repetition had
 * left, and with the session, or the process, that response was lost.
 */
START_TEST(a_reply_accepted_before_the_response_left_settles_nothing)
{
	unsigned i;

	start_one("");
	smsc.mood = HOLD;
	(void)deliver("a", "13900000001", "RG");
	RUN_UNTIL(smsc.submits == 1);
	cut("a");
	RUN_UNTIL(smsc.submits == 2);
	disk.held = true;
	(void)deliver("a", "13900000001", "RG");
	RUN_UNTIL(disk.waits);
	answer_held(0);
	RUN_UNTIL(status_now().counts.sent == 1);
	disk_release();
	loop_starves_until("SELECT state = 2 FROM outbox");
	cut("a");
	RUN_UNTIL(bound("a") != NULL);
	smsc.mood = ACCEPT;
	i = deliver("a", "13900000001", "RG");
	RUN_UNTIL(smsc.response[i] == SMPP_ESME_ROK);
	stop();
	ck_assert_uint_eq(rows("task", "kind", "agent"), 1);
	ck_assert_uint_eq(rows("inbox", "settled", "0") + rows("inbox", "settled", "1"),
	                  1);
}
END_TEST

SUITE("gateway/settled", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up_slow, tear_down_slow);
	tcase_add_test(tc, a_reply_accepted_before_the_response_left_settles_nothing);
})
