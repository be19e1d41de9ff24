/*
 * test_record.c - a capture becomes a story that passes and names nobody.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "replay/record.h"
#include "replay/redact.h"
#include "replay/replay.h"
#include "smpp/capture.h"
#include "support/suite.h"
#include "text/coding.h"

/* ---- redaction ---- */

static const struct {
	const char *text, *told;
	bool secret;
} texts[] = {
	{ "CXYE", "CXYE", false },
	{ "13912345678", "13800000000", false },
	{ "我的号码13912345678,谢谢", "我的号码13800000000,谢谢", false },
	{ "8613912345678 008613912345678", "8613800000000 008613800000000", false },
	{ "１３９12345678", "13800000000", false },
	{ "139 1234 5678或139-1234-5678", "138 0000 0000或138-0000-0000", false },
	{ "13912345678 15012345678 13912345678", "13800000000 13800000001 13800000000",
	  false },
	{ "110101199003071234", "222222222222222221", false },
	{ "11010119900307123X", "22222222222222221X", false },
	{ "139****5678", "138****0000", false },
	{ "10086 1008611 120.50 2026-10-20 10:31",
	  "10086 1008611 120.50 2026-10-20 10:31", false },
	{ "12345678901", "12345678901", false },
	{ "139123456789", "139123456789", false },
	{ "XGMM 123456 654321 123456", "XGMM 222221 222222 222221", true },
	{ "王小明您好", "客户1您好", false },
	{ "王小您好 Annabel Ann Ann", "王小您好 Annabel 客户2 客户2", false },
};

START_TEST(what_is_personal_is_replaced_and_nothing_else)
{
	struct arena a = arena_make(1 << 20);
	struct redact *r = redact_create(&a);
	struct buf out = buf_make(4096);

	(void)redact_name(r, STR("王小明"));
	(void)redact_name(r, STR("Ann"));
	redact_text(r, str_of(texts[_i].text), texts[_i].secret, &out);
	ck_assert_str_eq(buf_cstr(&out), texts[_i].told);
	buf_free(&out);
	redact_destroy(r);
	arena_free(&a);
}
END_TEST

START_TEST(service_numbers_stay)
{
	static const char *const stay[] = { "10086", "1065712345678", "95588", "100861" };
	struct arena a = arena_make(1 << 20);
	struct redact *r = redact_create(&a);
	const struct str foreign = redact_number(r, STR("+85291234567"));

	for (size_t i = 0; i < COUNT_OF(stay); i++)
		ck_assert(str_eq(redact_number(r, str_of(stay[i])), str_of(stay[i])));
	ck_assert(str_eq(foreign, STR("+13800000000")));
	redact_destroy(r);
	arena_free(&a);
}
END_TEST

/* ---- captures ---- */

static char path[] = "/tmp/test-record-XXXXXX";
static char *told;
static size_t told_n;
static struct buf lines;
static int64_t at_ms;
static uint32_t sequence;

static struct span octets_of(const char *s)
{
	return (struct span){ (const uint8_t *)s, strlen(s) };
}

static void put_line(bool out, uint32_t id, uint32_t status, const union smpp_body *body)
{
	struct buf pdu = buf_make(1 << 16);
	struct smpp_captured c = { at_ms, STR("secret-link"), out, { NULL, 0 } };

	ck_assert_int_eq(smpp_encode(id, status, sequence, body, &pdu), ERR_OK);
	c.pdu = buf_span(&pdu);
	smpp_capture_put(&c, &lines);
	buf_free(&pdu);
}

/* A text and its response; status UINT32_MAX: none. */
static void texted(const char *from, const char *text, uint32_t status)
{
	struct buf ucs2 = buf_make(4096);
	union smpp_body body = { .deliver_sm = { .source_addr = octets_of(from),
		                                 .destination_addr = octets_of("10086"),
		                                 .data_coding = 8 } };

	ck_assert_int_eq(coding_encode(CODING_UCS2, str_of(text), &ucs2), ERR_OK);
	body.deliver_sm.short_message = buf_span(&ucs2);
	sequence++;
	put_line(false, SMPP_DELIVER_SM, 0, &body);
	if (status != UINT32_MAX)
		put_line(true, SMPP_DELIVER_SM | SMPP_RESP, status, NULL);
	buf_free(&ucs2);
}

