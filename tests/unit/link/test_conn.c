/*
 * test_conn.c - a session on a real socket: writes, partial writes, damage, closing.
 *
 * The conn under test is an ESME on one end of a socket pair; the test is the SMSC on
 * the other.  A SEQPACKET pair keeps the boundaries of send(), so that writes can be
 * counted.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link/conn.h"
#include "smpp/status.h"
#include "support/event_loop.h"
#include "support/suite.h"

enum {
	BIG = 1 << 20
};

struct owner {
	unsigned bound, requests, responses, lost, closed, batches;
	unsigned submit_when_bound;
	uint32_t last_sequence; /* of requests; they are numbered from 1 */
	bool answer, close_at_request, any_sequence;
	const char *reason;
	struct clock *clock;
};

static struct owner owner;
static struct conn *conn;
static int peer;

static void set_up(void)
{
	event_loop_open();
	owner = (struct owner){ .clock = &now };
	conn = NULL;
	peer = -1;
}

static void tear_down(void)
{
	if (conn != NULL)
		conn_destroy(conn);
	if (peer >= 0)
		(void)close(peer);
	event_loop_close();
}

static void submit(struct conn *c, struct owner *o, unsigned n)
{
	const union smpp_body body = {
		.submit_sm = { .source_addr = { (const uint8_t *)"10086", 5 },
		               .destination_addr = { (const uint8_t *)"13800001234", 11 },
		               .short_message = { (const uint8_t *)"hello", 5 } }
	};

	for (unsigned i = 0; i < n; i++)
		ck_assert_int_eq(smpp_session_request(conn_session(c), SMPP_SUBMIT_SM,
		                                      &body, i, clock_ms(o->clock)),
		                 ERR_OK);
	conn_flush(c);
}

static void on_event(void *ctx, struct conn *c, const struct smpp_event *ev)
{
	struct owner *o = ctx;

	ck_assert_uint_eq(o->closed, 0); /* CLOSED is the last event */
	o->bound += ev->kind == SMPP_EVENT_BOUND ? 1 : 0;
	o->responses += ev->kind == SMPP_EVENT_RESPONSE ? 1 : 0;
	o->lost += ev->kind == SMPP_EVENT_LOST ? 1 : 0;
	if (ev->kind == SMPP_EVENT_BOUND && o->submit_when_bound > 0)
		submit(c, o, o->submit_when_bound);
	if (ev->kind == SMPP_EVENT_REQUEST) {
		o->requests++;
		ck_assert(o->any_sequence || ev->sequence == ++o->last_sequence);
		if (o->answer)
			smpp_session_respond(conn_session(c), ev->command_id,
			                     ev->sequence, 0, NULL);
		if (o->close_at_request)
			conn_close(c, "enough");
	}
	if (ev->kind == SMPP_EVENT_CLOSED) {
		o->closed++;
		o->reason = ev->reason;
		conn = NULL;
	}
}

static void on_batch_end(void *ctx, struct conn *c)
{
	struct owner *o = ctx;

	(void)c;
	o->batches++;
}

static const struct conn_ops ops = { .event = on_event, .batch_end = on_batch_end };

static void connect_pair(int type, const struct smpp_session_conf *conf)
{
	int fd[2];

	ck_assert_int_eq(socketpair(AF_UNIX, type, 0, fd), 0);
	peer = fd[1];
	conn = conn_create(base, fd[0], conf, &ops, &owner, &now);
}

static struct smpp_session_conf esme(void)
{
	struct smpp_session_conf conf = smpp_session_defaults();

	conf.system_id = STR("hall");
	return conf;
}

/* One read of what the conn wrote: how many PDUs, of which the last is told. */
static unsigned read_pdus(int flags, struct smpp_header *last)
{
	static uint8_t octets[BIG];
	const ssize_t n = recv(peer, octets, sizeof(octets), flags);
	struct span in = { octets, n > 0 ? (size_t)n : 0 };
	unsigned count = 0;

	for (; in.n > 0; count++) {
		ck_assert_int_eq(smpp_header_read(in, last), ERR_OK);
		ck_assert_uint_le(last->length, in.n);
		in = span_skip(in, last->length);
	}
	return count;
}

