/*
 * assets.c - see assets/assets.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "assets_priv.h"
#include "base/alloc.h"
#include "conf/strings.h"

enum {
	ASSETS_PATH = 4096,
	TERMS_FILE = 256 * 1024, /* octets of terms.tsv */
	TERMS_ARENA = 16 * 1024 * 1024
};

struct reply_source {
	char path[ASSETS_PATH];
	struct conf_strings strings;
	struct reply_text *text;
};

static enum err read_replies(const char *folder, enum language language,
                             struct reply_source *source, struct reply_file *file,
                             struct fault *fault)
{
	enum err e;

	(void)snprintf(source->path, sizeof(source->path), "%s/replies.%s.conf", folder,
	               language_name(language));
	e = conf_strings_load(source->path, &source->strings, fault);
	if (e != ERR_OK)
		return e;
	source->text = xcalloc(source->strings.n, sizeof(*source->text));
	for (size_t i = 0; i < source->strings.n; i++)
		source->text[i] = (struct reply_text){ source->strings.string[i].name,
			                               source->strings.string[i].text,
			                               source->strings.string[i].line };
	*file = (struct reply_file){ source->path, language, source->text,
		                     source->strings.n };
	return ERR_OK;
}

static enum err load_replies(const char *folder, struct replies **out,
                             struct fault *fault)
{
	struct reply_source *source = xcalloc(LANG_COUNT, sizeof(*source));
	struct reply_file file[LANG_COUNT];
	enum err e = ERR_OK;

	for (int l = 0; l < LANG_COUNT && e == ERR_OK; l++)
		e = read_replies(folder, (enum language)l, &source[l], &file[l], fault);
	if (e == ERR_OK)
		e = replies_create(file, out, fault);
	for (int l = 0; l < LANG_COUNT; l++) {
		free(source[l].text);
		conf_strings_free(&source[l].strings);
	}
	free(source);
	return e;
}

enum language assets_language(struct str name)
{
	for (int l = 0; l < LANG_COUNT; l++) {
		if (str_eq(name, str_of(language_name((enum language)l))))
			return (enum language)l;
	}
	return LANG_ZH_HANS;
}

/* What differs between the two ways to load: whether the grammar is judged. */
struct judging {
	bool judged;
	struct buf *report;
};

static enum err load_grammar(struct assets *a, const char *folder, int64_t now,
                             struct judging how, struct fault *fault)
{
	char overlay[ASSETS_PATH];
	enum err e;

	(void)snprintf(overlay, sizeof(overlay), "%s/fold.tsv", folder);
	e = fold_create(access(overlay, R_OK) == 0 ? overlay : NULL, &a->fold, fault);
	if (e != ERR_OK)
		return e;
	return how.judged
	               ? grammar_load(folder, a->fold, now, &a->grammar, how.report,
	                              fault)
	               : grammar_load_unjudged(folder, a->fold, now, &a->grammar, fault);
}

/* A folder without terms.tsv has none. */
static enum err load_terms(struct assets *a, const char *folder, struct fault *fault)
{
	char path[ASSETS_PATH];
	struct buf text = buf_make(TERMS_FILE);
	FILE *f;
	enum err e = ERR_OK;
	char *room;

	(void)snprintf(path, sizeof(path), "%s/terms.tsv", folder);
	f = fopen(path, "r");
	if (f == NULL)
		return ERR_OK;
	room = buf_room(&text, TERMS_FILE);
	text.n += fread(room, 1, TERMS_FILE, f);
	if (ferror(f) != 0 || fgetc(f) != EOF) {
		fault_set(fault, "%s: cannot be read, or is longer than %d octets", path,
		          TERMS_FILE);
		e = ERR_IO;
	}
	(void)fclose(f);
	if (e == ERR_OK)
		e = terms_parse(path, buf_str(&text), &a->arena, &a->terms, fault);
	buf_free(&text);
	return e;
}

static enum err load(const char *folder, const struct hall_conf *hall, int64_t now,
                     struct judging how, struct assets **out, struct fault *fault)
{
	struct assets *a = xcalloc(1, sizeof(*a));
	struct hall_conf conf = *hall;
	enum err e = load_grammar(a, folder, now, how, fault);

	a->arena = arena_make(TERMS_ARENA);
	conf.terms = &a->terms;
	conf.tools = &a->tools;
	conf.desk = &a->desk;
	conf.policy = &a->policy;
	conf.groups = &a->groups;
	if (e == ERR_OK)
		e = load_replies(folder, &a->replies, fault);
	if (e == ERR_OK)
		e = load_terms(a, folder, fault);
	if (e == ERR_OK)
		e = assets_load_tools(a, folder, fault);
	if (e == ERR_OK)
		e = assets_check_tags(folder, fault);
	if (e == ERR_OK)
		e = assets_read_limits(folder, &a->arena, &a->policy, fault);
	if (e == ERR_OK)
		e = assets_load_groups(a, folder, fault);
	if (e == ERR_OK)
		e = assets_load_push(a, folder, fault);
	if (e == ERR_OK)
		e = assets_load_desk(folder, a->fold, &a->arena, &a->desk, fault);
	if (e != ERR_OK) {
		assets_destroy(a);
		return e;
	}
	a->hall = hall_create(&conf, a->grammar, a->replies);
	*out = a;
	return ERR_OK;
}

enum err assets_load(const char *folder, const struct hall_conf *hall, int64_t now,
                     struct assets **out, struct buf *report, struct fault *fault)
{
	return load(folder, hall, now, (struct judging){ true, report }, out, fault);
}

enum err assets_load_unjudged(const char *folder, const struct hall_conf *hall,
                              int64_t now, struct assets **out, struct fault *fault)
{
	return load(folder, hall, now, (struct judging){ false, NULL }, out, fault);
}

void assets_destroy(struct assets *a)
{
	if (a == NULL)
		return;
	hall_destroy(a->hall);
	replies_destroy(a->replies);
	grammar_destroy(a->grammar);
	fold_destroy(a->fold);
	arena_free(&a->arena);
	free(a);
}
