/*
 * test_offer.c - the arithmetic of offers for one number, and what the doctor finds of
 * promises that were not kept.
 */
#include "../store/raw.h"
#include "fixture.h"

#define AT_NOW 1790812800LL /* 2026-10-01 08:00 */
#define NOW    "\"now\":1790812800"

/* Package 58 is held; 38 is cheaper by what was used, 18 is not. */
static void put_world(void)
{
	put_file("packages.csv", PACKAGES_HEAD
	         "18,main,18元套餐,Plan 18,1800,50,0,2048,15,10,500,1024,0,1000,,1\n"
	         "38,main,38元套餐,Plan 38,3800,100,0,10240,15,10,500,1024,0,1000,,1\n"
	         "58,main,58元套餐,Plan 58,5800,200,0,20480,15,10,500,1024,0,1500,,1\n"
	         "OLD,main,旧套餐,Old,900,200,0,20480,15,10,500,1024,0,1500,,0\n");
	import_well("packages", "packages.csv");
	put_file(
		"subscribers.csv", PEOPLE_HEAD
		"13800000001,甲,zh-Hans,personal,浦东,2020-01-01,active,5000,9,01234567,58,\n"
		"13800000002,乙,zh-Hans,personal,浦东,2020-01-01,active,5000,9,01234567,58,\n");
	import_well("subscribers", "subscribers.csv");
	put_file("usage.csv", "msisdn,month,voice_min,sms,data_mb,bill_fen\n"
	                      "13800000001,2026-06,120,0,9000,5800\n"
	                      "13800000001,2026-07,90,0,9000,5800\n"
	                      "13800000001,2026-08,90,0,9000,5800\n");
	import_well("usage", "usage.csv");
}

START_TEST(all_figures_are_said)
{
	put_world();
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000001\"," NOW "}");
	assert_said(
		"stage: mature; here for 81 months, no trend of use yet, no contract");
	assert_said("  weight                        -          -          1          2"
	            "          2          -        / 5\n");
	assert_said("\npresent: 58  58元套餐\n");
	/* 20 minutes at 0.15 in the first month: (41 + 2 * 38 + 2 * 38) / 5 */
	assert_said("  calls beyond                  -          -       3.00       0.00"
	            "       0.00          -       0.60\n");
	assert_said(
		"  margin a month      21.089 = bill 38.60 - cost 17.511 (package 10.00, "
		"use 7.511)\n  use costs           ");
	assert_said("13800000001: personal, 浦东, ");
	assert_said(
		"\n38  38元套餐  <- is named to who asks\n  terms: 38.00 a month; 100 "
		"minutes, then 0.15 each; 0 texts, then 0.10 each; 10240 MB, then 5.00 "
		"each 1024 MB begun\n");
	assert_said("stage           FAILED  mature: a lower fee may not be pushed");
	assert_said("eligible        passed  the number may have it");
	assert_said("may be pushed: nothing, no package passes all guards");
	assert_said("who asks gets: 38  38元套餐, saves 19.40 a month");
	assert_said(
		"zh-Hans 近3个月都没有超出套餐；按这样的用量，换38元套餐预计每月省19.4元");
	assert_said("zh-Hant 近3個月");
	assert_said("en      In your last 3 months you passed no allowance");
}
END_TEST

