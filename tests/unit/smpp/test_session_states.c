/*
 * test_session_states.c - every pair of (state, event), both roles, all binds.
 *
 * What is expected stands in a table of its own, not taken from the session's.
 */
#include "peer.h"
#include "support/suite.h"

/* The states a session can be brought to; the last letter is the bind. */
enum situation {
	OPEN,
	BINDING,
	BOUND_RX,
	BOUND_TX,
	BOUND_TRX,
	UNBINDING_RX,
	UNBINDING_TX,
	UNBINDING_TRX,
	CLOSED,
	SITUATIONS
};

static struct smpp_session_conf conf_of(enum smpp_role role)
{
	struct smpp_session_conf conf = smpp_session_defaults();

	conf.role = role;
	return conf;
}

/* A session in the situation, with nothing in its output; NULL if there is none such. */
static struct peer *bring_to(enum smpp_role role, enum situation to)
{
	const struct smpp_session_conf conf = conf_of(role);
	struct peer *p;

	if (to >= BOUND_RX && to <= UNBINDING_TRX) {
		p = peer_bound(role, (enum smpp_bind)((to - BOUND_RX) % 3));
		if (to >= UNBINDING_RX)
			smpp_session_unbind(p->s, p->now);
	} else {
		p = peer_new(&conf);
		if (to == BINDING && role == SMPP_SMSC)
			peer_sends(p, SMPP_BIND_TRANSCEIVER, 0, 1, NULL);
		if (to == CLOSED)
			smpp_session_hangup(p->s, "gone");
		if (to == OPEN && role == SMPP_ESME) {
			peer_free(p);
			return NULL; /* an ESME binds at once */
		}
	}
	peer_until(p, p->now);
	smpp_session_sent(p->s, smpp_session_output(p->s).n);
	p->n = 0;
	return p;
}

/* -- what the peer sends ------------------------------------------------------ */

/*
 * R  handed to the owner        B  the same, as BIND
 * r  refused: RINVBNDSTS        a  refused: RALYBND
 * e  answered with status 0     u  the same, and closed
 * n  generic_nack RINVCMDID     -  nothing at all
 */
/* clang-format off */
static const struct {
	uint32_t id;
	/*           open  binding  bound r,t,trx  unbinding r,t,trx  closed */
	const char *to_smsc, *to_esme;
} sends[] = {
	{ SMPP_BIND_RECEIVER,      "Baaaaaaa-", "-rrrrrrr-" },
	{ SMPP_BIND_TRANSMITTER,   "Baaaaaaa-", "-rrrrrrr-" },
	{ SMPP_BIND_TRANSCEIVER,   "Baaaaaaa-", "-rrrrrrr-" },
	{ SMPP_OUTBIND,            "---------", "---------" },
	{ SMPP_UNBIND,             "uuuuuuuu-", "-uuuuuuu-" },
	{ SMPP_ENQUIRE_LINK,       "eeeeeeee-", "-eeeeeee-" },
	{ SMPP_SUBMIT_SM,          "rrrRRrRR-", "-rrrrrrr-" },
	{ SMPP_SUBMIT_MULTI,       "rrrRRrRR-", "-rrrrrrr-" },
	{ SMPP_QUERY_SM,           "rrrRRrRR-", "-rrrrrrr-" },
	{ SMPP_CANCEL_SM,          "rrrRRrRR-", "-rrrrrrr-" },
	{ SMPP_REPLACE_SM,         "rrrRRrRR-", "-rrrrrrr-" },
	{ SMPP_DATA_SM,            "rrrRRrRR-", "-rRrRRrR-" },
	{ SMPP_DELIVER_SM,         "rrrrrrrr-", "-rRrRRrR-" },
	{ SMPP_ALERT_NOTIFICATION, "---------", "--R-RR-R-" },
	{ 0x00000999,              "nnnnnnnn-", "-nnnnnnn-" },
	{ 0x80000999,              "---------", "---------" },
	{ SMPP_GENERIC_NACK,       "---------", "---------" },
	{ SMPP_SUBMIT_SM | SMPP_RESP,    "---------", "---------" },
	{ SMPP_DELIVER_SM | SMPP_RESP,   "---------", "---------" },
	{ SMPP_ENQUIRE_LINK | SMPP_RESP, "---------", "---------" },
	{ SMPP_UNBIND | SMPP_RESP,       "---------", "---------" },
	{ SMPP_BIND_TRANSCEIVER | SMPP_RESP, "---------", "---------" },
};
/* clang-format on */

