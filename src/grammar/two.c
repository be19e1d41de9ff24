/*
 * two.c - two commands in one text, which is asked about: 先查积分再帮我抽个奖.
 *
 *   link   WORDS            what joins a second command to a first: 再 顺便 然后 ...
 *
 * Both are whole commands, parted by a separator between characters, by such words, or by
 * both.
 */
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
