/*
 * test_tending.c - campaigns are looked at while the bench does what takes long; when that
 * was last is among the figures.
 */
#include <signal.h>

#include "asker.h"
#include "slow_disk.h"

enum {
	MANY_ROWS = 60000, /* several slices */
	DUE_S = 3          /* after so long without a look there should be one */
};

static struct asker asker;

static void set_up_held(void)
{
	(void)signal(SIGPIPE, SIG_IGN); /* as the program does */
	disk_set_up();
	set_up();
	populate();
	put_people(MANY_ROWS);
}

static void tear_down_held(void)
{
	disk_release();
	tear_down();
	disk_tear_down();
}

static double looked_at(void)
{
	return sample("smshall_campaign_counted_seconds");
}

static bool is_due(void)
{
	return (double)clock_machine().wall_s > looked_at() + DUE_S;
}

/* With the syncs that are permitted the task does not come to its end. */
static const struct {
	const char *words;
	int syncs;
} tasks[] = {
	{ "\"import\",\"kind\":\"subscribers\"", 4 },
	{ "\"erase\",\"msisdn\":\"13900000001\"", 2 },
};

START_TEST(campaigns_are_looked_at_during_what_takes_long)
{
	char request[256];
	double before;

	start_one("");
	RUN_UNTIL(looked_at() > 0);
	disk.held = true;
	(void)snprintf(request, sizeof(request), "{\"do\":%s,\"path\":\"%s/hall.csv\"}\n",
	               tasks[_i].words, t.folder);
	dial_and_say(&asker, request);
	RUN_AND_LOOK(disk.waits && is_due());
	before = looked_at();
	disk_permit(tasks[_i].syncs);
	RUN_AND_LOOK(looked_at() > before);
	ck_assert(!hears(&asker, "{\"ok\":true}"));
	hang_up(&asker);
}
END_TEST

SUITE("gateway/tending", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up_held, tear_down_held);
	tcase_add_loop_test(tc, campaigns_are_looked_at_during_what_takes_long, 0,
	                    COUNT_OF(tasks));
})
