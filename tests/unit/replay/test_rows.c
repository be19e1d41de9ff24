/*
 * test_rows.c - rows of a store become tables of a story and those the same rows again.
 */
#include <stdlib.h>
#include <unistd.h>

#include "../src/replay/record_priv.h"
#include "../src/replay/tables_priv.h"
#include "base/civil.h"
#include "support/suite.h"

/* One row at least of each table that an export has; of a person who is nobody. */
static const char rows[] =
	"[clock]\n2024-05-01 08:00:00\n"
	"[subscribers]\nmsisdn,owner_since,points\n13912345678,2021-03-04,50\n"
	"[clock]\n2025-06-01 08:00:00\n"
	"[subscribers]\nmsisdn,owner_since,points\n13912345678,2021-03-04,90\n"
	"[clock]\n2026-10-20 09:00:00\n"
	"[packages]\n"
	"code,kind,name_zh,name_en,fee_fen,voice_min,sms,data_mb,over_voice_fen_per_min\n"
	"58,main,58元套餐,Plan 58,5800,100,10,2048,19.5\n"
	"CL,vas,彩铃,Ringback,500,0,0,0,0\n"
	"[subscribers]\n"
	"msisdn,name,region,owner_since,balance_fen,points,puk\n"
	"13912345678,王小明,浦东,2021-03-04,-1250,88,73519482\n"
	"13687654321,李小红,浦西,2020-01-01,700,0,\n"
	"13512345678,赵小强,浦西,2020-01-01,900,0,\n"
	"[usage]\nmsisdn,month,voice_min,sms,data_mb,bill_fen\n"
	"13912345678,2026-09,12,3,400,6300\n13912345678,2026-10,1,2,3,none\n"
	"[bills]\nmsisdn,month,item,amount_fen\n"
	"13912345678,2026-09,月租,5800\n13912345678,2026-09,\"彩铃,包月\",500\n"
	"[payments]\nmsisdn,at,amount_fen,channel\n"
	"13912345678,2026-10-02 10:00:00,5000,支付宝\n"
	"[details]\nmsisdn,at,kind,peer,amount,fee_fen\n"
	"13912345678,2026-10-03 10:00:00,voice,13687654321,61,15\n"
	"[resources]\nmsisdn,kind,name,total,used,expires_on,order\n"
	"13912345678,pack,加油包,1024,100,2026-10-31,1\n"
	"[subscriptions]\nmsisdn,package,since,until\n13912345678,CL,2026-01-02,none\n"
	"[complaints]\nmsisdn,at,kind,text,state\n"
	"13912345678,2026-10-04 10:00:00,net,\"王小明,13687654321\",working\n"
	"[consents]\nmsisdn,subject,given,at,channel,text\n"
	"13912345678,CL,1,2026-01-02 08:00:00,sms,好的 13687654321\n"
	"[orders]\n"
	"msisdn,owner_since,id,kind,package,state,at,effective_at,fee_fen,charged_fen,"
	"undo_until,was,price\n"
	"13912345678,2021-03-04,1207,service.open,CL,effective,2026-10-05 10:00:00,"
	"2026-10-05 10:00:00,500,0,2026-10-06 10:00:00,,5.00\n"
	"[tasks]\nmsisdn,owner_since,id,kind,at,text,done_at,answer,due_at\n"
	"13912345678,2021-03-04,1301,complaint,2026-10-06 10:00:00,我是王小明,none,,"
	"2026-10-08 10:00:00\n"
	"[pins]\nmsisdn,owner_since,hash,failures,locked_until\n"
	"13912345678,2021-03-04,$argon2id$secret,3,2026-10-21 10:00:00\n"
	"[reminders]\nmsisdn,owner_since,kind,limit_fen,since,next_at\n"
	"13912345678,2021-03-04,balance,2000,2026-10-01 10:00:00,2026-10-21 10:00:00\n"
	"[preferences]\nmsisdn,owner_since,off,from_hour,to_hour,at\n"
	"13912345678,2021-03-04,3,9,18,2026-10-01 10:00:00\n"
	"[bonds]\nmsisdn,owner_since,asker,asker_since,state,asked_at,at\n"
	"13912345678,2021-03-04,13687654321,2020-01-01,1,2026-10-01 10:00:00,"
	"2026-10-01 10:05:00\n"
	"[groups]\ncode,name,level,manager,phone\n"
	"Q1,大鱼海鲜行,approve,钱小姐,13687654321\n"
	"[members]\ngroup,msisdn,role\nQ1,13912345678,owner\nQ1,13512345678,member\n"
	"[requests]\nasker,msisdn,owner_since,own,command,state,asked_at,at,nonce\n"
	"13512345678,13912345678,2021-03-04,1,service.open code=CL,0,2026-10-02 10:00:00,"
	"2026-10-02 10:00:00,4711\n"
	"[coupons]\nmsisdn,owner_since,code,kind,issued_at,expires_at,state\n"
	"13912345678,2021-03-04,Q7,C5,2026-10-01 10:00:00,2026-12-01 00:00:00,0\n"
	"[script]\n";

