/*
 * bag.c - about rules put to a text; see about.c.
 *
 * The text's words are found once (bag_words.c).  Each rule then takes the cover that leaves the fewest characters and
 * takes the fewest words: a sentence has 300 octets at most, so that is a few hundred
 * steps a rule.  (Covers that tell more by words of the matter lose more texts than they
 * win.)
 */
#include <string.h>

#include "match_priv.h"

enum {
	STRAY_WORD = 4, /* characters that a word of letters counts for when left over */
	FOREIGN = 10,   /* characters left over of a text that names another matter too */
	UNREACHED = 1 << 30,
	LEFT = 1 << 10 /* cost of a character left over; a word costs 1 */
};

struct cover {
	const struct query *q;
	const struct folded *f;
	const struct rule *r;
	struct word_span value[MAX_PARAMS]; /* the slots' */
	size_t n_values;
	int cost[SENTENCE_MAX + 1];
	const struct word_span
		*by[SENTENCE_MAX + 1]; /* the word that ends there; NULL: none */
	uint16_t before[SENTENCE_MAX + 1];
};

static bool has(const struct wordset *s, int word)
{
	return word >= 0 && (s->bit[word / 64] >> word % 64 & 1) != 0;
}

/* Whether the text holds a word of s. */
static bool meets(const struct wordset *s, const struct grammar_matcher *m)
{
	for (size_t i = 0; i < m->n_some; i++)
		if ((s->bit[m->some[i]] & m->present.bit[m->some[i]]) != 0)
			return true;
	return false;
}

/* -- values -------------------------------------------------------------------- */

/* 三月 of 十三月 is no month. */
static bool behind_numeral(const struct folded *f, size_t i)
{
	return i >= 3 && holds_char(STR("零〇一二三四五六七八九十百"), f, i - 3);
}

/* Of what may stand anywhere, a bare number of one or two digits is no month. */
static bool is_plain(const struct folded *f, const struct word_span *s,
                     const struct grammar_slot *v)
{
	size_t n = 0;

	if (behind_numeral(f, s->from))
		return false;
	if (v->type != GRAMMAR_MONTH)
		return true;
	for (size_t i = s->from; i < s->to; i++) {
		if (!is_digit(f->p[i]))
			return str_find((struct str){ f->p + s->from,
			                              (size_t)(s->to - s->from) },
			                STR("月")) != SIZE_MAX ||
			       is_letter(f->p[i]);
		n++;
	}
	return n == 6;
}

/* Most characters cannot begin a value: no reader need be asked. */
static bool may_begin(const struct param *p, const struct folded *f, size_t i)
{
	if (f->p[i] == FOLD_SEP || !begins_char(f->p[i]))
		return false;
	if (p->type->list != NULL || is_digit(f->p[i]))
		return true;
	if (is_letter(f->p[i]))
		return p->type->kind->value != GRAMMAR_INTS;
	return p->type->kind->value != GRAMMAR_TEXT &&
	       holds_char(STR("一二两三四五六七八九十百零〇上本当这去今前"), f, i);
}

static bool value_at(const struct cover *c, const struct param *p, size_t i,
                     struct grammar_slot *out, struct word_span *at)
{
	struct take x = { c->f, c->q->raw, i, c->f->n, c->q->now, c->q->arena, NULL };

	if (!may_begin(p, c->f, i) || !slot_take(p, &x, out) ||
	    !words_alone(c->f, i, x.i - i))
		return false;
	*at = (struct word_span){ (uint16_t)i, (uint16_t)x.i, -1 };
	return is_plain(c->f, at, out);
}

/* The one of 说一声 is no value, where that is a word of the rule. */
static bool is_of_a_word(const struct cover *c, const struct word_span *at)
{
	const struct grammar_matcher *m = c->q->m;

	if (is_digit(c->f->p[at->from]))
		return false;
	for (size_t i = 0; i < m->n_spans; i++) {
		const struct word_span *s = &m->span[i];

		if (s->from < at->from && s->to >= at->to &&
		    has(&c->r->about->allow, s->word))
			return true;
	}
	return false;
}

/* The first value in the text; another one behind it that differs: two were meant. */
static bool find_value(struct cover *c, const struct param *p, struct hit *h)
{
	struct grammar_slot v, other;
	struct word_span at;
	bool found = false;

	for (size_t i = 0; i < c->f->n;) {
		if (!value_at(c, p, i, found ? &other : &v, &at) ||
		    is_of_a_word(c, &at)) {
			i++;
			continue;
		}
		if (found && !slot_equal(&v, &other))
			return false;
		found = true;
		i = at.to;
		if (c->n_values < MAX_PARAMS)
			c->value[c->n_values++] = at;
	}
	return found ? slot_add(h->slot, &h->n_slots, &v) : p->optional;
}

