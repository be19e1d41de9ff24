/*
 * test_morning.c - service messages for which nobody waits come when it is day where their
 * subscriber lives, once, also over a restart, and not to the number's next owner.
 */
#include "fixture.h"

enum {
	MINUTE_MS = 60 * 1000,
	HOUR_MS = 60 * MINUTE_MS,
	DAY_MS = 24 * HOUR_MS,
	WEST = 4 * 60,           /* of Greenwich; the hall is at 8 * 60 */
	DUE_MS = 29 * MINUTE_MS, /* from NOW_MS to 11:00; 7:00 in the west */
	DAY_THERE_MS = DUE_MS + HOUR_MS
};

static struct push_rules rules;

static void record(const struct changes *c)
{
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_record(hall.store, c), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

/* ---- what is to be told at hall.now_ms ---- */

/* A text of before, whose number a later message leaves by. */
static int64_t texted(const char *text)
{
	struct turn_input in;

	ck_assert_int_eq(run_text(0, text, &in), ERR_OK);
	ck_assert_uint_ge(hall.out.n, 1);
	return hall.out.send[0].id;
}

static void reminder(void)
{
	hall.now_ms -= DAY_MS;
	(void)texted("TX10000");
	hall.now_ms += DAY_MS;
}

/* The package is gone from the list: he is told that nothing has changed. */
static void order(void)
{
	struct changes c = { .arena = &hall.arena };
	const int64_t now = hall.now_ms / 1000;

	changes_add(&c, orders,
	            (struct order_row){ .msisdn = FIRST,
	                                .owner_since = 1577808000,
	                                .order = { .id = 7001,
	                                           .kind = STR("package.change"),
	                                           .package = STR("38"),
	                                           .state = ORDER_ACCEPTED,
	                                           .at = now - 60,
	                                           .effective_at = now,
	                                           .inbox = texted("CXYE") } });
	record(&c);
}

static void task(void)
{
	struct changes c = { .arena = &hall.arena };
	const int64_t now = hall.now_ms / 1000;

	changes_add(&c, tasks,
	            (struct task_row){ .id = 7001,
	                               .kind = STR("complaint"),
	                               .msisdn = FIRST,
	                               .owner_since = 1577808000,
	                               .at = now - 60,
	                               .inbox = texted("CXYE") });
	changes_add(&c, deeds,
	            (struct task_deed){ .id = 7001,
	                                .at = now,
	                                .by = STR("anna"),
	                                .say = STR("查过了"),
	                                .tells = true,
	                                .ends = true });
	record(&c);
}

/* The second number asks the first for its consent, and is answered at once. */
static void request(void)
{
	struct turn_input in;

	ck_assert_int_eq(run_text(1, "BDHM13900000000", &in), ERR_OK);
}

static const struct {
	void (*prepare)(void);
	bool by_night; /* it can come of what happens in the hall's night */
} messages[] = {
	{ reminder, true }, { order, true }, { task, true }, { request, false }
};

/* ---- who gets it, and when ---- */

static void set_up(int zone)
{
	set_up_people(2);
	rules = push_rules_defaults();
	rules.zone[0] = (struct push_zone){ STR("r"), zone };
	rules.n_zones = 1;
	hall.push = &rules;
	open_again();
}

static unsigned told(const struct turn_output *out)
{
	unsigned n = 0;

	for (size_t i = 0; i < out->n; i++)
		n += str_eq(out->send[i].to.digits, STR("13900000000"));
	return n;
}

static unsigned ticked(void)
{
	struct turn_output out = { NULL, 0 };

	ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &out), ERR_OK);
	return told(&out);
}

/* So that a trace of his number shows it. */
static void assert_it_is_known_whose_it_was(void)
{
	ck_assert_uint_eq(rows(hall.store, "outbox", "told", "13900000000"), 1);
}

static unsigned prepared(int message)
{
	hall.out.n = 0;
	messages[message].prepare();
	/* A request is the only one that comes of a text of now. */
	return messages[message].prepare == request ? told(&hall.out) : 0;
}

START_TEST(it_waits_for_the_morning_there)
{
	set_up(WEST);
	hall.now_ms = NOW_MS + DUE_MS;
	ck_assert_uint_eq(prepared(_i), 0);
	ck_assert_uint_eq(ticked(), 0);
	hall.now_ms = NOW_MS + DAY_THERE_MS - 1;
	ck_assert_uint_eq(ticked(), 0);
	open_again();
	hall.now_ms++;
	ck_assert_uint_eq(ticked(), 1);
	ck_assert_uint_eq(ticked(), 0);
	hall.now_ms += DAY_MS;
	ck_assert_uint_eq(ticked(), 0);
	assert_it_is_known_whose_it_was();
	tear_down();
}
END_TEST

START_TEST(it_comes_by_his_day_in_the_halls_night)
{
	if (!messages[_i].by_night)
		return;
	set_up(WEST);
	hall.now_ms = NOW_MS + DUE_MS + 13 * (int64_t)HOUR_MS; /* 0:00; 20:00 there */
	ck_assert_uint_eq(prepared(_i) + ticked(), 1);
	ck_assert_uint_eq(ticked(), 0);
	tear_down();
}
END_TEST

START_TEST(by_day_in_both_it_comes_at_once)
{
	set_up(WEST);
	hall.now_ms = NOW_MS + DAY_THERE_MS;
	ck_assert_uint_eq(prepared(_i) + ticked(), 1);
	assert_it_is_known_whose_it_was();
	tear_down();
}
END_TEST

START_TEST(the_next_owner_does_not_get_it)
{
	const struct subscriber_row other = { .sub = { .msisdn = FIRST,
		                                       .owner_since = NOW_S,
		                                       .region = STR("r"),
		                                       .package = STR("58") },
		                              .account = { .balance_fen = 1,
		                                           .as_of = NOW_S } };

	set_up(WEST);
	hall.now_ms = NOW_MS + DUE_MS;
	ck_assert_uint_eq(prepared(_i), 0);
	ck_assert_uint_eq(ticked(), 0);
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_SUBSCRIBERS, &other, 1, 0, NULL),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	hall.now_ms = NOW_MS + DAY_THERE_MS;
	ck_assert_uint_eq(ticked(), 0);
	tear_down();
}
END_TEST

SUITE("turn/morning", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_loop_test(tc, it_waits_for_the_morning_there, 0, (int)COUNT_OF(messages));
      tcase_add_loop_test(tc, it_comes_by_his_day_in_the_halls_night, 0,
                          (int)COUNT_OF(messages));
      tcase_add_loop_test(tc, by_day_in_both_it_comes_at_once, 0,
                          (int)COUNT_OF(messages));
      tcase_add_loop_test(tc, the_next_owner_does_not_get_it, 0,
                          (int)COUNT_OF(messages));)
