/*
 * push.c - see push_priv.h.
 */
#include "push_priv.h"

#include "hall_priv.h"
#include "model/money.h"

enum {
	LATE_S = 30 * 24 * 3600 /* so long a yes elsewhere is taken for an answer to it */
};

bool push_holds(const struct push *p, int64_t now)
{
	return p->until > now;
}

/* The newest that offers something and does not hold any more, or NULL. */
static const struct push *expired(const struct hall_question *q)
{
	const struct dossier *d = q->who;

	for (size_t i = 0; i < d->n_pushes; i++) {
		const struct push *p = &d->push[i];

		if (p->campaign == 0 || p->command.n == 0)
			continue;
		if (q->campaign != 0 ? p->campaign == q->campaign
		                     : p->until > q->now - LATE_S)
			return p;
	}
	return NULL;
}

/*
 * To a campaign's own number only what was opened behind its message comes first; to any
 * other one all that is open does, and what has expired behind it.
 */
static bool dialogue_first(const struct hall_question *q, const struct push *p)
{
	const struct dialogue *o = q->who->open;
	const bool live = dialogue_live(q->who, q->now);

	if (o == NULL)
		return false;
	return q->campaign != 0 ? live && o->opened_at >= p->at
	                        : live || o->opened_at >= p->at;
}

const struct push *push_meant(const struct hall_question *q)
{
	const struct push *p = dossier_push(q->who, q->campaign, q->now);

	if (p == NULL)
		p = expired(q);
	return p != NULL && !dialogue_first(q, p) ? p : NULL;
}

const struct push *push_tested(const struct hall_question *q)
{
	const struct dossier *d = q->who;
	const struct push *p = push_meant(q);

	for (size_t i = 0; i < d->n_tests; i++) {
		const struct push *test = &d->test[i];

		if (q->campaign != 0 && test->campaign != q->campaign)
			continue;
		return (p != NULL && p->at >= test->at) || dialogue_first(q, test) ? NULL
		                                                                   : test;
	}
	return NULL;
}

void push_replied(const struct call *c, const struct push *p)
{
	const struct hall_question *q = c->q;

	if (p->replied_at != 0)
		return;
	changes_add(q->changes, target_replies,
	            (struct target_reply){ .campaign = p->campaign,
	                                   .msisdn = q->who->msisdn,
	                                   .at = q->now });
	for (size_t i = 0; i < q->who->n_pushes; i++)
		if (&q->who->push[i] == p)
			q->who->push[i].replied_at = q->now;
}

static struct str fee_text(const struct call *c, int64_t fen)
{
	return fen >= 0 ? money_short(c->q->arena, fen) : (struct str){ NULL, 0 };
}

struct str push_changed(const struct call *c, const struct push *p)
{
	const struct package *now = catalogue_find(c->q->catalogue, p->offer);
	struct reply_values v = { 0 };

	if (p->price.n == 0 || now == NULL ||
	    str_eq(p->price, package_terms(now, c->q->arena)))
		return STR("");
	v.package = call_package(c, p->offer);
	if (package_terms_fee(p->price) != now->fee_fen) {
		v.was_fee = fee_text(c, package_terms_fee(p->price));
		v.fee = fee_text(c, now->fee_fen);
	}
	return call_text(c, REPLY_PUSH_CHANGED, &v);
}

/* The offer's code with its value, "BGTC38"; "" when it is no plain one. */
static struct str code_of(const struct call *c, const struct push *p)
{
	struct grammar_command command;
	const struct service *s = dialogue_service(c->hall, p->command, c->q->arena,
	                                           &command);

	return s != NULL ? unknown_full_code(c, &command) : STR("");
}

struct hall_answer push_over(const struct call *c, const struct push *p)
{
	const struct package *now = catalogue_find(c->q->catalogue, p->offer);
	struct reply_values v = { .day = call_date(c, p->until) };

	if (now == NULL || !now->on_sale) {
		v.code = call_way(c, "plan.advice");
		return call_say(c, "late.push", REPLY_PUSH_OVER_OFF, &v);
	}
	v.package = call_package(c, p->offer);
	v.fee = fee_text(c, now->fee_fen);
	v.code = code_of(c, p);
	if (v.code.n == 0)
		v.code = call_way(c, "plan.advice");
	return call_say(c, "late.push", REPLY_PUSH_OVER, &v);
}

struct hall_answer push_test(const struct call *c)
{
	return call_say(c, "test.push", REPLY_PUSH_TEST, NULL);
}

struct hall_answer push_hint(const struct call *c)
{
	const struct push *p = push_meant(c->q);
	struct reply_values v = { .code = call_way(c, "plan.advice") };

	if (push_tested(c->q) != NULL)
		return push_test(c);
	if (p == NULL || !push_holds(p, c->q->now))
		return call_say(c, "late", REPLY_PUSH_NONE, &v);
	v.package = call_package(c, p->offer);
	v.day = call_date(c, p->until);
	return call_say(c, "hint", REPLY_PUSH_HINT, &v);
}

/* Its terms, or at least what it was, and that a campaign brought it up. */
static struct str declined_price(const struct call *c, const struct push *p)
{
	const struct str terms = p->price.n > 0 ? p->price : p->offer;

	return arena_printf(c->q->arena, "%.*s|push", STR_ARG(terms));
}

struct hall_answer push_declined(const struct call *c, const struct push *p)
{
	const struct hall_question *q = c->q;
	const struct reply_values v = { .code = call_way(c, "pref.fewer") };

	changes_step(q->changes, q->who, q->now,
	             (struct step_row){ .kind = STEP_DECLINED,
	                                .dialogue = p->outbox,
	                                .inbox = q->id,
	                                .folded = q->folded,
	                                .price = declined_price(c, p) });
	return call_say(c, "declined.push", REPLY_PUSH_DECLINED, &v);
}
