/*
 * test_campaign_choice.c - who gets a campaign when not all can, and what is learned of
 * those who got one.
 */
#include "../store/raw.h"
#include "fixture.h"

#define NOW    "1795050000" /* 2026-11-19 09:00 in Shanghai */
#define PEOPLE 1200

/* Of a month: 9 costs 1 and 19 costs 2; LOSS costs more than it brings. */
#define SERVICES                                                   \
	"9,vas,彩铃,Ringtone,900,0,0,0,0,0,0,0,0,100,,1\n"       \
	"19,vas,来电提醒,Alerts,1900,0,0,0,0,0,0,0,0,200,,1\n" \
	"LOSS,vas,手机报,Newspaper,100,0,0,0,0,0,0,0,0,900,,1\n"

/* A text in Chinese is one segment, one in English two. */
#define CAMPAIGN(offer, limit)                                                      \
	"campaign = { code = \"C-1\"; title = \"t\"; kind = \"broadcast\";\n"       \
	" category = \"services\"; owner = \"anna\"; };\n"                          \
	"audience = { control = \"20\"; };\n"                                       \
	"offer = { " offer " };\n"                                                  \
	"time = { from = \"2026-11-01\"; until = \"2026-12-31\"; };\n"              \
	"limit = { " limit " };\n"                                                  \
	"arm_a = { zh_hans = \"{name}每月{fee}元，回复{reply}办理\";\n"     \
	" en = \"{name} for {fee} yuan a month. It begins at once, you can end it " \
	"at any time by a text, and nothing else of what you have changes by it. "  \
	"Reply {reply} to order.\"; };\n"

#define BY(who) "\"by\":\"" who "\""

static char request[1024];

static const char *act(const char *name, const char *rest)
{
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"%s\",\"code\":\"C-1\",\"now\":" NOW
	               "%s%s}",
	               name, rest[0] != '\0' ? "," : "", rest);
	return request;
}

static int64_t count(const char *sql)
{
	return raw_int(t.url + strlen("sqlite:"), sql);
}

/* Every third reads English, every tenth has not agreed to marketing. */
static void put_crowd(void)
{
	char path[256], consents[256];
	FILE *f, *c;

	(void)snprintf(path, sizeof(path), "%s/people.csv", t.folder);
	(void)snprintf(consents, sizeof(consents), "%s/consents.csv", t.folder);
	f = fopen(path, "w");
	c = fopen(consents, "w");
	ck_assert(f != NULL && c != NULL);
	(void)fputs(PEOPLE_HEAD, f);
	(void)fputs("msisdn,subject,given,at,channel,text\n", c);
	for (int i = 0; i < PEOPLE; i++) {
		const long long number = 13900000000LL + 7 * i;

		(void)fprintf(f,
		              "%lld,甲,%s,personal,浦东,2020-01-01,active,100,9,"
		              "01234567,58,\n",
		              number, i % 3 == 0 ? "en" : "zh-Hans");
		if (i % 10 != 0)
			(void)fprintf(c, "%lld,marketing,1,2026-01-01 00:00:00,shop,\n",
			              number);
	}
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(fclose(c), 0);
	import_well("subscribers", "people.csv");
	import_well("consents", "consents.csv");
}

/* So many of a hundred are chosen by what acceptance may be. */
static void explore(const char *share)
{
	char command[256];

	(void)snprintf(command, sizeof(command),
	               "cp -r grammar %s/ && sed -i 's/explore = \"10\"/explore = "
	               "\"%s\"/' %s/grammar/offer.conf",
	               t.folder, share, t.folder);
	ck_assert_int_eq(system(command), 0);
	(void)snprintf(command, sizeof(command), "%s/grammar", t.folder);
	free(t.conf->grammar);
	t.conf->grammar = strdup(command);
}

static void setup(void)
{
	set_up();
	explore("0");
	put_file("packages.csv", PACKAGES_HEAD PACKAGE_58 SERVICES);
	import_well("packages", "packages.csv");
	put_crowd();
}

static void add_approved(const char *text)
{
	put_file("c.conf", text);
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"add\",\"path\":\"%s/c.conf\","
	               "\"now\":" NOW ",\"by\":\"anna\"}",
	               t.folder);
	ask_well(request);
	ask_well(act("submit", BY("anna")));
	ask_well(act("approve", BY("bob")));
}

static void draw(const char *text)
{
	add_approved(text);
	ask_well(act("schedule", BY("anna")));
}

static int64_t told(void)
{
	return count("SELECT count(*) FROM target WHERE state = 1");
}

/* The figure behind these words. */
static double figure(const char *words)
{
	const char *at = strstr(t.said, words);

	ck_assert_msg(at != NULL, "no \"%s\" in:\n%s", words, t.said);
	return strtod(at + strlen(words), NULL);
}

/* ---- limits ---- */

