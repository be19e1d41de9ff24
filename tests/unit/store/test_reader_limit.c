/*
 * test_reader_limit.c - D10: a reader is cut off after its second, and what it pins of
 * the WAL is bounded.
 *
 * The linker puts this program's clock_machine() in place of the real one: it moves by
 * step_us at each look, so that a query takes long without taking time.
 */
#include "base/clock.h"
#include "campaigns_fixture.h"
#include "raw.h"
#include "store/people.h"
#include "store/report.h"
#include "support/vfs_shim.h"

#define MANY                                                                                   \
	"INSERT INTO inbox (id, settled, state, session, fingerprint, at_ms, msisdn, "         \
	"owner_since, from_kind, to_kind, from_digits, to_digits, link_group, text, intent, "  \
	"rule, revision) WITH RECURSIVE n(i) AS (VALUES (1000) UNION ALL SELECT i + 1 FROM n " \
	"WHERE i < 9000) SELECT i, 1, 0, 1, i, i, 13900000001, 0, 257, 257, '13900000001', "   \
	"'10086', 'g', 'CXYE', 'balance.query', 'r', 'v' FROM n;"

#define CROWD                                                                                \
	"INSERT INTO subscriber (msisdn, owner_since, joined_on, status, language, class, "  \
	"real_name, name, region, network, terminal, puk, package) WITH RECURSIVE n(i) AS "  \
	"(VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "                         \
	"SELECT i, 1, 1, 0, 0, 0, 1, 'n', 'r', '5G', '', '', '58' FROM n; "                  \
	"INSERT INTO target (campaign, msisdn, owner_since, place, state, reason, arm, "     \
	"offer, command, saving, why, price, value_li, at, outbox, segments, until, "        \
	"replied_at) SELECT 1, msisdn, 1, 0, 2, 3, 0, '', '', '', '', '', 0, 1, 0, 0, 0, 0 " \
	"FROM subscriber;"

static struct fixture f;
static struct store_reader *reader;
static int64_t step_us, now_us;
static unsigned texts; /* answered while the reader was looking at the clock */
static bool answering;
static int64_t longest; /* octets of the WAL at most */

/* With a row of a file, so that the log is moved once it has 500 pages. */
static void answer(void)
{
	static char text[65536];
	struct outbox_row reply = reply_out(20000 + texts++);
	const struct subscriber_row row = person(NUMBER, SINCE);
	struct store_wal wal;

	memset(text, 'x', sizeof(text));
	reply.text = (struct str){ text, sizeof(text) };
	changes_add(&f.changes, outbox, reply);
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_record(f.store, &f.changes), ERR_OK);
	ck_assert_int_eq(store_put(f.store, STORE_SUBSCRIBERS, &row, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
	fixture_reset_changes(&f);
	ck_assert_int_eq(store_tend(f.store, STORE_TEND_DUE), ERR_OK);
	store_wal(f.store, &wal);
	longest = wal.octets > longest ? wal.octets : longest;
}

struct clock __wrap_clock_machine(void);
struct clock __wrap_clock_machine(void)
{
	now_us += step_us;
	if (answering && step_us > 0)
		answer();
	return (struct clock){ .mono_us = now_us, .wall_s = now_us / 1000000 };
}

static void setup(void)
{
	step_us = 0;
	now_us = 1000000;
	texts = 0;
	answering = false;
	longest = 0;
	disk_folder(&f);
	vfs_shim_reset();
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

/*
 * Texts go on while it reads: what the log gains is what they write in a second, and it is
 * moved and used anew afterwards.
 */
START_TEST(D10_what_a_reader_pins_is_bounded)
{
	int64_t least;
	unsigned seconds = 0;
	struct store_wal wal;

	for (int i = 0; i < 100; i++) /* with nobody reading */
		answer();
	least = longest;
	for (; seconds < 20; seconds++) {
		const unsigned before = texts;

		step_us = 50000;
		answering = true;
		ck_assert_int_eq(trace(), ERR_BUSY);
		answering = false;
		step_us = 0;
		ck_assert_uint_ge(texts, before + 16); /* while it looked */
		ck_assert_uint_le(texts, before + 60); /* a trace is three queries */
		ck_assert_int_eq(store_tend(f.store, STORE_TEND_AGAIN), ERR_OK);
		answer();
	}
	/* 500 pages, and what is answered in its queries' seconds. */
	ck_assert_int_lt(longest, 4 * least);
	store_wal(f.store, &wal);
	ck_assert_uint_ge(wal.moved, seconds / 2);
}
END_TEST

/* ---- what is walked slice by slice ---- */

static void count_ascending(void *ctx, const struct store_person *p)
{
	int64_t *last = ctx;

	ck_assert_int_eq(p->msisdn, *last + 1);
	*last = p->msisdn;
}

/* A machine that is busy with other things has shorter slices, and no failure. */
START_TEST(D10_a_slow_walk_through_everybody_has_more_slices)
{
	int64_t after = 0, last = 0;
	unsigned slices = 0;
	enum err e;

	raw(&f, CROWD);
	step_us = 50000;
	while ((e = store_people(reader, 1, &after, count_ascending, &last)) == ERR_OK) {
		ck_assert_int_eq(after, last);
		slices++;
	}
	ck_assert_int_eq(e, ERR_END);
	ck_assert_int_eq(last, 5000);
	ck_assert_uint_gt(slices, 1);
}
END_TEST

START_TEST(D10_a_slow_count_of_targets_has_more_slices)
{
	int64_t n[8] = { 0 };
	struct fault fault = { "" };

	raw(&f, CROWD);
	step_us = 150000;
	ck_assert_msg(store_campaign_refusals(reader, 1, n, COUNT_OF(n), &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
	ck_assert_int_eq(n[3], 5000);
}
END_TEST

SUITE("store/reader_limit", {
	tcase_add_test(tc, D10_a_slow_walk_through_everybody_has_more_slices);
	tcase_add_test(tc, D10_a_slow_count_of_targets_has_more_slices);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, D10_what_a_reader_pins_is_bounded);
	tcase_add_test(tc, D10_a_reader_is_cut_off_after_its_second);
})
