/*
 * test_tags.c - rules of tags: what they may not say, what they say at the boundaries.
 */
#include "base/buf.h"
#include "tags_fixture.h"
#include "tags_hostile.h"

/* ---- what is refused ---- */

static enum err compile(const char *rule, size_t n, bool is_score, struct tag_rules **out,
                        struct fault *fault)
{
	const struct tag_place place = { 0, 7, 10 };
	const struct tag_def def = { .name = STR("t"),
		                     .rule = { rule, n },
		                     .is_score = is_score,
		                     .from = 1,
		                     .days = 10,
		                     .place = &place,
		                     .n_places = 1 };

	return tag_rules_make("tags.conf", &def, 1, NULL, out, fault);
}

START_TEST(what_rules_may_not_say_is_refused_where_it_stands)
{
	struct tag_rules *rules = NULL;
	struct fault fault = { "" };
	char place[64];

	(void)snprintf(place, sizeof(place),
	               "tags.conf:7:%d: tag t: ", 10 + hostile[_i].at);
	ck_assert_msg(compile(hostile[_i].rule, strlen(hostile[_i].rule), false, &rules,
	                      &fault) != ERR_OK,
	              "%s was taken", hostile[_i].rule);
	ck_assert_msg(strncmp(fault.text, place, strlen(place)) == 0, "%s: %s: not at %s",
	              hostile[_i].rule, fault.text, place);
	ck_assert_msg(strstr(fault.text, hostile[_i].says) != NULL, "%s: %s",
	              hostile[_i].rule, fault.text);
}
END_TEST

START_TEST(a_rule_has_a_size)
{
	static char long_one[TAG_RULE_MAX + 2];
	struct tag_rules *rules = NULL;
	struct fault fault = { "" };

	memset(long_one, ' ', sizeof(long_one));
	long_one[0] = '1';
	ck_assert_int_eq(compile(long_one, TAG_RULE_MAX, false, &rules, &fault), ERR_OK);
	tag_rules_free(rules);
	ck_assert_int_eq(compile(long_one, TAG_RULE_MAX + 1, false, &rules, &fault),
	                 ERR_TOO_BIG);
	memset(long_one, '(', 60);
	memset(long_one + 60, '1', 1);
	memset(long_one + 61, ')', 60);
	ck_assert_int_eq(compile(long_one, 121, false, &rules, &fault), ERR_TOO_BIG);
	ck_assert_int_ne(compile("months\0 > 1", 11, false, &rules, &fault), ERR_OK);
}
END_TEST

/* Octets at random, and pieces of SQL at random: refused or harmless, never a crash. */
START_TEST(any_text_is_taken_or_refused)
{
	static const char *const piece[] = { "months", "(",          ")",      "'",
		                             "SELECT", "-",          "1",      " AND ",
		                             "LIKE",   "'a%'",       ",",      ";",
		                             "abs(",   "CASE WHEN ", " THEN ", " END",
		                             "puk",    "IN",         "NULL",   "\xff",
		                             ".",      "max(",       " " };
	uint64_t seed = 1;

	for (int i = 0; i < 3000; i++) {
		struct buf text = buf_make(4096);
		struct tag_rules *rules = NULL;
		struct fault fault = { "" };

		for (int k = 0; k < 8; k++) {
			seed = seed * UINT64_C(6364136223846793005) +
			       1442695040888963407U;
			buf_puts(&text, str_of(piece[(seed >> 33) % COUNT_OF(piece)]));
		}
		if (compile(text.p, text.n, i % 2 != 0, &rules, &fault) == ERR_OK)
			tag_rules_free(rules);
		else
			ck_assert_msg(strncmp(fault.text, "tags.conf:", 10) == 0, "%s",
			              fault.text);
		buf_free(&text);
	}
}
END_TEST

START_TEST(no_column_is_personal)
{
	static const char *const personal[] = { "name",     "puk",       "msisdn",
		                                "terminal", "text",      "peer",
		                                "hash",     "real_name", "port" };
	struct tag_column c;

	for (size_t i = 0; tag_column(i, &c); i++) {
		for (size_t k = 0; k < COUNT_OF(personal); k++)
			ck_assert_str_ne(c.name, personal[k]);
		ck_assert_int_gt((int)strlen(c.what), 5);
	}
}
END_TEST

/* ---- what rules say ---- */

