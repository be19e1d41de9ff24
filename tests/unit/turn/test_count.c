/*
 * test_count.c - what becomes of prompts is counted once, however they end.
 */
#include "fixture.h"

enum {
	HOUR_MS = 3600 * 1000,
	EXPIRED_H = 25,   /* a prompt lives for a day */
	FORGOTTEN_H = 50, /* and is kept for another */
	STEPS = 8,
	FIRST_NUMBER = 10, /* of prompts; the last is 99 */
	NUMBERS = 90
};

static struct {
	unsigned abandoned, confirmed, asked;
	unsigned number; /* of the last prompt */
} seen;

static void put_ringback(void)
{
	const struct package p = {
		.code = STR("CL"), .fee_fen = 500, .kind = PACKAGE_VAS, .on_sale = true
	};

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_PACKAGES, &p, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

static void set_up(void)
{
	set_up_people(2);
	put_ringback();
	open_again();
	memset(&seen, 0, sizeof(seen));
}

static void add_counts(void)
{
	size_t n;
	const struct turn_count *c = turn_counts(hall.turn, &n);

	for (size_t i = 0; i < n; i++) {
		const bool open = str_eq(c[i].service, STR("service.open"));

		seen.abandoned += strcmp(c[i].outcome, "abandoned") == 0 ? 1 : 0;
		ck_assert(open || strcmp(c[i].outcome, "abandoned") != 0);
		seen.confirmed += strcmp(c[i].outcome, "confirmed") == 0 ? 1 : 0;
		seen.asked += strcmp(c[i].outcome, "asked") == 0 ? 1 : 0;
	}
}

static void note_number(void)
{
	static const struct str word = { "回复", sizeof("回复") - 1 };
	const struct str text = hall.out.n > 0 ? hall.out.send[0].text : STR("");
	const size_t at = str_find(text, word);
	unsigned n;

	if (at < text.n && sscanf(text.p + at + word.n, "%2u确认", &n) == 1)
		seen.number = n;
}

static void say(const char *text)
{
	struct turn_input in;

	hall.now_ms += 1000;
	ck_assert_int_eq(run_text(0, text, &in), ERR_OK);
	add_counts();
	note_number();
	in = mark_of(hall.out.send[0].id); /* settled: the same text is another one */
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
}

static void say_number(unsigned n)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%u", n);
	say(text);
}

static void pass(int64_t hours)
{
	hall.now_ms += hours * HOUR_MS;
	ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_OK);
	add_counts();
}

static void step(const char *what)
{
	if (what[0] == '+')
		pass(what[1] == '5' ? FORGOTTEN_H : EXPIRED_H);
	else if (what[0] == '!')
		say_number(seen.number);
	else if (what[0] == '?')
		say_number((seen.number + 1 - FIRST_NUMBER) % NUMBERS + FIRST_NUMBER);
	else if (what[0] == '*')
		open_again();
	else
		say(what);
}

/* "+25" hours pass, "!" its number, "?" another one, "*" a restart. */
static const struct {
	const char *step[STEPS];
	unsigned abandoned, confirmed;
} ends[] = {
	{ { "KTCL", "!" }, 0, 1 },
	{ { "KTCL", "N" }, 1, 0 },
	{ { "KTCL", "CXYE" }, 1, 0 },
	{ { "KTCL", "?", "?", "?", "?", "?" }, 1, 0 },
	{ { "KTCL", "?", "!" }, 0, 1 },
	{ { "KTCL", "好的", "!" }, 0, 1 },
	{ { "KTCL", "+25" }, 0, 0 },
	{ { "KTCL", "+50" }, 1, 0 },
	{ { "KTCL", "+50", "+25", "+50" }, 1, 0 },
	{ { "KTCL", "*", "+50" }, 1, 0 },
	{ { "KTCL", "+25", "!", "+50" }, 1, 0 },
	{ { "KTCL", "+25", "KTCL", "+50" }, 2, 0 },
	{ { "KTCL", "+25", "KTCL", "!", "+50" }, 1, 1 },
	{ { "KTCL", "+25", "KT", "+50" }, 1, 0 },
	{ { "KT", "+50" }, 0, 0 },
};

START_TEST(a_prompt_is_confirmed_or_given_up_once)
{
	for (size_t i = 0; i < STEPS && ends[_i].step[i] != NULL; i++)
		step(ends[_i].step[i]);
	ck_assert_uint_ge(seen.asked, 1);
	ck_assert_uint_eq(seen.abandoned, ends[_i].abandoned);
	ck_assert_uint_eq(seen.confirmed, ends[_i].confirmed);
}
END_TEST

/* What is not committed is not counted, and comes again. */
START_TEST(what_the_disk_does_not_take_is_not_counted)
{
	struct turn_input in;

	say("KTCL");
	vfs_shim_fail(VFS_WRITE, "-wal", 1, SQLITE_FULL, true);
	ck_assert_int_eq(run_text(0, "N", &in), ERR_FULL);
	add_counts();
	hall.now_ms += INT64_C(1) * FORGOTTEN_H * HOUR_MS;
	ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_FULL);
	add_counts();
	ck_assert_uint_eq(seen.abandoned, 0);
	vfs_shim_heal();
	pass(0);
	ck_assert_uint_eq(seen.abandoned, 1);
}
END_TEST

SUITE("turn/count", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, a_prompt_is_confirmed_or_given_up_once, 0,
	                    (int)COUNT_OF(ends));
	tcase_add_test(tc, what_the_disk_does_not_take_is_not_counted);
})
