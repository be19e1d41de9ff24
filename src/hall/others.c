/*
 * others.c - rows of numbers besides the one that is answered.
 */
#include "hall_priv.h"

static void add(const struct hall *h, const struct hall_question *q,
                const struct grammar_command *command, struct hall_others *out)
{
	const struct service *s = command != NULL && command->intent != NULL
	                                  ? hall_service(h, command->intent)
	                                  : NULL;
	int64_t msisdn;

	if (s == NULL || s->other == NULL || out->n == HALL_OTHERS)
		return;
	msisdn = s->other(q, command);
	if (msisdn <= 0 || msisdn == q->who->msisdn)
		return;
	for (size_t i = 0; i < out->n; i++)
		if (out->msisdn[i] == msisdn) {
			out->needs[i] |= s->other_needs;
			return;
		}
	out->msisdn[out->n] = msisdn;
	out->needs[out->n++] = s->other_needs;
}

void hall_others(const struct hall *h, const struct hall_question *q,
                 struct hall_others *out)
{
	out->n = 0;
	if (q->run == NULL)
		add(h, q, q->command, out);
	for (size_t i = 0; i < q->n_run; i++)
		add(h, q, &q->run[i], out);
}

struct dossier *call_other(const struct call *c, int64_t msisdn)
{
	for (size_t i = 0; i < c->q->n_others; i++)
		if (c->q->others[i]->msisdn == msisdn)
			return c->q->others[i];
	return NULL;
}
