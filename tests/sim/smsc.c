/*
 * smsc.c - the SMSC of the simulation, and the log of what it saw.
 *
 * Sessions are the house's own in the SMSC's role.  A text is delivered until a
 * response says that it is taken; after a lost session or a missing response it is
 * delivered again.  What an SMSC has read it keeps: only responses that never reached
 * it are lost.
 *
 * The log (times in virtual ms; m: text of a subscriber, n: a delivery or a submit):
 *   text m= from= to= trusted= parts= text=HEX       a subscriber sent it
 *   deliver m= part= s=                              deliver_sm left on session s
 *   answer m= part= s= status=                       its response was read
 *   unanswered m= part= s=                           session lost, or no response in time
 *   submit n= s= from= to= dcs= udh= octets=HEX status=   submit_sm, and the SMSC's mind
 *   told n= / untold n=                              its response went out / never does
 *   bound s= link= / gone s=                         sessions
 */
#include <stdlib.h>
#include <utlist.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "sim.h"
#include "smpp/session.h"
#include "smpp/status.h"
#include "smpp/udh.h"
#include "text/coding.h"

enum {
	PEERS = 64,
	PART_OCTETS = 134,
	WHOLE_OCTETS = 140,
	ESM_RECEIPT = 0x04,
	RESPONSE_MS = 10000,
	GATEWAY_RESPONSE_US = 6000000 /* past the response_s of our configurations */
};

struct mood mood;

/* One deliver_sm, until it is taken. */
struct letter {
	struct letter *prev, *next;
	uint64_t id;
	unsigned m, part; /* m 0: a receipt */
	char from[24], to[24];
	size_t link;
	uint8_t esm, dcs, n;
	uint8_t octets[WHOLE_OCTETS];
	int64_t due_us;
	unsigned flying; /* sessions that it is out on */
	bool taken;
};

struct peer {
	struct smpp_session *session;
	int conn;
	unsigned serial;
	size_t link;
	bool bound;
	struct buf in; /* the beginning of a PDU */
	int64_t tick_us;
};

/* A response that goes out later. */
struct owed {
	bool used;
	unsigned n, serial;
	uint32_t sequence, status;
};

static struct {
	struct letter *letters;
	struct peer peer[PEERS];
	unsigned serial, texts, submits, ref;
	uint64_t letter_id;
	struct owed owed[1024];
	size_t n_owed;
	bool pumping;
} smsc;

static void pump(int64_t unused);
static void after_talk(struct peer *p);

void smsc_reset(void)
{
	struct letter *l, *next;

	DL_FOREACH_SAFE(smsc.letters, l, next)
	free(l);
	for (int i = 0; i < PEERS; i++) {
		smpp_session_destroy(smsc.peer[i].session);
		buf_free(&smsc.peer[i].in);
	}
	memset(&smsc, 0, sizeof(smsc));
	mood = (struct mood){ .spread_us = 20000 };
}

static struct peer *peer_by_serial(unsigned serial)
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

size_t smsc_sessions(void)
{
	size_t n = 0;

	for (int i = 0; i < PEERS; i++)
		n += smsc.peer[i].session != NULL ? 1 : 0;
	return n;
}

bool smsc_is_idle(void)
{
	return smsc.letters == NULL && smsc.n_owed == 0;
}

static void pump_soon(int64_t in_us)
{
	if (smsc.pumping)
		return;
	smsc.pumping = true;
	later(in_us, pump, 0);
}

static void hex(char *out, size_t size, struct span s)
{
	out[0] = '\0';
	for (size_t i = 0; i < s.n && i * 2 + 3 <= size; i++)
		(void)snprintf(out + i * 2, 3, "%02x", s.p[i]);
}

static void cstr(char *out, size_t size, struct span s)
{
	const size_t n = s.n < size ? s.n : size - 1;

	memcpy(out, s.p, n);
	out[n] = '\0';
}

/* ---- texts of subscribers ---- */

static struct letter *letter_make(const struct message *m, unsigned number, unsigned part)
{
	struct letter *l = xcalloc(1, sizeof(*l));

	l->id = ++smsc.letter_id;
	l->m = number;
	l->part = part;
	l->link = m->link;
	(void)snprintf(l->from, sizeof(l->from), "%s", m->from);
	(void)snprintf(l->to, sizeof(l->to), "%s", m->to);
	l->due_us = now_us() + (one_in(10) ? below(3 * SECOND_US) : 0);
	DL_APPEND(smsc.letters, l);
	return l;
}

static void fill(struct letter *l, struct span octets)
{
	memcpy(l->octets + l->n, octets.p, octets.n);
	l->n = (uint8_t)(l->n + octets.n);
}

