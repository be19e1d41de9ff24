/*
 * intent.c - the head of an intent or context, and its members that are no rules.
 */
#include "build.h"

static bool read_effect(struct str s, enum grammar_effect *out)
{
	for (enum grammar_effect e = GRAMMAR_READ; e <= GRAMMAR_CHARGE; e++) {
		if (str_eq(s, str_of(grammar_effect_name(e)))) {
			*out = e;
			return true;
		}
	}
	return false;
}

void intent_begin(struct build *b, const struct line *l)
{
	struct str rest = l->rest, name = { 0 }, word = { 0 };
	struct intent *it = arena_new(&b->g->arena, struct intent);
	enum grammar_effect effect = GRAMMAR_READ;

	b->intent = it;
	if (!source_word(&rest, &name) || !source_word(&rest, &word) ||
	    !str_eq(word, STR("effect")) || !source_word(&rest, &word) ||
	    !read_effect(word, &effect)) {
		complain(b, l, "expected: intent NAME effect read|set|charge");
		return;
	}
	it->pub = (struct grammar_intent){ arena_str(&b->g->arena, name).p, effect,
		                           (unsigned)b->g->n_intents };
	it->line = l;
	it->leftover = effect == GRAMMAR_READ ? b->g->leftover : 0;
	if (b->g->n_intents == MAX_INTENTS || build_intent_find(b, name) != NULL)
		complain(b, l, "expected a new name and at most %d intents", MAX_INTENTS);
	else
		b->g->intent[b->g->n_intents++] = it;
}

/* In later passes: whose members follow. */
void intent_enter(struct build *b, const struct line *l)
{
	struct str rest = l->rest, name = { 0 };

	(void)source_word(&rest, &name);
	b->intent = build_intent_find(b, name);
}

const char *intent_context_name(struct str rest)
{
	if (str_eq(rest, STR("confirm full")))
		return "confirm";
	return str_eq(rest, STR("menu full")) ? "menu" : NULL;
}

void intent_context(struct build *b, const struct line *l)
{
	if (intent_context_name(l->rest) == NULL)
		complain(b, l, "expected: context confirm full, or context menu full");
}

void intent_unless(struct build *b, const struct line *l)
{
	b->intent->unless |= build_forbid(b, l, l->rest);
	b->g->refuse |= b->intent->unless;
}

/* Nothing is left over of it, but a clause may stand beside it. */
void intent_beside(struct build *b, const struct line *l)
{
	(void)l;
	b->intent->beside = true;
}

/* It may be carried out on a likeness though it sets something. */
void intent_alike(struct build *b, const struct line *l)
{
	if (b->intent->pub.effect != GRAMMAR_SET)
		complain(b, l,
		         "alike is for effect set: what reads is so anyway, and "
		         "what costs is never");
	b->intent->alike = true;
}

/* It shows figures of the sender; see others.c. */
void intent_own(struct build *b, const struct line *l)
{
	if (b->intent->pub.effect != GRAMMAR_READ)
		complain(b, l, "own is for effect read");
	b->intent->own = true;
}

void intent_leftover(struct build *b, const struct line *l)
{
	struct str rest = l->rest;

	if (!build_number(&rest, 20, &b->intent->leftover) ||
	    (b->intent->leftover > 0 && b->intent->pub.effect == GRAMMAR_CHARGE))
		complain(b, l,
		         "expected: leftover N, at most 20, and 0 for effect charge");
}

/* need SLOT ask menu INTENT: what the hall asks for when the slot is not there. */
void intent_need(struct build *b, const struct line *l)
{
	struct str rest = l->rest, slot, ask = { 0 }, what = { 0 }, intent;

	if (!source_word(&rest, &slot) || !source_word(&rest, &ask) ||
	    !source_word(&rest, &what) || !str_eq(ask, STR("ask")) ||
	    (!str_eq(what, STR("menu")) && !str_eq(what, STR("text")))) {
		complain(b, l,
		         "expected: need SLOT ask menu INTENT, or need SLOT ask text");
		return;
	}
	if (source_word(&rest, &intent) && build_intent_find(b, intent) == NULL)
		complain(b, l, "expected an intent, not %.*s", STR_ARG(intent));
}

/* Nothing, or ttl and minutes, hours or days: ttl 10m, ttl 24h, ttl 1d. */
static bool is_ttl(struct str rest)
{
	struct str word = { 0 }, time = { 0 };
	int64_t n = 0;

	if (!source_word(&rest, &word))
		return true;
	return str_eq(word, STR("ttl")) && source_word(&rest, &time) && time.n > 1 &&
	       strchr("mhd", time.p[time.n - 1]) != NULL &&
	       str_i64((struct str){ time.p, time.n - 1 }, &n) == ERR_OK && n > 0 &&
	       !source_word(&rest, &word);
}

void intent_confirm(struct build *b, const struct line *l)
{
	struct str rest = l->rest, how = { 0 };

	(void)source_word(&rest, &how);
	if ((!str_eq(how, STR("nonce")) && !str_eq(how, STR("penalty")) &&
	     !str_eq(how, STR("pin"))) ||
	    !is_ttl(rest))
		complain(
			b, l,
			"expected: confirm nonce|penalty|pin [ttl TIME], TIME as in 10m, "
			"24h or 1d");
	b->intent->has_confirm = true;
}
