/*
 * check.c - what forbids to submit a campaign, and the hash of what is approved.
 */
#include <inttypes.h>
#include <sodium.h>

#include "push/campaign.h"
#include "push/compose.h"
#include "push/rules.h"

enum {
	WHOLE_BP = 10000,
	HASH_OCTETS = CAMPAIGN_HASH / 2,
	TERMS_MAX = 1 << 16, /* octets of one package's terms; codes are short */
	VALUES_MAX = 1 << 16
};

struct checking {
	const struct campaign *c;
	const struct push_rules *rules;
	const struct catalogue *packages;
	const struct tools *tools;
	int64_t now;
	const struct faults *faults;
};

static enum err check_end(const struct checking *k)
{
	if (k->c->until > k->now)
		return ERR_OK;
	return campaign_complain(k->c, STR("time.until"), ERR_RANGE, k->faults,
	                         "time.until is over; name a later day");
}

static enum err check_hours(const struct checking *k)
{
	const struct campaign *c = k->c;
	const struct push_rules *r = k->rules;

	if (c->from_min >= r->from_min && c->to_min <= r->to_min)
		return ERR_OK;
	return campaign_complain(
		k->c, STR("time.hours"), ERR_RANGE, k->faults,
		"time.hours goes beyond the hours of the house, %02d:%02d-%02d:%02d: stay "
		"within",
		r->from_min / 60, r->from_min % 60, r->to_min / 60, r->to_min % 60);
}

static bool is_named_before(const struct campaign *c, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (str_eq(c->offer[j], c->offer[i]))
			return true;
	return false;
}

static enum err check_package(const struct checking *k, struct str code)
{
	const struct package *p = catalogue_find(k->packages, code);

	if (p != NULL && p->on_sale)
		return ERR_OK;
	return campaign_complain(
		k->c, STR("offer.codes"), p == NULL ? ERR_NOT_FOUND : ERR_RANGE,
		k->faults, "offer.codes: %.*s %s; name one that is on sale",
		STR_ARG(code),
		p == NULL ? "is no package of the store" : "is not on sale");
}

static enum err no_such_tool(const struct checking *k, struct str code)
{
	struct buf known = buf_make(400);

	for (const struct tool *t = NULL;
	     (t = ware_next(k->c->kind, k->tools, t)) != NULL;)
		buf_printf(&known, " %.*s", STR_ARG(t->code));
	(void)campaign_complain(
		k->c, STR("offer.codes"), ERR_NOT_FOUND, k->faults,
		"offer.codes: %.*s is nothing that a %s offers; tools.conf has%s",
		STR_ARG(code), campaign_kind_name(k->c->kind),
		known.n > 0 ? buf_cstr(&known) : " none");
	buf_free(&known);
	return ERR_NOT_FOUND;
}

static enum err check_tool(const struct checking *k, struct str code)
{
	struct ware w;

	if (!ware_find(k->c->kind, code, k->packages, k->tools, &w))
		return no_such_tool(k, code);
	if (w.tool->kind == TOOL_TRIAL || w.tool->kind == TOOL_GIFT)
		return check_package(k, w.tool->what);
	if (w.tool->until == 0 || k->c->until <= w.tool->until)
		return ERR_OK;
	return campaign_complain(
		k->c, STR("offer.codes"), ERR_RANGE, k->faults,
		"offer.codes: %.*s ends before time.until (tools.conf: until); "
		"end the campaign before it",
		STR_ARG(code));
}

static enum err check_offer(const struct checking *k, size_t i)
{
	const struct str code = k->c->offer[i];

	if (is_named_before(k->c, i))
		return campaign_complain(k->c, STR("offer.codes"), ERR_RANGE, k->faults,
		                         "offer.codes names %.*s twice: once is enough",
		                         STR_ARG(code));
	return ware_is_tool(k->c->kind) ? check_tool(k, code) : check_package(k, code);
}

static enum err check_offers(const struct checking *k)
{
	const struct campaign *c = k->c;
	const bool needs = campaign_kind_sells(c->kind) &&
	                   c->kind != CAMPAIGN_KIND_MATCH &&
	                   c->kind != CAMPAIGN_KIND_CROSS &&
	                   c->kind != CAMPAIGN_KIND_BROADCAST;
	enum err e = ERR_OK;

