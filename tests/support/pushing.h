/*
 * pushing.h - a hall with one running campaign, and an SMSC in this process that notes what
 * comes to each of its targets; the hall itself is a child.  For e2e/push and bench_push.
 */
#ifndef SUPPORT_PUSHING_H
#define SUPPORT_PUSHING_H

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/listener.h>

#include "base/alloc.h"
#include "base/civil.h"
#include "link/conn.h"
#include "smpp/status.h"
#include "store/campaigns.h"
#include "store/inspect.h"
#include "store/rows.h"
#include "support/campaigns.h"

#define PUSHING_FIRST INT64_C(13800000000)
#define PUSHING_FROM  "106900860001"

enum {
	PUSHING_PIECE = 1000, /* rows of a transaction of the set-up */
	PUSHING_SINCE = 1577808000
};

struct pushing_hall {
	struct event_base *base;
	struct clock clock;
	struct evconnlistener *listener;
	struct conn *peer; /* NULL: nobody is bound */
	int port;
	/* A submit_sm: gives its status, UINT32_MAX: no response. */
	uint32_t (*submit)(void *ctx, const struct smpp_submit_sm *sm);
	void (*bound)(void *ctx);
	void *ctx;
	uint64_t message_id;
	const char *smshall;
	char dir[64], conf[128], url[128], zone[32];
	pid_t child;
};

static inline void pushing_die(const char *why)
{
	(void)fprintf(stderr, "push: %s\n", why);
	exit(EXIT_FAILURE);
}

/* ---- the SMSC ---- */

static inline void pushing_answer(struct pushing_hall *h, struct conn *c,
                                  const struct smpp_event *ev)
{
	char id[24];
	const int n = snprintf(id, sizeof(id), "%" PRIu64, ++h->message_id);
	const union smpp_body body = {
		.submit_sm_resp = { .message_id = { (const uint8_t *)id, (size_t)n } }
	};
	const uint32_t status = h->submit(h->ctx, &ev->body->submit_sm);

	if (status == UINT32_MAX)
		return;
	smpp_session_respond(conn_session(c), SMPP_SUBMIT_SM | SMPP_RESP, ev->sequence,
	                     status, status == 0 ? &body : NULL);
}

static inline void pushing_event(void *ctx, struct conn *c, const struct smpp_event *ev)
{
	struct pushing_hall *h = ctx;

	if (ev->kind == SMPP_EVENT_BIND) {
		smpp_session_accept(conn_session(c), ev->sequence, 0, STR("smsc"));
		h->peer = c;
		conn_flush(c);
		if (h->bound != NULL)
			h->bound(h->ctx);
	} else if (ev->kind == SMPP_EVENT_REQUEST && ev->command_id == SMPP_SUBMIT_SM) {
		pushing_answer(h, c, ev);
		conn_flush(c);
	} else if (ev->kind == SMPP_EVENT_CLOSED && h->peer == c) {
		h->peer = NULL;
	}
}

static inline void pushing_accept(struct evconnlistener *l, evutil_socket_t fd,
                                  struct sockaddr *from, int n, void *ctx)
{
	static const struct conn_ops ops = { pushing_event, NULL };
	struct pushing_hall *h = ctx;
	struct smpp_session_conf conf = smpp_session_defaults();

	(void)l;
	(void)from;
	(void)n;
	conf.role = SMPP_SMSC;
	conf.window = 1000;
	(void)conn_create(h->base, fd, &conf, &ops, h, &h->clock);
}

static inline void pushing_listen(struct pushing_hall *h)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);

	h->listener = evconnlistener_new_bind(h->base, pushing_accept, h,
	                                      LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE,
	                                      16, (struct sockaddr *)&at, sizeof(at));
	if (h->listener == NULL || getsockname(evconnlistener_get_fd(h->listener),
	                                       (struct sockaddr *)&at, &n) != 0)
		pushing_die("cannot listen");
	h->port = ntohs(at.sin_port);
}

/* ---- the store ---- */

static inline void pushing_must(enum err e, struct store *s)
{
	if (e != ERR_OK)
		pushing_die(store_fault(s));
}

/* A notice of service: nobody has to have agreed to it. */
static inline struct campaign_row pushing_campaign_row(void)
{
	return running_campaign("N1",
	                        STR("campaign = { code = \"N1\"; title = \"t\"; "
	                            "kind = \"care\"; category = \"events\"; owner = "
	                            "\"anna\"; };\n"
	                            "time = { from = \"2020-01-01\"; until = "
	                            "\"2099-12-31\"; holidays = \"yes\"; };\n"
	                            "arm_only = { share = \"100\"; zh_hans = "
	                            "\"今晚2点至4点系统升级，短信办理暂停。\"; };\n"));
}

static inline void pushing_campaign(struct store *s)
{
	struct campaign_row c = pushing_campaign_row();

	pushing_must(store_put_campaign(s, &c, NULL), s);
}

