/*
 * fixture.h - the real gateway in the test's own loop, between a store in a temporary
 * folder and an SMSC that does as the test tells it.
 *
 * Nothing sleeps: RUN_UNTIL() turns the loop until a condition holds, or fails after
 * GENEROUS_S.
 */
#ifndef UNIT_GATEWAY_FIXTURE_H
#define UNIT_GATEWAY_FIXTURE_H

#include <arpa/inet.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

#include "gateway/gateway.h"
#include "link/conn.h"
#include "smpp/receipt.h"
#include "smpp/status.h"
#include "smpp/udh.h"
#include "store/inspect.h"
#include "support/house.h"
#include "support/openmetrics.h"
#include "support/suite.h"
#include "text/coding.h"

enum {
	PEERS = 256,
	SUBMITS = 8192,
	DELIVERIES = 512,
	SUBSCRIBERS = 200
};
#define FIRST   INT64_C(13900000000)
#define PENDING UINT32_MAX

/* What the SMSC does with a submit_sm. */
enum mood {
	ACCEPT,
	HOLD,
	REFUSE
};

struct submit {
	struct conn *by; /* NULL once that is gone */
	uint32_t sequence;
	unsigned batch; /* the read of that connection that brought it */
	uint8_t esm;
	size_t octets;
	char from[24], to[24];
	char text[600]; /* UTF-8 */
};

struct peer {
	struct conn *conn; /* NULL once it is gone */
	int fd;
	bool bound;
	char account[16];
	unsigned batch;
};

static struct {
	struct evconnlistener *listener;
	int port;
	struct peer peer[PEERS];
	unsigned accepted;
	bool mute; /* does not answer binds */
	enum mood mood;
	uint32_t status;   /* REFUSE */
	unsigned refusals; /* after so many, ACCEPT */
	struct submit submit[SUBMITS];
	unsigned submits;
	uint32_t response[DELIVERIES]; /* by delivery */
	unsigned response_batch[DELIVERIES];
	unsigned deliveries, responses;
} smsc;

static struct {
	struct event_base *base;
	struct event *give_up;
	struct clock clock;
	char folder[64], url[128], conf_path[128];
	const char *grammar; /* folder */
	struct conf *conf;
	struct gateway *gateway;
	struct log log;
	bool late, stopped;
	void (*failed)(void *ctx);
} t;

static inline void on_give_up(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
	t.late = true;
}

