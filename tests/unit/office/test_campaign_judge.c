/*
 * test_campaign_judge.c - what a campaign of a main package has brought, when it was taken
 * elsewhere: counted, and paid back by the difference of what both packages bring; and what
 * is said of one that offers nothing.
 */
#include "campaign_fixture.h"
#include "model/changes.h"
#include "store/campaigns.h"

enum {
	DAY = 86400,
	SUBS = 1200
};

#define PACKAGE_88 \
	"88,main,88元套餐,Plan 88,8800,300,10,20480,19.5,10,500,1024,20000,4000,5G,1\n"

/* A list is of no later time than the machine's: all of it was a month ago. */
static const char *definition(const char *kind, const char *offer, const char *say)
{
	static char text[800];
	const struct civil from = civil_of(now_s - DAY),
			   until = civil_of(now_s + 6 * DAY);

	(void)snprintf(
		text, sizeof(text),
		"campaign = { code = \"C-1\"; title = \"t\"; kind = \"%s\";\n"
		" category = \"plans\"; owner = \"anna\"; };\n"
		"audience = { control = \"20\"; };\n"
		"%s\n"
		"time = { from = \"%04d-%02d-%02d\"; until = \"%04d-%02d-%02d\"; };\n"
		"arm_a = { zh_hans = \"%s\"; };\n",
		kind, offer, from.year, from.month, from.day, until.year, until.month,
		until.day, say);
	return text;
}

static void put_list(const char *name, bool (*took)(int i))
{
	put_takers(name, SUBS, took);
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"import\",\"kind\":\"subscribers\",\"path\":\"%s/%s\","
	               "\"as_of\":%lld}",
	               t.folder, name, (long long)now_s);
	ask_well(request);
}

/* Whom it was sent took it, one in four; of those held out one in fifty. */
static bool is_held[SUBS];
static bool some(int i)
{
	return is_held[i] ? i % 50 == 0 : i % 4 == 0;
}

static void send_all(void)
{
	struct arena a = arena_make(SIZE_MAX);
	struct changes c = { .arena = &a };
	struct target_row *row = NULL;
	size_t n = 0;

	ck_assert_int_eq(store_begin(t.store), ERR_OK);
	ck_assert_int_eq(store_ready_targets(t.store, &a, 1, -1, SUBS, &row, &n), ERR_OK);
	for (int i = 0; i < SUBS; i++)
		is_held[i] = true;
	for (size_t i = 0; i < n; i++) {
		row[i].state = TARGET_SENT;
		row[i].at = now_s;
		row[i].segments = 1;
		changes_add(&c, targets, row[i]);
		is_held[row[i].msisdn - 13900000000LL] = false;
	}
	ck_assert_int_eq(store_record(t.store, &c), ERR_OK);
	ck_assert_int_eq(store_commit(t.store), ERR_OK);
	arena_free(&a);
}

/* The figure behind the words of a line. */
static double figure(const char *words)
{
	const char *at = strstr(t.said, words);

	ck_assert_msg(at != NULL, "no \"%s\" in:\n%s", words, t.said);
	return strtod(at + strlen(words), NULL);
}

/* "200.00 yuan over 12 months" */
static double figure_months(void)
{
	return figure("yuan over ");
}

/* The first of those whom it was sent. */
static bool one(int i)
{
	int first = 0;

	while (is_held[first])
		first++;
	return i == first;
}

/* Sent on the first day; a day later some have another package; judged after the window. */
static void run(bool sells, bool (*took)(int i))
{
	now_s = clock_machine().wall_s - 30 * DAY;
	put_file("88.csv", PACKAGES_HEAD PACKAGE_58 PACKAGE_88);
	import_well("packages", "88.csv");
	put_list("before.csv", nobody);
	ck_assert_uint_eq(rows("package_move"), 0);
	add_well(sells ? definition("broadcast", "offer = { codes = \"88\"; };", TEXT)
	               : definition("care", "", "您好"));
	ask_well(act("submit", BY("anna")));
	ask_well(act("approve", BY("bob")));
	ask_well(act("schedule", BY("anna")));
	ask_well(act("tend", ""));
	send_all();
	now_s += DAY;
	put_list("behind.csv", took);
	now_s += 8 * DAY;
	ask_well(act("tend", ""));
	ask_well(act("evaluate", BY("anna")));
}

START_TEST(a_package_taken_elsewhere_is_counted_and_pays)
{
	int64_t took, sent;

	run(true, some);
	took = count(
		"SELECT count(*) FROM target AS t JOIN subscriber AS s USING (msisdn) "
		"WHERE t.state = 3 AND s.package = '88'");
	sent = count("SELECT count(*) FROM target WHERE state = 3");
	ck_assert_int_gt(took, SUBS / 8);
	ck_assert_double_eq_tol(figure("in the window, by any way"), (double)took, 0.1);
	/* (88 - 40) - (58 - 30) yuan a month. */
	ck_assert_double_eq_tol(figure("margin of an order"), 20.0 * figure_months(),
	                        0.01);
	ck_assert_double_eq_tol(figure("cost"), 0.04 * (double)sent, 0.01);
	ck_assert_double_eq_tol(
		figure("return on a yuan"),
		(figure("that would not have been") * 20 * figure_months()) /
				(0.04 * (double)sent) -
			1,
		5);
	assert_said("effect");
}
END_TEST

START_TEST(one_order_is_no_orders)
{
	run(true, one);
	assert_said("months, of 1 order\n");
}
END_TEST

/* Nothing can be taken of it: no word of offers, bills only. */
START_TEST(a_notice_is_judged_by_bills)
{
	run(false, some);
	assert_said("chosen");
	assert_said("bills: too few are known");
	ck_assert_ptr_null(strstr(t.said, "offer"));
	ck_assert_ptr_null(strstr(t.said, "orders, counted"));
	ask_well(act("lessons", ""));
	assert_said("result: a notice; too few bills are known");
}
END_TEST

SUITE("office/campaign_judge", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, a_package_taken_elsewhere_is_counted_and_pays);
      tcase_add_test(tc, one_order_is_no_orders);
      tcase_add_test(tc, a_notice_is_judged_by_bills);)
