/*
 * letters.c - texts on their way to the gateway.
 *
 * A text is delivered until a response says that it is taken; after a lost session or a
 * missing response it is delivered again.  What an SMSC has read it keeps: only
 * responses that never reached it are lost.
 */
#include <stdlib.h>
#include <utlist.h>

#include "base/alloc.h"
#include "smpp/status.h"
#include "smpp/udh.h"
#include "smsc_priv.h"
#include "text/coding.h"

enum {
	PART_OCTETS = 134,
	WHOLE_OCTETS = 140,
	ESM_RECEIPT = 0x04
};

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

static struct {
	struct letter *all;
	unsigned texts, ref;
	uint64_t id;
	bool pumping;
} letters;

static void pump(int64_t unused);

void letters_reset(void)
{
	struct letter *l, *next;

	DL_FOREACH_SAFE(letters.all, l, next)
	free(l);
	memset(&letters, 0, sizeof(letters));
}

bool letters_are_gone(void)
{
	return letters.all == NULL;
}

void letters_pump(int64_t in_us)
{
	if (letters.pumping)
		return;
	letters.pumping = true;
	later(in_us, pump, 0);
}

/* ---- texts of subscribers ---- */

static struct letter *letter_make(const struct message *m, unsigned number, unsigned part)
{
	struct letter *l = xcalloc(1, sizeof(*l));

	l->id = ++letters.id;
	l->m = number;
	l->part = part;
	l->link = m->link;
	(void)snprintf(l->from, sizeof(l->from), "%s", m->from);
	(void)snprintf(l->to, sizeof(l->to), "%s", m->to);
	l->due_us = now_us() + (one_in(10) ? below(3 * SECOND_US) : 0);
	DL_APPEND(letters.all, l);
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
	const uint8_t ref = (uint8_t)++letters.ref;

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
	const unsigned number = ++letters.texts;
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
	note("text", "m=%u from=%s to=%s trusted=%d secret=%d parts=%u text=%s", number,
	     m->from, m->to, sim.conf->links[m->link].trusted ? 1 : 0, m->secret ? 1 : 0,
	     parts, text);
	buf_free(&octets);
	letters_pump(0);
}

/* ---- deliveries ---- */

static struct letter *letter_by_id(uint64_t id)
{
	struct letter *l;

	DL_FOREACH(letters.all, l)
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
		if (takes(peer_at(i), l) && one_in(++n))
			chosen = peer_at(i);
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
	letters.pumping = false;
	DL_FOREACH_SAFE(letters.all, l, next)
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
		letters_pump(again - now_us());
}

void letters_answer(const struct peer *p, const struct smpp_event *ev)
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
		DL_DELETE(letters.all, l);
		free(l);
	}
	letters_pump(1000);
}

void letters_unanswered(const struct peer *p, const struct smpp_event *ev)
{
	struct letter *l = letter_by_id(ev->token);

	if (l == NULL)
		return;
	l->flying--;
	if (l->m != 0)
		note("unanswered", "m=%u part=%u s=%u", l->m, l->part, p->serial);
	if (l->taken && l->flying == 0) {
		DL_DELETE(letters.all, l);
		free(l);
		return;
	}
	l->due_us = now_us() + below(2 * SECOND_US);
	letters_pump(1000);
}

void letters_receipt(const char *from, const char *to, size_t link, unsigned n)
{
	const struct message m = { .from = to, .to = from, .link = link };
	struct letter *l = letter_make(&m, 0, 1);

	l->esm = ESM_RECEIPT;
	l->n = (uint8_t)snprintf((char *)l->octets, sizeof(l->octets),
	                         "id:%08X sub:001 dlvrd:001 submit date:2611220600 done "
	                         "date:2611220601 stat:DELIVRD err:000 text:",
	                         n);
	letters_pump(0);
}
