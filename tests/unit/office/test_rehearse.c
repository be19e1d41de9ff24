/*
 * test_rehearse.c - new packages and limits tried on everybody, as the office says it.
 */
#include "fixture.h"

#define NOW        "\"now\":1790812800" /* 2026-10-01 08:00 */
#define PACKAGE_38 "38,main,38元套餐,Plan 38,3800,100,0,10240,15,10,500,1024,0,1000,,1\n"

/* Two hold 58 and use what 38 has, one of them a little more; a third has no months. */
static void put_world(void)
{
	put_file("packages.csv", PACKAGES_HEAD PACKAGE_38
	         "58,main,58元套餐,Plan 58,5800,200,0,20480,15,10,500,1024,0,1500,,1\n"
	         "CL,vas,彩铃,Ringback,500,0,0,0,0,0,0,0,0,100,,1\n");
	import_well("packages", "packages.csv");
	put_file(
		"subscribers.csv", PEOPLE_HEAD
		"13800000001,甲,zh-Hans,personal,浦东,2020-01-01,active,5000,9,01234567,58,CL\n"
		"13800000002,乙,zh-Hans,personal,浦东,2020-01-01,active,5000,9,01234567,58,\n"
		"13800000003,丙,zh-Hans,personal,浦东,2020-01-01,active,5000,9,01234567,58,\n");
	import_well("subscribers", "subscribers.csv");
	put_file("usage.csv", "msisdn,month,voice_min,sms,data_mb,bill_fen\n"
	                      "13800000001,2026-06,120,0,9000,5800\n"
	                      "13800000001,2026-07,90,0,9000,5800\n"
	                      "13800000001,2026-08,90,0,9000,5800\n"
	                      "13800000002,2026-07,90,0,9000,5800\n"
	                      "13800000002,2026-08,90,0,9000,5800\n");
	import_well("usage", "usage.csv");
}

static void ask_with(const char *more)
{
	char request[512];

	(void)snprintf(request, sizeof(request), "{\"do\":\"rehearse\"," NOW "%s}", more);
	ask_well(request);
}

static const char *with_file(const char *key, const char *name)
{
	static char text[256];

	(void)snprintf(text, sizeof(text), ",\"%s\":\"%s/%s\"", key, t.folder, name);
	return text;
}

/* The same saving that `offer` reckons: 19.40 and 20.00 a month. */
START_TEST(everybody_is_added_up)
{
	put_world();
	ask_with("");
	assert_said(
		"2 subscribers with bills (1 of them with fewer than 3 months), 1 without");
	assert_said("\nnow            116.00                    71.01\n");
	assert_said("\nstay           116.00   +0.00 % ");
	assert_said("\nask             76.60  -33.97 % ");
	assert_said(
		"\nask: 2 move (100.00 %)\n  58               -> 38                        2\n");
	assert_said("\npush: 0 move (0.00 %)\n");
	assert_said("  saved of the present bill without add-ons: 2 up to 35 %\n"
	            "  2 win 39.40 a month in all, 0 lose 0.00\n");
}
END_TEST

START_TEST(new_and_dearer_packages_can_be_tried)
{
	put_world();
	put_file("new.csv", PACKAGES_HEAD
	         "28,main,28元套餐,Plan 28,2800,100,0,10240,15,10,500,1024,0,1000,,1\n"
	         "58,main,58元套餐,Plan 58,6800,200,0,20480,15,10,500,1024,0,1500,,1\n");
	ask_with(with_file("packages", "new.csv"));
	assert_said("\nnow            116.00");
	assert_said("\nstay           136.00  +17.24 % ");
	assert_said("\n  58               -> 28                        2\n");
	assert_said("  paid more, of the present bill without add-ons: 2 up to 20 %\n"
	            "  0 win 0.00 a month in all, 2 lose 20.00\n"
	            "  nobody is taken to leave; the 20.00 of margin that is won is lost "
	            "again where 1 leave, at 45.50 each on average\n");
	/* Nothing was written. */
	ask_with("");
	assert_said("\nask             76.60  -33.97 % ");
}
END_TEST

