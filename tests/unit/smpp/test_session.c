/*
 * test_session.c - requests and responses: window, deadlines, sequence numbers.
 */
#include "peer.h"
#include "support/suite.h"

/* N16: three sent, answered in reverse; N11: and once more, to no effect. */
START_TEST(responses_find_their_requests)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);
	const union smpp_body id = { .submit_sm_resp.message_id = SPAN("0a1B") };
	uint32_t sequence[3];

	for (uint64_t i = 0; i < 3; i++) {
		ck_assert_int_eq(submit(p, 100 + i), ERR_OK);
		sequence[i] = peer_expects(p, SMPP_SUBMIT_SM, 0).sequence;
	}
	ck_assert_uint_eq(smpp_session_pending(p->s), 3);
	ck_assert_uint_eq(smpp_session_room(p->s), 97);
	for (int i = 2; i >= 0; i--)
		peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, i == 1 ? 0x58 : 0, sequence[i],
		           &id);
	for (size_t i = 0; i < 3; i++) {
		const struct smpp_event *ev = peer_event(p, i, SMPP_EVENT_RESPONSE);

		ck_assert_uint_eq(ev->token, 102 - i);
		ck_assert_uint_eq(ev->status, i == 1 ? 0x58 : 0);
		ck_assert_uint_eq(ev->command_id, SMPP_SUBMIT_SM | SMPP_RESP);
		ck_assert((ev->body != NULL) == (i != 1));
		ck_assert(!ev->late && !ev->nack);
	}
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, sequence[0], &id);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, 12345, &id);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, 0, &id);
	ck_assert_uint_eq(p->n, 3);
	ck_assert_uint_eq(smpp_session_pending(p->s), 0);
	peer_free(p);
}
END_TEST

START_TEST(a_response_of_another_kind_is_no_response)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);

	ck_assert_int_eq(submit(p, 1), ERR_OK);
	peer_sends(p, SMPP_DELIVER_SM | SMPP_RESP, 0, 2, NULL);
	peer_sends(p, SMPP_ENQUIRE_LINK | SMPP_RESP, 0, 2, NULL);
	ck_assert_uint_eq(p->n, 0);
	ck_assert_uint_eq(smpp_session_pending(p->s), 1);
	peer_free(p);
}
END_TEST

/* An SMSC's response without message_id, or with one that does not end, still counts. */
START_TEST(a_response_counts_whatever_its_body)
{
	static const size_t sizes[] = { 0, 3, 1 };
	static const char *const bodies[] = { "", "abc", "\0" };
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);

	for (uint32_t i = 0; i < COUNT_OF(sizes); i++) {
		ck_assert_int_eq(submit(p, i), ERR_OK);
		buf_put_be32(&p->in, (uint32_t)(SMPP_HEADER + sizes[i]));
		buf_put_be32(&p->in, SMPP_SUBMIT_SM | SMPP_RESP);
		buf_put_be32(&p->in, 0);
		buf_put_be32(&p->in, 2 + i);
		peer_octets(p, bodies[i], sizes[i]);
		ck_assert_uint_eq(peer_event(p, i, SMPP_EVENT_RESPONSE)->token, i);
		ck_assert((p->log[i].body != NULL) == (i == 2));
	}
	peer_free(p);
}
END_TEST

START_TEST(a_generic_nack_answers_its_sequence)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);

	ck_assert_int_eq(submit(p, 42), ERR_OK);
	peer_sends(p, SMPP_GENERIC_NACK, 3, 0, NULL);
	ck_assert_uint_eq(p->n, 0);
	peer_sends(p, SMPP_GENERIC_NACK, 3, 2, NULL);
	ck_assert_uint_eq(peer_event(p, 0, SMPP_EVENT_RESPONSE)->token, 42);
	ck_assert(p->log[0].nack);
	ck_assert_uint_eq(p->log[0].status, 3);
	ck_assert_uint_eq(p->log[0].command_id, SMPP_SUBMIT_SM | SMPP_RESP);
	peer_free(p);
}
END_TEST

START_TEST(the_window_is_kept)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p;

	conf.window = 3;
	p = peer_bound_with(conf, SMPP_BIND_TX);
	for (uint64_t i = 0; i < 3; i++)
		ck_assert_int_eq(submit(p, i), ERR_OK);
	ck_assert_uint_eq(smpp_session_room(p->s), 0);
	ck_assert_int_eq(submit(p, 3), ERR_FULL);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, 3, NULL);
	ck_assert_uint_eq(smpp_session_room(p->s), 1);
	ck_assert_int_eq(submit(p, 3), ERR_OK);
	peer_free(p);
}
END_TEST

