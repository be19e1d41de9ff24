/*
 * conn.h - one TCP connection with its SMPP session, on a libevent loop.
 *
 * Reads octets into the session, hands its events to the owner, writes its output
 * once per turn of the loop (TCP_NODELAY), and keeps its deadline.  Serves both
 * roles: a link dials one (link/link.h), the simulator accepts them.
 *
 * The owner's function is called from the loop, never from within a conn_…() or
 * smpp_session_…() call of the owner; it may call any of them and may ask for
 * conn_close(), which takes effect at the end of the turn.
 */
#ifndef LINK_CONN_H
#define LINK_CONN_H

#include "base/clock.h"
#include "smpp/session.h"

struct event_base;
struct conn;

struct conn_ops {
	/* Every event of the session; after SMPP_EVENT_CLOSED the conn is gone. */
	void (*event)(void *ctx, struct conn *c, const struct smpp_event *ev);
	/* May be NULL: called once after a batch of events of one read was handed over. */
	void (*batch_end)(void *ctx, struct conn *c);
};

/*
 * Takes a connected (or connecting, non-blocking) socket and gives a conn that frees
 * itself after SMPP_EVENT_CLOSED.  clock is borrowed and read by the conn when the
 * loop wakes it.
 */
struct conn *conn_create(struct event_base *base, int fd,
                         const struct smpp_session_conf *conf, const struct conn_ops *ops,
                         void *ctx, struct clock *clock);

struct smpp_session *conn_session(struct conn *c);

/*
 * From here on what passes is given to the tap, which is taken; NULL ends that.  What
 * the session still holds is begun with, so that no PDU is seen from its middle; while
 * part of one waits to be written, ERR_BUSY and the tap stays the caller's.
 */
struct tap;
MUST_CHECK enum err conn_tap(struct conn *c, struct tap *tap);

/* Something was put into the session: write before this turn of the loop ends. */
void conn_flush(struct conn *c);

/*
 * While paused nothing is read: the peer's own window holds it back.  Keep it shorter
 * than enquire_ms: what is not read counts as silence of the peer.  Reading also stops
 * by itself while more than output_limit octets wait for a peer that does not read.
 */
void conn_pause(struct conn *c, bool paused);

/* Frees it at once, without events or a word to the peer; never from the owner's function. */
void conn_destroy(struct conn *c);

/* Ends at once without unbind; SMPP_EVENT_LOST and CLOSED follow from the loop.  Static reason. */
void conn_close(struct conn *c, const char *reason);

#endif
