/*
 * test_chart.c - what `offer` and `rehearse` answer when it is to be drawn.
 */
#include "fixture.h"

#define NOW "\"now\":1790812800" /* 2026-10-01 08:00 */

/* 58 is held; 38 would have done. */
static void put_world(void)
{
	put_file("packages.csv", PACKAGES_HEAD
	         "38,main,38元<套餐>,Plan 38,3800,100,0,10240,15,10,500,1024,0,1000,,1\n"
	         "58,main,58元套餐,Plan 58,5800,200,0,20480,15,10,500,1024,0,1500,,1\n");
	import_well("packages", "packages.csv");
	put_file(
		"subscribers.csv", PEOPLE_HEAD
		"13800000001,甲,zh-Hans,personal,浦东,2020-01-01,active,5000,9,01234567,58,\n");
	import_well("subscribers", "subscribers.csv");
	put_file("usage.csv", "msisdn,month,voice_min,sms,data_mb,bill_fen\n"
	                      "13800000001,2026-06,90,0,9000,5800\n"
	                      "13800000001,2026-07,90,0,9000,5800\n"
	                      "13800000001,2026-08,90,0,9000,5800\n");
	import_well("usage", "usage.csv");
}

static void assert_document(void)
{
	static const char end[] = "</svg>\n";

	ck_assert_ptr_eq(strstr(t.said, "<?xml "), t.said);
	ck_assert_str_eq(t.said + strlen(t.said) - strlen(end), end);
}

START_TEST(an_offer_is_drawn)
{
	put_world();
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000001\",\"chart\":true," NOW "}");
	assert_document();
	assert_said(
		"<title id=\"title\">38元&lt;套餐&gt;：3个月平均每月省20元，只答问、不推送"
		"</title>");
	assert_said(">2026-06</text>");
	assert_said(">38.00</text>");
}
END_TEST

START_TEST(a_rehearsal_is_drawn)
{
	put_world();
	ask_well("{\"do\":\"rehearse\",\"chart\":true," NOW "}");
	assert_document();
	assert_said(">人人来问，从哪里换到哪里：1户换套餐</text>");
	assert_said(">1户少付（100.0%），共20元/月</text>");
}
END_TEST

START_TEST(in_the_language_of_the_hall)
{
	char *const before = t.conf->default_language;
	char english[] = "en";

	put_world();
	t.conf->default_language = english;
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000001\",\"chart\":true," NOW "}");
	assert_said("xml:lang=\"en\"");
	assert_said("Plan 38: saves 20 yuan a month (3 months); not pushed");
	t.conf->default_language = before;
}
END_TEST

START_TEST(a_flag_is_true_or_false)
{
	struct fault fault;

	put_world();
	ck_assert_int_eq(
		ask("{\"do\":\"offer\",\"msisdn\":\"13800000001\",\"chart\":1}", &fault),
		ERR_SYNTAX);
	ck_assert_int_eq(ask("{\"do\":\"rehearse\",\"chart\":\"a.svg\"}", &fault),
	                 ERR_SYNTAX);
}
END_TEST

SUITE("office/chart", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, an_offer_is_drawn); tcase_add_test(tc, a_rehearsal_is_drawn);
      tcase_add_test(tc, in_the_language_of_the_hall);
      tcase_add_test(tc, a_flag_is_true_or_false);)
