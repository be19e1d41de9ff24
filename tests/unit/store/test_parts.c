/*
 * test_parts.c - parts of long messages and delivery receipts.
 */
#include <sqlite3.h>

#include "../../../src/store/sqlite/sqlite_priv.h"
#include "fixture.h"

static struct fixture f;

static void setup(void)
{
	memory_store(&f);
}

static void teardown(void)
{
	fixture_end(&f);
}

static struct part_row part(const char *from, uint16_t ref, uint8_t seq, int64_t at_ms)
{
	return (struct part_row){ .key = { STR("smsc-a"), str_of(from), STR("10086"), ref,
		                           3 },
		                  .seq = seq,
		                  .data_coding = 8,
		                  .at_ms = at_ms,
		                  .octets = { (const uint8_t *)"\0\1\2\3", 4 } };
}

static struct store_parts parts_of(const char *from)
{
	struct store_parts p = { STR("smsc-a"), str_of(from), STR("10086"), NULL, 0 };

	ck_assert_int_eq(store_load_parts(f.store, &f.arena, &p), ERR_OK);
	return p;
}

static void put_some_parts(void)
{
	changes_add(&f.changes, parts, part("1", 500, 2, 30));
	changes_add(&f.changes, parts, part("1", 500, 1, 20));
	changes_add(&f.changes, parts, part("1", 501, 1, 10));
	changes_add(&f.changes, parts, part("2", 500, 1, 40));
	commit_changes(&f);
}

START_TEST(parts_of_a_sender_come_newest_last)
{
	struct store_parts p;
	int64_t n;

	put_some_parts();
	p = parts_of("1");
	ck_assert_uint_eq(p.n, 3);
	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(p.row[i].at_ms, 10 * (int64_t)(i + 1));
	ck_assert_uint_eq(p.row[2].key.ref, 500);
	ck_assert_uint_eq(p.row[2].key.total, 3);
	ck_assert_uint_eq(p.row[2].seq, 2);
	ck_assert_uint_eq(p.row[2].data_coding, 8);
	ck_assert_uint_eq(p.row[2].octets.n, 4);
	ck_assert_mem_eq(p.row[2].octets.p, "\0\1\2\3", 4);
	ck_assert_uint_eq(parts_of("3").n, 0);
	ck_assert_int_eq(store_count_parts(f.store, &n), ERR_OK);
	ck_assert_int_eq(n, 4);
}
END_TEST

START_TEST(a_part_that_comes_again_changes_nothing)
{
	put_some_parts();
	changes_add(&f.changes, parts, part("1", 501, 1, 99));
	commit_changes(&f);
	ck_assert_uint_eq(parts_of("1").n, 3);
	ck_assert_int_eq(parts_of("1").row[0].at_ms, 10);
}
END_TEST

START_TEST(parts_done_go_and_no_others)
{
	put_some_parts();
	changes_add(&f.changes, parts, part("1", 500, 3, 50));
	changes_add(&f.changes, parts_done,
	            (struct parts_end){ .key = part("1", 500, 0, 0).key, .inbox = 0 });
	commit_changes(&f);
	ck_assert_uint_eq(parts_of("1").n, 1);
	ck_assert_uint_eq(parts_of("1").row[0].key.ref, 501);
	ck_assert_uint_eq(parts_of("2").n, 1);
}
END_TEST

START_TEST(parts_of_a_text_stay_while_it_is_unsettled)
{
	struct outbox_mark mark = mark_of(7, OUTBOX_DONE, 1);
	int64_t n;

	put_some_parts();
	changes_add(&f.changes, inbox, text_in(7, 70, 1));
	changes_add(&f.changes, outbox, reply_out(7));
	changes_add(&f.changes, parts_done,
	            (struct parts_end){ .key = part("1", 500, 0, 0).key, .inbox = 7 });
	commit_changes(&f);
	ck_assert_int_eq(store_count_parts(f.store, &n), ERR_OK);
	ck_assert_int_eq(n, 2);
	ck_assert_uint_eq(parts_of("1").n, 3);
	ck_assert_int_eq(parts_of("1").row[1].inbox, 7);

	changes_add(&f.changes, marks, mark);
	commit_changes(&f);
	ck_assert_uint_eq(parts_of("1").n, 1);

	/* The same reference again: a new message, not held back by the old one. */
	changes_add(&f.changes, parts, part("1", 500, 1, 99));
	commit_changes(&f);
	ck_assert_uint_eq(parts_of("1").n, 2);
	ck_assert_int_eq(parts_of("1").row[1].inbox, 0);
	ck_assert_int_eq(parts_of("1").row[1].at_ms, 99);
}
END_TEST

