/*
 * world.c - see world_priv.h.
 */
#include "world_priv.h"

static enum err start(struct world *w, struct fault *fault)
{
	w->session++;
	return turn_create(&w->conf, &w->turn, fault);
}

enum err world_open(struct world *w, const struct turn_conf *conf, int64_t now_s,
                    struct fault *fault)
{
	const enum err e = store_forget(conf->store);

	*w = (struct world){ .conf = *conf, .now_ms = now_s * 1000 };
	if (e == ERR_OK)
		return start(w, fault);
	fault_set(fault, "%s", store_fault(conf->store));
	return e;
}

void world_close(struct world *w)
{
	turn_destroy(w->turn);
	w->turn = NULL;
}

enum err world_restart(struct world *w, struct fault *fault)
{
	world_close(w);
	return start(w, fault);
}
