/*
 * match.c - from a text to the question that the hall is asked, and what is kept of it.
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

	return (struct hall_question){ .id = job->id,
		                       .now = now_ms / 1000,
		                       .text = job->text,
		                       .revision = grammar_revision(conf->grammar),
		                       .dice = conf->dice != NULL
		                                       ? conf->dice(conf->dice_arg)
		                                       : mix(job->id),
		                       .command = &job->command,
		                       .who = job->who,
		                       .catalogue = &t->catalogue,
		                       .changes = &t->changes,
		                       .arena = &t->arena };
}

static void match_in(struct turn *t, const struct job *job,
                     struct grammar_context context, struct grammar_command *out)
{
	grammar_match(t->conf.grammar, t->matcher, job->text, context, job->question.now,
	              &t->arena, out);
}

void match_text(struct turn *t, struct job *job, int64_t now_ms)
{
	struct hall_question *q = &job->question;
	struct grammar_context context;
	struct grammar_command *other;

	*q = question_of(t, job, now_ms);
	match_in(t, job, hall_context(job->who, q->now), &job->command);
	q->folded = arena_str(&t->arena, grammar_folded(t->matcher));
	if (hall_ambiguous(q, &context)) {
		other = arena_new(&t->arena, struct grammar_command);
		match_in(t, job, context, other);
		if (other->intent != NULL)
			job->command = *other;
	}
	hall_resolve(t->conf.hall, q);
}

/* Whether the command carries what must not be kept: a PIN, an identity number. */
static bool holds_secret(const struct grammar_command *c)
{
	for (size_t i = 0; i < c->n_slots; i++) {
		if (c->slot[i].secret)
			return true;
	}
	return false;
}

/* What was not read or understood may hold a secret too. */
struct str match_kept(struct turn *t, const struct job *job)
{
	if (job->question.who == NULL)
		return parked_blank(t, job->text, false);
	if (holds_secret(&job->command) || hall_secret(&job->question) ||
	    parked_looks_secret(job->question.folded))
		return parked_blank(t, job->text, true);
	if (job->command.intent == NULL)
		return parked_blank(t, job->text, false);
	return job->text;
}
