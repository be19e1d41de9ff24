/*
 * say.c - templates: only those are run of whose required words the text holds one.
 */
#include "match_priv.h"

enum {
	INTENTS_TOLD = 6 /* nearly fitting ones that explain names */
};

/* Marks the templates that some word in the text stands for. */
static void find_candidates(const struct query *q, const struct folded *f)
{
	const struct grammar *g = q->g;
	struct grammar_matcher *m = q->m;

	struct trie_scan x = { .t = &g->anchors, .s = { f->p, f->n } };

	m->n_candidates = 0;
	m->stamp++;
	for (uint32_t v; (v = trie_next(&x)) != 0;) {
		for (const struct anchor *a = g->anchor[v - 1]; a != NULL; a = a->next) {
			if (m->seen[a->rule->index] != m->stamp)
				m->candidate[m->n_candidates++] = a->rule;
			m->seen[a->rule->index] = m->stamp;
		}
	}
}

static unsigned characters(const struct folded *f, size_t from, size_t to)
{
	unsigned n = 0;

	for (size_t i = from; i < to; i++)
		n += f->p[i] != FOLD_SEP && begins_char(f->p[i]) ? 1 : 0;
	return n;
}

/* A value that is itself a command: two were meant. */
static bool holds_code(const struct query *q, const struct folded *f, size_t from,
                       size_t to)
{
	const struct query quiet = { q->g,   q->m,     q->raw, q->context,
		                     q->now, q->arena, NULL };
	const struct rule *known;
	struct hit h;

	return code_find(&quiet, f, from, to, &h, &known) &&
	       (h.n_slots == 0 || h.rule->code.n > 1 ||
	        h.rule->intent->pub.effect == GRAMMAR_CHARGE);
}

/* Reads the group of each slot with the slot's own reader. */
static bool read_slots(const struct query *q, const struct rule *r,
                       const struct folded *f, const PCRE2_SIZE *at, struct hit *out)
{
	const struct list_entry *entry = NULL;
	struct grammar_slot s;

	for (size_t i = 0; i < r->n_params; i++) {
		const size_t from = at[2 * (i + 2)], to = at[2 * (i + 2) + 1];
		struct take x = { f, q->raw, from, to, q->now, q->arena, entry };

		if (from == PCRE2_UNSET || from == to)
			continue;
		/* What follows a list's entry must apply to it. */
		if (entry != NULL && !entry->more)
			return false;
		if (r->param[i].type->kind->words && holds_code(q, f, from, to))
			return false;
		if (!slot_take(&r->param[i], &x, &s) || !slot_at_end(&x) ||
		    !slot_add(out->slot, &out->n_slots, &s))
			return false;
		entry = x.entry;
	}
	return true;
}

static bool fits(const struct query *q, const struct rule *r, const pcre2_code *re,
                 const struct folded *f, struct hit *out)
{
	const size_t tail = r->n_params + 2;
	const int n = pcre2_match(re, (PCRE2_SPTR)f->p, f->n, 0, PCRE2_NO_UTF_CHECK,
	                          q->m->data, q->m->limits);
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(q->m->data);

	if (n <= 0)
		return false;
	out->rule = r;
	out->n_slots = 0;
	out->begin = at[3];
	out->end = at[2 * tail];
	out->weight = out->end - out->begin;
	out->leftover = characters(f, 0, out->begin) + characters(f, out->end, f->n);
	if (out->leftover > r->leftover) {
		why(q, "%s leaves %u characters over; %u may be\n", r->where,
		    out->leftover, r->leftover);
		return false;
	}
	return read_slots(q, r, f, at, out);
}

static bool allowed(const struct query *q, const struct hit *h, uint64_t forbidden)
{
	const struct intent *it = h->rule->intent;

	if (it != NULL && (forbidden & it->unless & ~h->rule->own) != 0) {
		words_refuse(q, forbidden & it->unless & ~h->rule->own);
		if (why(q, "%s would be %s, but:\n", h->rule->where, it->pub.name))
			words_tell(q, forbidden & it->unless & ~h->rule->own);
		return false;
	}
	if (h->leftover > 0 && (forbidden & q->g->spoil) != 0) {
		if (why(q, "%s would fit but for %u characters, and then:\n",
		        h->rule->where, h->leftover))
			words_tell(q, forbidden & q->g->spoil);
		return false;
	}
	return true;
}

/* 0: covers all with words of its own; 1: with free text; 2: leaves something. */
static unsigned vagueness(const struct hit *h)
{
	if (h->leftover > 0)
		return 2;
	return h->rule->free_text ? 1 : 0;
}

