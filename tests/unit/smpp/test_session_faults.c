/*
 * test_session_faults.c - hostile and broken peers: lengths, bodies, trickles,
 * silence in the middle, readers that do not read.
 */
#include "peer.h"
#include "smpp/tlv.h"
#include "support/suite.h"

/* N9, T10: none of these lengths is believed, or waited or allocated for. */
START_TEST(a_length_that_cannot_be_closes)
{
	static const uint32_t lengths[] = { 0,     1,          2,          8,         15,
		                            65537, 0x7fffffff, 0x80000000, 0xffffffff };

	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		struct peer *p = peer_bound(SMPP_SMSC, SMPP_BIND_TRX);

		buf_put_be32(&p->in, lengths[i]);
		peer_flush(p);
		peer_expects_closed(p, "command_length");
		ck_assert_uint_eq(p->n, 1);
		ck_assert_uint_eq(
			peer_expects(p, SMPP_GENERIC_NACK, SMPP_ESME_RINVCMDLEN).sequence,
			0);
		ck_assert_uint_eq(p->in.n, 0);
		peer_free(p);
	}
}
END_TEST

START_TEST(the_longest_pdu_is_taken)
{
	static uint8_t payload[UINT16_MAX];
	struct peer *p = peer_bound(SMPP_SMSC, SMPP_BIND_TRX);
	union smpp_body body = peer_message();
	struct buf tlvs = buf_make(70000);

	smpp_tlv_put_octets(&tlvs, SMPP_TAG_MESSAGE_PAYLOAD,
	                    (struct span){ payload, sizeof(payload) - 56 });
	body.submit_sm.tlvs = buf_span(&tlvs);
	peer_sends(p, SMPP_SUBMIT_SM, 0, 1, &body);
	peer_event(p, 0, SMPP_EVENT_REQUEST);
	ck_assert_uint_eq(p->log[0].raw.n, 65536);
	peer_free(p);
	buf_free(&tlvs);
}
END_TEST

/* N8 */
START_TEST(text_on_the_port_is_called_text)
{
	static const char *const texts[] = { "GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x",
		                             "POST", "HELO x" };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct smpp_session_conf conf = smpp_session_defaults();
		struct peer *p;

		conf.role = SMPP_SMSC;
		p = peer_new(&conf);
		peer_octets(p, texts[i], strlen(texts[i]));
		peer_expects_closed(p, "text, such as HTTP");
		peer_free(p);
	}
}
END_TEST

static void put_header(struct buf *b, uint32_t length, uint32_t id, uint32_t sequence)
{
	buf_put_be32(b, length);
	buf_put_be32(b, id);
	buf_put_be32(b, 0);
	buf_put_be32(b, sequence);
}

#define ADDRESSES       \
	"\0\1\1"        \
	"13800138000\0" \
	"\0\1"          \
	"10086\0"

/* N10: each body is answered with its status, and the link lives. */
START_TEST(a_body_at_fault_is_refused_alone)
{
	static const struct {
		uint32_t id;
		struct span body;
		uint32_t status;
	} rows[] = {
		{ SMPP_SUBMIT_SM, { NULL, 0 }, SMPP_ESME_RINVCMDLEN },
		{ SMPP_SUBMIT_SM,
		  { (const uint8_t *)"123456", 6 },
		  SMPP_ESME_RINVSERTYP },
		{ SMPP_SUBMIT_SM,
		  { (const uint8_t *)"\0\1\1"
		                     "123456789012345678901",
		    24 },
		  SMPP_ESME_RINVSRCADR },
		/* sm_length past the end, and past 254 */
		{ SMPP_SUBMIT_SM,
		  { (const uint8_t *)ADDRESSES "\0\0\0\0\0\0\0\0\0\4YE", 35 },
		  SMPP_ESME_RINVMSGLEN },
		{ SMPP_SUBMIT_SM,
		  { (const uint8_t *)ADDRESSES "\0\0\0\0\0\0\0\0\0\377YE", 35 },
		  SMPP_ESME_RINVMSGLEN },
		/* parameters: overrun, cut header, wrong length of a known one */
		{ SMPP_SUBMIT_SM,
		  { (const uint8_t *)ADDRESSES "\0\0\0\0\0\0\0\0\0\0\4\x24\0\3YE", 39 },
		  SMPP_ESME_RINVOPTPARSTREAM },
		{ SMPP_SUBMIT_SM,
		  { (const uint8_t *)ADDRESSES "\0\0\0\0\0\0\0\0\0\0\4\x24\0", 36 },
		  SMPP_ESME_RINVOPTPARSTREAM },
		{ SMPP_SUBMIT_SM,
		  { (const uint8_t *)ADDRESSES "\0\0\0\0\0\0\0\0\0\0\2\4\0\1Y", 38 },
		  SMPP_ESME_RINVPARLEN },
		{ SMPP_QUERY_SM,
		  { (const uint8_t *)"id\0\1\1"
		                     "10086\0x",
		    12 },
		  SMPP_ESME_RINVCMDLEN },
		{ SMPP_SUBMIT_MULTI,
		  { (const uint8_t *)"\0\1\1\0\1\7", 6 },
		  SMPP_ESME_RINVNUMDESTS },
	};
	struct peer *p = peer_bound(SMPP_SMSC, SMPP_BIND_TRX);
	const union smpp_body good = peer_message();

	for (uint32_t i = 0; i < COUNT_OF(rows); i++) {
		put_header(&p->in, (uint32_t)(SMPP_HEADER + rows[i].body.n), rows[i].id,
		           i);
		peer_octets(p, rows[i].body.p, rows[i].body.n);
		ck_assert_uint_eq(
			peer_expects(p, rows[i].id | SMPP_RESP, rows[i].status).sequence,
			i);
		ck_assert_uint_eq(p->n, i);
		peer_sends(p, SMPP_SUBMIT_SM, 0, 99, &good);
		peer_event(p, i, SMPP_EVENT_REQUEST);
	}
	peer_free(p);
}
END_TEST

