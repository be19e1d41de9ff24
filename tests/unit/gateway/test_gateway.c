/*
 * test_gateway.c - the running gateway against an SMSC: texts answered once, whatever
 * the links do.
 */
#include "fixture.h"

static void set_up_all(void)
{
	set_up();
	populate();
}

START_TEST(response_and_reply_leave_in_one_write)
{
	unsigned i;

	start_one("");
	i = deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && smsc.response[i] != PENDING);
	ck_assert_uint_eq(smsc.response[i], SMPP_ESME_ROK);
	ck_assert_uint_eq(smsc.response_batch[i], smsc.submit[0].batch);
	ck_assert_str_eq(smsc.submit[0].from, "10086");
	ck_assert_str_eq(smsc.submit[0].to, "13900000001");
	ck_assert_ptr_nonnull(strstr(smsc.submit[0].text, "7777.00"));
	stop();
	ck_assert_uint_eq(rows("inbox", "settled", "1"), 1);
	ck_assert_uint_eq(rows("outbox", "state", "2"), 1);
}
END_TEST

START_TEST(an_equal_text_after_the_reply_was_accepted_is_new)
{
	start_one("");
	for (unsigned i = 1; i <= 3; i++) {
		(void)deliver("a", "13900000001", "CXYE");
		RUN_UNTIL(smsc.submits == i && smsc.responses == i &&
		          status_now().queued == 0);
	}
	ck_assert_uint_eq(status_now().counts.repeats, 0);
	stop();
	ck_assert_uint_eq(rows("inbox", "settled", "1"), 3);
}
END_TEST

START_TEST(a_pair_of_binds_is_one_account)
{
	start(LINK("tx", "bind = \"transmitter\";") "," LINK(
		      "rx", "bind = \"receiver\";" TRUSTED),
	      "");
	RUN_UNTIL(bound("tx") != NULL && bound("rx") != NULL);
	for (unsigned i = 1; i <= 2; i++) {
		(void)deliver("rx", "13900000001", "CXYE");
		RUN_UNTIL(smsc.submits == i && smsc.responses == i &&
		          status_now().queued == 0);
		ck_assert_ptr_eq(smsc.submit[i - 1].by, peer("tx")->conn);
	}
	ck_assert_uint_eq(status_now().counts.repeats, 0);
}
END_TEST

/* Delivered again on another bind before its reply was accepted: settled by that one. */
START_TEST(a_pair_settles_on_the_session_of_the_repetition)
{
	start(LINK("tx", "bind = \"transmitter\";") "," LINK(
		      "rx", "bind = \"receiver\";" TRUSTED),
	      "");
	RUN_UNTIL(bound("tx") != NULL && bound("rx") != NULL);
	smsc.mood = HOLD;
	(void)deliver("rx", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && smsc.responses == 1);
	cut("rx");
	RUN_UNTIL(bound("rx") != NULL);
	(void)deliver("rx", "13900000001", "CXYE");
	RUN_UNTIL(smsc.responses == 2);
	ck_assert_uint_eq(status_now().counts.repeats, 1);
	smsc.mood = ACCEPT;
	answer_held(0);
	RUN_UNTIL(status_now().queued == 0);
	(void)deliver("rx", "13900000001", "CXYE");
	RUN_UNTIL(smsc.responses == 3 && smsc.submits == 2);
	ck_assert_uint_eq(status_now().counts.repeats, 1);
}
END_TEST

START_TEST(a_reply_takes_the_link_of_its_text)
{
	start(LINK("a", TRUSTED) "," LINK("b", TRUSTED), "");
	RUN_UNTIL(bound("a") != NULL && bound("b") != NULL);
	for (unsigned i = 0; i < 4; i++) {
		const char *account = i % 2 == 0 ? "a" : "b";
		char from[24];

		(void)snprintf(from, sizeof(from), "%lld", (long long)(FIRST + i));
		(void)deliver(account, from, "CXYE");
		RUN_UNTIL(smsc.submits == i + 1);
		ck_assert_ptr_eq(smsc.submit[i].by, peer(account)->conn);
	}
}
END_TEST

