/*
 * test_damage.c - files that are read-only, locked, lost, foreign, of another schema, or
 * restored.  Named by the rows of the fault plan.
 */
#include <sys/wait.h>

#include "damage.h"
#include "support/child.h"

START_TEST(D8_read_only_at_start)
{
	close_store();
	vfs_shim_read_only(true);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_REFUSED);
	assert_fault("may not write the file");
	vfs_shim_read_only(false);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert(!store_was_unclean(f.store)); /* the refusal left no mark */
}
END_TEST

/* As an engineer in a shell, who went to lunch. */
static void hold_lock(int ready, int over)
{
	sqlite3 *db;
	char c = 'x';

	if (sqlite3_open(path_of(""), &db) == SQLITE_OK &&
	    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
	    write(ready, &c, 1) == 1)
		(void)!read(over, &c, 1);
	_exit(0);
}

START_TEST(D9_the_stranger_is_named)
{
	int ready[2], over[2];
	char c, words[64];
	pid_t child;

	close_store();
	ck_assert_int_eq(pipe(ready), 0);
	ck_assert_int_eq(pipe(over), 0);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	child = fork();
	if (child == 0)
		hold_lock(ready[1], over[0]);
	ck_assert_int_eq((int)read(ready[0], &c, 1), 1);
	ck_assert_int_eq(store_begin(f.store), ERR_BUSY);
	(void)snprintf(words, sizeof(words), "process %ld keeps it locked", (long)child);
	ck_assert_msg(strstr(store_fault(f.store), words) != NULL, "%s",
	              store_fault(f.store));
	ck_assert_int_eq((int)write(over[1], &c, 1), 1);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	ck_assert_int_eq(commit_text(1), ERR_OK);
	for (int i = 0; i < 2; i++) {
		(void)close(ready[i]);
		(void)close(over[i]);
	}
}
END_TEST

/* The stranger reads on; commits go on, and the WAL shrinks once he is gone. */
START_TEST(D10_long_reader)
{
	struct stat st;
	sqlite3 *other;

	ck_assert_int_eq(sqlite3_open(path_of(""), &other), SQLITE_OK);
	ck_assert_int_eq(commit_reply(1), ERR_OK);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN; SELECT count(*) FROM outbox", NULL,
	                              NULL, NULL),
	                 SQLITE_OK);
	for (int64_t id = 2; id <= 300; id++)
		ck_assert_int_eq(commit_reply(id), ERR_OK);
	ck_assert_int_eq(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(other), SQLITE_OK);
	close_store();
	ck_assert_int_ne(stat(path_of("-wal"), &st), 0);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(replies(), 300);
}
END_TEST

/* A copy of a cleanly closed store, later put back: as it was then. */
START_TEST(D15_restored_from_a_copy)
{
	for (int64_t id = 1; id <= 5; id++)
		ck_assert_int_eq(commit_reply(id), ERR_OK);
	close_store();
	copy_file(path_of(""), path_of(".copy"));
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(commit_reply(6), ERR_OK);
	close_store();
	ck_assert_int_eq(rename(path_of(".copy"), path_of("")), 0);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(replies(), 5);
	assert_sound();
	ck_assert_int_eq(commit_reply(6), ERR_OK); /* what came after is worked again */
	ck_assert_int_eq(replies(), 6);
}
END_TEST

static void try_second(void)
{
	struct store *s;

	if (store_open(f.url, STORE_OPEN, &s, &fault) == ERR_BUSY)
		(void)fprintf(stderr, "%s\n", fault.text);
}

START_TEST(C6_second_gateway_is_refused)
{
	const struct child c = run_child(try_second);
	char pid[32];

	(void)snprintf(pid, sizeof(pid), "process %ld owns", (long)getpid());
	ck_assert_msg(child_said(&c, pid), "%s", c.said);
	ck_assert_int_eq(commit_reply(1), ERR_OK);
}
END_TEST

/* ---- schemas ---- */

static void run_sql(const char *sql)
{
	char *why = NULL;
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path_of(""), &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s", why);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* FNV-1a, as a migration is noted by. */
static int64_t checksum(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *text != '\0'; text++)
		h = (h ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return (int64_t)h;
}

/* A store of the first release, with a reply in it. */
static void make_old_store(void)
{
	struct arena *a = &f.arena;
	char *text = arena_alloc(a, 1 << 18);
	FILE *in = fopen("src/store/sql/001-hall.sql", "r");
	size_t n;

	ck_assert_ptr_nonnull(in);
	n = fread(text, 1, (1 << 18) - 1, in);
	(void)fclose(in);
	text[n] = '\0';
	close_store();
	ck_assert_int_eq(unlink(path_of("")), 0);
	run_sql(arena_printf(
			a,
			"PRAGMA journal_mode = WAL; PRAGMA application_id = 0x534d5348;"
			"CREATE TABLE migration (number INTEGER PRIMARY KEY, "
			"name TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;"
			"INSERT INTO migration VALUES (1, 'hall', %lld);%s;"
			"INSERT INTO setting (name, value) VALUES ('kept', x'31')",
			(long long)checksum(text), text)
	                .p);
}

START_TEST(C7_old_schema_needs_init)
{
	struct str value;

	make_old_store();
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_STATE);
	assert_fault("smshall init");
	ck_assert_int_eq(open_it(STORE_CREATE), ERR_OK);
	ck_assert_int_eq(store_setting(f.store, "kept", &f.arena, &value), ERR_OK);
	assert_text(value, "1");
	close_store();
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
}
END_TEST

