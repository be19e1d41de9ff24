/*
 * fuzz_session.c - any octets in any pieces to a session of either role, with
 * time passing and an owner that sends and answers.
 *
 * The first octet picks role and bind.  The rest is a script: an octet says
 * what happens next, a few after it say how much.  What must hold: pending
 * within the window, output bounded, the deadline not in the past after ticks
 * have run, one CLOSED at the end, and each token's story told in order.
 */
#include <stdlib.h>
#include <string.h>

#include "smpp/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	WINDOW = 5,
	LIMIT = 4096,
	RESERVE = 64 * 1024,
	TOKENS = 4096
};

enum story {
	UNSENT,
	WAITING,
	EXPIRED,
	OVER
};

struct run {
	struct smpp_session *s;
	int64_t now;
	struct buf in; /* offered, not consumed yet */
	enum story token[TOKENS];
	uint32_t tokens;
	bool closed;
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void tell(struct run *r, uint64_t token, enum story from, enum story to)
{
	must(token < r->tokens && r->token[token] == from);
	r->token[token] = to;
}

/* Does with an event what an owner would. */
static void take_event(struct run *r, const struct smpp_event *ev)
{
	must(!r->closed || ev->kind == SMPP_EVENT_NONE);
	switch (ev->kind) {
	case SMPP_EVENT_BIND:
		smpp_session_accept(r->s, ev->sequence, ev->sequence % 5 == 4 ? 14 : 0,
		                    STR("SMSC"));
		break;
	case SMPP_EVENT_REQUEST:
		must(ev->body != NULL && ev->raw.n >= SMPP_HEADER);
		smpp_session_respond(r->s, ev->command_id, ev->sequence,
		                     ev->sequence % 3 == 2 ? 8 : 0, NULL);
		break;
	case SMPP_EVENT_RESPONSE:
		tell(r, ev->token, ev->late ? EXPIRED : WAITING, OVER);
		break;
	case SMPP_EVENT_EXPIRED:
		tell(r, ev->token, WAITING, EXPIRED);
		break;
	case SMPP_EVENT_LOST:
		tell(r, ev->token, WAITING, OVER);
		break;
	case SMPP_EVENT_CLOSED:
		must(ev->reason != NULL && smpp_session_state(r->s) == SMPP_CLOSED);
		r->closed = true;
		break;
	case SMPP_EVENT_BOUND:
	case SMPP_EVENT_NONE:
		break;
	}
}

static void check(const struct run *r)
{
	must(smpp_session_pending(r->s) <= WINDOW);
	must(smpp_session_room(r->s) <= WINDOW - smpp_session_pending(r->s));
	must(smpp_session_output(r->s).n <= LIMIT + RESERVE);
	must(!r->closed || smpp_session_deadline(r->s) == INT64_MAX);
}

static void offer(struct run *r)
{
	struct span in = buf_span(&r->in);
	const size_t n = in.n;
	struct smpp_event ev;

	do {
		smpp_session_input(r->s, &in, r->now, &ev);
		must(in.n <= n);
		take_event(r, &ev);
		check(r);
	} while (ev.kind != SMPP_EVENT_NONE);
	buf_drop(&r->in, n - in.n);
}

static void tick(struct run *r, int64_t ms)
{
	struct smpp_event ev;

	r->now += ms;
	do {
		smpp_session_tick(r->s, r->now, &ev);
		take_event(r, &ev);
		check(r);
	} while (ev.kind != SMPP_EVENT_NONE);
	must(smpp_session_deadline(r->s) > r->now);
}

static void ask(struct run *r, uint8_t how)
{
	static const uint32_t commands[] = { SMPP_SUBMIT_SM, SMPP_DELIVER_SM,
		                             SMPP_DATA_SM, SMPP_QUERY_SM };

	if (r->tokens < TOKENS && smpp_session_request(r->s, commands[how % 4], NULL,
	                                               r->tokens, r->now) == ERR_OK)
		r->token[r->tokens++] = WAITING;
	check(r);
}

/* One step of the script; returns how many octets of it were used. */
static size_t step(struct run *r, struct span script)
{
	const uint8_t how = script.p[0] >> 3;
	const size_t rest = script.n - 1, n = rest < how ? rest : how;

	switch (script.p[0] & 7) {
	case 0:
		tick(r, (int64_t)how * how * how * 4);
		return 1;
	case 1:
		ask(r, how);
		return 1;
	case 2:
		smpp_session_sent(r->s, smpp_session_output(r->s).n / (how + 1u));
		return 1;
	case 3:
		if (how == 31)
			smpp_session_unbind(r->s, r->now);
		return 1;
	default:
		buf_put(&r->in, script.p + 1, n);
		offer(r);
		return 1 + n;
	}
}

static struct smpp_session_conf conf_of(uint8_t pick)
{
	struct smpp_session_conf conf = smpp_session_defaults();

	conf.role = pick % 2 == 0 ? SMPP_ESME : SMPP_SMSC;
	conf.bind = (enum smpp_bind)(pick / 2 % 3);
	conf.window = WINDOW;
	conf.max_pdu = 1024;
	conf.output_limit = LIMIT;
	return conf;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smpp_session_conf conf;
	struct run r = { .now = 1000, .in = buf_make(1 << 20) };

	if (size == 0)
		return 0;
	conf = conf_of(data[0]);
	r.s = smpp_session_create(&conf, r.now);
	for (size_t at = 1; at < size;)
		at += step(&r, (struct span){ data + at, size - at });
	smpp_session_hangup(r.s, "the end");
	tick(&r, 0);
	must(r.closed);
	for (uint32_t i = 0; i < r.tokens; i++)
		must(r.token[i] != WAITING);
	smpp_session_destroy(r.s);
	buf_free(&r.in);
	return 0;
}
