/*
 * test_session_bind.c - how a session begins: bind, its answers, its configuration.
 */
#include "peer.h"
#include "smpp/tlv.h"
#include "support/suite.h"

START_TEST(an_esme_binds_when_created)
{
	static const uint32_t ids[] = { SMPP_BIND_RECEIVER, SMPP_BIND_TRANSMITTER,
		                        SMPP_BIND_TRANSCEIVER };
	struct smpp_session_conf conf = smpp_session_defaults();
	char secret[] = "secret12"; /* 8 octets; changed after it was copied */
	union smpp_body body;
	struct smpp_header h;
	struct peer *p;
	size_t at;

	conf.bind = (enum smpp_bind)_i;
	conf.system_id = STR("hall");
	conf.password = str_of(secret);
	conf.system_type = STR("SMS");
	p = peer_new(&conf);
	memset(secret, 'x', sizeof(secret) - 1);
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_BINDING);
	ck_assert_int_eq(smpp_decode(ids[_i],
	                             span_skip(smpp_session_output(p->s), SMPP_HEADER),
	                             &body, &at),
	                 ERR_OK);
	ck_assert_mem_eq(body.bind_transceiver.password.p, "secret12", 9);
	ck_assert_mem_eq(body.bind_transceiver.system_id.p, "hall", 5);
	ck_assert_mem_eq(body.bind_transceiver.system_type.p, "SMS", 4);
	ck_assert_uint_eq(body.bind_transceiver.interface_version, 0x34);
	h = peer_expects(p, ids[_i], 0);
	ck_assert_uint_eq(h.sequence, 1);
	ck_assert_int_eq(smpp_session_request(p->s, SMPP_SUBMIT_SM, NULL, 1, p->now),
	                 ERR_STATE);
	peer_sends(p, ids[_i] | SMPP_RESP, 0, h.sequence, NULL);
	peer_event(p, 0, SMPP_EVENT_BOUND);
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_BOUND);
	ck_assert_int_eq(smpp_session_bind(p->s), _i);
	peer_free(p);
}
END_TEST

START_TEST(a_bind_response_may_have_a_body_or_none)
{
	static const char *const bodies[] = { "SMSC\0", "", "SMSC\0\2\x10\0\1\x34",
		                              "unterminated" };
	static const size_t sizes[] = { 5, 0, 10, 12 };

	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		const struct smpp_session_conf conf = smpp_session_defaults();
		struct peer *p = peer_new(&conf);

		buf_put_be32(&p->in, (uint32_t)(SMPP_HEADER + sizes[i]));
		buf_put_be32(&p->in, SMPP_BIND_TRANSCEIVER | SMPP_RESP);
		buf_put_be32(&p->in, 0);
		buf_put_be32(&p->in, 1);
		peer_octets(p, bodies[i], sizes[i]);
		peer_event(p, 0, SMPP_EVENT_BOUND);
		peer_free(p);
	}
}
END_TEST

START_TEST(another_response_does_not_bind)
{
	const struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p = peer_new(&conf);

	peer_sends(p, SMPP_BIND_RECEIVER | SMPP_RESP, 0, 1, NULL);
	peer_sends(p, SMPP_SUBMIT_SM | SMPP_RESP, 0, 1, NULL);
	peer_sends(p, SMPP_BIND_TRANSCEIVER | SMPP_RESP, 0, 2, NULL);
	ck_assert_uint_eq(p->n, 0);
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_BINDING);
	peer_free(p);
}
END_TEST

/* N2 */
START_TEST(a_refused_bind_closes_with_its_status)
{
	static const uint32_t statuses[] = { 0x0d, 0x0e, 0x05 };

	for (size_t i = 0; i <= COUNT_OF(statuses); i++) {
		const bool nack = i == COUNT_OF(statuses);
		const struct smpp_session_conf conf = smpp_session_defaults();
		struct peer *p = peer_new(&conf);

		peer_sends(p,
		           nack ? SMPP_GENERIC_NACK : SMPP_BIND_TRANSCEIVER | SMPP_RESP,
		           nack ? 3 : statuses[i], 1, NULL);
		peer_expects_closed(p, "refused");
		ck_assert_uint_eq(p->log[0].status, nack ? 3 : statuses[i]);
		ck_assert_int_eq(smpp_session_deadline(p->s), INT64_MAX);
		peer_free(p);
	}
}
END_TEST

/* N1; and an SMSC does not wait for ever either. */
START_TEST(who_is_not_bound_in_time_is_closed)
{
	for (int role = SMPP_ESME; role <= SMPP_SMSC; role++) {
		struct smpp_session_conf conf = smpp_session_defaults();
		struct peer *p;

		conf.role = (enum smpp_role)role;
		p = peer_new(&conf);
		ck_assert_int_eq(smpp_session_deadline(p->s),
		                 1000 + conf.bind_timeout_ms);
		peer_until(p, 1000 + conf.bind_timeout_ms - 1);
		ck_assert_uint_eq(p->n, 0);
		peer_until(p, 1000 + conf.bind_timeout_ms);
		peer_expects_closed(p, "not bound in time");
		peer_free(p);
	}
}
END_TEST

