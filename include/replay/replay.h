/*
 * replay.h - runs stories (replay/story.h) through the real turn, grammar, hall and
 * store, under a clock that only the story moves.
 *
 * Stories are independent: each begins with an empty store, in memory, and what goes
 * wrong in one does not stop the others.
 */
#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/fault.h"
#include "base/str.h"

struct replay_conf {
	const char *grammar; /* folder of the .gram files, replies and fold.tsv */
	bool bless;          /* rewrite expectations that are not met */
	bool verbose;        /* print every conversation */
	bool colour;
	FILE *out; /* borrowed: differences and conversations */
};

struct replay;

/* Loads grammar and replies once.  The errors of their loaders, with a fault. */
MUST_CHECK enum err replay_create(const struct replay_conf *conf, struct replay **out,
                                  struct fault *fault);
void replay_destroy(struct replay *r);

/* Runs one story; false when it failed, and why is printed. */
bool replay_run(struct replay *r, const char *path);

/* The same of one that is not in a file; name stands for its path. */
bool replay_text(struct replay *r, const char *name, struct str content);

/* Texts that came in in all stories so far. */
uint64_t replay_messages(const struct replay *r);

#endif