static void put_plan(int64_t voice_s, int64_t sms, int64_t data_kib)
{
	const struct package p = { .code = STR("58"),
		                   .name_zh = STR("58元"),
		                   .name_en = STR("58"),
		                   .fee_fen = 5800,
		                   .voice_s = voice_s,
		                   .sms = sms,
		                   .data_kib = data_kib,
		                   .network = STR("5G"),
		                   .on_sale = true };

	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_put(f.store, STORE_PACKAGES, &p, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
}

static void month_of_use(int ago, int64_t voice_s, int64_t sms, int64_t kib, int64_t fen)
{
	put_month(&f, NUMBER, (struct usage_month){ MONTH(ago), voice_s, sms, kib, fen });
}

/* "" when it does not hold. */
static struct str say(const char *rule, bool is_score)
{
	struct tag_rules *rules = NULL;
	struct tag_shown *shown = NULL;
	struct fault fault = { "" };
	size_t n = 0;

	ck_assert_msg(compile(rule, strlen(rule), is_score, &rules, &fault) == ERR_OK,
	              "%s", fault.text);
	ck_assert_msg(store_tags_show(reader, rules, &f.arena, NUMBER, NOW, &shown, &n,
	                              &fault) == ERR_OK,
	              "%s", fault.text);
	tag_rules_free(rules);
	ck_assert_uint_ge(n, 1);
	return shown[0].value;
}

struct expected {
	const char *rule, *value;
};

static void assert_says(const struct expected *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct str got = say(e[i].rule, false);

		ck_assert_msg(str_eq(got, str_of(e[i].value)), "%s: \"%.*s\", not \"%s\"",
		              e[i].rule, STR_ARG(got), e[i].value);
	}
}

START_TEST(values_are_those_of_the_rule)
{
	static const struct expected e[] = {
		{ "0", "" },
		{ "NULL", "" },
		{ "''", "" },
		{ "1", "1" },
		{ "-3", "-3" },
		{ "0.5", "0.5" },
		{ "0.0", "" },
		{ "'a''b'", "a'b" },
		{ "region", "Pudong" },
		{ "REGION", "Pudong" },
		{ "class", "business" },
		{ "status", "kept" },
		{ "language", "en" },
		{ "network", "5G" },
		{ "package", "58" },
		{ "region LIKE 'pu%'", "1" },
		{ "region IN ('Pudong', 'x', 'y', 'z')", "1" },
		{ "region NOT IN ('Pudong', 'x')", "" },
		{ "months<-1 OR months=-0", "1" },
		{ "CASE WHEN months = 0 THEN 'none' ELSE 'some' END", "none" },
		{ "bill_fen_avg > 0", "" }, /* not known */
		{ "bill_fen_avg IS NULL AND trend_bp IS NULL AND data_use_pct IS NULL",
		  "1" },
		{ "1 / 0", "" },
		{ "max(1, 5) + min(2, 3) + abs(-1) + round(1.4)", "9" },
		{ "iif(TRUE AND NOT FALSE, nullif(4, 5), ifnull(NULL, coalesce(NULL, 1)))",
		  "4" },
	};
	const struct subscriber_row p = person(NUMBER, SINCE);

	put_person(&f, &p);
	assert_says(e, COUNT_OF(e));
}
END_TEST

START_TEST(a_value_is_cut_between_characters)
{
	struct subscriber_row p = person(NUMBER, SINCE);

	p.sub.region = STR(
		"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十");
	put_person(&f, &p);
	assert_text(say("region", false), "一二三四五六七八九十一二三四五六七八九十一");
}
END_TEST

/* Six months, each with something just at, and just beyond, what the package has. */
START_TEST(use_is_compared_at_the_boundary)
{
	static const struct expected e[] = {
		{ "months", "6" },
		{ "over_months", "3" },
		{ "over_months >= 3", "1" },
		{ "over_months >= 4", "" },
		{ "fee_fen", "5800" },
		{ "allow_voice_min", "100" },
		{ "allow_sms", "10" },
		{ "allow_data_mb", "2048" },
		{ "voice_min_avg", "101" }, /* 6001 s a month, begun minutes */
		{ "sms_avg", "10" },
		{ "data_mb_avg", "2049" },
		{ "voice_use_pct", "100" },
		{ "data_use_pct", "100" },
		{ "bill_fen_avg", "6366" },
		{ "bill_fen_last", "7800" },
		{ "bill_fen_max", "7800" },
		{ "over_fen_avg", "566" },
		{ "voice_min_last", "100" },
		{ "data_mb_last", "2048" },
		{ "silent_months", "" },
		{ "trend_bp", "2068" }, /* 14000 against 11600 */
	};
	const struct subscriber_row p = person(NUMBER, SINCE);

	put_person(&f, &p);
	put_plan(6000, 10, 2048 * 1024);
	month_of_use(0, 999999, 999, 99999999, BILL_NONE); /* the present one */
	month_of_use(7, 999999, 999, 99999999, 99999);     /* too old */
	month_of_use(6, 6000, 10, 2048 * 1024, 5800);
	month_of_use(5, 6006, 10, 2048 * 1024, 6800);
	month_of_use(4, 6000, 11, 2048 * 1024, 5800);
	month_of_use(3, 6000, 10, 2048 * 1024 + 6, 5800);
	month_of_use(2, 6000, 10, 2048 * 1024, 6200);
	month_of_use(1, 6000, 10, 2048 * 1024, 7800);
	assert_says(e, COUNT_OF(e));
}
END_TEST

