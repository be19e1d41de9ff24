/*
 * test_model.c - money, volumes, tariffs, dossiers and the sets of a turn.
 */
#include "model/changes.h"
#include "model/money.h"
#include "model/package.h"
#include "model/volume.h"
#include "support/suite.h"

#define GB (INT64_C(1024) * 1024) /* KiB */

static struct arena a;

static void setup(void)
{
	a = arena_make(1024 * 1024);
}

static void teardown(void)
{
	arena_free(&a);
}

static void assert_text(struct str got, const char *expected)
{
	ck_assert_msg(str_eq(got, str_of(expected)), "got \"%.*s\", expected \"%s\"",
	              STR_ARG(got), expected);
}

static const struct {
	int64_t v;
	const char *text, *shortest, *rate; /* of fen, fen, li */
} amounts[] = {
	{ 0, "0.00", "0", "0" },
	{ 5, "0.05", "0.05", "0.005" },
	{ -5, "-0.05", "-0.05", "-0.005" },
	{ 50, "0.50", "0.5", "0.05" },
	{ 100, "1.00", "1", "0.1" },
	{ 150, "1.50", "1.5", "0.15" },
	{ 3520, "35.20", "35.2", "3.52" },
	{ 1234, "12.34", "12.34", "1.234" },
	{ -123400, "-1234.00", "-1234", "-123.4" },
	{ INT64_MAX, "92233720368547758.07", "92233720368547758.07",
	  "9223372036854775.807" },
	{ INT64_MIN, "-92233720368547758.08", "-92233720368547758.08",
	  "-9223372036854775.808" },
};

START_TEST(amounts_are_shown_in_yuan)
{
	assert_text(money_text(&a, amounts[_i].v), amounts[_i].text);
	assert_text(money_short(&a, amounts[_i].v), amounts[_i].shortest);
	assert_text(money_rate(&a, amounts[_i].v), amounts[_i].rate);
}
END_TEST

START_TEST(what_is_shown_in_yuan_is_read_back)
{
	int64_t v;

	ck_assert_int_eq(money_parse(str_of(amounts[_i].text), 2, &v), ERR_OK);
	ck_assert_int_eq(v, amounts[_i].v);
	ck_assert_int_eq(money_parse(str_of(amounts[_i].rate), 3, &v), ERR_OK);
	ck_assert_int_eq(v, amounts[_i].v);
}
END_TEST

static const struct {
	const char *in;
	int decimals;
	enum err e;
	int64_t v;
} parsed[] = {
	{ "1500", 0, ERR_OK, 1500 },
	{ "19.5", 1, ERR_OK, 195 },
	{ "19", 1, ERR_OK, 190 },
	{ "-0.5", 1, ERR_OK, -5 },
	{ "19.55", 1, ERR_SYNTAX, 0 },
	{ "1.", 1, ERR_SYNTAX, 0 },
	{ ".5", 1, ERR_SYNTAX, 0 },
	{ "", 1, ERR_SYNTAX, 0 },
	{ "-", 1, ERR_SYNTAX, 0 },
	{ "1.-5", 2, ERR_SYNTAX, 0 },
	{ "1.5.", 3, ERR_SYNTAX, 0 },
	{ "1,5", 1, ERR_SYNTAX, 0 },
	{ " 1", 0, ERR_SYNTAX, 0 },
	{ "1.0", 0, ERR_SYNTAX, 0 },
	{ "--1", 0, ERR_SYNTAX, 0 },
	{ "9223372036854775807", 1, ERR_RANGE, 0 },
	{ "922337203685477580.8", 1, ERR_RANGE, 0 },
};

START_TEST(amounts_are_read_strictly)
{
	int64_t v = 77;

	ck_assert_int_eq(money_parse(str_of(parsed[_i].in), parsed[_i].decimals, &v),
	                 parsed[_i].e);
	ck_assert_int_eq(v, parsed[_i].e == ERR_OK ? parsed[_i].v : 77);
}
END_TEST

static const struct {
	int64_t kib;
	const char *text;
} volumes[] = {
	{ 0, "0MB" },
	{ 511, "0MB" },
	{ 512, "1MB" },
	{ 512 * 1024, "512MB" },
	{ 1023 * 1024, "1023MB" },
	{ 1024 * 1024 - 1, "1GB" }, /* never 1024MB */
	{ 1024 * 1024, "1GB" },
	{ 19354 * 1024, "18.9GB" },
	{ INT64_C(20) * 1024 * 1024, "20GB" },
	{ INT64_MAX, "8796093022208GB" },
};

START_TEST(volumes_are_shown_short)
{
	assert_text(volume_text(&a, volumes[_i].kib), volumes[_i].text);
}
END_TEST

