/*
 * complaint.c - a complaint or a suggestion, in the same text or the next: a task with
 * an owner and a day by which it is answered.
 *
 * Of a disputed charge (slot "code") the refund asked for is this month's fee.
 */
#include <inttypes.h>

#include "../desk_priv.h"
#include "model/money.h"

enum {
	WORDS_MIN = 4, /* octets; less says nothing */
	HOUR_S = 3600,
	DAY_S = 24 * HOUR_S,
	TEXT_OCTETS = 1800 /* of what is kept; a long message holds fewer */
};

struct str desk_task_number(const struct call *c, int64_t id)
{
	return arena_printf(c->q->arena, "T%" PRId64, id);
}

const struct task_view *desk_open_task(const struct call *c, const char *kind,
                                       int64_t since)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_tasks; i++)
		if (d->task[i].done_at == 0 && d->task[i].at >= since &&
		    str_eq(d->task[i].kind, str_of(kind)))
			return &d->task[i];
	return NULL;
}

struct str desk_sentence(struct str s)
{
	const struct str stop = STR("。");

	s = str_trim(s);
	if (s.n > stop.n && str_eq((struct str){ s.p + s.n - stop.n, stop.n }, stop))
		s.n -= stop.n;
	else if (s.n > 1 && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

struct str desk_head(struct str s, size_t octets)
{
	size_t n = s.n < octets ? s.n : octets;

	while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return (struct str){ s.p, n };
}

/* A Latin letter or a first octet of one of another script; figures and marks are none. */
static bool is_letter(unsigned char octet)
{
	if (octet < 0x80)
		return (octet | 0x20) >= 'a' && (octet | 0x20) <= 'z';
	return octet >= 0xc3 && octet != 0xe2 && octet != 0xe3 && octet != 0xef;
}

static bool says_something(const struct hall *h, const struct hall_question *q,
                           struct str text)
{
	bool letter = false;

	(void)h;
	(void)q;
	for (size_t i = 0; i < text.n; i++)
		letter = letter || is_letter((unsigned char)text.p[i]);
	return letter && text.n >= WORDS_MIN;
}

static struct str said(const struct call *c)
{
	const struct grammar_slot *text = call_named(c, "text");

	if (text == NULL || text->type != GRAMMAR_TEXT ||
	    !says_something(c->hall, c->q, str_trim(text->text)))
		return STR("");
	return desk_head(str_trim(text->text), TEXT_OCTETS);
}

/* The same words again within a day are one task. */
static const struct task_view *said_before(const struct call *c, const char *kind,
                                           struct str text)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_tasks; i++)
		if (d->task[i].done_at == 0 && d->task[i].at > c->q->now - DAY_S &&
		    str_eq(d->task[i].kind, str_of(kind)) &&
		    str_eq(d->task[i].text, text))
			return &d->task[i];
	return NULL;
}

static struct hall_answer say_again(const struct call *c, const struct task_view *t)
{
	struct reply_values v = { .task = desk_task_number(c, t->id) };

	if (t->due_at > c->q->now)
		v.moment = call_moment(c, t->due_at);
	return call_say(c, CALL_NONE, REPLY_COMPLAINT_AGAIN, &v);
}

static struct hall_answer note(const struct call *c, const char *kind, int hours,
                               enum reply_id id, struct str text, struct reply_values v)
{
	const struct hall_question *q = c->q;
	const struct task_row task = {
		.kind = str_of(kind),
		.text = text,
		.desk = str_of(kind),
		.due_at = hours > 0 ? q->now + (int64_t)hours * HOUR_S : 0,
		.context = arena_printf(q->arena, "package=%.*s",
		                        STR_ARG(q->who->sub.package)),
	};

	v.task = desk_task_number(c,
	                          changes_work(q->changes, q->who, q->now, q->id, task));
	if (hours > 0)
		v.count = arena_printf(q->arena, "%d", hours);
	return call_say(c, CALL_DONE, id, &v);
}

/* With the service and the refund that a dispute is about. */
static struct str with_refund(const struct call *c, struct str text,
                              struct reply_values *v)
{
	const struct grammar_slot *code = call_named(c, "code");
	const struct package *p = code != NULL
	                                  ? catalogue_find(c->q->catalogue, code->text)
	                                  : NULL;

	if (p == NULL)
		return text;
	if (p->fee_fen > 0)
		v->amount = money_short(c->q->arena, p->fee_fen);
	return arena_printf(c->q->arena, "%.*s（%.*s）申请退%.*s元。%.*s",
	                    STR_ARG(p->code), STR_ARG(package_name(p, LANG_ZH_HANS)),
	                    STR_ARG(money_short(c->q->arena, p->fee_fen)), STR_ARG(text));
}

static struct hall_answer complain(const struct call *c)
{
	const struct desk *desk = c->hall->conf.desk;
	struct reply_values v = { 0 };
	const struct str text = with_refund(c, said(c), &v);
	const struct task_view *before = said_before(c, "complaint", text);

	if (text.n == 0)
		return call_ask(c, DIALOGUE_QUESTION, "text", REPLY_COMPLAINT_ASK, NULL);
	if (before != NULL)
		return say_again(c, before);
	return note(c, "complaint", desk != NULL ? desk->complaint_hours : 0,
	            REPLY_COMPLAINT_OK, text, v);
}

static struct hall_answer suggest(const struct call *c)
{
	const struct desk *desk = c->hall->conf.desk;
	const struct str text = said(c);
	const struct task_view *before = said_before(c, "suggestion", text);

	if (text.n == 0)
		return call_ask(c, DIALOGUE_QUESTION, "text", REPLY_SUGGESTION_ASK, NULL);
	if (before != NULL)
		return say_again(c, before);
	return note(c, "suggestion", desk != NULL ? desk->suggestion_hours : 0,
	            REPLY_SUGGESTION_OK, text, (struct reply_values){ 0 });
}

const struct service service_complaint = {
	.intent = "complaint.open",
	.access = ACCESS_FREE,
	.needs = NEED_TASKS,
	.label = REPLY_LABEL_COMPLAINT,
	.answer = complain,
	.fits = says_something,
};

const struct service service_suggestion = {
	.intent = "suggestion.open",
	.access = ACCESS_FREE,
	.needs = NEED_TASKS,
	.label = REPLY_LABEL_SUGGESTION,
	.answer = suggest,
	.fits = says_something,
};
