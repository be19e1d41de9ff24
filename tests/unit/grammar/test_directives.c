/*
 * test_directives.c - the lines same, sound, trail, address, preface, postface, asking,
 * others and offer, each in a grammar of a few lines: what they do, what they leave alone, how a
 * wrong one is named.
 */
#include <unistd.h>

#include "support/suite.h"
#include "unit/grammar/hall.h"

static char path[] = "/tmp/test_directives.XXXXXX/t.gram";

/* What all grammars here begin with. */
#define HEAD                                           \
	"skip 请\n"                                   \
	"suggest distance 1 min-length 3\n"            \
	"slot phone phone cn\n"                        \
	"loose NEG 不|明天\nloose QUESTION ?|？\n" \
	"loose FILLER 我\n"                           \
	"filler FILLER\n"                              \
	"intent balance effect read\n"                 \
	"  code CXYE\n"                                \
	"  say [查] 余额\n"                         \
	"  en my balance\n"                            \
	"intent open effect charge\n"                  \
	"  code KTCL\n"                                \
	"  say [帮我] 开通彩铃\n"                \
	"  confirm nonce\n"                            \
	"  unless NEG QUESTION\n"                      \
	"  no \"不开通彩铃\"\n"                   \
	"intent pin effect charge\n"                   \
	"  say 改密码\n"                            \
	"  confirm nonce\n"                            \
	"  unless NEG QUESTION\n"                      \
	"  no \"不改密码\"\n"
/* Beside it a clause may stand. */
#define ASKING                                                         \
	"intent x effect read\n  leftover 0\n  beside\n  say 查账\n" \
	"intent y effect read\n  leftover 0\n  about 上网 & 网页\n"
enum {
	HEAD_LINES = 22
};

static enum err load(const char *lines, struct grammar **out, struct fault *fault)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fprintf(f, "%s%s", HEAD, lines), 0);
	ck_assert_int_eq(fclose(f), 0);
	return grammar_load(path, hall.fold, 1774000000, out, NULL, fault);
}

static void open_folder(void)
{
	struct fault fault = { "" };
	char *slash = strrchr(path, '/');

	*slash = '\0';
	ck_assert_ptr_nonnull(mkdtemp(path));
	*slash = '/';
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	ck_assert_int_eq(fold_create("grammar/fold.tsv", &hall.fold, &fault), ERR_OK);
	hall.arena = arena_make(GRAMMAR_ARENA);
	hall.now = 1774000000;
}

static void close_folder(void)
{
	char *slash = strrchr(path, '/');

	(void)unlink(path);
	*slash = '\0';
	(void)rmdir(path);
	fold_destroy(hall.fold);
	arena_free(&hall.arena);
}

#define COST                        \
	"loose YUAN 我|块|元\n"  \
	"intent cost effect read\n" \
	"  about 花了 with "

#define OTHERS                                                      \
	"loose WHOSE 我妈\nloose TOWARD 跟\nloose ACTING 说\n"  \
	"intent bound effect read\n  code WD\n"                     \
	"intent x effect read\n  own\n  leftover 9\n  say 账单\n" \
	"intent y effect read\n  say 我妈要页\n"                \
	"others WHOSE TOWARD ACTING = bound\n"

/* A question that leaves over what follows. */
#define TWO "intent x effect read\n  leftover 9\n  say 账单\n"

