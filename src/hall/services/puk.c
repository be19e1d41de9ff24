/*
 * puk.c - the PUK of the subscriber's SIM card; of another number by its PIN.
 */
#include "hall/service.h"
#include "text/mask.h"

/* The statuses in which a number's own PUK is refused refuse it from elsewhere too. */
static bool may_show(const struct dossier *d)
{
	return d->sub.status == SUB_ACTIVE || d->sub.status == SUB_ARREARS1 ||
	       d->sub.status == SUB_KEPT;
}

static struct hall_answer answer_other(const struct call *c)
{
	struct dossier *d = c->q->other;
	struct hall_answer out;
	char masked[MASK_MAX];
	struct reply_values v = { 0 };

	if (d == NULL)
		return call_say(c, CALL_NONE, REPLY_PUK_HOW, NULL);
	if (!call_pin(c, d, "pin", &out))
		return out;
	if (!may_show(d) || d->sub.puk.n == 0)
		return call_say(c, "refused.status", REPLY_PIN_OTHER, NULL);
	v.puk = d->sub.puk;
	v.peer = arena_str(c->q->arena,
	                   str_of(mask_number(masked, call_named(c, "msisdn")->text)));
	return call_say(c, CALL_DONE, REPLY_PUK_OTHER, &v);
}

static struct hall_answer answer(const struct call *c)
{
	const struct str puk = c->q->who->sub.puk;
	const struct grammar_slot *other = call_named(c, "msisdn");
	int64_t msisdn;

	if (other != NULL && str_i64(other->text, &msisdn) == ERR_OK &&
	    msisdn != c->q->who->msisdn)
		return answer_other(c);
	if (puk.n == 0)
		return call_say(c, "unavailable", REPLY_PUK_MISSING, NULL);
	return call_say(c, CALL_DONE, REPLY_PUK_OK, &(struct reply_values){ .puk = puk });
}

const struct service service_puk = {
	.intent = "puk.query",
	.access = ACCESS_PUK,
	.needs = 0,
	.label = REPLY_LABEL_PUK,
	.answer = answer,
};
