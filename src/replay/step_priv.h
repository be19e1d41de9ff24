/*
 * step_priv.h - turns of a story, and the messages they send.
 */
#ifndef REPLAY_STEP_PRIV_H
#define REPLAY_STEP_PRIV_H

#include "run_priv.h"

/* Adds a text to those of the next turn. */
MUST_CHECK enum err step_text(struct run *r, const struct story_item *item,
                              struct fault *fault);

/*
 * Runs a turn over the texts that wait, gathers what it sends in r->got, compares the
 * statuses, and reports the messages as the notes of their texts say.
 */
MUST_CHECK enum err step_turn(struct run *r, struct fault *fault);

/* Moves the clock, and does the housekeeping that has become due. */
MUST_CHECK enum err step_pass(struct run *r, int64_t ms, struct fault *fault);

/* The process dies and starts again; what it finds READY is sent again. */
MUST_CHECK enum err step_restart(struct run *r, struct fault *fault);

#endif
