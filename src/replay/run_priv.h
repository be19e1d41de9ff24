/*
 * run_priv.h - what the files that run one story share.
 *
 * run.c     the steps in order, messages against expectations
 * input.c   a text of a story as an input of a turn
 * expect.c  [rows]
 * bless.c   the file with expectations as they turned out
 */
#ifndef REPLAY_RUN_PRIV_H
#define REPLAY_RUN_PRIV_H

#include "replay/replay.h"
#include "replay/story.h"
#include "world_priv.h"

/* A text that has come in. */
struct text {
	const struct story_item *item;
	struct turn_input in;
	int64_t status; /* expected */
	int ack_line;   /* of "ack", 0 without one */
};

/* A change of the story's file: the line replaced, taken out, or followed by another. */
enum edit_kind {
	EDIT_REPLACE,
	EDIT_DELETE,
	EDIT_INSERT
};
struct edit {
	enum edit_kind kind;
	int line;
	struct str text;
};

/* Campaign 12 writes from 106900860012. */
#define RUN_ROUTE "10690086"

struct run {
	const struct replay_conf *conf;
	const struct story *story;
	struct arena *arena;
	struct buf *out; /* for people */
	struct world world;
	struct pattern_vars vars;
	unsigned failures;
	SET_OF(struct edit) edits; /* by line, ascending */
	SET_OF(struct text) texts; /* of the whole story */
	size_t block;  /* first text of the block, which expectations follow */
	size_t unread; /* first text that no turn has taken yet */
	SET_OF(struct outbox_row) got; /* messages of the block */
	size_t taken;                  /* of got, by expectations */
	bool bare;                     /* the block has texts and no expectation so far */
	int last_line;                 /* of the block */
};

/* Counts a failure and prints its place and words. */
void run_fail(struct run *r, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Runs the story of r, whose world is open; failures are counted and printed. */
void run_story(struct run *r);

/* Makes the input of a text item; the fault has no place yet. */
MUST_CHECK enum err input_make(struct run *r, const struct story_item *item,
                               struct turn_input *out, struct fault *fault);

/* Compares one line of [rows] with the store; the fault has no place yet. */
MUST_CHECK enum err expect_rows(struct run *r, const struct story_item *item,
                                struct fault *fault);

/* Writes the story's file anew with r->edits; whole or not at all. */
MUST_CHECK enum err bless_file(const struct run *r, struct fault *fault);

#endif
