/*
 * test_lint.c - what is wrong with a grammar is said with file and line, and such a
 * grammar is refused.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "support/suite.h"
#include "unit/grammar/hall.h"

static char folder[] = "/tmp/test_lint.XXXXXX";

static void write_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void remove_file(const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	(void)unlink(path);
}

static void open_folder(void)
{
	struct fault fault = { "" };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	ck_assert_int_eq(fold_create("grammar/fold.tsv", &hall.fold, &fault), ERR_OK);
}

static void close_folder(void)
{
	remove_file("t.gram");
	remove_file("u.gram");
	remove_file("items.tsv");
	remove_file("blank.tsv");
	(void)rmdir(folder);
	fold_destroy(hall.fold);
}

/* Loads t.gram made of the head and the text; the report goes to out. */
static enum err load(const char *text, struct buf *out, struct fault *fault)
{
	char path[256];
	struct grammar *g = NULL;
	enum err e;

	write_file("t.gram", text);
	(void)snprintf(path, sizeof(path), "%s/t.gram", folder);
	e = grammar_load(path, hall.fold, 1774000000, &g, out, fault);
	if (e == ERR_OK)
		grammar_destroy(g);
	return e;
}

/* Line 1 of each text is the word list that charged intents need. */
#define NEG "word NEG 不|别\n"
#define CHARGE(name, members) \
	"intent " name        \
	" effect charge\n  confirm nonce\n  unless NEG\n  no \"不\"\n" members

