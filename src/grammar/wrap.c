/*
 * wrap.c - one code inside what people forward: 编辑短信CXYE发送至10086查询余额.
 *
 * The text may hold one code, words that carry codes, and otherwise only a
 * sentence that means the same as the code.  What others are said to have said
 * (hearsay) carries a code that costs nothing: 他说发CXYE能查; what advertisements
 * say, one that costs, where the number to send it to stands behind it.
 */
#include <string.h>

#include "match_priv.h"

enum {
	VALUE_DIGITS = 4,
	MATTER = 12 /* characters beside a code that only name what it is about */
};

/* The next run of letters and digits, with separators inside, from *i on. */
static bool next_run(const struct folded *f, size_t *i, size_t *to)
{
	while (*i < f->n && !is_alnum(f->p[*i]))
		++*i;
	*to = *i;
	for (size_t k = *i; k < f->n && (is_alnum(f->p[k]) || f->p[k] == FOLD_SEP); k++)
		if (is_alnum(f->p[k]))
			*to = k + 1;
	return *to > *i;
}

/* Behind the word at i and its separators. */
static size_t next_word(const struct folded *f, size_t i, size_t to)
{
	while (i < to && f->p[i] != FOLD_SEP)
		i++;
	while (i < to && f->p[i] == FOLD_SEP)
		i++;
	return i;
}

/* The end of what octets from..to are without their last word; from: there is but one. */
static size_t word_before(const struct folded *f, size_t from, size_t to)
{
	while (to > from && f->p[to - 1] != FOLD_SEP)
		to--;
	while (to > from && f->p[to - 1] == FOLD_SEP)
		to--;
	return to;
}

/* The word at i that carries a code; also: more of them than the common ones, or NULL. */
static size_t carrier_at(const struct query *q, const struct folded *f, size_t i,
                         const struct trie *also)
{
	const size_t n = words_longest(&q->g->carrier, f, i);
	const size_t said = also != NULL ? words_longest(also, f, i) : 0;

	return said > n ? said : n;
}

static void put(struct folded *to, const struct folded *f, size_t i)
{
	if (f->p[i] == FOLD_SEP && (to->n == 0 || to->p[to->n - 1] == FOLD_SEP))
		return;
	to->p[to->n] = f->p[i];
	to->from[to->n++] = f->from[i];
}

/* A code that was found in octets from..to. */
struct found {
	struct hit hit;
	size_t from, to;
};

/* A number that texts are sent to is a carrier of digits. */
static size_t number_at(const struct query *q, const struct folded *f, size_t i)
{
	return is_digit(f->p[i]) ? words_longest(&q->g->carrier, f, i) : 0;
}

/* The end of the number that the text is to be sent to, behind the code; 0: none. */
static size_t number_end(const struct query *q, const struct folded *f,
                         const struct found *c)
{
	for (size_t i = c->to; i < f->n; i++) {
		const size_t n = number_at(q, f, i);

		if (n > 0)
			return i + n;
	}
	return 0;
}

/* Words that carry this code beside the common ones. */
static const struct trie *told_by(const struct query *q, const struct folded *f,
                                  const struct found *c)
{
	if (c->hit.rule->intent->pub.effect == GRAMMAR_READ)
		return &q->g->hearsay;
	return number_end(q, f, c) > 0 ? &q->g->advert : NULL;
}

/*
 * f without the code and without carrier words before octet `end`, those behind may be
 * of a sentence: 发CXTC到10086查套餐; whether there were any.
 */
static bool without(const struct query *q, const struct folded *f, const struct found *c,
                    size_t end, struct folded *rest)
{
	const struct trie *also = told_by(q, f, c);
	bool carried = false;

	rest->n = 0;
	for (size_t i = 0; i < f->n;) {
		size_t n = i < end ? carrier_at(q, f, i, also) : 0;

		if (i >= c->from && i < c->to)
			n = c->to - i;
		if (n == 0)
			put(rest, f, i);
		carried = carried || (n > 0 && i != c->from);
		i += n > 0 ? n : 1;
	}
	if (rest->n > 0 && rest->p[rest->n - 1] == FOLD_SEP)
		rest->n--;
	rest->from[rest->n] = f->from[f->n];
	rest->p[rest->n] = '\0';
	return carried;
}

static bool same_values(const struct hit *a, const struct hit *b)
{
	return b->n_slots == 0 ||
	       (a->n_slots == b->n_slots && slots_equal(a->slot, b->slot, a->n_slots));
}

