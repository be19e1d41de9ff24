/*
 * preface.c - a reason beside a command: 明天出国，帮我开通国际漫游.
 *
 *   preface   TEMPLATE   before the command only: 太贵了，改成38元套餐
 *   postface  TEMPLATE   behind it, or before
 *   asking    TEMPLATE   of an intent: a question before this command: 积分能换啥，我要兑换
 *
 * `reason` in the grammar lets a short clause stand before a command that acts though no
 * template says it: 人在机场，快帮我开漫游.  It is of no matter, and holds no word that could
 * make the command another's, unwanted, told or of another time.
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
	SHORTEST = 13, /* octets of a reason and a command */
	IDLE = 12,     /* characters of a clause beside a question */
	CUTS = 4       /* places where a text is parted */
};

/* How a command begins that follows a reason without a separator. */
#define FOLLOWS \
	"(?<= ).+|(?:帮|给我|替我|我要|我想要|把).+|(?<=[贵悔够腻吵烦完高没光少慢小超游差国场]了).+"

/* Only prefaces are run of whose required words the text holds one, as with templates. */
static void anchor(struct build *b, const struct line *l, const struct set *required)
{
	struct grammar *g = b->g;

	if (g->preface_of == NULL)
		g->preface_of = arena_array(&g->arena, uint64_t, MAX_PREFACE_WORDS);
	for (size_t i = 0; i < required->n; i++) {
		uint32_t *value = trie_value(&g->preface_word, required->s[i]);

		if (*value == 0 && g->n_preface_words == MAX_PREFACE_WORDS) {
			complain(b, l, "at most %d required words of prefaces",
			         MAX_PREFACE_WORDS);
			return;
		}
		if (*value == 0)
			*value = (uint32_t)++g->n_preface_words;
		g->preface_of[*value - 1] |= (uint64_t)1 << g->n_prefaces;
	}
}

static uint64_t anchored(const struct grammar *g, const struct folded *f)
{
	struct trie_scan x = { .t = &g->preface_word, .s = { f->p, f->n } };
	uint64_t found = 0;

	for (uint32_t v; (v = trie_next(&x)) != 0;)
		found |= g->preface_of[v - 1];
	return found;
}

static void add(struct build *b, const struct line *l, bool behind,
                const struct intent *only)
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
	*p = (struct preface){ l, rule_compile(b, l, "", e->pattern, FOLLOWS), NULL,
		               only };
	if (behind)
		p->behind = rule_compile(b, l, ".+ ", e->pattern, "");
	anchor(b, l, &e->required);
	g->n_prefaces++;
}

void define_preface(struct build *b, const struct line *l)
{
	add(b, l, str_eq(l->key, STR("postface")), NULL);
}

