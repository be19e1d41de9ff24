/*
 * likely.c - see likely.h.
 *
 * Asked where nothing else was made of a text (no code in it, no second command), where rules
 * disagree, and where a loose one fits.  What costs is offered; it is done, which is to ask
 * for a confirmation, only where who wants it says so and nothing speaks against it.
 */
#include "likely.h"

#include <stdlib.h>
#include <string.h>

#include "match_priv.h"

enum {
	/* Over the next meaning: of what reads, acts; and against a rule. */
	MARGIN = LIKELY_UNIT * 10 / 100,
	MARGIN_ACT = LIKELY_UNIT * 20 / 100,
	MARGIN_AGAINST = LIKELY_UNIT * 40 / 100,
	MARGIN_DOUBT = LIKELY_UNIT * 50 / 100,
	/* As an order, where a word that forbids is likelier to stand in what says why. */
	ORDER_ANYWAY = LIKELY_UNIT * 70 / 100,
	LEAST_HAN = 4,
	LEAST_WORDS = 3,   /* of a text without Han */
	RESERVED_MORE = 2, /* of both for what is reserved: bare words of it are rules' */
	PHONE_DIGITS = 5,
	KNOWN_PERCENT = 25 /* of a text's features */
};

static bool is_refused(const struct likely *l, const struct likely_features *f)
{
	const uint64_t h = likely_hash(f->of, f->n);

	return bsearch(&h, l->refused, l->n_refused, sizeof(h), likely_compare) != NULL;
}

/* Score of each meaning; how many of the features some known text has. */
static size_t weigh(const struct likely_weights *l, const struct likely_features *f,
                    int64_t *score)
{
	size_t known = 0;

	for (size_t i = 0; i < f->n; i++) {
		const uint64_t *at = bsearch(&f->of[i], l->feature, l->n,
		                             sizeof(l->feature[0]), likely_compare);

		if (at == NULL)
			continue;
		known++;
		for (uint32_t k = l->first[at - l->feature];
		     k < l->first[at - l->feature + 1]; k++)
			score[l->gain[k].meaning] += l->gain[k].gain;
	}
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

/* A month among other words says so: 一 in 发一份 is none. */
static bool says_month(const struct folded *f, size_t from, size_t to)
{
	static const char word[] = "月";
	unsigned digits = 0;

	for (size_t i = from; i < to; i++) {
		digits += is_digit(f->p[i]);
		if (is_letter(f->p[i]) || (to - i >= sizeof(word) - 1 &&
		                           memcmp(f->p + i, word, sizeof(word) - 1) == 0))
			return true;
	}
	return digits > 2;
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
		if (!begins(f, i) || !slot_take(p, &x, &s) ||
		    (s.type == GRAMMAR_MONTH && !says_month(f, i, x.i)))
			continue;
		*taken += numbers(f, i, x.i);
		n++;
		if (!slot_add(out->slot, &out->n_slots, &s))
			return false;
	}
	return n > 0 || !must;
}

/* Digits of the longest run of them. */
static size_t longest_number(const struct folded *f)
{
	size_t most = 0, n = 0;

	for (size_t i = 0; i < f->n; i++) {
		n = is_digit(f->p[i]) ? n + 1 : 0;
		most = n > most ? n : most;
	}
	return most;
}

bool likely_values(const struct query *q, const struct folded *f, bool bare,
                   struct hit *out)
{
	const struct rule *r = out->rule->intent->canon;
	const bool says_all = r != NULL && r->n_params > 0 &&
	                      r->param[r->n_params - 1].type->kind->anything;
	const bool reads = out->rule->intent->pub.effect == GRAMMAR_READ;
	unsigned taken = 0;

	if (r == NULL && !bare)
		return false;
	for (size_t k = 0; r != NULL && k < r->n_params; k++)
		if (!take_value(q, f, &r->param[k], !bare && !r->param[k].optional, out,
		                &taken))
			return false;
	return says_all || taken == numbers(f, 0, f->n) ||
	       (reads && longest_number(f) < PHONE_DIGITS);
}

static bool is_enough(const struct likely_features *f, size_t known, unsigned more)
{
	return (f->han >= LEAST_HAN + more ||
	        (f->han == 0 && f->words >= LEAST_WORDS + more)) &&
	       known * 100 >= f->n * KNOWN_PERCENT;
}

