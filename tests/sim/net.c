/*
 * net.c - connections between the gateway and the SMSC, with what can happen to them.
 *
 * Stands in for dial.c and the socket calls of conn.c.  Octets travel in chunks, in
 * order, split and merged at random; a cut loses those on their way from some octet
 * on, as a reset does.
 */
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "../../src/link/link_priv.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "sim.h"

enum {
	FIRST_FD = 1 << 20,
	CONNS = 4096,      /* of one run at most; older ones are forgotten */
	IN_FLIGHT = 65536, /* octets of one direction */
	FLOW_MAX = 1 << 22,
	DIALS = 16
};

struct chunk {
	struct chunk *prev, *next;
	size_t n;
	uint8_t octet[];
};

/* One direction. */
struct flow {
	struct chunk *transit; /* on their way, in order */
	size_t in_transit;
	int64_t last_us;      /* when the last of them arrives */
	struct buf arrived;   /* not yet read (gateway's side only) */
	bool dropped;         /* a half-open connection: swallowed */
	bool ended, end_seen; /* no more comes; its reader knows */
	int error;            /* errno of that end, or 0 */
};

struct wire {
	bool used, gateway_open, smsc_open;
	size_t link;
	int64_t stalled_until_us;
	struct flow up, down; /* to the SMSC, to the gateway */
};

struct dial {
	bool used;
	uint64_t serial;
	size_t link;
	dial_done *done;
	void *ctx;
};

static struct {
	struct wire wire[CONNS];
	int next;
	struct dial dial[DIALS];
	uint64_t dials;
} net;

/* ---- flows ---- */

static void flow_clear(struct flow *f)
{
	struct chunk *c, *next;

	DL_FOREACH_SAFE(f->transit, c, next)
	free(c);
	f->transit = NULL;
	f->in_transit = 0;
	buf_free(&f->arrived);
}

void net_reset(void)
{
	for (int i = 0; i < CONNS; i++) {
		flow_clear(&net.wire[i].up);
		flow_clear(&net.wire[i].down);
		net.wire[i] = (struct wire){ .used = false };
	}
	net.next = 0;
	net.dials = 0;
	for (int i = 0; i < DIALS; i++)
		net.dial[i].used = false;
}

static void arrive(int64_t arg);

static void schedule(int conn, struct flow *f)
{
	struct wire *w = &net.wire[conn];
	int64_t at = now_us() + between(50, one_in(20) ? 80000 : 2000);

	if (at < w->stalled_until_us)
		at = w->stalled_until_us + below(2000);
	if (at < f->last_us)
		at = f->last_us;
	f->last_us = at;
	later(at - now_us(), arrive, (int64_t)conn * 2 + (f == &w->down ? 1 : 0));
}

static void put(int conn, struct flow *f, struct span octets)
{
	while (octets.n > 0 && !f->dropped && !f->ended) {
		const size_t n = one_in(4) ? (size_t)between(1, (int64_t)octets.n)
		                           : octets.n;
		struct chunk *c = xcalloc(1, sizeof(*c) + n);

		c->n = n;
		memcpy(c->octet, octets.p, n);
		DL_APPEND(f->transit, c);
		f->in_transit += n;
		octets = span_skip(octets, n);
		schedule(conn, f);
	}
}

static void end(int conn, struct flow *f, int error)
{
	if (f->ended)
		return;
	f->ended = true;
	f->error = error;
	if (!f->dropped) /* of a half-open connection nobody hears */
		schedule(conn, f);
}

static void reach_gateway(struct flow *f, const struct chunk *c)
{
	if (c != NULL)
		buf_put(&f->arrived, c->octet, c->n);
	else
		f->end_seen = true;
}

static void reach_smsc(int conn, struct flow *f, const struct chunk *c)
{
	if (!net.wire[conn].smsc_open)
		return;
	if (c != NULL) {
		smsc_input(conn, (struct span){ c->octet, c->n });
	} else if (!f->end_seen) {
		f->end_seen = true;
		smsc_hangup(conn);
	}
}

