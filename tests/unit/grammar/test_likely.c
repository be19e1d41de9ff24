/*
 * test_likely.c - `likely`: a text that no rule fits is what it is most like, as long as
 * that only reads or is marked `alike`; what else acts is offered.
 */
#include "support/suite.h"
#include "unit/grammar/scratch.h"

#define GRAMMAR                                                                          \
	"slot month ym past\nslot phone phone cn\n"                                      \
	"suggest distance 1 min-length 3\n"                                              \
	"loose NEG 不\n"                                                                \
	"intent balance effect read\n  code CXYE\n  say 余额\n"                        \
	"loose ANY 东西|给|我|看|看看|到|现在|还没有|送|来\n"             \
	"intent bill effect read\n  code CXZD {month?}\n  say 账单\n"                  \
	"  about 账本 with ANY\n"                                                      \
	"intent calls effect read\n  code CXXD {phone}\n"                                \
	"intent open effect charge\n  code KTCL\n  say [给我弄一个] 开通彩铃\n" \
	"  confirm nonce\n  unless NEG\n  no \"不开通彩铃\"\n"                      \
	"intent person effect read\n  code RG\n  say 人工\n"                           \
	"intent late effect set\n  code CS\n  alike\n"                                   \
	"intent lock effect set\n  code SJ\n"                                            \
	"loose GONE 坏了|破了\nreason 16 GONE unless NEG\n"                          \
	"wish 我想\nharmless 不错 不难听\n"                                       \
	"reserve person > context > code > say > suggest\n"

#define TEXTS                                                                          \
	"# of made-up people\n"                                                        \
	"balance\t卡里还有多少钱\nbalance\t看看卡里钱还够不够\n"       \
	"balance\t帮我看下卡里多少钱\n"                                       \
	"bill\t这个月的费用都花在哪里了\nbill\t费用清单给我看看\n" \
	"bill\t上个月的费用花在什么地方\n"                                 \
	"calls\t跟谁打过电话都列出来\ncalls\t打过的电话列一列\n"     \
	"open\t给我弄一个好听的彩铃吧\nopen\t想要一个好听的彩铃\n" \
	"open\t我想要一个好听的彩铃\n"                                       \
	"person\t叫一个活人来跟我说话\nperson\t来个活人说话\n"         \
	"late\t东西到现在还没有送来\nlate\t东西到现在没送到\n"       \
	"late\twhere is it now\nlate\tthe lamp where is it now\n"                      \
	"lock\t赶紧把门给锁起来\nlock\t门给我锁起来\n"                   \
	"unknown\t今天晚上吃什么好呢\nunknown\t我妈卡里还有多少钱啊\n"

