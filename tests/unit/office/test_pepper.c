/* Contract of office/pepper.h: made once, readable by its owner only, never exchanged. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "office/pepper.h"
#include "support/suite.h"

static struct {
	char folder[64], path[128];
	struct store *store;
	struct fault fault;
} t;

static void set_up(void)
{
	(void)snprintf(t.folder, sizeof(t.folder), "/tmp/smshall-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(t.folder));
	(void)snprintf(t.path, sizeof(t.path), "%s/hall.db.pepper", t.folder);
	ck_assert_int_eq(store_open("sqlite::memory:", STORE_CREATE, &t.store, &t.fault),
	                 ERR_OK);
	t.fault.text[0] = '\0';
}

static void tear_down(void)
{
	store_close(t.store);
	(void)unlink(t.path);
	ck_assert_int_eq(rmdir(t.folder), 0);
}

static void put_pin(void)
{
	struct arena a = arena_make(65536);
	struct changes c = { .arena = &a };

	changes_add(&c, pins,
	            (struct pin_row){ INT64_C(13800000001),
	                              1,
	                              { .hash = STR("x"), .code = STR("") } });
	ck_assert_int_eq(store_begin(t.store), ERR_OK);
	ck_assert_int_eq(store_record(t.store, &c), ERR_OK);
	ck_assert_int_eq(store_commit(t.store), ERR_OK);
	arena_free(&a);
}

static enum err settle(bool *made)
{
	struct pin_conf conf;

	t.fault.text[0] = '\0';
	return pepper_settle(t.store, t.path, &conf, made, &t.fault);
}

START_TEST(it_is_made_once_for_its_owner_only)
{
	uint8_t first[PIN_PEPPER], second[PIN_PEPPER];
	struct stat st;
	bool made;

	ck_assert_msg(settle(&made) == ERR_OK && made, "%s", t.fault.text);
	ck_assert_int_eq(stat(t.path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0400);
	ck_assert_int_eq(pepper_read(t.path, first, &t.fault), ERR_OK);
	ck_assert(settle(&made) == ERR_OK && !made);
	ck_assert_int_eq(pepper_read(t.path, second, &t.fault), ERR_OK);
	ck_assert_mem_eq(first, second, sizeof(first));
}
END_TEST

START_TEST(a_store_with_pins_is_refused_without_its_own)
{
	bool made;

	ck_assert_int_eq(settle(&made), ERR_OK);
	put_pin();
	ck_assert_int_eq(settle(&made), ERR_OK);
	ck_assert_int_eq(unlink(t.path), 0);
	ck_assert_int_eq(settle(&made), ERR_STATE);
	ck_assert_ptr_nonnull(strstr(t.fault.text, "holds PINs"));
	ck_assert_int_ne(access(t.path, F_OK), 0);
}
END_TEST

START_TEST(another_is_refused_where_pins_are)
{
	struct store *other;
	struct pin_conf conf;
	bool made;

	ck_assert_int_eq(settle(&made), ERR_OK);
	put_pin();
	ck_assert_int_eq(unlink(t.path), 0);
	ck_assert_int_eq(store_open("sqlite::memory:", STORE_CREATE, &other, &t.fault),
	                 ERR_OK);
	ck_assert_int_eq(pepper_settle(other, t.path, &conf, &made, &t.fault), ERR_OK);
	store_close(other);
	ck_assert_int_eq(settle(&made), ERR_STATE);
}
END_TEST

/* The way out where it is lost: everybody's PIN goes, and another is made. */
START_TEST(forgotten_pins_need_it_no_more)
{
	bool made, pins;

	ck_assert_int_eq(settle(&made), ERR_OK);
	put_pin();
	ck_assert_int_eq(unlink(t.path), 0);
	ck_assert_int_eq(settle(&made), ERR_STATE);
	ck_assert_ptr_nonnull(strstr(t.fault.text, "--forget-pins"));
	ck_assert_int_eq(store_forget_pins(t.store), ERR_OK);
	ck_assert(store_has_pins(t.store, &pins) == ERR_OK && !pins);
	ck_assert_msg(settle(&made) == ERR_OK && made, "%s", t.fault.text);
	put_pin();
	ck_assert(settle(&made) == ERR_OK && !made);
}
END_TEST

START_TEST(what_others_may_read_or_is_none_is_refused)
{
	uint8_t pepper[PIN_PEPPER];
	bool made;
	FILE *f;

	ck_assert_int_eq(settle(&made), ERR_OK);
	ck_assert_int_eq(chmod(t.path, 0440), 0);
	ck_assert_int_eq(pepper_read(t.path, pepper, &t.fault), ERR_REFUSED);
	ck_assert_int_eq(chmod(t.path, 0600), 0);
	f = fopen(t.path, "w");
	ck_assert_ptr_nonnull(f);
	(void)fputs("secret\n", f);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(pepper_read(t.path, pepper, &t.fault), ERR_SYNTAX);
}
END_TEST

SUITE("office/pepper", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, it_is_made_once_for_its_owner_only);
      tcase_add_test(tc, a_store_with_pins_is_refused_without_its_own);
      tcase_add_test(tc, another_is_refused_where_pins_are);
      tcase_add_test(tc, forgotten_pins_need_it_no_more);
      tcase_add_test(tc, what_others_may_read_or_is_none_is_refused);)
