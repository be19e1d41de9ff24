/*
 * hall.h - the grammar of this tree, loaded once for a test program, and texts put
 * to it as `grammar parse --tsv` would.
 */
#ifndef UNIT_GRAMMAR_HALL_H
#define UNIT_GRAMMAR_HALL_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "grammar/grammar.h"

struct hall {
	struct fold *fold;
	struct grammar *g;
	struct grammar_matcher *m;
	struct arena arena;
	int64_t now;
	char line[8192]; /* the last answer */
};

static struct hall hall;

static inline int64_t hall_time(const char *text)
{
	int64_t t = 0;

	ck_assert_int_eq(civil_parse_time(str_of(text), &t), ERR_OK);
	return t;
}

static inline void hall_open(void)
{
	struct fault fault = { "" };

	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	ck_assert_int_eq(fold_create("grammar/fold.tsv", &hall.fold, &fault), ERR_OK);
	hall.now = hall_time("2026-03-20 10:00:00");
	ck_assert_msg(grammar_load("grammar", hall.fold, hall.now, &hall.g, NULL,
	                           &fault) == ERR_OK,
	              "%s", fault.text);
	hall.m = grammar_matcher_create(hall.g);
	hall.arena = arena_make(GRAMMAR_ARENA);
}

static inline void hall_close(void)
{
	grammar_matcher_destroy(hall.m);
	grammar_destroy(hall.g);
	fold_destroy(hall.fold);
	arena_free(&hall.arena);
}

static inline struct grammar_command hall_match(struct str text, const char *context)
{
	struct grammar_context c = { GRAMMAR_NO_CONTEXT, 0 };
	struct grammar_command out;

	if (strcmp(context, "confirm") == 0)
		c.kind = GRAMMAR_CONFIRM;
	else if (sscanf(context, "menu:%u", &c.menu_n) == 1)
		c.kind = GRAMMAR_MENU;
	arena_reset(&hall.arena);
	grammar_match(hall.g, hall.m, text, c, hall.now, &hall.arena, &out);
	return out;
}

/* The four columns with '|' between them: "balance.query|{}||read". */
static inline const char *hall_parse(const char *text, const char *context)
{
	const struct grammar_command c = hall_match(str_of(text), context);
	struct buf out = buf_make(sizeof(hall.line) - 1);

	grammar_print_tsv(&c, &out);
	ck_assert(!out.failed);
	memcpy(hall.line, out.p, out.n);
	hall.line[out.n] = '\0';
	for (size_t i = 0; i < out.n; i++)
		if (hall.line[i] == '\t')
			hall.line[i] = '|';
	buf_free(&out);
	return hall.line;
}

/* The same cut behind the slots: "bill.query|{"month":"2026-02"}". */
static inline const char *hall_intent(const char *text, const char *context)
{
	const char *line = hall_parse(text, context);
	const char *first = strchr(line, '|');
	const char *end = first != NULL ? strchr(first + 1, '|') : NULL;

	ck_assert_ptr_nonnull(end);
	hall.line[end - line] = '\0';
	return hall.line;
}

#endif
