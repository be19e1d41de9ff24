/*
 * reason.c - a clause that says why, beside a command that acts: 人在机场，快帮我开漫游.
 *
 * `reason` in the grammar lets it stand there though no template says it.  It is short, of
 * no other matter, and holds no word that could make the command another's, unwanted, told
 * or of another time; behind the command none that forbids it either: 关掉彩铃，吵死了.
 */
#include <string.h>

#include "match_priv.h"

/* What begs begins an order of its own, also without a separator: 在机场帮我开漫游. */
static bool begins_order(const struct query *q, const struct folded *f, size_t i)
{
	size_t n = 0;
	const uint32_t word = !begins_char(f->p[i])
	                              ? 0
	                              : trie_longest(&q->g->begging,
	                                             (struct str){ f->p + i, f->n - i },
	                                             &n);

	return word != 0 && word != SKIP_KEEP;
}

/* What is told behind a clause: 每次都给我开通彩铃. */
static bool is_told(const struct folded *f, size_t i)
{
	return str_starts((struct str){ f->p + i, f->n - i }, STR("给我"));
}

/* A character, or two: 不 要 开 彩 铃. */
static bool is_spelt(const struct folded *f)
{
	size_t chars = 0;

	for (size_t i = 0; i < f->n; i++)
		chars += ((uint8_t)f->p[i] & 0xc0) == 0xc0 ? 1 : 0;
	return chars < 3;
}

static bool is_like_another(const struct query *q, const struct folded *f,
                            const struct intent *own)
{
	const struct intent *like = likely_one(q, f);

	return like != NULL && like != own;
}

/*
 * Octets from..to of f say why h is wanted: short, no command, and of no other matter and
 * something happens; or, where that need not show, like no other command.
 */
static bool is_reason(const struct query *q, const struct folded *f, size_t from,
                      size_t to, const struct hit *h, bool shows)
{
	struct folded *part = &q->m->part;

	if (!clause_is_short(q, f, from, to, q->g->reason, q->g->unsaid) ||
	    is_spelt(part) || clause_forbids(q, part) || clause_names_value(q, part, h))
		return false;
	if (shows ? clause_names(q, part, h->rule->intent) ||
	                    words_forbidding(q->g, part, q->g->happens) == 0
	          : is_like_another(q, part, h->rule->intent))
		return false;
	say_strictly(q, part, &q->m->hits);
	return q->m->hits.n == 0;
}

/* Octets 0..to are reasons, each a clause; those from `behind` on are a command that acts. */
static bool acts_behind(const struct query *q, const struct folded *f, size_t to,
                        size_t behind, bool shows, struct hit *out)
{
	struct hit other;

	if (is_told(f, behind) || !part_command(q, f, behind, f->n, out))
		return false;
	for (size_t i = 0, from = 0; i <= to; i++) {
		if (i < to && f->p[i] != FOLD_SEP)
			continue;
		if (!is_reason(q, f, from, i, out, shows))
			return false;
		from = i + 1;
	}
	return out->rule->intent->pub.effect != GRAMMAR_READ &&
	       !clause_disputes(q, words_worked(q), out, &other);
}

/* Octets 0..at are a command that acts, and those behind say why, in one clause. */
static bool acts_before(const struct query *q, const struct folded *f, size_t at,
                        struct hit *out)
{
	struct hit other;

	if (memchr(f->p + at + 1, FOLD_SEP, f->n - at - 1) != NULL ||
	    !part_command(q, f, 0, at, out) ||
	    out->rule->intent->pub.effect == GRAMMAR_READ || out->rule->free_text)
		return false;
	return is_reason(q, f, at + 1, f->n, out, true) &&
	       words_forbidding(q->g, &q->m->part, out->rule->intent->unless) == 0 &&
	       !clause_disputes(q, words_worked(q), out, &other);
}

bool reason_find(const struct query *q, const struct folded *f, bool shows,
                 struct hit *out)
{
	bool found = false;
	unsigned cuts = 0;

	if (f->n < BESIDE_MIN || f->n > SENTENCE_MAX || q->g->reason == 0)
		return false;
	struct folded *text = arena_new(q->arena, struct folded);
	struct folded *whole = arena_new(q->arena, struct folded);

	*text = *f;
	*whole = q->m->whole;
	for (size_t i = 1; i < text->n && !found && cuts < CLAUSE_CUTS; i++) {
		const bool parted = text->p[i] == FOLD_SEP;

		if (!parted && !begins_order(q, text, i))
			continue;
		cuts++;
		found = acts_behind(q, text, i, parted ? i + 1 : i, shows, out);
		q->m->whole = *whole;
		if (!found && parted)
			found = acts_before(q, text, i, out);
		q->m->whole = *whole;
	}
	q->m->skipped = false;
	words_skip(q);
	if (found)
		why(q, "what stands beside %s only says why\n", out->rule->where);
	return found;
}
