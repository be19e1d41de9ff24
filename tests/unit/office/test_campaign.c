/*
 * test_campaign.c - campaigns from draft to release: who may do what when, what voids an
 * approval, and who is drawn.
 */
#include "../store/raw.h"
#include "fixture.h"

#define NOW       "1795050000" /* 2026-11-19 09:00 in Shanghai */
#define PEOPLE    1500
#define PACKAGE_9 "9,vas,彩铃,Ringtone,900,0,0,0,0,0,0,0,0,100,,1\n"

/* what: keys of the group campaign; where: of audience */
#define CAMPAIGN(where, offer, text)                                          \
	"campaign = { code = \"C-1\"; title = \"t\"; kind = \"broadcast\";\n" \
	" category = \"services\"; owner = \"anna\"; };\n"                    \
	"audience = { where = \"" where "\"; control = \"10\"; };\n"          \
	"offer = { codes = \"" offer "\"; };\n"                               \
	"time = { from = \"2026-11-01\"; until = \"2026-12-31\"; };\n"        \
	"arm_a = { share = \"50\"; zh_hans = \"" text "\"; };\n"              \
	"arm_b = { share = \"50\"; zh_hans = \"" text "!\"; };\n"

#define TEXT  "{name}每月{fee}元，回复{reply}办理"
#define WHERE "points >= 3 AND language = 'en'"

static char request[1024];

static const char *act(const char *name, const char *rest)
{
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"%s\",\"code\":\"C-1\",\"now\":" NOW
	               "%s%s}",
	               name, rest[0] != '\0' ? "," : "", rest);
	return request;
}

#define BY(who) "\"by\":\"" who "\""

static enum err add(const char *text, struct fault *fault)
{
	put_file("c.conf", text);
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"add\",\"path\":\"%s/c.conf\","
	               "\"now\":" NOW ",\"by\":\"anna\"}",
	               t.folder);
	return ask(request, fault);
}

static void add_well(const char *text)
{
	struct fault fault;

	ck_assert_msg(add(text, &fault) == ERR_OK, "%s", fault.text);
}

static void refused(const char *what, const char *why)
{
	struct fault fault;

	ck_assert_msg(ask(what, &fault) != ERR_OK, "%s", what);
	ck_assert_msg(strstr(fault.text, why) != NULL, "%s: no \"%s\" in %s", what, why,
	              fault.text);
}

static int64_t count(const char *sql)
{
	return raw_int(t.url + strlen("sqlite:"), sql);
}

static void state_is(const char *name)
{
	char words[64];

	ask_well(act("list", ""));
	(void)snprintf(words, sizeof(words), "C-1              %s", name);
	assert_said(words);
}

/* Languages, points and dates differ. */
static void put_crowd(int n)
{
	static const char *const languages[] = { "zh-Hans", "zh-Hant", "en" };
	char path[256];
	uint32_t dice = 7;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/people.csv", t.folder);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	(void)fputs(PEOPLE_HEAD, f);
	for (int i = 0; i < n; i++) {
		dice = dice * 1664525 + 1013904223;
		(void)fprintf(f,
		              "%lld,甲,%s,personal,浦东,2020-01-01,active,%d,%d,"
		              "01234567,58,%s\n",
		              13900000000LL + 7 * i,
		              languages[dice >> 8 & 1 ? 2 : dice >> 9 & 1],
		              (int)(dice >> 12 & 1023), (int)(dice >> 20 & 7),
		              (dice >> 24 & 7) == 0 ? "9" : "");
	}
	ck_assert_int_eq(fclose(f), 0);
	import_well("subscribers", "people.csv");
}

static void setup(void)
{
	set_up();
	put_file("packages.csv", PACKAGES_HEAD PACKAGE_58 PACKAGE_9);
	import_well("packages", "packages.csv");
}

static void approved(void)
{
	add_well(CAMPAIGN(WHERE, "9", TEXT));
	ask_well(act("submit", BY("anna")));
	ask_well(act("approve", BY("bob")));
}

/* ---- life ---- */

