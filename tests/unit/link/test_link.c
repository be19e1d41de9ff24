/*
 * test_link.c - dialling, binding and dialling again, over TCP on loopback.
 *
 * The SMSC is a bare listener that hands each connection to a conn of that role.
 */
#include <arpa/inet.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link/link.h"
#include "smpp/status.h"
#include "support/event_loop.h"
#include "support/suite.h"

enum {
	PEERS = 16
};

/* The SMSC: its connections, and how it answers binds. */
struct smsc {
	struct evconnlistener *listener;
	int port;
	struct conn *conn[PEERS];
	int fd[PEERS];
	unsigned accepted, binds, requests, responses, closed;
	uint32_t bind_status;
	bool silent; /* binds are not answered */
};

/* What a link told its owner. */
struct heard {
	unsigned bound, down, requests, responses, lost;
	int64_t down_ms, bound_ms;
	const char *reason;
	struct link *link;
};

static struct smsc smsc;

/* -- the SMSC --------------------------------------------------------------- */

static void smsc_event(void *ctx, struct conn *c, const struct smpp_event *ev)
{
	struct smsc *s = ctx;

	s->responses += ev->kind == SMPP_EVENT_RESPONSE ? 1 : 0;
	if (ev->kind == SMPP_EVENT_BIND) {
		s->binds++;
		if (!s->silent)
			smpp_session_accept(conn_session(c), ev->sequence, s->bind_status,
			                    STR("smsc"));
	}
	if (ev->kind == SMPP_EVENT_REQUEST) {
		s->requests++;
		smpp_session_respond(conn_session(c), ev->command_id, ev->sequence, 0,
		                     NULL);
	}
	if (ev->kind == SMPP_EVENT_CLOSED) {
		s->closed++;
		for (size_t i = 0; i < PEERS; i++)
			s->conn[i] = s->conn[i] == c ? NULL : s->conn[i];
	}
}

static const struct conn_ops smsc_ops = { .event = smsc_event };

static void on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from,
                      int n, void *ctx)
{
	struct smsc *s = ctx;
	struct smpp_session_conf conf = smpp_session_defaults();

	(void)l;
	(void)from;
	(void)n;
	conf.role = SMPP_SMSC;
	ck_assert_uint_lt(s->accepted, PEERS);
	s->fd[s->accepted] = fd;
	s->conn[s->accepted++] = conn_create(base, fd, &conf, &smsc_ops, s, &now);
}

static void smsc_listen(struct smsc *s, int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_port = htons((uint16_t)port),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);

	s->listener = evconnlistener_new_bind(base, on_accept, s,
	                                      LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE,
	                                      16, (struct sockaddr *)&at, sizeof(at));
	ck_assert_ptr_nonnull(s->listener);
	ck_assert_int_eq(getsockname(evconnlistener_get_fd(s->listener),
	                             (struct sockaddr *)&at, &n),
	                 0);
	s->port = ntohs(at.sin_port);
}

static void smsc_unlisten(struct smsc *s)
{
	if (s->listener != NULL)
		evconnlistener_free(s->listener);
	s->listener = NULL;
}

static void smsc_cut(struct smsc *s)
{
	for (size_t i = 0; i < PEERS; i++) {
		if (s->conn[i] != NULL)
			conn_destroy(s->conn[i]);
		s->conn[i] = NULL;
	}
}

/* -- the links' owner --------------------------------------------------------- */

static void on_bound(void *ctx, struct link *l)
{
	struct heard *h = ctx;

	ck_assert_ptr_nonnull(link_session(l));
	ck_assert_int_eq(link_state(l), LINK_UP);
	h->bound++;
	h->bound_ms = clock_ms(&now);
}

static void on_event(void *ctx, struct link *l, const struct smpp_event *ev)
{
	struct heard *h = ctx;

	h->responses += ev->kind == SMPP_EVENT_RESPONSE ? 1 : 0;
	h->lost += ev->kind == SMPP_EVENT_LOST ? 1 : 0;
	if (ev->kind != SMPP_EVENT_REQUEST)
		return;
	h->requests++;
	smpp_session_respond(link_session(l), ev->command_id, ev->sequence, 0, NULL);
}

static void on_down(void *ctx, struct link *l, const char *reason)
{
	struct heard *h = ctx;

	ck_assert_ptr_null(link_session(l));
	h->down++;
	h->down_ms = clock_ms(&now);
	h->reason = reason;
}

static const struct link_ops link_ops = { .bound = on_bound,
	                                  .event = on_event,
	                                  .down = on_down };

static struct heard *start(struct heard *h, const char *host, int port)
{
	struct link_conf conf = { .name = "smsc-a",
		                  .host = host,
		                  .port = port,
		                  .session = smpp_session_defaults(),
		                  .reconnect_max_ms = 60000,
		                  .jitter_seed = 3 };

