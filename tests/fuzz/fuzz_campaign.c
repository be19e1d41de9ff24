/*
 * fuzz_campaign.c - any octets as a campaign's definition: one whose texts can be composed
 * and rendered, or a fault; and the same again gives the same.
 */
#include <stdlib.h>

#include "push/compose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig's scanner forgets a string that the text does not finish. */
const char *__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\nleak:libconfig_yylex";
}

enum {
	MEMORY = 16 << 20,
	NOW = 1795000000 /* November 2026 */
};

static void render(const struct campaign *c, const struct composed *made)
{
	static const struct str values[PUSH_VARIABLES];
	struct buf b = buf_make(1 << 20);

	for (unsigned arm = 0; arm < c->n_arms; arm++)
		for (int l = 0; l < LANG_COUNT; l++) {
			buf_reset(&b);
			(void)compose_render(made, arm, (enum language)l, values, &b);
		}
	buf_free(&b);
}

static void hashed(struct str text, const struct campaign *c, const struct push_rules *r)
{
	const struct catalogue none = { 0 };
	char one[CAMPAIGN_HASH + 1], two[CAMPAIGN_HASH + 1];

	campaign_hash(text, c, r, &none, NULL, one);
	campaign_hash(text, c, r, &none, NULL, two);
	if (strcmp(one, two) != 0 || strlen(one) != CAMPAIGN_HASH)
		abort();
}

static void check(struct str text, const struct campaign *c)
{
	const struct push_rules rules = push_rules_defaults();
	const struct catalogue none = { 0 };
	struct composed *made = NULL;
	struct fault fault = { "" };

	if (c->n_arms == 0 || c->n_arms > CAMPAIGN_ARMS || c->from >= c->until ||
	    c->from_min >= c->to_min || c->n_offers > CAMPAIGN_OFFERS)
		abort();
	hashed(text, c, &rules);
	if (campaign_check(c, &rules, &none, NULL, NOW, FAULTS_FIRST(&fault)) != ERR_OK &&
	    fault.text[0] == '\0')
		abort();
	if (compose_make(c, &rules, &made, FAULTS_FIRST(NULL)) == ERR_OK)
		render(c, made);
	compose_free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str text = { (const char *)data, size };
	struct arena a = arena_make(MEMORY);
	struct fault fault = { "" };
	struct campaign c;

	if (campaign_parse("fuzz", text, &a, &c, &fault) == ERR_OK)
		check(text, &c);
	else if (fault.text[0] == '\0')
		abort();
	arena_free(&a);
	return 0;
}
