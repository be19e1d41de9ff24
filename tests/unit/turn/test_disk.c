/*
 * test_disk.c - turns on a disk that fails: what is given back, what ends the process,
 * what is found after the next start.  Named by the rows of the fault plan.
 */
#include "../../../src/store/sqlite/sqlite_priv.h"
#include "fixture.h"

static void set_up(void)
{
	set_up_people(PEOPLE);
}

/* A text that stays unsettled, so that its equal is a repetition. */
static void first_text(void)
{
	struct turn_input in;

	ck_assert_int_eq(run_text(0, "CXYE", &in), ERR_OK);
	ck_assert_uint_eq(in.status, TURN_OK);
}

START_TEST(D1_disk_full_at_inbox_insert)
{
	struct turn_input in;

	first_text();
	vfs_shim_fail(VFS_WRITE, "-wal", 1, SQLITE_FULL, true);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_FULL);
		ck_assert_uint_eq(in.status, TURN_QUEUE_FULL);
		ck_assert_uint_eq(hall.out.n, 0);
	}
	vfs_shim_heal();
	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_OK); /* nobody had to help */
	ck_assert_uint_eq(in.status, TURN_OK);
	ck_assert_str_eq(in.outcome, "done");
	ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL), 2);
	ck_assert_uint_eq(rows(hall.store, "outbox", NULL, NULL), 2);
}
END_TEST

/* More pages than a checkpoint waits for, in one turn's transaction. */
static void fill_wal(void)
{
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	for (int i = 0; i < 30; i++) {
		static char text[16000];
		struct arena a = arena_make(1 << 26);
		struct changes c = { .arena = &a };

		memset(text, 'x', sizeof(text));
		for (int k = 0; k < 70; k++)
			changes_add(
				&c, outbox,
				(struct outbox_row){ .id = 100000 + i * 100 + k,
			                             .state = OUTBOX_DEAD,
			                             .group = STR("10086"),
			                             .from = { 0, 1, STR("10086") },
			                             .to = { 1, 1, STR("13900000001") },
			                             .text = { text, sizeof(text) } });
		ck_assert_int_eq(store_record(hall.store, &c), ERR_OK);
		arena_free(&a);
	}
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

static const struct {
	int code;
	enum err then; /* of the next turn */
} full_checkpoints[] = { { SQLITE_FULL, ERR_OK }, { SQLITE_IOERR_WRITE, ERR_UNKNOWN } };

static struct store_wal wal_now(void)
{
	struct store_wal wal;

	store_wal(hall.store, &wal);
	return wal;
}

START_TEST(D2_disk_full_at_checkpoint)
{
	struct turn_input in;

	first_text();
	vfs_shim_fail(VFS_WRITE, "hall.db", 1, full_checkpoints[_i].code, true);
	fill_wal();
	ck_assert_int_eq(store_tend(hall.store, STORE_TEND_DUE),
	                 full_checkpoints[_i].then);
	ck_assert_uint_eq(wal_now().failed, 1);
	ck_assert(wal_now().late);
	ck_assert_int_gt(wal_now().octets, 8000 * 4096);
	ck_assert_int_eq(run_text(1, "CXYE", &in), full_checkpoints[_i].then);
	vfs_shim_heal();
	if (full_checkpoints[_i].then == ERR_OK) { /* by itself, within a second */
		ck_assert_uint_eq(wal_now().failed, 1);
		ck_assert_int_eq(store_tend(hall.store, STORE_TEND_AGAIN), ERR_OK);
		ck_assert(!wal_now().late);
		ck_assert_int_eq(run_text(3, "CXYE", &in), ERR_OK);
		ck_assert_int_lt(wal_now().octets, 100 * 4096);
	}
	open_again();
	ck_assert_int_eq(run_text(2, "CXYE", &in), ERR_OK);
	ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL),
	                  full_checkpoints[_i].then == ERR_OK ? 4 : 2);
}
END_TEST

/* What cannot be moved does not grow for ever: texts are given back, and come again. */
START_TEST(D2_the_log_has_a_limit)
{
	struct sqlite_store *s = (struct sqlite_store *)hall.store;
	struct turn_input in;
	int texts = 0;

	ck_assert_int_eq(s->wal_limit, SQLITE_WAL_LIMIT);
	s->wal_limit = 200;
	ck_assert_int_eq(store_tend(hall.store, STORE_TEND_AGAIN), ERR_OK);
	vfs_shim_fail(VFS_WRITE, "hall.db", 1, SQLITE_FULL, true);
	while (texts < 500 && run_text(texts, "CXYE", &in) == ERR_OK)
		texts++;
	ck_assert_int_gt(texts, 5);
	ck_assert_int_lt(texts, 100);
	ck_assert_uint_eq(in.status, TURN_QUEUE_FULL);
	ck_assert_int_lt(wal_now().octets, (s->wal_limit + 100) * 4120);
	ck_assert(wal_now().late);
	vfs_shim_heal();
	ck_assert_int_eq(run_text(texts, "CXYE", &in), ERR_OK);
	ck_assert_uint_eq(in.status, TURN_OK);
	ck_assert(!wal_now().late);
	ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL), (unsigned)texts + 1);
}
END_TEST