START_TEST(another_link_of_the_group_takes_over)
{
	start(LINK("a", TRUSTED) "," LINK("b", TRUSTED), "");
	RUN_UNTIL(bound("a") != NULL && bound("b") != NULL);
	smsc.mood = HOLD;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && smsc.responses == 1);
	smsc.mute = true; /* a does not come back */
	smsc.mood = ACCEPT;
	cut("a");
	RUN_UNTIL(smsc.submits == 2 && status_now().queued == 0);
	ck_assert_ptr_eq(smsc.submit[1].by, peer("b")->conn);
	ck_assert_uint_eq(status_now().counts.resent, 1);
}
END_TEST

/*
 * The SMSC may not have had the response: the equal text is taken for a repetition and
 * gets the stored reply; with that accepted, the next one is new.
 */
START_TEST(a_reply_is_sent_again_after_its_session_was_lost)
{
	start_one("");
	smsc.mood = HOLD;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && smsc.responses == 1);
	smsc.mood = ACCEPT;
	cut("a");
	RUN_UNTIL(smsc.submits == 2 && status_now().queued == 0);
	ck_assert_str_eq(smsc.submit[0].text, smsc.submit[1].text);
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 3 && smsc.responses == 2 && status_now().queued == 0);
	ck_assert_uint_eq(status_now().counts.repeats, 1);
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 4 && smsc.responses == 3 && status_now().queued == 0);
	ck_assert_uint_eq(status_now().counts.repeats, 1);
	stop();
	ck_assert_uint_eq(rows("inbox", "settled", "1"), 2);
}
END_TEST

/* More refusals than a message has attempts. */
START_TEST(throttling_costs_no_attempt_and_keeps_the_order)
{
	enum {
		N = 30,
		REFUSALS = 12
	};
	unsigned last = 0;

	start_one("");
	smsc.mood = REFUSE;
	smsc.status = SMPP_ESME_RTHROTTLED;
	smsc.refusals = REFUSALS;
	for (unsigned i = 0; i < N; i++) {
		char from[24];

		(void)snprintf(from, sizeof(from), "%lld", (long long)(FIRST + i));
		(void)deliver("a", from, "CXYE");
	}
	RUN_UNTIL(smsc.submits >= N + REFUSALS && status_now().queued == 0);
	ck_assert_uint_eq(status_now().counts.sent, N);
	ck_assert_uint_eq(status_now().counts.dead, 0);
	ck_assert_uint_ge(status_now().counts.throttled, REFUSALS);
	for (unsigned i = smsc.submits - REFUSALS; i < smsc.submits; i++) {
		const unsigned long long number = strtoull(smsc.submit[i].to, NULL, 10);

		ck_assert_uint_gt((unsigned)(number - FIRST) + 1, last);
		last = (unsigned)(number - FIRST) + 1;
	}
}
END_TEST

static const struct {
	uint32_t status;
	unsigned submits;
	const char *state; /* of its row */
} refusals[] = {
	{ SMPP_ESME_RINVDSTADR, 1, "3" },
	{ SMPP_ESME_RSYSERR, 2, "2" },
	{ SMPP_ESME_RMSGQFUL, 2, "2" },
	{ 0x0499, 1, "3" },
};

START_TEST(a_refusal_ends_a_message_or_not)
{
	start_one("");
	smsc.mood = REFUSE;
	smsc.status = refusals[_i].status;
	smsc.refusals = 1;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == refusals[_i].submits && status_now().queued == 0);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", refusals[_i].state), 1);
	ck_assert_uint_eq(rows("inbox", "settled", "1"), 1);
}
END_TEST

