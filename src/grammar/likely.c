/*
 * likely.c - see likely.h.
 *
 * Asked only where nothing else was made of a text: no code in it, no second command.  What
 * costs is never done on a likeness, for one trap in sixty would pass: it is offered.
 */
#include "likely.h"

#include <stdlib.h>
#include <string.h>

#include "match_priv.h"

enum {
	MARGIN = 6 * LIKELY_UNIT, /* over the next meaning: 400 times as likely */
	LEAST_HAN = 4,
	LEAST_WORDS = 3,   /* of a text without Han */
	RESERVED_MORE = 2, /* of both for what is reserved: bare words of it are rules' */
	KNOWN_PERCENT = 55 /* of a text's features */
};

static const uint64_t hash_start = UINT64_C(0xcbf29ce484222325);

static uint64_t hash(uint64_t h, const void *p, size_t n)
{
	const unsigned char *octet = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ octet[i]) * UINT64_C(0x100000001b3);
	return h;
}

static size_t run_of(const struct folded *f, size_t i, bool (*is)(char c))
{
	size_t end = i;

	while (end < f->n && is(f->p[end]))
		end++;
	return end;
}

/* Takes the atom at i; the octet behind it. */
static size_t take_atom(const struct folded *f, size_t i, struct likely_features *out,
                        uint64_t *atom)
{
	size_t end = i + 1;

	if (is_digit(f->p[i])) {
		out->numbers++;
		*atom = hash(hash_start, "0", 1);
		return run_of(f, i, is_digit);
	}
	if (is_letter(f->p[i])) {
		end = run_of(f, i, is_letter);
	} else {
		out->han++;
		while (end < f->n && !begins_char(f->p[end]))
			end++;
	}
	*atom = hash(hash_start, f->p + i, end - i);
	return end;
}

int likely_order(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y ? 1 : 0;
}

void likely_features(const struct folded *f, struct likely_features *out)
{
	uint64_t atom[LIKELY_ATOMS];
	size_t n = 0;

	*out = (struct likely_features){ .n = 0 };
	for (size_t i = 0; i < f->n && n < LIKELY_ATOMS;)
		i = f->p[i] == FOLD_SEP ? i + 1 : take_atom(f, i, out, &atom[n++]);
	out->atoms = (unsigned)n;
	for (size_t i = 0; i < n; i++) {
		uint64_t h = hash_start;

		for (size_t k = i; k < n && k < i + 3; k++)
			out->of[out->n++] = h = hash(h, &atom[k], sizeof(atom[k]));
	}
	qsort(out->of, out->n, sizeof(out->of[0]), likely_order);
	n = 0;
	for (size_t i = 0; i < out->n; i++)
		if (i == 0 || out->of[i] != out->of[n - 1])
			out->of[n++] = out->of[i];
	out->n = n;
}

uint64_t likely_hash(const struct likely_features *f)
{
	return hash(hash_start, f->of, f->n * sizeof(f->of[0]));
}

static bool is_refused(const struct likely *l, const struct likely_features *f)
{
	const uint64_t h = likely_hash(f);

	return bsearch(&h, l->refused, l->n_refused, sizeof(h), likely_order) != NULL;
}

/* Score of each meaning; how many of the features some known text has. */
static size_t weigh(const struct likely *l, const struct likely_features *f,
                    int64_t score[static MAX_INTENTS + 1])
{
	size_t known = 0;

	for (size_t i = 0; i < f->n; i++) {
		const uint64_t *at = bsearch(&f->of[i], l->feature, l->n,
		                             sizeof(l->feature[0]), likely_order);

		if (at == NULL)
			continue;
		known++;
		for (uint32_t k = l->first[at - l->feature];
		     k < l->first[at - l->feature + 1]; k++)
			score[l->gain[k].meaning] += l->gain[k].gain;
	}
	for (size_t i = 0; i < l->n_meanings; i++)
		score[i] += l->meaning[i].prior + (int64_t)known * l->meaning[i].absent;
	return known;
}

/* The likeliest meaning, and by how much it is. */
static const struct likely_meaning *best_of(const struct likely *l, const int64_t *score,
                                            int64_t *margin)
{
	size_t best = 0;
	int64_t next = INT64_MIN;

	for (size_t i = 1; i < l->n_meanings; i++)
		best = score[i] > score[best] ? i : best;
	for (size_t i = 0; i < l->n_meanings; i++)
		next = i != best && score[i] > next ? score[i] : next;
	*margin = score[best] - next;
	return &l->meaning[best];
}

