/*
 * fixture.h - the simulator with handsets on one side and ESMEs on the other, on
 * loopback, in the test's own loop.
 */
#ifndef TEST_SIM_FIXTURE_H
#define TEST_SIM_FIXTURE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link/link.h"
#include "sim/handset.h"
#include "sim/smsc.h"
#include "smpp/receipt.h"
#include "smpp/status.h"
#include "support/event_loop.h"

enum {
	TEXT_MAX = 4096,
	IDS = 8
};

enum mood {
	ECHO,
	ACKNOWLEDGE,
	SILENT
};

/* An ESME under test: what it does with what comes, and what came. */
struct esme {
	struct link *link;
	enum mood mood;
	uint32_t status; /* that it answers with */
	unsigned bound, down, requests, receipts, responses, expired, lost;
	unsigned status_seen[256];
	int64_t last_response_ms;
	char id[IDS][32]; /* message ids of responses */
	char receipt_id[IDS][32];
	unsigned receipts_before_response;
	char seen[64]; /* first octets of the texts that came */
};

struct phone {
	struct handset *handset;
	unsigned ready, texts, parts, refused;
	uint32_t status;
	int64_t latency_us;
	char text[TEXT_MAX], from[32];
};

static struct smsc *smsc;
static struct smsc_script *script;

static inline void settle(void)
{
	for (int i = 0; i < 20; i++)
		(void)event_base_loop(base, EVLOOP_NONBLOCK);
}

static inline void copy(char *out, size_t size, const void *p, size_t n)
{
	ck_assert_uint_lt(n, size);
	memcpy(out, p, n);
	out[n] = '\0';
}

/* -- the ESME ------------------------------------------------------------------ */

/* A message back to where sm came from, with the same octets. */
static inline void echo(struct esme *e, const struct smpp_deliver_sm *sm)
{
	const union smpp_body body = { .submit_sm = {
					       .source_addr = sm->destination_addr,
					       .dest_addr_ton = sm->source_addr_ton,
					       .dest_addr_npi = sm->source_addr_npi,
					       .destination_addr = sm->source_addr,
					       .esm_class = sm->esm_class,
					       .data_coding = sm->data_coding,
					       .short_message = sm->short_message,
					       .tlvs = sm->tlvs } };

	ck_assert_int_eq(smpp_session_request(link_session(e->link), SMPP_SUBMIT_SM,
	                                      &body, 0, clock_ms(&now)),
	                 ERR_OK);
}

static inline void take_request(struct esme *e, const struct smpp_deliver_sm *sm)
{
	struct smpp_receipt r;

	if (smpp_receipt_read(sm, &r) == ERR_OK) {
		ck_assert_int_eq(r.state, SMPP_STATE_DELIVERED);
		copy(e->receipt_id[e->receipts % IDS], sizeof(e->receipt_id[0]), r.id.p,
		     r.id.n);
		e->receipts++;
		e->receipts_before_response += e->receipts > e->responses ? 1 : 0;
		return;
	}
	if (e->requests + 1 < sizeof(e->seen))
		e->seen[e->requests] = sm->short_message.n > 0
		                               ? (char)sm->short_message.p[0]
		                               : '-';
	e->requests++;
	if (e->mood == ECHO && e->status == 0)
		echo(e, sm);
}

static inline void on_esme_event(void *ctx, struct link *l, const struct smpp_event *ev)
{
	struct esme *e = ctx;

	e->expired += ev->kind == SMPP_EVENT_EXPIRED ? 1 : 0;
	e->lost += ev->kind == SMPP_EVENT_LOST ? 1 : 0;
	if (ev->kind == SMPP_EVENT_REQUEST) {
		if (e->mood != SILENT)
			smpp_session_respond(link_session(l), ev->command_id,
			                     ev->sequence, e->status, NULL);
		take_request(e, &ev->body->deliver_sm);
	}
	if (ev->kind == SMPP_EVENT_RESPONSE) {
		if (ev->body != NULL && ev->status == 0 &&
		    ev->command_id == (SMPP_SUBMIT_SM | SMPP_RESP))
			copy(e->id[e->responses % IDS], sizeof(e->id[0]),
			     ev->body->submit_sm_resp.message_id.p,
			     ev->body->submit_sm_resp.message_id.n);
		e->responses++;
		e->status_seen[ev->status & 0xff]++;
		e->last_response_ms = clock_ms(&now);
	}
}