START_TEST(from_draft_to_release)
{
	put_crowd(PEOPLE);
	add_well(CAMPAIGN(WHERE, "9", TEXT));
	assert_said("C-1: draft, number 1");
	state_is("draft");
	refused(act("approve", BY("bob")), "what is: add, submit");
	refused(act("schedule", BY("bob")), "what is: add, submit");
	ask_well(act("submit", BY("carl")));
	state_is("submitted");
	refused(act("approve", BY("anna")), "anna owns it");
	refused(act("approve", BY("carl")), "carl submitted it");
	refused(act("approve", ""), "\"by\" is missing");
	state_is("submitted");
	ask_well(act("approve", BY("bob")));
	refused(act("pause", BY("bob")), "C-1 is approved");
	ask_well(act("schedule", BY("anna")));
	assert_said("C-1: scheduled");
	refused(act("schedule", BY("anna")), "C-1 is scheduled");
	ask_well(act("stop", BY("bob") ",\"why\":\"too early\""));
	refused(act("resume", BY("bob")), "C-1 is stopped");
	ask_well(act("lesson", BY("anna") ",\"why\":\"ask first\""));
	ask_well(act("show", ""));
	assert_said("stopped since");
	assert_said("too early");
	assert_said("approve  by bob          -> approved");
	assert_said("lesson   by anna         -> stopped");
	ck_assert_int_eq(count("SELECT count(*) FROM target WHERE state = 1"), 0);
	ck_assert_int_gt(count("SELECT count(*) FROM target WHERE state = 4"), 0);
}
END_TEST

START_TEST(rejected_it_is_a_draft)
{
	approved();
	ask_well(act("reject", BY("bob") ",\"why\":\"too loud\""));
	state_is("draft");
	assert_said("too loud");
}
END_TEST

START_TEST(what_is_no_campaign_is_refused)
{
	struct fault fault;

	refused(act("show", ""), "there is no campaign \"C-1\"");
	refused("{\"do\":\"campaign\",\"act\":\"show\"}", "which campaign?");
	refused("{\"do\":\"campaign\",\"act\":\"dance\"}", "expected one of list, show");
	ck_assert_int_ne(add("campaign = {", &fault), ERR_OK);
	ck_assert_ptr_nonnull(strstr(fault.text, "c.conf:1"));
	ck_assert_uint_eq(rows("campaign"), 0);
	/* It may be kept, but not submitted. */
	add_well(CAMPAIGN("puk > 3", "77", TEXT "仅9元"));
	assert_said("before it can be submitted:");
	assert_said("\"puk\"");
	assert_said("77 is no package");
	refused(act("submit", BY("anna")), "more fault");
	state_is("draft");
}
END_TEST

/* ---- what voids an approval ---- */

START_TEST(another_text_voids_the_approval)
{
	approved();
	add_well(CAMPAIGN(WHERE, "9", TEXT "吧"));
	assert_said("that is void");
	state_is("draft");
	refused(act("schedule", BY("anna")), "C-1 is draft");
}
END_TEST

START_TEST(another_price_voids_it)
{
	approved();
	put_file("dearer.csv", PACKAGES_HEAD "9,vas,彩铃,Ringtone,1000,0,0,0,0,0,0,0,0,"
	                                     "100,,1\n");
	import_well("packages", "dearer.csv");
	refused(act("schedule", BY("anna")), "have changed since it was submitted");
	state_is("draft");
	assert_said("are not those that were submitted");
	ask_well(act("submit", BY("anna")));
	ask_well(act("approve", BY("bob")));
	put_file("cheaper.csv", PACKAGES_HEAD PACKAGE_9);
	import_well("packages", "cheaper.csv");
	refused(act("schedule", BY("anna")), "have changed");
}
END_TEST

START_TEST(other_rules_void_it)
{
	free(t.conf->grammar);
	t.conf->grammar = strdup(t.folder);
	add_well(CAMPAIGN(WHERE, "9", TEXT));
	ask_well(act("submit", BY("anna")));
	put_file("push.conf", "rules = { version = \"CN 2027-01\"; };\n");
	refused(act("approve", BY("bob")), "have changed since it was submitted");
	state_is("draft");
}
END_TEST

/* ---- who is drawn ---- */

#define FITS                                                                    \
	"FROM subscriber AS s JOIN account AS a USING (msisdn) "                \
	"WHERE a.points >= 3 AND s.language = 2 AND NOT EXISTS (SELECT 1 FROM " \
	"subscription AS h WHERE h.msisdn = s.msisdn AND h.package = '9' AND "  \
	"(h.until = 0 OR h.until > " NOW "))"

