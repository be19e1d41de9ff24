/*
 * test_campaign_report.c - what the report says that a campaign saved, for whom, and what
 * should be looked at; and whether the interval of an evaluation holds what was planted.
 */
#include "campaign_fixture.h"
#include "model/changes.h"
#include "offer/learned.h"
#include "offer/policy.h"
#include "push/campaign.h"
#include "store/campaigns.h"
#include "support/campaigns.h"

enum {
	DAY = 86400,
	FIRST = 139000000, /* of numbers, without the last two digits */
	MESSAGES = 1000
};

static struct arena arena;
static struct changes changes;

static void set_up_rows(void)
{
	setup();
	arena = arena_make(SIZE_MAX);
	changes = (struct changes){ .arena = &arena };
}

static void tear_down_rows(void)
{
	arena_free(&arena);
	tear_down();
}

static int64_t number(int i)
{
	return FIRST * INT64_C(100) + i;
}

static void record(void)
{
	ck_assert_int_eq(store_begin(t.store), ERR_OK);
	ck_assert_msg(store_record(t.store, &changes) == ERR_OK, "%s",
	              store_fault(t.store));
	ck_assert_int_eq(store_commit(t.store), ERR_OK);
	arena_reset(&arena);
	changes = (struct changes){ .arena = &arena };
}

/* One that is over; its arm gets four of five. */
static int64_t put_campaign(const char *code)
{
	struct campaign_row row = running_campaign(
		code,
		arena_printf(
			&arena,
			"campaign = { code = \"%s\"; title = \"t\"; kind = \"broadcast\";\n"
			" category = \"plans\"; owner = \"anna\"; };\n"
			"audience = { control = \"20\"; };\n"
			"offer = { codes = \"58\"; };\n"
			"time = { from = \"2026-11-01\"; until = \"2026-11-10\"; };\n"
			"arm_a = { zh_hans = \"" TEXT "\"; };\n",
			code));

	row.state = CAMPAIGN_FINISHED;
	ck_assert_int_eq(store_begin(t.store), ERR_OK);
	ck_assert_msg(store_put_campaign(t.store, &row, NULL) == ERR_OK, "%s",
	              store_fault(t.store));
	ck_assert_int_eq(store_commit(t.store), ERR_OK);
	return row.id;
}

static struct target_row target(int64_t campaign, int i, bool held)
{
	struct target_row row = ready_target(campaign, number(i), 1, i);

	row.state = held ? TARGET_HELD : TARGET_SENT;
	row.arm = held ? ARM_CONTROL : 0;
	row.offer = STR("58");
	row.at = now_s;
	row.segments = 1;
	row.until = now_s + 7 * DAY;
	row.cell = LEARN_ANY;
	return row;
}

static void put_targets(const struct target_row *row, size_t n)
{
	size_t new;

	ck_assert_int_eq(store_begin(t.store), ERR_OK);
	ck_assert_int_eq(store_put_targets(t.store, row, n, &new), ERR_OK);
	ck_assert_int_eq(store_commit(t.store), ERR_OK);
	ck_assert_uint_eq(new, n);
}

static void put_order(int i, int64_t id, const char *kind, enum order_state state,
                      const char *package, const char *price, const char *was)
{
	changes_add(&changes, orders,
	            (struct order_row){ .msisdn = number(i),
	                                .owner_since = 1,
	                                .order = { .id = id,
	                                           .kind = str_of(kind),
	                                           .package = str_of(package),
	                                           .state = state,
	                                           .at = now_s + 60,
	                                           .was = str_of(was),
	                                           .price = str_of(price) } });
}

/* ---- the report ---- */

static const struct person {
	bool replies, orders;
	const char *saving;
	unsigned stage;
} people[] = {
	{ true, true, "20.00", 2 },  { true, true, "30.00", 2 },
	{ true, false, "40.00", 3 }, { false, false, "50.00", 3 },
	{ true, true, "", STAGES },
};

