/*
 * smsc.h - an SMSC simulator on a libevent loop: accepts binds, routes messages.
 *
 * Any system id may bind unless the script names passwords.  A handset (sim/handset.h)
 * binds with system_type "phone" and its number as address_range, or as system_id when
 * that is empty; everything else is an ESME, and all ESMEs are one account.  submit_sm from a handset becomes deliver_sm to an ESME bound for receiving
 * (round robin); submit_sm from an ESME becomes deliver_sm to the handset of its
 * destination when one is bound, and is accepted and counted when none is.  What waits
 * for an ESME is kept (65,536 messages at most, then handsets are told "queue full")
 * until one has acknowledged it or refused it for good.
 */
#ifndef SIM_SMSC_H
#define SIM_SMSC_H

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"

struct event_base;
struct smsc;

struct smsc_script; /* what goes wrong and when; see smsc_script_parse() */

struct smsc_conf {
	const char *listen;               /* "127.0.0.1" */
	int port;                         /* 0: any; smsc_port() tells */
	const struct smsc_script *script; /* NULL: everything goes well; borrowed */
	uint64_t seed;
};

MUST_CHECK enum err smsc_create(struct event_base *base, const struct smsc_conf *conf,
                                struct clock *clock, const struct log *log,
                                struct smsc **out, struct fault *fault);
void smsc_destroy(struct smsc *s);
int smsc_port(const struct smsc *s);

/* X(name, help): counters for the status page, the end of the run and tests. */
#define SMSC_COUNTS(X)                                                            \
	X(binds, "binds accepted, handsets' too")                                 \
	X(refused_binds, "binds refused")                                         \
	X(delivered, "deliver_sm sent to ESMEs, receipts too")                    \
	X(delivered_ok, "of these, acknowledged")                                 \
	X(submitted, "submit_sm and data_sm from ESMEs")                          \
	X(accepted, "of these, accepted")                                         \
	X(throttled, "of these, throttled or queue full")                         \
	X(refused, "of these, refused for good")                                  \
	X(dropped, "messages given up: refused by the peer, or its handset gone") \
	X(receipts, "delivery receipts made")                                     \
	X(cut, "links cut by the script")

struct smsc_counts {
#define X(name, help) uint64_t name;
	SMSC_COUNTS(X)
#undef X
};
struct smsc_counts smsc_counts(const struct smsc *s);

/*
 * Script: one rule a line, "#" comments:
 *   password hall secret           only this password binds this system id
 *   delay submit 20..80ms          the response leaves that much later
 *   throttle 10%                   of submit_sm gets 0x58
 *   queue-full 5%                  0x14
 *   refuse 1% 0x0B                 a permanent status
 *   drop-link every 500            the connection is cut after so many PDUs
 *   lose response 1%               submit accepted, response never sent
 *   duplicate deliver 2%           delivered twice
 *   receipts on|off|before-response    for messages that ask for one
 *   redeliver 5s                   a deliver_sm without response is sent again
 * The fault names file, line and what was expected.
 */
MUST_CHECK enum err smsc_script_load(const char *path, struct smsc_script **out,
                                     struct fault *fault);
void smsc_script_destroy(struct smsc_script *s);

#endif
