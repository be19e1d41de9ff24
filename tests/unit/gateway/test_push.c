/*
 * test_push.c - campaigns over a gateway: answers overtake them, order is kept, nothing is
 * sent a second time, and no more waits than links take at once.
 */
#include <signal.h>

#include "asker.h"
#include "push/gate.h"
#include "store/campaigns.h"
#include "support/campaigns.h"

enum {
	TARGETS = 60,
};

#define MARKETING TRUSTED "marketing = \"10690086\";"

/* The house sends by day: it is noon where the test runs. */
static void set_noon(void)
{
	char zone[32];
	const int ahead = 12 - (int)(t.clock.wall_s / 3600 % 24);

	(void)snprintf(zone, sizeof(zone), "Etc/GMT%+d", -ahead);
	ck_assert_int_eq(civil_zone(zone), ERR_OK);
}

#define CAMPAIGN(kind)                                                            \
	STR("campaign = { code = \"N1\"; title = \"t\"; kind = \"" kind           \
	    "\"; category = \"events\"; owner = \"anna\"; };\n"                   \
	    "time = { from = \"2020-01-01\"; until = \"2099-12-31\"; holidays = " \
	    "\"yes\"; };\n"                                                       \
	    "arm_only = { share = \"100\"; zh_hans = \"今晚升级\"; };\n")

/* A notice of service: nobody has to have agreed to it. */
static void put_campaign(struct store *s, int64_t id, struct str text)
{
	struct campaign_row c = running_campaign("N1", text);

	c.id = id;
	ck_assert_int_eq(store_put_campaign(s, &c, NULL), ERR_OK);
	ck_assert_int_eq(c.id, 1);
}

/* In order of their numbers. */
static void put_targets(struct store *s)
{
	struct target_row target[TARGETS];
	size_t new = 0;

	for (int i = 0; i < TARGETS; i++)
		target[i] = ready_target(1, FIRST + i, 1577808000, i);
	ck_assert_int_eq(store_put_targets(s, target, TARGETS, &new), ERR_OK);
	ck_assert_uint_eq(new, TARGETS);
}

static void setup(void)
{
	struct store *s;

	(void)signal(SIGPIPE, SIG_IGN); /* as the program does */
	set_up();
	set_noon();
	populate();
	s = open_store(STORE_OPEN);
	ck_assert_int_eq(store_begin(s), ERR_OK);
	put_campaign(s, 0, CAMPAIGN("care"));
	put_targets(s);
	ck_assert_int_eq(store_commit(s), ERR_OK);
	store_close(s);
}

/* Of the same number, and everybody has agreed to it. */
static void make_it_sell(void)
{
	struct consent_row agreed[TARGETS];
	struct store *s = open_store(STORE_OPEN);

	for (int i = 0; i < TARGETS; i++)
		agreed[i] = (struct consent_row){
			.msisdn = FIRST + i,
			.consent = { .subject = STR("marketing"),
			             .given = true,
			             .at = 1600000000 },
		};
	ck_assert_int_eq(store_begin(s), ERR_OK);
	put_campaign(s, 1, CAMPAIGN("broadcast"));
	ck_assert_int_eq(store_put(s, STORE_CONSENTS, agreed, TARGETS, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(s), ERR_OK);
	store_close(s);
}

static bool is_push(unsigned i)
{
	return strcmp(smsc.submit[i].from, "106900860001") == 0;
}

static unsigned pushes(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < smsc.submits; i++)
		n += is_push(i);
	return n;
}

static unsigned times(int person)
{
	char number[24];
	unsigned n = 0;

	(void)snprintf(number, sizeof(number), "%lld", (long long)FIRST + person);
	for (unsigned i = 0; i < smsc.submits; i++)
		n += is_push(i) && strcmp(smsc.submit[i].to, number) == 0;
	return n;
}

START_TEST(all_are_sent_once_and_in_order)
{
	start(LINK("a", MARKETING), "");
	RUN_UNTIL(status_now().counts.sent == TARGETS);
	for (unsigned i = 0; i < TARGETS; i++) {
		char number[24];

		(void)snprintf(number, sizeof(number), "%lld", (long long)FIRST + i);
		ck_assert_str_eq(smsc.submit[i].to, number);
		ck_assert(is_push(i));
		ck_assert_str_eq(smsc.submit[i].text, "今晚升级【短信营业厅】");
	}
	stop();
	ck_assert_uint_eq(smsc.submits, TARGETS);
	ck_assert_uint_eq(rows("outbox", "state", "2"), TARGETS);
}
END_TEST

