/*
 * test_tags.c - the task "tags": the file of rules, refreshes that are interrupted, the list
 * and why a tag holds.
 */
#include "../store/raw.h"
#include "assets/assets.h"
#include "fixture.h"
#include "office/errand.h"

#define NOW "1795017600" /* 2026-11-19 00:00 in Shanghai */

#define TAG(name, rest)                                                                                \
	name " = { level = \"applied\"; zh = \"甲\"; hant = \"乙\"; en = \"a\"; lives = \"10\"; " rest \
	     " };\n"

static void write_rules(const char *text)
{
	put_file("tags.conf", text);
	free(t.conf->grammar);
	t.conf->grammar = strdup(t.folder);
}

static void setup(void)
{
	set_up();
	put_file("packages.csv", PACKAGES_HEAD PACKAGE_58);
	import_well("packages", "packages.csv");
	write_rules(TAG("here", "rule = \"region = '浦东'\";")
	                    TAG("owing", "rule = \"balance_fen < 0\";")
	                            TAG("score", "score = \"30 region LIKE '浦%'; 20 "
	                                         "balance_fen >= 2;\"; from = \"50\";"));
}

static int64_t count(const char *sql)
{
	return raw_int(t.url + strlen("sqlite:"), sql);
}

static void people(int n)
{
	put_people("subscribers.csv", n);
	import_well("subscribers", "subscribers.csv");
}

/* ---- the file ---- */

static const struct {
	const char *text, *says;
} wrong[] = {
	{ TAG("a", "rule = \"puk\";"), ":1:80: tag a: \"puk\": no column" },
	{ "\n\n# rule = \"\nb = { rule = \"months >= 3 AND 浦东\"; };",
	  ":4: tag b: level" },
	{ "a = {\n  level = \"basic\"; zh = \"rule = puk\"; en = \"a\"; lives = \"0\";\n"
	  "  rule = \"months >= 3\"\n   # why\n         \" AND \\\"x\\\"\";\n};",
	  ":5:16: tag a: \"\"\"" },
	{ "a = {\n  level = \"basic\"; zh = \"甲\"; en = \"a\"; lives = \"0\"; from = \"1\";\n"
	  "  score = \"10 months;\"\n    \"20 name;\";\n};",
	  ":4:9: tag a: \"name\"" },
	{ "a = {\n  level = \"basic\"; zh = \"甲\"; en = \"a\"; lives = \"0\"; rule =\n\"region "
	  "= '浦东' AND puk\";\n};",
	  ":3:20: tag a: \"puk\"" },
	{ TAG("a", "rule = \"1\"; score = \"1 1\";"), "either a rule or a score" },
	{ TAG("a", ""), "a tag needs a rule" },
	{ TAG("a", "score = \"1 1\";"), "a score, and only a score, has from" },
	{ TAG("a", "rule = \"1\"; from = \"3\";"),
	  "a score, and only a score, has from" },
	{ TAG("a", "rule = \"1\"; size = \"3\";"), "expected level, zh, hant, en, rule" },
	{ TAG("a", "rule = \"1\"; lives = \"-1\";"), "tags.conf:1:" },
	{ TAG("A", "rule = \"1\";"), "expected a name of a-z" },
	{ TAG("a", "rule = \"1\";") TAG("a", "rule = \"1\";"), "tags.conf:2:" },
	{ "a = { level = \"high\"; };",
	  ":1: level: expected basic, applied or portrait" },
	{ "a = { lives = \"3651\"; };", ":1: lives: expected days" },
	{ "a = \"x\";", ":1: expected a group" },
	{ "a = { rule = 3; };", ":1: rule is no text" },
	{ "a = { rule = \"1\"", "tags.conf:1: " },
};

START_TEST(a_fault_of_the_file_names_its_place)
{
	struct tag_rules *rules = NULL;
	struct fault fault = { "" };
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/tags.conf", t.folder);
	put_file("tags.conf", wrong[_i].text);
	ck_assert_int_ne(assets_load_tags(path, NULL, &rules, &fault), ERR_OK);
	ck_assert_msg(strstr(fault.text, wrong[_i].says) != NULL, "%s: no \"%s\"",
	              fault.text, wrong[_i].says);
	ck_assert_int_ne(ask("{\"do\":\"tags\",\"act\":\"refresh\"}", &fault), ERR_OK);
	ck_assert_ptr_nonnull(strstr(fault.text, wrong[_i].says));
}
END_TEST