START_TEST(a_generic_nack_ends_a_message)
{
	start_one("");
	smsc.mood = HOLD;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1);
	{
		const uint32_t pdu[] = { htonl(16), htonl(SMPP_GENERIC_NACK),
			                 htonl(SMPP_ESME_RINVCMDID),
			                 htonl(smsc.submit[0].sequence) };

		ck_assert_int_eq(write(peer("a")->fd, pdu, sizeof(pdu)), sizeof(pdu));
	}
	RUN_UNTIL(status_now().queued == 0);
	ck_assert_uint_eq(status_now().counts.dead, 1);
}
END_TEST

START_TEST(a_late_response_counts)
{
	start(LINK("a", TRUSTED "response_s = 1;"), "");
	RUN_UNTIL(bound("a") != NULL);
	smsc.mood = HOLD;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1);
	RUN_UNTIL(status_now().link[0].pending == 1);
	RUN_UNTIL(status_now().link[0].pending == 0); /* it has expired */
	answer_held(0);
	RUN_UNTIL(status_now().queued == 0);
	ck_assert_uint_eq(smsc.submits, 1);
	ck_assert_uint_eq(status_now().counts.sent, 1);
}
END_TEST

/* A message of more segments than the window holds, more often than it has attempts. */
START_TEST(a_long_reply_goes_through_a_small_window)
{
	enum {
		LETTERS = 67 * 12
	};
	char text[LETTERS * 3 + 1] = "";

	for (unsigned i = 0; i < LETTERS; i++)
		(void)strcat(text, "中");
	put_backlog(1, str_of(text));
	start(LINK("a", TRUSTED "window = 1;"), "");
	RUN_UNTIL(status_now().counts.sent == 1);
	ck_assert_uint_eq(smsc.submits, 12);
	ck_assert_uint_eq(status_now().counts.dead, 0);
	ck_assert_uint_eq(status_now().counts.resent, 0);
}
END_TEST

/* The rate counts segments: what a long message took too much is waited for. */
START_TEST(the_rate_is_kept_by_long_messages)
{
	char text[400];
	int64_t from;

	(void)memset(text, 'x', sizeof(text));
	put_backlog(4, (struct str){ text, sizeof(text) }); /* 3 segments each */
	from = clock_machine().mono_us;
	start(LINK("a", TRUSTED "rate_per_s = 10;"), "");
	RUN_UNTIL(status_now().counts.sent == 4);
	ck_assert_uint_eq(smsc.submits, 12);
	/* The last may go once the nine before it are paid for, less one to begin with. */
	ck_assert_int_ge(clock_machine().mono_us - from, 850000);
}
END_TEST

static unsigned deliver_part(const char *account, const char *from, uint8_t seq,
                             const char *text)
{
	struct buf b = buf_make(200);
	struct smpp_deliver_sm sm = text_sm(from, "");
	unsigned i;

	smpp_udh_put_concat(&b,
	                    &(struct smpp_concat){ .ref = 7, .total = 2, .seq = seq });
	buf_puts(&b, str_of(text));
	sm.esm_class = SMPP_ESM_UDHI;
	sm.short_message = buf_span(&b);
	i = deliver_sm(account, &sm);
	buf_free(&b);
	return i;
}

START_TEST(a_long_text_comes_over_two_binds)
{
	start(LINK("a", TRUSTED) "," LINK("b", TRUSTED), "");
	RUN_UNTIL(bound("a") != NULL && bound("b") != NULL);
	(void)deliver_part("b", "13900000001", 2, "YE");
	RUN_UNTIL(smsc.responses == 1);
	(void)deliver_part("a", "13900000001", 1, "CX");
	RUN_UNTIL(smsc.responses == 2 && smsc.submits == 1);
	ck_assert_ptr_nonnull(strstr(smsc.submit[0].text, "7777.00"));
}
END_TEST

