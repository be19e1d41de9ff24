/*
 * compose.c - see push/compose.h.
 */
#include "push/compose.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "model/money.h"
#include "model/volume.h"
#include "text/segment.h"
#include "text/template.h"
#include "words_priv.h"

enum {
	RENDERED_MAX = 16384, /* octets of one text; far over what segments hold */
	ARENA_MAX = 4 << 20,
	KEY_OCTETS = 64 /* such as arm_a.zh_hans */
};

struct composed {
	struct template *text[CAMPAIGN_ARMS][LANG_COUNT]; /* NULL: none */
	struct str exit[LANG_COUNT],
		signature[LANG_COUNT]; /* exit "": is no commercial */
	unsigned segments_most;
	struct arena arena;
};

static const char *const names[PUSH_VARIABLES] = {
#define X(constant, name, most) [PUSH_VAR_##constant] = (name),
	PUSH_VARIABLE_LIST(X)
#undef X
};

static const size_t longest[PUSH_VARIABLES] = {
#define X(constant, name, most) [PUSH_VAR_##constant] = (most),
	PUSH_VARIABLE_LIST(X)
#undef X
};

/* Written in Chinese characters where the text is; the others are figures. */
static const bool has_words[PUSH_VARIABLES] = { [PUSH_VAR_NAME] = true,
	                                        [PUSH_VAR_REASON] = true,
	                                        [PUSH_VAR_GIFT] = true,
	                                        [PUSH_VAR_UNTIL] = true,
	                                        [PUSH_VAR_PACKAGE] = true };

static const char *const keys[LANG_COUNT] = { "zh_hans", "zh_hant", "en" };

/* ---- rendering ---- */

static bool ends_sentence(struct str s)
{
	static const char *const ends[] = { "。", "！", "？", "；", "，",
		                            ".",  "!",  "?",  ";",  "," };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const struct str end = str_of(ends[i]);

		if (str_ends(s, end))
			return true;
	}
	return false;
}

static void put_end(const struct composed *c, enum language l, size_t from,
                    struct buf *out)
{
	const struct str text = { out->p + from, out->n - from };

	if (c->exit[l].n > 0) {
		if (!ends_sentence(text))
			buf_puts(out, l == LANG_EN ? STR(".") : STR("，"));
		if (l == LANG_EN)
			buf_putc(out, ' ');
		buf_puts(out, c->exit[l]);
	}
	if (l == LANG_EN)
		buf_putc(out, ' ');
	buf_puts(out, c->signature[l]);
}

enum language compose_language(const struct composed *c, unsigned arm, enum language l)
{
	assert(arm < CAMPAIGN_ARMS);
	return c->text[arm][l] != NULL ? l : LANG_ZH_HANS;
}

unsigned compose_render(const struct composed *c, unsigned arm, enum language language,
                        const struct str values[PUSH_VARIABLES], struct buf *out)
{
	const enum language l = compose_language(c, arm, language);
	const size_t from = out->n;
	struct str v[PUSH_VARIABLES];
	unsigned n;

	assert(c->text[arm][l] != NULL);
	memcpy(v, values, sizeof(v));
	if (v[PUSH_VAR_REPLY].p == NULL)
		v[PUSH_VAR_REPLY] = STR("1");
	template_render(c->text[arm][l], v, out);
	put_end(c, l, from, out);
	if (out->failed)
		return 0;
	n = segment_count((struct str){ out->p + from, out->n - from }, false, true);
	return n <= c->segments_most ? n : 0;
}

uint32_t compose_needs(const struct composed *c, unsigned arm, enum language language)
{
	return template_needs(c->text[arm][compose_language(c, arm, language)]);
}

const char *compose_name(enum push_variable v)
{
	return v < PUSH_VARIABLES ? names[v] : NULL;
}

void compose_values(const struct package *p, enum language language, struct arena *a,
                    struct str values[PUSH_VARIABLES])
{
	values[PUSH_VAR_NAME] = package_name(p, language);
	values[PUSH_VAR_FEE] = money_short(a, p->fee_fen);
	if (p->data_kib > 0)
		values[PUSH_VAR_VOLUME] = volume_text(a, p->data_kib);
}

/* ---- what law and house ask for ---- */

struct text_case {
	const struct campaign *c;
	const struct push_rules *rules;
	struct str text;
	enum language language;
	unsigned arm;
	const struct composed *made;
	const struct template *template;
	struct arena *a;
	struct buf *why; /* what is wrong with it, and what to do */
};

static bool uses(const struct text_case *t, enum push_variable v)
{
	return (template_uses(t->template) >> v & 1U) != 0;
}

