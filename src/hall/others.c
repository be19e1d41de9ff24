/*
 * others.c - rows of numbers besides the one that is answered.
 */
#include "hall_priv.h"
#include "request_priv.h"

static void add(struct hall_others *out, const struct hall_question *q, int64_t msisdn,
                unsigned needs)
{
	if (msisdn <= 0 || msisdn == q->who->msisdn)
		return;
	for (size_t i = 0; i < out->n; i++)
		if (out->msisdn[i] == msisdn) {
			out->needs[i] |= needs;
			return;
		}
	if (out->n == HALL_OTHERS)
		return;
	out->msisdn[out->n] = msisdn;
	out->needs[out->n++] = needs;
}

static void add_of(const struct hall *h, const struct hall_question *q,
                   const struct grammar_command *command, struct hall_others *out)
{
	const struct service *s = command != NULL && command->intent != NULL
	                                  ? hall_service(h, command->intent)
	                                  : NULL;
	int64_t others[HALL_OTHERS];
	size_t n;

	if (s == NULL || s->others == NULL)
		return;
	n = s->others(q, command, others);
	for (size_t i = 0; i < n; i++)
		add(out, q, others[i], s->other_needs);
}

/* Whoever is asked when what he orders is not his own to confirm. */
static void add_admins(const struct hall *h, const struct hall_question *q,
                       struct hall_others *out)
{
	const struct dossier *d = q->who;

	for (size_t i = 0; (d->have & NEED_REQUESTS) != 0 && i < d->n_places; i++)
		for (size_t k = 0; k < d->place[i].n_others; k++)
			if (group_limit(&h->groups, &d->place[i].of) != GROUP_NO_LIMIT)
				add(out, q, d->place[i].other[k], DECIDES_NEEDS);
}

void hall_others(const struct hall *h, const struct hall_question *q,
                 struct hall_others *out)
{
	out->n = 0;
	if (q->run == NULL)
		add_of(h, q, q->command, out);
	for (size_t i = 0; i < q->n_run; i++)
		add_of(h, q, &q->run[i], out);
	add_admins(h, q, out);
}

struct dossier *call_other(const struct call *c, int64_t msisdn)
{
	for (size_t i = 0; i < c->q->n_others; i++)
		if (c->q->others[i]->msisdn == msisdn)
			return c->q->others[i];
	return NULL;
}
