/*
 * capturing.c - what the links say goes to a file, or not; see link/capture.h.
 */
#include "gateway_priv.h"

enum err gateway_capture(struct gateway *g, const char *file, int max_mb,
                         struct fault *fault)
{
	struct capture *before = g->capture, *now = NULL;

	if (file[0] != '\0') {
		const enum err e = capture_open(file, (int64_t)max_mb << 20, g->log, &now,
		                                fault);

		if (e != ERR_OK)
			return e;
	}
	g->capture = now;
	for (size_t i = 0; i < g->n_links; i++) {
		if (g->link[i].link != NULL)
			link_capture(g->link[i].link, now);
	}
	capture_close(before);
	return ERR_OK;
}
