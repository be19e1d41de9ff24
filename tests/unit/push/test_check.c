/*
 * test_check.c - what forbids to submit a campaign, what a hash is of, and the examples of
 * etc/campaigns over the packages of a synthetic hall.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../../src/cmd/populate_priv.h"
#include "push/campaign.h"
#include "push/compose.h"
#include "push/rules.h"
#include "support/suite.h"

static struct arena arena;
static struct push_rules rules;
static struct catalogue packages;
static int64_t now;

static int by_code(const void *a, const void *b)
{
	return str_cmp(((const struct package *)a)->code,
	               ((const struct package *)b)->code);
}

static void set_up(void)
{
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	ck_assert_int_eq(civil_parse_time(STR("2026-11-22 12:00:00"), &now), ERR_OK);
	arena = arena_make(1 << 24);
	rules = push_rules_defaults();
	packages.n = populate_n_packages;
	packages.package = arena_array(&arena, struct package, packages.n);
	memcpy(packages.package, populate_packages, packages.n * sizeof(struct package));
	qsort(packages.package, packages.n, sizeof(struct package), by_code);
}

static void tear_down(void)
{
	arena_free(&arena);
}

static struct campaign good(void)
{
	struct campaign c = { .kind = CAMPAIGN_KIND_BROADCAST,
		              .offer = { STR("LLB10") },
		              .n_offers = 1,
		              .offer_days = 7,
		              .from_min = 600,
		              .to_min = 1200,
		              .control_bp = 500,
		              .segments_most = 2,
		              .n_arms = 1 };

	c.from = now;
	c.until = now + 86400;
	c.arm[0] = (struct campaign_arm){ .name = STR("a"),
		                          .share_bp = 10000,
		                          .text = { STR("{name}，回复{reply}") } };
	return c;
}

static void over(struct campaign *c)
{
	c->until = now;
}
static void early(struct campaign *c)
{
	c->from_min = 539;
}
static void late(struct campaign *c)
{
	c->to_min = 1231;
}
static void unknown(struct campaign *c)
{
	c->offer[0] = STR("LLB11");
}
static void off_sale(struct campaign *c)
{
	c->offer[0] = STR("28V3");
}
static void twice(struct campaign *c)
{
	c->offer[c->n_offers++] = STR("LLB10");
}
static void trial_of_nothing(struct campaign *c)
{
	c->kind = CAMPAIGN_KIND_TRIAL;
	c->n_offers = 0;
}
static void none_held(struct campaign *c)
{
	c->control_bp = 306; /* with 2 % of the year 4.99 % */
}
static void bad_text(struct campaign *c)
{
	c->arm[0].text[LANG_ZH_HANS] = STR("{name}");
}

static const struct {
	void (*spoil)(struct campaign *c);
	const char *says;
} faults[] = {
	{ over, "time.until is over" },
	{ early, "time.hours goes beyond the hours of the house, 09:00-20:30" },
	{ late, "time.hours goes beyond" },
	{ unknown, "offer.codes: LLB11 is no package of the store" },
	{ off_sale, "offer.codes: 28V3 is not on sale" },
	{ twice, "offer.codes names LLB10 twice" },
	{ trial_of_nothing, "offer.codes is empty: name what a trial offers" },
	{ none_held, "audience.control: 4.99 % are held out" },
	{ bad_text, "arm_a.zh_hans: it does not say how to take the offer" },
};

START_TEST(what_forbids_it)
{
	struct campaign c = good();
	struct fault fault = { "" };

	ck_assert_msg(campaign_check(&c, &rules, &packages, now, &fault) == ERR_OK, "%s",
	              fault.text);
	faults[_i].spoil(&c);
	ck_assert_int_ne(campaign_check(&c, &rules, &packages, now, &fault), ERR_OK);
	ck_assert_msg(strstr(fault.text, faults[_i].says) != NULL, "%s", fault.text);
}
END_TEST

START_TEST(notices_need_no_control_and_tools_no_package)
{
	struct campaign c = good();
	struct fault fault = { "" };

	c.kind = CAMPAIGN_KIND_FLASH;
	c.offer[0] = STR("TV1");
	c.arm[0].text[LANG_ZH_HANS] = STR("10点开抢流量，回复{reply}");
	ck_assert_msg(campaign_check(&c, &rules, &packages, now, &fault) == ERR_OK, "%s",
	              fault.text);
	c.kind = CAMPAIGN_KIND_CARE;
	c.n_offers = 0;
	c.control_bp = 0;
	c.arm[0].text[LANG_ZH_HANS] = STR("您好");
	ck_assert_msg(campaign_check(&c, &rules, &packages, now, &fault) == ERR_OK, "%s",
	              fault.text);
}
END_TEST

