/*
 * test_store_fails.c - the running gateway when the store is locked, full, or fails
 * without saying what was kept; and the text that a crash left behind.
 *
 * A shim below SQLite fails the operation that is armed.
 */
#include <sqlite3.h>
#include <stdatomic.h>

#include "fixture.h"

enum {
	EXIT_OF_FAILED = 7
};

static sqlite3_vfs shim, *below;
static atomic_int write_fails, sync_fails; /* result codes; 0: it goes well */
static atomic_int move_fails;              /* as write_fails, of the database alone */
static atomic_bool hangs;                  /* in sync, until the pipe is closed */
static int hanging[2];

#define LONG_WAL                                                                               \
	"PRAGMA wal_autocheckpoint = 0;"                                                       \
	"INSERT INTO inbox (id, settled, state, session, fingerprint, at_ms, msisdn, "         \
	"owner_since, from_kind, to_kind, from_digits, to_digits, link_group, text, intent, "  \
	"rule, revision) WITH RECURSIVE n(i) AS (VALUES (1000) UNION ALL SELECT i + 1 FROM n " \
	"WHERE i < 3200) SELECT i, 1, 0, 1, i, i, 13900000001, 0, 257, 257, '13900000001', "   \
	"'10086', 'g', hex(zeroblob(8000)), 'balance.query', 'r', 'v' FROM n;"

struct shim_tail {
	const sqlite3_io_methods *methods; /* of the file below */
	sqlite3_io_methods ours;
	bool is_db; /* not the write-ahead log */
};

static struct shim_tail *tail_of(sqlite3_file *file)
{
	return (struct shim_tail *)(void *)((char *)file + below->szOsFile);
}

static int shim_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
	if (tail_of(file)->is_db && move_fails != 0)
		return move_fails;
	return write_fails != 0 ? write_fails
	                        : tail_of(file)->methods->xWrite(file, p, n, at);
}

static int shim_sync(sqlite3_file *file, int flags)
{
	char octet;

	if (hangs)
		(void)!read(hanging[0], &octet, 1);
	return sync_fails != 0 ? sync_fails : tail_of(file)->methods->xSync(file, flags);
}

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *out)
{
	const int code = below->xOpen(below, name, file, flags, out);
	struct shim_tail *tail = tail_of(file);

	(void)vfs;
	if (code != SQLITE_OK)
		return code;
	tail->is_db = (flags & SQLITE_OPEN_MAIN_DB) != 0;
	tail->methods = file->pMethods;
	tail->ours = *file->pMethods;
	tail->ours.xWrite = shim_write;
	tail->ours.xSync = shim_sync;
	file->pMethods = &tail->ours;
	return SQLITE_OK;
}

static void set_up_shim(void)
{
	set_up();
	t.log.level = LOG_ERROR;
	t.log.to = NULL;
	ck_assert_int_eq(sqlite3_initialize(), SQLITE_OK);
	below = sqlite3_vfs_find(NULL);
	shim = *below;
	shim.zName = "shim";
	shim.szOsFile = below->szOsFile + (int)sizeof(struct shim_tail);
	shim.xOpen = shim_open;
	ck_assert_int_eq(sqlite3_vfs_register(&shim, 1), SQLITE_OK);
	populate();
}

static void tear_down_shim(void)
{
	write_fails = sync_fails = move_fails = 0;
	tear_down();
}