static inline void on_esme_bound(void *ctx, struct link *l)
{
	struct esme *e = ctx;

	(void)l;
	e->bound++;
}

static inline void on_esme_down(void *ctx, struct link *l, const char *reason)
{
	struct esme *e = ctx;

	(void)l;
	(void)reason;
	e->down++;
}

static const struct link_ops esme_ops = { .bound = on_esme_bound,
	                                  .event = on_esme_event,
	                                  .down = on_esme_down };

static inline void esme_start(struct esme *e, enum smpp_bind bind, const char *password)
{
	struct link_conf conf = { .name = "esme",
		                  .host = "127.0.0.1",
		                  .port = smsc_port(smsc),
		                  .session = smpp_session_defaults(),
		                  .reconnect_max_ms = 60000 };

	conf.session.bind = bind;
	conf.session.window = 1000;
	conf.session.system_id = STR("hall");
	conf.session.password = str_of(password);
	conf.session.response_timeout_ms = 300;
	e->link = link_create(base, &conf, &esme_ops, e, &now, NULL);
}

static inline void esme_bind(struct esme *e, enum mood mood)
{
	*e = (struct esme){ .mood = mood };
	esme_start(e, SMPP_BIND_TRX, "");
	RUN_UNTIL(e->bound == 1);
}

static inline void submit(struct esme *e, const char *to, uint8_t registered_delivery,
                          unsigned n)
{
	const union smpp_body body = {
		.submit_sm = { .source_addr = { (const uint8_t *)"10086", 5 },
		               .destination_addr = { (const uint8_t *)to, strlen(to) },
		               .registered_delivery = registered_delivery,
		               .short_message = { (const uint8_t *)"hello", 5 } }
	};

	for (unsigned i = 0; i < n; i++)
		ck_assert_int_eq(smpp_session_request(link_session(e->link),
		                                      SMPP_SUBMIT_SM, &body, i,
		                                      clock_ms(&now)),
		                 ERR_OK);
	link_flush(e->link);
}

/* -- the handset ----------------------------------------------------------------- */

static inline void on_ready(void *ctx, struct handset *h)
{
	struct phone *p = ctx;

	(void)h;
	p->ready++;
}

static inline void on_text(void *ctx, struct handset *h, const struct handset_text *t)
{
	struct phone *p = ctx;

	(void)h;
	p->texts++;
	p->parts = t->parts;
	p->latency_us = t->latency_us;
	copy(p->text, sizeof(p->text), t->text.p, t->text.n);
	copy(p->from, sizeof(p->from), t->from.p, t->from.n);
}

static inline void on_refused(void *ctx, struct handset *h, uint32_t status)
{
	struct phone *p = ctx;

	(void)h;
	p->refused++;
	p->status = status;
}

static const struct handset_ops handset_ops = { .ready = on_ready,
	                                        .text = on_text,
	                                        .refused = on_refused };

static inline void phone_start(struct phone *p, const char *number)
{
	const struct handset_conf conf = { .host = "127.0.0.1",
		                           .port = smsc_port(smsc),
		                           .number = number,
		                           .to = "10086" };

	*p = (struct phone){ 0 };
	p->handset = handset_create(base, &conf, &handset_ops, p, &now);
	RUN_UNTIL(p->ready == 1);
}

static inline void say(struct phone *p, const char *text)
{
	ck_assert_int_eq(handset_send(p->handset, str_of(text)), ERR_OK);
}

/* -- fixture ----------------------------------------------------------------------- */

static inline void smsc_start(const char *rules)
{
	struct smsc_conf conf = { .listen = "127.0.0.1", .seed = 1 };
	struct fault fault = { .text = "" };
	char path[] = "/tmp/test_smsc.XXXXXX";
	const int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, rules, strlen(rules)), (ssize_t)strlen(rules));
	(void)close(fd);
	ck_assert_msg(smsc_script_load(path, &script, &fault) == ERR_OK, "%s",
	              fault.text);
	(void)unlink(path);
	conf.script = script;
	ck_assert_msg(smsc_create(base, &conf, &now, NULL, &smsc, &fault) == ERR_OK, "%s",
	              fault.text);
}

static inline void set_up(void)
{
	event_loop_open();
}

static inline void tear_down(void)
{
	smsc_destroy(smsc);
	smsc_script_destroy(script);
	event_loop_close();
}

#endif
