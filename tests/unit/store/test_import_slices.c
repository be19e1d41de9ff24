/*
 * test_import_slices.c - the cursor: an interrupted import goes on where it stopped.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "../../../src/store/sqlite/sqlite_priv.h"
#include "base/alloc.h"
#include "import_fixture.h"

enum {
	PEOPLE = 20,
	SLICE = 7
};

static const char *const kinds[] = { "usage", "bills", "payments", "details",
	                             "resources" };
static const char *const tables[] = { "usage_month", "bill", "payment", "detail",
	                              "resource" };

/* PEOPLE numbers with three rows each of that kind; the last number first, or the first. */
static struct str file_of(size_t kind, bool backwards)
{
	static const char *const heads[] = {
		USAGE_HEAD, "msisdn,month,item,amount_fen\n",
		"msisdn,at,amount_fen,channel\n", "msisdn,at,kind,peer,amount,fee_fen\n",
		"msisdn,kind,name,total,used,expires_on,order\n"
	};
	static const char *const rows[] = { "%lld,2020-%02d,1,2,3,%d\n",
		                            "%lld,2020-02,item%d,%d\n",
		                            "%lld,2020-02-03 00:00:%02d,%d,shop\n",
		                            "%lld,2020-02-03 00:00:%02d,sms,139,%d,1\n",
		                            "%lld,pack,Pack%d,%d,0,2020-02-03,1\n" };
	struct buf text = buf_make((size_t)1024 * 1024);
	struct str out;

	buf_puts(&text, str_of(heads[kind]));
	for (int i = 0; i < PEOPLE * 3; i++) {
		const int who = backwards ? PEOPLE - 1 - i / 3 : i / 3;
		char row[100];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(row, sizeof(row), rows[kind], (long long)NUMBER + who,
		               i % 3 + 1, 3 * who + i % 3);
#pragma GCC diagnostic pop
		buf_puts(&text, str_of(row));
	}
	out = arena_str(&f.arena, buf_str(&text));
	buf_free(&text);
	return out;
}

static void people(void)
{
	struct buf text = buf_make((size_t)1024 * 1024);

	setup();
	import_well("packages", PACKAGES_HEAD PACKAGE_58 PACKAGE_CL);
	buf_printf(&text, PEOPLE_HEAD);
	for (int i = 0; i < PEOPLE; i++)
		buf_printf(&text, "%lld,n,en,personal,r,2020-01-01,active,1,2,3,58,CL\n",
		           (long long)NUMBER + i);
	import_well("subscribers", buf_cstr(&text));
	buf_free(&text);
}

static struct import *begun(const char *kind)
{
	const struct import_plan plan = plan_of(kind);
	struct fault fault = { "" };
	struct import *im;

	ck_assert_int_eq(import_open(&plan, &im, &fault), ERR_OK);
	ck_assert_msg(check_file(im, &fault) == ERR_OK, "%s", fault.text);
	ck_assert_int_eq(import_begin(im, f.store), ERR_OK);
	return im;
}

static struct import_row running(size_t expected)
{
	struct fault fault = { "" };
	struct import_row *rows;
	struct store_reader *r;
	size_t n;

	ck_assert_int_eq(store_reader_open(f.store, &r, &fault), ERR_OK);
	ck_assert_int_eq(store_reader_imports(r, &f.arena, &rows, &n), ERR_OK);
	store_reader_close(r);
	ck_assert_uint_eq(n, expected);
	return n > 0 ? rows[0] : (struct import_row){ 0 };
}

/* The process dies: what was not committed is gone. */
static void restart(struct import *im)
{
	import_close(im);
	store_close(f.store);
	fixture_open(&f, STORE_OPEN);
}

/* Nor does the order of numbers. */
START_TEST(an_interruption_changes_nothing)
{
	const size_t kind = (size_t)_i / 2 % COUNT_OF(kinds);
	const int after = _i / 2 / (int)COUNT_OF(kinds);
	char *text = xstrndup(file_of(kind, _i % 2 != 0)), *whole;
	struct import_plan plan = { .now = SINCE + 1 };
	struct fault fault = { "" };
	struct import_row row;
	struct import *im;

	import_well(kinds[kind], file_of(kind, false).p);
	whole = xstrndup(table_text(tables[kind]));
	ck_assert_uint_gt(strlen(whole), 0);
	fixture_end(&f);
	people();
	write_file(text);
	im = begun(kinds[kind]);
	ck_assert_int_eq(apply_slices(im, SLICE, after, &fault), ERR_OK);
	restart(im);
	row = running(1);
	ck_assert_int_eq(row.rows_done, after * SLICE);
	ck_assert_int_eq(row.rows_total, PEOPLE * 3);
	ck_assert_int_eq(row.as_of, SINCE);
	ck_assert_int_eq(import_reopen(&plan, &row, &im, &fault), ERR_OK);
	ck_assert_int_eq(apply_slices(im, SLICE, INT32_MAX, &fault), ERR_END);
	ck_assert_int_eq(import_rows(im), PEOPLE * 3);
	ck_assert_int_eq(import_end(im, f.store, NULL), ERR_OK);
	import_close(im);
	ck_assert(str_eq(table_text(tables[kind]), str_of(whole)));
	(void)running(0);
	free(text);
	free(whole);
}
END_TEST

