/*
 * loop.c - virtual time, tasks of the simulator, and the gateway's events.
 *
 * Stands in for libevent: timers, descriptors and activated events, called one after
 * another as libevent does within one priority.
 */
#include <event2/event.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <utlist.h>

#include "base/alloc.h"
#include "sim.h"

struct task {
	int64_t at_us;
	uint64_t order;
	void (*run)(int64_t arg);
	int64_t arg;
};

/* What the gateway takes for a struct event. */
struct watch {
	int fd;
	short what;
	event_callback_fn call;
	void *ctx;
	int64_t due_us; /* INT64_MAX: no timer */
	bool added, active;
	struct watch *prev, *next;    /* of all */
	struct watch *before, *after; /* of the active */
};

static struct {
	struct task *task; /* a heap */
	size_t n, cap;
	uint64_t order;
	struct watch *watches, *active;
	size_t n_watches;
} loop;

void note(const char *event, const char *fmt, ...)
{
	va_list args;

	if (sim.log == NULL)
		return;
	(void)fprintf(sim.log, "%lld %s ", (long long)now_ms(), event);
	va_start(args, fmt);
	(void)vfprintf(sim.log, fmt,
	               args); /* NOLINT(clang-analyzer-valist.Uninitialized) */
	va_end(args);
	(void)fputc('\n', sim.log);
}

/* ---- time ---- */

static void set_time(int64_t us)
{
	sim.clock.mono_us = us;
	sim.clock.wall_s = (sim.wall_us + us) / SECOND_US;
}

static void read_clock(struct clock *c)
{
	c->mono_us = sim.clock.mono_us;
	c->wall_s = sim.clock.wall_s;
}

struct clock loop_clock(void)
{
	struct clock c = { .read = read_clock };

	read_clock(&c);
	return c;
}

struct clock __wrap_clock_machine(void);
struct clock __wrap_clock_machine(void)
{
	return loop_clock();
}

void loop_jump_wall(int64_t seconds)
{
	sim.wall_us += seconds * SECOND_US;
	set_time(now_us());
}

/* ---- tasks of the simulator ---- */