/* ---- the hash ---- */

static struct str hash(const char *text, const struct campaign *c)
{
	char out[CAMPAIGN_HASH + 1];

	campaign_hash(str_of(text), c, &rules, &packages, out);
	ck_assert_uint_eq(strlen(out), CAMPAIGN_HASH);
	return arena_str(&arena, str_of(out));
}

static struct package *package(const char *code)
{
	for (size_t i = 0; i < packages.n; i++)
		if (str_eq(packages.package[i].code, str_of(code)))
			return &packages.package[i];
	ck_abort_msg("%s", code);
}

START_TEST(a_hash_is_of_all_that_is_approved)
{
	struct campaign c = good();
	const struct str first = hash("text", &c);

	ck_assert(str_eq(hash("text", &c), first));
	ck_assert(!str_eq(hash("texts", &c), first));
	package("LLB10")->fee_fen++;
	ck_assert(!str_eq(hash("text", &c), first));
	package("LLB10")->fee_fen--;
	package("LLB20")->fee_fen++; /* is not offered */
	ck_assert(str_eq(hash("text", &c), first));
	package("LLB10")->on_sale = false;
	ck_assert(!str_eq(hash("text", &c), first));
	package("LLB10")->on_sale = true;
	rules.exit[LANG_EN] = STR("STOP");
	ck_assert(!str_eq(hash("text", &c), first));
	rules = push_rules_defaults();
	rules.version = STR("CN 2026-12");
	ck_assert(!str_eq(hash("text", &c), first));
	rules = push_rules_defaults();
	ck_assert(str_eq(hash("text", &c), first));
}
END_TEST

/* What offers whatever is on sale is approved with the prices of all. */
START_TEST(a_hash_of_a_free_choice_is_of_all_on_sale)
{
	struct campaign c = good();
	struct str first;

	c.kind = CAMPAIGN_KIND_MATCH;
	c.n_offers = 0;
	first = hash("text", &c);
	package("LLB20")->fee_fen++;
	ck_assert(!str_eq(hash("text", &c), first));
	package("LLB20")->fee_fen--;
	package("28V3")->fee_fen++;
	ck_assert(str_eq(hash("text", &c), first));
}
END_TEST

/* ---- the examples ---- */

static struct str read_file(const char *path)
{
	char *text = arena_alloc(&arena, CAMPAIGN_TEXT_MAX);
	FILE *f = fopen(path, "r");
	size_t n;

	ck_assert_msg(f != NULL, "%s", path);
	n = fread(text, 1, CAMPAIGN_TEXT_MAX, f);
	ck_assert_int_eq(fclose(f), 0);
	return (struct str){ text, n };
}

static void check_example(const char *path)
{
	struct campaign c;
	struct fault fault = { "" };

	ck_assert_msg(campaign_parse(path, read_file(path), &arena, &c, &fault) == ERR_OK,
	              "%s", fault.text);
	ck_assert_msg(campaign_check(&c, &rules, &packages, now, &fault) == ERR_OK,
	              "%s: %s", path, fault.text);
	for (size_t i = 0; i < c.n_arms; i++)
		for (int l = 0; l < LANG_COUNT; l++)
			ck_assert_uint_gt(c.arm[i].text[l].n, 0);
}

START_TEST(the_examples_can_be_submitted)
{
	DIR *d = opendir("etc/campaigns");
	const struct dirent *e;
	unsigned n = 0;

	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		check_example(arena_printf(&arena, "etc/campaigns/%s", e->d_name).p);
		n++;
	}
	(void)closedir(d);
	ck_assert_uint_ge(n, 3);
}
END_TEST

SUITE("push/check", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_loop_test(tc, what_forbids_it, 0, COUNT_OF(faults));
      tcase_add_test(tc, notices_need_no_control_and_tools_no_package);
      tcase_add_test(tc, a_hash_is_of_all_that_is_approved);
      tcase_add_test(tc, a_hash_of_a_free_choice_is_of_all_on_sale);
      tcase_add_test(tc, the_examples_can_be_submitted);)
