/*
 * dispute.c - "I never ordered this": what is on record of a service, and at once what
 * can be done about it: cancel, complain and claim the fee back, or a person.
 *
 * Nothing is carried out here; the choice runs the services that do.
 */
#include <inttypes.h>

#include "../desk_priv.h"
#include "grammar/command.h"
#include "model/money.h"

enum {
	SAID_OCTETS = 240 /* of the text that goes along with a complaint */
};

/* With its year: what is evidence is dated in full. */
static struct str full_moment(const struct call *c, int64_t at)
{
	static const char *const month[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const struct civil t = civil_of(at);

	if (c->language == LANG_EN)
		return arena_printf(c->q->arena, "%d %s %d %02d:%02d", t.day,
		                    month[t.month - 1], t.year, t.hour, t.minute);
	return arena_printf(c->q->arena, "%d年%d月%d日%02d:%02d", t.year, t.month, t.day,
	                    t.hour, t.minute);
}

/* The consent that stands behind the service, or NULL. */
static const struct consent *consent_to(const struct call *c, struct str code)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_consents; i++)
		if (d->consent[i].given && str_eq(d->consent[i].subject, code))
			return &d->consent[i];
	return NULL;
}

/* What was charged this month for a service that is held. */
static struct str charged(const struct call *c, const struct package *p)
{
	if (p == NULL || p->fee_fen <= 0)
		return (struct str){ NULL, 0 };
	return money_short(c->q->arena, p->fee_fen);
}

static struct reply_values values_of(const struct call *c, struct str code,
                                     const struct subscription *s)
{
	const struct consent *agreed = consent_to(c, code);
	struct reply_values v = {
		.package = call_package(c, code),
		.fee = charged(c, catalogue_find(c->q->catalogue, code)),
	};

	if (agreed != NULL) {
		const bool by_text = str_eq(agreed->channel, STR("sms"));

		v.moment = full_moment(c, agreed->at);
		v.channel = by_text ? call_text(c, REPLY_DISPUTE_SMS, NULL)
		                    : call_channel(c, agreed->channel);
		v.words = call_name(c, agreed->text);
	} else {
		v.day = call_date(c, s->since);
	}
	return v;
}

/* "complaint.open code=SJB text=..." */
static struct str complaint(const struct call *c, struct str code)
{
	struct grammar_command command;

	if (grammar_command_parse(c->hall->grammar,
	                          call_command(c, "complaint.open", "code", code),
	                          c->q->arena, &command) != ERR_OK)
		return call_command(c, "complaint.open", "code", code);
	(void)grammar_command_set(
		&command,
		(struct grammar_slot){ .name = "text",
	                               .type = GRAMMAR_TEXT,
	                               .text = desk_head(c->q->text, SAID_OCTETS) });
	return dialogue_command(c, &command);
}

static struct hall_answer offer(const struct call *c, struct str code,
                                const struct subscription *s)
{
	const struct reply_values v = values_of(c, code, s);
	struct menu *menu = arena_new(c->q->arena, struct menu);

	menu_add(menu, call_text(c, REPLY_DISPUTE_CANCEL, NULL),
	         call_command(c, "service.cancel", "code", code));
	menu_add(menu, call_text(c, REPLY_DISPUTE_COMPLAIN, NULL), complaint(c, code));
	menu_add(menu, call_text(c, REPLY_DISPUTE_AGENT, NULL),
	         call_command(c, "agent.handoff", NULL, STR("")));
	return call_menu(c, "asked",
	                 v.moment.n > 0 ? REPLY_DISPUTE_HELD : REPLY_DISPUTE_NO_CONSENT,
	                 &v, menu);
}

/* Held no more, or never: a charge of it can only be complained about. */
static struct hall_answer offer_less(const struct call *c, struct str code)
{
	const struct reply_values v = { .package = call_package(c, code) };
	struct menu *menu = arena_new(c->q->arena, struct menu);

	menu_add(menu, call_text(c, REPLY_DISPUTE_COMPLAIN, NULL), complaint(c, code));
	menu_add(menu, call_text(c, REPLY_DISPUTE_AGENT, NULL),
	         call_command(c, "agent.handoff", NULL, STR("")));
	return call_menu(c, "asked", REPLY_DISPUTE_NOT_HELD, &v, menu);
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *code = call_named(c, "code");
	const struct subscription *s;

	if (code == NULL)
		return held_choose(c, REPLY_DISPUTE_WHICH, "service.dispute");
	s = call_holding(c, code->text);
	return s != NULL ? offer(c, code->text, s) : offer_less(c, code->text);
}

const struct service service_dispute = {
	.intent = "service.dispute",
	.access = ACCESS_MONEY,
	.needs = NEED_SUBSCRIPTIONS | NEED_CONSENTS,
	.label = REPLY_LABEL_DISPUTE,
	.answer = answer,
};
