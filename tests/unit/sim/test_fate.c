/*
 * test_fate.c - what a script makes go wrong, as an ESME sees it.
 */
#include "fixture.h"
#include "support/suite.h"

START_TEST(submits_without_a_handset_are_counted)
{
	struct esme e;

	smsc_start("");
	esme_bind(&e, ACKNOWLEDGE);
	submit(&e, "13800009999", 0, 500);
	RUN_UNTIL(e.responses == 500);
	ck_assert_uint_eq(smsc_counts(smsc).accepted, 500);
	ck_assert_uint_eq(smsc_counts(smsc).receipts, 0);
	ck_assert_uint_eq(strspn(e.id[0], "0123456789ABCDEF"), strlen(e.id[0]));
	ck_assert_str_ne(e.id[0], e.id[1]);
	link_destroy(e.link);
}
END_TEST

static const struct {
	const char *rule;
	uint32_t status;
	unsigned least, most; /* of 1000 */
} fates[] = {
	{ "throttle 100%", SMPP_ESME_RTHROTTLED, 1000, 1000 },
	{ "throttle 10%", SMPP_ESME_RTHROTTLED, 60, 140 },
	{ "queue-full 50%", SMPP_ESME_RMSGQFUL, 440, 560 },
	{ "refuse 20% 0x0B", SMPP_ESME_RINVDSTADR, 150, 250 },
};

START_TEST(the_script_decides_about_submits)
{
	struct smsc_counts counts;
	struct esme e;

	smsc_start(fates[_i].rule);
	esme_bind(&e, ACKNOWLEDGE);
	submit(&e, "13800009999", 0, 1000);
	RUN_UNTIL(e.responses == 1000);
	ck_assert_uint_ge(e.status_seen[fates[_i].status], fates[_i].least);
	ck_assert_uint_le(e.status_seen[fates[_i].status], fates[_i].most);
	counts = smsc_counts(smsc);
	ck_assert_uint_eq(counts.accepted, e.status_seen[0]);
	ck_assert_uint_eq(counts.accepted + counts.throttled + counts.refused, 1000);
	link_destroy(e.link);
}
END_TEST

START_TEST(responses_may_be_late_or_lost)
{
	struct esme e;
	int64_t start;

	smsc_start("delay submit 20..40ms");
	esme_bind(&e, ACKNOWLEDGE);
	start = clock_ms(&now);
	submit(&e, "13800009999", 1, 10);
	RUN_UNTIL(e.responses >= 1);
	ck_assert_int_ge(clock_ms(&now) - start, 10); /* libevent counts from its turn */
	RUN_UNTIL(e.responses == 10 && e.receipts == 10);
	submit(&e, "13800009999", 0, 10); /* the delayed go with their peer */
	link_flush(e.link);
	settle();
	link_destroy(e.link);
	settle();
}
END_TEST

START_TEST(lost_responses_expire)
{
	struct esme e;

	smsc_start("lose response 100%");
	esme_bind(&e, ACKNOWLEDGE);
	submit(&e, "13800009999", 0, 5);
	RUN_UNTIL(e.expired == 5);
	ck_assert_uint_eq(smsc_counts(smsc).accepted, 5);
	link_destroy(e.link);
}
END_TEST

START_TEST(deliveries_may_be_doubled)
{
	struct phone p;
	struct esme e;

	smsc_start("duplicate deliver 100%");
	esme_bind(&e, ACKNOWLEDGE);
	phone_start(&p, "13800001234");
	for (int i = 0; i < 3; i++)
		say(&p, "x");
	RUN_UNTIL(e.requests == 6);
	settle();
	ck_assert_uint_eq(e.requests, 6);
	handset_destroy(p.handset);
	link_destroy(e.link);
}
END_TEST

static const struct {
	const char *rule;
	uint8_t registered_delivery;
	unsigned receipts, before_response;
} receipts[] = {
	{ "", 1, 5, 0 },
	{ "", 0, 0, 0 },
	{ "", 2, 0, 0 }, /* only of a failure */
	{ "receipts off", 1, 0, 0 },
	{ "receipts before-response", 1, 5, 5 },
	{ "refuse 100% 0x0B", 1, 0, 0 },
	{ "lose response 100%", 1, 5, 5 },
};

START_TEST(receipts_come_when_asked_for)
{
	struct esme e;

	smsc_start(receipts[_i].rule);
	esme_bind(&e, ACKNOWLEDGE);
	for (int i = 0; i < 5; i++) {
		submit(&e, "13800009999", receipts[_i].registered_delivery, 1);
		RUN_UNTIL(e.responses + e.expired == (unsigned)i + 1);
		settle();
	}
	RUN_UNTIL(smsc_counts(smsc).delivered_ok == receipts[_i].receipts);
	ck_assert_uint_eq(e.receipts, receipts[_i].receipts);
	ck_assert_uint_eq(e.receipts_before_response, receipts[_i].before_response);
	if (e.receipts == 5 && e.responses == 5)
		ck_assert_mem_eq(e.id, e.receipt_id, sizeof(e.id));
	link_destroy(e.link);
}
END_TEST

START_TEST(links_may_be_cut)
{
	struct phone p;
	struct esme e;

	smsc_start("drop-link every 7");
	esme_bind(&e, ECHO);
	phone_start(&p, "13800001234");
	for (unsigned i = 0; i < 20; i++)
		say(&p, "x");
	/* Each text that was not acknowledged before a cut comes again. */
	RUN_UNTIL(smsc_counts(smsc).delivered_ok == 20);
	ck_assert_uint_ge(smsc_counts(smsc).cut, 2);
	RUN_UNTIL(e.bound == e.down + 1);
	ck_assert_uint_ge(e.down, 2);
	handset_destroy(p.handset);
	link_destroy(e.link);
}
END_TEST

START_TEST(a_wrong_password_does_not_bind)
{
	struct esme wrong = { .mood = ECHO }, right = { .mood = ECHO };
	struct phone p;

	smsc_start("password hall secret");
	esme_start(&wrong, SMPP_BIND_TRX, "geheim");
	RUN_UNTIL(link_state(wrong.link) == LINK_WAITING);
	ck_assert_int_ge(link_retry_ms(wrong.link) - clock_ms(&now), 59000);
	esme_start(&right, SMPP_BIND_TRX, "secret");
	RUN_UNTIL(right.bound == 1);
	ck_assert_uint_eq(smsc_counts(smsc).refused_binds, 1);
	phone_start(&p, "13800001234"); /* a handset needs none */
	handset_destroy(p.handset);
	link_destroy(wrong.link);
	link_destroy(right.link);
}
END_TEST

SUITE("fate", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, submits_without_a_handset_are_counted);
	tcase_add_loop_test(tc, the_script_decides_about_submits, 0,
	                    (int)(sizeof(fates) / sizeof(fates[0])));
	tcase_add_test(tc, responses_may_be_late_or_lost);
	tcase_add_test(tc, lost_responses_expire);
	tcase_add_test(tc, deliveries_may_be_doubled);
	tcase_add_loop_test(tc, receipts_come_when_asked_for, 0,
	                    (int)(sizeof(receipts) / sizeof(receipts[0])));
	tcase_add_test(tc, links_may_be_cut);
	tcase_add_test(tc, a_wrong_password_does_not_bind);
})