static const struct {
	const char *text, *report; /* what one line of the report begins with */
} bad[] = {
	{ "gramar 1\n", "t.gram:1: expected a keyword" },
	{ "grammar 2\n", "t.gram:1: expected \"grammar 1\"" },
	{ "\n\nrevision\n", "t.gram:3: expected a revision" },
	{ "today 2026-02-30\n", "t.gram:1: expected the day" },
	{ "fold nfkc\n", "t.gram:1: expected \"fold nfkc upper" },
	{ "slot x\n", "t.gram:1: expected: slot NAME" },
	{ "slot x year\n", "t.gram:1: expected: slot NAME" },
	{ "slot x digits six\n", "t.gram:1: expected: slot x digits" },
	{ "slot x list\n", "t.gram:1: expected: slot x list FILE" },
	{ "slot x list nowhere.tsv\n", "t.gram:1: expected a list file beside this one" },
	{ "slot x list ../items.tsv\n",
	  "t.gram:1: expected a list file beside this one" },
	{ "slot x list items.tsv\n", "items.tsv:2: \"一\" also names A" },
	{ "slot x ym\nslot x ym\n", "t.gram:2: expected a new name" },
	{ "word ask 查\n", "t.gram:1: expected: word NAME" },
	{ "word ASK 查\nword ASK 看\n", "t.gram:2: expected a new name" },
	{ "word ASK (查\n", "t.gram:1: expected a closing bracket" },
	{ "skip 。\n", "t.gram:1: expected words, not punctuation" },
	{ "leftover 99\n", "t.gram:1: expected: leftover N" },
	{ "leftover 6 unless NONE\n", "t.gram:1: expected the name of a word list" },
	{ "reason 16\n", "t.gram:1: expected: reason N LIST" },
	{ "reason 16 NONE unless NONE\n", "t.gram:1: expected the name of a word list" },
	{ "suggest distance 2\n", "t.gram:1: expected: suggest distance 1" },
	{ "intent a\n", "t.gram:1: expected: intent NAME effect" },
	{ "intent a effect free\n", "t.gram:1: expected: intent NAME effect" },
	{ "intent a effect read\n  code A\nintent a effect read\n",
	  "t.gram:3: expected a new name" },
	{ "intent a effect read\n  cod A\n", "t.gram:2: expected a member" },
	{ "  code A\n", "t.gram:1: expected a member" },
	{ "intent a effect read\n  code A-B!额\n",
	  "t.gram:2: expected a code of letters and digits" },
	{ "intent a effect read\n  code A x\n",
	  "t.gram:2: expected at most 8 slots in braces" },
	{ "intent a effect read\n  code A {x}\n",
	  "t.gram:2: expected a slot's name, not {x}" },
	{ "intent a effect read\n  say 查 {x}\n",
	  "t.gram:2: expected a slot's name, not {x}" },
	{ "intent a effect read\n  say 查 [额\n",
	  "t.gram:2: expected a closing bracket" },
	{ "intent a effect read\n  say 查 额)\n",
	  "t.gram:2: expected brackets that match" },
	{ "intent a effect read\n  say [查) 额\n",
	  "t.gram:2: expected brackets that match" },
	{ "intent a effect read\n  say 查 {x\n", "t.gram:2: expected } behind" },
	{ "intent a effect read\n  say ASK 额\n",
	  "t.gram:2: expected a declared word list" },
	{ "intent a effect read\n  say [查]\n",
	  "t.gram:2: expected a template that needs a word" },
	{ "intent a effect read\n  say ！\n",
	  "t.gram:2: expected a word, not punctuation" },
	{ "intent a effect read\n  say [[[[[[[[查]]]]]]]]\n",
	  "t.gram:2: expected at most 7 brackets" },
	{ "intent a effect read\n  code A\n  ok A\n", "t.gram:3: expected: ok \"text\"" },
	{ "intent a effect read\n  code A\n  ok \"A\" menu:0\n",
	  "t.gram:3: expected confirm, menu:N" },
	{ "intent a effect read\n  code A\n  need x see y\n",
	  "t.gram:3: expected: need SLOT" },
	{ "intent a effect read\n  code A\n  need x ask menu y\n",
	  "t.gram:3: expected an intent" },
	{ "context open full\n", "t.gram:1: expected: context confirm full" },
	{ "context confirm full\n  yes 是\n",
	  "t.gram:2: expected an intent confirm.yes" },
	{ "intent menu.select effect read\ncontext menu full\n  yes 是\n",
	  "t.gram:3: expected yes, no or soft" },
	{ "reserve a > context > code > say > suggest\n",
	  "t.gram:1: expected an intent, not a" },
	{ "intent a effect read\n  code A\nreserve a > b\n",
	  "t.gram:3: expected an intent, not b" },
	{ "prefer a over b\n", "t.gram:1: expected: prefer INTENT" },
	{ "intent a effect read\n  say 费\neither 额 = a\n",
	  "t.gram:3: expected: either TEMPLATE" },
	{ "intent a effect read\n  confirm maybe\n",
	  "t.gram:2: expected: confirm nonce" },
	{ "intent a effect read\n  confirm nonce ttl soon\n",
	  "t.gram:2: expected: confirm nonce" },
	{ "slot x list blank.tsv\n", "blank.tsv:1: expected CODE<tab>name" },
	/* What only shows when texts are matched. */
	{ "intent a effect read\n  code AB\nintent b effect read\n  code AB\n",
	  "t.gram:4: E101 code AB of b is taken by a" },
	{ "slot n digits 2\nintent a effect read\n  code AB {n}\nintent b effect read\n  code AB12\n",
	  "t.gram:5: E103 code AB12 is also AB of a" },
	{ "intent a effect read\n  say 余额\nintent b effect read\n  say (余额|账单)\n",
	  "t.gram:2: E201 \"余额\" should be a but is several intents" },
	{ "skip 的\nintent a effect read\n  say 我的\n",
	  "t.gram:3: E202 no text reaches" },
	{ NEG "intent a effect charge\n  code ABCD\n  unless NEG\n  no \"不\"\n",
	  "t.gram:2: E301" },
	{ NEG "intent a effect charge\n  code ABCD\n  unless NEG\n  confirm nonce\n",
	  "t.gram:2: E302" },
	{ "intent a effect charge\n  code ABCD\n  confirm nonce\n  no \"不\"\n",
	  "t.gram:1: E303" },
	{ NEG CHARGE("a", "  leftover 3\n"), "t.gram:6: expected: leftover N" },
	{ NEG CHARGE("a", "  newcode ABCD\n") "intent b effect read\n  code ABCE\n",
	  "t.gram:8: E104 code ABCD (a, charge) and ABCE (b, read)" },
	/* The shortest of the texts that two intents take. */
	{ "intent a effect read\n  say (查余额表|余额|看余额)\nintent b effect read\n"
	  "  say (查余额表|余额|看余额)\n",
	  "t.gram:2: E201 \"余额\" should be a but is several intents" },
	{ "intent a effect read\n  about 余额\nintent b effect read\n  about 余额\n",
	  "t.gram:2: E201 \"余额\" should be a but is several intents" },
	{ NEG CHARGE("a", "  about 开通 & 彩铃\n"),
	  "t.gram:6: E304 an about line of charged intent a needs \"with\"" },
	{ NEG CHARGE("a", "  say 办了\n") "intent confirm.yes effect set\n"
	                                  "context confirm full\n  yes 办了\n",
	  "t.gram:9: E204 the answer \"办了\" is a when nothing is open" },
	{ "intent a effect read\n  code TD\nintent confirm.no effect read\n"
	  "context confirm full\n  no td\nreserve a > context > code > say > suggest\n",
	  "t.gram:5: E203 \"TD\" is reserved for a" },
	{ "filler NONE\n", "t.gram:1: expected the name of a word list, not NONE" },
	{ "intent a effect read\n  about\n", "t.gram:2: expected" },
	{ "intent a effect read\n  about 余额 with NONE\n",
	  "t.gram:2: expected the name of a word list, not NONE" },
	{ "intent a effect read\n  about (余额|账单)\n",
	  "t.gram:2: expected words or word lists between |" },
	{ "intent a effect read\n  about a1 & b1 & c1 & d1 & e1\n",
	  "t.gram:2: expected at most 4 sets of words" },
	{ "intent a effect read\n  about 余额 & {x}\n",
	  "t.gram:2: expected a slot's name, not {x}" },
	{ "slot x text\nintent a effect read\n  about 余额 & {x}\n",
	  "t.gram:3: expected no slot of free words" },
	{ "loose ASK 查\nintent a effect read\n  say ASK 余额\n",
	  "t.gram:3: this list is loose" },
	{ "intent a effect read\n  code AB\n  ok \"AC\"\n",
	  "t.gram:3: E501 \"AC\" -> unknown , expected a" },
	{ "slot m ym\nintent a effect read\n  code AB {m}\n  ok \"AB202602\" m=2026-03\n",
	  "t.gram:4: E501 \"AB202602\" -> a m=2026-02, expected a m=2026-03" },
	{ "intent a effect read\n  code AB\n  no \"ab\"\n",
	  "t.gram:3: E502 \"ab\" must not be a" },
};