/* 话费 beside CXYE: it may mean the bill too, and is no other command. */
static bool may_mean(const struct rule *r, const struct intent *it)
{
	bool found = r->intent == it;

	for (size_t i = 0; i < r->n_either && it->pub.effect == GRAMMAR_READ; i++)
		found = found || r->either[i] == it;
	return found;
}

static bool means(const struct query *q, const struct folded *rest, const struct hit *h)
{
	struct hits *hits = &q->m->hits;

	say_strictly(q, rest, hits);
	for (size_t i = 0; i < hits->n; i++)
		if (!may_mean(hits->h[i].rule, h->rule->intent) ||
		    !same_values(h, &hits->h[i]))
			return false;
	return hits->n > 0;
}

/* The list of which the code holds a value, and that value; NULL: it holds none. */
static const struct list *value_of(const struct hit *h, struct str *value)
{
	for (size_t i = 0; i < h->rule->n_params; i++)
		for (size_t at = 0; at < h->n_slots; at++)
			if (h->rule->param[i].type->list != NULL &&
			    strcmp(h->slot[at].name, h->rule->param[i].name) == 0) {
				*value = h->slot[at].text;
				return h->rule->param[i].type->list;
			}
	return NULL;
}

/* The name of that value; empty: there is none. */
static struct str value_name(const struct hit *h)
{
	struct str value = { "", 0 };
	const struct list *l = value_of(h, &value);

	for (size_t i = 0; l != NULL && i < l->n; i++)
		if (str_eq(l->entry[i].code, value))
			return l->entry[i].sample;
	return (struct str){ "", 0 };
}

/* 38元套餐 beside BGTC38. */
static bool names_it(const struct folded *rest, const struct hit *h)
{
	struct str value = { "", 0 };
	const struct list *l = value_of(h, &value);
	size_t n = 0;
	const uint32_t entry = l == NULL ? 0
	                                 : trie_longest(&l->names,
	                                                (struct str){ rest->p, rest->n },
	                                                &n);

	return entry != 0 && n == rest->n && str_eq(l->entry[entry - 1].code, value);
}

/* Beside a code that reads, few words and all of what it is about: 套餐 beside CXTC. */
static bool is_its_matter(const struct query *q, const struct folded *rest,
                          const struct hit *h)
{
	struct folded *part = arena_new(q->arena, struct folded);

	*part = *rest; /* which is where parts are put */
	return h->rule->intent->pub.effect == GRAMMAR_READ &&
	       clause_is_short(q, part, 0, part->n, MATTER, q->g->spoil) &&
	       clause_names(q, part, NULL) && !clause_names(q, part, h->rule->intent) &&
	       !clause_names_value(q, part, h);
}

/*
 * Whether the words beside the code say nothing else, with its value named behind if
 * they name none: 发送QXCL到10086取消.
 */
static bool agrees(const struct query *q, struct folded *rest, const struct hit *h)
{
	const struct str name = value_name(h);
	const uint16_t end = rest->from[rest->n];

	if (rest->n == 0 || means(q, rest, h) || names_it(rest, h) ||
	    is_its_matter(q, rest, h))
		return true;
	if (name.n == 0 || rest->n + name.n > SENTENCE_MAX)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		rest->p[rest->n] = name.p[i];
		rest->from[rest->n++] = end;
	}
	rest->p[rest->n] = '\0';
	rest->from[rest->n] = end;
	return means(q, rest, h);
}

/* A code that costs nothing, and the number to send it to; what is said of it asks too. */
static bool only_asks(const struct query *q, const struct folded *rest,
                      const struct hit *h)
{
	struct hits *hits = &q->m->hits;

	if (h->rule->intent->pub.effect != GRAMMAR_READ)
		return false;
	say_strictly(q, rest, hits);
	for (size_t i = 0; i < hits->n; i++)
		if (hits->h[i].rule->intent == NULL ||
		    hits->h[i].rule->intent->reserved ||
		    hits->h[i].rule->intent->pub.effect != GRAMMAR_READ)
			return false;
	return hits->n > 0;
}

/* Digits enough for a value of the code: GS 10086 246813. */
static bool holds_number(const struct folded *f)
{
	unsigned digits = 0;

	for (size_t i = 0; i < f->n && digits < VALUE_DIGITS; i++)
		digits = is_digit(f->p[i]) ? digits + 1 : 0;
	return digits == VALUE_DIGITS;
}

static unsigned characters(const struct folded *f)
{
	unsigned n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->p[i] != FOLD_SEP && begins_char(f->p[i]) ? 1 : 0;
	return n;
}