START_TEST(an_smsc_hands_the_bind_to_its_owner)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	union smpp_body body = { .bind_transceiver = { .system_id = SPAN("hall"),
		                                       .interface_version = 0x34 } };
	struct peer *p;
	struct span out;

	conf.role = SMPP_SMSC;
	p = peer_new(&conf);
	peer_sends(p, SMPP_BIND_TRANSMITTER, 0, 77, &body);
	ck_assert_uint_eq(peer_event(p, 0, SMPP_EVENT_BIND)->sequence, 77);
	ck_assert_uint_eq(p->log[0].command_id, SMPP_BIND_TRANSMITTER);
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_BINDING);
	smpp_session_accept(p->s, 78, 0, STR("SMSC")); /* of another bind */
	peer_expects_nothing(p);
	smpp_session_accept(p->s, 77, 0, STR("SMSC"));
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_BOUND);
	ck_assert_int_eq(smpp_session_bind(p->s), SMPP_BIND_TX);
	out = smpp_session_output(p->s);
	ck_assert_mem_eq(out.p + SMPP_HEADER, "SMSC\0\2\x10\0\1\x34", 10);
	ck_assert_uint_eq(peer_expects(p, SMPP_BIND_TRANSMITTER | SMPP_RESP, 0).length,
	                  26);
	peer_free(p);
	/* A peer of 3.3 gets no optional parameter. */
	p = peer_new(&conf);
	body.bind_transceiver.interface_version = 0x33;
	peer_sends(p, SMPP_BIND_TRANSMITTER, 0, 77, &body);
	smpp_session_accept(p->s, 77, 0, STR("SMSC"));
	ck_assert_uint_eq(peer_expects(p, SMPP_BIND_TRANSMITTER | SMPP_RESP, 0).length,
	                  21);
	peer_free(p);
}
END_TEST

START_TEST(an_smsc_may_refuse_a_bind)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p;
	struct smpp_event ev;

	conf.role = SMPP_SMSC;
	p = peer_new(&conf);
	peer_sends(p, SMPP_BIND_RECEIVER, 0, 5, NULL);
	smpp_session_accept(p->s, 5, SMPP_ESME_RINVPASWD, STR("SMSC"));
	ck_assert_uint_eq(peer_expects(p, SMPP_BIND_RECEIVER | SMPP_RESP, 0x0e).length,
	                  16);
	smpp_session_tick(p->s, p->now, &ev);
	ck_assert_int_eq(ev.kind, SMPP_EVENT_CLOSED);
	ck_assert_uint_eq(ev.status, 0x0e);
	peer_free(p);
}
END_TEST

START_TEST(a_second_bind_is_told_so)
{
	struct peer *p = peer_bound(SMPP_SMSC, SMPP_BIND_TRX);

	peer_sends(p, SMPP_BIND_TRANSCEIVER, 0, 9, NULL);
	ck_assert_uint_eq(peer_expects(p, SMPP_BIND_TRANSCEIVER | SMPP_RESP, 5).sequence,
	                  9);
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_BOUND);
	peer_free(p);
}
END_TEST

START_TEST(a_configuration_has_bounds)
{
	struct smpp_session_conf good = smpp_session_defaults(), bad[10];
	struct fault fault;

	good.system_id = STR("123456789012345");
	good.password = STR("12345678");
	good.system_type = STR("123456789012");
	ck_assert_int_eq(smpp_session_conf_check(&good, NULL), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		bad[i] = good;
	bad[0].system_id = STR("1234567890123456");
	bad[1].password = STR("123456789");
	bad[2].system_type = STR("1234567890123");
	bad[3].password = STR("a\0b");
	bad[4].window = 0;
	bad[5].window = 1001;
	bad[6].max_pdu = 16;
	bad[7].response_timeout_ms = 0;
	bad[8].enquire_ms = -1;
	bad[9].output_limit = 0;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct peer *p;

		fault.text[0] = '\0';
		ck_assert_int_eq(smpp_session_conf_check(&bad[i], &fault), ERR_RANGE);
		ck_assert_uint_gt(strlen(fault.text), 0);
		ck_assert_ptr_null(
			strstr(fault.text, "12345678")); /* no secrets in messages */
		p = peer_new(&bad[i]);
		peer_expects_nothing(p);
		peer_until(p, p->now);
		peer_expects_closed(p, "configuration");
		peer_free(p);
	}
}
END_TEST

SUITE("smpp/session_bind", {
	tcase_add_loop_test(tc, an_esme_binds_when_created, 0, 3);
	tcase_add_test(tc, a_bind_response_may_have_a_body_or_none);
	tcase_add_test(tc, another_response_does_not_bind);
	tcase_add_test(tc, a_refused_bind_closes_with_its_status);
	tcase_add_test(tc, who_is_not_bound_in_time_is_closed);
	tcase_add_test(tc, an_smsc_hands_the_bind_to_its_owner);
	tcase_add_test(tc, an_smsc_may_refuse_a_bind);
	tcase_add_test(tc, a_second_bind_is_told_so);
	tcase_add_test(tc, a_configuration_has_bounds);
})
