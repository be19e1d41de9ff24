/*
 * guard.c - slow, many or greedy HTTP connections cost the hall nothing.
 *
 * libevent's HTTP server limits neither their number nor the time of one that goes on
 * sending an octet now and then.  Its bufferevents are made here, with a reference of
 * our own: once the server has let go of one, its callbacks are gone, which is how a
 * place becomes free again.  They close their descriptor themselves, with our reference:
 * closed before, its number would be another's while libevent still watches it.  With all places taken, and when the process is out of file
 * descriptors, nothing is accepted for a while: SMPP needs them more.
 */
#include <assert.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "console_priv.h"

enum {
	LOOK_MS = 100,
	IDLE_S = 3600,
	REST_MS = 1000,   /* after an accept failed */
	RESERVED_FDS = 64 /* for store, log and links: as much of the limit is not ours */
};

struct place {
	struct bufferevent *bev; /* a reference; NULL: free */
	int64_t until_ms;
};

struct guard {
	struct event_base *base;
	struct evconnlistener *listener;
	struct event *look; /* always pending */
	struct place place[CONSOLE_CONNECTIONS];
	unsigned n, most;
	bool soon; /* look is due soon */
	int64_t rest_until_ms;
};

static int64_t now_ms(void)
{
	return clock_machine().mono_us / 1000;
}

static bool is_open(struct bufferevent *bev)
{
	bufferevent_event_cb on_event = NULL;

	bufferevent_getcb(bev, NULL, NULL, &on_event, NULL);
	return on_event != NULL;
}

/* Soon while there is something to look after; else it only keeps the timer findable. */
static void look_later(struct guard *g)
{
	const bool busy = g->n > 0 || now_ms() < g->rest_until_ms;
	const struct timeval soon = { .tv_usec = LOOK_MS * 1000L },
			     idle = { .tv_sec = IDLE_S };

	if (!g->soon)
		(void)evtimer_add(g->look, busy ? &soon : &idle);
	g->soon = busy;
}

static void let_in(struct guard *g)
{
	if (g->n < g->most && now_ms() >= g->rest_until_ms)
		(void)evconnlistener_enable(g->listener);
	else
		(void)evconnlistener_disable(g->listener);
}

static void look_at(struct guard *g, struct place *p)
{
	if (p->bev == NULL)
		return;
	if (!is_open(p->bev)) {
		bufferevent_decref(p->bev);
		p->bev = NULL;
		g->n--;
		return;
	}
	/* The server sees the end of the connection and frees what it has. */
	if (now_ms() >= p->until_ms)
		(void)shutdown(bufferevent_getfd(p->bev), SHUT_RDWR);
}

static void on_look(evutil_socket_t fd, short what, void *ctx)
{
	struct guard *g = ctx;

	(void)fd;
	(void)what;
	g->soon = false;
	for (size_t i = 0; i < CONSOLE_CONNECTIONS; i++)
		look_at(g, &g->place[i]);
	let_in(g);
	look_later(g);
}

/* Called for each connection accepted. */
static struct bufferevent *on_accept(struct event_base *base, void *ctx)
{
	struct guard *g = ctx;
	struct bufferevent *bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);

	for (size_t i = 0; i < CONSOLE_CONNECTIONS && bev != NULL; i++) {
		if (g->place[i].bev != NULL)
			continue;
		bufferevent_incref(bev);
		g->place[i] = (struct place){ bev, now_ms() + INT64_C(1000) *
			                                              CONSOLE_SECONDS };
		g->n++;
		break;
	}
	let_in(g);
	look_later(g);
	return bev;
}

struct search {
	const struct evconnlistener *listener;
	struct guard *found;
};

static int is_guard_of(const struct event_base *base, const struct event *ev, void *ctx)
{
	struct search *s = ctx;
	struct guard *g;

	(void)base;
	if (event_get_callback(ev) != on_look)
		return 0;
	g = event_get_callback_arg(ev);
	if (g->listener == s->listener)
		s->found = g;
	return s->found != NULL;
}

/* The context given is the HTTP server's own: the guard is found by its timer. */
static void on_accept_failed(struct evconnlistener *listener, void *ctx)
{
	struct search s = { .listener = listener };
	struct guard *g;

	(void)ctx;
	(void)event_base_foreach_event(evconnlistener_get_base(listener), is_guard_of,
	                               &s);
	g = s.found;
	assert(g != NULL);
	g->rest_until_ms = now_ms() + REST_MS;
	let_in(g);
	look_later(g);
}

static unsigned most_connections(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_cur >= RESERVED_FDS + CONSOLE_CONNECTIONS)
		return CONSOLE_CONNECTIONS;
	return limit.rlim_cur > RESERVED_FDS ? (unsigned)limit.rlim_cur - RESERVED_FDS
	                                     : 2;
}

struct guard *guard_create(struct event_base *base, struct evhttp *http,
                           struct evconnlistener *listener)
{
	struct guard *g = xcalloc(1, sizeof(*g));

	g->base = base;
	g->listener = listener;
	g->most = most_connections();
	g->look = evtimer_new(base, on_look, g);
	evhttp_set_bevcb(http, on_accept, g);
	evconnlistener_set_error_cb(listener, on_accept_failed);
	look_later(g);
	return g;
}

void guard_stop(struct guard *g)
{
	if (g != NULL)
		event_free(g->look);
}

void guard_destroy(struct guard *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < CONSOLE_CONNECTIONS; i++) {
		if (g->place[i].bev != NULL)
			bufferevent_decref(g->place[i].bev);
	}
	free(g);
}

unsigned guard_count(const struct guard *g)
{
	return g->n;
}
