/*
 * test_inspect.c - tables as text, and none but those that may be read.
 */
#include <stdlib.h>

#include "store/inspect.h"
#include "support/suite.h"

static struct store *store;
static struct arena arena;

static void setup(void)
{
	struct fault why = { "" };

	arena = arena_make(1 << 20);
	ck_assert_msg(store_open("sqlite::memory:", STORE_CREATE, &store, &why) == ERR_OK,
	              "%s", why.text);
}

static void teardown(void)
{
	store_close(store);
	arena_free(&arena);
}

static struct str value_of(const struct store_table *t, size_t row, const char *column)
{
	for (size_t i = 0; i < t->n_columns; i++) {
		if (str_eq(t->column[i], str_of(column)))
			return t->value[row * t->n_columns + i];
	}
	ck_abort_msg("no column %s", column);
	return STR("");
}

START_TEST(every_table_can_be_read)
{
	static const char *const tables[] = {
		"inbox",     "outbox",        "part",    "receipt_orphan",
		"optout",    "task",          "ledger",  "subscriber",
		"account",   "subscription",  "package", "usage_month",
		"bill",      "payment",       "detail",  "resource",
		"complaint", "consent",       "group_",  "group_member",
		"tag",       "service_order", "import"
	};

	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		struct store_table t;

		ck_assert_msg(store_inspect(store, tables[i], &arena, &t) == ERR_OK,
		              "%s: %s", tables[i], store_fault(store));
		ck_assert_uint_gt(t.n_columns, 2);
		ck_assert_uint_eq(t.n_rows, 0);
	}
}
END_TEST

START_TEST(no_other_name_is_read)
{
	static const char *const names[] = { "",    "sqlite_master", "setting",
		                             "pin", "inbox; --",     "INBOX" };
	struct store_table t;

	for (size_t i = 0; i < COUNT_OF(names); i++)
		ck_assert_int_eq(store_inspect(store, names[i], &arena, &t),
		                 ERR_NOT_FOUND);
}
END_TEST

START_TEST(values_are_text_in_order_of_the_key)
{
	const struct package p[] = {
		{ .code = STR("b"), .name_zh = STR("{乙}'"), .fee_fen = -5 },
		{ .code = STR("a"), .name_zh = STR(""), .on_sale = true },
	};
	struct store_table t;

	ck_assert_int_eq(store_begin(store), ERR_OK);
	ck_assert_int_eq(store_put(store, STORE_PACKAGES, p, 2, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(store), ERR_OK);
	ck_assert_int_eq(store_inspect(store, "package", &arena, &t), ERR_OK);
	ck_assert_uint_eq(t.n_rows, 2);
	ck_assert(str_eq(value_of(&t, 0, "code"), STR("a")));
	ck_assert(str_eq(value_of(&t, 0, "on_sale"), STR("1")));
	ck_assert(str_eq(value_of(&t, 1, "name_zh"), STR("{乙}'")));
	ck_assert(str_eq(value_of(&t, 1, "fee_fen"), STR("-5")));
}
END_TEST

START_TEST(octets_are_hexadecimal_digits)
{
	static const uint8_t octets[] = { 0x00, 0x41, 0xff };
	struct changes c = { .arena = &arena };
	struct store_table t;

	changes_add(&c, parts,
	            (struct part_row){ .key = { STR("g"), STR("1"), STR("2"), 7, 2 },
	                               .seq = 1,
	                               .octets = { octets, sizeof(octets) } });
	ck_assert_int_eq(store_begin(store), ERR_OK);
	ck_assert_int_eq(store_record(store, &c), ERR_OK);
	ck_assert_int_eq(store_commit(store), ERR_OK);
	ck_assert_int_eq(store_inspect(store, "part", &arena, &t), ERR_OK);
	ck_assert_uint_eq(t.n_rows, 1);
	ck_assert(str_eq(value_of(&t, 0, "octets"), STR("0041ff")));
}
END_TEST

SUITE("store/inspect", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, every_table_can_be_read);
      tcase_add_test(tc, no_other_name_is_read);
      tcase_add_test(tc, values_are_text_in_order_of_the_key);
      tcase_add_test(tc, octets_are_hexadecimal_digits);)