/* Whether some line of the report begins so. */
static bool reported(const char *report, const char *begin)
{
	const char *p = strstr(report, begin);

	return p != NULL && (p == report || p[-1] == '\n');
}

START_TEST(each_fault_is_named_with_its_line)
{
	struct buf report = buf_make(1 << 20);
	struct fault fault = { "" };

	write_file("items.tsv", "A\t一\nB\t二|一\n");
	write_file("blank.tsv", "18 18元\n");
	ck_assert_int_ne(load(bad[_i].text, &report, &fault), ERR_OK);
	ck_assert_msg(reported(buf_cstr(&report), bad[_i].report), "%s\n-> %s",
	              bad[_i].text, buf_cstr(&report));
	ck_assert_str_ne(fault.text, "");
	buf_free(&report);
}
END_TEST

/* A charged code one key away from a free one that has long been in use. */
START_TEST(old_neighbours_are_a_warning)
{
	struct buf report = buf_make(1 << 20);
	struct fault fault = { "" };

	ck_assert_msg(
		load(NEG CHARGE("a",
	                        "  code ABCD\n") "intent b effect read\n  code ABCE\n",
	             &report, &fault) == ERR_OK,
		"%s", fault.text);
	ck_assert(reported(buf_cstr(&report),
	                   "t.gram:8: warning W104 code ABCD (a, charge)"));
	buf_free(&report);
}
END_TEST

