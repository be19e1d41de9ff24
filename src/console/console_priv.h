/*
 * console_priv.h - what the files of the console share.
 *
 *   console.c  routes and headers
 *   page.c     bodies
 *   guard.c    how many connections there may be, and how long each
 */
#ifndef CONSOLE_PRIV_H
#define CONSOLE_PRIV_H

#include "console/console.h"

struct event_base;
struct evconnlistener;
struct evhttp;
struct guard;

/*
 * Watches over the connections that http accepts from listener; both are borrowed.
 * guard_stop() before http ends, guard_destroy() behind it; NULL is fine for both.
 */
struct guard *guard_create(struct event_base *base, struct evhttp *http,
                           struct evconnlistener *listener);
void guard_stop(struct guard *g);
void guard_destroy(struct guard *g);
unsigned guard_count(const struct guard *g);

#endif
