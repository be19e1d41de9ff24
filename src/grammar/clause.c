/*
 * clause.c - a command beside a clause that no template describes.
 *
 * Beside a question, which costs nothing, any short clause may stand that holds no word of
 * any matter.  A command that costs is none when its clauses are two commands: 我想要来电提醒，
 * 给我取消来电提醒.  What all clauses are asked is here; reason.c has those that say why.
 */
#include <string.h>

#include "match_priv.h"

enum {
	IDLE = 12,   /* characters of a clause beside a question */
	NAME_MIN = 3 /* octets of a character */
};

static bool is_matter(const struct grammar *g, int word)
{
	const uint64_t bit = (uint64_t)1 << word % 64;

	return (g->topic.bit[word / 64] & ~g->filler.bit[word / 64] & bit) != 0;
}

bool clause_is_short(const struct query *q, const struct folded *f, size_t from,
                     size_t to, size_t most, uint64_t lists)
{
	struct folded *part = &q->m->part;
	size_t chars = 0;

	part->n = 0;
	for (size_t i = from; i < to; i++) {
		if (is_digit(f->p[i]) || is_letter(f->p[i]))
			return false;
		chars += ((uint8_t)f->p[i] & 0xc0) == 0xc0 ? 1 : 0;
		part->p[part->n] = f->p[i];
		part->from[part->n++] = f->from[i];
	}
	part->p[part->n] = '\0';
	part->from[part->n] = f->from[to];
	return chars > 0 && chars <= most && words_against(q->g, part, lists) == 0;
}

/* Whether a word is of the matter of this intent; NULL: of none. */
static bool is_own(const struct grammar *g, const struct intent *own, int word)
{
	const uint64_t bit = (uint64_t)1 << word % 64;

	for (size_t i = 0; i < g->n_rules && own != NULL; i++) {
		const struct rule *r = g->rule[i];

		for (size_t k = 0;
		     r->intent == own && r->about != NULL && k < r->about->n_sets; k++)
			if ((r->about->set[k].bit[word / 64] & bit) != 0)
				return true;
	}
	return false;
}

bool clause_names(const struct query *q, const struct folded *f, const struct intent *own)
{
	bag_open(q, f);
	for (size_t i = 0; i < q->m->n_spans; i++)
		if (is_matter(q->g, q->m->span[i].word) &&
		    !is_own(q->g, own, q->m->span[i].word))
			return true;
	return false;
}

/* Whether the command is of that value too; h NULL: of none. */
static bool is_of(const struct hit *h, struct str code)
{
	for (size_t i = 0; h != NULL && i < h->n_slots; i++)
		if (str_eq(h->slot[i].text, code))
			return true;
	return false;
}

bool clause_names_value(const struct query *q, const struct folded *f,
                        const struct hit *h)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct str rest = { f->p + i, f->n - i };
		size_t n = 0;

		if (!begins_char(f->p[i]))
			continue;
		for (size_t k = 0; k < q->g->n_lists; k++) {
			const struct list *l = q->g->list[k];
			const uint32_t entry = trie_longest(&l->names, rest, &n);

			if (entry != 0 && n > NAME_MIN &&
			    !is_of(h, l->entry[entry - 1].code))
				return true;
		}
	}
	return false;
}

/* Octets from..to of f say little, and nothing of any matter. */
static bool is_idle(const struct query *q, const struct folded *f, size_t from, size_t to)
{
	if (!clause_is_short(q, f, from, to, IDLE, q->g->spoil) ||
	    clause_names(q, &q->m->part, NULL))
		return false;
	say_strictly(q, &q->m->part, &q->m->hits);
	return q->m->hits.n == 0;
}

static bool reads_in(const struct query *q, const struct folded *f, size_t from,
                     size_t to, struct hit *out)
{
	return part_command(q, f, from, to, out) &&
	       (out->rule->intent->leftover > 0 || out->rule->intent->beside) &&
	       out->rule->intent->pub.effect == GRAMMAR_READ;
}

