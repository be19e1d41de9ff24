/*
 * undo.c - an order taken back, while it can be: what it charged comes back with it.
 *
 * The number of somebody else's order is answered as one that does not exist.
 */
#include "../tools_priv.h"
#include "model/money.h"

static struct reply_values named(const struct call *c, const struct order *o)
{
	return (struct reply_values){
		.order = call_order_number(c, o),
		.package = call_package(c, o->package),
	};
}

/* The package has not changed yet: nothing but the order is to be taken back. */
static bool keep_package(const struct call *c, const struct order *o)
{
	(void)o;
	return c->q->who->known;
}

/* The subscription that the order opened ends. */
static bool close_service(const struct call *c, const struct order *o)
{
	const struct subscription *s = call_holding(c, o->package);
	struct subscription ended;

	if (s == NULL || s->since != o->at)
		return false;
	ended = *s;
	ended.until = ended.since - 1;
	changes_held(c->q->changes, c->q->who, &ended);
	changes_consent(c->q->changes, c->q->who, o->package, false, c->q->now,
	                c->q->text);
	return true;
}

/* The subscription that the order ended goes on. */
static bool open_again(const struct call *c, const struct order *o)
{
	const struct dossier *d = c->q->who;

	if (call_holding(c, o->package) != NULL)
		return false;
	for (size_t i = 0; i < d->n_held; i++) {
		struct subscription again = d->held[i];

		if (!str_eq(again.package, o->package) || again.until != o->at - 1)
			continue;
		again.until = 0;
		changes_held(c->q->changes, c->q->who, &again);
		changes_consent(c->q->changes, c->q->who, o->package, true, c->q->now,
		                c->q->text);
		return true;
	}
	return false;
}

/* A kind of order that can be undone is a line here. */
static const struct undo {
	const char *kind;
	enum reply_id done;
	bool (*undo)(const struct call *c, const struct order *o); /* false: too late */
} undos[] = {
	{ "package.change", REPLY_UNDO_CHANGE, keep_package },
	{ "service.open", REPLY_UNDO_OPEN, close_service },
	{ "service.cancel", REPLY_UNDO_CANCEL, open_again },
	{ "order.elsewhere", REPLY_UNDO_ELSEWHERE, keep_package },
	{ "invoice.request", REPLY_UNDO_ELSEWHERE, keep_package },
};

static const struct undo *find_undo(const struct order *o)
{
	for (size_t i = 0; i < sizeof(undos) / sizeof(undos[0]); i++)
		if (str_eq(o->kind, str_of(undos[i].kind)))
			return &undos[i];
	return NULL;
}

static struct hall_answer undo(const struct call *c, struct order *o)
{
	const struct hall_question *q = c->q;
	const struct undo *u = find_undo(o);
	struct reply_values v = named(c, o);

	if (o->state == ORDER_UNDONE)
		return call_say(c, CALL_NONE, REPLY_UNDO_ALREADY, &v);
	if (u == NULL || q->now > o->undo_until || !order_may(o->state, ORDER_UNDONE) ||
	    !u->undo(c, o))
		return call_say(c, "refused.late", REPLY_UNDO_LATE, &v);
	if (o->charged_fen > 0)
		v.amount = money_text(q->arena, o->charged_fen);
	changes_order_state(q->changes, q->who, o, ORDER_UNDONE, q->now);
	tool_undone(c, o);
	call_step(c, STEP_UNDONE, o->id);
	return call_say(c, CALL_DONE, u->done, &v);
}

static struct hall_answer answer(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const struct grammar_slot *asked = call_named(c, "order");
	const struct str none = { NULL, 0 };
	int64_t id;

	if (asked != NULL && str_i64(asked->text, &id) == ERR_OK)
		for (size_t i = 0; i < d->n_orders; i++)
			if (d->order[i].id == id)
				return undo(c, &d->order[i]);
	return call_say(
		c, CALL_NONE, REPLY_ORDER_UNKNOWN,
		&(struct reply_values){ .order = asked != NULL ? asked->text : none });
}

const struct service service_undo = {
	.intent = "order.undo",
	.access = ACCESS_ORDER,
	.needs = TOOLS_NEEDS,
	.label = REPLY_LABEL_UNDO,
	.answer = answer,
};