START_TEST(silence_is_counted_from_the_end)
{
	const struct subscriber_row p = person(NUMBER, SINCE);

	put_person(&f, &p);
	month_of_use(4, 0, 0, 0, 100);
	month_of_use(3, 0, 1, 0, 100);
	month_of_use(2, 0, 0, 0, 100);
	assert_text(say("silent_months", false), "1");
	month_of_use(1, 0, 0, 0, 100);
	assert_text(say("silent_months >= 2", false), "1");
	assert_text(say("over_months", false), "");             /* no such package */
	assert_text(say("voice_trend_bp IS NULL", false), "1"); /* none before */
	assert_text(say("trend_bp = 0", false), "1");
	month_of_use(1, 1, 0, 0, 100);
	assert_text(say("silent_months", false), "");
}
END_TEST

START_TEST(a_gap_has_no_trend)
{
	const struct subscriber_row p = person(NUMBER, SINCE);

	put_person(&f, &p);
	month_of_use(6, 0, 0, 0, 100);
	month_of_use(5, 0, 0, 0, 100);
	month_of_use(3, 0, 0, 0, 50);
	month_of_use(1, 0, 0, 0, 50);
	assert_text(say("trend_bp IS NULL AND months = 4", false), "1");
	assert_text(say("silent_months", false), "1");
}
END_TEST

START_TEST(months_of_an_earlier_owner_do_not_count)
{
	const struct subscriber_row p = person(NUMBER, NOW - 60 * DAY); /* 2026-09-20 */

	put_person(&f, &p);
	month_of_use(3, 100, 0, 0, 100);
	month_of_use(2, 100, 0, 0, 100); /* not a full one */
	month_of_use(1, 100, 0, 0, 100);
	month_of_use(0, 100, 0, 0, 100); /* the present one */
	assert_text(say("months", false), "1");
	assert_text(say("tenure_days", false), "60");
	assert_text(say("tenure_months", false), "1");
}
END_TEST

/* 90 days, 60 days, whose rows. */
START_TEST(events_count_for_ninety_days)
{
	static const struct expected e[] = {
		{ "complaints_90d", "2" }, { "complaint_open", "1" },
		{ "texts_90d", "1" },      { "roaming_90d", "2" },
		{ "payments_90d", "1" },   { "paid_fen_90d", "700" },
		{ "services", "2" },       { "contract_days", "60" },
		{ "opted_out", "1" },      { "balance_fen", "-105" },
		{ "points", "7" },         { "arrears", "" },
	};
	const struct subscriber_row p = person(NUMBER, SINCE);

	put_person(&f, &p);
	sql("CREATE TEMP TABLE v AS SELECT 13800000001 AS n, 1577808000 AS o, "
	    "1795017600 AS now, 1795017600 - 90 * 86400 AS edge;"
	    "INSERT INTO complaint SELECT n, edge, 'a', o, 2, 'x' FROM v;"
	    "INSERT INTO complaint SELECT n, edge + 1, 'b', o, 1, 'x' FROM v;"
	    "INSERT INTO complaint SELECT n, edge - 1, 'c', o, 0, 'x' FROM v;"
	    "INSERT INTO complaint SELECT n, edge + 2, 'd', o - 1, 0, 'x' FROM v;"
	    "INSERT INTO payment SELECT n, edge, 'shop', o, 700 FROM v;"
	    "INSERT INTO payment SELECT n, edge - 1, 'shop', o, 900 FROM v;"
	    "INSERT INTO detail SELECT n, edge, 0, '漫游 日本', o, 1, 1 FROM v;"
	    "INSERT INTO detail SELECT n, edge, 2, 'Roaming JP', o, 1, 1 FROM v;"
	    "INSERT INTO detail SELECT n, edge, 1, '13900000000', o, 1, 1 FROM v;"
	    "INSERT INTO detail SELECT n, edge - 1, 1, 'roaming', o, 1, 1 FROM v;"
	    "INSERT INTO subscription (msisdn, package, since, owner_since, until, "
	    "contract_until, penalty_fen) SELECT n, 'A', o, o, 0, now + 60 * 86400, 0 FROM v;"
	    "INSERT INTO subscription (msisdn, package, since, owner_since, until, "
	    "contract_until, penalty_fen) SELECT n, 'B', o, o, now + 1, now, 0 FROM v;"
	    "INSERT INTO subscription (msisdn, package, since, owner_since, until, "
	    "contract_until, penalty_fen) SELECT n, 'C', o, o, now, now + 99 * 86400, 0 FROM v;"
	    "INSERT INTO optout SELECT n, 0, 1, now, 1 FROM v;"
	    "INSERT INTO ledger (request_id, msisdn, owner_since, at, kind, amount_fen, inbox, "
	    "note) SELECT 'r', n, o, now, 'fee', -100, 1, '' FROM v;"
	    "INSERT INTO ledger (request_id, msisdn, owner_since, at, kind, amount_fen, inbox, "
	    "note, points) SELECT 'q', n, o, now, 'redeem', 0, 1, '', -2 FROM v;"
	    "INSERT INTO inbox SELECT 1, 1, 0, 0, 0, edge * 1000, n, o, 0, 0, '', '', '', 't', "
	    "'', '', '' FROM v;"
	    "INSERT INTO inbox SELECT 2, 1, 0, 0, 0, edge * 1000 - 1, n, o, 0, 0, '', '', '', "
	    "'t', '', '', '' FROM v;");
	assert_says(e, COUNT_OF(e));
}
END_TEST