static const struct {
	const char *lines, *text, *want;
} does[] = {
	/* Texts and rules alike; the longest counts; what comes out is not read again. */
	{ "same 睇=查\n", "睇余额", "balance|{}||read" },
	{ "", "睇余额", "unknown|{}|balance {}|" },
	{ "same 结余=余额 结=查\n", "查结余", "balance|{}||read" },
	{ "same 甲=乙 乙=余额\n", "甲", "unknown|{}||" },
	{ "same 甲=乙\nintent x effect read\n  say 甲\n", "乙", "x|{}||read" },
	/* A word that stands for itself keeps a shorter one away. */
	{ "same 余=钱 余额=余额\n", "余额", "balance|{}||read" },
	/* Letters only as a word of their own, in any case and width. */
	{ "same bal=balance\n", "my bal", "balance|{}||read" },
	{ "same bal=balance\n", "My ＢＡＬ!", "balance|{}||read" },
	{ "same bal=balance\n", "my bald", "unknown|{}||" },
	{ "same bal=balance\n", "my2bal", "unknown|{}||" },
	{ "same bal=balance 4m=my\n", "4m bal", "balance|{}||read" },
	{ "same \"mybal=my balance\"\n", "mybal", "balance|{}||read" },
	/* What forbids does so in any spelling. */
	{ "same 唔=不\n", "唔开通彩铃", "unknown|{}||" },
	{ "same tmr=明天\n", "帮我 开通彩铃 tmr", "unknown|{}||" },
	/* A sound is only suggested. */
	{ "sound 鱼额=余额\n", "查鱼额", "unknown|{}|balance {}|" },
	{ "sound yue=余额 cha=查\n", "chayue", "unknown|{}|balance {}|" },
	{ "sound yue=余额\n", "yuexx", "unknown|{}||" },
	{ "sound 采铃=彩铃\n", "开通采铃", "unknown|{}|open {}|" },
	{ "", "查鱼肉", "unknown|{}||" },
	/* A reason before a command, with a blank or a word that begins one. */
	{ "preface 太贵了\n", "太贵了，开通彩铃", "open|{}||charge" },
	{ "preface 太贵了\n", "太贵了帮我开通彩铃", "open|{}||charge" },
	{ "preface 太贵了\n", "开通彩铃，太贵了", "unknown|{}||" },
	{ "postface 太贵了\n", "开通彩铃，太贵了", "open|{}||charge" },
	{ "postface 太贵了\n", "太贵了，开通彩铃", "open|{}||charge" },
	{ "", "太贵了，开通彩铃", "unknown|{}||" },
	/* Words that forbid may stand in the reason, not in the command; marks nowhere. */
	{ "preface 明天出国\n", "明天出国，开通彩铃", "open|{}||charge" },
	{ "preface 明天出国\n", "明天出国，不开通彩铃", "unknown|{}||" },
	{ "preface 明天出国\n", "明天出国，开通彩铃？", "unknown|{}||" },
	/* A reason that does something itself makes two. */
	{ "preface 改密码\n", "改密码，开通彩铃", "unknown|{}|pin {}; open {}|" },
	/* A question of an intent stands before that one only. */
	{ "intent x effect set\n  asking 有啥用\n  say 换\n", "有啥用，换", "x|{}||set" },
	{ "intent x effect set\n  asking 有啥用\n  say 换\n", "有啥用，开通彩铃",
	  "unknown|{}||" },
	/* Words that lead to a command, several of them; those that ask only where it reads. */
	{ "lead 我要求 立刻\n", "我要求立刻开通彩铃", "open|{}||charge" },
	{ "lead 我要求\n", "我要求不开通彩铃", "unknown|{}||" },
	{ "lead 我要求\n", "开通彩铃我要求", "unknown|{}||" },
	{ "asks 我想知道\n", "我想知道查余额", "balance|{}||read" },
	{ "asks 我想知道\n", "查余额我想知道", "balance|{}||read" },
	{ "asks 我想知道\n", "我想知道开通彩铃", "unknown|{}||" },
	{ "asks 我想知道\n", "开通彩铃我想知道", "unknown|{}||" },
	/* Two commands are asked about, wherever the second begins. */
	{ "link 再 然后\n", "查余额再开通彩铃", "unknown|{}|balance {}; open {}|" },
	{ "link 再 然后\n", "查余额，然后再开通彩铃", "unknown|{}|balance {}; open {}|" },
	{ "", "查余额，开通彩铃", "unknown|{}|balance {}; open {}|" },
	{ "", "查余额再开通彩铃", "unknown|{}||" },
	{ "link 再\n", "查余额再不开通彩铃", "unknown|{}||" },
	{ "link 再\n", "余额再查余额", "unknown|{}||" },
	{ TWO "link 再\n", "账单再开通彩铃", "unknown|{}|x {}; open {}|" },
	{ TWO, "账单再开通彩铃", "x|{}||read" },
	/* A clause beside a question: short, without these words, and nothing else asked. */
	{ "aside 4 unless NEG\n" ASKING, "上网很慢，查账", "x|{}||read" },
	{ "aside 4 unless NEG\n" ASKING, "查账，上网很慢", "x|{}||read" },
	{ "aside 3 unless NEG\n" ASKING, "上网很慢，查账", "unknown|{}||" },
	{ "aside 4 unless NEG\n" ASKING, "上网不好，查账", "unknown|{}||" },
	{ "aside 4 unless NEG\n" ASKING, "改密码，查账", "unknown|{}|pin {}; x {}|" },
	/* Who is spoken to in a clause of its own, not who is spoken of. */
	{ "address 先生\n", "请，先生，开通彩铃", "open|{}||charge" },
	{ "address 先生\n", "先生请，帮我 开通彩铃", "open|{}||charge" },
	{ "address 先生\n", "先生开通彩铃", "unknown|{}||" },
	{ "address 先生\n", "先生请开通彩铃", "unknown|{}||" },
	{ "address 先生\n", "我先生，开通彩铃", "unknown|{}||" },
	{ "address 先生\n", "帮我 先生 开通彩铃", "unknown|{}||" },
	{ "address 先生\n", "先生", "unknown|{}||" },
	{ "", "先生，开通彩铃", "unknown|{}||" },
	/* What closes a clause is the thing named before; elsewhere, somebody. */
	{ "trail 佢\n", "开通彩铃佢", "open|{}||charge" },
	{ "trail 佢\nskip 啦\n", "开通彩铃佢啦，请", "open|{}||charge" },
	{ "trail 佢\n", "帮我 佢 开通彩铃", "unknown|{}||" },
	{ "trail 佢\n", "开通彩铃佢要", "unknown|{}||" },
	{ "trail 佢\nsame 幫佢=帮他\n", "开通彩铃，幫佢", "unknown|{}||" },
	/* Any number among words of a matter, but no part of something else. */
	{ COST "NUMERAL YUAN\n", "花了86块", "cost|{}||read" },
	{ COST "NUMERAL YUAN\n", "我花了９９９９９元", "cost|{}||read" },
	{ COST "NUMERAL YUAN\n", "花了三十二块五", "cost|{}||read" },
	{ COST "NUMERAL YUAN\n", "花了9.9元", "cost|{}||read" },
	{ COST "NUMERAL YUAN\n", "花了864211块", "unknown|{}||" },
	{ COST "NUMERAL YUAN\n", "花了86G块", "unknown|{}||" },
	{ COST "NUMERAL YUAN\n", "花了一二三四五六七块", "unknown|{}|cost {}|" },
	{ COST "YUAN\n", "花了86块", "unknown|{}||" },
	{ "loose YUAN 块\nintent cost effect read\n  about 花了 & NUMERAL with YUAN\n",
	  "十块花了", "cost|{}||read" },
	{ "loose YUAN 块\nintent cost effect read\n  about 花了 & NUMERAL with YUAN\n",
	  "块花了", "unknown|{}||" },
	/* Another's figures are not the sender's, unless that one does or is told something. */
	{ OTHERS, "我妈的账单", "bound|{}||read" },
	{ OTHERS, "我妈，账单", "bound|{}||read" },
	{ OTHERS, "账单", "x|{}||read" },
	{ OTHERS, "我妈说账单", "x|{}||read" },
	{ OTHERS, "我妈，说账单", "x|{}||read" },
	{ OTHERS, "跟我妈的账单", "x|{}||read" },
	{ OTHERS, "我妈要页", "y|{}||read" },
	{ OTHERS, "跟我妈我妈的账单", "bound|{}||read" },
	/* What an offer fits is never carried out. */
	{ "offer [查] 他的余额 = balance\n", "查他的余额", "unknown|{}|balance {}|" },
	{ "offer 他要彩铃 = open\n", "他要彩铃", "unknown|{}|open {}|" },
	{ "", "他要彩铃", "unknown|{}||" },
};

