/*
 * test_definition.c - definitions of campaigns: what is read, and faults that say where
 * and what to do.
 */
#include <stdio.h>

#include "base/buf.h"
#include "push/campaign.h"
#include "push/rules.h"
#include "support/suite.h"

static const char whole[] =
	"campaign = { code = \"LL-1\"; title = \"数据包\"; kind = \"match\";\n"
	"  category = \"data\"; owner = \"anna\"; priority = \"8\"; };\n"
	"audience = { where = \"over_months >= 3\"; control = \"7.5\"; };\n"
	"offer = { codes = \"58, 88\"; days = \"3\"; margin = \"20\"; };\n"
	"time = { from = \"2026-11-25\"; until = \"2026-12-05\"; hours = \"10:00-19:30\"; };\n"
	"limit = { most = \"1000\"; budget = \"500.5\"; segments = \"3\"; };\n"
	"arm_a = { share = \"60\"; zh_hans = \"换{name}，回复{reply}\"; en = \"{name}: reply {reply}\"; };\n"
	"arm_b = { share = \"40\"; zh_hans = \"试试{name}，回复{reply}\"; };\n";

static struct arena arena;

static void set_up(void)
{
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	arena = arena_make(1 << 24);
}

static void tear_down(void)
{
	arena_free(&arena);
}

static enum err parse(const char *text, struct campaign *c, struct fault *fault)
{
	*fault = (struct fault){ "" };
	return campaign_parse("LL.conf", str_of(text), &arena, c, fault);
}

static int64_t day(const char *text)
{
	int64_t at;

	ck_assert_int_eq(civil_parse_date(str_of(text), &at), ERR_OK);
	return at;
}

#define ck_str(s, want) ck_assert_msg(str_eq(s, STR(want)), "%.*s", STR_ARG(s))

START_TEST(everything_is_read)
{
	struct campaign c;
	struct fault fault;

	ck_assert_msg(parse(whole, &c, &fault) == ERR_OK, "%s", fault.text);
	ck_str(c.code, "LL-1");
	ck_str(c.title, "数据包");
	ck_assert_int_eq(c.kind, CAMPAIGN_KIND_MATCH);
	ck_assert_int_eq(c.category, PREF_DATA);
	ck_str(c.where, "over_months >= 3");
	ck_assert_uint_eq(c.control_bp, 750);
	ck_assert_uint_eq(c.n_offers, 2);
	ck_str(c.offer[1], "88");
	ck_assert_int_eq(c.offer_days, 3);
	ck_assert_uint_eq(c.margin_bp, 2000);
	ck_assert_int_eq(c.from, day("2026-11-25"));
	ck_assert_int_eq(c.until, day("2026-12-06"));
	ck_assert_int_eq(c.from_min, 600);
	ck_assert_int_eq(c.to_min, 1170);
	ck_assert(!c.holidays && !c.daily);
	ck_assert_int_eq(c.most, 1000);
	ck_assert_int_eq(c.budget_li, 500500);
	ck_assert_uint_eq(c.segments_most, 3);
	ck_assert_uint_eq(c.priority, 8);
	ck_assert_int_eq(c.attribution_days, 7);
	ck_assert_uint_eq(c.n_arms, 2);
	ck_assert_uint_eq(c.arm[0].share_bp, 6000);
	ck_str(c.arm[1].name, "b");
	ck_str(c.arm[0].text[LANG_EN], "{name}: reply {reply}");
	ck_assert_uint_eq(c.arm[1].text[LANG_EN].n, 0);
}
END_TEST

static const char *with(const char *from, const char *to);

static const struct {
	const char *from, *to, *key; /* key: NULL: no limit is 0 */
} noughts[] = {
	{ "most = \"1000\"", "most = \"0\"", "limit.most" },
	{ "\"500.5\"", "\"0.00\"", "limit.budget" },
	{ "most = \"1000\"", "stock = \"0\"", "limit.stock" },
	{ "most = \"1000\"", "orders = \"0\"", "limit.orders" },
	{ "most = \"1000\"", "rate = \"0\"", "limit.rate" },
	{ "most = \"1000\"", "profit = \"0\"", NULL },
	{ "most = \"1000\"; budget = \"500.5\";", "", NULL },
	{ "most = \"1000\"", "most = \"1\"", NULL },
};

/* What is stored and runs is still read; campaign_check() refuses it. */
START_TEST(a_limit_that_is_written_as_0_is_noted)
{
	struct campaign c;
	struct fault fault;

	ck_assert_msg(parse(with(noughts[_i].from, noughts[_i].to), &c, &fault) == ERR_OK,
	              "%s", fault.text);
	ck_assert_pstr_eq(c.nought, noughts[_i].key);
}
END_TEST

