/*
 * points.c - the points held.
 */
#include <inttypes.h>

#include "hall/service.h"

static struct hall_answer answer(const struct call *c)
{
	const struct account *a = &c->q->who->account;
	struct reply_values v = { 0 };

	if (!c->q->who->has_account)
		return call_unavailable(c);
	v.points = arena_printf(c->q->arena, "%" PRId64, a->points);
	call_as_of(c, a->as_of, &v);
	return call_say(c, CALL_DONE,
	                v.age.p != NULL ? REPLY_POINTS_OLD : REPLY_POINTS_OK, &v);
}

const struct service service_points = {
	.intent = "points.query",
	.access = ACCESS_READ,
	.needs = NEED_ACCOUNT,
	.label = REPLY_LABEL_POINTS,
	.answer = answer,
};
