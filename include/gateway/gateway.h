/*
 * gateway.h - the running hall: links, worker and store wired together.
 *
 * Lives on the event loop of its owner; starts one worker thread that owns the
 * store, and for a moment a reader thread that checks the file after an unclean
 * stop.  See src/gateway/gateway_priv.h for the files.
 */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "base/clock.h"
#include "base/fault.h"
#include "base/histogram.h"
#include "base/log.h"
#include "conf/conf.h"

struct event_base;
struct gateway;

/* X(name, help): counters since start, all of the loop thread. */
#define GATEWAY_COUNTS(X)                                                      \
	X(texts, "texts received from subscribers")                            \
	X(receipts, "delivery receipts received")                              \
	X(answered, "texts acknowledged with ESME_ROK")                        \
	X(repeats, "texts recognised as delivered before")                     \
	X(nacked, "texts given back with ESME_RMSGQFUL")                       \
	X(limited, "texts refused with ESME_RTHROTTLED: too many of a number") \
	X(aside, "texts set aside after a failure")                            \
	X(sent, "messages accepted by an SMSC")                                \
	X(segments, "short messages sent")                                     \
	X(throttled, "short messages throttled by an SMSC")                    \
	X(resent, "messages sent again after an unknown outcome")              \
	X(dead, "messages refused by an SMSC for good")

struct gateway_counts {
#define X(name, help) uint64_t name;
	GATEWAY_COUNTS(X)
#undef X
};

struct gateway_options {
	bool force; /* serve a synthetic population to links that are not on this machine */
	void (*failed)(void *ctx); /* the store failed: end the process at once, exit 1 */
	void *ctx;
};

/*
 * Loads everything, opens the store as its owner and starts dialling.  conf and log
 * are borrowed.  The fault names file and line or the remedy.
 */
MUST_CHECK enum err gateway_create(struct event_base *base, const struct conf *conf,
                                   const struct gateway_options *options,
                                   struct clock *clock, const struct log *log,
                                   struct gateway **out, struct fault *fault);

/*
 * Drains: gives back new texts, sends what is answered, unbinds.  Calls stopped()
 * from the loop when it is done, after 5 s at the latest; a store that does not come
 * back by then is options.failed().
 */
void gateway_stop(struct gateway *g, void (*stopped)(void *ctx), void *ctx);

/* Only before anything ran, or after stopped(). */
void gateway_destroy(struct gateway *g);

/* For the status page. */
struct gateway_link_status {
	const char *name, *state, *bind;
	unsigned pending, window;
};
struct gateway_status {
	struct gateway_counts counts;
	const struct histogram
		*answer_us; /* arrival of a text to its response, microseconds */
	size_t waiting;     /* texts in the worker */
	size_t queued;      /* messages not yet accepted by an SMSC */
	struct gateway_link_status link[16];
	size_t n_links; /* at most 16 are listed */
	const char *grammar_revision;
	int64_t started_s; /* UTC */
};
void gateway_status(const struct gateway *g, struct gateway_status *out);

#endif