#define RUN_UNTIL(condition)                                          \
	do {                                                          \
		while (!(condition) && !t.late)                       \
			(void)event_base_loop(t.base, EVLOOP_ONCE);   \
		ck_assert_msg(!t.late, "never came: %s", #condition); \
	} while (0)

/* ---- the SMSC ---- */

static inline struct peer *peer_of(const struct conn *c)
{
	for (unsigned i = 0; i < smsc.accepted; i++) {
		if (smsc.peer[i].conn == c)
			return &smsc.peer[i];
	}
	ck_abort_msg("an event of no connection");
	return NULL;
}

static inline void copy(char *out, size_t size, struct span s)
{
	ck_assert_uint_lt(s.n, size);
	memcpy(out, s.p, s.n);
	out[s.n] = '\0';
}

static inline void respond(const struct submit *s, uint32_t status)
{
	union smpp_body body = { .submit_sm_resp = {
					 .message_id = { (const uint8_t *)"A1", 2 } } };

	if (s->by == NULL)
		return;
	smpp_session_respond(conn_session(s->by), SMPP_SUBMIT_SM, s->sequence, status,
	                     status == 0 ? &body : NULL);
	conn_flush(s->by);
}

static inline void decode_text(struct submit *s, const struct smpp_submit_sm *sm)
{
	struct span octets = sm->short_message;
	struct buf b = buf_make(4096);

	s->octets = octets.n;
	if ((sm->esm_class & SMPP_ESM_UDHI) != 0)
		octets = span_skip(octets, (size_t)octets.p[0] + 1);
	coding_decode(coding_of_dcs(sm->data_coding, CODING_GSM7), octets, &b);
	copy(s->text, sizeof(s->text), buf_span(&b));
	buf_free(&b);
}

static inline void take_submit(struct peer *p, const struct smpp_event *ev)
{
	const struct smpp_submit_sm *sm = &ev->body->submit_sm;
	struct submit *s = &smsc.submit[smsc.submits % SUBMITS];

	*s = (struct submit){ .by = p->conn,
		              .sequence = ev->sequence,
		              .batch = p->batch,
		              .esm = sm->esm_class };
	copy(s->from, sizeof(s->from), sm->source_addr);
	copy(s->to, sizeof(s->to), sm->destination_addr);
	decode_text(s, sm);
	smsc.submits++;
	if (smsc.mood == REFUSE && smsc.refusals == 0)
		smsc.mood = ACCEPT;
	if (smsc.mood == ACCEPT)
		respond(s, 0);
	if (smsc.mood == REFUSE) {
		smsc.refusals--;
		respond(s, smsc.status);
	}
}

static inline void forget(const struct peer *p)
{
	for (unsigned i = 0; i < SUBMITS; i++) {
		if (smsc.submit[i].by == p->conn)
			smsc.submit[i].by = NULL;
	}
}

static inline void on_peer_event(void *ctx, struct conn *c, const struct smpp_event *ev)
{
	struct peer *p = peer_of(c);

	(void)ctx;
	if (ev->kind == SMPP_EVENT_BIND && !smsc.mute) {
		copy(p->account, sizeof(p->account),
		     ev->body->bind_transceiver.system_id);
		smpp_session_accept(conn_session(c), ev->sequence, 0, STR("smsc"));
		p->bound = true;
	} else if (ev->kind == SMPP_EVENT_REQUEST) {
		take_submit(p, ev);
	} else if (ev->kind == SMPP_EVENT_RESPONSE) {
		smsc.response[ev->token] = ev->status;
		smsc.response_batch[ev->token] = p->batch;
		smsc.responses++;
	} else if (ev->kind == SMPP_EVENT_CLOSED) {
		forget(p);
		p->conn = NULL;
		p->bound = false;
	}
}

static inline void on_peer_batch(void *ctx, struct conn *c)
{
	(void)ctx;
	peer_of(c)->batch++;
}

static const struct conn_ops peer_ops = { on_peer_event, on_peer_batch };

static inline void on_accept(struct evconnlistener *l, evutil_socket_t fd,
                             struct sockaddr *from, int n, void *ctx)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p = &smsc.peer[smsc.accepted++];

	(void)l;
	(void)from;
	(void)n;
	(void)ctx;
	ck_assert_uint_le(smsc.accepted, PEERS);
	conf.role = SMPP_SMSC;
	conf.window = 1000;
	*p = (struct peer){ .fd = fd };
	p->conn = conn_create(t.base, fd, &conf, &peer_ops, NULL, &t.clock);
}

static inline void smsc_listen(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_port = htons((uint16_t)smsc.port),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);

	smsc.listener = evconnlistener_new_bind(t.base, on_accept, NULL,
	                                        LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE,
	                                        128, (struct sockaddr *)&at, sizeof(at));
	ck_assert_ptr_nonnull(smsc.listener);
	ck_assert_int_eq(getsockname(evconnlistener_get_fd(smsc.listener),
	                             (struct sockaddr *)&at, &n),
	                 0);
	smsc.port = ntohs(at.sin_port);
}

/* The newest bound connection of an account, or NULL. */
static inline struct peer *bound(const char *account)
{
	for (unsigned i = smsc.accepted; i-- > 0;) {
		if (smsc.peer[i].bound && strcmp(smsc.peer[i].account, account) == 0)
			return &smsc.peer[i];
	}
	return NULL;
}

static inline struct peer *peer(const char *account)
{
	struct peer *p = bound(account);

	ck_assert_ptr_nonnull(p);
	return p;
}

static inline void cut(const char *account)
{
	struct peer *p = peer(account);

	forget(p);
	conn_destroy(p->conn);
	p->conn = NULL;
	p->bound = false;
}

static inline void answer_held(uint32_t status)
{
	for (unsigned i = 0; i < smsc.submits && i < SUBMITS; i++) {
		respond(&smsc.submit[i], status);
		smsc.submit[i].by = NULL;
	}
}

/* ---- texts ---- */

/* Delivers sm over that account; returns its index in smsc.response. */
static inline unsigned deliver_sm(const char *account, const struct smpp_deliver_sm *sm)
{
	const union smpp_body body = { .deliver_sm = *sm };
	const struct peer *p = peer(account);
	const unsigned i = smsc.deliveries++;

	ck_assert_uint_lt(i, DELIVERIES);
	smsc.response[i] = PENDING;
	ck_assert_int_eq(smpp_session_request(conn_session(p->conn), SMPP_DELIVER_SM,
	                                      &body, i, clock_ms(&t.clock)),
	                 ERR_OK);
	conn_flush(p->conn);
	return i;
}

