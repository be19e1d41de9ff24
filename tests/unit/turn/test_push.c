/*
 * test_push.c - campaigns over the real store: the gate at each send, each target at most
 * once, and limits that are exact.
 */
#include "fixture.h"
#include "store/campaigns.h"
#include "support/campaigns.h"

enum {
	TARGETS = 120,
	PLENTY = 100000, /* segments */
	SLICES = 400,    /* of one campaign, more is a loop without end */
	DAY_S = 86400
};

static struct push_rules rules;
static const struct turn_route route = { { "10086", 5 },
	                                 { 0, 1, { "10690086", 8 } },
	                                 { 0, 1, { "10086", 5 } } };

static void open_pushing(void)
{
	const struct turn_conf conf = { .store = hall.store,
		                        .fold = hall.assets->fold,
		                        .grammar = hall.assets->grammar,
		                        .hall = hall.assets->hall,
		                        .push = &rules,
		                        .route = &route,
		                        .n_routes = 1 };

	hall.fault.text[0] = '\0';
	ck_assert_msg(turn_create(&conf, &hall.turn, &hall.fault) == ERR_OK, "%s",
	              hall.fault.text);
}

/* As after an end of the process. */
static void start_again(void)
{
	close_hall();
	open_store(STORE_OPEN);
	open_pushing();
}

static void setup(void)
{
	const struct package p = { .code = STR("LL10"),
		                   .name_zh = STR("十元流量包"),
		                   .name_en = STR("Data 10"),
		                   .fee_fen = 1000,
		                   .data_kib = 10 << 20,
		                   .network = STR("5G"),
		                   .kind = PACKAGE_ADDON,
		                   .on_sale = true };

	set_up_people(TARGETS + 10);
	rules = hall.assets->push;
	rules.express = false;
	rules.capacity_per_s = 0;
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_PACKAGES, &p, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	turn_destroy(hall.turn);
	open_pushing();
}

static struct str definition(const char *code, const char *priority, const char *limits)
{
	return arena_printf(
		&hall.arena,
		"campaign = { code = \"%s\"; title = \"t\"; kind = \"broadcast\";\n"
		" category = \"data\"; owner = \"anna\"; priority = \"%s\"; };\n"
		"offer = { codes = \"LL10\"; days = \"7\"; };\n"
		"time = { from = \"2026-10-01\"; until = \"2026-11-30\"; };\n"
		"limit = { %s };\n"
		"arm_only = { share = \"100\"; zh_hans = \"{name}，月费{fee}元，回复{reply}\"; };\n",
		code, priority, limits);
}

static int64_t put_campaign(struct campaign_row row)
{
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put_campaign(hall.store, &row, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_int_eq(turn_reload_campaigns(hall.turn), ERR_OK);
	return row.id;
}

static struct target_row target_of(int64_t campaign, int person)
{
	struct target_row t = ready_target(campaign, FIRST + person, 1577808000,
	                                   (person * 37 + 5) % 1009);

	t.offer = STR("LL10");
	t.command = STR("package.open code=LL10");
	return t;
}

static void put_targets(int64_t campaign, int from, int n)
{
	struct target_row t[TARGETS];
	size_t new = 0;

	for (int i = 0; i < n; i++)
		t[i] = target_of(campaign, from + i);
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put_targets(hall.store, t, (size_t)n, &new), ERR_OK);
	ck_assert_uint_eq(new, (size_t)n);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_int_eq(turn_reload_campaigns(hall.turn), ERR_OK);
}

static int64_t run_campaign(const char *limits, int n)
{
	const int64_t id = put_campaign(
		running_campaign("LL-1", definition("LL-1", "5", limits)));

	put_targets(id, 0, n);
	return id;
}

/* One slice; *next_ms: when there is more. */
static size_t push_some(unsigned segments, int64_t *next_ms)
{
	struct turn_push push = { .segments = segments };

	hall.out = (struct turn_output){ NULL, 0 };
	ck_assert_int_eq(turn_push(hall.turn, &push, hall.now_ms, &hall.out), ERR_OK);
	*next_ms = push.next_ms;
	return hall.out.n;
}

/* All that goes now. */
static size_t push_all(int64_t *next_ms)
{
	size_t n = 0;

	*next_ms = hall.now_ms;
	for (int i = 0; *next_ms <= hall.now_ms; i++) {
		ck_assert_int_lt(i, SLICES);
		n += push_some(PLENTY, next_ms);
	}
	return n;
}

static struct arena target_arena;
static struct target_row *all_targets(int64_t campaign, size_t *n)
{
	struct store_reader *r = NULL;
	struct fault fault = { "" };
	struct target_row *row = NULL;
	int64_t after = 0;

	arena_free(&target_arena);
	target_arena = arena_make(1 << 26);
	ck_assert_int_eq(store_reader_open(hall.store, &r, &fault), ERR_OK);
	ck_assert_int_eq(store_campaign_targets(r, &target_arena, campaign, &after, 4096,
	                                        &row, n, &fault),
	                 ERR_OK);
	store_reader_close(r);
	return row;
}

static unsigned count(int64_t campaign, enum target_state state, enum gate_reason reason)
{
	size_t n = 0;
	const struct target_row *t = all_targets(campaign, &n);
	unsigned found = 0;

	for (size_t i = 0; i < n; i++)
		found += t[i].state == state && t[i].reason == reason;
	return found;
}

