/*
 * test_pace.c - how fast campaigns send, against a system that takes so many orders.
 */
#include <math.h>

#include "push/pace.h"
#include "support/suite.h"

enum {
	CAPACITY = 20,
	BASE = 5,
	RATE_MOST = 2000, /* of the links */
	HOUR = 3600
};

START_TEST(the_rule_of_the_steady_state)
{
	struct push_load l = { 0 };

	/* Base 5 a second, 3 of 100 answer: (20 - 5) / 0.03. */
	for (int64_t s = 1; s <= 4 * HOUR; s++)
		push_load_add(&l, s * 1000, 500, s > 300 ? 15 : 0, 5);
	ck_assert_double_eq_tol(l.base, 5, 0.05);
	ck_assert_uint_ge(push_load_rate(&l, CAPACITY), 490);
	ck_assert_uint_le(push_load_rate(&l, CAPACITY), 505);
}
END_TEST

/* What comes in one call of ten seconds or in ten of one is the same. */
START_TEST(how_often_it_is_told_does_not_matter)
{
	struct push_load fine = { 0 }, coarse = { 0 };

	push_load_add(&fine, 1000, 0, 0, 0);
	push_load_add(&coarse, 1000, 0, 0, 0);
	for (int64_t s = 2; s <= 601; s++)
		push_load_add(&fine, s * 1000, 100, 2, 3);
	for (int64_t s = 11; s <= 601; s += 10)
		push_load_add(&coarse, s * 1000, 1000, 20, 30);
	ck_assert_double_eq_tol(fine.sent, coarse.sent, 1);
	ck_assert_double_eq_tol(fine.replied, coarse.replied, 0.1);
	ck_assert_double_eq_tol(fine.base, coarse.base, 0.01);
}
END_TEST

START_TEST(edges)
{
	struct push_load l = { 0 };

	ck_assert_uint_eq(push_load_rate(&l, 0), UINT32_MAX);
	ck_assert_uint_eq(push_load_rate(&l, CAPACITY),
	                  400); /* as if 5 of 100 answered */
	for (int64_t s = 1; s <= HOUR; s++)
		push_load_add(&l, s * 1000, 0, 0, 30);
	ck_assert_uint_eq(push_load_rate(&l, CAPACITY), 1); /* full without us */
	push_load_add(&l, 10 * 1000, 0, 0, 0);              /* a clock that went back */
	ck_assert_int_eq(l.at_ms, HOUR * 1000);
	for (int64_t s = HOUR; s <= 2 * HOUR; s++)
		push_load_add(&l, s * 1000, 0, 0, 0);
	ck_assert_uint_ge(push_load_rate(&l, CAPACITY), 399); /* forgotten */
}
END_TEST

/*
 * Replies follow their messages by an exponential delay: the most that they, with what
 * others ask for, come to a second while the share is being learned; and after 8 hours.
 */
static double worst_load(double share, double delay, double *last)
{
	struct push_load l = { 0 };
	double waiting = 0, worst = 0, owed = 0;

	for (int64_t s = 1; s <= 8 * HOUR; s++) {
		const double rate = fmin(push_load_rate(&l, CAPACITY), RATE_MOST),
			     replies = waiting / delay;

		waiting += rate * share - replies;
		owed += replies;
		*last = replies + BASE;
		worst = fmax(worst, *last);
		push_load_add(&l, s * 1000, (int64_t)rate, (int64_t)owed, BASE);
		owed -= floor(owed);
	}
	return worst;
}

static const struct {
	double share, delay; /* s, the mean */
	double worst;        /* of the capacity, at most */
} crowds[] = {
	{ 0.01, 60, 1 },     { 0.03, 60, 1 },     { 0.10, 60, 1 },     { 0.01, 300, 1 },
	{ 0.03, 300, 1 },    { 0.10, 300, 1 },    { 0.01, 600, 1 },    { 0.03, 600, 1 },
	{ 0.10, 600, 1.02 }, { 0.03, 1800, 1.4 }, { 0.10, 1800, 1.4 },
};

START_TEST(late_replies_do_not_overrun)
{
	double last;
	const double worst = worst_load(crowds[_i].share, crowds[_i].delay, &last);

	ck_assert_msg(worst <= CAPACITY * crowds[_i].worst, "%g a second", worst);
	ck_assert_msg(last >= CAPACITY * 0.9, "%g a second", last);
}
END_TEST

SUITE("push/pace", tcase_add_test(tc, the_rule_of_the_steady_state);
      tcase_add_test(tc, how_often_it_is_told_does_not_matter); tcase_add_test(tc, edges);
      tcase_add_loop_test(tc, late_replies_do_not_overrun, 0, COUNT_OF(crowds));)