/* Parts under one reference; they may come in any order. */
static unsigned split(const struct message *m, unsigned number, uint8_t dcs,
                      struct span octets)
{
	const unsigned total = (unsigned)((octets.n + PART_OCTETS - 1) / PART_OCTETS);
	const uint8_t ref = (uint8_t)++smsc.ref;

	for (unsigned i = 0; i < total; i++) {
		const uint8_t udh[] = { 5, 0, 3, ref, (uint8_t)total, (uint8_t)(i + 1) };
		struct letter *l = letter_make(m, number, i + 1);
		struct span piece = span_skip(octets, (size_t)i * PART_OCTETS);

		l->esm = SMPP_ESM_UDHI;
		l->dcs = dcs;
		fill(l, (struct span){ udh, sizeof(udh) });
		fill(l, span_first(piece, piece.n < PART_OCTETS ? piece.n : PART_OCTETS));
		if (one_in(3))
			l->due_us += below(4 * SECOND_US);
	}
	return total;
}

void smsc_take(const struct message *m)
{
	const bool plain = coding_fits(CODING_ASCII, m->text);
	const uint8_t dcs = plain ? 0 : 8;
	struct buf octets = buf_make(4096);
	const unsigned number = ++smsc.texts;
	unsigned parts = 1;
	char text[8192];

	if (coding_encode(plain ? CODING_ASCII : CODING_UCS2, m->text, &octets) != ERR_OK)
		abort();
	if (octets.n > WHOLE_OCTETS) {
		parts = split(m, number, dcs, buf_span(&octets));
	} else {
		struct letter *l = letter_make(m, number, 1);

		l->dcs = dcs;
		fill(l, buf_span(&octets));
	}
	hex(text, sizeof(text), (struct span){ (const uint8_t *)m->text.p, m->text.n });
	note("text", "m=%u from=%s to=%s trusted=%d parts=%u text=%s", number, m->from,
	     m->to, sim.conf->links[m->link].trusted ? 1 : 0, parts, text);
	buf_free(&octets);
	pump_soon(0);
}

/* ---- deliveries ---- */

static struct letter *letter_by_id(uint64_t id)
{
	struct letter *l;

	DL_FOREACH(smsc.letters, l)
	{
		if (l->id == id)
			return l;
	}
	return NULL;
}

static bool takes(const struct peer *p, const struct letter *l)
{
	const struct conf_link *a = &sim.conf->links[p->link],
			       *b = &sim.conf->links[l->link];

	return p->session != NULL && p->bound && strcmp(a->group, b->group) == 0 &&
	       smpp_session_bind(p->session) != SMPP_BIND_TX &&
	       smpp_session_room(p->session) > 0;
}

static struct peer *pick(const struct letter *l)
{
	struct peer *chosen = NULL;
	int64_t n = 0;

	for (int i = 0; i < PEERS; i++) {
		if (takes(&smsc.peer[i], l) && one_in(++n))
			chosen = &smsc.peer[i];
	}
	return chosen;
}

static void deliver(struct letter *l, struct peer *p)
{
	const union smpp_body body = {
		.deliver_sm = { .source_addr_ton = 1,
		                .source_addr_npi = 1,
		                .source_addr = { (const uint8_t *)l->from,
		                                 strlen(l->from) },
		                .dest_addr_npi = 1,
		                .destination_addr = { (const uint8_t *)l->to,
		                                      strlen(l->to) },
		                .esm_class = l->esm,
		                .data_coding = l->dcs,
		                .short_message = { l->octets, l->n } }
	};

	if (smpp_session_request(p->session, SMPP_DELIVER_SM, &body, l->id, now_ms()) !=
	    ERR_OK)
		return;
	l->flying++;
	if (l->m != 0)
		note("deliver", "m=%u part=%u s=%u", l->m, l->part, p->serial);
	after_talk(p);
}

static void pump(int64_t unused)
{
	struct letter *l, *next;
	int64_t again = INT64_MAX;

	(void)unused;
	smsc.pumping = false;
	DL_FOREACH_SAFE(smsc.letters, l, next)
	{
		struct peer *p;

		if (l->flying > 0)
			continue;
		if (l->due_us > now_us()) {
			again = l->due_us < again ? l->due_us : again;
			continue;
		}
		p = pick(l);
		if (p != NULL)
			deliver(l, p);
	}
	if (again != INT64_MAX)
		pump_soon(again - now_us());
}

static void on_answer(const struct peer *p, const struct smpp_event *ev)
{
	struct letter *l = letter_by_id(ev->token);

	if (l == NULL)
		return; /* taken on another session before */
	if (!ev->late)
		l->flying--;
	if (l->m != 0)
		note("answer", "m=%u part=%u s=%u status=%u", l->m, l->part, p->serial,
		     ev->nack ? SMPP_ESME_RSYSERR : ev->status);
	if (ev->status == SMPP_ESME_ROK && !ev->nack)
		l->taken = true;
	else
		l->due_us = now_us() + between(SECOND_US / 2, 5 * SECOND_US);
	if (l->taken && l->flying == 0) {
		DL_DELETE(smsc.letters, l);
		free(l);
	}
	pump_soon(1000);
}