static inline struct target_row pushing_target(int i)
{
	return ready_target(1, PUSHING_FIRST + i, PUSHING_SINCE, i);
}

static inline struct subscriber_row pushing_subscriber(int i)
{
	return (struct subscriber_row){ .sub = { .msisdn = PUSHING_FIRST + i,
		                                 .owner_since = PUSHING_SINCE,
		                                 .joined_on = PUSHING_SINCE,
		                                 .name = STR("n"),
		                                 .region = STR("r"),
		                                 .network = STR("5G"),
		                                 .puk = STR("01234567"),
		                                 .package = STR("58"),
		                                 .real_name = true },
		                        .account = { .balance_fen = 777700,
		                                     .as_of = PUSHING_SINCE } };
}

/* Subscribers, of whom the first are targets. */
static inline void pushing_fill(struct pushing_hall *h, int subscribers, int targets)
{
	struct subscriber_row *row = xcalloc(PUSHING_PIECE, sizeof(*row));
	struct target_row *target = xcalloc(PUSHING_PIECE, sizeof(*target));
	struct fault fault = { "" };
	struct store *s;

	if (store_open(h->url, STORE_CREATE, &s, &fault) != ERR_OK)
		pushing_die(fault.text);
	for (int i = 0; i < subscribers; i += PUSHING_PIECE) {
		size_t people = 0, chosen = 0, new;

		for (; people < PUSHING_PIECE && i + (int)people < subscribers; people++)
			row[people] = pushing_subscriber(i + (int)people);
		for (; chosen < PUSHING_PIECE && i + (int)chosen < targets; chosen++)
			target[chosen] = pushing_target(i + (int)chosen);
		pushing_must(store_begin(s), s);
		if (i == 0)
			pushing_campaign(s);
		pushing_must(store_put(s, STORE_SUBSCRIBERS, row, people, 0, NULL), s);
		pushing_must(store_put_targets(s, target, chosen, &new), s);
		pushing_must(store_commit(s), s);
	}
	store_close(s);
	free(row);
	free(target);
}

/* ---- the hall ---- */

/* The house sends by day: it is noon where this runs. */
static inline void pushing_noon(struct pushing_hall *h)
{
	const int ahead = 12 - (int)(h->clock.wall_s / 3600 % 24);

	(void)snprintf(h->zone, sizeof(h->zone), "Etc/GMT%+d", -ahead);
	if (civil_zone(h->zone) != ERR_OK)
		pushing_die("no such time zone");
}

/* link: more keys of the link.  GRAMMAR is another folder than that of the house. */
static inline void pushing_conf(const struct pushing_hall *h, const char *link)
{
	const char *grammar = getenv("GRAMMAR");
	FILE *f = fopen(h->conf, "w");

	if (f == NULL)
		pushing_die("cannot write the configuration");
	(void)fprintf(
		f,
		"store = \"%s\"; grammar = \"%s\"; timezone = \"%s\";\n"
		"links = ( { name = \"sim\"; host = \"127.0.0.1\"; port = %d;\n"
		"  bind = \"transceiver\"; system_id = \"hall\"; password = \"s\";\n"
		"  numbers = ( \"10086\" ); trusted = true; reconnect_max_s = 1;\n"
		"  marketing = \"10690086\"; %s } );\n"
		"http = { listen = \"\"; }; log = { level = \"error\"; };\n"
		"limits = { burst = 10000; };\n",
		h->url, grammar != NULL ? grammar : "grammar", h->zone, h->port, link);
	(void)fclose(f);
}

static inline void pushing_start(struct pushing_hall *h)
{
	h->child = fork();
	if (h->child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* it ends with the test */
		(void)execl(h->smshall, h->smshall, "serve", "--config", h->conf,
		            (char *)NULL);
		_exit(127);
	}
	if (h->child < 0)
		pushing_die("cannot fork");
}

static inline void pushing_set_up(struct pushing_hall *h)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(h->dir, sizeof(h->dir), "%s/smshall-push-XXXXXX",
	               tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(h->dir) == NULL)
		pushing_die("cannot make a folder");
	(void)snprintf(h->conf, sizeof(h->conf), "%s/hall.conf", h->dir);
	(void)snprintf(h->url, sizeof(h->url), "sqlite:%s/hall.db", h->dir);
	(void)signal(SIGPIPE, SIG_IGN);
	h->base = event_base_new();
	h->clock = clock_machine();
	pushing_noon(h);
	pushing_listen(h);
}

/* The child has ended. */
static inline void pushing_tear_down(struct pushing_hall *h)
{
	static const char *const files[] = { "hall.conf",      "hall.db",
		                             "hall.db-wal",    "hall.db-shm",
		                             "hall.db.lock",   "hall.db.crash",
		                             "hall.db.pepper", "hall.db.sock" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[160];

		(void)snprintf(path, sizeof(path), "%s/%s", h->dir, files[i]);
		(void)unlink(path);
	}
	(void)rmdir(h->dir);
	evconnlistener_free(h->listener);
}

#endif
