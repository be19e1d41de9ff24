/*
 * rate.c - how a closed task was, 1 to 5: asked once, answered once.
 *
 * Without a task's number the mark is for what was asked about lately, or else for what
 * was closed lately; of several a menu asks which.
 */
#include <inttypes.h>

#include "../desk_priv.h"

enum {
	SCORES = 5,
	UNHAPPY = 2, /* and below */
	DAY_S = 24 * 3600,
	ASKED_S = 3 * DAY_S, /* so long a bare number is an answer */
	CLOSED_S = 30 * DAY_S
};

/* "task.rate task=2071 n=4" */
static struct str command_of(const struct call *c, int64_t task, int score)
{
	const struct str id = arena_printf(c->q->arena, "%" PRId64, task);

	return arena_printf(c->q->arena, "%.*s n#%d",
	                    STR_ARG(call_command(c, "task.rate", "task", id)), score);
}

struct hall_answer rate_ask(const struct call *c, const struct task_view *t,
                            const struct reply_values *v)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (int score = 1; score <= SCORES; score++)
		menu_add(menu, arena_printf(c->q->arena, "%d", score),
		         command_of(c, t->id, score));
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

/* An errand or a call back that its owner does not want any more ends without an answer. */
static bool given_up(const struct task_view *t)
{
	return t->answer.n == 0 && t->asked_at == 0 &&
	       (t->order != 0 || str_eq(t->kind, STR("callback")) ||
	        str_eq(t->kind, STR("manager")));
}

static bool unrated(const struct task_view *t)
{
	return t->done_at != 0 && t->score == 0 && !given_up(t);
}

/* Tasks that a mark without a number may be for, the newest first. */
struct waiting {
	const struct task_view *task[DIALOGUE_ITEMS];
	size_t n;
};

static bool is_asked_lately(const struct task_view *t, int64_t now)
{
	return t->asked_at > now - ASKED_S;
}

static bool is_closed_lately(const struct task_view *t, int64_t now)
{
	return t->done_at > now - CLOSED_S;
}

static struct waiting waiting_for(const struct hall_question *q,
                                  bool (*is)(const struct task_view *t, int64_t now))
{
	const struct dossier *d = q->who;
	struct waiting w = { .n = 0 };

	for (size_t i = 0; i < d->n_tasks && w.n < DIALOGUE_ITEMS; i++)
		if (unrated(&d->task[i]) && is(&d->task[i], q->now))
			w.task[w.n++] = &d->task[i];
	return w;
}

static struct hall_answer note(const struct call *c, const struct task_view *t, int score)
{
	changes_add(c->q->changes, scores,
	            (struct task_score){ .id = t->id, .at = c->q->now, .score = score });
	return call_say(c, CALL_DONE, score <= UNHAPPY ? REPLY_RATE_SORRY : REPLY_RATE_OK,
	                &(struct reply_values){
				.task = desk_task_number(c, t->id),
				.count = arena_printf(c->q->arena, "%d", score),
			});
}

static struct hall_answer which(const struct call *c, const struct waiting *w, int score)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < w->n; i++) {
		const struct task_view *t = w->task[i];
		const struct reply_values v = { .task = desk_task_number(c, t->id),
			                        .kind = desk_kind(c, t->kind) };

		menu_add(menu, call_text(c, REPLY_RATE_ITEM, &v),
		         command_of(c, t->id, score));
	}
	return call_menu(
		c, "asked", REPLY_RATE_WHICH,
		&(struct reply_values){ .count = arena_printf(c->q->arena, "%d", score) },
		menu);
}

static struct hall_answer rate_one(const struct call *c, struct waiting w, int score)
{
	if (w.n == 0)
		return call_say(c, CALL_NONE, REPLY_RATE_NONE, NULL);
	return w.n == 1 ? note(c, w.task[0], score) : which(c, &w, score);
}

/* A number, or a text that begins with it as the codes of grades.tsv do; 0: none. */
static int score_of(const struct grammar_slot *n)
{
	int score = 0;

	if (n != NULL && n->type == GRAMMAR_INTS)
		score = n->ints[0];
	else if (n != NULL && n->text.n > 0)
		score = n->text.p[0] - '0';
	return score >= 1 && score <= SCORES ? score : 0;
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *number = call_named(c, "task");
	const int score = score_of(call_named(c, "n"));
	const struct task_view *t = number != NULL ? find(c, number->text) : NULL;
	struct reply_values v = { 0 };
	struct waiting w;

	if (score == 0)
		return call_unavailable(c);
	if (number == NULL) {
		w = waiting_for(c->q, is_asked_lately);
		return rate_one(c, w.n > 0 ? w : waiting_for(c->q, is_closed_lately),
		                score);
	}
	v.task = arena_printf(c->q->arena, "T%.*s", STR_ARG(number->text));
	if (t == NULL)
		return call_say(c, CALL_NONE, REPLY_TASK_UNKNOWN, &v);
	return unrated(t) ? note(c, t, score)
	                  : call_say(c, CALL_NONE, REPLY_RATE_NOT, &v);
}

bool rate_asked(const struct dialogue *o)
{
	return str_starts(o->items, STR("task.rate "));
}

/* What was open last is nothing else that the number may be for. */
bool rate_may(const struct hall_question *q)
{
	const struct dialogue *o = q->who->open;

	for (size_t i = 0; i < q->command->n_slots; i++)
		if (strcmp(q->command->slot[i].name, "nonce") == 0 &&
		    q->command->slot[i].text.n == 1 &&
		    score_of(&q->command->slot[i]) != 0)
			return q->campaign == 0 && q->who->known &&
			       (o == NULL || rate_asked(o));
	return false;
}

bool rate_late(const struct call *c, struct hall_answer *out)
{
	const struct grammar_slot *n = call_named(c, "nonce");
	struct waiting w;

	if (!rate_may(c->q) || !call_open(c, service_rate.access))
		return false;
	w = waiting_for(c->q, is_asked_lately);
	if (w.n > 0)
		*out = rate_one(c, w, score_of(n));
	return w.n > 0;
}

const struct service service_rate = {
	.intent = "task.rate",
	.access = ACCESS_READ,
	.needs = NEED_TASKS,
	.label = REPLY_LABEL_RATE,
	.answer = answer,
};
