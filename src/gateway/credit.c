/*
 * credit.c - what campaigns may put into their lane: as much as its links have shown to take
 * at once beyond answers, so that a stop is felt at once and an end of the process leaves
 * few outcomes unknown.
 *
 * Credit is given to the worker in letters and comes back as messages; what it does not
 * use stays with it.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "dispatch_priv.h"

enum {
	PORTION = 4 /* of what may wait: less is not worth a letter */
};

/* What may wait in all, by the links that are there. */
static unsigned ahead(const struct dispatch *d)
{
	const struct gateway *g = d->gateway;
	unsigned n = 0;

	for (size_t i = 0; i < g->n_links; i++) {
		const struct gateway_link *l = &g->link[i];

		if (l->conf != NULL && strcmp(l->conf->group, d->push->name) == 0)
			n += pace_ahead(l);
	}
	return n;
}

static void post(struct gateway *g, unsigned segments, bool last)
{
	struct credit *c = xcalloc(1, sizeof(*c));

	c->letter.kind = MAIL_CREDIT;
	c->segments = segments;
	c->last = last;
	gateway_post(g, &c->letter);
}

void credit_give(struct dispatch *d)
{
	unsigned most, taken;

	if (d->push == NULL || is_draining(d->gateway))
		return;
	most = ahead(d);
	taken = d->push->pushes + d->granted;
	if (most <= taken || most - taken < (most + PORTION - 1) / PORTION)
		return;
	d->granted += most - taken;
	post(d->gateway, most - taken, false);
}

void credit_used(struct dispatch *d, const struct outgoing *o)
{
	const unsigned n = o->row.segments > 0 ? o->row.segments : 1;

	d->granted -= n < d->granted ? n : d->granted;
}

void credit_count(const struct dispatch *d, unsigned *waiting, unsigned *granted)
{
	*waiting = d->push != NULL ? d->push->pushes : 0;
	*granted = d->granted;
}

void credit_end(struct gateway *g)
{
	post(g, 0, true);
}