static void replied(const char *to, const char *text, uint32_t status)
{
	struct buf ucs2 = buf_make(4096);
	union smpp_body body = { .submit_sm = { .source_addr = octets_of("10086"),
		                                .destination_addr = octets_of(to),
		                                .data_coding = 8 } };

	ck_assert_int_eq(coding_encode(CODING_UCS2, str_of(text), &ucs2), ERR_OK);
	body.submit_sm.short_message = buf_span(&ucs2);
	sequence++;
	put_line(true, SMPP_SUBMIT_SM, 0, &body);
	put_line(false, SMPP_SUBMIT_SM | SMPP_RESP, status, NULL);
	buf_free(&ucs2);
}

static void write_file(struct str content)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(content.p, 1, content.n, f), content.n);
	ck_assert_int_eq(fclose(f), 0);
}

static struct record_tally record(int64_t msisdn)
{
	struct record_conf conf = { .grammar = "grammar",
		                    .capture = path,
		                    .msisdn = msisdn };
	struct record_tally tally = { 0, 0, 0 };
	struct fault fault = { "" };

	write_file(buf_str(&lines));
	conf.out = open_memstream(&told, &told_n);
	ck_assert_ptr_nonnull(conf.out);
	ck_assert_msg(record_story(&conf, &tally, &fault) == ERR_OK, "%s", fault.text);
	ck_assert_int_eq(fclose(conf.out), 0);
	return tally;
}

static void set_up(void)
{
	const int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	lines = buf_make(1 << 20);
	at_ms = INT64_C(1792463460123); /* 2026-10-20 10:31:00 */
}

static void tear_down(void)
{
	(void)unlink(path);
	buf_free(&lines);
	free(told);
	told = NULL;
}

#define HEAD                                                             \
	"story: recorded; numbers, names and ids are made up\n[clock]\n" \
	"2026-10-20 10:31:00\n[script]\n"

START_TEST(a_conversation_is_told_in_order)
{
	struct record_tally t;

	texted("13912345678", "CXYE", 0);
	texted("15012345678", "人工", 0);
	replied("13912345678", "余额1.00元", 0);
	replied("15012345678", "已转人工，编号T77，再见13912345678", 0);
	at_ms += 61000;
	texted("13912345678", "XGMM 135791 246802", 0);
	replied("13912345678", "好", 0);
	t = record(0);
	ck_assert_str_eq(told, HEAD "13800000000 [ucs2] > CXYE\n< 余额1.00元\n"
	                            "13800000001 > 人工\n"
	                            "< 已转人工，编号T{task}，再见13800000000\n"
	                            "+61s\n13800000000 [ucs2] > XGMM 258001 258002\n"
	                            "< 好\n");
	ck_assert_uint_eq(t.texts, 3);
	ck_assert_uint_eq(t.replies, 3);
}
END_TEST

/* Each in the words of one language; two numbers' prompts, one after the other. */
START_TEST(what_the_hall_made_up_is_a_variable)
{
	const char *const a = "13912345678", *const b = "15012345678";

	texted(a, "DLM", 0);
	replied(a, "135790 signs you in to the web hall or app once, within 5 minutes.",
	        0);
	texted(a, "MMCZ", 0);
	replied(a, "驗證碼048213，10分鐘內有效，", 0);
	texted(a, "048213#975318#975318", 0);
	replied(a, "10分钟内回复73确认，N放弃", 0);
	texted(b, "KT", 0);
	replied(b, "you see. Reply 73 within 24 hours to confirm, N to drop", 0);
	texted(b, "73 73元 107", 0);
	replied(b, "10分鐘內回覆12確認，N放棄", 0);
	texted(a, "好的", 0);
	replied(a, "请回复数字73确认，回复N放弃", 0);
	texted(b, "y 12", 0);
	replied(b, "已辦好，訂單1001：已改", 0);
	texted(b, "撤銷1001", 0);
	replied(b, "好，余额73元。10分鐘內回覆73確認，N放棄", 0);
	(void)record(0);
	ck_assert_str_eq(
		told, HEAD
		"13800000000 [ucs2] > DLM\n"
		"< {passcode}\\ssigns you in to the web hall or app once, within 5 minutes.\n"
		"13800000000 [ucs2] > MMCZ\n"
		"< 驗證碼{passcode2}，10分鐘內有效，\n"
		"13800000000 [ucs2] > {passcode2}#258003#258003\n"
		"< 10分钟内回复{nonce}确认，N放弃\n"
		"13800000001 [ucs2] > KT\n"
		"< you see. Reply\\s{nonce2}\\swithin 24 hours to confirm, N to drop\n"
		"13800000001 > {nonce2}\\s{nonce2}元 107\n"
		"< 10分鐘內回覆{nonce3}確認，N放棄\n"
		"13800000000 > 好的\n"
		"< 请回复数字{nonce}确认，回复N放弃\n"
		"13800000001 [ucs2] > y\\s{nonce3}\n"
		"< 已辦好，訂單{order}：已改\n"
		"13800000001 > 撤銷{order}\n"
		"< 好，余额73元。10分鐘內回覆{nonce4}確認，N放棄\n");
}
END_TEST