static void send_octets(const void *p, size_t n)
{
	ck_assert_int_eq(send(peer, p, n, MSG_NOSIGNAL), (ssize_t)n);
}

/* n PDUs of the SMSC in one write. */
static void send_pdus(uint32_t command_id, uint32_t first_sequence, unsigned n)
{
	struct buf out = buf_make(BIG);

	for (unsigned i = 0; i < n; i++)
		ck_assert_int_eq(
			smpp_encode(command_id, 0, first_sequence + i, NULL, &out),
			ERR_OK);
	send_octets(out.p, out.n);
	buf_free(&out);
}

/* Answers the bind; everything up to BOUND. */
static void bind_conn(void)
{
	struct smpp_header h;

	(void)event_base_loop(base, EVLOOP_ONCE);
	ck_assert_uint_eq(read_pdus(0, &h), 1);
	ck_assert_uint_eq(h.command_id, SMPP_BIND_TRANSCEIVER);
	send_pdus(SMPP_BIND_TRANSCEIVER | SMPP_RESP, h.sequence, 1);
	RUN_UNTIL(owner.bound == 1);
}

START_TEST(everything_of_one_turn_leaves_in_one_write)
{
	const struct smpp_session_conf conf = esme();
	struct smpp_header h;

	owner.submit_when_bound = 50;
	owner.answer = true;
	connect_pair(SOCK_SEQPACKET, &conf);
	bind_conn();
	ck_assert_uint_eq(read_pdus(0, &h), 50);
	send_pdus(SMPP_DELIVER_SM, 1, 20);
	RUN_UNTIL(owner.requests == 20);
	submit(conn, &owner, 3); /* outside the loop: goes with the next turn */
	submit(conn, &owner, 2);
	RUN_UNTIL(smpp_session_output(conn_session(conn)).n == 0);
	ck_assert_uint_eq(read_pdus(0, &h), 20);
	ck_assert_uint_eq(read_pdus(0, &h), 5);
	ck_assert_int_eq(recv(peer, &h, sizeof(h), MSG_DONTWAIT), -1);
	ck_assert_uint_eq(owner.batches, 2); /* bind_resp, deliver_sm */
}
END_TEST

START_TEST(a_trickle_of_octets_and_a_flood_give_the_same_pdus)
{
	const struct smpp_session_conf conf = esme();
	struct buf out = buf_make(BIG);

	connect_pair(SOCK_STREAM, &conf);
	bind_conn();
	for (uint32_t i = 0; i < 2000; i++)
		ck_assert_int_eq(smpp_encode(SMPP_DELIVER_SM, 0, i + 1, NULL, &out),
		                 ERR_OK);
	for (size_t i = 0; i < 200; i++) { /* 4 PDUs and 3/5 of one, octet by octet */
		send_octets(out.p + i, 1);
		(void)event_base_loop(base, EVLOOP_ONCE);
	}
	RUN_UNTIL(owner.requests == 200 / (unsigned)(out.n / 2000));
	for (size_t at = 200; at < out.n; at += 7919) {
		send_octets(out.p + at, out.n - at < 7919 ? out.n - at : 7919);
		(void)event_base_loop(base, EVLOOP_ONCE);
	}
	RUN_UNTIL(owner.requests == 2000);
	ck_assert_uint_eq(owner.closed, 0);
	buf_free(&out);
}
END_TEST

/* Reads everything in small pieces, while the loop runs, and checks the sequence. */
static void read_slowly(unsigned expected)
{
	static uint8_t octets[4096];
	uint32_t sequence = 1; /* the bind had it */
	size_t n = 0;

	for (unsigned count = 0; count < expected && !late;) {
		const ssize_t got = recv(peer, octets + n, 100, MSG_DONTWAIT);

		if (got <= 0) {
			(void)event_base_loop(base, EVLOOP_ONCE);
			continue;
		}
		n += (size_t)got;
		while (n >= 16 && n >= be32(octets)) {
			const size_t length = be32(octets);

			ck_assert_uint_eq(be32(octets + 12), ++sequence);
			memmove(octets, octets + length, n - length);
			n -= length;
			count++;
		}
	}
	ck_assert(!late);
	ck_assert_uint_eq(n, 0);
}

