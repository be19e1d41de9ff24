/*
 * test_triggers.c - the examples of etc/campaigns that follow an event: each is drawn over
 * planted subscribers, with who is in it, who is just not, and nobody twice.
 */
#include <inttypes.h>

#include "../store/raw.h"
#include "fixture.h"
#include "offer/learned.h"
#include "offer/policy.h"

#define NOW   INT64_C(1795050000) /* 2026-11-19 09:00 in Shanghai */
#define DAY   INT64_C(86400)
#define FIRST INT64_C(13900000000)

static char request[1024];

static const char *act(const char *name, const char *code, const char *by, int64_t now)
{
	(void)snprintf(
		request, sizeof(request),
		"{\"do\":\"campaign\",\"act\":\"%s\",\"code\":\"%s\",\"by\":\"%s\","
		"\"now\":%" PRId64 "}",
		name, code, by, now);
	return request;
}

static const char *db(void)
{
	return t.url + strlen("sqlite:");
}

static void sql(const char *text)
{
	close_office();
	raw_at(db(), text);
	open_office();
}

/* ---- whom there is ---- */

enum {
	NOBODY,       /* whom nothing has happened to */
	NEW,          /* joined nine days ago */
	NOT_SO_NEW,   /* 18 days ago */
	POOR,         /* less than half a month's bill is left */
	NOT_POOR,     /* just half of it */
	ENDING,       /* his contract ends in three weeks */
	NOT_ENDING,   /* in five */
	SILENT,       /* for two months */
	SILENT_ONCE,  /* for one */
	SILENT_ANGRY, /* for two, and a complaint is open */
	ROAMING,
	NEAR,        /* 80 % of the month's data */
	NOT_NEAR,    /* 79 % */
	NEAR_SO_FAR, /* as known two days ago */
	USED_UP,
	TRIED,       /* used a trial that is over */
	TRYING,      /* and one that goes on */
	TRIED_ANGRY, /* used it, and a complaint is open */
	TRIED_BOUGHT,
	TRIED_ANOTHER,
	BOUGHT,      /* a small pack 20 days ago, and 80 % of the data are used */
	BOUGHT_NOW,  /* two days ago */
	BOUGHT_ONLY, /* 20 days ago, and 50 % */
	CALLED,      /* about a service, and wants to know more */
	CALLED_NO,   /* and said no */
	CALLED_ELSE, /* about another */
	PEOPLE
};

static void put_people_and_months(void)
{
	static char people[8192], usage[32768];
	size_t n = 0, m = 0;

	n += (size_t)snprintf(people, sizeof(people), PEOPLE_HEAD);
	m += (size_t)snprintf(usage, sizeof(usage),
	                      "msisdn,month,voice_min,sms,data_mb,bill_fen\n");
	for (int i = 0; i < PEOPLE; i++) {
		n += (size_t)snprintf(people + n, sizeof(people) - n,
		                      "%" PRId64
		                      ",甲,zh-Hans,personal,浦东,%s,active,%d,0,"
		                      "01234567,58,\n",
		                      FIRST + i,
		                      i == NEW          ? "2026-11-10"
		                      : i == NOT_SO_NEW ? "2026-11-01"
		                                        : "2020-01-01",
		                      i == POOR ? 2899 : 2900);
		for (int month = 5; month <= 10; month++) {
			const bool silent = ((i == SILENT || i == SILENT_ANGRY) &&
			                     month >= 9) ||
			                    (i == SILENT_ONCE && month == 10);

			m += (size_t)snprintf(usage + m, sizeof(usage) - m,
			                      "%" PRId64 ",2026-%02d,%d,0,%d,5800\n",
			                      FIRST + i, month, silent ? 0 : 90,
			                      silent ? 0 : 1000);
		}
		m += (size_t)snprintf(usage + m, sizeof(usage) - m,
		                      "%" PRId64 ",2026-11,10,0,%d,\n", FIRST + i,
		                      i == NEAR || i == NEAR_SO_FAR || i == BOUGHT ||
		                                      i == BOUGHT_NOW
		                              ? 1639
		                      : i == NOT_NEAR ? 1638
		                      : i == USED_UP  ? 2048
		                                      : 1024);
	}
	put_file("people.csv", people);
	put_file("usage.csv", usage);
	import_well("subscribers", "people.csv");
	import_well("usage", "usage.csv");
}

/* Rows of one person: "INSERT INTO table SELECT <number>, <values>". */
static void put_row(const char *table, int person, const char *values)
{
	char text[512];

	(void)snprintf(text, sizeof(text), "INSERT INTO %s SELECT %" PRId64 ", %s", table,
	               FIRST + person, values);
	raw_at(db(), text);
}

#define NOW_SQL "1795050000"
#define CONTRACT \
	"subscription (msisdn, package, since, owner_since, until, contract_until, penalty_fen)"
#define ORDER                                                                                   \
	"service_order (msisdn, kind, package, state, at, owner_since, effective_at, fee_fen, " \
	"inbox)"

