/*
 * test_use.c - what the hall was used for: contacts, prompts and misses of services and
 * days, and what they save.
 */
#include <inttypes.h>

#include "../store/raw.h"
#include "fixture.h"
#include "model/dialogue.h"

#define NOW 1795050000 /* 2026-11-19 09:00 in Shanghai */

static int64_t ids;

static int64_t text(int64_t at, int64_t msisdn, const char *intent, int state)
{
	char sql[512];

	(void)snprintf(sql, sizeof(sql),
	               "INSERT INTO inbox VALUES (%" PRId64 ", 0, %d, 1, 1, %" PRId64
	               ", %" PRId64 ", 0, 0, 0, '', '', '', 't', '%s', '', '')",
	               ++ids, state, at * 1000, msisdn, intent);
	raw_at(t.url + strlen("sqlite:"), sql);
	return ids;
}

static void step(int64_t at, enum step_kind kind, int64_t prompt, int64_t order)
{
	char sql[512];

	(void)snprintf(
		sql, sizeof(sql),
		"INSERT INTO step (msisdn, owner_since, at, kind, dialogue, inbox, "
		"order_id, folded, price) VALUES (1, 0, %" PRId64 ", %d, %" PRId64
		", 0, %" PRId64 ", '', '')",
		at, (int)kind, prompt, order);
	raw_at(t.url + strlen("sqlite:"), sql);
}

static void setup(void)
{
	int64_t id;

	set_up();
	ids = 0;
	/* Three times on one day are one contact; another day, another number are more. */
	for (int i = 0; i < 3; i++)
		(void)text(NOW - i * 60, 13900000001, "balance.query", 0);
	(void)text(NOW - 86400, 13900000001, "balance.query", 0);
	(void)text(NOW - 60, 13900000002, "balance.query", 0);
	/* Two prompts, one taken. */
	id = text(NOW - 50, 13900000002, "service.open", 0);
	step(NOW - 50, STEP_ASKED, id, 0);
	(void)text(NOW - 40, 13900000002, "confirm.yes", 0);
	step(NOW - 40, STEP_CONFIRMED, id, 0);
	raw_at(t.url + strlen("sqlite:"),
	       "INSERT INTO service_order (id, msisdn, owner_since, kind, package, state, at, "
	       "effective_at, fee_fen, inbox) VALUES (1001, 13900000002, 0, "
	       "'service.open', '9', 2, 1, 1, 900, 1)");
	step(NOW - 40, STEP_CARRIED_OUT, id, 1001);
	id = text(NOW - 30, 13900000003, "service.open", 0);
	step(NOW - 30, STEP_ASKED, id, 0);
	step(NOW - 20, STEP_DECLINED, id, 0);
	(void)text(NOW - 86400, 13900000004, "", 0);
	(void)text(NOW - 10, 13900000004, "balance.query", 2);
	/* A manager at work. */
	(void)text(NOW - 10, 13900000005, "campaign.approve", 0);
	/* Before. */
	(void)text(NOW - 3 * 86400, 13900000004, "balance.query", 0);
}

START_TEST(services_days_and_what_they_save)
{
	ask_well(
		"{\"do\":\"campaign\",\"act\":\"use\",\"now\":1795050000,\"days\":2,\"csv\":true}");
	assert_said(
		"of,name,texts,contacts,asked,done,abandoned,refused,missed,saved_yuan\n"
		"service,balance.query,5,3,0,0,0,0,0,6.90\n"
		"service,service.open,2,2,2,1,1,0,0,4.60\n"
		"day,2026-11-18,2,1,0,0,0,0,1,2.30\n"
		"day,2026-11-19,9,4,2,1,1,0,0,9.20\n"
		"all,,11,5,2,1,1,0,1,11.50\n");
}
END_TEST

START_TEST(people_are_told_what_it_rests_on)
{
	ask_well("{\"do\":\"campaign\",\"act\":\"use\",\"now\":1795050000}");
	assert_said("2026-10-21 to 2026-11-19; texts are kept for ");
	assert_said("6 contacts (a number, a service, a day) were served by text");
	assert_said("counter      10.00 % of them at 8.00 yuan: 4.80 yuan");
	assert_said("hotline      40.00 % of them at 4.00 yuan: 9.60 yuan");
	assert_said("by text    all of them at 0.10 yuan: 0.60 yuan");
	assert_said("saved: 13.80 yuan");
	assert_said("1 could not be answered");
}
END_TEST

SUITE("office/use", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, services_days_and_what_they_save);
      tcase_add_test(tc, people_are_told_what_it_rests_on);)
