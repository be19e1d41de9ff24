/*
 * smsc_priv.h - what the files of the simulated SMSC share.
 *
 *   smsc.c      sessions: binds, octets, time
 *   letters.c   texts of subscribers to the gateway, until they are taken
 *   submits.c   messages of the gateway, and the responses it is owed
 *
 * The log (times in virtual ms; m: text of a subscriber, n: a delivery or a submit):
 *   text m= from= to= trusted= secret= parts= text=HEX   a subscriber sent it
 *   deliver m= part= s=                              deliver_sm left on session s
 *   answer m= part= s= status=                       its response was read
 *   unanswered m= part= s=                           session lost, or no response in time
 *   submit n= s= from= to= dcs= udh= octets=HEX status= wall= until=   submit_sm, the
 *                                                    SMSC's mind, UTC s, validity
 *   told n= / untold n=                              its response went out / never does
 *   bound s= link= / gone s=                         sessions
 */
#ifndef TESTS_SMSC_PRIV_H
#define TESTS_SMSC_PRIV_H

#include "base/buf.h"
#include "sim.h"
#include "smpp/session.h"

enum {
	PEERS = 64
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

/* ---- smsc.c ---- */
struct peer *peer_at(int i); /* 0..PEERS - 1; without session: a free place */
struct peer *peer_by_serial(unsigned serial);
/* What it has to say leaves, and it will be looked at when it is due. */
void after_talk(struct peer *p);
void hex(char *out, size_t size, struct span s);

/* ---- letters.c ---- */
void letters_reset(void);
bool letters_are_gone(void);
void letters_pump(int64_t in_us); /* looks for what can be delivered then */
void letters_receipt(const char *from, const char *to, size_t link, unsigned n);
void letters_answer(const struct peer *p, const struct smpp_event *ev);
void letters_unanswered(const struct peer *p, const struct smpp_event *ev);

/* ---- submits.c ---- */
void submits_reset(void);
bool submits_are_answered(void);
void submits_take(const struct peer *p, const struct smpp_event *ev);

#endif