	conf.session.system_id = STR("hall");
	conf.session.bind_timeout_ms = smsc.silent ? 50 : 10000;
	*h = (struct heard){ 0 };
	h->link = link_create(base, &conf, &link_ops, h, &now, NULL);
	ck_assert_int_eq(link_state(h->link), LINK_DIALLING);
	ck_assert_ptr_null(link_session(h->link));
	return h;
}

static void set_up(void)
{
	event_loop_open();
	smsc = (struct smsc){ 0 };
	smsc_listen(&smsc, 0);
}

static void tear_down(void)
{
	smsc_cut(&smsc);
	smsc_unlisten(&smsc);
	event_loop_close();
}

/* -- tests ---------------------------------------------------------------------- */

static enum err request(struct smpp_session *s, uint32_t command_id)
{
	return smpp_session_request(s, command_id, NULL, 1, clock_ms(&now));
}

START_TEST(a_link_binds_and_carries_both_directions)
{
	struct heard h;

	(void)start(&h, "127.0.0.1", smsc.port);
	RUN_UNTIL(h.bound == 1);
	ck_assert_int_eq(request(link_session(h.link), SMPP_SUBMIT_SM), ERR_OK);
	link_flush(h.link);
	ck_assert_int_eq(request(conn_session(smsc.conn[0]), SMPP_DELIVER_SM), ERR_OK);
	conn_flush(smsc.conn[0]);
	RUN_UNTIL(h.responses == 1 && h.requests == 1 && smsc.responses == 1);
	link_destroy(h.link);
	RUN_UNTIL(smsc.closed == 1);
	ck_assert_uint_eq(h.down, 0);
}
END_TEST

