/*
 * test_data.c - data in, and identity: a number's new owner inherits nothing.
 */
#include "../../../src/store/sqlite/sqlite_priv.h"
#include "../../../src/store/sqlite/usage_blob_priv.h"
#include "fixture.h"
#include "model/secrets.h"

#define DAY INT64_C(86400)

static struct fixture f;

static void setup(void)
{
	memory_store(&f);
}

static void teardown(void)
{
	fixture_end(&f);
}

static struct usage_month month(int year, int m, int64_t voice_s)
{
	return (struct usage_month){ .month = month_make(year, m),
		                     .voice_s = voice_s,
		                     .sms = 2,
		                     .data_kib = INT64_C(1) << 40,
		                     .bill_fen = BILL_NONE };
}

static void put_rows(enum store_kind kind, const void *row, size_t n, size_t left_out)
{
	size_t left = 0;

	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_msg(store_put(f.store, kind, row, n, SINCE, &left) == ERR_OK, "%s",
	              store_fault(f.store));
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
	ck_assert_uint_eq(left, left_out);
}

static void put_bill(int64_t msisdn, int m, size_t left_out)
{
	const struct bill_row row = { msisdn,
		                      { month_make(2020, m), STR("fee"), 5800 },
		                      0 };

	put_rows(STORE_BILLS, &row, 1, left_out);
}

START_TEST(a_subscriber_comes_back_as_it_was)
{
	static const struct str services[] = { { "CL", 2 }, { "LX", 2 } };
	struct subscriber_row row = person(NUMBER, SINCE);
	struct dossier d;

	row.service = services;
	row.n_services = 2;
	put_person(&f, &row);
	d = dossier_of(&f, NUMBER);
	ck_assert(d.known);
	ck_assert_int_eq(d.sub.msisdn, NUMBER);
	ck_assert_int_eq(d.sub.owner_since, SINCE);
	ck_assert_int_eq(d.sub.joined_on, SINCE);
	ck_assert_int_eq(d.sub.status, SUB_KEPT);
	ck_assert_int_eq(d.sub.language, LANG_EN);
	ck_assert_int_eq(d.sub.class, CLASS_BUSINESS);
	ck_assert(d.sub.real_name);
	assert_text(d.sub.name, "晓雨");
	assert_text(d.sub.region, "Pudong");
	assert_text(d.sub.network, "5G");
	assert_text(d.sub.terminal, "phone");
	assert_text(d.sub.puk, "01234567");
	assert_text(d.sub.package, "58");
	ck_assert(d.has_account);
	ck_assert_int_eq(d.account.balance_fen, -5);
	ck_assert_int_eq(d.account.credit_fen, 7);
	ck_assert_int_eq(d.account.points, 9);
	ck_assert_int_eq(d.account.as_of, SINCE + 11);
	ck_assert_uint_eq(d.n_held, 2);
	assert_text(d.held[0].package, "CL");
	assert_text(d.held[1].package, "LX");
	ck_assert_int_eq(d.held[0].since, SINCE);
}
END_TEST

START_TEST(an_unknown_number_has_nothing)
{
	struct dossier d;

	put_bill(NUMBER, 3, 1);
	d = dossier_of(&f, NUMBER);
	ck_assert(!d.known && !d.has_account && !d.opted_out);
	ck_assert_uint_eq(d.n_usage + d.n_bill + d.n_held, 0);
	ck_assert_uint_ne(d.have, 0);
}
END_TEST

/* Of one owner: the next is answered in what the list says. */
START_TEST(a_chosen_language_outlives_lists)
{
	struct subscriber_row row = person(NUMBER, SINCE);
	struct dossier d;

	put_person(&f, &row);
	d = dossier_of(&f, NUMBER);
	fixture_reset_changes(&f);
	changes_language(&f.changes, &d, LANG_ZH_HANT);
	commit_changes(&f);
	ck_assert_int_eq(dossier_of(&f, NUMBER).sub.language, LANG_ZH_HANT);
	put_person(&f, &row);
	put_person(&f, &row);
	ck_assert_int_eq(dossier_of(&f, NUMBER).sub.language, LANG_ZH_HANT);
	row = person(NUMBER, SINCE + DAY);
	put_person(&f, &row);
	ck_assert_int_eq(dossier_of(&f, NUMBER).sub.language, LANG_EN);
}
END_TEST

