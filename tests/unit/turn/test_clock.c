/*
 * test_clock.c - T1c, T2c: the wall clock jumps, or stands still, between turns.
 */
#include "fixture.h"

#define HOUR INT64_C(3600000)
#define YEAR (INT64_C(365) * 24 * HOUR)

static void set_up(void)
{
	set_up_people(10);
}

static const struct {
	int64_t jump_ms;
	bool repeat; /* an equal text, the first unsettled, is taken for a repetition */
} jumps[] = {
	{ 0, true },     { 1, true },     { -1, true },        { HOUR, true },
	{ -HOUR, true }, { -YEAR, true }, { 24 * HOUR, true }, { 24 * HOUR + 1, false },
	{ YEAR, false },
};

START_TEST(T1c_unsettled_text_comes_again_after_a_jump)
{
	struct turn_input in;

	ck_assert_int_eq(run_text(1, "RG", &in), ERR_OK);
	hall.now_ms += jumps[_i].jump_ms;
	ck_assert_int_eq(run_text(1, "RG", &in), ERR_OK);
	ck_assert_uint_eq(in.status, TURN_OK);
	ck_assert_int_eq(strcmp(in.outcome, "repeat") == 0, jumps[_i].repeat);
	ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL),
	                  jumps[_i].repeat ? 1 : 2);
}
END_TEST

/* Whatever the clock does, what is settled does not suppress a new text. */
START_TEST(T1c_settled_text_comes_again_after_a_jump)
{
	struct turn_input in;

	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_OK);
	in = mark_of(hall.out.send[0].id);
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	hall.now_ms += jumps[_i].jump_ms;
	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_OK);
	ck_assert_str_eq(in.outcome, "done");
	ck_assert_uint_eq(hall.out.n, 1);
}
END_TEST

/* The restart is what most often goes with a new time. */
START_TEST(T1c_ids_and_backlog_after_a_jump_and_a_restart)
{
	struct turn_input in;
	struct turn_output backlog;

	ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_OK);
	hall.now_ms += jumps[_i].jump_ms;
	open_again();
	ck_assert_int_eq(turn_backlog(hall.turn, 0, 10, &backlog), ERR_OK);
	ck_assert_uint_eq(backlog.n, 1);
	ck_assert_int_eq(run_text(2, "CXYE", &in), ERR_OK);
	ck_assert_int_eq(hall.out.send[0].id, 2);
}
END_TEST

/* A part that waits when the clock jumps: given up with words or not, it is completed. */
START_TEST(T1c_waiting_part_after_a_jump)
{
	struct turn_input in = text_of(1, "CX"), second = text_of(1, "YE");

	in.ref = second.ref = 9;
	in.total = second.total = 2;
	in.seq = 1;
	second.seq = 2;
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	ck_assert_uint_eq(hall.out.n, 0);
	hall.now_ms += jumps[_i].jump_ms;
	hall.out.n = 0;
	ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_OK);
	ck_assert_uint_eq(hall.out.n, jumps[_i].jump_ms >= HOUR ? 1 : 0);
	second.at_ms = hall.now_ms;
	ck_assert_int_eq(run_all(&second, 1), ERR_OK);
	ck_assert_uint_eq(hall.out.n, 1);
}
END_TEST

static void settle_last(void)
{
	struct turn_input mark = mark_of(hall.out.send[0].id);

	ck_assert_int_eq(run_all(&mark, 1), ERR_OK);
}

static enum err run_part(const char *text, unsigned seq)
{
	struct turn_input in = text_of(1, text);

	in.ref = 9;
	in.total = 3;
	in.seq = (uint8_t)seq;
	return run_all(&in, 1);
}

/* A part, sent again or new, that comes before its set was given up: that waits on. */
START_TEST(T1c_part_comes_after_a_jump)
{
	static const struct {
		const char *text;
		unsigned seq;
	} orders[][4] = { { { "CX", 1 }, { "CX", 1 }, { "Y", 2 }, { "E", 3 } },
		          { { "CX", 1 }, { "E", 3 }, { "E", 3 }, { "Y", 2 } } };

	for (size_t k = 0; k < COUNT_OF(orders); k++) {
		hall.now_ms = NOW_MS;
		ck_assert_int_eq(run_part(orders[k][0].text, orders[k][0].seq), ERR_OK);
		hall.now_ms += jumps[_i].jump_ms;
		ck_assert_int_eq(run_part(orders[k][1].text, orders[k][1].seq), ERR_OK);
		ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_OK);
		ck_assert_uint_eq(hall.out.n, 0);
		ck_assert_int_eq(run_part(orders[k][2].text, orders[k][2].seq), ERR_OK);
		ck_assert_uint_eq(hall.out.n, 0);
		ck_assert_int_eq(run_part(orders[k][3].text, orders[k][3].seq), ERR_OK);
		ck_assert_uint_eq(hall.out.n, 1);
		settle_last();
	}
}
END_TEST

/* Berlin's nights of 2026 without and with a second hour between two and three. */
START_TEST(T1c_daylight_saving)
{
	static const int64_t nights[] = { 1774746000, 1792890000 };

	ck_assert_int_eq(civil_zone("Europe/Berlin"), ERR_OK);
	for (int64_t s = -7200; s <= 7200; s += 600) {
		struct turn_input in;

		hall.now_ms = (nights[_i] + s) * 1000;
		ck_assert_int_eq(run_text(1, "CXYE", &in), ERR_OK);
		ck_assert_str_eq(in.outcome, s == -7200 ? "done" : "repeat");
	}
}
END_TEST

START_TEST(T2c_wall_clock_stands_still)
{
	struct turn_input in[3];

	for (int i = 0; i < 20; i++) {
		struct turn_input mark;
		char text[48];

		(void)snprintf(text, sizeof(text), "complaint bad signal %d", i);
		ck_assert_int_eq(run_text(1, text, in), ERR_OK);
		ck_assert_str_eq(in[0].outcome, "done");
		mark = mark_of(hall.out.send[0].id);
		in[1] = text_of(1, text);
		ck_assert_int_eq(run_all(&in[1], 1), ERR_OK);
		ck_assert_str_eq(in[1].outcome, "repeat");
		ck_assert_int_eq(run_all(&mark, 1), ERR_OK);
	}
	ck_assert_uint_eq(rows(hall.store, "task", NULL, NULL), 20);
}
END_TEST

SUITE("turn/clock", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, T1c_unsettled_text_comes_again_after_a_jump, 0,
	                    COUNT_OF(jumps));
	tcase_add_loop_test(tc, T1c_settled_text_comes_again_after_a_jump, 0,
	                    COUNT_OF(jumps));
	tcase_add_loop_test(tc, T1c_ids_and_backlog_after_a_jump_and_a_restart, 0,
	                    COUNT_OF(jumps));
	tcase_add_loop_test(tc, T1c_waiting_part_after_a_jump, 0, COUNT_OF(jumps));
	tcase_add_loop_test(tc, T1c_part_comes_after_a_jump, 0, COUNT_OF(jumps));
	tcase_add_loop_test(tc, T1c_daylight_saving, 0, 2);
	tcase_add_test(tc, T2c_wall_clock_stands_still);
})
