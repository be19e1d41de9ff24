/*
 * dial.c - a host name and a port to a connected socket, without blocking the loop.
 *
 * Numeric addresses are connected to directly; names go through libevent's resolver,
 * which reads /etc/hosts and /etc/resolv.conf anew for each dial.
 */
#include <errno.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/util.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "link_priv.h"

static const struct timeval connect_timeout = { .tv_sec = 10 };

struct dial {
	struct event_base *base;
	struct evdns_base *dns; /* NULL for numeric addresses */
	struct evdns_getaddrinfo_request *request;
	struct evutil_addrinfo *list; /* from resolving */
	struct evutil_addrinfo *next; /* tried next; NULL at the end of the list */
	struct event *step; /* goes on with the next address, or reports the failure */
	struct event *connected; /* of the attempt under way */
	unsigned first, left;    /* addresses still to try */
	int fd;                  /* of the attempt under way, or -1 */
	bool resolving;          /* the resolver will call back */
	bool orphan;             /* nobody waits; freed when the resolver called back */
	const char *reason;      /* of the last failure */
	dial_done *done;
	void *ctx;
};

static void drop_attempt(struct dial *d)
{
	if (d->connected != NULL)
		event_free(d->connected);
	if (d->fd >= 0)
		(void)close(d->fd);
	d->connected = NULL;
	d->fd = -1;
}

static void release(struct dial *d)
{
	drop_attempt(d);
	event_free(d->step);
	if (d->list != NULL)
		evutil_freeaddrinfo(d->list);
	if (d->dns != NULL)
		evdns_base_free(d->dns, 0);
	free(d);
}

void dial_destroy(struct dial *d)
{
	if (d == NULL)
		return;
	if (!d->resolving) {
		release(d);
		return;
	}
	d->orphan = true; /* the resolver still calls back, from the loop */
	if (d->request != NULL)
		evdns_getaddrinfo_cancel(d->request);
}

static void fail(struct dial *d, const char *reason)
{
	d->reason = reason;
	drop_attempt(d);
	event_active(d->step, 0, 0);
}

static void on_connected(evutil_socket_t fd, short what, void *ctx)
{
	struct dial *d = ctx;
	socklen_t n = sizeof(int);
	int error = 0;

	if ((what & EV_TIMEOUT) != 0) {
		fail(d, "connection timed out");
		return;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0)
		error = errno;
	if (error != 0) {
		fail(d, socket_reason(error));
		return;
	}
	d->fd = -1;
	d->done(d->ctx, fd, NULL);
}

/* Connecting ends in on_connected, or at once in fail(). */
static void try_address(struct dial *d, const struct evutil_addrinfo *a)
{
	d->fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (d->fd < 0 ||
	    (connect(d->fd, a->ai_addr, a->ai_addrlen) != 0 && errno != EINPROGRESS)) {
		fail(d, socket_reason(errno));
		return;
	}
	d->connected = event_new(d->base, d->fd, EV_WRITE, on_connected, d);
	(void)event_add(d->connected, &connect_timeout);
}

static void on_step(evutil_socket_t fd, short what, void *ctx)
{
	struct dial *d = ctx;
	const struct evutil_addrinfo *a = d->next;

	(void)fd;
	(void)what;
	if (d->orphan) {
		release(d);
		return;
	}
	if (d->left == 0) {
		d->done(d->ctx, -1, d->reason);
		return;
	}
	d->left--;
	d->next = a->ai_next != NULL ? a->ai_next : d->list;
	try_address(d, a);
}

static void on_resolved(int error, struct evutil_addrinfo *list, void *ctx)
{
	struct dial *d = ctx;

	d->resolving = false;
	d->list = list;
	d->next = list;
	d->reason = error == 0 ? "no address" : "host name does not resolve";
	for (const struct evutil_addrinfo *a = list; a != NULL; a = a->ai_next)
		d->left++;
	for (unsigned i = 0; d->next != NULL && i < d->first % d->left; i++)
		d->next = d->next->ai_next;
	event_active(d->step, 0, 0);
}

/* A name: through the resolver, which calls on_resolved() from the loop or at once. */
static void look_up(struct dial *d, const char *host, const char *port)
{
	const struct evutil_addrinfo hints = { .ai_family = AF_UNSPEC,
		                               .ai_socktype = SOCK_STREAM };

	d->dns = evdns_base_new(d->base, EVDNS_BASE_INITIALIZE_NAMESERVERS |
	                                         EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (d->dns == NULL) { /* no name server is known; /etc/hosts still may do */
		d->dns = evdns_base_new(d->base, 0);
		if (d->dns == NULL || evdns_base_load_hosts(d->dns, "/etc/hosts") != 0) {
			on_resolved(EVUTIL_EAI_FAIL, NULL, d);
			return;
		}
	}
	(void)evdns_base_set_option(d->dns, "timeout:", "3");
	(void)evdns_base_set_option(d->dns, "attempts:", "2");
	d->resolving = true;
	d->request = evdns_getaddrinfo(d->dns, host, port, &hints, on_resolved, d);
}

static struct dial *create(struct event_base *base, unsigned first, dial_done *done,
                           void *ctx)
{
	struct dial *d = xcalloc(1, sizeof(*d));

	*d = (struct dial){
		.base = base, .first = first, .fd = -1, .done = done, .ctx = ctx
	};
	d->step = event_new(base, -1, 0, on_step, d);
	return d;
}

struct dial *dial_addresses(struct event_base *base, struct evutil_addrinfo *list,
                            unsigned first, dial_done *done, void *ctx)
{
	struct dial *d = create(base, first, done, ctx);

	on_resolved(0, list, d);
	return d;
}

struct dial *dial_create(struct event_base *base, const char *host, int port,
                         unsigned first, dial_done *done, void *ctx)
{
	const struct evutil_addrinfo numeric = { .ai_family = AF_UNSPEC,
		                                 .ai_socktype = SOCK_STREAM,
		                                 .ai_flags = EVUTIL_AI_NUMERICHOST };
	struct evutil_addrinfo *list = NULL;
	struct dial *d;
	char service[8];

	(void)snprintf(service, sizeof(service), "%u", (unsigned)port % 65536);
	if (evutil_getaddrinfo(host, service, &numeric, &list) == 0)
		return dial_addresses(base, list, first, done, ctx);
	d = create(base, first, done, ctx);
	look_up(d, host, service);
	return d;
}