START_TEST(overload_is_said_and_passes)
{
	enum {
		N = 60,
		LIMIT = 4
	};
	unsigned ok = 0, full = 0, i;

	start_one("limits = { max_waiting = 4; };");
	smsc.mood = HOLD;
	for (i = 0; i < N; i++) {
		char from[24];

		(void)snprintf(from, sizeof(from), "%lld", (long long)(FIRST + i));
		(void)deliver("a", from, "CXYE");
	}
	RUN_UNTIL(smsc.responses == N);
	for (i = 0; i < N; i++) {
		ok += smsc.response[i] == SMPP_ESME_ROK ? 1 : 0;
		full += smsc.response[i] == SMPP_ESME_RMSGQFUL ? 1 : 0;
	}
	ck_assert_uint_ge(ok, LIMIT);
	ck_assert_uint_le(ok, 2 * LIMIT);
	ck_assert_uint_eq(ok + full, N);
	smsc.mood = ACCEPT;
	answer_held(0);
	RUN_UNTIL(status_now().queued == 0);
	i = deliver("a", "13900000199", "CXYE");
	RUN_UNTIL(smsc.response[i] != PENDING);
	ck_assert_uint_eq(smsc.response[i], SMPP_ESME_ROK);
	RUN_UNTIL(status_now().queued == 0);
	ck_assert_uint_eq(smsc.submits, ok + 1);
}
END_TEST

START_TEST(one_number_cannot_flood)
{
	enum {
		N = 100,
		BURST = 5
	};
	unsigned ok = 0, throttled = 0;

	start_one("limits = { burst = 5; refill_per_s = 1; };");
	for (unsigned i = 0; i < N; i++) {
		char text[140] = "CXYE";

		(void)memset(text + 4, '.', i);
		(void)deliver("a", "13900000001", text);
	}
	RUN_UNTIL(smsc.responses == N);
	for (unsigned i = 0; i < N; i++) {
		ok += smsc.response[i] == SMPP_ESME_ROK ? 1 : 0;
		throttled += smsc.response[i] == SMPP_ESME_RTHROTTLED ? 1 : 0;
	}
	ck_assert_uint_ge(ok, BURST + 1);
	ck_assert_uint_le(ok, BURST + 1 + 20); /* with what flows in meanwhile */
	ck_assert_uint_eq(ok + throttled, N);
	RUN_UNTIL(smsc.submits == ok && status_now().queued == 0);
	ck_assert_uint_eq(status_now().counts.limited, throttled);
}
END_TEST

/* Who claims a number on a link not trusted uses up nothing of its owner. */
START_TEST(T1_a_claimed_number_is_nobody)
{
	unsigned i;

	start(LINK("a", TRUSTED) "," LINK("b", ""),
	      "limits = { burst = 3; refill_per_s = 1; };");
	RUN_UNTIL(bound("a") != NULL && bound("b") != NULL);
	for (unsigned k = 0; k < 20; k++) {
		char text[40] = "CXYE";

		(void)memset(text + 4, '.', k);
		(void)deliver("b", "13900000001", text);
	}
	RUN_UNTIL(smsc.responses == 20 && status_now().queued == 0 && smsc.submits > 0);
	for (unsigned k = 0; k < smsc.submits; k++)
		ck_assert_ptr_null(strstr(smsc.submit[k].text, "7777"));
	i = deliver("a", "13900000001", "CXYE.");
	RUN_UNTIL(smsc.response[i] != PENDING && status_now().queued == 0);
	ck_assert_uint_eq(smsc.response[i], SMPP_ESME_ROK);
	ck_assert_ptr_nonnull(strstr(smsc.submit[smsc.submits - 1].text, "7777.00"));
}
END_TEST