START_TEST(other_limits_can_be_tried)
{
	char request[512];
	struct fault fault;

	put_world();
	put_file("mine.conf",
	         "mature = { down = \"yes\"; depth = \"35\"; margin = \"20\"; };\n"
	         "guard = { give = \"60\"; };\n");
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"offer\",\"msisdn\":\"13800000001\",\"policy\":"
	               "\"%s/mine.conf\"," NOW "}",
	               t.folder);
	ask_well(request);
	assert_said("may be pushed: 38  38元套餐, saves 19.40 a month");
	assert_said("what he would be told:");
	assert_said("worth of contact: ");
	assert_said(" yuan over 12 months: HARMS by these assumptions; a campaign of "
	            "worth = \"positive\" leaves him alone\n"
	            "    - ");
	assert_said(" more margin - 0.00 given)\n    - ");
	assert_said("\n    - 0.08  texts: 1 SMS * 0.08\n  accept ");
	/* Odds 0.05 / 0.95 * 20.4 ^ 0.4 * e ^ (19.4 / 58). */
	put_file("mine.conf",
	         "mature = { down = \"yes\"; depth = \"35\"; margin = \"20\"; };\n"
	         "guard = { give = \"60\"; };\n"
	         "value = { accept_saving = \"0.4\"; accept_depth = \"1\"; };\n");
	ask_well(request);
	assert_said("\n  accept 19.7 %, moved from the 5.0 % of all by accept_saving, "
	            "accept_depth and accept_refused (assumed in offer.conf, ");
	put_file("mine.conf", "mature = {\n  down = \"often\"; };\n");
	ck_assert_int_eq(ask(request, &fault), ERR_SYNTAX);
	ck_assert_msg(strstr(fault.text, "mine.conf:2: ") != NULL, "%s", fault.text);
}
END_TEST

START_TEST(a_line_a_package)
{
	put_world();
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000001\",\"csv\":true," NOW "}");
	assert_said(
		"package,role,fee,2026-04,2026-05,2026-06,2026-07,2026-08,2026-09,"
		"a_month,saving,cost,margin,months_better,months,worst,eligible,stage,"
		"g1,g2,g3,g4,g5,g6\n");
	assert_said("\n38,answered,38.00,,,41.00,38.00,38.00,,38.60,19.40,");
	assert_said("\n18,,18.00,");
	ck_assert_ptr_null(strstr(t.said, "\nOLD,"));
}
END_TEST

START_TEST(a_package_out_of_range_is_left_out_alone)
{
	put_world();
	put_file("more.csv", PACKAGES_HEAD
	         "28,main,28元套餐,Plan 28,999999999,1,0,1,15,10,500,1024,0,1000,,1\n");
	import_well("packages", "more.csv");
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000001\"," NOW "}");
	assert_said("\nleft out: package 28: fee_fen: got 999999999, expected 0 to ");
	assert_said("38元套餐");
}
END_TEST

/* n of package 58, each with one month: 60 minutes and 9,000 MB. */
static void put_like(int n)
{
	struct buf b = buf_make(65536);

	put_people("like.csv", n);
	import_well("subscribers", "like.csv");
	buf_puts(&b, STR("msisdn,month,voice_min,sms,data_mb,bill_fen\n"));
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%lld,2026-08,60,0,9000,5800\n", 13900000000LL + i);
	put_file("like-usage.csv", buf_cstr(&b));
	buf_free(&b);
	import_well("usage", "like-usage.csv");
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\"," NOW "}");
}

/* 13800000002 has no month.  29 others and 13800000001 are enough, 28 are not. */
START_TEST(too_few_months_are_estimated_by_customers_alike)
{
	put_world();
	put_like(28);
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000002\"," NOW "}");
	assert_said("nothing to compare: no month of use");
	put_like(29);
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000002\"," NOW "}");
	/* (29 * 60 + 120 + 90 + 90) / 32 months, begun minutes */
	assert_said("  minutes                      64         64         64         64"
	            "         64         64         64\n");
	assert_said(
		"  thin: fewer than 3 own months; ESTIMATED by what is typical of the "
		"package: 2026-04, 2026-05, 2026-06, 2026-07, 2026-08, 2026-09\n");
	assert_said("; 6 of them are estimated: such are not pushed\n");
	assert_said("who asks gets: 38  38元套餐, saves 20.00 a month\n");
	assert_said("may be pushed: nothing");
	assert_said(
		"zh-Hans 按同套餐客户的平均用量估算（您的月份还少），换38元套餐每月约省20元\n");
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000001\"," NOW "}");
	ck_assert_ptr_null(strstr(t.said, "ESTIMATED"));
	/* The rehearsal counts them, and who has no month of his own as thin. */
	ask_well("{\"do\":\"rehearse\"," NOW "}");
	assert_said(
		"31 subscribers with bills (30 of them with fewer than 3 months), 0 ");
}
END_TEST

