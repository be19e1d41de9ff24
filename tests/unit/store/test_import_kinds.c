/*
 * test_import_kinds.c - every kind of file: what a good row becomes, what is refused.
 */
#include "import_fixture.h"

#define GROUPS        "code,name,kind\nF1,Home,family\n"
#define BILLS         "msisdn,month,item,amount_fen\n"
#define PAYMENTS      "msisdn,at,amount_fen,channel\n"
#define DETAILS       "msisdn,at,kind,peer,amount,fee_fen\n"
#define RESOURCES     "msisdn,kind,name,total,used,expires_on,order\n"
#define SUBSCRIPTIONS "msisdn,package,since,until,contract_until,penalty_fen\n"
#define COMPLAINTS    "msisdn,at,kind,text,state\n"
#define CONSENTS      "msisdn,subject,at,given,channel,text\n"
#define MEMBERS       "group,msisdn,role\n"
#define TAGS          "msisdn,name,value,until\n"
#define TOUCHES       "msisdn,at,channel,about\n"
#define USES          "msisdn,at,campaign,what\n"
#define SUPPRESSED    "msisdn,why\n"
#define N1            "13800000001"

static void people(void)
{
	setup();
	import_packages_and_person();
	import_well("groups", GROUPS);
}

/*
 * Files of one or more rows and the table they make: SINCE is 1577808000, 2020-01-01
 * 00:00:00 in Shanghai; months count from the year 0, so 2020-03 is 24242.
 */
