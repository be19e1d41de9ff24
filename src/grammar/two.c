/*
 * two.c - several commands in one text, which is asked about: 先查积分再帮我抽个奖.
 *
 *   link   WORDS            what joins a second command to a first: 再 顺便 然后 ...
 *   both   WORDS            what says of several values that all are meant: 都 全
 *
 * Both are whole commands, parted by a separator between characters, by such words, or by
 * both.  So are the values of one that stand where a single one would make it a command:
 * 开通彩铃和手机报.
 */
#include <string.h>

#include "match_priv.h"

enum {
	CUTS = 6, /* places where the second may begin */
	LEAST = 6 /* octets of a command */
};

bool two_same(const struct hit *a, const struct hit *b)
{
	return a->rule->intent == b->rule->intent && a->n_slots == b->n_slots &&
	       slots_equal(a->slot, b->slot, a->n_slots);
}

static bool includes(const struct query *q, const struct hit *a, const struct hit *b)
{
	return a->rule->intent->pub.effect != GRAMMAR_CHARGE && say_prefers(q->g, a, b);
}

/* 退费 乱收费: the one says what the other is about. */
static bool is_one_wish(const struct query *q, const struct hit two[2])
{
	return two_same(&two[0], &two[1]) || includes(q, &two[0], &two[1]) ||
	       includes(q, &two[1], &two[0]);
}

static bool reads(const struct hit *h)
{
	return h->rule->intent->pub.effect == GRAMMAR_READ;
}

/* Where the second begins when the first ends at i; i: it does not end there. */
static size_t second_at(const struct query *q, const struct folded *f, size_t i)
{
	size_t at = i, words = 0;

	while (at < f->n) {
		const size_t n = f->p[at] == FOLD_SEP ? 1
		                                      : words_longest(&q->g->link, f, at);

		if (n == 0)
			break;
		words += f->p[at] == FOLD_SEP ? 0 : 1;
		at += n;
	}
	/* A blank parts words where there are letters. */
	if (words == 0 && (is_alnum(f->p[i - 1]) || is_alnum(f->p[at])))
		return i;
	return at;
}

static bool are_two(const struct query *q, const struct folded *f, size_t end,
                    size_t begin, struct hit two[2])
{
	const struct folded whole = q->m->whole;
	bool found = part_command(q, f, 0, end, &two[0]);

	q->m->whole = whole;
	found = found && part_command(q, f, begin, f->n, &two[1]) &&
	        !is_one_wish(q, two) &&
	        !(reads(&two[0]) && clause_says_why(q, f, 0, end)) &&
	        !(reads(&two[1]) && clause_says_why(q, f, begin, f->n));
	q->m->whole = whole;
	return found;
}

bool two_find(const struct query *q, const struct folded *f, struct hit two[2])
{
	bool found = false;
	unsigned cuts = 0;

	if (f->n < 2 * LEAST || f->n > SENTENCE_MAX)
		return false;
	const struct folded text = *f;

	for (size_t i = LEAST; i + LEAST < text.n && !found && cuts < CUTS; i++) {
		const size_t begin = second_at(q, &text, i);

		if (begin == i)
			continue;
		cuts++;
		found = are_two(q, &text, i, begin, two);
		i = found ? i : begin - 1;
	}
	q->m->skipped = false;
	words_skip(q);
	return found;
}

/* -- values joined ---------------------------------------------------------------- */

/* Names behind one another with nothing between but what joins them; then 都, perhaps. */
struct row {
	size_t from, to; /* all of it, with that */
	struct name name[TWO_MOST];
	size_t n;
};

/* The row that begins at i; of one name, or none: no row. */
static void row_at(const struct query *q, const struct folded *f, size_t i,
                   struct row *out)
{
	size_t at = i;

	*out = (struct row){ .from = i, .to = i };
	while (out->n < TWO_MOST && name_at(q->g, f, at, f->n, &out->name[out->n])) {
		out->to = out->name[out->n++].to;
		at = out->to < f->n ? second_at(q, f, out->to) : out->to;
	}
	for (at = 0; at != out->to && out->to < f->n;) {
		at = out->to;
		out->to += words_longest(&q->g->both, f, at);
	}
}

/* The command that f is, or may be, with this name alone for all of the row. */
static bool with_one(const struct query *q, const struct folded *f, const struct row *r,
                     const struct name *one, struct hit *out)
{
	struct folded *part = &q->m->part;
	struct hits *hits = &q->m->hits;

	part->n = 0;
	folded_add(part, f, 0, r->from);
	folded_add(part, f, one->from, one->to);
	folded_add(part, f, r->to, f->n);
	say_strictly(q, part, hits);
	if (hits->n != 1 || hits->h[0].n_slots == 0 ||
	    (hits->h[0].rule->intent == NULL && hits->h[0].rule->n_either != 1))
		return false;
	*out = hits->h[0];
	return true;
}

size_t two_values(const struct query *q, const struct folded *f, struct hit h[TWO_MOST])
{
	const struct folded text = *f;
	struct row r = { .n = 0 };
	size_t n = 0;

	if (f->n > SENTENCE_MAX)
		return 0;
	for (size_t i = 0; i < text.n && r.n < 2; i++)
		row_at(q, &text, i, &r);
	for (size_t i = 0; i < r.n && r.n > 1; i++) {
		if (!with_one(q, &text, &r, &r.name[i], &h[n]))
			return 0;
		n += n == 0 || !two_same(&h[0], &h[n]) ? 1 : 0;
	}
	return n > 1 ? n : 0;
}