START_TEST(services_follow_the_newest_list)
{
	static const struct str before[] = { { "CL", 2 }, { "LX", 2 } };
	static const struct str after[] = { { "LX", 2 }, { "YX", 2 } };
	struct subscriber_row row = person(NUMBER, SINCE);
	struct dossier d;

	row.service = before;
	row.n_services = 2;
	put_person(&f, &row);
	row.service = after;
	row.account.as_of = SINCE + DAY;
	put_person(&f, &row);
	d = dossier_of(&f, NUMBER);
	ck_assert_uint_eq(d.n_held, 2);
	assert_text(d.held[0].package, "LX");
	ck_assert_int_eq(d.held[0].since, SINCE); /* held on */
	assert_text(d.held[1].package, "YX");
	ck_assert_int_eq(d.held[1].since, SINCE + DAY);
}
END_TEST

START_TEST(months_are_merged_ascending_and_replaced)
{
	const struct subscriber_row row = person(NUMBER, SINCE);
	struct dossier d;

	put_person(&f, &row);
	put_month(&f, NUMBER, month(2020, 5, 50));
	put_month(&f, NUMBER, month(2020, 3, 30));
	put_month(&f, NUMBER, month(2020, 4, 40));
	put_month(&f, NUMBER, month(2020, 3, 31));
	d = dossier_of(&f, NUMBER);
	ck_assert_uint_eq(d.n_usage, 3);
	ck_assert_int_eq(d.usage[0].voice_s, 31);
	ck_assert_int_eq(d.usage[1].voice_s, 40);
	ck_assert_int_eq(d.usage[2].voice_s, 50);
	ck_assert_int_eq(d.usage[2].data_kib, INT64_C(1) << 40);
	ck_assert_int_eq(d.usage[2].bill_fen, BILL_NONE);
	ck_assert_int_eq(d.usage_as_of, SINCE);
}
END_TEST

/* Every second number has MONTHS_OF_USE months; all rows are put at once. */
enum {
	PEOPLE_OF_USE = 700, /* more than are merged at once */
	MONTHS_OF_USE = 3,
	ROWS_OF_USE = PEOPLE_OF_USE * MONTHS_OF_USE
};

static int by_number(int i)
{
	return i;
}

static int by_month(int i)
{
	return i % PEOPLE_OF_USE * MONTHS_OF_USE + i / PEOPLE_OF_USE;
}

/* Of ten numbers a month, then of these the next month. */
static int in_tens(int i)
{
	const int ten = i / (10 * MONTHS_OF_USE), r = i % (10 * MONTHS_OF_USE);

	return (ten * 10 + r % 10) * MONTHS_OF_USE + r / 10;
}

static int backwards(int i)
{
	return ROWS_OF_USE - 1 - i;
}

static int (*const orders[])(int i) = { by_number, by_month, in_tens, backwards };

START_TEST(months_come_in_any_order)
{
	static struct usage_row row[ROWS_OF_USE];

	for (int i = 0; i < PEOPLE_OF_USE; i++) {
		const struct subscriber_row who = person(NUMBER + 2 * i, SINCE);

		put_person(&f, &who);
	}
	put_month(&f, NUMBER, month(2020, 2, 99));
	put_month(&f, NUMBER + 2, month(2020, 9, 99));
	for (int i = 0; i < ROWS_OF_USE; i++) {
		const int k = orders[_i](i);
		const int who = k / MONTHS_OF_USE, m = k % MONTHS_OF_USE;

		row[i] = (struct usage_row){ NUMBER + 2 * who, month(2020, 1 + m, k) };
	}
	put_rows(STORE_USAGE, row, ROWS_OF_USE, 0);
	for (int i = 0; i < PEOPLE_OF_USE; i++) {
		const struct dossier d = dossier_of(&f, NUMBER + 2 * i);

		ck_assert_uint_eq(d.n_usage, MONTHS_OF_USE + (i == 1 ? 1 : 0));
		for (int m = 0; m < MONTHS_OF_USE; m++) {
			ck_assert_int_eq(d.usage[m].month, month_make(2020, 1 + m));
			ck_assert_int_eq(d.usage[m].voice_s, i * MONTHS_OF_USE + m);
		}
	}
}
END_TEST