static const struct {
	const char *kind, *text, *table, *rows;
} good[] = {
	{ "groups", "code,name,kind\nE1,Acme,enterprise\n", "group_",
	  "E1|Acme|enterprise\nF1|Home|family\n" },
	{ "groups",
	  "code,name,kind,class,level,manager,phone,limit_fen\n"
	  "E1,Acme,enterprise,large,approve,Wang,13700000001,5000\n"
	  "E2,Bolt,enterprise,bank-2,buy,,,\nE3,City,enterprise,,query,,,1\n"
	  "E4,Dash,enterprise,sme,,,,\n",
	  "enterprise",
	  "E1|large|approve|Wang|13700000001|5000|1577808000\n"
	  "E2|bank-2|buy|||0|1577808000\nE3||query|||1|1577808000\n"
	  "E4|sme||||0|1577808000\n" },
	{ "bills",
	  BILLS N1 ",2020-03,fee,5800\n" N1 ",2020-03,off,-800\n" N1 ",2020-02,fee,1\n",
	  "bill",
	  "13800000001|24241|0|1577808000|fee|1\n"
	  "13800000001|24242|0|1577808000|fee|5800\n"
	  "13800000001|24242|1|1577808000|off|-800\n" },
	{ "payments", PAYMENTS N1 ",2020-01-02 10:31:07,5000,shop\n", "payment",
	  "13800000001|1577932267|shop|1577808000|5000\n" },
	{ "details",
	  DETAILS N1 ",2020-01-02 10:31:07,voice,13900000002,61,15\n" N1
	             ",2020-01-02 10:31:07,data,,2048,0\n" N1
	             ",2020-01-02 00:00:00,sms,10086,2,10\n",
	  "detail",
	  "13800000001|1577894400|1|10086|1577808000|2|10\n"
	  "13800000001|1577932267|0|13900000002|1577808000|61|15\n"
	  "13800000001|1577932267|2||1577808000|2048|0\n" },
	{ "resources",
	  RESOURCES N1 ",general,Plan,2048,100,2020-01-31,2\n" N1
	               ",voice,Plan,100,7,,1\n" N1 ",sms,Plan,100,7,,1\n" N1
	               ",directed,A,3,0,,1\n" N1 ",rolled,B,4,0,,1\n" N1
	               ",pack,C,5,0,,1\n",
	  "resource",
	  "13800000001|0|Plan|1580486400|1577808000|2097152|102400|2|1577808000\n"
	  "13800000001|1|A|0|1577808000|3072|0|1|1577808000\n"
	  "13800000001|2|B|0|1577808000|4096|0|1|1577808000\n"
	  "13800000001|3|C|0|1577808000|5120|0|1|1577808000\n"
	  "13800000001|4|Plan|0|1577808000|6000|420|1|1577808000\n"
	  "13800000001|5|Plan|0|1577808000|100|7|1|1577808000\n" },
	{ "subscriptions",
	  SUBSCRIPTIONS N1 ",CL,2020-01-02,2020-01-31,2020-12-31,100\n" N1
	                   ",CL,2020-02-01,,,\n",
	  "subscription",
	  "13800000001|CL|1577808000|1577808000|0|0|0|0\n"
	  "13800000001|CL|1577894400|1577808000|1580486399|1609430399|100|0\n"
	  "13800000001|CL|1580486400|1577808000|0|0|0|0\n" },
	{ "complaints", COMPLAINTS N1 ",2020-01-02 00:00:00,bill,too much,working\n",
	  "complaint", "13800000001|1577894400|bill|1577808000|1|too much\n" },
	{ "complaints", "msisdn,at,kind,state\n" N1 ",2020-01-02 00:00:00,bill,closed\n",
	  "complaint", "13800000001|1577894400|bill|1577808000|2|\n" },
	{ "consents",
	  CONSENTS N1 ",CL,2020-01-02 00:00:00,1,shop,yes\n" N1
	              ",marketing,2020-01-02 00:00:00,0,sms,R\n",
	  "consent",
	  "13800000001|CL|1577894400|1577808000|1|shop|yes\n"
	  "13800000001|marketing|1577894400|1577808000|0|sms|R\n" },
	{ "consents", "msisdn,subject,at,given\n" N1 ",58,2020-01-02 00:00:00,1\n",
	  "consent", "13800000001|58|1577894400|1577808000|1||\n" },
	{ "members", MEMBERS "F1," N1 ",admin\n", "group_member",
	  "13800000001|F1|1577808000|admin\n" },
	{ "tags", TAGS N1 ",vip,gold,2020-01-31\n" N1 ",app,,\n", "tag",
	  "13800000001|app|1577808000||0|1577808000|0\n"
	  "13800000001|vip|1577808000|gold|1580486399|1577808000|0\n" },
	{ "tags", "msisdn,name,value\n" N1 ",vip,1\n", "tag",
	  "13800000001|vip|1577808000|1|0|1577808000|0\n" },
	/* The second is of before this owner. */
	{ "touches",
	  TOUCHES N1 ",2020-01-02 00:00:00,call,summer\n" N1
	             ",2019-12-31 23:59:59,call,\n" N1 ",2020-01-02 00:00:00,sms,\n",
	  "touch",
	  "13800000001|1577894400|call|summer|0\n13800000001|1577894400|sms||0\n" },
	{ "touches", "msisdn,at,channel\n" N1 ",2020-01-02 00:00:00,call\n", "touch",
	  "13800000001|1577894400|call||0\n" },
	{ "touches",
	  "msisdn,at,channel,about,outcome\n" N1
	  ",2020-01-02 00:00:00,call,CL,missed\n" N1
	  ",2020-01-03 00:00:00,call,CL,refused\n",
	  "touch",
	  "13800000001|1577894400|call|CL|1\n13800000001|1577980800|call|CL|3\n" },
	{ "uses",
	  USES N1 ",2020-01-02 00:00:00,TONE-1,open\n" N1
	          ",2019-12-31 23:59:59,TONE-1,open\n" N1
	          ",2020-01-02 00:00:00,TONE-1,play\n",
	  "used",
	  "13800000001|1577894400|TONE-1|open\n13800000001|1577894400|TONE-1|play\n" },
	/* Also of a number that is no subscriber's. */
	{ "suppressed", SUPPRESSED N1 ",asked by letter\n13800000009,press\n",
	  "suppressed",
	  "13800000001|1577808000|import|asked by letter\n"
	  "13800000009|1577808000|import|press\n" },
};