static void put_answers(void)
{
	struct target_row row[COUNT_OF(people)];

	for (size_t i = 0; i < COUNT_OF(people); i++) {
		const struct person *p = &people[i];

		row[i] = target(1, (int)i, false);
		row[i].saving = str_of(p->saving);
		row[i].replied_at = p->replies ? now_s + 30 : 0;
		row[i].cell = p->stage < STAGES ? learn_cell_of(p->stage, 50000)
		                                : LEARN_ANY;
		if (p->orders)
			put_order((int)i, 10 + (int64_t)i, "package.change",
			          ORDER_EFFECTIVE, "58", "", "88");
	}
	put_targets(row, COUNT_OF(people));
	record();
}

static void report(const char *more)
{
	ask_well(act("report", more));
}

START_TEST(savings_are_of_those_who_ordered)
{
	(void)put_campaign("C-1");
	put_answers();
	report("");
	assert_said("saving promised                    50.00 yuan a month to 2 who");
	assert_said("saving realised                    not known");
	/* 88 against 58 yuan, then 1.5 dearer; one is open, one is of another order. */
	put_order(0, 20, "offer.insured", ORDER_EFFECTIVE, "58",
	          "10|3|24322|88000///>58000///", "0,0,0|0");
	put_order(0, 21, "offer.insured", ORDER_EFFECTIVE, "58",
	          "10|2|24323|58000///>59500///", "0,0,0|150");
	put_order(0, 22, "offer.insured", ORDER_ACCEPTED, "58",
	          "10|1|24324|88000///>58000///", "");
	put_order(1, 23, "offer.insured", ORDER_EFFECTIVE, "58",
	          "9|3|24322|88000///>58000///", "0,0,0|0");
	record();
	report("");
	assert_said("saving realised                    28.50 yuan of 40.00 promised, in "
	            "2 insured months of 1 people; 1.50 paid back besides");
	report("\"csv\":true,\"hours\":true");
	assert_said("C-1,saving,promised a month,,,,,2,1,50.00,");
	assert_said("C-1,saving,promised for months that are over,,,,,1,2,40.00,");
	assert_said("C-1,saving,realised,,,,,1,2,28.50,");
	assert_said("C-1,saving,paid back,,,,,1,2,1.50,");
}
END_TEST

static void said_of_stage(const char *name, int sent, int replied, int ordered)
{
	char line[120];

	report("");
	(void)snprintf(line, sizeof(line), "\n  %-32s %9d %9d %9d\n", name, sent, replied,
	               ordered);
	assert_said(line);
	report("\"csv\":true,\"hours\":true");
	(void)snprintf(line, sizeof(line), "C-1,stage,%s,%d,%d,0,%d,,,,\n", name, sent,
	               replied, ordered);
	assert_said(line);
}

START_TEST(stages_are_those_of_the_draw)
{
	(void)put_campaign("C-1");
	put_answers();
	said_of_stage(stage_name(2), 2, 2, 2);
	said_of_stage(stage_name(3), 2, 1, 0);
	said_of_stage("not known", 1, 1, 1);
}
END_TEST

/* ---- alarms ---- */

static void put_many(int n, int held)
{
	struct target_row *row = arena_array(&arena, struct target_row,
	                                     (size_t)(n + held));

	for (int i = 0; i < n + held; i++)
		row[i] = target(1, i, i >= n);
	put_targets(row, (size_t)(n + held));
}

static void opt_out(int n)
{
	for (int i = 0; i < n; i++)
		changes_add(&changes, optouts,
		            (struct optout_change){ .msisdn = number(i),
		                                    .owner_since = 1,
		                                    .out = true,
		                                    .at = now_s + 60 });
	record();
}

START_TEST(what_is_well_alarms_nobody)
{
	(void)put_campaign("C-1");
	put_many(MESSAGES, MESSAGES / 4);
	opt_out(3);
	report("");
	assert_said("alarms: none\n");
	report("\"csv\":true,\"hours\":true");
	ck_assert_ptr_null(strstr(t.said, "alarm"));
}
END_TEST

