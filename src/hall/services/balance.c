/*
 * balance.c - what is left on the account, or what is owed and the way to pay.
 */
#include "../lines_priv.h"
#include "model/money.h"

static struct hall_answer answer(const struct call *c)
{
	const struct account *a = &c->q->who->account;
	struct reply_values v = { 0 };

	if (!c->q->who->has_account)
		return call_unavailable(c);
	call_as_of(c, a->as_of, &v);
	if (a->balance_fen < 0) {
		v.due = money_text(c->q->arena, -a->balance_fen);
		return call_say(c, CALL_DONE,
		                v.age.p != NULL ? REPLY_BALANCE_OWING_OLD
		                                : REPLY_BALANCE_OWING,
		                &v);
	}
	v.balance = money_text(c->q->arena, a->balance_fen);
	if (a->credit_fen > 0)
		v.credit = money_text(c->q->arena, a->credit_fen);
	if (v.age.p != NULL)
		return call_say(c, CALL_DONE, REPLY_BALANCE_OLD, &v);
	return call_say(c, CALL_DONE,
	                lines_pending(c, &v) ? REPLY_BALANCE_BILLING : REPLY_BALANCE_OK,
	                &v);
}

const struct service service_balance = {
	.intent = "balance.query",
	.access = ACCESS_MONEY,
	.needs = NEED_ACCOUNT,
	.early = NEED_USAGE | NEED_SUBSCRIPTIONS | NEED_ORDERS,
	.label = REPLY_LABEL_BALANCE,
	.answer = answer,
};
