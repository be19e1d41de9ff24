/*
 * smsc_priv.h - the simulator's inside: peers, and messages on their way.
 *
 * smsc.c     listening, binds, the life of a peer
 * answer.c   what becomes of a submit_sm, and when it is answered
 * route.c    messages on their way to peers: queues, delivery, redelivery
 *
 * A message is in one list of its smsc at a time, each in order of ids: `for_esme` and
 * `for_phone` (go next), `resting` (was given back, waits RETRY_MS) or, while it is with
 * a peer, `sent`.  It is kept until a peer has acknowledged or refused it for good.
 */
#ifndef SIM_SMSC_PRIV_H
#define SIM_SMSC_PRIV_H

#include "link/conn.h"
#include "script_priv.h"

enum {
	ADDRESS_MAX = 65,  /* octets of an address with its NUL: data_sm's */
	QUEUE_MAX = 65536, /* messages kept at most; then handsets are told queue full */
	PAYLOAD_MAX = 64 * 1024, /* octets of a message's optional parameters */
	MESSAGE_ID_MAX = 20      /* octets of a message id: 16 hexadecimal digits */
};

enum peer_kind {
	PEER_UNBOUND,
	PEER_ESME,
	PEER_PHONE
};

struct answer;

struct peer {
	struct peer *prev, *next;
	struct smsc *smsc;
	struct conn *conn;
	enum peer_kind kind;
	char system_id[16];
	char number[ADDRESS_MAX]; /* of a phone */
	int pdus;                 /* for "drop-link" */
	struct answer *answers;   /* delayed responses */
};

struct address {
	uint8_t ton, npi;
	char digits[ADDRESS_MAX];
};

struct message {
	struct message *prev, *next;
	struct message **list; /* the list that it is in */
	uint64_t id;
	struct peer *at; /* while it is in `sent` */
	char phone
		[ADDRESS_MAX]; /* the handset that it is for; "" when it is for an ESME */
	bool duplicate;        /* made by the script; or has been duplicated */
	int64_t due_ms;        /* while it is resting */
	struct address from, to;
	uint8_t esm_class, protocol_id, priority, data_coding;
	uint8_t n; /* octets of text */
	uint8_t text[254];
	struct buf tlvs;
};

struct smsc {
	struct event_base *base;
	struct clock *clock;
	const struct log *log;
	const struct smsc_script *script;
	uint64_t seed;
	struct evconnlistener *listener;
	struct event *retry; /* for `resting` */
	int port;
	struct peer *peers;
	struct message *for_esme, *for_phone, *resting, *sent;
	size_t messages; /* in the lists */
	uint64_t last_id;
	struct smsc_counts counts;
};

/* -- answer.c ----------------------------------------------------------------- */

void answer_request(struct peer *p, const struct smpp_event *ev);

/* Forgets the delayed answers of a peer that is gone. */
void answers_free(struct peer *p);

/* -- route.c ------------------------------------------------------------------ */

/* Keeps a copy of sm, a deliver_sm, for a peer.  ERR_FULL at QUEUE_MAX. */
MUST_CHECK enum err route_put(struct smsc *s, const struct smpp_deliver_sm *sm,
                              const char *phone);

/* Sends what can be sent now.  Called behind every batch of events. */
void route_pump(struct smsc *s);

/* RESPONSE, EXPIRED and LOST of messages. */
void route_event(struct peer *p, const struct smpp_event *ev);

/* The bound handset with that number, or NULL. */
struct peer *route_phone(struct smsc *s, struct span number);

void route_start(struct smsc *s);
void route_free(struct smsc *s);

/* A C string of at most size - 1 octets of s. */
void span_to_cstr(char *out, size_t size, struct span s);

static inline struct span span_of_cstr(const char *c)
{
	return (struct span){ (const uint8_t *)c, strlen(c) };
}

#endif