START_TEST(a_file_that_changed_is_not_gone_on_with)
{
	struct import_plan plan = { .now = SINCE + 1 };
	struct import *im, *again = NULL;
	struct fault fault = { "" };
	struct import_row row;
	struct str table;

	write_file(file_of(0, false).p);
	im = begun("usage");
	ck_assert_int_eq(apply_slices(im, SLICE, 1, &fault), ERR_OK);
	row = running(1);
	write_file(USAGE_HEAD "13800000001,2020-05,1,2,3,4\n");
	ck_assert_int_eq(import_read(im, SLICE, &fault), ERR_STATE);
	import_close(im);
	fault = (struct fault){ "" };
	ck_assert_int_eq(import_reopen(&plan, &row, &again, &fault), ERR_STATE);
	ck_assert_ptr_nonnull(strstr(fault.text, "changed since"));
	ck_assert_int_eq(import_give_up(f.store, &row, SINCE + 2, &fault), ERR_OK);
	(void)running(0);
	table = table_text("import");
	ck_assert_ptr_nonnull(strstr(table.p, "|2|1577808000|1577808002|"));
	ck_assert_ptr_nonnull(strstr(table.p, "changed since"));
}
END_TEST

/* The same length, another time. */
START_TEST(a_touched_file_counts_as_changed)
{
	const struct timespec times[2] = { { 1, 0 }, { 1, 5 } };
	struct fault fault = { "" };
	struct import *im;

	write_file(file_of(0, false).p);
	im = begun("usage");
	ck_assert_int_eq(utimensat(AT_FDCWD, in_path(), times, 0), 0);
	ck_assert_int_eq(import_read(im, SLICE, &fault), ERR_STATE);
	ck_assert_int_eq(import_end(im, f.store, &fault), ERR_OK);
	import_close(im);
	(void)running(0);
}
END_TEST

START_TEST(a_file_that_is_gone_is_not_found)
{
	struct import_plan plan = { .now = SINCE + 1 };
	struct fault fault = { "" };
	struct import_row row;
	struct import *im;

	write_file(file_of(0, false).p);
	im = begun("usage");
	row = running(1);
	import_close(im);
	ck_assert_int_eq(unlink(in_path()), 0);
	ck_assert_int_eq(import_reopen(&plan, &row, &im, &fault), ERR_NOT_FOUND);
}
END_TEST

/* Checked while the number was there, stored when it had gone. */
START_TEST(rows_of_a_number_that_has_gone_are_left_out)
{
	struct fault fault = { "" };
	struct import *im;

	write_file(file_of(2, false).p);
	im = begun("payments");
	ck_assert_int_eq(sql_script(sql_of(f.store),
	                            "DELETE FROM subscriber WHERE msisdn = 13800000003"),
	                 ERR_OK);
	ck_assert_int_eq(apply_slices(im, SLICE, INT32_MAX, &fault), ERR_END);
	ck_assert_int_eq(import_rows(im), PEOPLE * 3 - 3);
	ck_assert_int_eq(import_end(im, f.store, NULL), ERR_OK);
	import_close(im);
	ck_assert_uint_eq(dossier_of(&f, NUMBER + 1).n_payments, 3);
	ck_assert_ptr_nonnull(strstr(table_text("import").p, "|60|3|60|1|"));
}
END_TEST

static int64_t last_done, last_rows;

static void on_progress(void *ctx, int64_t done, int64_t total, int64_t rows)
{
	int *calls = ctx;

	ck_assert_int_ge(done, last_done);
	ck_assert_int_le(done, total);
	ck_assert_int_ge(rows, last_rows);
	last_done = done;
	last_rows = rows;
	(*calls)++;
}

START_TEST(progress_goes_up_to_all)
{
	const struct str text = file_of(0, false);
	struct import_plan plan = plan_of("usage");
	struct fault fault = { "" };
	struct import *im;
	int calls = 0;

	last_done = last_rows = 0;
	plan.progress = on_progress;
	plan.ctx = &calls;
	write_file(text.p);
	ck_assert_int_eq(import_open(&plan, &im, &fault), ERR_OK);
	ck_assert_int_eq(check_file(im, &fault), ERR_OK);
	ck_assert_int_eq(last_done, (int64_t)text.n);
	ck_assert_int_eq(import_begin(im, f.store), ERR_OK);
	ck_assert_int_eq(apply_slices(im, SLICE, INT32_MAX, &fault), ERR_END);
	ck_assert_int_eq(last_done, 2 * (int64_t)text.n);
	ck_assert_int_eq(last_rows, PEOPLE * 3);
	ck_assert_int_gt(calls, 2);
	import_close(im);
}
END_TEST

SUITE("store/import_slices", tcase_add_checked_fixture(tc, people, teardown);
      tcase_add_loop_test(tc, an_interruption_changes_nothing, 0,
                          2 * (int)COUNT_OF(kinds) * (PEOPLE * 3 / SLICE + 1));
      tcase_add_test(tc, a_file_that_changed_is_not_gone_on_with);
      tcase_add_test(tc, a_touched_file_counts_as_changed);
      tcase_add_test(tc, a_file_that_is_gone_is_not_found);
      tcase_add_test(tc, rows_of_a_number_that_has_gone_are_left_out);
      tcase_add_test(tc, progress_goes_up_to_all);)
