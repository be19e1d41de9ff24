/*
 * conn.c - a socket around an SMPP session; see link/conn.h.
 *
 * The socket is read into one buffer, and everything else happens in turn_end(), which
 * the loop calls once behind all that it does in a turn: time passes, what the session
 * holds is written with one send(), the timer is set.  An event that is activated while
 * others are processed comes last among them, so that needs no priorities.
 *
 *   0 .. in_n     read, not yet a whole PDU
 *   in_n .. cap   free; at least READ octets, since a PDU begun holds max_pdu at most
 */
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/killpoint.h"
#include "link/capture.h"
#include "link_priv.h"

enum {
	READ = 1 << 16 /* octets of one recv() at least */
};

struct conn {
	const struct conn_ops *ops;
	void *ctx;
	struct clock *clock;
	struct smpp_session *session;
	struct tap *tap; /* NULL: nobody listens */
	struct event *readable, *writable, *turn_end, *timer;
	const char *closing; /* conn_close()'s reason */
	int64_t timer_ms;    /* when the timer goes off; INT64_MAX when it is not set */
	size_t backlog_max;  /* octets unsent above which nothing is read */
	int fd;
	bool paused;  /* by the owner */
	bool backlog; /* the peer does not read: neither do we */
	bool hung_up; /* end of file or error */
	bool blocked; /* waits for the socket to take more */
	bool handing; /* inside the owner's function */
	size_t in_n, cap;
	uint8_t in[];
};

const char *socket_reason(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return "connection refused";
	case ECONNRESET:
	case EPIPE:
		return "connection reset by peer";
	case ETIMEDOUT:
		return "connection timed out";
	case ENETUNREACH:
	case EHOSTUNREACH:
		return "no route to host";
	case EMFILE:
	case ENFILE:
		return "out of file descriptors";
	default:
		return "connection failed";
	}
}

static void watch_reading(struct conn *c)
{
	if (c->paused || c->backlog || c->hung_up)
		(void)event_del(c->readable);
	else
		(void)event_add(c->readable, NULL);
}

static void hang_up(struct conn *c, const char *reason)
{
	if (c->hung_up)
		return;
	c->hung_up = true;
	watch_reading(c);
	smpp_session_hangup(c->session, reason);
}

static void release(struct conn *c)
{
	event_free(c->readable);
	event_free(c->writable);
	event_free(c->turn_end);
	event_free(c->timer);
	smpp_session_destroy(c->session);
	tap_destroy(c->tap);
	(void)close(c->fd);
	free(c);
}

void conn_destroy(struct conn *c)
{
	assert(!c->handing);
	release(c);
}

/* One send() of what the session holds; the rest waits for EV_WRITE. */
static void write_out(struct conn *c)
{
	const struct span out = smpp_session_output(c->session);
	ssize_t n;

	if (out.n == 0 || c->blocked || c->hung_up)
		return;
	n = send(c->fd, out.p, out.n, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		hang_up(c, socket_reason(errno));
		conn_flush(c);
		return;
	}
	if (n > 0 && c->tap != NULL)
		tap_octets(c->tap, true, span_first(out, (size_t)n));
	if (n > 0)
		smpp_session_sent(c->session, (size_t)n);
	KILLPOINT("written");
	if (n < (ssize_t)out.n) {
		c->blocked = true;
		(void)event_add(c->writable, NULL);
	}
}

/*
 * Sends last words (a refusal, an unbind_resp) and takes what the peer sent meanwhile:
 * closing over unread octets would reset the connection and destroy them.
 */
static void last_words(struct conn *c)
{
	if (c->hung_up)
		return;
	write_out(c);
	(void)shutdown(c->fd, SHUT_WR);
	while (recv(c->fd, c->in, c->cap, MSG_DONTWAIT) == (ssize_t)c->cap)
		;
}

/* Hands an event to the owner; false when it was the last one and c is gone. */
static bool hand_over(struct conn *c, const struct smpp_event *ev)
{
	const bool last = ev->kind == SMPP_EVENT_CLOSED;

	if (last)
		last_words(c);
	c->handing = true;
	c->ops->event(c->ctx, c, ev);
	c->handing = false;
	if (last)
		release(c);
	return !last;
}

/* Feeds the session; false when c is gone. */
static bool feed(struct conn *c)
{
	const int64_t now = clock_ms(c->clock);
	struct span rest = { c->in, c->in_n };
	struct smpp_event ev;

	while (c->closing == NULL) {
		smpp_session_input(c->session, &rest, now, &ev);
		if (ev.kind == SMPP_EVENT_NONE)
			break;
		if (!hand_over(c, &ev))
			return false;
	}
	if (rest.n > 0 && rest.p != c->in)
		memmove(c->in, rest.p, rest.n);
	c->in_n = rest.n;
	return true;
}

