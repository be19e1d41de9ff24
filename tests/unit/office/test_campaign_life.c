/*
 * test_campaign_life.c - campaigns once they are released: they start by the clock, go on by
 * the steps of their canary, draw anew each day, stop by rules, and end; and what going back
 * to a draft leaves of them.
 *
 * What turns do, sending, is done here by the rows that they would write.
 */
#include "campaign_fixture.h"
#include "model/changes.h"
#include "office/errand.h"
#include "store/campaigns.h"

enum {
	HOUR = 3600,
	DAY = 86400,
	ALL = -1,
	FIRST_OUTBOX = 1000
};

static int64_t next_outbox;
static int changed; /* how often turns were told to look again */

static enum err write_campaigns(void *ctx, enum err (*work)(struct store *s, void *arg),
                                void *arg)
{
	changed++;
	return write_now(ctx, work, arg);
}

static void setup_life(void)
{
	setup();
	t.host.write_campaigns = write_campaigns;
	next_outbox = FIRST_OUTBOX;
	changed = 0;
}

/* The house's rules with these instead, beside the other files of the folder. */
static void use_rules(const char *rules)
{
	char command[400];

	(void)snprintf(command, sizeof(command),
	               "mkdir -p %s/grammar && ln -sf \"$PWD\"/grammar/* %s/grammar && "
	               "rm %s/grammar/push.conf",
	               t.folder, t.folder, t.folder);
	ck_assert_int_eq(system(command), 0);
	put_file("grammar/push.conf", rules);
	(void)snprintf(command, sizeof(command), "%s/grammar", t.folder);
	free(t.conf->grammar);
	t.conf->grammar = strdup(command);
}

#define STEPS "canary = { first = \"20\"; share = \"5\"; wait = \"600\"; };\n"

#define LIFE(audience, from, limit)                                           \
	"campaign = { code = \"C-1\"; title = \"t\"; kind = \"broadcast\";\n" \
	" category = \"services\"; owner = \"anna\"; };\n"                    \
	"audience = { control = \"10\"; " audience " };\n"                    \
	"offer = { codes = \"9\"; };\n"                                       \
	"time = { from = \"" from "\"; until = \"2026-12-31\"; };\n"          \
	"limit = { " limit " };\n"                                            \
	"arm_a = { zh_hans = \"" TEXT "\"; };\n"

#define OPEN LIFE("", "2026-11-01", "")

static void release(const char *definition)
{
	add_well(definition);
	ask_well(act("submit", BY("anna")));
	ask_well(act("approve", BY("bob")));
	ask_well(act("schedule", BY("anna")));
}

static void tend(void)
{
	ask_well(act("tend", ""));
}

static void pass(int64_t seconds)
{
	now_s += seconds;
	tend();
}

static int64_t value(const char *column)
{
	char sql[100];

	(void)snprintf(sql, sizeof(sql), "SELECT %s FROM campaign", column);
	return count(sql);
}

static int64_t targets(const char *where)
{
	char sql[300];

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM target WHERE %s", where);
	return count(sql);
}

/* ---- what turns write ---- */

static void record(struct changes *c)
{
	ck_assert_int_eq(store_begin(t.store), ERR_OK);
	ck_assert_msg(store_record(t.store, c) == ERR_OK, "%s", store_fault(t.store));
	ck_assert_int_eq(store_commit(t.store), ERR_OK);
}

static void send(struct changes *c, struct target_row row)
{
	row.state = TARGET_SENT;
	row.at = now_s;
	row.outbox = next_outbox++;
	row.segments = 1;
	row.until = now_s + 7 * DAY;
	changes_add(c, targets, row);
	changes_add(c, outbox,
	            (struct outbox_row){ .id = row.outbox,
	                                 .at_ms = now_s * 1000,
	                                 .state = OUTBOX_SENDING,
	                                 .group = STR("g"),
	                                 .from = { 0, 1, STR("106900860001") },
	                                 .to = { 1, 1, STR("86") },
	                                 .text = STR("t"),
	                                 .lane = LANE_PUSH });
}

