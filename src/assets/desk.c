/*
 * desk.c - reads the files of hall/desk.h from the grammar folder; one that is not
 * there says nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "assets_priv.h"
#include "base/alloc.h"
#include "conf/strings.h"

enum {
	DESK_PATH = 4096,
	SHOPS_OCTETS = 1 << 20,
	DESK_FILES = 5
};

struct source {
	char path[DESK_PATH];
	struct conf_strings strings;
	struct reply_text *text;
};

static enum err read_strings(const char *folder, const char *name, struct source *s,
                             struct reply_file *out, struct fault *fault)
{
	enum err e;

	(void)snprintf(s->path, sizeof(s->path), "%s/%s", folder, name);
	out->path = s->path;
	if (access(s->path, F_OK) != 0)
		return ERR_OK;
	e = conf_strings_load(s->path, &s->strings, fault);
	if (e != ERR_OK)
		return e;
	s->text = xcalloc(s->strings.n + 1, sizeof(*s->text));
	for (size_t i = 0; i < s->strings.n; i++)
		s->text[i] = (struct reply_text){ s->strings.string[i].name,
			                          s->strings.string[i].text,
			                          s->strings.string[i].line };
	out->text = s->text;
	out->n = s->strings.n;
	return ERR_OK;
}

static enum err read_shops(const char *path, struct buf *text, struct fault *fault)
{
	FILE *f = fopen(path, "re");
	char *room;
	bool whole;

	if (f == NULL)
		return ERR_OK;
	room = buf_room(text, SHOPS_OCTETS);
	text->n += fread(room, 1, SHOPS_OCTETS, f);
	whole = ferror(f) == 0 && fgetc(f) == EOF;
	(void)fclose(f);
	if (whole)
		return ERR_OK;
	fault_set(fault, "%s: cannot be read, or is longer than %d octets", path,
	          SHOPS_OCTETS);
	return ERR_IO;
}

enum err assets_load_desk(const char *folder, const struct fold *fold, struct arena *a,
                          struct desk *out, struct fault *fault)
{
	struct desk_files files = { .shops_path = "" };
	const struct {
		const char *name;
		struct reply_file *file;
	} wanted[DESK_FILES] = { { "errands.conf", &files.errands },
		                 { "desk.conf", &files.rules },
		                 { "faq.zh-Hans.conf", &files.questions[LANG_ZH_HANS] },
		                 { "faq.zh-Hant.conf", &files.questions[LANG_ZH_HANT] },
		                 { "faq.en.conf", &files.questions[LANG_EN] } };
	struct source *source = xcalloc(DESK_FILES, sizeof(*source));
	struct buf shops = buf_make(SHOPS_OCTETS);
	char path[DESK_PATH];
	enum err e = ERR_OK;

	for (size_t i = 0; i < DESK_FILES && e == ERR_OK; i++)
		e = read_strings(folder, wanted[i].name, &source[i], wanted[i].file,
		                 fault);
	(void)snprintf(path, sizeof(path), "%s/stores.tsv", folder);
	if (e == ERR_OK)
		e = read_shops(path, &shops, fault);
	files.shops_path = path;
	files.shops = buf_str(&shops);
	if (e == ERR_OK)
		e = desk_make(&files, fold, a, out, fault);
	for (size_t i = 0; i < DESK_FILES; i++) {
		free(source[i].text);
		conf_strings_free(&source[i].strings);
	}
	buf_free(&shops);
	free(source);
	return e;
}
