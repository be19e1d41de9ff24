/*
 * tags.c - tags.conf, from a file of named texts to rules; see store/tags.h.
 *
 * libconfig tells the line of a setting and joins strings that follow each other, so the
 * file is looked through once more: a fault names the line and column in the file.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "assets_priv.h"
#include "conf/strings.h"

enum {
	TAGS_PATH = 4096,
	TAGS_FILE = 1 << 20,
	TAGS_ARENA = 4 * 1024 * 1024,
	DAYS_MOST = 3650,
	SCORE_MOST = 1000000
};

struct reading {
	const char *path;
	struct str text; /* of the file */
	struct arena arena;
	struct tag_def def[TAGS_MAX];
	int line[TAGS_MAX];     /* of the group's first text */
	unsigned has[TAGS_MAX]; /* bits of what was said */
	size_t n;
	struct fault *fault;
};

/* ---- places ---- */

struct scan {
	struct str text;
	size_t at;
	int line, column;
};

static void step(struct scan *s)
{
	const char c = s->text.p[s->at++];

	if (c == '\n') {
		s->line++;
		s->column = 1;
	} else if (((unsigned char)c & 0xc0) != 0x80) {
		s->column++;
	}
}

static bool at_end(const struct scan *s)
{
	return s->at >= s->text.n;
}

static char here(const struct scan *s)
{
	if (at_end(s))
		return '\0';
	return s->text.p[s->at];
}

static void skip_string(struct scan *s)
{
	step(s);
	while (!at_end(s) && here(s) != '"') {
		if (here(s) == '\\')
			step(s);
		if (!at_end(s))
			step(s);
	}
	if (!at_end(s))
		step(s);
}

static void skip_line(struct scan *s)
{
	while (!at_end(s) && here(s) != '\n')
		step(s);
}

/* Blanks and comments of a line. */
static void skip_blanks(struct scan *s)
{
	while (!at_end(s) && strchr(" \t\r\n#", here(s)) != NULL) {
		if (here(s) == '#')
			skip_line(s);
		else
			step(s);
	}
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_';
}

/* To the first string of the setting key that begins on this line, or later. */
static bool find_value(struct scan *s, struct str key)
{
	while (!at_end(s)) {
		size_t n = 0;

		while (s->at + n < s->text.n && is_word(s->text.p[s->at + n]))
			n++;
		if (n == key.n && memcmp(s->text.p + s->at, key.p, n) == 0) {
			while (!at_end(s) && here(s) != '"')
				step(s);
			return !at_end(s);
		}
		if (here(s) == '"')
			skip_string(s);
		else if (here(s) == '#')
			skip_line(s);
		else
			for (size_t i = 0; i < (n > 0 ? n : 1); i++)
				step(s);
	}
	return false;
}

/* The strings that follow each other; a new place behind each quote and escape. */
static size_t read_places(struct scan *s, struct tag_place *place)
{
	size_t n = 0, octets = 0;

	while (here(s) == '"' && n < TAG_PLACES_MAX) {
		step(s);
		place[n++] = (struct tag_place){ octets, s->line, s->column };
		while (!at_end(s) && here(s) != '"') {
			const bool escaped = here(s) == '\\';

			if (escaped)
				step(s);
			if (!at_end(s))
				step(s);
			octets++;
			if (escaped && n < TAG_PLACES_MAX)
				place[n++] = (struct tag_place){ octets, s->line,
					                         s->column };
		}
		if (!at_end(s))
			step(s);
		skip_blanks(s);
	}
	return n;
}

static void find_places(struct reading *g, struct tag_def *d, struct str key, int line)
{
	struct scan s = { .text = g->text, .line = 1, .column = 1 };
	struct tag_place place[TAG_PLACES_MAX], *kept;

	while (!at_end(&s) && s.line < line)
		step(&s);
	if (!find_value(&s, key))
		return;
	d->n_places = read_places(&s, place);
	kept = arena_array(&g->arena, struct tag_place, TAG_PLACES_MAX);
	memcpy(kept, place, sizeof(place));
	d->place = kept;
}

/* ---- fields ---- */

static enum err wrong(struct reading *g, int line, const char *what)
{
	fault_set(g->fault, "%s:%d: %s", g->path, line, what);
	return ERR_SYNTAX;
}

static bool read_level(struct str text, enum tag_level *out)
{
	for (int l = 0; l < TAG_LEVELS; l++) {
		if (str_eq(text, str_of(tag_level_name((enum tag_level)l)))) {
			*out = (enum tag_level)l;
			return true;
		}
	}
	return false;
}

static bool read_number(struct str text, int64_t most, int64_t *out)
{
	return str_i64(text, out) == ERR_OK && *out >= 0 && *out <= most;
}

enum field {
	LEVEL,
	ZH,
	HANT,
	EN,
	RULE,
	SCORE,
	FROM,
	LIVES,
	FIELDS
};
static const char *const fields[FIELDS] = { "level", "zh",    "hant", "en",
	                                    "rule",  "score", "from", "lives" };

static enum err set_rule(struct reading *g, struct tag_def *d, enum field f,
                         const struct conf_string *s)
{
	if (d->rule.p != NULL)
		return wrong(g, s->line, "a tag has either a rule or a score");
	d->rule = s->text;
	d->is_score = f == SCORE;
	find_places(g, d, str_of(fields[f]), s->line);
	return ERR_OK;
}

