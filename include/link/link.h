/*
 * link.h - a bind to one SMSC that stays: dials, binds, and dials again.
 *
 * A bound session that was lost is dialled again within 100 ms; back-off (1 s
 * doubling to the maximum, with jitter) counts failed attempts only.  A refused bind
 * for wrong credentials (0x0D, 0x0E, 0x0F) waits at least 60 s; ESME_RALYBND
 * (0x05) at least 5 s.  Host names are resolved without blocking the loop, and all
 * addresses are tried in turn.
 */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "base/log.h"
#include "link/conn.h"

struct link_conf {
	const char *name, *host; /* copied */
	int port;
	struct smpp_session_conf session; /* role SMPP_ESME; strings copied */
	int64_t reconnect_max_ms;         /* 60000 */
	uint64_t jitter_seed;
};

struct link;

struct link_ops {
	void (*bound)(void *ctx, struct link *l);
	void (*event)(void *ctx, struct link *l,
	              const struct smpp_event *ev); /* REQUEST, RESPONSE, EXPIRED, LOST */
	void (*batch_end)(void *ctx, struct link *l);
	void (*down)(void *ctx, struct link *l,
	             const char *reason); /* was bound, is no more */
};

/* Starts dialling at once.  log may be NULL. */
struct link *link_create(struct event_base *base, const struct link_conf *conf,
                         const struct link_ops *ops, void *ctx, struct clock *clock,
                         const struct log *log);

/* Frees it, closing what is open without a word; never from one of its own callbacks. */
void link_destroy(struct link *l);

/* Unbinds, drains responses, and does not dial again; `down` follows when it was bound. */
void link_stop(struct link *l);

/* NULL while not bound; still there while link_stop() drains. */
struct smpp_session *link_session(struct link *l);

/* Something was put into the session: written before this turn of the loop ends. */
void link_flush(struct link *l);

/*
 * What this link says goes to the capture, from its present session on; NULL ends that.
 * Borrowed: it must outlive the link, or be taken back first.
 */
struct capture;
void link_capture(struct link *l, struct capture *capture);

enum link_state {
	LINK_DIALLING,
	LINK_BINDING,
	LINK_UP,
	LINK_WAITING,
	LINK_STOPPED
};
enum link_state link_state(const struct link *l);

/* When the next attempt is due (monotonic ms) while LINK_WAITING, else INT64_MAX. */
int64_t link_retry_ms(const struct link *l);

/* command_status with which the last attempt to bind was refused; 0: it was not. */
uint32_t link_refusal(const struct link *l);

const char *link_state_name(enum link_state s); /* "dialling", … */

#endif
