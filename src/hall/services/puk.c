/*
 * puk.c - the PUK of the subscriber's SIM card.
 */
#include "hall/service.h"

static struct hall_answer answer(const struct call *c)
{
	const struct str puk = c->q->who->sub.puk;

	if (puk.n == 0)
		return call_say(c, "unavailable", REPLY_PUK_MISSING, NULL);
	return call_say(c, CALL_DONE, REPLY_PUK_OK, &(struct reply_values){ .puk = puk });
}

const struct service service_puk = {
	.intent = "puk.query",
	.access = ACCESS_PUK,
	.label = REPLY_LABEL_PUK,
	.answer = answer,
};