/* What stands in the export of them. */
static const char *const told[] = {
	"[clock]\n2026-10-20 09:00:00\n[subscribers]\n",
	/* of 50 points of the older list 2 are used */
	"[clock]\n2024-05-01 08:00:00\n[subscribers]\nmsisdn,owner_since,points\n"
	"13800000000,2021-03-04,48\n[clock]\n2025-06-01 08:00:00\n[subscribers]\n"
	"msisdn,owner_since,points\n13800000000,2021-03-04,88\n",
	"\n58,main,58元套餐,Plan 58,,5800,100,10,2048,19.5,",
	"\n13800000000,客户1,1,zh-Hans,personal,浦东,2020-01-01,2021-03-04,active,4G,,-1250,"
	"0,88,22222221,58,\n",
	"\n13800000000,2026-09,12,3,400,6300\n13800000000,2026-10,1,2,3,none\n",
	"\n13800000000,2026-09,月租,5800\n13800000000,2026-09,\"彩铃,包月\",500\n",
	"\n13800000000,2026-10-02 10:00:00,5000,支付宝\n",
	"\n13800000000,2026-10-03 10:00:00,voice,13800000001,61,15\n",
	"\n13800000000,pack,加油包,1024,100,2026-10-31,1\n",
	"\n13800000000,CL,2026-01-02,none,none,0\n",
	"\n13800000000,2026-10-04 10:00:00,net,\"客户1,13800000001\",working\n",
	"\n13800000000,CL,1,2026-01-02 08:00:00,sms,好的 13800000001\n",
	"\n13800000000,2021-03-04,1207,service.open,CL,effective,2026-10-05 10:00:00,"
	"2026-10-05 10:00:00,500,0,0,2026-10-06 10:00:00,,5.00\n",
	"\n13800000000,2021-03-04,1301,complaint,2026-10-06 10:00:00,我是客户1,none,,,"
	"2026-10-08 10:00:00",
	"\n13800000000,2021-03-04,,x,3,2026-10-21 10:00:00,none,0,none\n",
	"\n13800000000,2021-03-04,balance,2000,2026-10-01 10:00:00,2026-10-21 10:00:00,0\n",
	"\n13800000000,2021-03-04,3,9,18,2026-10-01 10:00:00\n",
	"\n13800000000,2021-03-04,13800000001,2020-01-01,1,2026-10-01 10:00:00,"
	"2026-10-01 10:05:00,0,0\n",
	"\nQ1,客户4,enterprise,,approve,客户5,13800000001,0\n",
	"\nQ1,13800000000,admin\nQ1,13800000002,member\n",
	"\n13800000002,2020-01-01,13800000000,2021-03-04,1,service.open code=CL,0,"
	"2026-10-02 10:00:00,2026-10-02 10:00:00,4711,0\n",
	/* of those that he has to do with */
	"\n13800000001,客户2,1,zh-Hans,personal,浦西,2020-01-01,2020-01-01,active,4G,,700,"
	"0,0,,58,\n",
	"# The PIN that was right in a text; none where none was",
	"\n13800000000,2021-03-04,Q7,C5,2026-10-01 10:00:00,2026-12-01 00:00:00,0,0\n",
};

static struct arena arena;
static struct pin_conf pins;
static char folder[64];

