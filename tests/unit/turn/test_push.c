/*
 * test_push.c - campaigns over the real store: the gate at each send, each target at most
 * once, and limits that are exact.
 */
#include "fixture.h"
#include "store/campaigns.h"

enum {
	TARGETS = 120,
	PLENTY = 100000, /* segments */
	SLICES = 400,    /* of one campaign, more is a loop without end */
	DAY_S = 86400
};

static struct push_rules rules;
static const struct turn_route route = { { "10086", 5 }, { 0, 1, { "10690086", 8 } } };

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

static struct campaign_row row_of(const char *code, struct str text)
{
	return (struct campaign_row){ .code = str_of(code),
		                      .text = text,
		                      .hash = STR("h"),
		                      .state = CAMPAIGN_RUNNING,
		                      .owner = STR("anna"),
		                      .submitted_by = STR("anna"),
		                      .approved_by = STR("boris"),
		                      .approval = STR(""),
		                      .allowed = 1000000,
		                      .why = STR("") };
}

static struct target_row target_of(int64_t campaign, int person)
{
	return (struct target_row){ .campaign = campaign,
		                    .msisdn = FIRST + person,
		                    .owner_since = 1577808000,
		                    .place = (person * 37 + 5) % 1009,
		                    .state = TARGET_READY,
		                    .offer = STR("LL10"),
		                    .command = STR("package.open code=LL10"),
		                    .saving = STR(""),
		                    .why = STR(""),
		                    .price = STR("") };
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
	const int64_t id = put_campaign(row_of("LL-1", definition("LL-1", "5", limits)));

	put_targets(id, 0, n);
	return id;
}

/* One slice; *next_ms: when there is more. */
static size_t push_some(unsigned segments, int64_t *next_ms)
{
	hall.out = (struct turn_output){ NULL, 0 };
	ck_assert_int_eq(turn_push(hall.turn, segments, hall.now_ms, next_ms, &hall.out),
	                 ERR_OK);
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

START_TEST(of_two_campaigns_the_higher_comes_first)
{
	const int64_t low = put_campaign(row_of("A", definition("A", "4", "")));
	struct campaign_row row = row_of("B", definition("B", "6", ""));
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
	struct turn_output out = { NULL, 0 };
	int64_t next_ms;
	enum err e;
	size_t n = 0;

	vfs_shim_fail(faults[_i / 4].op, "-wal", (unsigned)(_i % 4) + 1,
	              faults[_i / 4].code, false);
	e = turn_push(hall.turn, 20, hall.now_ms, &next_ms, &out);
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

START_TEST(a_pause_keeps_its_place)
{
	const int64_t id = run_campaign("", TARGETS);
	struct campaign_row row = row_of("LL-1", definition("LL-1", "5", ""));
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
	struct campaign_row row = row_of("LL-1", definition("LL-1", "5", ""));
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

	(void)put_campaign(row_of("A", STR("campaign = { code = \"A\"; };")));
	id = run_campaign("", 5);
	ck_assert_uint_eq(push_all(&next_ms), 5);
	ck_assert_uint_eq(turn_pushes(hall.turn)->broken, 1);
	ck_assert_uint_eq(turn_pushes(hall.turn)->running, 1);
	ck_assert_ptr_nonnull(
		strstr(turn_pushes(hall.turn)->fault.text, "campaign.title"));
	check_once(id);
}
END_TEST

SUITE("turn/push", tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, a_message_leaves_from_the_number_of_its_campaign);
      tcase_add_test(tc, a_text_to_that_number_is_a_reply);
      tcase_add_test(tc, what_was_said_before_the_send_holds);
      tcase_add_test(tc, nothing_leaves_outside_the_hours);
      tcase_add_test(tc, hours_of_one_number_hold_up_no_other);
      tcase_add_test(tc, of_two_campaigns_the_higher_comes_first);
      tcase_add_test(tc, no_restart_sends_a_target_twice);
      tcase_add_loop_test(tc, a_failed_slice_sends_nothing, 0, 4 * COUNT_OF(faults));
      tcase_add_test(tc, a_pause_keeps_its_place);
      tcase_add_test(tc, the_switch_stops_everything);
      tcase_add_loop_test(tc, limits_are_exact, 0, COUNT_OF(limits));
      tcase_add_test(tc, a_canary_sends_what_it_is_allowed);
      tcase_add_test(tc, the_rate_is_kept_in_segments);
      tcase_add_test(tc, what_replies_ask_for_slows_pushing);
      tcase_add_test(tc, a_slice_takes_no_more_than_links_do);
      tcase_add_test(tc, a_broken_definition_stops_no_other);)