static void put_events(void)
{
	close_office();
	put_row(CONTRACT, ENDING, "'58', 1, 0, 0, " NOW_SQL " + 21 * 86400, 0");
	put_row(CONTRACT, NOT_ENDING, "'58', 1, 0, 0, " NOW_SQL " + 35 * 86400, 0");
	put_row(CONTRACT, TRYING,
	        "'CL', " NOW_SQL " - 86400, 0, " NOW_SQL " + 86400, 0, 0");
	for (size_t i = 0; i < 2; i++)
		put_row("complaint", i == 0 ? SILENT_ANGRY : TRIED_ANGRY,
		        NOW_SQL " - 86400, 'net', 0, 0, 'x'");
	put_row("detail", ROAMING, NOW_SQL " - 86400, 0, '漫游 日本', 0, 1, 1");
	for (int i = TRIED; i <= TRIED_BOUGHT; i++)
		put_row("used", i, NOW_SQL " - 86400, 'TONE-1', 'play'");
	put_row("touch", CALLED, NOW_SQL " - 86400, 'call', 'CL', 2");
	put_row("touch", CALLED_NO, NOW_SQL " - 86400, 'call', 'CL', 3");
	put_row("touch", CALLED_ELSE, NOW_SQL " - 86400, 'call', 'CLX', 2");
	put_row("used", TRIED_ANOTHER, NOW_SQL " - 86400, 'TONE-12', 'play'");
	put_row(ORDER, TRIED,
	        "'trial.open', 'CL', 2, " NOW_SQL " - 30 * 86400, 0, 0, 0, 1");
	put_row(ORDER, TRIED_BOUGHT,
	        "'service.open', 'CL', 2, " NOW_SQL " - 8640, 0, 0, 0, 1");
	put_row(ORDER, BOUGHT,
	        "'service.open', 'LLB10', 2, " NOW_SQL " - 20 * 86400, 0, 0, 0, 1");
	put_row(ORDER, BOUGHT_NOW,
	        "'service.open', 'LLB10', 2, " NOW_SQL " - 2 * 86400, 0, 0, 0, 1");
	put_row(ORDER, BOUGHT_ONLY,
	        "'service.open', 'LLB10', 2, " NOW_SQL " - 20 * 86400, 0, 0, 0, 1");
	raw_at(db(), "UPDATE usage_month SET as_of = " NOW_SQL " - 3600;"
	             "UPDATE subscription SET trial = 1 WHERE package = 'CL'");
	for (size_t i = 0; i < 5; i++) {
		static const char *const tables[] = { "subscription", "complaint",
			                              "detail", "service_order",
			                              "usage_month" };
		char text[256];

		(void)snprintf(
			text, sizeof(text),
			"UPDATE %s AS r SET owner_since = (SELECT owner_since FROM "
			"subscriber AS s WHERE s.msisdn = r.msisdn)",
			tables[i]);
		raw_at(db(), text);
	}
	raw_at(db(), "UPDATE usage_month SET as_of = " NOW_SQL
	             " - 48 * 3600 WHERE msisdn = 13900000013");
	open_office();
}

_Static_assert(NEAR_SO_FAR == 13, "as the last number says");

static void setup(void)
{
	set_up();
	put_file("packages.csv", PACKAGES_HEAD PACKAGE_58
	         "CL,vas,彩铃,Ringtone,500,0,0,0,0,0,0,0,0,100,,1\n"
	         "LLB10,addon,10元流量加油包,Pack 10,1000,0,0,1024,0,0,0,0,0,300,,1\n"
	         "LLB20,addon,20元流量加油包,Pack 20,2000,0,0,7168,0,0,0,0,0,600,,1\n");
	import_well("packages", "packages.csv");
	put_people_and_months();
	put_events();
}

/* ---- whom each draws ---- */

#define BIT(person) (INT64_C(1) << (person))

static const struct {
	const char *file, *code;
	int64_t drawn; /* bits of people */
} triggers[] = {
	{ "welcome", "WELCOME-1", BIT(NEW) },
	{ "balance-low", "BALANCE-1", BIT(POOR) },
	{ "contract-end", "CONTRACT-1", BIT(ENDING) },
	{ "silent", "SILENT-1", BIT(SILENT) },
	{ "roaming", "ROAM-1", BIT(ROAMING) },
	{ "allowance-end", "ALLOW-2611", BIT(NEAR) | BIT(BOUGHT) | BIT(BOUGHT_NOW) },
	{ "tone-used", "TONE-2", BIT(TRIED) | BIT(TRYING) },
	{ "after-order", "AFTER-1", BIT(BOUGHT) },
	{ "after-call", "CALL-1", BIT(CALLED) },
	{ "ringback-granted", "EXP-1",
	  (BIT(PEOPLE) - 1) & ~(BIT(SILENT) | BIT(SILENT_ONCE) | BIT(SILENT_ANGRY) |
	                        BIT(TRIED_ANGRY) | BIT(TRIED) | BIT(TRYING) | BIT(NEW) |
	                        BIT(NOT_SO_NEW)) },
};

