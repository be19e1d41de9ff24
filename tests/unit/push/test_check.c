/*
 * test_check.c - what forbids to submit a campaign, what a hash is of, and the examples of
 * etc/campaigns over the packages of a synthetic hall.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../../src/cmd/populate_priv.h"
#include "assets/assets.h"
#include "push/campaign.h"
#include "push/compose.h"
#include "push/rules.h"
#include "support/suite.h"

static struct arena arena;
static struct push_rules rules;
static struct catalogue packages;
static struct tools tools;
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
	ck_assert_int_eq(assets_read_tools("grammar", &arena, &tools, NULL), ERR_OK);
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
static void nought(struct campaign *c)
{
	c->nought = "limit.budget";
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
	{ nought, "limit.budget = \"0\" would limit nothing: take it out" },
	{ none_held, "audience.control: 4.99 % are held out" },
	{ bad_text, "arm_a.zh_hans: it does not say how to take the offer" },
};

START_TEST(what_forbids_it)
{
	struct campaign c = good();
	struct fault fault = { "" };

	ck_assert_msg(campaign_check(&c, &rules, &packages, &tools, now,
	                             FAULTS_FIRST(&fault)) == ERR_OK,
	              "%s", fault.text);
	faults[_i].spoil(&c);
	ck_assert_int_ne(
		campaign_check(&c, &rules, &packages, &tools, now, FAULTS_FIRST(&fault)),
		ERR_OK);
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
	ck_assert_msg(campaign_check(&c, &rules, &packages, &tools, now,
	                             FAULTS_FIRST(&fault)) == ERR_OK,
	              "%s", fault.text);
	c.kind = CAMPAIGN_KIND_CARE;
	c.n_offers = 0;
	c.control_bp = 0;
	c.arm[0].text[LANG_ZH_HANS] = STR("您好");
	ck_assert_msg(campaign_check(&c, &rules, &packages, &tools, now,
	                             FAULTS_FIRST(&fault)) == ERR_OK,
	              "%s", fault.text);
}
END_TEST

/* ---- the hash ---- */

static struct str hash(const char *text, const struct campaign *c)
{
	char out[CAMPAIGN_HASH + 1];

	campaign_hash(str_of(text), c, &rules, &packages, &tools, out);
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
	struct str hant;

