/*
 * others.c - rows of other numbers than the sender's, and messages to them.
 */
#include <inttypes.h>

#include "turn_priv.h"

static enum err load_one(struct turn *t, struct job *job, int64_t now)
{
	struct hall_question *q = &job->question;
	struct hall_others others;
	enum err e = ERR_OK;

	hall_others(t->conf.hall, q, &others);
	if (others.n == 0)
		return ERR_OK;
	q->others = arena_array(&t->arena, struct dossier *, others.n);
	for (size_t i = 0; i < others.n; i++) {
		q->others[i] = arena_new(&t->arena, struct dossier);
		q->others[i]->msisdn = others.msisdn[i];
	}
	e = store_load_dossiers(t->conf.store, &t->arena, q->others, others.n);
	if (e == ERR_OK)
		e = store_load_needs(t->conf.store, &t->arena, q->others, others.needs,
		                     others.n, now);
	if (e == ERR_OK)
		q->n_others = others.n;
	return e;
}

enum err others_load(struct turn *t, struct job *job, size_t n, unsigned wave,
                     int64_t now)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		if (!job[i].answered && job[i].wave == wave &&
		    job[i].question.who != NULL)
			e = load_one(t, &job[i], now);
	return e;
}

/* The number in the form of the sender's address: with 86 or +86 in front, if that has it. */
static struct address address_like(struct turn *t, const struct turn_input *in,
                                   int64_t msisdn)
{
	const struct str own = arena_printf(&t->arena, "%" PRId64, in->msisdn);
	struct str prefix = in->from.digits;
	struct address to = in->from;

	prefix.n = prefix.n >= own.n ? prefix.n - own.n : 0;
	to.digits = arena_printf(&t->arena, "%.*s%" PRId64, STR_ARG(prefix), msisdn);
	return to;
}

void others_tell(struct turn *t, const struct job *job, int64_t now_ms)
{
	for (size_t i = 0; i < t->changes.notices.n; i++) {
		const struct notice *n = &t->changes.notices.row[i];

		if (n->inbox == job->id)
			batch_send(t, &(struct outbox_row){
					      .id = t->ids.message++,
					      .at_ms = now_ms,
					      .state = OUTBOX_READY,
					      .group = job->in->group,
					      .from = job->in->to,
					      .to = address_like(t, job->in, n->msisdn),
					      .text = n->text });
	}
}
