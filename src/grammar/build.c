/*
 * build.c - what each keyword of a .gram file does.
 *
 * Keywords are handled in passes, so that a rule may use a word list or an
 * intent that stands in a later file.
 */
#include <stdarg.h>
#include <stdio.h>

#include "build.h"
#include "match_priv.h"
#include "slot.h"

enum {
	ARENA_SOFT = 96 << 20 /* octets; beyond it a load is refused */
};

static void report(struct build *b, const struct line *l, const char *mark,
                   const char *text)
{
	if (b->report == NULL || b->errors + b->warnings > MAX_COMPLAINTS)
		return;
	buf_printf(b->report, "%s:%u: %s%s\n", l->file, l->no, mark, text);
}

void complain(struct build *b, const struct line *l, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	b->errors++;
	fault_set(b->fault, "%s:%u: %s", l->file, l->no, text);
	report(b, l, "", text);
}

void warn(struct build *b, const struct line *l, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	b->warnings++;
	report(b, l, "warning ", text);
}

struct intent *build_intent_find(const struct build *b, struct str name)
{
	for (size_t i = 0; i < b->g->n_intents; i++)
		if (str_eq(name, str_of(b->g->intent[i]->pub.name)))
			return b->g->intent[i];
	return NULL;
}

struct slot_type *build_type_find(const struct build *b, struct str name)
{
	for (size_t i = 0; i < b->g->n_types; i++)
		if (str_eq(name, b->g->type[i]->name))
			return b->g->type[i];
	return NULL;
}

struct word *build_word_find(const struct build *b, struct str name)
{
	for (size_t i = 0; i < b->g->n_words; i++)
		if (str_eq(name, b->g->word[i]->name))
			return b->g->word[i];
	return NULL;
}

struct str build_fold(struct build *b, struct str text, bool squeeze)
{
	struct folded typed, other;
	struct folded *f = &typed;
	size_t n = 0;

	fold_text(b->g->fold, text, &typed);
	if (same_words(b->g, &typed, &other))
		f = &other;
	for (size_t i = 0; i < f->n; i++)
		if (!squeeze || f->p[i] != FOLD_SEP)
			f->p[n++] = f->p[i];
	return arena_str(&b->g->arena, (struct str){ f->p, n });
}

static void forbid_mark(struct build *b, const struct word *w, struct str text)
{
	struct grammar *g = b->g;
	size_t i = 0;

	while (i < g->n_marks && !str_eq(g->mark[i].text, text))
		i++;
	if (i == MAX_MARKS) {
		complain(b, w->line, "at most %d marks", MAX_MARKS);
		return;
	}
	if (i == g->n_marks)
		g->mark[g->n_marks++] = (struct mark){ text, 0 };
	g->mark[i].lists |= w->bit;
}

static void forbid_word(struct build *b, const struct word *w, struct str text)
{
	uint32_t *value = trie_value(&b->g->forbid, text);

	if (*value == 0) {
		if (b->g->n_forbids == MAX_ANCHORS) {
			complain(b, w->line, "at most %d words that forbid", MAX_ANCHORS);
			return;
		}
		*value = (uint32_t)++b->g->n_forbids;
	}
	b->g->forbids[*value - 1] |= w->bit;
}

static void forbid_list(struct build *b, struct word *w)
{
	if (w->bit != 0)
		return;
	if (b->g->n_forbid_lists == MAX_FORBID) {
		complain(b, w->line, "at most %d lists can forbid", MAX_FORBID);
		return;
	}
	w->bit = (uint64_t)1 << b->g->n_forbid_lists++;
	for (size_t i = 0; i < w->n_plain; i++)
		(w->plain[i].mark ? forbid_mark : forbid_word)(b, w, w->plain[i].text);
}

uint64_t build_forbid(struct build *b, const struct line *l, struct str rest)
{
	struct str name;
	uint64_t bits = 0;

	while (source_word(&rest, &name)) {
		struct word *w = build_word_find(b, name);

		if (w == NULL || w->n_plain == 0) {
			complain(
				b, l,
				"expected the name of a word list without brackets, not %.*s",
				STR_ARG(name));
			continue;
		}
		forbid_list(b, w);
		bits |= w->bit;
	}
	return bits;
}

bool build_number(struct str *rest, unsigned max, unsigned *out)
{
	struct str word;
	int64_t v;

	if (!source_word(rest, &word) || str_i64(word, &v) != ERR_OK || v < 0 || v > max)
		return false;
	*out = (unsigned)v;
	return true;
}

enum level {
	TOP,
	INTENT,
	CONTEXT
};
enum {
	PASSES = 4
};

