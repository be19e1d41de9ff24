/*
 * test_random.c - R1: a machine that gives no random numbers gets no gateway.
 */
#include <errno.h>
#include <sys/resource.h>

#include "fixture.h"
#include "support/child.h"

ssize_t getrandom(void *p, size_t n, unsigned flags);

/* In the place of the system's: it never gives any. */
ssize_t getrandom(void *p, size_t n, unsigned flags)
{
	(void)p;
	(void)n;
	(void)flags;
	errno = EIO;
	return -1;
}

/* Nor do the devices: no file can be opened. */
static void start_without(void)
{
	const struct conf conf = { .n_links = 0 };
	const struct gateway_options options = { .failed = on_failed };
	struct fault fault = { "" };
	enum err e;

	(void)setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 3, 3 });
	e = gateway_create(t.base, &conf, &options, &t.clock, &t.log, &t.gateway, &fault);
	(void)fprintf(stderr, "%s\n", fault.text);
	_exit(e == ERR_OK ? 0 : EXIT_FAILURE);
}

START_TEST(R1_no_random_numbers_no_start)
{
	const struct child c = run_child(start_without);

	ck_assert_msg(WIFEXITED(c.status), "%x: %s", (unsigned)c.status, c.said);
	ck_assert_int_eq(WEXITSTATUS(c.status), EXIT_FAILURE);
	ck_assert_msg(child_said(&c, "no random numbers"), "%s", c.said);
}
END_TEST

SUITE("gateway/random", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, R1_no_random_numbers_no_start);
})
