/*
 * scratch.h - a folder for one grammar file, t.gram, and the fold that it is loaded with.
 */
#ifndef TESTS_GRAMMAR_SCRATCH_H
#define TESTS_GRAMMAR_SCRATCH_H

#include <unistd.h>

#include "unit/grammar/hall.h"

static char folder[] = "/tmp/test_grammar.XXXXXX";

static inline const char *scratch_path(void)
{
	static char path[64];

	(void)snprintf(path, sizeof(path), "%s/t.gram", folder);
	return path;
}

static inline void scratch_open(void)
{
	struct fault fault = { "" };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	ck_assert_int_eq(fold_create("grammar/fold.tsv", &hall.fold, &fault), ERR_OK);
}

static inline void scratch_close(void)
{
	(void)unlink(scratch_path());
	(void)rmdir(folder);
	fold_destroy(hall.fold);
}

/* Loads the text as t.gram; the report goes to out.  *g only when it was taken. */
static inline enum err scratch_load(struct str text, struct grammar **g, struct buf *out)
{
	struct fault fault = { "" };
	FILE *f = fopen(scratch_path(), "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text.p, 1, text.n, f), text.n);
	ck_assert_int_eq(fclose(f), 0);
	return grammar_load(scratch_path(), hall.fold, 1774000000, g, out, &fault);
}

#endif
