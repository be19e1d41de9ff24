/*
 * answer.c - one text: its answer, or none, and the row that keeps it.
 */
#include "turn_priv.h"

static void record_text(struct turn *t, const struct job *job, enum inbox_state state)
{
	const struct turn_input *in = job->in;
	const struct grammar_command *c = &job->command;
	const struct str kept = job->kept.p != NULL ? job->kept : kept_text(t, job);

	job->in->text = kept;
	changes_add(
		&t->changes, inbox,
		(struct inbox_row){
			.id = job->id,
			.at_ms = in->at_ms,
			.fingerprint = job->fingerprint,
			.session = job->session,
			.group = in->group,
			.from = in->from,
			.to = in->to,
			.msisdn = in->msisdn,
			.owner_since = job->who->known ? job->who->sub.owner_since : 0,
			.text = kept,
			.intent = in->intent,
			.rule = str_of(c->rule),
			.revision = str_of(grammar_revision(t->conf.grammar)),
			.state = state });
}

static void record_reply(struct turn *t, struct job *job, int64_t now_ms, struct str text)
{
	const struct turn_input *in = job->in;

	job->reply = text;
	batch_send(t, &(struct outbox_row){ .id = job->id,
	                                    .at_ms = now_ms,
	                                    .state = OUTBOX_READY,
	                                    .group = in->group,
	                                    .from = in->to,
	                                    .to = in->from,
	                                    .text = text,
	                                    .session = job->session });
}

static void answer_notice(struct turn *t, struct job *job, int64_t now_ms,
                          enum hall_notice notice, enum inbox_state state,
                          const char *outcome)
{
	job->in->outcome = outcome;
	record_text(t, job, state);
	record_reply(
		t, job, now_ms,
		hall_notice_text(t->conf.hall, notice, job->who, job->text, &t->arena));
}

struct hall_answer answer_ask(const struct turn *t, struct job *job)
{
	const struct dialogue *before = job->question.who->open;
	const struct hall_answer a = hall_answer(t->conf.hall, &job->question);

	job->in->outcome = a.outcome;
	count_answer(job, before);
	return a;
}

static void answer_service(struct turn *t, struct job *job, int64_t now_ms)
{
	const bool opted_out = job->who->opted_out;
	struct hall_answer a;

	t->changes.park = NULL;
	a = answer_ask(t, job);
	job->in->opts_out = !opted_out && job->who->opted_out;
	if (job->command.intent != NULL)
		job->in->intent = str_of(job->command.intent->name);
	if (t->changes.park != NULL && parked_put(t, job, t->changes.park, a.text)) {
		record_text(t, job, INBOX_PARKED);
		return;
	}
	if (t->changes.park != NULL) {
		job->in->outcome = "later";
		a.text = hall_notice_text(t->conf.hall, HALL_TRY_LATER, job->who,
		                          job->kept, &t->arena);
	}
	record_text(t, job, INBOX_ANSWERED);
	record_reply(t, job, now_ms, a.text);
	others_tell(t, job, now_ms);
}

static void answer_aside(struct turn *t, struct job *job, int64_t now_ms)
{
	answer_notice(t, job, now_ms, HALL_TRY_LATER, INBOX_ASIDE, "aside");
	(void)changes_task(&t->changes, job->who, STR("aside"), now_ms / 1000, job->id,
	                   kept_text(t, job));
}

static void stay_silent(struct turn *t, struct job *job, const char *outcome)
{
	job->in->outcome = outcome;
	record_text(t, job, INBOX_SILENT);
}

void answer_job(struct turn *t, struct job *job, int64_t now_ms)
{
	if (identity_is_service(job->in))
		stay_silent(t, job, "silent");
	else if (robots_are_talking(t->robots, job, now_ms))
		stay_silent(t, job, "robot");
	else if (job->aside)
		answer_aside(t, job, now_ms);
	else if (job->in->limit == TURN_TOO_MANY)
		answer_notice(t, job, now_ms, HALL_TOO_MANY, INBOX_ANSWERED, "limited");
	else
		answer_service(t, job, now_ms);
}