/* The exit and the signature are put behind each text; twice is once too often. */
static bool ends_itself(const struct text_case *t)
{
	for (int l = 0; l < LANG_COUNT; l++) {
		const struct str own[] = { t->rules->exit[l], t->rules->signature[l] };

		for (size_t i = 0; i < 2; i++) {
			if (str_find(t->text, own[i]) == SIZE_MAX)
				continue;
			buf_printf(t->why,
			           "\"%.*s\" is put behind every text by itself; take it "
			           "out",
			           STR_ARG(own[i]));
			return true;
		}
	}
	return false;
}

static bool names_price(const struct text_case *t)
{
	const struct blemish b = words_price(t->text, t->a);

	if (b.column == 0)
		return false;
	buf_printf(t->why,
	           "column %zu: \"%.*s\": a price comes from the table of packages only; "
	           "write {fee}, {price} or {saving}",
	           b.column, STR_ARG(b.what));
	return true;
}

static bool promises(const struct text_case *t)
{
	const struct blemish b = words_refused(t->rules, t->text, t->a);

	if (b.column == 0)
		return false;
	buf_printf(
		t->why,
		"column %zu: \"%.*s\" is refused by words.refused of push.conf; say it "
		"in figures, or leave it out",
		b.column, STR_ARG(b.what));
	return true;
}

static bool has_offer(const struct campaign *c)
{
	return c->n_offers > 0 || c->kind == CAMPAIGN_KIND_MATCH ||
	       c->kind == CAMPAIGN_KIND_CROSS;
}

static bool hides_the_way(const struct text_case *t)
{
	static const char *const ways[] = { "回复1", "回覆1", "回復1", "reply 1",
		                            "Reply 1" };

	if (!has_offer(t->c) || uses(t, PUSH_VAR_REPLY))
		return false;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (str_find(t->text, str_of(ways[i])) != SIZE_MAX)
			return false;
	buf_printf(t->why, "it does not say how to take the offer; add \"%s\"",
	           t->language == LANG_EN ? "Reply {reply}" : "回复{reply}办理");
	return true;
}

/* A notice that sells is a commercial text. */
static bool sells_unsaid(const struct text_case *t)
{
	static const enum push_variable selling[] = { PUSH_VAR_NAME, PUSH_VAR_FEE,
		                                      PUSH_VAR_SAVING };

	if (campaign_kind_sells(t->c->kind))
		return false;
	for (size_t i = 0; i < sizeof(selling) / sizeof(selling[0]); i++) {
		if (!uses(t, selling[i]))
			continue;
		buf_printf(
			t->why,
			"{%s}: a notice or survey that offers something is commercial; "
			"take it out, or name another campaign.kind",
			names[selling[i]]);
		return true;
	}
	return false;
}

#define BIT(v) (UINT32_C(1) << PUSH_VAR_##v)
#define ALWAYS (BIT(PACKAGE) | BIT(REPLY) | BIT(UNTIL) | BIT(SAVING) | BIT(REASON))
#define GOODS  (BIT(NAME) | BIT(FEE) | BIT(VOLUME))

/* What is known of an offer of each kind. */
static const uint32_t known[CAMPAIGN_KINDS] = {
	[CAMPAIGN_KIND_MATCH] = ALWAYS | GOODS,
	[CAMPAIGN_KIND_CROSS] = ALWAYS | GOODS | BIT(DAYS),
	[CAMPAIGN_KIND_TRIAL] = ALWAYS | GOODS | BIT(DAYS),
	[CAMPAIGN_KIND_FLASH] = ALWAYS | BIT(NAME) | BIT(VOLUME) | BIT(PRICE) |
	                        BIT(POINTS) | BIT(DAYS) | BIT(LEFT),
	[CAMPAIGN_KIND_COUPON] = ALWAYS | BIT(NAME) | BIT(POINTS) | BIT(DAYS),
	[CAMPAIGN_KIND_GIFT] = ALWAYS | GOODS | BIT(GIFT) | BIT(POINTS) | BIT(DAYS),
	[CAMPAIGN_KIND_BROADCAST] = ALWAYS | GOODS,
	[CAMPAIGN_KIND_CARE] = ALWAYS,
	[CAMPAIGN_KIND_SURVEY] = ALWAYS,
};

static void put_known(uint32_t bits, struct buf *out)
{
	for (unsigned v = 0; v < PUSH_VARIABLES; v++)
		if ((bits >> v & 1U) != 0)
			buf_printf(out, " {%s}", names[v]);
}

/* A broadcast may offer nothing. */
static bool is_not_known(const struct text_case *t)
{
	const enum campaign_kind k = t->c->kind;
	const uint32_t may = (k == CAMPAIGN_KIND_BROADCAST && t->c->n_offers == 0
	                              ? ALWAYS
	                              : known[k]) |
	                     (t->c->link.n > 0 ? BIT(LINK) : 0);
	const uint32_t lost = template_uses(t->template) & ~may;

	for (unsigned v = 0; v < PUSH_VARIABLES; v++) {
		if ((lost >> v & 1U) == 0)
			continue;
		buf_printf(t->why,
		           "{%s} is not known of what a %s offers: write it out, or use",
		           names[v], campaign_kind_name(k));
		put_known(may, t->why);
		return true;
	}
	return false;
}

