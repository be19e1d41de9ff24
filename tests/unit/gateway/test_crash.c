/*
 * test_crash.c - the text that a process died of is known to the next one.
 *
 * Each death is that of a child process of the test.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../src/gateway/gateway_priv.h"
#include "support/suite.h"

static char path[64];
static volatile int64_t at;

static void set_up(void)
{
	(void)snprintf(path, sizeof(path), "/tmp/smshall-test-%ld.crash", (long)getpid());
	(void)unlink(path);
}

static void tear_down(void)
{
	(void)unlink(path);
}

/* Dies of signal while value is worked on; gives what ended the process. */
static int die(int64_t value, int signal_number, bool forgotten)
{
	int status;
	const pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		crash_install(path, &at);
		at = value;
		if (forgotten)
			crash_forget();
		(void)raise(signal_number);
		_exit(0); /* it should not come to this */
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static const struct {
	int signal_number;
	bool remembered;
} signals[] = { { SIGSEGV, true },
	        { SIGABRT, true },
	        { SIGBUS, true },
	        { SIGFPE, true },
	        { SIGKILL, false } };

START_TEST(the_text_is_remembered)
{
	int64_t seen[CRASH_MAX];
	const size_t n = signals[_i].remembered ? 1 : 0;

	ck_assert_int_eq(die(-42, signals[_i].signal_number, false),
	                 signals[_i].signal_number);
	ck_assert_uint_eq(crash_recall(path, seen), n);
	if (n > 0)
		ck_assert_int_eq(seen[0], -42);
	ck_assert_uint_eq(crash_recall(path, seen), n); /* until a clean stop */
	crash_install(path, &at);
	crash_clear();
	crash_forget();
	ck_assert_uint_eq(crash_recall(path, seen), 0);
}
END_TEST

START_TEST(between_texts_there_is_none)
{
	int64_t seen[CRASH_MAX];

	ck_assert_int_eq(die(0, SIGSEGV, false), SIGSEGV);
	ck_assert_int_eq(die(42, SIGSEGV, true), SIGSEGV);
	ck_assert_uint_eq(crash_recall(path, seen), 0);
}
END_TEST

START_TEST(several_crashes_add_up)
{
	int64_t seen[CRASH_MAX];

	for (int64_t i = 1; i <= CRASH_MAX + 4; i++)
		ck_assert_int_eq(die(i, SIGSEGV, false), SIGSEGV);
	ck_assert_uint_eq(crash_recall(path, seen), CRASH_MAX);
	for (int64_t i = 0; i < CRASH_MAX; i++)
		ck_assert_int_eq(seen[i], i + 1 + 4); /* the newest */
}
END_TEST

/* A machine that went down in the middle of the handler's write. */
START_TEST(half_a_fingerprint_is_none)
{
	int64_t seen[CRASH_MAX];
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fputs("123456789abc", f) >= 0, 1);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_uint_eq(crash_recall(path, seen), 1);
	ck_assert_int_eq(die(-42, SIGSEGV, false), SIGSEGV);
	ck_assert_uint_eq(crash_recall(path, seen), 2);
	ck_assert_int_eq(seen[1], -42);
}
END_TEST

SUITE("gateway/crash", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, the_text_is_remembered, 0, COUNT_OF(signals));
	tcase_add_test(tc, between_texts_there_is_none);
	tcase_add_test(tc, several_crashes_add_up);
	tcase_add_test(tc, half_a_fingerprint_is_none);
})