START_TEST(a_small_socket_buffer_takes_everything_in_pieces)
{
	struct smpp_session_conf conf = esme();
	int fd[2];

	conf.window = 1000;
	owner.submit_when_bound = 1000;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	ck_assert_int_eq(
		setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &(int){ 1 }, sizeof(int)), 0);
	peer = fd[1];
	conn = conn_create(base, fd[0], &conf, &ops, &owner, &now);
	bind_conn();
	ck_assert_uint_gt(smpp_session_output(conn_session(conn)).n, 0);
	read_slowly(1000);
	ck_assert_uint_eq(smpp_session_output(conn_session(conn)).n, 0);
}
END_TEST

START_TEST(a_peer_that_does_not_read_is_not_read_either)
{
	struct smpp_session_conf conf = esme();
	size_t sent = 0;
	struct buf out = buf_make(BIG);

	conf.output_limit = 4096;
	owner.answer = owner.any_sequence = true;
	connect_pair(SOCK_STREAM, &conf);
	bind_conn();
	for (uint32_t i = 0; i < 100; i++)
		ck_assert_int_eq(smpp_encode(SMPP_DELIVER_SM, 0, i + 1, NULL, &out),
		                 ERR_OK);
	for (;;) { /* until the pipe to it is full and stays so */
		const ssize_t n = send(peer, out.p, out.n, MSG_DONTWAIT | MSG_NOSIGNAL);

		(void)event_base_loop(base, EVLOOP_NONBLOCK);
		(void)event_base_loop(base, EVLOOP_NONBLOCK);
		if (n < (ssize_t)out.n)
			break;
		sent += (size_t)n;
		ck_assert_uint_lt(sent, 64U << 20);
	}
	ck_assert_uint_eq(owner.closed, 0);
	ck_assert_uint_lt(smpp_session_output(conn_session(conn)).n, 4096 + 65536);
	buf_free(&out);
}
END_TEST

