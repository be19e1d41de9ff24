/*
 * session.h - one SMPP 3.4 session as a pure state machine, either role.
 *
 * Octets, requests and a time go in; octets, events and the next deadline come
 * out.  It knows no socket and reads no clock.  The owner:
 *
 *   1. gives it what the peer sent (smpp_session_input), event by event;
 *   2. lets time pass (smpp_session_tick) no later than smpp_session_deadline;
 *   3. asks it to send (…_request, …_respond, …_unbind);
 *   4. writes what smpp_session_output holds, once per turn of its loop, so
 *      that a response and the next request leave in one segment.
 *
 * The session itself answers enquire_link and unbind, sends enquire_link when
 * the peer was silent, binds (ESME) when created, answers what no state allows
 * with ESME_RINVBNDSTS, an unknown command with generic_nack, and a body that
 * does not decode with the matching status; the owner sees none of these.
 *
 * All times are monotonic milliseconds.  Not thread-safe.
 */
#ifndef SMPP_SESSION_H
#define SMPP_SESSION_H

#include "base/buf.h"
#include "base/fault.h"
#include "smpp/pdu.h"

enum smpp_role {
	SMPP_ESME,
	SMPP_SMSC
};

/* As ESME: what to bind as.  As SMSC: what the peer has bound as. */
enum smpp_bind {
	SMPP_BIND_RX,
	SMPP_BIND_TX,
	SMPP_BIND_TRX
};

enum smpp_state {
	SMPP_OPEN,    /* SMSC role: connected, waits for the bind */
	SMPP_BINDING, /* ESME: bind sent.  SMSC: bind handed to the owner */
	SMPP_BOUND,
	SMPP_UNBINDING, /* unbind sent: nothing new is sent, responses are awaited */
	SMPP_CLOSED     /* close the connection; nothing more will happen */
};

struct smpp_session_conf {
	enum smpp_role role;
	enum smpp_bind bind;                         /* ESME only */
	struct str system_id, password, system_type; /* ESME only; copied */
	uint8_t interface_version;   /* 0x34; sc_interface_version as SMSC */
	unsigned window;             /* own requests without response at most, 1..1000 */
	size_t max_pdu;              /* octets of one PDU at most; 65536 */
	int64_t bind_timeout_ms;     /* for the bind or its response; 10000 */
	int64_t response_timeout_ms; /* of each request; 30000 */
	int64_t enquire_ms;          /* silence until enquire_link; 30000; 0 = never */
	int64_t pdu_timeout_ms;      /* to finish a PDU begun; 30000 */
	size_t output_limit;     /* octets unsent at most; then requests get ERR_FULL */
	uint32_t first_sequence; /* of own requests; 0 is 1 */
};

/* The defaults named above, ESME, transceiver, window 100, 1 MiB of output. */
struct smpp_session_conf smpp_session_defaults(void);

enum smpp_event_kind {
	SMPP_EVENT_NONE, /* nothing more for now */
	SMPP_EVENT_BIND, /* SMSC: the peer wants to bind; answer with smpp_session_accept() */
	SMPP_EVENT_BOUND, /* ESME: bound */
	SMPP_EVENT_REQUEST, /* a decoded request for the owner; answer with smpp_session_respond() */
	SMPP_EVENT_RESPONSE, /* to a request of ours; also when it comes late */
	SMPP_EVENT_EXPIRED, /* no response in time; outcome unknown; a late one may still come */
	SMPP_EVENT_LOST, /* the session ended with this request unanswered; outcome unknown */
	SMPP_EVENT_CLOSED /* the session is over; the last event; `reason` says why */
};

struct smpp_event {
	enum smpp_event_kind kind;
	uint32_t command_id; /* BIND, REQUEST, RESPONSE; with nack the response awaited */
	uint32_t sequence;   /* BIND, REQUEST: give it back when answering */
	uint32_t status; /* RESPONSE: command_status; CLOSED: of a refused bind, else 0 */
	uint64_t token;  /* RESPONSE, EXPIRED, LOST: as given with the request */
	bool late;       /* RESPONSE: after its EXPIRED */
	bool nack;       /* RESPONSE: it was a generic_nack */
	const union smpp_body
		*body;      /* BIND, REQUEST, RESPONSE with a body; else NULL.  Borrowed
	                                from the input; dead at the next call */
	struct span raw;    /* the whole PDU, for capture; borrowed likewise */
	const char *reason; /* CLOSED: static text, such as "enquire_link unanswered" */
};