START_TEST(without_a_number_for_them_none_is_sent)
{
	start_one("");
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1);
	ck_assert_uint_eq(pushes(), 0);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "2"), 1);
}
END_TEST

/* The window is full of pushes but for what they leave to answers. */
START_TEST(answers_overtake_pushes)
{
	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 10;"), "");
	RUN_UNTIL(smsc.submits == 9);
	(void)deliver("a", "13900000190", "CXYE");
	RUN_UNTIL(smsc.submits == 10);
	ck_assert_str_eq(smsc.submit[9].from, "10086");
	ck_assert_str_eq(smsc.submit[9].to, "13900000190");
	smsc.mood = ACCEPT;
	answer_held(0);
	RUN_UNTIL(status_now().counts.sent == TARGETS + 1);
	ck_assert_uint_eq(pushes(), TARGETS);
}
END_TEST

/* What waits is a window at most, so that a stop is felt at once. */
START_TEST(no_more_is_made_than_links_take)
{
	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 10;"), "");
	RUN_UNTIL(smsc.submits == 9);
	(void)deliver("a", "13900000190", "CXYE");
	RUN_UNTIL(smsc.submits == 10);
	(void)deliver("a", "13900000191", "CXYE"); /* a turn later */
	RUN_UNTIL(smsc.responses == 2);
	ck_assert_uint_le(status_now().queued, 9 + 9 + 2);
	smsc.mood = ACCEPT;
	answer_held(0);
	RUN_UNTIL(status_now().counts.sent == TARGETS + 2);
}
END_TEST

/* With one push in flight at a time, what is throttled goes before what comes behind it. */
START_TEST(throttling_keeps_their_order)
{
	unsigned last = 0;

	smsc.mood = REFUSE;
	smsc.refusals = 7;
	smsc.status = _i == 0 ? SMPP_ESME_RTHROTTLED : SMPP_ESME_RMSGQFUL;
	start(LINK("a", MARKETING "window = 2;"), "");
	RUN_UNTIL(status_now().counts.sent == TARGETS);
	ck_assert_uint_eq(smsc.submits, TARGETS + 7);
	for (unsigned i = 0; i < smsc.submits; i++) {
		const unsigned who = (unsigned)atoi(smsc.submit[i].to + 8);

		ck_assert(who == last || who == last + 1);
		last = who;
	}
	ck_assert_uint_eq(status_now().counts.ambiguous, 0);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "2"), TARGETS);
}
END_TEST

/* Three are out and three wait when he says it; what he gets has left by then. */
static const struct {
	int person;
	uint32_t status; /* of the three */
	unsigned gets;
} stops[] = {
	{ 4, SMPP_ESME_ROK, 0 },        /* waits */
	{ 1, SMPP_ESME_RTHROTTLED, 1 }, /* comes back */
	{ 1, SMPP_ESME_ROK, 1 },
};

START_TEST(who_wants_none_gets_none_that_waits)
{
	const bool taken_back = stops[_i].status != SMPP_ESME_ROK || stops[_i].gets == 0;
	char number[24], opted_out[8];

	(void)snprintf(opted_out, sizeof(opted_out), "%d", GATE_OPTED_OUT);
	make_it_sell();
	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 4;"), "");
	RUN_UNTIL(smsc.submits == 3 && status_now().queued == 6);
	(void)snprintf(number, sizeof(number), "%lld",
	               (long long)FIRST + stops[_i].person);
	(void)deliver("a", number, "TD");
	RUN_UNTIL(smsc.submits == 4);
	ck_assert_str_eq(smsc.submit[3].from, "10086");
	smsc.mood = ACCEPT;
	answer_held(stops[_i].status);
	RUN_UNTIL(times(5) == 1 && status_now().queued == 0);
	ck_assert_uint_eq(times(stops[_i].person), stops[_i].gets);
	if (taken_back) /* the gate says why he gets none */
		RUN_UNTIL(sample("smshall_push_refused_total{reason=\"opted out\"}") > 0);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "5"), taken_back);
	ck_assert_uint_eq(rows("target", "reason", opted_out), taken_back);
}
END_TEST

