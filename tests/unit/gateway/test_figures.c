/*
 * test_figures.c - what the running hall shows: /metrics, health, log; and T12, one
 * number that floods.
 */
#include <sqlite3.h>

#include "fixture.h"
#include "support/openmetrics.h"

static char *logged;
static size_t n_logged;

static void set_up_log(void)
{
	set_up();
	t.log.to = open_memstream(&logged, &n_logged);
	t.log.level = LOG_DEBUG;
	populate();
}

static void tear_down_log(void)
{
	tear_down();
	(void)fclose(t.log.to);
	free(logged);
}

static struct om_page *page(void)
{
	struct buf out = buf_make(1 << 20);
	struct om_page *p;

	gateway_metrics(t.gateway, &out);
	p = om_read(buf_str(&out));
	buf_free(&out);
	return p;
}

static const struct {
	const char *sample;
	double value;
} figures[] = {
	{ "smshall_texts_total", 3 },
	{ "smshall_answer_seconds_count", 3 },
	{ "smshall_queue_seconds_count", 3 },
	{ "smshall_submit_seconds_count", 3 },
	{ "smshall_service_total{intent=\"balance.query\",outcome=\"started\"}", 2 },
	{ "smshall_service_total{intent=\"none\",outcome=\"unknown\"}", 1 },
	{ "smshall_responses_total{direction=\"out\",status=\"ESME_ROK\"}", 3 },
	{ "smshall_responses_total{direction=\"in\",status=\"ESME_ROK\"}", 3 },
	{ "smshall_link_up{link=\"a\",group=\"10086\"}", 1 },
	{ "smshall_link_texts_total{link=\"a\",group=\"10086\"}", 3 },
	{ "smshall_link_segments_total{link=\"a\",group=\"10086\"}", 3 },
	{ "smshall_link_binds_total{link=\"a\",group=\"10086\"}", 1 },
	{ "smshall_alarm{alarm=\"link_down\"}", 0 },
	{ "smshall_waiting", 0 },
	{ "smshall_tags_last_seconds", 0 },
	{ "smshall_tags_last_duration_seconds", 0 },
	{ "smshall_tags_last_rows", 0 },
};

/* Of a service that costs: opened by number, given up in two ways, refused, opened. */
static const struct {
	const char *text; /* NULL: the number of the last prompt */
	const char *outcome;
} charged[] = {
	{ "KTCL", "asked" },        { "N", "abandoned" }, { "KTCL", "asked" },
	{ "CXYE", "abandoned" },    { "KTCL", "asked" },  { NULL, "confirmed" },
	{ "KTCL", "refused.held" },
};

static const char *prompted_number(void)
{
	static char number[8];
	const char *at = strstr(smsc.submit[smsc.submits - 1].text, "eply ");

	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(sscanf(at, "eply %7[0-9]", number), 1);
	return number;
}

static double service(const char *outcome)
{
	struct om_page *p = page();
	char sample[96];
	double value;

	(void)snprintf(sample, sizeof(sample),
	               "smshall_service_total{intent=\"service.open\",outcome=\"%s\"}",
	               outcome);
	value = om_value(p, sample);
	free(p);
	return value;
}

