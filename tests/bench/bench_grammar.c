/*
 * bench_grammar.c - nanoseconds per text for codes, sentences and texts that mean
 * nothing; fold_ns is the yardstick: the same texts folded only.  parse_worst_ns is
 * the slowest of the hostile texts of 2 KB, each made of one piece, in any context.
 *
 * Run it where the folder grammar/ is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "grammar/grammar.h"

enum {
	ROUNDS = 200000,
	HOSTILE_ROUNDS = 300,
	HOSTILE = 2048,
	TEXTS = 8
};

struct kind {
	const char *name;
	const char *text[TEXTS];
};

static const struct kind kinds[] = {
	{ "parse_code_ns",
	  { "CXYE", "cxzd#202602", "KTVOLTE", "BGTC38", "108", "qx gprs", "ＣＸＬＬ",
	    "td" } },
	{ "parse_say_ns",
	  { "查一下话费余额", "三月份的帳單", "改成38元套餐", "开通彩铃", "还剩多少流量",
	    "忘记密码", "积分", "请帮我取消手机报" } },
	{ "parse_unknown_ns",
	  { "明天一起吃饭吧", "CXYR", "信号不好怎么回事", "hello there", "10G流量包",
	    "嗯嗯", "你们几点下班", "12345" } },
};

static const char *const pieces[] = { "A",      "1",          "月",         "一 ",
	                              "不",     "取消",       "兑换",       "TYHQ",
	                              "1十",    "谢谢兑换",   "，YHQ",      "101 ",
	                              "CX",     "TS ",        "查一下发票", "订单1 ",
	                              "套餐十", "complaint ", "还剩多少",   "\xed\xa0" };

static double now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double fold_all(const struct fold *f, const struct kind *k)
{
	static struct folded out;
	const double start = now_ns();

	for (int i = 0; i < ROUNDS; i++)
		fold_text(f, str_of(k->text[i % TEXTS]), &out);
	return (now_ns() - start) / ROUNDS;
}

static double match_all(const struct grammar *g, const struct kind *k)
{
	struct grammar_matcher *m = grammar_matcher_create(g);
	struct arena arena = arena_make(GRAMMAR_ARENA);
	struct grammar_command c;
	const double start = now_ns();
	double ns;

	for (int i = 0; i < ROUNDS; i++) {
		arena_reset(&arena);
		grammar_match(g, m, str_of(k->text[i % TEXTS]),
		              (struct grammar_context){ GRAMMAR_NO_CONTEXT, 0 },
		              1774000000, &arena, &c);
	}
	ns = (now_ns() - start) / ROUNDS;
	arena_free(&arena);
	grammar_matcher_destroy(m);
	return ns;
}

static double hostile_ns(const struct grammar *g, const char *piece)
{
	struct grammar_matcher *m = grammar_matcher_create(g);
	struct arena arena = arena_make(GRAMMAR_ARENA);
	struct grammar_command c;
	char text[HOSTILE + 1];
	const size_t n = strlen(piece);
	double worst = 0;

	for (size_t i = 0; i < HOSTILE; i++)
		text[i] = piece[i % n];
	for (enum grammar_context_kind k = GRAMMAR_NO_CONTEXT; k <= GRAMMAR_MENU; k++) {
		const double start = now_ns();
		double ns;

		for (int i = 0; i < HOSTILE_ROUNDS; i++) {
			arena_reset(&arena);
			grammar_match(g, m, (struct str){ text, HOSTILE },
			              (struct grammar_context){ k, 9 }, 1774000000,
			              &arena, &c);
		}
		ns = (now_ns() - start) / HOSTILE_ROUNDS;
		worst = ns > worst ? ns : worst;
	}
	arena_free(&arena);
	grammar_matcher_destroy(m);
	return worst;
}

static double worst_ns(const struct grammar *g)
{
	double worst = 0;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		const double ns = hostile_ns(g, pieces[i]);

		worst = ns > worst ? ns : worst;
	}
	return worst;
}

int main(void)
{
	struct fault fault = { "" };
	struct fold *f = NULL;
	struct grammar *g = NULL;

	if (civil_zone("Asia/Shanghai") != ERR_OK ||
	    fold_create("grammar/fold.tsv", &f, &fault) != ERR_OK ||
	    grammar_load("grammar", f, 1774000000, &g, NULL, &fault) != ERR_OK) {
		(void)fprintf(stderr, "bench_grammar: %s\n", fault.text);
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		(void)printf("%s %.0f fold_ns %.0f\n", kinds[i].name,
		             match_all(g, &kinds[i]), fold_all(f, &kinds[i]));
	(void)printf("parse_worst_ns %.0f\n", worst_ns(g));
	grammar_destroy(g);
	fold_destroy(f);
	return EXIT_SUCCESS;
}
