/*
 * marketing.c - no marketing texts from now on, or marketing texts again.
 *
 * Open to every number, at once and without a question back.  Asked twice, the
 * second answer says that it is so already.  Both words are kept as consent, given or
 * taken back: where the law asks for one, not to have refused is not enough.
 */
#include "hall/service.h"

/* His latest word on marketing, if there is one, is that he agrees. */
static bool agreed(const struct dossier *d)
{
	for (size_t i = 0; i < d->n_consents; i++)
		if (str_eq(d->consent[i].subject, STR("marketing")))
			return d->consent[i].given;
	return false;
}

/* Taken already: not refused and, where consent has to be on record, it is. */
static bool is_so(const struct dossier *d, bool out)
{
	return d->opted_out == out && (out || !d->known || agreed(d));
}

/* For the texts behind this one, too. */
static void note(const struct hall_question *q, bool given)
{
	struct dossier *d = q->who;
	struct consent *all = arena_array(q->arena, struct consent, d->n_consents + 1);

	all[0] = (struct consent){ .subject = STR("marketing"),
		                   .given = given,
		                   .at = q->now };
	for (size_t i = 0; i < d->n_consents; i++)
		all[i + 1] = d->consent[i];
	d->consent = all;
	d->n_consents++;
	changes_consent(q->changes, d, all[0].subject, given, q->now, q->text);
}

static struct hall_answer set(const struct call *c, bool out, enum reply_id done,
                              enum reply_id already)
{
	const struct hall_question *q = c->q;

	/* A name, or a link that vouches for no number: nothing to note it by. */
	if (q->who->msisdn == 0)
		return call_say(c, CALL_REFUSED_NUMBER, REPLY_OPTOUT_NO_NUMBER, NULL);
	if (is_so(q->who, out))
		return call_say(c, CALL_DONE, already, NULL);
	if (q->who->known)
		note(q, !out);
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
	.needs = NEED_CONSENTS,
	.label = REPLY_LABEL_OPTOUT,
	.answer = leave,
};

const struct service service_optin = {
	.intent = "optin.marketing",
	.access = ACCESS_FREE,
	.needs = NEED_CONSENTS,
	.label = REPLY_LABEL_OPTIN,
	.answer = join,
};
