/*
 * disk_witness.c - what the disk itself does while something else is measured on it.
 *
 * usage: disk_witness FILE [KIB RATE SECONDS]
 *
 * Writes 4 KiB into a file of its own and syncs it, 200 times a second, until SIGTERM (or
 * so much, so often and so long); then prints one line: the 99th percentile and the
 * longest write with its sync in ms, and the share of time spent in those of more than
 * 4 ms, in percent.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
	BLOCK = 4096,
	KIB_MOST = 1024,    /* at once */
	FILE_BLOCKS = 4096, /* written once before, so that no sync extends the file */
	SAMPLES = 1 << 20,  /* an hour and a half */
	PERIOD_MS = 5,
	STALL_US = 4000
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static int64_t now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int by_size(const void *a, const void *b)
{
	const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

static int prepare(const char *path)
{
	static const char block[BLOCK];
	const int fd = open(path, O_RDWR | O_CREAT, 0600);

	for (int i = 0; fd >= 0 && i < FILE_BLOCKS; i++)
		if (write(fd, block, BLOCK) != BLOCK)
			return -1;
	return fd >= 0 && fsync(fd) == 0 ? fd : -1;
}

/* Returns how long the sync took in microseconds, < 0 when it failed. */
static int64_t probe(int fd, int block_number, size_t size)
{
	static const char block[KIB_MOST * 1024];
	const int64_t begin = now_us();

	if (pwrite(fd, block, size, (off_t)block_number * BLOCK) != (ssize_t)size)
		return -1;
	return fdatasync(fd) == 0 ? now_us() - begin : -1;
}

static void rest(int64_t us)
{
	const struct timespec pause = { us / 1000000, us % 1000000 * 1000 };

	if (us > 0)
		(void)nanosleep(&pause, NULL);
}

int main(int argc, char **argv)
{
	static int32_t took_us[SAMPLES];
	const bool measured = argc == 5;
	const int64_t kib = measured ? strtol(argv[2], NULL, 10) : BLOCK / 1024;
	const int64_t rate = measured ? strtol(argv[3], NULL, 10) : 1000 / PERIOD_MS;
	const int64_t end = measured ? rate * strtol(argv[4], NULL, 10) : SAMPLES;
	const int fd = measured || argc == 2 ? prepare(argv[1]) : -1;
	const int64_t begin = now_us();
	int64_t stalled_us = 0;
	int n = 0;

	if (fd < 0 || kib < 1 || kib > KIB_MOST || rate < 1) {
		perror("disk_witness");
		return 1;
	}
	(void)signal(SIGTERM, stop);
	for (; !stopped && n < SAMPLES && n < end; n++) {
		const int64_t due = begin + (n + 1) * INT64_C(1000000) / rate;
		const int64_t us = probe(fd, n % (FILE_BLOCKS - KIB_MOST / 4),
		                         (size_t)kib * 1024);

		if (us < 0) {
			perror("disk_witness");
			return 1;
		}
		took_us[n] = (int32_t)us;
		stalled_us += us > STALL_US ? us : 0;
		rest(due - now_us());
	}
	if (n == 0)
		return 1;
	qsort(took_us, (size_t)n, sizeof(took_us[0]), by_size);
	printf("p99 %.1f ms  longest %.1f ms  stalled %.2f %%\n",
	       took_us[(int64_t)n * 99 / 100] / 1e3, took_us[n - 1] / 1e3,
	       (double)stalled_us * 100.0 / (double)(now_us() - begin));
	(void)close(fd);
	return 0;
}