/* Reported a day ago; an add-on has as much as the package, others are not his or not now. */
START_TEST(the_running_month_is_compared_with_its_allowance)
{
	static const struct expected e[] = {
		{ "month_data_pct", "75" },      { "month_data_left_mb", "1023" },
		{ "month_voice_pct", "110" },    { "month_age_h", "25" },
		{ "month_days_left", "11" },     { "months", "" },
		{ "month_data_pct >= 75", "1" }, { "month_data_pct > 75", "" },
	};
	static const struct expected old[] = {
		{ "month_data_pct IS NULL", "1" },
		{ "month_age_h IS NULL", "1" },
		{ "month_data_left_mb IS NULL", "1" },
		{ "month_days_left", "11" },
	};
	static const struct expected unused[] = { { "month_data_pct = 0", "1" },
		                                  { "month_data_left_mb", "4096" } };
	const struct subscriber_row p = person(NUMBER, SINCE);

	put_person(&f, &p);
	put_plan(6000, 10, 2048 * 1024);
	month_of_use(0, 6600, 0, 3072 * 1024 + 6, BILL_NONE);
	sql("INSERT INTO package (code, kind, name_zh, name_en, fee_fen, voice_s, sms, data_kib, "
	    "over_voice_li_per_min, over_sms_li, over_data_fen_per_block, data_block_kib, "
	    "over_data_cap_fen, cost_fen, network, on_sale, name_hant) SELECT 'ADD', 1, 'a', 'a', 1000, 0, 0, 2048 * 1024, 0, 0, 0, "
	    "0, 0, 0, '', 1, '' UNION ALL SELECT 'VAS', 2, 'a', 'a', 1000, 0, 0, 9999 * 1024, 0, "
	    "0, 0, 0, 0, 0, '', 1, '';"
	    "INSERT INTO subscription (msisdn, package, since, owner_since, until, "
	    "contract_until, penalty_fen) SELECT 13800000001, column1, 1577808000 + column2, "
	    "1577808000 + column3, column4, 0, 0 FROM (VALUES ('ADD', 0, 0, 0), "
	    "('VAS', 0, 0, 0), ('ADD', 1, 0, 1795017600), ('ADD', 2, -1, 0), "
	    "('ADD', 217209601, 0, 0));"
	    "UPDATE usage_month SET as_of = 1795017600 - 25 * 3600 - 1");
	assert_says(e, COUNT_OF(e));
	/* The last word on it is of another month. */
	sql("UPDATE usage_month SET as_of = 1795017600 - 19 * 86400");
	assert_says(old, COUNT_OF(old));
	sql("UPDATE usage_month SET as_of = 1795017600, months = x''");
	assert_says(unused, COUNT_OF(unused));
}
END_TEST