/* Others would wait for uses of what nobody was shown. */
static bool hides_the_link(const struct text_case *t)
{
	if (t->c->link.n == 0 || uses(t, PUSH_VAR_LINK))
		return false;
	buf_puts(t->why, STR("it does not show content.link: write {link} where it goes, "
	                     "or take content.link out"));
	return true;
}

static struct str repeated(struct arena *a, struct str s, size_t octets)
{
	const size_t n = octets / s.n;
	char *p = arena_alloc(a, n * s.n + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(p + i * s.n, s.p, s.n);
	return (struct str){ p, n * s.n };
}

/* With every variable at its longest. */
static bool can_be_too_long(const struct text_case *t)
{
	const struct composed *c = t->made;
	struct buf b = buf_make(RENDERED_MAX);
	struct str v[PUSH_VARIABLES];
	unsigned n;

	for (unsigned i = 0; i < PUSH_VARIABLES; i++)
		if (i != PUSH_VAR_LINK)
			v[i] = repeated(t->a,
			                has_words[i] && t->language != LANG_EN ? STR("国")
			                                                       : STR("8"),
			                longest[i]);
	v[PUSH_VAR_LINK] = compose_link(t->c, repeated(t->a, STR("8"), HANDOFF_TOKEN),
	                                t->a);
	n = compose_render(c, t->arm, t->language, v, &b);
	if (n == 0)
		buf_printf(t->why,
		           "with its variables at their longest it takes %u messages, "
		           "limit.segments allows %u; shorten it",
		           b.failed ? 255 : segment_count(buf_str(&b), false, true),
		           c->segments_most);
	buf_free(&b);
	return n == 0;
}

static bool (*const checks[])(const struct text_case *t) = {
	ends_itself,  names_price,  promises,       hides_the_way,
	sells_unsaid, is_not_known, hides_the_link, can_be_too_long,
};

/* ---- compiling ---- */

enum err compose_complain(const struct campaign *c, unsigned arm, enum language l,
                          const struct faults *faults, const char *fmt, ...)
{
	struct fault what = { .text = "" };
	struct buf key = buf_make(KEY_OCTETS);
	enum err e;
	va_list ap;

	buf_printf(&key, "arm_%.*s.%s", STR_ARG(c->arm[arm].name), keys[l]);
	va_start(ap, fmt);
	(void)vsnprintf(what.text, sizeof(what.text), fmt, ap);
	va_end(ap);
	e = campaign_complain(c, buf_str(&key), ERR_RANGE, faults, "%s: %s",
	                      buf_cstr(&key), what.text);
	buf_free(&key);
	return e;
}

static enum err judge(struct text_case *t, const struct faults *faults)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		buf_reset(t->why);
		if (checks[i](t))
			e = compose_complain(t->c, t->arm, t->language, faults, "%s",
			                     buf_cstr(t->why));
	}
	return e;
}

static enum err add_text(struct composed *made, const struct campaign *c,
                         const struct push_rules *r, unsigned arm, enum language l,
                         const struct faults *faults)
{
	const struct str text = c->arm[arm].text[l];
	struct buf why = buf_make(400);
	struct text_case t = { c, r, text, l, arm, made, NULL, &made->arena, &why };
	struct fault syntax = { .text = "" };
	enum err e = template_compile(text, names, PUSH_VARIABLES, &made->text[arm][l],
	                              &syntax);

	t.template = made->text[arm][l];
	if (e == ERR_OK)
		e = judge(&t, faults);
	else
		e = compose_complain(c, arm, l, faults, "%s", syntax.text);
	buf_free(&why);
	return e;
}

enum err compose_make(const struct campaign *c, const struct push_rules *r,
                      struct composed **out, const struct faults *faults)
{
	struct composed *made = xcalloc(1, sizeof(*made));
	enum err e = ERR_OK;

	made->arena = arena_make(ARENA_MAX);
	made->segments_most = c->segments_most;
	for (int l = 0; l < LANG_COUNT; l++) {
		made->signature[l] = arena_str(&made->arena, r->signature[l]);
		if (campaign_kind_sells(c->kind))
			made->exit[l] = arena_str(&made->arena, r->exit[l]);
	}
	for (unsigned i = 0; i < c->n_arms; i++)
		for (int l = 0; l < LANG_COUNT; l++)
			if (c->arm[i].text[l].n > 0)
				e = err_first(e, add_text(made, c, r, i, (enum language)l,
				                          faults));
	if (e == ERR_OK)
		*out = made;
	else
		compose_free(made);
	return e;
}

void compose_free(struct composed *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < CAMPAIGN_ARMS; i++)
		for (size_t l = 0; l < LANG_COUNT; l++)
			template_destroy(c->text[i][l]);
	arena_free(&c->arena);
	free(c);
}
