/*
 * points.c - the points held, and those of them that expire first.
 */
#include "../tools_priv.h"

static struct hall_answer answer(const struct call *c)
{
	const struct account *a = &c->q->who->account;
	struct points_count count;
	struct reply_values v = { 0 };

	if (!c->q->who->has_account)
		return call_unavailable(c);
	count = tool_points(c);
	v.points = tool_number(c, count.points);
	if (count.next > 0) {
		v.soon = tool_number(c, count.next);
		v.day = call_date(c, count.next_at - 1);
	}
	call_as_of(c, a->as_of, &v);
	return call_say(c, CALL_DONE,
	                v.age.p != NULL ? REPLY_POINTS_OLD : REPLY_POINTS_OK, &v);
}

const struct service service_points = {
	.intent = "points.query",
	.access = ACCESS_READ,
	.needs = NEED_ACCOUNT | NEED_TOOLS,
	.label = REPLY_LABEL_POINTS,
	.answer = answer,
};
