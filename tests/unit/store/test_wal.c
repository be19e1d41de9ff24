/*
 * test_wal.c - D13: the WAL is deleted, spoilt, an older one or another database's; or the
 * file beside it is.
 */
#include "damage.h"

static const char *const parts[] = { "", "-wal", ".lock" };

/* As after kill -9: what lies there is kept, before the store is closed. */
static void keep_as(const char *suffix)
{
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		copy_file(path_of(parts[i]),
		          arena_printf(&f.arena, "%s%s", path_of(parts[i]), suffix).p);
}

static void put_back(const char *part, const char *suffix)
{
	ck_assert_int_eq(rename(arena_printf(&f.arena, "%s%s", path_of(part), suffix).p,
	                        path_of(part)),
	                 0);
}

/* The owner dies with two texts in the WAL and one in the file. */
static void die_with_a_wal(void)
{
	ck_assert_int_eq(commit_text(1), ERR_OK);
	close_store();
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(commit_text(2), ERR_OK);
	ck_assert_int_eq(commit_text(3), ERR_OK);
	keep_as(".kept");
	close_store();
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		put_back(parts[i], ".kept");
}

START_TEST(D13_wal_kept)
{
	die_with_a_wal();
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert(store_was_unclean(f.store));
	ck_assert_int_eq(replies(), 3);
}
END_TEST

static void refused(const char *words)
{
	struct stat before, after;

	ck_assert_int_eq(stat(path_of(""), &before), 0);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_CORRUPT);
	ck_assert_ptr_null(f.store);
	assert_fault(words);
	assert_fault("smshall restore");
	ck_assert_int_eq(stat(path_of(""), &after), 0);
	ck_assert_int_eq(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
	ck_assert_int_eq(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

/* The fault says what to remove to go on all the same. */
START_TEST(D13_wal_deleted)
{
	die_with_a_wal();
	ck_assert_int_eq(unlink(path_of("-wal")), 0);
	refused("texts 2 to 3 were acknowledged");
	ck_assert_int_eq(unlink(path_of(".lock")), 0);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	assert_sound();
	ck_assert_int_eq(replies(), 1);
	ck_assert_int_eq(commit_text(2), ERR_OK);
}
END_TEST

/* An engineer looks in with another program, which tidies up behind itself. */
START_TEST(D13_wal_moved_by_another_program)
{
	struct stat st;
	sqlite3 *db;

	die_with_a_wal();
	ck_assert_int_eq(sqlite3_open(path_of(""), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "SELECT count(*) FROM inbox", NULL, NULL, NULL),
	                 SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	ck_assert_int_ne(stat(path_of("-wal"), &st), 0);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(replies(), 3);
}
END_TEST

static const struct {
	long at;
	long keep; /* of the file; -1: all */
} spoilt[] = { { 40, -1 }, { 4, -1 }, { 16, -1 },  { 5000, -1 },
	       { 0, 0 },   { 0, 31 }, { 0, 4200 }, { -4096, -1 } };

/* Nothing of a WAL that is not whole is served. */
START_TEST(D13_wal_spoilt)
{
	FILE *w;

	die_with_a_wal();
	w = fopen(path_of("-wal"), "r+");
	ck_assert_ptr_nonnull(w);
	if (spoilt[_i].keep >= 0) {
		ck_assert_int_eq(ftruncate(fileno(w), spoilt[_i].keep), 0);
	} else {
		(void)fseek(w, spoilt[_i].at, spoilt[_i].at < 0 ? SEEK_END : SEEK_SET);
		(void)fputs("\x5a\xa5", w);
	}
	(void)fclose(w);
	refused("hall.db-wal");
}
END_TEST

/* One commit earlier: whole in itself, and without what was acknowledged since. */
START_TEST(D13_wal_of_an_hour_ago)
{
	ck_assert_int_eq(commit_text(1), ERR_OK);
	keep_as(".old");
	ck_assert_int_eq(commit_text(2), ERR_OK);
	keep_as(".new");
	close_store();
	put_back("", ".new");
	put_back(".lock", ".new");
	put_back("-wal", ".old");
	refused("an older copy, or cut short");
	put_back("-wal", ".new");
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(replies(), 2);
	ck_assert_int_eq(unlink(path_of(".old")), 0);
	ck_assert_int_eq(unlink(path_of(".lock.old")), 0);
}
END_TEST

/* Of another life of the same store, beside a file that was closed cleanly. */
START_TEST(D13_wal_of_another_database)
{
	ck_assert_int_eq(commit_text(1), ERR_OK);
	copy_file(path_of("-wal"), path_of("-wal.old"));
	close_store();
	put_back("-wal", ".old");
	refused("an older copy"); /* than what the file holds */
	ck_assert_int_eq(unlink(path_of("-wal")), 0);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(commit_text(2), ERR_OK);
	copy_file(path_of("-wal"), path_of("-wal.old"));
	close_store();
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(commit_text(3), ERR_OK);
	close_store();
	put_back("-wal", ".old");
	refused("another database's");
	ck_assert_int_eq(unlink(path_of("-wal")), 0);
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(replies(), 3);
}
END_TEST

/* An old copy of the file put under the WAL of today: no restore, but an accident. */
START_TEST(D13_file_of_another_day)
{
	ck_assert_int_eq(commit_text(1), ERR_OK);
	close_store();
	copy_file(path_of(""), path_of(".old"));
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	for (int64_t id = 2; id <= 600; id++)
		ck_assert_int_eq(commit_text(id), ERR_OK);
	close_store();
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(commit_text(601), ERR_OK);
	keep_as(".new");
	close_store();
	put_back(".lock", ".new");
	put_back("-wal", ".new");
	put_back("", ".old");
	refused("the file beside it is another one");
	put_back("", ".new");
	ck_assert_int_eq(open_it(STORE_OPEN), ERR_OK);
	ck_assert_int_eq(replies(), 601);
}
END_TEST

SUITE("store/wal", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, D13_wal_kept);
	tcase_add_test(tc, D13_wal_deleted);
	tcase_add_test(tc, D13_wal_moved_by_another_program);
	tcase_add_test(tc, D13_wal_of_an_hour_ago);
	tcase_add_test(tc, D13_wal_of_another_database);
	tcase_add_test(tc, D13_file_of_another_day);
	tcase_add_loop_test(tc, D13_wal_spoilt, 0, COUNT_OF(spoilt));
})
