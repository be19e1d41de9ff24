/*
 * unknown.c - answers to what was not understood, or is not offered by text.
 *
 * Nothing is ever carried out here.
 */
#include "hall_priv.h"

enum {
	CODE_MAX = 16 /* octets shown; as the sample in hall/variables.def */
};

/* Secrets are not echoed, not even in a suggestion. */
static bool holds_secret(const struct grammar_suggestion *s)
{
	for (size_t i = 0; i < s->n_slots; i++)
		if (s->slot[i].secret)
			return true;
	return false;
}

static enum reply_id label_of(const struct call *c, const struct grammar_intent *intent)
{
	const struct service *s = hall_service(c->hall, intent);

	if (s != NULL)
		return s->label;
	return intent->effect == GRAMMAR_CHARGE ? REPLY_LABEL_CHARGE : REPLY_LABEL_OTHER;
}

/* "CXYE查余额" for each suggestion that may be shown. */
static struct items suggestions(const struct call *c)
{
	const struct grammar_command *command = c->q->command;
	struct items items = { .n = 0 };

	for (size_t i = 0; i < command->n_suggestions; i++) {
		const struct grammar_suggestion *s = &command->suggestion[i];

		if (s->code.n == 0 || holds_secret(s))
			continue;
		items.item[items.n++] = call_text(
			c, REPLY_UNKNOWN_ITEM,
			&(struct reply_values){
				.code = s->code,
				.label = call_text(c, label_of(c, s->intent), NULL),
			});
	}
	items.total = items.n;
	return items;
}

struct hall_answer unknown_answer(const struct call *c)
{
	const bool several = c->q->command->several;
	const struct items items = suggestions(c);

	if (items.n > 0 && several)
		return call_say_list(c, "unknown.several", REPLY_UNKNOWN_SEVERAL,
		                     &(struct reply_values){ 0 }, &items);
	if (items.n > 0)
		return call_say_list(c, "unknown.suggested", REPLY_UNKNOWN_SUGGEST,
		                     &(struct reply_values){ 0 }, &items);
	if (several)
		return call_say(c, "unknown.several", REPLY_UNKNOWN_SEVERAL, NULL);
	return call_say(c, "unknown", REPLY_UNKNOWN, NULL);
}

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') &&
		    !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
			return false;
	return s.n > 0;
}

/*
 * What was wanted as a code with its value, "BGTC38".  None without a value: a bare
 * "QX" tells a subscriber nothing.
 */
static struct str full_code(const struct call *c)
{
	const struct grammar_command *command = c->q->command;
	const struct grammar_slot *s = &command->slot[0];
	const struct str code = grammar_code(command->intent), none = { NULL, 0 };

	if (code.n == 0 || command->n_slots != 1 || s->secret ||
	    s->type != GRAMMAR_TEXT || !is_plain(s->text) ||
	    code.n + s->text.n > CODE_MAX)
		return none;
	return arena_printf(c->q->arena, "%.*s%.*s", STR_ARG(code), STR_ARG(s->text));
}

struct hall_answer unknown_not_by_sms(const struct call *c)
{
	return call_say(c, "not_by_sms", REPLY_NOT_BY_SMS,
	                &(struct reply_values){ .code = full_code(c) });
}