/* The whole text with `from` replaced by `to`, once. */
static const char *with(const char *from, const char *to)
{
	const char *at = strstr(whole, from);

	ck_assert_ptr_nonnull(at);
	return arena_printf(&arena, "%.*s%s%s", (int)(at - whole), whole, to,
	                    at + strlen(from))
	        .p;
}

static const struct {
	const char *from, *to, *says;
} faults[] = {
	{ "kind = ", "kimd = ",
	  "LL.conf:1: campaign.kimd: there is no such key; did you mean campaign.kind?" },
	{ "where = ", "filter = ",
	  "LL.conf:3: audience.filter: there is no such key; known are audience.where, audience.daily" },
	{ "audience = ", "people = ",
	  "LL.conf:3: people.where: there is no such group; known are campaign, audience" },
	{ "\"match\"", "\"matchh\"",
	  "LL.conf:1: campaign.kind = \"matchh\": expected one of match|cross|trial" },
	{ "\"data\"", "\"internet\"",
	  "LL.conf:2: campaign.category = \"internet\": expected one of plans|data" },
	{ "LL-1", "L L", "LL.conf:1: campaign.code = \"L L\": expected letters, digits" },
	{ "LL-1", "", "campaign.code = \"\": expected" },
	{ "LL-1", "L234567890123456789012345", "expected 1 to 24 octets" },
	{ "code = \"LL-1\";", "", "LL.conf: campaign.code is missing" },
	{ "owner = \"anna\";", "", "LL.conf: campaign.owner is missing" },
	{ "\"8\"", "\"10\"", "campaign.priority = \"10\": expected 0 to 9" },
	{ "\"8\"", "\"high\"", "expected a whole number" },
	{ "\"7.5\"", "\"7.555\"", "expected a share in per cent" },
	{ "\"7.5\"", "\"51\"", "expected 0 to 50 %" },
	{ "58, 88", "58, 8 8", "offer.codes = \"8 8\": expected letters" },
	{ "2026-11-25", "2026-11-31", "expected a day that exists" },
	{ "2026-12-05", "2026-11-24", "LL.conf:5: time.until lies before time.from" },
	{ "10:00-19:30", "19:30-10:00",
	  "LL.conf:5: time.hours = \"19:30-10:00\": expected hours" },
	{ "10:00-19:30", "10:00-24:01", "expected hours" },
	{ "10:00-19:30", "10:00", "expected hours" },
	{ "10:00-19:30", "1:00-19:30", "expected hours" },
	{ "500.5", "-1", "limit.budget = \"-1\": expected 0 to 100000000 yuan" },
	{ "segments = \"3\"", "segments = \"5\"", "expected 1 to 4" },
	{ "\"60\"", "\"50\"", "LL.conf: shares of the arms are 90.00 % together" },
	{ "share = \"60\";", "", "LL.conf: arm_a.share is missing" },
	{ "arm_b = { share = \"40\"; zh_hans", "arm_b = { share = \"40\"; en",
	  "LL.conf: arm_b.zh_hans is missing" },
	{ "arm_b", "arm_", "LL.conf:8: arm_.share = \"40\": expected share, zh_hans" },
	{ "arm_b = { share", "arm_b = { part",
	  "LL.conf:8: arm_b.part = \"40\": expected share, zh_hans" },
	{ "\"match\"", "\"care\"",
	  "LL.conf:4: offer.codes: notices and surveys offer nothing" },
	{ "where = ", "daily = \"yes\"; after = \"bill.query\"; where = ",
	  "LL.conf:3: audience.daily and audience.after" },
	{ "offer = {", "offer = { grant = \"yes\";",
	  "LL.conf:4: offer.grant: only campaign.kind trial" },
	{ "\"8\"", "8", "LL.conf:2: priority is no text" },
	{ "\"8\";", "\"8\"; priority = \"8\";", "LL.conf:2: duplicate setting name" },
	{ "time = {", "time = ", "LL.conf:5: syntax error" },
};

START_TEST(faults_say_where_and_what)
{
	struct campaign c = { .most = 77 };
	struct fault fault;

	ck_assert_int_ne(parse(with(faults[_i].from, faults[_i].to), &c, &fault), ERR_OK);
	ck_assert_msg(strstr(fault.text, faults[_i].says) != NULL, "%s", fault.text);
	ck_assert_msg(strncmp(fault.text, "LL.conf", 7) == 0, "%s", fault.text);
	ck_assert_int_eq(c.most, 77);
}
END_TEST

