/*
 * test_reader_limit.c - D10: a reader is cut off after its second, and what it pins of
 * the WAL is bounded.
 *
 * The linker puts this program's clock_machine() in place of the real one: it moves by
 * step_us at each look, so that a query takes long without taking time.
 */
#include "base/clock.h"
#include "raw.h"
#include "store/report.h"

#define MANY                                                                                   \
	"INSERT INTO inbox (id, settled, state, session, fingerprint, at_ms, msisdn, "         \
	"owner_since, from_kind, to_kind, from_digits, to_digits, link_group, text, intent, "  \
	"rule, revision) WITH RECURSIVE n(i) AS (VALUES (1000) UNION ALL SELECT i + 1 FROM n " \
	"WHERE i < 9000) SELECT i, 1, 0, 1, i, i, 13900000001, 0, 257, 257, '13900000001', "   \
	"'10086', 'g', 'CXYE', 'balance.query', 'r', 'v' FROM n;"

static struct fixture f;
static struct store_reader *reader;
static int64_t step_us, now_us;

struct clock __wrap_clock_machine(void);
struct clock __wrap_clock_machine(void)
{
	now_us += step_us;
	return (struct clock){ .mono_us = now_us, .wall_s = now_us / 1000000 };
}

static void setup(void)
{
	step_us = 0;
	now_us = 1000000;
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
	raw(&f, MANY);
	reader = reader_of(&f);
}

static void teardown(void)
{
	store_reader_close(reader);
	raw_end(&f);
}

static enum err trace(void)
{
	struct store_report r = { .msisdn = INT64_C(13900000001), .limit = 1000 };
	struct fault fault = { "" };
	enum err e;

	arena_reset(&f.arena);
	e = store_trace(reader, &f.arena, &r, &fault);
	ck_assert_int_eq(e == ERR_OK, fault.text[0] == '\0');
	return e;
}

START_TEST(D10_a_reader_is_cut_off_after_its_second)
{
	ck_assert_int_eq(trace(), ERR_OK);
	step_us = 600000;
	ck_assert_int_eq(trace(), ERR_BUSY);
	step_us = 0;
	ck_assert_int_eq(trace(), ERR_OK);
}
END_TEST

SUITE("store/reader_limit", {
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, D10_a_reader_is_cut_off_after_its_second);
})