static void schedule_file(const char *path, const char *code)
{
	struct fault fault;

	(void)snprintf(
		request, sizeof(request),
		"{\"do\":\"campaign\",\"act\":\"add\",\"path\":\"%s\",\"now\":%" PRId64
		",\"by\":\"anna\"}",
		path, NOW);
	ck_assert_msg(ask(request, &fault) == ERR_OK, "%s", fault.text);
	ask_well(act("submit", code, "anna", NOW));
	ask_well(act("approve", code, "bob", NOW));
	ask_well(act("schedule", code, "anna", NOW));
}

static void schedule(const char *file, const char *code)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "etc/campaigns/%s.conf", file);
	schedule_file(path, code);
}

static int64_t drawn(void)
{
	return raw_int(db(), "SELECT ifnull(sum(1 << (msisdn - 13900000000)), 0) FROM "
	                     "target");
}

START_TEST(who_is_drawn_and_who_is_not)
{
	schedule(triggers[_i].file, triggers[_i].code);
	ck_assert_msg(drawn() == triggers[_i].drawn, "%s: %" PRId64 ", not %" PRId64,
	              triggers[_i].file, drawn(), triggers[_i].drawn);
}
END_TEST

/* As the matcher has them: the first of the table that fits. */
static const struct {
	const char *stage;
	int64_t drawn;
} stages[] = {
	{ "silent", BIT(SILENT) },
	{ "barred", BIT(SILENT_ANGRY) | BIT(TRIED_ANGRY) },
	{ "new", BIT(NEW) | BIT(NOT_SO_NEW) },
	{ "contract_end", BIT(ENDING) | BIT(NOT_ENDING) },
	{ "at_risk", 0 },
};

static int stage_by_name(const char *name)
{
	int s = 0;

	while (s < STAGES && strcmp(stage_name((enum stage)s), name) != 0)
		s++;
	return s;
}

START_TEST(a_stage_is_an_audience)
{
	char text[512];

	(void)snprintf(text, sizeof(text),
	               "campaign = { code = \"S-1\"; title = \"t\"; kind = \"care\";\n"
	               " category = \"plans\"; owner = \"anna\"; };\n"
	               "audience = { where = \"stage = '%s'\"; control = \"0\"; };\n"
	               "time = { from = \"2026-11-19\"; until = \"2026-11-30\"; };\n"
	               "arm_a = { zh_hans = \"您好\"; };\n",
	               stages[_i].stage);
	put_file("stage.conf", text);
	(void)snprintf(text, sizeof(text), "%s/stage.conf", t.folder);
	schedule_file(text, "S-1");
	ck_assert_msg(drawn() == stages[_i].drawn, "%s: %" PRId64 ", not %" PRId64,
	              stages[_i].stage, drawn(), stages[_i].drawn);
	/* By which the report tells them apart, and what they answer is learned. */
	(void)snprintf(text, sizeof(text),
	               "SELECT count(*) FROM target WHERE cell / %d <> %d", LEARN_BANDS,
	               stage_by_name(stages[_i].stage));
	ck_assert_int_eq(raw_int(db(), text), 0);
}
END_TEST

/* What is given is kept by "1", not asked for. */
START_TEST(a_trial_that_is_given_is_kept_by_a_reply)
{
	schedule("ringback-granted", "EXP-1");
	ck_assert_int_gt(raw_int(db(),
	                         "SELECT count(*) FROM target WHERE offer = 'CL' AND "
	                         "command = 'service.open code=CL'"),
	                 0);
	ck_assert_int_eq(raw_int(db(), "SELECT count(*) FROM target WHERE command <> "
	                               "'service.open code=CL'"),
	                 0);
}
END_TEST

/* Each day: those to whom it has happened since; the others have had theirs. */
START_TEST(nobody_twice_for_one_event)
{
	schedule("balance-low", "BALANCE-1");
	ask_well(act("tend", "BALANCE-1", "rule", NOW + DAY));
	ck_assert_int_eq(raw_int(db(), "SELECT state FROM campaign"), CAMPAIGN_RUNNING);
	sql("UPDATE target SET state = 3");
	for (int day = 2; day < 5; day++)
		ask_well(act("tend", "BALANCE-1", "rule", NOW + day * DAY));
	ck_assert_int_eq(drawn(), BIT(POOR));
	sql("UPDATE account SET balance_fen = 1 WHERE msisdn = 13900000000");
	ask_well(act("tend", "BALANCE-1", "rule", NOW + 4 * DAY + 3600));
	ck_assert_int_eq(drawn(), BIT(POOR)); /* once a day */
	ask_well(act("tend", "BALANCE-1", "rule", NOW + 5 * DAY));
	ck_assert_int_eq(drawn(), BIT(POOR) | BIT(NOBODY));
	ck_assert_int_eq(raw_int(db(), "SELECT count(*) FROM target WHERE state = 3"), 1);
}
END_TEST

SUITE("office/triggers", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_loop_test(tc, who_is_drawn_and_who_is_not, 0, COUNT_OF(triggers));
      tcase_add_loop_test(tc, a_stage_is_an_audience, 0, COUNT_OF(stages));
      tcase_add_test(tc, a_trial_that_is_given_is_kept_by_a_reply);
      tcase_add_test(tc, nobody_twice_for_one_event);)
