/*
 * help.c - what can be sent: the four codes that this subscriber uses most, then others,
 * in one message.
 */
#include "hall/service.h"

enum {
	SHOWN = 4
};

/* Those that may be among the four, in the order in which they fill up. */
static const struct common {
	const char *intent;
	enum reply_id word;
} commons[] = {
	{ "balance.query", REPLY_HELP_BALANCE },
	{ "bill.query", REPLY_HELP_BILL },
	{ "usage.query", REPLY_HELP_USAGE },
	{ "package.current", REPLY_HELP_PACKAGE },
	{ "points.query", REPLY_HELP_POINTS },
	{ "detail.query", REPLY_HELP_DETAIL },
	{ "payment.query", REPLY_HELP_PAYMENT },
	{ "package.list", REPLY_HELP_PACKAGES },
	{ "plan.advice", REPLY_HELP_ADVICE },
	{ "complaint.open", REPLY_HELP_COMPLAINT },
};

enum {
	COMMONS = sizeof(commons) / sizeof(commons[0])
};

struct shown {
	bool taken[COMMONS];
	struct str text[SHOWN];
	size_t n;
};

static void show(const struct call *c, struct shown *s, size_t i)
{
	if (s->n == SHOWN || s->taken[i] || !call_offered(c, commons[i].intent))
		return;
	s->taken[i] = true;
	s->text[s->n++] = arena_printf(c->q->arena, "%.*s%.*s",
	                               STR_ARG(call_way(c, commons[i].intent)),
	                               STR_ARG(call_text(c, commons[i].word, NULL)));
}

static struct hall_answer answer(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct shown s = { .n = 0 };
	struct str codes = STR("");

	for (size_t k = 0; k < d->n_habits; k++)
		for (size_t i = 0; i < COMMONS; i++)
			if (str_eq(d->habit[k], str_of(commons[i].intent)))
				show(c, &s, i);
	for (size_t i = 0; i < COMMONS; i++)
		show(c, &s, i);
	for (size_t i = 0; i < s.n; i++)
		codes = arena_printf(c->q->arena, "%.*s%s%.*s", STR_ARG(codes),
		                     i == 0                   ? ""
		                     : c->language == LANG_EN ? ", "
		                                              : " ",
		                     STR_ARG(s.text[i]));
	return call_say(c, CALL_DONE, REPLY_HELP,
	                &(struct reply_values){ .codes = codes });
}

const struct service service_help = {
	.intent = "help",
	.access = ACCESS_FREE,
	.needs = NEED_HABITS,
	.label = REPLY_LABEL_HELP,
	.answer = answer,
};
