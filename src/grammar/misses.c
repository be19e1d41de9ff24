/*
 * misses.c - see grammar/misses.h.
 */
#include "grammar/misses.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "match_priv.h"

enum {
	BUCKETS = 2 * MISSES_GROUPS,
	KEPT = 240,      /* octets of a text that is kept */
	INTENTS = 3,     /* next to a group */
	LONG_NUMBER = 5, /* digits of a number that may be somebody's */
	ARENA_OCTETS = 1 << 26
};

struct group {
	struct str key;  /* folded, digits as # */
	struct str text; /* as first sent, digits as # */
	const char *intent[INTENTS];
	size_t n_intents;
	bool code; /* letters and digits only */
	unsigned count;
};

struct misses {
	const struct grammar *g;
	struct grammar_matcher *m;
	struct arena arena; /* of groups */
	struct arena match; /* of one match */
	int64_t now;
	uint16_t bucket[BUCKETS]; /* group + 1 */
	struct group group[MISSES_GROUPS];
	size_t n;
	unsigned all, taken, more; /* texts; understood by now; beyond MISSES_GROUPS */
};

struct misses *misses_create(const struct grammar *g, int64_t now)
{
	struct misses *m = xcalloc(1, sizeof(*m));

	m->g = g;
	m->m = grammar_matcher_create(g);
	m->arena = arena_make(ARENA_OCTETS);
	m->match = arena_make(GRAMMAR_ARENA);
	m->now = now;
	return m;
}

void misses_destroy(struct misses *m)
{
	if (m == NULL)
		return;
	grammar_matcher_destroy(m->m);
	arena_free(&m->arena);
	arena_free(&m->match);
	free(m);
}

/* Copies at most KEPT octets, to the end of a character, without digits. */
static struct str masked(struct arena *a, struct str s)
{
	char p[KEPT];
	size_t n = s.n < KEPT ? s.n : KEPT;

	while (n < s.n && n > 0 && !begins_char(s.p[n]))
		n--;
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(is_digit(s.p[i])        ? '#'
		              : (uint8_t)s.p[i] < ' ' ? ' '
		                                      : s.p[i]);
	return arena_str(a, (struct str){ p, n });
}

static size_t hash(struct str s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h % BUCKETS);
}

/* Where the group of a key stands, or should. */
static uint16_t *place(struct misses *m, struct str key)
{
	size_t at = hash(key);

	while (m->bucket[at] != 0 && !str_eq(m->group[m->bucket[at] - 1].key, key))
		at = (at + 1) % BUCKETS;
	return &m->bucket[at];
}

static void add_intent(struct group *g, const char *name)
{
	for (size_t i = 0; i < g->n_intents; i++)
		if (strcmp(g->intent[i], name) == 0)
			return;
	if (g->n_intents < INTENTS)
		g->intent[g->n_intents++] = name;
}

/* Those suggested, else those of whose words the text holds some. */
static void find_intents(const struct misses *m, const struct grammar_command *c,
                         struct group *g)
{
	for (size_t i = 0; i < c->n_suggestions; i++)
		add_intent(g, c->suggestion[i].intent->name);
	for (size_t i = 0; i < m->m->n_candidates && c->n_suggestions == 0; i++)
		if (m->m->candidate[i]->intent != NULL)
			add_intent(g, m->m->candidate[i]->intent->pub.name);
}

static bool is_code(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (!is_letter(key.p[i]) && !is_digit(key.p[i]))
			return false;
	return key.n > 0 && key.n <= CODE_MAX;
}

void misses_add(struct misses *m, struct str text)
{
	struct grammar_command c;
	struct group *g;
	uint16_t *at;

	arena_reset(&m->match);
	grammar_match(m->g, m->m, text, (struct grammar_context){ GRAMMAR_NO_CONTEXT, 0 },
	              m->now, &m->match, &c);
	m->all++;
	m->taken += c.intent != NULL ? 1 : 0;
	if (c.intent != NULL || grammar_folded(m->m).n == 0)
		return;
	at = place(m, masked(&m->match, grammar_folded(m->m)));
	if (*at == 0 && m->n == MISSES_GROUPS) {
		m->more++;
		return;
	}
	if (*at == 0) {
		g = &m->group[m->n++];
		*at = (uint16_t)m->n;
		g->key = masked(&m->arena, grammar_folded(m->m));
		g->text = masked(&m->arena, text);
		g->code = is_code(grammar_folded(m->m));
		find_intents(m, &c, g);
	}
	m->group[*at - 1].count++;
}

static int by_count(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return str_cmp(x->key, y->key);
}

static void report_group(const struct group *g, struct buf *out)
{
	buf_printf(out, "%6u  \"%.*s\"", g->count, STR_ARG(g->text));
	for (size_t i = 0; i < g->n_intents; i++)
		buf_printf(out, "%s%s", i == 0 ? "  near " : ", ", g->intent[i]);
	if (g->n_intents > 0 && str_find(g->key, STR("#")) == SIZE_MAX)
		buf_printf(out, "; to add under intent %s:  %s %.*s", g->intent[0],
		           g->code ? "code" : "say", STR_ARG(g->key));
	buf_putc(out, '\n');
}

void misses_report(struct misses *m, size_t limit, struct buf *out)
{
	struct group *order = xcalloc(m->n + 1, sizeof(struct group));

	memcpy(order, m->group, m->n * sizeof(struct group));
	qsort(order, m->n, sizeof(struct group), by_count);
	for (size_t i = 0; i < m->n && i < limit; i++)
		report_group(&order[i], out);
	buf_printf(out, "%u texts not understood when they came, %zu different", m->all,
	           m->n);
	if (m->more > 0)
		buf_printf(out, " and %u more", m->more);
	buf_printf(out, "; %u understood by now\n", m->taken);
	free(order);
}

/* Numbers of five digits and more as ####. */
static void put_masked(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n;) {
		size_t n = 0;

		while (i + n < s.n && is_digit(s.p[i + n]))
			n++;
		if (n >= LONG_NUMBER)
			buf_puts(out, STR("####"));
		else if (n > 0)
			buf_put(out, s.p + i, n);
		else
			buf_putc(out, (char)((uint8_t)s.p[i] < ' ' ? ' ' : s.p[i]));
		i += n > 0 ? n : 1;
	}
}

static bool same_slots(const struct grammar_command *a, const struct grammar_command *b)
{
	return a->n_slots == b->n_slots && slots_equal(a->slot, b->slot, a->n_slots);
}

static void put_command(const struct grammar_command *c, struct buf *out)
{
	buf_puts(out, str_of(c->intent != NULL ? c->intent->name : "unknown"));
	for (size_t i = 0; i < c->n_slots; i++) {
		buf_printf(out, " %s=", c->slot[i].name);
		if (c->slot[i].secret || c->slot[i].text.n >= LONG_NUMBER)
			buf_puts(out, STR("..."));
		else
			print_value(&c->slot[i], out);
	}
}

bool misses_differ(struct str text, const struct grammar_command *before,
                   const struct grammar_command *after, struct buf *out)
{
	const char *a = before->intent != NULL ? before->intent->name : "";
	const char *b = after->intent != NULL ? after->intent->name : "";

	if (strcmp(a, b) == 0 && same_slots(before, after))
		return false;
	buf_putc(out, '"');
	put_masked(text, out);
	buf_puts(out, STR("\"  "));
	put_command(before, out);
	buf_puts(out, STR(" -> "));
	put_command(after, out);
	if (after->intent != NULL && after->intent->effect == GRAMMAR_CHARGE)
		buf_puts(out, STR("  (charged)"));
	buf_putc(out, '\n');
	return true;
}
