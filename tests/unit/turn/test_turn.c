/*
 * test_turn.c - the turn over the real grammar, hall and an in-memory store.
 *
 * Stories are in tests/replay; here is what needs many turns at once or a look at
 * what a story cannot see.
 */
#include <inttypes.h>
#include <stdio.h>

#include "assets/assets.h"
#include "store/inspect.h"
#include "support/house.h"
#include "support/suite.h"
#include "turn/turn.h"

enum {
	SUBSCRIBERS = 200,
	NOW_S = 1792463460 /* 2026-10-20 10:31 in Shanghai */
};
#define FIRST INT64_C(13900000000)

struct hall_under_test {
	struct assets *assets;
	struct store *store;
	struct turn *turn;
	struct arena arena;
};

static struct str number(struct arena *a, int64_t msisdn)
{
	return arena_printf(a, "%" PRId64, msisdn);
}

static void put_package(struct store *s)
{
	const struct package p = { .code = STR("58"),
		                   .name_zh = STR("58元套餐"),
		                   .name_en = STR("Plan 58"),
		                   .fee_fen = 0,
		                   .data_kib = 20 * 1024 * 1024,
		                   .network = STR("5G"),
		                   .on_sale = true };

	ck_assert_int_eq(store_put(s, STORE_PACKAGES, &p, 1, 0, NULL), ERR_OK);
}

/* Every figure of subscriber i holds i as six digits: a stray one gives itself away. */
static void put_subscriber(struct hall_under_test *h, int i)
{
	const struct subscriber_row row = {
		.sub = { .msisdn = FIRST + i,
		         .owner_since = 1577808000,
		         .joined_on = 1577808000,
		         .name = STR("n"),
		         .region = STR("r"),
		         .network = STR("5G"),
		         .puk = arena_printf(&h->arena, "77%06d", 100000 + i),
		         .package = STR("58"),
		         .real_name = true },
		.account = { .balance_fen = (INT64_C(100000) + i) * 100,
		             .points = 100000 + i,
		             .as_of = NOW_S }
	};

	ck_assert_int_eq(store_put(h->store, STORE_SUBSCRIBERS, &row, 1, 0, NULL),
	                 ERR_OK);
}

/* His past, with the same six digits in each amount and word. */
static void put_history(struct hall_under_test *h, int i)
{
	const int64_t msisdn = FIRST + i, fen = (INT64_C(100000) + i) * 100;
	const struct str word = arena_printf(&h->arena, "%d", 100000 + i);
	const struct payment_row payment = { msisdn, { NOW_S - 60, fen, word } };
	const struct detail_row detail = {
		msisdn, { NOW_S - 60, DETAIL_VOICE, STR("10086"), 60, fen }
	};
	const struct resource_row resource = {
		msisdn, { RESOURCE_GENERAL, word, 1024, 0, 0, 1 }
	};
	const struct complaint_row complaint = {
		msisdn, { NOW_S - 60, word, word, COMPLAINT_OPEN }
	};
	const struct usage_row usage[] = {
		{ msisdn, { month_make(2026, 8), 0, 0, 0, 0 } },
		{ msisdn, { month_make(2026, 9), 0, 0, 0, fen } },
	};
	struct changes c = { .arena = &h->arena };

	ck_assert_int_eq(store_put(h->store, STORE_PAYMENTS, &payment, 1, NOW_S, NULL),
	                 ERR_OK);
	ck_assert_int_eq(store_put(h->store, STORE_DETAILS, &detail, 1, NOW_S, NULL),
	                 ERR_OK);
	ck_assert_int_eq(store_put(h->store, STORE_RESOURCES, &resource, 1, NOW_S, NULL),
	                 ERR_OK);
	ck_assert_int_eq(
		store_put(h->store, STORE_COMPLAINTS, &complaint, 1, NOW_S, NULL),
		ERR_OK);
	ck_assert_int_eq(store_put(h->store, STORE_USAGE, usage, 2, NOW_S, NULL), ERR_OK);
	changes_add(&c, orders,
	            (struct order_row){ .msisdn = msisdn,
	                                .owner_since = 1577808000,
	                                .order = { .id = 500000 + i,
	                                           .kind = STR("service.open"),
	                                           .package = STR("58"),
	                                           .state = ORDER_EFFECTIVE,
	                                           .at = NOW_S - 60,
	                                           .effective_at = NOW_S - 60,
	                                           .fee_fen = fen } });
	changes_add(&c, tasks,
	            (struct task_row){ .id = 700000 + i,
	                               .kind = STR("complaint"),
	                               .msisdn = msisdn,
	                               .owner_since = 1577808000,
	                               .at = NOW_S - 60,
	                               .text = word });
	changes_add(&c, tasks_done, (struct task_end){ 700000 + i, NOW_S - 30, word });
	ck_assert_int_eq(store_record(h->store, &c), ERR_OK);
}