START_TEST(orders_and_uses_are_lists_of_codes)
{
	static const struct expected e[] = {
		{ "ordered_7d", " NEW " },
		{ "ordered_30d", " NEW A " },
		{ "ordered_90d", " NEW A OLD " },
		{ "ordered_30d LIKE '% A %' AND ordered_7d NOT LIKE '% A %'", "1" },
		{ "ordered_90d LIKE '% OL %'", "" },
		{ "used_90d", " T-2 T-1 " },
		{ "uses_90d", "3" },
		{ "interested_90d", " LX CL " },
	};
	static const struct expected none[] = {
		{ "ordered_90d NOT LIKE '% A %' AND used_90d NOT LIKE '% T-1 %'", "1" },
		{ "uses_90d", "" },
	};
	const struct subscriber_row p = person(NUMBER, SINCE);

	put_person(&f, &p);
	assert_says(none, COUNT_OF(none));
	sql("INSERT INTO service_order (msisdn, owner_since, kind, package, state, at, "
	    "effective_at, fee_fen, inbox) SELECT 13800000001, 1577808000 + column4, column1, "
	    "column2, column3, 1795017600 - column5, 0, 0, 0 FROM (VALUES "
	    "('service.open', 'OLD', 2, 0, 90 * 86400), "
	    "('service.open', 'TOO', 2, 0, 90 * 86400 + 1), "
	    "('service.open', 'A', 2, 0, 20 * 86400), "
	    "('service.open', 'A', 2, 0, 7 * 86400), "
	    "('service.cancel', 'CUT', 2, 0, 100), ('trial.open', 'TRY', 2, 0, 100), "
	    "('service.open', 'NOT', 3, 0, 100), ('service.open', 'HIS', 2, -1, 100), "
	    "('package.change', 'NEW', 1, 0, 7 * 86400 - 1));"
	    "INSERT INTO used SELECT 13800000001, 1795017600 - column1, column2, column3 FROM "
	    "(VALUES (200, 'T-1', 'open'), (100, 'T-1', 'play'), (50, 'T-2', 'open'), "
	    "(90 * 86400 + 1, 'T-3', 'open'));"
	    "INSERT INTO touch SELECT 13800000001, 1795017600 - column1, 'call', column2, "
	    "column3 FROM (VALUES (200, 'CL', 2), (100, 'LX', 2), (50, 'SJB', 0), "
	    "(40, 'HZ', 3), (30, '', 2), (90 * 86400 + 1, 'YX', 2))");
	assert_says(e, COUNT_OF(e));
	sql("UPDATE subscriber SET owner_since = 1795017600");
	assert_says(none, COUNT_OF(none));
}
END_TEST

START_TEST(a_score_is_the_sum_of_its_true_lines)
{
	static const struct expected e[] = {
		{ "30 months = 0; 20 region = 'Pudong'; -10 class = 'business'; 5 NULL",
		  "40" },
		{ "1 TRUE", "1" },
		{ "1 TRUE; -1 TRUE;", "" }, /* from 1 */
		{ "2 'text'", "" },
		{ "2 0.5", "2" },
	};
	static const char *const bad[] = { "months = 0", "",          "x 1",
		                           "30",         "30;",       "30 1;;",
		                           "99999999 1", "1 1; 2 puk" };
	const struct subscriber_row p = person(NUMBER, SINCE);

	put_person(&f, &p);
	for (size_t i = 0; i < COUNT_OF(e); i++)
		assert_text(say(e[i].rule, true), e[i].value);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct tag_rules *rules = NULL;
		struct fault fault = { "" };

		ck_assert_msg(compile(bad[i], strlen(bad[i]), true, &rules, &fault) !=
		                      ERR_OK,
		              "%s", bad[i]);
	}
}
END_TEST

SUITE("store/tags", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_loop_test(tc, what_rules_may_not_say_is_refused_where_it_stands, 0,
                          COUNT_OF(hostile));
      tcase_add_test(tc, a_rule_has_a_size);
      tcase_add_test(tc, any_text_is_taken_or_refused);
      tcase_add_test(tc, no_column_is_personal);
      tcase_add_test(tc, values_are_those_of_the_rule);
      tcase_add_test(tc, a_value_is_cut_between_characters);
      tcase_add_test(tc, use_is_compared_at_the_boundary);
      tcase_add_test(tc, silence_is_counted_from_the_end);
      tcase_add_test(tc, a_gap_has_no_trend);
      tcase_add_test(tc, months_of_an_earlier_owner_do_not_count);
      tcase_add_test(tc, events_count_for_ninety_days);
      tcase_add_test(tc, the_running_month_is_compared_with_its_allowance);
      tcase_add_test(tc, orders_and_uses_are_lists_of_codes);
      tcase_add_test(tc, a_score_is_the_sum_of_its_true_lines);)
