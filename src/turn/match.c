/*
 * match.c - from a text to the question that the hall is asked.
 */
#include "turn_priv.h"

/* For tests without dice: other bits for each text, the same each time. */
static uint64_t mix(int64_t id)
{
	uint64_t x = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return x ^ x >> 32;
}

static struct hall_question question_of(struct turn *t, struct job *job, int64_t now_ms)
{
	const struct turn_conf *conf = &t->conf;

	return (struct hall_question){
		.id = job->id,
		.now = now_ms / 1000,
		.text = job->text,
		.revision = grammar_revision(conf->grammar),
		.dice = conf->dice != NULL ? conf->dice(conf->dice_arg) : mix(job->id),
		.command = &job->command,
		.who = job->who,
		.campaign = routes_campaign(&t->routes, job->in->to.digits),
		.push = conf->push,
		.catalogue = &t->catalogue,
		.changes = &t->changes,
		.arena = &t->arena
	};
}

static void match_in(struct turn *t, const struct job *job,
                     struct grammar_context context, struct grammar_command *out)
{
	grammar_match(t->conf.grammar, t->matcher, job->text, context, job->question.now,
	              &t->arena, out);
}

/* The whole text is what was asked for. */
static bool asks_for_text(const struct hall_question *q)
{
	const struct dialogue *o = q->who->open;

	return o != NULL && o->kind == DIALOGUE_QUESTION && str_eq(o->items, STR("text"));
}

static enum err load_pushes(struct turn *t, struct hall_question *q)
{
	const unsigned need = NEED_PUSHES;

	return store_load_needs(t->conf.store, &t->arena, &q->who, &need, 1, q->now);
}

enum err match_text(struct turn *t, struct job *job, int64_t now_ms)
{
	struct hall_question *q = &job->question;
	struct grammar_context context;
	struct grammar_command *other;
	enum err e = ERR_OK;

	*q = question_of(t, job, now_ms);
	match_in(t, job, hall_context(job->who, q->now), &job->command);
	q->folded = arena_str(&t->arena, grammar_folded(t->matcher));
	if (hall_ambiguous(q, &context)) {
		other = arena_new(&t->arena, struct grammar_command);
		match_in(t, job, context, other);
		if (other->intent != NULL)
			job->command = *other;
	}
	kept_free_text(t, &job->command);
	if (asks_for_text(q))
		q->text = kept_said(t, q->text);
	if (hall_asks_pushes(q))
		e = load_pushes(t, q);
	hall_resolve(t->conf.hall, q);
	kept_make(t, job);
	return e;
}