START_TEST(a_preference_settles_a_clash)
{
	struct fault fault = { "" };

	ck_assert_msg(load("intent a effect read\n  say 余额\n  ok \"余额\"\n"
	                   "intent b effect read\n  say (余额|账单)\n  ok \"账单\"\n"
	                   "  no \"余额\"\nprefer a over b\n",
	                   NULL, &fault) == ERR_OK,
	              "%s", fault.text);
}
END_TEST

START_TEST(a_folder_is_read_in_the_order_of_names)
{
	struct fault fault = { "" };
	struct grammar *g = NULL;
	struct buf summary = buf_make(256);

	write_file("t.gram",
	           "revision 7\nintent a effect read\n  say ASK 额\n  code AB\n");
	write_file("u.gram",
	           "word ASK 查|看\nintent b effect read\n  code CD\n  ok \"cd\"\n");
	ck_assert_msg(grammar_load(folder, hall.fold, 0, &g, NULL, &fault) == ERR_OK,
	              "%s", fault.text);
	grammar_summary(g, &summary);
	ck_assert_str_eq(buf_cstr(&summary),
	                 "2 intents, 2 codes, 1 templates, 1 examples");
	ck_assert_str_eq(grammar_revision(g), "7");
	ck_assert_str_eq(grammar_intent(g, 1)->name, "b");
	buf_free(&summary);
	grammar_destroy(g);
	remove_file("u.gram");
}
END_TEST

START_TEST(what_is_not_there_is_said)
{
	struct fault fault = { "" };
	struct grammar *g = NULL;

	ck_assert_int_eq(grammar_load("/nowhere", hall.fold, 0, &g, NULL, &fault),
	                 ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(fault.text, "/nowhere"));
}
END_TEST

START_TEST(too_large_a_file_is_refused)
{
	struct buf text = buf_make(1 << 21);
	struct fault fault = { "" };

	while (text.n <= 1 << 20)
		buf_puts(&text, STR("# nothing to see here\n"));
	ck_assert_int_eq(load(buf_cstr(&text), NULL, &fault), ERR_TOO_BIG);
	buf_free(&text);
}
END_TEST

/* Lines are read all the same. */
START_TEST(unjudged_what_is_well_formed_is_taken)
{
	struct fault fault = { "" };
	struct grammar *g = NULL;
	struct buf report = buf_make(4096);
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/t.gram", folder);
	ck_assert_int_eq(
		load("intent a effect read\n  code AA\n  ok \"BB\"\n", &report, &fault),
		ERR_SYNTAX);
	ck_assert_msg(strstr(fault.text, "E501") != NULL, "%s", fault.text);
	ck_assert_msg(grammar_load_unjudged(path, hall.fold, 0, &g, &fault) == ERR_OK,
	              "%s", fault.text);
	grammar_destroy(g);
	ck_assert_int_eq(load("intent a effect read\n  cod AA\n", &report, &fault),
	                 ERR_SYNTAX);
	ck_assert_int_eq(grammar_load_unjudged(path, hall.fold, 0, &g, &fault),
	                 ERR_SYNTAX);
	buf_free(&report);
}
END_TEST

SUITE("grammar/lint", {
	tcase_add_unchecked_fixture(tc, open_folder, close_folder);
	tcase_add_loop_test(tc, each_fault_is_named_with_its_line, 0,
	                    (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(tc, old_neighbours_are_a_warning);
	tcase_add_test(tc, a_preference_settles_a_clash);
	tcase_add_test(tc, a_folder_is_read_in_the_order_of_names);
	tcase_add_test(tc, unjudged_what_is_well_formed_is_taken);
	tcase_add_test(tc, what_is_not_there_is_said);
	tcase_add_test(tc, too_large_a_file_is_refused);
})
