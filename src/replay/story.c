/*
 * story.c - see replay/story.h.
 */
#include <errno.h>
#include <stdio.h>

#include "replay/story.h"

enum {
	READ_OCTETS = 16384 /* of a file, at once */
};

struct parser {
	struct arena *arena;
	struct story *story;
	struct fault *fault;
	const struct section *section; /* NULL before the first */
	struct story_csv *csv;         /* of the section, once begun */
	int line;
};

struct section {
	const char *name; /* "clock" */
	enum err (*take)(struct parser *p, struct str line);
};

static enum err expected(struct parser *p, const char *what)
{
	fault_set(p->fault, "%s:%d: expected %s", p->story->path, p->line, what);
	return ERR_SYNTAX;
}

static struct story_item *add_item(struct parser *p, enum story_kind kind,
                                   struct str text)
{
	set_add(p->arena, &p->story->items,
	        (struct story_item){ .kind = kind, .line = p->line, .text = text });
	return &p->story->items.row[p->story->items.n - 1];
}

/* ---- tables ---- */

/* Into what grows: a whole STORY_MAX, cleared for each file, costs more than the story. */
static void read_all(FILE *f, struct buf *out)
{
	size_t n;

	do {
		char *p = buf_room(out, READ_OCTETS);

		n = p != NULL ? fread(p, 1, READ_OCTETS, f) : 0;
		out->n += n;
	} while (n > 0 && out->n <= STORY_MAX);
}

enum err story_load(const char *path, struct arena *a, struct str *content,
                    struct fault *fault)
{
	struct buf all = buf_make(STORY_MAX + 2 * READ_OCTETS);
	FILE *f = fopen(path, "rbe");
	enum err e = ERR_OK;

	if (f == NULL) {
		fault_set(fault, "%s: %s", path, strerror(errno));
		return ERR_NOT_FOUND;
	}
	read_all(f, &all);
	if (all.n > STORY_MAX)
		e = ERR_TOO_BIG;
	else if (ferror(f) != 0)
		e = ERR_IO;
	if (e == ERR_OK)
		*content = arena_str(a, buf_str(&all));
	else
		fault_set(fault, "%s: %s", path,
		          e == ERR_TOO_BIG ? "larger than 1 MiB" : "cannot be read");
	(void)fclose(f);
	buf_free(&all);
	return e;
}

