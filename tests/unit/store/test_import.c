/*
 * test_import.c - files into the store: all or nothing, and what a person is told.
 */
#include "import_fixture.h"

START_TEST(a_package_is_read_in_the_units_of_the_hall)
{
	struct catalogue c;
	const struct package *p;

	import_well("packages", PACKAGES_HEAD PACKAGE_58);
	ck_assert_int_eq(store_load_catalogue(f.store, &f.arena, &c), ERR_OK);
	p = catalogue_find(&c, STR("58"));
	ck_assert_int_eq(p->voice_s, 6000);
	ck_assert_int_eq(p->data_kib, 2048 * 1024);
	ck_assert_int_eq(p->over_voice_li_per_min, 195);
	ck_assert_int_eq(p->over_sms_li, 100);
	ck_assert_int_eq(p->data_block_kib, 1024 * 1024);
	ck_assert_int_eq(p->over_data_cap_fen, 20000);
	ck_assert(p->on_sale);
	assert_text(p->name_zh, "58元套餐");
}
END_TEST

START_TEST(a_package_may_have_a_traditional_name)
{
	struct catalogue c;

	import_well("packages", PACKAGES_HEAD PACKAGE_58);
	ck_assert_int_eq(store_load_catalogue(f.store, &f.arena, &c), ERR_OK);
	assert_text(package_name(catalogue_find(&c, STR("58")), LANG_ZH_HANT),
	            "58元套餐");
	import_well("packages",
	            "name_hant,code,kind,name_zh,name_en,fee_fen,voice_min,sms,data_mb,"
	            "over_voice_fen_per_min,over_sms_fen,over_data_fen_per_block,"
	            "data_block_mb,over_data_cap_fen,cost_fen,network,on_sale\n"
	            "彩鈴,CL,vas,彩铃,Tone,500,0,0,0,0,0,0,0,0,100,,1\n");
	ck_assert_int_eq(store_load_catalogue(f.store, &f.arena, &c), ERR_OK);
	assert_text(package_name(catalogue_find(&c, STR("CL")), LANG_ZH_HANT), "彩鈴");
	assert_text(package_name(catalogue_find(&c, STR("CL")), LANG_ZH_HANS), "彩铃");
}
END_TEST

#define OUTER_HEAD                                                                        \
	"code,kind,name_zh,name_en,fee_fen,voice_min,sms,data_mb,over_voice_fen_per_min," \
	"over_sms_fen,over_data_fen_per_block,data_block_mb,over_data_cap_fen,cost_fen,"  \
	"network,on_sale,over_voice_tiers,over_voice_cap_fen,over_data_tiers\n"           \
	"58,main,58元套餐,Plan 58,5800,100,10,2048,19.5,10,500,1024,20000,3000,5G,1,"

START_TEST(a_package_may_have_other_prices_further_out)
{
	struct catalogue c;
	const struct package *p;

	import_well("packages", OUTER_HEAD "200@10;500@5.5,8000,15360@300\n");
	ck_assert_int_eq(store_load_catalogue(f.store, &f.arena, &c), ERR_OK);
	p = catalogue_find(&c, STR("58"));
	ck_assert_int_eq(p->over_voice_cap_fen, 8000);
	ck_assert_int_eq(p->over_sms_cap_fen, 0);
	ck_assert_uint_eq(p->outer[DIM_VOICE].n, 2);
	ck_assert_int_eq(p->outer[DIM_VOICE].tier[0].from, 200);
	ck_assert_int_eq(p->outer[DIM_VOICE].tier[1].li, 55);
	ck_assert_uint_eq(p->outer[DIM_SMS].n, 0);
	ck_assert_int_eq(p->outer[DIM_DATA].tier[0].from, 15360);
	ck_assert_int_eq(p->outer[DIM_DATA].tier[0].li, 3000);
	import_well("packages", PACKAGES_HEAD PACKAGE_58);
	ck_assert_int_eq(store_load_catalogue(f.store, &f.arena, &c), ERR_OK);
	ck_assert_uint_eq(catalogue_find(&c, STR("58"))->outer[DIM_VOICE].n, 0);
}
END_TEST

START_TEST(columns_left_out_have_their_defaults)
{
	struct dossier d;

	import_packages_and_person();
	d = dossier_of(&f, NUMBER);
	ck_assert_int_eq(d.sub.owner_since, SINCE); /* 2020-01-01: joined_on */
	ck_assert(d.sub.real_name);
	ck_assert_int_eq(d.account.credit_fen, 0);
	ck_assert_int_eq(d.account.balance_fen, 3520);
	assert_text(d.sub.name, "晓雨");
	assert_text(d.sub.network, "");
	ck_assert_uint_eq(d.n_held, 1);
	ck_assert_int_eq(d.account.as_of, SINCE);
}
END_TEST

