/*
 * test_hostile.c - T7, T8, T13: texts, names and parts that mean harm, through the whole
 * turn and into the store.
 */
#include "fixture.h"

static void set_up(void)
{
	set_up_people(10);
}

/* ---- T7 ---- */

static const char *const injections[] = {
	"CXYE'; DROP TABLE subscriber; --",
	"' OR '1'='1",
	"'; UPDATE account SET balance_fen = 99999999; --",
	"1); DELETE FROM outbox; SELECT (1",
	"\" UNION SELECT puk FROM subscriber --",
	"'||(SELECT puk FROM subscriber LIMIT 1)||'",
	"x'; ATTACH DATABASE '/tmp/smshall-attached.db' AS a; --",
	"'; PRAGMA writable_schema = 1; --",
	"'; VACUUM INTO '/tmp/smshall-attached.db'; --",
	"\\'; DROP TABLE inbox; --",
	"/* */; COMMIT; BEGIN; --",
	"?1 :name @name $name ?",
	"load_extension('/tmp/x.so')",
	"CX\\0'; DROP TABLE account; --",
};

/* What no text may change; its answers are rows of others. */
static const char *const kept[] = { "subscriber", "account",       "package", "consent",
	                            "ledger",     "service_order", "bill",    "group_" };

static unsigned total(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < COUNT_OF(kept); i++)
		n += rows(hall.store, kept[i], NULL, NULL);
	return n;
}

START_TEST(T7_sql_in_a_text_is_text)
{
	const char *evil = injections[_i];
	const unsigned before = total();
	struct turn_input in;

	ck_assert_int_eq(run_text(1, evil, &in), ERR_OK);
	ck_assert_uint_eq(in.status, TURN_OK);
	ck_assert_uint_eq(hall.out.n, 1);
	ck_assert_ptr_null(strstr(hall.out.send[0].text.p, "77123456"));
	ck_assert_uint_eq(rows(hall.store, "inbox", "text", evil), 1);
	ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL), 1);
	ck_assert_uint_eq(rows(hall.store, "outbox", NULL, NULL), 1);
	ck_assert_uint_eq(rows(hall.store, "account", "balance_fen", "777700"), 10);
	ck_assert_uint_eq(total(), before);
	ck_assert_int_ne(access("/tmp/smshall-attached.db", F_OK), 0);
}
END_TEST

/* As a name in data that is imported, as the sender and as the receiver of a text. */
START_TEST(T7_sql_in_data_is_data)
{
	const char *evil = injections[_i];
	const struct subscriber_row row = { .sub = { .msisdn = FIRST + 77,
		                                     .owner_since = 1577808000,
		                                     .name = str_of(evil),
		                                     .region = str_of(evil),
		                                     .network = STR("5G"),
		                                     .puk = STR("1"),
		                                     .package = str_of(evil) } };
	const unsigned before = total();
	struct turn_input in = text_of(1, "CXYE");

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_SUBSCRIBERS, &row, 1, 0, NULL),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_uint_eq(rows(hall.store, "subscriber", "name", evil), 1);
	ck_assert_uint_eq(total(), before + 2); /* he and his account */
	in.from.digits = str_of(evil);
	in.to.digits = in.group = str_of(evil);
	in.msisdn = 0;
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	ck_assert_uint_eq(rows(hall.store, "inbox", "from_digits", evil), 1);
	ck_assert_uint_eq(total(), before + 2);
}
END_TEST

/* ---- T8 ---- */

START_TEST(T8_a_name_is_not_expanded)
{
	static const char evil[] = "{balance}%n";
	struct package p = { .code = STR("EVIL"),
		             .name_zh = str_of(evil),
		             .name_en = str_of(evil),
		             .fee_fen = 5800 };
	const struct subscriber_row row = { .sub = { .msisdn = FIRST + 78,
		                                     .owner_since = 1577808000,
		                                     .joined_on = 1577808000,
		                                     .real_name = true,
		                                     .name = str_of(evil),
		                                     .region = str_of(evil),
		                                     .network = str_of(evil),
		                                     .puk = STR("1"),
		                                     .package = p.code },
		                            .account = { .balance_fen = 4242,
		                                         .as_of = NOW_S } };
	struct turn_input in;

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_PACKAGES, &p, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_SUBSCRIBERS, &row, 1, 0, NULL),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_int_eq(turn_reload_catalogue(hall.turn), ERR_OK);
	ck_assert_int_eq(run_text(78, "CXTC", &in), ERR_OK);
	ck_assert_uint_eq(hall.out.n, 1);
	ck_assert_msg(strstr(hall.out.send[0].text.p, evil) != NULL, "%s",
	              hall.out.send[0].text.p);
	ck_assert_ptr_null(strstr(hall.out.send[0].text.p, "42.42"));
}
END_TEST

/* ---- T13 ---- */

static struct turn_input part_of(unsigned ref, unsigned total_parts, unsigned seq)
{
	struct turn_input in = text_of(1, "CX");

	in.ref = (uint16_t)ref;
	in.total = (uint8_t)total_parts;
	in.seq = (uint8_t)seq;
	return in;
}

/* First parts of texts that never end, under thousands of references. */
START_TEST(T13_concatenation_bomb)
{
	unsigned refused = 0;

	for (unsigned ref = 0; ref < 4096; ref++) {
		const unsigned totals[] = { 8, 255, 2 };
		struct turn_input in = part_of(ref, totals[ref % 3], 1 + ref % 2);

		ck_assert_int_eq(run_all(&in, 1), ERR_OK);
		refused += in.status == TURN_QUEUE_FULL ? 1 : 0;
	}
	ck_assert_uint_le(rows(hall.store, "part", NULL, NULL), 4);
	ck_assert_uint_gt(refused, 2000);
	hall.now_ms += 3600000;
	ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_OK);
	ck_assert_uint_eq(rows(hall.store, "part", NULL, NULL), 0);
}
END_TEST

SUITE("turn/hostile", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, T7_sql_in_a_text_is_text, 0, COUNT_OF(injections));
	tcase_add_loop_test(tc, T7_sql_in_data_is_data, 0, COUNT_OF(injections));
	tcase_add_test(tc, T8_a_name_is_not_expanded);
	tcase_add_test(tc, T13_concatenation_bomb);
})
