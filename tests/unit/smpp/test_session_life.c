/*
 * test_session_life.c - enquiry, unbinding, hanging up.
 */
#include "peer.h"
#include "support/suite.h"

/* -- enquiry ------------------------------------------------------------------ */

START_TEST(silence_is_enquired_after)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);
	struct smpp_header h;

	peer_until(p, 30999);
	peer_expects_nothing(p);
	peer_until(p, 31000);
	h = peer_expects(p, SMPP_ENQUIRE_LINK, 0);
	ck_assert_uint_eq(h.length, 16);
	peer_expects_nothing(p);
	ck_assert_uint_eq(smpp_session_pending(p->s), 0); /* none of the owner's */
	peer_until(p, 40000);
	peer_sends(p, SMPP_ENQUIRE_LINK | SMPP_RESP, 0, h.sequence, NULL);
	ck_assert_uint_eq(p->n, 0);
	ck_assert_int_eq(smpp_session_deadline(p->s), 70000);
	peer_free(p);
}
END_TEST

/* N3: 60 s from the last sign of life, twice the interval. */
START_TEST(an_enquiry_unanswered_closes)
{
	struct peer *p = peer_bound(SMPP_SMSC, SMPP_BIND_RX);

	ck_assert_int_eq(smpp_session_request(p->s, SMPP_DATA_SM, NULL, 5, p->now),
	                 ERR_OK);
	peer_until(p, 60999);
	peer_event(p, 0, SMPP_EVENT_EXPIRED);
	ck_assert_uint_eq(p->n, 1);
	ck_assert_int_eq(smpp_session_request(p->s, SMPP_DATA_SM, NULL, 6, p->now),
	                 ERR_OK);
	peer_until(p, 61000);
	ck_assert_uint_eq(peer_event(p, 1, SMPP_EVENT_LOST)->token, 6);
	peer_expects_closed(p, "enquire_link unanswered");
	ck_assert_uint_eq(p->n, 3);
	peer_free(p);
}
END_TEST

START_TEST(any_pdu_counts_as_life)
{
	static const uint32_t ids[] = { SMPP_ENQUIRE_LINK, SMPP_DELIVER_SM, 0x999,
		                        SMPP_SUBMIT_SM | SMPP_RESP, SMPP_GENERIC_NACK };
	const union smpp_body body = peer_message();
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);
	int64_t now = p->now;

	for (size_t i = 0; i < 4 * COUNT_OF(ids); i++) {
		const uint32_t id = ids[i % COUNT_OF(ids)];

		now += i % 2 == 0 ? 29999 : 59999; /* every other time after an enquiry */
		peer_until(p, now);
		ck_assert_int_eq(smpp_session_state(p->s), SMPP_BOUND);
		if (id != 0x999)
			peer_sends(p, id, 0, 7000, id == SMPP_DELIVER_SM ? &body : NULL);
		else
			peer_octets(p, "\0\0\0\x10\0\0\x9\x99\0\0\0\0\0\0\0\1", 16);
		ck_assert_int_eq(smpp_session_deadline(p->s), now + 30000);
	}
	peer_free(p);
}
END_TEST

START_TEST(an_enquiry_is_answered_in_any_state)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p;

	conf.role = SMPP_SMSC;
	p = peer_new(&conf);
	for (uint32_t i = 0; i < 3; i++) {
		/* With an octet too many, as some send it. */
		peer_octets(p, "\0\0\0\x11\0\0\0\x15\0\0\0\0\0\0\0\4\0", 17);
		ck_assert_uint_eq(
			peer_expects(p, SMPP_ENQUIRE_LINK | SMPP_RESP, 0).length, 16);
		if (i == 0)
			peer_sends(p, SMPP_BIND_TRANSCEIVER, 0, 1, NULL);
		if (i == 1) {
			smpp_session_accept(p->s, 1, 0, STR("SMSC"));
			peer_expects(p, SMPP_BIND_TRANSCEIVER | SMPP_RESP, 0);
		}
	}
	peer_free(p);
}
END_TEST

START_TEST(enquiring_can_be_switched_off)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p;

	conf.enquire_ms = 0;
	p = peer_bound_with(conf, SMPP_BIND_TRX);
	ck_assert_int_eq(smpp_session_deadline(p->s), INT64_MAX);
	peer_free(p);
}
END_TEST

/* -- the end ------------------------------------------------------------------ */