START_TEST(rows_of_a_stranger_are_left_out_and_counted)
{
	const struct subscriber_row known = person(NUMBER, SINCE);
	const struct usage_row row[] = { { NUMBER - 1, month(2020, 5, 50) },
		                         { NUMBER - 1, month(2020, 6, 50) },
		                         { NUMBER, month(2020, 5, 50) } };

	put_person(&f, &known);
	put_rows(STORE_USAGE, row, COUNT_OF(row), 2);
	ck_assert_uint_eq(dossier_of(&f, NUMBER).n_usage, 1);
}
END_TEST

START_TEST(months_before_the_owner_are_not_shown)
{
	const struct subscriber_row row = person(NUMBER,
	                                         SINCE + 45 * DAY); /* 2020-02-15 */

	put_person(&f, &row);
	put_month(&f, NUMBER, month(2020, 1, 10));
	put_month(&f, NUMBER, month(2020, 2, 20));
	put_bill(NUMBER, 1, 0);
	put_bill(NUMBER, 2, 0);
	ck_assert_uint_eq(dossier_of(&f, NUMBER).n_usage, 1);
	ck_assert_int_eq(dossier_of(&f, NUMBER).usage[0].voice_s, 20);
	ck_assert_uint_eq(dossier_of(&f, NUMBER).n_bill, 1);
	ck_assert_int_eq(dossier_of(&f, NUMBER).bill[0].month, month_make(2020, 2));
}
END_TEST

/* All that the earlier owner left: months, bill lines, services, an opt-out, a part. */
static void leave_things_behind(void)
{
	static const struct str services[] = { { "CL", 2 } };
	struct subscriber_row row = person(NUMBER, SINCE);
	struct dossier d;

	row.service = services;
	row.n_services = 1;
	put_person(&f, &row);
	put_month(&f, NUMBER, month(2020, 3, 30));
	put_bill(NUMBER, 3, 0);
	d = dossier_of(&f, NUMBER);
	changes_opt_out(&f.changes, &d, true, SINCE + DAY, 1);
	changes_add(&f.changes, parts,
	            ((struct part_row){
			    .key = { STR("g"), STR("8613800000001"), STR("10086"), 1, 2 },
			    .msisdn = NUMBER,
			    .seq = 1,
			    .octets = { (const uint8_t *)"x", 1 } }));
	commit_changes(&f);
	d = dossier_of(&f, NUMBER);
	ck_assert(d.opted_out && d.n_usage == 1 && d.n_bill == 1 && d.n_held == 1);
}

START_TEST(a_new_owner_inherits_nothing)
{
	const struct subscriber_row next = person(NUMBER, SINCE + 31 * DAY);
	struct dossier d;
	int64_t parts;

	leave_things_behind();
	put_person(&f, &next);
	d = dossier_of(&f, NUMBER);
	ck_assert(d.known && !d.opted_out && d.has_account);
	ck_assert_uint_eq(d.n_usage + d.n_bill + d.n_held, 0);
	ck_assert_int_eq(store_count_parts(f.store, &parts), ERR_OK);
	ck_assert_int_eq(parts, 0);
	ck_assert_int_eq(sql_script(sql_of(f.store),
	                            "CREATE TABLE left_behind (n INTEGER CHECK "
	                            "(n = 0)); INSERT INTO left_behind SELECT "
	                            "count(*) FROM optout"),
	                 ERR_OK);
	put_month(&f, NUMBER, month(2020, 4, 40));
	ck_assert_uint_eq(dossier_of(&f, NUMBER).n_usage, 1);
}
END_TEST

START_TEST(the_same_owner_keeps_all)
{
	struct subscriber_row again = person(NUMBER, SINCE);
	static const struct str services[] = { { "CL", 2 } };
	struct dossier d;

	leave_things_behind();
	again.service = services;
	again.n_services = 1;
	put_person(&f, &again);
	d = dossier_of(&f, NUMBER);
	ck_assert(d.opted_out && d.n_usage == 1 && d.n_bill == 1 && d.n_held == 1);
}
END_TEST

/* Rows that carry another owner's date count for nothing even if they were left. */
START_TEST(rows_of_another_owner_are_never_loaded)
{
	struct dossier d;

	leave_things_behind();
	ck_assert_int_eq(sql_script(sql_of(f.store),
	                            "UPDATE subscriber SET owner_since = "
	                            "owner_since + 1"),
	                 ERR_OK);
	d = dossier_of(&f, NUMBER);
	ck_assert(d.known && !d.opted_out && !d.has_account);
	ck_assert_uint_eq(d.n_usage + d.n_bill + d.n_held, 0);
}
END_TEST

