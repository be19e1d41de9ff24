/*
 * disk_witness.c - what the disk itself does while something else is measured on it.
 *
 * usage: disk_witness FILE
 *
 * Writes 4 KiB into a file of its own and syncs it, 200 times a second, until SIGTERM;
 * then prints one line: the 99th percentile and the longest sync in ms, and the share
 * of time spent in syncs of more than 4 ms, in percent.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
	BLOCK = 4096,
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
static int64_t probe(int fd, int block_number)
{
	static const char block[BLOCK];
	int64_t begin;

	if (pwrite(fd, block, BLOCK, (off_t)block_number * BLOCK) != BLOCK)
		return -1;
	begin = now_us();
	return fdatasync(fd) == 0 ? now_us() - begin : -1;
}

int main(int argc, char **argv)
{
	static int32_t took_us[SAMPLES];
	const struct timespec pause = { 0, PERIOD_MS * 1000000 };
	const int fd = argc == 2 ? prepare(argv[1]) : -1;
	const int64_t begin = now_us();
	int64_t stalled_us = 0;
	int n = 0;

	if (fd < 0) {
		perror("disk_witness");
		return 1;
	}
	(void)signal(SIGTERM, stop);
	for (; !stopped && n < SAMPLES; n++) {
		const int64_t us = probe(fd, n % FILE_BLOCKS);

		if (us < 0) {
			perror("disk_witness");
			return 1;
		}
		took_us[n] = (int32_t)us;
		stalled_us += us > STALL_US ? us : 0;
		(void)nanosleep(&pause, NULL);
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
