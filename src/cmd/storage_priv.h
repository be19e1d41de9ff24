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
	bool unneeded;        /* neither has to be said */
	struct conf *conf;    /* of --config, or the defaults */
};
extern const struct argp storage_argp;

/* A command that works on the store as its owner. */
struct storage_command {
	const char *name; /* in error messages */
	const struct argp *argp;
	enum store_mode mode;
	enum err (*work)(void *args, struct store *store, struct fault *fault);
};

/*
 * Parses the command line into args, whose first member is a struct storage, sets the
 * time zone, opens the store, works, closes.  Gives the exit status: 0, 1 with the
 * fault on stderr, 2 for wrong usage.
 */
int storage_run(const struct storage_command *c, int argc, char **argv, void *args);

/*
 * The part of storage_run() between command line and store: fills url and conf, sets the
 * time zone.  storage_close() afterwards, also when it failed.
 */
MUST_CHECK enum err storage_settle(struct storage *g, struct fault *fault);
void storage_close(struct storage *g);

/* A bar on a terminal, nothing elsewhere. */
struct progress {
	const char *what;
	int64_t total;
	int64_t rows;    /* done; 0: not counted, not shown */
	int64_t next_us; /* monotonic; 0: never shown */
	int64_t from_us; /* when it began */
	bool shown;
};
struct progress progress_make(const char *what, int64_t total);
void progress_at(struct progress *p, int64_t done);
void progress_end(struct progress *p); /* wipes the bar */

#endif
