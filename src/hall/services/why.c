/*
 * why.c - why a campaign recommended something: the arithmetic that was sent along, and
 * what it is by now.
 */
#include "../hall_priv.h"
#include "../offers_priv.h"
#include "../push_priv.h"

/* The newest message of that campaign, or of any; NULL: none. */
static const struct push *asked_about(const struct hall_question *q)
{
	const struct dossier *d = q->who;

	if (push_tested(q) != NULL)
		return push_tested(q);
	for (size_t i = 0; i < d->n_pushes; i++)
		if (d->push[i].campaign != 0 &&
		    (q->campaign == 0 || d->push[i].campaign == q->campaign))
			return &d->push[i];
	return NULL;
}

/* What his use of today says of it; "": nothing can be compared. */
static struct str today(const struct call *c, const struct push *p, bool *saves)
{
	const struct package *of = catalogue_find(c->q->catalogue, p->offer);
	struct hall_offer *o = arena_new(c->q->arena, struct hall_offer);
	const struct candidate *found;

	*saves = false;
	if (of == NULL || of->kind != PACKAGE_MAIN)
		return of != NULL ? sell_why(c, of, saves) : STR("");
	if (!offers_look(c, o) || o->subject.estimated != 0)
		return STR("");
	found = offers_of(o, of);
	if (found == NULL)
		return STR("");
	*saves = offer_month_fen(&o->match, found->saving_li) > 0;
	return hall_offer_why(c->hall, c->q, c->language, o, found);
}

static struct hall_answer answer(const struct call *c)
{
	const struct push *p = asked_about(c->q);
	const struct reply_values v = { .code = call_way(c, "plan.advice") };
	struct str now;
	bool saves;

	if (p == NULL)
		return call_say(c, CALL_NONE, REPLY_WHY_NONE, &v);
	now = today(c, p, &saves);
	if (p->why.n == 0 && now.n == 0)
		return call_say(c, CALL_DONE, REPLY_WHY_ALL, &v);
	if (p->why.n == 0 || now.n == 0 || saves)
		return (struct hall_answer){ now.n > 0 ? now : p->why, CALL_DONE };
	return (struct hall_answer){
		arena_printf(c->q->arena, "%.*s%.*s%.*s%.*s", STR_ARG(p->why),
		             STR_ARG(call_text(c, REPLY_WORD_STOP, NULL)),
		             STR_ARG(call_text(c, REPLY_WHY_NOW, NULL)), STR_ARG(now)),
		CALL_DONE
	};
}

const struct service service_why = {
	.intent = "offer.why",
	.access = ACCESS_MONEY,
	.needs = NEED_PUSHES | OFFERS_NEEDS,
	.label = REPLY_LABEL_WHY,
	.answer = answer,
};
