/*
 * lost.c - a number reported lost, and restored; by itself, or by another with its PIN.
 *
 * Lost at once in the hall, and an order for the core system.  An own number is asked for
 * a confirmation, since whoever holds it next needs the PIN to restore it.
 */
#include "../numbers_priv.h"
#include "hall/service.h"
#include "model/secrets.h"
#include "text/mask.h"

enum {
	LOST_LIFE_S = 10 * 60
};

/* The order is of the number it is about, and keeps the status before. */
static struct str order_number(const struct call *c, struct dossier *d)
{
	const struct order *o = changes_order(
		c->q->changes, d,
		(struct order){ .kind = str_of(c->q->command->intent->name),
	                        .package = STR(""),
	                        .state = ORDER_CONFIRMED,
	                        .at = c->q->now,
	                        .effective_at = c->q->now,
	                        .was = str_of(sub_status_name(d->sub.status)),
	                        .price = STR(""),
	                        .inbox = c->q->id });

	return call_order_number(c, o);
}

static struct str masked(const struct call *c, const struct dossier *d)
{
	char out[MASK_MAX];
	const struct str number = arena_printf(c->q->arena, "%lld", (long long)d->msisdn);

	return arena_str(c->q->arena, str_of(mask_number(out, number)));
}

/* In its own language. */
static void tell(const struct call *c, struct dossier *d, enum reply_id id)
{
	struct hall_question q;
	const struct call as = numbers_as(c, &q, d);

	if (d != c->q->who)
		changes_notice(c->q->changes,
		               (struct notice){ .msisdn = d->msisdn,
		                                .inbox = c->q->id,
		                                .text = call_text(&as, id, NULL) });
}

/* Whose number it is; NULL: that cannot be told. */
static struct dossier *subject(const struct call *c)
{
	if (c->q->other != NULL)
		return c->q->other;
	if (call_named(c, "msisdn") != NULL && hall_other(c->q) == 0 &&
	    call_named(c, "pin") == NULL)
		return NULL;
	return c->q->who->known ? c->q->who : NULL;
}

/* ---- lost ---- */

static bool may_be_lost(enum sub_status s)
{
	return s == SUB_ACTIVE || s == SUB_ARREARS1 || s == SUB_ARREARS2 || s == SUB_KEPT;
}

static struct hall_answer set_lost(const struct call *c, struct dossier *d)
{
	const struct reply_values v = { .order = order_number(c, d),
		                        .peer = masked(c, d) };

	changes_status(c->q->changes, d, SUB_LOST);
	tell(c, d, REPLY_LOST_NOTICE);
	return call_say(c, CALL_DONE, d == c->q->who ? REPLY_LOST_OK : REPLY_LOST_OTHER,
	                &v);
}

static struct hall_answer carry_out(const struct call *c, const struct action *a)
{
	(void)a;
	return set_lost(c, c->q->who);
}

static struct hall_answer answer_lost(const struct call *c)
{
	struct dossier *d = subject(c);
	struct hall_answer out;

	if (d == NULL)
		return call_say(c, CALL_NONE, REPLY_LOST_HOW, NULL);
	if (d != c->q->who && !call_pin(c, d, "pin", &out))
		return out;
	if (d->sub.status == SUB_LOST)
		return call_say(c, CALL_NONE, REPLY_LOST_ALREADY, NULL);
	if (!may_be_lost(d->sub.status))
		return call_say(c, "refused.status", REPLY_LOST_NOT, NULL);
	if (d != c->q->who)
		return set_lost(c, d);
	return call_confirm(c, &(struct action){
				       .prompt = REPLY_LOST_ASK,
				       .brief = call_text(c, REPLY_LOST_BRIEF, NULL),
				       .price = STR("lost"),
				       .life_s = LOST_LIFE_S,
			       });
}

const struct service service_lost_report = {
	.intent = "lost.report",
	.access = ACCESS_FREE,
	.needs = NEED_PIN | NEED_ORDERS,
	.label = REPLY_LABEL_LOST,
	.answer = answer_lost,
	.carry_out = carry_out,
};

/* ---- found ---- */

/* What it was when it was reported here; in use where that is not known. */
static enum sub_status status_before(const struct dossier *d)
{
	for (size_t i = 0; i < d->n_orders; i++) {
		if (!str_eq(d->order[i].kind, STR("lost.report")))
			continue;
		for (enum sub_status s = SUB_ACTIVE; sub_status_name(s) != NULL; s++)
			if (may_be_lost(s) &&
			    str_eq(d->order[i].was, str_of(sub_status_name(s))))
				return s;
		break;
	}
	return SUB_ACTIVE;
}

static struct hall_answer set_found(const struct call *c, struct dossier *d)
{
	const enum sub_status before = status_before(d);
	const struct reply_values v = { .order = order_number(c, d) };

	changes_status(c->q->changes, d, before);
	tell(c, d, REPLY_FOUND_NOTICE);
	return call_say(c, CALL_DONE, REPLY_FOUND_OK, &v);
}

static struct hall_answer answer_found(const struct call *c)
{
	struct dossier *d = subject(c);
	struct hall_answer out;

	if (d == NULL)
		return call_say(c, CALL_NONE, REPLY_LOST_HOW, NULL);
	if (d == c->q->who && d->sub.status != SUB_LOST)
		return call_say(c, CALL_NONE, REPLY_FOUND_NOT, NULL);
	if (d == c->q->who && !d->has_pin)
		return call_say(c, "refused.pin", REPLY_FOUND_PIN, NULL);
	if (d == c->q->who) /* whoever found it may have seen a PIN that was right */
		d->pin.right_at = 0;
	if (!call_pin(c, d, "pin", &out))
		return out;
	if (d->sub.status != SUB_LOST)
		return call_say(c, CALL_NONE, REPLY_FOUND_NOT, NULL);
	return set_found(c, d);
}

const struct service service_lost_cancel = {
	.intent = "lost.cancel",
	.access = ACCESS_FREE,
	.needs = NEED_PIN | NEED_ORDERS,
	.label = REPLY_LABEL_FOUND,
	.answer = answer_found,
};