START_TEST(C7_new_schema_is_refused_by_the_old_program)
{
	close_store();
	run_sql("INSERT INTO migration VALUES (99, 'later', 1)");
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_STATE);
	assert_fault("use the newer smshall");
	ck_assert_int_eq(open_it(STORE_CREATE), ERR_STATE);
}
END_TEST

/* The power goes at each write of the upgrade: the old schema, or the new one, whole. */
static struct {
	char folder[64];
	unsigned looked, old, new;
} upgrade;

static void look_at_upgrade(void *ctx, enum vfs_op op, const char *file)
{
	struct fault why = { "" };
	struct store *s;
	char *url;
	enum err e;

	(void)ctx;
	if ((op != VFS_WRITE && op != VFS_SYNC) ||
	    strncmp(file, f.folder, strlen(f.folder)) != 0)
		return;
	(void)unlink(arena_printf(&f.arena, "%s/hall.db.lock", upgrade.folder).p);
	vfs_shim_power_loss(upgrade.looked % 2 == 0 ? DISK_LEFT_ALL : DISK_LEFT_SOME,
	                    upgrade.looked, upgrade.folder);
	upgrade.looked++;
	url = arena_alloc(&f.arena, 128);
	(void)snprintf(url, 128, "sqlite:%s/hall.db", upgrade.folder);
	e = store_open(url, STORE_OPEN, &s, &why);
	ck_assert_msg(e == ERR_OK || e == ERR_STATE, "%s", why.text);
	if (e == ERR_OK)
		store_close(s);
	upgrade.old += e == ERR_STATE ? 1 : 0;
	upgrade.new += e == ERR_OK ? 1 : 0;
}

START_TEST(C7_killed_while_upgrading)
{
	static const char *const files[] = { "hall.db", "hall.db-wal", "hall.db-shm",
		                             "hall.db.lock" };

	make_old_store();
	(void)snprintf(upgrade.folder, sizeof(upgrade.folder),
	               "/tmp/smshall-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(upgrade.folder));
	vfs_shim_keep(f.folder);
	vfs_shim_hook(look_at_upgrade, NULL);
	ck_assert_int_eq(open_it(STORE_CREATE), ERR_OK);
	vfs_shim_hook(NULL, NULL);
	ck_assert_uint_gt(upgrade.old, 5);
	ck_assert_uint_gt(upgrade.new, 0);
	for (size_t i = 0; i < COUNT_OF(files); i++)
		(void)unlink(arena_printf(&f.arena, "%s/%s", upgrade.folder, files[i]).p);
	ck_assert_int_eq(rmdir(upgrade.folder), 0);
}
END_TEST

/* ---- the end inside a checkpoint ---- */

enum {
	TEXTS = 40
};

/* The owner ends at this write: killed, or the power goes; the next one begins. */
static void look_into_checkpoint(void *ctx, enum vfs_op op, const char *file)
{
	struct fault why = { "" };
	struct store_ids ids;
	struct store *s;
	char *url;

	(void)ctx;
	if ((op != VFS_WRITE && op != VFS_SYNC && op != VFS_DELETE) ||
	    strncmp(file, f.folder, strlen(f.folder)) != 0)
		return;
	vfs_shim_power_loss(upgrade.looked % 2 == 0 ? DISK_LEFT_ALL : DISK_LEFT_SOME,
	                    upgrade.looked, upgrade.folder);
	upgrade.looked++;
	copy_file(path_of(".lock"),
	          arena_printf(&f.arena, "%s/hall.db.lock", upgrade.folder).p);
	url = arena_alloc(&f.arena, 128);
	(void)snprintf(url, 128, "sqlite:%s/hall.db", upgrade.folder);
	ck_assert_msg(store_open(url, STORE_OPEN, &s, &why) == ERR_OK, "%s", why.text);
	ck_assert_int_eq(store_ids(s, &ids), ERR_OK);
	ck_assert_int_eq(ids.message, TEXTS + 1);
	store_close(s);
}

START_TEST(K10_killed_inside_a_checkpoint)
{
	static const char *const files[] = { "hall.db", "hall.db-wal", "hall.db-shm",
		                             "hall.db.lock" };

	close_store();
	(void)snprintf(upgrade.folder, sizeof(upgrade.folder),
	               "/tmp/smshall-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(upgrade.folder));
	vfs_shim_keep(f.folder);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	for (int64_t id = 1; id <= TEXTS; id++)
		ck_assert_int_eq(commit_text(id), ERR_OK);
	upgrade.looked = 0;
	vfs_shim_hook(look_into_checkpoint, NULL);
	close_store();
	vfs_shim_hook(NULL, NULL);
	ck_assert_uint_gt(upgrade.looked, 10);
	for (size_t i = 0; i < COUNT_OF(files); i++)
		(void)unlink(arena_printf(&f.arena, "%s/%s", upgrade.folder, files[i]).p);
	ck_assert_int_eq(rmdir(upgrade.folder), 0);
}
END_TEST

SUITE("store/damage", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, D8_read_only_at_start);
	tcase_add_test(tc, D9_the_stranger_is_named);
	tcase_add_test(tc, D10_long_reader);
	tcase_add_test(tc, D15_restored_from_a_copy);
	tcase_add_test(tc, C6_second_gateway_is_refused);
	tcase_add_test(tc, C7_old_schema_needs_init);
	tcase_add_test(tc, C7_new_schema_is_refused_by_the_old_program);
	tcase_add_test(tc, C7_killed_while_upgrading);
	tcase_add_test(tc, K10_killed_inside_a_checkpoint);
})