	if (needs && c->n_offers == 0)
		return campaign_complain(k->c, STR("offer.codes"), ERR_RANGE, k->faults,
		                         "offer.codes is empty: name what a %s offers",
		                         campaign_kind_name(c->kind));
	for (size_t i = 0; i < c->n_offers; i++)
		e = err_first(e, check_offer(k, i));
	return e;
}

/* It reads as "nobody", and would be "everybody". */
static enum err check_limits(const struct checking *k)
{
	if (k->c->nought == NULL)
		return ERR_OK;
	return campaign_complain(
		k->c, str_of(k->c->nought), ERR_RANGE, k->faults,
		"%s = \"0\" would limit nothing: take it out, or say how much there "
		"is; for nobody, pause or stop the campaign",
		k->c->nought);
}

/* Who is in the universal group is in no other. */
static enum err check_held(const struct checking *k)
{
	const unsigned u = k->rules->universal_bp,
		       held = u + (WHOLE_BP - u) * k->c->control_bp / WHOLE_BP;

	if (!campaign_kind_sells(k->c->kind) || held >= CAMPAIGN_HELD_LEAST_BP)
		return ERR_OK;
	return campaign_complain(
		k->c, STR("audience.control"), ERR_RANGE, k->faults,
		"audience.control: %u.%02u %% are held out with those of push.conf, at least "
		"%d %% are needed to see what it brings: raise it",
		held / 100, held % 100, CAMPAIGN_HELD_LEAST_BP / 100);
}

static enum err check_text(const struct checking *k, const struct composed *made,
                           struct str code, unsigned arm, enum language l,
                           const struct str values[PUSH_VARIABLES])
{
	const uint32_t needs = compose_needs(made, arm, l);
	enum err e = ERR_OK;

	for (unsigned v = 0; v < PUSH_VARIABLES; v++) {
		if ((needs >> v & 1U) == 0 || values[v].p != NULL ||
		    v == PUSH_VAR_PACKAGE)
			continue;
		e = compose_complain(
			k->c, arm, l, k->faults,
			"{%s}: %.*s has none; put it into [ ] with its words, or make a "
			"campaign of its own for %.*s",
			compose_name((enum push_variable)v), STR_ARG(code),
			STR_ARG(code));
	}
	return e;
}

/* Texts may name what only some offers have in [ ] alone. */
static enum err check_values(const struct checking *k, const struct composed *made,
                             struct str code)
{
	static const struct str own = { "0", 1 }; /* known of each target, or not */
	const struct target_row target = {
		.offer = code, .command = own, .why = own, .saving = own
	};
	static const uint8_t salt[CAMPAIGN_SALT]; /* any */
	struct arena a = arena_make(VALUES_MAX);
	struct str values[PUSH_VARIABLES];
	enum err e = ERR_OK;

	compose_target(&(struct compose_case){ .campaign = k->c,
	                                       .target = &target,
	                                       .salt = salt,
	                                       .packages = k->packages,
	                                       .tools = k->tools,
	                                       .now = k->now },
	               &a, values);
	for (unsigned i = 0; i < k->c->n_arms; i++)
		for (int l = 0; l < LANG_COUNT; l++)
			if (k->c->arm[i].text[l].n > 0)
				e = err_first(e, check_text(k, made, code, i,
				                            (enum language)l, values));
	arena_free(&a);
	return e;
}

static enum err check_texts(const struct checking *k)
{
	struct composed *made = NULL;
	enum err e = compose_make(k->c, k->rules, &made, k->faults);

	for (size_t i = 0; made != NULL && i < k->c->n_offers; i++)
		e = err_first(e, check_values(k, made, k->c->offer[i]));
	compose_free(made);
	return e;
}

/* of: what is looked at, between commas; nothing is said where some of it was misread. */
static const struct {
	enum err (*look)(const struct checking *k);
	const char *of;
} checks[] = {
	{ check_end, "time.until" },
	{ check_hours, "time.hours" },
	{ check_limits, "" },
	{ check_offers, "campaign.kind,offer.codes" },
	{ check_held, "campaign.kind,audience.control" },
	{ check_texts, "campaign.kind,offer.codes,content.link,limit.segments" },
};