START_TEST(what_was_refused_or_cut_off_is_left_out)
{
	struct record_tally t;

	texted("13912345678", "CXYE", 0x58);
	texted("13912345678", "CXYE", UINT32_MAX);
	t = record(0);
	ck_assert_uint_eq(t.texts, 0);
	ck_assert_uint_eq(t.left_out, 2);
	ck_assert_ptr_nonnull(strstr(told, "# a text of 13800000000 is left out: refused "
	                                   "with status 0x58\n"));
	ck_assert_ptr_null(strstr(told, ">"));
}
END_TEST

START_TEST(what_was_sent_again_is_told_once)
{
	texted("13912345678", "CXYE", 0);
	replied("13912345678", "余额1.00元", 0x58);
	replied("13912345678", "余额1.00元", 0);
	ck_assert_uint_eq(record(0).replies, 1);
}
END_TEST

START_TEST(one_number_alone)
{
	texted("8613912345678", "CXYE", 0);
	texted("15012345678", "CXLL", 0);
	replied("15012345678", "b", 0);
	replied("8613912345678", "a", 0);
	(void)record(INT64_C(13912345678));
	ck_assert_str_eq(told, HEAD "8613800000000 [ucs2] > CXYE\n< a\n");
}
END_TEST

/* Replies to nobody on record need no store: the story passes as it was recorded. */
START_TEST(the_story_passes)
{
	struct replay_conf conf = { .grammar = "grammar", .bless = true };
	struct fault fault = { "" };
	struct replay *r;

	texted("13912345678", "CXYE", 0);
	replied("13912345678", "to be blessed", 0);
	texted("1065712345678", "CXYE", 0);
	(void)record(0);
	conf.out = fopen("/dev/null", "we");
	ck_assert_ptr_nonnull(conf.out);
	write_file((struct str){ told, told_n });
	ck_assert_msg(replay_create(&conf, &r, &fault) == ERR_OK, "%s", fault.text);
	ck_assert(!replay_run(r, path));
	ck_assert(replay_run(r, path));
	replay_destroy(r);
	ck_assert_int_eq(fclose(conf.out), 0);
}
END_TEST

START_TEST(what_the_office_did_meanwhile_stands_at_the_head)
{
	texted("13912345678", "CXYE", 0);
	smpp_capture_put_deed(at_ms + 65000, STR("import usage"), &lines);
	buf_puts(&lines, STR("# office hours\n# 12 offices import\n"));
	replied("13912345678", "好", 0);
	(void)record(0);
	ck_assert_str_eq(told,
	                 "story: recorded; numbers, names and ids are made up\n"
	                 "# Meanwhile the office was asked for what this story does not "
	                 "do; answers behind it may be others:\n"
	                 "# 2026-10-20 10:32:05 import usage\n"
	                 "[clock]\n2026-10-20 10:31:00\n[script]\n"
	                 "13800000000 [ucs2] > CXYE\n< 好\n");
}
END_TEST

START_TEST(a_line_that_is_none_is_named)
{
	struct record_conf conf = { .grammar = "grammar", .capture = path };
	struct record_tally tally;
	struct fault fault = { "" };

	conf.out = stdout;
	write_file(STR("# fine\n1 a in 00\n"));
	ck_assert_int_eq(record_story(&conf, &tally, &fault), ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(fault.text, ":2: expected a PDU"));
}
END_TEST

SUITE("replay/record", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_loop_test(tc, what_is_personal_is_replaced_and_nothing_else, 0,
                          (int)COUNT_OF(texts));
      tcase_add_test(tc, service_numbers_stay);
      tcase_add_test(tc, a_conversation_is_told_in_order);
      tcase_add_test(tc, what_the_hall_made_up_is_a_variable);
      tcase_add_test(tc, what_was_refused_or_cut_off_is_left_out);
      tcase_add_test(tc, what_was_sent_again_is_told_once);
      tcase_add_test(tc, one_number_alone); tcase_add_test(tc, the_story_passes);
      tcase_add_test(tc, what_the_office_did_meanwhile_stands_at_the_head);
      tcase_add_test(tc, a_line_that_is_none_is_named);)
