/*
 * bill.c - one month's bill, or why there is none yet and which is the latest.
 *
 * The total is what was billed; lines come from the imported ones, else from the
 * tariff, and what they leave of the total is shown as "other".
 */
#include <stdlib.h>

#include "../lines_priv.h"
#include "model/money.h"

static int largest_first(const void *left, const void *right)
{
	const struct line *l = left, *r = right;

	if (l->fen != r->fen)
		return l->fen > r->fen ? -1 : 1;
	return str_cmp(l->item, r->item);
}

/* The first n lines and what they leave of the total. */
static struct str lines_text(const struct call *c, const struct lines *l, size_t n,
                             int64_t total)
{
	struct arena *a = c->q->arena;
	struct str item[LINES_MAX + 1];
	int64_t rest = total;
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		rest -= l->line[i].fen;
		item[k++] = call_text(c, REPLY_BILL_LINE,
		                      &(struct reply_values){
					      .item = l->line[i].item,
					      .amount = money_text(a, l->line[i].fen),
				      });
	}
	if (rest != 0)
		item[k++] = call_text(
			c, REPLY_BILL_OTHER,
			&(struct reply_values){ .amount = money_text(a, rest) });
	return call_join(c, item, k);
}

/* With as many of the largest lines as the budget holds; none when there is none. */
static struct hall_answer say_lines(const struct call *c, enum reply_id id,
                                    struct reply_values *v, struct lines *l,
                                    int64_t total)
{
	struct hall_answer answer;

	if (l->n > 1)
		qsort(l->line, l->n, sizeof(l->line[0]), largest_first);
	v->total = money_text(c->q->arena, total);
	for (size_t n = l->n; n > 0; n--) {
		v->list = lines_text(c, l, n, total);
		answer = call_say(c, CALL_DONE, id, v);
		if (reply_fits(id, answer.text))
			return answer;
	}
	v->list = (struct str){ NULL, 0 };
	return call_say(c, CALL_DONE, id, v);
}

static struct hall_answer say_bill(const struct call *c, const struct usage_month *u,
                                   struct reply_values v)
{
	struct lines l = { .n = 0 };

	v.month = call_month(c, u->month);
	if (!lines_imported(c, u->month, &l))
		(void)lines_deduced(c, u, &l);
	return say_lines(c, REPLY_BILL_OK, &v, &l, u->bill_fen);
}

/* The running month: what usage and tariff make of it so far. */
static struct hall_answer say_current(const struct call *c, struct reply_values *v)
{
	struct lines l = { .n = 0 };
	struct usage_month u;
	size_t unpriced;

	if (!call_usage(c, &u) || call_tariff(c) == NULL)
		return call_say(c, CALL_DONE, REPLY_BILL_UNKNOWN, v);
	unpriced = lines_deduced(c, &u, &l);
	if (unpriced > 0)
		v->unpriced = arena_printf(c->q->arena, "%zu", unpriced);
	call_as_of(c, c->q->who->usage_as_of, v);
	return say_lines(c, REPLY_BILL_CURRENT, v, &l, lines_total(&l));
}

/* Asked for a month that has no bill. */
static struct hall_answer say_none(const struct call *c, month_t month,
                                   const struct usage_month *last)
{
	const struct dossier *d = c->q->who;
	const month_t now = civil_month(c->q->now),
		      first = civil_month(d->sub.owner_since);
	struct reply_values v = { .month = call_month(c, month),
		                  .since = call_month(c, first) };

	if (last != NULL)
		v.latest = call_month(c, last->month);
	if (month > now)
		return call_say(c, CALL_NONE, REPLY_BILL_FUTURE, &v);
	if (month < first)
		return call_say(c, CALL_NONE, REPLY_BILL_BEFORE, &v);
	if (month == now)
		return say_current(c, &v);
	if (month < now - 1)
		return call_say(c, CALL_NONE, REPLY_BILL_MISSING, &v);
	v.expected = lines_expected(c, month);
	return call_say(c, CALL_NONE, REPLY_BILL_PENDING, &v);
}

/* Asked without a month: the latest, and that the one after it is being billed. */
static struct hall_answer say_latest(const struct call *c, const struct usage_month *last)
{
	const month_t before = civil_month(c->q->now) - 1;
	struct reply_values v = { 0 };

	if (last == NULL && dossier_usage(c->q->who, before) != NULL)
		return say_none(c, before, NULL);
	if (last == NULL)
		return call_say(c, CALL_NONE, REPLY_BILL_NONE, NULL);
	if (last->month < before) {
		v.pending = call_month(c, before);
		v.expected = lines_expected(c, before);
	}
	return say_bill(c, last, v);
}

static struct hall_answer answer(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const struct usage_month *last = dossier_last_bill(d, civil_month(c->q->now));
	const struct grammar_slot *asked = call_slot(c, GRAMMAR_MONTH);
	const struct usage_month *u;

	if (asked == NULL)
		return say_latest(c, last);
	u = dossier_usage(d, asked->month);
	if (u != NULL && u->bill_fen != BILL_NONE && u->month <= civil_month(c->q->now))
		return say_bill(c, u, (struct reply_values){ 0 });
	return say_none(c, asked->month, last);
}

const struct service service_bill = {
	.intent = "bill.query",
	.access = ACCESS_MONEY,
	.needs = NEED_USAGE | NEED_BILL | NEED_SUBSCRIPTIONS | NEED_ORDERS,
	.label = REPLY_LABEL_BILL,
	.answer = answer,
};