START_TEST(the_shipped_file_is_taken)
{
	struct tag_rules *rules = NULL;
	struct fault fault = { "" };
	size_t n = 0, same = 0, level[TAG_LEVELS] = { 0 };
	const struct tag_def *d;

	ck_assert_msg(assets_load_tags("grammar/tags.conf", NULL, &rules, &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
	d = tag_rules_defs(rules, &n);
	for (size_t i = 0; i < n; i++) {
		level[d[i].level]++;
		same += str_eq(d[i].zh, d[i].hant);
	}
	ck_assert_uint_le(same, 3); /* 主套餐, 常超套餐, 套餐用不完 */
	for (size_t l = 0; l < TAG_LEVELS; l++)
		ck_assert_uint_ge(level[l], 4);
	tag_rules_free(rules);
	ck_assert_int_eq(assets_load_tags("grammar/none.conf", NULL, &rules, &fault),
	                 ERR_OK);
	(void)tag_rules_defs(rules, &n);
	ck_assert_uint_eq(n, 0);
	tag_rules_free(rules);
}
END_TEST

START_TEST(without_hant_a_name_is_as_in_zh)
{
	write_rules("a = { level = \"basic\"; zh = \"丙\"; en = \"c\"; lives = \"0\"; "
	            "rule = \"region\"; };");
	people(1);
	ask_well("{\"do\":\"tags\"}");
	assert_said("丙 / 丙 (c) [not kept]");
}
END_TEST

/* ---- refresh ---- */

START_TEST(the_last_refresh_of_all_is_known_also_to_the_next_process)
{
	struct office_figures figures = { 0 }, later = { 0 };
	struct errands *e;

	t.host.figures = &figures;
	people(4);
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\",\"tag\":\"here\",\"now\":" NOW
	         "}");
	ck_assert_uint_eq(metric_get(&figures.tags.at), 0);
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\",\"now\":" NOW "}");
	ck_assert_uint_gt(metric_get(&figures.tags.at), 0);
	ck_assert_uint_gt(metric_get(&figures.tags.us), 0);
	ck_assert_uint_eq(metric_get(&figures.tags.size), 2); /* of score */
	close_office();
	open_office();
	t.host.figures = &later;
	e = errands_create(t.conf, NULL, clock_machine());
	(void)errands_run(e, &t.host, clock_machine());
	ck_assert_uint_eq(metric_get(&later.tags.at), metric_get(&figures.tags.at));
	ck_assert_uint_eq(metric_get(&later.tags.us), metric_get(&figures.tags.us));
	ck_assert_uint_eq(metric_get(&later.tags.size), 2);
	errands_destroy(e);
}
END_TEST

START_TEST(a_refresh_puts_counts_and_shows)
{
	people(4); /* balances 0, 1, 2, 3 */
	ask_well("{\"do\":\"tags\"}");
	assert_said("not counted yet");
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\",\"now\":" NOW "}");
	assert_said("tags: 4 subscribers in ");
	assert_said("6 rows put, 0 dropped");
	ck_assert_int_eq(count("SELECT count(*) FROM tag WHERE name = 'here'"), 4);
	ck_assert_int_eq(
		count("SELECT count(*) FROM tag WHERE name = 'score' AND value = '50'"),
		2);
	ask_well("{\"do\":\"tags\",\"act\":\"list\"}");
	assert_said(
		"here             applied            4  2026-11-19 00:00:00  甲 / 乙 (a)\n");
	assert_said("owing            applied            0");
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\",\"now\":" NOW "}");
	assert_said("0 rows put, 0 dropped");
	ask_well(
		"{\"do\":\"tags\",\"act\":\"show\",\"msisdn\":\"13900000003\",\"now\":" NOW
		"}");
	assert_said(
		"name=here value=1 level=applied says=\"甲\" says_hant=\"乙\" why=\"region=浦东\" "
		"until=\"2026-11-29 00:00:00.000\"");
	assert_said(
		"name=score value=50 level=applied says=\"甲\" says_hant=\"乙\" why=\"+30 region LIKE '浦%' "
		"(region=浦东); +20 balance_fen >= 2 (balance_fen=3)\"");
	ck_assert_ptr_null(strstr(t.said, "owing"));
	ask_well("{\"do\":\"trace\",\"msisdn\":\"13900000003\",\"now\":" NOW "}");
	assert_said("name=score value=50");
	ask_well("{\"do\":\"trace\",\"msisdn\":\"13900000003\",\"now\":" NOW
	         ",\"json\":true}");
	assert_said("\"event\":\"tag\",\"name\":\"score\",\"value\":\"50\"");
}
END_TEST

