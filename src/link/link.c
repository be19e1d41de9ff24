/*
 * link.c - dials, binds, and dials again; see link/link.h.
 *
 *   DIALLING -> BINDING -> UP -> (lost) WAITING up to 50 ms -> DIALLING
 *       |          |
 *       +----------+-> WAITING by the rules of backoff.c -> DIALLING
 */
#include <event2/event.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "link/capture.h"
#include "link_priv.h"

struct link {
	struct event_base *base;
	struct clock *clock;
	const struct log *log;
	const struct link_ops *ops;
	void *ctx;
	char *name, *host;
	int port;
	struct smpp_session_conf session;
	char *system_id, *password, *system_type; /* what session borrows */
	enum link_state state;
	struct dial *dial; /* DIALLING */
	struct conn *conn; /* BINDING, UP, and STOPPED while it unbinds */
	bool bound;
	uint32_t refusal; /* status of the last bind that was refused; 0 once bound */
	struct capture *capture; /* NULL: none */
	struct event *retry;
	int64_t retry_ms; /* WAITING: when the next attempt is due */
	struct backoff backoff;
};

const char *link_state_name(enum link_state s)
{
	static const char *const names[] = { "dialling", "binding", "up", "waiting",
		                             "stopped" };

	assert((size_t)s < sizeof(names) / sizeof(names[0]));
	return names[s];
}

static void wait_ms(struct link *l, int64_t ms)
{
	l->state = LINK_WAITING;
	l->retry_ms = clock_ms(l->clock) + ms;
	(void)event_add(l->retry, &(struct timeval){ .tv_sec = ms / 1000,
	                                             .tv_usec = ms % 1000 * 1000 });
}

/* Before the bind; status is that of its refusal, or 0. */
static void attempt_failed(struct link *l, const char *reason, uint32_t status)
{
	const int64_t ms = backoff_failed(&l->backoff, status);

	l->refusal = status;
	LOG(l->log, status != 0 ? LOG_ERROR : LOG_WARN, "link.failed",
	    "link=%s reason=\"%s\" status=0x%02x attempts=%u retry_ms=%lld", l->name,
	    reason, status, l->backoff.failures, (long long)ms);
	wait_ms(l, ms);
}

static void was_bound(struct link *l)
{
	l->state = LINK_UP;
	l->bound = true;
	l->refusal = 0;
	backoff_bound(&l->backoff);
	LOG(l->log, LOG_INFO, "link.bound", "link=%s host=%s port=%d", l->name, l->host,
	    l->port);
	l->ops->bound(l->ctx, l);
}

static void was_closed(struct link *l, const struct smpp_event *ev)
{
	const bool was_up = l->bound;

	l->conn = NULL;
	l->bound = false;
	if (was_up) {
		LOG(l->log, l->state == LINK_STOPPED ? LOG_INFO : LOG_WARN, "link.down",
		    "link=%s reason=\"%s\"", l->name, ev->reason);
		l->ops->down(l->ctx, l, ev->reason);
	}
	if (l->state == LINK_STOPPED)
		return;
	if (was_up)
		wait_ms(l, backoff_lost(&l->backoff));
	else
		attempt_failed(l, ev->reason, ev->status);
}

static void on_event(void *ctx, struct conn *c, const struct smpp_event *ev)
{
	struct link *l = ctx;

	(void)c;
	if (ev->kind == SMPP_EVENT_BOUND)
		was_bound(l);
	else if (ev->kind == SMPP_EVENT_CLOSED)
		was_closed(l, ev);
	else
		l->ops->event(l->ctx, l, ev);
}

static void on_batch_end(void *ctx, struct conn *c)
{
	struct link *l = ctx;

	(void)c;
	if (l->ops->batch_end != NULL)
		l->ops->batch_end(l->ctx, l);
}

static const struct conn_ops conn_ops = { .event = on_event, .batch_end = on_batch_end };

/* A session that is stuck in the middle of a PDU is left out; the next is not. */
static void tap_session(struct link *l)
{
	struct tap *tap;

	if (l->conn == NULL)
		return;
	tap = l->capture != NULL ? tap_create(l->capture, l->name) : NULL;
	if (conn_tap(l->conn, tap) != ERR_OK)
		tap_destroy(tap);
}

void link_capture(struct link *l, struct capture *capture)
{
	l->capture = capture;
	tap_session(l);
}

static void on_dialled(void *ctx, int fd, const char *reason)
{
	struct link *l = ctx;

	dial_destroy(l->dial);
	l->dial = NULL;
	clock_read(l->clock);
	if (fd < 0) {
		attempt_failed(l, reason, 0);
		return;
	}
	l->state = LINK_BINDING;
	l->conn = conn_create(l->base, fd, &l->session, &conn_ops, l, l->clock);
	tap_session(l);
}

static void start_dialling(struct link *l)
{
	l->state = LINK_DIALLING;
	l->dial = dial_create(l->base, l->host, l->port, l->backoff.failures, on_dialled,
	                      l);
}

static void on_retry(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	start_dialling(ctx);
}

static struct str copy_text(char **own, struct str from)
{
	*own = xstrndup(from);
	return (struct str){ *own, from.n };
}

struct link *link_create(struct event_base *base, const struct link_conf *conf,
                         const struct link_ops *ops, void *ctx, struct clock *clock,
                         const struct log *log)
{
	struct link *l = xcalloc(1, sizeof(*l));

	*l = (struct link){ .base = base,
		            .clock = clock,
		            .log = log,
		            .ops = ops,
		            .ctx = ctx,
		            .name = xstrndup(str_of(conf->name)),
		            .host = xstrndup(str_of(conf->host)),
		            .port = conf->port,
		            .session = conf->session,
		            .backoff = { .max_ms = conf->reconnect_max_ms,
		                         .seed = conf->jitter_seed } };
	assert(conf->session.role == SMPP_ESME);
	l->session.system_id = copy_text(&l->system_id, conf->session.system_id);
	l->session.password = copy_text(&l->password, conf->session.password);
	l->session.system_type = copy_text(&l->system_type, conf->session.system_type);
	l->retry = evtimer_new(base, on_retry, l);
	start_dialling(l);
	return l;
}

/* Neither dials nor waits any more. */
static void stop_trying(struct link *l)
{
	dial_destroy(l->dial);
	l->dial = NULL;
	(void)event_del(l->retry);
	l->state = LINK_STOPPED;
}

void link_destroy(struct link *l)
{
	if (l == NULL)
		return;
	stop_trying(l);
	if (l->conn != NULL)
		conn_destroy(l->conn);
	event_free(l->retry);
	free(l->name);
	free(l->host);
	free(l->system_id);
	free(l->password);
	free(l->system_type);
	free(l);
}

void link_stop(struct link *l)
{
	stop_trying(l);
	if (l->conn == NULL)
		return;
	clock_read(l->clock);
	smpp_session_unbind(conn_session(l->conn), clock_ms(l->clock));
	conn_flush(l->conn);
}

struct smpp_session *link_session(struct link *l)
{
	return l->bound ? conn_session(l->conn) : NULL;
}

void link_flush(struct link *l)
{
	if (l->conn != NULL)
		conn_flush(l->conn);
}

enum link_state link_state(const struct link *l)
{
	return l->state;
}

uint32_t link_refusal(const struct link *l)
{
	return l->refusal;
}

int64_t link_retry_ms(const struct link *l)
{
	return l->state == LINK_WAITING ? l->retry_ms : INT64_MAX;
}