static void arrive(int64_t arg)
{
	const int conn = (int)(arg / 2);
	const bool down = arg % 2 == 1;
	struct wire *w = &net.wire[conn];
	struct flow *f = down ? &w->down : &w->up;
	struct chunk *c = f->transit;

	if (c == NULL && !f->ended)
		return; /* lost meanwhile */
	if (c != NULL) {
		DL_DELETE(f->transit, c);
		f->in_transit -= c->n;
	}
	if (down)
		reach_gateway(f, c);
	else
		reach_smsc(conn, f, c);
	free(c);
}

/* ---- what goes wrong ---- */

/* What is on its way is lost from some octet on. */
static void lose(struct flow *f)
{
	struct chunk *c, *next;
	bool lost = false;

	DL_FOREACH_SAFE(f->transit, c, next)
	{
		if (lost || one_in(2)) {
			if (!lost && c->n > 1 && one_in(2)) {
				const size_t n = (size_t)between(1, (int64_t)c->n - 1);

				f->in_transit -= c->n - n;
				c->n = n;
			} else {
				DL_DELETE(f->transit, c);
				f->in_transit -= c->n;
				free(c);
			}
			lost = true;
		}
	}
}

void net_cut(int conn, enum cut how)
{
	struct wire *w = &net.wire[conn];

	lose(&w->up);
	lose(&w->down);
	if (how == CUT_RESET)
		buf_reset(&w->down.arrived);
	end(conn, &w->up, ECONNRESET);
	end(conn, &w->down, how == CUT_RESET ? ECONNRESET : 0);
}

void net_drop(int conn, bool to_smsc, bool to_gateway)
{
	struct wire *w = &net.wire[conn];

	w->up.dropped |= to_smsc;
	w->down.dropped |= to_gateway;
	if (to_smsc)
		lose(&w->up);
	if (to_gateway)
		lose(&w->down);
}

void net_stall(int conn, int64_t us)
{
	net.wire[conn].stalled_until_us = now_us() + us;
}

/* In length or command of the PDU that begins a chunk. */
void net_corrupt(int conn)
{
	struct chunk *c = net.wire[conn].down.transit;

	if (c != NULL && c->n >= 8)
		c->octet[below(8)] ^= (uint8_t)(1 << below(8));
}

static bool is_alive(const struct wire *w)
{
	return w->used && w->gateway_open && w->smsc_open && !w->up.ended &&
	       !w->down.ended;
}

int net_any(void)
{
	int chosen = -1;
	int64_t n = 0;

	for (int i = 0; i < CONNS; i++) {
		if (is_alive(&net.wire[i]) && one_in(++n))
			chosen = i;
	}
	return chosen;
}

size_t net_count(void)
{
	size_t n = 0;

	for (int i = 0; i < CONNS; i++)
		n += net.wire[i].used && net.wire[i].gateway_open ? 1 : 0;
	return n;
}

/* ---- the SMSC's side ---- */

void net_send(int conn, struct span octets)
{
	put(conn, &net.wire[conn].down, octets);
}

void net_close(int conn)
{
	net.wire[conn].smsc_open = false;
	end(conn, &net.wire[conn].down, 0);
}

/* ---- dialling ---- */

static int open_wire(size_t link)
{
	const int conn = net.next;
	struct wire *w = &net.wire[conn];

	net.next = (net.next + 1) % CONNS;
	flow_clear(&w->up);
	flow_clear(&w->down);
	*w = (struct wire){ .used = true,
		            .gateway_open = true,
		            .smsc_open = true,
		            .link = link,
		            .up = { .arrived = buf_make(FLOW_MAX) },
		            .down = { .arrived = buf_make(FLOW_MAX) } };
	return conn;
}

static void dialled(int64_t serial)
{
	struct dial *d = NULL;
	int conn;

	for (int i = 0; i < DIALS; i++) {
		if (net.dial[i].used && net.dial[i].serial == (uint64_t)serial)
			d = &net.dial[i];
	}
	if (d == NULL || !life_step())
		return;
	if (mood.down) {
		d->done(d->ctx, -1, "connection refused");
		return;
	}
	conn = open_wire(d->link);
	smsc_connected(conn, d->link);
	d->done(d->ctx, FIRST_FD + conn, NULL);
}