START_TEST(a_body_that_does_not_encode_is_not_sent)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);
	union smpp_body body = peer_message();
	uint8_t payload[UINT16_MAX] = { 0 };

	body.submit_sm.source_addr = SPAN("1\0002");
	ck_assert_int_eq(smpp_session_request(p->s, SMPP_SUBMIT_SM, &body, 1, p->now),
	                 ERR_RANGE);
	body.submit_sm.source_addr = SPAN("123456789012345678901");
	ck_assert_int_eq(smpp_session_request(p->s, SMPP_SUBMIT_SM, &body, 1, p->now),
	                 ERR_LENGTH);
	body = peer_message();
	body.submit_sm.tlvs = (struct span){ payload,
		                             sizeof(payload) }; /* past max_pdu */
	ck_assert_int_eq(smpp_session_request(p->s, SMPP_SUBMIT_SM, &body, 1, p->now),
	                 ERR_LENGTH);
	peer_expects_nothing(p);
	ck_assert_uint_eq(smpp_session_pending(p->s), 0);
	/* No sequence number was used up. */
	ck_assert_int_eq(submit(p, 1), ERR_OK);
	ck_assert_uint_eq(peer_expects(p, SMPP_SUBMIT_SM, 0).sequence, 2);
	peer_free(p);
}
END_TEST

/* N15: each slot has its deadline; what comes late is still told apart. */
START_TEST(a_request_expires_and_may_be_answered_late)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);

	ck_assert_int_eq(submit(p, 1), ERR_OK);
	peer_until(p, 11000);
	ck_assert_int_eq(submit(p, 2), ERR_OK);
	ck_assert_int_eq(smpp_session_deadline(p->s), 31000);
	peer_sends(p, SMPP_ENQUIRE_LINK, 0, 1,
	           NULL); /* life, so that no enquiry is due */
	peer_until(p, 30999);
	ck_assert_uint_eq(p->n, 0);
	peer_until(p, 31000);
	ck_assert_uint_eq(peer_event(p, 0, SMPP_EVENT_EXPIRED)->token, 1);
	ck_assert_uint_eq(smpp_session_pending(p->s), 1);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, 2, NULL);
	ck_assert_uint_eq(peer_event(p, 1, SMPP_EVENT_RESPONSE)->token, 1);
	ck_assert(p->log[1].late);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, 2, NULL); /* once only */
	ck_assert_uint_eq(p->n, 2);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, 3, NULL);
	ck_assert_uint_eq(peer_event(p, 2, SMPP_EVENT_RESPONSE)->token, 2);
	ck_assert(!p->log[2].late);
	peer_free(p);
}
END_TEST

START_TEST(a_thousand_expired_are_remembered)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p;

	conf.window = 1000;
	conf.enquire_ms = 0;
	p = peer_bound_with(conf, SMPP_BIND_TRX);
	for (uint64_t i = 0; i < 1001; i++) {
		ck_assert_int_eq(submit(p, i), ERR_OK);
		if (i == 0)
			peer_until(p, 31000);
	}
	smpp_session_sent(p->s, smpp_session_output(p->s).n);
	peer_until(p, 61000);
	ck_assert_uint_eq(p->n, 1001);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, 2, NULL); /* forgotten */
	ck_assert_uint_eq(p->n, 1001);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, 3, NULL);
	ck_assert_uint_eq(peer_event(p, 1001, SMPP_EVENT_RESPONSE)->token, 1);
	peer_free(p);
}
END_TEST

/* N12: over the wrap, with one request that stays unanswered all the time. */
START_TEST(sequence_numbers_wrap_and_skip_those_in_use)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct smpp_header h;
	uint32_t slow, skipped = 0;
	struct peer *p;

	conf.window = 2;
	conf.first_sequence = 0x7ffffffd;
	p = peer_bound_with(conf, SMPP_BIND_TRX);
	ck_assert_int_eq(submit(p, 999), ERR_OK);
	slow = peer_expects(p, SMPP_SUBMIT_SM, 0).sequence;
	ck_assert_uint_eq(slow, 0x7ffffffe);
	for (uint32_t i = 0, before = slow; i < 100; i++) {
		ck_assert_int_eq(submit(p, i), ERR_OK);
		h = peer_expects(p, SMPP_SUBMIT_SM, 0);
		ck_assert(h.sequence >= 1 && h.sequence <= 0x7fffffff &&
		          h.sequence != slow);
		if (i == 1)
			ck_assert_uint_eq(h.sequence, 1);
		skipped += before != 0x7fffffff && h.sequence != before + 1 ? 1 : 0;
		before = h.sequence;
		peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, h.sequence, NULL);
		ck_assert_uint_eq(p->log[p->n - 1].token, i);
	}
	ck_assert_uint_gt(skipped, 0);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, slow, NULL);
	ck_assert_uint_eq(p->log[p->n - 1].token, 999);
	peer_free(p);
}
END_TEST