/* The numbers that octets from..to hold. */
static unsigned numbers(const struct folded *f, size_t from, size_t to)
{
	unsigned n = 0;

	for (size_t i = from; i < to; i++)
		n += is_digit(f->p[i]) && (i == from || !is_digit(f->p[i - 1])) ? 1 : 0;
	return n;
}

static bool begins(const struct folded *f, size_t i)
{
	const bool inside = i > 0 && ((is_digit(f->p[i]) && is_digit(f->p[i - 1])) ||
	                              (is_letter(f->p[i]) && is_letter(f->p[i - 1])));

	return f->p[i] != FOLD_SEP && begins_char(f->p[i]) && !inside;
}

/* The value of p wherever it stands; false: two, or none and it must be there. */
static bool take_value(const struct query *q, const struct folded *f,
                       const struct param *p, bool must, struct hit *out, unsigned *taken)
{
	struct take x = { f, q->raw, 0, f->n, q->now, q->arena, NULL };
	struct grammar_slot s;
	unsigned n = 0;

	if (p->type->kind->anything || p->type->kind->words)
		return !must;
	for (size_t i = 0; i<f->n; i = x.i> i ? x.i : i + 1) {
		x.i = i;
		if (!begins(f, i) || !slot_take(p, &x, &s))
			continue;
		*taken += numbers(f, i, x.i);
		n++;
		if (!slot_add(out->slot, &out->n_slots, &s))
			return false;
	}
	return n > 0 || !must;
}

/*
 * Each value that the intent's code takes; no number of the text may be left over, but
 * where the code takes any words: they are among those.
 */
static bool take_values(const struct query *q, const struct folded *f, bool bare,
                        struct hit *out)
{
	const struct rule *r = out->rule->intent->canon;
	const bool says_all = r != NULL && r->n_params > 0 &&
	                      r->param[r->n_params - 1].type->kind->anything;
	unsigned taken = 0;

	if (r == NULL && !bare)
		return false;
	for (size_t k = 0; r != NULL && k < r->n_params; k++)
		if (!take_value(q, f, &r->param[k], !bare && !r->param[k].optional, out,
		                &taken))
			return false;
	return says_all || taken == numbers(f, 0, f->n);
}

static bool is_enough(const struct likely_features *f, size_t known, unsigned more)
{
	return (f->han >= LEAST_HAN + more ||
	        (f->han == 0 && f->atoms >= LEAST_WORDS + more)) &&
	       known * 100 >= f->n * KNOWN_PERCENT;
}

/* How sure it must be: twice as much of what acts, where a word is against it. */
static int64_t margin_of(const struct query *q, const struct likely_meaning *m)
{
	const struct intent *it = m->rule->intent;
	const bool doubted = m->served ? q->m->refused
	                               : ((words_forbidden(q) | words_marks(q)) &
	                                  it->unless) != 0;

	return doubted && it->pub.effect != GRAMMAR_READ ? 2 * MARGIN : MARGIN;
}

/* The values that it can be offered with; with none where there are two, or more numbers. */
static enum likely_verdict offer(const struct query *q, const struct folded *f,
                                 struct hit *out)
{
	if (!take_values(q, f, true, out))
		out->n_slots = 0;
	return LIKELY_OFFERED;
}

enum likely_verdict likely_find(const struct query *q, const struct folded *f,
                                struct hit *out)
{
	const struct likely *l = q->g->likely;
	int64_t score[MAX_INTENTS + 1] = { 0 }, margin, enough;
	const struct likely_meaning *best;
	struct likely_features features;
	size_t known;

	if (l == NULL || f->n > SENTENCE_MAX)
		return LIKELY_NONE;
	likely_features(f, &features);
	known = weigh(l, &features, score);
	best = best_of(l, score, &margin);
	if (best->rule == NULL || is_refused(l, &features) ||
	    !is_enough(&features, known,
	               best->rule->intent->reserved ? RESERVED_MORE : 0))
		return LIKELY_NONE;
	enough = margin_of(q, best);
	why(q, "most like texts of %s, by %.1f (%.1f is enough)\n",
	    best->rule->intent->pub.name, (double)margin / LIKELY_UNIT,
	    (double)enough / LIKELY_UNIT);
	*out = (struct hit){ .rule = best->rule };
	if (margin < enough ||
	    (q->m->refused && (!best->served || best->rule->intent->reserved)))
		return LIKELY_NONE;
	if (!best->served)
		return offer(q, f, out);
	if (!take_values(q, f, best->bare, out))
		return LIKELY_NONE;
	return margin >= 2 * enough ? LIKELY_SURE : LIKELY_DONE;
}