START_TEST(a_good_row_becomes_what_the_hall_holds)
{
	const struct str got = (import_well(good[_i].kind, good[_i].text),
	                        table_text(good[_i].table));

	ck_assert_msg(str_eq(got, str_of(good[_i].rows)), "got\n%.*s\nexpected\n%s",
	              STR_ARG(got), good[_i].rows);
	import_well(good[_i].kind, good[_i].text); /* replaced: nothing comes twice */
	ck_assert(str_eq(table_text(good[_i].table), got));
}
END_TEST

/* The first row is good, so that what follows has to keep it out; behind the path. */
#define BILL      BILLS N1 ",2020-03,fee,5800\n"
#define PAYMENT   PAYMENTS N1 ",2020-01-02 10:31:07,5000,shop\n"
#define DETAIL    DETAILS N1 ",2020-01-02 10:31:07,voice,139,61,15\n"
#define RESOURCE  RESOURCES N1 ",voice,Plan,100,7,,1\n"
#define HELD      SUBSCRIPTIONS N1 ",CL,2020-05-01,,,\n"
#define COMPLAINT COMPLAINTS N1 ",2020-01-02 00:00:00,bill,,open\n"
#define CONSENT   CONSENTS N1 ",CL,2020-01-02 00:00:00,1,,\n"
#define MEMBER    MEMBERS "F1," N1 ",owner\n"
#define TAG       TAGS N1 ",vip,,\n"
#define TOUCH     TOUCHES N1 ",2020-01-02 00:00:00,call,\n"
#define USE       USES N1 ",2020-01-02 00:00:00,T,open\n"
#define SUPPRESS  SUPPRESSED N1 ",asked\n"
static const struct {
	const char *kind, *text, *fault;
	const char *table;
} bad[] = {
	{ "groups", GROUPS "F 2,a,family\n", ":3: column code: got \"F 2\"", "group_" },
	{ "groups", GROUPS "F2,a,club\n",
	  ":3: column kind: got \"club\", expected family", "group_" },
	{ "groups", "code,name,kind,class,level\nF2,a,enterprise,a b,\n",
	  ":2: column class: got \"a b\"", "enterprise" },
	{ "groups", "code,name,kind,class,level\nF2,a,enterprise,sme,all;\n",
	  ":2: column level: got \"all;\"", "enterprise" },
	{ "groups", "code,name,kind,limit_fen\nF2,a,enterprise,0\n",
	  ":2: column limit_fen: got \"0\", expected fen", "enterprise" },
	{ "groups", GROUPS "F2,a,family\nF1,b,family\n", ":4: the same key as on line 2",
	  "group_" },
	{ "bills", BILL "1380,2020-03,fee,1\n", ":3: column msisdn: got \"1380\"",
	  "bill" },
	{ "bills", BILL "13800000002,2020-03,fee,1\n",
	  ":3: column msisdn: got \"13800000002\", expected a subscriber", "bill" },
	{ "bills", BILL N1 ",2020-3,a,1\n", ":3: column month: got \"2020-3\"", "bill" },
	{ "bills", BILL N1 ",2020-03,,1\n", ":3: column item: got \"\"", "bill" },
	{ "bills", BILL N1 ",2020-03,a,1.5\n", ":3: column amount_fen: got \"1.5\"",
	  "bill" },
	{ "bills", BILL N1 ",2020-03,b,1\n" N1 ",2020-03,fee,1\n",
	  ":4: the same key as on line 2", "bill" },
	{ "bills", BILL N1 ",2020-04,fee,1\n" N1 ",2020-03,b,1\n",
	  ":4: expected next to line 2", "bill" },
	{ "payments", PAYMENT N1 ",2020-01-02 10:60:00,1,a\n", ":3: column at",
	  "payment" },
	{ "payments", PAYMENT N1 ",2020-01-02,1,a\n", ":3: column at: got \"2020-01-02\"",
	  "payment" },
	{ "payments", PAYMENT N1 ",2020-01-33 10:00:00,1,a\n", ":3: column at",
	  "payment" },
	{ "payments", PAYMENT N1 ",2020-01-03 10:00:00,,a\n", ":3: column amount_fen",
	  "payment" },
	{ "payments", PAYMENT N1 ",2020-01-02 10:31:07,1,shop\n",
	  ":3: the same key as on line 2", "payment" },
	{ "details", DETAIL N1 ",2020-01-02 10:31:07,call,139,61,15\n",
	  ":3: column kind: got \"call\", expected voice, sms or data", "detail" },
	{ "details", DETAIL N1 ",2020-01-02 10:31:07,sms,139,-1,15\n",
	  ":3: column amount", "detail" },
	{ "details", DETAIL N1 ",2020-01-02 10:31:07,sms,139,1,x\n", ":3: column fee_fen",
	  "detail" },
	{ "details",
	  DETAIL N1 ",2020-01-02 10:31:07,sms,139,1,1\n" N1
	            ",2020-01-02 10:31:07,voice,139,2,1\n",
	  ":4: the same key as on line 2", "detail" },
	{ "resources", RESOURCE N1 ",gas,Plan,100,7,,1\n", ":3: column kind",
	  "resource" },
	{ "resources", RESOURCE N1 ",sms,,100,7,,1\n", ":3: column name", "resource" },
	{ "resources", RESOURCE N1 ",sms,Plan,-1,7,,1\n", ":3: column total",
	  "resource" },
	{ "resources", RESOURCE N1 ",sms,Plan,1,,,1\n", ":3: column used", "resource" },
	{ "resources", RESOURCE N1 ",sms,Plan,1,1,2020-02-30,1\n",
	  ":3: column expires_on", "resource" },
	{ "resources", RESOURCE N1 ",sms,Plan,1,1,,x\n", ":3: column order", "resource" },
	{ "resources", RESOURCE N1 ",voice,Plan,9,1,,2\n",
	  ":3: the same key as on line 2", "resource" },
	{ "subscriptions", HELD N1 ",58,2020-01-02,,,\n",
	  ":3: column package: got \"58\", expected an add-on", NULL },
	{ "subscriptions", HELD N1 ",CL,,,,\n", ":3: column since", NULL },
	{ "subscriptions", HELD N1 ",CL,2020-01-02,x,,\n", ":3: column until", NULL },
	{ "subscriptions", HELD N1 ",CL,2020-01-02,,x,\n", ":3: column contract_until",
	  NULL },
	{ "subscriptions", HELD N1 ",CL,2020-01-02,,,-1\n", ":3: column penalty_fen",
	  NULL },
	{ "complaints", COMPLAINT N1 ",2020-01-02 00:00:00,,,open\n", ":3: column kind",
	  "complaint" },
	{ "complaints", COMPLAINT N1 ",2020-01-03 00:00:00,b,,done\n",
	  ":3: column state: got \"done\", expected open, working or closed",
	  "complaint" },
	{ "complaints", "msisdn,at,kind\n", ":1: column state: is missing", "complaint" },
	{ "consents", CONSENT N1 ",XX,2020-01-02 00:00:00,1,,\n",
	  ":3: column subject: got \"XX\", expected marketing", "consent" },
	{ "consents", CONSENT N1 ",58,2020-01-02 00:00:00,2,,\n", ":3: column given",
	  "consent" },
	{ "members", MEMBER "F2," N1 ",owner\n",
	  ":3: column group: got \"F2\", expected a group", "group_member" },
	{ "members", MEMBER "F1," N1 ",boss\n", ":3: column role", "group_member" },
	{ "members", MEMBER "F1," N1 ",member\n", ":3: the same key as on line 2",
	  "group_member" },
	{ "tags", TAG N1 ",,x,\n", ":3: column name", "tag" },
	{ "tags", TAG N1 ",a,x,soon\n", ":3: column until", "tag" },
	{ "tags", TAG N1 ",vip,x,\n", ":3: the same key as on line 2", "tag" },
	{ "touches", TOUCH "13800000002,2020-01-02 00:00:00,call,\n",
	  ":3: column msisdn: got \"13800000002\", expected a subscriber", "touch" },
	{ "touches", TOUCH N1 ",2020-01-02,call,\n", ":3: column at", "touch" },
	{ "touches", TOUCH N1 ",2020-01-03 00:00:00,,\n", ":3: column channel", "touch" },
	{ "touches", "msisdn,at,channel,outcome\n" N1 ",2020-01-02 00:00:00,call,maybe\n",
	  ":2: column outcome: got \"maybe\", expected reached, missed, interested or refused",
	  "touch" },
	{ "uses", USE "13800000002,2020-01-02 00:00:00,T,open\n",
	  ":3: column msisdn: got \"13800000002\", expected a subscriber", "used" },
	{ "uses", USE N1 ",2020-01-03 00:00:00,,open\n", ":3: column campaign", "used" },
	{ "uses", USE N1 ",2020-01-03 00:00:00,T,\n", ":3: column what", "used" },
	{ "uses", USE N1 ",2020-01-02 00:00:00,T,open\n", ":3: the same key as on line 2",
	  "used" },
	{ "touches", TOUCH N1 ",2020-01-02 00:00:00,call,x\n",
	  ":3: the same key as on line 2", "touch" },
	{ "suppressed", SUPPRESS "138x,a\n", ":3: column msisdn", "suppressed" },
	{ "suppressed", SUPPRESS "13800000009,\n", ":3: column why", "suppressed" },
	{ "suppressed", SUPPRESS N1 ",b\n", ":3: the same key as on line 2",
	  "suppressed" },
};

