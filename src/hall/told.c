/*
 * told.c - what a subscriber is told of his task once its person has answered or closed
 * it: a mandatory service message, and behind a closed one the question how it was.
 *
 * That question is asked once and never into something that is open: the notice waits
 * for its end, but not for long.
 */
#include "desk_priv.h"
#include "push/hours.h"

enum {
	MINUTE_S = 60,
	HOUR_S = 3600,
	WAIT_S = HOUR_S, /* for the end of what is open */
	RATING_S = 24 * HOUR_S
};

/* Whoever waits for a person is up; others are told by day. */
static int64_t later(const struct hall_question *q, const struct task_view *t)
{
	const int64_t day = hours_notice(q->push, q->who->sub.region, q->now);

	if (!str_eq(t->kind, STR("agent")) && day > q->now)
		return day;
	if (t->done_at != 0 && dialogue_live(q->who, q->now) &&
	    q->now < t->done_at + WAIT_S)
		return q->now + MINUTE_S;
	return 0;
}

/* The order that it carries out, which is done with it; NULL: none. */
static struct order *order_of(const struct hall_question *q, const struct task_view *t)
{
	struct dossier *d = q->who;

	for (size_t i = 0; t->order != 0 && i < d->n_orders; i++)
		if (d->order[i].id == t->order)
			return &d->order[i];
	return NULL;
}

static void complete(const struct call *c, struct order *o)
{
	const struct hall_question *q = c->q;

	o->undo_until = 0;
	if (order_may(o->state, ORDER_ACCEPTED))
		changes_order_state(q->changes, q->who, o, ORDER_ACCEPTED, q->now);
	if (order_may(o->state, ORDER_EFFECTIVE))
		changes_order_state(q->changes, q->who, o, ORDER_EFFECTIVE, q->now);
}

static struct reply_values values_of(const struct call *c, const struct task_view *t)
{
	struct order *o = order_of(c->q, t);
	struct reply_values v = { 0 };

	if (t->say.n > 0)
		v.report = desk_sentence(t->say);
	if (o == NULL) {
		v.task = desk_task_number(c, t->id);
		v.kind = desk_kind(c, t->kind);
		return v;
	}
	v.order = call_order_number(c, o);
	v.deed = elsewhere_name(c, o);
	if (t->done_at != 0)
		complete(c, o);
	return v;
}

/* The menu of the marks stays open for a day. */
static struct str ask_rating(const struct call *c, const struct task_view *t,
                             const struct reply_values *v)
{
	const struct str text = rate_ask(c, t, v).text;
	struct dialogue o = *c->q->who->open;

	o.expires_at = c->q->now + RATING_S;
	changes_dialogue_open(c->q->changes, c->q->who, &o);
	return text;
}

static struct str tell(const struct call *c, const struct task_view *t)
{
	const struct reply_values v = values_of(c, t);

	if (t->done_at == 0)
		return call_text(c, REPLY_TASK_TOLD, &v);
	if (t->asked_at != 0 || dialogue_live(c->q->who, c->q->now) ||
	    !call_open(c, service_rate.access))
		return call_text(c, REPLY_TASK_CLOSED, &v);
	return ask_rating(c, t, &v);
}

struct str hall_tell(const struct hall *h, const struct hall_question *q,
                     const struct task_view *t, int64_t *tell_at)
{
	static const struct grammar_intent named = { .name = "task.query" };
	const struct grammar_command command = { .intent = &named, .rule = "" };
	struct hall_question asked = *q;
	const struct call c = { .hall = h,
		                .q = &asked,
		                .language = hall_language(h, q->who, STR(""), NULL) };

	asked.command = &command;
	asked.revision = "";
	*tell_at = later(q, t);
	return *tell_at == 0 ? tell(&c, t) : STR("");
}