static void put_ringback(void)
{
	const struct package p = { .code = STR("CL"),
		                   .kind = PACKAGE_VAS,
		                   .name_zh = STR("彩铃"),
		                   .name_en = STR("Ringback"),
		                   .fee_fen = 500,
		                   .on_sale = true };
	struct store *s = open_store(STORE_OPEN);

	ck_assert_int_eq(store_begin(s), ERR_OK);
	ck_assert_int_eq(store_put(s, STORE_PACKAGES, &p, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(s), ERR_OK);
	store_close(s);
}

START_TEST(each_step_of_a_service_that_costs_is_counted)
{
	put_ringback();
	start_one("");
	for (unsigned i = 0; i < COUNT_OF(charged); i++) {
		const char *text = charged[i].text != NULL ? charged[i].text
		                                           : prompted_number();

		const unsigned before = smsc.submits;

		(void)deliver("a", "13900000001", text);
		RUN_UNTIL(smsc.submits > before && smsc.responses == i + 1 &&
		          status_now().queued == 0);
		ck_assert_msg(service(charged[i].outcome) > 0, "%s: no %s", text,
		              charged[i].outcome);
	}
	ck_assert(om_same(service("started"), 4));
	ck_assert(om_same(service("asked"), 3));
	ck_assert(om_same(service("abandoned"), 2));
	ck_assert(om_same(service("confirmed"), 1));
	ck_assert(om_same(service("done"), 1));
}
END_TEST

/* As if all prompts had been sent long ago; nobody has the store open. */
static void age_prompts(void)
{
	char path[128];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/hall.db", t.folder);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_exec(db, "UPDATE dialogue SET expires_at = 1", NULL, NULL, NULL),
		SQLITE_OK);
	(void)sqlite3_close(db);
}

START_TEST(a_prompt_that_nobody_answers_is_counted)
{
	put_ringback();
	start_one("");
	(void)deliver("a", "13900000001", "KTCL");
	RUN_UNTIL(smsc.submits > 0 && smsc.responses == 1 && status_now().queued == 0);
	stop();
	age_prompts();
	start_one("");
	RUN_UNTIL(service("abandoned") > 0);
	ck_assert(om_same(service("abandoned"), 1));
}
END_TEST

START_TEST(the_page_tells_what_was_done)
{
	static const char *const texts[] = { "CXYE", "CXYE", "qqqq wwww" };
	struct om_page *p;

	start_one("");
	for (unsigned i = 0; i < COUNT_OF(texts); i++) {
		(void)deliver("a", "13900000001", texts[i]);
		RUN_UNTIL(smsc.submits == i + 1 && smsc.responses == i + 1 &&
		          status_now().queued == 0);
	}
	p = page();
	for (size_t i = 0; i < COUNT_OF(figures); i++)
		ck_assert_msg(om_same(om_value(p, figures[i].sample), figures[i].value),
		              "%s %f", figures[i].sample, om_value(p, figures[i].sample));
	ck_assert(om_value(p, "smshall_turn_stage_seconds_sum{stage=\"commit\"}") > 0);
	ck_assert(om_value(p, "smshall_turn_stage_seconds_count{stage=\"match\"}") >= 3);
	free(p);
}
END_TEST

/* Names in the configuration are no way into the page. */
START_TEST(hostile_names_are_escaped)
{
	struct om_page *p;

	start("{ name = \"a\\\"} 1 #\"; @ system_id = \"a\"; numbers = ( \"10086\" ); "
	      "group = \"g\\\\\"; }\n",
	      "");
	RUN_UNTIL(strcmp(status_now().link[0].state, "up") == 0);
	p = page();
	ck_assert(om_same(om_value(p, "smshall_link_up{link=\"a\\\"} 1 #\","
	                              "group=\"g\\\\\"}"),
	                  1));
	free(p);
}
END_TEST

START_TEST(health_and_readiness)
{
	struct buf why = buf_make(4096);

	start(LINK("a", TRUSTED) ", { name = \"b\"; @ system_id = \"b\"; "
	                         "numbers = ( \"10010\" ); }\n",
	      "");
	ck_assert(!gateway_is_ready(t.gateway, &why));
	RUN_UNTIL(bound("a") != NULL && bound("b") != NULL);
	buf_reset(&why);
	RUN_UNTIL(gateway_is_ready(t.gateway, &why));
	ck_assert_uint_eq(smsc.accepted, 2);
	smsc.mute = true;
	cut("b");
	buf_reset(&why);
	RUN_UNTIL(!gateway_is_ready(t.gateway, &why));
	ck_assert_ptr_nonnull(strstr(buf_cstr(&why), "link b is not bound"));
	ck_assert_ptr_null(strstr(buf_cstr(&why), "link a"));
	buf_reset(&why);
	ck_assert(gateway_is_healthy(t.gateway, &why));
	ck_assert_uint_eq(why.n, 0);
	buf_free(&why);
}
END_TEST