/* Each number has one message at most in the outbox, and its target names it. */
static void check_once(int64_t campaign)
{
	size_t n = 0;
	const struct target_row *t = all_targets(campaign, &n);
	unsigned sent = 0;

	for (size_t i = 0; i < n; i++) {
		char number[24];
		const bool is_sent = t[i].state == TARGET_SENT;

		(void)snprintf(number, sizeof(number), "%" PRId64, t[i].msisdn);
		ck_assert_uint_eq(rows(hall.store, "outbox", "to_digits", number),
		                  is_sent ? 1 : 0);
		ck_assert_int_eq(is_sent, t[i].outbox != 0);
		sent += is_sent;
	}
	ck_assert_uint_eq(rows(hall.store, "outbox", NULL, NULL), sent);
}

/* ---- a message ---- */

START_TEST(a_message_leaves_from_the_number_of_its_campaign)
{
	const int64_t id = run_campaign("", 1);
	int64_t next_ms;
	const struct outbox_row *o;
	const struct target_row *t;
	size_t n;

	ck_assert_uint_eq(push_some(PLENTY, &next_ms), 1);
	o = &hall.out.send[0];
	ck_assert_int_eq(o->state, OUTBOX_SENDING);
	ck_assert_int_eq(o->lane, LANE_PUSH);
	ck_assert(o->receipt);
	ck_assert(str_eq(o->from.digits, STR("106900860001")));
	ck_assert(str_eq(o->to.digits, STR("13900000000")));
	ck_assert(str_eq(o->text,
	                 STR("十元流量包，月费10元，回复1，拒收请回复R【短信营业厅】")));
	ck_assert_int_eq(o->valid_until,
	                 NOW_S - 10 * 3600 - 31 * 60 + 20 * 3600 + 30 * 60);
	ck_assert_uint_eq(o->segments, 1);
	t = all_targets(id, &n);
	ck_assert_int_eq(t->outbox, o->id);
	ck_assert_int_eq(t->until, NOW_S - 10 * 3600 - 31 * 60 + 8 * DAY_S - 1);
	ck_assert(str_starts(t->price, STR("LL10|1000|")));
	ck_assert_uint_eq(turn_pushes(hall.turn)->sent, 1);
}
END_TEST

START_TEST(a_text_to_that_number_is_a_reply)
{
	struct turn_input in, *one = &in;

	(void)run_campaign("", 1);
	in = text_of(0, "CXYE");
	in.to.digits = STR("106900860001");
	ck_assert_int_eq(turn_run(hall.turn, &one, 1, hall.now_ms, &hall.out), ERR_OK);
	ck_assert_uint_eq(turn_pushes(hall.turn)->replied, 1);
	ck_assert_int_eq(run_text(0, "CXLL", &in), ERR_OK);
	ck_assert_uint_eq(turn_pushes(hall.turn)->replied, 1);
}
END_TEST

/* ---- a test ---- */

static void put_test(int64_t at)
{
	const struct campaign_test test = { .campaign = 1,
		                            .msisdn = FIRST,
		                            .owner_since = 1577808000,
		                            .at = at,
		                            .by = STR("anna"),
		                            .offer = STR("LL10"),
		                            .text = STR("[测试]回复1"),
		                            .why = STR("平均多付9元"),
		                            .segments = 1 };

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put_campaign_test(hall.store, &test), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_int_eq(turn_reload_campaigns(hall.turn), ERR_OK);
}

static void assert_answer(const char *text, const char *words)
{
	struct turn_input in = text_of(0, text), *one = &in;

	in.to.digits = STR("106900860001");
	ck_assert_int_eq(turn_run(hall.turn, &one, 1, hall.now_ms, &hall.out), ERR_OK);
	ck_assert_uint_eq(hall.out.n, 1);
	ck_assert_msg(str_find(hall.out.send[0].text, str_of(words)) != SIZE_MAX,
	              "%s: %.*s", text, STR_ARG(hall.out.send[0].text));
}

/* At night, and once: also after an end of the process. */
START_TEST(a_test_leaves_at_once_and_orders_nothing)
{
	struct campaign_row row = running_campaign("LL-1", definition("LL-1", "5", ""));
	const struct outbox_row *o;
	int64_t next_ms;

	row.state = CAMPAIGN_DRAFT;
	ck_assert_int_eq(put_campaign(row), 1);
	hall.now_ms += INT64_C(12) * 3600 * 1000;         /* 22:31 */
	put_test(hall.now_ms / 1000 - TEST_LEAVES_S - 1); /* too old to leave */
	put_test(hall.now_ms / 1000);
	ck_assert_uint_eq(push_some(PLENTY, &next_ms), 1);
	ck_assert(next_ms == INT64_MAX);
	o = &hall.out.send[0];
	ck_assert_int_eq(o->state, OUTBOX_SENDING);
	ck_assert_int_eq(o->lane, LANE_PUSH);
	ck_assert(o->receipt);
	ck_assert(str_eq(o->from.digits, STR("106900860001")));
	ck_assert(str_eq(o->text, STR("[测试]回复1")));
	ck_assert_int_eq(o->valid_until, hall.now_ms / 1000 + TEST_LEAVES_S);
	start_again();
	ck_assert_uint_eq(push_some(PLENTY, &next_ms), 0);
	ck_assert_uint_eq(turn_pushes(hall.turn)->sent, 0);
	assert_answer("1", "测试短信");
	assert_answer("N", "测试短信");
	assert_answer("37", "测试短信");
	assert_answer("WHY", "平均多付9元");
	ck_assert_uint_eq(rows(hall.store, "dialogue", NULL, NULL), 0);
	ck_assert_uint_eq(rows(hall.store, "step", NULL, NULL), 0);
	ck_assert_uint_eq(rows(hall.store, "target", NULL, NULL), 0);
}
END_TEST