static bool find_values(struct cover *c, struct hit *h)
{
	c->n_values = 0;
	h->n_slots = 0;
	for (size_t i = 0; i < c->r->n_params; i++)
		if (!find_value(c, &c->r->param[i], h))
			return false;
	return true;
}

/* -- the cover ----------------------------------------------------------------- */

static void reach(struct cover *c, size_t from, size_t to, int cost,
                  const struct word_span *by)
{
	if (c->cost[from] + cost >= c->cost[to])
		return;
	c->cost[to] = c->cost[from] + cost;
	c->by[to] = by;
	c->before[to] = (uint16_t)from;
}

/* An unknown word is no code, and stands beside no value: it may be what that is of. */
static bool may_stray(const struct cover *c, size_t from, size_t to)
{
	const struct query quiet = { c->q->g,   c->q->m,     c->q->raw, c->q->context,
		                     c->q->now, c->q->arena, NULL };
	const struct rule *known;
	struct hit h;

	return c->n_values == 0 && !code_find(&quiet, c->f, from, to, &h, &known) &&
	       known == NULL;
}

/* 不 and 没 at the end of a text ask, as in 流量还够用不: octets of it that begin at i. */
static size_t asking_at(const struct folded *f, size_t i)
{
	static const struct str asking[] = { { "不", 3 }, { "没", 3 }, { "没有", 6 } };

	for (size_t k = 0; i > 0 && k < sizeof(asking) / sizeof(asking[0]); k++)
		if (i + asking[k].n == f->n &&
		    memcmp(f->p + i, asking[k].p, asking[k].n) == 0)
			return asking[k].n;
	return 0;
}

/* A character, or a word of letters, that nothing covers; digits always must be. */
static void pass_over(struct cover *c, size_t i)
{
	const struct folded *f = c->f;
	size_t n = 1;

	if (is_digit(f->p[i]))
		return;
	if (is_letter(f->p[i])) {
		if (i > 0 && is_alnum(f->p[i - 1]))
			return;
		while (i + n < f->n && is_letter(f->p[i + n]))
			n++;
		if (may_stray(c, i, i + n))
			reach(c, i, i + n, STRAY_WORD * LEFT, NULL);
		return;
	}
	while (i + n < f->n && !begins_char(f->p[i + n]))
		n++;
	reach(c, i, i + n, f->p[i] == FOLD_SEP ? 0 : LEFT, NULL);
}

/* Of what forbids nothing: 彩铃开通没 may also be no order. */
static bool asks(const struct cover *c, size_t i)
{
	return c->r->intent->unless == 0 && asking_at(c->f, i) > 0;
}

static void cover(struct cover *c)
{
	const struct grammar_matcher *m = c->q->m;
	size_t k = 0;

	for (size_t i = 1; i <= c->f->n; i++)
		c->cost[i] = UNREACHED;
	c->cost[0] = 0;
	for (size_t i = 0; i < c->f->n; i++) {
		for (; k < m->n_spans && m->span[k].from <= i; k++)
			if (m->span[k].from == i && c->cost[i] < UNREACHED &&
			    has(&c->r->about->allow, m->span[k].word))
				reach(c, i, m->span[k].to, 1, &m->span[k]);
		if (c->cost[i] == UNREACHED)
			continue;
		for (size_t v = 0; v < c->n_values; v++)
			if (c->value[v].from == i)
				reach(c, i, c->value[v].to, 1, &c->value[v]);
		if (asks(c, i))
			reach(c, i, c->f->n, 1, NULL);
		pass_over(c, i);
	}
}

static bool apart(const struct cover *c, const struct word_span *s)
{
	for (size_t i = 0; i < c->n_values; i++)
		if (c->value[i].from < s->to && s->from < c->value[i].to)
			return false;
	return true;
}

/* 来 of 来电显示 says nothing: a word of each set stands outside the values. */
static bool says_each(const struct cover *c)
{
	const struct grammar_matcher *m = c->q->m;

	for (size_t i = 0; i < c->r->about->n_sets; i++) {
		size_t k = 0;

		while (k < m->n_spans && !(has(&c->r->about->set[i], m->span[k].word) &&
		                           apart(c, &m->span[k])))
			k++;
		if (k == m->n_spans)
			return false;
	}
	return true;
}