static void check_answer(struct peer *p, uint32_t id, char want)
{
	static const struct {
		char want;
		uint32_t status;
	} answers[] = { { 'r', SMPP_ESME_RINVBNDSTS },
		        { 'a', SMPP_ESME_RALYBND },
		        { 'e', 0 },
		        { 'u', 0 } };

	if (want == 'n')
		ck_assert_uint_eq(
			peer_expects(p, SMPP_GENERIC_NACK, SMPP_ESME_RINVCMDID).sequence,
			7000);
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		if (answers[i].want == want)
			ck_assert_uint_eq(
				peer_expects(p, id | SMPP_RESP, answers[i].status)
					.sequence,
				7000);
	}
	peer_expects_nothing(p);
}

static void send_raw(struct peer *p, uint32_t id, const struct buf *body)
{
	buf_put_be32(&p->in, (uint32_t)(SMPP_HEADER + body->n));
	buf_put_be32(&p->in, id);
	buf_put_be32(&p->in, 0);
	buf_put_be32(&p->in, 7000);
	buf_put(&p->in, body->p, body->n);
	peer_flush(p);
}

static void check_send(enum smpp_role role, enum situation in, uint32_t id, char want)
{
	struct peer *p = bring_to(role, in);
	struct buf body = buf_make(100);
	union smpp_body any;
	size_t at;

	if (p == NULL)
		return;
	const enum smpp_state before = smpp_session_state(p->s);
	/* The least that decodes: a row of NULs. */
	while (smpp_command_name(id) != NULL &&
	       smpp_decode(id, buf_span(&body), &any, &at) != ERR_OK)
		buf_putc(&body, '\0');
	send_raw(p, id, &body);
	check_answer(p, id, want);
	ck_assert_msg(p->n == (strchr("RBu", want) != NULL),
	              "%s %08x in %d to %d: %zu events", "", id, (int)in, (int)role,
	              p->n);
	if (want == 'R' || want == 'B') {
		peer_event(p, 0, want == 'R' ? SMPP_EVENT_REQUEST : SMPP_EVENT_BIND);
		ck_assert_uint_eq(p->log[0].command_id, id);
		ck_assert_uint_eq(p->log[0].sequence, 7000);
		ck_assert_ptr_nonnull(p->log[0].body);
		ck_assert_uint_eq(p->log[0].raw.n, SMPP_HEADER + body.n);
	}
	if (want == 'u')
		peer_expects_closed(p, "by the peer");
	else
		ck_assert_int_eq(smpp_session_state(p->s),
		                 want == 'B' ? SMPP_BINDING : before);
	buf_free(&body);
	peer_free(p);
}

START_TEST(every_pdu_in_every_state)
{
	for (enum situation in = OPEN; in < SITUATIONS; in++) {
		check_send(SMPP_SMSC, in, sends[_i].id, sends[_i].to_smsc[in]);
		check_send(SMPP_ESME, in, sends[_i].id, sends[_i].to_esme[in]);
	}
}
END_TEST

/* -- what the owner asks ------------------------------------------------------ */

/* clang-format off */
static const struct {
	uint32_t id;
	const char *as_esme, *as_smsc; /* o: taken; -: ERR_STATE; by situation as above */
} asks[] = {
	{ SMPP_SUBMIT_SM,          "---oo----", "---------" },
	{ SMPP_SUBMIT_MULTI,       "---oo----", "---------" },
	{ SMPP_QUERY_SM,           "---oo----", "---------" },
	{ SMPP_CANCEL_SM,          "---oo----", "---------" },
	{ SMPP_REPLACE_SM,         "---oo----", "---------" },
	{ SMPP_DATA_SM,            "---oo----", "--o-o----" },
	{ SMPP_DELIVER_SM,         "---------", "--o-o----" },
	{ SMPP_ALERT_NOTIFICATION, "---------", "--o-o----" },
	{ SMPP_ENQUIRE_LINK,       "---------", "---------" },
	{ SMPP_UNBIND,             "---------", "---------" },
	{ SMPP_BIND_TRANSCEIVER,   "---------", "---------" },
	{ SMPP_OUTBIND,            "---------", "---------" },
	{ SMPP_SUBMIT_SM | SMPP_RESP, "---------", "---------" },
	{ SMPP_GENERIC_NACK,       "---------", "---------" },
	{ 0x00000999,              "---------", "---------" },
};
/* clang-format on */

