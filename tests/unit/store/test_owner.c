/*
 * test_owner.c - opening a store: who owns it, what is refused, what a crash leaves.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include "../../../src/store/sqlite/sqlite_priv.h"
#include "fixture.h"

static struct fixture f;

static void setup(void)
{
	disk_folder(&f);
}

static void teardown(void)
{
	fixture_end(&f);
}

static const char *path(const char *name)
{
	static char out[128];

	(void)snprintf(out, sizeof(out), "%s/%s", f.folder, name);
	return out;
}

static void run_sql(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path("hall.db"), &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
	              sqlite3_errmsg(db));
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

static void refused(const char *url, enum store_mode mode, enum err expected,
                    const char *words)
{
	struct fault fault = { "" };
	struct store *s = NULL;

	ck_assert_int_eq(store_open(url, mode, &s, &fault), expected);
	ck_assert_ptr_null(s);
	ck_assert_msg(strstr(fault.text, words) != NULL, "\"%s\" lacks \"%s\"",
	              fault.text, words);
}

static void write_file(const char *text)
{
	FILE *file = fopen(path("hall.db"), "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(there_has_to_be_a_store)
{
	refused(f.url, STORE_OPEN, ERR_NOT_FOUND, "smshall init --store sqlite:/tmp/");
	refused("sqlite:/tmp/smshall/no/such/hall.db", STORE_CREATE, ERR_NOT_FOUND,
	        "folder does not exist");
	refused("sqlite:/tmp", STORE_CREATE, ERR_REFUSED,
	        "is a folder: name a file in it");
	refused("sqlite:/tmp", STORE_OPEN, ERR_REFUSED, "is a folder: name a file in it");
	refused("mysql:x", STORE_CREATE, ERR_UNSUPPORTED, "expected sqlite:PATH");
	refused("sqlite:", STORE_CREATE, ERR_UNSUPPORTED, "expected sqlite:PATH");
}
END_TEST

/* In a child that is not root: root may write in any folder. */
static int try_as_nobody(const char *url)
{
	struct fault fault = { "" };
	struct store *s;
	int status = -1;
	const pid_t child = fork();

	if (child == 0) {
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(2);
		_exit(store_open(url, STORE_CREATE, &s, &fault) == ERR_REFUSED &&
		                      strstr(fault.text, "cannot be written") != NULL
		              ? 0
		              : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

START_TEST(the_folder_has_to_be_writable)
{
	char folder[] = "/tmp/smshall-read-only-XXXXXX", url[64];
	int status;

	refused("sqlite:/proc/self/hall.db", STORE_CREATE, ERR_NOT_FOUND, "/proc/self");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chmod(folder, 0555), 0);
	(void)snprintf(url, sizeof(url), "sqlite:%s/hall.db", folder);
	status = try_as_nobody(url);
	(void)rmdir(folder);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(what_is_no_store_is_left_alone)
{
	write_file(
		"This is a letter to my bank, and it is longer than a page header of a "
		"database would be, so that nobody takes it for one by mistake.\n");
	refused(f.url, STORE_CREATE, ERR_CORRUPT, "not a store");
	refused(f.url, STORE_OPEN, ERR_CORRUPT, "not a store");
	ck_assert_int_eq(unlink(path("hall.db")), 0);
	run_sql("CREATE TABLE contact (name TEXT)");
	refused(f.url, STORE_CREATE, ERR_STATE, "another program");
}
END_TEST

START_TEST(an_empty_file_becomes_a_store_only_by_init)
{
	write_file("");
	refused(f.url, STORE_OPEN, ERR_STATE, "run smshall init");
	fixture_open(&f, STORE_CREATE);
}
END_TEST

/* What the migration table says, and how opening answers. */
static const struct {
	const char *change;
	const char *words;
} schemas[] = {
	{ "INSERT INTO migration VALUES (1000, 'later', 1)", "use the newer smshall" },
	{ "UPDATE migration SET checksum = checksum + 1", "differs" },
	{ "DELETE FROM migration", "run smshall init" },
};

START_TEST(a_schema_of_another_program_is_refused)
{
	fixture_open(&f, STORE_CREATE);
	store_close(f.store);
	f.store = NULL;
	run_sql(schemas[_i].change);
	refused(f.url, STORE_OPEN, ERR_STATE, schemas[_i].words);
}
END_TEST

START_TEST(creating_again_keeps_what_is_there)
{
	const struct subscriber_row row = person(NUMBER, SINCE);

	fixture_open(&f, STORE_CREATE);
	put_person(&f, &row);
	store_close(f.store);
	fixture_open(&f, STORE_CREATE);
	ck_assert(dossier_of(&f, NUMBER).known);
	ck_assert(!store_was_unclean(f.store));
}
END_TEST

static void try_as_second_owner(int out)
{
	struct fault fault = { "" };
	struct store *s;

	if (store_open(f.url, STORE_OPEN, &s, &fault) == ERR_BUSY)
		(void)dprintf(out, "%s", fault.text);
	_exit(0);
}

START_TEST(a_second_owner_is_refused_and_the_first_named)
{
	char said[512] = "", pid[32];
	int pipes[2];

	fixture_open(&f, STORE_CREATE);
	refused(f.url, STORE_OPEN, ERR_BUSY, "owns this store");
	ck_assert_int_eq(pipe(pipes), 0);
	if (fork() == 0)
		try_as_second_owner(pipes[1]);
	(void)wait(NULL);
	ck_assert_int_gt((int)read(pipes[0], said, sizeof(said) - 1), 0);
	(void)snprintf(pid, sizeof(pid), "process %ld ", (long)getpid());
	ck_assert_msg(strstr(said, pid) != NULL, "%s", said);
	store_close(f.store);
	fixture_open(&f, STORE_OPEN); /* the lock counts, not the file */
}
END_TEST

/* ---- crashes ---- */

static void commit_and_die(void)
{
	changes_add(&f.changes, inbox, text_in(1, 77, 1));
	changes_add(&f.changes, outbox, reply_out(1));
	commit_changes(&f);
	changes_add(&f.changes, outbox, reply_out(2));
	if (store_begin(f.store) != ERR_OK || store_record(f.store, &f.changes) != ERR_OK)
		_exit(1);
	_exit(0); /* the second turn was not committed */
}

START_TEST(a_crash_leaves_what_was_committed_and_no_more)
{
	struct store_seen seen = { .fingerprint = 77 };
	struct store_ids ids;
	int status;

	if (fork() == 0) {
		fixture_open(&f, STORE_CREATE);
		commit_and_die();
	}
	(void)wait(&status);
	ck_assert_int_eq(status, 0);
	fixture_open(&f, STORE_OPEN);
	ck_assert(store_was_unclean(f.store));
	ck_assert_int_eq(store_load_seen(f.store, &f.arena, &seen, 1), ERR_OK);
	ck_assert(seen.found);
	ck_assert_int_eq(store_ids(f.store, &ids), ERR_OK);
	ck_assert_int_eq(ids.message, 2);
	store_close(f.store);
	fixture_open(&f, STORE_OPEN);
	ck_assert(!store_was_unclean(f.store));
}
END_TEST

START_TEST(a_first_start_is_not_unclean)
{
	fixture_open(&f, STORE_CREATE);
	ck_assert(!store_was_unclean(f.store));
}
END_TEST

START_TEST(closing_takes_back_an_open_turn)
{
	struct store_ids ids;

	fixture_open(&f, STORE_CREATE);
	changes_add(&f.changes, outbox, reply_out(5));
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_record(f.store, &f.changes), ERR_OK);
	store_close(f.store);
	fixture_open(&f, STORE_OPEN);
	ck_assert_int_eq(store_ids(f.store, &ids), ERR_OK);
	ck_assert_int_eq(ids.message, 1);
}
END_TEST

START_TEST(a_store_in_memory_needs_no_file)
{
	(void)snprintf(f.url, sizeof(f.url), "sqlite::memory:");
	fixture_open(&f, STORE_CREATE);
	ck_assert_int_ne(access(":memory:", F_OK), 0);
	ck_assert_int_ne(access(":memory:.lock", F_OK), 0);
}
END_TEST

/* ---- readers ---- */

START_TEST(a_reader_reads_beside_the_owner)
{
	struct store_reader *r;
	struct fault fault = { "" };

	fixture_open(&f, STORE_CREATE);
	ck_assert_int_eq(store_reader_open(f.store, &r, &fault), ERR_OK);
	changes_add(&f.changes, outbox, reply_out(1));
	commit_changes(&f);
	ck_assert_msg(store_reader_check(r, NULL, &fault) == ERR_OK, "%s", fault.text);
	store_reader_close(r);
}
END_TEST

START_TEST(a_store_in_memory_has_no_readers)
{
	struct store_reader *r;
	struct fault fault = { "" };

	(void)snprintf(f.url, sizeof(f.url), "sqlite::memory:");
	fixture_open(&f, STORE_CREATE);
	ck_assert_int_eq(store_reader_open(f.store, &r, &fault), ERR_UNSUPPORTED);
	ck_assert_str_ne(fault.text, "");
}
END_TEST

/* Many rows, so that there are pages in the middle of the file to damage. */
static void fill(int64_t n)
{
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	for (int64_t i = 0; i < n; i++) {
		const struct subscriber_row row = person(NUMBER + i, SINCE);

		ck_assert_int_eq(store_put(f.store, STORE_SUBSCRIBERS, &row, 1, 0, NULL),
		                 ERR_OK);
	}
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
}

static void damage(long offset)
{
	static const char noise[4096] = { 'x', 'y', 'z' };
	FILE *file = fopen(path("hall.db"), "r+");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fseek(file, offset, SEEK_SET), 0);
	ck_assert_uint_eq(fwrite(noise, sizeof(noise), 1, file), 1);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(the_check_finds_damage)
{
	struct store_reader *r;
	struct fault fault = { "" };

	fixture_open(&f, STORE_CREATE);
	fill(5000);
	store_close(f.store);
	damage(40 * 4096);
	fixture_open(&f, STORE_OPEN);
	ck_assert_int_eq(store_reader_open(f.store, &r, &fault), ERR_OK);
	ck_assert_int_eq(store_reader_check(r, NULL, &fault), ERR_CORRUPT);
	ck_assert_msg(strstr(fault.text, "damaged") != NULL, "%s", fault.text);
	store_reader_close(r);
}
END_TEST

SUITE("store/owner", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, there_has_to_be_a_store);
      tcase_add_test(tc, the_folder_has_to_be_writable);
      tcase_add_test(tc, what_is_no_store_is_left_alone);
      tcase_add_test(tc, an_empty_file_becomes_a_store_only_by_init);
      tcase_add_loop_test(tc, a_schema_of_another_program_is_refused, 0,
                          COUNT_OF(schemas));
      tcase_add_test(tc, creating_again_keeps_what_is_there);
      tcase_add_test(tc, a_second_owner_is_refused_and_the_first_named);
      tcase_add_test(tc, a_crash_leaves_what_was_committed_and_no_more);
      tcase_add_test(tc, a_first_start_is_not_unclean);
      tcase_add_test(tc, closing_takes_back_an_open_turn);
      tcase_add_test(tc, a_store_in_memory_needs_no_file);
      tcase_add_test(tc, a_reader_reads_beside_the_owner);
      tcase_add_test(tc, a_store_in_memory_has_no_readers);
      tcase_add_test(tc, the_check_finds_damage);)
