/*
 * agent.c - hands the subscriber over to a person: a task with all that he need not say
 * again, his place in the queue, and the minutes that are promised.
 */
#include <inttypes.h>

#include "../desk_priv.h"
#include "base/buf.h"

enum {
	DAY_S = 24 * 3600,
	HOUR_S = 3600,
	CONTEXT_OCTETS = 2048
};

/* ---- what goes along ---- */

struct along {
	int64_t complaint;         /* 0: none that is open */
	const struct order *order; /* of the last day */
};

/* The open complaint, perhaps of this very text. */
static int64_t complaint_of(const struct call *c)
{
	const struct task_view *open = desk_open_task(c, "complaint", 0);
	const struct changes *all = c->q->changes;

	for (size_t i = all->tasks.n; i-- > 0;)
		if (all->tasks.row[i].inbox == c->q->id &&
		    str_eq(all->tasks.row[i].kind, STR("complaint")))
			return all->tasks.row[i].id;
	return open != NULL ? open->id : 0;
}

static struct along along_with(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct along a = { .complaint = complaint_of(c) };

	if (d->n_orders > 0 && d->order[0].at > c->q->now - DAY_S)
		a.order = &d->order[0];
	return a;
}

static void put_texts(const struct dossier *d, struct buf *b)
{
	buf_puts(b, STR("texts="));
	for (size_t i = 0; i < RECENT_TEXTS && d->recent[i] != 0; i++)
		buf_printf(b, "%s%" PRId64, i > 0 ? "," : "", d->recent[i]);
}

static void put_order(const struct dossier *d, const struct order *o, struct buf *b)
{
	buf_printf(b, "; order=%" PRId64 " %.*s %.*s", o->id, STR_ARG(o->kind),
	           STR_ARG(o->package));
	for (size_t i = 0; i < d->n_consents; i++) {
		const struct consent *k = &d->consent[i];

		if (!k->given || !str_eq(k->subject, o->package))
			continue;
		buf_printf(b, "; consent=%" PRId64 " %.*s \"%.*s\"", k->at,
		           STR_ARG(k->channel), STR_ARG(k->text));
		break;
	}
}

/* "texts=12,11,10; package=58; open=...; order=9034 service.cancel SJB; complaint=T2071" */
static struct str context_of(const struct call *c, const struct along *a)
{
	const struct dossier *d = c->q->who;
	struct buf b = buf_make(CONTEXT_OCTETS);
	struct str text;

	put_texts(d, &b);
	buf_printf(&b, "; package=%.*s; ahead=%" PRId64, STR_ARG(d->sub.package),
	           d->waiting);
	if (d->open != NULL && d->open->expires_at > c->q->now)
		buf_printf(&b, "; open=%s %.*s %.*s", dialogue_kind_name(d->open->kind),
		           STR_ARG(d->open->command), STR_ARG(d->open->brief));
	if (a->complaint != 0)
		buf_printf(&b, "; complaint=T%" PRId64, a->complaint);
	if (a->order != NULL)
		put_order(d, a->order, &b);
	text = arena_str(c->q->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

/* The same in words; whoever holds a lost phone learns nothing of it. */
static struct str along_text(const struct call *c, const struct along *a)
{
	struct reply_values v = { 0 };

	if (!call_open(c, ACCESS_READ))
		return call_text(c, REPLY_AGENT_TEXTS, NULL);
	if (a->complaint != 0)
		v.task = desk_task_number(c, a->complaint);
	if (a->order != NULL)
		v.order = call_order_number(c, a->order);
	if (a->complaint != 0 && a->order != NULL)
		return call_text(c, REPLY_AGENT_BOTH, &v);
	if (a->complaint != 0)
		return call_text(c, REPLY_AGENT_COMPLAINT, &v);
	return call_text(c, a->order != NULL ? REPLY_AGENT_ORDER : REPLY_AGENT_TEXTS, &v);
}

/* ---- when ---- */

/* Hand-overs ahead, those of this turn included. */
static int64_t ahead(const struct call *c)
{
	const struct changes *all = c->q->changes;
	int64_t n = c->q->who->waiting;

	for (size_t i = 0; i < all->tasks.n; i++)
		n += str_eq(all->tasks.row[i].kind, STR("agent")) ? 1 : 0;
	return n;
}

/* The instant from which people are there: now, or their next morning. */
static int64_t at_work(const struct desk *desk, int64_t now)
{
	struct civil t = civil_of(now);

	if (t.hour >= desk->agent_from && t.hour < desk->agent_until)
		return now;
	t.day += t.hour >= desk->agent_until ? 1 : 0;
	t.hour = desk->agent_from;
	t.minute = t.second = 0;
	return civil_to_utc(t);
}

static int64_t minutes_for(const struct desk *desk, int64_t before)
{
	const int64_t all = before * desk->agent_minutes;
	const int64_t minutes = (all + desk->agent_people - 1) / desk->agent_people;

	return minutes > desk->agent_minutes ? minutes : desk->agent_minutes;
}

static struct str minutes_text(const struct call *c, int64_t minutes)
{
	const struct reply_values v = { .count = arena_printf(c->q->arena, "%" PRId64,
		                                              minutes) };

	return call_text(c, REPLY_SIZE_MINUTES, &v);
}

/* ---- handing over ---- */

static struct hall_answer say_again(const struct call *c, const struct task_view *t)
{
	struct reply_values v = { .task = desk_task_number(c, t->id) };

	if (t->due_at > c->q->now)
		v.size = minutes_text(c, (t->due_at - c->q->now + 59) / 60);
	return call_say(c, CALL_NONE, REPLY_AGENT_AGAIN, &v);
}

static struct hall_answer hand_over(const struct call *c, const struct desk *desk)
{
	const struct hall_question *q = c->q;
	const struct along along = along_with(c);
	const bool promised = desk != NULL && desk->agent_minutes > 0 && q->who->known;
	const int64_t before = ahead(c);
	const int64_t minutes = promised ? minutes_for(desk, before) : 0;
	const int64_t from = promised ? at_work(desk, q->now) : q->now;
	const int64_t task = changes_work(
		q->changes, q->who, q->now, q->id,
		(struct task_row){ .kind = STR("agent"),
	                           .text = q->text,
	                           .desk = STR("agent"),
	                           .due_at = promised ? from + minutes * 60 : 0,
	                           .context = context_of(c, &along) });
	struct reply_values v = { .task = desk_task_number(c, task) };

	if (!promised)
		return call_say(c, CALL_DONE, REPLY_AGENT_OK, &v);
	v.deed = along_text(c, &along);
	if (before > 0)
		v.count = arena_printf(q->arena, "%" PRId64, before);
	v.size = minutes_text(c, minutes);
	v.moment = call_moment(c, from);
	return call_say(c, CALL_DONE,
	                from > q->now ? REPLY_AGENT_LATER : REPLY_AGENT_QUEUE, &v);
}

static struct hall_answer answer(const struct call *c)
{
	const struct task_view *before = desk_open_task(c, "agent", c->q->now - DAY_S);

	return before != NULL ? say_again(c, before) : hand_over(c, c->hall->conf.desk);
}

const struct service service_agent = {
	.intent = "agent.handoff",
	.access = ACCESS_FREE,
	.needs = NEED_QUEUE | NEED_TASKS | NEED_ORDERS | NEED_CONSENTS,
	.label = REPLY_LABEL_AGENT,
	.answer = answer,
};
