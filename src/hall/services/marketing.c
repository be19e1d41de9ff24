/*
 * marketing.c - no marketing texts from now on, or marketing texts again.
 *
 * Open to every number, at once and without a question back.  Asked twice, the
 * second answer says that it is so already.
 */
#include "hall/service.h"

static struct hall_answer set(const struct call *c, bool out, enum reply_id done,
                              enum reply_id already)
{
	const struct hall_question *q = c->q;

	/* A name, or a link that vouches for no number: nothing to note it by. */
	if (q->who->msisdn == 0)
		return call_say(c, CALL_REFUSED_NUMBER, REPLY_OPTOUT_NO_NUMBER, NULL);
	if (q->who->opted_out == out)
		return call_say(c, CALL_DONE, already, NULL);
	changes_opt_out(q->changes, q->who, out, q->now, q->id);
	return call_say(c, CALL_DONE, done, NULL);
}

static struct hall_answer leave(const struct call *c)
{
	if (!call_open(c, ACCESS_READ))
		return set(c, true, REPLY_OPTOUT_OK_OTHER, REPLY_OPTOUT_ALREADY_OTHER);
	return set(c, true, REPLY_OPTOUT_OK, REPLY_OPTOUT_ALREADY);
}

static struct hall_answer join(const struct call *c)
{
	return set(c, false, REPLY_OPTIN_OK, REPLY_OPTIN_ALREADY);
}

const struct service service_optout = {
	.intent = "optout.marketing",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_OPTOUT,
	.answer = leave,
};

const struct service service_optin = {
	.intent = "optin.marketing",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_OPTIN,
	.answer = join,
};
