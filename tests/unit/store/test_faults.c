/*
 * test_faults.c - what the store says when the disk fails: known, unknown, damaged.
 *
 * A shim around SQLite's file system fails the operation that is armed, on the file
 * whose name ends as told.
 */
#include "../../../src/store/sqlite/sqlite_priv.h"
#include "fixture.h"

enum operation {
	READ,
	WRITE,
	SYNC,
	NO_OPERATION
};

static struct {
	enum operation fails;
	const char *file; /* end of its name */
	int code;
} armed = { NO_OPERATION, "", 0 };

static struct fixture f;
static sqlite3_vfs shim;
static sqlite3_vfs *below;

/* The file below comes first, so that its methods find what they know. */
struct shim_tail {
	const sqlite3_io_methods *methods; /* of the file below */
	sqlite3_io_methods ours;
	char name[128];
};

static struct shim_tail *tail_of(sqlite3_file *file)
{
	return (struct shim_tail *)(void *)((char *)file + below->szOsFile);
}

static bool fails(sqlite3_file *file, enum operation operation)
{
	const size_t n = strlen(tail_of(file)->name), end = strlen(armed.file);

	return armed.fails == operation && n >= end &&
	       strcmp(tail_of(file)->name + n - end, armed.file) == 0;
}

static int shim_read(sqlite3_file *file, void *p, int n, sqlite3_int64 at)
{
	return fails(file, READ) ? armed.code
	                         : tail_of(file)->methods->xRead(file, p, n, at);
}

static int shim_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
	return fails(file, WRITE) ? armed.code
	                          : tail_of(file)->methods->xWrite(file, p, n, at);
}

static int shim_sync(sqlite3_file *file, int flags)
{
	return fails(file, SYNC) ? armed.code
	                         : tail_of(file)->methods->xSync(file, flags);
}

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *out)
{
	const int code = below->xOpen(below, name, file, flags, out);
	struct shim_tail *t = tail_of(file);

	(void)vfs;
	if (code != SQLITE_OK)
		return code;
	t->methods = file->pMethods;
	t->ours = *file->pMethods;
	t->ours.xRead = shim_read;
	t->ours.xWrite = shim_write;
	t->ours.xSync = shim_sync;
	(void)snprintf(t->name, sizeof(t->name), "%s", name != NULL ? name : "");
	file->pMethods = &t->ours;
	return SQLITE_OK;
}

static void setup(void)
{
	armed.fails = NO_OPERATION;
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	below = sqlite3_vfs_find(NULL);
	shim = *below;
	shim.zName = "shim";
	shim.szOsFile = below->szOsFile + (int)sizeof(struct shim_tail);
	shim.xOpen = shim_open;
	ck_assert_int_eq(sqlite3_vfs_register(&shim, 1), SQLITE_OK);
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
}

static void teardown(void)
{
	armed.fails = NO_OPERATION;
	fixture_end(&f);
}

static enum err commit_one(int64_t id)
{
	fixture_reset_changes(&f);
	changes_add(&f.changes, outbox, reply_out(id));
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_record(f.store, &f.changes), ERR_OK);
	return store_commit(f.store);
}

static int64_t next_id(void)
{
	struct store_ids ids;

	ck_assert_int_eq(store_ids(f.store, &ids), ERR_OK);
	return ids.message;
}

/* delivery semantics 3.6 */
static const struct {
	enum operation fails;
	int code;
	enum err expected;
} commits[] = {
	{ WRITE, SQLITE_FULL, ERR_FULL },
	{ WRITE, SQLITE_IOERR_WRITE, ERR_UNKNOWN },
	{ SYNC, SQLITE_IOERR_FSYNC, ERR_UNKNOWN },
};

START_TEST(a_commit_fails_known_or_unknown)
{
	ck_assert_int_eq(commit_one(1), ERR_OK);
	armed.fails = commits[_i].fails;
	armed.file = "-wal";
	armed.code = commits[_i].code;
	ck_assert_int_eq(commit_one(2), commits[_i].expected);
	ck_assert_str_ne(store_fault(f.store), "");
	armed.fails = NO_OPERATION;
	if (commits[_i].expected == ERR_UNKNOWN) {
		ck_assert_int_eq(store_begin(f.store), ERR_UNKNOWN); /* for good */
		return;
	}
	ck_assert_int_eq(next_id(), 2);
	ck_assert_int_eq(commit_one(2), ERR_OK); /* space is back */
	ck_assert_int_eq(next_id(), 3);
}
END_TEST

