/*
 * preface.c - templates of what may stand beside a command: 太贵了，改成38元套餐.
 *
 *   preface   TEMPLATE   before the command only
 *   postface  TEMPLATE   behind it, or before
 *   asking    TEMPLATE   of an intent: a question before this command: 积分能换啥，我要兑换
 *
 * What is left must be one command by itself.  The words that forbid are looked for
 * in it alone, but question marks in the whole text.
 */
#include "build.h"
#include "match_priv.h"

/* How a command begins that follows a reason without a separator. */
#define FOLLOWS \
	"(?<= ).+|(?:帮|给我|替我|我要|我想要|把).+|(?<=[贵悔够腻吵烦完高没光少慢小超游差国场]了).+"

/* Only prefaces are run of whose required words the text holds one, as with templates. */
static void anchor(struct build *b, const struct line *l, const struct set *required)
{
	struct grammar *g = b->g;

	if (g->preface_of == NULL)
		g->preface_of = arena_array(&g->arena, struct prefaces,
		                            MAX_PREFACE_WORDS);
	for (size_t i = 0; i < required->n; i++) {
		uint32_t *value = trie_value(&g->preface_word, required->s[i]);

		if (*value == 0 && g->n_preface_words == MAX_PREFACE_WORDS) {
			complain(b, l, "at most %d required words of prefaces",
			         MAX_PREFACE_WORDS);
			return;
		}
		if (*value == 0)
			*value = (uint32_t)++g->n_preface_words;
		g->preface_of[*value - 1].bits[g->n_prefaces / 64] |= (uint64_t)1
		                                                      << g->n_prefaces %
		                                                                 64;
	}
}

static bool anchored(const struct grammar *g, const struct folded *f,
                     struct prefaces *out)
{
	struct trie_scan x = { .t = &g->preface_word, .s = { f->p, f->n } };
	bool any = false;

	*out = (struct prefaces){ { 0 } };
	for (uint32_t v; (v = trie_next(&x)) != 0; any = true)
		for (size_t i = 0; i < MAX_PREFACES / 64; i++)
			out->bits[i] |= g->preface_of[v - 1].bits[i];
	return any;
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
	       !clause_disputes(q, words_worked(q), out, &other);
}

bool preface_find(const struct query *q, const struct folded *f, struct hit *out)
{
	bool found = false;
	size_t from = 0, to = 0;

	struct prefaces likely;

	if (f->n < BESIDE_MIN || f->n > SENTENCE_MAX || q->g->n_prefaces == 0 ||
	    !anchored(q->g, f, &likely))
		return false;
	struct folded *text = arena_new(q->arena, struct folded);
	struct folded *whole = arena_new(q->arena, struct folded);

	*text = *f;
	*whole = q->m->whole;
	for (size_t i = 0; i < q->g->n_prefaces && !found; i++) {
		const struct preface *p = &q->g->preface[i];

		if ((likely.bits[i / 64] >> i % 64 & 1) == 0)
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