START_TEST(sets_are_stale_by_their_first_part)
{
	struct part_row *rows;
	size_t n;

	put_some_parts();
	ck_assert_int_eq(store_stale_parts(f.store, &f.arena, 10, 10, 9, &rows, &n),
	                 ERR_OK);
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(store_stale_parts(f.store, &f.arena, 25, 25, 9, &rows, &n),
	                 ERR_OK);
	ck_assert_uint_eq(n, 2);
	for (size_t i = 0; i < n; i++)
		changes_add(&f.changes, parts_done,
		            (struct parts_end){ .key = rows[i].key, .inbox = 0 });
	commit_changes(&f);
	ck_assert_uint_eq(parts_of("1").n, 0);
	ck_assert_int_eq(store_stale_parts(f.store, &f.arena, 1000, 1000, 1, &rows, &n),
	                 ERR_OK);
	ck_assert_uint_eq(n, 1);
}
END_TEST

/* ---- receipts ---- */

static int64_t ask(const char *sql)
{
	sqlite3_stmt *st;
	int64_t v;

	ck_assert_int_eq(sqlite3_prepare_v2(sql_of(f.store)->db, sql, -1, &st, NULL),
	                 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	v = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	return v;
}

static void send_one(const char *message_id)
{
	struct outbox_row row = reply_out(1);
	struct outbox_mark mark = mark_of(1, OUTBOX_DONE, 1);

	row.receipt = true;
	mark.message_id = str_of(message_id);
	changes_add(&f.changes, outbox, row);
	commit_changes(&f);
	changes_add(&f.changes, marks, mark);
	commit_changes(&f);
}

static void receipt(const char *group, const char *message_id, uint8_t state,
                    int64_t at_ms)
{
	changes_add(&f.changes, receipts,
	            ((struct receipt_row){ .at_ms = at_ms,
	                                   .group = str_of(group),
	                                   .message_id = str_of(message_id),
	                                   .state = state,
	                                   .error = STR("000") }));
	commit_changes(&f);
}

/* States in order of arrival, and what is known in the end. */
static const struct {
	uint8_t came[4];
	int64_t known;
} courses[] = {
	{ { 1, 2, 0, 0 }, 2 }, /* on its way, delivered */
	{ { 2, 1, 0, 0 }, 2 }, /* a late one goes back nowhere */
	{ { 2, 5, 3, 0 }, 2 }, /* contradictory: the first final one stands */
	{ { 6, 7, 8, 2 }, 8 },
};

START_TEST(receipts_only_move_forward)
{
	send_one("m1");
	for (size_t i = 0; i < 4 && courses[_i].came[i] != 0; i++)
		receipt("smsc-a", "m1", courses[_i].came[i], 5000);
	ck_assert_int_eq(ask("SELECT receipt_state FROM outbox"), courses[_i].known);
	ck_assert_int_eq(ask("SELECT count(*) FROM receipt_orphan"), 0);
}
END_TEST

START_TEST(receipts_before_their_response_wait_for_it)
{
	for (size_t i = 0; i < 4 && courses[_i].came[i] != 0; i++)
		receipt("smsc-a", "m1", courses[_i].came[i], 5000);
	ck_assert_int_eq(ask("SELECT count(*) FROM receipt_orphan"), 1);
	send_one("m1");
	ck_assert_int_eq(ask("SELECT receipt_state FROM outbox"), courses[_i].known);
	ck_assert_int_eq(ask("SELECT count(*) FROM receipt_orphan"), 0);
}
END_TEST

START_TEST(a_receipt_of_another_group_is_not_ours)
{
	send_one("m1");
	receipt("smsc-b", "m1", 2, 5000);
	ck_assert_int_eq(ask("SELECT receipt_state IS NULL FROM outbox"), 1);
}
END_TEST

START_TEST(what_was_accepted_stays_accepted)
{
	send_one("m1");
	changes_add(&f.changes, marks, mark_of(1, OUTBOX_DEAD, 2));
	commit_changes(&f);
	ck_assert_int_eq(ask("SELECT state FROM outbox"), OUTBOX_DONE);
	ck_assert_int_eq(ask("SELECT session FROM outbox"), 1);
}
END_TEST

START_TEST(orphans_live_for_a_day)
{
	receipt("smsc-a", "old", 2, 1000);
	receipt("smsc-a", "new", 2, 1000 + 24 * 3600 * 1000 + 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM receipt_orphan"), 1);
	ck_assert_int_eq(ask("SELECT message_id = 'new' FROM receipt_orphan"), 1);
}
END_TEST

SUITE("store/parts", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, parts_of_a_sender_come_newest_last);
      tcase_add_test(tc, a_part_that_comes_again_changes_nothing);
      tcase_add_test(tc, parts_done_go_and_no_others);
      tcase_add_test(tc, parts_of_a_text_stay_while_it_is_unsettled);
      tcase_add_test(tc, sets_are_stale_by_their_first_part);
      tcase_add_loop_test(tc, receipts_only_move_forward, 0, COUNT_OF(courses));
      tcase_add_loop_test(tc, receipts_before_their_response_wait_for_it, 0,
                          COUNT_OF(courses));
      tcase_add_test(tc, a_receipt_of_another_group_is_not_ours);
      tcase_add_test(tc, what_was_accepted_stays_accepted);
      tcase_add_test(tc, orphans_live_for_a_day);)