/* clang-format off */
static const struct keyword {
	const char *name;
	enum level level;
	unsigned pass; /* in which it is handled */
	void (*handle)(struct build *b, const struct line *l);
} keywords[] = {
	{ "grammar",  TOP,     0, define_grammar },
	{ "revision", TOP,     0, define_revision },
	{ "today",    TOP,     0, define_today },
	{ "fold",     TOP,     0, define_fold },
	{ "same",     TOP,     0, define_same },
	{ "sound",    TOP,     0, define_sound },
	{ "slot",     TOP,     0, define_slot },
	{ "word",     TOP,     0, define_word },
	{ "loose",    TOP,     0, define_word },
	{ "skip",     TOP,     0, define_skip },
	{ "keep",     TOP,     0, define_keep },
	{ "carrier",  TOP,     0, define_carrier },
	{ "hearsay",  TOP,     0, define_hearsay },
	{ "advert",   TOP,     0, define_advert },
	{ "begging",  TOP,     0, define_begging },
	{ "looking",  TOP,     0, define_looking },
	{ "tail",     TOP,     0, define_tail },
	{ "address",  TOP,     0, define_address },
	{ "trail",    TOP,     0, define_trail },
	{ "filler",   TOP,     1, define_filler },
	{ "preface",  TOP,     1, define_preface },
	{ "postface", TOP,     1, define_preface },
	{ "leftover", TOP,     1, define_leftover },
	{ "reason",   TOP,     1, define_reason },
	{ "lead",     TOP,     0, define_lead },
	{ "asks",     TOP,     0, define_asks },
	{ "link",     TOP,     0, define_link },
	{ "both",     TOP,     0, define_both },
	{ "matter",   TOP,     1, define_matter },
	{ "aside",    TOP,     1, define_aside },
	{ "harmless", TOP,     0, define_harmless },
	{ "wish",     TOP,     0, define_wish },
	{ "sent",     TOP,     1, define_sent },
	{ "sold",     TOP,     1, define_sold },
	{ "suggest",  TOP,     0, define_suggest },
	{ "intent",   TOP,     1, intent_begin },
	{ "context",  TOP,     0, intent_context },
	{ "reserve",  TOP,     2, define_reserve },
	{ "prefer",   TOP,     2, define_prefer },
	{ "others",   TOP,     3, define_others },
	{ "likely",   TOP,     3, define_likely },
	{ "either",   TOP,     3, rule_either },
	{ "offer",    TOP,     3, rule_either },
	{ "unless",   INTENT,  1, intent_unless },
	{ "leftover", INTENT,  1, intent_leftover },
	{ "beside",   INTENT,  1, intent_beside },
	{ "alike",    INTENT,  1, intent_alike },
	{ "own",      INTENT,  1, intent_own },
	{ "need",     INTENT,  2, intent_need },
	{ "confirm",  INTENT,  1, intent_confirm },
	{ "asking",   INTENT,  1, intent_asking },
	{ "code",     INTENT,  2, rule_code },
	{ "newcode",  INTENT,  2, rule_code },
	{ "say",      INTENT,  2, rule_say },
	{ "en",       INTENT,  2, rule_say },
	{ "about",    INTENT,  2, rule_about },
	{ "ok",       INTENT,  2, rule_example },
	{ "no",       INTENT,  2, rule_example },
	{ "yes",      CONTEXT, 2, rule_context },
	{ "no",       CONTEXT, 2, rule_context },
	{ "soft",     CONTEXT, 2, rule_context },
	{ "pick",     CONTEXT, 2, rule_context },
};
/* clang-format on */

static const struct keyword *keyword_find(struct str name, enum level level)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (keywords[i].level == level && str_eq(name, str_of(keywords[i].name)))
			return &keywords[i];
	return NULL;
}

static void enter(struct build *b, const struct line *l, unsigned pass)
{
	b->intent = NULL;
	b->context = NULL;
	if (str_eq(l->key, STR("context")))
		b->context = intent_context_name(l->rest);
	else if (str_eq(l->key, STR("intent")) && pass != 1)
		intent_enter(b, l);
}

static void handle_line(struct build *b, const struct line *l, unsigned pass,
                        enum level *level)
{
	const struct keyword *k;

	if (!l->member) {
		enter(b, l, pass);
		*level = str_eq(l->key, STR("intent"))    ? INTENT
		         : str_eq(l->key, STR("context")) ? CONTEXT
		                                          : TOP;
	}
	k = keyword_find(l->key, l->member ? *level : TOP);
	if (k == NULL || (l->member && *level == TOP)) {
		if (pass == 0)
			complain(
				b, l,
				l->member
					? "expected a member of the intent or context above, "
					  "not \"%.*s\""
					: "expected a keyword such as intent, word or slot, "
					  "not \"%.*s\"",
				STR_ARG(l->key));
		return;
	}
	/* A member whose head was refused is passed over. */
	if (k->pass == pass && (k->level != INTENT || b->intent != NULL) &&
	    (k->level != CONTEXT || b->context != NULL))
		k->handle(b, l);
}

/* The list NUMERAL: any number, for about lines. */
static void add_numeral(struct build *b)
{
	struct word *w = arena_new(&b->g->arena, struct word);

	*w = (struct word){ .name = STR("NUMERAL"),
		            .plain = arena_new(&b->g->arena, struct plain),
		            .n_plain = 1 };
	w->plain->text = STR(NUMERAL);
	b->g->word[b->g->n_words++] = w;
}

void build_all(struct build *b)
{
	add_numeral(b);
	for (unsigned pass = 0; pass < PASSES; pass++) {
		enum level level = TOP;

		for (size_t i = 0; i < b->n_lines; i++) {
			if (b->g->arena.used > ARENA_SOFT) {
				complain(b, b->line[i], "the grammar is too large");
				return;
			}
			handle_line(b, b->line[i], pass, &level);
		}
	}
	rules_full(b);
	near_build(b);
	likely_build(b);
}
