/*
 * event_loop.h - a test's own libevent loop, which gives up when what it waits for does
 * not come: base, the machine's clock in `now`, RUN_UNTIL(condition).
 */
#ifndef SUPPORT_EVENT_LOOP_H
#define SUPPORT_EVENT_LOOP_H

#include <event2/event.h>

#include "base/clock.h"
#include "support/suite.h"

static struct event_base *base;
static struct event *give_up;
static struct clock now;
static bool late;

static inline void on_give_up(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
	late = true;
}

static inline void event_loop_open(void)
{
	base = event_base_new();
	give_up = evtimer_new(base, on_give_up, NULL);
	(void)evtimer_add(give_up, &(struct timeval){ .tv_sec = GENEROUS_S });
	now = clock_machine();
	late = false;
}

static inline void event_loop_close(void)
{
	event_free(give_up);
	event_base_free(base);
}

#define RUN_UNTIL(condition)                                        \
	do {                                                        \
		while (!(condition) && !late)                       \
			(void)event_base_loop(base, EVLOOP_ONCE);   \
		ck_assert_msg(!late, "never came: %s", #condition); \
	} while (0)

#endif