/* Nothing is acknowledged that is not kept; when there is room again, all goes on. */
START_TEST(a_full_disk_gives_texts_back)
{
	unsigned i;

	start_one("");
	smsc.mood = HOLD;
	i = deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1);
	write_fails = SQLITE_FULL;
	answer_held(0); /* its mark cannot be kept for now */
	smsc.mood = ACCEPT;
	for (unsigned k = 2; k < 5; k++) {
		i = deliver("a", "13900000002", "CXYE");
		RUN_UNTIL(smsc.response[i] != PENDING);
		ck_assert_uint_eq(smsc.response[i], SMPP_ESME_RMSGQFUL);
	}
	ck_assert_uint_eq(smsc.submits, 1);
	ck_assert_uint_eq(status_now().counts.nacked, 3);
	write_fails = 0;
	i = deliver("a", "13900000002", "CXYE");
	RUN_UNTIL(smsc.response[i] == SMPP_ESME_ROK && smsc.submits == 2 &&
	          status_now().queued == 0);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "2"), 2);
	ck_assert_uint_eq(rows("inbox", "settled", "1"), 2);
}
END_TEST

/* As a crash may leave it: more in the log than a checkpoint waits for. */
static void leave_long_wal(void)
{
	char path[128];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/hall.db.lock", t.folder);
	ck_assert_int_eq(unlink(path), 0);
	*strrchr(path, '.') = '\0';
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	ck_assert_int_eq(sqlite3_exec(db, LONG_WAL, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
}

static bool page_has(const char *line)
{
	struct buf page = buf_make(1 << 20);
	bool found;

	gateway_metrics(t.gateway, &page);
	found = str_find(buf_str(&page), str_of(line)) != SIZE_MAX;
	buf_free(&page);
	return found;
}

START_TEST(D2_an_alarm_stands_while_nothing_can_be_moved)
{
	leave_long_wal();
	start_one("");
	move_fails = SQLITE_FULL;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && status_now().queued == 0);
	RUN_UNTIL(status_now().n_alarms == 1);
	ck_assert_str_eq(status_now().alarm[0].name, "wal_stays");
	ck_assert(!page_has("smshall_wal_bytes 0\n"));
	ck_assert(!page_has("smshall_checkpoints_failed_total 0\n"));
	(void)deliver("a", "13900000002", "CXYE"); /* service goes on */
	RUN_UNTIL(smsc.submits == 2 && status_now().queued == 0);
	ck_assert_uint_eq(status_now().counts.nacked, 0);
	move_fails = 0;
	RUN_UNTIL(status_now().n_alarms == 0);
}
END_TEST

/* More than one batch of texts waits while another process holds the database. */
START_TEST(a_locked_store_gives_texts_back)
{
	sqlite3 *other;
	unsigned refused = 0;
	char path[128];

	start_one("");
	(void)snprintf(path, sizeof(path), "%s/hall.db", t.folder);
	ck_assert_int_eq(sqlite3_open(path, &other), SQLITE_OK);
	(void)sqlite3_busy_timeout(other, 5000);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	                 SQLITE_OK);
	for (unsigned i = 0; i < 100; i++) {
		char from[24];

		(void)snprintf(from, sizeof(from), "%lld", (long long)(FIRST + i));
		(void)deliver("a", from, "CXYE");
	}
	RUN_UNTIL(smsc.responses == 100);
	for (unsigned i = 0; i < 100; i++)
		refused += smsc.response[i] == SMPP_ESME_RMSGQFUL ? 1 : 0;
	ck_assert_uint_eq(refused, 100);
	RUN_UNTIL(status_now().n_alarms == 1);
	ck_assert_str_eq(status_now().alarm[0].name, "store_refuses");
	ck_assert_int_eq(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(other);
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && status_now().queued == 0);
	RUN_UNTIL(status_now().n_alarms == 0);
}
END_TEST

static void end_of_failed(void *ctx)
{
	(void)ctx;
	ck_assert_uint_eq(smsc.responses, 0);
	ck_assert_uint_eq(smsc.submits, 0);
	remove_folder();
	_Exit(EXIT_OF_FAILED);
}

START_TEST(an_unknown_outcome_is_not_answered)
{
	t.failed = end_of_failed;
	start_one("");
	sync_fails = SQLITE_IOERR_FSYNC;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(false);
}
END_TEST