static inline struct smpp_deliver_sm text_sm(const char *from, const char *text)
{
	return (struct smpp_deliver_sm){
		.source_addr_ton = 1,
		.source_addr_npi = 1,
		.source_addr = { (const uint8_t *)from, strlen(from) },
		.destination_addr = { (const uint8_t *)"10086", 5 },
		.data_coding = 1,
		.short_message = { (const uint8_t *)text, strlen(text) }
	};
}

static inline unsigned deliver(const char *account, const char *from, const char *text)
{
	const struct smpp_deliver_sm sm = text_sm(from, text);

	return deliver_sm(account, &sm);
}

/* ---- store ---- */

static inline void put_population(struct store *s)
{
	const struct package p = { .code = STR("58"),
		                   .name_zh = STR("58元套餐"),
		                   .name_en = STR("Plan 58"),
		                   .fee_fen = 5800,
		                   .network = STR("5G"),
		                   .on_sale = true };

	ck_assert_int_eq(store_put(s, STORE_PACKAGES, &p, 1, 0, NULL), ERR_OK);
	for (int i = 0; i < SUBSCRIBERS; i++) {
		const struct subscriber_row row = { .sub = { .msisdn = FIRST + i,
			                                     .owner_since = 1577808000,
			                                     .joined_on = 1577808000,
			                                     .language = LANG_EN,
			                                     .name = STR("n"),
			                                     .region = STR("r"),
			                                     .network = STR("5G"),
			                                     .puk = STR("01234567"),
			                                     .package = STR("58"),
			                                     .real_name = true },
			                            .account = { .balance_fen = 777700,
			                                         .as_of = 1577808000 } };

		ck_assert_int_eq(store_put(s, STORE_SUBSCRIBERS, &row, 1, 0, NULL),
		                 ERR_OK);
	}
}

static inline struct store *open_store(enum store_mode mode)
{
	struct fault fault = { "" };
	struct store *s;

	ck_assert_msg(store_open(t.url, mode, &s, &fault) == ERR_OK, "%s", fault.text);
	return s;
}

static inline struct outbox_row ready_row(int64_t id, struct str text)
{
	return (struct outbox_row){ .id = id,
		                    .at_ms = 1000 * id,
		                    .group = STR("10086"),
		                    .from = { 0, 1, STR("10086") },
		                    .to = { 1, 1, STR("13900000001") },
		                    .text = text };
}

/* READY messages 1..n of a former life, all with this text. */
static inline void put_backlog(int64_t n, struct str text)
{
	struct store *s = open_store(STORE_OPEN);
	struct arena a = arena_make(64 * 1024 * 1024);
	struct changes c = { .arena = &a };

	for (int64_t id = 1; id <= n; id++)
		changes_add(&c, outbox, ready_row(id, text));
	ck_assert_int_eq(store_begin(s), ERR_OK);
	ck_assert_int_eq(store_record(s, &c), ERR_OK);
	ck_assert_int_eq(store_commit(s), ERR_OK);
	arena_free(&a);
	store_close(s);
}

/* How many rows of a table hold value in column; only while no gateway runs. */
static inline unsigned rows(const char *table, const char *column, const char *value)
{
	struct store *s = open_store(STORE_OPEN);
	struct arena a = arena_make(64 * 1024 * 1024);
	struct store_table found;
	unsigned n = 0;

	ck_assert_int_eq(store_inspect(s, table, &a, &found), ERR_OK);
	for (size_t i = 0; i < found.n_rows * found.n_columns; i++) {
		if (str_eq(found.column[i % found.n_columns], str_of(column)) &&
		    str_eq(found.value[i], str_of(value)))
			n++;
	}
	arena_free(&a);
	store_close(s);
	return n;
}

/* ---- gateway ---- */

static inline struct gateway_status status_now(void)
{
	struct gateway_status s;

	gateway_status(t.gateway, &s);
	return s;
}

/* Of the page of figures. */
static inline double sample(const char *name)
{
	struct buf out = buf_make(1 << 20);
	struct om_page *p;
	double value;

	gateway_metrics(t.gateway, &out);
	p = om_read(buf_str(&out));
	buf_free(&out);
	value = om_value(p, name);
	free(p);
	return value;
}

