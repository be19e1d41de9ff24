/*
 * others.c - rows of other numbers than the sender's, and messages to them.
 */
#include <inttypes.h>

#include "turn_priv.h"

/*
 * What one text of a wave changes of a number the others of it must see: each number has
 * one dossier, whether it is asked about or has sent a text itself.
 */
struct wave {
	struct turn *t;
	struct job *job;
	size_t n;
	unsigned number;
	int64_t now;
	SET_OF(struct dossier *) loaded;
};

static bool takes_part(const struct wave *w, const struct job *job)
{
	return !job->answered && job->wave == w->number && job->question.who != NULL;
}

static struct dossier *find(const struct wave *w, int64_t msisdn)
{
	for (size_t i = 0; i < w->n; i++)
		if (takes_part(w, &w->job[i]) && w->job[i].question.who->msisdn == msisdn)
			return w->job[i].question.who;
	for (size_t i = 0; i < w->loaded.n; i++)
		if (w->loaded.row[i]->msisdn == msisdn)
			return w->loaded.row[i];
	return NULL;
}

static enum err load_number(struct wave *w, int64_t msisdn, struct dossier **out)
{
	enum err e;

	*out = find(w, msisdn);
	if (*out != NULL)
		return ERR_OK;
	*out = arena_new(&w->t->arena, struct dossier);
	(*out)->msisdn = msisdn;
	e = store_load_dossiers(w->t->conf.store, &w->t->arena, out, 1);
	if (e == ERR_OK)
		set_add(&w->t->arena, &w->loaded, *out);
	return e;
}

static enum err load_one(struct wave *w, struct hall_question *q)
{
	struct hall_others others;
	enum err e = ERR_OK;

	hall_others(w->t->conf.hall, q, &others);
	if (others.n == 0)
		return ERR_OK;
	q->others = arena_array(&w->t->arena, struct dossier *, others.n);
	for (size_t i = 0; i < others.n && e == ERR_OK; i++)
		e = load_number(w, others.msisdn[i], &q->others[i]);
	if (e == ERR_OK)
		e = store_load_needs(w->t->conf.store, &w->t->arena, q->others,
		                     others.needs, others.n, w->now);
	if (e == ERR_OK)
		q->n_others = others.n;
	return e;
}

enum err others_load(struct turn *t, struct job *job, size_t n, unsigned wave,
                     int64_t now)
{
	struct wave w = { .t = t, .job = job, .n = n, .number = wave, .now = now };
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		if (takes_part(&w, &job[i]))
			e = load_one(&w, &job[i].question);
	return e;
}

struct address others_address(struct turn *t, const struct address *sender,
                              int64_t sender_msisdn, int64_t msisdn)
{
	const struct str own = arena_printf(&t->arena, "%" PRId64, sender_msisdn);
	struct str prefix = sender->digits;
	struct address to = *sender;

	if (msisdn == sender_msisdn)
		return to;
	prefix.n = prefix.n >= own.n ? prefix.n - own.n : 0;
	to.digits = arena_printf(&t->arena, "%.*s%" PRId64, STR_ARG(prefix), msisdn);
	return to;
}

void others_tell(struct turn *t, const struct job *job, int64_t now_ms)
{
	for (size_t i = 0; i < t->changes.notices.n; i++) {
		const struct notice *n = &t->changes.notices.row[i];

		if (n->inbox == job->id)
			batch_tell(
				t, now_ms,
				&(struct delayed_row){
					.msisdn = n->msisdn,
					.at = n->at,
					.group = job->in->group,
					.from = job->in->to,
					.to = others_address(t, &job->in->from,
			                                     job->in->msisdn, n->msisdn),
					.text = n->text });
	}
}