static bool inside(const struct hit *a, const struct hit *b)
{
	return a->begin >= b->begin && a->end <= b->end &&
	       a->end - a->begin < b->end - b->begin;
}

bool say_prefers(const struct grammar *g, const struct hit *a, const struct hit *b)
{
	for (size_t i = 0; i < g->n_prefer; i++) {
		if (g->prefer[i].winner == a->rule->intent &&
		    g->prefer[i].loser == b->rule->intent)
			return true;
	}
	return false;
}

/* Less left over, then more of it told by words of the intent's own. */
static bool closer(const struct hit *a, const struct hit *b)
{
	return a->leftover != b->leftover ? a->leftover < b->leftover
	                                  : a->weight > b->weight;
}

/* Whether b offers only what a says. */
static bool says_offered(const struct hit *a, const struct hit *b)
{
	return a->rule->intent != NULL && b->rule->intent == NULL &&
	       b->rule->n_either == 1 && b->rule->either[0] == a->rule->intent;
}

/* Whether b need not be looked at because of a. */
static bool beats(const struct grammar *g, const struct hit *a, const struct hit *b)
{
	if (vagueness(a) != vagueness(b))
		return vagueness(a) < vagueness(b);
	if (a->rule->intent == b->rule->intent)
		return a->n_slots > b->n_slots ||
		       (a->n_slots == b->n_slots && a->rule->index < b->rule->index);
	if (says_offered(a, b) || says_offered(b, a))
		return says_offered(a, b);
	if (a->rule->about != NULL || b->rule->about != NULL)
		return say_prefers(g, a, b) || (!say_prefers(g, b, a) && closer(a, b));
	return inside(b, a) || say_prefers(g, a, b);
}

static void drop_beaten(const struct query *q, struct hits *hits)
{
	bool beaten[HITS] = { false };
	size_t n = 0;

	for (size_t i = 0; i < hits->n; i++)
		for (size_t k = 0; k < hits->n; k++)
			beaten[i] = beaten[i] ||
			            (k != i && beats(q->g, &hits->h[k], &hits->h[i]));
	for (size_t i = 0; i < hits->n; i++) {
		why(q, "say at %s fits, %u left over%s\n", hits->h[i].rule->where,
		    hits->h[i].leftover, beaten[i] ? "; another fits better" : "");
		if (!beaten[i])
			hits->h[n++] = hits->h[i];
	}
	hits->n = n;
}

static void cut(const struct folded *f, size_t from, size_t to, struct folded *out)
{
	while (from < to && f->p[from] == FOLD_SEP)
		from++;
	while (to > from && f->p[to - 1] == FOLD_SEP)
		to--;
	out->n = to - from;
	memcpy(out->p, f->p + from, out->n);
	memcpy(out->from, f->from + from, (out->n + 1) * sizeof(out->from[0]));
	out->p[out->n] = '\0';
}

/* Whether a part that one template left over is another command. */
static bool another_in(const struct query *q, const struct folded *f, size_t from,
                       size_t to, const struct hit *h, struct hit *other)
{
	struct folded *part = &q->m->part;

	cut(f, from, to, part);
	for (size_t i = 0; i < q->m->n_candidates && part->n > 0; i++) {
		const struct rule *r = q->m->candidate[i];

		if (r->intent != h->rule->intent && !r->free_text && r->exact != NULL &&
		    (fits(q, r, r->exact, part, other) ||
		     (r->loose != NULL && fits(q, r, r->loose, part, other))))
			return true;
	}
	return false;
}

/* One template fits, but what it leaves is a command too: 余额，我想查一下三月账单. */
static void find_another(const struct query *q, const struct folded *f, struct hits *hits)
{
	const struct hit *h = &hits->h[0];

	if (hits->n != 1 || h->leftover == 0)
		return;
	if (another_in(q, f, 0, h->begin, h, &hits->h[1]) ||
	    another_in(q, f, h->end, f->n, h, &hits->h[1]))
		hits->n = 2;
}

/* Hits whose intents, or whose leftovers, a word of the text forbids. */
static void drop_forbidden(const struct query *q, struct hits *hits)
{
	const uint64_t forbidden = hits->n > 0 ? words_forbidden(q) : 0;
	size_t n = 0;

	for (size_t i = 0; i < hits->n; i++)
		if (allowed(q, &hits->h[i], forbidden))
			hits->h[n++] = hits->h[i];
	hits->n = n;
}