static void write_texts(const char *name, const char *texts)
{
	char path[64];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(texts, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void remove_texts(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "%s/said.tsv", folder);
	(void)unlink(path);
	scratch_close();
}

/* Loads GRAMMAR with TEXTS. */
static void learn(void)
{
	struct buf report = buf_make(4096);

	write_texts("said.tsv", TEXTS);
	ck_assert_msg(scratch_load(STR(GRAMMAR "likely said.tsv\n"), &hall.g, &report) ==
	                      ERR_OK,
	              "%s", buf_cstr(&report));
	buf_free(&report);
	hall.m = grammar_matcher_create(hall.g);
	hall.arena = arena_make(GRAMMAR_ARENA);
	hall.now = hall_time("2026-03-20 10:00:00");
}

static void forget(void)
{
	grammar_matcher_destroy(hall.m);
	grammar_destroy(hall.g);
	arena_free(&hall.arena);
}

START_TEST(what_reads_is_done_on_a_likeness)
{
	static const struct {
		const char *text, *context, *intent, *slots;
	} rows[] = {
		{ "帮看看我卡里还有多少钱", "", "balance", "{}" },
		{ "費用都花在哪裡了啊", "", "bill", "{}" },
		{ "一月份的费用花在哪里了", "", "bill", "{\"month\":\"2026-01\"}" },
		/* What is asked beside a menu is no item of it; a question takes any answer. */
		{ "帮看看我卡里还有多少钱", "menu:3", "balance", "{}" },
		{ "帮看看我卡里还有多少钱", "confirm", "unknown", "{}" },
		/* A numeral among words is no month. */
		{ "一份费用清单给我看看", "", "bill", "{}" },
		/* What reads may leave a number over, but no phone's; two months. */
		{ "5号帮我看下卡里多少钱", "", "balance", "{}" },
		{ "13800001111帮我看下卡里多少钱", "", "unknown", "{}" },
		{ "一月二月的费用花在哪里了", "", "unknown", "{}" },
		/* A value that must be there. */
		{ "打过的电话都列出来", "", "unknown", "{}" },
		/* It sets something, and is marked for that. */
		{ "东西到现在还没送", "", "late", "{}" },
		/* Too little to go by, or too much that nobody has said before. */
		{ "多少钱", "", "unknown", "{}" },
		{ "费用清单随时随地任意挥洒自由翱翔", "", "unknown", "{}" },
		/* Known to be of no service, and nearer to that. */
		{ "我妈卡里还有多少钱啊", "", "unknown", "{}" },
		{ "今天晚上吃什么", "", "unknown", "{}" },
		/* What is reserved takes a sentence, and no word that forbids. */
		{ "叫一个活人来说话", "", "person", "{}" },
		{ "个活人来", "", "unknown", "{}" },
		/* A rule that takes words in any order is doubted where all is like else. */
		{ "账本给我看看", "", "bill", "{}" },
		{ "账本东西到现在还没有送来", "", "late", "{}" },
		/* RG is a code; a word that begins like it is none. */
		{ "rgb lamp where is it now", "", "late", "{}" },
		/* A rule, or a code, comes first. */
		{ "余额", "", "balance", "{}" },
		{ "KTCL", "", "open", "{}" },
	};

	learn();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct grammar_command c = hall_match(str_of(rows[i].text),
		                                            rows[i].context);
		struct buf line = buf_make(1024);

		grammar_print_tsv(&c, &line);
		ck_assert_msg(str_starts(buf_str(&line), str_of(rows[i].intent)) &&
		                      strstr(buf_cstr(&line), rows[i].slots) != NULL,
		              "%s: %s", rows[i].text, buf_cstr(&line));
		buf_free(&line);
	}
	forget();
}
END_TEST

static void assert_offered(const char *text, const char *intent)
{
	const struct grammar_command c = hall_match(str_of(text), "");

	ck_assert_msg(c.intent == NULL, "%s is carried out", text);
	ck_assert_msg(c.n_suggestions == (intent == NULL ? 0 : 1), "%s: %zu suggestions",
	              text, c.n_suggestions);
	if (intent != NULL)
		ck_assert_str_eq(c.suggestion[0].intent->name, intent);
}

START_TEST(what_acts_on_a_likeness_is_offered)
{
	learn();
	assert_offered("给我弄一个好听的彩铃", "open");
	assert_offered("赶紧给我把门锁起来", "lock");
	/* With a number that belongs to nothing it is offered without values. */
	assert_offered("给我弄一个好听的彩铃7", "open");
	/* But for a word that forbids a rule would fit. */
	assert_offered("给我弄一个不开通彩铃", NULL);
	assert_offered("今天晚上吃什么", NULL);
	forget();
}
END_TEST

/* Where who wants it says so, in one clause with no word against it: to be confirmed. */
START_TEST(what_costs_is_done_where_it_is_wished)
{
	struct grammar_command c;

	learn();
	c = hall_match(STR("我想要一个好听的彩铃"), "");
	ck_assert_ptr_nonnull(c.intent);
	ck_assert_str_eq(c.intent->name, "open");
	assert_offered("想要一个好听的彩铃吧", "open");
	assert_offered("我想要一个好听的彩铃，弄一个", "open");
	c = hall_match(STR("我不想要一个好听的彩铃"), "");
	ck_assert_ptr_null(c.intent);
	forget();
}
END_TEST

/* No word of it does, in what is wished and in what is told beside it. */
START_TEST(a_harmless_phrase_forbids_no_order)
{
	struct grammar_command c;

	learn();
	c = hall_match(STR("我想要一个好听的彩铃不错"), "");
	ck_assert_ptr_nonnull(c.intent);
	ck_assert_str_eq(c.intent->name, "open");
	c = hall_match(STR("我想要一个好听的彩铃不"), "");
	ck_assert_ptr_null(c.intent);
	c = hall_match(STR("门坏了不难听 开通彩铃"), "");
	ck_assert_ptr_nonnull(c.intent);
	c = hall_match(STR("门坏了不听 开通彩铃"), "");
	ck_assert_ptr_null(c.intent);
	forget();
}
END_TEST