/* The next n in their order; ALL: whoever is left.  Their numbers go to sent[], if there. */
static int64_t send_some(int64_t n, int64_t *sent)
{
	struct arena a = arena_make(SIZE_MAX);
	struct changes c = { .arena = &a };
	struct target_row *row = NULL;
	size_t found = 0;

	ck_assert_int_eq(store_ready_targets(t.store, &a, 1, -1,
	                                     n == ALL ? 100000 : (size_t)n, &row, &found),
	                 ERR_OK);
	for (size_t i = 0; i < found; i++) {
		if (sent != NULL)
			sent[i] = row[i].msisdn;
		send(&c, row[i]);
	}
	changes_add(&c, campaigns_sent,
	            (struct campaign_sent){ 1, (int64_t)found, (int64_t)found });
	record(&c);
	arena_free(&a);
	return (int64_t)found;
}

/* A link has taken them. */
static void take_all(void)
{
	struct arena a = arena_make(SIZE_MAX);
	struct changes c = { .arena = &a };

	for (int64_t id = FIRST_OUTBOX; id < next_outbox; id++)
		changes_add(&c, marks,
		            (struct outbox_mark){ .id = id,
		                                  .state = OUTBOX_DONE,
		                                  .message_id = STR("A1") });
	record(&c);
	arena_free(&a);
}

/* "1", and an order that came of it. */
static void reply(int64_t msisdn, int64_t order, enum order_state state)
{
	struct arena a = arena_make(SIZE_MAX);
	struct changes c = { .arena = &a };
	int64_t since;
	char sql[100];

	(void)snprintf(sql, sizeof(sql),
	               "SELECT owner_since FROM subscriber WHERE msisdn = %lld",
	               (long long)msisdn);
	since = count(sql);
	changes_add(&c, target_replies, (struct target_reply){ 1, msisdn, now_s });
	changes_add(&c, orders,
	            (struct order_row){ .msisdn = msisdn,
	                                .owner_since = since,
	                                .order = { .id = order,
	                                           .kind = STR("service.open"),
	                                           .package = STR("9"),
	                                           .state = state,
	                                           .at = now_s + 1,
	                                           .was = STR(""),
	                                           .price = STR("") } });
	record(&c);
	arena_free(&a);
}

/* ---- the start ---- */

START_TEST(it_starts_by_the_clock)
{
	struct clock at = { .mono_us = 1000000 };
	struct errands *e = NULL;
	int64_t from;

	ck_assert_int_eq(civil_parse_time(STR("2026-11-25 00:00:00"), &from), ERR_OK);
	put_crowd(50);
	release(LIFE("", "2026-11-25", ""));
	e = errands_create(t.conf, NULL, at);
	for (at.wall_s = from - 5; at.wall_s < from + 60; at.wall_s++) {
		(void)errands_run(e, &t.host, at);
		if (at.wall_s < from)
			ck_assert_int_eq(value("state"), CAMPAIGN_SCHEDULED);
		at.mono_us += 1000000;
	}
	ck_assert_int_eq(value("state"), CAMPAIGN_RUNNING);
	ck_assert_int_ge(value("step_at"), from);
	errands_destroy(e);
	ck_assert_int_eq(value("allowed"), 100);
	ck_assert_int_ge(changed, 1);
}
END_TEST

/* ---- the canary ---- */

START_TEST(a_canary_goes_by_steps)
{
	int64_t all, share;

	use_rules(STEPS);
	put_crowd(PEOPLE);
	release(OPEN);
	ck_assert_int_eq(value("allowed"), 0);
	tend();
	all = targets("state = 1");
	share = all * 5 / 100;
	ck_assert_int_gt(share, 40);
	ck_assert_int_eq(value("allowed"), 20);
	ck_assert_int_eq(send_some(20, NULL), 20);
	pass(599);
	ck_assert_int_eq(value("allowed"), 20);
	pass(1);
	ck_assert_int_eq(value("allowed"), share);
	/* Its time runs from the last message, not from the permission. */
	now_s += HOUR;
	ck_assert_int_eq(send_some(share - 20, NULL), share - 20);
	pass(599);
	ck_assert_int_eq(value("allowed"), share);
	pass(1);
	ck_assert(value("allowed") == INT64_MAX);
	ck_assert_int_eq(value("state"), CAMPAIGN_RUNNING);
	/* What no link has taken yet may have its turn again. */
	ck_assert_int_eq(send_some(ALL, NULL), all - share);
	pass(2);
	ck_assert_int_eq(value("state"), CAMPAIGN_RUNNING);
	take_all();
	pass(2);
	ck_assert_int_eq(value("state"), CAMPAIGN_FINISHED);
}
END_TEST