/* ---- pause, stop, the switch for everything ---- */

static struct asker asker;

/* At the desk; behind it what is decided and waits for a link knows. */
static void order(const char *act)
{
	char request[128];

	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"%s\",\"code\":\"N1\","
	               "\"by\":\"bob\"}\n",
	               act);
	dial_and_say(&asker, request);
	RUN_UNTIL_HEARD(&asker, "\n");
	ck_assert_msg(!hears(&asker, "error"), "%s", asker.heard);
	hang_up(&asker);
}

/* Three are out and three wait for room when it is ordered; then there is room. */
static void order_while_three_wait(const char *act)
{
	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 4;"), "");
	RUN_UNTIL(smsc.submits == 3 && status_now().queued == 6);
	order(act);
	smsc.mood = ACCEPT;
	answer_held(0);
	RUN_UNTIL(status_now().counts.sent == 3);
	(void)deliver("a", "13900000190", "CXYE");
	RUN_UNTIL(status_now().counts.sent == 4);
	ck_assert_uint_eq(pushes(), 3);
}

static const struct {
	const char *halt, *go_on;
} halts[] = { { "pause", "resume" }, { "kill", "unkill" } };

START_TEST(what_is_halted_waits_though_a_link_has_room)
{
	order_while_three_wait(halts[_i].halt);
	ck_assert_uint_eq(status_now().queued, 3);
	/* They take no room from other campaigns. */
	ck_assert_double_eq(sample("smshall_push_credit{place=\"lane\"}"), 0);
	order(halts[_i].go_on);
	RUN_UNTIL(status_now().counts.sent == TARGETS + 1);
	for (int person = 0; person < TARGETS; person++)
		ck_assert_uint_eq(times(person), 1);
	for (int person = 3; person < 6; person++)
		ck_assert_int_eq(atoi(smsc.submit[person + 1].to + 8), person);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "5"), 0);
}
END_TEST

START_TEST(what_is_stopped_never_leaves)
{
	order_while_three_wait("stop");
	RUN_UNTIL(status_now().queued == 0);
	stop();
	ck_assert_uint_eq(pushes(), 3);
	ck_assert_uint_eq(rows("outbox", "state", "5"), 3);
	ck_assert_uint_eq(rows("target", "state", "4"), TARGETS - 3);
	ck_assert_uint_eq(rows("campaign", "sent", "3"), 1);
}
END_TEST

/* Nothing about them is unknown: they never left, and have their turn when it goes on. */
START_TEST(what_is_held_at_the_end_goes_on_behind_the_next_start)
{
	order_while_three_wait("pause");
	stop();
	ck_assert_uint_eq(pushes(), 3);
	ck_assert_uint_eq(rows("outbox", "state", "5"), 3);
	ck_assert_uint_eq(rows("outbox", "state", "1"), 0);
	ck_assert_uint_eq(rows("target", "state", "1"), TARGETS - 3);
	ck_assert_uint_eq(rows("campaign", "sent", "3"), 1);
	start(LINK("a", MARKETING "window = 4;"), "");
	order("resume");
	RUN_UNTIL(pushes() == TARGETS);
	for (int person = 0; person < TARGETS; person++)
		ck_assert_uint_eq(times(person), 1);
	stop();
	ck_assert_uint_eq(rows("target", "state", "3"), TARGETS);
}
END_TEST

/* Three are out without an answer, three wait for a link that takes no more. */
START_TEST(an_end_takes_back_what_waits_and_nothing_that_is_out)
{
	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 4;"), "");
	RUN_UNTIL(smsc.submits == 3 && status_now().queued == 6);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "4"), 3);
	ck_assert_uint_eq(rows("outbox", "state", "5"), 3);
	ck_assert_uint_eq(rows("target", "state", "3"), 3);
	ck_assert_uint_eq(rows("target", "state", "1"), TARGETS - 3);
}
END_TEST