/* 142 yuan more and less; a band of a yuan tells no more than 100. */
START_TEST(what_is_beyond_the_last_band_is_not_said_to_be_100)
{
	put_world();
	put_file("new.csv", PACKAGES_HEAD
	         "58,main,58元套餐,Plan 58,20000,200,0,20480,15,10,500,1024,0,1500,,1\n");
	ask_with(with_file("packages", "new.csv"));
	assert_said("  p5 -100 and less  p25 -100 and less  p50 -100 and less");
	assert_said("\n  paid more, of the present bill without add-ons: 2 over 45 %\n");
	import_well("packages", "new.csv");
	ask_with("");
	assert_said("  p5 100 and more  p25 100 and more  p50 100 and more");
}
END_TEST

/* As the hall does; the place is named. */
START_TEST(a_package_out_of_range_is_left_out_alone)
{
	put_world();
	put_file(
		"new.csv", PACKAGES_HEAD
		"29,main,29元套餐,Plan 29,2900,100,0,10240,15,10,500,1024,0,1000,,1\n"
		"28,main,28元套餐,Plan 28,999999999,100,0,10240,15,10,500,1024,0,1000,,1\n");
	ask_with(with_file("packages", "new.csv"));
	assert_said("/new.csv:3: package 28: fee_fen: got 999999999, expected 0 to ");
	assert_said("\n  58               -> 29                        2\n");
	ck_assert_ptr_eq(strstr(t.said, "left out: "), t.said);
	put_file(
		"new.csv", PACKAGES_HEAD
		"58,main,58元套餐,Plan 58,999999999,200,0,20480,15,10,500,1024,0,1500,,1\n");
	ask_with(with_file("packages", "new.csv"));
	assert_said(
		"\n0 subscribers with bills (0 of them with fewer than 3 months), 3 without");
}
END_TEST

START_TEST(other_limits_can_be_tried)
{
	put_world();
	put_file("mine.conf",
	         "mature = { down = \"yes\"; depth = \"35\"; margin = \"20\"; };\n"
	         "guard = { give = \"60\"; };\n");
	ask_with(with_file("policy", "mine.conf"));
	assert_said(
		"\npush: 1 move (50.00 %)\n  58               -> 38                        1\n");
}
END_TEST

START_TEST(all_moves_as_csv)
{
	put_world();
	ask_with(",\"csv\":true");
	ck_assert_str_eq(t.said, "course,from,to,subscribers\nstay,58,58,2\nask,58,38,2\n"
	                         "push,58,58,2\n");
}
END_TEST

START_TEST(what_is_wrong_is_said)
{
	char request[512];
	struct fault fault = { .text = "" };

	put_world();
	put_file("bad.csv", PACKAGES_HEAD
	         "28,main,28元套餐,Plan 28,many,100,0,10240,15,10,500,1024,0,1000,,1\n");
	(void)snprintf(request, sizeof(request), "{\"do\":\"rehearse\"," NOW "%s}",
	               with_file("packages", "bad.csv"));
	ck_assert_int_eq(ask(request, &fault), ERR_SYNTAX);
	ck_assert_msg(strstr(fault.text, "bad.csv:2: column fee_fen") != NULL, "%s",
	              fault.text);
	ck_assert_int_ne(ask("{\"do\":\"rehearse\",\"packages\":\"/no/such\"}", &fault),
	                 ERR_OK);
}
END_TEST

/* ---- a campaign ---- */

/* Both may be told of 38; who is told stays. */
#define MINE_BUT(more)                                                                                  \
	"mature = { down = \"yes\"; depth = \"40\"; margin = \"20\"; };\n"                              \
	"guard = { give = \"60\"; months_least = \"2\"; };\n"                                           \
	"value = { leave = \"60\"; leave_accept = \"1\"; leave_refuse = \"60\"; accept = \"50\"; " more \
	"};\n"