static void on_unanswered(const struct peer *p, const struct smpp_event *ev)
{
	struct letter *l = letter_by_id(ev->token);

	if (l == NULL)
		return;
	l->flying--;
	if (l->m != 0)
		note("unanswered", "m=%u part=%u s=%u", l->m, l->part, p->serial);
	if (l->taken && l->flying == 0) {
		DL_DELETE(smsc.letters, l);
		free(l);
		return;
	}
	l->due_us = now_us() + below(2 * SECOND_US);
	pump_soon(1000);
}

/* ---- submits ---- */

static void queue_receipt(const char *from, const char *to, size_t link, unsigned n)
{
	const struct message m = { .from = to, .to = from, .link = link };
	struct letter *l = letter_make(&m, 0, 1);

	l->esm = ESM_RECEIPT;
	l->n = (uint8_t)snprintf((char *)l->octets, sizeof(l->octets),
	                         "id:%08X sub:001 dlvrd:001 submit date:2611220600 done "
	                         "date:2611220601 stat:DELIVRD err:000 text:",
	                         n);
	pump_soon(0);
}

static void respond(int64_t slot)
{
	struct owed *o = &smsc.owed[slot];
	struct peer *p = peer_by_serial(o->serial);
	char id[16];
	union smpp_body body = { .submit_sm_resp = {
					 .message_id = { (const uint8_t *)id, 8 } } };

	(void)snprintf(id, sizeof(id), "%08X", o->n);
	o->used = false;
	smsc.n_owed--;
	if (p == NULL) {
		note("untold", "n=%u", o->n);
		return;
	}
	note("told", "n=%u s=%u", o->n, o->serial);
	smpp_session_respond(p->session, SMPP_SUBMIT_SM, o->sequence, o->status,
	                     o->status == 0 ? &body : NULL);
	after_talk(p);
}

static void respond_later(unsigned n, unsigned serial, uint32_t sequence, uint32_t status)
{
	int64_t us = below(mood.spread_us + 1);
	size_t slot = 0;

	while (smsc.owed[slot].used)
		slot++;
	if (mood.lose_odds > 0 && one_in(mood.lose_odds)) {
		note("untold", "n=%u", n);
		return;
	}
	if (mood.late_odds > 0 && one_in(mood.late_odds))
		us = GATEWAY_RESPONSE_US + below(4 * SECOND_US);
	smsc.owed[slot] = (struct owed){ true, n, serial, sequence, status };
	smsc.n_owed++;
	later(us, respond, (int64_t)slot);
}

static uint32_t judge(const struct smpp_submit_sm *sm)
{
	if (crowd_is_dead(sm->destination_addr))
		return SMPP_ESME_RINVDSTADR;
	if (mood.submit_odds > 0 && one_in(mood.submit_odds))
		return mood.submit_status;
	return SMPP_ESME_ROK;
}

static void on_submit(const struct peer *p, const struct smpp_event *ev)
{
	const struct smpp_submit_sm *sm = &ev->body->submit_sm;
	const uint32_t status = judge(sm);
	const unsigned n = ++smsc.submits;
	char octets[1024], from[32], to[32];

	cstr(from, sizeof(from), sm->source_addr);
	cstr(to, sizeof(to), sm->destination_addr);
	hex(octets, sizeof(octets), sm->short_message);
	note("submit", "n=%u s=%u from=%s to=%s dcs=%u udh=%d octets=%s status=%u", n,
	     p->serial, from, to, sm->data_coding,
	     (sm->esm_class & SMPP_ESM_UDHI) != 0 ? 1 : 0, octets, status);
	if (status == SMPP_ESME_ROK && mood.receipt_odds > 0 && one_in(mood.receipt_odds))
		queue_receipt(from, to, p->link, n);
	respond_later(n, p->serial, ev->sequence, status);
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
	pump_soon(1000);
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
			on_submit(p, ev);
		else
			smpp_session_respond(p->session, ev->command_id, ev->sequence,
			                     SMPP_ESME_RINVCMDID, NULL);
		return true;
	case SMPP_EVENT_RESPONSE:
		on_answer(p, ev);
		return true;
	case SMPP_EVENT_EXPIRED:
	case SMPP_EVENT_LOST:
		on_unanswered(p, ev);
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

/* What it has to say leaves, and it will be looked at when it is due. */
static void after_talk(struct peer *p)
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