/* What is looked at between two slices of what takes long, and when it was. */
static struct {
	struct errands *errands;
	struct clock clock;
	int checking, storing;
	int64_t allowed;
} beside;

static void look(void *ctx)
{
	(void)ctx;
	beside.clock.mono_us += 3000000;
	beside.clock.wall_s = now_s;
	errands_tend(beside.errands, &t.host, beside.clock);
	if (count("SELECT count(*) FROM import WHERE kind = 'usage' AND state = 0") > 0)
		beside.storing++;
	else
		beside.checking++;
	beside.allowed = value("allowed");
}

/* The canary has had its first step and is due for the next; how many targets there are. */
static int64_t canary_is_due(void)
{
	int64_t all;

	use_rules(STEPS);
	put_crowd(PEOPLE);
	release(OPEN);
	tend();
	all = targets("state = 1");
	ck_assert_int_eq(send_some(20, NULL), 20);
	now_s += 600;
	return all;
}

static void look_meanwhile(void)
{
	memset(&beside, 0, sizeof(beside));
	beside.clock = clock_machine();
	beside.errands = errands_create(t.conf, NULL, beside.clock);
	t.host.meanwhile = look;
}

START_TEST(a_canary_goes_on_during_an_import)
{
	struct buf csv = buf_make(1024 * 1024);
	const int64_t all = canary_is_due();

	buf_puts(&csv, STR("msisdn,month,voice_min,sms,data_mb,bill_fen\n"));
	for (int i = 0; i < PEOPLE; i++)
		buf_printf(&csv, "%lld,2026-10,1,1,1,1\n", 13900000000LL + 7 * i);
	put_file("usage.csv", buf_cstr(&csv));
	buf_free(&csv);
	look_meanwhile();
	import_well("usage", "usage.csv");
	ck_assert_int_eq(beside.allowed, all * 5 / 100);
	ck_assert_int_ge(beside.checking, 1);
	ck_assert_int_ge(beside.storing, 2);
	errands_destroy(beside.errands);
}
END_TEST

/* What else takes minutes, and a file that it may make. */
static const struct {
	const char *words, *file;
} long_tasks[] = {
	{ "\"backup\",\"path\"", "copy.db" },
	{ "\"tags\",\"act\":\"refresh\",\"x\"", "x" },
	{ "\"retention\",\"x\"", "x" },
	{ "\"erase\",\"msisdn\":\"13900000007\",\"x\"", "x" },
	{ "\"rehearse\",\"x\"", "x" },
	{ "\"rehearse\",\"budget\":\"1000\",\"x\"", "x" },
};

START_TEST(a_canary_goes_on_during_what_takes_long)
{
	const int64_t all = canary_is_due();
	char task[512];

	look_meanwhile();
	(void)snprintf(task, sizeof(task), "{\"do\":%s:\"%s/%s\"}", long_tasks[_i].words,
	               t.folder, long_tasks[_i].file);
	ask_well(task);
	ck_assert_int_eq(beside.allowed, all * 5 / 100);
	ck_assert_int_ge(beside.checking, 1);
	errands_destroy(beside.errands);
}
END_TEST

/* _i: how many of five orders failed. */
START_TEST(orders_that_fail_stop_it)
{
	int64_t who[20];

	use_rules(STEPS);
	put_crowd(PEOPLE);
	release(OPEN);
	tend();
	(void)send_some(20, who);
	now_s += 60;
	for (int i = 0; i < 5; i++)
		reply(who[i], 100 + i, i < _i ? ORDER_REFUSED : ORDER_EFFECTIVE);
	pass(60);
	ck_assert_int_eq(value("state"), _i >= 4 ? CAMPAIGN_STOPPED : CAMPAIGN_RUNNING);
	ask_well(act("report", ""));
	if (_i > 0)
		assert_said("that failed");
	if (_i < 4)
		return;
	assert_said("stopped by a rule: failed orders: ");
	ask_well(act("show", ""));
	assert_said(_i == 4 ? "failed orders: 4 of 5" : "failed orders: 5 of 5");
	ck_assert_int_eq(targets("state = 1"), 0);
}
END_TEST