	ck_assert(str_eq(hash("text", &c), first));
	ck_assert(!str_eq(hash("texts", &c), first));
	package("LLB10")->fee_fen++;
	ck_assert(!str_eq(hash("text", &c), first));
	package("LLB10")->fee_fen--;
	hant = package("LLB10")->name_hant;
	package("LLB10")->name_hant = STR("流量包");
	ck_assert(!str_eq(hash("text", &c), first));
	package("LLB10")->name_hant = hant;
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
	ck_assert_msg(campaign_check(&c, &rules, &packages, &tools, now,
	                             FAULTS_FIRST(&fault)) == ERR_OK,
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

/* ---- tools in texts ---- */

static const struct {
	const char *file, *text[LANG_COUNT];
} shown[] = {
	{ "flash-data",
	  { "限时抢购：流量10GB只要1元，30天内有效，还剩37份，先到先得，11月25日截止。回复1抢购，确认后才收费，拒收请回复R【短信营业厅】",
	    "限時搶購：流量10GB只要1元，30天內有效，還剩37份，先到先得，11月25日截止。回覆1搶購，確認後才收費，拒收請回覆R【簡訊營業廳】",
	    "Flash sale: data 10GB for 1 yuan, valid 30 days, 37 left, until 25 Nov. Reply 1; charged only once you confirm. Reply R to stop [SMS Hall]" } },
	{ "coupon-points",
	  { "您的积分够换优惠券5元：用400积分换，60天内办业务可抵扣。回复1兑换，查积分发CXJF，拒收请回复R【短信营业厅】",
	    "您的積分夠換優惠券5元：用400積分換，60天內辦業務可抵扣。回覆1兌換，查積分發CXJF，拒收請回覆R【簡訊營業廳】",
	    "You have enough points: coupon 5 yuan for 400 points, good for 60 days. Reply 1 to swap, CXJF for your points. Reply R to stop [SMS Hall]" } },
	{ "gift-caller-id",
	  { "现在开通来电显示（5元/月）就送积分50，过了可撤销的时间到账。回复1开通，11月29日前有效，随时可退订，拒收请回复R【短信营业厅】",
	    "現在開通來電顯示（5元/月）就送積分50，過了可撤銷的時間到帳。回覆1開通，11月29日前有效，隨時可退訂，拒收請回覆R【簡訊營業廳】",
	    "Caller ID at 5 yuan a month now comes with 50 points. Reply 1 to open it, until 29 Nov; cancel at any time. Reply R to stop [SMS Hall]" } },
	{ "ringback-trial",
	  { "送您彩铃免费体验15天：亲友打来，先听您选的歌。到期自动停，不扣费；想留下再确认，才收5元/月。回复1开通，拒收请回复R【短信营业厅】",
	    "送您彩鈴免費體驗15天：親友打來，先聽您選的歌。到期自動停，不扣費；想留下再確認，才收5元/月。回覆1開通，拒收請回覆R【簡訊營業廳】",
	    "Ringback tone, free for you for 15 days: callers hear the song you choose. It ends by itself at no charge; 5 yuan a month only if you confirm later. Reply 1. Reply R to stop [SMS Hall]" } },
};

/* Nothing but the tables of packages and tools says what it costs and holds. */
START_TEST(tools_are_shown_by_their_own_figures)
{
	struct stock row = { STR("flash.TV1"), 500, 463 };
	const struct stocks stocks = { &row, 1 };
	struct campaign c;
	struct composed *made = NULL;
	struct fault fault = { "" };

	ck_assert_int_eq(
		campaign_parse("x",
	                       read_file(arena_printf(&arena, "etc/campaigns/%s.conf",
	                                              shown[_i].file)
	                                         .p),
	                       &arena, &c, &fault),
		ERR_OK);
	ck_assert_int_eq(compose_make(&c, &rules, &made, FAULTS_FIRST(&fault)), ERR_OK);
	for (int l = 0; l < LANG_COUNT; l++) {
		const struct target_row target = { .offer = c.offer[0],
			                           .command = STR("x") };
		struct str v[PUSH_VARIABLES];
		struct buf b = buf_make(4096);

		compose_target(&(struct compose_case){ .campaign = &c,
		                                       .target = &target,
		                                       .language = (enum language)l,
		                                       .packages = &packages,
		                                       .tools = &tools,
		                                       .stocks = &stocks,
		                                       .now = now },
		               &arena, v);
		ck_assert_uint_gt(compose_render(made, 0, (enum language)l, v, &b), 0);
		ck_assert_str_eq(buf_cstr(&b), shown[_i].text[l]);
		buf_free(&b);
	}
	compose_free(made);
}
END_TEST

static void no_tool(struct campaign *c)
{
	c->offer[0] = STR("TV2");
}
static void in_points(struct campaign *c)
{
	c->offer[0] = STR("JF9"); /* {price}: it costs points */
}
static void beyond(struct campaign *c)
{
	c->until += INT64_C(400) * 86400;
}
static void a_package(struct campaign *c)
{
	c->offer[0] = STR("LLB10");
}
static void no_coupon(struct campaign *c)
{
	c->kind = CAMPAIGN_KIND_COUPON;
	c->offer[0] = STR("LL1");
}
static void no_trial(struct campaign *c)
{
	c->kind = CAMPAIGN_KIND_TRIAL;
	c->offer[0] = STR("LX");
}

static const struct {
	void (*spoil)(struct campaign *c);
	const char *says;
} tool_faults[] = {
	{ no_tool,
	  "offer.codes: TV2 is nothing that a flash offers; tools.conf has TV1 JF9" },
	{ in_points, "arm_a.zh_hans: {price}: JF9 has none; put it into [ ]" },
	{ beyond, "offer.codes: TV1 ends before time.until" },
	{ a_package, "LLB10 is nothing that a flash offers" },
	{ no_coupon, "LL1 is nothing that a coupon offers; tools.conf has YHQ5" },
	{ no_trial, "LX is nothing that a trial offers; tools.conf has CL SJB" },
};

/* Orders hold the package, whatever the tool is called. */
START_TEST(a_trial_is_ordered_and_counted_by_its_package)
{
	static const char *const names[] = { "T15", "CL" };
	const struct tool *cl = tools_find(&tools, TOOL_TRIAL, STR("CL"));
	struct tool own = *cl;
	struct tools one = { .row = &own, .n = 1 };
	struct ware w;

	own.code = STR("T15");
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		ck_assert(ware_find(CAMPAIGN_KIND_TRIAL, str_of(names[i]), &packages,
		                    &one, &w));
		ck_assert(str_eq(w.code, STR("CL")));
		ck_assert_str_eq(w.intent, "trial.open");
		ck_assert_ptr_eq(w.tool, &own);
	}
	ck_assert(!ware_find(CAMPAIGN_KIND_TRIAL, STR("YX"), &packages, &one, &w));
}
END_TEST

START_TEST(tools_are_refused_where_they_stand)
{
	struct campaign c = good();
	struct fault fault = { "" };

	c.kind = CAMPAIGN_KIND_FLASH;
	c.offer[0] = STR("TV1");
	c.arm[0].text[LANG_ZH_HANS] = STR("{name}{price}元[，{points}积分]，回复{reply}");
	ck_assert_msg(campaign_check(&c, &rules, &packages, &tools, now,
	                             FAULTS_FIRST(&fault)) == ERR_OK,
	              "%s", fault.text);
	tool_faults[_i].spoil(&c);
	ck_assert_int_ne(
		campaign_check(&c, &rules, &packages, &tools, now, FAULTS_FIRST(&fault)),
		ERR_OK);
	ck_assert_msg(strstr(fault.text, tool_faults[_i].says) != NULL, "%s", fault.text);
}
END_TEST

/* Another price of the sale is another campaign. */
START_TEST(a_hash_is_of_the_tool_too)
{
	struct campaign c = good();
	struct str first;
	struct tool *flash;

	c.kind = CAMPAIGN_KIND_FLASH;
	c.offer[0] = STR("TV1");
	first = hash("text", &c);
	flash = &tools.row[tools_find(&tools, TOOL_FLASH, c.offer[0]) - tools.row];
	flash->fen++;
	ck_assert(!str_eq(hash("text", &c), first));
	flash->fen--;
	ck_assert(str_eq(hash("text", &c), first));
}
END_TEST

SUITE("push/check", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_loop_test(tc, what_forbids_it, 0, COUNT_OF(faults));
      tcase_add_test(tc, notices_need_no_control_and_tools_no_package);
      tcase_add_test(tc, a_hash_is_of_all_that_is_approved);
      tcase_add_test(tc, a_hash_of_a_free_choice_is_of_all_on_sale);
      tcase_add_loop_test(tc, tools_are_shown_by_their_own_figures, 0, COUNT_OF(shown));
      tcase_add_test(tc, a_trial_is_ordered_and_counted_by_its_package);
      tcase_add_loop_test(tc, tools_are_refused_where_they_stand, 0,
                          COUNT_OF(tool_faults));
      tcase_add_test(tc, a_hash_is_of_the_tool_too);
      tcase_add_test(tc, the_examples_can_be_submitted);)
