/*
 * rate.c - how a closed task was, 1 to 5: asked once, answered once.
 */
#include <inttypes.h>

#include "../desk_priv.h"

enum {
	SCORES = 5,
	UNHAPPY = 2 /* and below */
};

/* "task.rate task=2071 n=4" */
static struct menu_item item(const struct call *c, int64_t task, int score)
{
	const struct str n = arena_printf(c->q->arena, "%d", score);

	return (struct menu_item){
		n, arena_printf(c->q->arena, "%.*s n#%d",
		                STR_ARG(call_command(
					c, "task.rate", "task",
					arena_printf(c->q->arena, "%" PRId64, task))),
		                score)
	};
}

struct hall_answer rate_ask(const struct call *c, const struct task_view *t,
                            const struct reply_values *v)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (int score = 1; score <= SCORES; score++)
		menu->item[menu->n++] = item(c, t->id, score);
	changes_add(c->q->changes, scores,
	            (struct task_score){ .id = t->id, .at = c->q->now });
	return call_menu(c, CALL_DONE, REPLY_TASK_CLOSED_RATE, v, menu);
}

static const struct task_view *find(const struct call *c, struct str number)
{
	const struct dossier *d = c->q->who;
	int64_t id;

	if (str_i64(number, &id) == ERR_OK)
		for (size_t i = 0; i < d->n_tasks; i++)
			if (d->task[i].id == id)
				return &d->task[i];
	return NULL;
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *number = call_named(c, "task"),
				  *n = call_named(c, "n");
	const struct task_view *t = number != NULL ? find(c, number->text) : NULL;
	struct reply_values v = { 0 };
	int score;

	if (number == NULL || n == NULL || n->type != GRAMMAR_INTS)
		return call_unavailable(c);
	v.task = arena_printf(c->q->arena, "T%.*s", STR_ARG(number->text));
	if (t == NULL)
		return call_say(c, CALL_NONE, REPLY_TASK_UNKNOWN, &v);
	score = n->ints[0];
	if (t->done_at == 0 || t->score != 0 || score < 1 || score > SCORES)
		return call_say(c, CALL_NONE, REPLY_RATE_NOT, &v);
	changes_add(c->q->changes, scores,
	            (struct task_score){ .id = t->id, .at = c->q->now, .score = score });
	v.count = arena_printf(c->q->arena, "%d", score);
	return call_say(c, CALL_DONE, score <= UNHAPPY ? REPLY_RATE_SORRY : REPLY_RATE_OK,
	                &v);
}

const struct service service_rate = {
	.intent = "task.rate",
	.access = ACCESS_READ,
	.needs = NEED_TASKS,
	.label = REPLY_LABEL_RATE,
	.answer = answer,
};
