/*
 * line.c - the subscriber's own number: its status, since when it is his, whether he is
 * registered.  His name goes in no text: whoever holds the phone could ask for it.
 */
#include <inttypes.h>

#include "hall/service.h"

/* Of the statuses that access.c lets ask; the others' refusals tell them. */
static enum reply_id state_of(enum sub_status s)
{
	if (s == SUB_ARREARS1)
		return REPLY_LINE_ARREARS;
	return s == SUB_KEPT ? REPLY_LINE_KEPT : REPLY_LINE_ACTIVE;
}

static struct hall_answer answer(const struct call *c)
{
	const struct subscriber *s = &c->q->who->sub;
	struct reply_values v = {
		.number = arena_printf(c->q->arena, "%" PRId64, s->msisdn),
		.state = call_text(c, state_of(s->status), NULL),
		.brief = call_text(
			c, s->real_name ? REPLY_LINE_NAMED : REPLY_LINE_UNNAMED, NULL),
	};

	if (s->joined_on > 0)
		v.day = call_date(c, s->joined_on);
	return call_say(c, CALL_DONE, REPLY_LINE, &v);
}

const struct service service_line = {
	.intent = "line.query",
	.access = ACCESS_READ,
	.label = REPLY_LABEL_LINE,
	.answer = answer,
};
