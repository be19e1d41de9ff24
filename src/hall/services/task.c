/*
 * task.c - how far a task is, by its number; without one the newest complaints and
 * tasks together, those that the core system knows included.
 */
#include <inttypes.h>

#include "../desk_priv.h"

enum {
	SHOWN = 4
};

static struct str id_text(const struct call *c, int64_t id)
{
	return arena_printf(c->q->arena, "T%" PRId64, id);
}

struct str desk_kind(const struct call *c, struct str kind)
{
	static const struct {
		const char *kind;
		enum reply_id word;
	} kinds[] = {
		{ "agent", REPLY_TASK_AGENT },
		{ "complaint", REPLY_TASK_COMPLAINT },
		{ "suggestion", REPLY_TASK_SUGGESTION },
		{ "callback", REPLY_TASK_CALLBACK },
		{ "errand", REPLY_TASK_ERRAND },
		{ "manager", REPLY_TASK_MANAGER },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eq(kind, str_of(kinds[i].kind)))
			return call_text(c, kinds[i].word, NULL);
	return call_text(c, REPLY_TASK_OTHER, NULL);
}

static struct hall_answer say_one(const struct call *c, const struct task_view *t)
{
	struct reply_values v = {
		.task = id_text(c, t->id),
		.kind = desk_kind(c, t->kind),
		.moment = call_moment(c, t->at),
	};

	if (t->done_at == 0 && t->due_at > c->q->now) {
		v.day = call_moment(c, t->due_at);
		return call_say(c, CALL_DONE, REPLY_TASK_DUE, &v);
	}
	if (t->done_at == 0)
		return call_say(c, CALL_DONE, REPLY_TASK_OPEN, &v);
	v.day = call_date(c, t->at);
	v.moment = call_moment(c, t->done_at);
	if (t->answer.n > 0)
		v.report = desk_sentence(t->answer);
	return call_say(c, CALL_DONE, REPLY_TASK_DONE, &v);
}

static struct str task_item(const struct call *c, const struct task_view *t)
{
	return call_text(c, REPLY_TASK_ITEM,
	                 &(struct reply_values){
				 .task = id_text(c, t->id),
				 .day = call_date(c, t->at),
				 .kind = desk_kind(c, t->kind),
				 .state = call_text(c,
	                                            t->done_at == 0 ? REPLY_STATE_WORKING
	                                                            : REPLY_STATE_CLOSED,
	                                            NULL),
			 });
}

static struct str complaint_item(const struct call *c, const struct complaint *x)
{
	static const enum reply_id word[] = { [COMPLAINT_OPEN] = REPLY_STATE_OPEN,
		                              [COMPLAINT_WORKING] = REPLY_STATE_WORKING,
		                              [COMPLAINT_CLOSED] = REPLY_STATE_CLOSED };

	return call_text(
		c, REPLY_TASK_ITEM,
		&(struct reply_values){
			.day = call_date(c, x->at),
			.kind = x->kind.n > 0 ? x->kind
	                                      : call_text(c, REPLY_TASK_COMPLAINT, NULL),
			.state = call_text(c, word[x->state], NULL),
		});
}

/* Both lists are newest first; so is what comes of them. */
static struct hall_answer say_newest(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct items items = { .total = d->n_tasks + d->n_complaints };
	struct reply_values v = { 0 };
	size_t t = 0, x = 0;

	if (items.total == 0)
		return call_say(
			c, CALL_NONE, REPLY_TASK_NONE,
			&(struct reply_values){ .code = call_way(c, "complaint.open") });
	while (items.n < items.total && items.n < SHOWN) {
		const bool task = x == d->n_complaints ||
		                  (t < d->n_tasks && d->task[t].at >= d->complaint[x].at);

		items.item[items.n++] = task ? task_item(c, &d->task[t])
		                             : complaint_item(c, &d->complaint[x]);
		t += task ? 1 : 0;
		x += task ? 0 : 1;
	}
	if (d->n_tasks > 0)
		v.task = id_text(c, d->task[0].id);
	return call_say_list(c, CALL_DONE, REPLY_TASK_LIST, &v, &items);
}

static struct hall_answer answer(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const struct grammar_slot *asked = call_slot(c, GRAMMAR_TEXT);
	int64_t id;

	if (asked == NULL)
		return say_newest(c);
	if (str_i64(asked->text, &id) == ERR_OK)
		for (size_t i = 0; i < d->n_tasks; i++)
			if (d->task[i].id == id)
				return say_one(c, &d->task[i]);
	return call_say(
		c, CALL_NONE, REPLY_TASK_UNKNOWN,
		&(struct reply_values){ .task = arena_printf(c->q->arena, "T%.*s",
	                                                     STR_ARG(asked->text)) });
}

const struct service service_task = {
	.intent = "task.query",
	.access = ACCESS_READ,
	.needs = NEED_TASKS | NEED_COMPLAINTS,
	.label = REPLY_LABEL_TASKS,
	.answer = answer,
};