static void set_up(void)
{
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	static const uint8_t pepper[PIN_PEPPER] = "made up";

	arena = arena_make((size_t)64 << 20);
	pin_conf_make(&pins, pepper, true);
	(void)snprintf(folder, sizeof(folder), "/tmp/smshall-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void tear_down(void)
{
	char command[128];

	arena_free(&arena);
	(void)snprintf(command, sizeof(command), "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
}

static int64_t at(const char *time)
{
	int64_t v;

	ck_assert_int_eq(civil_parse_time(str_of(time), &v), ERR_OK);
	return v;
}

/* A store with the tables of a story; its URL. */
static const char *store_of(struct str content, const char *name)
{
	const char *url = arena_printf(&arena, "sqlite:%s/%s", folder, name).p;
	struct story story = { 0 };
	struct fault fault = { "" };
	struct store *s;
	int64_t now = 0;

	ck_assert_msg(store_open(url, STORE_CREATE, &s, &fault) == ERR_OK, "%s",
	              fault.text);
	ck_assert_msg(story_parse("t.case", content, &arena, &story, &fault) == ERR_OK,
	              "%s", fault.text);
	for (size_t i = 0; i < story.items.n; i++) {
		const struct story_item *item = &story.items.row[i];

		if (item->kind == STORY_CLOCK)
			now = item->value;
		else
			ck_assert_msg(tables_store(s, item, now, &pins, &arena, &fault) ==
			                      ERR_OK,
			              "%s", fault.text);
	}
	store_close(s);
	return url;
}

static struct str export(const char *url, int64_t msisdn, const char *now)
{
	struct redact *r = redact_create(&arena);
	struct buf out = buf_make(1 << 20);
	struct fault fault = { "" };
	struct str s;

	(void)redact_msisdn(r, msisdn);
	ck_assert_msg(rows_export(url, &msisdn, 1, at(now), NULL, r, &arena, &out,
	                          &fault) == ERR_OK,
	              "%s", fault.text);
	s = arena_printf(&arena, "story: t\n%.*s[script]\n", STR_ARG(buf_str(&out)));
	redact_destroy(r);
	buf_free(&out);
	return s;
}

START_TEST(rows_of_every_kind_are_told_with_what_is_personal_replaced)
{
	const char *url = store_of(str_of(rows), "a.db");
	const struct str story = export(url, INT64_C(13912345678), "2026-10-20 10:00:00");

	for (size_t i = 0; i < COUNT_OF(told); i++)
		ck_assert_msg(strstr(story.p, told[i]) != NULL, "%s\nnot in\n%s", told[i],
		              story.p);
	ck_assert_ptr_null(strstr(story.p, "1391234"));
	ck_assert_ptr_null(strstr(story.p, "13687654321"));
	ck_assert_ptr_null(strstr(story.p, "13512345678"));
	ck_assert_ptr_null(strstr(story.p, "argon2"));
	ck_assert_ptr_null(strstr(story.p, "小"));
	ck_assert_ptr_null(strstr(story.p, "大鱼"));
}
END_TEST

START_TEST(what_is_told_makes_the_same_rows_again)
{
	const struct str story = export(store_of(str_of(rows), "a.db"),
	                                INT64_C(13912345678), "2026-10-20 10:00:00");
	const struct str again = export(store_of(story, "b.db"), INT64_C(13800000000),
	                                "2026-10-20 10:00:00");

	ck_assert_str_eq(again.p, story.p);
}
END_TEST

/* The store may be of a time behind the capture. */
START_TEST(what_came_to_be_in_the_story_is_not_there_at_its_begin)
{
	const struct str story = export(store_of(str_of(rows), "a.db"),
	                                INT64_C(13912345678), "2026-10-05 09:00:00");

	ck_assert_ptr_nonnull(strstr(story.p, "voice,13800000001"));
	ck_assert_ptr_null(strstr(story.p, ",1207,"));
	ck_assert_ptr_null(strstr(story.p, "1301"));
}
END_TEST

START_TEST(a_pin_of_a_story_has_six_digits)
{
	const struct str content = STR(
		"[pins]\nmsisdn,pin\n13800000001,12345\n[script]\n");
	struct story story = { 0 };
	struct fault fault = { "" };
	struct store *s;

	ck_assert_int_eq(store_open("sqlite::memory:", STORE_CREATE, &s, &fault), ERR_OK);
	ck_assert_int_eq(story_parse("t.case", content, &arena, &story, &fault), ERR_OK);
	ck_assert_int_eq(tables_store(s, &story.items.row[0], 0, &pins, &arena, &fault),
	                 ERR_SYNTAX);
	ck_assert_str_eq(fault.text,
	                 "t.case:3: expected a PIN of 6 digits, not \"12345\"");
	store_close(s);
}
END_TEST

SUITE("replay/rows", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, rows_of_every_kind_are_told_with_what_is_personal_replaced);
      tcase_add_test(tc, what_is_told_makes_the_same_rows_again);
      tcase_add_test(tc, a_pin_of_a_story_has_six_digits);
      tcase_add_test(tc, what_came_to_be_in_the_story_is_not_there_at_its_begin);)
