/*
 * world_priv.h - the store, the turn and the clock of one story.
 */
#ifndef REPLAY_WORLD_PRIV_H
#define REPLAY_WORLD_PRIV_H

#include "turn/turn.h"

struct world {
	struct turn_conf conf;
	struct turn *turn;
	int64_t now_ms;  /* UTC */
	int64_t session; /* of the links; another one after a restart */
};

/* conf is copied; its store, one in memory, is emptied for this story. */
MUST_CHECK enum err world_open(struct world *w, const struct turn_conf *conf,
                               int64_t now_s, struct fault *fault);
void world_close(struct world *w);

/* Begins again on what has been committed: another turn over the same store. */
MUST_CHECK enum err world_restart(struct world *w, struct fault *fault);

#endif