START_TEST(D10_a_stranger_that_reads_for_ever)
{
	struct sqlite_store *s = (struct sqlite_store *)hall.store;
	struct turn_input in;
	int texts = 0;
	char path[128];
	sqlite3 *other;

	s->wal_limit = 200;
	first_text();
	(void)snprintf(path, sizeof(path), "%s/hall.db", hall.folder);
	ck_assert_int_eq(sqlite3_open(path, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN; SELECT count(*) FROM inbox", NULL,
	                              NULL, NULL),
	                 SQLITE_OK);
	while (texts < 500 && run_text(texts, "CXYE.", &in) == ERR_OK)
		texts++;
	ck_assert_int_lt(texts, 100);
	ck_assert_uint_eq(in.status, TURN_QUEUE_FULL);
	ck_assert_int_lt(wal_now().octets, (s->wal_limit + 100) * 4120);
	ck_assert_int_eq(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(run_text(texts, "CXYE.", &in), ERR_OK);
	ck_assert_int_lt(wal_now().octets, 100 * 4120);
	(void)sqlite3_close(other);
}
END_TEST

/* Whatever the disk kept of the turn, the text is executed once when it comes again. */
static void comes_again_after_restart(void)
{
	struct turn_input in;
	struct turn_output backlog = { NULL, 0 };

	open_again();
	ck_assert(store_was_unclean(hall.store));
	ck_assert_int_eq(turn_backlog(hall.turn, 0, 100, &backlog), ERR_OK);
	ck_assert_uint_eq(backlog.n, rows(hall.store, "inbox", NULL, NULL));
	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_OK);
	ck_assert_uint_eq(in.status, TURN_OK);
	ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL), 2);
	ck_assert_uint_eq(rows(hall.store, "outbox", NULL, NULL), 2);
}

static const struct {
	enum vfs_op op;
	int code;
} unknown[] = { { VFS_SYNC, SQLITE_IOERR_FSYNC },
	        { VFS_WRITE, SQLITE_IOERR_WRITE },
	        { VFS_WRITE, SQLITE_IOERR } };

START_TEST(D4_wal_fsync_fails)
{
	struct turn_input in;

	first_text();
	vfs_shim_fail(unknown[_i].op, "-wal", 1, unknown[_i].code, false);
	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_UNKNOWN);
	ck_assert_uint_eq(hall.out.n, 0);
	ck_assert_int_eq(run_text(2, "CXYE", &in), ERR_UNKNOWN); /* for good */
	ck_assert_str_ne(store_fault(hall.store), "");
	comes_again_after_restart();
}
END_TEST

START_TEST(D5_db_fsync_fails_at_checkpoint)
{
	struct turn_input in;

	first_text();
	vfs_shim_fail(VFS_SYNC, "hall.db", 1, SQLITE_IOERR_FSYNC, true);
	fill_wal();
	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_UNKNOWN);
	vfs_shim_heal();
	open_again();
	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_OK);
	ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL), 2);
}
END_TEST

START_TEST(D6_short_and_interrupted_writes)
{
	struct turn_input in;

	vfs_shim_interrupt(true);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(run_text(i, "CXYE", &in), ERR_OK);
	open_again(); /* a checkpoint, too */
	vfs_shim_interrupt(false);
	open_again();
	ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL), 20);
	ck_assert_uint_eq(rows(hall.store, "outbox", NULL, NULL), 20);
}
END_TEST

/* Subscribers far apart: each on a page of its own that is not in the cache. */
START_TEST(D7_read_fails_on_a_subscribers_page)
{
	struct turn_input in[3];

	open_again();
	ck_assert_int_eq(run_text(0, "CXYE.", in), ERR_OK); /* warms what all share */
	ck_assert_int_eq(run_text(0, "RG", in), ERR_OK);
	for (int i = 1; i <= 3; i++) {
		vfs_shim_fail(VFS_READ, "hall.db", 1, SQLITE_IOERR_READ, true);
		in[0] = text_of(1, "CXYE"); /* in the cache */
		in[1] = text_of(i * 900, "CXYE");
		in[1].octets = (struct span){ (const uint8_t *)"CXYE....",
			                      4U + (size_t)i };
		in[0].octets = in[1].octets;
		ck_assert_int_eq(run_all(in, 2), ERR_OK);
		ck_assert_str_eq(in[0].outcome, "done");
		ck_assert_uint_eq(in[1].status, TURN_OK);
		ck_assert_str_eq(in[1].outcome, "aside");
		ck_assert_uint_eq(hall.out.n, 2);
	}
	in[0] = text_of(PEOPLE - 1, "CXYE");
	ck_assert_int_eq(run_all(in, 1), ERR_UNKNOWN); /* the fourth: it is the disk */
	vfs_shim_heal();
	ck_assert_uint_eq(rows(hall.store, "inbox", "state", "2"), 3);
	ck_assert_uint_eq(rows(hall.store, "task", "kind", "aside"), 3);
}
END_TEST

