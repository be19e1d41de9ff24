/*
 * source.c - .gram files as lines: keyword, rest, place.
 *
 * A '#' begins a comment at the start of a line or behind a blank, outside
 * quotes.  Two blanks in front make a line a member of the one above.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "build.h"

enum err source_file(struct arena *a, const char *path, struct str *out)
{
	FILE *f = fopen(path, "re");
	enum err e = ERR_OK;
	char *p;
	size_t n;

	if (f == NULL)
		return ERR_NOT_FOUND;
	p = xmalloc(MAX_FILE + 1);
	n = fread(p, 1, MAX_FILE + 1, f);
	if (ferror(f) != 0)
		e = ERR_IO;
	else if (n > MAX_FILE)
		e = ERR_TOO_BIG;
	(void)fclose(f);
	if (e == ERR_OK)
		*out = arena_str(a, (struct str){ p, n });
	free(p);
	return e;
}

static struct str without_comment(struct str s)
{
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			quoted = !quoted;
		if (s.p[i] == '#' && !quoted &&
		    (i == 0 || s.p[i - 1] == ' ' || s.p[i - 1] == '\t'))
			s.n = i;
	}
	return s;
}

bool source_word(struct str *rest, struct str *word)
{
	struct str s = str_trim(*rest);
	size_t n = 0;

	if (s.n == 0)
		return false;
	if (s.p[0] == '"') {
		for (n = 1; n < s.n && s.p[n] != '"'; n++)
			;
		*word = (struct str){ s.p + 1, n - 1 };
		n += n < s.n ? 1 : 0;
	} else {
		while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t')
			n++;
		*word = (struct str){ s.p, n };
	}
	*rest = (struct str){ s.p + n, s.n - n };
	return true;
}

static void add_line(struct build *b, const char *file, unsigned no, struct str text)
{
	const bool member = str_starts(text, STR("  ")) || str_starts(text, STR("\t"));
	struct str rest = str_trim(without_comment(text)), key;
	struct line *l;

	if (!source_word(&rest, &key))
		return;
	l = arena_new(&b->g->arena, struct line);
	*l = (struct line){ file, no, member, key, str_trim(rest) };
	if (b->n_lines < MAX_LINES)
		b->line[b->n_lines++] = l;
	else
		complain(b, l, "at most %d lines are read", MAX_LINES);
}

static enum err read_one(struct build *b, const char *path)
{
	const char *slash = strrchr(path, '/');
	const struct str name = str_of(slash != NULL ? slash + 1 : path);
	const char *file = arena_str(&b->g->arena, name).p;
	struct line at = { .file = file, .no = 1 };
	struct str text, line;
	enum err e = source_file(&b->g->arena, path, &text);

	if (e != ERR_OK) {
		complain(b, &at, "%s: %s", path, err_text(e));
		return e;
	}
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = (struct str){ text.p + 3, text.n - 3 };
	for (unsigned no = 1; str_cut(&text, '\n', &line); no++)
		add_line(b, file, no, line);
	return ERR_OK;
}

static int is_gram(const struct dirent *d)
{
	const size_t n = strlen(d->d_name);

	return n > 5 && d->d_name[0] != '.' && strcmp(d->d_name + n - 5, ".gram") == 0;
}

static enum err read_folder(struct build *b, const char *path)
{
	struct dirent **found = NULL;
	const int n = scandir(path, &found, is_gram, alphasort);
	enum err e = n > 0 && n <= MAX_FILES ? ERR_OK : ERR_NOT_FOUND;

	for (int i = 0; i < n; i++) {
		if (e == ERR_OK)
			e = read_one(b, arena_printf(&b->g->arena, "%s/%s", path,
			                             found[i]->d_name)
			                        .p);
		free(found[i]);
	}
	free(found);
	if (n <= 0 || n > MAX_FILES)
		fault_set(b->fault, "%s: expected 1 to %d .gram files in this folder",
		          path, MAX_FILES);
	return e;
}

enum err source_read(struct build *b, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat st;

	b->line = arena_array(&b->g->arena, const struct line *, MAX_LINES);
	if (stat(path, &st) != 0) {
		fault_set(b->fault, "%s: %s; give a .gram file or a folder of them", path,
		          strerror(errno));
		return ERR_NOT_FOUND;
	}
	if (S_ISDIR(st.st_mode)) {
		b->dir = arena_printf(&b->g->arena, "%s/", path);
		return read_folder(b, path);
	}
	b->dir = slash != NULL
	                 ? arena_str(&b->g->arena,
	                             (struct str){ path, (size_t)(slash + 1 - path) })
	                 : STR("");
	return read_one(b, path);
}
