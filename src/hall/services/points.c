/*
 * points.c - the points held.
 */
#include <inttypes.h>

#include "hall/service.h"

static struct hall_answer answer(const struct call *c)
{
	const struct account *a = &c->q->who->account;

	if (!c->q->who->has_account)
		return call_unavailable(c);
	return call_say(
		c, CALL_DONE, REPLY_POINTS_OK,
		&(struct reply_values){
			.time = call_time(c, a->as_of),
			.points = arena_printf(c->q->arena, "%" PRId64, a->points),
		});
}

const struct service service_points = {
	.intent = "points.query",
	.access = ACCESS_READ,
	.needs = NEED_ACCOUNT,
	.label = REPLY_LABEL_POINTS,
	.answer = answer,
};