START_TEST(a_bad_row_keeps_all_out)
{
	const struct str before = bad[_i].table != NULL ? table_text(bad[_i].table)
	                                                : STR("");
	const struct str held = table_text("subscription");
	struct fault fault;

	ck_assert_int_ne(import(bad[_i].kind, bad[_i].text, &fault), ERR_OK);
	ck_assert_msg(strstr(fault.text, bad[_i].fault) != NULL,
	              "got \"%s\", expected \"%s\"", fault.text, bad[_i].fault);
	if (bad[_i].table != NULL)
		ck_assert(str_eq(table_text(bad[_i].table), before));
	ck_assert(str_eq(table_text("subscription"), held));
}
END_TEST

/* Files that do not ascend hold all keys: the same is found. */
START_TEST(a_key_twice_is_found_in_any_order)
{
	struct fault fault;

	import_well("subscribers", PEOPLE_HEAD
	            "13800000002,b,en,personal,r,2020-01-01,active,1,2,3,58,\n");
	ck_assert_int_eq(import("payments",
	                        PAYMENTS "13800000002,2020-01-02 10:31:07,1,a\n" N1
	                                 ",2020-01-02 10:31:07,1,a\n"
	                                 "13800000002,2020-01-02 10:31:07,2,a\n",
	                        &fault),
	                 ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(fault.text, ":4: the same key as on line 2"));
	ck_assert_int_eq(import("bills",
	                        BILLS "13800000002,2020-01,a,1\n" N1 ",2020-01,a,1\n"
	                              "13800000002,2020-01,b,1\n",
	                        &fault),
	                 ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(fault.text, ":4: expected next to line 2"));
	ck_assert_int_eq(import("payments",
	                        PAYMENTS N1 ",2020-01-02 10:31:07,1,a\n" N1
	                                    ",2020-01-02 10:31:07,2,a\n"
	                                    "13800000002,2020-01-02 10:31:07,2,a\n",
	                        &fault),
	                 ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(fault.text, ":3: the same key as on line 2"));
	ck_assert_uint_eq(table_text("payment").n + table_text("bill").n, 0);
	import_well("payments", PAYMENTS "13800000002,2020-01-02 10:31:07,1,a\n" N1
	                                 ",2020-01-02 10:31:07,1,a\n"
	                                 "13800000002,2020-01-02 10:31:08,2,a\n");
	ck_assert_uint_eq(dossier_of(&f, NUMBER + 1).n_payments, 2);
}
END_TEST

