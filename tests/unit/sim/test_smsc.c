/*
 * test_smsc.c - the simulator carries texts between handsets and ESMEs, and loses none.
 */
#include "fixture.h"
#include "support/suite.h"

#define TEN(text) text text text text text text text text text text

static const struct {
	const char *text;
	unsigned parts;
} texts[] = {
	{ "CXYE", 1 },
	{ "{balance} €5 [a|b]~^\\", 1 },
	{ "查询余额", 1 },
	{ "Üben à gogo", 1 },
	{ "line\nbreak", 1 },
	{ "emoji \xf0\x9f\x98\x80 \xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", 1 },
	{ TEN("0123456789012345"), 1 },
	{ TEN("0123456789012345") "6", 2 },
	{ TEN("您的话费余额为") "元", 2 },
	{ TEN(TEN("一二三四五六七")), 11 },
	{ TEN("\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"), 2 },
};

START_TEST(a_text_comes_back_as_it_was_sent)
{
	struct phone p;
	struct esme e;

	smsc_start("");
	esme_bind(&e, ECHO);
	phone_start(&p, "13800001234");
	say(&p, texts[_i].text);
	RUN_UNTIL(p.texts == 1);
	ck_assert_str_eq(p.text, texts[_i].text);
	ck_assert_uint_eq(p.parts, texts[_i].parts);
	ck_assert_uint_eq(e.requests, texts[_i].parts);
	ck_assert_str_eq(p.from, "10086");
	ck_assert_int_ge(p.latency_us, 0);
	ck_assert_uint_eq(p.refused, 0);
	handset_destroy(p.handset);
	link_destroy(e.link);
}
END_TEST

START_TEST(a_text_that_cannot_be_sent_is_refused)
{
	struct phone p;
	static char huge[20000];

	smsc_start("");
	phone_start(&p, "13800001234");
	memset(huge, 'x', sizeof(huge) - 1);
	ck_assert_int_eq(handset_send(p.handset, str_of(huge)), ERR_TOO_BIG);
	ck_assert_int_eq(handset_send(p.handset, STR("\xff\xfe")), ERR_SYNTAX);
	handset_destroy(p.handset);
}
END_TEST

START_TEST(texts_wait_for_an_esme_and_keep_their_order)
{
	struct phone p;
	struct esme e;

	smsc_start("");
	phone_start(&p, "13800001234");
	for (const char *c = "abcdefghij"; *c != '\0'; c++)
		ck_assert_int_eq(handset_send(p.handset, (struct str){ c, 1 }), ERR_OK);
	settle();
	ck_assert_uint_eq(smsc_counts(smsc).delivered, 0);
	esme_bind(&e, ACKNOWLEDGE);
	RUN_UNTIL(smsc_counts(smsc).delivered_ok == 10);
	ck_assert_str_eq(e.seen, "abcdefghij");
	handset_destroy(p.handset);
	link_destroy(e.link);
}
END_TEST

START_TEST(what_a_lost_link_had_goes_to_the_next)
{
	struct phone p;
	struct esme dead, e;

	smsc_start("");
	phone_start(&p, "13800001234");
	esme_bind(&dead, SILENT);
	say(&p, "a");
	say(&p, "b");
	RUN_UNTIL(dead.requests == 2);
	link_destroy(dead.link);
	say(&p, "c");
	esme_bind(&e, ACKNOWLEDGE);
	RUN_UNTIL(smsc_counts(smsc).delivered_ok == 3);
	ck_assert_str_eq(e.seen, "abc");
	settle();
	ck_assert_uint_eq(e.requests, 3);
	handset_destroy(p.handset);
	link_destroy(e.link);
}
END_TEST

START_TEST(what_a_lost_link_had_goes_to_one_that_is_there)
{
	struct phone p;
	struct esme dead, e;

	smsc_start("");
	phone_start(&p, "13800001234");
	esme_bind(&dead, SILENT);
	say(&p, "a");
	RUN_UNTIL(dead.requests == 1);
	esme_bind(&e, ACKNOWLEDGE);
	link_destroy(dead.link);
	RUN_UNTIL(e.requests == 1);
	handset_destroy(p.handset);
	link_destroy(e.link);
}
END_TEST

START_TEST(a_text_given_back_is_delivered_again)
{
	struct phone p;
	struct esme e;

	smsc_start("");
	phone_start(&p, "13800001234");
	esme_bind(&e, ACKNOWLEDGE);
	e.status = SMPP_ESME_RMSGQFUL;
	say(&p, "a");
	RUN_UNTIL(e.requests == 1);
	settle();
	ck_assert_uint_eq(e.requests, 1);
	e.status = 0;
	RUN_UNTIL(smsc_counts(smsc).delivered_ok == 1);
	ck_assert_uint_eq(e.requests, 2);
	e.status = SMPP_ESME_RX_R_APPN;
	say(&p, "b");
	RUN_UNTIL(smsc_counts(smsc).dropped == 1);
	handset_destroy(p.handset);
	link_destroy(e.link);
}
END_TEST

