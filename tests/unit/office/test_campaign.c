/*
 * test_campaign.c - campaigns from draft to release: who may do what when, what voids an
 * approval, and who is drawn.
 */
#include "campaign_fixture.h"

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
	refused(act("approve", BY("bob")),
	        "what is: preview, test, preflight, submit, add");
	refused(act("schedule", BY("bob")), "it has to be submitted and approved");
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

START_TEST(at_night_it_says_when_texts_leave)
{
	put_crowd(50);
	add_well(CAMPAIGN(WHERE, "9", TEXT));
	ask_well(act("submit", BY("anna")));
	ask_well(act("approve", BY("bob")));
	now_s = 1795100000; /* 2026-11-19 22:53 in Shanghai */
	ask_well(act("schedule", BY("anna")));
	assert_said("no text leaves before 2026-11-20 09:00");
	ask_well(act("show", ""));
	assert_said("no text leaves before 2026-11-20 09:00");
	ask_well(act("report", ""));
	assert_said("no text leaves before 2026-11-20 09:00");
	now_s += 43200;
	ask_well(act("show", ""));
	assert_not_said("no text leaves");
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

	refused(act("show", ""), "there is no campaign yet");
	refused("{\"do\":\"campaign\",\"act\":\"dance\"}",
	        "there is no act \"dance\"; expected one of list, show");
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

START_TEST(a_new_one_is_printed_and_not_stored)
{
	ask_well(act("new", BY("anna") ",\"kind\":\"trial\""));
	assert_said("code = \"C-1\";");
	assert_said("kind = \"trial\";");
	assert_said("owner = \"anna\";");
	ask_well(act("new", BY("anna") ",\"kind\":\"care\""));
	assert_not_said("offer = {");
	refused(act("new", BY("anna") ",\"kind\":\"tral\""), "one of match cross trial");
	refused("{\"do\":\"campaign\",\"act\":\"new\",\"by\":\"anna\"}",
	        "expected new CODE KIND");
	ck_assert_uint_eq(rows("campaign"), 0);
}
END_TEST

/* "check" had told the first alone, where a key could not be read. */
START_TEST(a_check_tells_all_faults_with_their_lines)
{
	struct fault fault = { "" };

	put_file("c.conf",
	         "campaign = { code = \"C 1\"; title = \"t\";\n"
	         " kind = \"broadcast\"; category = \"service\"; };\n"
	         "audience = { were = \"points > 3\"; where = \"puk > 3\"; };\n"
	         "offer = { codes = \"9, 77\"; days = \"x\"; };\n"
	         "time = { from = \"2026-11-01\"; until = \"2026-11-31\";\n"
	         " hours = \"08:00-20:00\"; };\n"
	         "arm_a = { zh_hans = \"最好的{name}，仅9元\"; en = \"{nam}\"; };\n");
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"check\",\"path\":\"%s/c.conf\","
	               "\"now\":%lld}",
	               t.folder, (long long)now_s);
	ck_assert_int_eq(ask(request, &fault), ERR_REFUSED);
	assert_said("c.conf:1: campaign.code = \"C 1\": expected letters");
	assert_said("c.conf:2: campaign.category = \"service\": expected one of");
	assert_said("c.conf: campaign.owner is missing");
	assert_said("c.conf:3: audience.were: there is no such key; did you mean");
	assert_said("c.conf:3: audience.where");
	assert_said("c.conf:4: offer.days = \"x\": expected a whole number");
	assert_said("c.conf:4: offer.codes: 77 is no package of the store");
	assert_said("c.conf:5: time.until = \"2026-11-31\": expected a day that exists");
	assert_said("c.conf:6: time.hours goes beyond the hours of the house");
	assert_said("c.conf:7: arm_a.zh_hans: column 12: \"9元\": a price comes");
	assert_said("c.conf:7: arm_a.zh_hans: column 1: \"最\" is refused");
	assert_said("c.conf:7: arm_a.zh_hans: it does not say how to take the offer");
	assert_said("c.conf:7: arm_a.en: ");
	assert_not_said("time.until lies before");
	assert_not_said("time.until is over");
	ck_assert_msg(strstr(fault.text, "c.conf: 13 faults") != NULL, "%s", fault.text);
	ck_assert_uint_eq(rows("campaign"), 0);
}
END_TEST

static const struct {
	const char *by, *why; /* why NULL: he may */
} approvers[] = {
	{ "ANNA", "owns it" },
	{ " anna ", "owns it" },
	{ "Carl", "submitted it" },
	{ "", "by whom? expected a name" },
	{ "  ", "by whom? expected a name" },
	{ "an na", "by whom? expected a name" },
	{ "an\\u0007na", "by whom? expected a name" },
	{ "аnna", "by whom? expected a name" }, /* a Cyrillic letter */
	{ "rule", "by whom? expected a name" },
	{ "abcdefghijabcdefghijabcdefghijabcdefghijk", "by whom? expected a name" },
	{ "bob", NULL },
};

