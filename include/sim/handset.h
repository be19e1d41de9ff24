/*
 * handset.h - a mobile phone at the simulator (sim/smsc.h): sends texts, puts replies
 * together.
 *
 * Texts go in the cheapest coding and as many parts as they need; parts of replies are
 * joined by their user data headers, in any order, and decoded.
 */
#ifndef SIM_HANDSET_H
#define SIM_HANDSET_H

#include "base/clock.h"
#include "base/str.h"
#include "link/link.h"

struct handset;

struct handset_text {          /* borrowed, during the call */
	struct str from, text; /* text is UTF-8 */
	unsigned parts;
	int64_t latency_us; /* since the latest handset_send(); -1 before the first */
};

struct handset_ops {
	void (*ready)(void *ctx, struct handset *h); /* bound, the first time and again */
	void (*text)(void *ctx, struct handset *h, const struct handset_text *t);
	/* May be NULL: a part was refused, or its response never came (status UINT32_MAX). */
	void (*refused)(void *ctx, struct handset *h, uint32_t status);
};

struct handset_conf {
	const char *host; /* copied; of the SMSC */
	int port;
	const char *number; /* copied; 1..15 digits */
	const char *to;     /* copied; where texts go, 1..20 digits */
};

struct handset *handset_create(struct event_base *base, const struct handset_conf *conf,
                               const struct handset_ops *ops, void *ctx,
                               struct clock *clock);

/* Not from one of its own callbacks. */
void handset_destroy(struct handset *h);

/*
 * Sends a text.  ERR_STATE while not bound, ERR_FULL when 100 parts wait for the SMSC,
 * ERR_SYNTAX when it is not UTF-8, ERR_TOO_BIG past HANDSET_PARTS parts.
 */
MUST_CHECK enum err handset_send(struct handset *h, struct str text);

/* Of the bind: LINK_WAITING means that nobody answered. */
enum link_state handset_state(const struct handset *h);

enum {
	HANDSET_PARTS = 20 /* of a text sent at most */
};

#endif