/* Octets from..to of f ask nothing else than h does, and want nothing done. */
static bool is_aside(const struct query *q, const struct folded *f, size_t from,
                     size_t to, const struct hit *h)
{
	struct folded *part = arena_new(q->arena, struct folded);
	struct hits *hits = &q->m->hits;

	if (!clause_is_short(q, f, from, to, q->g->aside, q->g->apart) ||
	    clause_names_value(q, &q->m->part, NULL))
		return false;
	*part = q->m->part; /* say_find() parts it there */
	say_find(q, part, hits);
	for (size_t i = 0; i < hits->n; i++)
		if (hits->h[i].rule->intent != h->rule->intent &&
		    !say_prefers(q->g, h, &hits->h[i]))
			return false;
	return true;
}

/* One part is a question, and the other says nothing of any matter, or little of its own. */
static bool idle_beside(const struct query *q, const struct folded *f,
                        const struct folded *whole, size_t cut, const struct hit *h,
                        struct hit *out)
{
	(void)h;
	for (unsigned behind = 0; behind < 2; behind++) {
		const size_t from = behind ? cut + 1 : 0, to = behind ? f->n : cut;

		q->m->whole = *whole;
		if ((behind ? reads_in(q, f, 0, cut, out)
		            : reads_in(q, f, cut + 1, f->n, out)) &&
		    (is_idle(q, f, from, to) || is_aside(q, f, from, to, out)))
			return true;
	}
	return false;
}

bool clause_says_why(const struct query *q, const struct folded *f, size_t from,
                     size_t to)
{
	return clause_is_short(q, f, from, to, q->g->reason, q->g->unsaid) &&
	       words_forbidding(q->g, &q->m->part, q->g->happens) != 0;
}

/* Both parts are commands, one of them another than h, that does something. */
static bool are_two(const struct query *q, const struct folded *f,
                    const struct folded *whole, size_t cut, const struct hit *h,
                    struct hit *other)
{
	struct hit part[2];
	const bool both = cut > 0 && part_command(q, f, 0, cut, &part[0]);

	q->m->whole = *whole;
	if (!both || !part_command(q, f, cut + 1, f->n, &part[1]))
		return false;
	for (size_t i = 0; i < 2; i++) {
		*other = part[i];
		if (other->rule->intent != h->rule->intent &&
		    other->rule->intent->pub.effect != GRAMMAR_READ)
			return true;
	}
	return false;
}

/* Whether f parted at one of its first separators is so; leaves the whole text as it was. */
static bool any_cut(const struct query *q, const struct folded *f, const struct hit *h,
                    struct hit *out,
                    bool (*is)(const struct query *q, const struct folded *f,
                               const struct folded *whole, size_t cut,
                               const struct hit *h, struct hit *out))
{
	bool found = false;
	unsigned cuts = 0;

	if (f->n > SENTENCE_MAX || memchr(f->p, FOLD_SEP, f->n) == NULL)
		return false;
	struct folded *text = arena_new(q->arena, struct folded);
	struct folded *whole = arena_new(q->arena, struct folded);

	*text = *f;
	*whole = q->m->whole;
	for (size_t i = 0; i < text->n && !found && cuts < CLAUSE_CUTS; i++) {
		if (text->p[i] != FOLD_SEP)
			continue;
		cuts++;
		found = is(q, text, whole, i, h, out);
		q->m->whole = *whole;
	}
	q->m->skipped = false;
	words_skip(q);
	return found;
}

bool clause_find(const struct query *q, const struct folded *f, struct hit *out)
{
	if (!any_cut(q, f, NULL, out, idle_beside))
		return false;
	why(q, "what stands beside %s says nothing of any matter\n", out->rule->where);
	return true;
}

/* 暂时不 改套餐. */
bool clause_forbids(const struct query *q, const struct folded *f)
{
	for (size_t i = 0; i < f->n; i++) {
		size_t end = 0;

		if (words_forbidden_at(q->g, f, i, q->g->spoil, &end) != 0 && end == f->n)
			return true;
	}
	return false;
}

bool clause_disputes(const struct query *q, const struct folded *f, const struct hit *h,
                     struct hit *other)
{
	return h->rule->intent->pub.effect == GRAMMAR_CHARGE &&
	       any_cut(q, f, h, other, are_two);
}
