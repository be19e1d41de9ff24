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

/* ---- a core system that takes less than it should ---- */

/* Replies come late and wait in its queue; a text is answered in 20 ms, and the queue's. */
struct core {
	struct push_load l;
	int64_t s; /* now */
	double waiting, owed, queue;
	double share, delay;
	double late; /* s, of the last answer */
	double sent;
};

static void a_second(struct core *c, double takes, int64_t limit_ms)
{
	const double rate = fmin(push_load_rate(&c->l, CAPACITY), RATE_MOST),
		     replies = c->waiting / c->delay;

	c->s++;
	c->sent += rate;
	c->waiting += rate * c->share - replies;
	c->owed += replies;
	c->queue = fmax(0, c->queue + replies + BASE - takes);
	c->late = 0.02 + c->queue / takes;
	push_load_add(&c->l, c->s * 1000, (int64_t)rate, (int64_t)c->owed, BASE);
	push_load_latency(&c->l, c->s * 1000, (int64_t)(c->late * 1000), limit_ms);
	c->owed -= floor(c->owed);
}

static void seconds(struct core *c, int n, double takes)
{
	for (int i = 0; i < n; i++)
		a_second(c, takes, 500);
}

static const struct {
	double share, delay, takes;
	double late; /* s, at most, while it takes less */
} slow[] = {
	{ 0.03, 60, 10, 50 }, { 0.10, 60, 10, 50 },  { 0.03, 300, 10, 180 },
	{ 0.03, 60, 15, 10 }, { 0.10, 300, 15, 30 }, { 0.03, 600, 10, 350 },
};

/* It is half as fast for two hours: its queue goes, answers are in time, and all is sent. */
START_TEST(what_answers_late_is_spared)
{
	struct core c = { .share = slow[_i].share, .delay = slow[_i].delay };
	double worst = 0, before, some = 0, in_time = 0;

	seconds(&c, 4 * HOUR, CAPACITY + 2);
	ck_assert_double_le(c.late, 0.1);
	before = c.sent;
	for (int i = 0; i < 2 * HOUR; i++) {
		seconds(&c, 1, slow[_i].takes);
		worst = fmax(worst, c.late);
		in_time += i >= HOUR && c.late <= 0.5;
	}
	some = c.sent - before;
	ck_assert_msg(worst <= slow[_i].late, "%g s late", worst);
	ck_assert_msg(in_time >= 0.8 * HOUR, "%g of the hour in time", in_time / HOUR);
	/* What it takes is not left unused. */
	before = (slow[_i].takes - BASE) / slow[_i].share * 2 * HOUR;
	ck_assert_msg(some >= 0.55 * before, "%g of %g sent", some, before);
	seconds(&c, HOUR, CAPACITY + 2);
	before = c.sent;
	seconds(&c, 60, CAPACITY + 2);
	ck_assert_double_ge(c.sent - before,
	                    0.85 * 60 * fmin((CAPACITY - BASE) / c.share, RATE_MOST));
}
END_TEST

/* One that is in time is never spared, one whose time does not matter neither. */
START_TEST(what_answers_in_time_is_not)
{
	struct core c = { .share = 0.03, .delay = 60 };

	for (int i = 0; i < 2 * HOUR; i++) {
		a_second(&c, CAPACITY * 2, 500);
		ck_assert_double_eq(c.l.lost, 0);
	}
	for (int i = 0; i < HOUR; i++)
		a_second(&c, BASE, 0);
	ck_assert_double_gt(c.late, 100);
	ck_assert_double_eq(c.l.lost, 0);
}
END_TEST

/* However it is told, nothing is below one a second or above what the capacity gives. */
START_TEST(it_stays_within_its_bounds)
{
	struct push_load l = { 0 };
	uint32_t dice = 7;
	int64_t now = 0;

	for (int i = 0; i < 200000; i++) {
		dice = dice * 1664525 + 1013904223;
		now += dice >> 16 & 4095;
		push_load_latency(&l, (dice & 64) != 0 ? now : now - 5000,
		                  dice >> 8 & 1023, 500);
		ck_assert(l.lost >= 0 && l.lost < 1);
		ck_assert_uint_ge(push_load_rate(&l, CAPACITY), 1);
		ck_assert_uint_le(push_load_rate(&l, CAPACITY), 400);
	}
	for (int i = 0; i < 900; i++)
		push_load_latency(&l, now += 1000, 1, 500);
	ck_assert_double_eq_tol(l.lost, 0, 1e-9);
}
END_TEST

SUITE("push/pace", tcase_add_test(tc, the_rule_of_the_steady_state);
      tcase_add_test(tc, how_often_it_is_told_does_not_matter); tcase_add_test(tc, edges);
      tcase_add_loop_test(tc, late_replies_do_not_overrun, 0, COUNT_OF(crowds));
      tcase_add_loop_test(tc, what_answers_late_is_spared, 0, COUNT_OF(slow));
      tcase_add_test(tc, what_answers_in_time_is_not);
      tcase_add_test(tc, it_stays_within_its_bounds);)