/* What would change something, ask a person, spend or be told later, had the owner sent it. */
START_TEST(T1_a_claimed_number_leaves_no_row_of_its_owner)
{
	static const char *const texts[] = {
		"TD",     "RG",     "KTCL", "BGTC38", "EN",
		"TXYE20", "TS bad", "DLM",  "TJZX",   "XGMM#123456#246813#246813"
	};
	static const char *const tables[] = { "optout",   "task",          "dialogue",
		                              "step",     "service_order", "ledger",
		                              "reminder", "preference",    "consent",
		                              "parked",   "login",         "inbox" };

	start(LINK("a", TRUSTED) "," LINK("b", ""), "");
	RUN_UNTIL(bound("a") != NULL && bound("b") != NULL);
	for (size_t k = 0; k < COUNT_OF(texts); k++)
		(void)deliver("b", "13900000001", texts[k]);
	RUN_UNTIL(smsc.responses == COUNT_OF(texts) && status_now().queued == 0);
	stop();
	for (size_t k = 0; k < COUNT_OF(tables); k++)
		ck_assert_msg(rows(tables[k], "msisdn", "13900000001") == 0, "%s",
		              tables[k]);
	ck_assert_uint_eq(rows("inbox", "msisdn", "0"), COUNT_OF(texts));
}
END_TEST

/* The same from him: TD is kept, which shows that such rows would be seen. */
START_TEST(T1_the_owner_leaves_one)
{
	start_one("");
	(void)deliver("a", "13900000001", "TD");
	RUN_UNTIL(smsc.responses == 1 && status_now().queued == 0);
	stop();
	ck_assert_uint_eq(rows("optout", "msisdn", "13900000001"), 1);
	ck_assert_uint_eq(rows("inbox", "msisdn", "13900000001"), 1);
}
END_TEST

/* T1: a link vouches for the numbers of its own operator only. */
START_TEST(T1_a_number_beyond_the_senders_of_a_link_is_nobody)
{
	static const struct {
		const char *from;
		bool known;
	} senders[] = { { "13900000001", true },
		        { "8613900000001", true },
		        { "13900000101", false } };
	unsigned i;

	start(LINK("a", TRUSTED "senders = \"1380, 139000000\";"), "");
	RUN_UNTIL(bound("a") != NULL);
	for (size_t k = 0; k < COUNT_OF(senders); k++) {
		i = deliver("a", senders[k].from, "CXYE");
		RUN_UNTIL(smsc.response[i] == SMPP_ESME_ROK && status_now().queued == 0);
		ck_assert_msg((strstr(smsc.submit[smsc.submits - 1].text, "7777.00") !=
		               NULL) == senders[k].known,
		              "%s: %s", senders[k].from,
		              smsc.submit[smsc.submits - 1].text);
	}
}
END_TEST

static const struct {
	uint8_t esm;
	const char *text;
} receipts[] = {
	{ 0x04, "id:A1 sub:001 dlvrd:001 submit date:2610201031 done date:2610201032 "
	        "stat:DELIVRD err:000 text:CXYE" },
	{ 0x00, "id:A1 sub:001 dlvrd:001 submit date:2610201031 done date:2610201032 "
	        "stat:DELIVRD err:000 text:CXYE" },
	{ 0x04, "CXYE" },
};

START_TEST(a_receipt_is_no_command)
{
	struct smpp_deliver_sm sm = text_sm("13900000001", receipts[_i].text);
	unsigned i;

	sm.esm_class = receipts[_i].esm;
	start_one("");
	i = deliver_sm("a", &sm);
	RUN_UNTIL(smsc.response[i] != PENDING);
	ck_assert_uint_eq(smsc.response[i], SMPP_ESME_ROK);
	stop();
	ck_assert_uint_eq(smsc.submits, 0);
	ck_assert_uint_eq(rows("inbox", "msisdn", "13900000001"), 0);
}
END_TEST

static const char *const senders[] = { "", "10690001", "10086", "95555" };

START_TEST(services_are_not_answered)
{
	unsigned i;

	start_one("");
	i = deliver("a", senders[_i], "CXYE");
	RUN_UNTIL(smsc.response[i] != PENDING);
	ck_assert_uint_eq(smsc.response[i], SMPP_ESME_ROK);
	stop();
	ck_assert_uint_eq(smsc.submits, 0);
}
END_TEST

