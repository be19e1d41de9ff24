/*
 * reminder.c - what the subscriber wants to be told, kind by kind: TX20, TXZD, TX0.
 */
#include <inttypes.h>

#include "../remind_priv.h"
#include "model/money.h"

enum {
	FEN = 100,
	DEFAULT_YUAN = 20, /* offered in the menu */
	NOT_GIVEN = -1
};

static int amount_of(const struct call *c)
{
	const struct grammar_slot *s = call_named(c, "n");

	return s != NULL && s->type == GRAMMAR_INTS ? s->ints[0] : NOT_GIVEN;
}

/* "reminder.bill" is of the kind "bill". */
static const struct remind_kind *kind_of(const struct call *c)
{
	const struct str intent = str_of(c->q->command->intent->name);

	for (size_t i = 0; i < remind_n_kinds; i++)
		if (str_eq(intent, str_of(remind_kinds[i].intent)))
			return &remind_kinds[i];
	return &remind_kinds[0];
}

static struct str command_of(const struct remind_kind *k, const struct call *c, bool on)
{
	if (k->limited && !on)
		return arena_printf(c->q->arena, "%s n#%d", k->intent, DEFAULT_YUAN);
	return arena_printf(c->q->arena, on ? "%s n#0" : "%s", k->intent);
}

static struct hall_answer choose(const struct call *c)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < remind_n_kinds; i++) {
		const struct remind_kind *k = &remind_kinds[i];
		const struct reminder *r = dossier_reminder(c->q->who, str_of(k->name));
		struct reply_values v = { 0 };

		v.notice = remind_label(c, k,
		                        r != NULL    ? r->limit_fen
		                        : k->limited ? DEFAULT_YUAN * FEN
		                                     : 0);
		menu_add(menu,
		         call_text(c,
		                   r != NULL ? REPLY_REMIND_ITEM_ON : REPLY_REMIND_ITEM,
		                   &v),
		         command_of(k, c, r != NULL));
	}
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_DIALOGUE_NONE, NULL);
	return call_menu(c, "asked", REPLY_REMIND_MENU, &(struct reply_values){ 0 },
	                 menu);
}

static struct hall_answer turn_off(const struct call *c, const struct remind_kind *k)
{
	const struct reminder *r = dossier_reminder(c->q->who, str_of(k->name));
	struct reply_values v = { .notice = remind_label(c, k, 0) };
	struct reminder off;

	if (r == NULL)
		return call_say(c, CALL_NONE, REPLY_REMIND_NONE, &v);
	off = *r;
	off.next_at = 0;
	off.inbox = c->q->id;
	v.notice = remind_label(c, k, r->limit_fen);
	changes_reminder(c->q->changes, c->q->who, off);
	return call_say(c, CALL_DONE, REPLY_REMIND_OFF, &v);
}

/* Set again, what was told this month stays told; not of another threshold. */
static int64_t told_of(const struct call *c, const struct remind_kind *k,
                       int64_t limit_fen)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_reminders; i++)
		if (str_eq(d->reminder[i].kind, str_of(k->name)) &&
		    d->reminder[i].limit_fen == limit_fen)
			return d->reminder[i].told;
	return k->begin(c);
}

static struct hall_answer turn_on(const struct call *c, const struct remind_kind *k,
                                  int64_t limit_fen)
{
	const struct reply_values v = { .notice = remind_label(c, k, limit_fen),
		                        .code = call_code(c, k->intent, STR("0")) };

	changes_reminder(c->q->changes, c->q->who,
	                 (struct reminder){ .kind = str_of(k->name),
	                                    .limit_fen = limit_fen,
	                                    .since = c->q->now,
	                                    .inbox = c->q->id,
	                                    .next_at = remind_first(c, k),
	                                    .told = told_of(c, k, limit_fen) });
	return call_say(c, CALL_DONE, REPLY_REMIND_ON, &v);
}

static struct hall_answer answer(const struct call *c)
{
	const struct remind_kind *k = kind_of(c);
	const int n = amount_of(c);

	if (n == 0)
		return turn_off(c, k);
	if (k->limited && n == NOT_GIVEN)
		return choose(c);
	return turn_on(c, k, k->limited ? (int64_t)n * FEN : 0);
}

#define REMINDER(name, intent_name)                      \
	const struct service service_reminder_##name = { \
		.intent = (intent_name),                 \
		.access = ACCESS_ORDER,                  \
		.needs = NEED_REMINDERS,                 \
		.label = REPLY_LABEL_REMINDER,           \
		.answer = answer,                        \
	}
REMINDER(set, "reminder.set");
REMINDER(bill, "reminder.bill");
REMINDER(month, "reminder.month");
REMINDER(usage, "reminder.usage");
REMINDER(ends, "reminder.ends");