/* Of 40 on package 58 who hold A, 30 hold CL too; of 20 others 2 do. */
static void put_together(void)
{
	struct buf b = buf_make(65536);

	put_file("services.csv",
	         PACKAGES_HEAD "A,vas,来电提醒,Missed calls,300,0,0,0,0,0,0,0,0,100,,1\n"
	                       "CL,vas,彩铃,Ringback,500,0,0,0,0,0,0,0,0,100,,1\n"
	                       "GONE,vas,旧,Gone,500,0,0,0,0,0,0,0,0,100,,0\n");
	import_well("packages", "services.csv");
	buf_puts(&b, STR(PEOPLE_HEAD));
	for (int i = 0; i < 60; i++)
		buf_printf(
			&b,
			"%lld,n,zh-Hans,personal,x,2020-01-01,active,5000,0,01234567,58,"
			"%s\n",
			13900000000LL + i,
			i < 30   ? "A;CL;GONE"
			: i < 40 ? "A"
			: i < 42 ? "CL"
				 : "");
	buf_puts(&b,
	         STR("13800000003,n,zh-Hans,personal,x,2020-01-01,active,5000,0,01234567,"
	             "58,A\n"));
	put_file("many.csv", buf_cstr(&b));
	buf_free(&b);
	import_well("subscribers", "many.csv");
}

/* Where 30 who hold both are enough. */
static void offer_of_few(void)
{
	char request[512];

	put_file("mine.conf", "cross = { support = \"30\"; };\n");
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"offer\",\"msisdn\":\"13800000003\",\"policy\":"
	               "\"%s/mine.conf\"," NOW "}",
	               t.folder);
	ask_well(request);
}

START_TEST(what_goes_with_what_is_held_is_said_with_its_arithmetic)
{
	put_world();
	put_together();
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000003\"," NOW "}");
	assert_said(
		"\ngoes well with what he holds:\nnothing: who holds what is not counted "
		"yet: smshall tags refresh\n");
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\"," NOW "}");
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000003\"," NOW "}");
	assert_said("nothing: CL goes best with A, but 30 hold both, at least 500 "
	            "(cross.support of offer.conf); lift 1.44, at least 1.20 "
	            "(cross.lift)\n");
	offer_of_few();
	/* 63 * 30 / (41 * 32) */
	assert_said(
		"\nCL  彩铃\n  of 63 subscribers 41 hold A, 32 hold CL, 30 both: lift 1.44 "
		"= 63 * 30 / (41 * 32), 1 is chance; at least 1.20 and 30 of both\n  15 "
		"days free first, then only by his order: 5.00 a month; margin 4.00 = fee - "
		"cost 1.00; the free days cost 0.50, and 30.0 % of those who tried order "
		"it\n  accept 10.0 % (assumed in offer.conf, nobody was asked yet)");
	assert_said(
		"  worth of contact: 1.23 yuan over 12 months\n"
		"    + 1.39  who accepts: 10.0 % * (12 months * 1.20 more margin - 0.50 "
		"given)\n");
	ck_assert_ptr_null(strstr(t.said, "\nGONE  "));
}
END_TEST

static void run_sql(const char *sql)
{
	close_office();
	raw_at(t.url + strlen("sqlite:"), sql);
	open_office();
}

