/*
 * test_backoff.c - when a link dials again.
 */

#include "../src/link/link_priv.h"
#include "smpp/status.h"
#include "support/suite.h"

START_TEST(failures_double_up_to_the_maximum)
{
	struct backoff b = { .max_ms = 60000, .seed = (uint64_t)_i };
	int64_t least = 1000;

	for (int i = 0; i < 100; i++) {
		const int64_t ms = backoff_failed(&b, 0);

		ck_assert_int_ge(ms, least);
		ck_assert_int_le(ms, least + least / 4);
		least = least * 2 < 60000 ? least * 2 : 60000;
	}
	backoff_bound(&b);
	ck_assert_int_le(backoff_failed(&b, 0), 1250);
}
END_TEST

START_TEST(jitter_spreads_the_attempts)
{
	struct backoff a = { .max_ms = 60000, .seed = 1 },
		       b = { .max_ms = 60000, .seed = 2 };
	int equal = 0;

	for (int i = 0; i < 20; i++)
		equal += backoff_failed(&a, 0) == backoff_failed(&b, 0) ? 1 : 0;
	ck_assert_int_lt(equal, 10);
}
END_TEST

static const struct {
	uint32_t status;
	int64_t least_ms;
} refusals[] = {
	{ SMPP_ESME_RBINDFAIL, 60000 }, { SMPP_ESME_RINVPASWD, 60000 },
	{ SMPP_ESME_RINVSYSID, 60000 }, { SMPP_ESME_RALYBND, 5000 },
	{ SMPP_ESME_RSYSERR, 1000 },
};

START_TEST(a_refused_bind_is_not_hammered)
{
	struct backoff b = { .max_ms = 10000, .seed = 7 };
	const int64_t ms = backoff_failed(&b, refusals[_i].status);

	ck_assert_int_ge(ms, refusals[_i].least_ms);
	ck_assert_int_le(ms, refusals[_i].least_ms * 5 / 4);
}
END_TEST

START_TEST(a_lost_session_is_dialled_again_at_once)
{
	struct backoff b = { .max_ms = 60000, .seed = (uint64_t)_i };

	(void)backoff_failed(&b, 0);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_le(backoff_lost(&b), 50);
}
END_TEST

SUITE("backoff", {
	tcase_add_loop_test(tc, failures_double_up_to_the_maximum, 0, 20);
	tcase_add_test(tc, jitter_spreads_the_attempts);
	tcase_add_loop_test(tc, a_refused_bind_is_not_hammered, 0,
	                    (int)(sizeof(refusals) / sizeof(refusals[0])));
	tcase_add_loop_test(tc, a_lost_session_is_dialled_again_at_once, 0, 5);
})
