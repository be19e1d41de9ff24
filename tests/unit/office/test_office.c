/*
 * test_office.c - requests: what is asked for, what is wrong with them; imports.
 */
#include "../../../src/office/office_priv.h"
#include "fixture.h"

static void expect_fault(const char *request, const char *words)
{
	struct fault fault;

	ck_assert_int_eq(ask(request, &fault), ERR_SYNTAX);
	ck_assert_msg(strstr(fault.text, words) != NULL, "%s: got %s", request,
	              fault.text);
	ck_assert_int_eq(t.pieces, 0);
}

START_TEST(a_request_that_is_none_is_refused_with_what_was_expected)
{
	static const struct {
		const char *request, *words;
	} cases[] = {
		{ "", "no JSON" },
		{ "{", "no JSON" },
		{ "\xff\xfe{}", "no JSON" },
		{ "{\"do\":\"import\"} x", "no JSON" },
		{ "{\"do\":\"import\",\"do\":\"trace\"}", "no JSON" },
		{ "[]", "expected a JSON object" },
		{ "{}", "\"do\" is missing" },
		{ "{\"do\":7}", "\"do\" is no text" },
		{ "{\"do\":\"dance\"}", "no task \"dance\"" },
		{ "{\"do\":\"\"}", "no task \"\"" },
		{ "{\"do\":\"import\"}", "\"kind\" is missing" },
		{ "{\"do\":\"import\",\"kind\":null}", "\"kind\" is no text" },
		{ "{\"do\":\"import\",\"kind\":\"usage\"}", "\"path\" is missing" },
		{ "{\"do\":\"import\",\"kind\":\"usage\",\"path\":[]}", "is no text" },
		{ "{\"do\":\"import\",\"kind\":\"usage\",\"path\":\"x\",\"as_of\":-1}",
		  "\"as_of\": expected a whole number" },
		{ "{\"do\":\"import\",\"kind\":\"usage\",\"path\":\"x\",\"as_of\":1e9}",
		  "\"as_of\": expected a whole number" },
		{ "{\"do\":\"import\",\"kind\":\"usage\",\"path\":\"x\","
		  "\"as_of\":99999999999999999999}",
		  "no JSON" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect_fault(cases[i].request, cases[i].words);
}
END_TEST

START_TEST(an_unknown_task_is_answered_with_the_known_ones)
{
	static const char *const known[] = { "import",    "backup", "trace",
		                             "retention", "doctor", "evidence" };

	for (size_t i = 0; i < COUNT_OF(known); i++)
		expect_fault("{\"do\":\"dance\"}", known[i]);
}
END_TEST

START_TEST(a_request_has_a_longest_length)
{
	char request[OFFICE_REQUEST_MAX + 16];
	struct fault fault;

	memset(request, ' ', sizeof(request) - 1);
	request[sizeof(request) - 1] = '\0';
	memcpy(request, "{}", 2);
	ck_assert_int_eq(ask(request, &fault), ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(fault.text, "longer than 65536"));
}
END_TEST

START_TEST(a_deep_request_ends)
{
	char request[OFFICE_REQUEST_MAX];

	memset(request, '[', sizeof(request) - 1);
	request[sizeof(request) - 1] = '\0';
	expect_fault(request, "no JSON");
}
END_TEST

START_TEST(a_number_is_taken_with_or_without_its_country)
{
	static const struct {
		const char *text;
		int64_t msisdn; /* 0: refused */
	} cases[] = {
		{ "13800000001", 13800000001 },
		{ "+8613800000001", 13800000001 },
		{ "8613800000001", 13800000001 },
		{ "008613800000001", 13800000001 },
		{ "86138", 86138 },
		{ "", 0 },
		{ "+86", 0 },
		{ "+", 0 },
		{ "0138", 0 },
		{ "-13800000001", 0 },
		{ "1380000000x", 0 },
		{ "1234567890123456", 0 },
		{ "+86+8613800000001", 0 },
		{ "1234", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fault fault = { "" };
		json_t *o = json_pack("{s:s}", "msisdn", cases[i].text);
		struct office_call c = { .request = o, .fault = &fault };
		int64_t got = 0;
		const enum err e = office_msisdn(&c, &got);

		ck_assert_int_eq(got, cases[i].msisdn);
		ck_assert_int_eq(e, cases[i].msisdn != 0 ? ERR_OK : ERR_SYNTAX);
		ck_assert((e == ERR_OK) == (fault.text[0] == '\0'));
		json_decref(o);
	}
}
END_TEST

START_TEST(an_import_says_how_many_rows_it_stored)
{
	put_file("p.csv", PACKAGES_HEAD PACKAGE_58);
	put_people("s.csv", 3000);
	import_well("packages", "p.csv");
	ck_assert_ptr_nonnull(strstr(t.said, "packages: 1 rows in "));
	ck_assert_int_eq(t.reloads, 1);
	import_well("subscribers", "s.csv");
	ck_assert_ptr_nonnull(strstr(t.said, "subscribers: 3000 rows in "));
	ck_assert_ptr_nonnull(strstr(t.said, " rows/s)\n"));
	ck_assert_int_eq(t.reloads, 1);
	ck_assert_uint_eq(rows("subscriber"), 3000);
	ck_assert_int_gt(t.pieces, 4); /* in slices */
}
END_TEST

START_TEST(a_file_with_one_wrong_row_stores_nothing)
{
	struct fault fault;

	put_file("p.csv", PACKAGES_HEAD PACKAGE_58 PACKAGE_58);
	ck_assert_int_eq(import("packages", "p.csv", &fault), ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(fault.text, "p.csv:3: "));
	ck_assert_int_eq(t.pieces, 0);
	ck_assert_int_eq(t.reloads, 0);
	ck_assert_uint_eq(rows("package"), 0);
	ck_assert_str_eq(t.said, "");
}
END_TEST

/* Stopped behind every piece in turn: the cursor is durable, the rest comes later. */
START_TEST(an_import_goes_on_where_the_process_ended)
{
	struct fault fault;
	int stops = 0;

	put_file("p.csv", PACKAGES_HEAD PACKAGE_58);
	put_people("s.csv", 2000);
	import_well("packages", "p.csv");
	t.pieces = 0;
	t.pieces_until = 2;
	ck_assert_int_eq(import("subscribers", "s.csv", &fault), ERR_STATE);
	for (; rows("subscriber") < 2000; stops++) {
		const size_t had = rows("subscriber");

		close_office();
		open_office();
		t.said[0] = '\0';
		t.pieces_until = 1;
		ck_assert_int_eq(office_resume(&t.host, &peer, &fault), ERR_STATE);
		ck_assert_uint_gt(rows("subscriber"), had);
	}
	ck_assert_int_gt(stops, 2);
	t.pieces_until = 0;
	ck_assert_int_eq(office_resume(&t.host, &peer, &fault), ERR_OK);
	ck_assert_ptr_nonnull(strstr(t.said, "/s.csv\n"));
	t.said[0] = '\0';
	ck_assert_int_eq(office_resume(&t.host, &peer, &fault), ERR_OK);
	ck_assert_str_eq(t.said, "");
	ck_assert_uint_eq(rows("subscriber"), 2000);
}
END_TEST

/* September of the people of put_people(). */
static void put_usage(const char *name, int n)
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", t.folder, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	(void)fputs("msisdn,month,voice_min,sms,data_mb,bill_fen\n", f);
	for (int i = 0; i < n; i++)
		(void)fprintf(f, "%lld,2026-09,1,2,3,\n", 13900000000LL + i);
	ck_assert_int_eq(fclose(f), 0);
}

/* What a gateway does that is stopped while a file is checked. */
static void end_the_process(void *ctx, int64_t done, int64_t total, int64_t rows)
{
	(void)ctx, (void)done, (void)total, (void)rows;
	t.pieces_until = t.pieces = 1;
	store_reader_stop(t.host.reader);
}

START_TEST(a_check_that_is_cut_short_says_so)
{
	const struct office_peer stopper = { .progress = end_the_process };
	struct fault fault = { "" };
	char request[256];

	put_file("p.csv", PACKAGES_HEAD PACKAGE_58);
	put_people("s.csv", 20000);
	import_well("packages", "p.csv");
	import_well("subscribers", "s.csv");
	put_usage("u.csv", 20000);
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"import\",\"kind\":\"usage\",\"path\":\"%s/u.csv\"}",
	               t.folder);
	ck_assert_int_eq(office_do(&t.host, str_of(request), &stopper, &fault),
	                 ERR_STATE);
	ck_assert_msg(strstr(fault.text, "the process ends: nothing of ") != NULL, "%s",
	              fault.text);
	/* The next request of such a process. */
	ck_assert_int_eq(import("usage", "u.csv", &fault), ERR_STATE);
	ck_assert_msg(strstr(fault.text, "the process ends") != NULL, "%s", fault.text);
}
END_TEST

START_TEST(an_interrupted_import_is_done_before_a_newer_one)
{
	struct fault fault;

	put_file("p.csv", PACKAGES_HEAD PACKAGE_58);
	put_people("s.csv", 2000);
	put_people("one.csv", 1);
	import_well("packages", "p.csv");
	t.pieces = 0;
	t.pieces_until = 2;
	ck_assert_int_eq(import("subscribers", "s.csv", &fault), ERR_STATE);
	t.pieces_until = 0;
	import_well("subscribers", "one.csv");
	ck_assert_uint_eq(rows("subscriber"), 2000);
}
END_TEST

START_TEST(a_file_that_changed_is_not_gone_on_with)
{
	struct fault fault;

	put_file("p.csv", PACKAGES_HEAD PACKAGE_58);
	put_people("s.csv", 2000);
	import_well("packages", "p.csv");
	t.pieces = 0;
	t.pieces_until = 2;
	ck_assert_int_eq(import("subscribers", "s.csv", &fault), ERR_STATE);
	t.pieces_until = 0;
	put_people("s.csv", 2001);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(office_resume(&t.host, &peer, &fault), ERR_OK);
		ck_assert_uint_lt(rows("subscriber"), 2000);
	}
	import_well("subscribers", "s.csv");
	ck_assert_uint_eq(rows("subscriber"), 2001);
}
END_TEST