static struct turn *make_turn(struct hall_under_test *h)
{
	const struct turn_conf conf = { .store = h->store,
		                        .fold = h->assets->fold,
		                        .grammar = h->assets->grammar,
		                        .hall = h->assets->hall };
	struct fault fault = { .text = "" };
	struct turn *t;

	if (turn_create(&conf, &t, &fault) != ERR_OK)
		ck_abort_msg("%s", fault.text);
	return t;
}

static struct hall_under_test open_hall(void)
{
	const struct hall_conf conf = { .hotline = STR("10086") };
	struct hall_under_test h = { .arena = arena_make(1 << 26) };
	struct fault fault = { .text = "" };

	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	if (assets_load("grammar", &conf, NOW_S, &h.assets, NULL, &fault) != ERR_OK ||
	    store_open("sqlite::memory:", STORE_CREATE, &h.store, &fault) != ERR_OK)
		ck_abort_msg("%s", fault.text);
	ck_assert_int_eq(store_begin(h.store), ERR_OK);
	put_package(h.store);
	for (int i = 0; i < SUBSCRIBERS; i++) {
		put_subscriber(&h, i);
		put_history(&h, i);
	}
	ck_assert_int_eq(store_commit(h.store), ERR_OK);
	h.turn = make_turn(&h);
	return h;
}

static void close_hall(struct hall_under_test *h)
{
	turn_destroy(h->turn);
	store_close(h->store);
	assets_destroy(h->assets);
	arena_free(&h->arena);
}

static struct turn_input text_of(struct hall_under_test *h, int64_t msisdn,
                                 const char *text)
{
	return (struct turn_input){ .kind = TURN_TEXT,
		                    .at_ms = INT64_C(1000) * NOW_S,
		                    .session = 7,
		                    .group = STR("10086"),
		                    .from = { 1, 1, number(&h->arena, msisdn) },
		                    .to = { 0, 1, STR("10086") },
		                    .msisdn = msisdn,
		                    .data_coding = 1,
		                    .octets = { (const uint8_t *)text, strlen(text) } };
}