/* Two of the last 30 days, one before; one that was never sent. */
START_TEST(who_was_told_lately_costs_more_to_tell)
{
	static const struct {
		int state, days;
	} row[] = { { 3, 1 }, { 3, 29 }, { 3, 30 }, { 1, 2 } };
	struct buf b = buf_make(4096);
	put_world();
	put_together();
	for (int i = 0; i < 4; i++)
		buf_printf(&b,
		           "INSERT INTO target SELECT %d, msisdn, owner_since, 1, %d, 0, "
		           "0, '38', '', '', '', '', 0, %lld, 0, 1, 0, 0, 32 FROM "
		           "subscriber WHERE msisdn = 13800000003;",
		           i + 1, row[i].state, AT_NOW - row[i].days * 86400LL);
	run_sql(buf_cstr(&b));
	buf_free(&b);
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\"," NOW "}");
	offer_of_few();
	assert_said("  worth of contact: 1.03 yuan over 12 months\n");
	assert_said("    - 0.36  texts: 2 SMS * 0.08 + 0.20 since he was sent offers in "
	            "the last 30 days\n");
}
END_TEST

/* By n numbers from `first` on: each twice, `days` before now. */
static void put_orders(int n, int64_t first, const char *kind, const char *code,
                       int state, int days)
{
	struct buf b = buf_make(65536);

	for (int i = 0; i < 2 * n; i++)
		buf_printf(&b,
		           "INSERT INTO service_order (msisdn, owner_since, kind, "
		           "package, state, at, effective_at, fee_fen, inbox) SELECT "
		           "msisdn, owner_since, '%s', '%s', %d, %lld, 0, 0, 0 FROM "
		           "subscriber WHERE msisdn = %lld;",
		           kind, code, state, AT_NOW - days * 86400LL,
		           (long long)(first + i / 2));
	run_sql(buf_cstr(&b));
	buf_free(&b);
}

static void assert_popular(const char *code, int64_t people)
{
	struct arena a = arena_make(65536);
	struct catalogue c;
	const struct package *p;

	ck_assert_int_eq(store_load_catalogue(t.store, &a, &c), ERR_OK);
	p = catalogue_find(&c, str_of(code));
	ck_assert_ptr_nonnull(p);
	ck_assert_int_eq(p->popular, people);
	arena_free(&a);
}

/* Numbers, not orders; of the last 30 days; none below five; anew each time. */
START_TEST(what_many_ordered_is_counted_by_numbers)
{
	static const int64_t first = 13900000000LL;

	put_world();
	put_like(29);
	put_together();
	put_orders(6, first, "service.open", "CL", 2, 3);
	put_orders(4, first, "service.open", "A", 2, 3);
	put_orders(20, first, "service.open", "A", 4, 3);   /* undone */
	put_orders(20, first, "service.cancel", "A", 2, 3); /* no order of it */
	put_orders(20, first, "service.open", "A", 2, 31);  /* long ago */
	put_orders(5, first + 6, "package.change", "38", 1, 29);
	assert_popular("CL", 0);
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\"," NOW "}");
	assert_popular("CL", 6);
	assert_popular("A", 0);
	assert_popular("38", 5);
	put_orders(1, first + 20, "service.open", "A", 2, 3);
	run_sql("DELETE FROM service_order WHERE package = '38'");
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\"," NOW "}");
	assert_popular("CL", 6);
	assert_popular("A", 5);
	assert_popular("38", 0);
}
END_TEST

START_TEST(nothing_to_say_is_said)
{
	struct fault fault;

	put_world();
	ask_well("{\"do\":\"offer\",\"msisdn\":\"13800000002\"," NOW "}");
	assert_said("nothing to compare");
	ck_assert_int_eq(ask("{\"do\":\"offer\",\"msisdn\":\"13700000000\"}", &fault),
	                 ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(fault.text, "no subscriber"));
	ck_assert_int_eq(ask("{\"do\":\"offer\"}", &fault), ERR_SYNTAX);
	ck_assert_int_eq(
		ask("{\"do\":\"offer\",\"msisdn\":\"13800000001\",\"all\":1}", &fault),
		ERR_SYNTAX);
	ck_assert_int_ne(ask("{\"do\":\"offer\",\"msisdn\":\"13800000001\","
	                     "\"policy\":\"/no/such\"}",
	                     &fault),
	                 ERR_OK);
}
END_TEST

