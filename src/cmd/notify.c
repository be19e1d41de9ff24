/*
 * notify.c - see notify_priv.h.
 */
#include <event2/event.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"
#include "notify_priv.h"

void notify_say(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const size_t n = path != NULL ? strlen(path) : 0;
	int fd;

	if (n == 0 || n >= sizeof(to.sun_path) || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@') /* an abstract name */
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
	             (const struct sockaddr *)&to,
	             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	(void)close(fd);
}

static void on_watchdog(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
	notify_say("WATCHDOG=1");
}

/* 0: systemd does not watch, or another process. */
static int64_t watchdog_us(void)
{
	const char *limit = getenv("WATCHDOG_USEC"), *whom = getenv("WATCHDOG_PID");
	int64_t us = 0, pid = getpid();

	if (limit == NULL || str_i64(str_of(limit), &us) != ERR_OK || us < 2)
		return 0;
	if (whom != NULL &&
	    (str_i64(str_of(whom), &pid) != ERR_OK || pid != (int64_t)getpid()))
		return 0;
	return us;
}

struct event *notify_ready(struct event_base *base)
{
	const int64_t us = watchdog_us() / 2;
	struct event *timer;

	notify_say("READY=1");
	if (us == 0)
		return NULL;
	timer = event_new(base, -1, EV_PERSIST, on_watchdog, NULL);
	(void)event_add(timer, &(struct timeval){ .tv_sec = us / 1000000,
	                                          .tv_usec = us % 1000000 });
	return timer;
}