/* Vendors' parameters and a string without its NUL are no fault. */
START_TEST(unknown_parameters_pass)
{
	static const uint8_t tlvs[] = "\x14\x01\0\0\x27\x10\0\3abc\0\x1e\0\2id";
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);
	union smpp_body body = peer_message();

	body.deliver_sm.tlvs = (struct span){ tlvs, sizeof(tlvs) - 1 };
	peer_sends(p, SMPP_DELIVER_SM, 0, 1, &body);
	peer_event(p, 0, SMPP_EVENT_REQUEST);
	peer_expects_nothing(p);
	peer_free(p);
}
END_TEST

/* N11 */
START_TEST(an_unknown_command_is_nacked)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);

	put_header(&p->in, 20, 0x00000111, 5);
	peer_octets(p, "\1\2\3\4", 4);
	ck_assert_uint_eq(
		peer_expects(p, SMPP_GENERIC_NACK, SMPP_ESME_RINVCMDID).sequence, 5);
	/* Answering an unknown response would be the start of a long talk. */
	put_header(&p->in, 16, 0x80000111, 5);
	peer_flush(p);
	peer_expects_nothing(p);
	ck_assert_uint_eq(p->n, 0);
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_BOUND);
	peer_free(p);
}
END_TEST

/* -- pieces --------------------------------------------------------------------- */

/* A talk with something of everything in it, ended by a length that cannot be. */
static struct buf long_talk(void)
{
	static const uint32_t ids[] = { SMPP_DELIVER_SM,   SMPP_ENQUIRE_LINK,
		                        0x00000111,        SMPP_SUBMIT_SM | SMPP_RESP,
		                        SMPP_GENERIC_NACK, SMPP_SUBMIT_SM,
		                        SMPP_DATA_SM,      SMPP_ALERT_NOTIFICATION };
	const union smpp_body body = peer_message();
	struct buf talk = buf_make(1 << 20);

	for (uint32_t i = 0; i < 200; i++) {
		const uint32_t id = ids[i % COUNT_OF(ids)];

		if (id == 0x111)
			put_header(&talk, 16, id, i);
		else
			ck_assert_int_eq(smpp_encode(id, 0, 2 + i / 16,
			                             id == SMPP_DELIVER_SM ? &body : NULL,
			                             &talk),
			                 ERR_OK);
	}
	put_header(&talk, 3, 0, 0);
	return talk;
}

/* Events and output of the talk, in chunks of 1..most octets. */
static struct buf hear(const struct buf *talk, unsigned most, unsigned seed)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p;
	struct buf heard;

	p = peer_bound_with(conf, SMPP_BIND_TRX);
	for (uint64_t i = 0; i < 10; i++)
		ck_assert_int_eq(submit(p, i), ERR_OK);
	srand(seed);
	for (size_t at = 0; at < talk->n;) {
		size_t n = 1 + (unsigned)rand() % most;

		n = n < talk->n - at ? n : talk->n - at;
		peer_octets(p, talk->p + at, n);
		at += n;
	}
	peer_expects_closed(p, "command_length");
	heard = p->text;
	buf_put(&heard, smpp_session_output(p->s).p, smpp_session_output(p->s).n);
	p->text = buf_make(1);
	peer_free(p);
	return heard;
}

/* N6, N7, T11 */
START_TEST(chunks_make_no_difference)
{
	static const unsigned chunks[] = { 1, 3, 17, 100, 5000 };
	struct buf talk = long_talk();
	struct buf whole = hear(&talk, 1, 0);

	ck_assert_uint_gt(whole.n, 3000);
	for (unsigned i = 0; i < 4 * COUNT_OF(chunks); i++) {
		struct buf again = hear(&talk, chunks[i / 4], i);

		ck_assert_uint_eq(again.n, whole.n);
		ck_assert_mem_eq(again.p, whole.p, whole.n);
		buf_free(&again);
	}
	struct buf block = hear(&talk, 1u << 30, 3);
	ck_assert_uint_eq(block.n, whole.n);
	ck_assert_mem_eq(block.p, whole.p, whole.n);
	buf_free(&block);
	buf_free(&whole);
	buf_free(&talk);
}
END_TEST

