/*
 * link_priv.h - the pieces of a link: dialling, and when to dial again.
 */
#ifndef LINK_PRIV_H
#define LINK_PRIV_H

#include <stdint.h>

#include "link/link.h"

/* Static English for an errno of a socket. */
const char *socket_reason(int error);

struct dial;

/* fd >= 0: connected and non-blocking, the owner's.  -1: static reason. */
typedef void dial_done(void *ctx, int fd, const char *reason);

/*
 * Resolves host without blocking the loop and tries its addresses in turn, beginning
 * with the first-th (modulo their number), 10 s each.  Calls done once, from the loop,
 * where dial_destroy() is allowed.  host is copied.
 */
struct dial *dial_create(struct event_base *base, const char *host, int port,
                         unsigned first, dial_done *done, void *ctx);

/* The same with the addresses given; takes list. */
struct evutil_addrinfo;
struct dial *dial_addresses(struct event_base *base, struct evutil_addrinfo *list,
                            unsigned first, dial_done *done, void *ctx);

/* Ends it, at any time; done is not called any more.  NULL is fine. */
void dial_destroy(struct dial *d);

/* When a link dials again. */
struct backoff {
	unsigned failures; /* in a row */
	int64_t max_ms;
	uint64_t seed;
};

/* A bound session was lost: 0..50 ms. */
int64_t backoff_lost(struct backoff *b);

/*
 * An attempt failed; status is the command_status of a refused bind, or 0.  1 s
 * doubling to the maximum, plus up to a quarter; at least 60 s after wrong
 * credentials, 5 s when bound already.
 */
int64_t backoff_failed(struct backoff *b, uint32_t status);

static inline void backoff_bound(struct backoff *b)
{
	b->failures = 0;
}

#endif
