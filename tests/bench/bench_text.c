/*
 * bench_text.c - the text room's way of one message, in nanoseconds a call.
 *
 * Run from the top of the tree.  memcpy_4k_ns is the yardstick of the machine.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "text/fold.h"
#include "text/segment.h"
#include "text/template.h"

enum {
	ROUNDS = 200000,
	TRIES = 5 /* the best one counts */
};

struct bench {
	const struct fold *fold;
	struct str text;
	struct folded folded;
	struct arena arena;
	const struct template *t;
	struct buf out;
	char from[4096], to[4096];
};

static const struct str values[] = { { "18.50", 5 }, { "10-20 10:31", 11 }, { NULL, 0 } };

static void run_fold(struct bench *b)
{
	fold_text(b->fold, b->text, &b->folded);
}

static void run_segment(struct bench *b)
{
	const struct segment_conf conf = { .max = 4 };
	struct segments s;

	arena_reset(&b->arena);
	if (segment_text(b->text, &conf, &b->arena, &s) != ERR_OK)
		abort();
}

static void run_template(struct bench *b)
{
	buf_reset(&b->out);
	template_render(b->t, values, &b->out);
}

static void run_memcpy(struct bench *b)
{
	memcpy(b->to, b->from, sizeof(b->to));
	__asm__ volatile("" : : "r"(b->to) : "memory");
}

static void print(const char *name, void (*run)(struct bench *), struct bench *b,
                  struct str text)
{
	double best = 1e18;

	b->text = text;
	for (int t = 0; t < TRIES; t++) {
		struct clock c = clock_machine();
		const int64_t start = c.mono_us;
		double ns;

		for (int i = 0; i < ROUNDS; i++)
			run(b);
		clock_read(&c);
		ns = (double)(c.mono_us - start) * 1000.0 / ROUNDS;
		if (ns < best)
			best = ns;
	}
	printf("%s %.1f\n", name, best);
}

static struct fold *create(void)
{
	struct fault fault = { 0 };
	struct clock c = clock_machine();
	const int64_t start = c.mono_us;
	struct fold *f;

	if (fold_create("grammar/fold.tsv", &f, &fault) != ERR_OK) {
		(void)fprintf(stderr, "%s\n", fault.text);
		exit(EXIT_FAILURE);
	}
	clock_read(&c);
	printf("fold_create_ms %.1f\n", (double)(c.mono_us - start) / 1000.0);
	return f;
}

int main(void)
{
	static struct bench b;
	static const char *const names[] = { "balance", "time", "due" };
	const struct str zh = STR(
		"【10086】尊敬的客户，您当前账户余额为18.50元，话费有效期至2026年10月31日，"
		"回复1充值，回复2查看账单。");
	struct fold *f = create();
	struct template *t;

	if (template_compile(
		    STR("截至{time}，您的账户余额为{balance}元[，待缴{due}元]。"), names,
		    3, &t, NULL) != ERR_OK)
		return EXIT_FAILURE;
	b.fold = f;
	b.t = t;
	b.arena = arena_make(1 << 20);
	b.out = buf_make(4096);
	print("memcpy_4k_ns", run_memcpy, &b, STR(""));
	print("fold_code_ns", run_fold, &b, STR("CXYE"));
	print("fold_zh_ns", run_fold, &b, STR("请帮我查一下上个月的话费账单，谢谢！"));
	print("segment_zh_ns", run_segment, &b, zh);
	print("segment_zh_long_ns", run_segment, &b,
	      STR("尊敬的客户，您本月套餐内国内通用流量共30GB，已使用21.6GB，剩余8.4GB；国内通话共"
	          "500分钟，已使用312分钟，剩余188分钟；国内短信共100条，已使用9条。数据截至10月20日。"));
	print("template_ns", run_template, &b, STR(""));
	buf_free(&b.out);
	arena_free(&b.arena);
	template_destroy(t);
	fold_destroy(f);
	return EXIT_SUCCESS;
}
