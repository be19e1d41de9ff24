/*
 * agent.c - hands the subscriber over to a person, as a task with the text sent.
 */
#include <inttypes.h>

#include "hall/service.h"

static struct hall_answer answer(const struct call *c)
{
	const struct hall_question *q = c->q;
	const int64_t task = changes_task(q->changes, q->who, STR("agent"), q->now, q->id,
	                                  q->text);

	return call_say(c, CALL_DONE, REPLY_AGENT_OK,
	                &(struct reply_values){
				.task = arena_printf(q->arena, "T%" PRId64, task),
			});
}

const struct service service_agent = {
	.intent = "agent.handoff",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_AGENT,
	.answer = answer,
};