START_TEST(one_tag_or_one_level_is_refreshed_alone)
{
	struct fault fault;

	people(3);
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\",\"tag\":\"score\",\"now\":" NOW
	         "}");
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 1);
	write_rules(TAG("here", "rule = \"region\";"));
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\",\"tag\":\"applied\",\"now\":" NOW
	         "}");
	ck_assert_int_eq(count("SELECT count(*) FROM tag"),
	                 4); /* score is defined no more */
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\",\"now\":" NOW "}");
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 3);
	ck_assert_int_eq(
		ask("{\"do\":\"tags\",\"act\":\"refresh\",\"tag\":\"x\"}", &fault),
		ERR_NOT_FOUND);
	ck_assert_int_eq(ask("{\"do\":\"tags\",\"act\":\"dance\"}", &fault), ERR_SYNTAX);
	ck_assert_int_eq(
		ask("{\"do\":\"tags\",\"act\":\"show\",\"msisdn\":\"13811111111\"}",
	            &fault),
		ERR_NOT_FOUND);
}
END_TEST

enum {
	MANY = 5000 /* three slices */
};

/* The process ends at any piece; what is there in the end is as if it had not. */
START_TEST(an_interrupted_refresh_goes_on)
{
	struct fault fault;
	int lives = 0;

	people(MANY);
	t.pieces = 0;
	t.pieces_until = 1 + _i;
	while (ask("{\"do\":\"tags\",\"act\":\"refresh\",\"now\":" NOW "}", &fault) !=
	       ERR_OK) {
		ck_assert_msg(strstr(fault.text, "goes on at the next start") != NULL,
		              "%s", fault.text);
		close_office();
		open_office();
		write_rules(TAG("here", "rule = \"region = '浦东'\";") TAG(
			"owing", "rule = \"balance_fen < 0\";")
		                    TAG("score", "score = \"30 region LIKE '浦%'; 20 "
		                                 "balance_fen >= 2;\"; from = \"50\";"));
		lives++;
	}
	ck_assert_int_ge(lives, 1);
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), MANY + MANY - 2);
	ck_assert_int_eq(count("SELECT holders FROM tag_count WHERE name = 'here'"),
	                 MANY);
	ck_assert_int_eq(count("SELECT holders FROM tag_count WHERE name = 'score'"),
	                 MANY - 2);
	ck_assert_int_eq(count("SELECT count(*) FROM tag_refresh"), 0);
}
END_TEST

/* Until one slice was done there is nothing to go on with. */
START_TEST(what_is_left_is_resumed_unasked)
{
	struct fault fault;

	people(MANY);
	ask_well("{\"do\":\"tags\",\"act\":\"resume\"}");
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 0);
	t.pieces_until = 4;
	while (count("SELECT count(*) FROM tag_refresh") == 0) {
		t.pieces = 0;
		ck_assert_int_eq(ask("{\"do\":\"tags\",\"act\":\"refresh\",\"now\":" NOW
		                     "}",
		                     &fault),
		                 ERR_STATE);
	}
	t.pieces_until = 0;
	/* Other rules by now: from the beginning, for the same day. */
	write_rules(TAG("here", "rule = \"region\";"));
	ask_well("{\"do\":\"tags\",\"act\":\"resume\"}");
	ck_assert_int_eq(
		count("SELECT count(*) FROM tag WHERE name = 'here' AND value = '浦东' "
	              "AND as_of = " NOW),
		MANY);
	ck_assert_int_eq(count("SELECT count(*) FROM tag WHERE name = 'score'"), 0);
	ck_assert_int_eq(count("SELECT count(*) FROM tag_refresh"), 0);
}
END_TEST

START_TEST(the_nightly_errand_refreshes)
{
	struct clock now = { 0, 1795000000, NULL };
	struct errands *e = errands_create(t.conf, NULL, now);

	people(2);
	(void)errands_run(e, &t.host, now);
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 0);
	now.wall_s += 2 * 86400;
	now.mono_us += INT64_C(2) * 86400 * 1000000;
	(void)errands_run(e, &t.host, now);
	ck_assert_int_eq(count("SELECT count(*) FROM tag WHERE name = 'here'"), 2);
	errands_destroy(e);
}
END_TEST

SUITE("office/tags", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_loop_test(tc, a_fault_of_the_file_names_its_place, 0, COUNT_OF(wrong));
      tcase_add_test(tc, the_shipped_file_is_taken);
      tcase_add_test(tc, without_hant_a_name_is_as_in_zh);
      tcase_add_test(tc, the_last_refresh_of_all_is_known_also_to_the_next_process);
      tcase_add_test(tc, a_refresh_puts_counts_and_shows);
      tcase_add_test(tc, one_tag_or_one_level_is_refreshed_alone);
      tcase_add_loop_test(tc, an_interrupted_refresh_goes_on, 0, 4);
      tcase_add_test(tc, what_is_left_is_resumed_unasked);
      tcase_add_test(tc, the_nightly_errand_refreshes);)
