/*
 * test_forget.c - a store in memory that was emptied is as new; one in a file keeps all.
 */
#include <unistd.h>

#include "fixture.h"
#include "store/inspect.h"

static struct fixture f;

static void put_something(void)
{
	const struct package p = { .code = STR("a"), .name_zh = STR("甲") };
	const struct str held[] = { STR("CL") };
	const struct subscriber_row sub = {
		.sub = { .msisdn = NUMBER, .owner_since = SINCE, .package = STR("a") },
		.service = held,
		.n_services = 1
	};
	const struct payment_row paid = { NUMBER, { .at = SINCE, .amount_fen = 5000 } };

	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_put(f.store, STORE_PACKAGES, &p, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_put(f.store, STORE_SUBSCRIBERS, &sub, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_put(f.store, STORE_PAYMENTS, &paid, 1, SINCE, NULL),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
	changes_add(&f.changes, tasks,
	            (struct task_row){ .id = 2001, .kind = STR("repair") });
	changes_add(&f.changes, outbox, (struct outbox_row){ .id = 77 });
	commit_changes(&f);
}

static size_t count(const char *table)
{
	struct store_table t;

	ck_assert_int_eq(store_inspect(f.store, table, &f.arena, &t), ERR_OK);
	return t.n_rows;
}

static const char *const filled[] = { "package", "subscriber", "account", "subscription",
	                              "payment", "task",       "outbox" };

START_TEST(a_store_in_memory_is_as_new)
{
	struct store_ids ids;
	struct str value;

	memory_store(&f);
	for (int again = 0; again < 2; again++) {
		put_something();
		for (size_t i = 0; i < COUNT_OF(filled); i++)
			ck_assert_uint_eq(count(filled[i]), 1);
		ck_assert_int_eq(store_forget(f.store), ERR_OK);
		for (size_t i = 0; i < COUNT_OF(filled); i++)
			ck_assert_uint_eq(count(filled[i]), 0);
		ck_assert_int_eq(store_ids(f.store, &ids), ERR_OK);
		ck_assert_int_eq(ids.message, 1);
		ck_assert_int_eq(ids.task, 1);
		ck_assert_int_eq(
			store_setting(f.store, "payments_as_of", &f.arena, &value),
			ERR_NOT_FOUND);
		fixture_reset_changes(&f);
	}
	fixture_end(&f);
}
END_TEST

START_TEST(a_store_in_a_file_keeps_its_rows)
{
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
	put_something();
	ck_assert_int_eq(store_forget(f.store), ERR_REFUSED);
	for (size_t i = 0; i < COUNT_OF(filled); i++)
		ck_assert_uint_eq(count(filled[i]), 1);
	fixture_end(&f);
}
END_TEST

SUITE("store/forget", tcase_add_test(tc, a_store_in_memory_is_as_new);
      tcase_add_test(tc, a_store_in_a_file_keeps_its_rows);)