START_TEST(an_unknown_number_is_named_in_any_order)
{
	struct fault fault;

	import_well("subscribers", PEOPLE_HEAD
	            "13800000002,b,en,personal,r,2020-01-01,active,1,2,3,58,\n");
	ck_assert_int_eq(import("payments",
	                        PAYMENTS "13800000002,2020-01-02 10:31:07,1,a\n" N1
	                                 ",2020-01-02 10:31:07,1,\"two\nlines\"\n"
	                                 "13800000009,2020-01-02 10:31:07,2,a\n" N1
	                                 ",2020-01-02 10:31:08,1,a\n",
	                        &fault),
	                 ERR_NOT_FOUND);
	ck_assert_msg(strstr(fault.text, ":5: column msisdn: got \"13800000009\"") !=
	                      NULL,
	              "%s", fault.text);
	ck_assert_uint_eq(table_text("payment").n, 0);
}
END_TEST

START_TEST(a_months_lines_are_replaced_together)
{
	struct dossier d;

	import_well("bills", BILLS N1 ",2020-02,x,1\n" N1 ",2020-03,fee,5800\n" N1
	                              ",2020-03,tone,500\n" N1 ",2020-03,off,-1\n");
	import_well("bills", BILLS N1 ",2020-03,tone,600\n" N1 ",2020-03,fee,5900\n");
	d = dossier_of(&f, NUMBER);
	ck_assert_uint_eq(d.n_bill, 3);
	assert_text(d.bill[0].item, "x");
	assert_text(d.bill[1].item, "tone");
	ck_assert_int_eq(d.bill[1].amount_fen, 600);
	assert_text(d.bill[2].item, "fee");
}
END_TEST

