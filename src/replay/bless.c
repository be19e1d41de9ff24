/*
 * bless.c - the story's file with expectations as they turned out.
 *
 * Every line without an edit stays octet for octet, comments and blanks too.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "run_priv.h"

/* One line of the file, with its newline. */
static struct str take_line(struct str *rest)
{
	const char *end = memchr(rest->p, '\n', rest->n);
	const size_t n = end != NULL ? (size_t)(end - rest->p) + 1 : rest->n;
	const struct str line = { rest->p, n };

	*rest = (struct str){ rest->p + n, rest->n - n };
	return line;
}

static void put_line(struct str line, FILE *f)
{
	(void)fprintf(f, "%.*s\n", STR_ARG(line));
}

static void write_edited(const struct run *r, FILE *f)
{
	struct str rest = r->story->content;
	size_t next = 0;

	for (int number = 1; rest.n > 0; number++) {
		const struct str line = take_line(&rest);
		bool keep = true;

		for (size_t i = next; i < r->edits.n && r->edits.row[i].line == number;
		     i++)
			keep = keep && r->edits.row[i].kind == EDIT_INSERT;
		if (keep)
			(void)fwrite(line.p, 1, line.n, f);
		if (keep && line.p[line.n - 1] != '\n')
			(void)fputc('\n', f);
		for (; next < r->edits.n && r->edits.row[next].line == number; next++) {
			if (r->edits.row[next].kind != EDIT_DELETE)
				put_line(r->edits.row[next].text, f);
		}
	}
}

enum err bless_file(const struct run *r, struct fault *fault)
{
	const char *temporary = arena_printf(r->arena, "%s.new", r->story->path).p;
	FILE *f = fopen(temporary, "wbe");
	bool failed;

	if (f != NULL) {
		write_edited(r, f);
		failed = ferror(f) != 0;
		failed = fclose(f) != 0 || failed;
		if (!failed && rename(temporary, r->story->path) == 0)
			return ERR_OK;
		(void)unlink(temporary);
	}
	fault_set(fault, "%s: cannot be written: %s", r->story->path, strerror(errno));
	return ERR_IO;
}