/* A line of the content, without its end; *rest moves on. */
static bool next_line(struct str *rest, struct str *line)
{
	if (rest->n == 0 || !str_cut(rest, '\n', line))
		return false;
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

static void add_csv_line(struct parser *p, struct story_csv *csv, struct str text,
                         int number)
{
	const struct story_line line = { text, number };

	if (csv->header.text.p == NULL)
		csv->header = line;
	else
		set_add(p->arena, &csv->rows, line);
}

static bool is_comment(struct str line)
{
	const struct str s = str_trim(line);

	return s.n == 0 || s.p[0] == '#';
}

static enum err read_csv(struct parser *p, const char *path, struct story_csv *csv)
{
	struct str content, line;
	int number = 0;
	enum err e = story_load(path, p->arena, &content, p->fault);

	if (e != ERR_OK)
		return e;
	csv->path = path;
	while (next_line(&content, &line)) {
		number++;
		if (!is_comment(line))
			add_csv_line(p, csv, line, number);
	}
	return ERR_OK;
}

/* NAME.<section>.csv beside the story, or in the nearest folder above that has it. */
static const char *find_used(struct parser *p, struct str name)
{
	const char *slash = strrchr(p->story->path, '/');
	const char *folder = slash != NULL ? p->story->path : "./";
	const int n = slash != NULL ? (int)(slash - p->story->path + 1) : 2;
	const char *up = "";

	for (int depth = 0; depth < 8; depth++) {
		const struct str path = arena_printf(p->arena, "%.*s%s%.*s.%s.csv", n,
		                                     folder, up, STR_ARG(name),
		                                     p->section->name);
		FILE *f = fopen(path.p, "rbe");

		if (f != NULL) {
			(void)fclose(f);
			return path.p;
		}
		up = arena_printf(p->arena, "../%s", up).p;
	}
	return NULL;
}

static enum err use_csv(struct parser *p, struct str name)
{
	const char *path = find_used(p, name);

	if (path != NULL)
		return read_csv(p, path, p->csv);
	fault_set(p->fault, "%s:%d: no %.*s.%s.csv beside the story or above it",
	          p->story->path, p->line, STR_ARG(name), p->section->name);
	return ERR_NOT_FOUND;
}

static enum err take_csv(struct parser *p, struct str line)
{
	struct story_item *item;

	if (p->csv == NULL) {
		p->csv = arena_new(p->arena, struct story_csv);
		p->csv->path = p->story->path;
		item = add_item(p, STORY_TABLE, line);
		item->csv = p->csv;
		item->table = p->section->name;
		if (str_starts(line, STR("use ")))
			return use_csv(p,
			               str_trim((struct str){ line.p + 4, line.n - 4 }));
	}
	add_csv_line(p, p->csv, line, p->line);
	return ERR_OK;
}

/* ---- the other sections ---- */

static enum err take_clock(struct parser *p, struct str line)
{
	int64_t at;

	if (civil_parse_time(str_trim(line), &at) != ERR_OK)
		return expected(p, "a time such as 2026-10-20 10:31:00");
	add_item(p, STORY_CLOCK, line)->value = at;
	return ERR_OK;
}

static enum err take_terms(struct parser *p, struct str line)
{
	struct str terms = str_trim(line), code;

	if (!str_cut(&terms, ' ', &code) || terms.n == 0)
		return expected(p, "a code and its terms, such as CL undo=3");
	p->story->terms = arena_printf(p->arena, "%.*s%.*s\t%.*s\n",
	                               STR_ARG(p->story->terms), STR_ARG(code),
	                               STR_ARG(terms));
	return ERR_OK;
}

static enum err take_tool(struct parser *p, struct str line)
{
	struct str text = str_trim(line), name;

	if (!str_cut(&text, ' ', &name) || text.n == 0)
		return expected(p, "a tool and its parameters, such as flash.A fen=100");
	set_add(p->arena, &p->story->tools, (struct tool_text){ name, text, p->line });
	return ERR_OK;
}

static enum err take_option(struct parser *p, struct str line)
{
	struct str value = str_trim(line), name;

	if (!str_cut(&value, ' ', &name) || !str_eq(name, STR("plain_yes_fen")) ||
	    str_i64(value, &p->story->plain_yes_fen) != ERR_OK)
		return expected(p, "plain_yes_fen and a number");
	return ERR_OK;
}

/* "boss 13900000002 approves" */
static enum err take_manager(struct parser *p, struct str line)
{
	struct str rest = str_trim(line), number;
	struct push_manager m = { 0 };

	if (p->story->n_managers == STORY_MANAGERS || !str_cut(&rest, ' ', &m.name) ||
	    !str_cut(&rest, ' ', &number) || str_i64(number, &m.msisdn) != ERR_OK)
		return expected(p, "a manager such as boss 13900000002 approves");
	m.approves = rest.p != NULL && str_eq(rest, STR("approves"));
	p->story->manager[p->story->n_managers++] = m;
	return ERR_OK;
}

static enum err take_row(struct parser *p, struct str line)
{
	if (str_find(line, STR(":")) == SIZE_MAX)
		return expected(p, "a row such as optout: msisdn=13800000001");
	add_item(p, STORY_EXPECT, str_trim(line));
	return ERR_OK;
}

/* "+5s" */
static enum err take_pass(struct parser *p, struct str line)
{
	static const char units[] = "smhd";
	static const int64_t ms[] = { 1000, 60000, 3600000, 86400000 };
	const char last = line.p[line.n - 1];
	const char *unit = strchr(units, last);
	int64_t n;

	if (last == '\0' || unit == NULL ||
	    str_i64((struct str){ line.p + 1, line.n - 2 }, &n) != ERR_OK || n < 0 ||
	    n > 36500)
		return expected(p, "a duration such as +5s, +10m, +2h or +1d");
	add_item(p, STORY_PASS, line)->value = n * ms[unit - units];
	return ERR_OK;
}

static enum err take_ack(struct parser *p, struct str line)
{
	int64_t status;

	if (story_number(str_trim((struct str){ line.p + 3, line.n - 3 }), &status) !=
	    ERR_OK)
		return expected(p, "a status such as ack 0x14");
	if (p->story->items.n == 0 ||
	    p->story->items.row[p->story->items.n - 1].kind != STORY_TEXT)
		return expected(p, "ack directly behind the text that it answers");
	add_item(p, STORY_ACK, line)->value = status;
	return ERR_OK;
}

/* What stands behind "<" or ">": one blank belongs to the sign, those at the end to nobody. */
static struct str body_of(struct str line, size_t sign)
{
	const size_t from = sign + 1 < line.n && line.p[sign + 1] == ' ' ? sign + 2
	                                                                 : sign + 1;
	struct str body = { line.p + from, line.n - from };

	while (body.n > 0 && (body.p[body.n - 1] == ' ' || body.p[body.n - 1] == '\t'))
		body.n--;
	return body;
}

static enum err check_body(struct parser *p, struct str body)
{
	struct pattern scratch;
	struct fault why = { 0 };
	const enum err e = pattern_compile(body, p->arena, &scratch, &why);

	if (e != ERR_OK)
		fault_set(p->fault, "%s:%d: %s", p->story->path, p->line, why.text);
	return e;
}

static enum err take_message(struct parser *p, struct str line, size_t sign)
{
	const struct str head = str_trim((struct str){ line.p, sign });
	const bool is_reply = line.p[sign] == '<';
	struct story_note note = { .dcs = -1, .times = 1 };
	struct str rest = head, number = { "", 0 };
	struct fault why = { 0 };
	struct story_item *item;
	enum err e;

	if (head.n > 0 && head.p[0] != '[')
		(void)str_cut(&rest, ' ', &number);
	e = rest.p != NULL ? story_parse_notes(rest, &note, &why) : ERR_OK;
	if (e != ERR_OK) {
		fault_set(p->fault, "%s:%d: %s", p->story->path, p->line, why.text);
		return e;
	}
	if (is_reply ? rest.p != NULL && rest.n > 0 : number.n == 0 || number.n > 21)
		return expected(p, is_reply ? "nothing but the receiver before <"
		                            : "a sender of 1 to 20 characters before >");
	item = add_item(p, is_reply ? STORY_REPLY : STORY_TEXT, body_of(line, sign));
	item->number = number;
	item->note = arena_new(p->arena, struct story_note);
	*item->note = note;
	return check_body(p, item->text);
}

static enum err take_script(struct parser *p, struct str line)
{
	const struct str word = str_trim(line);

	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == '<' || line.p[i] == '>')
			return take_message(p, line, i);
	}
	if (word.p[0] == '+')
		return take_pass(p, word);
	if (str_starts(word, STR("ack ")))
		return take_ack(p, word);
	if (str_eq(word, STR("no reply"))) {
		add_item(p, STORY_SILENCE, word);
		return ERR_OK;
	}
	if (str_eq(word, STR("restart"))) {
		add_item(p, STORY_RESTART, word);
		return ERR_OK;
	}
	return expected(p, "NUMBER > text, < reply, no reply, ack 0x14, +5s or restart");
}

