/*
 * faq.c - the question list by words, and the shops of a region.
 */
#include "../desk_priv.h"
#include "base/buf.h"

enum {
	SHOPS = 4,
	PLACES = 8, /* named when a place is none of them */
	ANSWER_OCTETS = 4096
};

/* The operator's own text; {hotline} in it is filled. */
struct hall_answer faq_say(const struct call *c, const struct question *q,
                           const char *outcome)
{
	static const char name[] = "{hotline}";
	struct str rest = q->answer[c->language];
	struct buf b = buf_make(ANSWER_OCTETS);
	struct str text;
	size_t at;

	while ((at = str_find(rest, str_of(name))) != SIZE_MAX) {
		buf_puts(&b, (struct str){ rest.p, at });
		buf_puts(&b, c->hall->conf.hotline);
		rest.p += at + sizeof(name) - 1;
		rest.n -= at + sizeof(name) - 1;
	}
	buf_puts(&b, rest);
	text = arena_str(c->q->arena, buf_str(&b));
	buf_free(&b);
	return (struct hall_answer){ text, outcome };
}

static struct hall_answer choose(const struct call *c, const struct question *const *hit,
                                 size_t n)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < n; i++)
		menu_add(menu, hit[i]->title[c->language],
		         call_command(c, "faq.search", "id", hit[i]->id));
	return call_menu(c, "asked", REPLY_FAQ_MENU, &(struct reply_values){ 0 }, menu);
}

static struct hall_answer answer_faq(const struct call *c)
{
	const struct desk *d = c->hall->conf.desk;
	const struct grammar_slot *id = call_named(c, "id");
	const struct question *hit[DESK_NEAR], *chosen;
	size_t n;

	chosen = id != NULL ? desk_question(d, id->text) : NULL;
	if (chosen != NULL)
		return faq_say(c, chosen, CALL_DONE);
	n = desk_search(d, c->q->text, c->q->arena, hit);
	if (n == 0)
		return call_say(c, CALL_NONE, REPLY_FAQ_NONE, NULL);
	if (n == 1 || call_busy(c))
		return faq_say(c, hit[0], CALL_DONE);
	return choose(c, hit, n);
}

static struct str shop_text(const struct call *c, const struct shop *s)
{
	if (c->language == LANG_EN)
		return arena_printf(c->q->arena, "%.*s (%.*s)", STR_ARG(s->english),
		                    STR_ARG(s->hours));
	const bool hant = c->language == LANG_ZH_HANT;

	return arena_printf(
		c->q->arena, "%.*s（%.*s，%.*s）", STR_ARG(hant ? s->hant_name : s->name),
		STR_ARG(hant ? s->hant_address : s->address), STR_ARG(s->hours));
}

static struct hall_answer say_shops(const struct call *c, const struct shop *const *shop,
                                    size_t n)
{
	struct items items = { .total = n };

	for (; items.n < n; items.n++)
		items.item[items.n] = shop_text(c, shop[items.n]);
	return call_say_list(c, CALL_DONE, REPLY_SHOP_LIST, &(struct reply_values){ 0 },
	                     &items);
}

/* "BEIJING" as it is written: "Beijing". */
static struct str as_written(struct arena *a, struct str key)
{
	char *p = arena_alloc(a, key.n);

	memcpy(p, key.p, key.n);
	for (size_t i = 1; i < key.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z' && key.p[i - 1] != ' ')
			p[i] = (char)(p[i] + ('a' - 'A'));
	return (struct str){ p, key.n };
}

/* The first name of the shop's region in the language of the call, or "". */
static struct str place_of(const struct call *c, const struct shop *s)
{
	if (c->language == LANG_ZH_HANT && s->hant_place.n > 0)
		return s->hant_place;
	for (size_t i = 0; i < s->regions.n; i++) {
		const struct str key = s->regions.key[i];

		if (key.n > 0 &&
		    ((unsigned char)key.p[0] < 0x80) == (c->language == LANG_EN))
			return as_written(c->q->arena, key);
	}
	return STR("");
}

static bool is_among(const struct str *item, size_t n, struct str s)
{
	while (n > 0)
		if (str_eq(item[--n], s))
			return true;
	return false;
}

/* Places in which there are shops, each once. */
static struct str places(const struct call *c)
{
	const struct desk *d = c->hall->conf.desk;
	struct str item[PLACES];
	size_t n = 0;

	for (size_t i = 0; i < d->n_shops && n < PLACES; i++) {
		const struct str place = place_of(c, &d->shop[i]);

		if (place.n > 0 && !is_among(item, n, place))
			item[n++] = place;
	}
	return call_join(c, item, n);
}

static struct hall_answer ask_place(const struct call *c, bool again)
{
	return call_ask(c, DIALOGUE_QUESTION, "text",
	                again ? REPLY_SHOP_WHICH : REPLY_SHOP_ASK,
	                &(struct reply_values){ .list = places(c) });
}

static bool fits_shops(const struct hall *h, const struct hall_question *q,
                       struct str text)
{
	const struct shop *shop[SHOPS];

	return desk_shops(h->conf.desk, text, q->arena, shop, SHOPS) > 0;
}

/* Of the place that the text names; else of the region on record. */
static struct hall_answer answer_shops(const struct call *c)
{
	const struct desk *d = c->hall->conf.desk;
	const struct grammar_slot *text = call_named(c, "text");
	const struct dossier *who = c->q->who;
	const struct str named = text != NULL ? text->text : c->q->text;
	const struct shop *shop[SHOPS];
	size_t n = desk_shops(d, named, c->q->arena, shop, SHOPS);

	if (n == 0 && text == NULL && who->known)
		n = desk_shops(d, who->sub.region, c->q->arena, shop, SHOPS);
	if (n > 0)
		return say_shops(c, shop, n);
	if (d != NULL && d->n_shops > 0 && !call_busy(c))
		return ask_place(c, text != NULL);
	return call_say(c, CALL_NONE, REPLY_SHOP_NONE, NULL);
}

const struct service service_faq = {
	.intent = "faq.search",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_FAQ,
	.answer = answer_faq,
};

const struct service service_shops = {
	.intent = "store.find",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_SHOPS,
	.answer = answer_shops,
	.fits = fits_shops,
};