/* No contact: the cap of one a week lets the campaign itself come behind it. */
START_TEST(a_test_is_no_contact)
{
	int64_t next_ms;

	rules.cap = 1;
	(void)run_campaign("", 1);
	put_test(NOW_S);
	ck_assert_uint_eq(push_all(&next_ms), 2);
	hall.now_ms += 1000;
	assert_answer("1", "十元流量包");
}
END_TEST

START_TEST(no_test_leaves_while_all_is_stopped)
{
	int64_t next_ms;

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_set_setting(hall.store, STORE_PUSH_STOPPED, STR("anna")),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	put_test(NOW_S);
	ck_assert_uint_eq(push_some(PLENTY, &next_ms), 0);
	ck_assert(next_ms == INT64_MAX);
}
END_TEST

/* ---- the gate ---- */

static void suppress(int64_t msisdn)
{
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_suppress(hall.store, &msisdn, 1, true, NOW_S, STR("anna"),
	                                STR("asked")),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

START_TEST(what_was_said_before_the_send_holds)
{
	const int64_t id = run_campaign("", 10);
	struct target_row gone = target_of(id, TARGETS + 50), sold = target_of(id, 20),
			  odd = target_of(id, 21);
	struct turn_input in;
	int64_t next_ms;
	size_t new;

	ck_assert_int_eq(run_text(3, "TD", &in), ERR_OK);
	suppress(FIRST + 4);
	sold.owner_since = 5;
	odd.arm = 7;
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put_targets(hall.store,
	                                   (struct target_row[]){ gone, sold, odd }, 3,
	                                   &new),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_uint_eq(push_all(&next_ms), 8);
	ck_assert_uint_eq(count(id, TARGET_SENT, GATE_NONE), 8);
	ck_assert_uint_eq(count(id, TARGET_REFUSED, GATE_OPTED_OUT), 1);
	ck_assert_uint_eq(count(id, TARGET_REFUSED, GATE_BLACKLIST), 1);
	ck_assert_uint_eq(count(id, TARGET_REFUSED, GATE_GONE), 2);
	ck_assert_uint_eq(count(id, TARGET_REFUSED, GATE_FAILED), 1);
	ck_assert_uint_eq(turn_pushes(hall.turn)->refused[GATE_GONE], 2);
	ck_assert_uint_eq(turn_pushes(hall.turn)->sent, 8);
}
END_TEST

START_TEST(nothing_leaves_outside_the_hours)
{
	const int64_t id = run_campaign("", 5);
	int64_t next_ms;

	hall.now_ms += INT64_C(10) * 3600 * 1000; /* 20:31 */
	ck_assert_uint_eq(push_all(&next_ms), 0);
	/* 09:00 of the next day */
	ck_assert_int_eq(next_ms, hall.now_ms + (INT64_C(12) * 3600 + 29 * 60) * 1000);
	hall.now_ms = next_ms - 1000;
	ck_assert_uint_eq(push_all(&next_ms), 0);
	hall.now_ms += 1000;
	ck_assert_uint_eq(push_all(&next_ms), 5);
	check_once(id);
}
END_TEST

START_TEST(hours_of_one_number_hold_up_no_other)
{
	const struct preference late = { .from_hour = 18, .to_hour = 20, .at = NOW_S };
	struct changes c = { .arena = &hall.arena };
	struct dossier d = { .msisdn = FIRST + 2,
		             .known = true,
		             .sub = { .owner_since = 1577808000 },
		             .have = NEED_PREFERENCE };
	int64_t id, next_ms;

	id = run_campaign("", 5);
	changes_preference(&c, &d, late);
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_record(hall.store, &c), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_uint_eq(push_all(&next_ms), 4);
	ck_assert_int_eq(next_ms, (NOW_S + INT64_C(7) * 3600 + 29 * 60) * 1000);
	ck_assert_uint_eq(count(id, TARGET_READY, GATE_NONE), 1);
	hall.now_ms = next_ms;
	ck_assert_uint_eq(push_all(&next_ms), 1);
	check_once(id);
}
END_TEST

static void move_to(int person, const char *region)
{
	const struct subscriber_row row = { .sub = { .msisdn = FIRST + person,
		                                     .owner_since = 1577808000,
		                                     .joined_on = 1577808000,
		                                     .name = STR("n"),
		                                     .region = str_of(region),
		                                     .network = STR("5G"),
		                                     .puk = STR("77123456"),
		                                     .package = STR("58") },
		                            .account = { .as_of = NOW_S } };

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_SUBSCRIBERS, &row, 1, 0, NULL),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

/* 10:31 is 8:31 in the west, where the day ends two hours after the hall's. */
START_TEST(hours_are_those_of_where_a_number_lives)
{
	int64_t id, next_ms;

	rules.zone[0] = (struct push_zone){ STR("west"), 6 * 60 };
	rules.zone[1] = (struct push_zone){ STR("*"), 8 * 60 };
	rules.n_zones = 2;
	move_to(1, "west");
	move_to(2, "west");
	move_to(3, "");
	id = run_campaign("", 5);
	ck_assert_uint_eq(push_all(&next_ms), 2);
	ck_assert_int_eq(next_ms, NOW_MS + 29 * 60 * 1000); /* 11:00 */
	hall.now_ms = next_ms;
	move_to(2, "west of west"); /* the hall's again */
	ck_assert_uint_eq(push_all(&next_ms), 3);
	check_once(id);
	put_targets(id, 5, 2);
	move_to(6, "west");
	hall.now_ms = NOW_MS + INT64_C(10) * 3600 * 1000; /* 20:31 */
	ck_assert_uint_eq(push_some(PLENTY, &next_ms), 1);
	ck_assert_int_eq(hall.out.send[0].valid_until, 1792506600); /* 22:30 */
	ck_assert_uint_eq(push_all(&next_ms), 0);
	ck_assert_uint_eq(count(id, TARGET_READY, GATE_NONE), 1);
}
END_TEST

START_TEST(of_two_campaigns_the_higher_comes_first)
{
	const int64_t low = put_campaign(running_campaign("A", definition("A", "4", "")));
	struct campaign_row row = running_campaign("B", definition("B", "6", ""));
	int64_t high, next_ms;

	row.allowed = 0; /* it waits for its canary, and will come to these numbers */
	high = put_campaign(row);
	put_targets(low, 0, 4);
	put_targets(high, 2, 4);
	ck_assert_uint_eq(push_all(&next_ms), 2);
	ck_assert_uint_eq(count(low, TARGET_READY, GATE_NONE), 2);
	row.id = high;
	row.allowed = 10;
	(void)put_campaign(row);
	ck_assert_uint_eq(push_all(&next_ms), 4);
	ck_assert_uint_eq(count(high, TARGET_SENT, GATE_NONE), 4);
	hall.now_ms += 61000;
	ck_assert_uint_eq(push_all(&next_ms), 0);
	ck_assert_uint_eq(count(low, TARGET_REFUSED, GATE_AGAIN), 2);
}
END_TEST

/* It will not come to them any more. */
START_TEST(what_has_sent_its_most_takes_nobodys_place)
{
	const int64_t low = put_campaign(running_campaign("A", definition("A", "4", ""))),
		      high = put_campaign(running_campaign(
			      "B", definition("B", "6", "most = \"1\";")));
	int64_t next_ms;

	put_targets(low, 0, 4);
	put_targets(high, 0, 4);
	ck_assert_uint_eq(push_all(&next_ms), 4);
	ck_assert_uint_eq(count(high, TARGET_SENT, GATE_NONE), 1);
	ck_assert_uint_eq(count(low, TARGET_SENT, GATE_NONE), 3);
	ck_assert_uint_eq(count(low, TARGET_REFUSED, GATE_AGAIN), 1);
}
END_TEST

/* ---- at most once ---- */

/* The process ends behind each slice, before anything is known of its messages. */
START_TEST(no_restart_sends_a_target_twice)
{
	const int64_t id = run_campaign("", TARGETS);
	int64_t next_ms = 0;
	size_t n = 0, some;

	for (int i = 0; n < TARGETS; i++) {
		struct turn_output ready;

		ck_assert_int_lt(i, SLICES);
		some = push_some(7, &next_ms);
		ck_assert_uint_ge(7, some);
		n += some;
		start_again();
		ck_assert_int_eq(turn_backlog(hall.turn, 0, 1000, &ready), ERR_OK);
		ck_assert_uint_eq(ready.n, 0);
	}
	ck_assert_uint_eq(push_all(&next_ms), 0);
	ck_assert_uint_eq(count(id, TARGET_SENT, GATE_NONE), TARGETS);
	check_once(id);
}
END_TEST

static const struct {
	enum vfs_op op;
	int code;
} faults[] = { { VFS_WRITE, SQLITE_FULL },
	       { VFS_WRITE, SQLITE_IOERR_WRITE },
	       { VFS_SYNC, SQLITE_IOERR_FSYNC } };

/* _i: the fault, and the how-manieth write or sync of the slice. */
START_TEST(a_failed_slice_sends_nothing)
{
	const int64_t id = run_campaign("most = \"40\";", 50);
	struct turn_push push = { .segments = 20 };
	struct turn_output out = { NULL, 0 };
	int64_t next_ms;
	enum err e;
	size_t n = 0;

	vfs_shim_fail(faults[_i / 4].op, "-wal", (unsigned)(_i % 4) + 1,
	              faults[_i / 4].code, false);
	e = turn_push(hall.turn, &push, hall.now_ms, &out);
	ck_assert(e == ERR_OK || out.n == 0);
	n = out.n;
	vfs_shim_heal();
	if (e == ERR_UNKNOWN)
		start_again();
	n += push_all(&next_ms);
	/* Of an unknown outcome it is not known whether the first 20 are written. */
	ck_assert(n == 40 || (e == ERR_UNKNOWN && n == 20));
	ck_assert_uint_eq(count(id, TARGET_SENT, GATE_NONE), 40);
	check_once(id);
}
END_TEST

/* ---- trials that are given ---- */

static int64_t give_trials(int n)
{
	const struct package p = { .code = STR("CL"),
		                   .name_zh = STR("彩铃"),
		                   .name_en = STR("Tone"),
		                   .fee_fen = 500,
		                   .network = STR(""),
		                   .kind = PACKAGE_VAS,
		                   .on_sale = true };
	struct target_row t[TARGETS];
	size_t new = 0;
	int64_t id;

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_PACKAGES, &p, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	turn_destroy(hall.turn);
	open_pushing();
	id = put_campaign(running_campaign(
		"EXP",
		STR("campaign = { code = \"EXP\"; title = \"t\"; kind = \"trial\";\n"
	            " category = \"services\"; owner = \"anna\"; };\n"
	            "offer = { codes = \"CL\"; grant = \"yes\"; days = \"15\"; };\n"
	            "time = { from = \"2026-10-01\"; until = \"2026-11-30\"; };\n"
	            "arm_a = { zh_hans = \"送您{name}体验{days}天，回复{reply}\"; };\n")));
	for (int i = 0; i < n; i++) {
		t[i] = target_of(id, i);
		t[i].offer = STR("CL");
		t[i].command = STR("service.open code=CL");
	}
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put_targets(hall.store, t, (size_t)n, &new), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_int_eq(turn_reload_campaigns(hall.turn), ERR_OK);
	return id;
}

/* Sends all there is; the first slice meets the fault of this round. */
static void push_despite(int round)
{
	struct turn_push push = { .segments = 20 };
	struct turn_output out = { NULL, 0 };
	int64_t next_ms;
	enum err e;

	vfs_shim_fail(faults[round / 4].op, "-wal", (unsigned)(round % 4) + 1,
	              faults[round / 4].code, false);
	e = turn_push(hall.turn, &push, hall.now_ms, &out);
	vfs_shim_heal();
	if (e == ERR_UNKNOWN)
		start_again();
	(void)push_all(&next_ms);
}

/* With its message, and never without; free, once, and no order that the campaign brought. */
START_TEST(a_trial_is_given_with_its_message)
{
	const int64_t id = give_trials(50);
	struct campaign_counts arm[CAMPAIGN_COUNTS];
	struct store_reader *r = NULL;
	struct fault fault = { "" };
	size_t n = 0;

	push_despite(_i);
	ck_assert_uint_eq(count(id, TARGET_SENT, GATE_NONE), 50);
	check_once(id);
	ck_assert_uint_eq(rows(hall.store, "service_order", "kind", "trial.open"), 50);
	ck_assert_uint_eq(rows(hall.store, "service_order", "kind", "trial.ends"), 50);
	ck_assert_uint_eq(rows(hall.store, "service_order", NULL, NULL), 100);
	ck_assert_uint_eq(rows(hall.store, "subscription", "trial", "1"), 50);
	ck_assert_uint_eq(rows(hall.store, "ledger", NULL, NULL), 0);
	ck_assert_int_eq(store_reader_open(hall.store, &r, &fault), ERR_OK);
	ck_assert_int_eq(
		store_campaign_counts(r, id, 30, NOW_S + 40 * DAY_S, arm, &n, &fault),
		ERR_OK);
	store_reader_close(r);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(arm[0].sent, 50);
	ck_assert_int_eq(arm[0].window + arm[0].effective, 0);
}
END_TEST

/* ---- what is handed to other systems ---- */

static int64_t show(const char *content, int n)
{
	const int64_t id = put_campaign(running_campaign(
		"CLIP",
		arena_printf(
			&hall.arena,
			"campaign = { code = \"CLIP\"; title = \"t\"; kind = \"broadcast\";\n"
			" category = \"data\"; owner = \"anna\"; };\n"
			"offer = { codes = \"LL10\"; };\n"
			"content = { %s };\n"
			"time = { from = \"2026-10-01\"; until = \"2026-11-30\"; };\n"
			"arm_a = { zh_hans = \"看{link} 回复{reply}\"; };\n",
			content)));

	put_targets(id, 0, n);
	return id;
}

#define A_LINK "link = \"https://a.example/{token}/x\";"

static int64_t show_links(int n)
{
	return show(A_LINK " mms = \"clip\";", n);
}

static struct handoff *all_handoffs(int64_t after, size_t *n)
{
	struct store_reader *r = NULL;
	struct fault fault = { "" };
	struct handoff *row = NULL;

	ck_assert_int_eq(store_reader_open(hall.store, &r, &fault), ERR_OK);
	const enum err e = store_handoffs(r, &hall.arena, STR(""), after, NOW_S, 4096,
	                                  &row, n, &fault);

	ck_assert(e == ERR_OK || (e == ERR_END && *n == 0));
	store_reader_close(r);
	return row;
}

/* With its message and never without; what the message shows is what is handed on. */
START_TEST(a_link_is_handed_off_with_its_message)
{
	const int64_t id = show_links(50);
	struct handoff *h;
	int64_t last = 0;
	size_t n = 0;

	push_despite(_i);
	check_once(id);
	h = all_handoffs(0, &n);
	ck_assert_uint_eq(n, 50);
	for (size_t i = 0; i < n; i++) {
		const struct str shown = arena_printf(
			&hall.arena,
			"看https://a.example/%.*s/x 回复1，拒收请回复R【短信营业厅】",
			STR_ARG(h[i].row.token));

		ck_assert_int_gt(h[i].row.id, last);
		last = h[i].row.id;
		ck_assert_uint_eq(h[i].row.token.n, HANDOFF_TOKEN);
		ck_assert_uint_eq(rows(hall.store, "outbox", "text", shown.p), 1);
		ck_assert(str_eq(h[i].row.mms, STR("clip")));
		ck_assert(str_eq(h[i].campaign, STR("CLIP")));
	}
	(void)all_handoffs(h[39].row.id, &n);
	ck_assert_uint_eq(n, 10);
}
END_TEST

/* A link takes none of what was sent last. */
static void nothing_left(void)
{
	struct turn_input in[TARGETS];
	size_t n = 0;

	for (; n < hall.out.n; n++) {
		in[n] = mark_of(hall.out.send[n].id);
		in[n].mark.state = OUTBOX_UNSENT;
		in[n].mark.again = hall.out.send[n].again;
	}
	ck_assert_int_eq(run_all(in, n), ERR_OK);
	ck_assert_int_eq(turn_reload_campaigns(hall.turn), ERR_OK);
}

/* Of one a week, and the same link: it stands for him. */
START_TEST(who_was_decided_and_never_got_it_counts_as_not_told)
{
	const int64_t id = show(A_LINK, 3);
	struct handoff *h;
	struct str token;
	size_t n = 0;
	int64_t next_ms;

	rules.cap = 1;
	ck_assert_uint_eq(push_some(PLENTY, &next_ms), 3);
	token = all_handoffs(0, &n)->row.token;
	nothing_left();
	ck_assert_uint_eq(count(id, TARGET_READY, GATE_NONE), 3);
	hall.now_ms += DAY_S * 1000;
	ck_assert_uint_eq(push_all(&next_ms), 3);
	ck_assert_uint_eq(count(id, TARGET_SENT, GATE_NONE), 3);
	h = all_handoffs(0, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert(str_eq(h->row.token, token));
	ck_assert_uint_eq(turn_pushes(hall.turn)->sent, 6);
}
END_TEST

/* More than the message was decided. */
static const struct {
	const char *more;
	bool again;
} decided[] = {
	{ "", true },
	{ "content = { mms = \"clip\"; };", false },
	{ "audience = { after = \"balance\"; };", false },
};

START_TEST(some_have_one_chance)
{
	struct str text = definition("LL-1", "5", "");
	int64_t id, next_ms;

	text = arena_printf(&hall.arena, "%.*s%s\n", STR_ARG(text), decided[_i].more);
	id = put_campaign(running_campaign("LL-1", text));
	put_targets(id, 0, 1);
	ck_assert_uint_eq(push_some(PLENTY, &next_ms), 1);
	ck_assert_int_eq(hall.out.send[0].again, decided[_i].again);
}
END_TEST

START_TEST(a_trial_that_was_given_is_not_given_again)
{
	int64_t next_ms;

	(void)give_trials(1);
	ck_assert_uint_eq(push_some(PLENTY, &next_ms), 1);
	ck_assert(!hall.out.send[0].again);
}
END_TEST

/* What is used of a link is told of his campaign; of a token that nobody has, of nobody. */
START_TEST(a_click_is_a_use)
{
	struct click_row clicks[2] = { { .at = NOW_S, .what = STR("open") },
		                       { STR("0000000000000"), NOW_S, STR("open") } };
	size_t n = 0, left_out = 0;
	int64_t next_ms;

	(void)show_links(3);
	(void)push_all(&next_ms);
	clicks[0].token = all_handoffs(0, &n)[1].row.token;
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_CLICKS, clicks, 2, NOW_S, &left_out),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_uint_eq(left_out, 1);
	ck_assert_uint_eq(rows(hall.store, "used", NULL, NULL), 1);
	ck_assert_uint_eq(rows(hall.store, "used", "campaign", "CLIP"), 1);
}
END_TEST

/* He was sent a message, and wants nothing any more before the other system has asked. */
START_TEST(nothing_is_handed_off_of_who_said_no)
{
	const int64_t blocked = FIRST + 1;
	struct turn_input in;
	size_t n = 0;
	int64_t next_ms;

	(void)show_links(3);
	(void)push_all(&next_ms);
	ck_assert_int_eq(run_text(0, "TD", &in), ERR_OK);
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(
		store_suppress(hall.store, &blocked, 1, true, NOW_S, STR("a"), STR("b")),
		ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_int_eq(all_handoffs(0, &n)[0].row.msisdn, FIRST + 2);
	ck_assert_uint_eq(n, 1);
}
END_TEST

static size_t outbox_of(enum outbox_state state)
{
	char digits[12];

	(void)snprintf(digits, sizeof(digits), "%d", (int)state);
	return rows(hall.store, "outbox", "state", digits);
}

/* _i: whether that slice fails. */
START_TEST(marks_are_committed_with_the_next_slice_or_given_again)
{
	struct outbox_mark mark[10];
	struct turn_push push = { .segments = 20, .mark = mark, .n_marks = 10 };
	int64_t next_ms;

	(void)run_campaign("", TARGETS);
	ck_assert_uint_eq(push_some(10, &next_ms), 10);
	for (size_t i = 0; i < 10; i++)
		mark[i] = (struct outbox_mark){ .id = hall.out.send[i].id,
			                        .state = OUTBOX_DONE,
			                        .message_id = STR("5"),
			                        .at_ms = hall.now_ms };
	if (_i == 1)
		vfs_shim_fail(VFS_WRITE, "-wal", 1, SQLITE_FULL, false);
	ck_assert_int_eq(turn_push(hall.turn, &push, hall.now_ms, &hall.out),
	                 _i == 0 ? ERR_OK : ERR_FULL);
	vfs_shim_heal();
	ck_assert_int_eq(push.marked, _i == 0);
	ck_assert_uint_eq(outbox_of(OUTBOX_DONE), _i == 0 ? 10 : 0);
	push.segments = 0; /* no slice */
	ck_assert_int_eq(turn_push(hall.turn, &push, hall.now_ms, &hall.out), ERR_OK);
	ck_assert(!push.marked);
}
END_TEST

START_TEST(a_pause_keeps_its_place)
{
	const int64_t id = run_campaign("", TARGETS);
	struct campaign_row row = running_campaign("LL-1", definition("LL-1", "5", ""));
	int64_t next_ms, last = -1;
	size_t n;

	row.id = id;
	for (int i = 0; i < TARGETS / 10; i++) {
		ck_assert_uint_eq(push_some(10, &next_ms), 10);
		for (size_t k = 0; k < hall.out.n; k++) {
			const struct target_row *t = all_targets(id, &n);
			size_t at = 0;

			while (t[at].outbox != hall.out.send[k].id)
				at++;
			ck_assert_int_gt(t[at].place, last);
			last = t[at].place;
		}
		row.state = CAMPAIGN_PAUSED;
		(void)put_campaign(row);
		ck_assert_uint_eq(push_some(10, &next_ms), 0);
		ck_assert(next_ms == INT64_MAX);
		row.state = CAMPAIGN_RUNNING;
		(void)put_campaign(row);
	}
	check_once(id);
}
END_TEST

START_TEST(the_switch_stops_everything)
{
	(void)run_campaign("", 10);
	int64_t next_ms;

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_set_setting(hall.store, STORE_PUSH_STOPPED, STR("anna")),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_int_eq(turn_reload_campaigns(hall.turn), ERR_OK);
	ck_assert_uint_eq(push_some(PLENTY, &next_ms), 0);
	ck_assert(next_ms == INT64_MAX && turn_pushes(hall.turn)->stopped);
	start_again();
	ck_assert_uint_eq(push_some(PLENTY, &next_ms), 0);
}
END_TEST

/* ---- limits ---- */

static const struct {
	const char *limits;
	size_t sent;
	enum gate_reason reason; /* of the others; GATE_NONE: they stay READY */
} limits[] = {
	{ "most = \"70\";", 70, GATE_NONE },
	{ "stock = \"63\";", 63, GATE_STOCK },
	{ "budget = \"4.12\";", 82, GATE_BUDGET }, /* 0.05 each */
	{ "stock = \"63\"; most = \"62\";", 62, GATE_NONE },
};

/* Also over an end of the process. */
START_TEST(limits_are_exact)
{
	int64_t id, next_ms;
	size_t n;

	rules.segment_li = 50;
	id = run_campaign(limits[_i].limits, TARGETS);
	n = push_some(33, &next_ms);
	start_again();
	n += push_all(&next_ms);
	ck_assert_uint_eq(n, limits[_i].sent);
	ck_assert_uint_eq(count(id, TARGET_SENT, GATE_NONE), limits[_i].sent);
	ck_assert_uint_eq(
		count(id, limits[_i].reason != GATE_NONE ? TARGET_REFUSED : TARGET_READY,
	              limits[_i].reason),
		TARGETS - limits[_i].sent);
	check_once(id);
}
END_TEST

START_TEST(a_canary_sends_what_it_is_allowed)
{
	struct campaign_row row = running_campaign("LL-1", definition("LL-1", "5", ""));
	int64_t id, next_ms;

	row.allowed = 13;
	id = row.id = put_campaign(row);
	put_targets(id, 0, TARGETS);
	ck_assert_uint_eq(push_all(&next_ms), 13);
	ck_assert(next_ms == INT64_MAX);
	start_again();
	ck_assert_uint_eq(push_all(&next_ms), 0);
	row.allowed = 20;
	(void)put_campaign(row);
	ck_assert_uint_eq(push_all(&next_ms), 7);
	check_once(id);
}
END_TEST

/* Asked whenever it says that there may be more: as many as the rate gives, no more. */
START_TEST(the_rate_is_kept_in_segments)
{
	int64_t id = run_campaign("rate = \"20\";", TARGETS), next_ms = 0, from;
	size_t n = push_all(&next_ms);

	from = hall.now_ms;
	for (int i = 0; hall.now_ms < from + 4000; i++) {
		ck_assert_int_lt(i, SLICES);
		hall.now_ms = next_ms < from + 4000 ? next_ms : from + 4000;
		n += push_all(&next_ms);
	}
	ck_assert_uint_ge(n, 78);
	ck_assert_uint_le(n, 84); /* and a burst of the begin */
	check_once(id);
}
END_TEST

/* What is sent in a second of the clock, asked for whenever there may be more. */
static size_t push_a_second(int64_t *next_ms)
{
	const int64_t until = hall.now_ms + 1000;
	size_t n = push_all(next_ms);

	for (int i = 0; hall.now_ms < until; i++) {
		ck_assert_int_lt(i, SLICES);
		hall.now_ms = *next_ms < until ? *next_ms : until;
		n += push_all(next_ms);
	}
	return n;
}

/*
 * Core systems take 2 a second, and one of twenty replies: 40 a second.  With as many
 * replies as there can be, fewer.
 */
START_TEST(what_replies_ask_for_slows_pushing)
{
	struct turn_input in[40];
	int64_t next_ms;
	size_t before, behind;

	rules.capacity_per_s = 2;
	(void)run_campaign("", TARGETS);
	before = push_a_second(&next_ms);
	ck_assert_uint_ge(before, 36);
	ck_assert_uint_le(before, 50);
	for (int i = 0; i < 40; i++) {
		in[i] = text_of(i, "CXYE");
		in[i].to.digits = STR("106900860001");
	}
	ck_assert_int_eq(run_all(in, 40), ERR_OK);
	behind = push_a_second(&next_ms);
	ck_assert_uint_ge(behind, 5);
	ck_assert_uint_lt(behind, before * 3 / 4);
}
END_TEST

/* While what answers texts is late, half as much is sent; the others' answers come first. */
START_TEST(late_answers_slow_pushing)
{
	int64_t next_ms;
	size_t before, behind;

	rules.capacity_per_s = 2;
	rules.latency_ms = 500;
	(void)run_campaign("", TARGETS);
	before = push_a_second(&next_ms);
	turn_answered(hall.turn, hall.now_ms, 500);
	turn_answered(hall.turn, hall.now_ms, 501);
	turn_answered(hall.turn, hall.now_ms, 9000); /* the same delay, once more */
	behind = push_a_second(&next_ms);
	ck_assert_uint_ge(behind, before / 4);
	ck_assert_uint_le(behind, before * 2 / 3);
}
END_TEST

START_TEST(a_slice_takes_no_more_than_links_do)
{
	int64_t next_ms;

	(void)run_campaign("", TARGETS);
	ck_assert_uint_eq(push_some(3, &next_ms), 3);
	ck_assert_uint_eq(push_some(PLENTY, &next_ms), TURN_PUSHES);
	ck_assert_uint_eq(push_some(0, &next_ms), 0);
}
END_TEST

/* ---- what is broken ---- */

START_TEST(a_broken_definition_stops_no_other)
{
	int64_t id, next_ms;

	(void)put_campaign(running_campaign("A", STR("campaign = { code = \"A\"; };")));
	id = run_campaign("", 5);
	ck_assert_uint_eq(push_all(&next_ms), 5);
	ck_assert_uint_eq(turn_pushes(hall.turn)->broken, 1);
	ck_assert_uint_eq(turn_pushes(hall.turn)->running, 1);
	ck_assert_ptr_nonnull(
		strstr(turn_pushes(hall.turn)->fault.text, "campaign.title"));
	check_once(id);
}
END_TEST

SUITE("turn/push", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, a_message_leaves_from_the_number_of_its_campaign);
      tcase_add_test(tc, a_text_to_that_number_is_a_reply);
      tcase_add_test(tc, a_test_leaves_at_once_and_orders_nothing);
      tcase_add_test(tc, a_test_is_no_contact);
      tcase_add_test(tc, no_test_leaves_while_all_is_stopped);
      tcase_add_test(tc, what_was_said_before_the_send_holds);
      tcase_add_test(tc, nothing_leaves_outside_the_hours);
      tcase_add_test(tc, hours_of_one_number_hold_up_no_other);
      tcase_add_test(tc, hours_are_those_of_where_a_number_lives);
      tcase_add_test(tc, what_has_sent_its_most_takes_nobodys_place);
      tcase_add_test(tc, of_two_campaigns_the_higher_comes_first);
      tcase_add_test(tc, no_restart_sends_a_target_twice);
      tcase_add_loop_test(tc, a_failed_slice_sends_nothing, 0, 4 * COUNT_OF(faults));
      tcase_add_loop_test(tc, marks_are_committed_with_the_next_slice_or_given_again, 0,
                          2);
      tcase_add_loop_test(tc, a_trial_is_given_with_its_message, 0, 4 * COUNT_OF(faults));
      tcase_add_loop_test(tc, a_link_is_handed_off_with_its_message, 0,
                          4 * COUNT_OF(faults));
      tcase_add_test(tc, who_was_decided_and_never_got_it_counts_as_not_told);
      tcase_add_loop_test(tc, some_have_one_chance, 0, COUNT_OF(decided));
      tcase_add_test(tc, a_trial_that_was_given_is_not_given_again);
      tcase_add_test(tc, a_click_is_a_use);
      tcase_add_test(tc, nothing_is_handed_off_of_who_said_no);
      tcase_add_test(tc, a_pause_keeps_its_place);
      tcase_add_test(tc, the_switch_stops_everything);
      tcase_add_loop_test(tc, limits_are_exact, 0, COUNT_OF(limits));
      tcase_add_test(tc, a_canary_sends_what_it_is_allowed);
      tcase_add_test(tc, the_rate_is_kept_in_segments);
      tcase_add_test(tc, what_replies_ask_for_slows_pushing);
      tcase_add_test(tc, late_answers_slow_pushing);
      tcase_add_test(tc, a_slice_takes_no_more_than_links_do);
      tcase_add_test(tc, a_broken_definition_stops_no_other);)
