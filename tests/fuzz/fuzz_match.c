/*
 * fuzz_match.c - any text in every context: a match ends, stays within its arena
 * and prints four columns.
 */
#include <stdlib.h>

#include "grammar/grammar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct subject {
	struct fold *fold;
	struct grammar *g;
	struct grammar_matcher *m;
	struct arena arena;
};

static const struct subject *subject(void)
{
	static struct subject s;
	struct fault fault = { "" };

	if (s.g == NULL) {
		s.arena = arena_make(GRAMMAR_ARENA);
		if (civil_zone("Asia/Shanghai") != ERR_OK ||
		    fold_create("grammar/fold.tsv", &s.fold, &fault) != ERR_OK ||
		    grammar_load("grammar", s.fold, 1774000000, &s.g, NULL, &fault) !=
		            ERR_OK)
			abort();
		s.m = grammar_matcher_create(s.g);
	}
	return &s;
}

static void check_columns(const struct grammar_command *c)
{
	struct buf out = buf_make(1 << 20);
	size_t tabs = 0;

	grammar_print_tsv(c, &out);
	for (size_t i = 0; i < out.n; i++) {
		tabs += out.p[i] == '\t' ? 1 : 0;
		if (out.p[i] == '\n' || out.p[i] == '\0')
			abort();
	}
	if (tabs != 3 || out.failed)
		abort();
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct grammar_context contexts[] = { { GRAMMAR_NO_CONTEXT, 0 },
		                                           { GRAMMAR_CONFIRM, 0 },
		                                           { GRAMMAR_MENU, 5 } };
	const struct str text = { (const char *)data, size };
	const struct subject *s = subject();
	struct arena arena = s->arena;

	for (size_t i = 0; i < 3; i++) {
		struct grammar_command c;

		arena_reset(&arena);
		grammar_match(s->g, s->m, text, contexts[i], 1774000000, &arena, &c);
		check_columns(&c);
	}
	arena_free(&arena);
	return 0;
}