START_TEST(another_way_to_write_a_name_is_no_other_person)
{
	char by[128];

	add_well(CAMPAIGN(WHERE, "9", TEXT));
	ask_well(act("submit", BY("carl")));
	(void)snprintf(by, sizeof(by), BY("%s"), approvers[_i].by);
	if (approvers[_i].why == NULL)
		ask_well(act("approve", by));
	else
		refused(act("approve", by), approvers[_i].why);
	state_is(approvers[_i].why == NULL ? "approved" : "submitted");
}
END_TEST

/* Who has never seen one is told what is there, what was meant, and what comes next. */
START_TEST(faults_say_what_to_do)
{
	add_well(CAMPAIGN(WHERE, "9", TEXT));
	refused("{\"do\":\"campaign\",\"act\":\"show\"}",
	        "which campaign? expected its code: C-1 (draft)");
	refused("{\"do\":\"campaign\",\"act\":\"show\",\"code\":\"C-2\"}",
	        "no campaign \"C-2\"; is C-1 meant?");
	refused("{\"do\":\"campaign\",\"act\":\"show\",\"code\":\"SPRING\"}",
	        "no campaign \"SPRING\"; there are C-1 (draft)");
	refused("{\"do\":\"campaign\",\"act\":\"aprove\"}", "is approve meant?");
	ask_well(act("show", ""));
	assert_said("smshall campaign submit C-1 ");
	ck_assert_ptr_null(strstr(t.said, "smshall campaign approve"));
	ask_well(act("submit", BY("anna")));
	assert_said("nobody is asked by text");
	ask_well(act("show", ""));
	assert_said("smshall campaign approve C-1 ");
	ask_well(act("approve", BY("bob")));
	ask_well(act("stop", BY("bob")));
	refused(act("submit", BY("anna")), "what is: report, evaluate, lesson");
	ck_assert_int_ne(add(CAMPAIGN(WHERE, "9", TEXT), &(struct fault){ "" }), ERR_OK);
	ask_well(act("kill", BY("anna") ",\"why\":\"wrong price\""));
	ask_well(act("list", ""));
	assert_said("ALL IS STOPPED");
	assert_said("anna: wrong price");
	ask_well(act("unkill", BY("anna")));
	ask_well(act("list", ""));
	ck_assert_ptr_null(strstr(t.said, "STOPPED"));
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

START_TEST(at_the_desk_nobody_approves_where_texts_do)
{
	free(t.conf->grammar);
	t.conf->grammar = strdup(t.folder);
	put_file("push.conf", "approval = { desk = \"no\"; };\n");
	add_well(CAMPAIGN(WHERE, "9", TEXT));
	ask_well(act("submit", BY("anna")));
	refused(act("approve", BY("bob")), "approved by text");
	state_is("submitted");
	put_file("push.conf", "approval = { desk = \"yes\"; };\n");
	ask_well(act("approve", BY("bob")));
	state_is("approved");
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

/* ---- the end ---- */

START_TEST(it_ends_when_its_most_is_sent)
{
	put_crowd(PEOPLE);
	add_well(CAMPAIGN(WHERE, "9", TEXT) "limit = { most = \"5\"; };\n");
	ask_well(act("submit", BY("anna")));
	ask_well(act("approve", BY("bob")));
	ask_well(act("schedule", BY("anna")));
	ask_well(act("tend", ""));
	state_is("running");
	raw_at(t.url + strlen("sqlite:"), "UPDATE campaign SET sent = 4");
	ask_well(act("tend", ""));
	state_is("running");
	raw_at(t.url + strlen("sqlite:"), "UPDATE campaign SET sent = 5");
	ask_well(act("tend", ""));
	state_is("finished");
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

/* ---- a test ---- */

#define TESTER "13900000000"

/* With the house's rules, and numbers for tests. */
static void setup_tests(void)
{
	char command[512];

	setup();
	(void)snprintf(command, sizeof(command),
	               "cp grammar/* %s && sed -i 's/numbers = \"\"/numbers = \"" TESTER
	               ", 13700000000\"/' %s/push.conf",
	               t.folder, t.folder);
	ck_assert_int_eq(system(command), 0);
	free(t.conf->grammar);
	t.conf->grammar = strdup(t.folder);
	t.conf->links = calloc(1, sizeof(*t.conf->links));
	t.conf->n_links = 1;
	t.conf->links[0].marketing = strdup("10690086");
	put_crowd(20);
}

static const char *test_to(const char *msisdn)
{
	static char rest[128];

	(void)snprintf(rest, sizeof(rest), BY("anna") ",\"msisdn\":\"%s\"", msisdn);
	return act("test", rest);
}

START_TEST(a_test_goes_to_numbers_for_tests_only)
{
	add_well(CAMPAIGN(WHERE, "9", TEXT));
	refused(test_to("13900000007"), "13900000007 is no number for tests");
	refused(test_to("13700000000"), "no subscriber of the store");
	ask_well(act("kill", BY("anna")));
	refused(test_to(TESTER), "no campaign sends anything (2026-11-19 09:00 anna)");
	ask_well(act("unkill", BY("anna")));
	t.conf->links[0].marketing[0] = '\0';
	refused(test_to(TESTER), "no link has a number that campaigns leave from");
	ck_assert_uint_eq(rows("campaign_test"), 0);
}
END_TEST

/* Each arm's text, in any state before it runs; nothing of the campaign changes. */
START_TEST(a_test_is_marked_and_no_target)
{
	add_well(CAMPAIGN(WHERE, "9", TEXT));
	ask_well(test_to(TESTER));
	assert_said("[测试]彩铃每月9元，回复1办理");
	assert_said("[测试]彩铃每月9元，回复1办理!");
	assert_said("audience.where does not hold of him");
	assert_said("nobody serves");
	ck_assert(strstr(t.said, "outside the campaign's hours") == NULL);
	ck_assert_int_eq(
		count("SELECT count(*) FROM campaign_test WHERE campaign = 1 AND "
	              "msisdn = " TESTER " AND outbox = 0 AND at = " NOW
	              " AND by = 'anna' AND offer = '9'"),
		2);
	ck_assert_uint_eq(rows("target"), 0);
	state_is("draft");
	ask_well(act("submit", BY("anna")));
	ask_well(test_to(TESTER));
	ask_well(act("approve", BY("bob")));
	ask_well(test_to(TESTER));
	state_is("approved");
	ask_well(act("show", ""));
	assert_said("test     by anna         -> approved");
	assert_said("to 139****0000");
	ask_well("{\"do\":\"trace\",\"msisdn\":\"" TESTER "\"}");
	assert_said("test ");
	assert_said("campaign=C-1 by=anna offer=9");
	ask_well(act("schedule", BY("anna")));
	ask_well(test_to(TESTER));
	ask_well(act("stop", BY("bob")));
	refused(test_to(TESTER), "C-1 is stopped");
}
END_TEST

START_TEST(a_test_says_that_it_is_night)
{
	add_well(CAMPAIGN(WHERE, "9", TEXT));
	ask_well(
		"{\"do\":\"campaign\",\"act\":\"test\",\"code\":\"C-1\",\"now\":1795100000,"
		"\"msisdn\":\"" TESTER "\"," BY("anna") "}");
	assert_said("it is 22:53, outside the campaign's hours (09:00-20:30)");
}
END_TEST

SUITE("office/campaign", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, from_draft_to_release);
      tcase_add_test(tc, at_night_it_says_when_texts_leave);
      tcase_add_test(tc, rejected_it_is_a_draft);
      tcase_add_test(tc, what_is_no_campaign_is_refused);
      tcase_add_test(tc, a_new_one_is_printed_and_not_stored);
      tcase_add_test(tc, a_check_tells_all_faults_with_their_lines);
      tcase_add_loop_test(tc, another_way_to_write_a_name_is_no_other_person, 0,
                          COUNT_OF(approvers));
      tcase_add_test(tc, faults_say_what_to_do);
      tcase_add_test(tc, another_text_voids_the_approval);
      tcase_add_test(tc, another_price_voids_it); tcase_add_test(tc, other_rules_void_it);
      tcase_add_test(tc, at_the_desk_nobody_approves_where_texts_do);
      tcase_add_test(tc, the_audience_is_what_the_rule_and_the_offer_say);
      tcase_add_test(tc, samples_are_real_and_masked);
      tcase_add_test(tc, a_preflight_accounts_for_everybody);
      tcase_add_test(tc, what_goes_together_must_be_known);
      tcase_add_test(tc, shares_are_held_out_and_split);
      tcase_add_test(tc, an_interrupted_draw_goes_on);
      tcase_add_test(tc, stopped_while_it_is_drawn);
      tcase_add_test(tc, it_ends_when_its_most_is_sent);
      tcase_add_test(tc, all_is_stopped_and_goes_on); suite_add_tcase(s, tc);
      tc = tcase_create("test"); tcase_add_checked_fixture(tc, setup_tests, tear_down);
      tcase_add_test(tc, a_test_goes_to_numbers_for_tests_only);
      tcase_add_test(tc, a_test_is_marked_and_no_target);
      tcase_add_test(tc, a_test_says_that_it_is_night);)
