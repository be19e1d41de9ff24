/*
 * test_rules.c - push.conf: what it changes, its faults, and that the file says what holds
 * without it.
 */
#include <stdio.h>

#include "conf/strings.h"
#include "push/rules.h"
#include "support/suite.h"

static struct arena arena;

static void set_up(void)
{
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	arena = arena_make(1 << 20);
}

static void tear_down(void)
{
	arena_free(&arena);
}

static enum err parse(const char *name, const char *text, struct push_rules *out,
                      struct fault *fault)
{
	const struct push_text row = { str_of(name), str_of(text), 17 };

	*out = push_rules_defaults();
	*fault = (struct fault){ "" };
	return push_rules_parse("push.conf", &row, 1, &arena, out, fault);
}

static struct push_rules with(const char *name, const char *text)
{
	struct push_rules r;
	struct fault fault;

	ck_assert_msg(parse(name, text, &r, &fault) == ERR_OK, "%s", fault.text);
	return r;
}

START_TEST(what_it_changes)
{
	struct push_rules r;

	ck_assert(str_eq(with("signature.en", "[Us]").signature[LANG_EN], STR("[Us]")));
	ck_assert(str_eq(with("exit.zh_hant", "退訂回T").exit[LANG_ZH_HANT],
	                 STR("退訂回T")));
	r = with("words.refused", "甲, 乙 ,");
	ck_assert_uint_eq(r.n_words, 2);
	ck_assert(str_eq(r.word[1], STR("乙")));
	ck_assert_uint_eq(with("words.refused", "").n_words, 0);
	ck_assert(!with("consent.express", "no").express);
	r = with("hours.day", "08:30-21:00");
	ck_assert_int_eq(r.from_min, 510);
	ck_assert_int_eq(r.to_min, 1260);
	r = with("hours.holidays", "2027-02-06, 2027-01-01");
	ck_assert_uint_eq(r.n_holidays, 2);
	ck_assert_int_eq(r.holiday[0],
	                 civil_to_utc((struct civil){ 2027, 1, 1, 0, 0, 0 }));
	r = with("hours.zones", "喀什 +0630, far -1030,* +1400");
	ck_assert_uint_eq(r.n_zones, 3);
	ck_assert(str_eq(r.zone[0].region, STR("喀什")));
	ck_assert_int_eq(r.zone[0].minutes, 390);
	ck_assert_int_eq(r.zone[1].minutes, -630);
	ck_assert(str_eq(r.zone[2].region, STR("*")));
	ck_assert_int_eq(r.zone[2].minutes, 840);
	ck_assert_uint_eq(with("cap.most", "4").cap, 4);
	ck_assert_uint_eq(with("canary.share", "2.5").canary_share_bp, 250);
	ck_assert_uint_eq(with("stop.complained", "0.05").stop_complained_bp, 5);
	ck_assert_int_eq(with("cost.segment", "0.055").segment_li, 55);
	r = with("testers.numbers", "13800001234,13800001235");
	ck_assert_uint_eq(r.n_testers, 2);
	ck_assert_int_eq(r.tester[1], 13800001235);
	r = with("managers.anna", "13800001234");
	ck_assert_uint_eq(r.n_managers, 1);
	ck_assert(str_eq(r.manager[0].name, STR("anna")));
	ck_assert(!r.manager[0].approves);
	ck_assert(with("managers.boss", "13800001234, approves").manager[0].approves);
}
END_TEST

static const struct {
	const char *name, *text, *says;
} faults[] = {
	{ "cap.mots", "1",
	  "push.conf:17: cap.mots: there is no such key; did you mean cap.most?" },
	{ "caps.of", "1",
	  "push.conf:17: caps.of: there is no such group; known are rules, signature" },
	{ "hours.from", "1",
	  "there is no such key; known are hours.day, hours.holidays, hours.zones" },
	{ "hours.zones", "west", "expected regions as subscribers have them" },
	{ "hours.zones", "+0600", "expected regions" },
	{ "hours.zones", "west 0600", "expected regions" },
	{ "hours.zones", "west +600", "expected regions" },
	{ "hours.zones", "west +0660", "expected regions" },
	{ "hours.zones", "west +1401", "expected regions" },
	{ "hours.zones", "west -1230", "expected regions" },
	{ "hours.zones", "west +-600", "expected regions" },
	{ "cap.most", "0", "cap.most = \"0\": expected 1 to 32" },
	{ "cap.days", "101", "expected 1 to 100" },
	{ "cap.fewer", "3", "push.conf: cap.fewer (3) is more than cap.most (2)" },
	{ "hours.holidays", "2027-02-30",
	  "hours.holidays = \"2027-02-30\": expected days that exist" },
	{ "testers.numbers", "138", "expected subscribers' numbers" },
	{ "testers.numbers", "1380000123x", "expected subscribers' numbers" },
	{ "managers.anna", "138", "expected a number, and perhaps that he approves" },
	{ "managers.anna", "13800001234, signs", "expected a number, and perhaps" },
	{ "managers.anna", "", "expected a number, and perhaps" },
	{ "exit.en", "", "exit.en = \"\": expected 1 to 120 octets" },
	{ "consent.express", "1", "expected yes or no" },
	{ "universal.share", "20.01", "expected 0 to 20 %" },
};

