/*
 * agree.c - the answer to what another number asks for: PZYW agrees, JJYW does not.
 *
 * The first answer of several administrators decides.  Agreeing only begins: what it costs
 * is shown then, and confirmed by the number of a prompt.
 */
#include "../act_priv.h"
#include "../hall_priv.h"
#include "../numbers_priv.h"
#include "../request_priv.h"

/* The newest request with that number as it is now, or NULL. */
static const struct request *asked_with(const struct hall_question *q, unsigned nonce)
{
	const struct dossier *d = q->who;
	const struct request *newest = NULL;

	for (size_t i = 0; i < d->n_asked_of; i++) {
		const struct request *r = request_now(q->changes, &d->asked_of[i]);

		if (r->nonce == nonce && nonce != 0 &&
		    (newest == NULL || r->asked_at > newest->asked_at))
			newest = r;
	}
	return newest;
}

/* It may have come in time, and the prompt's number behind it. */
static bool in_time(const struct call *c, const struct request *r)
{
	return request_waits(r, c->q->now - (c->confirmed ? BOND_LIFE_S : 0));
}

static struct hall_answer wrong(const struct call *c)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_asked_of; i++) {
		struct request r = *request_now(c->q->changes, &d->asked_of[i]);

		if (!request_waits(&r, c->q->now))
			continue;
		if (++r.wrong >= BOND_WRONG) {
			r.state = REQUEST_ENDED;
			r.at = c->q->now;
		}
		changes_request(c->q->changes, r);
	}
	return call_say(c, CALL_NONE, REPLY_AGREE_NONE, NULL);
}

/* Whether the asker, in the same owner's hand, may still ask this number for that. */
static bool still_may(const struct call *c, const struct request *r,
                      const struct dossier *asker)
{
	if (asker == NULL || !asker->known || asker->sub.owner_since != r->asker_since)
		return false;
	if (r->own)
		return bond_shows(c->q->changes, asker, c->q->who);
	return group_may(&c->hall->groups, c->q->who, asker, GROUP_APPROVE) != NULL &&
	       !act_pays_himself(asker);
}

/* The request that is to be answered, and its asker; or NULL and what is said. */
static const struct request *find(const struct call *c, struct dossier **asker,
                                  struct hall_answer *why)
{
	const struct request *r = asked_with(c->q, numbers_nonce(c->q->command));

	*asker = r != NULL ? call_other(c, r->asker) : NULL;
	if (r != NULL && r->state == REQUEST_SETTLED)
		*why = call_say(c, "refused.settled", REPLY_AGREE_SETTLED, NULL);
	else if (r != NULL && r->state == REQUEST_ASKED && !in_time(c, r))
		*why = call_say(c, "refused.late", REPLY_AGREE_EXPIRED, NULL);
	else if (r == NULL || !in_time(c, r))
		*why = wrong(c);
	else if (!still_may(c, r, *asker))
		*why = call_say(c, "refused.over", REPLY_AGREE_NONE, NULL);
	else
		return r;
	return NULL;
}

/* Without a number: those that wait, to choose from. */
static struct hall_answer choose(const struct call *c, enum reply_id id)
{
	const struct dossier *d = c->q->who;
	const char *intent = c->q->command->intent->name;
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < d->n_asked_of; i++) {
		const struct request *r = request_now(c->q->changes, &d->asked_of[i]);
		const struct reply_values v = {
			.number = numbers_text(c, r->asker),
			.deed = request_deed(c, r->command, r->asked_at),
			.nonce = arena_printf(c->q->arena, "%u", r->nonce),
		};

		if (request_waits(r, c->q->now))
			menu_add(menu, call_text(c, REPLY_ACT_ASKED, &v),
			         call_command(c, intent, "nonce", v.nonce));
	}
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_AGREE_NONE, NULL);
	return call_menu(c, "asked", id, &(struct reply_values){ 0 }, menu);
}

static struct hall_answer agree(const struct call *c)
{
	struct dossier *asker;
	struct hall_answer a;
	const struct request *asked;
	const struct order *done;
	struct request r;

	if (call_named(c, "nonce") == NULL)
		return choose(c, REPLY_ACT_APPROVE);
	asked = find(c, &asker, &a);
	if (asked == NULL || (!c->confirmed && !call_pin(c, c->q->who, "pin", &a)))
		return a;
	r = *asked;
	a = act_for(c, r.own ? c->q->who : asker, r.command, &done);
	if (done == NULL)
		return a;
	request_decide(c, &r, asker, REQUEST_DONE, done);
	request_tell(c, asker, r.own ? REPLY_ACT_AGREED : REPLY_ACT_TOLD, r.command,
	             (struct reply_values){ 0 });
	return a;
}

static struct hall_answer refuse(const struct call *c)
{
	struct dossier *asker;
	struct hall_answer why;
	const struct request *asked;
	struct request r;

	if (call_named(c, "nonce") == NULL)
		return choose(c, REPLY_ACT_REFUSE);
	asked = find(c, &asker, &why);
	if (asked == NULL)
		return why;
	r = *asked;
	request_decide(c, &r, asker, REQUEST_REFUSED, NULL);
	request_tell(c, asker, r.own ? REPLY_ACT_REFUSED : REPLY_ACT_REFUSED_ADMIN,
	             r.command, (struct reply_values){ 0 });
	return call_say(
		c, CALL_DONE, REPLY_REFUSE_OK,
		&(struct reply_values){ .number = numbers_text(c, asker->msisdn),
	                                .deed = request_deed(c, r.command, c->q->now) });
}

/* The asker, and those who are told that it is decided. */
static size_t parties(const struct hall_question *q,
                      const struct grammar_command *command,
                      int64_t out[static HALL_OTHERS])
{
	const struct dossier *d = q->who;
	const struct request *r;
	size_t n = 0;

	if ((d->have & NEED_REQUESTS) == 0 || !d->known)
		return 0;
	r = asked_with(q, numbers_nonce(command));
	if (r == NULL)
		return 0;
	out[n++] = r->asker;
	for (size_t i = 0; !r->own && i < d->n_places; i++)
		for (size_t k = 0; k < d->place[i].n_others && n < HALL_OTHERS; k++)
			out[n++] = d->place[i].other[k];
	return n;
}

const struct service service_number_approve = {
	.intent = "number.approve",
	.access = ACCESS_ORDER,
	/* NOLINTNEXTLINE(misc-redundant-expression): each names all that it needs */
	.needs = ACT_NEEDS | NEED_PIN,
	.label = REPLY_LABEL_ACT,
	.answer = agree,
	.others = parties,
	.other_needs = ACT_NEEDS,
};

const struct service service_number_refuse = {
	.intent = "number.refuse",
	.access = ACCESS_ORDER,
	.needs = ACT_NEEDS,
	.label = REPLY_LABEL_ACT,
	.answer = refuse,
	.others = parties,
	.other_needs = ACT_NEEDS,
};
