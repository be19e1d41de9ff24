/*
 * control.c - the Unix socket beside the database: requests of the same user to the
 * office of this process (office/wire.h), handed to the reader thread.
 *
 * A connection keeps its place until its request was carried out, also when the peer
 * has gone: so no more than CLIENTS requests wait.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include "base/alloc.h"
#include "gateway_priv.h"
#include "office/office.h"
#include "office/wire.h"

enum {
	CLIENTS = 8,
	BACKLOG = 16,
	REQUEST_S = 10,                /* to send a request */
	ANSWER_S = 30,                 /* without taking anything of the answer */
	PROGRESS_MAX = 64 * 1024,      /* octets that wait: no progress behind them */
	ANSWER_MAX = 64 * 1024 * 1024, /* octets that wait: too slow a peer */
	REFUSAL_MAX = 512
};

struct client {
	struct control *control;
	struct bufferevent *bev; /* NULL: none, or it has gone */
	struct event *late;      /* for the request */
	uint64_t id;             /* 0: the place is free */
	bool asked, ending;
};

struct control {
	struct gateway *gateway;
	struct reader *reader;
	const struct log *log;
	char *path;
	struct evconnlistener *listener;
	struct client client[CLIENTS];
	uint64_t last_id;
};

/* ---- a client ---- */

static void hang_up(struct client *c)
{
	if (c->bev != NULL)
		bufferevent_free(c->bev);
	c->bev = NULL;
	if (c->late != NULL)
		event_free(c->late);
	c->late = NULL;
	if (!c->asked || c->ending)
		c->id = 0;
}

static void send_last(struct client *c, const struct wire *w)
{
	struct buf line = buf_make(WIRE_LINE_MAX);

	wire_put(&line, w);
	c->ending = true;
	(void)bufferevent_write(c->bev, line.p, line.n);
	buf_free(&line);
}

static void refuse(struct client *c, const char *why)
{
	LOG(c->control->log, LOG_WARN, "control.refused", "reason=\"%s\"", why);
	send_last(c, &(struct wire){ .kind = WIRE_ERROR, .text = str_of(why) });
}

/* A recording has to say what a replay of its texts does not do. */
static void note_deed(struct gateway *g, struct str request)
{
	struct buf words = buf_make(128);

	if (g->capture != NULL && office_deed(request, &words))
		capture_deed(g->capture, buf_str(&words));
	buf_free(&words);
}

static void on_read(struct bufferevent *bev, void *ctx)
{
	struct client *c = ctx;
	struct evbuffer *in = bufferevent_get_input(bev);
	const size_t had = evbuffer_get_length(in);
	size_t n;
	char *line;

	if (c->asked || c->ending) {
		(void)evbuffer_drain(in, had);
		return;
	}
	line = evbuffer_readln(in, &n, EVBUFFER_EOL_LF);
	if (line == NULL && had < OFFICE_REQUEST_MAX)
		return;
	(void)event_del(c->late);
	if (line == NULL || n >= OFFICE_REQUEST_MAX) {
		refuse(c, "request: longer than 65536 octets");
	} else {
		c->asked = true;
		(void)bufferevent_set_timeouts(bev, NULL,
		                               &(struct timeval){ .tv_sec = ANSWER_S });
		note_deed(c->control->gateway, (struct str){ line, n });
		reader_ask(c->control->reader, c->id, (struct str){ line, n });
	}
	free(line);
}

/* The answer has left. */
static void on_write(struct bufferevent *bev, void *ctx)
{
	struct client *c = ctx;

	(void)bev;
	if (c->ending)
		hang_up(c);
}

static void on_event(struct bufferevent *bev, short what, void *ctx)
{
	struct client *c = ctx;

	(void)bev;
	/* It may have said all it has to say and still wait for the answer. */
	if ((what & BEV_EVENT_EOF) != 0 && (c->asked || c->ending))
		return;
	hang_up(c);
}

static void on_late(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	refuse(ctx, "request: expected one line within 10 s");
}

/* ---- accepting ---- */

