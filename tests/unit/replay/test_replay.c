/*
 * test_replay.c - the runner: what passes, what fails and how, and what --bless writes.
 *
 * Rests on few words of the replies, so that rewording them does not break it.  Runs
 * in the project's folder, as all tests do.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "replay/replay.h"
#include "support/suite.h"

static char path[] = "/tmp/test-replay-XXXXXX";
static char *printed;
static size_t printed_n;

static void write_story(const char *content)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(content, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static char *read_story(void)
{
	static char content[65536];
	FILE *f = fopen(path, "rb");
	size_t n;

	ck_assert_ptr_nonnull(f);
	n = fread(content, 1, sizeof(content) - 1, f);
	content[n] = '\0';
	ck_assert_int_eq(fclose(f), 0);
	return content;
}

/* Runs the content as a story; what it prints is in `printed`. */
static bool passes(const char *content, bool bless)
{
	struct replay_conf conf = { .grammar = "grammar", .bless = bless };
	struct fault why = { "" };
	struct replay *r;
	bool passed;

	if (content != NULL)
		write_story(content);
	free(printed);
	conf.out = open_memstream(&printed, &printed_n);
	ck_assert_ptr_nonnull(conf.out);
	ck_assert_msg(replay_create(&conf, &r, &why) == ERR_OK, "%s", why.text);
	passed = replay_run(r, path);
	replay_destroy(r);
	ck_assert_int_eq(fclose(conf.out), 0);
	return passed;
}

static void setup(void)
{
	const int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
}

static void teardown(void)
{
	(void)unlink(path);
	free(printed);
	printed = NULL;
}

#define HEAD                   \
	"story: a test\n"      \
	"[subscribers]\n"      \
	"msisdn,balance_fen\n" \
	"13800000001,3520\n"   \
	"13800000002,3521\n"   \
	"[script]\n"

/* What is told when a story is wrong, and that it is told. */
static const struct {
	const char *content, *told;
} stories[] = {
	{ HEAD "13800000001 > CXYE\n< {*}35.20{*}\n", NULL },
	{ HEAD "13800000001 > CXYE\n13800000002 > CXYE\n"
	       "13800000001 < {*}35.20{*}\n13800000002 < {*}35.21{*}\n",
	  NULL },
	{ HEAD "13800000001 > CXYE\n< {*}35.21{*}\n", ":8: another reply than expected" },
	{ HEAD "13800000001 > CXYE\n13800000002 < {*}\n",
	  ":8: another reply than expected" },
	/* A message to a number that has sent nothing, and several senders: named. */
	{ HEAD "13800000001 > BDHM13800000002\n< {*}\n13800000002 < {*}TYBD{*}\n", NULL },
	{ HEAD "13800000001 > BDHM13800000002\n< {*}\n< {*}TYBD{*}\n",
	  ":9: another reply than expected, to 13800000002" },
	{ HEAD "13800000001 > BDHM13800000002\n< {*}\n13800000003 < {*}TYBD{*}\n",
	  ":9: another reply than expected, to 13800000002" },
	{ HEAD "13800000001 > BDHM13800000002\n< {*}\n",
	  ":8: a reply that the story does not expect" },
	{ HEAD "13800000001 > CXYE\n13800000002 > CXYE\n< {*}35.20{*}\n< {*}35.21{*}\n",
	  ":9: another reply than expected" },
	{ HEAD "13800000001 > CXYE\n", ":7: a reply that the story does not expect" },
	{ HEAD "13800000001 > CXYE\nno reply\n",
	  ":8: a reply that the story does not expect" },
	{ HEAD "13800000001 > CXYE\n< {*}\n< {*}\n",
	  ":9: expected this reply, but none came" },
	{ HEAD "10001 > CXYE\n+1s\n", ":7: expected < and a reply, or no reply" },
	{ HEAD "10001 > CXYE\nno reply\n", NULL },
	{ HEAD "13800000001 > CXYE\nack 0x14\n< {*}\n",
	  ":8: expected ack 0x14, got 0x00" },
	{ HEAD "13800000001 > {n}\n", ":7: {n} has no value yet" },
	{ HEAD "13800000001 [hex] > 0\n", ":7: expected pairs of hexadecimal digits" },
	{ HEAD "13800000001 [gsm7] > 余\n",
	  ":7: the text does not exist in that alphabet" },
	{ HEAD "[clock]\n2026-10-20 10:31:01\n[script]\n10001 > a\nno reply\n"
	       "[clock]\n2026-10-20 10:31:00\n",
	  ":13: expected a time not before" },
	{ HEAD "[rows]\ninbox: count=0\nsubscriber: count=2 status=0\n"
	       "subscriber: language=0 count=1\n",
	  ":10: expected 1 such row of subscriber, found 2 (of 2)" },
	{ HEAD "[rows]\nsqlite_master: type=table\n", ":8: cannot read table" },
	{ HEAD "[rows]\ninbox: colour=red\n", ":8: table inbox has no column colour" },
	{ HEAD "[rows]\ninbox: red\n", ":8: expected column=value" },
	{ "story: x\n[usage]\nmsisdn,month,data\n", ":3: unknown column \"data\"" },
	{ "story: x\n[usage]\nmsisdn\n1\n", ":3: expected a column \"month\"" },
	{ "story: x\n[usage]\nmsisdn,month\n1,2026-13\n", ":4: month \"2026-13\"" },
	{ "story: x\n[usage]\nmsisdn,month\n1\n", ":4: no value for column \"month\"" },
	{ "story: x\n[usage]\nmsisdn,month\n1,2026-01,2\n",
	  ":4: more fields than the header" },
};

