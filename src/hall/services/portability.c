/*
 * portability.c - taking the number along to another operator: what is in the way, and
 * the request for an authorisation code, which a person answers.
 *
 * Name and identity number are neither looked at nor kept here: who checks them is the
 * person.  No offer is made of it, and it changes nothing else.
 */
#include "hall/service.h"
#include "model/money.h"

static void add(struct items *items, struct str text)
{
	if (items->n < ITEMS_MAX)
		items->item[items->n++] = text;
	items->total = items->n;
}

static void add_contracts(const struct call *c, struct items *items)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_held; i++) {
		const struct subscription *s = &d->held[i];
		struct reply_values v = { .package = call_package(c, s->package),
			                  .contract = call_date(c, s->contract_until) };

		if (s->contract_until <= c->q->now)
			continue;
		if (s->penalty_fen > 0)
			v.penalty = money_short(c->q->arena, s->penalty_fen);
		add(items, call_text(c, REPLY_PORT_CONTRACT, &v));
	}
}

static void look(const struct call *c, struct items *items)
{
	const struct dossier *d = c->q->who;

	if (d->sub.status != SUB_ACTIVE && d->sub.status != SUB_ARREARS1)
		add(items, call_text(c, REPLY_PORT_STATUS, NULL));
	if (!d->sub.real_name)
		add(items, call_text(c, REPLY_PORT_NAME, NULL));
	if (d->has_account && d->account.balance_fen < 0)
		add(items,
		    call_text(c, REPLY_PORT_OWED,
		              &(struct reply_values){
				      .due = money_text(c->q->arena,
		                                        -d->account.balance_fen) }));
	add_contracts(c, items);
}

static struct hall_answer say_missing(const struct call *c, const struct items *items)
{
	return call_say_list(c, CALL_NONE, REPLY_PORT_CANNOT, &(struct reply_values){ 0 },
	                     items);
}

static struct hall_answer answer_check(const struct call *c)
{
	struct items *items = arena_new(c->q->arena, struct items);

	look(c, items);
	return items->n > 0 ? say_missing(c, items)
	                    : call_say(c, CALL_DONE, REPLY_PORT_CAN, NULL);
}

/* The request that a person has not answered yet, or 0. */
static int64_t asked_already(const struct dossier *d)
{
	for (size_t i = 0; i < d->n_tasks; i++)
		if (str_eq(d->task[i].kind, STR("portability")) &&
		    d->task[i].done_at == 0)
			return d->task[i].id;
	return 0;
}

static struct hall_answer answer_code(const struct call *c)
{
	struct items *items = arena_new(c->q->arena, struct items);
	int64_t task = asked_already(c->q->who);

	if (call_named(c, "id") == NULL) /* the code alone, chosen from suggestions */
		return call_say(c, "refused.incomplete", REPLY_PORT_HOW, NULL);
	look(c, items);
	if (items->n > 0)
		return say_missing(c, items);
	if (task == 0)
		task = changes_task(c->q->changes, c->q->who, STR("portability"),
		                    c->q->now, c->q->id, STR(""));
	return call_say(c, CALL_DONE, REPLY_PORT_ASKED,
	                &(struct reply_values){ .task = arena_printf(c->q->arena, "%lld",
	                                                             (long long)task) });
}

const struct service service_portability_check = {
	.intent = "portability.check",
	.access = ACCESS_MONEY,
	.needs = NEED_ACCOUNT | NEED_SUBSCRIPTIONS,
	.label = REPLY_LABEL_PORT,
	.answer = answer_check,
};

const struct service service_portability_code = {
	.intent = "portability.code",
	.access = ACCESS_MONEY,
	.needs = NEED_ACCOUNT | NEED_SUBSCRIPTIONS | NEED_TASKS,
	.label = REPLY_LABEL_PORT_CODE,
	.answer = answer_code,
};