START_TEST(D8_read_only_at_run_time)
{
	struct turn_input in;

	first_text();
	vfs_shim_fail(VFS_WRITE, "-wal", 1, SQLITE_READONLY, true);
	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_REFUSED);
	ck_assert_uint_eq(hall.out.n, 0);
	vfs_shim_heal();
	open_again();
	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_OK);
}
END_TEST

START_TEST(D9_locked_by_a_stranger)
{
	struct turn_input in;
	char path[128];
	sqlite3 *other;

	first_text();
	(void)snprintf(path, sizeof(path), "%s/hall.db", hall.folder);
	ck_assert_int_eq(sqlite3_open(path, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	                 SQLITE_OK);
	for (int i = 1; i <= 15; i++) {
		ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_FULL);
		ck_assert_uint_eq(in.status, TURN_QUEUE_FULL);
		ck_assert_int_le(vfs_shim_slept_us(), INT64_C(2000000) * i);
		ck_assert_int_ge(vfs_shim_slept_us(), INT64_C(1500000) * i);
	}
	ck_assert_ptr_nonnull(strstr(store_fault(hall.store), "locked"));
	ck_assert_int_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_OK);
	(void)sqlite3_close(other);
}
END_TEST

static void flip(int64_t at)
{
	char path[128];
	int octet;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/hall.db", hall.folder);
	f = fopen(path, "r+");
	ck_assert_ptr_nonnull(f);
	(void)fseek(f, at, SEEK_SET);
	octet = fgetc(f);
	(void)fseek(f, at, SEEK_SET);
	(void)fputc(octet ^ 0xff, f);
	(void)fclose(f);
}

/* The root page of a table or index, from a connection of the test's own. */
static int64_t page_of(const char *name)
{
	char path[128];
	sqlite3_stmt *st;
	sqlite3 *db;
	int64_t page = 0;

	(void)snprintf(path, sizeof(path), "%s/hall.db", hall.folder);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(
				 db, "SELECT rootpage FROM sqlite_schema WHERE name = ?1",
				 -1, &st, NULL),
	                 SQLITE_OK);
	(void)sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	if (sqlite3_step(st) == SQLITE_ROW)
		page = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	ck_assert_int_gt(page, 1);
	return page;
}

static const char *const damaged[] = { "subscriber", "inbox", "outbox",
	                               "inbox_unsettled" };

/*
 * The kind, the number of cells, the start of content, a cell's place: the check finds it,
 * and a turn either stops at it or was not touched by it.
 */
START_TEST(D12_flipped_bits)
{
	static const int offsets[] = { 0, 3, 5, 9 };
	const char *table = damaged[_i / (int)COUNT_OF(offsets)];
	const int offset = offsets[_i % (int)COUNT_OF(offsets)];
	struct turn_input in;
	struct store_reader *r;
	struct fault fault = { "" };
	enum err e;

	first_text();
	close_hall();
	flip((page_of(table) - 1) * 4096 + offset);
	hall.fault.text[0] = '\0';
	e = store_open(hall.url, STORE_OPEN, &hall.store, &hall.fault);
	if (e == ERR_OK) {
		ck_assert_int_eq(store_reader_open(hall.store, &r, &fault), ERR_OK);
		ck_assert_int_eq(store_reader_check(r, NULL, &fault), ERR_CORRUPT);
		ck_assert_msg(strstr(fault.text, "restore") != NULL, "%s", fault.text);
		store_reader_close(r);
		e = try_turn();
	}
	if (e == ERR_OK)
		e = run_text(1, "CXYE", &in);
	if (e == ERR_OK) {
		ck_assert_uint_eq(hall.out.n, 1);
		ck_assert_uint_ne(str_find(hall.out.send[0].text, STR("7777")), SIZE_MAX);
		return;
	}
	ck_assert_msg(e == ERR_CORRUPT, "%s+%d: %s", table, offset, err_text(e));
	if (hall.fault.text[0] == '\0' && hall.store != NULL)
		fault_set(&hall.fault, "%s", store_fault(hall.store));
	ck_assert_msg(strstr(hall.fault.text, "restore") != NULL, "%s", hall.fault.text);
}
END_TEST

SUITE("turn/disk", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, D1_disk_full_at_inbox_insert);
	tcase_add_loop_test(tc, D2_disk_full_at_checkpoint, 0,
	                    COUNT_OF(full_checkpoints));
	tcase_add_test(tc, D2_the_log_has_a_limit);
	tcase_add_test(tc, D10_a_stranger_that_reads_for_ever);
	tcase_add_loop_test(tc, D4_wal_fsync_fails, 0, COUNT_OF(unknown));
	tcase_add_test(tc, D5_db_fsync_fails_at_checkpoint);
	tcase_add_test(tc, D6_short_and_interrupted_writes);
	tcase_add_test(tc, D7_read_fails_on_a_subscribers_page);
	tcase_add_test(tc, D8_read_only_at_run_time);
	tcase_add_test(tc, D9_locked_by_a_stranger);
	tcase_add_loop_test(tc, D12_flipped_bits, 0, COUNT_OF(damaged) * 4);
})