/* What is before it need not be of a list, if all is like texts of the same. */
START_TEST(a_clause_that_orders_is_done_when_the_whole_is_like_it)
{
	struct grammar_command c;

	learn();
	c = hall_match(STR("想要一个好听的 开通彩铃"), "");
	ck_assert_ptr_nonnull(c.intent);
	ck_assert_str_eq(c.intent->name, "open");
	/* Like it, but no clause orders; ordered, but unlike it, or with a word against it. */
	assert_offered("想要一个好听的 弄彩铃", "open");
	c = hall_match(STR("今天晚上吃什么好 开通彩铃"), "");
	ck_assert_ptr_null(c.intent);
	c = hall_match(STR("不想要一个好听的 开通彩铃"), "");
	ck_assert_ptr_null(c.intent);
	forget();
}
END_TEST

START_TEST(only_what_sets_is_marked_alike)
{
	static const char *const effects[] = { "read", "charge" };

	for (size_t i = 0; i < 2; i++) {
		struct buf text = buf_make(256), report = buf_make(1024);
		struct grammar *g = NULL;

		buf_printf(&text, "intent x effect %s\n  alike\n", effects[i]);
		ck_assert_int_eq(scratch_load(buf_str(&text), &g, &report), ERR_SYNTAX);
		ck_assert_ptr_nonnull(
			strstr(buf_cstr(&report), "t.gram:2: alike is for effect set"));
		buf_free(&text);
		buf_free(&report);
	}
}
END_TEST

/* explain says so, and evidence names the line. */
START_TEST(a_likeness_is_named)
{
	struct buf out = buf_make(4096);
	struct grammar_command c;

	learn();
	c = hall_match(STR("帮看看我卡里还有多少钱"), "");
	ck_assert_str_eq(c.rule, "t.gram:34 likely");
	grammar_explain(hall.g, hall.m, STR("给我弄一个好听的彩铃"),
	                (struct grammar_context){ GRAMMAR_NO_CONTEXT, 0 }, hall.now,
	                &out);
	ck_assert_ptr_nonnull(strstr(buf_cstr(&out), "most like texts of open, by "));
	buf_free(&out);
	forget();
}
END_TEST

START_TEST(a_wrong_file_is_named)
{
	static const struct {
		const char *line, *texts, *fault;
	} rows[] = {
		{ "likely none.tsv", "", "t.gram:34: expected: likely FILE" },
		{ "likely", "", "t.gram:34: expected: likely FILE" },
		{ "likely ../said.tsv", "", "t.gram:34: expected: likely FILE" },
		{ "likely said.tsv", "balance\t余额\nbalnce\t余额\n",
		  "said.tsv:2: expected INTENT<tab>text" },
		{ "likely said.tsv", "\n# x\nbalance\n", "said.tsv:3: expected INTENT" },
		{ "likely said.tsv", "balance\t \n", "said.tsv:1: expected INTENT" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf text = buf_make(4096), report = buf_make(4096);
		struct grammar *g = NULL;

		write_texts("said.tsv", rows[i].texts);
		buf_printf(&text, "%s%s\n", GRAMMAR, rows[i].line);
		ck_assert_int_eq(scratch_load(buf_str(&text), &g, &report), ERR_SYNTAX);
		ck_assert_msg(strstr(buf_cstr(&report), rows[i].fault) != NULL, "%s",
		              buf_cstr(&report));
		buf_free(&text);
		buf_free(&report);
	}
}
END_TEST

SUITE("grammar/likely", {
	tcase_add_unchecked_fixture(tc, scratch_open, remove_texts);
	tcase_add_test(tc, what_reads_is_done_on_a_likeness);
	tcase_add_test(tc, what_acts_on_a_likeness_is_offered);
	tcase_add_test(tc, what_costs_is_done_where_it_is_wished);
	tcase_add_test(tc, a_harmless_phrase_forbids_no_order);
	tcase_add_test(tc, a_clause_that_orders_is_done_when_the_whole_is_like_it);
	tcase_add_test(tc, only_what_sets_is_marked_alike);
	tcase_add_test(tc, a_likeness_is_named);
	tcase_add_test(tc, a_wrong_file_is_named);
})