START_TEST(the_audience_is_what_the_rule_and_the_offer_say)
{
	int64_t all;

	put_crowd(PEOPLE);
	approved();
	ask_well(act("schedule", BY("anna")));
	all = count("SELECT count(*) " FITS);
	ck_assert_int_gt(all, PEOPLE / 5);
	ck_assert_int_eq(count("SELECT count(*) FROM target"), all);
	ck_assert_int_eq(
		count("SELECT count(*) FROM target AS t WHERE t.msisdn IN (SELECT "
	              "s.msisdn " FITS ")"),
		all);
	ck_assert_int_eq(
		count("SELECT count(*) FROM target WHERE offer = '9' AND command = "
	              "'service.open code=9' AND owner_since > 0"),
		all);
	ck_assert_int_eq(count("SELECT count(*) FROM campaign WHERE drawn_at = " NOW), 1);
}
END_TEST

START_TEST(samples_are_real_and_masked)
{
	put_crowd(PEOPLE);
	add_well(CAMPAIGN(WHERE, "9", TEXT));
	ask_well(act("preview", "\"n\":3"));
	assert_said("彩铃每月9元，回复1办理");
	assert_said("拒收请回复R");
	assert_said("139****");
	assert_said("would be refused: no consent");
	ck_assert_ptr_null(strstr(t.said, "13900"));
	ck_assert_uint_eq(rows("target"), 0);
}
END_TEST

/* The figure behind these words. */
static long long figure(const char *words)
{
	const char *at = strstr(t.said, words);

	ck_assert_msg(at != NULL, "no \"%s\" in:\n%s", words, t.said);
	return strtoll(at + strlen(words), NULL, 10);
}

START_TEST(a_preflight_accounts_for_everybody)
{
	long long all;

	put_crowd(PEOPLE);
	put_file("consents.csv", "msisdn,subject,given,at,channel,text\n"
	                         "13900000007,marketing,1,2026-01-01 00:00:00,shop,\n");
	add_well(CAMPAIGN("", "9", TEXT));
	ask_well(act("preflight", ""));
	ck_assert_int_eq(figure("subscribers"), PEOPLE);
	ck_assert_int_eq(figure("of whom the rule holds"), PEOPLE);
	all = figure("of these with an offer");
	ck_assert_int_eq(all,
	                 count("SELECT count(*) FROM subscriber AS s WHERE NOT EXISTS "
	                       "(SELECT 1 FROM subscription AS h WHERE h.msisdn = "
	                       "s.msisdn AND h.package = '9')"));
	ck_assert_int_eq(figure("dropped: no consent"), all);
	ck_assert_int_eq(figure("pass the gate"), 0);
	import_well("consents", "consents.csv");
	ask_well(act("preflight", ""));
	ck_assert_int_eq(figure("dropped: no consent") + figure("pass the gate"), all);
	ck_assert_int_le(figure("would be sent"), figure("pass the gate"));
	ck_assert_uint_eq(rows("target"), 0);
}
END_TEST

START_TEST(what_goes_together_must_be_known)
{
	put_crowd(10);
	add_well("campaign = { code = \"C-1\"; title = \"t\"; kind = \"cross\";\n"
	         " category = \"services\"; owner = \"anna\"; };\n"
	         "audience = { control = \"10\"; };\n"
	         "time = { from = \"2026-11-01\"; until = \"2026-12-31\"; };\n"
	         "arm_a = { zh_hans = \"" TEXT "\"; };\n");
	refused(act("preview", ""), "smshall tags refresh");
}
END_TEST

/* Four standard deviations of a binomial share. */
static void about(int64_t hits, int64_t n, double share)
{
	const double off = (double)hits - share * (double)n;

	ck_assert_msg(off * off <= 16 * share * (1 - share) * (double)n,
	              "%lld of %lld is not about %g", (long long)hits, (long long)n,
	              share);
}

