/*
 * record.h - live traffic as a story: a capture in, a fixture file out that replays.
 *
 * Numbers of people become 13800000000 and up, the same one each time, also inside
 * texts; names, PUKs, PINs and identity numbers become made-up ones; ids of tasks and
 * orders become variables.  Service numbers and times stay.  Names can be replaced only
 * where the store says which they are: without one, read the story before you share it.
 */
#ifndef REPLAY_RECORD_H
#define REPLAY_RECORD_H

#include <stdint.h>
#include <stdio.h>

#include "base/fault.h"

struct record_conf {
	const char *grammar; /* folder; tells which texts hold a PIN */
	const char *capture; /* file as in smpp/capture.h, or pcap */
	/*
	 * NULL, or a store that no other process owns, such as a backup: the rows that the
	 * answers rest on become tables of the story.
	 */
	const char *store;
	int64_t msisdn; /* only what this number texted and was sent; 0: all */
	FILE *out;
};

struct record_tally {
	unsigned texts, replies, left_out; /* left out: refused, or without a response */
};

/* The errors of files, grammar and store, with a fault. */
MUST_CHECK enum err record_story(const struct record_conf *conf, struct record_tally *out,
                                 struct fault *fault);

#endif
