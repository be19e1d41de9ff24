/*
 * preface.c - a reason beside a command: 明天出国，帮我开通国际漫游.
 *
 *   preface   TEMPLATE   before the command only: 太贵了，改成38元套餐
 *   postface  TEMPLATE   behind it, or before
 *
 * What is left must be one command by itself.  The words that forbid are looked for
 * in it alone, but question marks in the whole text.  Beside a question, which costs
 * nothing, any short clause may stand that holds no word of any matter.  A command that
 * costs is none when its clauses are two: 我想要来电提醒，给我取消来电提醒.
 */
#include <string.h>

#include "build.h"
#include "match_priv.h"

enum {
	SHORTEST = 21, /* octets of a reason and a command */
	IDLE = 12,     /* characters of a clause beside a question */
	CUTS = 4       /* places where a text is parted */
};

/* How a command begins that follows a reason without a separator. */
#define FOLLOWS "(?<= ).+|(?:帮|给我|替我|我要|我想要|把).+"

static void add(struct build *b, const struct line *l, bool behind)
{
	struct grammar *g = b->g;
	struct preface *p = &g->preface[g->n_prefaces];
	struct expr *e;

	if (g->n_prefaces == MAX_PREFACES) {
		complain(b, l, "at most %d prefaces", MAX_PREFACES);
		return;
	}
	e = expr_compile(b, l, l->rest);
	if (e == NULL)
		return;
	if (e->n_params > 0 || e->required.n == 0) {
		complain(b, l, "expected a template with a word of its own and no slots");
		return;
	}
	*p = (struct preface){ l, rule_compile(b, l, "", e->pattern, FOLLOWS), NULL };
	if (behind)
		p->behind = rule_compile(b, l, ".+ ", e->pattern, "");
	g->n_prefaces++;
}

void define_preface(struct build *b, const struct line *l)
{
	add(b, l, str_eq(l->key, STR("postface")));
}

/* The octets of f but for the reason; group 1 is before it, 2 behind. */
static bool rest_of(const struct query *q, const struct folded *f, const pcre2_code *re,
                    size_t group, size_t *from, size_t *to)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(q->m->data);

	if (re == NULL || pcre2_match(re, (PCRE2_SPTR)f->p, f->n, 0, PCRE2_NO_UTF_CHECK,
	                              q->m->data, q->m->limits) <= 0)
		return false;
	*from = at[2 * group];
	*to = at[2 * group + 1];
	return true;
}

/* Leaves of the whole text what octets from..to of f came from. */
static void narrow(const struct query *q, const struct folded *f, size_t from, size_t to)
{
	struct folded *w = &q->m->whole;
	const uint16_t first = f->from[from], end = f->from[to];
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		if (w->from[i] < first || w->from[i] >= end ||
		    (w->p[i] == FOLD_SEP && n == 0))
			continue;
		w->p[n] = w->p[i];
		w->from[n++] = w->from[i];
	}
	while (n > 0 && w->p[n - 1] == FOLD_SEP)
		n--;
	w->n = n;
	w->p[n] = '\0';
	w->from[n] = end;
	q->m->skipped = false;
	words_skip(q);
}

/* Exactly one command in the octets from..to of f; the whole text is narrowed to them. */
static bool command_in(const struct query *q, const struct folded *f, size_t from,
                       size_t to, struct hit *out)
{
	struct hits *hits = &q->m->hits;
	const struct folded *rest;

	narrow(q, f, from, to);
	rest = q->m->same ? &q->m->whole : &q->m->worked;
	say_strictly(q, rest, hits);
	if (hits->n != 1 || hits->h[0].rule->intent == NULL)
		return false;
	*out = hits->h[0];
	return true;
}

bool preface_find(const struct query *q, const struct folded *f, struct hit *out)
{
	bool found = false;
	size_t from = 0, to = 0;

	if (f->n < SHORTEST || f->n > SENTENCE_MAX || q->g->n_prefaces == 0)
		return false;
	struct folded *text = arena_new(q->arena, struct folded);
	struct folded *whole = arena_new(q->arena, struct folded);

	*text = *f;
	*whole = q->m->whole;
	for (size_t i = 0; i < q->g->n_prefaces && !found; i++) {
		const struct preface *p = &q->g->preface[i];

		if (!rest_of(q, text, p->before, 2, &from, &to) &&
		    !rest_of(q, text, p->behind, 1, &from, &to))
			continue;
		/* A reason that does something itself makes two: 彩铃不要了，改密码. */
		found = !command_in(q, text, from > 0 ? 0 : to, from > 0 ? from : text->n,
		                    out) ||
		        out->rule->intent->pub.effect == GRAMMAR_READ;
		q->m->whole = *whole;
		found = found && command_in(q, text, from, to, out);
		if (found)
			why(q, "%s:%u is a reason; beside it %s fits\n", p->line->file,
			    p->line->no, out->rule->where);
		q->m->whole = *whole;
	}
	q->m->skipped = false;
	words_skip(q);
	return found;
}

/* -- clauses --------------------------------------------------------------------- */

static bool is_matter(const struct grammar *g, int word)
{
	const uint64_t bit = (uint64_t)1 << word % 64;

	return (g->topic.bit[word / 64] & ~g->filler.bit[word / 64] & bit) != 0;
}

/* Octets from..to of f say little, and nothing of any matter. */
static bool is_idle(const struct query *q, const struct folded *f, size_t from, size_t to)
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
	if (chars > IDLE || (words_forbidding(q->g, part) & q->g->spoil) != 0)
		return false;
	bag_open(q, part);
	for (size_t i = 0; i < q->m->n_spans; i++)
		if (is_matter(q->g, q->m->span[i].word))
			return false;
	return true;
}

static bool reads_in(const struct query *q, const struct folded *f, size_t from,
                     size_t to, struct hit *out)
{
	return command_in(q, f, from, to, out) && out->rule->intent->leftover > 0 &&
	       out->rule->intent->pub.effect == GRAMMAR_READ;
}

/* One part is a question, and the other says nothing of any matter. */
static bool idle_beside(const struct query *q, const struct folded *f,
                        const struct folded *whole, size_t cut, const struct hit *h,
                        struct hit *out)
{
	(void)h;
	if (is_idle(q, f, 0, cut) && reads_in(q, f, cut + 1, f->n, out))
		return true;
	q->m->whole = *whole;
	return is_idle(q, f, cut + 1, f->n) && reads_in(q, f, 0, cut, out);
}

/* Both parts are commands, one of them another than h, that does something. */
static bool are_two(const struct query *q, const struct folded *f,
                    const struct folded *whole, size_t cut, const struct hit *h,
                    struct hit *other)
{
	struct hit part[2];
	const bool both = cut > 0 && command_in(q, f, 0, cut, &part[0]);

	q->m->whole = *whole;
	if (!both || !command_in(q, f, cut + 1, f->n, &part[1]))
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
	for (size_t i = 0; i < text->n && !found && cuts < CUTS; i++) {
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

bool clause_disputes(const struct query *q, const struct folded *f, const struct hit *h,
                     struct hit *other)
{
	return h->rule->intent->pub.effect == GRAMMAR_CHARGE &&
	       any_cut(q, f, h, other, are_two);
}