/* A slice comes to its time within a few steps, and never gets stuck at nothing. */
START_TEST(slices_follow_the_time_that_they_take)
{
	static const double us_per_row[] = { 0.1, 1, 5, 40, 1000 };

	for (size_t i = 0; i < COUNT_OF(us_per_row); i++) {
		for (int busy = 0; busy < 2; busy++) {
			const double target = busy ? OFFICE_BUSY_US : OFFICE_IDLE_US;
			double us;
			size_t n = 1;

			for (int step = 0; step < 20; step++)
				n = office_import_pace(
					n, (int64_t)((double)n * us_per_row[i]),
					(int64_t)target);
			us = (double)n * us_per_row[i];
			ck_assert(us <= target * 1.1 || n <= 20);
			ck_assert(us >= target * 0.4 || n >= 10000);
			ck_assert_uint_ge(n, 1);
		}
	}
	ck_assert_uint_ge(office_import_pace(1, INT64_MAX / 100000, OFFICE_BUSY_US), 1);
	ck_assert_uint_ge(office_import_pace(100, 0, OFFICE_BUSY_US), 100);
}
END_TEST

static int64_t turn_now;
static bool busy_now;

static int64_t turn_of_late(void *ctx)
{
	(void)ctx;
	return turn_now;
}

static bool is_busy_now(void *ctx)
{
	(void)ctx;
	return busy_now;
}