START_TEST(a_reply_goes_back_as_the_number_came)
{
	struct smpp_deliver_sm sm = text_sm("+8613900000001", "CXYE");

	sm.source_addr_ton = 6;
	sm.source_addr_npi = 14;
	start_one("");
	(void)deliver_sm("a", &sm);
	RUN_UNTIL(smsc.submits == 1);
	ck_assert_str_eq(smsc.submit[0].to, "+8613900000001");
	ck_assert_ptr_nonnull(strstr(smsc.submit[0].text, "7777.00"));
}
END_TEST

/* ---- restart ---- */

/* However many wait in the store, few of them are in memory. */
START_TEST(ready_messages_of_before_are_sent_once_and_few_at_a_time)
{
	enum {
		N = 6000,
		MOST = 2048 + 1000,
		TURNS = 8
	};

	put_backlog(N, STR("hello"));
	smsc.mood = HOLD;
	start(LINK("a", TRUSTED "window = 1000;"), "");
	RUN_UNTIL(status_now().queued >= 2048 && bound("a") != NULL);
	for (unsigned i = 0; i < TURNS; i++) { /* each time the worker could give more */
		char from[24];

		(void)snprintf(from, sizeof(from), "%lld", (long long)(FIRST + i));
		(void)deliver("a", from, "CXYE");
		RUN_UNTIL(smsc.responses == i + 1);
	}
	ck_assert_uint_le(status_now().queued, MOST + TURNS);
	smsc.mood = ACCEPT;
	answer_held(0);
	RUN_UNTIL(status_now().counts.sent == N + TURNS);
	ck_assert_uint_eq(smsc.submits, N + TURNS);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "2"), N + TURNS);
}
END_TEST

START_TEST(texts_come_in_while_the_backlog_goes_out)
{
	enum {
		N = 3000,
		TEXTS = 100
	};

	put_backlog(N, STR("hello"));
	start_one("");
	for (unsigned i = 0; i < TEXTS; i++) {
		char from[24];

		(void)snprintf(from, sizeof(from), "%lld", (long long)(FIRST + i));
		(void)deliver("a", from, "CXYE");
	}
	RUN_UNTIL(status_now().counts.sent >= N + TEXTS && status_now().queued == 0);
	stop();
	ck_assert_uint_eq(smsc.submits, N + TEXTS);
	ck_assert_uint_eq(rows("inbox", "settled", "1"), TEXTS);
}
END_TEST

/* The same second, as the clock has it: sessions are others all the same. */
START_TEST(sessions_of_two_lives_differ)
{
	const int64_t second = t.clock.wall_s;

	t.clock.read = NULL;
	smsc.mood = HOLD;
	start_one("");
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && smsc.responses == 1);
	t.clock = clock_machine();
	stop();
	t.clock.read = NULL;
	t.clock.wall_s = second;
	smsc.mood = ACCEPT;
	start_one("");
	RUN_UNTIL(status_now().counts.sent == 1);
	t.clock = clock_machine();
	stop();
	/* Its response was of the first life: that session saw no reply accepted. */
	ck_assert_uint_eq(rows("inbox", "settled", "0"), 1);
}
END_TEST

/* ---- bad peers ---- */

START_TEST(garbage_costs_one_session)
{
	static const char garbage[] = "GET / HTTP/1.1\r\nHost: smsc\r\n\r\n";
	unsigned i;

	start_one("");
	ck_assert_int_eq(write(peer("a")->fd, garbage, strlen(garbage)),
	                 (ssize_t)strlen(garbage));
	RUN_UNTIL(bound("a") == NULL);
	RUN_UNTIL(bound("a") != NULL);
	i = deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.response[i] == SMPP_ESME_ROK && smsc.submits == 1);
}
END_TEST