START_TEST(after_an_unknown_commit_the_next_owner_finds_an_unclean_stop)
{
	armed.fails = SYNC;
	armed.file = "-wal";
	armed.code = SQLITE_IOERR_FSYNC;
	ck_assert_int_eq(commit_one(1), ERR_UNKNOWN);
	armed.fails = NO_OPERATION;
	store_close(f.store);
	fixture_open(&f, STORE_OPEN);
	ck_assert(store_was_unclean(f.store));
	ck_assert_int_le(next_id(), 2);
	ck_assert_int_eq(commit_one(next_id()), ERR_OK);
}
END_TEST

/* Enough pages for a checkpoint behind a commit. */
static enum err commit_many(int64_t first, int64_t n)
{
	static char text[4000];

	memset(text, 'x', sizeof(text));
	fixture_reset_changes(&f);
	for (int64_t i = 0; i < n; i++) {
		struct outbox_row row = reply_out(first + i);

		row.text = (struct str){ text, sizeof(text) };
		changes_add(&f.changes, outbox, row);
	}
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_record(f.store, &f.changes), ERR_OK);
	return store_commit(f.store);
}

/* The commit is durable in the WAL whatever becomes of the checkpoint. */
static const struct {
	enum operation fails;
	int code;
	enum err then;
} checkpoints[] = {
	{ WRITE, SQLITE_FULL, ERR_OK }, /* only put off */
	{ WRITE, SQLITE_IOERR_WRITE, ERR_UNKNOWN },
	{ SYNC, SQLITE_IOERR_FSYNC, ERR_UNKNOWN },
};

START_TEST(a_failed_checkpoint_does_not_undo_a_commit)
{
	armed.fails = checkpoints[_i].fails;
	armed.file = "hall.db";
	armed.code = checkpoints[_i].code;
	ck_assert_int_eq(commit_many(1, 9000), ERR_OK);
	ck_assert_int_eq(store_begin(f.store), checkpoints[_i].then);
	store_rollback(f.store);
	armed.fails = NO_OPERATION;
	store_close(f.store);
	fixture_open(&f, STORE_OPEN);
	ck_assert_int_eq(next_id(), 9001);
}
END_TEST

START_TEST(a_failed_read_fails_that_load)
{
	struct dossier d = { .msisdn = NUMBER + 4999 }, *one = &d;

	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	for (int64_t i = 0; i < 5000; i++) {
		const struct subscriber_row row = person(NUMBER + i, SINCE);

		ck_assert_int_eq(store_put(f.store, STORE_SUBSCRIBERS, &row, 1, 0, NULL),
		                 ERR_OK);
	}
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
	store_close(f.store);
	fixture_open(&f, STORE_OPEN);
	armed.fails = READ;
	armed.file = "hall.db";
	armed.code = SQLITE_IOERR_READ;
	ck_assert_int_eq(store_load_dossiers(f.store, &f.arena, &one, 1), ERR_IO);
	armed.code = SQLITE_CORRUPT;
	ck_assert_int_eq(store_load_dossiers(f.store, &f.arena, &one, 1), ERR_CORRUPT);
	armed.fails = NO_OPERATION;
	ck_assert_int_eq(store_load_dossiers(f.store, &f.arena, &one, 1), ERR_OK);
	ck_assert(d.known);
}
END_TEST

START_TEST(a_strangers_lock_is_waited_for_and_then_named_busy)
{
	char path[128];
	sqlite3 *other;

	(void)snprintf(path, sizeof(path), "%s/hall.db", f.folder);
	ck_assert_int_eq(sqlite3_open(path, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	                 SQLITE_OK);
	(void)sqlite3_busy_timeout(sql_of(f.store)->db, 0); /* the test does not wait */
	ck_assert_int_eq(store_begin(f.store), ERR_BUSY);
	ck_assert_int_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(commit_one(1), ERR_OK);
	ck_assert_int_eq(sqlite3_close(other), SQLITE_OK);
}
END_TEST

SUITE("store/faults", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_loop_test(tc, a_commit_fails_known_or_unknown, 0, COUNT_OF(commits));
      tcase_add_test(tc, after_an_unknown_commit_the_next_owner_finds_an_unclean_stop);
      tcase_add_loop_test(tc, a_failed_checkpoint_does_not_undo_a_commit, 0,
                          COUNT_OF(checkpoints));
      tcase_add_test(tc, a_failed_read_fails_that_load);
      tcase_add_test(tc, a_strangers_lock_is_waited_for_and_then_named_busy);)