/* A text that meets a slice waits no longer than if it had met a turn. */
START_TEST(a_slice_takes_no_longer_than_a_turn)
{
	const struct office_host host = { .is_busy = is_busy_now,
		                          .turn_us = turn_of_late };

	ck_assert_int_eq(office_slice_us(&host), OFFICE_IDLE_US);
	busy_now = true;
	ck_assert_int_eq(office_slice_us(&host), OFFICE_BUSY_US);
	turn_now = 700;
	ck_assert_int_eq(office_slice_us(&host), 700);
	turn_now = 100000;
	ck_assert_int_eq(office_slice_us(&host), OFFICE_BUSY_MOST_US);
	busy_now = false;
	ck_assert_int_eq(office_slice_us(&host), OFFICE_IDLE_US);
}
END_TEST

static const struct {
	const char *request, *deed; /* NULL: none */
} deeds[] = {
	{ "{\"do\":\"import\",\"kind\":\"usage\",\"path\":\"/x\"}", "import usage" },
	{ "{\"do\":\"import\",\"kind\":\"Usage 13800000001\"}", NULL },
	{ "{\"do\":\"import\"}", NULL },
	{ "{\"do\":\"erase\",\"msisdn\":\"13800000001\"}", "erase" },
	{ "{\"do\":\"tasks\",\"act\":\"answer\",\"say\":\"x\"}", "tasks answer" },
	{ "{\"do\":\"tasks\"}", NULL },
	{ "{\"do\":\"tasks\",\"act\":\"list\"}", NULL },
	{ "{\"do\":\"campaign\",\"act\":\"schedule\"}", "campaign schedule" },
	{ "{\"do\":\"campaign\",\"act\":\"report\"}", NULL },
	{ "{\"do\":\"trace\",\"msisdn\":\"13800000001\"}", NULL },
	{ "{\"do\":\"nothing\"}", NULL },
	{ "import", NULL },
};

START_TEST(what_changes_answers_is_a_deed)
{
	struct buf out = buf_make(128);
	const char *deed = deeds[_i].deed;

	ck_assert_int_eq(office_deed(str_of(deeds[_i].request), &out), deed != NULL);
	ck_assert_str_eq(buf_cstr(&out), deed != NULL ? deed : "");
	buf_free(&out);
}
END_TEST

SUITE("office/office", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, a_request_that_is_none_is_refused_with_what_was_expected);
      tcase_add_test(tc, an_unknown_task_is_answered_with_the_known_ones);
      tcase_add_test(tc, a_slice_takes_no_longer_than_a_turn);
      tcase_add_test(tc, a_request_has_a_longest_length);
      tcase_add_test(tc, a_deep_request_ends);
      tcase_add_test(tc, a_number_is_taken_with_or_without_its_country);
      tcase_add_test(tc, an_import_says_how_many_rows_it_stored);
      tcase_add_test(tc, a_file_with_one_wrong_row_stores_nothing);
      tcase_add_test(tc, an_import_goes_on_where_the_process_ended);
      tcase_add_test(tc, a_check_that_is_cut_short_says_so);
      tcase_add_test(tc, an_interrupted_import_is_done_before_a_newer_one);
      tcase_add_test(tc, a_file_that_changed_is_not_gone_on_with);
      tcase_add_loop_test(tc, what_changes_answers_is_a_deed, 0, (int)COUNT_OF(deeds));
      tcase_add_test(tc, slices_follow_the_time_that_they_take);)
