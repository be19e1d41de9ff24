/*
 * numbers.c - balance and usage of numbers that agreed to show them to this one.
 *
 * An administrator sees those of members likewise, where the enterprise's level is for it.
 * Consent is looked at for each answer, on the rows of the number whose figures they are;
 * without it the answer is the same whether that number exists or not.
 */
#include <inttypes.h>

#include "../access_priv.h"
#include "../hall_priv.h"
#include "../numbers_priv.h"
#include "model/money.h"
#include "model/volume.h"

/* The enterprise has not opened that. */
static struct hall_answer numbers_refuse_level(const struct call *c,
                                               const struct group_head *h)
{
	return call_say(c, "refused.level", REPLY_ACT_LEVEL,
	                &(struct reply_values){ .group = call_name(c, h->name),
	                                        .manager = numbers_manager(c, h) });
}

struct hall_answer numbers_refuse(const struct call *c, int64_t msisdn,
                                  const struct dossier *other)
{
	struct reply_values v = { .number = numbers_text(c, msisdn) };
	const struct place *p = other != NULL && other->known
	                                ? group_may(&c->hall->groups, c->q->who, other,
	                                            GROUP_ANY)
	                                : NULL;

	if (p != NULL)
		return numbers_refuse_level(c, &p->of);
	v.code = call_code(c, "number.bind", v.number);
	return call_say(c, "refused.bond", REPLY_NUMBERS_NOT, &v);
}

/* By its own consent, or as a member of an enterprise that this number administers. */
static bool may_see(const struct call *c, const struct dossier *other)
{
	return bond_shows(c->q->changes, c->q->who, other) ||
	       (other->known &&
	        group_may(&c->hall->groups, c->q->who, other, GROUP_QUERY) != NULL);
}

/* The other number as a call in this one's language, or false and why not. */
static bool shown(const struct call *c, enum access class, struct hall_question *q,
                  struct call *as, struct hall_answer *why)
{
	const int64_t msisdn = numbers_named(c->q->command);
	struct dossier *other = call_other(c, msisdn);
	const struct reply_values v = { .number = numbers_text(c, msisdn) };

	if (msisdn == 0 || other == NULL || !may_see(c, other)) {
		*why = numbers_refuse(c, msisdn, other);
		return false;
	}
	if ((access_rule(other)->open & class) == 0) {
		*why = call_say(c, "refused.closed", REPLY_NUMBERS_CLOSED, &v);
		return false;
	}
	*as = numbers_as(c, q, other);
	as->language = c->language;
	return true;
}

static void add(const struct call *c, struct menu *menu, enum reply_id id,
                const char *intent, struct str number)
{
	menu_add(menu, call_text(c, id, &(struct reply_values){ .number = number }),
	         call_command(c, intent, "msisdn", number));
}

/* Which number, and what of it. */
static struct hall_answer list(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < d->n_bonds; i++) {
		const struct str number = numbers_text(c, d->bond[i].msisdn);

		if (d->bond[i].state != BOND_STANDING)
			continue;
		add(c, menu, REPLY_NUMBERS_ITEM_BALANCE, "number.balance", number);
		add(c, menu, REPLY_NUMBERS_ITEM_USAGE, "number.usage", number);
	}
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_NUMBERS_NONE, NULL);
	return call_menu(c, "asked", REPLY_NUMBERS_MENU, &(struct reply_values){ 0 },
	                 menu);
}

static struct hall_answer balance(const struct call *c)
{
	struct hall_question q;
	struct hall_answer why;
	struct reply_values v = { 0 };
	struct call as;
	const struct account *a;

	if (call_named(c, "msisdn") == NULL)
		return list(c);
	if (!shown(c, ACCESS_MONEY, &q, &as, &why))
		return why;
	a = &q.who->account;
	if (!q.who->has_account)
		return call_unavailable(c);
	v.number = numbers_text(c, q.who->msisdn);
	v.time = call_time(&as, a->as_of);
	if (a->balance_fen < 0)
		v.due = money_text(c->q->arena, -a->balance_fen);
	else
		v.balance = money_text(c->q->arena, a->balance_fen);
	return call_say(c, CALL_DONE, REPLY_NUMBERS_BALANCE, &v);
}

static struct hall_answer usage(const struct call *c)
{
	struct hall_question q;
	struct hall_answer why;
	struct reply_values v = { 0 };
	struct usage_month u;
	struct package p;
	struct call as;

	if (call_named(c, "msisdn") == NULL)
		return list(c);
	if (!shown(c, ACCESS_READ, &q, &as, &why))
		return why;
	if (!call_usage(&as, &u))
		return call_unavailable(c);
	v.number = numbers_text(c, q.who->msisdn);
	v.time = call_time(&as, q.who->usage_as_of);
	v.data_used = volume_text(c->q->arena, u.data_kib);
	if (call_terms(&as, u.month, &p) && p.data_kib >= u.data_kib)
		v.data_left = volume_text(c->q->arena, p.data_kib - u.data_kib);
	v.calls_used = arena_printf(c->q->arena, "%" PRId64, voice_minutes(u.voice_s));
	return call_say(c, CALL_DONE, REPLY_NUMBERS_USAGE, &v);
}

const struct service service_number_balance = {
	.intent = "number.balance",
	.access = ACCESS_MONEY,
	.label = REPLY_LABEL_NUMBER_BALANCE,
	.needs = NEED_PLACES | NEED_BONDS,
	.answer = balance,
	.others = numbers_others,
	.other_needs = NEED_BONDS | NEED_PLACES | NEED_ACCOUNT,
};

const struct service service_number_usage = {
	.intent = "number.usage",
	.access = ACCESS_READ,
	.label = REPLY_LABEL_NUMBER_USAGE,
	.needs = NEED_PLACES | NEED_BONDS,
	.answer = usage,
	.others = numbers_others,
	.other_needs = NEED_BONDS | NEED_PLACES | NEED_USAGE | NEED_SUBSCRIPTIONS,
};

const struct service service_number_list = {
	.intent = "number.list",
	.access = ACCESS_READ,
	.needs = NEED_BONDS,
	.label = REPLY_LABEL_NUMBERS,
	.answer = list,
};