START_TEST(while_paused_nothing_is_read)
{
	const struct smpp_session_conf conf = esme();

	connect_pair(SOCK_STREAM, &conf);
	bind_conn();
	conn_pause(conn, true);
	send_pdus(SMPP_DELIVER_SM, 1, 3);
	for (int i = 0; i < 10; i++)
		(void)event_base_loop(base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(owner.requests, 0);
	conn_pause(conn, false);
	RUN_UNTIL(owner.requests == 3);
}
END_TEST

/* clang-format off */
static const struct {
	const char *octets;
	size_t n;
	const char *reason;
} garbage[] = {
	{ "GET / HTTP/1.1\r\n\r\n", 18, "peer speaks text, such as HTTP, not SMPP" },
	{ "\0\0\0\0", 4, "command_length out of bounds" },
	{ "\0\0\0\x02\0", 5, "command_length out of bounds" },
	{ "\0\0\0\x0f", 4, "command_length out of bounds" },
	{ "\x80\0\0\0", 4, "command_length out of bounds" },
	{ "\0\x01\0\x01", 4, "command_length out of bounds" },
};
/* clang-format on */

START_TEST(garbage_ends_the_conn_with_a_word)
{
	const struct smpp_session_conf conf = esme();
	struct smpp_header h;

	connect_pair(SOCK_STREAM, &conf);
	bind_conn();
	submit(conn, &owner, 4);
	send_octets(garbage[_i].octets, garbage[_i].n);
	RUN_UNTIL(owner.closed == 1);
	ck_assert_str_eq(owner.reason, garbage[_i].reason);
	ck_assert_uint_eq(owner.lost, 4);
	ck_assert_uint_eq(read_pdus(0, &h), 5); /* the submits, then generic_nack */
	ck_assert_uint_eq(h.command_id, SMPP_GENERIC_NACK);
	ck_assert_uint_eq(h.status, SMPP_ESME_RINVCMDLEN);
	ck_assert_int_eq(recv(peer, &h, 1, 0), 0);
}
END_TEST

START_TEST(end_of_file_loses_what_was_under_way)
{
	const struct smpp_session_conf conf = esme();

	owner.submit_when_bound = 7;
	connect_pair(SOCK_STREAM, &conf);
	bind_conn();
	send_octets("\0\0\0\x10\0", 5); /* a PDU begun */
	(void)close(peer);
	peer = -1;
	RUN_UNTIL(owner.closed == 1);
	/* Whether it meets the end when reading or the reset when writing is a matter of order. */
	ck_assert(strcmp(owner.reason, "closed by peer") == 0 ||
	          strcmp(owner.reason, "connection reset by peer") == 0);
	ck_assert_uint_eq(owner.lost, 7);
	ck_assert_uint_eq(owner.requests, 0);
}
END_TEST

START_TEST(closing_inside_an_event_takes_effect_after_it)
{
	const struct smpp_session_conf conf = esme();

	owner.submit_when_bound = 2;
	owner.close_at_request = true;
	connect_pair(SOCK_STREAM, &conf);
	bind_conn();
	send_pdus(SMPP_DELIVER_SM, 1, 3);
	RUN_UNTIL(owner.closed == 1);
	ck_assert_str_eq(owner.reason, "enough");
	ck_assert_uint_eq(owner.requests, 1);
	ck_assert_uint_eq(owner.lost, 2);
}
END_TEST

START_TEST(destroying_says_nothing)
{
	const struct smpp_session_conf conf = esme();

	owner.submit_when_bound = 2;
	connect_pair(SOCK_STREAM, &conf);
	bind_conn();
	conn_flush(conn);
	conn_destroy(conn);
	conn = NULL;
	(void)event_base_loop(base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(owner.lost + owner.closed, 0);
}
END_TEST

/* clang-format off */
static const struct {
	int64_t bind_ms, enquire_ms, pdu_ms;
	bool binds, begins_pdu;
	const char *reason;
} silences[] = {
	{ 30, 0, 60000, false, false, "not bound in time" },
	{ 60000, 20, 60000, true, false, "enquire_link unanswered" },
	{ 60000, 0, 30, true, true, "PDU begun but not finished in time" },
};
/* clang-format on */

START_TEST(a_silent_peer_is_given_up)
{
	struct smpp_session_conf conf = esme();

	conf.bind_timeout_ms = silences[_i].bind_ms;
	conf.enquire_ms = silences[_i].enquire_ms;
	conf.response_timeout_ms = 30;
	conf.pdu_timeout_ms = silences[_i].pdu_ms;
	connect_pair(SOCK_STREAM, &conf);
	if (silences[_i].binds)
		bind_conn();
	if (silences[_i].begins_pdu)
		send_octets("\0\0\0\x10\0", 5);
	RUN_UNTIL(owner.closed == 1);
	ck_assert_str_eq(owner.reason, silences[_i].reason);
}
END_TEST

SUITE("conn", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, everything_of_one_turn_leaves_in_one_write);
	tcase_add_test(tc, a_trickle_of_octets_and_a_flood_give_the_same_pdus);
	tcase_add_test(tc, a_small_socket_buffer_takes_everything_in_pieces);
	tcase_add_test(tc, a_peer_that_does_not_read_is_not_read_either);
	tcase_add_test(tc, while_paused_nothing_is_read);
	tcase_add_loop_test(tc, garbage_ends_the_conn_with_a_word, 0,
	                    (int)(sizeof(garbage) / sizeof(garbage[0])));
	tcase_add_test(tc, end_of_file_loses_what_was_under_way);
	tcase_add_test(tc, closing_inside_an_event_takes_effect_after_it);
	tcase_add_test(tc, destroying_says_nothing);
	tcase_add_loop_test(tc, a_silent_peer_is_given_up, 0,
	                    (int)(sizeof(silences) / sizeof(silences[0])));
})