/* links and more: lines of the configuration; %d in them is the SMSC's port. */
static inline void write_conf_to(const char *path, const char *links, const char *more)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	(void)fprintf(
		f, "store = \"%s\"; grammar = \"%s\"; http = { listen = \"\"; };\n%s\n",
		t.url, t.grammar, more);
	(void)fprintf(f, "links = (\n");
	for (const char *p = links; *p != '\0'; p++) {
		if (*p == '@')
			(void)fprintf(
				f, "host = \"127.0.0.1\"; port = %d; password = \"x\"; ",
				smsc.port);
		else
			(void)fputc(*p, f);
	}
	(void)fprintf(f, ");\n");
	ck_assert_int_eq(fclose(f), 0);
}

static inline void write_conf(const char *links, const char *more)
{
	write_conf_to(t.conf_path, links, more);
}

static inline void on_failed(void *ctx)
{
	(void)ctx;
	ck_abort_msg("the store failed");
}

static inline enum err try_start(const char *links, const char *more, bool force,
                                 struct fault *fault)
{
	const struct gateway_options options = { .force = force,
		                                 .config = t.conf_path,
		                                 .failed = t.failed != NULL ? t.failed
		                                                            : on_failed };

	write_conf(links, more);
	ck_assert_msg(conf_load(t.conf_path, &t.conf, fault) == ERR_OK, "%s",
	              fault->text);
	return gateway_create(t.base, t.conf, &options, &t.clock, &t.log, &t.gateway,
	                      fault);
}

static inline void start(const char *links, const char *more)
{
	struct fault fault = { "" };

	ck_assert_msg(try_start(links, more, false, &fault) == ERR_OK, "%s", fault.text);
}

#define LINK(name, more)                               \
	"{ name = \"" name "\"; @ system_id = \"" name \
	"\"; numbers = ( \"10086\" ); " more " }\n"
#define TRUSTED "trusted = true;"

static inline void start_one(const char *more)
{
	start(LINK("a", TRUSTED), more);
	RUN_UNTIL(bound("a") != NULL);
}

static inline void on_stopped(void *ctx)
{
	(void)ctx;
	t.stopped = true;
}

static inline void stop(void)
{
	t.stopped = false;
	clock_read(&t.clock);
	gateway_stop(t.gateway, on_stopped, NULL);
	RUN_UNTIL(t.stopped);
	gateway_destroy(t.gateway);
	conf_destroy(t.conf);
	t.gateway = NULL;
}

static inline void set_up(void)
{
	memset(&smsc, 0, sizeof(smsc));
	memset(&t, 0, sizeof(t));
	t.base = event_base_new();
	t.grammar = "grammar";
	t.clock = clock_machine();
	t.log = (struct log){ .to = stderr, .level = LOG_ERROR };
	t.give_up = evtimer_new(t.base, on_give_up, NULL);
	(void)evtimer_add(t.give_up, &(struct timeval){ .tv_sec = GENEROUS_S });
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	(void)snprintf(t.folder, sizeof(t.folder), "/tmp/smshall-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(t.folder));
	(void)snprintf(t.url, sizeof(t.url), "sqlite:%s/hall.db", t.folder);
	(void)snprintf(t.conf_path, sizeof(t.conf_path), "%s/hall.conf", t.folder);
	smsc_listen();
}

static inline void populate(void)
{
	struct store *s = open_store(STORE_CREATE);

	ck_assert_int_eq(store_begin(s), ERR_OK);
	put_population(s);
	ck_assert_int_eq(store_commit(s), ERR_OK);
	store_close(s);
}

static inline void remove_folder(void)
{
	static const char *const files[] = { "hall.db",        "hall.db-wal",
		                             "hall.db-shm",    "hall.db.lock",
		                             "hall.db.crash",  "hall.db.sock",
		                             "hall.db.pepper", "hall.csv",
		                             "hall.conf" };

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char path[128];

		(void)snprintf(path, sizeof(path), "%s/%s", t.folder, files[i]);
		(void)unlink(path);
	}
	ck_assert_int_eq(rmdir(t.folder), 0);
}

static inline void tear_down(void)
{
	if (t.gateway != NULL)
		stop();
	for (unsigned i = 0; i < smsc.accepted; i++) {
		if (smsc.peer[i].conn != NULL)
			conn_destroy(smsc.peer[i].conn);
	}
	if (smsc.listener != NULL)
		evconnlistener_free(smsc.listener);
	event_free(t.give_up);
	event_base_free(t.base);
	remove_folder();
}

#endif
