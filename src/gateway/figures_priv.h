/*
 * figures_priv.h - what the threads of the gateway count; metrics.c prints it.
 */
#ifndef GATEWAY_FIGURES_PRIV_H
#define GATEWAY_FIGURES_PRIV_H

#include "base/metric.h"
#include "turn/turn.h"

/* Written by the worker thread. */
struct worker_figures {
	struct metric turns, marks;
	struct metric turn_us;     /* what a turn takes of late, a mean over some ten */
	struct metric unasked;     /* messages that no text waited for */
	struct metric_times queue; /* arrival of a text to its turn */
	struct metric_times
		stage[TURN_STAGES];  /* of turns with texts, and of those without */
	struct metric_pairs service; /* intent, outcome */
	struct metric seen_us;       /* monotonic; its last step */
	struct metric
		slow_us;      /* monotonic; when a commit last took over SLOW_COMMIT_US */
	struct metric robots; /* texts left unanswered because two robots talk */
	struct metric refused;                /* 1: the store does not take writes now */
	struct metric tasks_open, tasks_late; /* work that waits for people */
	struct metric_times
		checkpoint; /* moving the WAL into the database, or trying to */
	struct metric pushes, push_segments, push_later; /* of struct turn_pushes */
	struct metric push_refused[GATE_REASONS];
	struct metric push_stopped, push_running, push_broken, push_replies;
	struct metric wal_octets, wal_failed, wal_late; /* of struct store_wal */
};

/* Written by the loop thread. */
struct loop_figures {
	struct metric_times answer; /* arrival of a text to its response */
	struct metric_times submit; /* a message sent to the response of a segment */
	struct metric_pairs status; /* "in" or "out", command_status */
	struct metric reloads, reloads_refused;
};

/* Of one link, written by the loop thread. */
struct link_figures {
	uint64_t texts, segments, throttled, binds;
	uint64_t full_us; /* its window was full */
	bool full;        /* since full_at_us */
	int64_t full_at_us;
};

enum {
	RATE_SECONDS = 10
};

/* Counts of the last seconds, one entry a second, for rates. */
struct rates {
	struct {
		int64_t at_us;
		uint64_t texts, sent;
	} at[RATE_SECONDS + 1];
	size_t n; /* entries ever made */
};

enum {
	SLOW_COMMIT_US = 1000000
};

#endif