START_TEST(no_arms_or_too_many)
{
	struct campaign c;
	struct fault fault;
	struct buf b = buf_make(1 << 16);

	buf_printf(&b, "%.*s", (int)(strstr(whole, "arm_a") - whole), whole);
	ck_assert_int_eq(parse(buf_cstr(&b), &c, &fault), ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(fault.text, "arm_a is missing"));
	buf_puts(&b, STR("arm_only = { zh_hans = \"换{name}，回复{reply}\"; };\n"));
	ck_assert_int_eq(parse(buf_cstr(&b), &c, &fault), ERR_OK);
	ck_assert_uint_eq(c.arm[0].share_bp, 10000);
	for (int i = 0; i < CAMPAIGN_ARMS; i++)
		buf_printf(&b, "arm_%d = { share = \"1\"; };\n", i);
	ck_assert_int_eq(parse(buf_cstr(&b), &c, &fault), ERR_RANGE);
	ck_assert_ptr_nonnull(strstr(fault.text, "at most 8 arms"));
	buf_free(&b);
}
END_TEST

START_TEST(what_is_left_out_has_its_default)
{
	struct campaign c;
	struct fault fault;

	ck_assert_int_eq(
		parse(with("limit = { most = \"1000\"; budget = \"500.5\"; segments = \"3\"; };",
	                   ""),
	              &c, &fault),
		ERR_OK);
	ck_assert_int_eq(c.most, 0);
	ck_assert_int_eq(c.budget_li, 0);
	ck_assert_uint_eq(c.segments_most, 2);
	ck_assert_int_eq(parse(with("hours = \"10:00-19:30\";", ""), &c, &fault), ERR_OK);
	ck_assert_int_eq(c.from_min, 540);
	ck_assert_int_eq(c.to_min, 1230);
	ck_assert_int_eq(parse(with("2026-12-05", "2026-12-05 18:30:00"), &c, &fault),
	                 ERR_OK);
	ck_assert_int_eq(c.until, day("2026-12-05") + 18 * 3600 + 1800);
}
END_TEST

START_TEST(too_long_a_text_is_refused)
{
	struct buf b = buf_make(1 << 18);
	struct campaign c;
	struct fault fault;

	buf_puts(&b, str_of(whole));
	while (b.n <= CAMPAIGN_TEXT_MAX)
		buf_puts(&b, STR("# nothing\n"));
	ck_assert_int_eq(parse(buf_cstr(&b), &c, &fault), ERR_RANGE);
	ck_assert_ptr_nonnull(strstr(fault.text, "shorten"));
	buf_free(&b);
}
END_TEST

/* What is left empty is all that is told; nothing else stands in the way. */
START_TEST(a_draft_leads_to_what_is_to_be_filled_in)
{
	const struct campaign_draft of = { .code = STR("NEW-1"),
		                           .owner = STR("anna"),
		                           .kind = (enum campaign_kind)_i,
		                           .now = day("2026-11-22") };
	struct buf text = buf_make(1 << 16), told = buf_make(1 << 14);
	struct campaign c;

	campaign_draft(&of, &text);
	ck_assert_int_ne(campaign_read("d", buf_str(&text), &arena, &c,
	                               &(struct faults){ NULL, &told }),
	                 ERR_OK);
	ck_assert_ptr_nonnull(strstr(buf_cstr(&told), "campaign.title = \"\": expected"));
	ck_assert_ptr_nonnull(
		strstr(buf_cstr(&told), "campaign.category = \"\": expected one of"));
	ck_assert_ptr_nonnull(strstr(buf_cstr(&told), "arm_a.zh_hans = \"\": expected"));
	ck_assert_uint_eq(
		str_find(str_of(strchr(buf_cstr(&told), '\n') + 1), STR("missing")),
		SIZE_MAX);
	ck_assert_int_eq(c.kind, of.kind);
	ck_str(c.code, "NEW-1");
	ck_assert_int_eq(c.from, day("2026-11-23"));
	ck_assert_int_eq(c.until, day("2026-11-30"));
	buf_free(&text);
	buf_free(&told);
}
END_TEST

SUITE("push/definition", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, everything_is_read);
      tcase_add_loop_test(tc, faults_say_where_and_what, 0, COUNT_OF(faults));
      tcase_add_loop_test(tc, a_limit_that_is_written_as_0_is_noted, 0,
                          COUNT_OF(noughts));
      tcase_add_loop_test(tc, a_draft_leads_to_what_is_to_be_filled_in, 0,
                          CAMPAIGN_KINDS);
      tcase_add_test(tc, no_arms_or_too_many);
      tcase_add_test(tc, what_is_left_out_has_its_default);
      tcase_add_test(tc, too_long_a_text_is_refused);)
