/*
 * test_tools.c - the file of tools and its faults, lots of points, stocks.
 */
#include <stdio.h>
#include <stdlib.h>

#include "model/tools.h"
#include "support/suite.h"

static struct arena arena;

static void setup(void)
{
	arena = arena_make(1 << 22);
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
}

static void teardown(void)
{
	arena_free(&arena);
}

static int64_t utc(const char *local)
{
	int64_t t;

	ck_assert_int_eq(civil_parse_time(str_of(local), &t), ERR_OK);
	return t;
}

static enum err parse(const char *name, const char *text, struct tools *out,
                      struct fault *fault)
{
	const struct tool_text row = { str_of(name), str_of(text), 17 };

	*fault = (struct fault){ "" };
	return tools_parse("t.conf", &row, 1, &arena, out, fault);
}

START_TEST(parameters_are_read)
{
	struct tools all;
	struct fault fault;
	const struct tool *t;

	ck_assert_msg(parse("flash.TV1",
	                    " zh=名, en=Name, stock=5, limit=2, gives=data, amount=10, "
	                    "from=2026-10-20 10:00:00, until=2026-12-31 ",
	                    &all, &fault) == ERR_OK,
	              "%s", fault.text);
	t = tools_find(&all, TOOL_FLASH, STR("TV1"));
	ck_assert_ptr_nonnull(t);
	ck_assert_ptr_null(tools_find(&all, TOOL_REDEEM, STR("TV1")));
	ck_assert_ptr_null(tools_next(&all, TOOL_FLASH, t));
	ck_assert(str_eq(t->name[0], STR("名")));
	ck_assert(str_eq(t->name[1], STR("名")));
	ck_assert(str_eq(t->name[2], STR("Name")));
	ck_assert_int_eq(t->stock, 5);
	ck_assert_int_eq(t->limit, 2);
	ck_assert_int_eq(t->gives, GIVES_DATA);
	ck_assert(!tool_open(t, utc("2026-10-20 09:59:59")));
	ck_assert(tool_open(t, utc("2026-10-20 10:00:00")));
	ck_assert(tool_open(t, utc("2026-12-30 23:59:59")));
	ck_assert(!tool_open(t, utc("2026-12-31 00:00:00")));
}
END_TEST