static void try_all(const struct query *q, const struct folded *f, bool loosely,
                    struct hits *out)
{
	out->n = 0;
	for (size_t i = 0; i < q->m->n_candidates && out->n < HITS; i++) {
		const struct rule *r = q->m->candidate[i];
		const pcre2_code *re = loosely ? r->loose : r->exact;

		if (f->n > SENTENCE_MAX && !r->free_text)
			continue;
		if (re != NULL && fits(q, r, re, f, &out->h[out->n]))
			out->n++;
	}
	drop_forbidden(q, out);
}

/* Nothing but templates that take in any text. */
static bool only_free(const struct hits *hits)
{
	for (size_t i = 0; i < hits->n; i++)
		if (!hits->h[i].rule->free_text)
			return false;
	return true;
}

/* Several about rules fit but for one another's words: two things were asked. */
static void take_contenders(const struct query *q, struct hits *out)
{
	const struct hits *c = &q->m->contenders;
	const struct intent *first = c->n > 0 ? c->h[0].rule->intent : NULL;

	for (size_t i = 1; i < c->n; i++)
		if (c->h[i].rule->intent != first) {
			out->h[0] = c->h[0];
			out->h[1] = c->h[i];
			out->n = 2;
			return;
		}
}

void say_find(const struct query *q, const struct folded *f, struct hits *out)
{
	out->n = 0;
	q->m->n_candidates = 0;
	if (f->n > FREE_TEXT_MAX)
		return;
	find_candidates(q, f);
	try_all(q, f, false, out);
	if (f->n <= SENTENCE_MAX && only_free(out)) {
		bag_open(q, f);
		bag_find(q, f, false, out);
		if (out->n == 0) {
			try_all(q, f, true, out);
			bag_find(q, f, true, out);
		}
	}
	drop_beaten(q, out);
	find_another(q, f, out);
	if (out->n == 0 && f->n <= SENTENCE_MAX)
		take_contenders(q, out);
}

void say_strictly(const struct query *q, const struct folded *f, struct hits *out)
{
	out->n = 0;
	if (f->n > SENTENCE_MAX)
		return;
	find_candidates(q, f);
	try_all(q, f, false, out);
	if (only_free(out)) {
		out->n = 0;
		bag_open(q, f);
		bag_find(q, f, false, out);
	}
	drop_beaten(q, out);
}

/* Words for which no charged sentence fits, whatever else the text says. */
static void tell_forbidden(const struct query *q)
{
	const uint64_t bits = words_forbidden(q);
	uint64_t lists = 0;

	for (size_t i = 0; i < q->g->n_intents; i++)
		if (q->g->intent[i]->pub.effect == GRAMMAR_CHARGE)
			lists |= q->g->intent[i]->unless;
	if ((bits & lists) == 0)
		return;
	if (why(q, "no charged sentence fits, because:\n"))
		words_tell(q, bits & lists);
}

void say_explain(const struct query *q)
{
	const struct intent *told[INTENTS_TOLD];
	size_t n = 0;

	tell_forbidden(q);
	for (size_t i = 0; i < q->m->n_candidates && n < INTENTS_TOLD; i++) {
		const struct rule *r = q->m->candidate[i];
		bool again = r->intent == NULL;

		for (size_t k = 0; k < n; k++)
			again = again || told[k] == r->intent;
		if (again)
			continue;
		told[n++] = r->intent;
		why(q,
		    "nearly %s (%s): some of its words are there, but no rule of it covers "
		    "the whole text\n",
		    r->intent->pub.name, r->where);
	}
}

static bool within_menu(const struct query *q, const struct hit *h)
{
	for (size_t i = 0; i < h->n_slots; i++)
		for (size_t k = 0; k < h->slot[i].n_ints; k++)
			if (h->slot[i].ints[k] < 1 ||
			    (unsigned)h->slot[i].ints[k] > q->context.menu_n)
				return false;
	return true;
}

bool say_context(const struct query *q, const struct folded *f, struct hit *out)
{
	for (size_t i = 0; i < q->g->n_rules && f->n <= SENTENCE_MAX; i++) {
		const struct rule *r = q->g->rule[i];

		if (r->kind != RULE_CONTEXT || r->context != q->context.kind ||
		    !fits(q, r, r->exact, f, out))
			continue;
		if (q->context.kind == GRAMMAR_MENU && !within_menu(q, out)) {
			why(q, "%s: no such item in a menu of %u\n", r->where,
			    q->context.menu_n);
			continue;
		}
		return true;
	}
	return false;
}