/* Two segments: one is taken, the other throttled when the campaign ends. */
START_TEST(what_is_out_in_part_has_no_turn_again)
{
	struct store *s = open_store(STORE_OPEN);

	ck_assert_int_eq(store_begin(s), ERR_OK);
	put_campaign(
		s, 1,
		STR("campaign = { code = \"N1\"; title = \"t\"; kind = \"care\"; "
	            "category = \"events\"; owner = \"anna\"; };\n"
	            "time = { from = \"2020-01-01\"; until = \"2099-12-31\"; };\n"
	            "arm_only = { share = \"100\"; zh_hans = \"今晚两点到四点系统升级，"
	            "短信办理暂停，其他业务照常，第二天早上五点以前恢复，给您带来不便，"
	            "请您谅解，详情请到任何一家营业厅询问或者上网查看公告\"; };\n"));
	ck_assert_int_eq(store_commit(s), ERR_OK);
	store_close(s);
	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 3;"), "");
	RUN_UNTIL(smsc.submits == 2);
	ck_assert_str_eq(smsc.submit[0].to, smsc.submit[1].to);
	order("stop");
	respond(&smsc.submit[0], SMPP_ESME_ROK);
	respond(&smsc.submit[1], SMPP_ESME_RTHROTTLED);
	RUN_UNTIL(status_now().queued == 0);
	stop();
	ck_assert_uint_eq(smsc.submits, 2);
	ck_assert_uint_eq(rows("outbox", "state", "4"), 1);
	ck_assert_uint_eq(rows("target", "state", "3"), 1);
	ck_assert_uint_eq(rows("target", "state", "4"), TARGETS - 1);
}
END_TEST

/* A notice of service is none of that. */
START_TEST(who_wants_none_gets_what_is_no_marketing)
{
	char number[24];

	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 4;"), "");
	RUN_UNTIL(smsc.submits == 3 && status_now().queued == 6);
	(void)snprintf(number, sizeof(number), "%lld", (long long)FIRST + 4);
	(void)deliver("a", number, "TD");
	RUN_UNTIL(smsc.submits == 4);
	smsc.mood = ACCEPT;
	answer_held(0);
	RUN_UNTIL(times(4) == 1);
}
END_TEST

START_TEST(a_lost_session_leaves_them_unknown_for_good)
{
	unsigned held;

	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 10; reconnect_max_s = 1;"), "");
	RUN_UNTIL(smsc.submits == 9);
	held = smsc.submits;
	smsc.mood = ACCEPT;
	cut("a");
	RUN_UNTIL(bound("a") != NULL);
	RUN_UNTIL(status_now().counts.sent == TARGETS - held);
	for (int i = 0; i < TARGETS; i++)
		ck_assert_uint_eq(times(i), 1);
	ck_assert_uint_eq(status_now().counts.ambiguous, held);
	ck_assert_uint_eq(status_now().counts.resent, 0);
	stop();
	ck_assert_uint_eq(rows("outbox", "state", "4"), held);
	ck_assert_uint_eq(rows("outbox", "state", "2"), TARGETS - held);
}
END_TEST

START_TEST(a_response_that_never_comes_leaves_them_unknown)
{
	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 2; response_s = 1;"), "");
	RUN_UNTIL(smsc.submits == 1);
	RUN_UNTIL(status_now().counts.ambiguous == 1);
	smsc.mood = ACCEPT;
	RUN_UNTIL(status_now().counts.sent + status_now().counts.ambiguous == TARGETS);
	for (int i = 0; i < TARGETS; i++)
		ck_assert_uint_eq(times(i), 1);
}
END_TEST

/* An end in the middle and a start behind it: what was committed is never sent again. */
START_TEST(a_restart_goes_on_behind_them)
{
	unsigned done, unknown;

	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 10;"), "");
	RUN_UNTIL(smsc.submits == 9);
	answer_held(0);
	smsc.mood = ACCEPT;
	stop();
	done = rows("outbox", "state", "2");
	unknown = rows("outbox", "state", "1") + rows("outbox", "state", "4");
	ck_assert_uint_eq(pushes(), done + unknown);
	start(LINK("a", MARKETING "window = 10;"), "");
	RUN_UNTIL(pushes() == TARGETS);
	stop();
	for (int i = 0; i < TARGETS; i++)
		ck_assert_uint_eq(times(i), 1);
}
END_TEST

