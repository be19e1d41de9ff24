/*
 * count.c - what became of services, for the figures: noted with the answer, counted once
 * it is committed.
 */
#include "turn_priv.h"

/* Whether the text ran a service, and which. */
static const struct grammar_intent *ran(const struct hall_question *q)
{
	static const bool runs[HALL_REACTIONS] = {
		[HALL_RUN] = true,    [HALL_CLOSE_RUN] = true, [HALL_PICK] = true,
		[HALL_FILL] = true,   [HALL_CARRY_OUT] = true, [HALL_TAKE] = true,
		[HALL_RETELL] = true,
	};
	const struct grammar_command *c = q->run != NULL ? &q->run[0] : q->command;

	return runs[q->reaction] ? c->intent : NULL;
}

/* A prompt that is not there any more, and was not confirmed. */
static bool is_given_up(const struct dialogue *before, const struct hall_question *q)
{
	return before != NULL && before->kind == DIALOGUE_CONFIRM &&
	       q->reaction != HALL_CARRY_OUT &&
	       (q->who->open == NULL || q->who->open->id != before->id);
}

/* A command that is kept is its intent and, behind blanks, slots. */
static struct str intent_of(struct str command)
{
	struct str intent;

	(void)str_cut(&command, ' ', &intent);
	return intent;
}

void count_answer(struct job *job, const struct dialogue *before)
{
	const struct hall_question *q = &job->question;
	const struct grammar_intent *service = ran(q);

	if (service != NULL) {
		job->service = str_of(service->name);
		job->progress = q->verdict != NULL || q->reaction == HALL_FILL ? NULL
		                : q->reaction == HALL_CARRY_OUT ? "confirmed"
		                                                : "started";
	}
	if (is_given_up(before, q))
		job->abandoned = intent_of(before->command);
}

void count_one(struct turn *t, struct str service, const char *outcome)
{
	set_add(&t->arena, &t->counts, (struct turn_count){ service, outcome });
}

/* Under the service that ran; what ran none, under what it was itself. */
void count_job(struct turn *t, const struct job *job)
{
	const struct str intent = job->in->intent;

	if (job->progress != NULL)
		count_one(t, job->service, job->progress);
	if (job->abandoned.n > 0)
		count_one(t, job->abandoned, "abandoned");
	count_one(t,
	          job->service.n > 0 ? job->service
	          : intent.n > 0     ? intent
	                             : STR("none"),
	          job->in->outcome);
}

void count_forgotten(struct turn *t, const struct str *prompt, size_t n)
{
	for (size_t i = 0; i < n; i++)
		count_one(t, intent_of(prompt[i]), "abandoned");
}
