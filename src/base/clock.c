/*
 * clock.c - see base/clock.h.
 */
#include <time.h>

#include "base/clock.h"

static void read_machine(struct clock *c)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	c->mono_us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	c->wall_s = (int64_t)t.tv_sec;
}

struct clock clock_machine(void)
{
	struct clock c = { .read = read_machine };

	clock_read(&c);
	return c;
}