START_TEST(a_story_passes_or_says_where_it_does_not)
{
	const bool passed = passes(stories[_i].content, false);

	ck_assert_msg(passed == (stories[_i].told == NULL), "%s", printed);
	if (stories[_i].told != NULL)
		ck_assert_msg(strstr(printed, stories[_i].told) != NULL, "%s", printed);
	else
		ck_assert_str_eq(printed, "");
	ck_assert_str_eq(read_story(), stories[_i].content);
}
END_TEST

#define BEFORE HEAD "# kept\n\n13800000001  [to 10086]  > CXYE\n"

START_TEST(blessing_writes_replies_and_keeps_the_rest)
{
	const char *wrong = BEFORE
		"< wrong\n< one too many\n10001 > a\n"
		"[rows]\n# kept too\ninbox: count=5 msisdn=13800000001\n";
	const char *content;

	ck_assert(!passes(wrong, true));
	content = read_story();
	ck_assert_msg(strncmp(content, BEFORE, strlen(BEFORE)) == 0, "%s", content);
	ck_assert_ptr_nonnull(strstr(content, "35.20"));
	ck_assert_ptr_null(strstr(content, "wrong"));
	ck_assert_ptr_null(strstr(content, "one too many"));
	ck_assert_ptr_nonnull(strstr(content, "10001 > a\nno reply\n"));
	ck_assert_ptr_nonnull(strstr(content, "# kept too\ninbox: msisdn=13800000001\n"));
	ck_assert_msg(passes(NULL, false), "%s", printed);
}
END_TEST

START_TEST(blessing_keeps_variables)
{
	ck_assert(!passes(HEAD "13800000001 > RG\n< 编号T{task}\n"
	                       "[rows]\ntask: id={task}\n",
	                  true));
	ck_assert_ptr_nonnull(strstr(read_story(), "编号T{task}"));
	ck_assert_ptr_nonnull(strstr(read_story(), "task: id={task}\n"));
	ck_assert_msg(passes(NULL, false), "%s", printed);
}
END_TEST

START_TEST(a_passing_story_is_not_rewritten)
{
	const char *content = HEAD "13800000001 > CXYE\n< {*}35.20{*}";

	ck_assert(passes(content, true));
	ck_assert_str_eq(read_story(), content);
}
END_TEST

/* The reply whose response was lost is sent again by the next process. */
START_TEST(a_restart_finds_what_was_committed)
{
	ck_assert_msg(passes(HEAD "13800000001 [lost] > CXYE\n< {*}35.20{*}\n"
	                          "restart\n13800000001 < {*}35.20{*}\n"
	                          "restart\n13800000002 > CXYE\n< {*}35.21{*}\n"
	                          "[rows]\ninbox: count=2\noutbox: count=2 state=2\n",
	                     false),
	              "%s", printed);
}
END_TEST

SUITE("replay/replay", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_loop_test(tc, a_story_passes_or_says_where_it_does_not, 0,
                          (int)COUNT_OF(stories));
      tcase_add_test(tc, blessing_writes_replies_and_keeps_the_rest);
      tcase_add_test(tc, blessing_keeps_variables);
      tcase_add_test(tc, a_passing_story_is_not_rewritten);
      tcase_add_test(tc, a_restart_finds_what_was_committed);)