/* ---- rules ---- */

START_TEST(an_offer_off_sale_stops_it)
{
	int64_t rest;

	put_crowd(PEOPLE);
	release(OPEN);
	tend();
	(void)send_some(30, NULL);
	rest = targets("state = 1");
	put_file("off.csv",
	         PACKAGES_HEAD "9,vas,彩铃,Ringtone,900,0,0,0,0,0,0,0,0,100,,0\n");
	import_well("packages", "off.csv");
	changed = 0;
	pass(2);
	state_is("stopped");
	assert_said("9 is off sale");
	ck_assert_int_eq(changed, 1);
	ck_assert_int_eq(targets("state = 4"), rest);
	ck_assert_int_eq(targets("state = 3"), 30);
}
END_TEST

START_TEST(its_end_finishes_it)
{
	int64_t until, rest;

	ck_assert_int_eq(civil_parse_time(STR("2027-01-01 00:00:00"), &until), ERR_OK);
	put_crowd(PEOPLE);
	release(OPEN);
	tend();
	(void)send_some(30, NULL);
	rest = targets("state = 1");
	now_s = until - 1;
	tend();
	state_is("running");
	pass(1);
	state_is("finished");
	assert_said("its time is over");
	ck_assert_int_eq(targets("state = 4"), rest);
}
END_TEST

START_TEST(one_that_is_paused_ends_too)
{
	put_crowd(50);
	release(OPEN);
	tend();
	ask_well(act("pause", BY("anna")));
	now_s += 60 * DAY;
	tend();
	state_is("finished");
}
END_TEST

/* ---- pause and switch ---- */

/* Turns are told at once, and all is where it was. */
START_TEST(a_pause_and_its_end_change_nothing_else)
{
	int64_t allowed, step, sent, drawn;

	put_crowd(PEOPLE);
	release(OPEN);
	tend();
	(void)send_some(7, NULL);
	pass(2);
	allowed = value("allowed");
	step = value("step_at");
	drawn = value("drawn_at");
	sent = value("sent");
	changed = 0;
	ask_well(act("pause", BY("bob")));
	ck_assert_int_eq(changed, 1);
	ck_assert_int_eq(value("state"), CAMPAIGN_PAUSED);
	pass(5 * HOUR);
	ask_well(act("resume", BY("bob")));
	ck_assert_int_eq(changed, 2);
	ck_assert_int_eq(value("state"), CAMPAIGN_RUNNING);
	ck_assert_int_eq(value("allowed"), allowed);
	ck_assert_int_eq(value("step_at"), step);
	ck_assert_int_eq(value("drawn_at"), drawn);
	ck_assert_int_eq(value("sent"), sent);
	ck_assert_int_eq(sent, 7);
}
END_TEST

START_TEST(the_switch_outlives_the_process)
{
	put_crowd(50);
	release(OPEN);
	tend();
	changed = 0;
	ask_well(act("kill", BY("anna")));
	ck_assert_int_eq(changed, 1);
	close_office();
	open_office();
	ask_well(act("list", ""));
	assert_said("ALL IS STOPPED");
	ask_well(act("unkill", BY("bob")));
	close_office();
	open_office();
	ask_well(act("list", ""));
	ck_assert_ptr_null(strstr(t.said, "STOPPED"));
}
END_TEST

/* ---- each day ---- */

START_TEST(each_day_draws_who_fits_by_then)
{
	const char *const fits = "state IN (0, 1)";
	int64_t first, second;

	put_crowd(300);
	release(LIFE("daily = \"yes\"; where = \"points >= 3\";", "2026-11-01", ""));
	tend();
	first = targets(fits);
	(void)send_some(40, NULL);
	put_crowd(600);
	pass(2 * HOUR);
	ck_assert_int_eq(targets(fits), first - 40);
	state_is("running");
	pass(DAY);
	second = targets("1");
	ck_assert_int_gt(second, first);
	ck_assert_int_eq(
		second,
		count("SELECT count(*) FROM subscriber AS s JOIN account AS a "
	              "USING (msisdn) WHERE a.points >= 3 AND NOT EXISTS (SELECT 1 "
	              "FROM subscription AS h WHERE h.msisdn = s.msisdn AND "
	              "h.package = '9')"));
	ck_assert_int_eq(targets("state = 3"), 40);
	ck_assert_int_eq(value("drawn_at"), now_s);
	/* All are sent to: it goes on, for who comes tomorrow. */
	(void)send_some(ALL, NULL);
	pass(2);
	state_is("running");
}
END_TEST

