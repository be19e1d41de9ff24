/*
 * test_copy.c - backups hold what was committed, also while they were taken; restoring
 * brings back exactly that and loses nothing of what was there.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "raw.h"
#include "store/copy.h"

static struct fixture f;
static char copy[128];

static void setup(void)
{
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
	(void)snprintf(copy, sizeof(copy), "%s/copy.db", f.folder);
}

static void teardown(void)
{
	raw_end(&f);
}

static void make_empty(const char *path)
{
	const int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);

	ck_assert_int_ge(fd, 0);
	(void)close(fd);
}

static void add_texts(int64_t from, int64_t to)
{
	for (int64_t i = from; i < to; i++) {
		changes_add(&f.changes, inbox, text_in(i, i, 1));
		changes_add(&f.changes, outbox, reply_out(i));
	}
	commit_changes(&f);
}

/* Copies with few pages a step and a turn between any two; the number of turns. */
static int64_t take_backup(int64_t next_id)
{
	struct store_backup_progress at = { .ended = false };
	struct store_backup *b = NULL;
	struct fault fault = { "" };
	int64_t turns = 0;

	make_empty(copy);
	ck_assert_msg(store_backup_begin(f.store, copy, &b, &fault) == ERR_OK, "%s",
	              fault.text);
	while (!at.ended) {
		ck_assert_msg(store_backup_step(b, 4, &at, &fault) == ERR_OK, "%s",
		              fault.text);
		if (!at.ended && next_id > 0) {
			changes_add(&f.changes, marks,
			            mark_of(turns % 500 + 1, OUTBOX_DONE, 1));
			add_texts(next_id + turns, next_id + turns + 1);
			turns++;
		}
	}
	store_backup_end(b);
	return turns;
}

START_TEST(a_backup_under_writes_equals_its_source)
{
	static const char *const sums[] = {
		"SELECT count(*) FROM inbox",
		"SELECT sum(id * (1 + settled)) FROM inbox",
		"SELECT sum(id * (1 + state)) FROM outbox",
		"SELECT count(*) FROM outbox WHERE text <> '余额35.20元'",
	};
	struct fault fault = { "" };
	int64_t turns;

	add_texts(1, 2000);
	turns = take_backup(2000);
	ck_assert_int_gt(turns, 20);
	ck_assert_msg(store_check_file(copy, NULL, &fault) == ERR_OK, "%s", fault.text);
	store_close(f.store);
	f.store = NULL;
	ck_assert_int_eq(raw_int(raw_path(&f), sums[0]), 1999 + turns);
	for (size_t i = 0; i < COUNT_OF(sums); i++)
		ck_assert_int_eq(raw_int(copy, sums[i]), raw_int(raw_path(&f), sums[i]));
}
END_TEST

START_TEST(a_backup_given_up_does_no_harm)
{
	struct store_backup_progress at;
	struct store_backup *b = NULL;
	struct fault fault = { "" };

	add_texts(1, 500);
	make_empty(copy);
	ck_assert_int_eq(store_backup_begin(f.store, copy, &b, &fault), ERR_OK);
	ck_assert_int_eq(store_backup_step(b, 4, &at, &fault), ERR_OK);
	ck_assert(!at.ended);
	ck_assert_int_gt(at.total, at.done);
	store_backup_end(b);
	ck_assert_int_ne(store_check_file(copy, NULL, &fault), ERR_OK);
	add_texts(500, 510);
}
END_TEST

static unsigned mode_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_mode & 0777U;
}

