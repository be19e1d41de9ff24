/*
 * login.c - a code for one sign-in elsewhere: whoever has the phone is its subscriber, so
 * web hall and app need no password of their own.  They have it looked at by the task
 * "login" of the office.
 */
#include "hall/service.h"

enum {
	CODE_RANGE = 1000000,
	LIFE_S = 5 * 60
};

static struct hall_answer answer(const struct call *c)
{
	const struct hall_question *q = c->q;
	const struct login_row row = {
		.msisdn = q->who->msisdn,
		.owner_since = q->who->sub.owner_since,
		.code = arena_printf(q->arena, "%06u", (unsigned)(q->dice % CODE_RANGE)),
		.until = q->now + LIFE_S,
	};

	changes_add(q->changes, logins, row);
	return call_say(c, CALL_DONE, REPLY_LOGIN_CODE,
	                &(struct reply_values){ .passcode = row.code });
}

const struct service service_login = {
	.intent = "login.code",
	.access = ACCESS_READ,
	.label = REPLY_LABEL_LOGIN,
	.answer = answer,
};