START_TEST(columns_come_in_any_order_and_keys_are_replaced)
{
	struct dossier d;

	import_packages_and_person();
	import_well("usage", "bill_fen,sms,voice_min,month,msisdn,data_mb\n"
	                     "-12,3,2,2020-03,13800000001,5\n"
	                     ",4,1,2020-04,13800000001,6\n");
	import_well("usage", USAGE_HEAD "13800000001,2020-04,7,8,9,5800\n");
	d = dossier_of(&f, NUMBER);
	ck_assert_uint_eq(d.n_usage, 2);
	ck_assert_int_eq(d.usage[0].bill_fen, -12);
	ck_assert_int_eq(d.usage[0].voice_s, 120);
	ck_assert_int_eq(d.usage[1].voice_s, 420);
	ck_assert_int_eq(d.usage[1].sms, 8);
	ck_assert_int_eq(d.usage[1].data_kib, 9 * 1024);
	ck_assert_int_eq(d.usage[1].bill_fen, 5800);
}
END_TEST

START_TEST(no_bill_yet_is_nothing)
{
	import_packages_and_person();
	import_well("usage", USAGE_HEAD "13800000001,2020-04,7,8,9,\n");
	ck_assert_int_eq(dossier_of(&f, NUMBER).usage[0].bill_fen, BILL_NONE);
}
END_TEST

/* What is wrong with a file, and the fault behind its path. */
static const struct {
	const char *kind, *text, *fault;
} faults[] = {
	{ "usage", "", ":1: empty" },
	{ "usage", "msisdn,month\n", ":1: column voice_min: is missing" },
	{ "usage", "msisdn,colour\n",
	  ":1: column colour: not known, expected msisdn,month," },
	{ "usage", "msisdn,msisdn\n", ":1: column msisdn: stands twice" },
	{ "usage", USAGE_HEAD "13800000001,2020-04,7,8\n",
	  ":2: got 4 fields, expected 6" },
	{ "usage", USAGE_HEAD "13800000001,2020-13,7,8,9,\n",
	  ":2: column month: got \"2020-13\", expected a month" },
	{ "usage", USAGE_HEAD "1380000,2020-12,7.5,8,9,\n",
	  ":2: column voice_min: got \"7.5\", expected a whole number" },
	{ "usage", USAGE_HEAD "13800000001,2020-12,-7,8,9,\n",
	  ":2: column voice_min: got \"-7\"" },
	{ "usage", USAGE_HEAD "13800000001,2020-12,,8,9,\n",
	  ":2: column voice_min: got \"\"" },
	{ "usage", USAGE_HEAD "+8613800000001,2020-12,7,8,9,\n", ":2: column msisdn" },
	{ "usage", USAGE_HEAD "13800000001,2020-12,7,8,99999999999999999999,\n",
	  ":2: column data_mb" },
	{ "usage",
	  USAGE_HEAD "13800000001,2020-12,7,8,9,1\n13800000002,2020-12,7,8,9,1\n",
	  ":3: column msisdn: got \"13800000002\", expected a subscriber" },
	{ "usage",
	  USAGE_HEAD "13800000001,2020-12,7,8,9,1\n13800000001,2020-11,7,8,9,1\n"
	             "13800000001,2020-12,7,8,9,1\n",
	  ":4: the same key as on line 2" },
	{ "subscribers",
	  PEOPLE_HEAD "13800000009,a,zh,personal,b,2020-01-01,active,1,2,3,58,\n",
	  ":2: column language: got \"zh\", expected zh-Hans" },
	{ "subscribers",
	  PEOPLE_HEAD "13800000009,a,en,personal,b,2020-02-30,active,1,2,3,58,\n",
	  ":2: column joined_on: got \"2020-02-30\", expected a date" },
	{ "subscribers",
	  PEOPLE_HEAD "13800000009,a,en,personal,b,2020-02-03,active,1,2,3,99,\n",
	  ":2: column package: got \"99\", expected a main package" },
	{ "subscribers",
	  PEOPLE_HEAD "13800000009,a,en,personal,b,2020-02-03,active,1,2,3,CL,\n",
	  ":2: column package: got \"CL\", expected a main package" },
	{ "subscribers",
	  PEOPLE_HEAD "13800000009,a,en,personal,b,2020-02-03,active,1,2,3,58,CL;XX\n",
	  ":2: column services: got \"XX\"" },
	{ "subscribers",
	  PEOPLE_HEAD "13800000009,a,en,personal,b,2020-02-03,active,1,2,3,58,CL;CL\n",
	  ":2: column services: got \"CL;CL\", expected different codes" },
	{ "subscribers", PEOPLE_HEAD "13800000009,\"a,en\n",
	  ":2:13: this quote is never closed" },
	{ "packages", OUTER_HEAD "200@10;100@5,0,\n",
	  ":2: column over_voice_tiers: got \"200@10;100@5\", expected FROM@FEN" },
	{ "packages", OUTER_HEAD ",-1,\n", ":2: column over_voice_cap_fen" },
	{ "packages", OUTER_HEAD ",0,1536@300\n",
	  ":2: column over_data_tiers: got \"1536@\", expected tiers that begin at a "
	  "multiple of data_block_mb" },
	{ "packages", PACKAGES_HEAD PACKAGE_58 PACKAGE_CL PACKAGE_58,
	  ":4: the same key as on line 2" },
	{ "packages", PACKAGES_HEAD "5 8,main,a,b,1,1,1,1,1,1,1,1,1,1,5G,1\n",
	  ":2: column code: got \"5 8\", expected a code" },
	{ "packages", PACKAGES_HEAD "59,mian,a,b,1,1,1,1,1,1,1,1,1,1,5G,1\n",
	  ":2: column kind: got \"mian\", expected main, addon or vas" },
	{ "packages", PACKAGES_HEAD "59,main,a,b,1,1,1,1,1.55,1,1,1,1,1,5G,1\n",
	  ":2: column over_voice_fen_per_min: got \"1.55\"" },
	{ "packages", PACKAGES_HEAD "59,main,a,b,1,1,1,1,1,1,1,1,1,1,5G,yes\n",
	  ":2: column on_sale: got \"yes\", expected 0 or 1" },
};

