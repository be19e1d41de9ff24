/*
 * test_story.c - stories as steps, and what is said about lines that are none.
 */
#include <stdlib.h>

#include "replay/story.h"
#include "support/suite.h"

static struct arena arena;

static void setup(void)
{
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	arena = arena_make(16 << 20);
}

static void teardown(void)
{
	arena_free(&arena);
}

static const char whole[] = "story: a title\n"
			    "more words\n"
			    "# a comment\n"
			    "[clock]\n"
			    "2026-10-20 10:31:00\n"
			    "[subscribers]\n"
			    "msisdn,package\n"
			    "13800000001,58\r\n"
			    "\n"
			    "13800000002,38\n"
			    "[script]\n"
			    "13800000001 [to 10086] [lost] >  CX < LL \n"
			    "ack 0x14\n"
			    "< 剩{n}分\n"
			    "13800000002 < x\n"
			    "no reply\n"
			    "+5m\n"
			    "restart\n"
			    "[rows]\n"
			    "inbox: count=2";

START_TEST(every_kind_of_line_becomes_its_step)
{
	static const struct {
		enum story_kind kind;
		int line;
		int64_t value;
		const char *number, *text;
	} want[] = {
		{ STORY_CLOCK, 5, 1792463460, "", "2026-10-20 10:31:00" },
		{ STORY_TABLE, 7, 0, "", "msisdn,package" },
		{ STORY_TEXT, 12, 0, "13800000001", " CX < LL" },
		{ STORY_ACK, 13, 0x14, "", "ack 0x14" },
		{ STORY_REPLY, 14, 0, "", "剩{n}分" },
		{ STORY_REPLY, 15, 0, "13800000002", "x" },
		{ STORY_SILENCE, 16, 0, "", "no reply" },
		{ STORY_PASS, 17, 300000, "", "+5m" },
		{ STORY_RESTART, 18, 0, "", "restart" },
		{ STORY_EXPECT, 20, 0, "", "inbox: count=2" },
	};
	const size_t n = COUNT_OF(want);
	struct fault why = { "" };
	struct story s;

	ck_assert_msg(story_parse("a.case", str_of(whole), &arena, &s, &why) == ERR_OK,
	              "%s", why.text);
	ck_assert_uint_eq(s.items.n, n);
	ck_assert(str_eq(s.title, STR("a title")));
	for (size_t i = 0; i < n; i++) {
		const struct story_item *item = &s.items.row[i];

		ck_assert_int_eq(item->kind, want[i].kind);
		ck_assert_int_eq(item->line, want[i].line);
		ck_assert_int_eq(item->value, want[i].value);
		ck_assert(str_eq(item->number, str_of(want[i].number)));
		ck_assert(str_eq(item->text, str_of(want[i].text)));
	}
	ck_assert_uint_eq(s.items.row[1].csv->rows.n, 2);
	ck_assert_int_eq(s.items.row[1].csv->rows.row[1].number, 10);
	ck_assert(str_eq(s.items.row[1].csv->rows.row[0].text, STR("13800000001,58")));
	ck_assert(s.items.row[2].note->lost &&
	          str_eq(s.items.row[2].note->to, STR("10086")));
}
END_TEST

/* A file cut anywhere is read or refused with its line, and nothing else happens. */
START_TEST(every_prefix_is_read_or_refused)
{
	struct str prefix = { whole, (size_t)_i };
	struct fault why = { "" };
	struct story s;
	const enum err e = story_parse("a.case", prefix, &arena, &s, &why);

	ck_assert_uint_eq(e == ERR_OK, why.text[0] == '\0');
	if (e != ERR_OK)
		ck_assert_msg(strncmp(why.text, "a.case:", 7) == 0, "%s", why.text);
}
END_TEST

static const struct {
	const char *content, *fault;
} faults[] = {
	{ "", "a.case:0: expected a [script]" },
	{ "CXYE\n", "a.case:1: expected story:" },
	{ "story: x\n[scripts]\n", "a.case:2: expected [clock]" },
	{ "story: x\n[clock]\n2026-13-01 00:00:00\n", "a.case:3: expected a time" },
	{ "story: x\n[script]\nCXYE\n", "a.case:3: expected NUMBER > text" },
	{ "story: x\n[script]\n> CXYE\n", "a.case:3: expected a sender" },
	{ "story: x\n[script]\n+5\n", "a.case:3: expected a duration" },
	{ "story: x\n[script]\n+s\n", "a.case:3: expected a duration" },
	{ "story: x\n[script]\nack 0x14\n", "a.case:3: expected ack directly behind" },
	{ "story: x\n[script]\n1 > a\nack x\n", "a.case:4: expected a status" },
	{ "story: x\n[script]\n1 [tx 2] > a\n", "a.case:3: unknown note [tx 2]" },
	{ "story: x\n[script]\n1 [to] > a\n", "a.case:3: note [to]: expected a word" },
	{ "story: x\n[script]\n1 [lost 2] > a\n",
	  "a.case:3: note [lost 2]: expected nothing" },
	{ "story: x\n[script]\n1 [times 0] > a\n",
	  "a.case:3: note [times 0]: expected a number" },
	{ "story: x\n[script]\n1 [part 1] > a\n",
	  "a.case:3: note [part 1]: expected such as" },
	{ "story: x\n[script]\n1 [to 1 > a\n", "a.case:3: expected [note]" },
	{ "story: x\n[script]\n1 > {a\n", "a.case:3: expected {name}" },
	{ "story: x\n[script]\n1 [to 2] < a\n",
	  "a.case:3: expected nothing but the receiver" },
	{ "story: x\n[rows]\ninbox\n", "a.case:3: expected a row" },
	{ "story: x\n[packages]\nuse nothing\n", "a.case:3: no nothing.packages.csv" },
};

START_TEST(faults_name_the_line_and_what_was_expected)
{
	struct fault why = { "" };
	struct story s;

	ck_assert_int_ne(
		story_parse("a.case", str_of(faults[_i].content), &arena, &s, &why),
		ERR_OK);
	ck_assert_msg(strncmp(why.text, faults[_i].fault, strlen(faults[_i].fault)) == 0,
	              "%s instead of %s", why.text, faults[_i].fault);
}
END_TEST

START_TEST(notes_are_read_into_their_members)
{
	struct story_note n = { .dcs = -1, .times = 1 };

	ck_assert_int_eq(
		story_parse_notes(STR("[part 2/3 ref 0x1ff] [ucs2] [hex] [dcs 0xf5] "
	                              "[session 4] [reply session 5] [refused 11]"),
	                          &n, NULL),
		ERR_OK);
	ck_assert(n.udh && n.hex && n.has_coding && n.coding == CODING_UCS2);
	ck_assert_int_eq(n.seq, 2);
	ck_assert_int_eq(n.total, 3);
	ck_assert_int_eq(n.ref, 0x1ff);
	ck_assert_int_eq(n.dcs, 0xf5);
	ck_assert_int_eq(n.session, 4);
	ck_assert_int_eq(n.reply_session, 5);
	ck_assert_int_eq(n.refused, 11);
	ck_assert_int_eq(story_parse_notes(STR("[sar 1/2 ref 9]"), &n, NULL), ERR_OK);
	ck_assert(!n.udh);
}
END_TEST

SUITE("replay/story", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, every_kind_of_line_becomes_its_step);
      tcase_add_loop_test(tc, every_prefix_is_read_or_refused, 0, (int)sizeof(whole));
      tcase_add_loop_test(tc, faults_name_the_line_and_what_was_expected, 0,
                          (int)COUNT_OF(faults));
      tcase_add_test(tc, notes_are_read_into_their_members);)