/* ---- what an engineer sees ---- */

#define OF_N1(family, label) "smshall_campaign_" family "{campaign=\"N1\"" label "}"

START_TEST(each_campaign_is_on_the_page)
{
	smsc.mood = HOLD;
	start(LINK("a", MARKETING "window = 10;"), "");
	RUN_UNTIL(smsc.submits == 9);
	RUN_UNTIL(sample(OF_N1("messages", ",outcome=\"sent\"")) >= 9);
	ck_assert_double_eq(sample(OF_N1("running", "")), 1);
	ck_assert_double_eq(sample(OF_N1("messages", ",outcome=\"sent\"")) +
	                            sample(OF_N1("targets", ",state=\"ready\"")),
	                    TARGETS);
	ck_assert_double_eq(sample(OF_N1("messages", ",outcome=\"accepted\"")), 0);
	ck_assert_double_eq(sample(OF_N1("people", ",did=\"opt out\"")), 0);
	ck_assert_double_gt(sample("smshall_campaign_counted_seconds"), 0);
	ck_assert_double_eq(sample("smshall_alarm{alarm=\"campaign_stopped\"}"), 0);
	/* Every target is decided: it has ended, and leaves the page. */
	smsc.mood = ACCEPT;
	answer_held(0);
	RUN_UNTIL(sample(OF_N1("running", "")) < 0);
	ck_assert_uint_eq(pushes(), TARGETS);
}
END_TEST

START_TEST(a_campaign_that_a_rule_stopped_is_an_alarm)
{
	struct store *s = open_store(STORE_OPEN);
	struct campaign_row c = running_campaign("N1", STR(""));
	const struct campaign_step by_rule = { .campaign = 1,
		                               .deed = CAMPAIGN_DEED_STOP,
		                               .state = CAMPAIGN_STOPPED,
		                               .by = STR("rule"),
		                               .hash = STR(""),
		                               .note = STR("opt-outs 3 %") };

	c.id = 1;
	c.state = CAMPAIGN_STOPPED;
	c.why = by_rule.note;
	ck_assert_int_eq(store_begin(s), ERR_OK);
	ck_assert_int_eq(store_put_campaign(s, &c, &by_rule), ERR_OK);
	ck_assert_int_eq(store_commit(s), ERR_OK);
	store_close(s);
	start(LINK("a", MARKETING), "");
	RUN_UNTIL(status_now().n_alarms == 1);
	ck_assert_str_eq(status_now().alarm[0].name, "campaign_stopped");
	ck_assert_str_eq(status_now().alarm[0].detail,
	                 "campaigns=1 last=N1 why=\"opt-outs 3 %\"");
}
END_TEST

SUITE("gateway/push", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, all_are_sent_once_and_in_order);
      tcase_add_test(tc, without_a_number_for_them_none_is_sent);
      tcase_add_test(tc, answers_overtake_pushes);
      tcase_add_test(tc, no_more_is_made_than_links_take);
      tcase_add_loop_test(tc, throttling_keeps_their_order, 0, 2);
      tcase_add_loop_test(tc, who_wants_none_gets_none_that_waits, 0, COUNT_OF(stops));
      tcase_add_test(tc, who_wants_none_gets_what_is_no_marketing);
      tcase_add_loop_test(tc, what_is_halted_waits_though_a_link_has_room, 0,
                          COUNT_OF(halts));
      tcase_add_test(tc, what_is_stopped_never_leaves);
      tcase_add_test(tc, what_is_held_at_the_end_goes_on_behind_the_next_start);
      tcase_add_test(tc, an_end_takes_back_what_waits_and_nothing_that_is_out);
      tcase_add_test(tc, what_is_out_in_part_has_no_turn_again);
      tcase_add_test(tc, a_lost_session_leaves_them_unknown_for_good);
      tcase_add_test(tc, a_response_that_never_comes_leaves_them_unknown);
      tcase_add_test(tc, a_restart_goes_on_behind_them);
      tcase_add_test(tc, each_campaign_is_on_the_page);
      tcase_add_test(tc, a_campaign_that_a_rule_stopped_is_an_alarm);)