/* Opted out while unknown, at time 10; then imported with this owner. */
static const struct {
	int64_t owner_since;
	bool opted_out;
} strangers[] = { { SINCE, true }, { SINCE + 10, true }, { SINCE + 11, false } };

START_TEST(an_opt_out_of_a_stranger_counts_for_who_had_the_number)
{
	const struct subscriber_row row = person(NUMBER, strangers[_i].owner_since);
	struct dossier d = { .msisdn = NUMBER };

	changes_opt_out(&f.changes, &d, true, SINCE + 10, 1);
	commit_changes(&f);
	put_person(&f, &row);
	ck_assert_int_eq(dossier_of(&f, NUMBER).opted_out, strangers[_i].opted_out);
}
END_TEST

START_TEST(needs_are_loaded_once_and_only_as_asked)
{
	const struct subscriber_row row = person(NUMBER, SINCE);
	struct dossier d = { .msisdn = NUMBER }, *one = &d;
	unsigned need = NEED_ACCOUNT;

	put_person(&f, &row);
	put_month(&f, NUMBER, month(2020, 3, 30));
	ck_assert_int_eq(store_load_dossiers(f.store, &f.arena, &one, 1), ERR_OK);
	ck_assert_int_eq(store_load_needs(f.store, &f.arena, &one, &need, 1, SINCE),
	                 ERR_OK);
	ck_assert_uint_eq(d.have, NEED_ACCOUNT);
	ck_assert_uint_eq(d.n_usage, 0);
	d.account.balance_fen = 12345; /* changed in the turn: stays */
	need = NEED_ACCOUNT | NEED_USAGE;
	ck_assert_int_eq(store_load_needs(f.store, &f.arena, &one, &need, 1, SINCE),
	                 ERR_OK);
	ck_assert_int_eq(d.account.balance_fen, 12345);
	ck_assert_uint_eq(d.n_usage, 1);
	ck_assert_int_eq(store_load_needs(f.store, &f.arena, &one, &need, 1, SINCE),
	                 ERR_OK);
	ck_assert_uint_eq(d.n_usage, 1);
}
END_TEST