START_TEST(shares_are_held_out_and_split)
{
	int64_t all, mine;

	put_crowd(6000);
	add_well(CAMPAIGN("", "9", TEXT));
	ask_well(act("submit", BY("anna")));
	ask_well(act("approve", BY("bob")));
	ask_well(act("schedule", BY("anna")));
	all = count("SELECT count(*) FROM target");
	ck_assert_int_gt(all, 5000);
	about(count("SELECT count(*) FROM target WHERE arm = 255"), all, 0.02);
	mine = count("SELECT count(*) FROM target WHERE arm < 255");
	about(count("SELECT count(*) FROM target WHERE arm = 254"), mine, 0.10);
	mine = count("SELECT count(*) FROM target WHERE arm < 254");
	about(count("SELECT count(*) FROM target WHERE arm = 0"), mine, 0.5);
	ck_assert_int_eq(
		count("SELECT count(*) FROM target WHERE (arm >= 254) <> (state = 0)"),
		0);
	ck_assert_int_eq(count("SELECT count(DISTINCT place) FROM target"), all);
}
END_TEST

START_TEST(an_interrupted_draw_goes_on)
{
	struct fault fault;
	int64_t some;

	put_crowd(PEOPLE);
	approved();
	t.pieces_until = t.pieces + 3;
	ck_assert_int_eq(ask(act("schedule", BY("anna")), &fault), ERR_STATE);
	ck_assert_ptr_nonnull(strstr(fault.text, "the process ends"));
	some = count("SELECT count(*) FROM target");
	ck_assert_int_gt(some, 0);
	ck_assert_int_lt(some, count("SELECT count(*) " FITS));
	ck_assert_int_eq(count("SELECT count(*) FROM campaign WHERE drawn_at = 0 AND "
	                       "drawn_after = (SELECT max(msisdn) FROM target)"),
	                 1);
	t.pieces_until = 0;
	ask_well(act("tend", ""));
	ck_assert_int_eq(count("SELECT count(*) FROM target"),
	                 count("SELECT count(*) " FITS));
	ck_assert_int_eq(count("SELECT count(*) FROM campaign WHERE drawn_at = " NOW
	                       " AND drawn_after = 0"),
	                 1);
}
END_TEST

START_TEST(stopped_while_it_is_drawn)
{
	struct fault fault;

	put_crowd(PEOPLE);
	approved();
	t.pieces_until = t.pieces + 3;
	ck_assert_int_eq(ask(act("schedule", BY("anna")), &fault), ERR_STATE);
	t.pieces_until = 0;
	ask_well(act("stop", BY("bob")));
	ask_well(act("tend", ""));
	state_is("stopped");
	ck_assert_int_eq(count("SELECT count(*) FROM target WHERE state = 1"), 0);
}
END_TEST

/* ---- everything ---- */

START_TEST(all_is_stopped_and_goes_on)
{
	ask_well(act("kill",
	             BY("anna") ",\"why\":\"一二三四五六七八九十一二三四五六七八九十\""));
	ck_assert_int_eq(
		count("SELECT count(*) FROM setting WHERE name = 'push.stopped' AND "
	              "CAST(value AS TEXT) LIKE '2026-11-19 09:00 anna: 一二%' AND "
	              "length(value) BETWEEN 60 AND 64"),
		1);
	ask_well(act("unkill", BY("bob")));
	ck_assert_int_eq(
		count("SELECT count(*) FROM setting WHERE name = 'push.stopped' AND "
	              "length(value) > 0"),
		0);
}
END_TEST

SUITE("office/campaign", tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, from_draft_to_release);
      tcase_add_test(tc, rejected_it_is_a_draft);
      tcase_add_test(tc, what_is_no_campaign_is_refused);
      tcase_add_test(tc, another_text_voids_the_approval);
      tcase_add_test(tc, another_price_voids_it); tcase_add_test(tc, other_rules_void_it);
      tcase_add_test(tc, the_audience_is_what_the_rule_and_the_offer_say);
      tcase_add_test(tc, samples_are_real_and_masked);
      tcase_add_test(tc, a_preflight_accounts_for_everybody);
      tcase_add_test(tc, what_goes_together_must_be_known);
      tcase_add_test(tc, shares_are_held_out_and_split);
      tcase_add_test(tc, an_interrupted_draw_goes_on);
      tcase_add_test(tc, stopped_while_it_is_drawn);
      tcase_add_test(tc, all_is_stopped_and_goes_on);)