struct smpp_session;

/*
 * Whether a session can be made of conf: a string too long for its field (15
 * octets of system_id, 8 of password, 12 of system_type), a number out of range.
 * Returns ERR_OK, or ERR_RANGE and says in *fault, which may be NULL, what is wrong.
 */
MUST_CHECK enum err smpp_session_conf_check(const struct smpp_session_conf *conf,
                                            struct fault *fault);

/*
 * Starts a session on a connection just made.  Copies conf.  The caller destroys it.
 * With a conf that smpp_session_conf_check() refuses it is closed from the start.
 */
struct smpp_session *smpp_session_create(const struct smpp_session_conf *conf,
                                         int64_t now_ms);
void smpp_session_destroy(struct smpp_session *s);

/*
 * Takes whole PDUs off *in until there is an event to report or no whole PDU is
 * left, and fills *ev.  Call again until it says SMPP_EVENT_NONE; what then is
 * left in *in is the beginning of a PDU and has to be offered again, with more
 * octets behind it.  After SMPP_EVENT_CLOSED everything is swallowed.
 */
void smpp_session_input(struct smpp_session *s, struct span *in, int64_t now_ms,
                        struct smpp_event *ev);

/* Lets time pass; reports one event per call, SMPP_EVENT_NONE when there is no more. */
void smpp_session_tick(struct smpp_session *s, int64_t now_ms, struct smpp_event *ev);

/*
 * The connection is gone.  Afterwards smpp_session_tick() reports LOST for each
 * request without response, then CLOSED with this reason (static text).
 */
void smpp_session_hangup(struct smpp_session *s, const char *reason);

/* When smpp_session_tick() is due next, or INT64_MAX. */
int64_t smpp_session_deadline(const struct smpp_session *s);

/*
 * Sends a request (submit_sm, data_sm, query_sm, …; deliver_sm as SMSC).  token
 * comes back with its RESPONSE, EXPIRED or LOST, exactly one of the last two at
 * most, and is never looked at.  alert_notification has no response and its
 * token does not come back.
 *
 * Returns ERR_OK; ERR_FULL when the window or the output is full (try again
 * after a response); ERR_STATE when not bound or not bound for that; ERR_LENGTH
 * or ERR_RANGE when body does not encode.
 */
MUST_CHECK enum err smpp_session_request(struct smpp_session *s, uint32_t command_id,
                                         const union smpp_body *body, uint64_t token,
                                         int64_t now_ms);

/*
 * Answers a REQUEST.  command_id is the request's or its response's.  body may be
 * NULL for an empty one of that command (a submit_sm_resp without message_id, a
 * deliver_sm_resp).  With a status other than 0 no body is sent, as 3.4 has it;
 * a body that does not encode is answered with ESME_RSYSERR.  Ignored when the
 * session is closed, and for what has no response.  A peer that sends requests
 * but does not read their responses is closed when they pass output_limit.
 */
void smpp_session_respond(struct smpp_session *s, uint32_t command_id, uint32_t sequence,
                          uint32_t status, const union smpp_body *body);

/* SMSC: answers a BIND; status 0 makes the session bound, another closes it after sending. */
void smpp_session_accept(struct smpp_session *s, uint32_t sequence, uint32_t status,
                         struct str system_id);

/* Asks the peer to end: drains responses, then CLOSED.  Immediate when not bound. */
void smpp_session_unbind(struct smpp_session *s, int64_t now_ms);

/* What is to be written.  Valid until the next call that is not one of these two. */
struct span smpp_session_output(const struct smpp_session *s);
void smpp_session_sent(struct smpp_session *s, size_t n);

enum smpp_state smpp_session_state(const struct smpp_session *s);
enum smpp_bind smpp_session_bind(const struct smpp_session *s);

/* Requests of ours still without response. */
unsigned smpp_session_pending(const struct smpp_session *s);

/* Room in the window: how many more requests would be taken now. */
unsigned smpp_session_room(const struct smpp_session *s);

#endif
