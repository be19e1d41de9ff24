/*
 * session_priv.h - what the files of the session share; see smpp/session.h.
 *
 * session.c        life, timers, what the owner asks for
 * session_input.c  what the peer sends
 * session_rules.c  who may send what, and who takes it
 */
#ifndef SMPP_SESSION_PRIV_H
#define SMPP_SESSION_PRIV_H

#include "smpp/session.h"
#include "window_priv.h"

#define NEVER INT64_MAX

enum timer {
	TIMER_BIND,    /* to be bound */
	TIMER_PDU,     /* to finish a PDU begun */
	TIMER_IDLE,    /* silence until enquire_link */
	TIMER_ENQUIRE, /* any sign of life after enquire_link */
	TIMER_UNBIND,  /* to drain */
	TIMERS
};

/* Requests that the session makes itself; they take no room in the window. */
enum own {
	OWN_BIND,
	OWN_ENQUIRE,
	OWN_UNBIND,
	OWNS
};

struct smpp_session {
	struct smpp_session_conf conf; /* its strings are not kept */
	enum smpp_state state;
	enum smpp_bind bind;
	int64_t now_ms;                  /* the latest time told */
	int64_t due[TIMERS];             /* ms, or NEVER */
	uint32_t own[OWNS];              /* sequence numbers unanswered; 0: none */
	struct smpp_header bind_request; /* SMSC: the BIND that the owner is to answer */
	uint8_t peer_version;            /* SMSC: interface_version of the peer */
	struct window window;
	struct buf out;
	union smpp_body body; /* of the latest event */
	const char *reason;   /* once closed */
	uint32_t refusal;     /* status of a refused bind */
	bool told;            /* CLOSED has been reported */
};

struct pdu { /* as received */
	struct smpp_header header;
	struct span raw, body;
};

struct rule { /* for one request */
	uint32_t command_id;
	uint8_t esme_may,
		smsc_may; /* 1 << enum smpp_bind: binds in which that role may send it */
	bool answered;    /* it has a response */
	void (*take)(struct smpp_session *s, const struct rule *rule,
	             const struct pdu *pdu, struct smpp_event *ev);
};

/* NULL for what is not a request of 3.4. */
const struct rule *session_rule(uint32_t command_id);

/* Whether `sender` may send the request now. */
bool session_may(const struct smpp_session *s, enum smpp_role sender,
                 const struct rule *rule);

/* The takers, session_input.c. */
void session_take_bind(struct smpp_session *s, const struct rule *rule,
                       const struct pdu *pdu, struct smpp_event *ev);
void session_take_unbind(struct smpp_session *s, const struct rule *rule,
                         const struct pdu *pdu, struct smpp_event *ev);
void session_take_enquire(struct smpp_session *s, const struct rule *rule,
                          const struct pdu *pdu, struct smpp_event *ev);
void session_take_outbind(struct smpp_session *s, const struct rule *rule,
                          const struct pdu *pdu, struct smpp_event *ev);
void session_take_request(struct smpp_session *s, const struct rule *rule,
                          const struct pdu *pdu, struct smpp_event *ev);

/* Ends the session, unless it has ended. */
void session_close(struct smpp_session *s, const char *reason);

/* Reports what is left to report of a closed session. */
void session_closing_event(struct smpp_session *s, struct smpp_event *ev);

void session_become_bound(struct smpp_session *s);

/* Starts the wait for silence anew: the peer has shown life. */
void session_alive(struct smpp_session *s);

/* Closes a session that is unbinding and has nothing left to wait for. */
void session_close_if_drained(struct smpp_session *s);

/* Sends a response; closes when there is no room for it.  Returns the status it was sent with. */
uint32_t session_answer(struct smpp_session *s, uint32_t command_id, uint32_t sequence,
                        uint32_t status, const union smpp_body *body);

/* The bind request that goes with a bind. */
uint32_t session_bind_command(enum smpp_bind bind);

#endif
