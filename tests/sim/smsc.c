/*
 * smsc.c - the SMSC of the simulation: its sessions, the house's own in the SMSC's role.
 */
#include "smpp/status.h"
#include "smsc_priv.h"

enum {
	RESPONSE_MS = 10000
};

struct mood mood;

static struct {
	struct peer peer[PEERS];
	unsigned serial;
} smsc;

void smsc_reset(void)
{
	for (int i = 0; i < PEERS; i++) {
		smpp_session_destroy(smsc.peer[i].session);
		buf_free(&smsc.peer[i].in);
	}
	memset(&smsc, 0, sizeof(smsc));
	mood = (struct mood){ .spread_us = 20000 };
	letters_reset();
	submits_reset();
}

struct peer *peer_at(int i)
{
	return &smsc.peer[i];
}

struct peer *peer_by_serial(unsigned serial)
{
	for (int i = 0; i < PEERS; i++) {
		if (smsc.peer[i].session != NULL && smsc.peer[i].serial == serial)
			return &smsc.peer[i];
	}
	return NULL;
}

static struct peer *peer_by_conn(int conn)
{
	for (int i = 0; i < PEERS; i++) {
		if (smsc.peer[i].session != NULL && smsc.peer[i].conn == conn)
			return &smsc.peer[i];
	}
	return NULL;
}

unsigned smsc_serial(int conn)
{
	const struct peer *p = peer_by_conn(conn);

	return p != NULL ? p->serial : 0;
}

size_t smsc_sessions(void)
{
	size_t n = 0;

	for (int i = 0; i < PEERS; i++)
		n += smsc.peer[i].session != NULL ? 1 : 0;
	return n;
}

bool smsc_is_idle(void)
{
	return letters_are_gone() && submits_are_answered();
}

void hex(char *out, size_t size, struct span s)
{
	out[0] = '\0';
	for (size_t i = 0; i < s.n && i * 2 + 3 <= size; i++)
		(void)snprintf(out + i * 2, 3, "%02x", s.p[i]);
}

/* ---- sessions ---- */

static void on_bind(struct peer *p, const struct smpp_event *ev)
{
	uint32_t status = SMPP_ESME_ROK;

	if (mood.mute)
		return;
	if (mood.bind_refusals > 0) {
		mood.bind_refusals--;
		status = mood.bind_status;
	}
	smpp_session_accept(p->session, ev->sequence, status, STR("sim"));
	p->bound = status == SMPP_ESME_ROK;
	if (p->bound)
		note("bound", "s=%u link=%zu", p->serial, p->link);
	letters_pump(1000);
}

/* False: the session is over. */
static bool take(struct peer *p, const struct smpp_event *ev)
{
	switch (ev->kind) {
	case SMPP_EVENT_BIND:
		on_bind(p, ev);
		return true;
	case SMPP_EVENT_REQUEST:
		if (ev->command_id == SMPP_SUBMIT_SM)
			submits_take(p, ev);
		else
			smpp_session_respond(p->session, ev->command_id, ev->sequence,
			                     SMPP_ESME_RINVCMDID, NULL);
		return true;
	case SMPP_EVENT_RESPONSE:
		letters_answer(p, ev);
		return true;
	case SMPP_EVENT_EXPIRED:
	case SMPP_EVENT_LOST:
		letters_unanswered(p, ev);
		return true;
	case SMPP_EVENT_CLOSED:
		return false;
	case SMPP_EVENT_NONE:
	case SMPP_EVENT_BOUND:
		break;
	}
	return true;
}

static void bury(struct peer *p)
{
	const struct span out = smpp_session_output(p->session);

	note("gone", "s=%u", p->serial);
	net_send(p->conn, out);
	net_close(p->conn);
	smpp_session_destroy(p->session);
	buf_free(&p->in);
	p->session = NULL;
	p->bound = false;
}

static void tick(int64_t serial);

void after_talk(struct peer *p)
{
	const struct span out = smpp_session_output(p->session);
	const int64_t due = smpp_session_deadline(p->session);
	int64_t in = 0;

	net_send(p->conn, out);
	smpp_session_sent(p->session, out.n);
	if (due == INT64_MAX || (p->tick_us > now_us() && p->tick_us <= due * 1000))
		return;
	in = due * 1000 > now_us() ? due * 1000 - now_us() : 0;
	p->tick_us = now_us() + in;
	later(in, tick, p->serial);
}

static void pass_time(struct peer *p)
{
	struct smpp_event ev;

	for (;;) {
		smpp_session_tick(p->session, now_ms(), &ev);
		if (ev.kind == SMPP_EVENT_NONE)
			break;
		if (!take(p, &ev)) {
			bury(p);
			return;
		}
	}
	after_talk(p);
}

static void tick(int64_t serial)
{
	struct peer *p = peer_by_serial((unsigned)serial);

	if (p == NULL)
		return;
	p->tick_us = 0;
	pass_time(p);
}

void smsc_connected(int conn, size_t link)
{
	struct smpp_session_conf conf = smpp_session_defaults();
	struct peer *p = smsc.peer;

	while (p->session != NULL)
		p++;
	conf.role = SMPP_SMSC;
	conf.window = 20;
	conf.response_timeout_ms = RESPONSE_MS;
	*p = (struct peer){ .conn = conn,
		            .serial = ++smsc.serial,
		            .link = link,
		            .in = buf_make(1 << 20),
		            .session = smpp_session_create(&conf, now_ms()) };
	after_talk(p);
}

void smsc_input(int conn, struct span octets)
{
	struct peer *p = peer_by_conn(conn);
	struct smpp_event ev;
	struct span rest;

	if (p == NULL)
		return;
	buf_put(&p->in, octets.p, octets.n);
	rest = buf_span(&p->in);
	for (;;) {
		smpp_session_input(p->session, &rest, now_ms(), &ev);
		if (ev.kind == SMPP_EVENT_NONE)
			break;
		if (!take(p, &ev)) {
			bury(p);
			return;
		}
	}
	buf_drop(&p->in, p->in.n - rest.n);
	pass_time(p);
}

void smsc_hangup(int conn)
{
	struct peer *p = peer_by_conn(conn);

	if (p == NULL)
		return;
	smpp_session_hangup(p->session, "closed by peer");
	pass_time(p);
}