START_TEST(faults_name_their_line)
{
	const struct push_rules before = push_rules_defaults();
	struct push_rules r;
	struct fault fault;

	ck_assert_int_ne(parse(faults[_i].name, faults[_i].text, &r, &fault), ERR_OK);
	ck_assert_msg(strstr(fault.text, faults[_i].says) != NULL, "%s", fault.text);
	ck_assert_mem_eq(&r, &before, sizeof(r));
}
END_TEST

START_TEST(lists_have_an_end)
{
	struct push_rules r;
	struct fault fault;
	char text[2 * PUSH_WORDS + 3] = "";

	for (int i = 0; i < PUSH_WORDS; i++)
		strcat(text, "a,");
	ck_assert_int_eq(parse("words.refused", text, &r, &fault), ERR_OK);
	strcat(text, "a");
	ck_assert_int_eq(parse("words.refused", text, &r, &fault), ERR_RANGE);
	ck_assert_ptr_nonnull(strstr(fault.text, "at most 64"));
}
END_TEST

/* All but lists, of which the file has more than the program. */
START_TEST(the_file_says_what_holds_without_it)
{
	const struct push_rules d = push_rules_defaults();
	struct push_rules r = d;
	struct conf_strings file;
	struct fault fault = { "" };

	ck_assert_int_eq(conf_strings_load("grammar/push.conf", &file, &fault), ERR_OK);
	for (size_t i = 0; i < file.n; i++) {
		const struct push_text t = { file.string[i].name, file.string[i].text,
			                     file.string[i].line };

		ck_assert_msg(push_rules_parse("grammar/push.conf", &t, 1, &arena, &r,
		                               &fault) == ERR_OK,
		              "%s", fault.text);
	}
	for (int l = 0; l < LANG_COUNT; l++) {
		ck_assert(str_eq(r.signature[l], d.signature[l]));
		ck_assert(str_eq(r.exit[l], d.exit[l]));
	}
	ck_assert(str_eq(r.version, d.version));
	ck_assert(str_eq(r.universal_salt, d.universal_salt));
	ck_assert_uint_ge(r.n_words, d.n_words);
	ck_assert_uint_gt(r.n_holidays, 0);
	ck_assert_uint_eq(r.n_managers + r.n_testers, 0);
#define SAME(m) ck_assert_int_eq((int64_t)r.m, (int64_t)d.m)
	SAME(express);
	SAME(desk_approves);
	SAME(from_min);
	SAME(to_min);
	SAME(cap_days);
	SAME(cap);
	SAME(cap_fewer);
	SAME(again_days);
	SAME(quiet_days);
	SAME(universal_bp);
	SAME(canary_first);
	SAME(canary_share_bp);
	SAME(canary_wait_s);
	SAME(stop_opt_out_bp);
	SAME(stop_failed_bp);
	SAME(stop_complained_bp);
	SAME(stop_errors_bp);
	SAME(capacity_per_s);
	SAME(segment_li);
	SAME(counter_li);
	SAME(hotline_li);
	SAME(contact_li);
	SAME(counter_bp);
	SAME(hotline_bp);
#undef SAME
	conf_strings_free(&file);
}
END_TEST

SUITE("push/rules", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, what_it_changes);
      tcase_add_loop_test(tc, faults_name_their_line, 0, COUNT_OF(faults));
      tcase_add_test(tc, lists_have_an_end);
      tcase_add_test(tc, the_file_says_what_holds_without_it);)
