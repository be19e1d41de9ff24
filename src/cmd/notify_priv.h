/*
 * notify_priv.h - tells systemd how the process is: sd_notify(3), by hand.
 *
 * Without NOTIFY_SOCKET in the environment all of it does nothing.
 */
#ifndef CMD_NOTIFY_PRIV_H
#define CMD_NOTIFY_PRIV_H

struct event_base;
struct event;

/* One datagram, such as "STOPPING=1". */
void notify_say(const char *state);

/*
 * READY=1, and WATCHDOG=1 from the loop twice in each WATCHDOG_USEC, so that a loop that
 * hangs is ended.  Gives the timer, to be freed with event_free(), or NULL.
 */
struct event *notify_ready(struct event_base *base);

#endif
