/*
 * test_clock.c - T1c, T2c, D11: the wall clock of a running gateway jumps or stands still,
 * and a sync of its disk takes as long as the test likes.
 */
#include "slow_disk.h"

static int64_t wall_offset_s, mono_offset_us;
static bool wall_stands;

static void read_clock(struct clock *c)
{
	const struct clock now = clock_machine();

	c->mono_us = now.mono_us + mono_offset_us;
	if (!wall_stands)
		c->wall_s = now.wall_s + wall_offset_s;
}

static void set_up_clock(void)
{
	disk_set_up();
	set_up();
	wall_offset_s = mono_offset_us = 0;
	wall_stands = false;
	t.clock.read = read_clock;
	populate();
}

static void tear_down_clock(void)
{
	disk_release();
	tear_down();
	disk_tear_down();
}

static const int64_t jumps_s[] = { 3600, -3600, 365 * 86400, -365 * 86400, 1, -1 };

/* The session lives on, and what was under way is answered in its time. */
START_TEST(T1c_link_and_texts_outlive_a_jump)
{
	unsigned i;

	start_one("");
	smsc.mood = HOLD;
	i = deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.response[i] == SMPP_ESME_ROK && smsc.submits == 1);
	wall_offset_s = jumps_s[_i];
	i = deliver("a", "13900000002", "CXYE");
	RUN_UNTIL(smsc.response[i] == SMPP_ESME_ROK && smsc.submits == 2);
	answer_held(0);
	RUN_UNTIL(status_now().queued == 0);
	ck_assert_uint_eq(smsc.accepted, 1); /* never bound anew */
	ck_assert_uint_eq(status_now().counts.resent, 0);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "2"), 2);
}
END_TEST

START_TEST(T2c_wall_clock_stands_still)
{
	unsigned i;

	wall_stands = true;
	start_one("");
	for (int k = 0; k < 20; k++) {
		i = deliver("a", "13900000001", k % 2 == 0 ? "CXYE" : "CXJF");
		RUN_UNTIL(smsc.response[i] == SMPP_ESME_ROK &&
		          smsc.submits == (unsigned)k + 1 && status_now().queued == 0);
	}
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "2"), 20);
}
END_TEST

/* What comes during a slow sync is one batch behind it, and nothing is given back. */
START_TEST(D11_slow_fsync)
{
	const unsigned texts = 200;
	int64_t since;
	unsigned syncs;

	start_one("");
	disk.held = true;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(status_now().waiting == 1);
	since = clock_machine().mono_us;
	syncs = vfs_shim_count(VFS_SYNC);
	for (unsigned i = 1; i < texts; i++) {
		char from[24];

		(void)snprintf(from, sizeof(from), "%lld",
		               (long long)(FIRST + i % SUBSCRIBERS));
		(void)deliver("a", from, "CXYE.");
	}
	RUN_UNTIL(status_now().waiting == texts);
	ck_assert_uint_eq(smsc.responses, 0);
	ck_assert_uint_eq(status_now().n_alarms, 0);
	RUN_UNTIL(clock_machine().mono_us - since > 1100000);
	disk_release();
	RUN_UNTIL(smsc.responses == texts && smsc.submits == texts);
	ck_assert_uint_eq(status_now().counts.nacked, 0);
	ck_assert_uint_le(vfs_shim_count(VFS_SYNC) - syncs, 12);
	RUN_UNTIL(status_now().n_alarms == 1);
	ck_assert_str_eq(status_now().alarm[0].name, "slow_commits");
}
END_TEST

/* Another number's text: with it the loop looks at the time again. */
static void deliver_later(unsigned nth)
{
	const unsigned submits = smsc.submits;
	char from[24];

	mono_offset_us += INT64_C(600000000);
	(void)snprintf(from, sizeof(from), "%lld", (long long)(FIRST + nth));
	(void)deliver("a", from, "CXYE.");
	RUN_UNTIL(smsc.submits > submits && status_now().waiting == 0);
}

/* Found by the simulator: after six lost responses a reply was given up. */
START_TEST(an_smsc_that_only_is_silent_has_refused_nothing)
{
	unsigned n = 0;

	start(LINK("a", TRUSTED "enquire_s = 0;"), "");
	RUN_UNTIL(bound("a") != NULL);
	smsc.mood = HOLD;
	while (n < 40)
		deliver_later(n++);
	ck_assert_uint_eq(status_now().counts.dead, 0);
	smsc.mood = ACCEPT;
	while (status_now().queued > 0 && n < SUBSCRIBERS)
		deliver_later(n++);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "2"), n);
}
END_TEST

SUITE("gateway/clock", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up_clock, tear_down_clock);
	tcase_add_loop_test(tc, T1c_link_and_texts_outlive_a_jump, 0, COUNT_OF(jumps_s));
	tcase_add_test(tc, T2c_wall_clock_stands_still);
	tcase_add_test(tc, D11_slow_fsync);
	tcase_add_test(tc, an_smsc_that_only_is_silent_has_refused_nothing);
})