static struct turn_input mark_of(int64_t id)
{
	return (struct turn_input){ .kind = TURN_MARK,
		                    .mark = { .id = id,
		                              .state = OUTBOX_DONE,
		                              .session = 7,
		                              .message_id = STR("A1"),
		                              .at_ms = INT64_C(1000) * NOW_S } };
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

/* Whether the owner's marker is in the reply; nobody else's may be. */
static bool check_markers(struct str reply, int owner)
{
	bool own = false;

	for (int i = 0; i < SUBSCRIBERS; i++) {
		char marker[16];

		(void)snprintf(marker, sizeof(marker), "%06d", 100000 + i);
		if (str_find(reply, str_of(marker)) == SIZE_MAX)
			continue;
		own = own || i == owner;
		if (i != owner)
			ck_abort_msg("subscriber %d was told of %d: %.*s", owner, i,
			             STR_ARG(reply));
	}
	return own;
}

START_TEST(no_reply_holds_another_subscribers_data)
{
	static const char *const texts[] = {
		"CXYE",     "CXJF",     "CXPUK",    "0000",
		"HELP",     "xyzzy",    "CXJFJL",   "CXXD",
		"LLMX",     "WSM",      "DD",       "complaint status",
		"DD500003", "DD500042", "DD500150", "T700003",
		"T700042",  "T700150",  "CXZD9",    "CXLL",
	};
	struct hall_under_test h = open_hall();
	uint32_t seed = 4711;
	size_t own = 0;

	for (int round = 0; round < 60; round++) {
		struct turn_input in[100], marks[100], *all[100];
		struct turn_output out;
		const size_t n = 1 + next_random(&seed) % 100;

		for (size_t i = 0; i < n; i++) {
			const int who = (int)(next_random(&seed) % SUBSCRIBERS);

			in[i] = text_of(&h, FIRST + who,
			                texts[next_random(&seed) % COUNT_OF(texts)]);
			all[i] = &in[i];
		}
		ck_assert_int_eq(turn_run(h.turn, all, n, INT64_C(1000) * NOW_S, &out),
		                 ERR_OK);
		for (size_t i = 0; i < out.n; i++) {
			int64_t to = 0;

			ck_assert_int_eq(str_i64(out.send[i].to.digits, &to), ERR_OK);
			own += check_markers(out.send[i].text, (int)(to - FIRST)) ? 1 : 0;
			marks[i] = mark_of(out.send[i].id);
			all[i] = &marks[i];
		}
		ck_assert_int_eq(
			turn_run(h.turn, all, out.n, INT64_C(1000) * NOW_S, &out),
			ERR_OK);
	}
	ck_assert_uint_gt(own, 1000);
	close_hall(&h);
}
END_TEST

START_TEST(one_answer_for_each_text_and_one_for_equal_ones)
{
	struct hall_under_test h = open_hall();
	struct turn_input in[] = { text_of(&h, FIRST, "CXYE"), text_of(&h, FIRST, "CXYE"),
		                   text_of(&h, FIRST, "CXJF"),
		                   text_of(&h, FIRST + 1, "CXYE") };
	struct turn_input *all[] = { &in[0], &in[1], &in[2], &in[3] };
	struct turn_input mark;
	struct turn_output out;

	ck_assert_int_eq(turn_run(h.turn, all, 4, INT64_C(1000) * NOW_S, &out), ERR_OK);
	ck_assert_uint_eq(out.n, 3);
	ck_assert_str_eq(in[1].outcome, "repeat");
	mark = mark_of(out.send[0].id);

	/* Settled in the same turn, and before the text: a new request. */
	all[0] = &in[0];
	ck_assert_int_eq(turn_run(h.turn, all, 1, INT64_C(1000) * NOW_S, &out), ERR_OK);
	ck_assert_uint_eq(out.n, 0);
	all[0] = &mark;
	all[1] = &in[0];
	ck_assert_int_eq(turn_run(h.turn, all, 2, INT64_C(1000) * NOW_S, &out), ERR_OK);
	ck_assert_uint_eq(out.n, 1);
	close_hall(&h);
}
END_TEST

START_TEST(what_was_ready_is_still_there_after_a_restart)
{
	struct hall_under_test h = open_hall();
	struct turn_input in[] = { text_of(&h, FIRST, "CXYE"),
		                   text_of(&h, FIRST + 1, "CXYE") };
	struct turn_input *all[] = { &in[0], &in[1] };
	struct turn_input mark;
	struct turn_output out;
	int64_t second;

	ck_assert_int_eq(turn_run(h.turn, all, 2, INT64_C(1000) * NOW_S, &out), ERR_OK);
	ck_assert_uint_eq(out.n, 2);
	second = out.send[1].id;
	mark = mark_of(out.send[0].id);
	all[0] = &mark;
	ck_assert_int_eq(turn_run(h.turn, all, 1, INT64_C(1000) * NOW_S, &out), ERR_OK);
	turn_destroy(h.turn);
	h.turn = make_turn(&h);
	ck_assert_int_eq(turn_backlog(h.turn, 0, 10, &out), ERR_OK);
	ck_assert_uint_eq(out.n, 1);
	ck_assert_int_eq(out.send[0].id, second);
	all[0] = &in[0];
	ck_assert_int_eq(turn_run(h.turn, all, 1, INT64_C(1000) * NOW_S, &out), ERR_OK);
	ck_assert_int_gt(out.send[0].id, second); /* ids go on */
	ck_assert_int_eq(turn_backlog(h.turn, 0, 10, &out), ERR_OK);
	ck_assert_uint_eq(out.n, 1); /* what this life made it has given out */
	close_hall(&h);
}
END_TEST

/* A value of the last row of a table, as text. */
static struct str last_value(struct hall_under_test *h, const char *table,
                             const char *column)
{
	struct store_table t;

	ck_assert_int_eq(store_inspect(h->store, table, &h->arena, &t), ERR_OK);
	ck_assert_uint_gt(t.n_rows, 0);
	for (size_t i = 0; i < t.n_columns; i++) {
		if (str_eq(t.column[i], str_of(column)))
			return t.value[(t.n_rows - 1) * t.n_columns + i];
	}
	ck_abort_msg("no column %s.%s", table, column);
	return STR("");
}

START_TEST(a_text_that_crashed_the_process_is_set_aside_and_answered)
{
	struct hall_under_test h = open_hall();
	struct turn_input in = text_of(&h, FIRST, "CXYE"), mark;
	struct turn_input *all[] = { &in, NULL };
	struct turn_output out;
	int64_t fingerprint;

	ck_assert_int_eq(turn_run(h.turn, all, 1, INT64_C(1000) * NOW_S, &out), ERR_OK);
	ck_assert_str_eq(in.outcome, "done");
	ck_assert_int_eq(*turn_at(h.turn), 0);
	ck_assert_int_eq(str_i64(last_value(&h, "inbox", "fingerprint"), &fingerprint),
	                 ERR_OK);
	mark = mark_of(out.send[0].id);
	turn_poison(h.turn, &fingerprint, 1);
	all[0] = &mark;
	all[1] = &in;
	ck_assert_int_eq(turn_run(h.turn, all, 2, INT64_C(1000) * NOW_S, &out), ERR_OK);
	ck_assert_str_eq(in.outcome, "aside");
	ck_assert_uint_eq(out.n, 1);
	ck_assert(str_eq(last_value(&h, "task", "kind"), STR("aside")));
	close_hall(&h);
}
END_TEST

START_TEST(senders_that_are_services_get_no_answer)
{
	static const char *const services[] = {
		"10690001234", "10010", "95588", "1065512345", "100861234567", "10086", ""
	};
	struct hall_under_test h = open_hall();

	for (size_t i = 0; i < COUNT_OF(services); i++) {
		struct turn_input in = text_of(&h, 0, "CXYE"), *all[] = { &in };
		struct turn_output out;

		in.from.digits = str_of(services[i]);
		ck_assert_int_eq(turn_run(h.turn, all, 1, INT64_C(1000) * NOW_S, &out),
		                 ERR_OK);
		ck_assert_msg(out.n == 0, "%s was answered", services[i]);
		ck_assert_int_eq(in.status, TURN_OK);
	}
	close_hall(&h);
}
END_TEST

SUITE("turn", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_test(tc, no_reply_holds_another_subscribers_data);
      tcase_add_test(tc, one_answer_for_each_text_and_one_for_equal_ones);
      tcase_add_test(tc, what_was_ready_is_still_there_after_a_restart);
      tcase_add_test(tc, a_text_that_crashed_the_process_is_set_aside_and_answered);
      tcase_add_test(tc, senders_that_are_services_get_no_answer);)