/* Those whose text is short are worth more; and not the lowest numbers of them. */
START_TEST(of_too_many_those_of_most_worth)
{
	draw(CAMPAIGN("codes = \"9\"", "most = \"100\";"));
	ck_assert_int_eq(told(), 100);
	ck_assert_int_eq(count("SELECT count(*) FROM target AS t JOIN subscriber AS s "
	                       "USING (msisdn) WHERE s.language = 2"),
	                 0);
	ck_assert_int_eq(count("SELECT count(*) FROM target WHERE (msisdn - 13900000000) "
	                       "% 70 = 0"),
	                 0);
	ck_assert_int_gt(count("SELECT max(msisdn) FROM target WHERE state = 1"),
	                 13900000000 + 7 * (PEOPLE * 8 / 10));
	/* Held out are as many as their part of the people. */
	ck_assert_int_gt(count("SELECT count(*) FROM target WHERE state = 0"), 15);
	ck_assert_int_lt(count("SELECT count(*) FROM target WHERE state = 0"), 45);
	assert_said("worth: ");
	assert_said("one more person is worth ");
}
END_TEST

START_TEST(a_limit_that_all_keep_chooses_nobody)
{
	int64_t all;

	draw(CAMPAIGN("codes = \"9\"", ""));
	all = count("SELECT count(*) FROM target");
	ck_assert_int_eq(all, PEOPLE);
	ask_well(act("stop", BY("bob")));
	close_office();
	raw_at(t.url + strlen("sqlite:"), "DELETE FROM target; DELETE FROM campaign");
	open_office();
	draw(CAMPAIGN("codes = \"9\"", "most = \"1200\"; budget = \"100000\";"));
	ck_assert_int_eq(count("SELECT count(*) FROM target"), all);
}
END_TEST

START_TEST(a_stock_is_of_each_offer)
{
	draw(CAMPAIGN("codes = \"9, 19\"", "stock = \"30\";"));
	ck_assert_int_eq(told(), 60);
	ck_assert_int_eq(count("SELECT count(*) FROM target WHERE state = 1 AND "
	                       "offer = '9' AND command = 'service.open code=9'"),
	                 30);
	ck_assert_int_eq(count("SELECT count(*) FROM target WHERE state = 1 AND "
	                       "offer = '19' AND command = 'service.open code=19'"),
	                 30);
}
END_TEST

/* 0.04 yuan a segment: 200 of one, or 100 of two. */
START_TEST(a_budget_counts_texts_as_they_are)
{
	draw(CAMPAIGN("codes = \"9\"", "budget = \"8\";"));
	ck_assert_int_eq(told(), 200);
}
END_TEST

/* Of 3 % that accept: 5 orders are 166 people. */
START_TEST(orders_are_as_many_as_people_can_carry_out)
{
	draw(CAMPAIGN("codes = \"9\"", "orders = \"5\";"));
	ck_assert_int_gt(told(), 100);
	ck_assert_int_lt(told(), 240);
}
END_TEST

/* ---- worth ---- */

START_TEST(what_costs_more_than_it_brings_is_named)
{
	add_approved(CAMPAIGN("codes = \"LOSS\"", ""));
	ask_well(act("preflight", ""));
	assert_said("of those that pass have no offer that is expected to bring");
	ck_assert_double_gt(figure("would be sent"), PEOPLE / 2);
	ask_well(act("schedule", BY("anna")));
	ck_assert_int_gt(told(), PEOPLE / 2);
}
END_TEST

START_TEST(it_is_left_out_where_the_definition_says_so)
{
	add_approved(CAMPAIGN("codes = \"LOSS\"; worth = \"positive\"", ""));
	ask_well(act("preflight", ""));
	assert_said("they are left alone (offer.worth)");
	ck_assert_double_eq(figure("would be sent"), 0);
	ask_well(act("schedule", BY("anna")));
	ck_assert_uint_eq(rows("target"), 0);
}
END_TEST

START_TEST(of_two_the_one_of_worth)
{
	draw(CAMPAIGN("codes = \"LOSS, 9\"; worth = \"positive\"", ""));
	ck_assert_int_gt(told(), PEOPLE / 2);
	ck_assert_int_eq(count("SELECT count(*) FROM target WHERE offer <> '9'"), 0);
}
END_TEST

static void preflight_on(int day)
{
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"preflight\",\"code\":\"C-1\","
	               "\"now\":%lld}",
	               strtoll(NOW, NULL, 10) + day * 86400LL);
	ask_well(request);
}

/* What is drawn in a day may be below what is believed, and then changes nothing. */
static bool tries_something_out(int day)
{
	char said[sizeof(t.said)];

	explore("50");
	preflight_on(day);
	memcpy(said, t.said, sizeof(said));
	preflight_on(day);
	ck_assert_str_eq(said, t.said);
	explore("0");
	preflight_on(day);
	return strcmp(said, t.said) != 0;
}

