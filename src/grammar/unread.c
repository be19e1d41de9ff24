/*
 * unread.c - what a text that is no command may be: offered, never carried out.
 */
#include <string.h>

#include "match_priv.h"

enum {
	FORBIDDEN_TRIES = 3 /* words that forbid, tried whether they alone do */
};

/* The beginning was a code, what follows was not: the code alone is worth offering. */
static bool worth_offering(const struct query *q, const struct rule *known)
{
	return known != NULL &&
	       (known->code.n >= q->g->suggest_min ||
	        (known->n_params > 0 && known->param[0].type->list != NULL));
}

/* CXZD13: the code is right, and its value cannot be. */
static bool wrong_value(const struct query *q, const struct rule *known)
{
	const struct folded *f = &q->m->whole;
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (f->p[i] == FOLD_SEP)
			continue;
		if (n < known->code.n ? f->p[i] != known->code.p[n] : !is_digit(f->p[i]))
			return false;
		n++;
	}
	return known->n_params > 0 && n > known->code.n;
}

/* KTXYZ: the code is right, and no list holds what follows. */
static bool is_unlisted(const struct query *q, const struct rule *known)
{
	const struct folded *f = &q->m->whole;
	struct take x = { f, q->raw, 0, f->n, q->now, q->arena, NULL };
	struct grammar_slot s;

	for (size_t n = 0; x.i < f->n && n < known->code.n; x.i++)
		n += f->p[x.i] != FOLD_SEP ? 1 : 0;
	for (size_t i = 0; i < known->n_params && !slot_at_end(&x); i++)
		if (!slot_take(&known->param[i], &x, &s))
			return known->param[i].type->list != NULL;
	return false;
}

/* Beside commands with a code those that only words say are not worth a line. */
static void drop_codeless(struct grammar_command *out)
{
	size_t coded = 0, n = 0;

	for (size_t i = 0; i < out->n_suggestions; i++)
		coded += out->suggestion[i].code.n > 0 ? 1 : 0;
	for (size_t i = 0; i < out->n_suggestions; i++)
		if (coded == 0 || out->suggestion[i].code.n > 0)
			out->suggestion[n++] = out->suggestion[i];
	out->n_suggestions = n;
}

/* f without octets from..to, which hold a word that forbids. */
static void read_without(const struct query *q, const struct folded *f, size_t from,
                         size_t to)
{
	struct folded *rest = arena_new(q->arena, struct folded);

	memcpy(rest->p, f->p, from);
	memcpy(rest->from, f->from, from * sizeof(f->from[0]));
	memcpy(rest->p + from, f->p + to, f->n - to + 1);
	memcpy(rest->from + from, f->from + to, (f->n - to + 1) * sizeof(f->from[0]));
	rest->n = f->n - (to - from);
	say_strictly(q, rest, &q->m->hits);
}

/* 不开通彩铃 is no command, but for the first word it would be: that is noted. */
static void note_forbidden(const struct query *q, const struct folded *f)
{
	const struct query quiet = { q->g,   q->m,     q->raw, q->context,
		                     q->now, q->arena, NULL };
	unsigned tries = 0;

	for (size_t i = 0; i < f->n && tries < FORBIDDEN_TRIES && !q->m->refused; i++) {
		size_t end = i;

		if (f->n > SENTENCE_MAX ||
		    words_forbidden_at(q->g, f, i, q->g->refuse, &end) == 0 ||
		    end - i == f->n)
			continue;
		tries++;
		read_without(&quiet, f, i, end);
	}
}

void unread_suggest(const struct query *q, const struct rule *known,
                    struct grammar_command *out)
{
	struct folded *rest = arena_new(q->arena, struct folded);

	if (!worth_offering(q, known) || !wrong_value(q, known)) {
		suggest_near(q, words_worked(q), out);
		near_sentences(q, words_worked(q), out);
		if (out->n_suggestions == 0 && lead_rest(q, words_worked(q), rest))
			near_sentences(q, rest, out);
		note_forbidden(q, words_worked(q));
		drop_codeless(out);
	}
	if (out->n_suggestions > 0 || !worth_offering(q, known))
		return;
	suggest_add(q, known->intent, NULL, 0, out);
	out->unlisted = is_unlisted(q, known);
}
