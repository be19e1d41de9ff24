/*
 * asker.h - for tests that ask the office of a running gateway through its socket.
 */
#ifndef UNIT_GATEWAY_ASKER_H
#define UNIT_GATEWAY_ASKER_H

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fixture.h"

struct asker {
	int fd;
	char heard[1 << 20];
	size_t n;
	bool closed;
};

static inline struct sockaddr_un address(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	ck_assert_int_lt(
		snprintf(at.sun_path, sizeof(at.sun_path), "%s/hall.db.sock", t.folder),
		(int)sizeof(at.sun_path));
	return at;
}

static inline void dial(struct asker *a)
{
	const struct sockaddr_un at = address();

	*a = (struct asker){ .fd = socket(AF_UNIX, SOCK_STREAM, 0) };
	ck_assert_int_eq(connect(a->fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(fcntl(a->fd, F_SETFL, O_NONBLOCK), 0);
}

static inline void hang_up(struct asker *a)
{
	ck_assert_int_eq(close(a->fd), 0);
	a->fd = -1;
}

static inline void send_octets(const struct asker *a, const char *p, size_t n)
{
	ck_assert_int_eq(send(a->fd, p, n, MSG_NOSIGNAL), (ssize_t)n);
}

/* Takes what has come; whether it holds words. */
static inline bool hears(struct asker *a, const char *words)
{
	ssize_t n;

	while ((n = recv(a->fd, a->heard + a->n, sizeof(a->heard) - 1 - a->n, 0)) > 0)
		a->n += (size_t)n;
	a->closed = a->closed || n == 0 || errno == ECONNRESET;
	a->heard[a->n] = '\0';
	return strstr(a->heard, words) != NULL;
}

static inline void dial_and_say(struct asker *a, const char *request)
{
	dial(a);
	send_octets(a, request, strlen(request));
}

/* The loop has to be woken for what it cannot see: what a peer here has heard. */
static inline void on_wake(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
}

#define RUN_AND_LOOK(condition)                                                        \
	do {                                                                           \
		struct event *wake = event_new(t.base, -1, EV_PERSIST, on_wake, NULL); \
		(void)event_add(wake, &(struct timeval){ .tv_usec = 1000 });           \
		RUN_UNTIL(condition);                                                  \
		event_free(wake);                                                      \
	} while (0)
#define RUN_UNTIL_HEARD(a, words) RUN_AND_LOOK(hears((a), (words)))

/* ---- a file to import ---- */

static inline FILE *csv(void)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/hall.csv", t.folder);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	return f;
}

static inline void put_people(int n)
{
	FILE *f = csv();

	(void)fputs(
		"msisdn,name,language,class,region,joined_on,status,balance_fen,points,"
		"puk,package,services\n",
		f);
	for (int i = 0; i < n; i++)
		(void)fprintf(
			f, "%lld,n,en,personal,r,2020-01-01,active,4200,9,01234567,58,\n",
			(long long)FIRST + i);
	ck_assert_int_eq(fclose(f), 0);
}

#endif