/* No end of batch follows on a session's last one. */
START_TEST(a_text_right_before_unbind_is_not_left_lying)
{
	start_one("");
	smsc.mute = true;
	(void)deliver("a", "13900000001", "CXYE");
	smpp_session_unbind(conn_session(peer("a")->conn), clock_ms(&t.clock));
	RUN_UNTIL(bound("a") == NULL);
	RUN_UNTIL(status_now().waiting == 0 && status_now().queued == 1);
}
END_TEST

/* What the SMSC dies of each time is tried more and more seldom; others get through. */
START_TEST(a_message_that_kills_sessions_does_not_stop_the_others)
{
	unsigned kills = 0, seen = 0;

	put_backlog(1, STR("poison"));
	start_one("");
	smsc.mood = HOLD;
	while (kills < 5) {
		RUN_UNTIL(seen < smsc.submits);
		if (strcmp(smsc.submit[seen].text, "poison") == 0 &&
		    smsc.submit[seen].by != NULL) {
			kills++;
			cut("a");
			RUN_UNTIL(bound("a") != NULL);
		}
		seen++;
	}
	smsc.mood = ACCEPT;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(status_now().counts.sent == 1);
	ck_assert_str_ne(smsc.submit[smsc.submits - 1].text, "poison");
	ck_assert_uint_eq(status_now().queued, 1);
	RUN_UNTIL(status_now().queued == 0); /* it is never given up */
}
END_TEST

/* ---- the way down ---- */

START_TEST(drains_while_the_smsc_is_not_there)
{
	put_backlog(1, STR("hello"));
	evconnlistener_free(smsc.listener);
	smsc.listener = NULL;
	start(LINK("a", TRUSTED), "");
	RUN_UNTIL(status_now().queued == 1);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "0"), 1);
}
END_TEST

START_TEST(drains_while_the_bind_is_not_answered)
{
	smsc.mute = true;
	start(LINK("a", TRUSTED), "");
	RUN_UNTIL(smsc.accepted == 1);
	stop();
}
END_TEST

/* The loop's clock stands still, so that no limit of time can have ended it. */
START_TEST(drains_at_once_when_idle)
{
	start_one("");
	t.clock.read = NULL;
	stop();
}
END_TEST

/* Neither the reply nor unbind is answered: the reply goes again after the restart. */
START_TEST(drains_while_the_smsc_is_silent)
{
	start_one("");
	smsc.mood = HOLD;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && smsc.responses == 1);
	conn_pause(peer("a")->conn, true);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "0"), 1);
	smsc.mood = ACCEPT;
	start(LINK("a", TRUSTED), "");
	RUN_UNTIL(smsc.submits == 2 && status_now().queued == 0);
	ck_assert_str_eq(smsc.submit[0].text, smsc.submit[1].text);
}
END_TEST

START_TEST(draining_answers_what_came_and_refuses_what_comes)
{
	unsigned first, second;

	start_one("");
	first = deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(status_now().counts.texts == 1);
	gateway_stop(t.gateway, on_stopped, NULL);
	second = deliver("a", "13900000002", "CXYE");
	RUN_UNTIL(t.stopped);
	gateway_destroy(t.gateway);
	conf_destroy(t.conf);
	t.gateway = NULL;
	RUN_UNTIL(smsc.response[first] != PENDING && bound("a") == NULL);
	ck_assert_uint_eq(smsc.response[first], SMPP_ESME_ROK);
	ck_assert_uint_eq(smsc.submits, 1);
	ck_assert_uint_ne(smsc.response[second], SMPP_ESME_ROK);
}
END_TEST

/* ---- refused starts ---- */