/* Says why and closes; the peer reads it, whatever it sends. */
static void turn_away(const struct control *k, int fd, const char *why)
{
	struct buf line = buf_make(REFUSAL_MAX);
	ssize_t sent;

	LOG(k->log, LOG_WARN, "control.refused", "reason=\"%s\"", why);
	wire_put(&line, &(struct wire){ .kind = WIRE_ERROR, .text = str_of(why) });
	sent = send(fd, line.p, line.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)sent; /* a peer that cannot be told is told by the end of the connection */
	buf_free(&line);
	(void)close(fd);
}

static bool is_same_user(int fd)
{
	/* struct ucred of <sys/socket.h>, which glibc shows to GNU sources only */
	struct {
		pid_t pid;
		uid_t uid;
		gid_t gid;
	} peer;
	socklen_t n = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 &&
	       n == sizeof(peer) && peer.uid == geteuid();
}

static struct client *free_place(struct control *k)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		if (k->client[i].id == 0)
			return &k->client[i];
	}
	return NULL;
}

static void on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from,
                      int n, void *ctx)
{
	struct event_base *base = evconnlistener_get_base(l);
	struct control *k = ctx;
	struct client *c = free_place(k);

	(void)from;
	(void)n;
	if (!is_same_user(fd)) {
		turn_away(k, fd, "only the user that runs smshall serve may ask");
		return;
	}
	if (c == NULL) {
		turn_away(k, fd, "8 requests run or wait already: try again later");
		return;
	}
	*c = (struct client){ .control = k, .id = ++k->last_id };
	c->bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	c->late = evtimer_new(base, on_late, c);
	bufferevent_setcb(c->bev, on_read, on_write, on_event, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, OFFICE_REQUEST_MAX);
	(void)bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	(void)event_add(c->late, &(struct timeval){ .tv_sec = REQUEST_S });
}

/* ---- the socket ---- */

static enum err listen_at(const char *path, int *out, struct fault *fault)
{
	struct sockaddr_un at;
	int dirfd, fd;
	enum err e = wire_address(path, &at, &dirfd, fault);

	if (e != ERR_OK)
		return e;
	(void)unlink(path); /* the store's lock is ours: nobody listens there */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Before bind(): then the file is never open to others. */
	if (fd < 0 || fchmod(fd, S_IRUSR | S_IWUSR) != 0 ||
	    bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0) {
		fault_set(fault, "%s: %s", path, strerror(errno));
		e = ERR_IO;
	}
	if (dirfd >= 0)
		(void)close(dirfd);
	if (e == ERR_OK)
		*out = fd;
	else if (fd >= 0)
		(void)close(fd);
	return e;
}

enum err control_create(struct gateway *g, const char *path, struct control **out,
                        struct fault *fault)
{
	struct control *k;
	int fd;
	const enum err e = listen_at(path, &fd, fault);

	if (e != ERR_OK)
		return e;
	k = xcalloc(1, sizeof(*k));
	k->gateway = g;
	k->reader = g->reader;
	k->log = g->log;
	k->path = xstrndup(str_of(path));
	k->listener = evconnlistener_new(g->base, on_accept, k,
	                                 LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC,
	                                 BACKLOG, fd);
	if (k->listener == NULL) {
		fault_set(fault, "%s: cannot listen", path);
		(void)close(fd);
		control_destroy(k);
		return ERR_IO;
	}
	*out = k;
	return ERR_OK;
}

void control_say(struct control *k, const struct office_say *s)
{
	struct client *c = NULL;
	size_t waits;

	for (size_t i = 0; i < CLIENTS && c == NULL; i++) {
		if (k->client[i].id == s->client)
			c = &k->client[i];
	}
	if (c == NULL)
		return;
	c->ending = s->last;
	if (c->bev == NULL) {
		hang_up(c);
		return;
	}
	waits = evbuffer_get_length(bufferevent_get_output(c->bev));
	if (s->may_drop && waits > PROGRESS_MAX)
		return;
	if (waits > ANSWER_MAX)
		hang_up(c);
	else
		(void)bufferevent_write(c->bev, s->text, s->n);
}

void control_close(struct control *k)
{
	if (k->listener == NULL)
		return;
	evconnlistener_free(k->listener);
	k->listener = NULL;
	(void)unlink(k->path);
}

void control_destroy(struct control *k)
{
	if (k == NULL)
		return;
	control_close(k);
	for (size_t i = 0; i < CLIENTS; i++)
		hang_up(&k->client[i]);
	free(k->path);
	free(k);
}
