/*
 * test_hostile.c - T7, T8, T13: texts, names and parts that mean harm, through the whole
 * turn and into the store.
 */
#include <malloc.h>

#include "fixture.h"
#include "store/import.h"

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

static void put_cell(FILE *f, const char *text)
{
	(void)fputc('"', f);
	for (; *text != '\0'; text++)
		(void)fprintf(f, *text == '"' ? "\"\"" : "%c", *text);
	(void)fputs("\",", f);
}

/* One subscriber; his number, name, region and package as they come in a file. */
static void write_people(const char *path, const char *const cell[static 4])
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	(void)fputs(
		"msisdn,name,region,package,language,class,joined_on,status,balance_fen,"
		"points,puk,services\n",
		f);
	for (size_t i = 0; i < 4; i++)
		put_cell(f, cell[i]);
	(void)fputs("zh-Hans,personal,2020-01-01,active,1,9,01234567,\n", f);
	ck_assert_int_eq(fclose(f), 0);
}

static enum err check_and_store(struct import *im)
{
	struct store_reader *r;
	enum err e;

	ck_assert_int_eq(store_reader_open(hall.store, &r, &hall.fault), ERR_OK);
	e = import_check(im, r, &hall.fault);
	store_reader_close(r);
	if (e != ERR_OK)
		return e;
	ck_assert_int_eq(import_begin(im, hall.store), ERR_OK);
	ck_assert_int_eq(import_read(im, 100, &hall.fault), ERR_OK);
	import_hand_over(im);
	ck_assert_int_eq(import_apply(im, hall.store), ERR_OK);
	return import_end(im, hall.store, NULL);
}

/* As the command does it. */
static enum err import_people(const char *const cell[static 4])
{
	char path[128];
	const struct import_plan plan = {
		.kind = "subscribers", .path = path, .as_of = NOW_S, .now = NOW_S
	};
	struct import *im;
	enum err e;

	(void)snprintf(path, sizeof(path), "%s/people.csv", hall.folder);
	write_people(path, cell);
	ck_assert_int_eq(import_open(&plan, &im, &hall.fault), ERR_OK);
	e = check_and_store(im);
	import_close(im);
	(void)unlink(path);
	return e;
}

static void put_package_58(void)
{
	const struct package p = { .code = STR("58"),
		                   .name_zh = STR("58"),
		                   .name_en = STR("58"),
		                   .fee_fen = 5800 };

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_PACKAGES, &p, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

/* As a name, a number, a package of a file that is imported. */
START_TEST(T7_sql_in_a_file_is_data)
{
	const char *evil = injections[_i];
	const char *const name[] = { "13900000077", evil, evil, "58" };
	const char *const number[] = { evil, "n", "r", "58" };
	const char *const package[] = { "13900000078", "n", "r", evil };
	unsigned before;

	put_package_58();
	before = total();
	ck_assert_int_ne(import_people(number), ERR_OK);
	ck_assert_str_ne(hall.fault.text, "");
	ck_assert_int_ne(import_people(package), ERR_OK);
	ck_assert_uint_eq(total(), before);
	hall.fault.text[0] = '\0';
	ck_assert_msg(import_people(name) == ERR_OK, "%s", hall.fault.text);
	ck_assert_uint_eq(rows(hall.store, "subscriber", "name", evil), 1);
	ck_assert_uint_eq(rows(hall.store, "subscriber", "region", evil), 1);
	ck_assert_uint_eq(total(), before + 2); /* he and his account */
	ck_assert_uint_eq(rows(hall.store, "account", "balance_fen", "777700"), 10);
	ck_assert_int_ne(access("/tmp/smshall-attached.db", F_OK), 0);
}
END_TEST

/* As the sender and as the receiver of a text. */
START_TEST(T7_sql_in_an_address_is_data)
{
	const char *evil = injections[_i];
	const unsigned before = total();
	struct turn_input in = text_of(1, "CXYE");

	in.from.digits = str_of(evil);
	in.to.digits = in.group = str_of(evil);
	in.msisdn = 0;
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	ck_assert_uint_eq(rows(hall.store, "inbox", "from_digits", evil), 1);
	ck_assert_uint_eq(total(), before);
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

enum {
	REFERENCES = 65536,
	BOMBS = 64, /* in a turn */
	SETS = 4,   /* of a number at a time */
	SOME = 4096 * 1024
};

/* Octets that the program holds; a sanitizer's allocator says 0. */
static size_t allocated(void)
{
	const struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

/* Sixty-four more; returns how many were refused. */
static unsigned throw_bombs(unsigned ref, unsigned parts)
{
	struct turn_input in[BOMBS];
	unsigned refused = 0;

	for (unsigned i = 0; i < BOMBS; i++)
		in[i] = part_of(ref + i, parts, 1 + (ref + i) % parts);
	ck_assert_int_eq(run_all(in, BOMBS), ERR_OK);
	for (unsigned i = 0; i < BOMBS; i++)
		refused += in[i].status == TURN_QUEUE_FULL ? 1 : 0;
	arena_reset(&hall.arena);
	return refused;
}

/* A part of a text that never ends, under each reference there is. */
START_TEST(T13_concatenation_bomb)
{
	const unsigned totals[] = { 8, 255, 2 };
	unsigned refused = 0;
	size_t before = 0;

	for (unsigned ref = 0; ref < REFERENCES; ref += BOMBS) {
		refused += throw_bombs(ref, totals[ref / BOMBS % COUNT_OF(totals)]);
		if (ref == REFERENCES / 8)
			before = allocated();
	}
	ck_assert_uint_le(allocated(), before + SOME);
	ck_assert_uint_le(rows(hall.store, "part", NULL, NULL), SETS);
	ck_assert_uint_gt(refused, REFERENCES / 2);
	hall.now_ms += 3600000;
	ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_OK);
	ck_assert_uint_eq(hall.out.n, SETS);
	hall.now_ms += 3600001;
	ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_OK);
	ck_assert_uint_eq(hall.out.n, 0);
	ck_assert_uint_eq(rows(hall.store, "part", NULL, NULL), 0);
}
END_TEST

SUITE("turn/hostile", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, T7_sql_in_a_text_is_text, 0, COUNT_OF(injections));
	tcase_add_loop_test(tc, T7_sql_in_a_file_is_data, 0, COUNT_OF(injections));
	tcase_add_loop_test(tc, T7_sql_in_an_address_is_data, 0, COUNT_OF(injections));
	tcase_add_test(tc, T8_a_name_is_not_expanded);
	tcase_add_test(tc, T13_concatenation_bomb);
})