void intent_asking(struct build *b, const struct line *l)
{
	add(b, l, false, b->intent);
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

/* What is left is one command by itself, that p may stand beside. */
static bool stands_beside(const struct query *q, const struct preface *p,
                          const struct folded *f, size_t from, size_t to, struct hit *out)
{
	struct hit other;

	return part_command(q, f, from, to, out) &&
	       (p->only == NULL || p->only == out->rule->intent) &&
	       !clause_disputes(q, q->m->same ? &q->m->whole : &q->m->worked, out,
	                        &other);
}

bool preface_find(const struct query *q, const struct folded *f, struct hit *out)
{
	bool found = false;
	size_t from = 0, to = 0;

	if (f->n < SHORTEST || f->n > SENTENCE_MAX || q->g->n_prefaces == 0)
		return false;
	const uint64_t likely = anchored(q->g, f);

	if (likely == 0)
		return false;
	struct folded *text = arena_new(q->arena, struct folded);
	struct folded *whole = arena_new(q->arena, struct folded);

	*text = *f;
	*whole = q->m->whole;
	for (size_t i = 0; i < q->g->n_prefaces && !found; i++) {
		const struct preface *p = &q->g->preface[i];

		if ((likely >> i & 1) == 0)
			continue;
		if (!rest_of(q, text, p->before, 2, &from, &to) &&
		    !rest_of(q, text, p->behind, 1, &from, &to))
			continue;
		/* A reason that does something itself makes two: 彩铃不要了，改密码. */
		found = !part_command(q, text, from > 0 ? 0 : to,
		                      from > 0 ? from : text->n, out) ||
		        out->rule->intent->pub.effect == GRAMMAR_READ;
		q->m->whole = *whole;
		found = found && stands_beside(q, p, text, from, to, out);
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

/* Octets from..to of f are so many characters at most, and hold no word of these lists. */
static bool is_short(const struct query *q, const struct folded *f, size_t from,
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
	return chars > 0 && chars <= most && words_forbidding(q->g, part, lists) == 0;
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

/* A name of any list, as in a clause that wants something of its own. */
static bool names_value(const struct query *q, const struct folded *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct str rest = { f->p + i, f->n - i };
		size_t n = 0;

		if (((uint8_t)f->p[i] & 0xc0) == 0x80)
			continue;
		for (size_t k = 0; k < q->g->n_lists; k++)
			if (trie_longest(&q->g->list[k]->names, rest, &n) != 0)
				return true;
	}
	return false;
}

/* Octets from..to of f say little, and nothing of any matter. */
static bool is_idle(const struct query *q, const struct folded *f, size_t from, size_t to)
{
	if (!is_short(q, f, from, to, IDLE, q->g->spoil) ||
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

	if (!is_short(q, f, from, to, q->g->aside, q->g->apart) ||
	    names_value(q, &q->m->part))
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

/* What begs begins an order of its own, also without a separator: 在机场帮我开漫游. */
static bool begins_order(const struct query *q, const struct folded *f, size_t i)
{
	size_t n = 0;
	const uint32_t word = ((uint8_t)f->p[i] & 0xc0) == 0x80
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

/*
 * Octets from..to of f say why: short, of no other matter, something happens where that
 * has to show, and no command.
 */
static bool is_reason(const struct query *q, const struct folded *f, size_t from,
                      size_t to, const struct intent *own, bool shows)
{
	struct folded *part = &q->m->part;

	if (!is_short(q, f, from, to, q->g->reason, q->g->unsaid) || is_spelt(part) ||
	    clause_forbids(q, part) || names_value(q, part) ||
	    clause_names(q, part, own) ||
	    (shows && words_forbidding(q->g, part, q->g->happens) == 0))
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
		if (!is_reason(q, f, from, i, out->rule->intent, shows))
			return false;
		from = i + 1;
	}
	return out->rule->intent->pub.effect != GRAMMAR_READ &&
	       !clause_disputes(q, q->m->same ? &q->m->whole : &q->m->worked, out,
	                        &other);
}

bool reason_find(const struct query *q, const struct folded *f, bool shows,
                 struct hit *out)
{
	bool found = false;
	unsigned cuts = 0;

	if (f->n < SHORTEST || f->n > SENTENCE_MAX || q->g->reason == 0)
		return false;
	struct folded *text = arena_new(q->arena, struct folded);
	struct folded *whole = arena_new(q->arena, struct folded);

	*text = *f;
	*whole = q->m->whole;
	for (size_t i = 1; i < text->n && !found && cuts < CUTS; i++) {
		const bool parted = text->p[i] == FOLD_SEP;

		if (!parted && !begins_order(q, text, i))
			continue;
		cuts++;
		found = acts_behind(q, text, i, parted ? i + 1 : i, shows, out);
		q->m->whole = *whole;
	}
	q->m->skipped = false;
	words_skip(q);
	if (found)
		why(q, "what stands before %s only says why\n", out->rule->where);
	return found;
}

bool clause_disputes(const struct query *q, const struct folded *f, const struct hit *h,
                     struct hit *other)
{
	return h->rule->intent->pub.effect == GRAMMAR_CHARGE &&
	       any_cut(q, f, h, other, are_two);
}
