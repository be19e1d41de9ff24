/*
 * storage_priv.h - what commands that open the store share: its options, and progress.
 */
#ifndef CMD_STORAGE_PRIV_H
#define CMD_STORAGE_PRIV_H

#include <argp.h>

#include "store/store.h"

/* Filled by storage_argp, a child parser: its input is a struct storage. */
struct storage {
	const char *url;      /* --store */
	const char *config;   /* --config: url and zone from this file */
	const char *timezone; /* --timezone */
	struct conf *conf;
};
extern const struct argp storage_argp;

/* Sets the time zone and opens the store; the fault says what to do. */
MUST_CHECK enum err storage_open(struct storage *g, enum store_mode mode,
                                 struct store **out, struct fault *fault);

/* Lets go of what storage_open() took besides the store. */
void storage_close(struct storage *g);

/* A bar on a terminal, nothing elsewhere. */
struct progress {
	const char *what;
	int64_t total;
	int64_t next_us; /* monotonic; 0: never shown */
	bool shown;
};
struct progress progress_make(const char *what, int64_t total);
void progress_at(struct progress *p, int64_t done);
void progress_end(struct progress *p); /* wipes the bar */

#endif