static const char *parsed(const struct grammar *g, const char *text)
{
	struct grammar_matcher *m = grammar_matcher_create(g);
	struct buf out = buf_make(sizeof(hall.line) - 1);
	struct grammar_command c;

	arena_reset(&hall.arena);
	grammar_match(g, m, str_of(text),
	              (struct grammar_context){ GRAMMAR_NO_CONTEXT, 0 }, hall.now,
	              &hall.arena, &c);
	grammar_print_tsv(&c, &out);
	memcpy(hall.line, out.p, out.n);
	hall.line[out.n] = '\0';
	for (size_t i = 0; i < out.n; i++)
		if (hall.line[i] == '\t')
			hall.line[i] = '|';
	buf_free(&out);
	grammar_matcher_destroy(m);
	return hall.line;
}

START_TEST(each_line_does_what_it_says)
{
	struct fault fault = { "" };
	struct grammar *g = NULL;

	ck_assert_msg(load(does[_i].lines, &g, &fault) == ERR_OK, "%s%s", does[_i].lines,
	              fault.text);
	ck_assert_msg(strcmp(parsed(g, does[_i].text), does[_i].want) == 0,
	              "%s%s: %s, not %s", does[_i].lines, does[_i].text, hall.line,
	              does[_i].want);
	grammar_destroy(g);
}
END_TEST