/* ---- marketing ---- */

static const struct {
	const char *at, *given;
	int hall_said; /* opt-out by text at 2020-01-02 00:00:00: 1 out, 0 in, -1 nothing */
	bool out;
} marketing[] = {
	{ "2020-01-02 00:00:00", "0", -1, true },
	{ "2020-01-02 00:00:00", "1", -1, false },
	{ "2020-01-01 23:59:59", "1", 1, true },
	{ "2020-01-02 00:00:01", "1", 1, false },
	{ "2020-01-02 00:00:00", "1", 1, true },
	{ "2020-01-02 00:00:00", "0", 0, true },
	{ "2020-01-01 23:59:59", "0", 0, false },
	{ "2020-01-02 00:00:01", "0", 0, true },
	{ "2019-12-31 23:59:59", "0", -1, false }, /* of an earlier owner */
};

START_TEST(the_later_word_on_marketing_counts)
{
	struct dossier d = dossier_of(&f, NUMBER);
	char text[200];

	if (marketing[_i].hall_said >= 0) {
		changes_opt_out(&f.changes, &d, marketing[_i].hall_said == 1,
		                SINCE + 86400, 1);
		commit_changes(&f);
	}
	(void)snprintf(text, sizeof(text), "%s%s,marketing,%s,%s,shop,\n", CONSENTS, N1,
	               marketing[_i].at, marketing[_i].given);
	import_well("consents", text);
	ck_assert_int_eq(dossier_of(&f, NUMBER).opted_out, marketing[_i].out);
}
END_TEST

/* ---- keys are few octets ---- */

START_TEST(no_cell_runs_into_the_next)
{
	import_well("payments", PAYMENTS N1 ",2020-01-02 10:31:07,1,\n" N1
	                                    ",2020-01-02 10:31:07,1,a\n" N1
	                                    ",2020-01-02 10:31:07,1,aaaaaaaa\n" N1
	                                    ",2020-01-02 10:31:07,1,aaaaaaaaa\n");
	ck_assert_uint_eq(dossier_of(&f, NUMBER).n_payments, 4);
}
END_TEST

SUITE("store/import_kinds", tcase_add_checked_fixture(tc, people, teardown);
      tcase_add_loop_test(tc, a_good_row_becomes_what_the_hall_holds, 0, COUNT_OF(good));
      tcase_add_loop_test(tc, a_bad_row_keeps_all_out, 0, COUNT_OF(bad));
      tcase_add_test(tc, a_key_twice_is_found_in_any_order);
      tcase_add_test(tc, an_unknown_number_is_named_in_any_order);
      tcase_add_test(tc, a_months_lines_are_replaced_together);
      tcase_add_loop_test(tc, the_later_word_on_marketing_counts, 0, COUNT_OF(marketing));
      tcase_add_test(tc, no_cell_runs_into_the_next);)