#define MINE   MINE_BUT("")
#define KEENER MINE_BUT("accept_saving = \"1\"; ")

START_TEST(a_campaign_is_rehearsed_within_its_limits)
{
	struct fault fault;
	char more[512];

	put_world();
	put_file("mine.conf", MINE);
	(void)snprintf(more, sizeof(more), "%s,\"people\":1,\"stock\":\"38=5\"",
	               with_file("policy", "mine.conf"));
	ask_with(more);
	assert_said("3 subscribers; 2 may be told of something (2 offers: packages");
	assert_said("no services: who holds what is not counted yet");
	assert_said(
		"chosen: 1 of 2 with an offer that is worth making; 0.5 orders expected, "
		"2 SMS, ");
	assert_said(
		"proven best\n  people                                1 of              "
		"1; one more person is worth ");
	assert_said("\n38                        1          0.5 ");
	ck_assert_ptr_null(strstr(t.said, "\nstay "));
	/* Even odds, 20.4 times so where 19.40 are saved: 0.95 orders. */
	put_file("keener.conf", KEENER);
	(void)snprintf(more, sizeof(more), "%s,\"people\":1",
	               with_file("policy", "keener.conf"));
	ask_with(more);
	assert_said("worth making; 1.0 orders expected, 2 SMS, ");
	(void)snprintf(more, sizeof(more), "%s,\"budget\":\"0.1\"",
	               with_file("policy", "mine.conf"));
	ask_with(more);
	assert_said("chosen: 0 of 2 with an offer that is worth making");
	(void)snprintf(more, sizeof(more),
	               "%s,\"orders\":1,\"profit\":\"10\",\"stages\":\"mature=0,new=0,"
	               "growing=0,declining=0,silent=0\"",
	               with_file("policy", "mine.conf"));
	ask_with(more);
	assert_said("chosen: 0 of 2 with an offer that is worth making");
	assert_said("orders of all");
	assert_said("margin beyond  10.00 %            0.00 to spare, yuan a month; ");
	/* By what is assumed anyhow, contact harms. */
	ask_with(",\"budget\":\"1000\"");
	assert_said("3 subscribers; 0 may be told");
	ck_assert_int_eq(ask("{\"do\":\"rehearse\",\"stock\":\"38\"}", &fault),
	                 ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(fault.text, "expected CODE=N"));
	ck_assert_int_eq(ask("{\"do\":\"rehearse\",\"stock\":\"XX=1\"}", &fault),
	                 ERR_NOT_FOUND);
	ck_assert_int_eq(ask("{\"do\":\"rehearse\",\"budget\":\"-1\"}", &fault),
	                 ERR_SYNTAX);
	ck_assert_int_eq(ask("{\"do\":\"rehearse\",\"profit\":\"101\"}", &fault),
	                 ERR_SYNTAX);
	ck_assert_int_eq(ask("{\"do\":\"rehearse\",\"stages\":\"old=1\"}", &fault),
	                 ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(fault.text, "such as new=500"));
	ck_assert_int_eq(ask("{\"do\":\"rehearse\",\"sms\":5,\"csv\":true}", &fault),
	                 ERR_SYNTAX);
}
END_TEST

SUITE("office/rehearse", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, everybody_is_added_up);
      tcase_add_test(tc, what_is_beyond_the_last_band_is_not_said_to_be_100);
      tcase_add_test(tc, new_and_dearer_packages_can_be_tried);
      tcase_add_test(tc, a_package_out_of_range_is_left_out_alone);
      tcase_add_test(tc, other_limits_can_be_tried); tcase_add_test(tc, all_moves_as_csv);
      tcase_add_test(tc, what_is_wrong_is_said);
      tcase_add_test(tc, a_campaign_is_rehearsed_within_its_limits);)
