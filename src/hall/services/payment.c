/*
 * payment.c - the newest payments.
 */
#include "hall/service.h"
#include "model/money.h"

enum {
	SHOWN = 5
};

static struct str item_text(const struct call *c, const struct payment *p)
{
	return call_text(c, REPLY_PAYMENT_ITEM,
	                 &(struct reply_values){
				 .day = call_date(c, p->at),
				 .amount = money_text(c->q->arena, p->amount_fen),
				 .channel = call_channel(c, p->channel),
			 });
}

static struct hall_answer answer(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct items items = { .total = d->n_payments };
	struct reply_values v = { 0 };

	if (d->payments_as_of > 0)
		call_as_of(c, d->payments_as_of, &v);
	if (d->n_payments == 0)
		return call_say(c, CALL_NONE, REPLY_PAYMENT_NONE, &v);
	for (; items.n < d->n_payments && items.n < SHOWN; items.n++)
		items.item[items.n] = item_text(c, &d->payment[items.n]);
	return call_say_list(c, CALL_DONE, REPLY_PAYMENT_LIST, &v, &items);
}

const struct service service_payment = {
	.intent = "payment.query",
	.access = ACCESS_READ,
	.needs = NEED_PAYMENTS,
	.label = REPLY_LABEL_PAYMENTS,
	.answer = answer,
};