START_TEST(made_up_people_stay_on_this_machine)
{
	static const struct {
		const char *host;
		bool force, starts;
	} cases[] = {
		{ "127.0.0.1", false, true },  { "localhost", false, true },
		{ "192.0.2.1", false, false }, { "127.0.0.1.example.com", false, false },
		{ "192.0.2.1", true, true },
	};
	struct store *s = open_store(STORE_OPEN);
	struct fault fault = { "" };
	char links[256];

	ck_assert_int_eq(store_begin(s), ERR_OK);
	ck_assert_int_eq(store_set_setting(s, "synthetic", STR("1")), ERR_OK);
	ck_assert_int_eq(store_commit(s), ERR_OK);
	store_close(s);
	(void)snprintf(
		links, sizeof(links),
		"{ name = \"a\"; host = \"%s\"; port = 1; system_id = \"a\"; password = \"x\"; "
		"trusted = true; numbers = ( \"10086\" ); }",
		cases[_i].host);
	if (cases[_i].starts) {
		ck_assert_msg(try_start(links, "", cases[_i].force, &fault) == ERR_OK,
		              "%s", fault.text);
		return;
	}
	ck_assert_int_eq(try_start(links, "", cases[_i].force, &fault), ERR_REFUSED);
	ck_assert_ptr_nonnull(strstr(fault.text, cases[_i].host));
	conf_destroy(t.conf);
}
END_TEST

SUITE("gateway/gateway", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up_all, tear_down);
	tcase_add_test(tc, response_and_reply_leave_in_one_write);
	tcase_add_test(tc, an_equal_text_after_the_reply_was_accepted_is_new);
	tcase_add_test(tc, a_pair_of_binds_is_one_account);
	tcase_add_test(tc, a_pair_settles_on_the_session_of_the_repetition);
	tcase_add_test(tc, a_reply_takes_the_link_of_its_text);
	tcase_add_test(tc, another_link_of_the_group_takes_over);
	tcase_add_test(tc, a_reply_is_sent_again_after_its_session_was_lost);
	tcase_add_test(tc, throttling_costs_no_attempt_and_keeps_the_order);
	tcase_add_loop_test(tc, a_refusal_ends_a_message_or_not, 0, COUNT_OF(refusals));
	tcase_add_test(tc, a_generic_nack_ends_a_message);
	tcase_add_test(tc, a_late_response_counts);
	tcase_add_test(tc, a_long_reply_goes_through_a_small_window);
	tcase_add_test(tc, the_rate_is_kept_by_long_messages);
	tcase_add_test(tc, a_long_text_comes_over_two_binds);
	tcase_add_test(tc, overload_is_said_and_passes);
	tcase_add_test(tc, one_number_cannot_flood);
	tcase_add_test(tc, T1_a_claimed_number_is_nobody);
	tcase_add_test(tc, T1_a_claimed_number_leaves_no_row_of_its_owner);
	tcase_add_test(tc, T1_the_owner_leaves_one);
	tcase_add_test(tc, T1_a_number_beyond_the_senders_of_a_link_is_nobody);
	tcase_add_loop_test(tc, a_receipt_is_no_command, 0, COUNT_OF(receipts));
	tcase_add_loop_test(tc, services_are_not_answered, 0, COUNT_OF(senders));
	tcase_add_test(tc, a_reply_goes_back_as_the_number_came);
	tcase_add_test(tc, ready_messages_of_before_are_sent_once_and_few_at_a_time);
	tcase_add_test(tc, texts_come_in_while_the_backlog_goes_out);
	tcase_add_test(tc, sessions_of_two_lives_differ);
	tcase_add_test(tc, garbage_costs_one_session);
	tcase_add_test(tc, a_text_right_before_unbind_is_not_left_lying);
	tcase_add_test(tc, a_message_that_kills_sessions_does_not_stop_the_others);
	tcase_add_test(tc, drains_while_the_smsc_is_not_there);
	tcase_add_test(tc, drains_while_the_bind_is_not_answered);
	tcase_add_test(tc, drains_at_once_when_idle);
	tcase_add_test(tc, drains_while_the_smsc_is_silent);
	tcase_add_test(tc, draining_answers_what_came_and_refuses_what_comes);
	tcase_add_loop_test(tc, made_up_people_stay_on_this_machine, 0, 5);
})