/* ---- the doctor ---- */

/* 38 against 58, as src/hall/insured.c writes it. */
#define TERMS                                                                    \
	"58000/200,1,150/0,1,100/20971520,1048576,5000>38000/100,1,150/0,1,100/" \
	"10485760,1048576,5000"
#define PROMISE(id, state, was)                                                          \
	"INSERT INTO service_order (id, msisdn, owner_since, kind, package, state, at, " \
	"effective_at, fee_fen, inbox, undo_until, was, prompt, price) VALUES (" #id     \
	", 13800000001, 0, 'offer.insured', '38', " #state ", 1, 2, 0, 1, 0, '" was      \
	"', 0, '1001|3|24322|" TERMS "');"
#define PAID(request, order, fen)                                                            \
	"INSERT INTO ledger (request_id, msisdn, owner_since, at, kind, amount_fen, inbox, " \
	"note, points, order_id) VALUES ('" request                                          \
	"', 13800000001, 0, 2, 'offer.insured', " #fen ", 1, '38', 0, " #order ");"

static const struct {
	const char *sql, *says;
} cases[] = {
	{ PROMISE(7, 2, "90,0,20971520|3000") PAID("o7-insured", 7, 3000)
	          PROMISE(8, 1, "") PROMISE(9, 2, "90,0,9216000|0") PROMISE(10, 3, ""),
	  "ok     insured      4 months promised to be no dearer, 2 decided; owed 30.00, paid "
	  "30.00 yuan\n" },
	{ PROMISE(7, 2, "90,0,20971520|3000"), "BAD    insured " },
	{ PROMISE(7, 2, "90,0,20971520|3000") PAID("o7-insured", 7, 2999),
	  "owed 30.00, paid 29.99 yuan: 1 paid wrongly, such as order 7" },
	{ PROMISE(7, 2, "90,0,9216000|0") PAID("o7-insured", 7, 1), "BAD    insured " },
	{ PROMISE(7, 1, "") PAID("o7-insured", 7, 3000), "BAD    insured " },
	{ PROMISE(7, 3, "") PAID("o7-insured", 7, 3000), "BAD    insured " },
	{ PROMISE(7, 2, "90,0,20971520|2000") PAID("o7-insured", 7, 2000),
	  "BAD    insured " },
	{ PROMISE(7, 2, "90,0|3000") PAID("o7-insured", 7, 3000), "BAD    insured " },
	{ PROMISE(7, 2, "90,0,20971520|3000") PAID("o7-insured", 7, 3000)
	          PAID("o7-again", 7, 3000),
	  ": 1 payments belong to no promise" },
	{ PAID("o7-insured", 7, 3000), ": 1 payments belong to no promise" },
};

START_TEST(the_doctor_computes_promises_again)
{
	close_office();
	raw_at(t.url + strlen("sqlite:"), cases[_i].sql);
	open_office();
	ask_well("{\"do\":\"doctor\",\"now\":4000,\"full\":true}");
	assert_said(cases[_i].says);
}
END_TEST

SUITE("office/offer", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, all_figures_are_said);
      tcase_add_test(tc, other_limits_can_be_tried); tcase_add_test(tc, a_line_a_package);
      tcase_add_test(tc, a_package_out_of_range_is_left_out_alone);
      tcase_add_test(tc, too_few_months_are_estimated_by_customers_alike);
      tcase_add_test(tc, what_goes_with_what_is_held_is_said_with_its_arithmetic);
      tcase_add_test(tc, who_was_told_lately_costs_more_to_tell);
      tcase_add_test(tc, what_many_ordered_is_counted_by_numbers);
      tcase_add_test(tc, nothing_to_say_is_said);
      tcase_add_loop_test(tc, the_doctor_computes_promises_again, 0,
                          (int)(sizeof(cases) / sizeof(cases[0])));)
