/*
 * world_priv.h - the store, the turn and the clock of one story.
 */
#ifndef REPLAY_WORLD_PRIV_H
#define REPLAY_WORLD_PRIV_H

#include "turn/turn.h"

struct world {
	struct turn_conf conf; /* store is this world's */
	struct turn *turn;
	int64_t now_ms;  /* UTC */
	int64_t session; /* of the links; another one after a restart */
	char folder[64]; /* "" when the store is in memory */
	char url[96];
};

/*
 * An empty store, in memory, or in a temporary folder when it has to outlive a restart.
 * conf is copied; its store is not used.  After an error nothing is left open.
 */
MUST_CHECK enum err world_open(struct world *w, const struct turn_conf *conf,
                               bool on_disk, int64_t now_s, struct fault *fault);
void world_close(struct world *w);

/* Begins again on what has been committed. */
MUST_CHECK enum err world_restart(struct world *w, struct fault *fault);

#endif