/* N5, N6: an octet a second is as good as none; the time runs from the first. */
START_TEST(a_pdu_begun_has_to_be_finished)
{
	static const uint8_t header[16] = { 0, 0, 0, 200, 0, 0, 0, 5 };
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);

	for (size_t i = 0; i < 31; i++) {
		peer_octets(p, header + i % 16, 1);
		peer_until(p, p->now + 1000);
		if (i < 29)
			ck_assert_uint_eq(p->n, 0);
	}
	peer_expects_closed(p, "not finished in time");
	ck_assert_uint_eq(p->n, 1);
	peer_free(p);
}
END_TEST

START_TEST(a_finished_pdu_stops_its_clock)
{
	const union smpp_body body = peer_message();
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX);
	struct buf wire = buf_make(1000);

	ck_assert_int_eq(smpp_encode(SMPP_DELIVER_SM, 0, 1, &body, &wire), ERR_OK);
	for (size_t i = 0; i < 3; i++) {
		peer_octets(p, wire.p, 10);
		peer_until(p, p->now + 20000);
		/* The rest, and the beginning of another, whose clock starts here. */
		buf_put(&p->in, wire.p + 10, wire.n - 10);
		peer_octets(p, wire.p, 10);
		peer_until(p, p->now + 20000);
		peer_octets(p, wire.p + 10, wire.n - 10);
	}
	ck_assert_uint_eq(p->n, 6);
	ck_assert_int_eq(smpp_session_deadline(p->s), p->now + 30000); /* idle, no part */
	buf_free(&wire);
	peer_free(p);
}
END_TEST

/* -- output ---------------------------------------------------------------------- */

START_TEST(requests_stop_at_the_output_limit)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p;
	enum err e;

	conf.output_limit = 1000;
	p = peer_bound_with(conf, SMPP_BIND_TRX);
	do
		e = submit(p, 1);
	while (e == ERR_OK);
	ck_assert_int_eq(e, ERR_FULL);
	ck_assert_uint_le(smpp_session_output(p->s).n, 1000);
	ck_assert_uint_lt(smpp_session_pending(p->s), 100);
	/* Responses still go out. */
	peer_sends(p, SMPP_ENQUIRE_LINK, 0, 1, NULL);
	ck_assert_int_eq(smpp_session_state(p->s), SMPP_BOUND);
	const size_t n = smpp_session_output(p->s).n;
	smpp_session_sent(p->s, n);
	ck_assert_int_eq(submit(p, 2), ERR_OK);
	peer_free(p);
}
END_TEST

/* N13: it asks and asks, and reads no answer. */
START_TEST(a_peer_that_does_not_read_is_closed)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p;

	conf.output_limit = 1000;
	p = peer_bound_with(conf, SMPP_BIND_TRX);
	ck_assert_int_eq(submit(p, 1), ERR_OK);
	for (uint32_t i = 0; i < 100000 && smpp_session_state(p->s) != SMPP_CLOSED; i++)
		peer_sends(p, SMPP_ENQUIRE_LINK, 0, i, NULL);
	peer_event(p, 0, SMPP_EVENT_LOST);
	peer_expects_closed(p, "does not read");
	ck_assert_uint_le(smpp_session_output(p->s).n, 1000 + 65536);
	peer_free(p);
}
END_TEST

/* The owner may write as little at a time as the socket takes. */
START_TEST(output_goes_out_in_any_pieces)
{
	struct peer *p = peer_bound(SMPP_ESME, SMPP_BIND_TRX),
		    *q = peer_bound(SMPP_ESME, SMPP_BIND_TRX);
	struct buf got = buf_make(100000);

	for (uint64_t i = 0; i < 50; i++) {
		ck_assert_int_eq(submit(p, i), ERR_OK);
		ck_assert_int_eq(submit(q, i), ERR_OK);
		const struct span out = smpp_session_output(q->s);
		const size_t n = out.n < 37 ? out.n : 37;
		buf_put(&got, out.p, n);
		smpp_session_sent(q->s, n);
	}
	buf_put(&got, smpp_session_output(q->s).p, smpp_session_output(q->s).n);
	ck_assert_uint_eq(got.n, smpp_session_output(p->s).n);
	ck_assert_mem_eq(got.p, smpp_session_output(p->s).p, got.n);
	buf_free(&got);
	peer_free(p);
	peer_free(q);
}
END_TEST

SUITE("smpp/session_faults", {
	tcase_add_test(tc, a_length_that_cannot_be_closes);
	tcase_add_test(tc, the_longest_pdu_is_taken);
	tcase_add_test(tc, text_on_the_port_is_called_text);
	tcase_add_test(tc, a_body_at_fault_is_refused_alone);
	tcase_add_test(tc, unknown_parameters_pass);
	tcase_add_test(tc, an_unknown_command_is_nacked);
	tcase_add_test(tc, chunks_make_no_difference);
	tcase_add_test(tc, a_pdu_begun_has_to_be_finished);
	tcase_add_test(tc, a_finished_pdu_stops_its_clock);
	tcase_add_test(tc, requests_stop_at_the_output_limit);
	tcase_add_test(tc, a_peer_that_does_not_read_is_closed);
	tcase_add_test(tc, output_goes_out_in_any_pieces);
})
