/*
 * test_canary.c - the steps of a start, and what stops it.
 */
#include "push/canary.h"
#include "support/suite.h"

static struct push_rules rules;
static struct canary_counts n;
static struct buf why;

static void set_up(void)
{
	rules = push_rules_defaults(); /* 100, 1 %, an hour; opted out 0.5 % */
	n = (struct canary_counts){ .targets = 50000 };
	why = buf_make(512);
}

static void tear_down(void)
{
	buf_free(&why);
}

static void look(int64_t now, enum canary_verdict want, int64_t allowed)
{
	int64_t is = -1;

	ck_assert_int_eq(canary_look(&rules, &n, now, &is, &why), want);
	ck_assert_int_eq(is, allowed);
}

START_TEST(a_hundred_then_a_hundredth_then_all)
{
	look(1000, CANARY_GO, 100);
	n.allowed = 100;
	n.step_at = 1000;
	n.sent = 99;
	look(99999, CANARY_WAIT, 100);
	n.sent = 100;
	look(4599, CANARY_WAIT, 100);
	look(4600, CANARY_GO, 500);
	n.allowed = 500;
	n.step_at = 5000;
	n.sent = 500;
	look(8599, CANARY_WAIT, 500);
	look(8600, CANARY_GO, INT64_MAX);
	n.allowed = INT64_MAX;
	n.sent = 501;
	look(8600, CANARY_GO, INT64_MAX);
}
END_TEST

START_TEST(few_targets_have_one_step)
{
	n.targets = 10000; /* of which 1 % are the first hundred */
	n.allowed = n.sent = 100;
	look(3600, CANARY_GO, INT64_MAX);
}
END_TEST

static const struct {
	int64_t sent, opted_out, complained, failed, errors; /* of 40 orders */
	const char *why;                                     /* NULL: goes on */
} outcomes[] = {
	{ 2000, 20, 0, 0, 0,
	  "opted out: 20 of 2000, at least 0.65 %; the limit is 0.50 %" },
	{ 2000, 17, 0, 0, 0, "opted out: 17 of 2000, at least 0.53 %" },
	{ 2000, 16, 0, 0, 0, NULL }, /* 0.80 %, at least 0.49 % */
	{ 6, 1, 0, 0, 0, NULL },     /* at least 3.01 %, but it is one */
	{ 100, 2, 0, 0, 0, NULL },
	{ 100, 3, 0, 0, 0, "opted out: 3 of 100, at least 1.03 %" },
	{ 2000, 0, 8, 0, 0, "complained: 8 of 2000" },
	{ 2000, 0, 3, 0, 0, NULL },
	{ 100, 0, 0, 29, 0, "failed: 29 of 100, at least 21.01 %" },
	{ 100, 0, 0, 25, 0, NULL },
	{ 1000, 0, 0, 0, 17, "failed orders: 17 of 40" },
	{ 1000, 0, 0, 0, 12, NULL },
	{ 0, 0, 0, 0, 0, NULL },
	{ 1, 3, 0, 0, 0, "opted out: 3 of 1" }, /* a touch of another message */
};

START_TEST(what_goes_wrong_stops_it)
{
	int64_t allowed;
	enum canary_verdict v;

	n.allowed = INT64_MAX;
	n.sent = outcomes[_i].sent;
	n.opted_out = outcomes[_i].opted_out;
	n.complained = outcomes[_i].complained;
	n.failed = outcomes[_i].failed;
	n.errors = outcomes[_i].errors;
	n.ordered = 40 - n.errors;
	v = canary_look(&rules, &n, 99999, &allowed, &why);
	ck_assert_int_eq(v, outcomes[_i].why != NULL ? CANARY_STOP : CANARY_GO);
	if (outcomes[_i].why != NULL)
		ck_assert_msg(strstr(buf_cstr(&why), outcomes[_i].why) != NULL, "%s",
		              buf_cstr(&why));
	else
		ck_assert_uint_eq(why.n, 0);
}
END_TEST

START_TEST(what_stopped_it_can_be_read)
{
	int64_t allowed;
	struct canary_why w;

	n.allowed = INT64_MAX;
	n.sent = 2000;
	n.complained = _i == 0 ? 0 : 8;
	n.opted_out = _i == 0 ? 20 : 0;
	ck_assert_int_eq(canary_look(&rules, &n, 99999, &allowed, &why), CANARY_STOP);
	ck_assert(canary_read(buf_str(&why), &w));
	ck_assert_int_eq(w.harm, _i == 0 ? CANARY_OPTED_OUT : CANARY_COMPLAINED);
	ck_assert_int_eq(w.hits, _i == 0 ? 20 : 8);
	ck_assert_int_eq(w.n, 2000);
	ck_assert(str_eq(w.limit, _i == 0 ? STR("0.50") : STR("0.10")));
}
END_TEST

START_TEST(what_a_person_said_is_no_rule)
{
	static const char *const said[] = { "",
		                            "opted out",
		                            "opted out: too many",
		                            "opted out: 20 of 2000",
		                            "enough: 1 of 2, 3 and 4",
		                            "complaints from the north" };
	struct canary_why w;

	for (size_t i = 0; i < COUNT_OF(said); i++)
		ck_assert_msg(!canary_read(str_of(said[i]), &w), "%s", said[i]);
}
END_TEST

SUITE("push/canary", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, a_hundred_then_a_hundredth_then_all);
      tcase_add_test(tc, few_targets_have_one_step);
      tcase_add_loop_test(tc, what_stopped_it_can_be_read, 0, 2);
      tcase_add_test(tc, what_a_person_said_is_no_rule);
      tcase_add_loop_test(tc, what_goes_wrong_stops_it, 0, COUNT_OF(outcomes));)
