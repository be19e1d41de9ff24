/*
 * balance.c - what is left on the account, or what is owed and the way to pay.
 */
#include "hall/service.h"
#include "model/money.h"

static struct hall_answer answer(const struct call *c)
{
	const struct account *a = &c->q->who->account;
	struct reply_values v = { 0 };

	if (!c->q->who->has_account)
		return call_unavailable(c);
	v.time = call_time(c, a->as_of);
	if (a->balance_fen < 0) {
		v.due = money_text(c->q->arena, -a->balance_fen);
		return call_say(c, CALL_DONE, REPLY_BALANCE_OWING, &v);
	}
	v.balance = money_text(c->q->arena, a->balance_fen);
	if (a->credit_fen > 0)
		v.credit = money_text(c->q->arena, a->credit_fen);
	return call_say(c, CALL_DONE, REPLY_BALANCE_OK, &v);
}

const struct service service_balance = {
	.intent = "balance.query",
	.access = ACCESS_MONEY,
	.needs = NEED_ACCOUNT,
	.label = REPLY_LABEL_BALANCE,
	.answer = answer,
};