START_TEST(every_request_in_every_state)
{
	for (unsigned i = 0; i < 2u * SITUATIONS; i++) {
		const enum situation in = i / 2;
		const enum smpp_role role = i % 2 == 0 ? SMPP_ESME : SMPP_SMSC;
		const char want = role == SMPP_ESME ? asks[_i].as_esme[in]
		                                    : asks[_i].as_smsc[in];
		struct peer *p = bring_to(role, in);

		if (p == NULL)
			continue;
		ck_assert_int_eq(smpp_session_request(p->s, asks[_i].id, NULL, 1, p->now),
		                 want == 'o' ? ERR_OK : ERR_STATE);
		if (want == 'o')
			peer_expects(p, asks[_i].id, 0);
		peer_expects_nothing(p);
		peer_free(p);
	}
}
END_TEST

START_TEST(unbind_in_every_state)
{
	static const char as_smsc[] = "ccwwwxxx-", as_esme[] = "-cwwwxxx-";

	for (unsigned i = 0; i < 2u * SITUATIONS; i++) {
		const enum situation in = i / 2;
		const enum smpp_role role = i % 2 == 0 ? SMPP_ESME : SMPP_SMSC;
		const char want = role == SMPP_ESME ? as_esme[in] : as_smsc[in];
		struct peer *p = bring_to(role, in);

		if (p == NULL)
			continue;
		smpp_session_unbind(p->s, p->now);
		if (want == 'w')
			peer_expects(p, SMPP_UNBIND, 0);
		peer_expects_nothing(p);
		peer_until(p, p->now);
		ck_assert_uint_eq(p->n, want == 'c');
		ck_assert_int_eq(smpp_session_state(p->s), want == 'c' || want == '-'
		                                                   ? SMPP_CLOSED
		                                                   : SMPP_UNBINDING);
		peer_free(p);
	}
}
END_TEST

START_TEST(accepting_is_for_a_bind_alone)
{
	for (unsigned i = 0; i < 2u * SITUATIONS; i++) {
		const enum situation in = i / 2;
		const enum smpp_role role = i % 2 == 0 ? SMPP_ESME : SMPP_SMSC;
		struct peer *p = bring_to(role, in);

		if (p == NULL || (in == BINDING && role == SMPP_SMSC)) {
			if (p != NULL)
				peer_free(p);
			continue;
		}
		const enum smpp_state before = smpp_session_state(p->s);
		smpp_session_accept(p->s, 1, 0, STR("SMSC"));
		peer_expects_nothing(p);
		ck_assert_int_eq(smpp_session_state(p->s), before);
		peer_free(p);
	}
}
END_TEST

/* However it stands, a connection that is gone is reported once, and then no more. */
START_TEST(hanging_up_in_every_state)
{
	for (unsigned i = 0; i < 2u * SITUATIONS; i++) {
		const enum situation in = i / 2;
		struct peer *p = bring_to(i % 2 == 0 ? SMPP_ESME : SMPP_SMSC, in);

		if (p == NULL)
			continue;
		smpp_session_hangup(p->s, "cut");
		smpp_session_hangup(p->s, "cut again");
		peer_until(p, p->now + 1000000);
		ck_assert_uint_eq(p->n, in == CLOSED ? 0 : 1);
		if (in != CLOSED)
			ck_assert_str_eq(peer_event(p, 0, SMPP_EVENT_CLOSED)->reason,
			                 "cut");
		ck_assert_int_eq(smpp_session_deadline(p->s), INT64_MAX);
		peer_free(p);
	}
}
END_TEST

/* Left alone in any state, a session ends or enquires; it never spins. */
START_TEST(time_passes_in_every_state)
{
	for (unsigned i = 0; i < 2u * SITUATIONS; i++) {
		const enum situation in = i / 2;
		struct peer *p = bring_to(i % 2 == 0 ? SMPP_ESME : SMPP_SMSC, in);

		if (p == NULL)
			continue;
		peer_until(p, p->now + 1000000);
		ck_assert_int_eq(smpp_session_state(p->s), SMPP_CLOSED);
		ck_assert_uint_eq(p->n, in == CLOSED ? 0 : 1);
		peer_free(p);
	}
}
END_TEST

SUITE("smpp/session_states", {
	tcase_add_loop_test(tc, every_pdu_in_every_state, 0, (int)COUNT_OF(sends));
	tcase_add_loop_test(tc, every_request_in_every_state, 0, (int)COUNT_OF(asks));
	tcase_add_test(tc, unbind_in_every_state);
	tcase_add_test(tc, accepting_is_for_a_bind_alone);
	tcase_add_test(tc, hanging_up_in_every_state);
	tcase_add_test(tc, time_passes_in_every_state);
})
