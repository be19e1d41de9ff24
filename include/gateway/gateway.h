/*
 * gateway.h - the running hall: links, worker and store wired together.
 *
 * Lives on the event loop of its owner; starts one worker thread that owns the
 * store, and for a moment a reader thread that checks the file after an unclean
 * stop.  See src/gateway/gateway_priv.h for the files.
 */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/histogram.h"
#include "base/log.h"
#include "conf/conf.h"

struct event_base;
struct gateway;

/* X(name, zh, help): counters since start, all of the loop thread. */
#define GATEWAY_COUNTS(X)                                                               \
	X(texts, "收到短信", "texts received from subscribers")                         \
	X(receipts, "收到回执", "delivery receipts received")                           \
	X(answered, "已确认的短信（ESME_ROK）", "texts acknowledged with ESME_ROK")     \
	X(repeats, "重复送达的短信", "texts recognised as delivered before")            \
	X(nacked, "退回的短信（ESME_RMSGQFUL）", "texts given back with ESME_RMSGQFUL") \
	X(limited, "拒收的短信：单个号码过多（ESME_RTHROTTLED）",                       \
	  "texts refused with ESME_RTHROTTLED: too many of a number")                   \
	X(aside, "处理失败搁置的短信", "texts set aside after a failure")               \
	X(sent, "短信中心已接收的消息", "messages accepted by an SMSC")                 \
	X(segments, "已发短信条数", "short messages sent")                              \
	X(throttled, "被短信中心限流的条数", "short messages throttled by an SMSC")     \
	X(resent, "结果不明后重发的消息",                                               \
	  "messages sent again after an unknown outcome")                               \
	X(ambiguous, "只发一次、结果不明的消息",                                        \
	  "messages sent at most once whose outcome is unknown")                        \
	X(unsent, "没有发出的营销消息：已过时段、活动停止或用户拒收",                   \
	  "messages of campaigns that never left: too late, stopped, or not wanted")    \
	X(dead, "最终被拒的消息", "messages refused for good")

struct gateway_counts {
#define X(name, zh, help) uint64_t name;
	GATEWAY_COUNTS(X)
#undef X
};

struct gateway_options {
	bool force; /* serve a synthetic population to links that are not on this machine */
	void (*failed)(void *ctx); /* the store failed: end the process at once, exit 1 */
	/* A reload was applied; now stays valid up to the next one.  May be NULL. */
	void (*reloaded)(void *ctx, const struct conf *now);
	void *ctx;
	const char *version; /* for /metrics; may be NULL */
	const char *
		config; /* borrowed: what a reload reads; NULL: grammar and replies only */
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

/*
 * Writes what the links say to file from now on (link/capture.h); "" ends that.  A file
 * that cannot be opened leaves everything as it was: ERR_IO with a fault.
 */
MUST_CHECK enum err gateway_capture(struct gateway *g, const char *file, int max_mb,
                                    struct fault *fault);

/*
 * Reads the configuration, grammar and replies again, on a thread of its own, and goes
 * over to them between two turns.  What is broken is refused as a whole: log, alarm and
 * gateway_status().reload_refusal say why, and everything goes on as before.  Asked for
 * again while one is under way, it is done once more behind it.
 */
void gateway_reload(struct gateway *g);

/* Appends an OpenMetrics page. */
void gateway_metrics(struct gateway *g, struct buf *out);

/*
 * Whether the process works (loop and worker go round), and whether texts would be
 * answered (a link of every group is bound, the store takes writes, no drain).  If not,
 * appends why, one reason a line.
 */
bool gateway_is_healthy(const struct gateway *g, struct buf *why);
bool gateway_is_ready(const struct gateway *g, struct buf *why);

/* For the status page; valid until the loop goes on. */
struct office_campaigns;
struct gateway_link_status {
	const char *name, *state, *bind;
	unsigned pending, window;
	uint64_t texts, segments, throttled, binds;
};
struct gateway_alarm_status {
	const char *name, *zh, *help, *detail;
	int64_t since_s; /* UTC */
};
struct gateway_stage_status {
	const char *name;
	uint64_t p50_us, p99_us; /* since the start; the upper bound of a step */
};
struct gateway_status {
	struct gateway_counts counts;
	const struct histogram
		*answer_us; /* arrival of a text to its response, microseconds */
	size_t waiting;     /* texts in the worker */
	size_t queued;      /* messages not yet accepted by an SMSC */
	struct gateway_link_status link[16];
	size_t n_links; /* at most 16 are listed */
	struct gateway_alarm_status alarm[16];
	size_t n_alarms;
	struct gateway_stage_status stage[16];
	size_t n_stages;
	double texts_per_s, sent_per_s;           /* of the last 10 s */
	const char *reload_refusal;               /* "": the last one was applied */
	int64_t reloaded_s;                       /* UTC, of the last reload; 0: none */
	int64_t backup_s;                         /* UTC, of the last backup; 0: none */
	const struct office_campaigns *campaigns; /* NULL: nobody has looked yet */
	const char *grammar_revision;
	int64_t started_s; /* UTC */
};
void gateway_status(const struct gateway *g, struct gateway_status *out);

#endif