START_TEST(a_bad_file_is_refused_by_line_and_column_and_leaves_nothing)
{
	struct fault fault;
	struct catalogue c;

	import_packages_and_person();
	ck_assert_int_ne(import(faults[_i].kind, faults[_i].text, &fault), ERR_OK);
	ck_assert_msg(strncmp(fault.text, f.folder, strlen(f.folder)) == 0 &&
	                      strstr(fault.text, faults[_i].fault) != NULL,
	              "got \"%s\", expected \"%s\"", fault.text, faults[_i].fault);
	ck_assert_uint_eq(dossier_of(&f, NUMBER).n_usage, 0);
	ck_assert(!dossier_of(&f, 13800000009).known);
	ck_assert_int_eq(store_load_catalogue(f.store, &f.arena, &c), ERR_OK);
	ck_assert_uint_eq(c.n, 2);
}
END_TEST

START_TEST(kinds_and_files_that_are_not_there)
{
	struct import_plan plan = { .kind = "usage", .path = "/tmp/smshall/none" };
	struct fault fault = { "" };
	struct import *im;

	ck_assert_int_eq(import_open(&plan, &im, &fault), ERR_NOT_FOUND);
	ck_assert_str_eq(fault.text, "/tmp/smshall/none: No such file or directory");
	fault = (struct fault){ "" };
	plan.kind = "cats";
	ck_assert_int_eq(import_open(&plan, &im, &fault), ERR_NOT_FOUND);
	ck_assert_str_eq(fault.text,
	                 "kind \"cats\": expected one of packages, groups, subscribers, "
	                 "usage, bills, payments, details, resources, subscriptions, "
	                 "complaints, consents, members, tags, touches, uses, clicks, "
	                 "suppressed");
}
END_TEST

/* A fee names no package: several have it. */
START_TEST(packages_may_have_the_same_fee)
{
	struct catalogue c;

	import_well("packages", PACKAGES_HEAD PACKAGE_58
	            "58B,main,58元B,Plan 58B,5800,1,1,1,1,1,1,1,1,1,5G,1\n");
	ck_assert_int_eq(store_load_catalogue(f.store, &f.arena, &c), ERR_OK);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_int_eq(c.package[0].fee_fen, c.package[1].fee_fen);
}
END_TEST

/* More rows than a slice, out of order; a fault in the last line leaves nothing. */
static void write_people(struct buf *out, int n, const char *last)
{
	buf_reset(out);
	buf_printf(out, PEOPLE_HEAD);
	for (int i = n; i > 0; i--)
		buf_printf(out,
		           "1380%07d,n,en,personal,r,2020-01-01,active,1,2,3,58,CL\n", i);
	buf_printf(out, "%s", last);
}

START_TEST(many_slices_are_all_or_nothing)
{
	enum {
		N = IMPORT_SLICE * 2 + 5
	};
	struct buf text = buf_make(8 * 1024 * 1024);
	struct fault fault;

	import_well("packages", PACKAGES_HEAD PACKAGE_58 PACKAGE_CL);
	write_people(&text, N, PERSON_1);
	ck_assert_int_eq(import("subscribers", buf_cstr(&text), &fault), ERR_EXISTS);
	ck_assert(!dossier_of(&f, NUMBER + N - 1).known);
	write_people(&text, N, "");
	import_well("subscribers", buf_cstr(&text));
	ck_assert(dossier_of(&f, NUMBER).known && dossier_of(&f, NUMBER + N - 1).known);
	buf_free(&text);
}
END_TEST

SUITE("store/import", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, a_package_is_read_in_the_units_of_the_hall);
      tcase_add_test(tc, a_package_may_have_a_traditional_name);
      tcase_add_test(tc, a_package_may_have_other_prices_further_out);
      tcase_add_test(tc, columns_left_out_have_their_defaults);
      tcase_add_test(tc, columns_come_in_any_order_and_keys_are_replaced);
      tcase_add_test(tc, no_bill_yet_is_nothing);
      tcase_add_loop_test(tc, a_bad_file_is_refused_by_line_and_column_and_leaves_nothing,
                          0, COUNT_OF(faults));
      tcase_add_test(tc, kinds_and_files_that_are_not_there);
      tcase_add_test(tc, packages_may_have_the_same_fee);
      tcase_add_test(tc, many_slices_are_all_or_nothing);)