/* The fault begins with "t.gram:LINE: " and says what to write. */
static const struct {
	const char *lines;
	int line; /* behind the head, from 1 */
	const char *remedy;
} bad[] = {
	{ "same\n", 1, "expected pairs WORD=WORD" },
	{ "same 睇\n", 1, "expected WORD=WORD, the first not a number, not 睇" },
	{ "same =查\n", 1, "expected WORD=WORD" },
	{ "same 睇=\n", 1, "expected WORD=WORD" },
	{ "same 睇=查 12=查\n", 1,
	  "expected WORD=WORD, the first not a number, not 12=查" },
	{ "same 睇=查\nsame 睇=看\n", 2,
	  "睇 already stands for 查: take one of them out" },
	{ "same cxye=查\n", -13, "expected a code of letters and digits" },
	{ "sound\n", 1, "expected pairs WORD=WORD" },
	{ "sound yue\n", 1, "expected WORD=WORD" },
	{ "sound yue=余额\n\nsound yue=月\n", 3, "YUE already stands for 余额" },
	{ "trail\n", 1, "expected words" },
	{ "trail 。\n", 1, "expected words, not punctuation alone" },
	{ "address 。\n", 1, "expected words, not punctuation alone" },
	{ "preface\n", 1, "expected" },
	{ "preface [太贵了]\n", 1, "expected a template with a word of its own" },
	{ "preface 太贵了 {phone}\n", 1,
	  "expected a template with a word of its own and no slots" },
	{ "postface 太贵了 NONE\n", 1, "expected a declared word list" },
	{ "preface (太贵了\n", 1, "expected a closing bracket" },
	{ "intent cost effect read\n  about NUMERAL with FILLER\n", 2,
	  "NUMERAL is not enough as the first set" },
	{ "loose NUMERAL 1\n", 1, "expected a new name" },
	{ "offer 他的余额\n", 1, "expected: offer TEMPLATE = INTENT" },
	{ "either 他的余额 = balance\n", 1,
	  "expected: either TEMPLATE = INTENT | INTENT" },
	{ "offer 他的余额 = none\n", 1,
	  "expected the names of at most 3 intents, not none" },
	{ "others FILLER NEG QUESTION\n", 1, "expected: others LIST LIST LIST = INTENT" },
	{ "others FILLER NEG NONE = balance\n", 1, "expected the name of a word list" },
	{ "others FILLER NEG QUESTION = pin\n", 1,
	  "expected an intent with a code, not pin" },
	{ "intent x effect set\n  own\n", 2, "own is for effect read" },
	{ "offer [他的] = balance\n", 1, "expected a template that needs a word" },
};

START_TEST(a_wrong_line_is_named_with_its_remedy)
{
	struct fault fault = { "" };
	struct grammar *g = NULL;
	char begin[64];

	(void)snprintf(begin, sizeof(begin), "t.gram:%d: ", HEAD_LINES + bad[_i].line);
	ck_assert_int_ne(load(bad[_i].lines, &g, &fault), ERR_OK);
	ck_assert_msg(strncmp(fault.text, begin, strlen(begin)) == 0 &&
	                      strstr(fault.text, bad[_i].remedy) != NULL,
	              "%s%s, not %s%s", bad[_i].lines, fault.text, begin, bad[_i].remedy);
}
END_TEST

SUITE("grammar/directives", {
	tcase_add_unchecked_fixture(tc, open_folder, close_folder);
	tcase_add_loop_test(tc, each_line_does_what_it_says, 0,
	                    sizeof(does) / sizeof(does[0]));
	tcase_add_loop_test(tc, a_wrong_line_is_named_with_its_remedy, 0,
	                    sizeof(bad) / sizeof(bad[0]));
})