/* What was released before such a 0 was refused goes on, without that limit. */
START_TEST(a_limit_of_0_that_runs_already_is_none)
{
	int64_t first;

	put_crowd(300);
	release(LIFE("daily = \"yes\"; where = \"points >= 3\";", "2026-11-01",
	             "most = \"9999\";"));
	tend();
	first = targets("1");
	close_office();
	raw_at(t.url + strlen("sqlite:"),
	       "UPDATE campaign SET text = "
	       "replace(text, 'most = \"9999\"', 'most = \"0\"')");
	open_office();
	ck_assert_int_eq(count("SELECT count(*) FROM campaign WHERE text LIKE "
	                       "'%most = \"0\"%'"),
	                 1);
	put_crowd(600);
	pass(DAY);
	ck_assert_int_gt(targets("1"), first);
	state_is("running");
}
END_TEST

START_TEST(a_limit_of_0_cannot_be_submitted)
{
	add_well(LIFE("", "2026-11-01", "most = \"0\";"));
	refused(act("submit", BY("anna")), "limit.most = \"0\" would limit nothing");
	state_is("draft");
}
END_TEST

/* ---- a draft again ---- */

START_TEST(taken_back_its_audience_is_forgotten)
{
	int64_t first;

	put_crowd(PEOPLE);
	release(OPEN);
	first = targets("1");
	ask_well(act("reject", BY("anna") ",\"why\":\"too early\""));
	state_is("draft");
	ck_assert_int_eq(targets("1"), 0);
	release(LIFE("where = \"points >= 3\";", "2026-11-01", ""));
	ck_assert_int_gt(targets("1"), 0);
	ck_assert_int_lt(targets("1"), first);
}
END_TEST

/* Found at its start: what was drawn was drawn for another price. */
START_TEST(another_price_before_its_start_voids_it)
{
	put_crowd(PEOPLE);
	release(OPEN);
	put_file("dearer.csv",
	         PACKAGES_HEAD "9,vas,彩铃,Ringtone,1000,0,0,0,0,0,0,0,0,100,,1\n");
	import_well("packages", "dearer.csv");
	tend();
	state_is("draft");
	ck_assert_int_eq(targets("1"), 0);
}
END_TEST

/* Who was sent to gets it no more, however often it is drawn. */
START_TEST(what_was_sent_stays_sent)
{
	int64_t all, sent[25];

	put_crowd(PEOPLE);
	release(OPEN);
	all = targets("1");
	(void)send_some(25, sent);
	for (int i = 0; i < 2; i++) {
		ask_well(act("reject", BY("anna")));
		ck_assert_int_eq(targets("1"), 25);
		release(OPEN);
		ck_assert_int_eq(targets("1"), all);
		ck_assert_int_eq(targets("state = 3"), 25);
		for (size_t k = 0; k < COUNT_OF(sent); k++) {
			char where[80];

			(void)snprintf(where, sizeof(where),
			               "state = 3 AND msisdn = %lld AND outbox = %zu",
			               (long long)sent[k], 1000 + k);
			ck_assert_int_eq(targets(where), 1);
		}
	}
}
END_TEST

/* ---- any change voids what was approved ---- */

static const char *const changes[] = {
	"title = \"t\"",
	"title = \"u\"",
	"kind = \"broadcast\"",
	"kind = \"gift\"",
	"category = \"services\"",
	"category = \"data\"",
	"owner = \"anna\"",
	"owner = \"carl\"",
	"priority = \"5\"",
	"priority = \"6\"",
	"where = \"points >= 3\"",
	"where = \"points >= 4\"",
	"daily = \"no\"",
	"daily = \"yes\"",
	"after = \"\"",
	"after = \"balance.query\"",
	"control = \"10\"",
	"control = \"11\"",
	"codes = \"9\"",
	"codes = \"58\"",
	"days = \"7\"",
	"days = \"8\"",
	"margin = \"0\"",
	"margin = \"1\"",
	"from = \"2026-11-01\"",
	"from = \"2026-11-02\"",
	"until = \"2026-12-31\"",
	"until = \"2026-12-30\"",
	"hours = \"09:00-20:30\"",
	"hours = \"09:00-20:00\"",
	"holidays = \"no\"",
	"holidays = \"yes\"",
	"most = \"9\"",
	"most = \"8\"",
	"budget = \"9\"",
	"budget = \"8\"",
	"stock = \"9\"",
	"stock = \"8\"",
	"segments = \"2\"",
	"segments = \"3\"",
	"rate = \"9\"",
	"rate = \"8\"",
	"share = \"50\"",
	"share = \"40\"",
	"zh_hans = \"" TEXT "\"",
	"zh_hans = \"" TEXT "。\"",
	"result = { days = \"7\"",
	"result = { days = \"9\"",
};

