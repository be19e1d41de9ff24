/*
 * test_guard.c - W1, D16: many, slow and greedy HTTP connections.
 */
#include <arpa/inet.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "console/console.h"
#include "support/suite.h"

enum {
	MANY = 500 /* connections; the kernel's queue of the listener takes the rest */
};

static struct event_base *base;
static struct console *console;
static int fd[MANY];
static int64_t until_ms;

static void fill(void *ctx, struct console_status *out)
{
	(void)ctx;
	out->version = out->revision = out->store = "";
}

static void print_metrics(void *ctx, struct buf *out)
{
	(void)ctx;
	buf_puts(out, STR("# EOF\n"));
}

static bool is_well(void *ctx, struct buf *why)
{
	(void)ctx;
	(void)why;
	return true;
}

static int64_t now_ms(void)
{
	return clock_machine().mono_us / 1000;
}

static void set_up(void)
{
	const struct console_source source = { fill, print_metrics, is_well, is_well,
		                               NULL };
	struct fault fault = { "" };

	for (size_t i = 0; i < MANY; i++)
		fd[i] = -1;
	until_ms = now_ms() + INT64_C(1000) * GENEROUS_S;
	base = event_base_new();
	ck_assert_msg(console_create(base, "127.0.0.1", 0, &source, &console, &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
}

static void tear_down(void)
{
	for (size_t i = 0; i < MANY; i++) {
		if (fd[i] >= 0)
			(void)close(fd[i]);
	}
	console_destroy(console);
	event_base_free(base);
}

/* Turns the loop until the condition holds. */
#define RUN_UNTIL(condition)                                                         \
	do {                                                                         \
		while (!(condition)) {                                               \
			ck_assert_msg(now_ms() < until_ms, "never: %s", #condition); \
			(void)event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);  \
		}                                                                    \
	} while (0)

/* The number that the next descriptor gets. */
static int lowest_free(void)
{
	const int fd_now = dup(0);

	(void)close(fd_now);
	return fd_now;
}

static int dial(void)
{
	const struct sockaddr_in at = { .sin_family = AF_INET,
		                        .sin_port = htons(
						(uint16_t)console_port(console)),
		                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (s >= 0)
		(void)!connect(s, (const struct sockaddr *)&at, sizeof(at));
	return s;
}

/* What has come on s so far; "" when nothing. */
static const char *heard(int s)
{
	static char octets[8192];
	const ssize_t n = read(s, octets, sizeof(octets) - 1);

	octets[n > 0 ? n : 0] = '\0';
	return octets;
}

static void say(int s, const char *what)
{
	(void)!write(s, what, strlen(what));
}

/* Asks on new connections until one is answered: the kernel may drop some. */
static void is_served(void)
{
	bool served = false;

	while (!served) {
		const int64_t again_ms = now_ms() + 2000;

		fd[0] = dial();
		say(fd[0], "GET /healthz HTTP/1.0\r\n\r\n");
		while (!served && now_ms() < again_ms) {
			(void)event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
			served = strstr(heard(fd[0]), "200 OK") != NULL;
		}
		(void)close(fd[0]);
		fd[0] = -1;
		ck_assert_msg(now_ms() < until_ms, "nobody is served any more");
	}
}

START_TEST(w1_no_more_than_the_places_are_open)
{
	for (size_t i = 0; i < MANY; i++) {
		fd[i] = dial();
		if (fd[i] >= 0)
			say(fd[i], "GET / HT");
		(void)event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
		ck_assert_uint_le(console_connections(console), CONSOLE_CONNECTIONS);
	}
	RUN_UNTIL(console_connections(console) == CONSOLE_CONNECTIONS);
	/* Who goes makes room; who waits comes in. */
	for (size_t i = 0; i < MANY; i++) {
		(void)close(fd[i]);
		fd[i] = -1;
	}
	is_served();
}
END_TEST

/* An octet now and then keeps no connection open beyond its time. */
START_TEST(w1_a_slow_one_ends_in_its_time)
{
	const int64_t from = now_ms();
	int64_t next = from;

	fd[0] = dial();
	say(fd[0], "GET / HTTP/1.1\r\n");
	RUN_UNTIL(console_connections(console) == 1);
	while (console_connections(console) == 1) {
		ck_assert_msg(now_ms() < until_ms, "it never ended");
		if (now_ms() >= next) {
			say(fd[0], "X: y\r\n");
			next = now_ms() + 500;
		}
		(void)event_base_loop(base, EVLOOP_ONCE);
	}
	ck_assert_int_ge(now_ms() - from, CONSOLE_SECONDS * 1000 - 500);
}
END_TEST

/* One request a connection: nobody keeps a place by asking for ever. */
START_TEST(an_answer_ends_the_connection)
{
	const int before = lowest_free();

	fd[0] = dial();
	say(fd[0], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
	RUN_UNTIL(strstr(heard(fd[0]), "200 OK") != NULL);
	RUN_UNTIL(console_connections(console) == 0);
	/* The server's end of it is closed, so that the next number is free. */
	RUN_UNTIL(lowest_free() == before + 1);
}
END_TEST

/* D16: without descriptors nothing is accepted, nothing spins, and it comes back. */
START_TEST(d16_without_descriptors_it_waits)
{
	struct rlimit limit;
	unsigned turns = 0;
	const int next = lowest_free();

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	fd[0] = dial();
	limit.rlim_cur = (rlim_t)next + 1;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	say(fd[0], "GET /healthz HTTP/1.0\r\n\r\n");
	for (const int64_t from = now_ms(); now_ms() < from + 500; turns++)
		(void)event_base_loop(base, EVLOOP_ONCE);
	ck_assert_uint_lt(turns, 50);
	limit.rlim_cur = limit.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	RUN_UNTIL(strstr(heard(fd[0]), "200 OK") != NULL);
}
END_TEST

SUITE("console/guard", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, w1_no_more_than_the_places_are_open);
	tcase_add_test(tc, w1_a_slow_one_ends_in_its_time);
	tcase_add_test(tc, an_answer_ends_the_connection);
	tcase_add_test(tc, d16_without_descriptors_it_waits);
})