START_TEST(a_text_without_response_is_delivered_again)
{
	struct phone p;
	struct esme e;

	smsc_start("redeliver 30ms");
	phone_start(&p, "13800001234");
	esme_bind(&e, SILENT);
	say(&p, "a");
	RUN_UNTIL(e.requests >= 3);
	e.mood = ACKNOWLEDGE;
	RUN_UNTIL(smsc_counts(smsc).delivered_ok == 1);
	ck_assert_uint_eq(e.down, 0);
	handset_destroy(p.handset);
	link_destroy(e.link);
}
END_TEST

START_TEST(the_queue_is_bounded_and_drains)
{
	struct phone p;
	struct esme e;
	unsigned sent = 0;

	smsc_start("");
	phone_start(&p, "13800001234");
	while (p.refused == 0 && sent < 70000 && !late) {
		if (handset_send(p.handset, STR("x")) == ERR_OK)
			sent++;
		else
			(void)event_base_loop(base, EVLOOP_ONCE);
	}
	ck_assert_uint_ge(sent, 65536);
	ck_assert_uint_eq(p.status, SMPP_ESME_RMSGQFUL);
	esme_bind(&e, ACKNOWLEDGE);
	RUN_UNTIL(smsc_counts(smsc).delivered_ok >= 65536);
	ck_assert_uint_eq(smsc_counts(smsc).dropped, 0);
	handset_destroy(p.handset);
	link_destroy(e.link);
}
END_TEST

START_TEST(esmes_take_turns_and_transmitters_none)
{
	struct phone p;
	struct esme a, b, tx = { .mood = ACKNOWLEDGE };

	smsc_start("");
	esme_bind(&a, ACKNOWLEDGE);
	esme_bind(&b, ACKNOWLEDGE);
	esme_start(&tx, SMPP_BIND_TX, "");
	RUN_UNTIL(tx.bound == 1);
	phone_start(&p, "13800001234");
	for (int i = 0; i < 10; i++)
		say(&p, "x");
	RUN_UNTIL(a.requests + b.requests == 10);
	ck_assert_uint_eq(a.requests, 5);
	ck_assert_uint_eq(tx.requests, 0);
	handset_destroy(p.handset);
	link_destroy(a.link);
	link_destroy(b.link);
	link_destroy(tx.link);
}
END_TEST

START_TEST(what_the_simulator_does_not_do_is_refused)
{
	static const struct {
		uint32_t command_id, status;
	} commands[] = { { SMPP_QUERY_SM, SMPP_ESME_RQUERYFAIL },
		         { SMPP_CANCEL_SM, SMPP_ESME_RCANCELFAIL },
		         { SMPP_REPLACE_SM, SMPP_ESME_RREPLACEFAIL } };
	struct esme e;

	smsc_start("");
	esme_bind(&e, ACKNOWLEDGE);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(smpp_session_request(link_session(e.link),
		                                      commands[i].command_id, NULL, 0,
		                                      clock_ms(&now)),
		                 ERR_OK);
		link_flush(e.link);
		RUN_UNTIL(e.responses == i + 1);
		ck_assert_uint_eq(e.status_seen[commands[i].status], 1);
	}
	link_destroy(e.link);
}
END_TEST

START_TEST(a_port_in_use_is_named)
{
	struct smsc_conf conf = { .listen = "127.0.0.1" };
	struct fault fault = { .text = "" };
	struct smsc *second = NULL;

	smsc_start("");
	conf.port = smsc_port(smsc);
	ck_assert_int_eq(smsc_create(base, &conf, &now, NULL, &second, &fault), ERR_IO);
	ck_assert_ptr_nonnull(strstr(fault.text, "is another SMSC running there?"));
	conf.listen = "nonsense";
	fault.text[0] = '\0';
	ck_assert_int_eq(smsc_create(base, &conf, &now, NULL, &second, &fault),
	                 ERR_RANGE);
	ck_assert_ptr_null(second);
}
END_TEST

SUITE("smsc", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, a_text_comes_back_as_it_was_sent, 0,
	                    (int)(sizeof(texts) / sizeof(texts[0])));
	tcase_add_test(tc, a_text_that_cannot_be_sent_is_refused);
	tcase_add_test(tc, texts_wait_for_an_esme_and_keep_their_order);
	tcase_add_test(tc, what_a_lost_link_had_goes_to_the_next);
	tcase_add_test(tc, what_a_lost_link_had_goes_to_one_that_is_there);
	tcase_add_test(tc, a_text_given_back_is_delivered_again);
	tcase_add_test(tc, a_text_without_response_is_delivered_again);
	tcase_add_test(tc, the_queue_is_bounded_and_drains);
	tcase_add_test(tc, esmes_take_turns_and_transmitters_none);
	tcase_add_test(tc, what_the_simulator_does_not_do_is_refused);
	tcase_add_test(tc, a_port_in_use_is_named);
})