START_TEST(unbinding_drains_the_window)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);
	const union smpp_body body = peer_message();
	uint32_t first, second, unbind;

	ck_assert_int_eq(submit(p, 1), ERR_OK);
	ck_assert_int_eq(submit(p, 2), ERR_OK);
	first = peer_expects(p, SMPP_SUBMIT_SM, 0).sequence;
	second = peer_expects(p, SMPP_SUBMIT_SM, 0).sequence;
	smpp_session_unbind(p->s, p->now);
	smpp_session_unbind(p->s, p->now); /* once is enough */
	unbind = peer_expects(p, SMPP_UNBIND, 0).sequence;
	peer_expects_nothing(p);
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_UNBINDING);
	ck_assert_int_eq(submit(p, 3), ERR_STATE);
	ck_assert_uint_eq(smpp_session_room(p->s), 0);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, second, NULL);
	/* What the peer sent before it saw the unbind is taken. */
	peer_sends(p, SMPP_DELIVER_SM, 0, 1, &body);
	peer_event(p, 1, SMPP_EVENT_REQUEST);
	smpp_session_respond(p->s, SMPP_DELIVER_SM, 1, 0, NULL);
	peer_expects(p, SMPP_DELIVER_SM | SMPP_RESP, 0);
	peer_sends(p, SMPP_UNBIND | SMPP_RESP, 0, unbind, NULL);
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_UNBINDING);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, first, NULL);
	ck_assert_uint_eq(peer_event(p, 2, SMPP_EVENT_RESPONSE)->token, 1);
	peer_expects_closed(p, "unbound");
	ck_assert_uint_eq(p->n, 4);
	peer_free(p);
}
END_TEST

START_TEST(a_drain_ends_in_time)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);

	peer_until(p, 2000);
	ck_assert_int_eq(submit(p, 1), ERR_OK);
	peer_until(p, 3000);
	smpp_session_unbind(p->s, p->now);
	peer_until(p, 33000);
	ck_assert_uint_eq(peer_event(p, 0, SMPP_EVENT_EXPIRED)->token, 1);
	peer_expects_closed(p, "not drained in time");
	ck_assert_uint_eq(p->n, 2);
	peer_free(p);
}
END_TEST

START_TEST(unbind_of_the_peer_is_answered)
{
	struct peer *p = peer_bound(SMPP_SMSC, SMPP_BIND_TRX);
	const union smpp_body body = peer_message();

	ck_assert_int_eq(smpp_session_request(p->s, SMPP_DELIVER_SM, &body, 9, p->now),
	                 ERR_OK);
	peer_expects(p, SMPP_DELIVER_SM, 0);
	peer_sends(p, SMPP_UNBIND, 0, 33, NULL);
	ck_assert_uint_eq(peer_expects(p, SMPP_UNBIND | SMPP_RESP, 0).sequence, 33);
	ck_assert_uint_eq(peer_event(p, 0, SMPP_EVENT_LOST)->token, 9);
	peer_expects_closed(p, "by the peer");
	ck_assert_uint_eq(p->n, 2);
	/* Everything is swallowed and nothing is said any more. */
	peer_sends(p, SMPP_ENQUIRE_LINK, 0, 1, NULL);
	smpp_session_respond(p->s, SMPP_SUBMIT_SM, 1, 0, NULL);
	peer_until(p, 1000000);
	ck_assert_uint_eq(p->in.n, 0);
	ck_assert_uint_eq(p->n, 2);
	peer_expects_nothing(p);
	peer_free(p);
}
END_TEST

START_TEST(a_hangup_loses_what_was_unanswered)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);

	for (uint64_t i = 0; i < 3; i++)
		ck_assert_int_eq(submit(p, i), ERR_OK);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, 3, NULL);
	/* N4: half a PDU, then the reset. */
	peer_octets(p, "\0\0\0\x40\0\0\0\5", 8);
	smpp_session_hangup(p->s, "connection reset");
	ck_assert_int_eq(smpp_session_deadline(p->s), p->now);
	peer_until(p, p->now);
	ck_assert_uint_eq(peer_event(p, 1, SMPP_EVENT_LOST)->token, 0);
	ck_assert_uint_eq(peer_event(p, 2, SMPP_EVENT_LOST)->token, 2);
	peer_expects_closed(p, "connection reset");
	ck_assert_uint_eq(p->n, 4);
	peer_free(p);
}
END_TEST

SUITE("smpp/session_life", {
	tcase_add_test(tc, silence_is_enquired_after);
	tcase_add_test(tc, an_enquiry_unanswered_closes);
	tcase_add_test(tc, any_pdu_counts_as_life);
	tcase_add_test(tc, an_enquiry_is_answered_in_any_state);
	tcase_add_test(tc, enquiring_can_be_switched_off);
	tcase_add_test(tc, unbinding_drains_the_window);
	tcase_add_test(tc, a_drain_ends_in_time);
	tcase_add_test(tc, unbind_of_the_peer_is_answered);
	tcase_add_test(tc, a_hangup_loses_what_was_unanswered);
})