struct dial *__wrap_dial_create(struct event_base *base, const char *host, int port,
                                unsigned first, dial_done *done, void *ctx);
void __wrap_dial_destroy(struct dial *d);

struct dial *__wrap_dial_create(struct event_base *base, const char *host, int port,
                                unsigned first, dial_done *done, void *ctx)
{
	struct dial *d = net.dial;

	(void)base;
	(void)host;
	(void)first;
	while (d->used)
		d++;
	*d = (struct dial){ true, ++net.dials, (size_t)(port - PORT), done, ctx };
	later(between(100, one_in(20) ? 3 * SECOND_US : 5000), dialled,
	      (int64_t)d->serial);
	return d;
}

void __wrap_dial_destroy(struct dial *d)
{
	if (d != NULL)
		d->used = false;
}

/* ---- the gateway's socket calls ---- */

ssize_t __real_recv(int fd, void *p, size_t n, int flags);
ssize_t __real_send(int fd, const void *p, size_t n, int flags);
int __real_close(int fd);
ssize_t __wrap_recv(int fd, void *p, size_t n, int flags);
ssize_t __wrap_send(int fd, const void *p, size_t n, int flags);
int __wrap_close(int fd);
int __wrap_shutdown(int fd, int how);
int __wrap_setsockopt(int fd, int level, int name, const void *p, socklen_t n);
int __wrap_evutil_make_socket_nonblocking(evutil_socket_t fd);

bool net_fd_ready(int fd, bool writing)
{
	const struct wire *w = &net.wire[fd - FIRST_FD];

	if (writing)
		return w->up.ended || w->up.in_transit < IN_FLIGHT;
	return w->down.arrived.n > 0 || w->down.end_seen;
}

ssize_t __wrap_recv(int fd, void *p, size_t n, int flags)
{
	struct flow *f;

	if (fd < FIRST_FD)
		return __real_recv(fd, p, n, flags);
	f = &net.wire[fd - FIRST_FD].down;
	if (f->arrived.n > 0) {
		if (n > f->arrived.n)
			n = f->arrived.n;
		if (one_in(8))
			n = (size_t)between(1, (int64_t)n);
		memcpy(p, f->arrived.p, n);
		buf_drop(&f->arrived, n);
		return (ssize_t)n;
	}
	if (f->end_seen && f->error == 0)
		return 0;
	errno = f->end_seen ? f->error : EAGAIN;
	return -1;
}

ssize_t __wrap_send(int fd, const void *p, size_t n, int flags)
{
	struct flow *f;

	if (fd < FIRST_FD)
		return __real_send(fd, p, n, flags);
	if (!life_step())
		return (ssize_t)n;
	f = &net.wire[fd - FIRST_FD].up;
	errno = f->ended ? EPIPE : EAGAIN;
	if (f->ended || f->in_transit >= IN_FLIGHT)
		return -1;
	if (n > 1 && one_in(50))
		n = (size_t)between(1, (int64_t)n);
	put(fd - FIRST_FD, f, (struct span){ p, n });
	return (ssize_t)n;
}

int __wrap_close(int fd)
{
	struct wire *w;

	if (fd < FIRST_FD)
		return __real_close(fd);
	w = &net.wire[fd - FIRST_FD];
	w->gateway_open = false;
	end(fd - FIRST_FD, &w->up, 0);
	return 0;
}

int __wrap_shutdown(int fd, int how)
{
	(void)how;
	end(fd - FIRST_FD, &net.wire[fd - FIRST_FD].up, 0);
	return 0;
}

int __wrap_setsockopt(int fd, int level, int name, const void *p, socklen_t n)
{
	(void)fd;
	(void)level;
	(void)name;
	(void)p;
	(void)n;
	return 0;
}

int __wrap_evutil_make_socket_nonblocking(evutil_socket_t fd)
{
	(void)fd;
	return 0;
}
