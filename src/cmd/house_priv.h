/*
 * house_priv.h - the gateway as a process: event loop, signals, status page, log.
 *
 * Shared by `smshall serve` and `smshall demo`.
 */
#ifndef CMD_HOUSE_PRIV_H
#define CMD_HOUSE_PRIV_H

#include <event2/event.h>

#include "base/civil.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "conf/conf.h"
#include "console/console.h"
#include "gateway/gateway.h"

#define SMSHALL_VERSION "0.1"

struct house {
	struct event_base *base;
	struct clock clock;
	struct log log;
	struct log_guard *guard;
	char *log_file; /* "": standard error by name; NULL: no file was ever named */
	const char
		*config; /* borrowed: what SIGHUP reads; NULL: grammar and replies only */
	struct conf *conf; /* owned */
	struct gateway *gateway;
	struct console *console; /* NULL when switched off */
	struct event *signal[3];
};

/*
 * Prepares loop, log and time zone as conf says (taken); nothing runs yet.
 * ERR_RANGE with a fault for a zone or level that there is not.
 */
MUST_CHECK enum err house_open(struct house *h, struct conf *conf, struct fault *fault);

/* Starts status page and gateway; force as gateway_options. */
MUST_CHECK enum err house_start(struct house *h, bool force, struct fault *fault);

/* Runs until SIGINT or SIGTERM has drained it; the exit status of the process. */
int house_run(struct house *h);

void house_close(struct house *h);

#endif