/* Whether words that the cover took leave nothing of it. */
static bool taken(const struct cover *c, const struct word_span *s)
{
	for (size_t to = c->f->n; to > s->from; to = c->before[to])
		if (c->by[to] == NULL && c->before[to] < s->to &&
		    c->f->p[c->before[to]] != FOLD_SEP)
			return false;
	return true;
}

/* A word of another matter that the cover left over, at least in part. */
static const struct word_span *foreign(const struct cover *c)
{
	const struct grammar_matcher *m = c->q->m;

	for (size_t i = 0; i < m->n_spans; i++)
		if (has(&c->q->g->topic, m->span[i].word) && !taken(c, &m->span[i]))
			return &m->span[i];
	return NULL;
}

static bool tells(const struct cover *c, const struct word_span *s)
{
	for (size_t i = 0; i < c->r->about->n_sets; i++)
		if (has(&c->r->about->set[i], s->word))
			return true;
	return s->word < 0;
}

static size_t weight(const struct cover *c)
{
	size_t n = 0;

	for (size_t to = c->f->n; to > 0; to = c->before[to]) {
		const struct word_span *s = c->by[to];

		if (s != NULL && tells(c, s))
			n += (size_t)(s->to - s->from);
	}
	return n;
}

/* The lists of words that forbid, but for those inside the rule's own words: 不要了. */
static uint64_t forbidden(const struct cover *c)
{
	uint64_t bits = words_marks(c->q) | words_skipped(c->q);

	for (size_t i = 0; i < c->f->n; i++) {
		size_t end = i;
		const uint64_t at = words_forbidden_at(c->q->g, c->f, i, c->q->g->refuse,
		                                       &end);
		bool own = asks(c, i);

		for (size_t to = c->f->n; at != 0 && to > 0; to = c->before[to])
			own = own || (c->by[to] != NULL && tells(c, c->by[to]) &&
			              c->by[to]->from <= i && c->by[to]->to >= end);
		bits |= own ? 0 : at;
	}
	return bits;
}

static bool allowed(const struct cover *c, const struct hit *h)
{
	const uint64_t bits = forbidden(c);

	if ((bits & c->r->intent->unless) != 0) {
		words_refuse(c->q, bits & c->r->intent->unless);
		if (why(c->q, "%s would be %s, but:\n", c->r->where,
		        c->r->intent->pub.name))
			words_tell(c->q, bits & c->r->intent->unless);
		return false;
	}
	return h->leftover == 0 || (bits & c->q->g->spoil) == 0;
}

static void keep(struct hits *out, const struct hit *h)
{
	if (out->n < HITS)
		out->h[out->n++] = *h;
}

/* The parts of the text that the cover left over. */
static void tell_left(const struct cover *c, unsigned budget)
{
	char left[SENTENCE_MAX + 1];
	size_t n = 0;

	if (c->q->why == NULL || budget == 0)
		return;
	for (size_t to = c->f->n; to > 0; to = c->before[to]) {
		const size_t len = to - c->before[to];

		if (c->by[to] != NULL)
			continue;
		memmove(left + len, left, n);
		memcpy(left, c->f->p + c->before[to], len);
		n += len;
	}
	why(c->q, "%s (%s): nothing of it says \"%.*s\"\n", c->r->where,
	    c->r->intent->pub.name, (int)n, left);
}

static void try_rule(struct cover *c, bool loosely, struct hits *out)
{
	struct hit h = { .rule = c->r, .end = c->f->n };
	const struct word_span *other;

	for (size_t i = 0; i < c->r->about->n_sets; i++)
		if (!meets(&c->r->about->set[i], c->q->m))
			return;
	if (!find_values(c, &h) || !says_each(c))
		return;
	cover(c);
	if (c->cost[c->f->n] == UNREACHED)
		return;
	h.leftover = (unsigned)(c->cost[c->f->n] / LEFT);
	other = foreign(c);
	if (h.leftover > (other != NULL ? FOREIGN : loosely ? c->r->leftover : 0)) {
		tell_left(c, loosely ? c->r->leftover : 0);
		return;
	}
	if (!allowed(c, &h))
		return;
	h.weight = weight(c);
	keep(other != NULL ? &c->q->m->contenders : out, &h);
}

void bag_find(const struct query *q, const struct folded *f, bool loosely,
              struct hits *out)
{
	struct cover c = { .q = q, .f = f };

	q->m->contenders.n = 0;
	for (size_t i = 0; i < q->m->n_candidates; i++) {
		c.r = q->m->candidate[i];
		if (c.r->about != NULL)
			try_rule(&c, loosely, out);
	}
}