/* How much more it is an order than none. */
static int64_t order_of(const struct likely *l, const struct likely_features *f)
{
	int64_t score[LIKELY_ORDERS] = { 0 };

	(void)weigh(&l->orders, f, score);
	return score[LIKELY_ORDER] - score[LIKELY_NO_ORDER];
}

bool likely_guess(const struct query *q, const struct folded *f, struct likely_guess *out)
{
	const struct likely *l = q->g->likely;
	int64_t score[MAX_INTENTS + 1] = { 0 };
	struct likely_features features;
	size_t known;

	if (l == NULL || f->n > SENTENCE_MAX)
		return false;
	likely_features(q->g, f, &features);
	known = weigh(&l->meanings, &features, score);
	out->best = best_of(l, score, &out->margin);
	out->order = out->best->served ? 0 : order_of(l, &features);
	out->refused = is_refused(l, &features);
	out->known = is_enough(&features, known,
	                       out->best->rule != NULL &&
	                                       out->best->rule->intent->reserved
	                               ? RESERVED_MORE
	                               : 0);
	return true;
}

/* How sure it must be: more of what acts, most where a word of the text is against it. */
static int64_t margin_of(const struct query *q, const struct likely_meaning *m)
{
	const bool reads = m->rule->intent->pub.effect == GRAMMAR_READ;
	const bool against = q->m->refused ||
	                     words_forbidding(q->g, &q->m->whole, q->g->unlike) != 0;

	if (against)
		return reads ? MARGIN_AGAINST : 2 * MARGIN_AGAINST;
	return reads ? MARGIN : MARGIN_ACT;
}

/* With none where there are two, or more numbers; not at all with somebody's number. */
static enum likely_verdict offer(const struct query *q, const struct folded *f,
                                 struct hit *out)
{
	if (likely_values(q, f, true, out))
		return LIKELY_OFFERED;
	out->n_slots = 0;
	return longest_number(f) < PHONE_DIGITS ? LIKELY_OFFERED : LIKELY_NONE;
}

enum likely_verdict likely_find(const struct query *q, const struct folded *f,
                                struct hit *out)
{
	struct likely_guess x;
	int64_t enough;

	if (!likely_guess(q, f, &x) || x.best->rule == NULL || x.refused || !x.known)
		return LIKELY_NONE;
	enough = margin_of(q, x.best);
	why(q, "most like texts of %s, by %.2f (%.2f is enough)\n",
	    x.best->rule->intent->pub.name, (double)x.margin / LIKELY_UNIT,
	    (double)enough / LIKELY_UNIT);
	*out = (struct hit){ .rule = x.best->rule };
	if (x.margin < MARGIN || (q->m->refused && x.best->rule->intent->reserved))
		return LIKELY_NONE;
	if (!x.best->served && likely_ordered(q, f, &x, out))
		return LIKELY_DONE;
	if (!x.best->served)
		return q->m->refused && x.order < ORDER_ANYWAY ? LIKELY_REFUSED
		                                               : offer(q, f, out);
	if (x.margin < enough)
		return offer(q, f, out);
	if (!likely_values(q, f, x.best->bare, out))
		return LIKELY_NONE;
	return x.margin >= 2 * enough ? LIKELY_SURE : LIKELY_DONE;
}

enum likely_verdict likely_doubt(const struct query *q, const struct folded *f,
                                 const struct rule *said, struct hit *out)
{
	struct likely_guess x;

	if (!likely_guess(q, f, &x) || !x.known ||
	    x.margin < (said->free_text ? 2 * MARGIN_DOUBT : MARGIN_DOUBT))
		return LIKELY_NONE;
	if (x.best->rule == NULL)
		return x.margin >= 3 * MARGIN_DOUBT && !said->free_text ? LIKELY_OFFERED
		                                                        : LIKELY_NONE;
	*out = (struct hit){ .rule = x.best->rule };
	if (x.best->rule->intent == said->intent || x.best->rule->intent->reserved ||
	    !x.best->served || x.refused || !likely_values(q, f, x.best->bare, out))
		return LIKELY_NONE;
	why(q, "but it is most like texts of %s, by %.2f\n",
	    x.best->rule->intent->pub.name, (double)x.margin / LIKELY_UNIT);
	return LIKELY_DONE;
}

const struct intent *likely_one(const struct query *q, const struct folded *f)
{
	struct likely_guess x;

	if (!likely_guess(q, f, &x) || x.best->rule == NULL || x.refused || !x.known ||
	    !x.best->served || x.margin < MARGIN_ACT)
		return NULL;
	return x.best->rule->intent;
}