/* The limit is 0.5 %: four of a thousand are more than three quarters of it. */
START_TEST(near_a_limit_is_said)
{
	(void)put_campaign("C-1");
	put_many(MESSAGES, MESSAGES / 4);
	opt_out(4);
	report("");
	assert_said("near its limit: opted out: 4 of 1000, at least 0.16 %; the limit is "
	            "0.50 %\n");
	report("\"csv\":true,\"hours\":true");
	assert_said("C-1,alarm,near,,,,,,,,\"opted out: 4 of 1000, ");
}
END_TEST

START_TEST(groups_that_are_not_as_drawn_are_said)
{
	(void)put_campaign("C-1");
	put_many(MESSAGES, MESSAGES / 8);
	report("");
	assert_said("groups are not as drawn: p 0.0000");
	report("\"csv\":true,\"hours\":true");
	assert_said("C-1,alarm,uneven,,,,,,,,\"p 0.0000\"");
}
END_TEST

/* ---- the interval of an evaluation ---- */

enum {
	RUNS = 200,
	TREATED = 1600,
	CONTROL = 400
};

static uint64_t seed;

static bool happens(int per_mille)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int)((seed >> 33) % 1000) < per_mille;
}

/* Orders of that run alone count for its campaign: they are of a package of its own. */
static void put_run(const char *code, int treated, int control)
{
	const int64_t campaign = put_campaign(code);
	struct target_row *row = arena_array(&arena, struct target_row,
	                                     TREATED + CONTROL);

	for (int i = 0; i < TREATED + CONTROL; i++) {
		const bool held = i >= TREATED;

		row[i] = target(campaign, i, held);
		row[i].offer = str_of(code);
		if (happens(held ? control : treated))
			put_order(i, campaign * 10000 + i, "service.open",
			          ORDER_EFFECTIVE, code, "", "");
	}
	put_targets(row, TREATED + CONTROL);
	record();
}

static void evaluate(const char *code)
{
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"evaluate\",\"code\":\"%s\","
	               "\"now\":%lld,\"by\":\"anna\"}",
	               code, (long long)(now_s + 30 * DAY));
	ask_well(request);
}

/* "… +2.10 points [+0.41, +3.92], p 0.0123" */
static bool covers(double points)
{
	const char *at = strstr(t.said, " points [");
	char *end;
	double low, high;

	ck_assert_msg(at != NULL, "%s", t.said);
	low = strtod(at + strlen(" points ["), &end);
	ck_assert_int_eq(*end, ',');
	high = strtod(end + 1, NULL);
	ck_assert_double_lt(low, high);
	return low <= points && points <= high;
}

/* Of a thousand, how many order who were told, who were not. */
static const int planted[2] = { 90, 50 };

START_TEST(an_interval_holds_what_was_planted)
{
	const int *p = planted;
	int held = 0;

	seed = 20261122;
	for (int run = 0; run < RUNS; run++) {
		char code[16];

		(void)snprintf(code, sizeof(code), "C-%d", run);
		put_run(code, p[0], p[1]);
		evaluate(code);
		held += covers((p[0] - p[1]) / 10.0);
	}
	ck_assert_int_ge(held, RUNS * 92 / 100);
	ck_assert_int_le(held, RUNS * 98 / 100);
}
END_TEST

SUITE("office/campaign_report", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up_rows, tear_down_rows);
      tcase_add_test(tc, savings_are_of_those_who_ordered);
      tcase_add_test(tc, stages_are_those_of_the_draw);
      tcase_add_test(tc, what_is_well_alarms_nobody);
      tcase_add_test(tc, near_a_limit_is_said);
      tcase_add_test(tc, groups_that_are_not_as_drawn_are_said);
      tcase_add_test(tc, an_interval_holds_what_was_planted);)