START_TEST(garbage_on_one_link_harms_no_other)
{
	struct heard a, b;

	(void)start(&a, "127.0.0.1", smsc.port);
	RUN_UNTIL(a.bound == 1);
	(void)start(&b, "127.0.0.1", smsc.port);
	RUN_UNTIL(b.bound == 1);
	ck_assert_int_eq(request(link_session(a.link), SMPP_SUBMIT_SM), ERR_OK);
	ck_assert_int_eq(request(link_session(a.link), SMPP_SUBMIT_SM), ERR_OK);
	/* Not flushed: the garbage is read before there are responses. */
	ck_assert_int_eq(send(smsc.fd[0], "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL),
	                 18);
	ck_assert_int_eq(request(conn_session(smsc.conn[1]), SMPP_DELIVER_SM), ERR_OK);
	conn_flush(smsc.conn[1]);
	RUN_UNTIL(a.down == 1 && b.requests == 1 && a.bound == 2);
	ck_assert_uint_eq(a.lost, 2);
	ck_assert_str_eq(a.reason, "peer speaks text, such as HTTP, not SMPP");
	ck_assert_uint_eq(b.down, 0);
	link_destroy(a.link);
	link_destroy(b.link);
}
END_TEST

START_TEST(a_lost_session_is_bound_again_within_100_ms)
{
	struct heard h;

	(void)start(&h, "127.0.0.1", smsc.port);
	for (unsigned i = 1; i <= 10; i++) {
		RUN_UNTIL(h.bound == i);
		smsc_cut(&smsc);
		RUN_UNTIL(h.down == i);
		ck_assert_int_eq(link_state(h.link), LINK_WAITING);
		ck_assert_int_le(link_retry_ms(h.link) - h.down_ms, 100);
	}
	RUN_UNTIL(h.bound == 11);
	ck_assert_int_eq(link_retry_ms(h.link), INT64_MAX);
	link_destroy(h.link);
}
END_TEST

START_TEST(a_restarted_smsc_is_found_again)
{
	struct heard h;
	const int port = smsc.port;

	smsc_unlisten(&smsc);
	(void)start(&h, "127.0.0.1", port);
	RUN_UNTIL(link_state(h.link) == LINK_WAITING);
	ck_assert_int_ge(link_retry_ms(h.link) - clock_ms(&now), 900);
	ck_assert_int_le(link_retry_ms(h.link) - clock_ms(&now), 1250);
	smsc_listen(&smsc, port);
	RUN_UNTIL(h.bound == 1);
	link_destroy(h.link);
}
END_TEST

static const struct {
	uint32_t status;
	int64_t least_ms;
} refusals[] = {
	{ SMPP_ESME_RINVPASWD, 60000 },
	{ SMPP_ESME_RINVSYSID, 60000 },
	{ SMPP_ESME_RALYBND, 5000 },
	{ SMPP_ESME_RSYSERR, 1000 },
};

/* The clock stands still, so that the time of the next attempt is exact. */
START_TEST(a_refused_bind_is_left_alone)
{
	const int64_t at = clock_ms(&now), least = refusals[_i].least_ms;
	struct heard h;

	now.read = NULL;
	smsc.bind_status = refusals[_i].status;
	(void)start(&h, "127.0.0.1", smsc.port);
	RUN_UNTIL(link_state(h.link) == LINK_WAITING);
	ck_assert_int_ge(link_retry_ms(h.link), at + least);
	ck_assert_int_le(link_retry_ms(h.link), at + least * 5 / 4);
	ck_assert_uint_eq(smsc.binds, 1);
	ck_assert_uint_eq(h.bound + h.down, 0);
	link_destroy(h.link);
}
END_TEST

START_TEST(a_bind_that_is_never_answered_backs_off)
{
	struct heard h;

	smsc.silent = true;
	(void)start(&h, "127.0.0.1", smsc.port);
	RUN_UNTIL(link_state(h.link) == LINK_WAITING);
	ck_assert_uint_eq(smsc.binds, 1);
	ck_assert_int_ge(link_retry_ms(h.link) - clock_ms(&now), 900);
	link_destroy(h.link);
}
END_TEST

START_TEST(stopping_unbinds_and_drains)
{
	struct heard h;

	(void)start(&h, "127.0.0.1", smsc.port);
	RUN_UNTIL(h.bound == 1);
	ck_assert_int_eq(request(link_session(h.link), SMPP_SUBMIT_SM), ERR_OK);
	link_stop(h.link);
	ck_assert_ptr_nonnull(link_session(h.link));
	ck_assert_int_eq(request(link_session(h.link), SMPP_SUBMIT_SM), ERR_STATE);
	RUN_UNTIL(h.down == 1);
	ck_assert_uint_eq(h.responses, 1);
	ck_assert_uint_eq(h.lost, 0);
	ck_assert_str_eq(h.reason, "unbound");
	RUN_UNTIL(smsc.closed == 1);
	ck_assert_int_eq(link_state(h.link), LINK_STOPPED);
	ck_assert_uint_eq(smsc.accepted, 1);
	link_destroy(h.link);
}
END_TEST

START_TEST(stopping_and_destroying_are_allowed_in_every_state)
{
	struct heard dialling, waiting, binding;

	smsc.silent = true;
	(void)start(&dialling, "127.0.0.1", smsc.port);
	(void)start(&binding, "127.0.0.1", smsc.port);
	RUN_UNTIL(link_state(binding.link) == LINK_BINDING);
	(void)start(&waiting, "127.0.0.1", 1); /* nobody listens there */
	RUN_UNTIL(link_state(waiting.link) == LINK_WAITING);
	link_destroy(dialling.link);
	(void)start(&dialling, "127.0.0.1", smsc.port);
	if (_i == 0) {
		link_stop(dialling.link);
		link_stop(binding.link);
		link_stop(waiting.link);
		for (int i = 0; i < 5; i++)
			(void)event_base_loop(base, EVLOOP_NONBLOCK);
		ck_assert_int_eq(link_state(binding.link), LINK_STOPPED);
		ck_assert_int_eq(link_state(waiting.link), LINK_STOPPED);
	}
	link_destroy(dialling.link);
	link_destroy(binding.link);
	link_destroy(waiting.link);
	link_destroy(NULL);
}
END_TEST

/* "localhost" may be ::1 first, where nobody listens: the next address is tried. */
START_TEST(names_are_resolved)
{
	struct heard h;

	(void)start(&h, "localhost", smsc.port);
	RUN_UNTIL(h.bound == 1);
	link_destroy(h.link);
}
END_TEST

/* A link that is gone while the resolver still looks: nothing is called, nothing leaks. */
START_TEST(a_link_may_go_while_its_name_is_looked_up)
{
	struct heard h;

	(void)start(&h, "smsc.invalid", smsc.port);
	link_destroy(h.link);
	for (int i = 0; i < 5; i++)
		(void)event_base_loop(base, EVLOOP_NONBLOCK);
}
END_TEST

START_TEST(states_have_names)
{
	ck_assert_str_eq(link_state_name(LINK_DIALLING), "dialling");
	ck_assert_str_eq(link_state_name(LINK_STOPPED), "stopped");
}
END_TEST

SUITE("link", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_link_binds_and_carries_both_directions);
	tcase_add_test(tc, garbage_on_one_link_harms_no_other);
	tcase_add_test(tc, a_lost_session_is_bound_again_within_100_ms);
	tcase_add_test(tc, a_restarted_smsc_is_found_again);
	tcase_add_loop_test(tc, a_refused_bind_is_left_alone, 0,
	                    (int)(sizeof(refusals) / sizeof(refusals[0])));
	tcase_add_test(tc, a_bind_that_is_never_answered_backs_off);
	tcase_add_test(tc, stopping_unbinds_and_drains);
	tcase_add_loop_test(tc, stopping_and_destroying_are_allowed_in_every_state, 0, 2);
	tcase_add_test(tc, names_are_resolved);
	tcase_add_test(tc, a_link_may_go_while_its_name_is_looked_up);
	tcase_add_test(tc, states_have_names);
})