START_TEST(a_restored_store_is_the_one_of_the_backup)
{
	struct store_restored done;
	struct fault fault = { "" };
	size_t ambiguous = 0;

	ck_assert_uint_eq(mode_of(raw_path(&f)) & 0137U, 0);
	add_texts(1, 10);
	changes_add(&f.changes, outbox,
	            (struct outbox_row){ .id = 10,
	                                 .state = OUTBOX_SENDING,
	                                 .group = STR("g"),
	                                 .text = STR("once") });
	commit_changes(&f);
	(void)take_backup(0);
	add_texts(11, 50);
	ck_assert_int_eq(store_restore(f.url, copy, SINCE, NULL, &f.arena, &done, &fault),
	                 ERR_BUSY); /* owned */
	ck_assert_ptr_nonnull(strstr(fault.text, "owns this store"));
	store_close(f.store);
	f.store = NULL;
	fault.text[0] = '\0';
	ck_assert_int_eq(chmod(raw_path(&f), 0624), 0);
	ck_assert_msg(store_restore(f.url, copy, SINCE, NULL, &f.arena, &done, &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
	ck_assert_ptr_nonnull(strstr(done.kept.p, "hall.db.before-restore-20200101-"));
	ck_assert_uint_eq(mode_of(raw_path(&f)), 0620); /* as the former store */
	ck_assert_int_eq(raw_int(done.kept.p, "SELECT count(*) FROM inbox"), 48);
	fixture_open(&f, STORE_OPEN);
	ck_assert_int_eq(store_recover(f.store, &ambiguous), ERR_OK);
	ck_assert_uint_eq(ambiguous, 1);
	ck_assert_int_eq(raw_int(raw_path(&f), "SELECT count(*) FROM inbox"), 9);
}
END_TEST

/* What an owner that was killed left in its WAL is kept with the former store. */
START_TEST(nothing_of_the_former_store_is_lost)
{
	struct store_restored done;
	struct fault fault = { "" };
	char command[512];

	add_texts(1, 10);
	(void)take_backup(0);
	add_texts(10, 40);
	/* The files as a kill would leave them. */
	(void)snprintf(command, sizeof(command),
	               "cd '%s' && mkdir k && cp hall.db hall.db-wal hall.db-shm k/",
	               f.folder);
	ck_assert_int_eq(system(command), 0);
	(void)snprintf(f.url, sizeof(f.url), "sqlite:%s/k/hall.db", f.folder);
	ck_assert_msg(store_restore(f.url, copy, SINCE, NULL, &f.arena, &done, &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
	ck_assert_int_eq(raw_int(done.kept.p, "SELECT count(*) FROM inbox"), 39);
	ck_assert_int_eq(raw_int(raw_path(&f), "SELECT count(*) FROM inbox"), 9);
}
END_TEST

/* A WAL that stayed behind would be read into the restored store. */
START_TEST(a_damaged_store_is_put_aside_with_its_wal)
{
	struct store_restored done;
	struct fault fault = { "" };
	char command[512];

	add_texts(1, 10);
	(void)take_backup(0);
	store_close(f.store);
	f.store = NULL;
	(void)snprintf(command, sizeof(command),
	               "cd '%s' && echo rubbish >hall.db && echo more >hall.db-wal && "
	               "echo memory >hall.db-shm",
	               f.folder);
	ck_assert_int_eq(system(command), 0);
	ck_assert_msg(store_restore(f.url, copy, SINCE, NULL, &f.arena, &done, &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
	(void)snprintf(
		command, sizeof(command),
		"cd '%s' && grep -q rubbish hall.db.before-restore-*00 && "
		"grep -q more hall.db.before-restore-*-wal && ! test -e hall.db-wal "
		"&& ! test -e hall.db-shm",
		f.folder);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(raw_int(raw_path(&f), "SELECT count(*) FROM inbox"), 9);
}
END_TEST

START_TEST(what_is_no_sound_backup_is_refused)
{
	static const struct {
		const char *make; /* by the shell, in the folder */
		enum err wanted;
	} cases[] = {
		{ "true", ERR_NOT_FOUND },
		{ ": >copy.db", ERR_STATE },
		{ "echo hello hello >copy.db", ERR_CORRUPT },
		{ "dd if=/dev/zero of=copy.db bs=4096 count=9 2>/dev/null", ERR_CORRUPT },
		{ "cp hall.db copy.db && dd if=/dev/urandom of=copy.db bs=4096 seek=3 count=20 "
		  "conv=notrunc 2>/dev/null",
		  ERR_CORRUPT },
		{ "cp hall.db copy.db && dd if=/dev/urandom of=copy.db bs=4096 count=8 "
		  "seek=$(($(stat -c %s copy.db) / 4096 - 8)) conv=notrunc 2>/dev/null",
		  ERR_CORRUPT },
		{ "head -c 40000 hall.db >copy.db", ERR_CORRUPT },
		{ "cp hall.db copy.db && echo x >copy.db-wal", ERR_STATE },
	};

	add_texts(1, 500);
	store_close(f.store);
	f.store = NULL;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct store_restored done;
		struct fault fault = { "" };
		char command[512];
		enum err e;

		(void)snprintf(command, sizeof(command), "cd '%s' && rm -f copy.db && %s",
		               f.folder, cases[i].make);
		ck_assert_int_eq(system(command), 0);
		e = store_restore(f.url, copy, SINCE, NULL, &f.arena, &done, &fault);
		ck_assert_msg(e == cases[i].wanted, "%s: %s: %s", cases[i].make,
		              err_text(e), fault.text);
		ck_assert_ptr_nonnull(strstr(fault.text, "copy.db"));
		ck_assert_int_eq(raw_int(raw_path(&f), "SELECT count(*) FROM inbox"),
		                 499);
	}
}
END_TEST

START_TEST(ours_is_told_by_the_header)
{
	ck_assert(!store_is_ours(copy));
	add_texts(1, 2);
	(void)take_backup(0);
	ck_assert(store_is_ours(copy));
	ck_assert(!store_is_ours("/etc/passwd"));
	ck_assert_str_eq(store_path_of("sqlite:a/b.db"), "a/b.db");
	ck_assert_ptr_null(store_path_of("sqlite::memory:"));
	ck_assert_ptr_null(store_path_of("pg:x"));
}
END_TEST

SUITE("store/copy", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, a_backup_under_writes_equals_its_source);
      tcase_add_test(tc, a_backup_given_up_does_no_harm);
      tcase_add_test(tc, a_restored_store_is_the_one_of_the_backup);
      tcase_add_test(tc, nothing_of_the_former_store_is_lost);
      tcase_add_test(tc, a_damaged_store_is_put_aside_with_its_wal);
      tcase_add_test(tc, what_is_no_sound_backup_is_refused);
      tcase_add_test(tc, ours_is_told_by_the_header);)