static void on_readable(evutil_socket_t fd, short what, void *ctx)
{
	struct conn *c = ctx;
	const ssize_t n = recv(fd, c->in + c->in_n, c->cap - c->in_n, MSG_DONTWAIT);

	(void)what;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	clock_read(c->clock);
	conn_flush(c);
	if (n <= 0) {
		hang_up(c, n == 0 ? "closed by peer" : socket_reason(errno));
		return;
	}
	KILLPOINT("received");
	if (c->tap != NULL)
		tap_octets(c->tap, false, (struct span){ c->in + c->in_n, (size_t)n });
	c->in_n += (size_t)n;
	if (!feed(c) || c->ops->batch_end == NULL)
		return;
	c->handing = true;
	c->ops->batch_end(c->ctx, c);
	c->handing = false;
}

static void on_writable(evutil_socket_t fd, short what, void *ctx)
{
	struct conn *c = ctx;

	(void)fd;
	(void)what;
	c->blocked = false;
	conn_flush(c);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct conn *c = ctx;

	(void)fd;
	(void)what;
	c->timer_ms = INT64_MAX;
	conn_flush(c);
}

/* Lets time pass; false when c is gone. */
static bool pass_time(struct conn *c)
{
	const int64_t now = clock_ms(c->clock);
	struct smpp_event ev;

	while (smpp_session_state(c->session) == SMPP_CLOSED ||
	       smpp_session_deadline(c->session) <= now) {
		smpp_session_tick(c->session, now, &ev);
		if (ev.kind == SMPP_EVENT_NONE)
			return true;
		if (!hand_over(c, &ev))
			return false;
	}
	return true;
}

/* A timer that goes off too early costs one empty turn; so it is only ever set earlier. */
static void set_timer(struct conn *c)
{
	const int64_t due = smpp_session_deadline(c->session);
	const int64_t now = clock_ms(c->clock);
	const int64_t wait = due > now ? due - now : 1;

	if (due >= c->timer_ms)
		return;
	c->timer_ms = due;
	(void)event_add(c->timer, &(struct timeval){ .tv_sec = wait / 1000,
	                                             .tv_usec = wait % 1000 * 1000 });
}

static void on_turn_end(evutil_socket_t fd, short what, void *ctx)
{
	struct conn *c = ctx;
	size_t unsent;
	bool backlog;

	(void)fd;
	(void)what;
	clock_read(c->clock);
	if (c->closing != NULL)
		hang_up(c, c->closing);
	if (!pass_time(c))
		return;
	write_out(c);
	unsent = smpp_session_output(c->session).n;
	backlog = unsent > (c->backlog ? c->backlog_max / 2 : c->backlog_max);
	if (backlog != c->backlog) {
		c->backlog = backlog;
		watch_reading(c);
	}
	set_timer(c);
}

struct conn *conn_create(struct event_base *base, int fd,
                         const struct smpp_session_conf *conf, const struct conn_ops *ops,
                         void *ctx, struct clock *clock)
{
	const size_t cap = conf->max_pdu + READ;
	struct conn *c = xcalloc(1, sizeof(*c) + cap);

	*c = (struct conn){ .ops = ops,
		            .ctx = ctx,
		            .clock = clock,
		            .timer_ms = INT64_MAX,
		            .backlog_max = conf->output_limit,
		            .fd = fd,
		            .cap = cap };
	clock_read(clock);
	c->session = smpp_session_create(conf, clock_ms(clock));
	c->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, c);
	c->writable = event_new(base, fd, EV_WRITE, on_writable, c);
	c->turn_end = event_new(base, -1, 0, on_turn_end, c);
	c->timer = evtimer_new(base, on_timer, c);
	(void)evutil_make_socket_nonblocking(fd);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	watch_reading(c);
	conn_flush(c);
	return c;
}

enum err conn_tap(struct conn *c, struct tap *tap)
{
	if (tap != NULL && c->blocked)
		return ERR_BUSY;
	tap_destroy(c->tap);
	c->tap = tap;
	if (tap != NULL)
		tap_octets(tap, false, (struct span){ c->in, c->in_n });
	return ERR_OK;
}

struct smpp_session *conn_session(struct conn *c)
{
	return c->session;
}

void conn_flush(struct conn *c)
{
	event_active(c->turn_end, 0, 0);
}

void conn_pause(struct conn *c, bool paused)
{
	c->paused = paused;
	watch_reading(c);
}

void conn_close(struct conn *c, const char *reason)
{
	if (c->closing == NULL)
		c->closing = reason;
	conn_flush(c);
}
