/*
 * test_campaign_seen.c - what a look at campaigns tells /metrics and the alarm: each one
 * that runs or is paused, many as one, and what a rule has stopped.
 */
#include "../store/raw.h"
#include "fixture.h"
#include "office/campaigns.h"

#define NOW                "1795050000" /* 2026-11-19 09:00 in Shanghai */
#define MANY               40

#define PACKAGE_9(on_sale) "9,vas,彩铃,Ringtone,900,0,0,0,0,0,0,0,0,100,," on_sale "\n"

static struct office_campaigns seen;

static void on_seen(void *ctx, const struct office_campaigns *what)
{
	(void)ctx;
	seen = *what;
}

static void act(const char *name, const char *rest)
{
	char request[512];

	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"%s\",\"code\":\"C-1\",\"now\":" NOW
	               "%s}",
	               name, rest);
	ask_well(request);
}

static void sell_ringtone(const char *row)
{
	char text[512];

	(void)snprintf(text, sizeof(text), "%s%s%s", PACKAGES_HEAD, PACKAGE_58, row);
	put_file("packages.csv", text);
	import_well("packages", "packages.csv");
}

/* One that runs, 90 % of 300 people. */
static void setup(void)
{
	set_up();
	memset(&seen, 0, sizeof(seen));
	t.host.campaigns_seen = on_seen;
	sell_ringtone(PACKAGE_9("1"));
	put_people("people.csv", 300);
	import_well("subscribers", "people.csv");
	put_file(
		"c.conf",
		"campaign = { code = \"C-1\"; title = \"t\"; kind = \"broadcast\";\n"
		" category = \"services\"; owner = \"anna\"; };\n"
		"audience = { where = \"\"; control = \"10\"; };\n"
		"offer = { codes = \"9\"; };\n"
		"time = { from = \"2026-11-01\"; until = \"2026-12-31\"; };\n"
		"arm_a = { share = \"50\"; zh_hans = \"每月{fee}元，回复{reply}办理\"; };\n"
		"arm_b = { share = \"50\"; zh_hans = \"只要{fee}元，回复{reply}办理\"; };\n");
	{
		char add[256];

		(void)snprintf(add, sizeof(add),
		               ",\"path\":\"%s/c.conf\",\"by\":\"anna\"", t.folder);
		act("add", add);
	}
	act("submit", ",\"by\":\"anna\"");
	act("approve", ",\"by\":\"bob\"");
	act("schedule", ",\"by\":\"anna\"");
	act("tend", "");
}

static void change(const char *sql)
{
	close_office();
	raw_at(t.url + strlen("sqlite:"), sql);
	open_office();
	t.host.campaigns_seen = on_seen;
	act("tend", "");
}

static int64_t in_store(const char *sql)
{
	return raw_int(t.url + strlen("sqlite:"), sql);
}

START_TEST(what_runs_or_is_paused_is_counted)
{
	const struct office_campaign *c = &seen.of[0];
	const int64_t held = in_store("SELECT count(*) FROM target WHERE state = 0");

	ck_assert_uint_eq(seen.n, 1);
	ck_assert_int_eq(seen.at, strtoll(NOW, NULL, 10));
	ck_assert_str_eq(c->code, "C-1");
	ck_assert_int_eq(c->running, 1);
	ck_assert_int_gt(held, 0);
	ck_assert_int_eq(c->n.held, held);
	ck_assert_int_eq(c->n.ready, 300 - held);
	ck_assert_int_eq(c->n.targets, 300 - held);
	change("UPDATE target SET state = 2, reason = 2 WHERE msisdn IN "
	       "(SELECT msisdn FROM target WHERE state = 1 LIMIT 7)");
	ck_assert_int_eq(c->n.refused, 7);
	ck_assert_int_eq(c->refused[GATE_BLACKLIST], 7);
	ck_assert_int_eq(c->n.ready, 300 - held - 7);
	act("pause", ",\"by\":\"bob\"");
	change("UPDATE target SET reason = 4 WHERE state = 2");
	ck_assert_int_eq(c->running, 0);
	ck_assert_int_eq(c->refused[GATE_OPTED_OUT], 7);
	act("stop", ",\"by\":\"bob\"");
	act("tend", "");
	ck_assert_uint_eq(seen.n, 0);
	ck_assert_uint_eq(seen.stopped, 0); /* a person did it */
}
END_TEST

START_TEST(many_are_shown_as_one)
{
	const struct office_campaign *o = &seen.of[OFFICE_CAMPAIGNS];

	act("pause", ",\"by\":\"bob\"");
	change("WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
	       "INSERT INTO campaign SELECT i, 'C-' || i, text, hash, category, state, owner, "
	       "submitted_by, approved_by, approval, salt, allowed, step_at, drawn_at, "
	       "drawn_after, at, why, sent, segments, service FROM campaign, n WHERE id = 1; "
	       "UPDATE target SET campaign = 39 WHERE msisdn % 2 = 0; "
	       "UPDATE target SET campaign = 40 WHERE msisdn % 10 = 1");
	ck_assert_uint_eq(seen.n, OFFICE_CAMPAIGNS + 1);
	ck_assert_str_eq(seen.of[OFFICE_CAMPAIGNS - 1].code, "C-32");
	ck_assert_str_eq(o->code, OFFICE_CAMPAIGN_OTHERS);
	ck_assert_int_eq(o->n.ready,
	                 in_store("SELECT count(*) FROM target WHERE state = 1 AND "
	                          "campaign IN (39, 40)"));
	ck_assert_int_eq(o->running, 0);
}
END_TEST

START_TEST(what_a_rule_stopped_stands_until_somebody_does_something)
{
	sell_ringtone(PACKAGE_9("0"));
	act("tend", "");
	act("tend", "");
	ck_assert_uint_eq(seen.n, 0);
	ck_assert_uint_eq(seen.stopped, 1);
	ck_assert_str_eq(seen.stopped_code, "C-1");
	ck_assert_str_eq(seen.stopped_why, "9 is off sale");
	act("lesson", ",\"by\":\"anna\",\"why\":\"look at what is sold\"");
	act("tend", "");
	ck_assert_uint_eq(seen.stopped, 0);
}
END_TEST

SUITE("office/campaign_seen", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, what_runs_or_is_paused_is_counted);
      tcase_add_test(tc, many_are_shown_as_one);
      tcase_add_test(tc, what_a_rule_stopped_stands_until_somebody_does_something);)
