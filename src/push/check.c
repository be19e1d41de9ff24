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
	TERMS_MAX = 1 << 16 /* octets of one package's terms; codes are short */
};

struct checking {
	const struct campaign *c;
	const struct push_rules *rules;
	const struct catalogue *packages;
	int64_t now;
	struct fault *fault;
};

static enum err check_time(const struct checking *k)
{
	const struct campaign *c = k->c;
	const struct push_rules *r = k->rules;

	if (c->until <= k->now) {
		fault_set(k->fault, "time.until is over; name a later day");
		return ERR_RANGE;
	}
	if (c->from_min >= r->from_min && c->to_min <= r->to_min)
		return ERR_OK;
	fault_set(
		k->fault,
		"time.hours goes beyond the hours of the house, %02d:%02d-%02d:%02d: stay "
		"within",
		r->from_min / 60, r->from_min % 60, r->to_min / 60, r->to_min % 60);
	return ERR_RANGE;
}

/* Offers of the other kinds are tools, which the caller knows. */
static bool offers_packages(enum campaign_kind k)
{
	return k == CAMPAIGN_KIND_MATCH || k == CAMPAIGN_KIND_CROSS ||
	       k == CAMPAIGN_KIND_TRIAL || k == CAMPAIGN_KIND_BROADCAST;
}

static bool is_named_before(const struct campaign *c, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (str_eq(c->offer[j], c->offer[i]))
			return true;
	return false;
}

static enum err check_offer(const struct checking *k, size_t i)
{
	const struct str code = k->c->offer[i];
	const struct package *p = catalogue_find(k->packages, code);

	if (is_named_before(k->c, i)) {
		fault_set(k->fault, "offer.codes names %.*s twice: once is enough",
		          STR_ARG(code));
		return ERR_RANGE;
	}
	if (!offers_packages(k->c->kind) || (p != NULL && p->on_sale))
		return ERR_OK;
	fault_set(k->fault, "offer.codes: %.*s %s; name one that is on sale",
	          STR_ARG(code),
	          p == NULL ? "is no package of the store" : "is not on sale");
	return p == NULL ? ERR_NOT_FOUND : ERR_RANGE;
}

static enum err check_offers(const struct checking *k)
{
	const struct campaign *c = k->c;
	const bool needs = campaign_kind_sells(c->kind) &&
	                   c->kind != CAMPAIGN_KIND_MATCH &&
	                   c->kind != CAMPAIGN_KIND_CROSS &&
	                   c->kind != CAMPAIGN_KIND_BROADCAST;
	enum err e = ERR_OK;

	if (needs && c->n_offers == 0) {
		fault_set(k->fault, "offer.codes is empty: name what a %s offers",
		          campaign_kind_name(c->kind));
		return ERR_RANGE;
	}
	for (size_t i = 0; i < c->n_offers && e == ERR_OK; i++)
		e = check_offer(k, i);
	return e;
}

/* Who is in the universal group is in no other. */
static enum err check_held(const struct checking *k)
{
	const unsigned u = k->rules->universal_bp,
		       held = u + (WHOLE_BP - u) * k->c->control_bp / WHOLE_BP;

	if (!campaign_kind_sells(k->c->kind) || held >= CAMPAIGN_HELD_LEAST_BP)
		return ERR_OK;
	fault_set(
		k->fault,
		"audience.control: %u.%02u %% are held out with those of push.conf, at least "
		"%d %% are needed to see what it brings: raise it",
		held / 100, held % 100, CAMPAIGN_HELD_LEAST_BP / 100);
	return ERR_RANGE;
}

static enum err check_texts(const struct checking *k)
{
	struct composed *made = NULL;
	const enum err e = compose_make(k->c, k->rules, &made, k->fault);

	if (e == ERR_OK)
		compose_free(made);
	return e;
}

enum err campaign_check(const struct campaign *c, const struct push_rules *r,
                        const struct catalogue *packages, int64_t now,
                        struct fault *fault)
{
	static enum err (*const checks[])(const struct checking *k) = {
		check_time, check_offers, check_held, check_texts
	};
	const struct checking k = { c, r, packages, now, fault };
	enum err e = ERR_OK;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]) && e == ERR_OK; i++)
		e = checks[i](&k);
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
	add_text(s, p->on_sale ? STR("on sale") : STR(""));
	arena_free(&a);
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
                   const struct catalogue *packages, char out[CAMPAIGN_HASH + 1])
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
	(void)crypto_generichash_final(&s, hash, sizeof(hash));
	(void)sodium_bin2hex(out, CAMPAIGN_HASH + 1, hash, sizeof(hash));
}
