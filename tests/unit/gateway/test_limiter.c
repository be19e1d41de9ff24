/*
 * test_limiter.c - how often one number may text.
 */
#include "../../../src/gateway/gateway_priv.h"
#include "support/suite.h"

enum {
	BURST = 5,
	REFILL = 2 /* a second */
};

static struct limiter *l;

static void set_up(void)
{
	l = limiter_create(BURST, REFILL);
}

static void tear_down(void)
{
	limiter_destroy(l);
}

/* Texts of one number at one moment: how many had each verdict. */
struct verdicts {
	unsigned pass, notice, refuse;
};

static struct verdicts text(uint64_t key, int64_t at_ms, unsigned n)
{
	struct verdicts v = { 0, 0, 0 };

	for (unsigned i = 0; i < n; i++) {
		const enum limiter_verdict verdict = limiter_check(l, key, at_ms);

		v.pass += verdict == LIMITER_PASS ? 1 : 0;
		v.notice += verdict == LIMITER_NOTICE ? 1 : 0;
		v.refuse += verdict == LIMITER_REFUSE ? 1 : 0;
	}
	return v;
}

START_TEST(a_burst_passes_then_one_notice_then_refusals)
{
	const struct verdicts v = text(1, 1000, 20);

	ck_assert_uint_eq(v.pass, BURST);
	ck_assert_uint_eq(v.notice, 1);
	ck_assert_uint_eq(v.refuse, 20 - BURST - 1);
}
END_TEST

START_TEST(numbers_do_not_share)
{
	(void)text(1, 1000, 20);
	ck_assert_uint_eq(text(2, 1000, BURST).pass, BURST);
}
END_TEST

static const struct {
	int64_t passed_ms;
	unsigned pass;
} refills[] = {
	{ 0, 0 },    { 499, 0 },         { 500, 1 },   { 1000, 2 },
	{ 2500, 5 }, { 1000000, BURST }, { -1000, 0 }, /* time goes backwards */
};

START_TEST(what_flows_in_passes)
{
	(void)text(1, 5000, BURST);
	ck_assert_uint_eq(text(1, 5000 + refills[_i].passed_ms, 20).pass,
	                  refills[_i].pass);
}
END_TEST

/* A flood that goes on is told once, although some of it passes. */
START_TEST(the_notice_comes_once_a_flood)
{
	unsigned notices = 0, passes = 0;

	for (int64_t at = 0; at < 10000; at += 10) {
		const struct verdicts v = text(1, at, 1);

		notices += v.notice;
		passes += v.pass;
	}
	ck_assert_uint_eq(notices, 1);
	ck_assert_uint_ge(passes, BURST + 18);
	ck_assert_uint_le(passes, BURST + 20);
	/* A bucket's worth of silence ends it. */
	ck_assert_uint_eq(text(1, 60000, 20).notice, 1);
}
END_TEST

/* T12: one notice, whatever comes; another number passes all the while. */
START_TEST(t12_a_million_texts_of_one_number)
{
	struct verdicts v = { 0, 0, 0 };

	for (unsigned i = 0; i < 1000; i++) {
		const struct verdicts more = text(1, 1000 + i, 1000);

		v.pass += more.pass;
		v.notice += more.notice;
		v.refuse += more.refuse;
		ck_assert_uint_eq(text(2 + i, 1000 + i, 1).pass, 1);
	}
	ck_assert_uint_eq(v.pass, BURST + 1); /* what flowed in within a second: 999 ms */
	ck_assert_uint_eq(v.notice, 1);
	ck_assert_uint_eq(v.pass + v.notice + v.refuse, 1000000);
}
END_TEST

/* More numbers than the table holds: it forgets, and never refuses a newcomer. */
START_TEST(a_full_table_forgets_the_longest_unused)
{
	enum {
		NUMBERS = 200000
	};

	for (uint64_t key = 1; key <= NUMBERS; key++)
		ck_assert_int_eq(limiter_check(l, key, (int64_t)key), LIMITER_PASS);
	(void)text(NUMBERS + 1, NUMBERS + 1, 20);
	ck_assert_uint_eq(text(NUMBERS + 1, NUMBERS + 1, 1).refuse, 1);
}
END_TEST

SUITE("gateway/limiter", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_burst_passes_then_one_notice_then_refusals);
	tcase_add_test(tc, numbers_do_not_share);
	tcase_add_loop_test(tc, what_flows_in_passes, 0, COUNT_OF(refills));
	tcase_add_test(tc, the_notice_comes_once_a_flood);
	tcase_add_test(tc, t12_a_million_texts_of_one_number);
	tcase_add_test(tc, a_full_table_forgets_the_longest_unused);
})
