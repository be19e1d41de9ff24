/*
 * help.c - what can be sent.
 */
#include "hall/service.h"

static struct hall_answer answer(const struct call *c)
{
	return call_say(c, CALL_DONE, REPLY_HELP, NULL);
}

const struct service service_help = {
	.intent = "help",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_HELP,
	.answer = answer,
};