/* As for the hall's own allocations: a start with what is free helps, waiting does not. */
START_TEST(M1_want_of_memory_in_the_store_ends_the_process)
{
	t.failed = end_of_failed;
	start_one("");
	(void)sqlite3_hard_heap_limit64(1);
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(false);
}
END_TEST

static void end_as_told(void *ctx)
{
	(void)ctx;
	remove_folder();
	_Exit(EXIT_OF_FAILED);
}

/* It fails behind the answers, when no more of them are handed over. */
START_TEST(D5_a_checkpoint_that_fails_ends_the_process)
{
	t.failed = end_as_told;
	leave_long_wal();
	start_one("");
	move_fails = SQLITE_IOERR_WRITE;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(false);
}
END_TEST

static void note_failed(void *ctx)
{
	(void)ctx;
	t.stopped = true;
}

/* The disk does not come back: the process is told to end, in time. */
START_TEST(draining_does_not_wait_for_a_disk_that_hangs)
{
	t.failed = note_failed;
	ck_assert_int_eq(pipe(hanging), 0);
	start_one("");
	hangs = true;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(status_now().waiting == 1);
	gateway_stop(t.gateway, on_stopped, NULL);
	RUN_UNTIL(t.stopped);
	ck_assert_uint_eq(smsc.responses, 0);
	hangs = false;
	(void)close(hanging[1]); /* or the worker could not be joined */
	gateway_destroy(t.gateway);
	conf_destroy(t.conf);
	t.gateway = NULL;
	(void)close(hanging[0]);
}
END_TEST

static int64_t fingerprint_of_first(void)
{
	struct store *s = open_store(STORE_OPEN);
	struct arena a = arena_make(1 << 20);
	struct store_table inbox;
	int64_t found = 0;

	ck_assert_int_eq(store_inspect(s, "inbox", &a, &inbox), ERR_OK);
	for (size_t i = 0; i < inbox.n_columns; i++) {
		if (str_eq(inbox.column[i], STR("fingerprint")))
			ck_assert_int_eq(str_i64(inbox.value[i], &found), ERR_OK);
	}
	arena_free(&a);
	store_close(s);
	return found;
}

/* As the handler leaves it behind when the text brought the process down. */
START_TEST(the_text_of_a_crash_is_set_aside)
{
	int64_t fingerprint;
	char path[128];
	FILE *f;

	start_one("");
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && status_now().queued == 0);
	stop();
	fingerprint = fingerprint_of_first();
	(void)snprintf(path, sizeof(path), "%s/hall.db.crash", t.folder);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(&fingerprint, sizeof(fingerprint), 1, f), 1);
	ck_assert_int_eq(fclose(f), 0);
	start_one("");
	(void)deliver("a", "13900000001", "CXYE");
	(void)deliver("a", "13900000001", "CXYE.");
	RUN_UNTIL(smsc.submits == 3 && status_now().queued == 0);
	ck_assert_uint_eq(status_now().counts.aside, 1);
	ck_assert_ptr_null(strstr(smsc.submit[1].text, "7777"));
	ck_assert_ptr_nonnull(strstr(smsc.submit[2].text, "7777"));
}
END_TEST

SUITE("gateway/store_fails", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up_shim, tear_down_shim);
	tcase_add_test(tc, a_full_disk_gives_texts_back);
	tcase_add_test(tc, D2_an_alarm_stands_while_nothing_can_be_moved);
	tcase_add_test(tc, a_locked_store_gives_texts_back);
	tcase_add_exit_test(tc, an_unknown_outcome_is_not_answered, EXIT_OF_FAILED);
	tcase_add_exit_test(tc, M1_want_of_memory_in_the_store_ends_the_process,
	                    EXIT_OF_FAILED);
	tcase_add_exit_test(tc, D5_a_checkpoint_that_fails_ends_the_process,
	                    EXIT_OF_FAILED);
	tcase_add_test(tc, draining_does_not_wait_for_a_disk_that_hangs);
	tcase_add_test(tc, the_text_of_a_crash_is_set_aside);
})