static const struct section sections[] = {
	{ "clock", take_clock },       { "packages", take_csv },
	{ "subscribers", take_csv },   { "usage", take_csv },
	{ "bills", take_csv },         { "payments", take_csv },
	{ "details", take_csv },       { "resources", take_csv },
	{ "subscriptions", take_csv }, { "complaints", take_csv },
	{ "groups", take_csv },        { "members", take_csv },
	{ "consents", take_csv },      { "orders", take_csv },
	{ "tasks", take_csv },         { "pins", take_csv },
	{ "reminders", take_csv },     { "preferences", take_csv },
	{ "bonds", take_csv },         { "coupons", take_csv },
	{ "popular", take_csv },       { "campaigns", take_csv },
	{ "targets", take_csv },       { "requests", take_csv },
	{ "deeds", take_csv },         { "script", take_script },
	{ "rows", take_row },          { "terms", take_terms },
	{ "options", take_option },    { "tools", take_tool },
	{ "managers", take_manager },
};

/* "[script]" alone on its line; a note before a text has more behind it. */
static bool is_section(struct str line)
{
	const struct str s = str_trim(line);

	return s.n > 2 && s.p[0] == '[' && str_find(s, STR("]")) == s.n - 1;
}

static enum err begin_section(struct parser *p, struct str line)
{
	const struct str s = str_trim(line);
	const struct str name = { s.p + 1, s.n - 2 };

	p->csv = NULL;
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (str_eq(name, str_of(sections[i].name))) {
			p->section = &sections[i];
			return ERR_OK;
		}
	}
	return expected(p, "[clock], a table such as [subscribers], [script] or [rows]");
}

static enum err take_line(struct parser *p, struct str line)
{
	const struct str label = STR("story:");

	if (is_comment(line))
		return ERR_OK;
	if (is_section(line))
		return begin_section(p, line);
	if (p->section != NULL)
		return p->section->take(p, line);
	if (p->story->title.p != NULL)
		return ERR_OK;
	if (!str_starts(line, label))
		return expected(p, "story: and what the file shows, as the first line");
	p->story->title = str_trim((struct str){ line.p + label.n, line.n - label.n });
	return ERR_OK;
}

enum err story_parse(const char *path, struct str content, struct arena *a,
                     struct story *out, struct fault *fault)
{
	struct parser p = { .arena = a, .story = out, .fault = fault };
	struct str rest = content, line;
	enum err e = ERR_OK;

	*out = (struct story){ .path = path, .content = content };
	while (e == ERR_OK && next_line(&rest, &line)) {
		p.line++;
		e = take_line(&p, line);
	}
	if (e == ERR_OK && out->items.n == 0)
		e = expected(&p, "a [script] section with at least one line");
	return e;
}
