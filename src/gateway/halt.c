/*
 * halt.c - messages of campaigns that were paused or stopped, or whose receivers want no
 * more, before a link took them.
 *
 * Of what is paused they leave their lane, so that they stand in nobody's way and use up no
 * credit; what goes on has them back in their order.
 */
#include <utlist.h>

#include "dispatch_priv.h"

static enum campaign_halt halt_of(const struct dispatch *d, const struct outgoing *o)
{
	return d->halts.of[o->row.campaign];
}

/* As if its time were over: also what is out, and comes back refused. */
static void end(struct outgoing *o)
{
	o->row.valid_until = 1;
}

bool halt_holds(struct dispatch *d, struct outgoing *o)
{
	if (halt_of(d, o) != CAMPAIGN_WAITS)
		return false;
	if (is_draining(d->gateway)) {
		end(o);
		return true;
	}
	queue_take_out(d, o);
	o->state = OUT_HELD;
	DL_APPEND(d->held, o);
	return true;
}

static void put_back(struct dispatch *d)
{
	struct outgoing *o;

	while ((o = d->held) != NULL) {
		queue_take_out(d, o);
		queue_put(o);
	}
}

void dispatch_halt(struct dispatch *d, const struct campaign_halts *halts)
{
	struct outgoing *o, *next;

	d->halts = *halts;
	HASH_ITER(hh, d->by_id, o, next)
	{
		if (halt_of(d, o) == CAMPAIGN_ENDS)
			end(o);
	}
	put_back(d);
}

void dispatch_end_held(struct dispatch *d)
{
	struct outgoing *o;

	DL_FOREACH(d->held, o)
	{
		end(o);
	}
	put_back(d);
}

void dispatch_end_pushes(struct dispatch *d)
{
	struct outgoing *o, *next;

	HASH_ITER(hh, d->by_id, o, next)
	{
		if (o->row.lane != LANE_PUSH)
			continue;
		end(o);
		if (o->state == OUT_RESTING) {
			queue_take_out(d, o);
			queue_put(o);
		}
	}
	dispatch_pump(d);
}

void dispatch_withdraw(struct dispatch *d, int64_t msisdn)
{
	struct outgoing *o, *next;
	int64_t to = 0;

	if (d->push == NULL)
		return;
	HASH_ITER(hh, d->by_id, o, next)
	{
		if (o->row.sells && str_i64(o->row.to.digits, &to) == ERR_OK &&
		    to == msisdn)
			end(o);
	}
}