START_TEST(faults_name_their_line)
{
	static const struct {
		const char *name, *text, *said;
	} cases[] = {
		{ "flsh.A", "stock=1", "no such kind of tool \"flsh\"" },
		{ "reward", "every=1", "no such kind of tool \"reward\"" },
		{ "reward.A", "every=1, points=1", "missing \"limit\"" },
		{ "reward.A", "every=0, points=1, limit=1", "every must be 1 to 1000" },
		{ "reward.A", "every=1x, points=1, limit=1", "every must be" },
		{ "reward.A", "evry=1, points=1, limit=1", "no such parameter \"evry\"" },
		{ "reward.A", "every, points=1", "expected name=value, not \"every\"" },
		{ "reward.A", "every=1, every=2", "given twice \"every\"" },
		{ "reward.A", "", "expected name=value" },
		{ "reward.A", "every=1, points=1, limit=1, from=2026-13-01",
		  "expected YYYY-MM-DD" },
		{ "reward.A",
		  "every=1, points=1, limit=1, from=2026-10-02, until=2026-10-02",
		  "until is not behind from" },
		{ "gift.A", "what=CL, zh=x, en=x, gives=gold", "expected gives=" },
		{ "gift.A", "what=CL, zh=x, en=x, gives=data", "missing \"amount\"" },
		{ "gift.A", "what=J9, zh=x, en=x, gives=coupon",
		  "no coupon has the code \"J9\"" },
		{ "gift.A", "what=, zh=x, en=x, gives=nothing", "expected a text" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tools all;
		struct fault fault;

		ck_assert_int_ne(parse(cases[i].name, cases[i].text, &all, &fault),
		                 ERR_OK);
		ck_assert_msg(strncmp(fault.text, "t.conf:17: ", 11) == 0 &&
		                      strstr(fault.text, cases[i].said) != NULL,
		              "%zu: %s", i, fault.text);
	}
}
END_TEST

START_TEST(odds_are_all_of_it)
{
	static const struct {
		const char *more;
		enum err e;
	} cases[] = {
		{ "odds=9900, gives=nothing, zh=x, en=x", ERR_OK },
		{ "odds=9899, gives=nothing, zh=x, en=x", ERR_RANGE },
		{ "odds=9900, gives=nothing, zh=x, en=x, stock=3", ERR_RANGE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct tool_text row[] = {
			{ STR("prize.A"),
			  STR("odds=100, gives=money, amount=9, zh=x, en=x"), 1 },
			{ STR("prize.B"), str_of(cases[i].more), 2 },
		};
		struct tools all;
		struct fault fault = { "" };

		ck_assert_int_eq(tools_parse("t.conf", row, 2, &arena, &all, &fault),
		                 cases[i].e);
	}
}
END_TEST

START_TEST(points_end_with_a_day)
{
	ck_assert_int_eq(points_expiry(utc("2026-10-20 10:31:00"), 36),
	                 utc("2029-10-21 00:00:00"));
	/* 29 February has no equal in three years. */
	ck_assert_int_eq(points_expiry(utc("2028-02-29 23:59:59"), 36),
	                 utc("2031-03-01 00:00:00"));
	ck_assert_int_eq(points_expiry(utc("2026-12-31 00:00:00"), 1),
	                 utc("2027-02-01 00:00:00"));
}
END_TEST

/* Newest first: 30 in October, 20 in March, all else older. */
START_TEST(the_oldest_points_go_first)
{
	const struct points_entry lots[] = {
		{ STR("o2"), utc("2026-10-01 12:00:00"), 30, STR("") },
		{ STR("o1"), utc("2026-03-01 12:00:00"), 20, STR("") },
	};
	const struct points_entry ended[] = {
		{ STR("xo1"), utc("2029-03-05 12:00:00"), -20, STR("o1") },
		lots[0],
		lots[1],
	};
	const struct {
		int64_t balance;
		const char *now;
		int64_t points, next;
		size_t ends;
	} cases[] = {
		{ 100, "2026-11-01 00:00:00", 100, 20, 0 },
		{ 40, "2026-11-01 00:00:00", 40, 10, 0 },
		{ 30, "2026-11-01 00:00:00", 30, 30, 0 },
		{ 5, "2026-11-01 00:00:00", 5, 5, 0 },
		{ 0, "2026-11-01 00:00:00", 0, 0, 0 },
		{ -5, "2026-11-01 00:00:00", -5, 0, 0 },
		{ 100, "2029-03-01 23:59:59", 100, 20, 0 },
		{ 100, "2029-03-02 00:00:00", 80, 30, 1 },
		{ 40, "2029-03-02 00:00:00", 30, 30, 1 },
		{ 30, "2029-03-02 00:00:00", 30, 30, 0 },
		{ 100, "2029-10-02 00:00:00", 50, 0, 2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct points_count c = points_count(cases[i].balance, lots, 2, 36,
		                                           utc(cases[i].now), &arena);

		ck_assert_msg(c.points == cases[i].points && c.next == cases[i].next &&
		                      c.n_ends == cases[i].ends,
		              "%zu: %d %d %zu", i, (int)c.points, (int)c.next, c.n_ends);
	}
	/* Ended once: what is left of the balance is older. */
	ck_assert_int_eq(
		points_count(80, ended, 3, 36, utc("2029-03-06 00:00:00"), &arena).points,
		80);
}
END_TEST

/* What is counted never exceeds the balance, whatever was earned and when. */
START_TEST(lots_add_up)
{
	struct points_entry lots[40];

	srand(7);
	for (int round = 0; round < 2000; round++) {
		const size_t n = (size_t)(rand() % 40);
		const int64_t balance = rand() % 500;
		int64_t at = utc("2029-10-20 10:31:00"), sum = 0;
		struct points_count c;

		for (size_t i = 0; i < n; i++) {
			at -= rand() % (100 * 86400);
			lots[i] = (struct points_entry){ .id = arena_printf(&arena, "o%d",
				                                            (int)i),
				                         .at = at,
				                         .points = 1 + rand() % 40 };
		}
		c = points_count(balance, lots, n, 36, utc("2029-10-20 10:31:00"),
		                 &arena);
		for (size_t i = 0; i < c.n_ends; i++)
			sum += c.end[i].points;
		ck_assert_int_eq(c.points + sum, balance);
		ck_assert_int_le(c.next, c.points);
		ck_assert_int_ge(c.points, 0);
		arena_reset(&arena);
	}
}
END_TEST

START_TEST(a_stock_is_never_below_zero)
{
	struct stock row[] = { { STR("flash.A"), 5, 3 }, { STR("prize.A"), 5, 5 } };
	const struct stocks s = { row, 2 };
	struct tool t = { .kind = TOOL_FLASH, .code = STR("A"), .stock = 5 };

	ck_assert_int_eq(stock_left(&s, &t), 2);
	t.stock = 2; /* the file says fewer now */
	ck_assert_int_eq(stock_left(&s, &t), 0);
	t = (struct tool){ .kind = TOOL_FLASH, .code = STR("B"), .stock = 4 };
	ck_assert_int_eq(stock_left(&s, &t), 4);
	ck_assert_int_eq(stock_left(NULL, &t), 4);
}
END_TEST

SUITE("model/tools", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, parameters_are_read); tcase_add_test(tc, faults_name_their_line);
      tcase_add_test(tc, odds_are_all_of_it); tcase_add_test(tc, points_end_with_a_day);
      tcase_add_test(tc, the_oldest_points_go_first); tcase_add_test(tc, lots_add_up);
      tcase_add_test(tc, a_stock_is_never_below_zero);)