static bool is_readable(const struct campaign *c, const char *of)
{
	struct str rest = str_of(of), key;

	while (str_cut(&rest, ',', &key))
		if (campaign_misread(c, key))
			return false;
	return true;
}

enum err campaign_check(const struct campaign *c, const struct push_rules *r,
                        const struct catalogue *packages, const struct tools *tools,
                        int64_t now, const struct faults *faults)
{
	const struct checking k = { c, r, packages, tools, now, faults };
	enum err e = ERR_OK;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (is_readable(c, checks[i].of))
			e = err_first(e, checks[i].look(&k));
	return e;
}

/* ---- the hash ---- */

/* With its length before it, so that no two lists of texts are one. */
static void add_text(crypto_generichash_state *s, struct str text)
{
	const uint64_t n = text.n;

	(void)crypto_generichash_update(s, (const uint8_t *)&n, sizeof(n));
	(void)crypto_generichash_update(s, (const uint8_t *)text.p, text.n);
}

/* What is promised of it. */
static void add_package(crypto_generichash_state *s, const struct package *p)
{
	struct arena a = arena_make(TERMS_MAX);

	add_text(s, package_terms(p, &a));
	add_text(s, p->name_zh);
	add_text(s, p->name_en);
	if (p->name_hant.n > 0)
		add_text(s, p->name_hant);
	add_text(s, p->on_sale ? STR("on sale") : STR(""));
	arena_free(&a);
}

/* All that it says to its buyer. */
static void add_tool(crypto_generichash_state *s, const struct tool *t)
{
	const int64_t figures[] = { t->kind,   t->gives, t->amount, t->points, t->fen,
		                    t->days,   t->odds,  t->stock,  t->every,  t->limit,
		                    t->months, t->from,  t->until };

	add_text(s, t->code);
	add_text(s, t->what.p != NULL ? t->what : STR(""));
	for (int l = 0; l < TOOL_NAMES; l++)
		add_text(s, t->name[l]);
	(void)crypto_generichash_update(s, (const uint8_t *)figures, sizeof(figures));
}

static void add_wares(crypto_generichash_state *s, const struct campaign *c,
                      const struct catalogue *packages, const struct tools *tools)
{
	struct ware w;

	for (size_t i = 0; i < c->n_offers; i++) {
		if (!ware_find(c->kind, c->offer[i], packages, tools, &w) ||
		    w.tool == NULL)
			continue;
		add_tool(s, w.tool);
		if (w.package != NULL && !str_eq(w.package->code, c->offer[i]))
			add_package(s, w.package);
	}
}

/* Those that it may offer: the ones it names, else all on sale where it chooses itself. */
static bool may_offer(const struct campaign *c, const struct package *p)
{
	for (size_t i = 0; i < c->n_offers; i++)
		if (str_eq(c->offer[i], p->code))
			return true;
	return c->n_offers == 0 && p->on_sale &&
	       (c->kind == CAMPAIGN_KIND_MATCH || c->kind == CAMPAIGN_KIND_CROSS);
}

void campaign_hash(struct str text, const struct campaign *c, const struct push_rules *r,
                   const struct catalogue *packages, const struct tools *tools,
                   char out[CAMPAIGN_HASH + 1])
{
	crypto_generichash_state s;
	uint8_t hash[HASH_OCTETS];

	(void)crypto_generichash_init(&s, NULL, 0, sizeof(hash));
	add_text(&s, text);
	add_text(&s, r->version);
	for (int l = 0; l < LANG_COUNT; l++) {
		add_text(&s, r->exit[l]);
		add_text(&s, r->signature[l]);
	}
	for (size_t i = 0; i < packages->n; i++)
		if (may_offer(c, &packages->package[i]))
			add_package(&s, &packages->package[i]);
	add_wares(&s, c, packages, tools);
	(void)crypto_generichash_final(&s, hash, sizeof(hash));
	(void)sodium_bin2hex(out, CAMPAIGN_HASH + 1, hash, sizeof(hash));
}