static enum err set_field(struct reading *g, struct tag_def *d, enum field f,
                          const struct conf_string *s)
{
	switch (f) {
	case LEVEL:
		return read_level(s->text, &d->level)
		               ? ERR_OK
		               : wrong(g, s->line,
		                       "level: expected basic, applied or portrait");
	case ZH:
		d->zh = s->text;
		return ERR_OK;
	case HANT:
		d->hant = s->text;
		return ERR_OK;
	case EN:
		d->en = s->text;
		return ERR_OK;
	case FROM:
		return read_number(s->text, SCORE_MOST, &d->from)
		               ? ERR_OK
		               : wrong(g, s->line, "from: expected a number such as 50");
	case LIVES:
		return read_number(s->text, DAYS_MOST, &d->days)
		               ? ERR_OK
		               : wrong(g, s->line, "lives: expected days, 0 to 3650");
	case RULE:
	case SCORE:
	case FIELDS:
	default:
		return set_rule(g, d, f, s);
	}
}

static enum field field_named(struct str name)
{
	int f = 0;

	while (f < FIELDS && !str_eq(name, str_of(fields[f])))
		f++;
	return (enum field)f;
}

/* Texts of a group are neighbours. */
static enum err add(struct reading *g, const struct conf_string *s)
{
	struct str key = s->name, name;
	enum field f;

	if (!str_cut(&key, '.', &name) || key.n == 0)
		return wrong(g, s->line, "expected a group for each tag");
	if (g->n == 0 || !str_eq(g->def[g->n - 1].name, name)) {
		if (g->n == TAGS_MAX)
			return wrong(g, s->line, "more than 48 tags");
		g->line[g->n] = s->line;
		g->def[g->n++] = (struct tag_def){ .name = name };
	}
	f = field_named(key);
	if (f == FIELDS)
		return wrong(g, s->line,
		             "expected level, zh, hant, en, rule, score, from or lives");
	g->has[g->n - 1] |= 1U << f;
	return set_field(g, &g->def[g->n - 1], f, s);
}

/* Where hant is not given it is zh, as in tools.conf. */
static enum err check_whole(struct reading *g, size_t i)
{
	static const enum field wanted[] = { LEVEL, ZH, EN, LIVES };
	struct tag_def *d = &g->def[i];

	for (size_t k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++) {
		if ((g->has[i] >> wanted[k] & 1) == 0) {
			fault_set(g->fault, "%s:%d: tag %.*s: %s is missing", g->path,
			          g->line[i], STR_ARG(d->name), fields[wanted[k]]);
			return ERR_SYNTAX;
		}
	}
	if (d->hant.n == 0)
		d->hant = d->zh;
	if (d->rule.p == NULL)
		return wrong(g, g->line[i], "a tag needs a rule or a score");
	if (d->is_score != ((g->has[i] >> FROM & 1) != 0))
		return wrong(g, g->line[i], "a score, and only a score, has from");
	return ERR_OK;
}

/* ---- the file ---- */

static enum err read_text(const char *path, struct buf *out, struct fault *fault)
{
	FILE *f = fopen(path, "re");
	char *room;

	if (f == NULL) {
		fault_set(fault, "%s: cannot be opened: %s", path, strerror(errno));
		return ERR_NOT_FOUND;
	}
	room = buf_room(out, TAGS_FILE);
	out->n += fread(room, 1, TAGS_FILE, f);
	(void)fclose(f);
	return ERR_OK;
}

static enum err read_defs(struct reading *g, const struct conf_strings *file)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < file->n && e == ERR_OK; i++)
		e = add(g, &file->string[i]);
	for (size_t i = 0; i < g->n && e == ERR_OK; i++)
		e = check_whole(g, i);
	return e;
}

enum err assets_load_tags(const char *path, const struct policy *policy,
                          struct tag_rules **out, struct fault *fault)
{
	struct reading g = { .path = path,
		             .arena = arena_make(TAGS_ARENA),
		             .fault = fault };
	struct buf text = buf_make(TAGS_FILE);
	struct conf_strings file = { 0 };
	enum err e;

	if (access(path, F_OK) != 0) /* a folder without it has no tags */
		return tag_rules_make(path, NULL, 0, policy, out, fault);
	e = conf_strings_load(path, &file, fault);
	if (e == ERR_OK)
		e = read_text(path, &text, fault);
	g.text = buf_str(&text);
	if (e == ERR_OK)
		e = read_defs(&g, &file);
	if (e == ERR_OK)
		e = tag_rules_make(path, g.def, g.n, policy, out, fault);
	conf_strings_free(&file);
	buf_free(&text);
	arena_free(&g.arena);
	return e;
}

enum err assets_check_tags(const char *folder, struct fault *fault)
{
	struct tag_rules *rules = NULL;
	char path[TAGS_PATH];
	enum err e;

	(void)snprintf(path, sizeof(path), "%s/tags.conf", folder);
	e = assets_load_tags(path, NULL, &rules, fault);
	if (e == ERR_OK)
		tag_rules_free(rules);
	return e;
}
