/*
 * test_dial.c - several addresses are tried in turn, beginning with any of them.
 */
#include <arpa/inet.h>
#include <event2/event.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "../src/link/link_priv.h"
#include "support/suite.h"

static struct event_base *base;
static struct dial *dial;
static int closed, closed_port, open_port, other_port, listener, other, calls, got_fd;
static const char *reason;

static void on_done(void *ctx, int fd, const char *why)
{
	(void)ctx;
	calls++;
	got_fd = fd;
	reason = why;
	dial_destroy(dial);
	dial = NULL;
	(void)event_base_loopbreak(base);
}

/* A socket bound to any port of loopback; connecting is refused until it listens. */
static int bound_socket(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, n), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void set_up(void)
{
	base = event_base_new();
	closed = bound_socket(&closed_port);
	listener = bound_socket(&open_port);
	ck_assert_int_eq(listen(listener, 8), 0);
	other = bound_socket(&other_port);
	ck_assert_int_eq(listen(other, 8), 0);
	dial = NULL;
	calls = 0;
	got_fd = -1;
	reason = NULL;
}

static void tear_down(void)
{
	dial_destroy(dial);
	if (got_fd >= 0)
		(void)close(got_fd);
	(void)close(closed);
	(void)close(listener);
	(void)close(other);
	event_base_free(base);
}

/* "o" and "p" are where somebody listens, "x" where nobody does. */
static int port_of(char c)
{
	return c == 'o' ? open_port : c == 'p' ? other_port : closed_port;
}

static int peer_port(int fd)
{
	struct sockaddr_in at = { .sin_port = 0 };
	socklen_t n = sizeof(at);

	ck_assert_int_eq(getpeername(fd, (struct sockaddr *)&at, &n), 0);
	return ntohs(at.sin_port);
}

static struct evutil_addrinfo *list_of(const char *ports)
{
	struct evutil_addrinfo hints = { .ai_flags = EVUTIL_AI_NUMERICHOST,
		                         .ai_socktype = SOCK_STREAM };
	struct evutil_addrinfo *list = NULL, **end = &list;
	char service[8];

	for (; *ports != '\0'; ports++) {
		(void)snprintf(service, sizeof(service), "%u",
		               (unsigned)port_of(*ports) % 65536);
		ck_assert_int_eq(evutil_getaddrinfo("127.0.0.1", service, &hints, end),
		                 0);
		end = &(*end)->ai_next;
	}
	return list;
}

static const struct {
	const char *ports;
	unsigned first;
	char reached; /* 'x': none */
} cases[] = {
	{ "o", 0, 'o' },   { "o", 5, 'o' },   { "xo", 0, 'o' },  { "xo", 1, 'o' },
	{ "xxo", 0, 'o' }, { "xxo", 1, 'o' }, { "oxx", 1, 'o' }, { "oxx", 2, 'o' },
	{ "op", 0, 'o' },  { "op", 1, 'p' },  { "op", 2, 'o' },  { "opx", 2, 'o' },
	{ "xop", 2, 'p' }, { "x", 0, 'x' },   { "xxx", 4, 'x' },
};

START_TEST(addresses_are_tried_in_turn)
{
	const struct timeval generous = { .tv_sec = GENEROUS_S };

	dial = dial_addresses(base, list_of(cases[_i].ports), cases[_i].first, on_done,
	                      NULL);
	ck_assert_int_eq(calls, 0); /* never from within the call */
	(void)event_base_loopexit(base, &generous);
	(void)event_base_dispatch(base);
	ck_assert_int_eq(calls, 1);
	if (cases[_i].reached == 'x')
		ck_assert_str_eq(reason, "connection refused");
	else
		ck_assert_int_eq(peer_port(got_fd), port_of(cases[_i].reached));
}
END_TEST

START_TEST(a_dial_may_be_given_up_at_any_time)
{
	dial = dial_addresses(base, list_of("xo"), 0, on_done, NULL);
	for (int i = 0; i < _i; i++)
		(void)event_base_loop(base, EVLOOP_NONBLOCK);
	dial_destroy(dial);
	dial = NULL;
	calls = 0;
	for (int i = 0; i < 5; i++)
		(void)event_base_loop(base, EVLOOP_NONBLOCK);
	ck_assert_int_eq(calls, 0);
}
END_TEST

SUITE("dial", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, addresses_are_tried_in_turn, 0,
	                    (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_loop_test(tc, a_dial_may_be_given_up_at_any_time, 0, 4);
})