/* By the secret of the campaign and the day, so that it is the same whenever it is asked. */
START_TEST(what_is_tried_out_is_the_same_again)
{
	int day = 0;

	add_approved(CAMPAIGN("codes = \"9, 19\"", "most = \"100\";"));
	while (!tries_something_out(day)) {
		day++;
		ck_assert_int_lt(day, 30);
	}
}
END_TEST

/* ---- a draw that is interrupted ---- */

START_TEST(it_goes_on_within_the_same_limits)
{
	struct fault fault;
	int64_t some;

	add_approved(CAMPAIGN("codes = \"9\"", "most = \"300\";"));
	t.pieces_until = t.pieces + 3;
	ck_assert_int_eq(ask(act("schedule", BY("anna")), &fault), ERR_STATE);
	some = told();
	t.pieces_until = 0;
	ask_well(act("tend", ""));
	ck_assert_int_lt(some, 300);
	ck_assert_int_eq(told(), 300);
}
END_TEST

START_TEST(a_preflight_says_what_a_draw_does)
{
	add_approved(CAMPAIGN("codes = \"9\"", "most = \"100\"; budget = \"3\";"));
	ask_well(act("preflight", ""));
	ck_assert_double_eq(figure("would be sent"), 75);
	assert_said("chosen: 75 of ");
	assert_said("budget, yuan");
	assert_said("not short");
	ask_well(act("schedule", BY("anna")));
	ck_assert_int_eq(told(), 75);
}
END_TEST

/* ---- what is learned ---- */

/* 20 % of those told took it where 3 % are assumed; the others had no time yet. */
#define PLANTED                                                                                  \
	"INSERT INTO campaign SELECT 7, 'P', '', '', 2, 7, '', '', '', '', x'', 0, 0, 1, 0, 1, " \
	"'', 1200, 1200, 0;"                                                                     \
	"INSERT INTO target SELECT 7, msisdn, owner_since, 1, 3, 0, 0, '9', "                    \
	"'service.open code=9', '', '', '', 0, " NOW " - 9990000, 0, 1, " NOW                    \
	", (msisdn % 5 = 0) * (" NOW " - 9980000), 30 FROM subscriber;"                          \
	"INSERT INTO service_order (msisdn, owner_since, kind, package, state, at, "             \
	"effective_at, fee_fen, inbox) SELECT msisdn, owner_since, 'service.open', '9', "        \
	"2, " NOW " - 9970000, 0, 900, 0 FROM subscriber WHERE msisdn % 5 = 0;"

static void plant(const char *more)
{
	close_office();
	raw_at(t.url + strlen("sqlite:"), PLANTED);
	raw_at(t.url + strlen("sqlite:"), more);
	open_office();
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\",\"now\":" NOW "}");
}

START_TEST(planted_acceptance_is_learned)
{
	add_approved(CAMPAIGN("codes = \"9\"", ""));
	ask_well(act("preflight", ""));
	ck_assert_double_eq_tol(figure("taken for granted: "), 3, 0.5);
	plant("SELECT 1");
	ck_assert_int_eq(count("SELECT CAST(value AS TEXT) = "
	                       "'9|0|30|1200|240' || char(10) || '9|0|32|1200|240' || "
	                       "char(10) FROM setting WHERE name = 'learned'"),
	                 1);
	ask_well(act("preflight", ""));
	ck_assert_double_eq_tol(figure("taken for granted: "), 18.7, 0.8);
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13900000007\",\"now\":" NOW "}");
}
END_TEST

START_TEST(who_could_not_answer_teaches_nothing)
{
	plant("UPDATE target SET at = " NOW " - 86400");
	ck_assert_int_eq(
		count("SELECT length(value) FROM setting WHERE name = 'learned'"), 0);
}
END_TEST

SUITE("office/campaign_choice", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, of_too_many_those_of_most_worth);
      tcase_add_test(tc, a_limit_that_all_keep_chooses_nobody);
      tcase_add_test(tc, a_stock_is_of_each_offer);
      tcase_add_test(tc, a_budget_counts_texts_as_they_are);
      tcase_add_test(tc, orders_are_as_many_as_people_can_carry_out);
      tcase_add_test(tc, what_costs_more_than_it_brings_is_named);
      tcase_add_test(tc, it_is_left_out_where_the_definition_says_so);
      tcase_add_test(tc, of_two_the_one_of_worth);
      tcase_add_test(tc, what_is_tried_out_is_the_same_again);
      tcase_add_test(tc, it_goes_on_within_the_same_limits);
      tcase_add_test(tc, a_preflight_says_what_a_draw_does);
      tcase_add_test(tc, planted_acceptance_is_learned);
      tcase_add_test(tc, who_could_not_answer_teaches_nothing);)