static const char whole[] =
	"campaign = { code = \"C-1\"; title = \"t\"; kind = \"broadcast\";\n"
	" category = \"services\"; owner = \"anna\"; priority = \"5\"; };\n"
	"audience = { where = \"points >= 3\"; daily = \"no\"; after = \"\"; control = \"10\"; };\n"
	"offer = { codes = \"9\"; days = \"7\"; margin = \"0\"; };\n"
	"time = { from = \"2026-11-01\"; until = \"2026-12-31\"; hours = \"09:00-20:30\";\n"
	" holidays = \"no\"; };\n"
	"limit = { most = \"9\"; budget = \"9\"; stock = \"9\"; segments = \"2\"; rate = \"9\"; };\n"
	"result = { days = \"7\"; };\n"
	"arm_a = { share = \"50\"; zh_hans = \"" TEXT "\"; };\n"
	"arm_b = { share = \"50\"; zh_hans = \"" TEXT "!\"; };\n";

/* _i: the change; each key of a definition has one. */
START_TEST(each_key_voids_the_approval)
{
	const char *const was = changes[2 * (size_t)_i],
			  *const is = changes[2 * (size_t)_i + 1];
	const char *at = strstr(whole, was);
	char text[sizeof(whole) + 64];
	struct fault fault;

	ck_assert_msg(at != NULL, "%s", was);
	add_well(whole);
	ask_well(act("submit", BY("anna")));
	ask_well(act("approve", BY("bob")));
	(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - whole), whole, is,
	               at + strlen(was));
	/* One whose shares are not whole is refused, and what was approved stays. */
	if (add(text, &fault) != ERR_OK) {
		ck_assert_ptr_nonnull(strstr(is, "share"));
		return;
	}
	assert_said("that is void");
	ck_assert_int_eq(value("state"), CAMPAIGN_DRAFT);
	ck_assert_int_eq(count("SELECT approved_by || approval || submitted_by = '' FROM "
	                       "campaign"),
	                 1);
	ck_assert_int_ne(ask(act("schedule", BY("anna")), &fault), ERR_OK);
	ck_assert_uint_eq(rows("target"), 0);
}
END_TEST

SUITE("office/campaign_life", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup_life, tear_down);
      tcase_add_test(tc, it_starts_by_the_clock);
      tcase_add_test(tc, a_canary_goes_by_steps);
      tcase_add_test(tc, a_canary_goes_on_during_an_import);
      tcase_add_loop_test(tc, a_canary_goes_on_during_what_takes_long, 0,
                          COUNT_OF(long_tasks));
      tcase_add_loop_test(tc, orders_that_fail_stop_it, 0, 6);
      tcase_add_test(tc, an_offer_off_sale_stops_it);
      tcase_add_test(tc, its_end_finishes_it);
      tcase_add_test(tc, one_that_is_paused_ends_too);
      tcase_add_test(tc, a_pause_and_its_end_change_nothing_else);
      tcase_add_test(tc, the_switch_outlives_the_process);
      tcase_add_test(tc, each_day_draws_who_fits_by_then);
      tcase_add_test(tc, a_limit_of_0_that_runs_already_is_none);
      tcase_add_test(tc, a_limit_of_0_cannot_be_submitted);
      tcase_add_test(tc, taken_back_its_audience_is_forgotten);
      tcase_add_test(tc, another_price_before_its_start_voids_it);
      tcase_add_test(tc, what_was_sent_stays_sent);
      tcase_add_loop_test(tc, each_key_voids_the_approval, 0, COUNT_OF(changes) / 2);)