START_TEST(the_catalogue_is_sorted_and_complete)
{
	const struct package p[] = {
		{ .code = STR("LLB10"), .kind = PACKAGE_ADDON, .name_zh = STR("包") },
		{ .code = STR("58"),
		  .name_zh = STR("套餐"),
		  .name_en = STR("Plan"),
		  .fee_fen = 1,
		  .voice_s = 2,
		  .sms = 3,
		  .data_kib = 4,
		  .over_voice_li_per_min = 5,
		  .over_sms_li = 6,
		  .over_data_fen_per_block = 7,
		  .data_block_kib = 8,
		  .over_data_cap_fen = 9,
		  .over_voice_cap_fen = 11,
		  .over_sms_cap_fen = 12,
		  .outer = { { 1, { { 13, 14 } } },
		             { 3, { { 15, 16 }, { 17, 18 }, { 1000000, 1000000 } } },
		             { 1, { { 19, 20 } } } },
		  .cost_fen = 10,
		  .network = STR("5G"),
		  .on_sale = true },
		{ .code = STR("LLB10"), .kind = PACKAGE_VAS, .name_zh = STR("新包") },
	};
	struct catalogue c;
	const struct package *q;

	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_put(f.store, STORE_PACKAGES, p, 3, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
	ck_assert_int_eq(store_load_catalogue(f.store, &f.arena, &c), ERR_OK);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_int_eq(catalogue_find(&c, STR("LLB10"))->kind, PACKAGE_VAS);
	q = catalogue_find(&c, STR("58"));
	assert_text(q->name_zh, "套餐");
	assert_text(q->name_en, "Plan");
	assert_text(q->network, "5G");
	ck_assert(q->on_sale);
	ck_assert_int_eq(q->fee_fen, 1);
	ck_assert_int_eq(q->voice_s, 2);
	ck_assert_int_eq(q->sms, 3);
	ck_assert_int_eq(q->data_kib, 4);
	ck_assert_int_eq(q->over_voice_li_per_min, 5);
	ck_assert_int_eq(q->over_sms_li, 6);
	ck_assert_int_eq(q->over_data_fen_per_block, 7);
	ck_assert_int_eq(q->data_block_kib, 8);
	ck_assert_int_eq(q->over_data_cap_fen, 9);
	ck_assert_int_eq(q->cost_fen, 10);
	ck_assert_int_eq(q->over_voice_cap_fen, 11);
	ck_assert_int_eq(q->over_sms_cap_fen, 12);
	for (size_t d = 0; d < DIMS; d++)
		ck_assert_mem_eq(&q->outer[d], &p[1].outer[d], sizeof(q->outer[d]));
}
END_TEST

START_TEST(settings_are_replaced_and_bounded)
{
	char long_value[65] = { 0 };
	struct str v;

	ck_assert_int_eq(store_setting(f.store, "key", &f.arena, &v), ERR_NOT_FOUND);
	ck_assert_int_eq(store_set_setting(f.store, "key", STR("a\0b")), ERR_OK);
	ck_assert_int_eq(store_set_setting(f.store, "key", STR("c\0d")), ERR_OK);
	ck_assert_int_eq(store_setting(f.store, "key", &f.arena, &v), ERR_OK);
	ck_assert(str_eq(v, STR("c\0d")));
	ck_assert_int_eq(
		store_set_setting(f.store, "key", (struct str){ long_value, 64 }),
		ERR_OK);
	ck_assert_int_eq(
		store_set_setting(f.store, "key", (struct str){ long_value, 65 }),
		ERR_TOO_BIG);
}
END_TEST

static const struct usage_month packed[] = {
	{ 0, 0, 0, 0, 0 },
	{ 24300, 1, 2, 3, 4 },
	{ 119999, UINT32_MAX, UINT32_MAX, INT64_MAX, BILL_NONE },
	{ 1, 59, 7, 1, -1 },
};

START_TEST(packing_a_month_loses_nothing)
{
	uint8_t octets[USAGE_BLOB_MONTH];
	struct usage_month back;

	usage_blob_put(octets, &packed[_i]);
	back = usage_blob_get(octets);
	ck_assert_int_eq(back.month, packed[_i].month);
	ck_assert_int_eq(back.voice_s, packed[_i].voice_s);
	ck_assert_int_eq(back.sms, packed[_i].sms);
	ck_assert_int_eq(back.data_kib, packed[_i].data_kib);
	ck_assert_int_eq(back.bill_fen, packed[_i].bill_fen);
}
END_TEST

START_TEST(the_layout_of_a_packed_month_stays)
{
	static const uint8_t expected[USAGE_BLOB_MONTH] = {
		0x04, 0x03, 0x02, 0x01, 8,    7,    6,    5,    9,    0, 0,
		0,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1
	};
	const struct usage_month u = { 0x01020304, 0x05060708, 9, -1, 1 };
	uint8_t octets[USAGE_BLOB_MONTH];

	usage_blob_put(octets, &u);
	ck_assert_mem_eq(octets, expected, sizeof(expected));
}
END_TEST

SUITE("store/data", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, a_subscriber_comes_back_as_it_was);
      tcase_add_test(tc, an_unknown_number_has_nothing);
      tcase_add_test(tc, a_chosen_language_outlives_lists);
      tcase_add_test(tc, services_follow_the_newest_list);
      tcase_add_test(tc, months_are_merged_ascending_and_replaced);
      tcase_add_loop_test(tc, months_come_in_any_order, 0, COUNT_OF(orders));
      tcase_add_test(tc, rows_of_a_stranger_are_left_out_and_counted);
      tcase_add_test(tc, months_before_the_owner_are_not_shown);
      tcase_add_test(tc, a_new_owner_inherits_nothing);
      tcase_add_test(tc, the_same_owner_keeps_all);
      tcase_add_test(tc, rows_of_another_owner_are_never_loaded);
      tcase_add_loop_test(tc, an_opt_out_of_a_stranger_counts_for_who_had_the_number, 0,
                          COUNT_OF(strangers));
      tcase_add_test(tc, needs_are_loaded_once_and_only_as_asked);
      tcase_add_test(tc, the_catalogue_is_sorted_and_complete);
      tcase_add_test(tc, settings_are_replaced_and_bounded);
      tcase_add_loop_test(tc, packing_a_month_loses_nothing, 0, COUNT_OF(packed));
      tcase_add_test(tc, the_layout_of_a_packed_month_stays);)