static bool is_before(const struct task *a, const struct task *b)
{
	return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static void sift_down(size_t i)
{
	for (;;) {
		size_t least = i;

		for (size_t k = 2 * i + 1; k <= 2 * i + 2 && k < loop.n; k++) {
			if (is_before(&loop.task[k], &loop.task[least]))
				least = k;
		}
		if (least == i)
			return;
		const struct task t = loop.task[i];
		loop.task[i] = loop.task[least];
		loop.task[least] = t;
		i = least;
	}
}

void later(int64_t in_us, void (*run)(int64_t arg), int64_t arg)
{
	const struct task t = { now_us() + in_us, loop.order++, run, arg };
	size_t i = loop.n++;

	if (loop.n > loop.cap) {
		loop.cap = loop.cap == 0 ? 256 : 2 * loop.cap;
		loop.task = xrealloc(loop.task, loop.cap * sizeof(*loop.task));
	}
	for (; i > 0 && is_before(&t, &loop.task[(i - 1) / 2]); i = (i - 1) / 2)
		loop.task[i] = loop.task[(i - 1) / 2];
	loop.task[i] = t;
}

static void run_first_task(void)
{
	const struct task t = loop.task[0];

	loop.task[0] = loop.task[--loop.n];
	sift_down(0);
	t.run(t.arg);
}

void loop_reset(void)
{
	loop.n = 0;
	loop.order = 0;
	set_time(0);
}

/* ---- the gateway's events ---- */

struct event *__wrap_event_new(struct event_base *base, evutil_socket_t fd, short what,
                               event_callback_fn call, void *ctx);
int __wrap_event_add(struct event *ev, const struct timeval *after);
int __wrap_event_del(struct event *ev);
void __wrap_event_free(struct event *ev);
void __wrap_event_active(struct event *ev, int what, short n);

struct event *__wrap_event_new(struct event_base *base, evutil_socket_t fd, short what,
                               event_callback_fn call, void *ctx)
{
	struct watch *w = xcalloc(1, sizeof(*w));

	(void)base;
	*w = (struct watch){
		.fd = fd, .what = what, .call = call, .ctx = ctx, .due_us = INT64_MAX
	};
	DL_APPEND(loop.watches, w);
	loop.n_watches++;
	return (void *)w;
}

static struct watch *watch_of(struct event *ev)
{
	return (void *)ev;
}

int __wrap_event_add(struct event *ev, const struct timeval *after)
{
	struct watch *w = watch_of(ev);

	w->added = true;
	if (after != NULL)
		w->due_us = now_us() + after->tv_sec * SECOND_US + after->tv_usec;
	return 0;
}

static void activate(struct watch *w)
{
	if (w->active)
		return;
	w->active = true;
	DL_APPEND2(loop.active, w, before, after);
}

static void deactivate(struct watch *w)
{
	if (w->active)
		DL_DELETE2(loop.active, w, before, after);
	w->active = false;
}

int __wrap_event_del(struct event *ev)
{
	struct watch *w = watch_of(ev);

	w->added = false;
	w->due_us = INT64_MAX;
	deactivate(w);
	return 0;
}

void __wrap_event_free(struct event *ev)
{
	struct watch *w = watch_of(ev);

	(void)__wrap_event_del(ev);
	DL_DELETE(loop.watches, w);
	loop.n_watches--;
	free(w);
}

void __wrap_event_active(struct event *ev, int what, short n)
{
	(void)what;
	(void)n;
	activate(watch_of(ev));
}

size_t loop_events(void)
{
	return loop.n_watches;
}

static bool is_ready(const struct watch *w)
{
	struct pollfd p = { .fd = w->fd, .events = POLLIN };

	if (!w->added || w->fd < 0 || (w->what & (EV_READ | EV_WRITE)) == 0)
		return false;
	if (w->fd < 1 << 20)
		return poll(&p, 1, 0) > 0;
	return net_fd_ready(w->fd, (w->what & EV_WRITE) != 0);
}

static void collect(void)
{
	struct watch *w;

	DL_FOREACH(loop.watches, w)
	{
		const bool due = w->due_us <= now_us();

		if (!due && !is_ready(w))
			continue;
		if (due || (w->what & EV_PERSIST) == 0)
			w->due_us = INT64_MAX;
		if ((w->what & EV_PERSIST) == 0)
			w->added = false;
		activate(w);
	}
}

bool loop_turn(void)
{
	bool any = false;
	struct watch *w;

	collect();
	while ((w = loop.active) != NULL && !life_is_dead()) {
		deactivate(w);
		any = true;
		if (life_step())
			w->call(w->fd, 0, w->ctx);
	}
	return any;
}

static int64_t next_timer(void)
{
	const struct watch *w;
	int64_t at = INT64_MAX;

	DL_FOREACH(loop.watches, w)
	{
		if (w->due_us < at)
			at = w->due_us;
	}
	return at;
}

/* ---- all together ---- */

static int64_t next_us(void)
{
	int64_t at = next_timer();

	if (life_worker_due() < at)
		at = life_worker_due();
	if (loop.n > 0 && loop.task[0].at_us < at)
		at = loop.task[0].at_us;
	return at > now_us() ? at : now_us();
}

static void run_due(void)
{
	if (loop.n > 0 && loop.task[0].at_us <= now_us())
		run_first_task();
	else if (life_worker_due() <= now_us())
		life_work();
}

void loop_run(int64_t until_us, bool (*done)(void))
{
	while (done == NULL || !done()) {
		int64_t at;

		while (loop_turn())
			;
		if (life_is_dead())
			life_bury();
		at = next_us();
		if (at > until_us)
			break;
		set_time(at);
		run_due();
	}
	if (now_us() < until_us && (done == NULL || !done()))
		set_time(until_us);
}