/*
 * The number to send the code to is named: what else the text says, briefly, may be any
 * praise or reason, but no doubt and no other command.
 */
static bool is_sent(const struct query *q, const struct folded *f, const struct found *c)
{
	const struct intent *it = c->hit.rule->intent;
	const bool costs = it->pub.effect == GRAMMAR_CHARGE;
	struct folded *rest = arena_new(q->arena, struct folded);
	struct hits *hits = &q->m->hits;

	if (number_end(q, f, c) == 0)
		return false;
	(void)without(q, f, c, f->n, rest);
	if (holds_number(rest) || characters(rest) > (costs ? q->g->sold : q->g->sent) ||
	    words_forbidding(q->g, rest, costs ? it->unless : q->g->unsent) != 0 ||
	    (costs && (words_forbidding(q->g, f, q->g->unsold) != 0 ||
	               clause_names_value(q, rest, &c->hit))))
		return false;
	say_strictly(q, rest, hits);
	for (size_t i = 0; i < hits->n; i++)
		if (!may_mean(hits->h[i].rule, it))
			return false;
	return true;
}

/* The longest code that begins at i, of whole words; i, and no code: there is none. */
static size_t code_at(const struct query *q, const struct folded *f, size_t i, size_t to,
                      struct found *out)
{
	const struct rule *known;

	*out = (struct found){ .from = i, .to = to };
	if (carrier_at(q, f, i, &q->g->hearsay) == to - i)
		return i;
	while (out->to > i && !code_find(q, f, i, out->to, &out->hit, &known))
		out->to = word_before(f, i, out->to);
	return out->to;
}

/* The codes in octets from..to, a run, which may be words: text CXYE to 10086. */
static unsigned codes_in(const struct query *q, const struct folded *f, size_t from,
                         size_t to, struct found *first)
{
	unsigned codes = 0;

	for (size_t i = from; i < to;) {
		struct found at;
		const size_t end = code_at(q, f, i, to, &at);

		if (end > i && codes++ == 0)
			*first = at;
		i = next_word(f, end, to);
	}
	return codes;
}

bool wrap_find(const struct query *q, const struct folded *f, struct hit *out)
{
	const struct query quiet = { q->g,   q->m,     q->raw, q->context,
		                     q->now, q->arena, NULL };
	struct folded *rest = &q->m->part;
	unsigned codes = 0;
	size_t from = 0, to = 0;
	struct found c, found;

	if (f->n > SENTENCE_MAX)
		return false;
	for (; next_run(f, &from, &to); from = to) {
		const unsigned n = codes_in(&quiet, f, from, to, &found);

		if (n > 0 && codes == 0)
			c = found;
		codes += n;
	}
	if (codes != 1)
		return false;
	/* Without words that carry it the others say the same: KTCL 开通彩铃. */
	if (!without(q, f, &c, f->n, rest)) {
		if (!means(&quiet, rest, &c.hit) && !names_it(rest, &c.hit))
			return false;
	} else if (!agrees(&quiet, rest, &c.hit)) {
		const size_t sent = number_end(q, f, &c), end = sent > 0 ? sent : f->n;
		const bool told = end < f->n && f->p[end] != FOLD_SEP;

		if ((!without(q, f, &c, end, rest) ||
		     !(agrees(&quiet, rest, &c.hit) ||
		       (told && only_asks(&quiet, rest, &c.hit)))) &&
		    !is_sent(&quiet, f, &c))
			return false;
	}
	*out = c.hit;
	why(q, "code %.*s at %s; the words beside it say the same\n",
	    STR_ARG(out->rule->code), out->rule->where);
	return true;
}

bool wrap_words(const struct query *q, const struct folded *f, struct hit *out)
{
	const struct query quiet = { q->g,   q->m,     q->raw, q->context,
		                     q->now, q->arena, NULL };
	struct hits *hits = &q->m->hits;
	struct folded *part = &q->m->part;
	size_t from = 0, to = f->n;

	if (f->n > SENTENCE_MAX || !words_unwrap(q, f, &from, &to))
		return false;
	part->n = 0;
	for (size_t i = from; i < to; i++)
		put(part, f, i);
	part->from[part->n] = f->from[to];
	part->p[part->n] = '\0';
	say_strictly(&quiet, part, hits);
	if (hits->n != 1 || hits->h[0].rule->intent == NULL)
		return false;
	*out = hits->h[0];
	why(q, "without what carries it, %s fits\n", out->rule->where);
	return true;
}
