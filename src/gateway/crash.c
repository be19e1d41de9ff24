/*
 * crash.c - remembers, over a crash, which text was being worked on.
 *
 * The only state of the process outside its objects: a signal handler can be given
 * no context.  kill -9 leaves nothing, as it should.
 */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "gateway_priv.h"

static int crash_fd = -1;
static const volatile int64_t *volatile crash_at;

static void handler(int signal_number)
{
	const volatile int64_t *const from = crash_at;
	const int64_t at = from != NULL ? *from : 0;

	if (at != 0 && crash_fd >= 0 &&
	    write(crash_fd, &at, sizeof(at)) == (ssize_t)sizeof(at))
		(void)fsync(crash_fd);
	/* SA_RESETHAND: the second time it ends the process with its core. */
	(void)raise(signal_number);
}

size_t crash_recall(const char *path, int64_t fingerprint[static CRASH_MAX])
{
	const int fd = open(path, O_RDWR | O_CLOEXEC);
	const off_t one = (off_t)sizeof(fingerprint[0]);
	off_t all, from;
	ssize_t n = 0;

	if (fd < 0)
		return 0;
	all = lseek(fd, 0, SEEK_END) / one * one;
	from = all > CRASH_MAX * one ? all - CRASH_MAX * one : 0;
	/* Half a fingerprint would spoil those behind it. */
	if (all >= 0 && ftruncate(fd, all) == 0)
		n = pread(fd, fingerprint, (size_t)(all - from), from);
	(void)close(fd);
	return n > 0 ? (size_t)n / sizeof(fingerprint[0]) : 0;
}

void crash_install(const char *path, const volatile int64_t *at)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGABRT };
	struct sigaction action = { .sa_handler = handler,
		                    .sa_flags = (int)SA_RESETHAND };

	crash_at = at;
	if (crash_fd >= 0)
		(void)close(crash_fd);
	crash_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigaction(signals[i], &action, NULL);
}

void crash_forget(void)
{
	crash_at = NULL;
}

void crash_clear(void)
{
	if (crash_fd >= 0)
		(void)!ftruncate(crash_fd, 0);
}