/* T16: numbers never, texts only while that is asked for, and then without numbers. */
START_TEST(t16_the_log_holds_no_number)
{
	const bool asked = _i == 1;

	t.log.texts_until_s = asked ? t.clock.wall_s + 3600 : t.clock.wall_s - 1;
	start_one("");
	(void)deliver("a", "13900000001", "hello 13900000002 \n error forged x=1");
	RUN_UNTIL(smsc.submits == 1 && status_now().queued == 0);
	(void)deliver("a", "8613900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 2 && status_now().queued == 0);
	stop();
	ck_assert_ptr_null(strstr(logged, "13900000001"));
	ck_assert_ptr_null(strstr(logged, "13900000002"));
	ck_assert_ptr_null(strstr(logged, "\nerror"));
	ck_assert_ptr_nonnull(strstr(logged, " debug text from=139****0001"));
	ck_assert_int_eq(strstr(logged, "hello") != NULL, asked);
	ck_assert_int_eq(strstr(logged, "hello 139****0002") != NULL, asked);
	ck_assert_ptr_nonnull(strstr(logged, " info turn texts=1 "));
}
END_TEST

/* ---- T12 ---- */

static uint64_t rss_pages(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long long pages = 0;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%*u %llu", &pages), 1);
	(void)fclose(f);
	return pages;
}

/*
 * What is within the rate is answered, one notice, the rest is refused unread; the text
 * of another behind each window of the flood is answered.  test_limiter.c has a million.
 */
START_TEST(t12_a_flood_of_one_number_costs_the_others_nothing)
{
	enum {
		ROUNDS = 150,
		WINDOW = 400
	};
	const int64_t from_us = clock_machine().mono_us;
	unsigned answered = 0, refused = 0;
	uint64_t before = 0;

	t.log.level = LOG_ERROR;
	start_one("limits = { burst = 20; refill_per_s = 1; };");
	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned other;
		char from[24];

		smsc.deliveries = smsc.responses = 0;
		for (unsigned i = 0; i < WINDOW; i++)
			(void)deliver("a", "13900000001", "CXYE");
		(void)snprintf(from, sizeof(from), "%lld",
		               (long long)(FIRST + 2 + round));
		other = deliver("a", from, "CXJF");
		RUN_UNTIL(smsc.responses == WINDOW + 1);
		for (unsigned i = 0; i < WINDOW; i++) {
			answered += smsc.response[i] == SMPP_ESME_ROK ? 1 : 0;
			refused += smsc.response[i] == SMPP_ESME_RTHROTTLED ? 1 : 0;
		}
		ck_assert_uint_eq(smsc.response[other], SMPP_ESME_ROK);
		RUN_UNTIL(status_now().queued == 0 && status_now().waiting == 0);
		if (round == ROUNDS / 10)
			before = rss_pages();
	}
	ck_assert_uint_eq(answered + refused, ROUNDS * WINDOW);
	/* The bucket, what flowed in meanwhile, and one notice. */
	ck_assert_int_le(answered,
	                 20 + (clock_machine().mono_us - from_us) / 1000000 + 2);
	ck_assert_uint_eq(status_now().counts.limited, refused);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what is freed for a while */
	ck_assert_uint_le(rss_pages(), before + 1024);
#else
	(void)before;
#endif
}
END_TEST

SUITE("gateway/figures", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up_log, tear_down_log);
	tcase_add_test(tc, the_page_tells_what_was_done);
	tcase_add_test(tc, each_step_of_a_service_that_costs_is_counted);
	tcase_add_test(tc, a_prompt_that_nobody_answers_is_counted);
	tcase_add_test(tc, hostile_names_are_escaped);
	tcase_add_test(tc, health_and_readiness);
	tcase_add_loop_test(tc, t16_the_log_holds_no_number, 0, 2);
	tcase_add_test(tc, t12_a_flood_of_one_number_costs_the_others_nothing);
})