/* The peer's sequence numbers are its own: 0, ours, and the largest. */
START_TEST(the_peers_sequences_are_another_space)
{
	static const uint32_t sequences[] = { 0, 2, 0x7fffffff, 0xffffffff };
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);
	const union smpp_body body = peer_message();

	ck_assert_int_eq(submit(p, 1), ERR_OK);
	peer_expects(p, SMPP_SUBMIT_SM, 0);
	for (size_t i = 0; i < COUNT_OF(sequences); i++) {
		peer_sends(p, SMPP_DELIVER_SM, 0, sequences[i], &body);
		ck_assert_uint_eq(peer_event(p, i, SMPP_EVENT_REQUEST)->sequence,
		                  sequences[i]);
		smpp_session_respond(p->s, SMPP_DELIVER_SM, sequences[i], 0, NULL);
		ck_assert_uint_eq(
			peer_expects(p, SMPP_DELIVER_SM | SMPP_RESP, 0).sequence,
			sequences[i]);
	}
	ck_assert_uint_eq(smpp_session_pending(p->s), 1);
	peer_free(p);
}
END_TEST

START_TEST(a_response_has_its_body_only_when_all_is_well)
{
	struct peer *p = peer_bound(SMPP_SMSC, SMPP_BIND_TRX);
	union smpp_body body = { .submit_sm_resp.message_id = SPAN("0a1B") };
	char endless[100];

	smpp_session_respond(p->s, SMPP_SUBMIT_SM | SMPP_RESP, 1, 0, &body);
	ck_assert_uint_eq(peer_expects(p, SMPP_SUBMIT_SM | SMPP_RESP, 0).length, 21);
	smpp_session_respond(p->s, SMPP_SUBMIT_SM, 1, 0, NULL);
	ck_assert_uint_eq(peer_expects(p, SMPP_SUBMIT_SM | SMPP_RESP, 0).length, 17);
	smpp_session_respond(p->s, SMPP_SUBMIT_SM, 1, 0x58, &body);
	ck_assert_uint_eq(peer_expects(p, SMPP_SUBMIT_SM | SMPP_RESP, 0x58).length, 16);
	memset(endless, 'a', sizeof(endless));
	body.submit_sm_resp.message_id = (struct span){ (void *)endless,
		                                        sizeof(endless) };
	smpp_session_respond(p->s, SMPP_SUBMIT_SM, 1, 0, &body);
	ck_assert_uint_eq(peer_expects(p, SMPP_SUBMIT_SM | SMPP_RESP, 8).length, 16);
	smpp_session_respond(p->s, SMPP_ALERT_NOTIFICATION, 1, 0, NULL);
	smpp_session_respond(p->s, 0x999, 1, 0, NULL);
	peer_expects_nothing(p);
	peer_free(p);
}
END_TEST

START_TEST(an_alert_waits_for_no_response)
{
	struct peer *p = peer_bound(SMPP_SMSC, SMPP_BIND_RX);

	ck_assert_int_eq(
		smpp_session_request(p->s, SMPP_ALERT_NOTIFICATION, NULL, 1, p->now),
		ERR_OK);
	peer_expects(p, SMPP_ALERT_NOTIFICATION, 0);
	ck_assert_uint_eq(smpp_session_pending(p->s), 0);
	peer_free(p);
}
END_TEST

SUITE("smpp/session", {
	tcase_add_test(tc, responses_find_their_requests);
	tcase_add_test(tc, a_response_of_another_kind_is_no_response);
	tcase_add_test(tc, a_response_counts_whatever_its_body);
	tcase_add_test(tc, a_generic_nack_answers_its_sequence);
	tcase_add_test(tc, the_window_is_kept);
	tcase_add_test(tc, a_body_that_does_not_encode_is_not_sent);
	tcase_add_test(tc, a_request_expires_and_may_be_answered_late);
	tcase_add_test(tc, a_thousand_expired_are_remembered);
	tcase_add_test(tc, sequence_numbers_wrap_and_skip_those_in_use);
	tcase_add_test(tc, the_peers_sequences_are_another_space);
	tcase_add_test(tc, a_response_has_its_body_only_when_all_is_well);
	tcase_add_test(tc, an_alert_waits_for_no_response);
})