START_TEST(minutes_begun_count)
{
	static const int64_t cases[][2] = {
		{ 0, 0 }, { 1, 1 }, { 60, 1 }, { 61, 2 }, { 120, 2 }
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		ck_assert_int_eq(voice_minutes(cases[i][0]), cases[i][1]);
}
END_TEST

/* 58 yuan: 100 min, 10 texts, 1 GB; then 0.155 yuan, 0.1 yuan, 5 yuan a GB up to 12. */
static const struct package plan = {
	.fee_fen = 5800,
	.voice_s = 6000,
	.sms = 10,
	.data_kib = 1024 * 1024,
	.over_voice_li_per_min = 155,
	.over_sms_li = 100,
	.over_data_fen_per_block = 500,
	.data_block_kib = 1024 * 1024,
	.over_data_cap_fen = 1200,
};

static const struct {
	int64_t voice_s, sms, data_kib;
	struct tariff_bill bill;
} bills[] = {
	{ 0, 0, 0, { 5800, 0, 0, 0, 5800 } },
	{ 6000, 10, 1024 * 1024, { 5800, 0, 0, 0, 5800 } },
	{ 6001, 11, 1024 * 1024 + 1, { 5800, 16, 10, 500, 6326 } }, /* 15.5 fen are 16 */
	{ 6061, 12, 2 * 1024 * 1024, { 5800, 31, 20, 500, 6351 } },
	{ 0, 0, 3 * 1024 * 1024, { 5800, 0, 0, 1000, 6800 } },
	{ 0, 0, 9 * 1024 * 1024, { 5800, 0, 0, 1200, 7000 } }, /* the cap */
};

START_TEST(a_month_costs_fee_and_what_is_beyond)
{
	const struct tariff_bill b = tariff_bill(&plan, bills[_i].voice_s, bills[_i].sms,
	                                         bills[_i].data_kib);

	ck_assert_int_eq(b.fee_fen, bills[_i].bill.fee_fen);
	ck_assert_int_eq(b.over_voice_fen, bills[_i].bill.over_voice_fen);
	ck_assert_int_eq(b.over_sms_fen, bills[_i].bill.over_sms_fen);
	ck_assert_int_eq(b.over_data_fen, bills[_i].bill.over_data_fen);
	ck_assert_int_eq(b.total_fen, bills[_i].bill.total_fen);
}
END_TEST

START_TEST(data_without_a_block_is_free_and_without_a_cap_endless)
{
	struct package p = plan;

	p.over_data_cap_fen = 0;
	ck_assert_int_eq(tariff_bill(&p, 0, 0, 9 * 1024 * 1024).over_data_fen, 4000);
	p.data_block_kib = 0;
	ck_assert_int_eq(tariff_bill(&p, 0, 0, 9 * 1024 * 1024).over_data_fen, 0);
}
END_TEST

/*
 * Voice 15.5 fen a minute, 10 fen from 20 minutes beyond, 4 fen from 50, at most 6.40;
 * texts free, from 5 beyond 30 fen; data 5 yuan a GB, from 2 GB beyond 3, from 3 GB 0.
 */
static struct package with_outer_tiers(void)
{
	struct package p = plan;

	p.over_sms_li = 0;
	p.over_data_cap_fen = 0;
	p.over_voice_cap_fen = 640;
	ck_assert(outer_parse(STR("20@10;50@4.0"), &p.outer[DIM_VOICE]));
	ck_assert(outer_parse(STR("5@30"), &p.outer[DIM_SMS]));
	ck_assert(outer_parse(STR("2048@300;3072@0"), &p.outer[DIM_DATA]));
	return p;
}

static const struct {
	enum tariff_dim d;
	int64_t used, fen;
	unsigned prices; /* that it was reckoned of */
} further_out[] = {
	{ DIM_VOICE, 6000, 0, 0 },
	{ DIM_VOICE, 6000 + 20 * 60, 310, 1 },
	{ DIM_VOICE, 6000 + 20 * 60 + 1, 320, 2 },
	{ DIM_VOICE, 6000 + 50 * 60, 610, 2 },
	{ DIM_VOICE, 6000 + 51 * 60, 614, 3 },
	{ DIM_VOICE, 6000 + 90 * 60, 640, 3 }, /* the cap */
	{ DIM_SMS, 15, 0, 1 },
	{ DIM_SMS, 16, 30, 2 },
	{ DIM_SMS, 25, 300, 2 },
	{ DIM_DATA, GB + 1, 500, 1 },
	{ DIM_DATA, 3 * GB, 1000, 1 },
	{ DIM_DATA, 3 * GB + 1, 1300, 2 },
	{ DIM_DATA, 4 * GB, 1300, 2 },
	{ DIM_DATA, 90 * GB, 1300, 3 },
};

START_TEST(what_is_used_further_out_has_its_own_price)
{
	const struct package p = with_outer_tiers();
	const struct overuse o = package_overuse(&p, further_out[_i].d,
	                                         further_out[_i].used);

	ck_assert_int_eq(o.fen, further_out[_i].fen);
	ck_assert_uint_eq(o.n, further_out[_i].prices);
}
END_TEST

static const struct {
	const char *text, *again; /* NULL: refused */
} outer_texts[] = {
	{ "", "" },
	{ "20@10", "20@10.0" },
	{ "20@10.5;50@4", "20@10.5;50@4.0" },
	{ "1@0;2@1;1000000@100000", "1@0.0;2@1.0;1000000@100000.0" },
	{ "0@5", NULL },
	{ "-1@5", NULL },
	{ "1000001@5", NULL },
	{ "5@-1", NULL },
	{ "5@100000.1", NULL },
	{ "5@0.25", NULL },
	{ "5", NULL },
	{ "5@", NULL },
	{ "@5", NULL },
	{ "5@1@2", NULL },
	{ ";5@1", NULL },
	{ "5@1;;6@1", NULL },
	{ "5@1;5@2", NULL }, /* not ascending */
	{ "5@1;4@2", NULL },
	{ "1@1;2@1;3@1;4@1", NULL },
	{ "99999999999999999999@1", NULL },
};

START_TEST(outer_tiers_are_read_and_written)
{
	struct outer o;
	char room[OUTER_TEXT];

	ck_assert_int_eq(outer_parse(str_of(outer_texts[_i].text), &o),
	                 outer_texts[_i].again != NULL);
	if (outer_texts[_i].again != NULL)
		assert_text(outer_text(&o, room), outer_texts[_i].again);
}
END_TEST

START_TEST(packages_are_found_by_code)
{
	struct package p[] = { { .code = STR("18") },
		               { .code = STR("38") },
		               { .code = STR("8") },
		               { .code = STR("LLB10") } };
	const struct catalogue c = { p, COUNT_OF(p) }, none = { NULL, 0 };

	for (size_t i = 0; i < COUNT_OF(p); i++)
		ck_assert_ptr_eq(catalogue_find(&c, p[i].code), &p[i]);
	ck_assert_ptr_null(catalogue_find(&c, STR("")));
	ck_assert_ptr_null(catalogue_find(&c, STR("1")));
	ck_assert_ptr_null(catalogue_find(&c, STR("LLB100")));
	ck_assert_ptr_null(catalogue_find(&none, STR("18")));
}
END_TEST

/* Whatever a subscriber is promised shows in it; what he never sees does not. */
START_TEST(terms_tell_packages_apart)
{
	struct package p = plan, q = plan;
	int64_t *const promised[] = { &q.fee_fen,
		                      &q.voice_s,
		                      &q.sms,
		                      &q.data_kib,
		                      &q.over_voice_li_per_min,
		                      &q.over_sms_li,
		                      &q.over_data_fen_per_block,
		                      &q.data_block_kib,
		                      &q.over_voice_cap_fen,
		                      &q.over_sms_cap_fen,
		                      &q.over_data_cap_fen };

	p.code = q.code = STR("58");
	q.cost_fen = 1;
	assert_text(package_terms(&p, &a),
	            "58|5800|6000|10|1048576|155|100|500|1048576|1200");
	ck_assert(str_eq(package_terms(&p, &a), package_terms(&q, &a)));
	for (size_t i = 0; i < COUNT_OF(promised); i++) {
		(*promised[i])++;
		ck_assert(!str_eq(package_terms(&p, &a), package_terms(&q, &a)));
		(*promised[i])--;
	}
	for (size_t d = 0; d < DIMS; d++) {
		ck_assert(outer_parse(STR("7@1"), &q.outer[d]));
		ck_assert(!str_eq(package_terms(&p, &a), package_terms(&q, &a)));
		q.outer[d] = p.outer[d];
	}
	ck_assert_int_eq(package_terms_fee(package_terms(&p, &a)), 5800);
	ck_assert_int_eq(package_terms_fee(STR("58")), -1);
	ck_assert_int_eq(package_terms_fee(STR("")), -1);
	ck_assert_int_eq(package_terms_fee(STR("58|x|1")), -1);
}
END_TEST

/* Each has the names that are letters in it: z, h (Traditional), e. */
static const struct {
	const char *has, *hans, *hant, *en;
} names[] = {
	{ "zhe", "z", "h", "e" }, { "ze", "z", "z", "e" },  { "z", "z", "z", "z" },
	{ "e", "e", "e", "e" },   { "h", "58", "h", "58" }, { "", "58", "58", "58" },
};

START_TEST(names_fall_back)
{
	const char *has = names[_i].has;
	const struct package p = {
		.code = STR("58"),
		.name_zh = str_of(strchr(has, 'z') != NULL ? "z" : ""),
		.name_hant = str_of(strchr(has, 'h') != NULL ? "h" : ""),
		.name_en = str_of(strchr(has, 'e') != NULL ? "e" : "")
	};

	assert_text(package_name(&p, LANG_ZH_HANS), names[_i].hans);
	assert_text(package_name(&p, LANG_ZH_HANT), names[_i].hant);
	assert_text(package_name(&p, LANG_EN), names[_i].en);
}
END_TEST

START_TEST(names_of_values_end_with_null)
{
	ck_assert_str_eq(sub_status_name(SUB_PORTED_OUT), "ported_out");
	ck_assert_ptr_null(sub_status_name((enum sub_status)(SUB_PORTED_OUT + 1)));
	ck_assert_str_eq(language_name(LANG_ZH_HANT), "zh-Hant");
	ck_assert_ptr_null(language_name(LANG_COUNT));
	ck_assert_str_eq(sub_class_name(CLASS_BUSINESS), "business");
	ck_assert_ptr_null(sub_class_name((enum sub_class)(CLASS_BUSINESS + 1)));
	ck_assert_str_eq(package_kind_name(PACKAGE_VAS), "vas");
	ck_assert_ptr_null(package_kind_name((enum package_kind)(PACKAGE_VAS + 1)));
}
END_TEST

START_TEST(the_last_bill_is_the_last_billed_month)
{
	struct usage_month m[] = { { .month = 10, .bill_fen = 1 },
		                   { .month = 11, .bill_fen = 2 },
		                   { .month = 12, .bill_fen = BILL_NONE } };
	const struct dossier d = { .usage = m, .n_usage = 3 };

	ck_assert_ptr_eq(dossier_last_bill(&d, 12), &m[1]);
	ck_assert_ptr_eq(dossier_last_bill(&d, 10), &m[0]);
	ck_assert_ptr_null(dossier_last_bill(&d, 9));
	ck_assert_ptr_eq(dossier_usage(&d, 12), &m[2]);
	ck_assert_ptr_null(dossier_usage(&d, 13));
}
END_TEST

START_TEST(sets_grow_and_keep_their_rows)
{
	struct changes c = { .arena = &a, .next_task = 5 };
	struct dossier d = { .msisdn = 7, .known = true, .sub = { .owner_since = 8 } };

	for (int64_t i = 0; i < 100; i++)
		changes_add(&c, marks, ((struct outbox_mark){ .id = i }));
	ck_assert_uint_eq(c.marks.n, 100);
	for (int64_t i = 0; i < 100; i++)
		ck_assert_int_eq(c.marks.row[i].id, i);
	ck_assert_int_eq(changes_task(&c, &d, STR("agent"), 9, 10, STR("help")), 5);
	ck_assert_int_eq(changes_task(&c, &d, STR("agent"), 9, 10, STR("help")), 6);
	ck_assert_int_eq(c.tasks.row[1].owner_since, 8);
	changes_opt_out(&c, &d, true, 9, 10);
	ck_assert(d.opted_out && c.optouts.row[0].out);
	ck_assert_int_eq(c.optouts.row[0].owner_since, 8);
}
END_TEST

SUITE("model/model", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_loop_test(tc, amounts_are_shown_in_yuan, 0, COUNT_OF(amounts));
      tcase_add_loop_test(tc, what_is_shown_in_yuan_is_read_back, 0, COUNT_OF(amounts));
      tcase_add_loop_test(tc, amounts_are_read_strictly, 0, COUNT_OF(parsed));
      tcase_add_loop_test(tc, volumes_are_shown_short, 0, COUNT_OF(volumes));
      tcase_add_test(tc, minutes_begun_count);
      tcase_add_loop_test(tc, a_month_costs_fee_and_what_is_beyond, 0, COUNT_OF(bills));
      tcase_add_test(tc, data_without_a_block_is_free_and_without_a_cap_endless);
      tcase_add_loop_test(tc, what_is_used_further_out_has_its_own_price, 0,
                          COUNT_OF(further_out));
      tcase_add_loop_test(tc, outer_tiers_are_read_and_written, 0, COUNT_OF(outer_texts));
      tcase_add_test(tc, packages_are_found_by_code);
      tcase_add_loop_test(tc, names_fall_back, 0, (int)COUNT_OF(names));
      tcase_add_test(tc, terms_tell_packages_apart);
      tcase_add_test(tc, names_of_values_end_with_null);
      tcase_add_test(tc, the_last_bill_is_the_last_billed_month);
      tcase_add_test(tc, sets_grow_and_keep_their_rows);)
